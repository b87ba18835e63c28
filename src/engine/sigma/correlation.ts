/** The correlation section: type, rules, grouping, time span and condition. */

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "#base/time.ts";
import type { Comparison } from "./atom.ts";
import { parseRuleExpression } from "./condition.ts";
import { placeIn } from "./detection.ts";
import { textAt, textsAt } from "./metadata.ts";
import { entryOf, type MapNode, type Node } from "./node.ts";
import { type Problems, quoted, suggestion } from "./problems.ts";
import {
  CORRELATION_TYPES,
  type CorrelationLimit,
  type CorrelationType,
  type Position,
  type RuleExpression,
  type SigmaCorrelation,
} from "./rule.ts";

type Section = Pick<
  SigmaCorrelation,
  | "type"
  | "rules"
  | "groupBy"
  | "timespanMs"
  | "timespanWritten"
  | "aliases"
  | "limits"
  | "expression"
  | "fields"
  | "percentile"
  | "generate"
>;

const KEYS = ["type", "rules", "group-by", "timespan", "aliases", "condition", "generate"];
const COMPARISONS: readonly Comparison[] = ["gt", "gte", "lt", "lte", "eq", "neq"];

/** A correlation of more rules, groups or aliases is a mistake. */
const LIST_MAX = 1_000;
const NAME_MAX = 256;
/** Nothing that correlates in memory should look back further. */
const TIMESPAN_MAX_MS = 366 * DAY_MS;

/** Milliseconds by letter. The specification names the first four; pySigma knows weeks, months and years (mean ones) too. */
const UNITS: Readonly<Record<string, number>> = {
  s: SECOND_MS,
  m: MINUTE_MS,
  h: HOUR_MS,
  d: DAY_MS,
  w: 7 * DAY_MS,
  M: 2_629_746 * SECOND_MS,
  y: 31_556_952 * SECOND_MS,
};

/** Null where a problem was added. `document` is the whole one, where `generate` may stand too. */
export function readCorrelation(
  map: MapNode,
  document: MapNode,
  problems: Problems,
): Section | null {
  const before = problems.found.length;
  for (const { key, position } of map.entries) {
    if (!KEYS.includes(key)) {
      problems.add(
        position,
        `a correlation has no ${quoted(key)}${suggestion(key, KEYS)}`,
        `use ${KEYS.join(", ")}`,
      );
    }
  }
  const type = readType(map, problems);
  const rules = namesAt(map, "rules", problems);
  const groupBy = namesAt(map, "group-by", problems);
  const timespan = readTimespan(map, problems);
  const aliases = readAliases(map, rules, problems);
  const generate = readGenerate(map, problems) || readGenerate(document, problems);
  if (type === null || timespan === null) return null;
  const condition = readCondition(map, type, rules, problems);
  const named = rules.length > 0 ? rules : rulesOf(condition?.expression ?? null);
  if (named.length === 0 && problems.found.length === before) {
    problems.add(
      map.position,
      "the correlation has no rules",
      "list ids or names of rules under rules",
    );
  }
  if (condition === null || problems.found.length > before) return null;
  const { limits, ...rest } = condition;
  const isOfRules = limits.length === 0 && rest.expression === null;
  return {
    type,
    rules: named,
    groupBy,
    timespanMs: timespan.ms,
    timespanWritten: timespan.written,
    aliases,
    limits: isOfRules ? [{ by: "gte", value: named.length }] : limits,
    ...rest,
    generate,
  };
}

function readType(map: MapNode, problems: Problems): CorrelationType | null {
  const text = textAt(map, "type", NAME_MAX, problems);
  const found = CORRELATION_TYPES.find((type) => type === text);
  if (found !== undefined) return found;
  problems.add(
    entryOf(map, "type")?.value.position ?? map.position,
    text === null
      ? "the correlation has no type"
      : `there is no correlation type ${quoted(text)}${suggestion(text, CORRELATION_TYPES)}`,
    `choose from ${CORRELATION_TYPES.join(", ")}`,
  );
  return null;
}

