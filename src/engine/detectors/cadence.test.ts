/** Beats and even paces are told from chance, whatever the width of the slots. */

import { describe, expect, it } from "vitest";
import { prng } from "#base/prng.ts";
import { addAt, newPace, type Pace } from "#engine/profile/pace.ts";
import { cadenceOf, evenPaceOf } from "./cadence.ts";

function paceOf(seconds: Iterable<number>): Pace {
  const pace = newPace();
  for (const second of seconds) addAt(pace, Math.floor(second), 1);
  return pace;
}

const every = (gap: number, times: number) =>
  Array.from({ length: times }, (_, index) => index * gap);

function byChance(times: number, seconds: number, seed: number): number[] {
  const random = prng(seed);
  return Array.from({ length: times }, () => random.next() * seconds).sort((a, b) => a - b);
}

describe("cadence", () => {
  it.each([
    ["a minute", 60, 300],
    ["an hour", 3_600, 24],
    ["ten seconds", 10, 1_000],
  ])("every %s is a beat", (_name, gap, times) => {
    expect(cadenceOf(paceOf(every(gap, times)), 20)).toMatchObject({ everySeconds: gap });
  });
  it("chance is none, over a hundred seeds", () => {
    for (let seed = 0; seed < 100; seed++) {
      expect(
        cadenceOf(paceOf(byChance(100 + seed * 5, 30_000, seed)), 20),
        `seed ${seed}`,
      ).toBeNull();
    }
  });
  it("records on one time stamp are one", () => {
    expect(cadenceOf(paceOf([100, 100, 100, 100, 100]), 4)).toBeNull();
  });
  it("slots that became wide make no beat", () => {
    expect(cadenceOf(paceOf(byChance(80_000, 86_400, 1)), 20)).toBeNull();
  });
});

describe("even pace", () => {
  it("a call every two seconds is even, though its slots are minutes", () => {
    expect(evenPaceOf(paceOf(every(2, 20_000)), 120)).toMatchObject({ perMinute: 30 });
  });
  it("as many calls by chance are not, over fifty seeds", () => {
    for (let seed = 0; seed < 50; seed++) {
      expect(evenPaceOf(paceOf(byChance(20_000, 40_000, seed)), 120), `seed ${seed}`).toBeNull();
    }
  });
});
