/** A bounded collection keeps the same keys, with the same counts, whatever the order in which they came. */

import fc from "fast-check";
import { expect, it } from "vitest";
import { bound, trim } from "./bounded.ts";

function counted(keys: readonly string[], max: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) {
    counts.set(key, (counts.get(key) ?? 0) + 1);
    bound(counts, max);
    expect(counts.size).toBeLessThanOrEqual(2 * max);
  }
  trim(counts, max);
  return counts;
}

it("any order of additions leaves the same keys with the same counts", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 3 }), { maxLength: 120 }),
      fc.integer({ min: 1, max: 8 }),
      (keys, max) => {
        const sorted = [...counted([...keys].sort(), max)].sort();
        expect([...counted(keys, max)].sort()).toEqual(sorted);
        expect([...counted([...keys].reverse(), max)].sort()).toEqual(sorted);
        expect(sorted.length).toBeLessThanOrEqual(max);
      },
    ),
  );
});
