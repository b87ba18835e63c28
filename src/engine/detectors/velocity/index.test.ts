/** Machine speed under a person's name is told from bulk dialogs, busy people and steady integrations. */

import { SECOND_MS } from "#base/time.ts";
import { app, at, dana, event, repeat, testDetector } from "#engine/testing.ts";
import { velocity } from "./index.ts";

const click = (day: number, hour = 10) =>
  event("google", "view", { at: at(day, hour), class: "read" });
const usualWeek = [0, 1, 2, 3].flatMap((day) => repeat(40, 30 * SECOND_MS, () => click(day)));

testDetector(velocity, {
  fires: {
    "five minutes at five records a second": {
      events: [...usualWeek, ...repeat(1_500, 200, () => click(4))],
      severityMin: "high",
      confidenceMin: 0.7,
      says: ["300 records in one minute", "every 200 ms"],
    },
    "an account without history, ten minutes at two a second": {
      events: repeat(1_200, 500, () => click(2)),
      says: ["no other day"],
    },
    "a first synchronisation of a new laptop is told mildly": {
      events: [
        ...usualWeek,
        ...repeat(1_500, 200, () => ({ ...click(4), class: "download" as const })),
      ],
      severityMin: "medium",
      says: ["sync client"],
    },
  },
  quiet: {
    "one bulk action of 400 files in a dialog": {
      events: [...usualWeek, ...repeat(400, 20, () => click(4))],
    },
    "a busy person, one click every three seconds for two hours": {
      events: repeat(2_400, 3 * SECOND_MS, () => click(1)),
    },
    "an account that is fast every day, a kiosk or a test account": {
      events: [0, 1, 2, 3, 4].flatMap((day) => repeat(900, 500, () => click(day))),
    },
    "a thousand guesses at the account's password": {
      events: [
        ...usualWeek,
        ...repeat(1_000, 200, () => ({
          ...click(4),
          class: "sign_in" as const,
          outcome: "failure" as const,
        })),
      ],
    },
    "an app that acts for a person counts for the app": {
      events: repeat(1_500, 200, () => ({ ...click(4), automation: app("A1") })),
    },
  },
  evasions: {
    "a script slowed to 50 a minute": {
      events: [...usualWeek, ...repeat(2_000, 1_200, () => click(4))],
      isCaught: false,
    },
    "the same speed spread over three stolen accounts": {
      events: [
        ...usualWeek,
        ...repeat(1_500, 200, (index) => ({
          ...click(4),
          actor: dana(`user${index % 3}@example.com`),
        })),
      ],
      isCaught: true,
    },
  },
});
