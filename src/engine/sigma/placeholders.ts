/** Placeholders of rules (`%Servers%` with `expand`): their values put in, and those that still lack any. */

import { type Atom, atomOf, type PatternPart } from "./atom.ts";
import { parsePattern, patternTest } from "./pattern.ts";
import type { Detection, Position, Search, WrittenValue } from "./rule.ts";

/** Values by the placeholder's name without percent signs; they may hold wildcards. */
export type PlaceholderValues = ReadonlyMap<string, readonly string[]>;

/** Atoms that one value may become. */
const ATOMS_MAX = 16_384;

export interface Filled {
  readonly detection: Detection;
  /** Placeholders without values, sorted. What they stand in meets nothing. */
  readonly missing: readonly string[];
}

/**
 * Puts values in place of placeholders, every one where there are several. Throws RangeError where one value would become more
 * than 16,384 questions.
 */
export function fillPlaceholders(detection: Detection, values: PlaceholderValues): Filled {
  const missing = new Set<string>();
  const searches = new Map(
    [...detection.searches].map(([name, search]) => [name, fillSearch(search, values, missing)]),
  );
  return { detection: { ...detection, searches }, missing: [...missing].sort() };
}

/** Every placeholder that still stands in the detection, once, with its first place. */
export function placeholdersIn(
  detection: Detection,
): readonly { readonly name: string; readonly position: Position }[] {
  const found = new Map<string, Position>();
  for (const search of detection.searches.values()) notePlaceholders(search, found);
  return [...found].map(([name, position]) => ({ name, position }));
}

function notePlaceholders(search: Search, found: Map<string, Position>): void {
  if (search.is !== "item") {
    for (const part of search.parts) notePlaceholders(part, found);
    return;
  }
  for (const { anyOf, position } of search.values) {
    for (const { test } of anyOf) {
      for (const part of test.op === "pattern" ? test.parts : []) {
        if (part.is === "placeholder" && !found.has(part.name)) found.set(part.name, position);
      }
    }
  }
}

function fillSearch(search: Search, values: PlaceholderValues, missing: Set<string>): Search {
  if (search.is !== "item") {
    return { ...search, parts: search.parts.map((part) => fillSearch(part, values, missing)) };
  }
  return { ...search, values: search.values.map((value) => fillValue(value, values, missing)) };
}

function fillValue(
  value: WrittenValue,
  values: PlaceholderValues,
  missing: Set<string>,
): WrittenValue {
  const atoms = new Map<string, Atom>();
  for (const atom of value.anyOf) {
    for (const filled of fillAtom(atom, values, missing)) atoms.set(filled.key, filled);
    if (atoms.size > ATOMS_MAX) throw tooMany(value);
  }
  return { ...value, anyOf: [...atoms.values()] };
}

function tooMany(value: WrittenValue): RangeError {
  return new RangeError(
    `line ${value.position.line}: the placeholders' values make more than ${ATOMS_MAX} questions`,
  );
}

function fillAtom(atom: Atom, values: PlaceholderValues, missing: Set<string>): readonly Atom[] {
  const { test, field } = atom;
  if (test.op !== "pattern" || !test.parts.some(({ is }) => is === "placeholder")) return [atom];
  let ways: PatternPart[][] = [[]];
  for (const part of test.parts) {
    const own = part.is === "placeholder" ? (values.get(part.name) ?? []) : null;
    if (part.is === "placeholder" && own?.length === 0) missing.add(part.name);
    if (own === null || own.length === 0) for (const way of ways) way.push(part);
    else {
      if (ways.length * own.length > ATOMS_MAX) {
        throw new RangeError(`the values of placeholders make more than ${ATOMS_MAX} questions`);
      }
      ways = ways.flatMap((way) => own.map((value) => [...way, ...parsePattern(value)]));
    }
  }
  return ways.map((way) => atomOf(field, patternTest(way, test.isCased)));
}