function namesAt(map: MapNode, key: string, problems: Problems): string[] {
  const names = textsAt(map, key, problems);
  const position = entryOf(map, key)?.position ?? map.position;
  if (names.length > LIST_MAX) {
    problems.add(position, `${key} has ${names.length} entries`, `use at most ${LIST_MAX}`);
    return [];
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    problems.add(position, `${key} has ${quoted(twice)} twice`, "list it once");
  }
  return names;
}

function readTimespan(map: MapNode, problems: Problems) {
  const written = textAt(map, "timespan", NAME_MAX, problems);
  const parts = /^(\d{1,9})([smhdwMy])$/.exec(written ?? "");
  const ms = Number(parts?.[1]) * (UNITS[parts?.[2] ?? ""] ?? Number.NaN);
  if (written !== null && ms > 0 && ms <= TIMESPAN_MAX_MS) return { ms, written };
  problems.add(
    entryOf(map, "timespan")?.value.position ?? map.position,
    written === null
      ? "the correlation has no timespan"
      : ms > TIMESPAN_MAX_MS
        ? `the timespan ${quoted(written)} is longer than a year`
        : `${quoted(written)} is no timespan`,
    "write a number and s, m, h or d, such as 90m",
  );
  return null;
}

function readGenerate(map: MapNode, problems: Problems): boolean {
  const entry = entryOf(map, "generate");
  if (entry === undefined) return false;
  if (entry.value.is === "scalar" && typeof entry.value.value === "boolean")
    return entry.value.value;
  problems.add(entry.value.position, "generate is not a boolean", "write true or false");
  return false;
}

function readAliases(map: MapNode, rules: readonly string[], problems: Problems) {
  const aliases = new Map<string, ReadonlyMap<string, string>>();
  const entry = entryOf(map, "aliases");
  if (entry === undefined) return aliases;
  if (entry.value.is !== "map") {
    problems.add(entry.position, "aliases is not a map", "write alias, then rule: field under it");
    return aliases;
  }
  for (const alias of entry.value.entries) {
    const fields = new Map<string, string>();
    for (const { key, value, position } of alias.value.is === "map" ? alias.value.entries : []) {
      if (rules.length > 0 && !rules.includes(key)) {
        problems.add(
          position,
          `the alias ${quoted(alias.key)} is defined for ${quoted(key)}, which is none of the correlation's rules${suggestion(key, rules)}`,
          "spell it as under rules",
        );
      } else if (value.is !== "scalar" || typeof value.value !== "string" || value.value === "") {
        problems.add(position, "an alias stands for no field", "write the field's name");
      } else {
        fields.set(key, value.value);
      }
    }
    if (alias.value.is !== "map" || alias.value.entries.length === 0) {
      problems.add(
        alias.position,
        `the alias ${quoted(alias.key)} names no rules`,
        "write rule: field under it",
      );
    }
    aliases.set(alias.key, fields);
  }
  return aliases;
}

interface ReadCondition {
  readonly limits: readonly CorrelationLimit[];
  readonly expression: RuleExpression | null;
  readonly fields: readonly string[];
  readonly percentile: number | null;
}

function readCondition(
  map: MapNode,
  type: CorrelationType,
  rules: readonly string[],
  problems: Problems,
): ReadCondition | null {
  const entry = entryOf(map, "condition");
  const isTemporal = type === "temporal" || type === "temporal_ordered";
  const nothing = { limits: [], expression: null, fields: [], percentile: null };
  if (entry === undefined) {
    if (isTemporal) return nothing;
    problems.add(
      map.position,
      `${type} needs a condition`,
      "add one such as condition: { gte: 10 }",
    );
    return null;
  }
  const { value, position } = entry;
  if (value.is === "scalar" && typeof value.value === "string" && isTemporal) {
    const expression = readExpression(value, rules, problems);
    return expression === null ? null : { ...nothing, expression };
  }
  if (value.is !== "map") {
    problems.add(
      position,
      "the condition is not a map",
      isTemporal
        ? "write one such as gte: 2, or a text that joins rules with and, or and not"
        : "write one such as gte: 10",
    );
    return null;
  }
  return readFigures(value, type, problems);
}

