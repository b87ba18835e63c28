/** What is normal for one automation: robust statistics over its own days, and over its peers' days. */

import { ascending, median, quantile } from "#base/stats.ts";
import { UNDATED } from "#base/time.ts";
import type { Profile } from "#engine/profile/profile.ts";
import { MEASURES, type Measure, measure } from "./measure.ts";
import { NO_NORMAL, type Normal, normalOf } from "./normal.ts";
import { NO_PEERS, type Peers } from "./peers.ts";

/** Learnt from profiles. What is asked for is worked out once; `exportBaseline` gives all of it as plain data. */
export interface Baseline {
  /** Each active, dated day, ascending. */
  readonly days: readonly number[];
  /** Days from the first to the last active one, the idle between them included. */
  readonly spanDays: number;
  /** The values of a measure, one for each of `days`. */
  values(name: Measure): readonly number[];
  /**
   * From which index of `days` on the value of each day counts as normal: its own, or later where it stood out (see
   * `learntAt`).
   */
  learntAt(name: Measure): readonly number[];
  readonly peers: Peers;
  /** Records by hour of the week in UTC (0 = Monday 00:00). */
  hoursOfWeek(): readonly number[];
}

export function learnBaseline(profiles: readonly Profile[], peers: Peers = NO_PEERS): Baseline {
  const dated = profiles.filter(({ day }) => day !== UNDATED).sort((a, b) => a.day - b.day);
  const first = dated[0]?.day ?? 0;
  const last = dated.at(-1)?.day ?? -1;
  const days = dated.map(({ day }) => day);
  const values = memo((name: Measure) => dated.map((profile) => measure(profile, name)));
  const learnt = memo((name: Measure) => learntAt(days, values(name)));
  return {
    days,
    spanDays: last - first + 1,
    values,
    learntAt: learnt,
    peers,
    hoursOfWeek: () => hoursOfWeekOf(dated),
  };
}

function memo<Value>(work: (name: Measure) => Value): (name: Measure) => Value {
  const held = new Map<Measure, Value>();
  return (name) => {
    let value = held.get(name);
    if (value === undefined) {
      value = work(name);
      held.set(name, value);
    }
    return value;
  };
}

function hoursOfWeekOf(dated: readonly Profile[]): number[] {
  const hoursOfWeek = new Array<number>(168).fill(0);
  for (const { day, hours } of dated) {
    for (const [hour, count] of hours.entries()) {
      const index = hourOfWeek(day, hour);
      hoursOfWeek[index] = (hoursOfWeek[index] ?? 0) + count;
    }
  }
  return hoursOfWeek;
}

/** Hour of the week of an hour of a UTC day; day 0, 1970-01-01, was a Thursday. */
export function hourOfWeek(day: number, hour: number): number {
  return ((day + 3) % 7) * 24 + hour;
}

/**
 * What is normal for the automation on days other than `exceptDay`, which is the one being judged: an attack does not
 * vouch for itself. Only active days count.
 */
export function ownNormal(baseline: Baseline, name: Measure, exceptDay: number): Normal {
  return normalOf(baseline.values(name).filter((_, index) => baseline.days[index] !== exceptDay));
}

/** After so many days a day weighs half: what an automation does changes with the seasons of a company. */
const HALF_LIFE_DAYS = 28;

/**
 * What was normal before a day, as far as it was learnt by then: newer days weigh more, and days that stood out do not
 * count until they have become a habit, so that an attack of several days does not teach that it is normal.
 */
export function pastNormal(baseline: Baseline, name: Measure, day: number): Normal {
  const { days } = baseline;
  const end = firstAtLeast(days, day);
  const all = baseline.values(name);
  const learnt = baseline.learntAt(name);
  const values: number[] = [];
  const weights: number[] = [];
  for (let index = 0; index < end; index++) {
    if ((learnt[index] ?? 0) >= end) continue;
    values.push(all[index] ?? 0);
    weights.push(2 ** (-(day - (days[index] ?? 0)) / HALF_LIFE_DAYS));
  }
  return values.length === 0 ? NO_NORMAL : normalOf(values, weights);
}

function firstAtLeast(days: readonly number[], day: number): number {
  const index = days.findIndex((one) => one >= day);
  return index < 0 ? days.length : index;
}

/** Days that must be known before one can stand out from them. */
const KNOWN_DAYS_MIN = 5;
/** A day stands out when it is beyond Tukey's outer fence of what is known and at least so many times its median. */
const OUTSTANDING_TIMES = 3;
/** Days that stood out become normal when there are so many of them, over so long a time: a job that was added, not a raid. */
const HABIT_DAYS_MIN = 8;
const HABIT_SPAN_DAYS = 14;

/** For each day the index from which on it counts as normal. A function of the days up to that index alone. */
export function learntAt(days: readonly number[], values: readonly number[]): number[] {
  const at: number[] = [];
  const known: number[] = [];
  let waiting: number[] = [];
  for (const [index, value] of values.entries()) {
    if (!standsOut(known, value)) {
      at.push(index);
      known.push(value);
      continue;
    }
    at.push(Number.POSITIVE_INFINITY);
    waiting.push(index);
    const since = days[waiting[0] ?? index] ?? 0;
    if (waiting.length < HABIT_DAYS_MIN || (days[index] ?? 0) - since < HABIT_SPAN_DAYS) continue;
    for (const held of waiting) {
      at[held] = index;
      known.push(values[held] ?? 0);
    }
    waiting = [];
  }
  return at;
}

function standsOut(known: readonly number[], value: number): boolean {
  if (known.length < KNOWN_DAYS_MIN) return false;
  const sorted = ascending(known);
  const [lower, upper] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
  const middle = median(known);
  const width = Math.max(upper - lower, Math.sqrt(Math.max(middle, 1)));
  return value > upper + 3 * width && value > Math.max(middle, 1) * OUTSTANDING_TIMES;
}

/** What is normal for its peers; `days` is 0 where it has none. */
export function peerNormal(baseline: Baseline, name: Measure): Normal {
  return baseline.peers.normal(name);
}

/** A baseline as plain data, for exports and for showing why something was judged: only measures that ever were above zero. */
export interface BaselineExport {
  readonly days: number;
  readonly spanDays: number;
  readonly peerGroup: string | null;
  readonly measures: Readonly<
    Partial<Record<Measure, { readonly own: Normal; readonly peers: Normal | null }>>
  >;
  readonly hoursOfWeek: readonly number[];
}

/** `day`: the baseline as it stood before that UTC day. */
export function exportBaseline(baseline: Baseline, day: number): BaselineExport {
  const measures: Partial<Record<Measure, { own: Normal; peers: Normal | null }>> = {};
  for (const name of MEASURES) {
    const own = pastNormal(baseline, name, day);
    const peers = peerNormal(baseline, name);
    if (!(own.max > 0) && !(peers.max > 0)) continue;
    measures[name] = { own, peers: peers.days > 0 ? peers : null };
  }
  return {
    days: baseline.days.filter((one) => one < day).length,
    spanDays: baseline.spanDays,
    peerGroup: baseline.peers.group,
    measures,
    hoursOfWeek: baseline.hoursOfWeek(),
  };
}
