/** When an automation works, and how much: its clock, its growth, its bad days, its weekly and monthly jobs. */

import type { Prng } from "#base/prng.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "#base/time.ts";
import { type Company, isWorkday, local, type Office, weekday } from "#simulator/company.ts";
import type { Day } from "#simulator/stage.ts";

export type RhythmKind =
  /** With the people of its office, since they cause its work. */
  | "office"
  /** One run each night, or each morning, at its own minute. */
  | "nightly"
  | "morning"
  /** At any hour. */
  | "always"
  /** Builds: short trains of records, several a day. */
  | "bursts"
  /** On the minute, with jitter. */
  | "poll"
  /** A few busy days around the end of the month. */
  | "month_end"
  | "weekly"
  /** Once in weeks. */
  | "rare";

export interface Rhythm {
  readonly kind: RhythmKind;
  /** Records of a usual day of work. */
  readonly level: number;
  readonly office: Office;
  /** Start of its runs by the office's clock, in hours, and their length. */
  readonly hour: number;
  readonly lengthMs: number;
  readonly stepMs: number;
  /** Share of a step by which a poll may be off. */
  readonly jitter: number;
  readonly weekday: number;
  /** What is left of its work on weekends and holidays. */
  readonly restShare: number;
  /** Factor from day to day. */
  readonly growth: number;
  /** Day on which it is down for some hours; afterwards it catches up. */
  readonly outage: { readonly day: number; readonly from: number; readonly hours: number } | null;
  /** Day from which it does nothing any more, because nobody needs it; null for all but forgotten ones. */
  readonly asleepFrom: number | null;
  /** Share of days that are a multiple of the others, for reasons that no log tells. */
  readonly surge: number;
}

/** Steps between polls that people set, with the seldom ones first. */
const STEPS_MS = [1, 5, 10, 15, 15, 30, 30, 60, 60].map((minutes) => minutes * MINUTE_MS);

export function rhythmOf(
  kind: RhythmKind,
  level: number,
  office: Office,
  dayCount: number,
  rng: Prng,
): Rhythm {
  const isAround = kind === "always" || kind === "poll";
  return {
    kind,
    level,
    office,
    hour:
      kind === "nightly"
        ? 0.5 + 5 * rng.next()
        : kind === "morning"
          ? 7.5 + 2 * rng.next()
          : 9 + 7 * rng.next(),
    lengthMs: Math.floor((0.1 + 1.9 * rng.next() ** 2) * HOUR_MS),
    stepMs: rng.chance(0.06) ? MINUTE_MS : rng.pick(STEPS_MS.slice(1)),
    jitter: rng.pick([0.002, 0.02, 0.05, 0.1]),
    weekday: rng.pick([1, 1, 2, 4, 5, 6, 0]),
    restShare: isAround
      ? 0.5 + 0.5 * rng.next()
      : kind === "nightly"
        ? rng.pick([0, 0.6, 1])
        : 0.15 * rng.next(),
    growth: rng.chance(0.7) ? 1 : 0.99 + 0.035 * rng.next(),
    outage: rng.chance(0.15)
      ? { day: rng.int(2, Math.max(3, dayCount - 2)), from: rng.int(0, 20), hours: rng.int(1, 9) }
      : null,
    asleepFrom: kind === "rare" && rng.chance(0.6) ? rng.int(1, 6) : null,
    surge: rng.chance(0.3) ? 0.05 * rng.next() : 0.005,
  };
}

/** Moments of a day's work, in no order. */
export function momentsOf(rhythm: Rhythm, company: Company, day: Day, rng: Prng): number[] {
  const moments = byKind(rhythm, company, day, rng);
  const { outage } = rhythm;
  if (outage === null || outage.day !== day.index) return moments;
  // What was due while it was down is done at once when it is back.
  const from = day.start + outage.from * HOUR_MS;
  const to = from + outage.hours * HOUR_MS;
  return moments.map((at) =>
    at >= from && at < to ? to + Math.floor((6 * (at - from)) / outage.hours / 60) : at,
  );
}

