/** A copy under a known name is told from test versions, other clients of one product, and common words. */

import { type AutomationRef, automationFact } from "#contract/automation.ts";
import { change } from "#contract/event.ts";
import { app, at, dana, event, testDetector } from "#engine/testing.ts";
import { evilTwin } from "./index.ts";

const MAIL = ["Mail.Read", "Files.Read.All"];

/** Somebody lets an app in. */
function letIn(day: number, subject: AutomationRef, scopes = MAIL, who = `p${day}@example.com`) {
  const actor = dana(who);
  return event("microsoft", "Consent to application", {
    at: at(day, 9),
    class: "consent",
    actor,
    subject,
    change: change("granted", { scopes, consent: "user", principal: who }),
  });
}

const real = app("real-1", {
  name: "Ledger Notes",
  publisher: "Ledger Notes Ltd",
  isVerified: true,
  isInternal: false,
  domains: ["ledgernotes.example"],
});
const twin = app("twin-1", {
  name: "Ledger Nоtes",
  publisher: "Fast Apps",
  isVerified: false,
  isInternal: false,
  domains: ["ledger-notes.example"],
});

testDetector(evilTwin, {
  fires: {
    "an unverified publisher's app bears the name of a verified one": {
      events: [letIn(0, real), letIn(20, twin)],
      severityMin: "high",
      says: ["second Ledger", "Fast Apps", "real-1"],
    },
    "a colleague's own app bears a vendor's name": {
      events: [
        letIn(0, real),
        letIn(20, app("twin-2", { name: "Ledger-Notes", isInternal: true })),
      ],
      severityMin: "medium",
      says: ["made here"],
    },
  },
  quiet: {
    "the vendor's second client": {
      events: [letIn(0, real), letIn(20, { ...real, nativeId: "real-2", aliases: [] })],
    },
    "test and production of one team": {
      state: [
        app("own-1", { name: "Order Sync", isInternal: true }),
        app("own-2", { name: "Order Sync", isInternal: true }),
      ].map((ref) =>
        automationFact("microsoft", "graph:applications", ref, {
          owners: [{ principal: "kim@example.com", evidence: "listed as owner", confidence: 0.9 }],
        }),
      ),
      events: [
        letIn(0, app("own-1", { name: "Order Sync", isInternal: true })),
        letIn(20, app("own-2", { name: "Order Sync", isInternal: true })),
      ],
    },
    "a name that is a common word": {
      events: [0, 8, 16, 24].map((day) => letIn(day, app(`word-${day}`, { name: "My Assistant" }))),
    },
    "both came in the same week": {
      events: [letIn(0, real), letIn(2, twin)],
    },
    "another product": {
      events: [letIn(0, real), letIn(20, { ...twin, name: "Fast Notes" })],
    },
  },
  evasions: {
    "a name with one word more": {
      events: [letIn(0, real), letIn(20, { ...twin, name: "Ledger Notes Pro" })],
      isCaught: false,
    },
    "a twin without any fact but its reach": {
      events: [letIn(0, real), letIn(20, app("twin-3", { name: "LEDGER NOTES" }))],
      isCaught: false,
    },
  },
});
