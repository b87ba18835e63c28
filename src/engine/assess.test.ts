/** What is observed does not depend on order, split or arrival, and neither do the findings and their ids. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DAY_MS } from "#base/time.ts";
import { automationRef } from "#contract/automation.ts";
import { auditEvent, change, machine, person } from "#contract/event.ts";
import { anyEvents, anyPieces, fold, type Piece, plain } from "./arbitrary.ts";
import { type Assessment, assess } from "./assess.ts";
import { defineDetector } from "./detectors/detector.ts";
import { dayWindow } from "./detectors/window.ts";
import { mergeObservations, newObservations, type Observations, observe } from "./observe.ts";
import { samplesOf } from "./profile/profile.ts";

const NOW = Date.UTC(2026, 5, 5);

/** Speaks of every day of everybody, so that nothing that the engine shows a detector can differ unseen. */
const talkative = defineDetector({
  id: "talkative",
  title: "Something happened",
  techniques: ["T29"],
  attackType: "ai_abuse",
  severity: "low",
  platforms: "all",
  judges: ["automation", "person"],
  options: {},
  detect: (view) =>
    view.profiles.map((profile) => ({
      window: dayWindow(profile.day),
      confidence: Math.min(profile.events / 10, 1),
      explanation: JSON.stringify([
        view.timeline.map(({ sample }) => sample.eventId),
        view.grants,
        plain(view.baseline),
        plain(profile),
      ]),
      samples: samplesOf(profile, null),
    })),
});

function judge(seen: Observations, detectors = [talkative]): Assessment {
  return assess(seen, { orgId: "o", now: NOW, timeZone: "UTC", detectors });
}

function merged(parts: readonly Observations[]): Observations {
  const into = newObservations();
  for (const part of parts) mergeObservations(into, part);
  return into;
}

const shuffled = anyPieces.chain((pieces) =>
  fc.tuple(
    fc.constant(pieces),
    fc.shuffledSubarray(pieces, { minLength: pieces.length }),
    fc.infiniteStream(fc.integer({ min: 0, max: 3 })),
    fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
  ),
);

