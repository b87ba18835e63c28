/**
 * What verdicts change: how much a detector is believed, and which claims are not shown again for a while. They change no
 * label, no test and no measured figure.
 */

import { compareText } from "#base/order.ts";
import { DAY_MS } from "#base/time.ts";
import { SEVERITIES } from "#contract/finding.ts";
import type { Finding } from "#engine/assess.ts";
import { ratio } from "./counts.ts";
import { claimOf, currentVerdicts, type Verdict } from "./verdict.ts";

export interface FeedbackOptions {
  /** A claim that was called false stays quiet this long; then somebody looks again. */
  readonly suppressionDays: number;
  /**
   * What is believed of a detector before anybody judged it, as so many true and false positives. Ten together: three
   * verdicts move it a little, thirty decide.
   */
  readonly priorTrue: number;
  readonly priorFalse: number;
  /** However many verdicts speak against a detector, its findings keep half of their confidence. */
  readonly factorMin: number;
  /** And a detector that is always right gains no more than this. */
  readonly factorMax: number;
}

export const FEEDBACK_DEFAULTS: FeedbackOptions = {
  suppressionDays: 90,
  priorTrue: 8,
  priorFalse: 2,
  factorMin: 0.5,
  factorMax: 1.1,
};

export interface DetectorRecord {
  readonly truePositives: number;
  readonly falsePositives: number;
  /** Null before the first verdict. */
  readonly precision: number | null;
  /** Wilson score interval of the precision, 95 %; 0 and 1 before the first verdict. */
  readonly interval: { readonly low: number; readonly high: number };
  /** By which the confidence of its findings is multiplied. */
  readonly factor: number;
}

/** How often each detector was right, of those that were judged at all. */
export function recordsOf(
  verdicts: readonly Verdict[],
  options: FeedbackOptions = FEEDBACK_DEFAULTS,
): Map<string, DetectorRecord> {
  const byDetector = Map.groupBy(currentVerdicts(verdicts), ({ detector }) => detector);
  const records = new Map<string, DetectorRecord>();
  for (const detector of [...byDetector.keys()].sort()) {
    const own = byDetector.get(detector) ?? [];
    const truePositives = own.filter(({ verdict }) => verdict === "true_positive").length;
    const falsePositives = own.length - truePositives;
    records.set(detector, {
      truePositives,
      falsePositives,
      precision: ratio(truePositives, own.length),
      interval: wilson(truePositives, own.length),
      factor: factorOf(truePositives, falsePositives, options),
    });
  }
  return records;
}

/** Two-sided 95 % of the normal distribution. */
const Z = 1.959964;

/** Wilson's score interval: honest for few verdicts and near 0 and 1, where the usual one is not. */
export function wilson(hits: number, trials: number): { low: number; high: number } {
  if (trials === 0) return { low: 0, high: 1 };
  const share = hits / trials;
  const spread = (Z * Z) / trials;
  const middle = (share + spread / 2) / (1 + spread);
  const half =
    (Z / (1 + spread)) * Math.sqrt((share * (1 - share)) / trials + spread / (4 * trials));
  // At the ends the exact bound is the end itself, which rounding would miss by a hair.
  return {
    low: hits === 0 ? 0 : Math.max(0, middle - half),
    high: hits === trials ? 1 : Math.min(1, middle + half),
  };
}

/** Mean of the Beta distribution after the verdicts, over its mean before them, within bounds. */
function factorOf(truePositives: number, falsePositives: number, options: FeedbackOptions): number {
  const { priorTrue, priorFalse, factorMin, factorMax } = options;
  const before = priorTrue / (priorTrue + priorFalse);
  const after =
    (priorTrue + truePositives) / (priorTrue + priorFalse + truePositives + falsePositives);
  return Math.min(factorMax, Math.max(factorMin, after / before));
}

export interface Suppression {
  readonly finding: Finding;
  /** The verdict for whose sake it is not shown. */
  readonly because: Verdict;
}

export interface Feedback {
  /** With their confidence as the detector's record has it. */
  readonly shown: readonly Finding[];
  readonly suppressed: readonly Suppression[];
}

/** Applies verdicts to findings as they are shown. The findings given are not touched. */
export function applyFeedback(
  findings: readonly Finding[],
  verdicts: readonly Verdict[],
  now: number,
  options: FeedbackOptions = FEEDBACK_DEFAULTS,
): Feedback {
  const records = recordsOf(verdicts, options);
  const byClaim = Map.groupBy(currentVerdicts(verdicts), ({ claim }) => claim);
  const shown: Finding[] = [];
  const suppressed: Suppression[] = [];
  for (const finding of findings) {
    const because = silencedBy(finding, byClaim.get(claimOf(finding)) ?? [], now, options);
    if (because === null) shown.push(believed(finding, records.get(finding.detector)));
    else suppressed.push({ finding, because });
  }
  return { shown, suppressed };
}

/**
 * The false positive that keeps a finding quiet: the same claim about the same subject, not too long ago. A worse severity
 * breaks through, and so does everything once the claim was true, after the false one or at the same time.
 */
function silencedBy(
  finding: Finding,
  verdicts: readonly Verdict[],
  now: number,
  { suppressionDays }: FeedbackOptions,
): Verdict | null {
  const given = verdicts.filter(({ at }) => at <= now);
  const lastTrue = Math.max(
    Number.NEGATIVE_INFINITY,
    ...given.flatMap(({ verdict, at }) => (verdict === "true_positive" ? [at] : [])),
  );
  const holding = given.filter(
    ({ verdict, at, severity }) =>
      verdict === "false_positive" &&
      at > lastTrue &&
      now - at < suppressionDays * DAY_MS &&
      SEVERITIES.indexOf(finding.severity) <= SEVERITIES.indexOf(severity),
  );
  const [latest] = holding.sort((a, b) => b.at - a.at || compareText(a.findingId, b.findingId));
  return latest ?? null;
}

function believed(finding: Finding, record: DetectorRecord | undefined): Finding {
  if (record === undefined) return finding;
  const confidence = Math.min(1, finding.confidence * record.factor);
  return { ...finding, confidence: Math.round(confidence * 100) / 100 };
}
