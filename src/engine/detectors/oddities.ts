/** What else was odd about some days of an actor, against all its days before: weak signs that detectors add up. */

import { ascending, median, quantile } from "#base/stats.ts";
import { UNDATED } from "#base/time.ts";
import type { ActionClass, Trait } from "#contract/event.ts";
import type { Reason } from "#engine/detectors/trust.ts";
import { count, listing } from "#engine/detectors/window.ts";
import { breadth, countOf, type Profile, traitOf } from "#engine/profile/profile.ts";

/** Active, dated days, ascending. */
export function datedProfiles(profiles: readonly Profile[]): Profile[] {
  return profiles.filter(({ day, events }) => day !== UNDATED && events > 0);
}

/** Ways to get at content. */
const TAKING: readonly ActionClass[] = [
  "read",
  "download",
  "search",
  "export",
  "copy",
  "tool_call",
];

/** Content that was reached on a day, in the vendor's own counts. */
export function takenOn(profile: Profile): number {
  return TAKING.reduce((sum, name) => sum + countOf(profile, name), 0);
}

/** How far above its past an amount must be, beside the outer fence of that past. */
export interface Above {
  readonly floor: number;
  readonly timesMin: number;
}

/** Fewer days than this say nothing about what is usual. */
const PAST_DAYS_MIN = 3;

/** How many times the usual amount, where it is far above; null where it is not, or the past is too short to tell. */
export function timesAbove(
  past: readonly number[],
  amount: number,
  { floor, timesMin }: Above,
): number | null {
  if (past.length < PAST_DAYS_MIN || amount < floor) return null;
  const sorted = ascending(past);
  const [lower, upper] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
  if (amount <= upper + 3 * (upper - lower)) return null;
  const times = amount / Math.max(median(past), 1);
  return times >= timesMin ? times : null;
}

/** The most on any of some days. */
export function mostOf(days: readonly Profile[], amount: (profile: Profile) => number): number {
  return Math.max(0, ...days.map(amount));
}

const MIB = 1_024 ** 2;

const NONE: Reason = { points: 0, words: "" };

/** Far more content than on any usual day: 1 point, 2 from tenfold on. */
export function takingReason(past: readonly Profile[], days: readonly Profile[]): Reason {
  const amount = mostOf(days, takenOn);
  const times = timesAbove(past.map(takenOn), amount, { floor: 40, timesMin: 3 });
  if (times === null) return NONE;
  return {
    points: times >= 10 && amount >= 200 ? 2 : 1,
    words: `it reached ${count(amount)} items in a day, ${count(times)} times as many as usual`,
  };
}

/** Far more people than on any usual day. */
export function peopleReason(past: readonly Profile[], days: readonly Profile[]): Reason {
  const people = (profile: Profile) => breadth(profile).people;
  const amount = mostOf(days, people);
  const times = timesAbove(past.map(people), amount, { floor: 8, timesMin: 2 });
  if (times === null) return NONE;
  return {
    points: 1,
    words: `it acted for ${count(amount)} people in a day, ${count(times)} times as many as usual`,
  };
}

/** Far more different things than on any usual day: it looks around. */
export function breadthReason(past: readonly Profile[], days: readonly Profile[]): Reason {
  const targets = (profile: Profile) => breadth(profile).targets;
  const amount = mostOf(days, targets);
  const times = timesAbove(past.map(targets), amount, { floor: 8, timesMin: 2 });
  if (times === null) return NONE;
  return {
    points: 1,
    words: `it reached ${count(amount)} different things in a day, ${count(times)} times as many as usual`,
  };
}

/** Far more bytes than on any usual day, in few calls or many. */
export function bytesReason(past: readonly Profile[], days: readonly Profile[]): Reason {
  const mib = (profile: Profile) => profile.bytes / MIB;
  const amount = mostOf(days, mib);
  const times = timesAbove(past.map(mib), amount, { floor: 5, timesMin: 5 });
  if (times === null) return NONE;
  return {
    points: 1,
    words: `it moved ${count(amount)} MiB in a day, ${count(times)} times as many as usual`,
  };
}

/** Far more of everything than on any usual day, whatever it was. */
export function busyReason(past: readonly Profile[], days: readonly Profile[]): Reason {
  const amount = mostOf(days, ({ events }) => events);
  const times = timesAbove(
    past.map(({ events }) => events),
    amount,
    { floor: 30, timesMin: 2 },
  );
  if (times === null) return NONE;
  return { points: 1, words: `it made ${count(amount)} calls in a day, far more than usual` };
}

