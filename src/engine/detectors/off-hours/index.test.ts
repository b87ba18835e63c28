/** Strange hours are told from moved jobs, daylight saving, long evenings, shift work and what never sleeps. */

import { MINUTE_MS, SECOND_MS } from "#base/time.ts";
import type { AutomationRef } from "#contract/automation.ts";
import type { AuditEvent } from "#contract/event.ts";
import { app, at, event, repeat, testDetector } from "#engine/testing.ts";
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

testDetector(offHours, {
  fires: {
    "a job of 06:00 also downloads at 23:00": {
      events: [
        ...runs(),
        ...repeat(40, 20 * SECOND_MS, () => act(21, 6)),
        ...repeat(60, 20 * SECOND_MS, () => act(21, 23, { class: "download", action: "download" })),
      ],
      severityMin: "high",
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
