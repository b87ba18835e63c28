/** Whether a record meets what a rule asks, read off the rule part by part. */

import type { Raw } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import { isInNetwork } from "./address.ts";
import {
  type Atom,
  type Comparison,
  fold,
  type PatternPart,
  type Test,
  type TimePart,
} from "./atom.ts";
import type { Accessor } from "./pipelines/path.ts";
import { compileRegex, type Finder } from "./regex.ts";
import type { Condition, Detection, Search, WrittenValue } from "./rule.ts";

/** How the fields of a rule are read. */
export type FieldReader = (field: string) => Accessor;

/** Whether one of the conditions is met. */
export function matches(detection: Detection, record: Raw, read: FieldReader): boolean {
  const { searches, conditions } = detection;
  const isFound = (name: string): boolean => {
    const search = searches.get(name);
    return search !== undefined && isSearchMet(search, record, read);
  };
  return conditions.some((condition) => isConditionMet(condition, isFound));
}

function isConditionMet(condition: Condition, isFound: (name: string) => boolean): boolean {
  switch (condition.is) {
    case "and":
      return condition.parts.every((part) => isConditionMet(part, isFound));
    case "or":
      return condition.parts.some((part) => isConditionMet(part, isFound));
    case "not":
      return !isConditionMet(condition.part, isFound);
    case "name":
      return isFound(condition.name);
    case "count":
      return condition.names.filter(isFound).length >= condition.atLeast;
  }
}

function isSearchMet(search: Search, record: Raw, read: FieldReader): boolean {
  if (search.is !== "item") {
    const isPartMet = (part: Search): boolean => isSearchMet(part, record, read);
    return search.is === "all" ? search.parts.every(isPartMet) : search.parts.some(isPartMet);
  }
  const isMet = ({ anyOf }: WrittenValue): boolean =>
    anyOf.some((atom) => isAtomMet(atom, record, read));
  const found = search.link === "all" ? search.values.every(isMet) : search.values.some(isMet);
  return found !== search.isNegated;
}

function isAtomMet({ field, test }: Atom, record: Raw, read: FieldReader): boolean {
  const value = field === null ? leavesOf(record) : read(field)(record);
  if (test.op === "exists") return (value !== undefined) === test.isThere;
  if (test.op === "null") {
    return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
  }
  const values = scalarsOf(value);
  if (test.op === "fieldref") {
    const others = scalarsOf(read(test.other)(record)).map((one) => textOf(one, test.isCased));
    return values.some((one) =>
      others.some((other) => isRelated(textOf(one, test.isCased), other, test.way)),
    );
  }
  return values.some((one) => isTestMet(test, one));
}

type Scalar = string | number | boolean;
type ValueTest = Exclude<Test, { op: "exists" | "null" | "fieldref" }>;

function isTestMet(test: ValueTest, value: Scalar): boolean {
  switch (test.op) {
    case "equals":
      return textOf(value, test.isCased) === test.text;
    case "pattern":
      return isLike(test.parts, textOf(value, test.isCased));
    case "regex":
      return finderOf(test)(String(value));
    case "cidr":
      return isInNetwork(String(value), test);
    case "compare": {
      const number = numberOf(value);
      return number !== null && compares(number, test.by, test.value);
    }
    case "time": {
      const part = timePart(value, test.part);
      return part !== null && compares(part, test.by, test.value);
    }
  }
}

/** Values a keyword may stand in: every text, number and truth value of the record. */
function leavesOf(value: unknown, depth = 0): Scalar[] {
  if (isScalar(value)) return [value];
  if (depth > DEPTH_MAX || typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((one) => leavesOf(one, depth + 1));
}

function scalarsOf(value: unknown, depth = 0): Scalar[] {
  if (isScalar(value)) return [value];
  if (depth > DEPTH_MAX || !Array.isArray(value)) return [];
  return value.flatMap((one) => scalarsOf(one, depth + 1));
}

/** Vendors nest no deeper; whoever nests a million times means the stack, not the reader. */
const DEPTH_MAX = 64;

function isScalar(value: unknown): value is Scalar {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function textOf(value: Scalar, isCased: boolean): string {
  const text = String(value);
  return isCased ? text : fold(text);
}

/** A run of texts and wildcards against a whole text; never worse than the product of both lengths. */
function isLike(parts: readonly PatternPart[], text: string): boolean {
  let part = 0;
  let at = 0;
  let retryPart = -1;
  let retryAt = 0;
  for (;;) {
    const wanted = parts[part];
    if (wanted === undefined) {
      if (at === text.length) return true;
    } else if (wanted.is === "many") {
      if (part === parts.length - 1) return true;
      part++;
      retryPart = part;
      retryAt = at;
      continue;
    } else {
      const width = widthAt(wanted, text, at);
      if (width >= 0) {
        part++;
        at += width;
        continue;
      }
    }
    if (retryPart < 0 || retryAt >= text.length) return false;
    retryAt += widthAt({ is: "one" }, text, retryAt);
    part = retryPart;
    at = retryAt;
  }
}

/** How many units of the text the part takes here; -1 where it does not fit. A placeholder without a value fits nowhere. */
function widthAt(part: PatternPart, text: string, at: number): number {
  if (part.is === "text") return text.startsWith(part.text, at) ? part.text.length : -1;
  if (part.is !== "one" || at >= text.length) return -1;
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

const finders = new WeakMap<Test, Finder>();

function finderOf(test: Extract<Test, { op: "regex" }>): Finder {
  let finder = finders.get(test);
  if (finder === undefined) {
    // What cannot be compiled was refused when the rule was read.
    finder = compileRegex(test.source, test.flags).find ?? (() => false);
    finders.set(test, finder);
  }
  return finder;
}

function numberOf(value: Scalar): number | null {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value.trim())) {
    return null;
  }
  return Number(value);
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

function isRelated(a: string, b: string, way: Extract<Test, { op: "fieldref" }>["way"]): boolean {
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

const WRITTEN_TIME = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?/;

/** The part of a time as it is written; a number of the epoch is read as UTC. */
function timePart(value: Scalar, part: TimePart): number | null {
  const at = typeof value === "number" || /^\d+$/.test(String(value)) ? parseTime(value) : null;
  const written = at === null ? String(value) : new Date(at).toISOString();
  const found = WRITTEN_TIME.exec(written);
  if (found === null) return null;
  const [year = 0, month = 0, day = 0] = found.slice(1, 4).map(Number);
  if (part === "year") return year;
  if (part === "month") return month;
  if (part === "day") return day;
  if (part === "week") return isoWeek(year, month, day);
  const clock = part === "hour" ? found[4] : found[5];
  return clock === undefined ? null : Number(clock);
}

function isoWeek(year: number, month: number, day: number): number {
  // The week belongs to the year of its Thursday.
  const date = new Date(Date.UTC(year, month - 1, day));
  const thursday = date.getTime() + (4 - (date.getUTCDay() || 7)) * DAY;
  const first = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1);
  return 1 + Math.floor((thursday - first) / (7 * DAY));
}

const DAY = 86_400_000;
