/** Destruction is told from retention jobs, clean-ups and everyday editing. */

import { SECOND_MS } from "#base/time.ts";
import type { AutomationRef } from "#contract/automation.ts";
import type { ActionClass } from "#contract/event.ts";
import { app, at, event, repeat, testDetector } from "#engine/testing.ts";
import { massDeletion } from "./index.ts";

const tool = app("D-tool", { name: "Folder Tool", isVerified: false });
const retention = app("D-retention", { name: "Retention Job", isInternal: true });

const acts = (
  by: AutomationRef | null,
  day: number,
  times: number,
  name: ActionClass = "delete",
  everyMs = SECOND_MS,
) =>
  repeat(times, everyMs, () =>
    event("google", name, { at: at(day, 9), class: name, automation: by }),
  );

const weeks = (by: AutomationRef | null, times: number, name: ActionClass = "delete") =>
  Array.from({ length: 12 }, (_, day) => acts(by, day, times, name)).flat();

testDetector(massDeletion, {
  fires: {
    "an app that edits deletes two thousand files": {
      events: [...weeks(tool, 20, "edit"), ...acts(tool, 13, 2_000)],
      severityMin: "high",
      confidenceMin: 0.6,
      says: ["deleted 2,000 things", "never did so"],
    },
    "every file is written anew and the old one deleted": {
      events: [
        ...weeks(tool, 20, "edit"),
        ...acts(tool, 13, 400),
        ...acts(tool, 13, 400, "create"),
      ],
      severityMin: "high",
      says: ["encryption leaves a copy"],
    },
    "an app overwrites fifty times as many files as ever": {
      events: [...weeks(tool, 20, "edit"), ...acts(tool, 13, 1_500, "edit")],
      severityMin: "medium",
      says: ["changed or overwrote"],
    },
    "a person's account empties everything at machine speed": {
      events: [...weeks(null, 3), ...acts(null, 13, 3_000, "delete", 300)],
      severityMin: "medium",
      says: ["dana"],
    },
  },
  quiet: {
    "a retention job that deletes every night": { events: weeks(retention, 900) },
    "a clean-up of forty files": { events: [...weeks(tool, 5), ...acts(tool, 13, 40)] },
    "a person empties a folder in a dialog": {
      events: [...weeks(null, 3), ...acts(null, 13, 400, "delete", 50)],
    },
    "an editor's busy day": {
      events: [...weeks(tool, 200, "edit"), ...acts(tool, 13, 700, "edit")],
    },
    "deletions that were refused": {
      events: [
        ...weeks(tool, 5),
        ...acts(tool, 13, 900).map((one) => ({ ...one, outcome: "denied" as const })),
      ],
    },
  },
  evasions: {
    "forty a day": {
      events: [...weeks(tool, 5), ...[13, 14, 15].flatMap((day) => acts(tool, day, 40))],
      isCaught: false,
    },
    "over four days": {
      events: [...weeks(tool, 5), ...[13, 14, 15, 16].flatMap((day) => acts(tool, day, 250))],
      isCaught: true,
    },
  },
});
