/** A day's pace is exact to the second while it can be, to the minute always, and never depends on order. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addAt,
  busiestSecond,
  gapsOf,
  mergePace,
  minutesOf,
  newPace,
  type Pace,
  SLOTS_MAX,
} from "./pace.ts";

const seconds = fc.array(fc.nat({ max: 86_399 }), { maxLength: 4_000, size: "max" });

function paceOf(all: readonly number[]): Pace {
  const pace = newPace();
  for (const second of all) addAt(pace, second, 1);
  return pace;
}

function told({ width, size, slots, counts }: Pace): unknown {
  return { width, slots: [...slots.slice(0, size)], counts: [...counts.slice(0, size)] };
}

describe("pace", () => {
  it("is the same in any order and split", () => {
    fc.assert(
      fc.property(seconds, fc.nat(), (all, cut) => {
        const whole = told(paceOf(all));
        expect(told(paceOf([...all].reverse()))).toEqual(whole);
        const at = cut % (all.length + 1);
        const merged = paceOf(all.slice(at));
        mergePace(merged, paceOf(all.slice(0, at)));
        expect(told(merged)).toEqual(whole);
      }),
    );
  });

  it("counts every record in its minute, whatever the width", () => {
    fc.assert(
      fc.property(seconds, (all) => {
        const counts = new Map<number, number>();
        for (const second of all) {
          const minute = Math.floor(second / 60);
          counts.set(minute, (counts.get(minute) ?? 0) + 1);
        }
        const found = minutesOf(paceOf(all));
        expect(new Map(found.map(({ minute, records }) => [minute, records]))).toEqual(counts);
        expect(paceOf(all).size).toBeLessThanOrEqual(SLOTS_MAX);
      }),
    );
  });

  it("150,000 records of one actor overflow nothing", () => {
    const pace = newPace();
    for (let i = 0; i < 150_000; i++) addAt(pace, (i * 7) % 86_400, 1);
    expect(pace.width).toBe(60);
    expect(minutesOf(pace).reduce((sum, { records }) => sum + records, 0)).toBe(150_000);
  });

  it("tells a burst of a second, and records of one time stamp are no rhythm", () => {
    const pace = paceOf([100, 100, 100, 100, 100, 160, 220]);
    expect(busiestSecond(pace)).toBe(5);
    expect(gapsOf(pace)).toEqual([60, 60]);
  });
});
