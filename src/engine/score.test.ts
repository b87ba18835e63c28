/** Risk is 0 to 100, never falls when a finding is added, and has reasons that add up to it. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { automationRef } from "#contract/automation.ts";
import { Severity } from "#contract/finding.ts";
import type { Finding } from "./assess.ts";
import { detectors } from "./detectors/index.ts";
import { type Automation, automationFrom } from "./inventory/automation.ts";
import { learnFromFact, newAutomationRecord } from "./inventory/record.ts";
import { classify, isSuspicious, riskOf, STATES, WEIGHTS } from "./score.ts";

function automation(scopes: readonly string[] = [], isVerified: boolean | null = null): Automation {
  const record = newAutomationRecord("slack", "A1");
  learnFromFact(record, {
    type: "automation",
    platform: "slack",
    service: "state",
    automation: automationRef("oauth_app", "A1", { isVerified }),
    owners: [],
    credentials: [],
    grants: [
      { principal: null, scopes: [...scopes], consent: "tenant", grantedBy: null, at: null },
    ],
    createdAt: null,
    lastUsedAt: null,
    isEnabled: null,
  });
  return automationFrom(record);
}

function finding(
  detector: string,
  severity: Severity,
  confidence: number,
  technique = "T01",
): Finding {
  return {
    id: `${detector}-${severity}-${confidence}`,
    detector,
    techniques: [technique],
    title: `${detector} spoke`,
    attackType: "backdoor",
    severity,
    confidence,
    platform: "slack",
    automationId: "slack:A1",
    principal: null,
    window: null,
    explanation: "",
    mitre: { attack: [], atlas: [], owasp: [] },
    samples: [],
    steps: [],
    shares: [],
  };
}

const anyFinding = fc
  .tuple(
    fc.constantFrom("a", "b", "c", "d", "e", "f", "new-infrastructure", "api-volume"),
    fc.constantFrom(...Severity.options),
    fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
    // Of each stage, and of none.
    fc.constantFrom("T01", "T11", "T24", "T28", "T65", "T19"),
  )
  .map((known) => finding(...known));

const anyFindings = fc.array(anyFinding, { maxLength: 12 });

describe("risk", () => {
  it("is a whole number from 0 to 100 with a level", () => {
    fc.assert(
      fc.property(
        anyFindings,
        fc.subarray(["admin", "channels:history", "files:read"]),
        (all, scopes) => {
          const { score, level } = riskOf(automation(scopes), all);
          expect(Number.isInteger(score)).toBe(true);
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(100);
          expect(Severity.options).toContain(level);
        },
      ),
    );
  });

  it("never falls when a finding is added", () => {
    fc.assert(
      fc.property(anyFindings, anyFinding, (all, one) => {
        const before = riskOf(automation(["files:read"]), all).score;
        expect(riskOf(automation(["files:read"]), [...all, one]).score).toBeGreaterThanOrEqual(
          before,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it("does not depend on the order of the findings", () => {
    fc.assert(
      fc.property(
        anyFindings.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([all, other]) => {
          expect(riskOf(automation(), other)).toEqual(riskOf(automation(), all));
        },
      ),
    );
  });

  it("has reasons, heaviest first, that add up to it", () => {
    fc.assert(
      fc.property(anyFindings, (all) => {
        const { score, reasons } = riskOf(automation(["admin"], false), all);
        const points = reasons.map((reason) => reason.points);
        expect(points).toEqual(points.toSorted((a, b) => b - a));
        expect(points.reduce((total, each) => total + each, 0)).toBe(score);
      }),
    );
  });

  it("one sure critical finding is critical, ten weak ones are not", () => {
    expect(riskOf(automation(), [finding("a", "critical", 1)]).level).toBe("critical");
    const weak = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"].map((id) =>
      finding(id, "low", 0.5),
    );
    expect(riskOf(automation(), weak).score).toBeLessThan(15);
  });

  it("further detectors of one stage add ever less, those of another stage count in full", () => {
    const three = ["a", "b", "c"].map((detector) => finding(detector, "medium", 1));
    const pointsOf = (all: readonly Finding[]) =>
      riskOf(automation(), all).reasons.map(({ points }) => points);
    expect(pointsOf(three)).toEqual([20, 7, 2]);
    expect(pointsOf([...three, finding("d", "medium", 1, "T28")])).toEqual([20, 20, 7, 2]);
  });

  it("a detector that speaks of thirty days weighs as its worst day", () => {
    const days = Array.from({ length: 30 }, () => finding("a", "medium", 0.8));
    expect(riskOf(automation(), days).score).toBe(riskOf(automation(), days.slice(0, 1)).score);
  });
});

describe("classification", () => {
  it("follows findings and facts", () => {
    const of = (subject: Automation, findings: readonly Finding[]) =>
      classify(subject, riskOf(subject, findings), findings);
    expect(of(automation([], true), [])).toBe("legitimate");
    expect(of(automation(), [])).toBe("unknown");
    expect(of(automation(), [finding("a", "low", 1)])).toBe("unknown");
    expect(of(automation(), [finding("a", "medium", 0.9)])).toBe("unknown");
    expect(of(automation(), [finding("a", "high", 0.5)])).toBe("suspicious");
    const download = finding("a", "medium", 0.6, "T28");
    expect(of(automation(), [download, finding("b", "medium", 0.6, "T29")])).toBe("unknown");
    expect(of(automation(), [download, finding("b", "medium", 0.6, "T24")])).toBe("suspicious");
    expect(of(automation([], true), [finding("a", "critical", 0.95)])).toBe("malicious");
  });

  it("a client id alone decides nothing: only what happened besides makes it malicious", () => {
    const known: Automation = {
      ...automation(["admin"], false),
      abused: {
        platform: "slack",
        id: "A1",
        names: [],
        category: "malicious",
        severity: "critical",
        firstParty: false,
        references: [],
        tags: [],
        matchedBy: "id",
      },
    };
    const of = (findings: readonly Finding[]) => classify(known, riskOf(known, findings), findings);
    const named = finding("known-abused-app", "critical", 0.95);
    expect(of([])).toBe("unknown");
    expect(of([named])).toBe("suspicious");
    expect(of([named, finding("unused-privilege", "low", 0.5, "T19")])).toBe("suspicious");
    expect(of([named, finding("a", "high", 0.6, "T28")])).toBe("malicious");
  });

  it("states alone are no suspicion, and support what happened", () => {
    const states = [...STATES].map((detector) => finding(detector, "high", 0.9, "T19"));
    const act = finding("a", "medium", 0.6, "T28");
    expect(isSuspicious(states)).toBe(false);
    expect(isSuspicious([act])).toBe(false);
    expect(isSuspicious([...states, act])).toBe(true);
  });

  it("what counts as a state or has a weight is a detector that there is", () => {
    const ids = new Set(detectors.map(({ id }) => id));
    expect([...STATES, ...WEIGHTS.keys()].filter((id) => !ids.has(id))).toEqual([]);
  });

  it("a new place weighs more than a large amount of the same severity and confidence", () => {
    const pointsOf = (detector: string) =>
      riskOf(automation(), [finding(detector, "medium", 0.5)]).score;
    expect(pointsOf("new-infrastructure")).toBe(13);
    expect(pointsOf("mass-download")).toBe(10);
    expect(pointsOf("message-flood")).toBe(8);
  });

  it("one more finding never ends a suspicion", () => {
    const any = fc.oneof(
      anyFinding,
      fc
        .tuple(anyFinding, fc.constantFrom(...STATES))
        .map(([found, detector]) => ({ ...found, detector })),
    );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 8 }), any, (all, one) => {
        if (isSuspicious(all)) expect(isSuspicious([...all, one])).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
