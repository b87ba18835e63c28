/** A slow theft is told from growth, roll-outs, busy weeks, spikes and what was always so. */

import { MINUTE_MS, SECOND_MS } from "#base/time.ts";
import type { AutomationRef } from "#contract/automation.ts";
import { type AuditEvent, type Client, change } from "#contract/event.ts";
import { app, at, dana, event, repeat, testDetector } from "#engine/testing.ts";
import { slowExfiltration } from "./index.ts";

const helper = app("L-helper", { name: "Doc Helper" });
const suite = app("L-suite", { name: "Doc Suite", isVerified: true });

const home: Client = { ip: "192.0.2.5", asn: null, country: null, userAgent: null };
const elsewhere: Client = { ...home, ip: "203.0.113.5" };

const takes = (by: AutomationRef, day: number, times: number, known: Partial<AuditEvent> = {}) =>
  repeat(times, 5 * MINUTE_MS, () =>
    event("google", "download", { at: at(day, 1), class: "download", automation: by, ...known }),
  );

const days = (from: number, to: number, build: (day: number) => AuditEvent[]) =>
  Array.from({ length: to - from }, (_, index) => build(from + index)).flat();

/** Each person takes five. */
const forPeople = (by: AutomationRef, day: number, people: number) =>
  Array.from({ length: people }, (_, index) =>
    takes(by, day, 5, { actor: dana(`user${index}@example.com`) }),
  ).flat();

testDetector(slowExfiltration, {
  fires: {
    "ninety files a day for a month, after two weeks of eight": {
      events: [
        ...days(0, 14, (day) => takes(helper, day, 8)),
        ...days(14, 44, (day) => takes(helper, day, 90)),
      ],
      severityMin: "high",
      confidenceMin: 0.5,
      says: ["450 files over 5 days", "a usual one had 8", "2026-06-15"],
    },
    "four times as much, with quiet weekends": {
      events: [
        ...days(0, 14, (day) => takes(helper, day, 20 + (day % 4))),
        ...days(14, 28, (day) => takes(helper, day, day % 7 < 5 ? 90 : 10)),
      ],
      severityMin: "medium",
    },
    "forty large files a day": {
      events: [
        ...days(0, 10, (day) => takes(helper, day, 3, { bytes: 1_000_000 })),
        ...days(10, 20, (day) => takes(helper, day, 10, { bytes: 60_000_000 })),
      ],
      severityMin: "medium",
      says: ["MiB"],
    },
    "a verified app that is also used from a new network": {
      events: [
        ...days(0, 24, (day) => takes(suite, day, 20, { client: home })),
        ...days(12, 24, (day) => takes(suite, day, 100, { client: elsewhere, at: at(day, 2, 2) })),
      ],
      severityMin: "medium",
      says: ["203.0.113.0/24"],
    },
    "a newcomer empties one person's drive": {
      events: [
        ...days(0, 12, (day) => takes(suite, day, 8)),
        event("google", "authorize", {
          at: at(7, 9),
          class: "consent",
          subject: helper,
          change: change("granted", { consent: "user", principal: "dana@example.com" }),
        }),
        ...days(8, 12, (day) => takes(helper, day, 70)),
      ],
      severityMin: "high",
      says: ["never seen before", "one person", "nobody but its users let it in"],
    },
  },
  quiet: {
    "a newcomer that serves many": {
      events: [
        ...days(0, 12, (day) => takes(suite, day, 8)),
        ...days(8, 12, (day) => forPeople(helper, day, 14)),
      ],
    },
    "a month of ninety a day, as ever": { events: days(0, 30, (day) => takes(helper, day, 90)) },
    "growth by a twentieth a day": {
      events: days(0, 40, (day) => takes(helper, day, Math.round(20 * 1.05 ** day))),
    },
    "a roll-out: five times the people, each as before": {
      events: [
        ...days(0, 12, (day) => forPeople(suite, day, 4)),
        ...days(12, 24, (day) => forPeople(suite, day, 20)),
      ],
    },
    "three large days": {
      events: days(0, 30, (day) => takes(helper, day, day >= 20 && day < 23 ? 200 : 10)),
    },
    "large every Monday": {
      events: days(0, 40, (day) => takes(helper, day, day % 7 === 0 ? 200 : 10)),
    },
    "up and down": {
      events: days(0, 30, (day) => takes(helper, day, [5, 120, 30, 90, 10, 150, 60][day % 7] ?? 0)),
    },
    "a fast week of trifles": {
      events: days(0, 30, (day) => takes(helper, day, day >= 20 ? 12 : 2)),
    },
  },
  evasions: {
    "twice as much": {
      events: days(0, 40, (day) => takes(helper, day, day >= 14 ? 60 : 30)),
      isCaught: false,
    },
    "every other day": {
      events: days(0, 40, (day) =>
        repeat(day >= 14 && day % 2 === 0 ? 90 : 8, 10 * SECOND_MS, () =>
          event("google", "download", { at: at(day, 1), class: "download", automation: helper }),
        ),
      ),
      isCaught: true,
    },
  },
});
