/** What rules matched survives being bytes: nothing is lost, merging before and after is one, and damage is noticed. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DamagedBytes } from "#base/bytes.ts";
import { MINUTE_MS } from "#base/time.ts";
import { auditEvent, person } from "#contract/event.ts";
import { addKept, type Kept, keptOf, mergeKept } from "./correlate/kept.ts";
import { encodeKept, parseKept } from "./correlate/kept-codec.ts";
import { addMatches, type Hit, inMatchOrder, type Matches, mergeMatches } from "./matches.ts";
import { encodeMatches, parseMatches } from "./matches-codec.ts";

const START = Date.UTC(2026, 5, 1);

const anyText = fc.oneof(fc.constantFrom("a", "b", "dana@example.com"), fc.string());
const anySight = fc.record({
  correlation: fc.constantFrom("one", "two"),
  grouped: fc.option(
    fc.record({
      group: fc.array(anyText, { maxLength: 2 }),
      value: fc.oneof(fc.constant(null), anyText, fc.double({ noNaN: true })),
    }),
    { freq: 4 },
  ),
});
const anyHit: fc.Arbitrary<Hit> = fc.record({
  rule: fc.constantFrom("r1", "r2"),
  seen: fc.uniqueArray(anySight, { maxLength: 2, selector: ({ correlation }) => correlation }),
});
const anyRow = fc.record({
  minute: fc.option(fc.nat({ max: 3_000 }), { freq: 8 }),
  who: fc.nat({ max: 2 }),
  hits: fc.uniqueArray(anyHit, { maxLength: 2, selector: ({ rule }) => rule }),
});
type Row = typeof anyRow extends fc.Arbitrary<infer T> ? T & { readonly id: number } : never;
const rows: fc.Arbitrary<Row[]> = fc
  .array(anyRow, { maxLength: 40, size: "max" })
  .map((all) => all.map((row, id) => ({ ...row, id })));

function folded(some: readonly Row[]): { matches: Matches; kept: Kept } {
  const matches: Matches = new Map();
  const kept: Kept = new Map();
  for (const { minute, who, hits, id } of some) {
    const event = auditEvent("slack", "slack:audit", "file_downloaded", {
      id: `event-${id}`,
      at: minute === null ? null : START + minute * MINUTE_MS,
      class: "download",
      actor: person(`user${who}@example.com`, null),
    });
    addMatches(matches, event, hits);
    addKept(kept, event, hits, `slack|p|user${who}`);
  }
  return { matches, kept };
}

const keptBytes = (kept: Kept) =>
  [...kept].sort(([a], [b]) => (a < b ? -1 : 1)).map(([rule, held]) => [rule, encodeKept(held)]);
const keptThroughBytes = (kept: Kept): Kept =>
  new Map([...kept].map(([rule, held]) => [rule, parseKept(encodeKept(held))]));

describe("matches that are stored", () => {
  it("are read back as they were", () => {
    fc.assert(
      fc.property(rows, (some) => {
        const { matches, kept } = folded(some);
        const back = parseMatches(encodeMatches(matches));
        expect(inMatchOrder(back)).toEqual(inMatchOrder(matches));
        expect(new Set(back.keys())).toEqual(new Set(matches.keys()));
        for (const [rule, held] of keptThroughBytes(kept)) {
          const before = kept.get(rule);
          expect(held).toEqual({ ...before, matches: before === undefined ? [] : keptOf(before) });
        }
      }),
      { numRuns: 60 },
    );
  });

  it("merge after storing as before it, whatever the order and split", () => {
    const shuffled = rows.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray(all, { minLength: all.length }),
        fc.nat({ max: all.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([all, other, cut]) => {
        const whole = folded(all);
        const matches: Matches = new Map();
        const kept: Kept = new Map();
        for (const part of [other.slice(0, cut), other.slice(cut)].map(folded)) {
          mergeMatches(matches, parseMatches(encodeMatches(part.matches)));
          mergeKept(kept, keptThroughBytes(part.kept));
        }
        expect(encodeMatches(matches)).toEqual(encodeMatches(whole.matches));
        expect(keptBytes(kept)).toEqual(keptBytes(whole.kept));
      }),
      { numRuns: 60 },
    );
  });

  it("are never mistaken for something else when they are damaged", () => {
    fc.assert(
      fc.property(rows, fc.nat(), fc.nat(), (some, at, to) => {
        const { matches, kept } = folded(some);
        const cases: [Uint8Array, (bytes: Uint8Array) => unknown][] = [
          [encodeMatches(matches), parseMatches],
          ...[...kept.values()].map((held): [Uint8Array, typeof parseKept] => [
            encodeKept(held),
            parseKept,
          ]),
        ];
        for (const [bytes, parse] of cases) {
          expect(() => parse(bytes.slice(0, at % bytes.length))).toThrow(DamagedBytes);
          const changed = Uint8Array.from(bytes);
          changed[at % bytes.length] = to % 256;
          try {
            parse(changed);
          } catch (cause) {
            expect(cause).toBeInstanceOf(DamagedBytes);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
