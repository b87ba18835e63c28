/** A timeline is bounded, keeps the earliest of each kind and day, and depends on the set of its events alone. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DAY_MS, dayOf } from "#base/time.ts";
import { type AuditEvent, auditEvent, type ChangeKind, change, person } from "#contract/event.ts";
import { anyEvents, plain } from "#engine/arbitrary.ts";
import {
  addToTimeline,
  countOn,
  inOrder,
  KEPT_MAX,
  mergeTimeline,
  type Timeline,
} from "./timeline.ts";

const START = Date.UTC(2026, 5, 1);

/** Many changes of few kinds on few days, so that the bound bites. */
const crowded = fc
  .tuple(
    anyEvents(1),
    fc.array(
      fc.record({
        at: fc.option(fc.integer({ min: START, max: START + 2 * DAY_MS - 1 }), { freq: 10 }),
        kind: fc.constantFrom<ChangeKind[]>("granted", "installed"),
      }),
      { maxLength: 6 * KEPT_MAX, size: "max" },
    ),
  )
  .map(([[template], changes]) =>
    template === undefined
      ? []
      : changes.map(({ at, kind }, index) => ({
          ...template,
          id: `e${index}`,
          at,
          change: change(kind),
        })),
  );

function timelineOf(events: readonly AuditEvent[]): Timeline {
  const timeline: Timeline = new Map();
  for (const event of events) addToTimeline(timeline, event);
  return timeline;
}

describe("timeline", () => {
  it("is the same in any order and split, merged in any order", () => {
    fc.assert(
      fc.property(
        fc
          .oneof(crowded, anyEvents())
          .chain((events) =>
            fc.tuple(
              fc.constant(events),
              fc.shuffledSubarray(events, { minLength: events.length }),
              fc.nat({ max: events.length }),
            ),
          ),
        ([events, other, cut]) => {
          const whole = timelineOf(events);
          expect(plain(timelineOf(other))).toEqual(plain(whole));
          const parts = [timelineOf(other.slice(0, cut)), timelineOf(other.slice(cut))];
          for (const order of [parts, parts.toReversed()]) {
            const into: Timeline = new Map();
            for (const part of order) mergeTimeline(into, part);
            expect(plain(into)).toEqual(plain(whole));
            expect(inOrder(into)).toEqual(inOrder(whole));
          }
        },
      ),
    );
  });

  it("keeps the first ones of a kind and day up to the bound, and counts them all", () => {
    fc.assert(
      fc.property(crowded, (events) => {
        const timeline = timelineOf(events);
        const byBucket = Map.groupBy(
          events,
          ({ at, actor, change: made }) => `${made.kind}||${actor.id}|${dayOf(at)}`,
        );
        expect([...timeline.keys()].sort()).toEqual([...byBucket.keys()].sort());
        for (const [key, all] of byBucket) {
          const kept = timeline.get(key);
          expect(kept?.count).toBe(all.length);
          expect(kept?.entries).toHaveLength(Math.min(all.length, KEPT_MAX));
          const latestKept = Math.max(...(kept?.entries ?? []).map(({ at }) => at ?? 0));
          const left = all.length - KEPT_MAX;
          const times = all.map(({ at }) => at ?? 0).sort((a, b) => b - a);
          if (left > 0) expect(times[left - 1]).toBeGreaterThanOrEqual(latestKept);
        }
      }),
    );
  });

  it("keeps a grant for the whole tenant, and another person's change, whatever came before them that day", () => {
    const granted = (index: number, email: string, consent: "user" | "tenant") =>
      auditEvent("microsoft", "entra:AuditLogs", "Consent to application", {
        id: `e${String(index).padStart(4, "0")}`,
        at: START + index * 1_000,
        actor: person(email, null),
        change: change("granted", { consent }),
      });
    const timeline = timelineOf([
      ...Array.from({ length: 500 }, (_, index) => granted(index, "busy@example.com", "user")),
      granted(501, "busy@example.com", "tenant"),
      granted(502, "other@example.com", "user"),
    ]);
    const kept = inOrder(timeline).map(({ sample }) => sample.eventId);
    expect(kept).toContain("e0501");
    expect(kept).toContain("e0502");
    expect(kept).toHaveLength(KEPT_MAX + 2);
    expect(countOn(timeline, "granted", dayOf(START))).toBe(502);
  });

  it("goes in event time, undated first, and leaves out events without a change", () => {
    fc.assert(
      fc.property(anyEvents(), (events) => {
        const entries = inOrder(timelineOf(events));
        const times = entries.map(({ at }) => at ?? 0);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(entries.every(({ change: made }) => made !== null)).toBe(true);
      }),
    );
  });

  it("knows how many there were, kept or not", () => {
    fc.assert(
      fc.property(crowded, (events) => {
        const day = dayOf(START);
        const granted = events.filter(
          ({ at, change: made }) => made.kind === "granted" && dayOf(at) === day,
        );
        expect(countOn(timelineOf(events), "granted", day)).toBe(granted.length);
      }),
    );
  });
});
