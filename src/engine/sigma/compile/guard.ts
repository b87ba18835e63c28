/**
 * What a rule cannot match without: a set of atoms of which at least one is met whenever the rule matches. The index looks for
 * these, so that a rule costs nothing on records that hold none of them.
 */

import type { Atom } from "#engine/sigma/atom.ts";
import type { Condition, Detection, Search } from "#engine/sigma/rule.ts";

/** Null where nothing is known that must be there, as in `not selection`. */
export type Guard = readonly Atom[] | null;

/** How well an atom can be looked up: null where it cannot. Larger is rarer. */
export function rarityOf({ test }: Atom): number | null {
  if (test.op === "equals") {
    // Numbers, truth values and the empty text are everywhere.
    return test.text.length < 2 ? 2 : 16 + test.text.length;
  }
  return test.op === "pattern" ? literalOf(test.parts).length || null : null;
}

/** The longest text that a pattern cannot do without. */
export function literalOf(parts: Extract<Atom["test"], { op: "pattern" }>["parts"]): string {
  let longest = "";
  for (const part of parts) {
    if (part.is === "placeholder") return "";
    if (part.is === "text" && part.text.length > longest.length) longest = part.text;
  }
  return longest;
}

export function guardOf(detections: readonly Detection[]): Guard {
  return rarest(detections.map(ofDetection));
}

function ofDetection({ searches, conditions }: Detection): Guard {
  const guards = new Map<string, Guard>();
  function named(name: string): Guard {
    let guard = guards.get(name);
    if (guard === undefined) {
      const search = searches.get(name);
      guard = search === undefined ? [] : ofSearch(search);
      guards.set(name, guard);
    }
    return guard;
  }
  return union(conditions.map((condition) => ofCondition(condition, named)));
}

function ofCondition(condition: Condition, named: (name: string) => Guard): Guard {
  switch (condition.is) {
    case "name":
      return named(condition.name);
    case "and":
      return rarest(condition.parts.map((part) => ofCondition(part, named)));
    case "or":
      return union(condition.parts.map((part) => ofCondition(part, named)));
    case "not":
      return null;
    case "count": {
      const { names, atLeast } = condition;
      if (atLeast <= 0) return null;
      // Where all but k are needed, any k + 1 of them hold one that is met.
      const guards = names
        .map(named)
        .sort((a, b) => worthOf(b) - worthOf(a))
        .slice(0, Math.max(names.length - atLeast + 1, 0));
      return union(guards);
    }
  }
}

function ofSearch(search: Search): Guard {
  if (search.is !== "item") {
    const parts = search.parts.map(ofSearch);
    return search.is === "all" ? rarest(parts) : union(parts);
  }
  if (search.isNegated) return null;
  const values = search.values.map(({ anyOf }): Guard => known(anyOf));
  return search.link === "all" ? rarest(values) : union(values);
}

function known(atoms: readonly Atom[]): Guard {
  return atoms.every((atom) => rarityOf(atom) !== null) ? atoms : null;
}

/** More literals than this are no narrow door. */
const GUARD_MAX = 4_096;

function union(guards: readonly Guard[]): Guard {
  const all: Atom[] = [];
  for (const guard of guards) {
    if (guard === null) return null;
    all.push(...guard);
    if (all.length > GUARD_MAX) return null;
  }
  return all;
}

function rarest(guards: readonly Guard[]): Guard {
  let best: Guard = null;
  for (const guard of guards) {
    if (guard !== null && (best === null || worthOf(guard) > worthOf(best))) best = guard;
  }
  return best;
}

/** As rare as its least rare atom; of equally rare ones, the fewer the better. */
function worthOf(guard: Guard): number {
  if (guard === null) return -1;
  let least = Number.POSITIVE_INFINITY;
  for (const atom of guard) least = Math.min(least, rarityOf(atom) ?? 0);
  return least - guard.length / (GUARD_MAX + 1);
}
