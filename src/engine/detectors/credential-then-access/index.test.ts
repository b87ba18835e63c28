/** A planted key that is used at once is told from rotations, set-ups and owners at work. */

import { SECOND_MS } from "#base/time.ts";
import { type AuditEvent, type Change, change, UNKNOWN_ACTOR } from "#contract/event.ts";
import { app, at, dana, event, repeat, testDetector } from "#engine/testing.ts";
import { credentialThenAccess } from "./index.ts";

const backup = app("c0ffee00-0000-4000-8000-000000000001", { name: "Mail Backup" });
const home = { ip: "192.0.2.1", asn: "64500", country: "DE", userAgent: "backup/1" };
const away = { ip: "203.0.113.9", asn: "64666", country: "NL", userAgent: "python-requests/2" };

function read(day: number, times: number, known: Partial<AuditEvent> = {}): AuditEvent[] {
  return repeat(times, SECOND_MS, (index) =>
    event("microsoft", "MailItemsAccessed", {
      at: at(day, 10),
      class: "read",
      actor: UNKNOWN_ACTOR,
      automation: backup,
      target: { type: "mailbox", id: `m-${day}-${index}`, name: null },
      client: home,
      ...known,
    }),
  );
}

function key(day: number, by: string, kind: Change["kind"] = "credential_added"): AuditEvent {
  return event("microsoft", "Add service principal credentials", {
    at: at(day, 9),
    class: "credential",
    actor: dana(by),
    subject: backup,
    change: change(kind, { detail: "password" }),
  });
}

const days = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => from + index);
const usual = days(0, 20).flatMap((day) => read(day, 30));

testDetector(credentialThenAccess, {
  fires: {
    "a stranger's key, then ten times the mail": {
      events: [...usual, key(20, "eve@example.com"), ...read(21, 400)],
      severityMin: "medium",
      confidenceMin: 0.5,
      says: ["eve@example.com", "Mail Backup", "400 items"],
    },
    "a new owner, then another place and other things": {
      events: [
        ...usual,
        key(20, "eve@example.com", "owner_added"),
        ...read(20, 60, { client: away, class: "search", action: "search" }),
      ],
      severityMin: "high",
      says: ["a new owner", "AS64666"],
    },
    "an app that hardly ever acted": {
      events: [...read(0, 2), key(12, "eve@example.com"), ...read(13, 300)],
      severityMin: "medium",
      says: ["hardly ever acted"],
    },
  },
  quiet: {
    "a rotation, and work as before": {
      events: [
        ...usual,
        key(20, "ops@example.com"),
        ...days(20, 24).flatMap((day) => read(day, 32)),
      ],
    },
    "an app is set up": {
      events: [key(0, "ops@example.com"), ...days(1, 5).flatMap((day) => read(day, 400))],
    },
    "a busy day a week after the rotation": {
      events: [...usual, key(20, "ops@example.com"), ...read(27, 400)],
    },
    "the rotation of somebody who does it monthly, on a busy day": {
      events: [...usual, ...[2, 9, 20].map((day) => key(day, "ops@example.com")), ...read(21, 250)],
    },
  },
  evasions: {
    "four days of patience": {
      events: [...usual, key(20, "eve@example.com"), ...read(25, 400)],
      isCaught: false,
    },
    "three keys for one raid are one claim": {
      events: [
        ...usual,
        ...[0, 1, 2].map(() => key(20, "eve@example.com")),
        key(21, "eve@example.com"),
        ...read(21, 400),
      ],
      isCaught: true,
    },
  },
});
