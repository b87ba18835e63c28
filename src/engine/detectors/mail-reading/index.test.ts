/** Mail read at volume is told from assistants, archives and the first synchronisation of a mailbox. */

import { SECOND_MS } from "#base/time.ts";
import type { AutomationRef } from "#contract/automation.ts";
import type { AuditEvent } from "#contract/event.ts";
import { app, at, dana, event, repeat, testDetector } from "#engine/testing.ts";
import { mailReading } from "./index.ts";

const sorter = app("M-sorter", { name: "Inbox Sorter", isVerified: false });
const archive = app("M-archive", { name: "Mail Archive", isVerified: true });

/** One of Exchange's records, which stands for so many messages of a mailbox. */
function accessed(
  by: AutomationRef,
  day: number,
  count: number,
  known: Partial<AuditEvent> = {},
): AuditEvent {
  return event("microsoft", "MailItemsAccessed", {
    at: at(day, 3),
    class: "read",
    automation: by,
    count,
    ...known,
  });
}

const boxes = (by: AutomationRef, day: number, times: number, each: number) =>
  repeat(times, 20 * SECOND_MS, (index) =>
    accessed(by, day, each, {
      target: { type: "mailbox", id: `user${index}@example.com`, name: null },
    }),
  );

const weeks = (by: AutomationRef, each: number) =>
  Array.from({ length: 12 }, (_, day) => boxes(by, day, 2, each + (day % 3))).flat();

const gmail = (day: number, times: number) =>
  repeat(times, 2 * SECOND_MS, (index) =>
    event("google", "activity", {
      at: at(day, 3, 0, 0),
      class: "read",
      automation: sorter,
      actor: dana(`user${index % 30}@example.com`),
      target: { type: "api", id: "gmail.users.messages.get", name: "gmail" },
    }),
  ).map((one, index) => ({ ...one, id: `g-${day}-${index}` }));

testDetector(mailReading, {
  fires: {
    "sixty mailboxes after weeks of two": {
      events: [...weeks(sorter, 10), ...boxes(sorter, 13, 60, 20)],
      severityMin: "high",
      confidenceMin: 0.5,
      says: ["1,200 messages", "60 different people", "times as many"],
    },
    "Gmail's methods, for thirty people": {
      events: [...Array.from({ length: 10 }, (_, day) => gmail(day, 12)).flat(), ...gmail(12, 900)],
      severityMin: "high",
    },
    "whole folders of an account, on the first day of an app": {
      events: [
        ...repeat(40, 20 * SECOND_MS, () =>
          accessed(sorter, 4, 30, { class: "download", traits: ["bulk"] }),
        ),
      ],
      severityMin: "medium",
      says: ["whole folders", "too few other days"],
    },
    "a verified vendor's archive leaves its own measure far behind": {
      events: [...weeks(archive, 30), ...boxes(archive, 13, 300, 40)],
      severityMin: "medium",
    },
  },
  quiet: {
    "an archive that reads all mail every night": {
      events: Array.from({ length: 12 }, (_, day) => boxes(archive, day, 60, 40 + day)).flat(),
    },
    "an assistant on a busy day": {
      events: [...weeks(sorter, 40), ...boxes(sorter, 13, 2, 120)],
    },
    "a verified app's first synchronisation of one mailbox": {
      events: boxes(archive, 4, 1, 500),
    },
    "a folder that was read again after an outage, three times the usual": {
      events: [...weeks(archive, 200), ...boxes(archive, 13, 6, 200)],
    },
    "the vendor's own client": {
      events: boxes(
        app("00000002-0000-0ff1-ce00-000000000000", {
          name: "Office 365 Exchange Online",
          ownerTenantId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
        }),
        4,
        90,
        50,
      ),
    },
  },
  evasions: {
    "a hundred messages a day": {
      events: Array.from({ length: 20 }, (_, day) => boxes(sorter, day, 5, 20)).flat(),
      isCaught: false,
    },
    "the same theft split over three nights": {
      events: [...weeks(sorter, 10), ...[13, 14, 15].flatMap((day) => boxes(sorter, day, 20, 20))],
      isCaught: true,
    },
  },
});