function byKind(rhythm: Rhythm, company: Company, day: Day, rng: Prng): number[] {
  if (rhythm.kind === "poll") return polls(rhythm, day, rng);
  const count = amount(rhythm, company, day, rng);
  if (count === 0) return [];
  switch (rhythm.kind) {
    case "office":
      return inOfficeHours(rhythm.office, day.start, count, rng);
    case "bursts":
      return bursts(rhythm, day, count, rng);
    case "always":
    case "rare":
      return evenly(day.start, DAY_MS, count, rng);
    default:
      return run(local(day.start, rhythm.office, rhythm.hour), rhythm.lengthMs, count, rng);
  }
}

/** A whole number around the level: by weekday, growth, the day's mood and now and then a surge. */
function amount(rhythm: Rhythm, company: Company, day: Day, rng: Prng): number {
  if (rhythm.asleepFrom !== null && day.index >= rhythm.asleepFrom) return 0;
  const isFree = !isWorkday(company, day.start);
  let mean = rhythm.level * rhythm.growth ** day.index * (0.55 + 0.9 * rng.next());
  if (isFree) mean *= rhythm.restShare;
  if (rng.chance(rhythm.surge)) mean *= 2 + 3 * rng.next();
  if (rhythm.kind === "weekly") mean *= weekday(day.start) === rhythm.weekday ? 6 : 0.05;
  if (rhythm.kind === "month_end") mean *= isMonthEnd(day.start) ? 5 : 0.08;
  return Math.floor(mean) + (rng.chance(mean % 1) ? 1 : 0);
}

/** The last two days of a month and the first two of the next one. */
export function isMonthEnd(at: number): boolean {
  return new Date(at).getUTCDate() <= 2 || new Date(at + 2 * DAY_MS).getUTCDate() <= 2;
}

function polls({ stepMs, jitter, restShare, kind }: Rhythm, day: Day, rng: Prng): number[] {
  const moments: number[] = [];
  // Only a poll that finds something leaves a record.
  const hit = kind === "poll" ? 0.35 + 0.65 * restShare : 1;
  for (let at = day.start + (stepMs >> 1); at < day.start + DAY_MS; at += stepMs) {
    if (rng.chance(hit)) moments.push(Math.floor(at + jitter * stepMs * (rng.next() - 0.5)));
  }
  return moments;
}

/** One job: records follow each other with uneven gaps, and a busy job takes longer. */
function run(start: number, lengthMs: number, count: number, rng: Prng): number[] {
  const gap = Math.min(lengthMs / count, 30 * SECOND_MS) + 200;
  let at = start + Math.floor(4 * MINUTE_MS * rng.next());
  return Array.from({ length: count }, () => {
    at += Math.floor(gap * (0.3 + 1.4 * rng.next()));
    return at;
  });
}

function bursts({ office, level }: Rhythm, day: Day, count: number, rng: Prng): number[] {
  const size = Math.max(2, Math.min(25, level / 3));
  const moments: number[] = [];
  while (moments.length < count) {
    const [start = day.start] = inOfficeHours(office, day.start, 1, rng);
    // A red build is started again late in the evening.
    let at = rng.chance(0.04) ? local(day.start, office, 21, rng.int(0, 100)) : start;
    const length = Math.max(1, Math.round(size * (0.4 + 1.2 * rng.next())));
    for (let i = 0; i < length && moments.length < count; i++) {
      at += rng.int(300, 9_000);
      moments.push(at);
    }
  }
  return moments;
}

/** Mornings and afternoons are busy, noon less, and somebody is always late. */
export function inOfficeHours(
  office: Office,
  dayStart: number,
  count: number,
  rng: Prng,
): number[] {
  const midnight = local(dayStart, office, 0);
  return Array.from({ length: count }, () => {
    const hour = rng.chance(0.03) ? 6.5 + 15 * rng.next() : 8.5 + 4.75 * (rng.next() + rng.next());
    return Math.floor(midnight + hour * HOUR_MS);
  });
}

/** Spread over a stretch, each anywhere in its own part of it. */
export function evenly(from: number, lengthMs: number, count: number, rng: Prng): number[] {
  const step = lengthMs / Math.max(1, count);
  return Array.from({ length: count }, (_, index) =>
    Math.floor(from + step * (index + rng.next())),
  );
}
