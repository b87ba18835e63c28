/** A drain is told from busy days of questions, first indexing and apps that are no AI. */

import { SECOND_MS } from "#base/time.ts";
import type { AutomationRef } from "#contract/automation.ts";
import type { AuditEvent } from "#contract/event.ts";
import { app, at, event, repeat, testDetector } from "#engine/testing.ts";
import { aiDrain } from "./index.ts";

const assistant = app("C-ai", { name: "Claude", domains: ["claude.ai"] });
const sync = app("C-sync", { name: "Folder Sync" });

function read(day: number, by: AutomationRef = assistant, hour = 9): AuditEvent {
  return event("google", "view", { at: at(day, hour), class: "read", automation: by });
}

const weeks = (by: AutomationRef, perDay = 30) =>
  Array.from({ length: 12 }, (_, day) =>
    repeat(perDay, 60 * SECOND_MS, () => read(day, by)),
  ).flat();

testDetector(aiDrain, {
  fires: {
    "an assistant of thirty reads a day takes two thousand in an hour": {
      events: [...weeks(assistant), ...repeat(2_000, SECOND_MS, () => read(13))],
      severityMin: "medium",
      confidenceMin: 0.6,
      says: ["2,000 items", "one hour"],
    },
    "a new assistant reads three thousand items on its first day": {
      events: repeat(3_000, 10 * SECOND_MS, () => read(1)),
      severityMin: "low",
    },
    "forty full pages of a few people's calendars, two days running": {
      events: [
        ...weeks(assistant, 3),
        ...[13, 14].flatMap((day) =>
          repeat(40, 60 * SECOND_MS, () => ({ ...read(day), bytes: 300_000 })),
        ),
      ],
      findings: 2,
      severityMin: "medium",
      says: ["11 MiB", "40 items"],
    },
  },
  quiet: {
    "forty short answers where three are usual": {
      events: [
        ...weeks(assistant, 3),
        ...repeat(40, 60 * SECOND_MS, () => ({ ...read(13), bytes: 2_000 })),
      ],
    },
    "a day with twice the questions": {
      events: [...weeks(assistant), ...repeat(80, 60 * SECOND_MS, () => read(13))],
    },
    "the first indexing of a mailbox": { events: repeat(900, SECOND_MS, () => read(1)) },
    "a sync client, which is no AI": {
      events: [...weeks(sync), ...repeat(2_000, SECOND_MS, () => read(13, sync))],
    },
    "reads that were refused": {
      events: [
        ...weeks(assistant),
        ...repeat(2_000, SECOND_MS, () => ({ ...read(13), outcome: "denied" as const })),
      ],
    },
  },
  evasions: {
    "a hundred and forty items a day": {
      events: [...weeks(assistant), ...repeat(140, 60 * SECOND_MS, () => read(13))],
      isCaught: false,
    },
    "spread over the day": {
      events: [...weeks(assistant), ...repeat(2_000, 30 * SECOND_MS, () => read(13, assistant, 1))],
      isCaught: true,
    },
  },
});
