/**
 * Judges one record by one rule, straight from the specification and without any shortcut, and says which part was met by
 * what. The compiled engine must always agree with it.
 */

import type { Raw } from "#base/raw.ts";
import { isInNetwork } from "./address.ts";
import { type Atom, type Comparison, fold, type PatternPart, type Test } from "./atom.ts";
import { compileRegex } from "./regex.ts";
import type { Condition, Detection, Search, WrittenValue } from "./rule.ts";
import { timePart } from "./time-part.ts";
import { everyText, isNull, textsOf } from "./values.ts";

/** Gives the reader of a field. Of a record it reads: undefined, the field does not exist; an array, several values. */
export type FieldReader = (field: string) => (record: Raw) => unknown;

/** One part of a rule with its answer, and the answers that led to it. */
export interface Explanation {
  readonly is:
    | "rule"
    | "and"
    | "or"
    | "not"
    | "count"
    | "search"
    | "all"
    | "any"
    | "field"
    | "keywords"
    | "value";
  /** As the rule writes it. */
  readonly written: string;
  readonly isMet: boolean;
  /** For fields what the record holds, for values which text met them; null where there is nothing to say. */
  readonly note: string | null;
  readonly parts: readonly Explanation[];
}

/** Whether the rule (or filter) matches the record. */
export function matches(
  rule: { readonly detection: Detection },
  record: Raw,
  read: FieldReader,
): boolean {
  return explain(rule, record, read).isMet;
}

/** The same with every part's answer, in the order of the rule. */
export function explain(
  rule: { readonly detection: Detection },
  record: Raw,
  read: FieldReader,
): Explanation {
  const { searches, conditions } = rule.detection;
  const answers = new Map<string, Explanation>();
  for (const [name, search] of searches) {
    answers.set(name, {
      ...explainSearch(search, record, read),
      is: "search",
      written: name,
    });
  }
  const parts = conditions.map((condition) => explainCondition(condition, answers));
  return {
    is: "rule",
    written: "condition",
    isMet: parts.some(({ isMet }) => isMet),
    note: null,
    parts,
  };
}

function explainCondition(
  condition: Condition,
  answers: ReadonlyMap<string, Explanation>,
): Explanation {
  switch (condition.is) {
    case "name":
      return answerOf(condition.name, answers);
    case "not": {
      const part = explainCondition(condition.part, answers);
      return { is: "not", written: "not", isMet: !part.isMet, note: null, parts: [part] };
    }
    case "and":
    case "or": {
      const parts = condition.parts.map((part) => explainCondition(part, answers));
      const isMet =
        condition.is === "and"
          ? parts.every((part) => part.isMet)
          : parts.some((part) => part.isMet);
      return { is: condition.is, written: condition.is, isMet, note: null, parts };
    }
    case "count": {
      const parts = condition.names.map((name) => answerOf(name, answers));
      const met = parts.filter(({ isMet }) => isMet).length;
      return {
        is: "count",
        written: condition.written,
        isMet: met >= condition.atLeast,
        note: `${met} of ${parts.length} are met`,
        parts,
      };
    }
  }
}

function answerOf(name: string, answers: ReadonlyMap<string, Explanation>): Explanation {
  const answer = answers.get(name);
  if (answer === undefined) throw new Error(`the condition names ${name}, which the rule lacks`);
  return answer;
}

function explainSearch(search: Search, record: Raw, read: FieldReader): Explanation {
  if (search.is === "item") return explainItem(search, record, read);
  const parts = search.parts.map((part) => explainSearch(part, record, read));
  const isMet =
    search.is === "all" ? parts.every((part) => part.isMet) : parts.some((part) => part.isMet);
  return { is: search.is, written: search.is, isMet, note: null, parts };
}

function explainItem(
  item: Extract<Search, { is: "item" }>,
  record: Raw,
  read: FieldReader,
): Explanation {
  const value = item.field === null ? record : read(item.field)(record);
  const texts = item.field === null ? everyText(record) : textsOf(value);
  const seen: Seen = { value, texts, record, read };
  const parts = item.values.map((one) => explainValue(one, seen));
  const isMet =
    item.link === "all" ? parts.every((part) => part.isMet) : parts.some((part) => part.isMet);
  return {
    is: item.field === null ? "keywords" : "field",
    written: item.written === "" ? "keywords" : item.written,
    isMet: item.isNegated ? !isMet : isMet,
    note: item.field === null ? null : holding(value, texts),
    parts,
  };
}