describe("folding", () => {
  it("a change that names neither who nor what is judged all the same, and about nobody", () => {
    const spoken = defineDetector({
      ...talkative,
      options: {},
      detect: ({ timeline }) =>
        timeline.map(({ day, sample }) => ({
          window: dayWindow(day),
          confidence: 0.5,
          explanation: "x",
          samples: [sample],
        })),
    });
    const seen = newObservations();
    const at = NOW - DAY_MS;
    observe(
      seen,
      auditEvent("microsoft", "azure:Administrative", "delete", {
        id: "e1",
        at,
        change: change("logging_impaired"),
      }),
    );
    const { findings, automations } = judge(seen, [spoken]);
    expect(findings).toMatchObject([{ principal: null, automationId: null }]);
    expect(automations).toEqual([]);
  });

  it("any order of the same records gives the same observations and the same assessment", () => {
    fc.assert(
      fc.property(shuffled, ([pieces, other]) => {
        const [a, b] = [fold(pieces), fold(other)];
        expect(plain(b)).toEqual(plain(a));
        expect(judge(b)).toEqual(judge(a));
      }),
      { numRuns: 60 },
    );
  });

  it("any split over four parts, merged in any order, gives the same", () => {
    fc.assert(
      fc.property(shuffled, ([pieces, other, lanes, order]) => {
        const parts: Piece[][] = [[], [], [], []];
        for (const piece of other) parts[lanes.next().value ?? 0]?.push(piece);
        const folded = order.map((index) => fold(parts[index] ?? []));
        const whole = fold(pieces);
        expect(plain(merged(folded))).toEqual(plain(whole));
        expect(judge(merged(folded))).toEqual(judge(whole));
      }),
      { numRuns: 60 },
    );
  });

  it("merging is associative and leaves what it merges from as it was", () => {
    fc.assert(
      fc.property(anyPieces, anyPieces, anyPieces, (one, two, three) => {
        const [a, b, c] = [fold(one), fold(two), fold(three)];
        const before = plain([a, b, c]);
        const left = merged([merged([a, b]), c]);
        const right = merged([a, merged([b, c])]);
        expect(plain(right)).toEqual(plain(left));
        expect(plain([a, b, c])).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  it("a vendor's own client in a person's hands is the person at work, changes included", () => {
    const seen = newObservations();
    observe(
      seen,
      auditEvent("microsoft", "o365:Exchange", "New-InboxRule", {
        id: "e1",
        at: NOW,
        actor: person("dana@example.com", null),
        automation: automationRef("oauth_app", "00000002-0000-0ff1-ce00-000000000000", {
          ownerTenantId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
        }),
        outcome: "success",
        change: change("forwarding_added", { destination: "x@elsewhere.example" }),
      }),
    );
    expect(seen.tracks.get("microsoft|p|dana@example.com")?.timeline.size).toBe(1);
  });

  it("what an automation does to itself is about it too, and counts once", () => {
    const client = automationRef("service_account", "S1");
    const seen = newObservations();
    observe(
      seen,
      auditEvent("google", "google:token", "authorize", {
        id: "e1",
        at: NOW,
        actor: person("dana@example.com", null),
        automation: client,
        subject: client,
        outcome: "success",
        change: change("granted", { scopes: ["drive"], principal: "dana@example.com" }),
      }),
    );
    const [automation] = judge(seen).automations;
    expect(automation?.grants).toHaveLength(1);
    expect(automation?.eventCount).toBe(1);
  });
});

describe("finding ids", () => {
  it("stay when late events arrive, and change with day, detector and whom it is about", () => {
    fc.assert(
      fc.property(anyEvents(40), anyEvents(20), (early, late) => {
        // A late event that reveals an alias joins two automations; ids of people and automations stand still here.
        const bare = [...early, ...late].map((event, index) => ({
          ...event,
          id: `e${index}`,
          actor: { ...event.actor, aliases: [] },
          automation: event.automation === null ? null : { ...event.automation, aliases: [] },
          subject: event.subject === null ? null : { ...event.subject, aliases: [] },
        }));
        const before = judge(fold(bare.slice(0, early.length).map((event) => ({ event }))));
        const after = judge(fold(bare.map((event) => ({ event }))));
        const idsAfter = new Map(after.findings.map((finding) => [finding.id, finding]));
        expect(idsAfter.size).toBe(after.findings.length);
        for (const { id, window, principal } of before.findings) {
          const now = idsAfter.get(id);
          // Only a person who turns out to be an automation's user leaves, with the finding.
          if (now === undefined) expect(principal).not.toBeNull();
          else expect(now.window).toEqual(window);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("do not depend on what the finding says", () => {
    const events = [1, 2, 3].map((index) =>
      auditEvent("slack", "slack:audit", "acted", {
        id: `e${index}`,
        at: NOW + index,
        actor: machine("B1", null),
        outcome: "success",
      }),
    );
    const idOf = (count: number): string | undefined =>
      judge(fold(events.slice(0, count).map((event) => ({ event })))).findings[0]?.id;
    expect(idOf(3)).toBe(idOf(1));
    expect(idOf(1)).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe("assessment", () => {
  it("is sorted worst first and refers to automations and people that exist", () => {
    fc.assert(
      fc.property(anyPieces, (pieces) => {
        const { automations, findings } = judge(fold(pieces));
        const ids = new Set(automations.map(({ id }) => id));
        for (const { automationId, principal } of findings) {
          expect(automationId === null ? principal !== null : ids.has(automationId)).toBe(true);
        }
        const scores = automations.map(({ risk }) => risk.score);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      }),
      { numRuns: 60 },
    );
  });

  it("counts ages from the given time, never from the clock", () => {
    const seen = fold([]);
    const options = { orgId: "o", timeZone: "UTC", detectors: [talkative] };
    expect(assess(seen, { ...options, now: NOW })).toEqual(
      assess(seen, { ...options, now: NOW + DAY_MS }),
    );
  });
});
