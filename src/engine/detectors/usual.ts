/** Whether one day's amount is out of the ordinary: against the actor's own other days, else its peers, else nothing. */

import { ascending, median, quantile } from "#base/stats.ts";
import { UNDATED } from "#base/time.ts";
import { learntAt } from "#engine/baseline/baseline.ts";
import { type Normal, normalOf, robustZ } from "#engine/baseline/normal.ts";
import { count } from "#engine/detectors/window.ts";
import type { Profile } from "#engine/profile/profile.ts";

/** Fewer other days than this say nothing about what is usual. */
const OWN_DAYS_MIN = 3;
/** With fewer earlier days than this the later ones are asked too: an uneven actor shows that it is only in some days. */
const PAST_DAYS_MIN = 5;
/** A like day counts as the same habit only when it is at least this many days older: not as the same incident. */
const HABIT_GAP_DAYS = 6;
/** A like day has at least this share of the amount. */
const HABIT_SHARE = 0.6;

/** What an amount was held against, and what came of it. */
export interface Usual {
  /** own: its other days. peers: other automations of its kind, for want of own days. none: nothing to compare with. */
  readonly basis: "own" | "peers" | "none";
  readonly normal: Normal;
  /** How many times the usual amount this is; NaN without basis. */
  readonly times: number;
  readonly z: number;
  /**
   * What even an uneven actor stays below: Tukey's outer fence of its other days, Q3 + 3 × IQR, which uneven days push
   * up and a few days of an attack do not; the most that any peer does, where peers are the basis.
   */
  readonly fence: number;
  /** Whether any of its days is earlier: the first day of something new is often its largest, innocently. */
  readonly hasPast: boolean;
  /** Earlier days that were learnt; with few of them the later ones were asked too. */
  readonly pastDays: number;
  /** Older days, a week or so away at least, that had about as much: a weekly or monthly job. */
  readonly habitDays: number;
}

/** How far out of the ordinary an amount must be. */
export interface Limits {
  /** Absolute floor with a history of its own. */
  readonly floor: number;
  /** Absolute floor without one. */
  readonly coldFloor: number;
  readonly timesMin: number;
  readonly zMin: number;
}

/** The amount of every dated active day. */
export function amountsOf(
  profiles: readonly Profile[],
  amount: (profile: Profile) => number,
): Map<number, number> {
  const amounts = new Map<number, number>();
  for (const profile of profiles) {
    if (profile.day !== UNDATED) amounts.set(profile.day, amount(profile));
  }
  return amounts;
}

/**
 * Compares the amount of `day` with the days before it, as far as these were learnt by then: a few days of an attack do
 * not teach that it is normal. Where too little is past, the other days answer, later ones too; where these are too few,
 * what peers do in a day.
 */
export function usualOf(
  amounts: ReadonlyMap<number, number>,
  day: number,
  peers: Normal | null,
): Usual {
  const amount = amounts.get(day) ?? 0;
  const series = seriesOf(amounts);
  const { days, values } = series;
  let habitDays = 0;
  for (let index = 0; index < days.length; index++) {
    if ((days[index] ?? 0) > day - HABIT_GAP_DAYS) break;
    if ((values[index] ?? 0) >= amount * HABIT_SHARE) habitDays++;
  }
  const hasPast = (days[0] ?? day) < day;
  const past = learntBefore(series, day);
  const pastDays = past.length;
  const known =
    past.length >= PAST_DAYS_MIN ? past : values.filter((_, index) => days[index] !== day);
  if (known.length >= OWN_DAYS_MIN) {
    const own = against(amount, "own", normalOf(known));
    const times = Math.min(own.times, amount / Math.max(workingDay(known), 1));
    return { ...own, times, fence: outerFence(known), hasPast, pastDays, habitDays };
  }
  const basis = peers !== null && peers.days > 0 ? "peers" : "none";
  return { ...against(amount, basis, peers ?? normalOf([])), hasPast, pastDays, habitDays };
}

