/** Time as epoch milliseconds in UTC: reading vendors' spellings of it, and cutting it into days. */

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** The day of records that carry no time. They are shown and judged, but no rate is computed over them. */
export const UNDATED = -1;

/** Before this no SaaS audit log existed (2000-01-01); a smaller number of milliseconds is a number of seconds. */
const EARLIEST_MS = 946_684_800_000;
/** Nothing later than 2100-01-01 is a real event time. */
const LATEST_MS = 4_102_444_800_000;

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * Epoch milliseconds out of what vendors write as a time: RFC 3339 with any number of decimals, the same without a
 * zone (Microsoft 365 and Purview mean UTC), epoch seconds, milliseconds, microseconds or nanoseconds as number or
 * string. Anything else, and any time outside 2000..2100, is null: a wrong time is worse than none.
 */
export function parseTime(value: unknown): number | null {
  if (typeof value === "number") return fromEpoch(value);
  if (typeof value !== "string") return null;
  const written = value.trim();
  if (written === "" || written.length > 64) return null;
  const iso = ISO.exec(written);
  if (iso !== null) return fromIso(iso);
  if (/^\d{9,19}(\.\d+)?$/.test(written)) return fromEpoch(Number(written));
  return null;
}

function fromIso(parts: RegExpExecArray): number | null {
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone = "Z"] =
    parts;
  const ms = Number(fraction.slice(0, 3).padEnd(3, "0"));
  const at = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    ms,
  );
  if (Number(month) < 1 || Number(month) > 12 || new Date(at).getUTCDate() !== Number(day))
    return null;
  if (Number(hour) > 23 || Number(minute) > 59) return null;
  return inRange(at - zoneOffsetMs(zone));
}

function zoneOffsetMs(zone: string): number {
  const parts = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (parts === null) return 0;
  const size = Number(parts[2]) * HOUR_MS + Number(parts[3]) * MINUTE_MS;
  return parts[1] === "-" ? -size : size;
}

function fromEpoch(value: number): number | null {
  if (!Number.isFinite(value) || value <= 0) return null;
  for (const at of [value * 1_000, value, value / 1_000, value / 1_000_000]) {
    if (at >= EARLIEST_MS && at <= LATEST_MS) return Math.floor(at);
  }
  return null;
}

function inRange(at: number): number | null {
  return at >= EARLIEST_MS && at <= LATEST_MS ? at : null;
}

/** Whole UTC days since 1970-01-01, or UNDATED. */
export function dayOf(at: number | null): number {
  return at === null ? UNDATED : Math.floor(at / DAY_MS);
}

/** First millisecond of a UTC day. */
export function dayStart(day: number): number {
  return day * DAY_MS;
}

/** RFC 3339 in UTC with milliseconds; null stays null. */
export function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
