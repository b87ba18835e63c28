/** Total accessors for untrusted JSON: they never throw, never coerce silently into nonsense, and bound what they return. */

/** A JSON object of unknown shape. */
export type Raw = Readonly<Record<string, unknown>>;

const NOTHING: Raw = Object.freeze({});

/** Longest text that leaves an accessor unless its caller asks for more, in UTF-16 units. */
export const TEXT_MAX = 1_024;

export function isObject(value: unknown): value is Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value if it is an object, else an empty object, so that chains of look-ups need no checks. */
export function object(value: unknown): Raw {
  return isObject(value) ? value : NOTHING;
}

/** The value if it is a list; a lone object or scalar becomes a list of one (collectors split lists); nothing becomes []. */
export function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** Trimmed, bounded, non-empty text; finite numbers and booleans are printed; anything else is null. */
export function text(value: unknown, max = TEXT_MAX): string | null {
  if (typeof value === "string") {
    const trimmed = value.trim();
    if (trimmed === "") return null;
    return trimmed.length > max ? clip(trimmed, max) : trimmed;
  }
  if (typeof value === "number") return Number.isFinite(value) ? clip(String(value), max) : null;
  if (typeof value === "boolean") return clip(String(value), max);
  return null;
}

/** The first of several values that is non-empty text. */
export function firstText(...values: readonly unknown[]): string | null {
  for (const value of values) {
    const found = text(value);
    if (found !== null) return found;
  }
  return null;
}

/** A finite number, or a string that spells one in full; anything else is null. */
export function number(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "string" || value.trim() === "") return null;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : null;
}

/** true/false as booleans, as "true"/"false"/"1"/"0" in any case, or as 1/0; anything else is null. */
export function bool(value: unknown): boolean | null {
  if (typeof value === "boolean") return value;
  if (value === 1 || value === 0) return value === 1;
  if (typeof value !== "string") return null;
  const lower = value.trim().toLowerCase();
  if (lower === "true" || lower === "1" || lower === "yes") return true;
  if (lower === "false" || lower === "0" || lower === "no") return false;
  return null;
}

/** Bounded list of texts of at most 512 units, out of a list, or out of one text split at white space and commas (scope strings). */
export function texts(value: unknown, max = 512): string[] {
  const found: string[] = [];
  const parts = typeof value === "string" ? value.split(/[\s,]+/, max + 1) : list(value);
  for (const part of parts) {
    if (found.length >= max) break;
    const item = text(part, 512);
    if (item !== null) found.push(item);
  }
  return found;
}

/** JSON inside a string, as vendors love to nest it; null when it is not JSON. Bounded at 1 MiB of text. */
export function nested(value: unknown): unknown {
  if (typeof value !== "string") return value ?? null;
  if (value.length > 1_048_576) return null;
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}

/** At most `max` UTF-16 units, never ending in half of a surrogate pair. */
export function clip(value: string, max: number): string {
  if (value.length <= max) return value;
  const code = value.charCodeAt(max - 1);
  const end = code >= 0xd800 && code <= 0xdbff ? max - 1 : max;
  return value.slice(0, end);
}
