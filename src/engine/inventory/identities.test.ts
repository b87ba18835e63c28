/** Ids are joined as their claims say, as plain passes over all claims would join them, but with nearly linear work. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { workOf } from "#test/work.ts";
import { canonicalIds, type Identity } from "./identities.ts";

/** The same by the plainest means: passes over all claims until nothing changes, each way walked step by step. */
function byPasses(identities: readonly Identity[]): (id: string) => string {
  const claims = new Map<string, Set<string>>();
  for (const { id, aliases } of identities) {
    for (const alias of aliases) claims.set(alias, (claims.get(alias) ?? new Set()).add(id));
  }
  const goesTo = new Map<string, string>();
  const endOf = (id: string): string => {
    const path = [id];
    for (let next = goesTo.get(id); next !== undefined; next = goesTo.get(next)) {
      if (next === path.at(-1)) return next;
      if (path.includes(next)) return path.slice(path.indexOf(next)).sort()[0] ?? next;
      path.push(next);
    }
    return path.at(-1) ?? id;
  };
  for (const [alias, claimants] of claims) {
    const [only] = claimants;
    if (claimants.size === 1 && only !== undefined) goesTo.set(alias, only);
  }
  for (;;) {
    const joined: [string, string][] = [];
    for (const [alias, claimants] of claims) {
      if (goesTo.has(alias)) continue;
      const ends = new Set([...claimants].map(endOf));
      const [only] = ends;
      if (ends.size === 1 && only !== undefined && only !== alias) joined.push([alias, only]);
    }
    if (joined.length === 0) return endOf;
    for (const [alias, id] of joined) goesTo.set(alias, id);
  }
}

function identity(id: string, ...aliases: string[]): Identity {
  return { platform: "slack", id, aliases: new Set(aliases) };
}

const NAMES = Array.from({ length: 14 }, (_, index) => `n${index}`);

/** Few names, so that chains, rings, disputes and disputes about disputes all come up. */
const anyIdentities = fc
  .array(
    fc.tuple(
      fc.constantFrom(...NAMES),
      fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 3 }),
    ),
    { maxLength: 16 },
  )
  .map((rows) => rows.map(([id, aliases]) => identity(id, ...aliases)));

/** `n` ids of which each claims the next. */
function chain(n: number): Identity[] {
  return Array.from({ length: n }, (_, index) => identity(`id-${index}`, `id-${index + 1}`));
}

/** Disputes that are settled one after another: each one's claimants agree only once the one before is settled. */
function disputes(n: number): Identity[] {
  return Array.from({ length: n }, (_, index) => [
    identity("id-0", "d-0"),
    identity(`d-${index}`, `d-${index + 1}`),
    identity("id-0", `d-${index + 1}`),
  ]).flat();
}

describe("ids that are one", () => {
  it("are joined as plain passes over all claims would join them, in any order", () => {
    fc.assert(
      fc.property(
        anyIdentities.chain((rows) =>
          fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
        ),
        ([rows, other]) => {
          const wanted = byPasses(rows);
          for (const found of [canonicalIds(rows), canonicalIds(other)]) {
            for (const name of NAMES) expect(found("slack", name)).toBe(wanted(name));
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it("a chain of 20,000 ids is one, and so is a ring", () => {
    const found = canonicalIds(chain(20_000));
    const ring = canonicalIds([...chain(20_000), identity("id-20000", "id-0")]);
    for (const index of [0, 1, 9_999, 20_000]) {
      expect(found("slack", `id-${index}`)).toBe("id-0");
      expect(ring("slack", `id-${index}`)).toBe("id-0");
    }
  });

  it.each([
    ["a chain", chain],
    ["disputes that are settled one after another", disputes],
  ])("four times as many take at most five times the work: %s", (_name, build) => {
    const work = [5_000, 20_000].map((n) => {
      const rows = build(n);
      return workOf(() => {
        const found = canonicalIds(rows);
        for (const { platform, id } of rows) found(platform, id);
      });
    });
    expect(work[0]).toBeGreaterThan(5_000);
    expect((work[1] ?? 0) / (work[0] ?? 1)).toBeLessThan(5);
  });
});
