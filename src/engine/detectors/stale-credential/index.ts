/** Finds secrets, keys and tokens that are too old, live too long, end soon, or that nobody uses any more. */

import { DAY_MS } from "#base/time.ts";
import type { Credential } from "#contract/automation.ts";
import type { Severity } from "#contract/finding.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import {
  counted,
  isAtLeastTier,
  nameOf,
  type Reason,
  severityAt,
} from "#engine/detectors/trust.ts";

const options = {
  /** Every vendor advises to renew keys at least once a year. */
  oldDays: 365,
  /** After three years nobody knows any more where copies of it lie. */
  ancientDays: 3 * 365,
  /** Entra suggests half a year and allows two; what is set to last longer was set by hand. */
  lifetimeDaysMax: 2 * 365 + 2,
  /** A quarter without use: whatever it was for is over. */
  idleDays: 90,
  /** Long enough to plan the change. */
  endsWithinDays: 14,
  /** Old, idle and long-lived have 2 points each, very old 3, soon to end 1, strong reach 1. */
  severities: { info: 1, low: 2, medium: 5 },
  /** An old key is a fact; that somebody misuses it is not. */
  confidence: 0.45,
};
type Options = typeof options;

export const staleCredential = defineDetector({
  id: "stale-credential",
  title: "Credential too old, too long-lived or unused",
  techniques: ["T20"],
  attackType: "credential_theft",
  severity: "low",
  platforms: "all",
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    const { automation } = view;
    // The platform vendor renews its own.
    if (automation === null || automation.isFirstParty || automation.isEnabled === false) return [];
    const judged = automation.credentials.flatMap((credential) => {
      const reasons = reasonsOf(credential, automation.credentials, view.now, limits);
      return reasons.length === 0 ? [] : [{ credential, reasons }];
    });
    return judged.length === 0 ? [] : claim(view, judged, limits);
  },
});

interface Judged {
  readonly credential: Credential;
  readonly reasons: readonly Reason[];
}

/** Nothing is said of what has ended: it opens nothing any more. */
function reasonsOf(
  credential: Credential,
  all: readonly Credential[],
  now: number,
  limits: Options,
): Reason[] {
  const { createdAt, expiresAt, lastUsedAt, kind } = credential;
  if (expiresAt !== null && expiresAt <= now) return [];
  const reasons: Reason[] = [];
  const ageDays = createdAt === null ? 0 : daysBetween(createdAt, now);
  if (ageDays > limits.oldDays) {
    const points = ageDays > limits.ancientDays ? 3 : 2;
    reasons.push({ points, words: `was made ${counted(ageDays, "day")} ago` });
  }
  const lifetimeDays =
    createdAt === null || expiresAt === null ? 0 : daysBetween(createdAt, expiresAt);
  if (lifetimeDays > limits.lifetimeDaysMax) {
    reasons.push({ points: 2, words: `is set to last ${counted(lifetimeDays, "day")}` });
  }
  if (lastUsedAt !== null && daysBetween(lastUsedAt, now) > limits.idleDays) {
    const idle = counted(daysBetween(lastUsedAt, now), "day");
    reasons.push({ points: 2, words: `was last used ${idle} ago` });
  }
  if (expiresAt !== null && !hasSuccessor(credential, all)) {
    const left = daysBetween(now, expiresAt);
    if (left <= limits.endsWithinDays) {
      reasons.push({ points: 1, words: `ends in ${counted(left, "day")}, with none to follow it` });
    }
  }
  return reasons.map(({ points, words }) => ({ points, words: `the ${kind} ${words}` }));
}

/** A newer one of the same kind is there already: the change is under way. */
function hasSuccessor(credential: Credential, all: readonly Credential[]): boolean {
  return all.some(
    ({ kind, expiresAt }) =>
      kind === credential.kind &&
      (expiresAt === null || expiresAt > (credential.expiresAt ?? Number.MAX_SAFE_INTEGER)),
  );
}

function claim(view: View, judged: readonly Judged[], limits: Options): Evidence[] {
  const { automation } = view;
  if (automation === null) return [];
  const reach: Reason = isAtLeastTier(automation.reach.tier, "high")
    ? { points: 1, words: `it opens ${automation.reach.riskiest.slice(0, 3).join(", ")}` }
    : { points: 0, words: "" };
  const worst = judged.reduce((a, b) => (points(b) > points(a) ? b : a));
  const severity: Severity | null = severityAt(points(worst) + reach.points, limits.severities);
  if (severity === null) return [];
  const words = [...worst.reasons, reach].filter((reason) => reason.points > 0);
  const others =
    judged.length === 1 ? "" : ` ${counted(judged.length - 1, "other credential")} of it likewise.`;
  const isEnding = worst.reasons.every((reason) => reason.words.includes("ends in"));
  return [
    {
      window: null,
      severity,
      title: isEnding ? "Credential ends soon" : "Credential too old, too long-lived or unused",
      confidence: limits.confidence,
      explanation:
        `A credential of ${nameOf(automation)} should be changed: ${words.map((reason) => reason.words).join("; ")}.${others} ` +
        (isEnding
          ? "When it ends the automation stops, and what is made in a hurry then tends to last for ever."
          : "Credentials are normally renewed within a year and removed when nobody needs them. Every copy of this one, in old files, mails and laptops, still opens the door."),
      samples: [],
    },
  ];
}

function points({ reasons }: Judged): number {
  return reasons.reduce((sum, reason) => sum + reason.points, 0);
}

function daysBetween(from: number, to: number): number {
  return Math.floor((to - from) / DAY_MS);
}