function readExpression(
  value: Extract<Node, { is: "scalar" }>,
  rules: readonly string[],
  problems: Problems,
): RuleExpression | null {
  const own = rules.length > 0 ? rules : (value.source.match(/[^\s()|]+/g)?.filter(isName) ?? []);
  const expression = parseRuleExpression(value.source, own, placeIn(value), problems);
  if (expression === null) return null;
  const used = rulesOf(expression);
  const unused = rules.find((rule) => !used.includes(rule));
  if (unused === undefined) return expression;
  problems.add(
    value.position,
    `the condition does not mention the rule ${quoted(unused)}`,
    "mention it, or take it out of rules",
  );
  return null;
}

function isName(word: string): boolean {
  return !["and", "or", "not"].includes(word.toLowerCase());
}

/** Every rule of the expression once, in order of appearance. */
function rulesOf(expression: RuleExpression | null): string[] {
  if (expression === null) return [];
  if (expression.is === "rule") return [expression.rule];
  const parts = expression.is === "not" ? [expression.part] : expression.parts;
  return [...new Set(parts.flatMap(rulesOf))];
}

function readFigures(
  map: MapNode,
  type: CorrelationType,
  problems: Problems,
): ReadCondition | null {
  const before = problems.found.length;
  const allowed = [...COMPARISONS, "field", ...(type === "value_percentile" ? ["percentile"] : [])];
  const limits: CorrelationLimit[] = [];
  for (const { key, value, position } of map.entries) {
    const by = COMPARISONS.find((name) => name === key);
    if (by !== undefined) {
      const figure = finite(value);
      if (figure === null) problems.add(value.position, `${key} is not a number`, "write a number");
      else limits.push({ by, value: figure });
    } else if (!allowed.includes(key)) {
      problems.add(
        position,
        `the condition of ${type} has no ${quoted(key)}${suggestion(key, allowed)}`,
        `use ${allowed.join(", ")}`,
      );
    }
  }
  if (limits.length === 0 && problems.found.length === before) {
    problems.add(map.position, "the condition compares with nothing", "add a line such as gte: 10");
  }
  const fields = readFields(map, type, problems);
  const percentile = readPercentile(map, type, problems);
  return problems.found.length > before ? null : { limits, expression: null, fields, percentile };
}

function readFields(map: MapNode, type: CorrelationType, problems: Problems): string[] {
  const fields = namesAt(map, "field", problems);
  const position: Position = entryOf(map, "field")?.position ?? map.position;
  if (type.startsWith("value_")) {
    if (fields.length === 0) {
      problems.add(position, `${type} needs a field`, "name it in the condition: field: User");
    } else if (fields.length > 1 && type !== "value_count") {
      problems.add(position, `${type} takes one field`, "name one; only value_count takes several");
    }
  } else if (fields.length > 0) {
    problems.add(position, `${type} reads no field`, "remove field, or choose value_count");
  }
  return fields;
}

function readPercentile(map: MapNode, type: CorrelationType, problems: Problems): number | null {
  if (type !== "value_percentile") return null;
  const entry = entryOf(map, "percentile");
  const value = entry === undefined ? null : finite(entry.value);
  if (value !== null && value >= 0 && value <= 100) return value;
  problems.add(
    entry?.value.position ?? map.position,
    entry === undefined ? "value_percentile needs a percentile" : "this is no percentile",
    "name it in the condition, from 0 to 100: percentile: 95",
  );
  return null;
}

function finite(node: Node): number | null {
  if (node.is !== "scalar") return null;
  const value =
    typeof node.value === "string" && node.value.trim() !== "" ? Number(node.value) : node.value;
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
