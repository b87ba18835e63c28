/** Mapping of a directory is told from provisioning, logins and administrators at work. */

import { SECOND_MS } from "#base/time.ts";
import type { AutomationRef } from "#contract/automation.ts";
import { app, at, event, repeat, testDetector } from "#engine/testing.ts";
import { directoryEnumeration } from "./index.ts";

const unknown = app("E-unknown", { name: "Graph Helper", isVerified: false });
const provisioning = app("E-provisioning", { name: "Staff Sync", isInternal: true });

const lists = (by: AutomationRef | null, day: number, times: number) =>
  repeat(times, SECOND_MS, () =>
    event("microsoft", "GET members", { at: at(day, 9), class: "enumerate", automation: by }),
  );

const weeks = (by: AutomationRef | null, times: number) =>
  Array.from({ length: 12 }, (_, day) => lists(by, day, times)).flat();

testDetector(directoryEnumeration, {
  fires: {
    "an app that looked up ten groups a day lists everything": {
      events: [...weeks(unknown, 10), ...lists(unknown, 13, 1_200)],
      severityMin: "high",
      confidenceMin: 0.5,
      says: ["1,200 times", "different objects"],
    },
    "many calls are refused, as if it tried its token": {
      events: [
        ...weeks(unknown, 10),
        ...lists(unknown, 13, 400),
        ...lists(unknown, 13, 300).map((one) => ({
          ...one,
          id: `no-${one.at}`,
          outcome: "denied" as const,
        })),
      ],
      severityMin: "high",
      says: ["refused or failed"],
    },
    "a person's tool maps the directory": {
      events: [...weeks(null, 5), ...lists(null, 13, 2_500)],
      severityMin: "medium",
    },
  },
  quiet: {
    "provisioning lists all people every night": { events: weeks(provisioning, 2_000) },
    "a first look round by an app made in-house": { events: lists(provisioning, 3, 300) },
    "an administrator's long day": { events: [...weeks(null, 20), ...lists(null, 13, 300)] },
    "a reorganisation: three times the usual": {
      events: [...weeks(provisioning, 400), ...lists(provisioning, 13, 1_200)],
    },
  },
  evasions: {
    "nineteen calls a day": {
      events: [...weeks(unknown, 10), ...[13, 14, 15].flatMap((day) => lists(unknown, day, 19))],
      isCaught: false,
    },
    "over three days": {
      events: [...weeks(unknown, 10), ...[13, 14, 15].flatMap((day) => lists(unknown, day, 500))],
      isCaught: true,
    },
  },
});
