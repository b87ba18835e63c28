/** What analysts say about findings: the ground truth of a running installation. */

import { digest } from "#base/hash.ts";
import { compareText } from "#base/order.ts";
import type { Severity } from "#contract/finding.ts";
import type { Finding } from "#engine/assess.ts";

export interface Verdict {
  readonly findingId: string;
  readonly detector: string;
  /** Whom the finding is about, by `subjectOf`. */
  readonly subject: string;
  /** What it claims about the subject, by `claimOf`. */
  readonly claim: string;
  /** How bad the finding was when it was judged. */
  readonly severity: Severity;
  readonly verdict: "true_positive" | "false_positive";
  /** Epoch milliseconds. */
  readonly at: number;
  readonly by: string;
}

/** A verdict on a finding, with all that is needed to know its like again. */
export function verdictOn(finding: Finding, said: Pick<Verdict, "verdict" | "at" | "by">): Verdict {
  return {
    findingId: finding.id,
    detector: finding.detector,
    subject: subjectOf(finding),
    claim: claimOf(finding),
    severity: finding.severity,
    ...said,
  };
}

export function subjectOf({ platform, automationId, principal }: Finding): string {
  return automationId ?? `${platform}:${principal ?? ""}`;
}

/**
 * The kind of claim, without its window: the same detector saying the same thing about the same subject on another day has
 * the same claim. Another thing that the detector says, or another subject, is another claim.
 */
export function claimOf(finding: Finding): string {
  const { detector, title, attackType, techniques } = finding;
  return digest(
    [detector, subjectOf(finding), title, attackType, [...techniques].sort().join(" ")],
    16,
  );
}

/**
 * The verdict that holds for each finding: the latest. Of two in one millisecond the true positive wins, because silence
 * is the costlier mistake. The order in which verdicts are given says nothing.
 */
export function currentVerdicts(verdicts: readonly Verdict[]): Verdict[] {
  const held = new Map<string, Verdict>();
  for (const verdict of verdicts) {
    const before = held.get(verdict.findingId);
    if (before === undefined || isLater(verdict, before)) held.set(verdict.findingId, verdict);
  }
  return [...held.values()].sort((a, b) => compareText(a.findingId, b.findingId));
}

function isLater(a: Verdict, b: Verdict): boolean {
  if (a.at !== b.at) return a.at > b.at;
  if (a.verdict !== b.verdict) return a.verdict === "true_positive";
  // Nothing follows from who said it, but the answer must not depend on the order.
  return a.by > b.by;
}
