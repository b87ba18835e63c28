/** When the organization works: its time zone, working days, office hours and holidays. */

import { DAY_MS, dayStart, HOUR_MS, UNDATED } from "#base/time.ts";
import type { Profile } from "#engine/profile/profile.ts";

export interface Calendar {
  /** IANA name. */
  readonly timeZone: string;
  /** 0 is Monday. */
  readonly workdays: readonly number[];
  /** Local hours between which offices work, half open. */
  readonly fromHour: number;
  readonly toHour: number;
  /** Local dates of rest, YYYY-MM-DD. */
  readonly holidays: readonly string[];
}

/** Wide office hours from Monday to Friday: what most companies would call no news. */
export function usualCalendar(timeZone: string): Calendar {
  return { timeZone, workdays: [0, 1, 2, 3, 4], fromHour: 7, toHour: 20, holidays: [] };
}

/** A moment on the organization's clocks. */
export interface LocalTime {
  /** YYYY-MM-DD. */
  readonly date: string;
  /** 0 is Monday. */
  readonly weekday: number;
  readonly hour: number;
}

const offsets = new Map<string, number>();
const OFFSETS_MAX = 10_000;

/** The zone's distance from UTC at a moment, in milliseconds; looked up once an hour, since changes fall on full hours. */
function offsetMs(timeZone: string, at: number): number {
  const hour = Math.floor(at / HOUR_MS);
  const key = `${timeZone}|${hour}`;
  const held = offsets.get(key);
  if (held !== undefined) return held;
  const parts = formatOf(timeZone).formatToParts(hour * HOUR_MS);
  const read = (type: string): number =>
    Number(parts.find((part) => part.type === type)?.value ?? Number.NaN);
  const local = Date.UTC(
    read("year"),
    read("month") - 1,
    read("day"),
    read("hour"),
    read("minute"),
  );
  const found = local - hour * HOUR_MS;
  if (offsets.size >= OFFSETS_MAX) offsets.clear();
  offsets.set(key, found);
  return found;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    });
    formats.set(timeZone, format);
  }
  return format;
}

export function localTime(timeZone: string, at: number): LocalTime {
  const local = at + offsetMs(timeZone, at);
  const day = Math.floor(local / DAY_MS);
  return {
    date: new Date(day * DAY_MS).toISOString().slice(0, 10),
    weekday: (((day + 3) % 7) + 7) % 7,
    hour: Math.floor((local - day * DAY_MS) / HOUR_MS),
  };
}

/** Whether offices work at a moment. */
export function isOfficeTime(calendar: Calendar, at: number): boolean {
  const { date, weekday, hour } = localTime(calendar.timeZone, at);
  return (
    calendar.workdays.includes(weekday) &&
    hour >= calendar.fromHour &&
    hour < calendar.toHour &&
    !calendar.holidays.includes(date)
  );
}

/** The share of a day's records outside office time, by hours; NaN for undated and idle days. */
export function offHoursShare(profile: Profile, calendar: Calendar): number {
  if (profile.day === UNDATED) return Number.NaN;
  let off = 0;
  let all = 0;
  for (const [hour, records] of profile.hours.entries()) {
    if (records === 0) continue;
    all += records;
    if (!isOfficeTime(calendar, dayStart(profile.day) + hour * HOUR_MS)) off += records;
  }
  return all === 0 ? Number.NaN : off / all;
}
