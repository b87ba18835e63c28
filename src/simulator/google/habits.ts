/** When an everyday automation works on a given day, and how much: rhythm, growth, outages, moves, noise. */

import { hash32 } from "#base/hash.ts";
import type { Prng } from "#base/prng.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#base/time.ts";
import { type Company, isWorkday, local, type Office, weekday } from "#simulator/company.ts";
import type { Day } from "#simulator/stage.ts";
import type { Rhythm } from "./trades.ts";

export interface Habits {
  readonly rhythm: Rhythm;
  /** Records on a usual working day. */
  readonly level: number;
  readonly office: Office;
  /** When a run begins, by the office's clock. */
  readonly hour: number;
  /** How long a run takes. */
  readonly lengthMin: number;
  /** Minutes between polls, how far off one may be, and where in the hour they lie. */
  readonly everyMin: number;
  readonly jitter: number;
  readonly phase: number;
  /** Day of the week of weekly runs. */
  readonly weekday: number;
  /** Whether it rests when offices do. */
  readonly restsOnFreeDays: boolean;
  /** Factor by which it grows from day to day. */
  readonly growth: number;
  /** Index of a day on which it is down; what was left lying is done on the next. */
  readonly outageDay: number | null;
  /** Index of the day from which it runs on other machines. */
  readonly moveDay: number | null;
  /** Share of calls that fail. */
  readonly failing: number;
}

/** Minutes between polls that people set. */
const STEPS_MIN = [1, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1_440] as const;

export function habitsOf(
  rhythm: Rhythm,
  level: number,
  hours: readonly [number, number],
  office: Office,
  dayCount: number,
  rng: Prng,
): Habits {
  const wanted = 1_440 / Math.max(1, level);
  const everyMin = STEPS_MIN.find((step) => step >= wanted * 0.8) ?? 1_440;
  return {
    rhythm,
    level,
    office,
    hour: hours[0] + (hours[1] - hours[0]) * rng.next(),
    lengthMin: rng.pick([3, 10, 25, 60, 120]),
    everyMin,
    jitter: rng.pick([0.002, 0.02, 0.1]),
    phase: rng.next(),
    weekday: rng.pick([1, 1, 2, 3, 5, 5, 6, 0]),
    restsOnFreeDays: rng.chance(0.4),
    growth: rng.chance(0.75) ? 1 : 1 + 0.025 * rng.next(),
    outageDay: rng.chance(0.25) ? rng.int(2, Math.max(3, dayCount - 2)) : null,
    moveDay: rng.chance(0.12) ? rng.int(3, Math.max(4, dayCount - 2)) : null,
    failing: rng.chance(0.15) ? 0.06 * rng.next() : 0.006 * rng.next(),
  };
}

/** Moments of a day in no order, each one thing that it does. */
export function momentsOn(habits: Habits, company: Company, day: Day, rng: Prng): number[] {
  if (habits.outageDay === day.index) {
    return officeHours(habits.office, day, Math.min(6, Math.ceil(habits.level / 4)), rng);
  }
  const isFree = !isWorkday(company, day.start);
  if (habits.rhythm === "poll") return polls(habits, day, rng);
  const amount = amountOn(habits, day, isFree, rng);
  switch (habits.rhythm) {
    case "office":
      return officeHours(habits.office, day, amount, rng);
    case "burst":
      return bursts(habits.office, day, amount, rng);
    default:
      return run(habits, day, amount, rng);
  }
}

function amountOn(habits: Habits, day: Day, isFree: boolean, rng: Prng): number {
  let mean = habits.level * habits.growth ** day.index;
  // Day by day it is a third more or less; once in a while something makes it a multiple.
  mean *= Math.exp(0.35 * gauss(rng));
  if (rng.chance(0.012)) mean *= 2 + 4 * rng.next();
  if (habits.outageDay === day.index - 1) mean *= 1.8;
  switch (habits.rhythm) {
    case "weekly":
      mean *= weekday(day.start) === habits.weekday ? 5 : 0;
      break;
    case "month":
      mean *= monthly(day.start);
      break;
    case "office":
      mean *= isFree ? 0.06 : 1.3;
      break;
    case "burst":
      mean *= isFree ? 0.1 : 1.3;
      break;
    case "idle":
      break;
    default:
      mean *= isFree && habits.restsOnFreeDays ? 0 : 1;
  }
  const whole = Math.floor(mean);
  return whole + (rng.chance(mean - whole) ? 1 : 0);
}

/** The last two days of a month and the first four are busy, the others nearly empty. */
function monthly(at: number): number {
  const date = new Date(at).getUTCDate();
  const left = new Date(at + 2 * DAY_MS).getUTCDate();
  return date <= 4 || left <= 2 ? 4 : 0.12;
}

function polls({ everyMin, jitter, phase }: Habits, day: Day, rng: Prng): number[] {
  const step = everyMin * MINUTE_MS;
  const moments: number[] = [];
  for (let at = Math.floor(day.start + phase * step); at < day.start + DAY_MS; at += step) {
    moments.push(Math.floor(at + jitter * step * rng.next()));
  }
  return moments;
}

/** One run, denser at its start. */
function run(habits: Habits, day: Day, amount: number, rng: Prng): number[] {
  const { office, hour, lengthMin } = habits;
  const start = local(day.start, office, hour) + Math.floor(6 * MINUTE_MS * rng.next());
  const length = (2 + lengthMin * Math.min(1, amount / 30)) * MINUTE_MS;
  return Array.from({ length: amount }, () => Math.floor(start + length * rng.next() ** 1.3));
}

function officeHours(office: Office, day: Day, amount: number, rng: Prng): number[] {
  return Array.from({ length: amount }, () => officeMoment(office, day.start, rng));
}

/** A moment at which somebody works: the morning and the afternoon, seldom the evening. */
export function officeMoment(office: Office, dayStart: number, rng: Prng): number {
  const hour = rng.chance(0.03) ? 19 + 3 * rng.next() : 8.5 + 4.75 * (rng.next() + rng.next());
  return Math.floor(local(dayStart, office, 0) + hour * HOUR_MS);
}

/** A few occasions a day, each with several records within minutes. */
function bursts(office: Office, day: Day, amount: number, rng: Prng): number[] {
  const moments: number[] = [];
  while (moments.length < amount) {
    const start = officeMoment(office, day.start, rng);
    const size = Math.min(amount - moments.length, rng.int(2, 4 + Math.ceil(amount / 3)));
    for (let i = 0; i < size; i++) moments.push(start + Math.floor(4 * MINUTE_MS * rng.next()));
  }
  return moments;
}

/** Roughly normal: mean 0, standard deviation 1. */
export function gauss(rng: Prng): number {
  return (rng.next() + rng.next() + rng.next() + rng.next() - 2) * 1.732;
}

/** Heavy-tailed around a median: most are small, a few are large. */
export function heavyTailed(median: number, sigma: number, rng: Prng): number {
  // A sum of four draws has no tails of its own; the square of a gauss stretches the upper one.
  const z = gauss(rng);
  return median * Math.exp(sigma * (z > 0 ? z + 0.18 * z * z : z));
}

/** A draw that depends on a name and a day alone. */
export function steady(name: string, salt: number): number {
  return hash32(name, salt) / 4_294_967_296;
}
