/** Drift is seen when it is large and no chance, and error rates are counted in windows that lie end to end. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { prng } from "#base/prng.ts";
import { DAY_MS } from "#base/time.ts";
import { countEvent, newProfile } from "#engine/profile/profile.ts";
import { at, event, MONDAY } from "#engine/testing.ts";
import {
  bandOf,
  driftAlert,
  driftOf,
  featureSeries,
  kolmogorovSmirnov,
  populationStability,
  type Timed,
} from "./drift.ts";
import { discoveriesOf, errorRates } from "./error-rates.ts";
import { testFinding } from "./testing.ts";
import { verdictOn } from "./verdict.ts";

const until = MONDAY + 35 * DAY_MS;

/** `perDay` draws on each of 35 days; from day 28 on they are another kind. */
function series(perDay: number, before: () => number, now: () => number): Timed[] {
  return Array.from({ length: 35 * perDay }, (_, index) => {
    const day = Math.floor(index / perDay);
    return { at: MONDAY + day * DAY_MS, value: day < 28 ? before() : now() };
  });
}

describe("population stability index", () => {
  it("is 0 for the same sample and has the usual bands", () => {
    const sample = Array.from({ length: 100 }, (_, index) => index);
    expect(populationStability(sample, sample)).toBeCloseTo(0, 12);
    expect([0.05, 0.1, 0.25].map(bandOf)).toEqual(["stable", "moderate", "shifted"]);
  });
  it("agrees with a sum done by hand", () => {
    // Half below and half above becomes a quarter and three quarters: 2 · 0.25 · ln 3 / 2 + …
    const before = [...new Array<number>(50).fill(0), ...new Array<number>(50).fill(1)];
    const now = [...new Array<number>(25).fill(0), ...new Array<number>(75).fill(1)];
    const byHand = -0.25 * Math.log(0.5) + 0.25 * Math.log(1.5);
    expect(populationStability(before, now)).toBeCloseTo(byHand, 2);
  });
  it("is never negative, never infinite, and null without a sample", () => {
    const sample = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1 });
    fc.assert(
      fc.property(sample, sample, (before, now) => {
        const psi = populationStability(before, now) ?? -1;
        expect(psi).toBeGreaterThanOrEqual(-1e-12);
        expect(Number.isFinite(psi)).toBe(true);
      }),
    );
    expect(populationStability([], [1])).toBeNull();
  });
});

describe("Kolmogorov-Smirnov", () => {
  it("agrees with tabled values", () => {
    // The 5 % point of the limiting distribution is 1.358: for two large samples of n that is a distance of 1.358 · √(2/n).
    const n = 20_000;
    const shift = Math.round(1.358 * Math.sqrt(2 / n) * n);
    const one = Array.from({ length: n }, (_, index) => index);
    const found = kolmogorovSmirnov(
      one,
      one.map((value) => value + shift),
    );
    expect(found?.statistic).toBeCloseTo(shift / n, 12);
    expect(found?.pValue).toBeCloseTo(0.05, 2);
  });
  it("equal samples have distance 0, separate ones 1, and equal values are stepped over together", () => {
    expect(kolmogorovSmirnov([1, 1, 2], [1, 1, 2])).toEqual({ statistic: 0, pValue: 1 });
    expect(kolmogorovSmirnov([1, 2, 3], [4, 5, 6])?.statistic).toBe(1);
    expect(kolmogorovSmirnov([], [1])).toBeNull();
  });
  it("is symmetric and says the same in any order", () => {
    const sample = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1 });
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const one = kolmogorovSmirnov(a, b);
        const other = kolmogorovSmirnov([...b].reverse(), [...a].reverse());
        expect(other?.statistic).toBeCloseTo(one?.statistic ?? -1, 12);
        expect(one?.pValue).toBeGreaterThanOrEqual(0);
        expect(one?.pValue).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("drift alert", () => {
  it("speaks when this week's scores are others than those of the four weeks before", () => {
    const random = prng(11);
    const scores = series(
      30,
      () => random.int(0, 40),
      () => random.int(30, 70),
    );
    const drift = driftOf("score", scores, { until });
    expect(drift).toMatchObject({ before: 840, now: 210, band: "shifted", isAlert: true });
    expect(driftAlert([drift])?.drifted.map(({ name }) => name)).toEqual(["score"]);
  });
  it("is quiet where nothing changed, and where there is too little to say so", () => {
    const random = prng(12);
    const same = driftOf(
      "score",
      series(
        30,
        () => random.int(0, 40),
        () => random.int(0, 40),
      ),
      { until },
    );
    const few = driftOf(
      "score",
      series(
        2,
        () => random.int(0, 40),
        () => random.int(60, 70),
      ),
      { until },
    );
    expect(same.band).toBe("stable");
    expect(few).toMatchObject({ now: 14, isAlert: false });
    expect(driftAlert([same, few])).toBeNull();
  });
  it("later values and those before the five weeks are left out", () => {
    const outside = [MONDAY - 1, until].map((moment) => ({ at: moment, value: 1 }));
    expect(driftOf("score", outside, { until })).toMatchObject({ before: 0, now: 0, psi: null });
  });
  it("takes its features from profiles, undated days left out", () => {
    const dated = newProfile(MONDAY / DAY_MS);
    countEvent(dated, event("slack", "file_downloaded", { id: "1", at: at(0), bytes: 7 }));
    const found = featureSeries([dated, newProfile(-1)], ["events", "bytes"]);
    expect([...found]).toEqual([
      ["events", [{ at: MONDAY, value: 1 }]],
      ["bytes", [{ at: MONDAY, value: 7 }]],
    ]);
  });
});

describe("error rates", () => {
  it("are counted in fixed windows, each discovery once, and are null where there is nothing to divide by", () => {
    const discovery = (day: number, isPositive: boolean, isAttack: boolean) => ({
      at: MONDAY + day * DAY_MS,
      isPositive,
      isAttack,
    });
    const found = [
      discovery(0, true, true),
      discovery(6.9, true, false),
      discovery(7, false, true),
      discovery(8, true, true),
      discovery(9, false, false),
      discovery(14, true, true),
    ];
    const rates = errorRates(found, { until: MONDAY + 14 * DAY_MS, windowDays: 7, windows: 2 });
    expect(rates).toMatchObject([
      { from: MONDAY, tp: 1, fp: 1, falsePositiveRate: 1, falseNegativeRate: 0 },
      { tp: 1, fn: 1, tn: 1, falsePositiveRate: 0, falseNegativeRate: 0.5 },
    ]);
    const empty = errorRates([], { until, windowDays: 7, windows: 1 });
    expect(empty).toMatchObject([{ falsePositiveRate: null, falseNegativeRate: null }]);
  });
  it("take verdicts as they hold: who changes her mind is counted once", () => {
    const said = (verdict: "true_positive" | "false_positive", moment: number) =>
      verdictOn(testFinding(1), { verdict, at: moment, by: "dana" });
    expect(discoveriesOf([said("true_positive", 2), said("false_positive", 1)])).toEqual([
      { at: 2, isPositive: true, isAttack: true },
    ]);
  });
});
