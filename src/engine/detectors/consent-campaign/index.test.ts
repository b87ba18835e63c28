/** A phishing wave for consents is told from roll-outs, sign-ins with an account, and slow spread. */

import { MINUTE_MS } from "#base/time.ts";
import { change } from "#contract/event.ts";
import { app, at, dana, event, testDetector } from "#engine/testing.ts";
import { consentCampaign } from "./index.ts";

const MAIL = "https://www.googleapis.com/auth/gmail.readonly";
const helper = app("A-help", { name: "Mailbox Upgrade" });

/** `people` let the app in, one every `everyMinutes`. */
function wave(
  people: number,
  everyMinutes: number,
  known: { day?: number; subject?: typeof helper; scopes?: string[]; from?: number } = {},
) {
  const { day = 3, subject = helper, scopes = [MAIL], from = 0 } = known;
  return Array.from({ length: people }, (_, index) => {
    const actor = dana(`p${from + index}@example.com`);
    return event("google", "authorize", {
      at: at(day, 9) + index * everyMinutes * MINUTE_MS,
      class: "consent",
      actor,
      subject,
      change: change("granted", { scopes, consent: "user", principal: actor.id }),
    });
  });
}

testDetector(consentCampaign, {
  fires: {
    "twelve people let a nobody's app into their mail before lunch": {
      events: wave(12, 7),
      severityMin: "high",
      confidenceMin: 0.6,
      says: ["12 people", "Mailbox Upgrade", "nobody here used it before"],
    },
    "six people within the hour": { events: wave(6, 9), severityMin: "medium" },
    "thirty over a day, by an unverified publisher": {
      events: wave(30, 40, { subject: app("A-x", { name: "Docs Plus", isVerified: false }) }),
      severityMin: "critical",
    },
    "a wave after slow months": {
      events: [
        ...[0, 1].flatMap((day) => wave(1, 1, { day, from: 90 + day })),
        ...wave(10, 10, { day: 20 }),
      ],
      severityMin: "medium",
    },
  },
  quiet: {
    "the same app over three weeks": {
      events: Array.from({ length: 14 }, (_, index) =>
        wave(1, 1, { day: index * 2, from: index }),
      ).flat(),
    },
    "a verified app that IT approved and announced": {
      events: [
        event("google", "ADD_APPLICATION", {
          at: at(2, 9),
          class: "install",
          actor: dana("it@example.com"),
          subject: app("A-v", { name: "Board", isVerified: true }),
          change: change("approved", { consent: "admin" }),
        }),
        ...wave(20, 20, { subject: app("A-v", { name: "Board", isVerified: true }) }),
      ],
    },
    "a class signs in to a quiz with name and address": {
      events: wave(4, 1, { scopes: ["openid", "email"] }),
    },
    "one person lets it in ten times": {
      events: Array.from({ length: 10 }, (_, index) =>
        wave(1, 1, { day: 3 }).map((one) => ({ ...one, at: at(3, 9, index) })),
      ).flat(),
    },
    "a tool made in-house is rolled out": {
      events: wave(9, 30, {
        subject: app("A-own", { name: "Timesheet", isInternal: true }),
        scopes: ["openid", "email"],
      }),
    },
  },
  evasions: {
    "two people a day for a week": {
      events: Array.from({ length: 7 }, (_, day) => wave(2, 60, { day, from: day * 2 })).flat(),
      isCaught: false,
    },
    "across midnight": {
      events: wave(12, 7).map((one, index) => ({ ...one, at: at(3, 23) + index * 10 * MINUTE_MS })),
      isCaught: true,
    },
  },
});