/** What does such work on some days only is held against those days: the middle one of them, where there are several. */
function workingDay(values: readonly number[]): number {
  const working = values.filter((value) => value > 0);
  return working.length >= 2 ? median(working) : 0;
}

/** The days of an amount in order, and from which index on each is learnt. */
interface Series {
  readonly days: readonly number[];
  readonly values: readonly number[];
  readonly learnt: readonly number[];
}

/** Worked out once for all days that are judged. */
const seriesByAmounts = new WeakMap<ReadonlyMap<number, number>, Series>();

function seriesOf(amounts: ReadonlyMap<number, number>): Series {
  let series = seriesByAmounts.get(amounts);
  if (series === undefined) {
    const days = ascending([...amounts.keys()]);
    const values = days.map((day) => amounts.get(day) ?? 0);
    series = { days, values, learnt: learntAt(days, values) };
    seriesByAmounts.set(amounts, series);
  }
  return series;
}

function learntBefore({ days, values, learnt }: Series, day: number): number[] {
  const index = days.findIndex((one) => one >= day);
  const end = index < 0 ? days.length : index;
  return values.slice(0, end).filter((_, at) => (learnt[at] ?? 0) < end);
}

function against(amount: number, basis: Usual["basis"], normal: Normal) {
  // Below one, the usual amount is "hardly ever": a first time is then as many times more as it has pieces.
  const times = amount / Math.max(normal.median, 1);
  return { basis, normal, times, z: robustZ(normal, amount), fence: normal.max };
}

function outerFence(values: readonly number[]): number {
  const sorted = ascending(values);
  const [lower, upper] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
  return upper + 3 * (upper - lower);
}

/** Without earlier days of its own to go by. */
export function isCold({ basis, hasPast }: Usual): boolean {
  return basis !== "own" || !hasPast;
}

/** Two like days a week apart make a habit; what peers do on their usual days is no news either. */
export function isUnusual(usual: Usual, amount: number, limits: Limits): boolean {
  if (usual.habitDays >= 2) return false;
  if (amount < (isCold(usual) ? limits.coldFloor : limits.floor)) return false;
  if (usual.basis === "none") return true;
  if (amount <= usual.fence) return false;
  return usual.times >= limits.timesMin && usual.z >= limits.zMin;
}

/** 0.3 without anything to compare with, up to 0.85 for a long history that was exceeded a hundredfold. */
export function confidenceOf(usual: Usual): number {
  const { basis, times, normal, habitDays } = usual;
  if (basis === "none") return 0.35;
  const bySize = Math.min(Math.log10(Math.max(times, 1)) * 0.12, 0.24);
  const byHistory = basis === "own" ? Math.min(normal.days / 60, 0.16) : 0;
  return 0.45 + bySize + byHistory - (habitDays > 0 ? 0.15 : 0) - (isCold(usual) ? 0.1 : 0);
}

/** `Its usual day has 12 files (9 other days); this is 83 times as many.` */
export function comparison({ basis, normal, times }: Usual, unit: string): string {
  if (basis === "none") return "There are too few other days, and no peers, to compare with.";
  const { days, median, max } = normal;
  if (basis === "own") {
    const others = `${count(days)} other ${days === 1 ? "day" : "days"}`;
    if (max === 0) return `On its ${others} it had none.`;
    return median < 1
      ? `On most of its ${others} it had none, on the busiest ${count(max)}.`
      : `Its usual day has ${amount(median)} ${unit} (${others}); this is ${ratio(times)} times as many.`;
  }
  const peers = `It has too few other days of its own; of ${count(days)} others of its kind`;
  return median < 1
    ? `${peers} most have no ${unit} on a usual day, the busiest ${amount(max)}.`
    : `${peers} the usual one has ${amount(median)} ${unit} a day; this is ${ratio(times)} times as many.`;
}

function amount(value: number): string {
  return value < 1 ? "hardly any" : count(value);
}

/** 1,234 or, where small, 2.5. */
export function ratio(times: number): string {
  return times >= 10 ? count(times) : (Math.round(times * 10) / 10).toString();
}
