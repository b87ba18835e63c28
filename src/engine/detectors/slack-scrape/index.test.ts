/** A sweep through a workspace is told from search bots, curious people and one busy channel. */

import { SECOND_MS } from "#base/time.ts";
import type { AutomationRef } from "#contract/automation.ts";
import { app, at, event, repeat, testDetector } from "#engine/testing.ts";
import { slackScrape } from "./index.ts";

const bot = app("A-bot", { name: "Recap", isVerified: false, kind: "bot" });
const index = app("A-index", { name: "Company Index", isInternal: true });

const looks = (
  by: AutomationRef | null,
  day: number,
  times: number,
  places = Number.POSITIVE_INFINITY,
) =>
  repeat(times, 2 * SECOND_MS, (number) =>
    event("slack", "public_channel_preview", {
      at: at(day, 9),
      class: "read",
      automation: by,
      target: { type: "channel", id: `C${number % places}`, name: null },
    }),
  );

const weeks = (by: AutomationRef | null, times: number) =>
  Array.from({ length: 12 }, (_, day) => looks(by, day, times, 10)).flat();

testDetector(slackScrape, {
  fires: {
    "a bot of ten channels goes through six hundred": {
      events: [...weeks(bot, 15), ...looks(bot, 13, 600)],
      severityMin: "high",
      confidenceMin: 0.6,
      says: ["600 times", "different places"],
    },
    "a person's token reads and downloads across the workspace": {
      events: [
        ...weeks(null, 20),
        ...looks(null, 13, 900),
        ...repeat(30, SECOND_MS, () =>
          event("slack", "file_downloaded", { at: at(13, 10), class: "download" }),
        ),
      ],
      severityMin: "medium",
      says: ["also downloaded 30 files"],
    },
    "on its first day a bot looks everywhere": {
      events: looks(bot, 3, 700),
      severityMin: "medium",
      says: ["too few other days"],
    },
  },
  quiet: {
    "a search index that reads everything every night": {
      events: Array.from({ length: 12 }, (_, day) => looks(index, day, 500)).flat(),
    },
    "one channel, very busy": { events: [...weeks(bot, 15), ...looks(bot, 13, 600, 5)] },
    "a curious newcomer": { events: [...weeks(null, 20), ...looks(null, 13, 250)] },
    "a bot on a busy day": { events: [...weeks(bot, 60), ...looks(bot, 13, 200)] },
  },
  evasions: {
    "forty-five looks a day": {
      events: [...weeks(bot, 15), ...[13, 14, 15].flatMap((day) => looks(bot, day, 45))],
      isCaught: false,
    },
    "over a week": {
      events: [...weeks(bot, 15), ...[13, 14, 15, 16, 17].flatMap((day) => looks(bot, day, 180))],
      isCaught: true,
    },
  },
});
