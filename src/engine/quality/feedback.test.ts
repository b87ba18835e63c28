/** Verdicts quieten one claim for a while and weigh a detector; they change neither truth nor measurement. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DAY_MS } from "#base/time.ts";
import { SEVERITIES, Severity } from "#contract/finding.ts";
import type { Finding } from "#engine/assess.ts";
import { MONDAY } from "#engine/testing.ts";
import { applyFeedback, FEEDBACK_DEFAULTS, recordsOf, wilson } from "./feedback.ts";
import { measure } from "./measure.ts";
import { testFinding, testLabel, testSubject } from "./testing.ts";
import { claimOf, currentVerdicts, type Verdict, verdictOn } from "./verdict.ts";

const judged = testFinding(1);
const later = testFinding(9);
const at = MONDAY + 2 * DAY_MS;
const now = MONDAY + 10 * DAY_MS;

function said(
  verdict: Verdict["verdict"],
  finding: Finding = judged,
  moment = at,
  by = "dana@example.com",
): Verdict {
  return verdictOn(finding, { verdict, at: moment, by });
}

/** Ids of what is still shown. */
function shown(findings: readonly Finding[], verdicts: readonly Verdict[], when = now): string[] {
  return applyFeedback(findings, verdicts, when).shown.map(({ id }) => id);
}

describe("suppression", () => {
  it("the same claim about the same subject stays quiet on other days, too, and says why", () => {
    const verdict = said("false_positive");
    const { shown: left, suppressed } = applyFeedback([judged, later], [verdict], now);
    expect(left).toEqual([]);
    expect(suppressed).toEqual([
      { finding: judged, because: verdict },
      { finding: later, because: verdict },
    ]);
  });
  it.each([
    ["another claim of the detector", testFinding(9, { title: "Another thing" })],
    ["another detector", testFinding(9, { detector: "velocity" })],
    ["another automation", testFinding(9, { automationId: "slack:A2" })],
    ["a worse severity", testFinding(9, { severity: "critical" })],
  ])("%s is shown", (_name, finding) => {
    expect(shown([finding], [said("false_positive")])).toEqual([finding.id]);
  });
  it("expires, and does not reach back before it was said", () => {
    const after = at + FEEDBACK_DEFAULTS.suppressionDays * DAY_MS;
    expect(shown([later], [said("false_positive")], after - 1)).toEqual([]);
    expect(shown([later], [said("false_positive")], after)).toEqual([later.id]);
    expect(shown([later], [said("false_positive")], at - 1)).toEqual([later.id]);
  });
  it("ends when the claim turns out true", () => {
    const wrong = said("false_positive");
    const right = said("true_positive", later, at + DAY_MS);
    expect(shown([testFinding(10)], [wrong, right])).toEqual([testFinding(10).id]);
    expect(
      shown([testFinding(10)], [right, said("false_positive", judged, at + 2 * DAY_MS)]),
    ).toEqual([]);
  });
});

describe("what a detector is worth", () => {
  const many = (count: number, verdict: Verdict["verdict"]) =>
    Array.from({ length: count }, (_, index) =>
      said(verdict, testFinding(1, { id: `${verdict}-${index}` })),
    );

  it("precision with its Wilson interval", () => {
    const record = recordsOf([...many(8, "true_positive"), ...many(2, "false_positive")]).get(
      "mass-download",
    );
    expect(record).toMatchObject({ truePositives: 8, falsePositives: 2, precision: 0.8 });
    // Wilson (1927), 8 of 10 at 95 %.
    expect(record?.interval.low).toBeCloseTo(0.4902, 3);
    expect(record?.interval.high).toBeCloseTo(0.9433, 3);
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
    expect(wilson(0, 5).low).toBe(0);
    expect(wilson(5, 5).high).toBe(1);
  });
  it("a few verdicts move it a little, and no number of them silences it", () => {
    const factor = (verdicts: readonly Verdict[]) =>
      recordsOf(verdicts).get("mass-download")?.factor;
    expect(factor(many(1, "false_positive"))).toBeGreaterThan(0.9);
    expect(factor(many(3, "false_positive"))).toBeGreaterThan(0.75);
    expect(factor(many(1_000, "false_positive"))).toBe(FEEDBACK_DEFAULTS.factorMin);
    expect(factor(many(1_000, "true_positive"))).toBe(FEEDBACK_DEFAULTS.factorMax);
  });
  it("shows in the confidence of what it finds elsewhere, and of no other detector", () => {
    const other = testFinding(5, { automationId: "slack:A9" });
    const foreign = testFinding(5, { id: "x", detector: "velocity", automationId: "slack:A9" });
    const { shown: left } = applyFeedback([other, foreign], many(30, "false_positive"), now);
    expect(left.map(({ confidence }) => confidence)).toEqual([0.4, 0.8]);
  });
});

describe("verdicts in general", () => {
  const finding = fc
    .record({
      day: fc.integer({ min: 0, max: 20 }),
      automation: fc.constantFrom("A1", "A2"),
      detector: fc.constantFrom("mass-download", "velocity"),
      severity: fc.constantFrom(...Severity.options),
    })
    .map(({ day, automation, detector, severity }) =>
      testFinding(day, {
        id: `${day}-${automation}-${detector}-${severity}`,
        automationId: `slack:${automation}`,
        detector,
        severity,
      }),
    );
  const verdict = fc
    .record({
      finding,
      verdict: fc.constantFrom("true_positive" as const, "false_positive" as const),
      day: fc.integer({ min: 0, max: 20 }),
      by: fc.constantFrom("dana@example.com", "timo@example.com"),
    })
    .map((one) => said(one.verdict, one.finding, MONDAY + one.day * DAY_MS, one.by));

  it("their order and their repetition say nothing", () => {
    fc.assert(
      fc.property(fc.array(finding), fc.array(verdict), (findings, verdicts) => {
        const forward = applyFeedback(findings, verdicts, now);
        expect(applyFeedback(findings, [...verdicts, ...verdicts].reverse(), now)).toEqual(forward);
        expect(currentVerdicts([...verdicts].reverse())).toEqual(currentVerdicts(verdicts));
      }),
    );
  });
  it("lose no finding, and hide only what was called false, never something worse", () => {
    fc.assert(
      fc.property(fc.array(finding), fc.array(verdict), (findings, verdicts) => {
        const { shown: left, suppressed } = applyFeedback(findings, verdicts, now);
        expect(left.length + suppressed.length).toBe(findings.length);
        for (const { finding: hidden, because } of suppressed) {
          expect(because.verdict).toBe("false_positive");
          expect(because.claim).toBe(claimOf(hidden));
          expect(SEVERITIES.indexOf(hidden.severity)).toBeLessThanOrEqual(
            SEVERITIES.indexOf(because.severity),
          );
        }
      }),
    );
  });
  it("change no label and no measured figure", () => {
    const label = Object.freeze(testLabel());
    const subject = testSubject("A1", {
      attacks: [label],
      findings: [Object.freeze(judged)],
      score: 50,
      isPositive: true,
    });
    const options = { labels: [label], roster: [], detectors: [], days: 1 };
    const before = measure([subject], options);
    applyFeedback(subject.findings, [said("false_positive")], now);
    expect(measure([subject], options)).toEqual(before);
    expect(label).toEqual(testLabel());
  });
});
