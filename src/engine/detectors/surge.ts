/** What detectors of amounts share: which days went beyond the usual, and how much that weighs. */

import { median } from "#base/stats.ts";
import { dayOf, UNDATED } from "#base/time.ts";
import type { Severity } from "#contract/finding.ts";
import type { Normal } from "#engine/baseline/normal.ts";
import type { Evidence, View } from "#engine/detectors/detector.ts";
import { datedProfiles, takenOn } from "#engine/detectors/oddities.ts";
import { besidePlace, strangePlace } from "#engine/detectors/places.ts";
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
import { countOf, type Profile } from "#engine/profile/profile.ts";
import type { Sample } from "#engine/profile/sample.ts";

/** One amount that is watched day by day. */
export interface Watch {
  readonly limits: Limits;
  /** Below this an exceedance is modest, and counts only together with other signs. */
  readonly solid: number;
  /** So much is a lot by any measure. */
  readonly many: number;
  /** What is usual for others of its kind; null where that does not compare. */
  readonly peers: Normal | null;
  /** Where writing is what is watched, more of it is no excuse. */
  readonly isWriting?: boolean;
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

/** Who deserves no trust gets less of the benefit of the doubt that newcomers have. */
const TRUSTLESS_POINTS = 2;
const TRUSTLESS_SHARE = 0.3;
/** From a new place a smaller multiple of the usual day is enough. */
const STRANGE_SHARE = 0.7;
/** The first days of something new are often its largest; it is new when the records go back further than it does. */
const NEW_DAYS = 5;
const BEFORE_DAYS = 5;

function isNewcomer({ profiles, org, platform }: View, day: number): boolean {
  const first = profiles.find((profile) => profile.day !== UNDATED)?.day ?? day;
  const from = org.recordsFrom(platform);
  return from !== null && first - dayOf(from) >= BEFORE_DAYS && day - first < NEW_DAYS;
}

/** Days beyond the usual. What is usual is worked out only for automations that reach the floor at all. */
export function surgesOf(view: View, watch: Watch): Surge[] {
  const { limits } = watch;
  const floor = Math.min(limits.floor, limits.coldFloor * TRUSTLESS_SHARE);
  if (!view.profiles.some((profile) => watch.amount(profile) >= floor)) return [];
  const amounts = amountsOf(view.profiles, (profile) => watch.amount(profile));
  const found = view.profiles.flatMap((profile): Surge[] => {
    const amount = amounts.get(profile.day) ?? 0;
    if (amount < floor) return [];
    const coldFloor =
      limits.coldFloor *
      (total(standing(view, profile.day)) >= TRUSTLESS_POINTS ? TRUSTLESS_SHARE : 1);
    if (amount < Math.min(limits.floor, coldFloor)) return [];
    const known = usualOf(amounts, profile.day, watch.peers);
    const usual = isNewcomer(view, profile.day) ? { ...known, hasPast: false } : known;
    const isStrange = strangePlace(view.profiles, profile.day) !== null;
    const timesMin = limits.timesMin * (isStrange ? STRANGE_SHARE : 1);
    if (!isUnusual(usual, amount, { ...limits, coldFloor, timesMin })) return [];
    const extent = extentOf(view, profile.day, { amount, usual, watch });
    return [{ profile, amount, usual, extent }];
  });
  return found.map((surge) => lasting(view, surge, found));
}

/** Days of the same from a new place are no accident. */
const LASTING_DAYS = 3;
const LASTING_SPAN_DAYS = 7;

function lasting(view: View, surge: Surge, all: readonly Surge[]): Surge {
  const { day } = surge.profile;
  const near = all.filter(({ profile }) => Math.abs(profile.day - day) < LASTING_SPAN_DAYS).length;
  if (near < LASTING_DAYS || strangePlace(view.profiles, day) === null) return surge;
  const reason = { points: 1, words: `so were ${near - 1} other days around it` };
  return { ...surge, extent: [...surge.extent, reason] };
}

/** Things written below which a day of much writing is none. */
const WRITTEN_MIN = 20;
/** Share of the growth of taking that the growth of writing must reach for it to be more of the same work. */
const ALIKE_SHARE = 0.4;
/** What puts in nearly as much as it takes out copies from one place to another … */
const EVEN_SHARE = 0.8;
/** … if it writes so many times its usual day: a bot that always writes much hides no theft by that. */
const EVEN_TIMES_MIN = 3;

/**
 * A migration, a catch-up or a big run writes as much more as it reads more; who steals only takes. Null where the
 * writing did not grow along, or where it came from a strange place.
 */
export function grewAlike({ profiles }: View, day: number): Reason | null {
  const today = profiles.find((profile) => profile.day === day);
  const others = datedProfiles(profiles).filter((profile) => profile.day !== day);
  if (today === undefined || others.length === 0 || strangePlace(profiles, day) !== null) {
    return null;
  }
  const written = writtenOn(today);
  const usual = (amount: (profile: Profile) => number) => Math.max(median(others.map(amount)), 1);
  const taking = takenOn(today) / usual(takenOn);
  const writing = written / usual(writtenOn);
  const isEven = written >= takenOn(today) * EVEN_SHARE && writing >= EVEN_TIMES_MIN;
  return written >= WRITTEN_MIN && (isEven || writing >= taking * ALIKE_SHARE)
    ? { points: -3, words: "it wrote as much more as it read more, as migrations and big runs do" }
    : null;
}

function writtenOn(profile: Profile): number {
  return countOf(profile, "create") + countOf(profile, "edit");
}

/** Fewer earlier days than a working week leave open what is usual. */
const PAST_DAYS_FEW = 4;

/** How far beyond usual, and whether it has happened before. */
function extentOf(
  view: View,
  day: number,
  { amount, usual, watch }: { amount: number; usual: Usual; watch: Watch },
): Reason[] {
  const { limits, solid, many } = watch;
  const reasons: Reason[] = [];
  const isOwn = usual.basis === "own";
  const isModest = amount < solid || usual.times < limits.timesMin * 1.5;
  // From a new place a modest amount is a careful thief's; from the usual one it is a busy day.
  const isElsewhere =
    strangePlace(view.profiles, day) !== null || besidePlace(view.profiles, day) !== null;
  const modesty = isElsewhere ? -1 : -2;
  if (isOwn && usual.times >= 50 && amount >= solid * 2.5) {
    reasons.push({ points: 1, words: `it is ${ratio(usual.times)} times its usual day` });
  }
  if (amount >= many) reasons.push({ points: 1, words: "the amount is large by any measure" });
  if (isOwn && isModest) reasons.push({ points: modesty, words: "the amount is modest" });
  if (usual.habitDays > 0) {
    reasons.push({ points: -1, words: "it did as much once before, a week or more ago" });
  }
  const alike = watch.isWriting === true ? null : grewAlike(view, day);
  if (alike !== null) reasons.push(alike);
  if (isCold(usual) || usual.pastDays < PAST_DAYS_FEW) {
    reasons.push({ points: -1, words: "it has hardly any earlier days to compare with" });
  }
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
