/** Apps of public reports are found by id and telling name; real products and the vendor's own clients are weighed. */

import type { AutomationRef } from "#contract/automation.ts";
import { automationFact } from "#contract/automation.ts";
import { change } from "#contract/event.ts";
import { app, at, dana, event, repeat, testDetector } from "#engine/testing.ts";
import { knownAbusedApp } from "./index.ts";

const PERFECT_DATA = "ff8d92dc-3d82-41d6-bcbd-b9174d163620";
const RCLONE = "b15665d9-eda6-4092-8539-0eec376afd59";
const AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

const consent = (id: string, known: Partial<AutomationRef>, by = dana(), scopes = ["Mail.Read"]) =>
  event("microsoft", "Consent to application", {
    at: at(2),
    class: "consent",
    actor: by,
    subject: app(id, known),
    change: change("granted", { scopes, consent: "user", principal: by.id }),
  });
const reads = (id: string, name: string | null, outcome: "success" | "failure" = "success") =>
  repeat(3, 60_000, () =>
    event("microsoft", "MailItemsAccessed", {
      at: at(2),
      class: "read",
      automation: app(id, { name }),
      outcome,
    }),
  );

testDetector(knownAbusedApp, {
  fires: {
    "consent to an app of intruders": {
      events: [consent(PERFECT_DATA, { name: "PERFECTDATA SOFTWARE" })],
      severityMin: "critical",
      confidenceMin: 0.9,
      says: ["dana@example.com", "attackers made or took over"],
    },
    "the same under another name, reading mail, with no consent on record": {
      events: reads(PERFECT_DATA, "Contoso Reports"),
      severityMin: "critical",
      confidenceMin: 0.9,
      says: ["3 records"],
    },
    "only in an inventory": {
      state: [automationFact("microsoft", "entra:servicePrincipals", app(PERFECT_DATA))],
      severityMin: "critical",
    },
    "it tried and failed": {
      events: reads(PERFECT_DATA, "PERFECTDATA SOFTWARE", "failure"),
      severityMin: "high",
      says: ["tried", "without success"],
    },
    "its telling name under an unknown id": {
      events: [consent("5d1f2c1e-0000-4000-8000-0000000000c3", { name: "Mail_Backup" })],
      severityMin: "high",
      confidenceMin: 0.5,
      says: ["not its id"],
    },
    "a real product that intruders like: mentioned, not shouted": {
      events: [consent(RCLONE, { name: "rclone" })],
      severityMin: "low",
      says: ["real product"],
    },
    "two victims on two days": {
      events: [
        consent(PERFECT_DATA, {}),
        { ...consent(PERFECT_DATA, {}, dana("lee@example.com")), at: at(4) },
      ],
      findings: 2,
    },
  },
  quiet: {
    "the vendor's command line in an administrator's hands": {
      events: repeat(50, 1_000, () =>
        event("microsoft", "UserLoggedIn", {
          at: at(1),
          class: "sign_in",
          automation: app(AZURE_CLI, { name: "Microsoft Azure CLI" }),
        }),
      ),
    },
    "an administrator consents to the vendor's command line": {
      events: [consent(AZURE_CLI, { name: "Microsoft Azure CLI" }, { ...dana(), isAdmin: true })],
    },
    "a name that many honest apps have": {
      events: [consent("5d1f2c1e-0000-4000-8000-0000000000c4", { name: "Adobe" })],
    },
    "the same name on another platform": {
      events: [
        event("slack", "app_installed", {
          at: at(1),
          class: "install",
          subject: app("A0EXAMPLE2", { name: "rclone" }),
          change: change("installed", { scopes: ["files:read"], consent: "user" }),
        }),
      ],
    },
    "a backup product of a similar name": {
      events: [consent("5d1f2c1e-0000-4000-8000-0000000000c5", { name: "Mail Backup Pro" })],
    },
  },
  evasions: {
    "a new id and a new name": {
      events: [consent("5d1f2c1e-0000-4000-8000-0000000000c6", { name: "Perfect Dater" })],
      isCaught: false,
    },
    "the id in capitals": {
      events: [consent(PERFECT_DATA.toUpperCase(), { name: "Helper" })],
      isCaught: true,
    },
  },
});
