/** A day of far too many calls is told from growth, catching up, and what peers do every day. */

import { SECOND_MS } from "#base/time.ts";
import type { AutomationRef } from "#contract/automation.ts";
import type { AuditEvent } from "#contract/event.ts";
import { app, at, dana, event, repeat, testDetector } from "#engine/testing.ts";
import { apiVolume } from "./index.ts";

const crm = app("C-crm", { name: "Ledger Link" });
const vouched = app("C-vouched", { name: "Vouched Link", isVerified: true });

function call(by: AutomationRef, day: number, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("google", "activity", {
    at: at(day, 2),
    class: "read",
    automation: by,
    target: { type: "api", id: "drive.files.get", name: "drive" },
    ...known,
  });
}

const calls = (by: AutomationRef, day: number, times: number) =>
  repeat(times, 5 * SECOND_MS, () => call(by, day));

const weeks = (by: AutomationRef, times = 300) =>
  Array.from({ length: 12 }, (_, day) => calls(by, day, times + day * 5)).flat();

/** Each call for another person. */
const forEverybody = (by: AutomationRef, day: number, times: number) =>
  repeat(times, 5 * SECOND_MS, (index) =>
    call(by, day, { actor: dana(`user${index % 200}@example.com`) }),
  );

testDetector(apiVolume, {
  fires: {
    "twenty times the calls, for two hundred people, after weeks of one": {
      events: [...weeks(crm), ...forEverybody(crm, 13, 8_000)],
      severityMin: "medium",
      confidenceMin: 0.5,
      says: ["Ledger Link", "8,000", "people", "times as many"],
    },
    "from a network that it never used, it weighs more": {
      events: [
        ...weeks(vouched).map((one) => ({ ...one, client: { ...one.client, ip: "192.0.2.7" } })),
        ...forEverybody(vouched, 13, 8_000).map((one) => ({
          ...one,
          client: { ...one.client, ip: "203.0.113.9" },
        })),
      ],
      severityMin: "medium",
      says: ["203.0.113.0/24"],
    },
    "an attack of five days does not teach that it is normal": {
      events: [
        ...weeks(crm),
        ...[13, 14, 15, 16, 17].flatMap((day) => forEverybody(crm, day, 6_000)),
      ],
      findings: 5,
      severityMin: "medium",
    },
  },
  quiet: {
    "three times a usual day, catching up after an outage": {
      events: [...weeks(crm, 2_000), ...calls(crm, 13, 6_200)],
    },
    "growth by a tenth a day": {
      events: Array.from({ length: 25 }, (_, day) =>
        calls(crm, day, Math.round(400 * 1.1 ** day)),
      ).flat(),
    },
    "a busy first day": { events: calls(crm, 3, 9_000) },
    "many calls, but below what matters": { events: [...weeks(crm, 10), ...calls(crm, 13, 150)] },
    "calls that were all refused": {
      events: [
        ...weeks(crm),
        ...calls(crm, 13, 9_000).map((one) => ({ ...one, outcome: "denied" as const })),
      ],
    },
  },
  evasions: {
    "four times a usual day": {
      events: [...weeks(crm, 1_000), ...calls(crm, 13, 4_200)],
      isCaught: false,
    },
    "spread over three clients": {
      events: ["C-1", "C-2", "C-3"].flatMap((id) => {
        const one = app(id, { name: `Tool ${id}` });
        return [...weeks(one), ...forEverybody(one, 13, 5_000)];
      }),
      isCaught: true,
    },
  },
});
