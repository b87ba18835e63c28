/** The detection section: search identifiers read into searches, and the conditions over them. */

import { parseCondition } from "./condition.ts";
import { applyModifiers, type Key, parseKey } from "./modifiers.ts";
import type { MapEntry, MapNode, Node, ScalarNode } from "./node.ts";
import { type Problems, quoted } from "./problems.ts";
import type { Condition, Detection, Position, Search, WrittenValue } from "./rule.ts";

/** Atoms of one document; the largest published rule has some thousand. */
const ATOMS_MAX = 100_000;
/** Regular expressions of one document: each is a program of its own. */
const REGEXES_MAX = 500;

/** Reads a detection or, without the keys in `others`, a filter. Null where a problem was added. */
export function readDetection(
  map: MapNode,
  others: readonly string[],
  problems: Problems,
): Detection | null {
  const before = problems.found.length;
  const searches = new Map<string, Search>();
  const budget = { atoms: ATOMS_MAX, regexes: REGEXES_MAX };
  for (const { key, value, position } of map.entries) {
    if (key === "condition" || others.includes(key)) continue;
    if (key === "timeframe") {
      problems.add(
        position,
        "timeframe belongs to aggregations, which are no part of Sigma any more",
        "write a correlation with a timespan",
      );
      continue;
    }
    const search = readSearch(value, budget, problems);
    if (search !== null) searches.set(key, search);
  }
  if (problems.found.length > before) return null;
  const conditions = readConditions(map, [...searches.keys()], problems);
  return conditions === null ? null : { searches, conditions };
}

function readConditions(map: MapNode, names: readonly string[], problems: Problems) {
  const entry = map.entries.find(({ key }) => key === "condition");
  const items = entry === undefined ? [] : listOf(entry.value);
  if (entry === undefined || items.length === 0) {
    problems.add(
      entry?.position ?? map.position,
      "there is no condition",
      "add a line such as condition: selection",
    );
    return null;
  }
  const conditions: Condition[] = [];
  let isWhole = true;
  for (const item of items) {
    const condition = isText(item)
      ? parseCondition(item.source, names, placeIn(item), problems)
      : null;
    if (!isText(item)) {
      problems.add(
        item.position,
        "the condition is not a text",
        "write it as one text, or as a list of texts",
      );
    }
    if (condition === null) isWhole = false;
    else conditions.push(condition);
  }
  return isWhole ? conditions : null;
}

/** Places in a text are exact where it is written as it reads, else they are its beginning. */
export function placeIn({ position, indent }: ScalarNode) {
  return (at: number): Position =>
    indent === null ? position : { line: position.line, column: position.column + indent + at };
}

function isText(node: Node): node is ScalarNode {
  return node.is === "scalar" && typeof node.value === "string";
}

function listOf(node: Node): readonly Node[] {
  return node.is === "list" ? node.items : [node];
}

interface Budget {
  atoms: number;
  regexes: number;
}

/** A map asks for all of its entries, a list for one of its items; texts and numbers are keywords. */
function readSearch(node: Node, budget: Budget, problems: Problems): Search | null {
  const { position } = node;
  if (node.is === "scalar") return readKeywords([node], position, budget, problems);
  if (node.is === "map") {
    const parts = node.entries.map((entry) => readItem(entry, budget, problems));
    return joinedSearch("all", parts, position, problems);
  }
  if (node.items.length > 0 && node.items.every((item) => item.is === "scalar")) {
    return readKeywords(node.items, position, budget, problems);
  }
  const parts = node.items.map((item) => readSearch(item, budget, problems));
  return joinedSearch("any", parts, position, problems);
}

function joinedSearch(
  is: "all" | "any",
  parts: readonly (Search | null)[],
  position: Position,
  problems: Problems,
): Search | null {
  if (parts.length === 0) {
    problems.add(position, "the search is empty", "write at least one field: value");
    return null;
  }
  const whole = parts.filter((part) => part !== null);
  return whole.length === parts.length ? { is, parts: whole, position } : null;
}

function readKeywords(
  items: readonly Node[],
  position: Position,
  budget: Budget,
  problems: Problems,
): Search | null {
  const key: Key = { field: null, chain: [], kind: "text" };
  return itemOf(key, "", items, position, budget, problems);
}

function readItem(entry: MapEntry, budget: Budget, problems: Problems): Search | null {
  const { key: written, position, value } = entry;
  const key = parseKey(written, position, problems);
  if (key === null) return null;
  const items = listOf(value);
  if (value.is === "list" && items.length === 0) {
    problems.add(
      value.position,
      `${quoted(written)} has an empty list`,
      "list at least one value, or write null for a field without a value",
    );
    return null;
  }
  if (key.chain.includes("all") && items.length < 2) {
    problems.add(position, "all has a single value to join", "remove all, or list several values");
    return null;
  }
  return itemOf(key, written, items, position, budget, problems);
}

function itemOf(
  key: Key,
  written: string,
  items: readonly Node[],
  position: Position,
  budget: Budget,
  problems: Problems,
): Search | null {
  if (key.kind === "re") budget.regexes -= items.length;
  if (budget.regexes < 0) {
    problems.add(
      position,
      `the rule has more than ${REGEXES_MAX} regular expressions`,
      "join them by |, or split the rule",
    );
    return null;
  }
  const values: WrittenValue[] = [];
  let isWhole = true;
  for (const item of items) {
    const value = item.is === "scalar" ? applyModifiers(key, item, problems) : null;
    if (item.is !== "scalar") {
      problems.add(
        item.position,
        `${item.is === "map" ? "a map" : "a list"} stands where a value is expected`,
        "write a text, a number, true, false or null, or a list of these",
      );
    }
    if (value === null) {
      isWhole = false;
      continue;
    }
    budget.atoms -= value.anyOf.length;
    if (budget.atoms < 0) {
      problems.add(
        item.position,
        `the rule asks more than ${ATOMS_MAX} questions`,
        "split the rule",
      );
      return null;
    }
    values.push(value);
  }
  if (!isWhole) return null;
  return {
    is: "item",
    field: key.field,
    written,
    link: key.chain.includes("all") ? "all" : "any",
    isNegated: key.chain.includes("neq"),
    values,
    position,
  };
}
