/** Calls shaped around limits are told from catching up, broken loops, honest polling and chance. */

import { prng } from "#base/prng.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "#base/time.ts";
import type { AutomationRef } from "#contract/automation.ts";
import type { AuditEvent, Outcome } from "#contract/event.ts";
import { app, at, event, repeat, testDetector } from "#engine/testing.ts";
import { rateLimitEvasion } from "./index.ts";

const tool = app("R-tool", { name: "Pull Tool", isVerified: false });

const call = (by: AutomationRef, day: number, known: Partial<AuditEvent> = {}) =>
  event("google", "get", { at: at(day, 1), class: "read", automation: by, ...known });

/** By chance over the hours. */
function spread(by: AutomationRef, day: number, times: number, hours = 8): AuditEvent[] {
  const random = prng(day + 1);
  return repeat(times, 0, () => call(by, day)).map((one, index) => ({
    ...one,
    id: `${by.nativeId}-${day}-${index}`,
    at: at(day, 1) + Math.floor(random.next() * hours * HOUR_MS),
  }));
}

const weeks = (by: AutomationRef) =>
  Array.from({ length: 12 }, (_, day) => spread(by, day, 80)).flat();

/** Ten calls every minute, of which so many are refused. */
const atLimit = (day: number, minutes: number, refused: number) =>
  repeat(minutes * 10, 6 * SECOND_MS, (index) =>
    call(tool, day, {
      outcome: (index % 10 < refused ? "throttled" : "success") satisfies Outcome,
    }),
  );

/** Twenty minutes each, one after the other. */
const turns = (clients: readonly AutomationRef[], day: number, rounds: number) =>
  Array.from({ length: rounds * clients.length }, (_, turn) =>
    repeat(60, 20 * SECOND_MS, () => {
      const by = clients[turn % clients.length] ?? tool;
      return call(by, day, { at: at(day, 0) + turn * 20 * MINUTE_MS });
    }),
  ).flat();

const twins = ["R-1", "R-2"].map((id) => app(id, { name: "Mirror", isVerified: false }));
const triplets = ["R-1", "R-2", "R-3"].map((id) => app(id, { name: "Mirror" }));

testDetector(rateLimitEvasion, {
  fires: {
    "hours right at the limit, one call in ten refused": {
      events: [...weeks(tool), ...atLimit(13, 300, 1)],
      severityMin: "high",
      confidenceMin: 0.5,
      says: ["refused 300", "right at the limit"],
    },
    "a call every four seconds for eight hours, after weeks of eighty": {
      events: [...weeks(tool), ...repeat(7_200, 4 * SECOND_MS, () => call(tool, 13))],
      severityMin: "high",
      says: ["even 15 a minute"],
    },
    "two clients of one name take turns": {
      events: turns(twins, 3, 12),
      findings: 2,
      severityMin: "high",
      says: ["took turns with Mirror"],
    },
    "three of them": { events: turns(triplets, 3, 10), findings: 3, says: ["more than two"] },
  },
  quiet: {
    "a poll every minute, day and night": {
      events: Array.from({ length: 6 }, (_, day) =>
        repeat(1_400, 60 * SECOND_MS, () => call(tool, day, { at: at(day, 0) })),
      ).flat(),
    },
    "catching up after an outage runs into the limit for half an hour": {
      events: [...weeks(tool), ...atLimit(13, 30, 3)],
    },
    "a broken loop that is refused nearly always": {
      events: [...weeks(tool), ...atLimit(13, 300, 9)],
    },
    "a client that is refused a few calls every day": {
      events: Array.from({ length: 12 }, (_, day) => atLimit(day, 100, 1)).flat(),
    },
    "as many calls at a human, uneven pace": {
      events: [...weeks(tool), ...spread(tool, 13, 2_600)],
    },
    "two apps of one name that do not mind each other": {
      events: twins.flatMap((by, index) => spread(by, 3 + index * 0, 300 + index, 10)),
    },
    "one app replaces the other at noon": {
      events: [
        ...repeat(300, MINUTE_MS, () => call(twins[0] ?? tool, 3)),
        ...repeat(300, MINUTE_MS, () => call(twins[1] ?? tool, 3, { at: at(3, 12) })),
      ],
    },
  },
  evasions: {
    "tokens that change with every call": {
      events: repeat(1_200, 10 * SECOND_MS, (index) => call(twins[index % 2] ?? tool, 3)),
      isCaught: false,
    },
    "an even pace with jitter": {
      events: [
        ...weeks(tool),
        ...repeat(7_200, 4 * SECOND_MS, (index) =>
          call(tool, 13, { at: at(13, 1) + ((index * 7_919) % 800) }),
        ),
      ],
      isCaught: true,
    },
  },
});