/** What the record shows to one field of a rule. */
interface Seen {
  readonly value: unknown;
  readonly texts: readonly string[];
  readonly record: Raw;
  readonly read: FieldReader;
}

function explainValue(value: WrittenValue, seen: Seen): Explanation {
  let note: string | null = null;
  let isMet = false;
  for (const atom of value.anyOf) {
    const by = metBy(atom, seen);
    if (by === null) continue;
    isMet = true;
    note = by === "" && atom.test.op !== "equals" ? null : `met by ${shown(by)}`;
    break;
  }
  return { is: "value", written: value.written, isMet, note, parts: [] };
}

/** The text that meets the atom, "" where no text does but the atom is met, or null. */
function metBy({ test }: Atom, { value, texts, record, read }: Seen): string | null {
  switch (test.op) {
    case "exists":
      return (value !== undefined) === test.isThere ? "" : null;
    case "null":
      return isNull(value) ? "" : null;
    case "fieldref": {
      const others = textsOf(read(test.other)(record));
      return texts.find((text) => others.some((other) => isRelated(text, other, test))) ?? null;
    }
    default: {
      const passes = textTest(test);
      return texts.find(passes) ?? null;
    }
  }
}

function isRelated(text: string, other: string, test: Extract<Test, { op: "fieldref" }>): boolean {
  const [a, b] = test.isCased ? [text, other] : [fold(text), fold(other)];
  switch (test.way) {
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

function textTest(
  test: Exclude<Test, { op: "exists" | "null" | "fieldref" }>,
): (text: string) => boolean {
  switch (test.op) {
    case "equals":
      return (text) => (test.isCased ? text : fold(text)) === test.text;
    case "pattern":
      return (text) => fits(test.parts, test.isCased ? text : fold(text));
    case "regex":
      // What does not compile was refused when the rule was read.
      return compileRegex(test.source, test.flags).find ?? (() => false);
    case "cidr":
      return (text) => isInNetwork(text.trim(), test);
    case "compare":
      return (text) => compares(numberIn(text), test.by, test.value);
    case "time":
      return (text) => compares(timePart(text, test.part), test.by, test.value);
  }
}

/** A decimal number, or null: neither "" nor "0x1f" nor "12 MB" is one. */
function numberIn(text: string): number | null {
  return /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : null;
}

function compares(value: number | null, by: Comparison, limit: number): boolean {
  if (value === null) return false;
  switch (by) {
    case "gt":
      return value > limit;
    case "gte":
      return value >= limit;
    case "lt":
      return value < limit;
    case "lte":
      return value <= limit;
    case "eq":
      return value === limit;
    case "neq":
      return value !== limit;
  }
}

/** The whole text against the parts: which places of the text can be reached behind each part. */
function fits(parts: readonly PatternPart[], text: string): boolean {
  const characters = [...text];
  let reached = new Set([0]);
  for (const part of parts) {
    const next = new Set<number>();
    if (part.is === "many") {
      const first = Math.min(...reached);
      for (let at = first; at <= characters.length; at++) next.add(at);
    }
    for (const at of reached) {
      if (part.is === "one" && at < characters.length) next.add(at + 1);
      if (part.is === "text") {
        const wanted = [...part.text];
        if (wanted.every((character, index) => characters[at + index] === character)) {
          next.add(at + wanted.length);
        }
      }
    }
    // Nothing is known of a placeholder without values, so it leads nowhere.
    if (next.size === 0) return false;
    reached = next;
  }
  return reached.has(characters.length);
}

function holding(value: unknown, texts: readonly string[]): string {
  if (value === undefined) return "the record has no such field";
  if (isNull(value)) return "the record has no value there";
  const [first] = texts;
  if (first === undefined) return "the record has an object there";
  const more = texts.length > 3 ? ` and ${texts.length - 3} more` : "";
  return `the record has ${texts.slice(0, 3).map(shown).join(", ")}${more}`;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 117)}...` : text);
}
