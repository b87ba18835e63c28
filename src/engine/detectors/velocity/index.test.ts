/** Machine speed under a person's name is told from bulk dialogs, busy people and steady integrations. */

import { SECOND_MS } from "#base/time.ts";
import { app, at, dana, event, repeat, testDetector } from "#engine/testing.ts";
import { velocity } from "./index.ts";

const click = (day: number, hour = 10) =>
  event("google", "view", { at: at(day, hour), class: "read" });
const bot = app("V-bot", { name: "Form Filler" });
const made = (day: number, hour = 10, by = bot) =>
  event("google", "create", { at: at(day, hour), class: "create", automation: by });
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
    "a bot makes 200 files in two seconds and one more eight hours later": {
      events: [...repeat(200, 10, () => made(1)), made(1, 18)],
      severityMin: "low",
      says: ["200 records in one minute", "in one second"],
    },
    "an unverified automation of twenty records a minute makes 3,000 in one": {
      events: [
        ...[0, 1, 2, 3, 4, 5].flatMap((day) =>
          repeat(20, 2 * SECOND_MS, () => made(day, 10, { ...bot, isVerified: false })),
        ),
        ...repeat(3_000, 15, () => made(7, 10, { ...bot, isVerified: false })),
      ],
      severityMin: "medium",
      says: ["busiest minutes", "not verified"],
    },
  },
  quiet: {
    "600 people who each make a file every 7.5 minutes, which pooled would be a bot": {
      events: Array.from({ length: 600 }, (_, index) =>
        repeat(8, 450 * SECOND_MS, () => ({
          ...event("google", "create", { at: at(2, 9) + index * 700, class: "create" }),
          actor: dana(`user${index}@example.com`),
        })),
      ).flat(),
    },
    "an automation that always comes in bursts": {
      events: [0, 1, 2, 3, 4, 5, 6].flatMap((day) => repeat(900, 50, () => made(day))),
    },
    "a bot that works more, but no faster": {
      events: [
        ...[0, 1, 2, 3, 4, 5].flatMap((day) => repeat(100, SECOND_MS, () => made(day))),
        ...repeat(2_000, SECOND_MS, () => made(7)),
      ],
    },
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
