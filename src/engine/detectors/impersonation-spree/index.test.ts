/** A stolen delegated key is told from growing scans, new hires and a service's first days. */

import { SECOND_MS } from "#base/time.ts";
import { change } from "#contract/event.ts";
import { app, at, dana, event, repeat, testDetector } from "#engine/testing.ts";
import { impersonationSpree } from "./index.ts";

const sync = app("sync@p.iam.gserviceaccount.com", {
  name: "Calendar Sync",
  kind: "service_account",
});
const home = { ip: "192.0.2.1", asn: "64500", country: "DE", userAgent: "sync/1" };
const away = { ip: "203.0.113.9", asn: "64666", country: "NL", userAgent: "python-requests/2" };

/** On a day it reads `items` of each of so many people. */
function acts(day: number, people: number, items = 2, client = home) {
  return Array.from({ length: people }, (_, index) => dana(`p${index}@example.com`)).flatMap(
    (actor, index) =>
      repeat(items, SECOND_MS, (turn) =>
        event("google", "activity", {
          at: at(day, 9, index % 50),
          class: "read",
          actor,
          automation: sync,
          target: { type: "api", id: `m-${day}-${index}-${turn}`, name: null },
          traits: ["on_behalf"],
          client,
        }),
      ),
  );
}

function tokenFor(day: number, who: string) {
  return event("google", "authorize", {
    at: at(day, 8),
    class: "consent",
    actor: { ...dana(who), isAdmin: who.startsWith("root") },
    automation: sync,
    subject: sync,
    change: change("granted", { consent: "admin", principal: who, scopes: ["calendar"] }),
  });
}

const days = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => from + index);
const usual = days(0, 14).flatMap((day) => acts(day, 4));

testDetector(impersonationSpree, {
  fires: {
    "sixty people in a day instead of four": {
      events: [...usual, ...acts(14, 60, 10)],
      severityMin: "medium",
      confidenceMin: 0.5,
      says: ["Calendar Sync", "60", "usual day"],
    },
    "twenty from a new place": {
      events: [...usual, ...acts(14, 20, 8, away)],
      severityMin: "high",
      says: ["new place"],
    },
    "an administrator, for the first time": {
      events: [
        ...usual,
        ...days(0, 14).map((day) => tokenFor(day, "p1@example.com")),
        ...acts(14, 4),
        tokenFor(14, "root@example.com"),
      ],
      says: ["administrator"],
    },
  },
  quiet: {
    "a new colleague or two": {
      events: [...usual, ...days(14, 18).flatMap((day) => acts(day, 6))],
    },
    "a backup acts as everybody, every day": {
      events: days(0, 20).flatMap((day) => acts(day, 80)),
    },
    "its first days": { events: [...acts(0, 2), ...acts(1, 60), ...acts(2, 60)] },
    "numbers that go up and down": {
      events: [3, 20, 8, 40, 5, 22, 30, 4, 12, 38].flatMap((people, day) => acts(day, people)),
    },
  },
  evasions: {
    "two people more each day": {
      events: days(0, 20).flatMap((day) => acts(day, 4 + day * 2)),
      isCaught: false,
    },
    "three days in a row are one claim": {
      events: [...usual, ...days(14, 17).flatMap((day) => acts(day, 60, 10))],
      isCaught: true,
    },
  },
});
