/** A flood of messages is told from reminders, newsletters and mail-merge. */

import { SECOND_MS } from "#base/time.ts";
import type { AutomationRef } from "#contract/automation.ts";
import { app, at, event, repeat, testDetector } from "#engine/testing.ts";
import { messageFlood } from "./index.ts";

const helper = app("S-helper", { name: "Desk Helper", isVerified: false });
const merge = app("S-merge", { name: "Merge Desk", isInternal: true });

const sends = (by: AutomationRef | null, day: number, times: number, everyMs = 2 * SECOND_MS) =>
  repeat(times, everyMs, () =>
    event("microsoft", "Send", { at: at(day, 9), class: "send", automation: by }),
  );

const weeks = (by: AutomationRef | null, times: number) =>
  Array.from({ length: 12 }, (_, day) => sends(by, day, times)).flat();

testDetector(messageFlood, {
  fires: {
    "an app that sends five a day sends six hundred": {
      events: [...weeks(helper, 5), ...sends(helper, 13, 600)],
      severityMin: "high",
      confidenceMin: 0.6,
      says: ["600 messages", "not verified"],
    },
    "an app that never sent anything": {
      events: [
        ...repeat(12, 86_400_000, () =>
          event("microsoft", "view", { at: at(0, 9), class: "read", automation: helper }),
        ),
        ...sends(helper, 13, 300),
      ],
      severityMin: "high",
      says: ["never sent anything"],
    },
    "a person's account sends to everybody": {
      events: [...weeks(null, 8), ...sends(null, 13, 900, SECOND_MS)],
      severityMin: "medium",
      says: ["dana"],
    },
  },
  quiet: {
    "a mail-merge that runs every day": { events: weeks(merge, 700) },
    "a reminder to a department": { events: [...weeks(helper, 5), ...sends(helper, 13, 35)] },
    "a digest whose list grows": {
      events: Array.from({ length: 20 }, (_, day) => sends(merge, day, 60 + day * 10)).flat(),
    },
    "a person who writes a lot": { events: [...weeks(null, 60), ...sends(null, 13, 200)] },
    "messages that were all refused": {
      events: [
        ...weeks(helper, 5),
        ...sends(helper, 13, 600).map((one) => ({ ...one, outcome: "failure" as const })),
      ],
    },
  },
  evasions: {
    "thirty-five a day": {
      events: [...weeks(helper, 5), ...[13, 14, 15, 16].flatMap((day) => sends(helper, day, 35))],
      isCaught: false,
    },
    "three days in a row": {
      events: [...weeks(helper, 5), ...[13, 14, 15].flatMap((day) => sends(helper, day, 200))],
      isCaught: true,
    },
  },
});
