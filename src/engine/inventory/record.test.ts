/** What is known of an automation or person merges in any order, and its facts are decided the same way each time. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AutomationFact,
  automationFact,
  automationRef,
  type Grant,
} from "#contract/automation.ts";
import { auditEvent, change, person } from "#contract/event.ts";
import { plain } from "#engine/arbitrary.ts";
import { automationFrom } from "./automation.ts";
import {
  type AutomationRecord,
  learnFromEvent,
  learnFromFact,
  mergeAutomation,
  newAutomationRecord,
  settle,
  winner,
} from "./record.ts";

const anyGrant: fc.Arbitrary<Grant> = fc.record({
  principal: fc.option(fc.constantFrom("dana@example.com", "lee@example.com")),
  scopes: fc.subarray(["files:read", "admin"]),
  consent: fc.constantFrom("user", "tenant"),
  grantedBy: fc.option(fc.constantFrom("amy@example.com", "bo@example.com", "cy@example.com")),
  at: fc.option(fc.integer({ min: 1, max: 5 })),
});

function recordOf(facts: readonly AutomationFact[]): AutomationRecord {
  const record = newAutomationRecord("slack", "A1");
  for (const fact of facts) learnFromFact(record, fact);
  return record;
}

function factOf(grants: readonly Grant[], name: string | null = null): AutomationFact {
  const ref = automationRef("oauth_app", "A1", { name });
  return automationFact("slack", "state", ref, { grants: [...grants] });
}

describe("automation record", () => {
  it("tells who granted first, whatever order and split the grants come in", () => {
    fc.assert(
      fc.property(
        fc
          .array(anyGrant, { maxLength: 8 })
          .chain((grants) =>
            fc.tuple(
              fc.constant(grants),
              fc.shuffledSubarray(grants, { minLength: grants.length }),
              fc.nat({ max: grants.length }),
            ),
          ),
        ([grants, other, cut]) => {
          const parts = [other.slice(0, cut), other.slice(cut)].map((some) =>
            recordOf(some.map((grant) => factOf([grant]))),
          );
          const into = newAutomationRecord("slack", "A1");
          for (const part of parts) mergeAutomation(into, part);
          const whole = recordOf(grants.map((grant) => factOf([grant])));
          expect(plain(into)).toEqual(plain(whole));
          const first = automationFrom(whole).grants;
          expect(automationFrom(into).grants).toEqual(first);
        },
      ),
    );
  });

  it("an unnamed earlier grant does not date a later grantor", () => {
    const grant = { principal: null, scopes: [], consent: "tenant" as const };
    const grants = [
      { ...grant, grantedBy: null, at: 5 },
      { ...grant, grantedBy: "bo@example.com", at: 10 },
      { ...grant, grantedBy: "cy@example.com", at: 7 },
    ];
    const [folded] = automationFrom(recordOf([factOf(grants)])).grants;
    expect(folded).toMatchObject({ at: 5, grantedBy: "cy@example.com" });
  });

  it("grants end with their revocation, and begin again with a later grant", () => {
    const at = (time: number): Grant => ({
      principal: "dana@example.com",
      scopes: ["admin"],
      consent: "user",
      grantedBy: null,
      at: time,
    });
    const record = recordOf([factOf([at(10)])]);
    record.revokedAt.set("dana@example.com", 20);
    expect(automationFrom(record).grants).toEqual([]);
    learnFromFact(record, factOf([at(30)]));
    expect(automationFrom(record).grants).toHaveLength(1);
  });

  it("the most votes win, of equals what sorts first", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.integer({ min: 1, max: 3 }))),
        (votes) => {
          const counts = new Map<string, number>();
          for (const [value, weight] of votes) counts.set(value, (counts.get(value) ?? 0) + weight);
          const ranked = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
          expect(winner(counts)).toBe(ranked[0]?.[0] ?? null);
          expect(winner(new Map([...counts].reverse()))).toBe(winner(counts));
        },
      ),
    );
  });

  it("keeps sixteen user agents, the same ones in any order", () => {
    const agents = Array.from(
      { length: 40 },
      (_, index) => `agent/${String(index).padStart(2, "0")}`,
    );
    const halves = [agents.slice(0, 20), agents.slice(20)].map((some) => {
      const record = newAutomationRecord("slack", "A1");
      for (const agent of some) record.agents.add(agent);
      return record;
    });
    const kept: string[][] = [];
    for (const order of [halves, halves.toReversed()]) {
      const into = newAutomationRecord("slack", "A1");
      for (const part of order) mergeAutomation(into, part);
      settle(into);
      kept.push([...into.agents].sort());
    }
    expect(kept[0]).toHaveLength(16);
    expect(kept[1]).toEqual(kept[0]);
  });
});

describe("owners", () => {
  it("who lets an app in for somebody else answers for it half as surely as who takes it for himself", () => {
    const confidences = ["dana@example.com", "lee@example.com"].map((principal) => {
      const record = newAutomationRecord("google", "A1");
      const automation = automationRef("oauth_app", "A1");
      const granted = auditEvent("google", "google:token", "authorize", {
        id: "e1",
        at: 1_780_300_800_000,
        outcome: "success",
        subject: automation,
        actor: person("dana@example.com", null),
        change: change("granted", { scopes: ["email"], consent: "user", principal }),
      });
      learnFromEvent(record, automation, granted, true);
      return automationFrom(record).owners.find((owner) => owner.principal === "dana@example.com")
        ?.confidence;
    });
    expect(confidences).toEqual([0.6, 0.3]);
  });
});

describe("grants over time", () => {
  const automation = automationRef("oauth_app", "A1");
  const at = (minute: number) => Date.UTC(2026, 5, 1, 10, minute);
  const event = (minute: number, kind: "granted" | "revoked", scopes: string[]) =>
    auditEvent("google", "google:token", kind, {
      id: `e${minute}`,
      at: at(minute),
      outcome: "success",
      subject: automation,
      actor: person("dana@example.com", null),
      change: change(kind, { scopes, consent: "user", principal: "dana@example.com" }),
    });

  it("what was revoked and not granted again is not in force, in any order of the records", () => {
    const story = [
      event(1, "granted", ["mail", "email"]),
      event(2, "revoked", []),
      event(3, "granted", ["email"]),
    ];
    for (const order of [story, story.toReversed()]) {
      const record = newAutomationRecord("google", "A1");
      for (const one of order) learnFromEvent(record, automation, one, true);
      expect(automationFrom(record).grants.map(({ scopes }) => scopes)).toEqual([["email"]]);
    }
  });
});
