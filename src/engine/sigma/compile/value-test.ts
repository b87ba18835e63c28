/** What an atom asks of one value, as a function. */

import { parseTime } from "#base/time.ts";
import { isInNetwork } from "#engine/sigma/address.ts";
import type { Comparison, FieldRefWay, Test, TimePart } from "#engine/sigma/atom.ts";
import { compileRegex } from "#engine/sigma/regex.ts";
import { wildcard } from "./wildcard.ts";

export type Scalar = string | number | boolean;

/** Tests of a single value; the others look at the field as a whole. */
export type ValueTest = Exclude<Test, { op: "exists" | "null" | "fieldref" }>;

/** `text` is the value as text, folded unless the test is cased; `value` is the value itself. */
export type ValueCheck = (text: string, value: Scalar) => boolean;

export function isFolded(test: ValueTest): boolean {
  return (test.op === "equals" || test.op === "pattern") && !test.isCased;
}

export function checkOf(test: ValueTest): ValueCheck {
  switch (test.op) {
    case "equals": {
      const wanted = test.text;
      return (text) => text === wanted;
    }
    case "pattern":
      return wildcard(test.parts);
    case "regex": {
      const { find } = compileRegex(test.source, test.flags);
      // What cannot be compiled was refused when the rule was read.
      return find ?? (() => false);
    }
    case "cidr": {
      const { bytes, prefixBits } = test;
      return (text) => isInNetwork(text, { bytes, prefixBits });
    }
    case "compare": {
      const { by, value: limit } = test;
      return (_, value) => {
        const number = numberOf(value);
        return number !== null && compares(number, by, limit);
      };
    }
    case "time": {
      const { part, by, value: limit } = test;
      return (_, value) => {
        const found = timePart(value, part);
        return found !== null && compares(found, by, limit);
      };
    }
  }
}

export function relates(a: string, b: string, way: FieldRefWay): boolean {
  switch (way) {
    case "equals":
      return a === b;
    case "startswith":
      return a.startsWith(b);
    case "endswith":
      return a.endsWith(b);
    case "contains":
      return a.includes(b);
  }
}

const DECIMAL = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/** The number that a value is or spells out; null for anything else. */
export function numberOf(value: Scalar): number | null {
  if (typeof value === "number") return value;
  return typeof value === "string" && DECIMAL.test(value) ? Number(value) : null;
}

function compares(a: number, by: Comparison, b: number): boolean {
  switch (by) {
    case "gt":
      return a > b;
    case "gte":
      return a >= b;
    case "lt":
      return a < b;
    case "lte":
      return a <= b;
    case "eq":
      return a === b;
    case "neq":
      return a !== b;
  }
}

const WRITTEN = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?/;

/** A part of a time as it is written; a number of the epoch is read as UTC. */
function timePart(value: Scalar, part: TimePart): number | null {
  const isEpoch = typeof value === "number" || /^\d+$/.test(String(value));
  const at = isEpoch ? parseTime(value) : null;
  const found = WRITTEN.exec(at === null ? String(value) : new Date(at).toISOString());
  if (found === null) return null;
  const [, year = "", month = "", day = "", hour, minute] = found;
  switch (part) {
    case "year":
      return Number(year);
    case "month":
      return Number(month);
    case "day":
      return Number(day);
    case "week":
      return weekOf(Date.UTC(Number(year), Number(month) - 1, Number(day)));
    case "hour":
      return hour === undefined ? null : Number(hour);
    case "minute":
      return minute === undefined ? null : Number(minute);
  }
}

const DAY_MS = 86_400_000;

/** ISO 8601: a week belongs to the year that its Thursday is in. */
function weekOf(midnight: number): number {
  const weekday = (new Date(midnight).getUTCDay() + 6) % 7;
  const thursday = midnight + (3 - weekday) * DAY_MS;
  const newYear = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1);
  return Math.floor((thursday - newYear) / (7 * DAY_MS)) + 1;
}
