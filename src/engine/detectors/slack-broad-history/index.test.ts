/** History scopes in the wrong hands are told from bots, approved apps and directory apps. */

import type { AutomationRef } from "#contract/automation.ts";
import { type Actor, change } from "#contract/event.ts";
import { app, at, dana, event, testDetector } from "#engine/testing.ts";
import { slackBroadHistory } from "./index.ts";

const ALL = ["channels:history", "groups:history", "im:history", "mpim:history"];
const outside = { name: "Thread Keeper", isVerified: false, isInternal: false };
const guest: Actor = { ...dana("partner@example.net"), isGuest: true };

const install = (
  day: number,
  scopes: readonly string[],
  known: Partial<AutomationRef> = outside,
  by: Actor = dana(),
  consent: "user" | "admin" = "user",
) =>
  event("slack", consent === "admin" ? "org_app_installed" : "app_installed", {
    at: at(day),
    class: "install",
    actor: by,
    subject: app("A0EXAMPLE7", known),
    change: change("installed", {
      scopes: [...scopes],
      consent,
      principal: consent === "admin" ? null : by.id,
    }),
  });
const verdict = (day: number, kind: "approved" | "restricted") =>
  event("slack", `app_${kind}`, {
    at: at(day),
    class: "policy",
    actor: { ...dana("admin@example.com"), isAdmin: true },
    subject: app("A0EXAMPLE7", outside),
    change: change(kind, { consent: kind === "approved" ? "admin" : null }),
  });

testDetector(slackBroadHistory, {
  fires: {
    "a guest puts in an app that reads everything private": {
      events: [install(1, ALL, outside, guest)],
      severityMin: "high",
      confidenceMin: 0.6,
      says: ["partner@example.net", "is a guest", "groups:history"],
    },
    "an app outside the directory with a user's token": {
      events: [install(1, [...ALL, "search:read"])],
      severityMin: "high",
      says: ["needs no invitation"],
    },
    "the same with an administrator's token": {
      events: [install(1, [...ALL, "search:read"], outside, { ...dana(), isAdmin: true })],
      severityMin: "high",
      says: ["an administrator"],
    },
    "a bot outside the directory that reads all private history": {
      events: [install(1, ALL)],
      severityMin: "low",
    },
    "a restricted app that comes in anyway": {
      events: [verdict(0, "restricted"), install(1, ALL)],
      severityMin: "medium",
      says: ["restricted"],
    },
    "history added later": {
      events: [
        install(0, ["chat:write", "commands"]),
        event("slack", "app_scopes_expanded", {
          at: at(9),
          class: "consent",
          actor: guest,
          subject: app("A0EXAMPLE7", outside),
          change: change("scopes_added", {
            scopes: ["chat:write", "commands", ...ALL],
            addedScopes: ALL,
          }),
        }),
      ],
      severityMin: "high",
      says: ["gave more scopes"],
    },
    "the Discovery API": {
      events: [
        install(1, ["discovery:read"], { name: "Archive", isInternal: true, isVerified: false }),
      ],
      says: ["discovery:read"],
    },
  },
  quiet: {
    "a directory app that reads the channels it is in": {
      events: [install(1, ALL, { name: "Lunch Roulette", isVerified: true })],
    },
    "an approved archive": { events: [verdict(0, "approved"), install(1, ALL)] },
    "an administrator rolls out enterprise search from the directory": {
      events: [
        install(
          1,
          [...ALL, "search:read"],
          { name: "Company Search", isVerified: true },
          { ...dana(), isAdmin: true },
          "admin",
        ),
      ],
    },
    "an in-house bot with history of public and private channels": {
      events: [
        install(1, ["channels:history", "groups:history", "chat:write"], {
          isInternal: true,
          isVerified: false,
        }),
      ],
    },
    "a bot that posts and answers": {
      events: [
        install(1, ["chat:write", "commands", "incoming-webhook", "users:read"], outside, guest),
      ],
    },
    "public channels only, by a guest": {
      events: [install(1, ["channels:history", "search:read.public"], outside, guest)],
    },
    "an installation that was refused": {
      events: [{ ...install(1, ALL, outside, guest), outcome: "denied" as const }],
    },
    "installed again with the same scopes by an approved app": {
      events: [verdict(0, "approved"), install(1, ALL), install(8, ALL), install(15, ALL)],
    },
  },
  evasions: {
    "one kind of history at a time": {
      events: [
        install(0, ["groups:history"], outside, guest),
        install(7, ["im:history"], outside, guest),
      ],
      isCaught: true,
    },
    "an app from the directory whose maker was broken into": {
      events: [install(1, ALL, { name: "Helper", isVerified: true })],
      isCaught: false,
    },
    "a record without scopes": { events: [install(1, [])], isCaught: false },
  },
});
