/** The hours of the day and the days of the week at which an actor is usually active, learnt from its earlier days. */

import { DAY_MS, HOUR_MS, UNDATED } from "#base/time.ts";
import type { Profile } from "#engine/profile/profile.ts";

export interface Rhythm {
  /** Earlier active days, and the days from the first of them to the one judged. */
  readonly days: number;
  readonly spanDays: number;
  /** Active days by UTC hour. */
  readonly daysByHour: readonly number[];
  /** Days of the week, 0 = Monday, on which it rested each time; at least twice. */
  readonly restDays: ReadonlySet<number>;
  /** Records on its median active day. */
  readonly eventsPerDay: number;
  /** Share of its earlier days that had an hour which no other earlier day has nearby: 0 is a clock, 1 is whim. */
  readonly whim: number;
}

/** Monday is 0; day 0, 1970-01-01, was a Thursday. */
export function weekday(day: number): number {
  return (day + 3) % 7;
}

/** The rhythm of the days before `day`. One stray day makes no hour usual: an attack of two nights does not hide itself. */
export function rhythmBefore(
  profiles: readonly Profile[],
  day: number,
  { slackHours, strayDaysMax }: { slackHours: number; strayDaysMax: number },
): Rhythm {
  const earlier = profiles.filter((profile) => profile.day !== UNDATED && profile.day < day);
  const daysByHour = new Array<number>(24).fill(0);
  for (const { hours } of earlier) {
    for (const [hour, records] of hours.entries()) {
      if (records > 0) daysByHour[hour] = (daysByHour[hour] ?? 0) + 1;
    }
  }
  const first = earlier[0]?.day ?? day;
  const counts = earlier.map(({ events }) => events).sort((a, b) => a - b);
  const whimsical = earlier.filter(({ hours }) => {
    const others = daysByHour.map((days, hour) => days - ((hours[hour] ?? 0) > 0 ? 1 : 0));
    return hours.some((records, hour) => records > 0 && !isNear(others, hour, slackHours, 0));
  });
  return {
    days: earlier.length,
    spanDays: day - first,
    daysByHour,
    restDays: restDaysOf(earlier, first, day, strayDaysMax),
    eventsPerDay: counts[Math.floor(counts.length / 2)] ?? 0,
    whim: earlier.length === 0 ? 1 : whimsical.length / earlier.length,
  };
}

function restDaysOf(
  earlier: readonly Profile[],
  first: number,
  day: number,
  strayDaysMax: number,
): Set<number> {
  const active = new Array<number>(7).fill(0);
  for (const profile of earlier) {
    const index = weekday(profile.day);
    active[index] = (active[index] ?? 0) + 1;
  }
  const passed = new Array<number>(7).fill(0);
  for (let one = first; one < day; one++) {
    const index = weekday(one);
    passed[index] = (passed[index] ?? 0) + 1;
  }
  const rest = new Set<number>();
  for (const [index, times] of passed.entries()) {
    const strays = active[index] ?? 0;
    // One stray in five such days still is a day of rest.
    if (times >= 2 && (strays === 0 || (strays <= strayDaysMax && times >= 5))) rest.add(index);
  }
  return rest;
}

/** Whether an hour, or one at most `slackHours` from it around the clock, was active on more than `strayDaysMax` days. */
export function isNear(
  daysByHour: readonly number[],
  hour: number,
  slackHours: number,
  strayDaysMax: number,
): boolean {
  for (let offset = -slackHours; offset <= slackHours; offset++) {
    if ((daysByHour[(hour + offset + 24) % 24] ?? 0) > strayDaysMax) return true;
  }
  return false;
}

/** `02:00 UTC (Monday 04:00 in Europe/Berlin)` for readers; UTC alone where the system does not know the zone. */
export function hourWords(day: number, hour: number, timeZone: string): string {
  const utc = `${String(hour).padStart(2, "0")}:00 UTC`;
  if (timeZone === "UTC") return utc;
  try {
    const local = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      weekday: "long",
      hour: "2-digit",
      minute: "2-digit",
    }).format(day * DAY_MS + hour * HOUR_MS);
    return `${utc} (${local} in ${timeZone})`;
  } catch {
    return utc;
  }
}
