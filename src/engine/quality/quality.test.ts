/** A metric is honest: what is counted, what is not defined, and what a perfect and a blind detector score. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { prng } from "#base/prng.ts";
import { automationFact, automationRef } from "#contract/automation.ts";
import { type QualityBaseline, QualityFigures } from "#contract/quality.ts";
import { type Assessment, assess } from "#engine/assess.ts";
import { resolveAliases } from "#engine/inventory/resolve.ts";
import { newObservations, observe, observeState } from "#engine/observe.ts";
import { app, at, dana, event, MONDAY } from "#engine/testing.ts";
import { alertRate, alertsOf } from "./alerts.ts";
import { countOutcomes, ratesOf } from "./counts.ts";
import { areaUnder, curveOf, type Ranked } from "./curve.ts";
import { belowBaseline } from "./floors.ts";
import { hoursToDetect, measure } from "./measure.ts";
import { spreadOf, spreadsOf } from "./spread.ts";
import { isAbout, type Subject, subjectsOf } from "./subjects.ts";
import { testFinding, testLabel, testSubject } from "./testing.ts";

const slowLeak = testLabel({
  subjects: [{ platform: "slack", automation: "A1", principal: null }],
});
const options = {
  labels: [slowLeak],
  roster: [],
  detectors: [{ id: "mass-download", techniques: ["T28"] }],
  days: 10,
};

describe("counts", () => {
  const outcomes = fc.array(fc.record({ isPositive: fc.boolean(), isAttack: fc.boolean() }));

  it("counts everybody once: TP + FP + FN + TN is all of them, and every ratio lies in 0..1", () => {
    fc.assert(
      fc.property(outcomes, (all) => {
        const counts = countOutcomes(all);
        expect(counts.tp + counts.fp + counts.fn + counts.tn).toBe(all.length);
        for (const rate of Object.values(ratesOf(counts))) {
          if (rate === null) continue;
          expect(rate).toBeGreaterThanOrEqual(0);
          expect(rate).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
  it("a ratio without a denominator is null, not 0 and not 1", () => {
    expect(ratesOf({ tp: 0, fp: 0, fn: 0, tn: 5 })).toEqual({
      precision: null,
      recall: null,
      f1: null,
      falsePositiveRate: 0,
      falseNegativeRate: null,
    });
    expect(ratesOf({ tp: 0, fp: 0, fn: 3, tn: 0 })).toMatchObject({ precision: null, recall: 0 });
    expect(ratesOf({ tp: 3, fp: 1, fn: 1, tn: 5 })).toMatchObject({ precision: 0.75, f1: 0.75 });
  });
});

describe("the precision-recall curve", () => {
  const rank = (scores: readonly number[], isAttack: boolean): Ranked[] =>
    scores.map((score) => ({ score, isAttack }));

  it("of a perfect classifier has AUC 1", () => {
    const ranked = [...rank([90, 80, 80], true), ...rank([79, 10, 0, 0], false)];
    expect(areaUnder(curveOf(ranked))).toBe(1);
  });
  it("of a classifier that says the same of everybody has the base rate as AUC, in any order", () => {
    const all = [...rank([50, 50], true), ...rank(new Array<number>(18).fill(50), false)];
    expect(areaUnder(curveOf(all))).toBeCloseTo(0.1, 12);
    expect(areaUnder(curveOf([...all].reverse()))).toBeCloseTo(0.1, 12);
    expect(curveOf(all)).toHaveLength(1);
  });
  it("of a random classifier has about the base rate as AUC", () => {
    const random = prng(20_260_601);
    const ranked = Array.from({ length: 20_000 }, () => ({
      score: random.next(),
      isAttack: random.chance(0.05),
    }));
    const area = areaUnder(curveOf(ranked)) ?? 0;
    expect(area).toBeGreaterThan(0.04);
    expect(area).toBeLessThan(0.06);
  });
  it("of the worst classifier still finds all in the end, at the base rate", () => {
    const curve = curveOf([...rank([1, 2], true), ...rank([8, 9], false)]);
    expect(curve.at(-1)).toEqual({ threshold: 1, precision: 0.5, recall: 1 });
  });
  it("is not defined where nothing is attacked", () => {
    expect(areaUnder(curveOf(rank([1, 2], false)))).toBeNull();
  });
  it("says the same in any order, recall never falls, and the area lies in 0..1", () => {
    const one = fc.record({ score: fc.integer({ min: 0, max: 100 }), isAttack: fc.boolean() });
    fc.assert(
      fc.property(fc.array(one), (ranked) => {
        const curve = curveOf(ranked);
        expect(curveOf([...ranked].reverse())).toEqual(curve);
        for (const [index, { recall }] of curve.entries()) {
          expect(recall).toBeGreaterThanOrEqual(curve[index - 1]?.recall ?? 0);
        }
        const area = areaUnder(curve);
        if (area === null) return;
        expect(area).toBeGreaterThanOrEqual(0);
        expect(area).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });
});

describe("who is judged", () => {
  function observed() {
    const seen = newObservations();
    for (const name of ["A1", "A2", "A3"]) {
      observe(
        seen,
        event("slack", "file_downloaded", { id: name, at: at(1), automation: app(name) }),
      );
    }
    observe(seen, event("slack", "user_login", { id: "login", at: at(1) }));
    observeState(
      seen,
      automationFact("slack", "slack:apps", automationRef("bot", "A4", { aliases: ["B4"] })),
    );
    const resolved = resolveAliases(seen);
    return {
      observed: resolved,
      assessment: assess(resolved, { orgId: "test", now: at(2), timeZone: "UTC", detectors: [] }),
    };
  }
  const silent: Pick<Assessment, "findings"> = { findings: [] };

  it("unpredicted benign automations are true negatives", () => {
    const subjects = subjectsOf({ ...observed(), labels: [slowLeak], roster: [] });
    const { figures } = measure(subjects, options);
    expect(figures.automations).toMatchObject({ subjects: 4, tp: 0, fp: 0, fn: 1, tn: 3 });
    expect(figures.automations.falsePositiveRate).toBe(0);
    expect(figures.people).toMatchObject({ subjects: 1, tn: 1 });
  });
  it("an attacked automation that no record named is a miss, and one of the roster a true negative", () => {
    const ghost = testLabel({
      subjects: [{ platform: "google", automation: "G9", principal: null }],
    });
    const roster = [{ platform: "google" as const, nativeId: "G7" }];
    const subjects = subjectsOf({ ...observed(), labels: [ghost], roster });
    const { figures, missed } = measure(subjects, { ...options, labels: [ghost], roster });
    expect(figures.automations).toMatchObject({ subjects: 6, fn: 1, tn: 5 });
    expect(figures.inventory).toEqual({ roster: 1, found: 0, recall: 0 });
    expect(missed.map(({ id }) => id)).toEqual(["G9"]);
  });
  it("a label that names an alias is about the automation that has it", () => {
    const byAlias = testLabel({
      subjects: [{ platform: "slack", automation: "B4", principal: null }],
    });
    const subjects = subjectsOf({ ...observed(), labels: [byAlias], roster: [] });
    expect(subjects).toHaveLength(5);
    expect(subjects.find(({ attacks }) => attacks.length > 0)?.id).toBe("A4");
  });
  it("a person is suspected by what the findings weigh together, and ranked by the engine's own points", () => {
    const about = (severity: "medium" | "high") =>
      testFinding(3, { automationId: null, principal: dana().id, severity, confidence: 1 });
    const parts = observed();
    const judged = (severity: "medium" | "high") =>
      subjectsOf({
        ...parts,
        assessment: { ...parts.assessment, ...silent, findings: [about(severity)] },
        labels: [],
        roster: [],
      }).find(({ kind }) => kind === "person");
    expect(judged("medium")).toMatchObject({ score: 20 });
    expect(judged("high")).toMatchObject({ isPositive: true, score: 45 });
  });
});

describe("measuring", () => {
  const attacked: Subject = testSubject("A1", {
    attacks: [slowLeak],
    findings: [testFinding(3), testFinding(20)],
    score: 70,
    isPositive: true,
  });
  const innocent = testSubject("A2", {
    lookalikes: [testLabel({ scenario: "nightly-backup", attackType: null })],
    findings: [testFinding(1, { automationId: "slack:A2", severity: "low" })],
    score: 8,
  });
  const accused = testSubject("A3", {
    lookalikes: [testLabel({ scenario: "nightly-backup", attackType: null })],
    findings: [testFinding(1, { automationId: "slack:A3" })],
    score: 40,
    isPositive: true,
  });
  const backup = testLabel({ scenario: "nightly-backup", attackType: null });
  const measured = measure([attacked, innocent, accused], {
    ...options,
    labels: [slowLeak, backup],
  });

  it("gives what the contract describes", () => {
    expect(QualityFigures.parse(measured.figures)).toEqual(measured.figures);
  });
  it("a finding about an attacked automation is true only while the attack may show", () => {
    // One in the attack's days, one two weeks later, and two about the innocent.
    expect(measured.figures.byDetector["mass-download"]).toEqual({
      findings: 4,
      tp: 1,
      fp: 3,
      falseAlarms: 2,
      precision: 0.25,
      labels: 1,
      caught: 1,
      recall: 1,
    });
    expect(isAbout(testFinding(1), slowLeak)).toBe(false);
    expect(isAbout(testFinding(2), slowLeak)).toBe(true);
    expect(isAbout(testFinding(7), slowLeak)).toBe(true);
    expect(isAbout(testFinding(8), slowLeak)).toBe(false);
    expect(isAbout(testFinding(null), slowLeak)).toBe(true);
  });
  it("who is suspected for something else is right by luck, and that is told", () => {
    const lucky = { ...attacked, findings: [testFinding(20)] };
    expect(measured.figures.attacks).toEqual({ labels: 1, caught: 1, recall: 1, lucky: 0 });
    expect(measure([lucky], options).figures.attacks).toMatchObject({ caught: 1, lucky: 1 });
  });
  it("recall of a detector is over the attacks that it claims to find", () => {
    const detectors = [{ id: "velocity", techniques: ["T73"] }];
    const { byDetector } = measure([attacked], { ...options, detectors }).figures;
    expect(byDetector.velocity).toMatchObject({
      findings: 0,
      precision: null,
      labels: 0,
      recall: null,
    });
  });
  it("false alarms about look-alikes are told by scenario", () => {
    expect(measured.figures.lookalikes["nightly-backup"]).toMatchObject({
      subjects: 2,
      suspected: 1,
    });
    expect(measured.falseAlarms).toMatchObject([{ id: "A3", scenario: "nightly-backup" }]);
  });
  it("a false positive counts for one kind of attack", () => {
    expect(measured.figures.byAttackType).toEqual({
      data_exfiltration: expect.objectContaining({ subjects: 3, tp: 1, fp: 1, fn: 0, tn: 1 }),
    });
  });
  it("time to detect runs from the first record of the attack to the end of the first window that tells of it", () => {
    expect(hoursToDetect(attacked)).toBe(48);
    expect(hoursToDetect({ ...attacked, findings: [testFinding(null)] })).toBeNull();
    expect(hoursToDetect({ ...attacked, isPositive: false })).toBeNull();
    expect(measured.figures.hoursToDetect).toEqual({ measured: 1, median: 48, p90: 48 });
  });
});

describe("alerts", () => {
  const person = (findings: Subject["findings"]) => alertsOf({ automation: null, findings });

  it("a week of the same trouble is one alert", () => {
    expect(person([1, 2, 3, 4].map((day) => testFinding(day)))).toHaveLength(1);
  });
  it("trouble that grows is one more, on the day on which it grows", () => {
    const monday = MONDAY / 86_400_000;
    expect(
      person([
        testFinding(5, { severity: "critical" }),
        testFinding(2),
        testFinding(1, { severity: "low" }),
      ]),
    ).toEqual([
      { day: monday + 2, level: 3 },
      { day: monday + 5, level: 4 },
    ]);
  });
  it("what raises no suspicion is no alert", () => {
    expect(person([testFinding(1, { severity: "low" })])).toEqual([]);
  });
  it("the rate is by thousand automations and day", () => {
    expect(alertRate(6, 2_000, 30)).toBeCloseTo(0.1, 12);
    expect(alertRate(0, 0, 30)).toBeNull();
  });
});

describe("several seeds", () => {
  it("the median over the seeds that define a figure, with the least and the greatest", () => {
    expect(spreadOf([0.9, null, 0.7, 0.8])).toEqual({ median: 0.8, min: 0.7, max: 0.9 });
    expect(spreadOf([null])).toEqual({ median: null, min: null, max: null });
  });
  it("every figure of the runs is in it", () => {
    const subject = testSubject("A1", {
      attacks: [slowLeak],
      findings: [testFinding(3)],
      score: 50,
      isPositive: true,
    });
    const caught = measure([subject], options).figures;
    const missed = measure([{ ...subject, isPositive: false, findings: [] }], options).figures;
    const spreads = spreadsOf([caught, missed]);
    expect(spreads.total.recall).toEqual({ median: 0.5, min: 0, max: 1 });
    expect(spreads.total.precision).toEqual({ median: 1, min: 1, max: 1 });
    expect(spreads.byScenario["slow-leak"]?.hoursToDetect.median).toBe(48);
    expect(Object.keys(spreads).sort()).toEqual(Object.keys(caught).sort());
  });
});

describe("the baseline", () => {
  const baseline: QualityBaseline = {
    automations: { precisionMin: 0.9, recallMin: 0.9, falsePositiveRateMax: 0.01, aucMin: 0.9 },
    total: { precisionMin: 0.9, recallMin: 0.9 },
    falseAlertsPerThousandPerDayMax: 1,
  };

  it("passes what reaches it", () => {
    const subject = testSubject("A1", { attacks: [slowLeak], score: 90, isPositive: true });
    const summary = spreadsOf([measure([subject, testSubject("A2")], options).figures]);
    expect(belowBaseline(summary, baseline)).toEqual([]);
  });
  it("a figure that is not defined reaches no floor", () => {
    const nothing = spreadsOf([measure([testSubject("A2")], options).figures]);
    expect(belowBaseline(nothing, baseline).join("\n")).toContain(
      "recall of automations is not defined",
    );
  });
});
