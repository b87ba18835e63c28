/** One run is one finding; importers, strangers and bulk dialogs are none. */

import { SECOND_MS } from "#base/time.ts";
import type { AutomationRef } from "#contract/automation.ts";
import { app, at, dana, event, repeat, testDetector } from "#engine/testing.ts";
import { batchOperations } from "./index.ts";

const filer = app("B-filer", { name: "Filer" });

const makes = (
  by: AutomationRef | null,
  day: number,
  times: number,
  { everyMs = SECOND_MS, hour = 9 }: { everyMs?: number; hour?: number } = {},
) =>
  repeat(times, everyMs, () =>
    event("google", "create", { at: at(day, hour), class: "create", automation: by }),
  );

const weeks = (by: AutomationRef | null, times: number, everyMs = 60 * SECOND_MS) =>
  Array.from({ length: 10 }, (_, day) => makes(by, day, times, { everyMs })).flat();

testDetector(batchOperations, {
  fires: {
    "a run of 200 similar files is one finding, not 198": {
      events: makes(filer, 2, 200),
      findings: 1,
      says: ["200 records", "create"],
    },
    "an automation whose work never came in runs": {
      events: [
        ...weeks({ ...filer, isVerified: false }, 15),
        ...makes({ ...filer, isVerified: false }, 12, 800),
      ],
      severityMin: "medium",
      says: ["did not come in runs", "not verified"],
    },
    "a run over midnight is one": {
      events: makes(filer, 2, 400, { hour: 23.95 }),
      findings: 1,
    },
    "several runs of a day are one piece of news": {
      events: [9, 11, 13].flatMap((hour) => makes(filer, 2, 200, { hour })),
      findings: 1,
    },
  },
  quiet: {
    "six strangers who each edit one file within twelve seconds": {
      events: repeat(6, 2 * SECOND_MS, (index) =>
        event("google", "edit", {
          at: at(2, 9),
          class: "edit",
          actor: dana(`stranger${index}@example.com`),
        }),
      ),
    },
    "an importer, for which runs are normal": { events: weeks(filer, 400, 300) },
    "two hundred files over a day": { events: makes(filer, 2, 200, { everyMs: 120 * SECOND_MS }) },
    "a person selects 300 files and moves them": {
      events: [...weeks(null, 10), ...makes(null, 12, 300, { everyMs: 20 })],
    },
    "a synchronisation that does a bit of everything": {
      events: (["create", "edit", "read", "delete"] as const).flatMap((name) =>
        makes(filer, 2, 150).map((one) => ({ ...one, class: name, action: name })),
      ),
    },
  },
  evasions: {
    "five a minute": {
      events: makes(filer, 2, 300, { everyMs: 12 * SECOND_MS }),
      isCaught: false,
    },
    "with short pauses": {
      events: [0, 1, 2, 3].flatMap((part) => makes(filer, 2, 60, { hour: 9 + part / 20 })),
      isCaught: true,
    },
  },
});
