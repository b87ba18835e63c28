/** Matches of several rules near each other: which sets of rules are enough, and whether they came in order. */

import type { Together } from "./plan.ts";

/** One way to meet a condition: all of these rules occur, in the order of the list where order counts, and none of those. */
export interface Way {
  readonly all: readonly number[];
  readonly none: readonly number[];
}

/** More ways than any sensible condition has; a hostile one could have billions. */
export const WAYS_MAX = 256;

/** All ways to meet a condition; null where there are more than `WAYS_MAX`. */
export function waysOf(together: Together): readonly Way[] | null {
  return ways(together, true);
}

function ways(together: Together, isWanted: boolean): readonly Way[] | null {
  switch (together.is) {
    case "rule":
      return [isWanted ? { all: [together.rule], none: [] } : { all: [], none: [together.rule] }];
    case "not":
      return ways(together.of, !isWanted);
    case "and":
    case "or": {
      const parts: (readonly Way[])[] = [];
      for (const one of together.of) {
        const part = ways(one, isWanted);
        if (part === null) return null;
        parts.push(part);
      }
      return (together.is === "and") === isWanted ? product(parts) : bounded(parts.flat());
    }
  }
}

function product(parts: readonly (readonly Way[])[]): readonly Way[] | null {
  let all: readonly Way[] = [{ all: [], none: [] }];
  for (const part of parts) {
    if (all.length * part.length > WAYS_MAX) return null;
    all = all.flatMap((left) =>
      part.map((right) => ({
        all: union(left.all, right.all),
        none: union(left.none, right.none),
      })),
    );
  }
  return all;
}

function union(a: readonly number[], b: readonly number[]): number[] {
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}

function bounded(all: readonly Way[]): readonly Way[] | null {
  return all.length > WAYS_MAX ? null : all;
}

/**
 * Follows how far the rules of a list have come in their order. Of all beginnings it keeps the latest, for that one stays
 * in the window longest.
 */
export interface Progress {
  /** Takes the match of a rule. Matches come in event time. */
  add(rule: number, at: number): void;
  /** Whether the whole list occurred in order since this time. */
  isDoneSince(from: number): boolean;
  clone(): Progress;
}

export function progressOf(
  rules: readonly number[],
  starts: readonly number[] = rules.map(() => Number.NEGATIVE_INFINITY),
): Progress {
  const latest = [...starts];
  return {
    add(rule, at) {
      const place = rules.indexOf(rule);
      if (place < 0) return;
      const start = place === 0 ? at : (latest[place - 1] ?? Number.NEGATIVE_INFINITY);
      latest[place] = Math.max(latest[place] ?? Number.NEGATIVE_INFINITY, start);
    },
    isDoneSince: (from) => (latest.at(-1) ?? Number.POSITIVE_INFINITY) >= from,
    clone: () => progressOf(rules, latest),
  };
}

/** The same for "so many of the rules, in order", whichever they are. */
export interface Ladder {
  add(rule: number, at: number): void;
  /** How many different rules occurred in order since this time. */
  heightSince(from: number): number;
  clone(): Ladder;
}

/** `rungs[n][rule]` is the latest beginning of n + 1 rules in order of which `rule` is the last. */
export function ladderOf(
  size: number,
  rungs: readonly (readonly number[])[] = Array.from({ length: size }, () =>
    new Array<number>(size).fill(Number.NEGATIVE_INFINITY),
  ),
): Ladder {
  const latest = rungs.map((row) => [...row]);
  return {
    add(rule, at) {
      for (let n = Math.min(rule, size - 1); n >= 0; n--) {
        const row = latest[n];
        if (row === undefined) continue;
        const before = n === 0 ? at : bestBefore(latest[n - 1], rule);
        row[rule] = Math.max(row[rule] ?? Number.NEGATIVE_INFINITY, before);
      }
    },
    heightSince(from) {
      for (let n = size - 1; n >= 0; n--) {
        if (latest[n]?.some((start) => start >= from)) return n + 1;
      }
      return 0;
    },
    clone: () => ladderOf(size, latest),
  };
}

function bestBefore(row: readonly number[] | undefined, rule: number): number {
  let best = Number.NEGATIVE_INFINITY;
  for (let earlier = 0; earlier < rule; earlier++) {
    best = Math.max(best, row?.[earlier] ?? Number.NEGATIVE_INFINITY);
  }
  return best;
}
