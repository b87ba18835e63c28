/** Strange hours are told from moved jobs, daylight saving, long evenings, shift work and what never sleeps. */

import { describe, expect, it } from "vitest";
import { MINUTE_MS, SECOND_MS } from "#base/time.ts";
import type { AutomationRef } from "#contract/automation.ts";
import type { AuditEvent } from "#contract/event.ts";
import { assess } from "#engine/assess.ts";
import { newObservations, observe } from "#engine/observe.ts";
import { app, at, dana, event, repeat, testDetector } from "#engine/testing.ts";
import { offHours } from "./index.ts";

const job = app("A-job", { name: "Report Job", kind: "service_account" });

function act(day: number, hour: number, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("google", "view", {
    at: at(day, hour),
    class: "read",
    automation: job,
    ...known,
  });
}

const workdays = (weeks: number) =>
  Array.from({ length: weeks * 7 }, (_, day) => day).filter((day) => day % 7 < 5);

/** Three weeks of a job that runs at 06:00 on workdays, 40 records a run. */
const runs = (by: AutomationRef | null = job, weeks = 3) =>
  workdays(weeks).flatMap((day) =>
    repeat(40, 20 * SECOND_MS, () => act(day, 6, { automation: by })),
  );

/** Three weeks of a person's working days, nine to six. */
const office = workdays(3).flatMap((day) =>
  repeat(54, 10 * MINUTE_MS, () => act(day, 9, { automation: null })),
);

/** Four hours of every night, by somebody whom nobody vouches for. */
const nightly = (by: AutomationRef) =>
  Array.from({ length: 6 }, (_, day) =>
    repeat(60, 3 * MINUTE_MS, () => act(day, 0, { automation: by })),
  ).flat();
const owl = app("A-owl", { name: "Owl", isVerified: false });

/** Forty people in the office, six hours each. */
const crowd = workdays(1).flatMap((day) =>
  Array.from({ length: 40 }, (_, index) =>
    repeat(6, 60 * MINUTE_MS, () =>
      act(day, 9, { automation: null, actor: dana(`user${index}@example.com`) }),
    ),
  ).flat(),
);

testDetector(offHours, {
  fires: {
    "one night bot, though it makes a quarter of all records": {
      events: [...crowd, ...nightly(owl)],
      severityMin: "low",
      says: ["Owl", "not verified"],
    },
    "a job of 06:00 also downloads at 23:00": {
      events: [
        ...runs(),
        ...repeat(40, 20 * SECOND_MS, () => act(21, 6)),
        ...repeat(60, 20 * SECOND_MS, () => act(21, 23, { class: "download", action: "download" })),
      ],
      severityMin: "medium",
      confidenceMin: 0.5,
      says: ["Report Job", "23:00 UTC", "between 06:00 and 06:59", "download"],
    },
    "the same job by night on a Sunday": {
      events: [...runs(), ...repeat(30, 20 * SECOND_MS, () => act(20, 1))],
      severityMin: "medium",
      says: ["always rested"],
    },
    "a weekday job does five days' work on a Saturday": {
      events: [...runs(), ...repeat(200, 10 * SECOND_MS, () => act(19, 7))],
      severityMin: "medium",
    },
    "a person's account reads at three at night": {
      events: [
        ...office,
        ...repeat(80, 20 * SECOND_MS, () => act(22, 3, { automation: null, class: "download" })),
      ],
      severityMin: "low",
      confidenceMin: 0.4,
      says: ["dana", "03:00"],
    },
  },
  quiet: {
    "a nightly backup that somebody vouches for": {
      events: nightly(app("A-backup", { name: "Backup", isVerified: true })),
    },
    "one late evening of a person does not make her a night bot": {
      events: [
        ...crowd,
        ...nightly(owl)
          .slice(0, 2)
          .map((one) => ({ ...one, automation: null })),
      ],
    },
    "daylight saving moves the job by an hour": {
      events: [
        ...runs(),
        ...[21, 22, 23].flatMap((day) => repeat(40, SECOND_MS, () => act(day, 5))),
      ],
    },
    "the job is moved from morning to evening for good": {
      events: [
        ...runs(),
        ...[21, 22, 23, 24].flatMap((day) => repeat(44, SECOND_MS, () => act(day, 19))),
      ],
    },
    "the job catches up on a Saturday at its hour": {
      events: [...runs(), ...repeat(60, SECOND_MS, () => act(19, 7))],
    },
    "a person's evening grows long": {
      events: [...office, ...repeat(90, 2 * MINUTE_MS, () => act(22, 18, { automation: null }))],
    },
    "a person works on a Saturday": {
      events: [...office, ...repeat(120, 2 * MINUTE_MS, () => act(19, 10, { automation: null }))],
    },
    "a webhook that comes at all hours": {
      events: Array.from({ length: 24 }, (_, day) =>
        [1, 5, 9, 13, 17, 21].flatMap((hour) =>
          repeat(10, SECOND_MS, () => act(day, (hour + day) % 24)),
        ),
      ).flat(),
    },
    "somebody without rhythm": {
      events: [2, 14, 7, 21, 11, 4, 17, 9, 23, 0, 13, 6, 19, 3, 16].flatMap((hour, day) =>
        repeat(60, SECOND_MS, () => act(day, hour)),
      ),
    },
    "a week of history only": {
      events: [...runs(job, 1), ...repeat(60, SECOND_MS, () => act(8, 23))],
    },
    "a retry at night": {
      events: [...runs(), ...repeat(6, SECOND_MS, () => act(21, 23))],
    },
    "somebody knocks at night and fails": {
      events: [
        ...office,
        ...repeat(300, SECOND_MS, () =>
          act(22, 3, { automation: null, class: "sign_in", outcome: "failure" }),
        ),
      ],
    },
  },
  evasions: {
    "theft at the job's own hour": {
      events: [...runs(), ...repeat(200, SECOND_MS, () => act(21, 6, { class: "download" }))],
      isCaught: false,
    },
    "two nights in a row": {
      events: [
        ...runs(),
        ...[21, 22].flatMap((day) => [
          ...repeat(40, 20 * SECOND_MS, () => act(day, 6)),
          ...repeat(60, 20 * SECOND_MS, () => act(day, 23)),
        ]),
      ],
      isCaught: true,
    },
  },
});

describe("office time is the organization's", () => {
  /** Nine to five there, which is night in UTC. */
  const office = (timeZone: string, fromUtc: number) => {
    const seen = newObservations();
    for (const one of workdays(3).flatMap((day) =>
      repeat(60, 8 * MINUTE_MS, () =>
        act(day, fromUtc, { automation: app("A-day", { name: "Day", isVerified: false }) }),
      ),
    )) {
      observe(seen, { ...one, id: `${one.at}` });
    }
    return assess(seen, { orgId: "o", now: at(21), timeZone, detectors: [offHours] }).findings;
  };
  it.each([
    ["America/Los_Angeles", 16],
    ["Australia/Sydney", 23],
  ])("office hours in %s are no finding", (timeZone, fromUtc) => {
    expect(office(timeZone, fromUtc)).toEqual([]);
  });
  it("the same hours where they are night are one", () => {
    expect(office("Europe/Berlin", 18)).toHaveLength(1);
  });
});
