/** When automations work: by night, on the minute, with the office, in bursts, weekly, at the end of the month. */

import type { Prng } from "#base/prng.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "#base/time.ts";
import { type Company, isWorkday, local, type Office, weekday } from "#simulator/company.ts";
import type { Day } from "#simulator/stage.ts";

export type Rhythm =
  /** One run each night, of everything on one night of the week. */
  | {
      readonly kind: "nightly";
      readonly hour: number;
      readonly windowMin: number;
      readonly fullOn: number | null;
    }
  /** Every few minutes or hours, with some jitter. */
  | { readonly kind: "poll"; readonly jitter: number; readonly offsetMs: number }
  /** When people of an office work, since they cause it. */
  | { readonly kind: "office" }
  /** Spread over the whole day. */
  | { readonly kind: "always" }
  /** Builds and deployments: few runs, each of many calls. */
  | { readonly kind: "bursts" }
  | { readonly kind: "weekly"; readonly weekday: number; readonly hour: number }
  /** Last two and first three days of the month. */
  | { readonly kind: "month-end"; readonly hour: number };

export type RhythmKind = Rhythm["kind"];

export function rhythmOf(kind: RhythmKind, rng: Prng): Rhythm {
  switch (kind) {
    case "nightly":
      return {
        kind,
        hour: rng.int(0, 5),
        windowMin: rng.int(8, 150),
        fullOn: rng.chance(0.3) ? rng.pick([0, 6]) : null,
      };
    case "poll":
      return { kind, jitter: rng.pick([0.002, 0.01, 0.05, 0.12]), offsetMs: rng.int(0, HOUR_MS) };
    case "weekly":
      return { kind, weekday: rng.pick([0, 1, 1, 5, 6]), hour: rng.int(3, 21) };
    case "month-end":
      return { kind, hour: rng.int(6, 18) };
    case "office":
    case "always":
    case "bursts":
      return { kind };
  }
}

/** Moments of one UTC day at which an automation does something, in order; `perDay` is the mean over all days. */
export function momentsOf(
  company: Company,
  rhythm: Rhythm,
  perDay: number,
  office: Office,
  day: Day,
  rng: Prng,
): number[] {
  switch (rhythm.kind) {
    case "nightly": {
      const full = weekday(day.start) === rhythm.fullOn ? 2.6 : 1;
      const start = local(day.start, office, rhythm.hour, rng.int(0, 6));
      return run(
        start,
        amount(perDay * full * (0.85 + 0.3 * rng.next()), rng),
        rhythm.windowMin * MINUTE_MS,
        rng,
      );
    }
    case "poll":
      return polls(rhythm, perDay, day, rng);
    case "office":
      return officeHours(company, perDay, office, day, rng);
    case "always":
      return scattered(day.start, DAY_MS, amount(perDay * (0.7 + 0.6 * rng.next()), rng), rng);
    case "bursts":
      return builds(company, perDay, office, day, rng);
    case "weekly": {
      if (weekday(day.start) !== rhythm.weekday) return [];
      const start = local(day.start, office, rhythm.hour, rng.int(0, 20));
      return run(start, amount(perDay * 7, rng), 3 * HOUR_MS, rng);
    }
    case "month-end": {
      if (!isMonthEnd(day.start)) {
        return rng.chance(0.1) ? scattered(local(day.start, office, 9), 7 * HOUR_MS, 2, rng) : [];
      }
      const start = local(day.start, office, rhythm.hour, rng.int(0, 59));
      return run(start, amount(perDay * 6 * (0.6 + 0.8 * rng.next()), rng), 4 * HOUR_MS, rng);
    }
  }
}

function isMonthEnd(at: number): boolean {
  const date = new Date(at).getUTCDate();
  return date <= 3 || new Date(at + 2 * DAY_MS).getUTCDate() <= 2;
}

/** A whole number with the given mean. */
function amount(mean: number, rng: Prng): number {
  return Math.floor(mean + rng.next());
}

/** One run: calls follow each other with gaps of very different length. */
function run(start: number, count: number, windowMs: number, rng: Prng): number[] {
  const moments: number[] = [];
  let at = start;
  const gap = windowMs / Math.max(1, count);
  for (let i = 0; i < count; i++) {
    moments.push(Math.floor(at));
    at += gap * -Math.log(1 - 0.999 * rng.next());
  }
  return moments;
}

const PERIODS_MIN = [5, 10, 15, 20, 30, 60, 120, 240, 480, 1_440];

function polls(
  { jitter, offsetMs }: { jitter: number; offsetMs: number },
  perDay: number,
  day: Day,
  rng: Prng,
): number[] {
  let period = 1_440;
  for (const minutes of PERIODS_MIN) {
    if (1_440 / minutes > perDay * 1.4) continue;
    period = minutes;
    break;
  }
  const step = period * MINUTE_MS;
  const moments: number[] = [];
  for (let at = day.start + (offsetMs % step); at < day.start + DAY_MS; at += step) {
    moments.push(Math.floor(at + step * jitter * (rng.next() - 0.5)));
  }
  return moments;
}

/** A hump between half past eight and six, with hardly anything on free days. */
export function officeHours(
  company: Company,
  perDay: number,
  office: Office,
  day: Day,
  rng: Prng,
): number[] {
  const isFree = !isWorkday(company, day.start);
  const count = amount((isFree ? 0.1 : 1.36) * perDay * (0.6 + 0.8 * rng.next()), rng);
  const start = local(day.start, office, 0);
  const moments: number[] = [];
  for (let i = 0; i < count; i++) {
    const hour = rng.chance(0.04) ? 6 + 16 * rng.next() : 8.5 + 4.75 * (rng.next() + rng.next());
    moments.push(Math.floor(start + hour * HOUR_MS));
  }
  return moments.sort((a, b) => a - b);
}

export function scattered(start: number, spanMs: number, count: number, rng: Prng): number[] {
  const moments: number[] = [];
  for (let i = 0; i < count; i++) moments.push(Math.floor(start + spanMs * rng.next()));
  return moments.sort((a, b) => a - b);
}

function builds(company: Company, perDay: number, office: Office, day: Day, rng: Prng): number[] {
  const size = Math.max(2, Math.min(40, perDay / 2));
  const runs = officeHours(company, perDay / size, office, day, rng);
  const moments: number[] = [];
  for (const start of runs) {
    const calls = Math.max(1, amount(size * (0.3 + 1.4 * rng.next()), rng));
    for (let i = 0; i < calls; i++) moments.push(start + i * rng.int(120, 4_000));
  }
  // A red build is started again late in the evening now and then.
  if (moments.length > 0 && rng.chance(0.06)) {
    const late = local(day.start, office, 21, rng.int(0, 90));
    for (let i = 0; i < size; i++) moments.push(late + i * SECOND_MS);
  }
  return moments.sort((a, b) => a - b);
}
