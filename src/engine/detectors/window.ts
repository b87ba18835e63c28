/** Windows that detectors share: the UTC day of an event, and words for it. */

import { DAY_MS, dayStart, UNDATED } from "#base/time.ts";

/** The whole UTC day, or null for undated. */
export function dayWindow(day: number): { from: number; to: number } | null {
  return day === UNDATED ? null : { from: dayStart(day), to: dayStart(day) + DAY_MS };
}

/** `on 2026-06-01`, or `at an unknown time`. */
export function onDay(day: number): string {
  return day === UNDATED
    ? "at an unknown time"
    : `on ${new Date(dayStart(day)).toISOString().slice(0, 10)}`;
}

/** A count for readers: 1,234. */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** `a, b, c and 4 more`. */
export function listing(items: readonly string[], max = 3): string {
  const shown = items.slice(0, max).join(", ");
  return items.length > max ? `${shown} and ${items.length - max} more` : shown;
}
