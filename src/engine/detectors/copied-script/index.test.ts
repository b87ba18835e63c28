/** A copy from outside explains a consent only by the same person, before it, and soon. */

import { type AuditEvent, change } from "#contract/event.ts";
import { app, at, dana, event, testDetector } from "#engine/testing.ts";
import { copiedScript } from "./index.ts";

const script = app("7.apps.example", { name: "Budget 2026", kind: "script" });

function copied(when: number, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("google", "copy", {
    at: when,
    class: "copy",
    target: { type: "document", id: "doc-1", name: "Budget template" },
    change: change("created", { detail: "copied in from outside the organization" }),
    ...known,
  });
}

function granted(when: number, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("google", "authorize", {
    at: when,
    class: "consent",
    subject: script,
    change: change("granted", {
      scopes: ["https://mail.google.com/"],
      consent: "user",
      principal: "dana@example.com",
    }),
    ...known,
  });
}

testDetector(copiedScript, {
  fires: {
    "a copy, and ten minutes later its script may read mail": {
      events: [copied(at(1, 10)), granted(at(1, 10, 10))],
      severityMin: "high",
      confidenceMin: 0.8,
      says: ["Budget template", "10 minutes"],
    },
    "the two logs differ by a minute": {
      events: [copied(at(1, 10, 1)), granted(at(1, 10))],
      severityMin: "high",
    },
    "a script with little reach": {
      events: [
        copied(at(1, 10)),
        granted(at(1, 12), {
          change: change("granted", {
            scopes: ["https://www.googleapis.com/auth/script.container.ui"],
            consent: "user",
            principal: "dana@example.com",
          }),
        }),
      ],
      severityMin: "medium",
    },
  },
  quiet: {
    "a copy of an inside document": {
      events: [copied(at(1, 10), { change: null }), granted(at(1, 10, 10))],
    },
    "somebody else copied": {
      events: [copied(at(1, 10), { actor: dana("lee@example.com") }), granted(at(1, 10, 10))],
    },
    "the day before": { events: [copied(at(0, 10)), granted(at(1, 10))] },
    "the consent came first": { events: [granted(at(1, 10)), copied(at(1, 11))] },
    "a verified app": {
      events: [
        copied(at(1, 10)),
        granted(at(1, 10, 10), { subject: { ...script, isVerified: true } }),
      ],
    },
  },
  evasions: {
    "the consent on the next day": {
      events: [copied(at(1, 10)), granted(at(2, 10))],
      isCaught: false,
    },
  },
});
