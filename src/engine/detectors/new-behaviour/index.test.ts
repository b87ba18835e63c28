/** Somebody else's tasks are told from new features, many-sided apps and newcomers. */

import { MINUTE_MS } from "#base/time.ts";
import type { AutomationRef } from "#contract/automation.ts";
import type { ActionClass, Client } from "#contract/event.ts";
import { app, at, event, repeat, testDetector } from "#engine/testing.ts";
import { newBehaviour } from "./index.ts";

const bot = app("N-bot", { name: "Standup Bot", kind: "bot", isInternal: true });
const unknown = app("N-unknown", { name: "Standup Helper", isVerified: false });

const home: Client = { ip: "192.0.2.4", asn: null, country: null, userAgent: null };
const elsewhere: Client = { ...home, ip: "203.0.113.4" };

const acts = (
  by: AutomationRef,
  day: number,
  name: ActionClass,
  times: number,
  client: Client = home,
) =>
  repeat(times, MINUTE_MS, () =>
    event("microsoft", name, { at: at(day, 9), class: name, automation: by, client }),
  );

const weeks = (by: AutomationRef, name: ActionClass = "create") =>
  Array.from({ length: 14 }, (_, day) => acts(by, day, name, 8)).flat();

testDetector(newBehaviour, {
  fires: {
    "a bot that only posted lists the directory and reads, from elsewhere": {
      events: [
        ...weeks(bot),
        ...acts(bot, 15, "enumerate", 8, elsewhere),
        ...acts(bot, 15, "read", 6, elsewhere),
      ],
      severityMin: "high",
      confidenceMin: 0.5,
      says: ["Standup Bot began with", "203.0.113.0/24", "several sorts"],
    },
    "an unverified app begins to delete": {
      events: [...weeks(unknown, "read"), ...acts(unknown, 15, "delete", 30)],
      severityMin: "medium",
      says: ["deleting", "not verified"],
    },
    "four shares a day, for days, by what never shared": {
      events: [
        ...weeks(unknown, "read"),
        ...[15, 16, 17, 18].flatMap((day) => [
          ...acts(unknown, day, "read", 60),
          ...acts(unknown, day, "share", 4),
        ]),
      ],
      findings: 1,
      severityMin: "medium",
      says: ["sharing", "went on with it on 3 days"],
    },
    "it goes on for a week and is told once": {
      events: [
        ...weeks(unknown, "read"),
        ...[15, 16, 17, 18, 19].flatMap((day) => acts(unknown, day, "download", 20)),
      ],
      findings: 1,
    },
  },
  quiet: {
    "a new feature of a verified app": {
      events: [
        ...weeks({ ...bot, isVerified: true }),
        ...acts({ ...bot, isVerified: true }, 15, "read", 40),
      ],
    },
    "an app that does a bit of everything": {
      events: Array.from({ length: 16 }, (_, day) =>
        (["read", "download", "edit", "delete", "share"] as const).flatMap((name) =>
          acts(unknown, day, name, 3 + (day % 3)),
        ),
      ).flat(),
    },
    "a newcomer finds its tasks": {
      events: [0, 1, 2, 3].flatMap((day) =>
        acts(unknown, day, (["read", "edit", "send", "delete"] as const)[day] ?? "read", 20),
      ),
    },
    "a file is shared on two days": {
      events: [
        ...weeks(unknown, "read"),
        ...[15, 18].flatMap((day) => [
          ...acts(unknown, day, "read", 60),
          ...acts(unknown, day, "share", 4),
        ]),
      ],
    },
    "a button that was tried three times": {
      events: [...weeks(unknown, "read"), ...acts(unknown, 15, "delete", 3)],
    },
    "a monthly report, next to its daily work": {
      events: [...weeks(bot, "read"), ...acts(bot, 15, "export", 1), ...acts(bot, 15, "read", 8)],
    },
  },
  evasions: {
    "the usual act, for somebody else": {
      events: [...weeks(unknown, "read"), ...acts(unknown, 15, "read", 40, elsewhere)],
      isCaught: false,
    },
    "a few a day from elsewhere": {
      events: [
        ...weeks(bot),
        ...[15, 16, 17].flatMap((day) => acts(bot, day, "download", 6, elsewhere)),
      ],
      isCaught: true,
    },
  },
});
