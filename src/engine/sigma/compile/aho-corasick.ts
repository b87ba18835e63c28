/** Finds all of many literals in a text in one pass (Aho and Corasick, 1975), by a table of transitions. */

export interface LiteralFinder {
  /** Calls `found` for each place where a literal ends; a literal that occurs twice is told twice. */
  scan(text: string, found: (literal: number) => void): void;
}

/** Cells of a transition table: 32 MB. Rules of a sensible size need a thousandth of it. */
const CELLS_MAX = 8_000_000;

/** Null where the literals are so many that the table would be too large. None may be empty. */
export function literalFinder(literals: readonly string[]): LiteralFinder | null {
  const classes = new Map<number, number>();
  let length = 1;
  for (const literal of literals) {
    length += literal.length;
    for (let at = 0; at < literal.length; at++) {
      const unit = literal.charCodeAt(at);
      // Class 0 is every character that is in no literal.
      if (!classes.has(unit)) classes.set(unit, classes.size + 1);
    }
  }
  const width = classes.size + 1;
  if (length * width > CELLS_MAX) return null;
  const low = new Uint16Array(128);
  for (const [unit, name] of classes) if (unit < 128) low[unit] = name;
  const { next, ends } = table(literals, classes, length, width);
  return {
    scan(text, found) {
      let state = 0;
      for (let at = 0; at < text.length; at++) {
        const unit = text.charCodeAt(at);
        const name = (unit < 128 ? low[unit] : classes.get(unit)) ?? 0;
        if (name === 0) {
          state = 0;
          continue;
        }
        state = next[state * width + name] ?? 0;
        const here = ends[state];
        if (here !== undefined) for (const literal of here) found(literal);
      }
    },
  };
}

function table(
  literals: readonly string[],
  classes: ReadonlyMap<number, number>,
  length: number,
  width: number,
) {
  const next = new Int32Array(length * width).fill(-1);
  const ends: (number[] | undefined)[] = new Array(length);
  let states = 1;
  for (const [literal, text] of literals.entries()) {
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      const cell = state * width + (classes.get(text.charCodeAt(at)) ?? 0);
      if (next[cell] === -1) next[cell] = states++;
      state = next[cell] ?? 0;
    }
    ends[state] = [...(ends[state] ?? []), literal];
  }
  // Breadth first: what a state falls back to is complete before the state itself is looked at.
  const back = new Int32Array(states);
  const queue: number[] = [];
  for (let name = 0; name < width; name++) {
    const child = next[name] ?? -1;
    if (child === -1) next[name] = 0;
    else queue.push(child);
  }
  for (const state of queue) {
    const behind = ends[back[state] ?? 0];
    if (behind !== undefined) ends[state] = [...(ends[state] ?? []), ...behind];
    for (let name = 1; name < width; name++) {
      const cell = state * width + name;
      const fallen = next[(back[state] ?? 0) * width + name] ?? 0;
      const child = next[cell] ?? -1;
      if (child === -1) next[cell] = fallen;
      else {
        back[child] = fallen;
        queue.push(child);
      }
    }
  }
  return { next, ends };
}
