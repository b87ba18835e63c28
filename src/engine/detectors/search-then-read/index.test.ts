/** Looking for secrets is told from help desks, payroll and searches that nothing came of. */

import { SECOND_MS } from "#base/time.ts";
import type { AutomationRef } from "#contract/automation.ts";
import { app, at, event, repeat, testDetector } from "#engine/testing.ts";
import { searchThenRead } from "./index.ts";

const helper = app("Q-helper", { name: "Note Helper", isVerified: false });
const payroll = app("Q-payroll", { name: "Payroll Desk", isInternal: true });

const searches = (by: AutomationRef | null, day: number, times: number) =>
  repeat(times, 30 * SECOND_MS, () =>
    event("slack", "search", {
      at: at(day, 9),
      class: "search",
      automation: by,
      traits: ["sensitive_terms"],
    }),
  );

const reads = (by: AutomationRef | null, day: number, times: number) =>
  repeat(times, 5 * SECOND_MS, () =>
    event("slack", "file_opened", { at: at(day, 10), class: "read", automation: by }),
  );

const weeks = (by: AutomationRef | null, times: number) =>
  Array.from({ length: 12 }, (_, day) => [
    ...searches(by, day, times),
    ...reads(by, day, 15),
  ]).flat();

testDetector(searchThenRead, {
  fires: {
    "an app asks for passwords and opens sixty files": {
      events: [...weeks(helper, 0), ...searches(helper, 13, 6), ...reads(helper, 13, 60)],
      severityMin: "high",
      confidenceMin: 0.5,
      says: ["searched 6 times", "60 things"],
    },
    "a new app does so on its first day": {
      events: [...searches(helper, 3, 5), ...reads(helper, 3, 120)],
      severityMin: "medium",
    },
    "an assistant's tools ask for keys and read channels": {
      events: [
        ...weeks(helper, 0),
        ...[...searches(helper, 13, 8), ...reads(helper, 13, 50)].map((one) => ({
          ...one,
          class: "tool_call" as const,
        })),
      ],
      severityMin: "medium",
      says: ["50 things"],
    },
    "a person's account goes through everything": {
      events: [...weeks(null, 0), ...searches(null, 13, 20), ...reads(null, 13, 150)],
      severityMin: "medium",
      says: ["dana"],
    },
  },
  quiet: {
    "payroll searches for payroll every day": { events: weeks(payroll, 9) },
    "a person looks for her payslip": {
      events: [...weeks(null, 0), ...searches(null, 13, 3), ...reads(null, 13, 20)],
    },
    "nothing came of the search": { events: [...weeks(helper, 0), ...searches(helper, 13, 6)] },
    "two searches by an assistant": {
      events: [...weeks(helper, 0), ...searches(helper, 13, 2), ...reads(helper, 13, 60)],
    },
  },
  evasions: {
    "searching one day, reading the next": {
      events: [...weeks(helper, 0), ...searches(helper, 13, 6), ...reads(helper, 14, 60)],
      isCaught: false,
    },
    "slowly, over three days": {
      events: [
        ...weeks(helper, 0),
        ...[13, 14, 15].flatMap((day) => [...searches(helper, day, 4), ...reads(helper, day, 30)]),
      ],
      isCaught: true,
    },
  },
});
