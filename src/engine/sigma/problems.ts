/** Gathers what is wrong with a document while the rest of it is read on. */

import type { Position, Problem } from "./rule.ts";

export interface Problems {
  readonly found: readonly Problem[];
  /** Both are sentences without a full stop. */
  add(position: Position, reason: string, cure: string): void;
  /** Names the rule in problems that are found from now on. */
  name(rule: string): void;
}

/** A file with more problems than this is no rule file; the first ones say enough. */
const PROBLEMS_MAX = 100;

export function problemList(): Problems {
  const found: Problem[] = [];
  let rule: string | null = null;
  return {
    found,
    add({ line, column }, reason, cure) {
      if (found.length < PROBLEMS_MAX) found.push({ line, column, rule, reason, cure });
    },
    name(title) {
      rule = title;
    },
  };
}

/** A value in a message: shortened, in quotes, on one line. */
export function quoted(value: string): string {
  const clipped = value.length > 60 ? `${value.slice(0, 57)}...` : value;
  return JSON.stringify(clipped);
}

/** " (did you mean "x"?)" where one of the names is near, else nothing. */
export function suggestion(written: string, names: Iterable<string>): string {
  if (written.length > 40) return "";
  let best: string | null = null;
  let least = 3;
  for (const name of names) {
    const far = distance(written.toLowerCase(), name.toLowerCase(), least);
    if (far < least) [best, least] = [name, far];
  }
  return best === null ? "" : `; did you mean ${quoted(best)}?`;
}

/** Edits between two short texts, at most `max`. */
function distance(a: string, b: string, max: number): number {
  if (Math.abs(a.length - b.length) >= max) return max;
  let before = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const now = [row];
    for (let column = 1; column <= b.length; column++) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      now.push(
        Math.min(
          (before[column] ?? max) + 1,
          (now[column - 1] ?? max) + 1,
          (before[column - 1] ?? max) + cost,
        ),
      );
    }
    before = now;
  }
  return before[b.length] ?? max;
}
