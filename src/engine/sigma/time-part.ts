/** The minute, hour, day, week, month or year of a time that a record carries. */

import { DAY_MS, parseTime } from "#base/time.ts";
import type { TimePart } from "./atom.ts";

const WRITTEN =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::\d{2})?(?:[.,]\d+)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * The part as it is written, for zones are nobody's to guess: 23:15+02:00 has hour 23. Times as numbers of the epoch are read as
 * UTC. Null where the text is no time, or a day without a time of day is asked for its hour.
 */
export function timePart(text: string, part: TimePart): number | null {
  const written = WRITTEN.exec(text.trim());
  if (written === null) {
    const at = parseTime(text);
    return at === null ? null : partOf(new Date(at), part);
  }
  const [, year, month, day, hour, minute] = written.map(Number);
  if (year === undefined || month === undefined || day === undefined) return null;
  const hasTime = written[4] !== undefined;
  if (!hasTime && (part === "hour" || part === "minute")) return null;
  if (hasTime && (Number(hour) > 23 || Number(minute) > 59)) return null;
  const at = new Date(Date.UTC(year, month - 1, day, hasTime ? hour : 0, hasTime ? minute : 0));
  if (at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day) return null;
  return partOf(at, part);
}

function partOf(at: Date, part: TimePart): number {
  switch (part) {
    case "minute":
      return at.getUTCMinutes();
    case "hour":
      return at.getUTCHours();
    case "day":
      return at.getUTCDate();
    case "week":
      return isoWeek(at);
    case "month":
      return at.getUTCMonth() + 1;
    case "year":
      return at.getUTCFullYear();
  }
}

/** ISO 8601: the week of the year that has this week's Thursday. */
function isoWeek(at: Date): number {
  const midnight = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
  const sinceMonday = (at.getUTCDay() + 6) % 7;
  const thursday = new Date(midnight + (3 - sinceMonday) * DAY_MS);
  const newYear = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return 1 + Math.floor((thursday.getTime() - newYear) / (7 * DAY_MS));
}
