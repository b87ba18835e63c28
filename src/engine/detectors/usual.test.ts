/** What is usual is learnt from other days than the one judged, and not from an attack. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isUnusual, usualOf } from "./usual.ts";

const limits = { floor: 20, coldFloor: 200, timesMin: 5, zMin: 5 };

/** Amounts by day, from day 100 on. */
const amounts = (values: readonly number[]) =>
  new Map(values.map((value, index) => [100 + index, value]));

const isUnusualOn = (values: readonly number[], day: number) => {
  const usual = usualOf(amounts(values), 100 + day, null);
  return isUnusual(usual, values[day] ?? 0, limits);
};

const calm = [8, 9, 7, 8, 10, 8, 9, 7, 8, 9];

describe("usual", () => {
  it("a spike day is not part of its own baseline", () => {
    const { normal, fence } = usualOf(amounts([...calm, 900]), 110, null);
    expect(normal).toMatchObject({ days: 10, max: 10 });
    expect(fence).toBeLessThan(20);
    expect(isUnusualOn([...calm, 900], 10)).toBe(true);
  });
  it("an attack of twelve days is unusual on each of them until it has become a habit", () => {
    const raid = new Array<number>(12).fill(400);
    const all = [...calm, ...raid];
    const days = raid.map((_, index) => isUnusualOn(all, calm.length + index));
    expect(days.slice(0, 7)).toEqual(new Array<boolean>(7).fill(true));
  });
  it("later days do not change what a well-known day is held against", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 2_000 }), { maxLength: 12 }), (later) => {
        const day = 110;
        expect(usualOf(amounts([...calm, 300, ...later]), day, null)).toEqual(
          usualOf(amounts([...calm, 300]), day, null),
        );
      }),
    );
  });
  it("the order in which days are given does not matter", () => {
    const values = [...calm, 300, 8, 9];
    const backward = new Map([...amounts(values)].reverse());
    expect(usualOf(backward, 110, null)).toEqual(usualOf(amounts(values), 110, null));
  });
  it("what works on some days only is held against those days", () => {
    const weekly = [300, 0, 0, 0, 0, 0, 0, 310, 0, 0, 0, 0, 0, 0, 290, 0, 0, 0, 350];
    expect(isUnusualOn(weekly, 18)).toBe(false);
  });
  it("growth is no news on any day", () => {
    const grown = Array.from({ length: 60 }, (_, day) => Math.round(20 * 1.05 ** day));
    expect(grown.some((_, day) => isUnusualOn(grown, day))).toBe(false);
  });
});
