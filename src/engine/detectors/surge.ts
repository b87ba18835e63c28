/** What detectors of amounts share: which days went beyond the usual, and how much that weighs. */

import type { Severity } from "#contract/finding.ts";
import type { Normal } from "#engine/baseline/normal.ts";
import type { Evidence, View } from "#engine/detectors/detector.ts";
import { standing } from "#engine/detectors/subject.ts";
import { type Reason, severityAt, total } from "#engine/detectors/trust.ts";
import {
  amountsOf,
  confidenceOf,
  isCold,
  isUnusual,
  type Limits,
  ratio,
  type Usual,
  usualOf,
} from "#engine/detectors/usual.ts";
import { dayWindow } from "#engine/detectors/window.ts";
import type { Profile } from "#engine/profile/profile.ts";
import type { Sample } from "#engine/profile/sample.ts";

/** One amount that is watched day by day. */
export interface Watch {
  readonly limits: Limits;
  /** So much is a lot by any measure. */
  readonly many: number;
  /** What is usual for others of its kind; null where that does not compare. */
  readonly peers: Normal | null;
  amount(profile: Profile): number;
}

/** A day on which a watched amount was out of the ordinary. */
export interface Surge {
  readonly profile: Profile;
  readonly amount: number;
  readonly usual: Usual;
  /** What the size alone says for and against the claim. */
  readonly extent: readonly Reason[];
}

/** Points from which a severity is given. A plain exceedance has 3: medium by itself, high together with bad standing. */
export const SURGE_SEVERITIES = { low: 1, medium: 3, high: 5, critical: 8 } satisfies Partial<
  Record<Severity, number>
>;
const SURGE_POINTS = 3;

/** Days beyond the usual. What is usual is worked out only for automations that reach the floor at all. */
export function surgesOf(view: View, watch: Watch): Surge[] {
  const { limits } = watch;
  const floor = Math.min(limits.floor, limits.coldFloor);
  if (!view.profiles.some((profile) => watch.amount(profile) >= floor)) return [];
  const amounts = amountsOf(view.profiles, (profile) => watch.amount(profile));
  return view.profiles.flatMap((profile): Surge[] => {
    const amount = amounts.get(profile.day) ?? 0;
    if (amount < floor) return [];
    const usual = usualOf(amounts, profile.day, watch.peers);
    if (!isUnusual(usual, amount, limits)) return [];
    return [{ profile, amount, usual, extent: extentOf(amount, usual, watch) }];
  });
}

/** How far beyond usual, and whether it has happened before. */
function extentOf(amount: number, usual: Usual, { limits, many }: Watch): Reason[] {
  const reasons: Reason[] = [];
  if (usual.basis === "own" && usual.times >= 50) {
    reasons.push({ points: 1, words: `it is ${ratio(usual.times)} times its usual day` });
  }
  if (amount >= many) reasons.push({ points: 1, words: "the amount is large by any measure" });
  if (usual.basis === "own" && usual.times < limits.timesMin * 2 && amount < limits.floor * 4) {
    reasons.push({ points: -1, words: "the amount is modest" });
  }
  if (usual.habitDays > 0) {
    reasons.push({ points: -1, words: "it did as much once before, a week or more ago" });
  }
  if (isCold(usual)) reasons.push({ points: -1, words: "it has no earlier days to compare with" });
  return reasons;
}

/** What a detector adds to a surge. */
export interface Telling {
  readonly reasons: readonly Reason[];
  readonly severities: Partial<Record<Severity, number>>;
  readonly samples: readonly Sample[];
  /** Given all reasons that counted, its own and those of size and standing. */
  explain(reasons: readonly Reason[]): string;
}

/** The claim about one surge; none where what speaks against it weighs more. */
export function surgeEvidence(view: View, surge: Surge, told: Telling): Evidence[] {
  const { profile, usual, extent } = surge;
  const reasons = [...extent, ...told.reasons, ...standing(view, profile.day)];
  const severity = severityAt(SURGE_POINTS + total(reasons), told.severities);
  const window = dayWindow(profile.day);
  if (severity === null || window === null) return [];
  return [
    {
      window,
      severity,
      confidence: confidenceOf(usual),
      explanation: told.explain(reasons),
      samples: told.samples.slice(0, 5),
    },
  ];
}