/** What takes content away or digs in; a first time is worth a word. */
const GRAVE: readonly ActionClass[] = [
  "read",
  "download",
  "search",
  "enumerate",
  "delete",
  "share",
  "publish",
  "send",
  "export",
  "forward",
  "copy",
  "transfer",
  "credential",
  "role",
  "policy",
  "member",
];

/** One or two of something are a try, or an error. */
const FIRST_TIMES_MIN = 4;

export function firstTimesReason(past: readonly Profile[], days: readonly Profile[]): Reason {
  // What hardly ever acted does most things for the first time.
  if (past.length < PAST_DAYS_MIN) return NONE;
  const first = GRAVE.filter(
    (name) =>
      mostOf(days, (profile) => countOf(profile, name)) >= FIRST_TIMES_MIN &&
      !past.some((profile) => countOf(profile, name) > 0),
  );
  if (first.length === 0) return NONE;
  const words = first.map((name) => name.replace("_", " "));
  return { points: 1, words: `for the first time it did: ${listing(words)}` };
}

/** Somebody who tries what is allowed is refused more often than a program that knows its job. */
export function refusalReason(past: readonly Profile[], days: readonly Profile[]): Reason {
  const failures = (profile: Profile) => profile.failures + profile.throttled;
  const amount = mostOf(days, failures);
  const times = timesAbove(past.map(failures), amount, { floor: 15, timesMin: 5 });
  if (times === null) return NONE;
  return { points: 1, words: `${count(amount)} calls of a day were refused` };
}

const MARKS: readonly (readonly [Trait, number, string])[] = [
  ["hosting", 1, "the platform knows the address as a proxy, Tor or a hosting provider"],
  ["anomalous", 1, "the platform itself found it anomalous"],
  ["sensitive_terms", 1, "it searched for passwords, pay or the like"],
];

/** Marks of the vendor on the days, which the past does not have. */
export function markReasons(past: readonly Profile[], days: readonly Profile[]): Reason[] {
  return MARKS.flatMap(([trait, points, words]) =>
    days.some((profile) => traitOf(profile, trait) > 0) &&
    !past.some((profile) => traitOf(profile, trait) > 0)
      ? [{ points, words }]
      : [],
  );
}

/** Hours of the day that must be far from every usual one, and records in them. */
const HOURS_AWAY_MIN = 3;
const HOURS_PAST_DAYS_MIN = 8;
const HOUR_RECORDS_MIN = 10;

/** Work at hours far from any usual one, for an actor that keeps hours. */
export function hoursReason(past: readonly Profile[], days: readonly Profile[]): Reason {
  if (past.length < HOURS_PAST_DAYS_MIN) return NONE;
  const usual = Array.from({ length: 24 }, (_, hour) =>
    past.some((profile) => (profile.hours[hour] ?? 0) > 0),
  );
  let strange = 0;
  for (const { hours } of days) {
    for (const [hour, records] of hours.entries()) {
      if (records > 0 && isFar(usual, hour)) strange += records;
    }
  }
  return strange < HOUR_RECORDS_MIN
    ? NONE
    : { points: 1, words: "it worked at hours at which it never does" };
}

function isFar(usual: readonly boolean[], hour: number): boolean {
  for (let away = -HOURS_AWAY_MIN + 1; away < HOURS_AWAY_MIN; away++) {
    if (usual[(hour + away + 24) % 24] === true) return false;
  }
  return true;
}

/** Items, calls, things and bytes grow together: whichever is far above its past speaks for all of them. */
function amountReason(past: readonly Profile[], days: readonly Profile[]): Reason {
  const reasons = [takingReason, busyReason, breadthReason, bytesReason];
  for (const reason of reasons) {
    const found = reason(past, days);
    if (found.points > 0) return found;
  }
  return NONE;
}

/** All signs of what was done, those that hold. */
export function oddities(past: readonly Profile[], days: readonly Profile[]): Reason[] {
  return [
    amountReason(past, days),
    peopleReason(past, days),
    firstTimesReason(past, days),
    refusalReason(past, days),
    hoursReason(past, days),
    ...markReasons(past, days),
  ].filter(({ points }) => points > 0);
}
