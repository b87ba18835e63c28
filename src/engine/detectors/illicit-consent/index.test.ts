/** Risky consents are told from the many honest ones: sign-in, verified, in-house and widely used apps. */

import type { AutomationRef } from "#contract/automation.ts";
import { change } from "#contract/event.ts";
import { app, at, dana, event, testDetector } from "#engine/testing.ts";
import { illicitConsent } from "./index.ts";

const MAIL = ["openid", "offline_access", "Mail.ReadWrite", "Mail.Send"];
const unverified = { name: "Quarterly Helper", isVerified: false, isInternal: false };

const consent = (
  day: number,
  known: Partial<AutomationRef> = unverified,
  scopes: readonly string[] = MAIL,
  by = dana(),
) =>
  event("microsoft", "Consent to application", {
    at: at(day),
    class: "consent",
    actor: by,
    subject: app("5d1f2c1e-0000-4000-8000-0000000000a1", known),
    change: change("granted", { scopes: [...scopes], consent: "user", principal: by.id }),
  });
const google = (day: number, scope: string, known: Partial<AutomationRef>, by = dana()) =>
  event("google", "authorize", {
    at: at(day),
    class: "consent",
    actor: by,
    subject: app("123456789012-abc.apps.googleusercontent.com", known),
    change: change("granted", { scopes: [scope], consent: "user", principal: by.id }),
  });

testDetector(illicitConsent, {
  fires: {
    "mailbox access for an unverified app that nobody used before": {
      events: [consent(2)],
      severityMin: "medium",
      confidenceMin: 0.5,
      says: ["dana@example.com", "Mail.Send", "not verified", "no earlier record"],
    },
    "the same by an administrator": {
      events: [consent(2, unverified, MAIL, { ...dana(), isAdmin: true })],
      severityMin: "high",
      says: ["administrator rights"],
    },
    "mail and files for an app that imitates a brand": {
      events: [consent(2, { ...unverified, name: "Micros0ft Teams" }, [...MAIL, "Files.Read.All"])],
      severityMin: "high",
      says: ["imitates Microsoft"],
    },
    "all of a Google mailbox for an app of which no record knows the publisher": {
      events: [google(1, "https://mail.google.com/", { name: "Inbox Wizard" })],
      severityMin: "medium",
      says: ["no known vendor"],
    },
    "Google mail and files for an app of which no record knows the publisher": {
      events: [
        {
          ...google(1, "", { name: "Summary Wizard" }),
          change: change("granted", {
            scopes: [
              "https://www.googleapis.com/auth/gmail.readonly",
              "https://www.googleapis.com/auth/drive.readonly",
            ],
            consent: "user",
            principal: "dana@example.com",
          }),
        },
      ],
      severityMin: "medium",
    },
    "mail read and sent, for an app of which no record knows the publisher": {
      events: [consent(2, { name: "Summary Wizard" })],
      severityMin: "medium",
      says: ["also send it"],
    },
    "mail to read, for such an app, is a line in the list": {
      events: [consent(2, { name: "Summary Wizard" }, ["Mail.Read"])],
      severityMin: "low",
    },
    "two people on two days": {
      events: [consent(1), consent(3, unverified, MAIL, dana("lee@example.com"))],
      findings: 2,
    },
    "consent again after it was revoked": {
      events: [
        consent(0),
        event("microsoft", "Remove delegated permission grant", {
          at: at(1),
          class: "revoke",
          subject: app("5d1f2c1e-0000-4000-8000-0000000000a1", unverified),
          change: change("revoked", { principal: "dana@example.com" }),
        }),
        consent(3),
      ],
      findings: 2,
    },
  },
  quiet: {
    "sign-in with an unverified app": {
      events: [consent(2, unverified, ["openid", "profile", "email", "User.Read"])],
    },
    "calendar access for an unverified app": {
      events: [consent(2, unverified, ["Calendars.Read"])],
    },
    "a verified mail client": { events: [consent(2, { ...unverified, isVerified: true })] },
    "a verified mail client and an administrator": {
      events: [consent(2, { ...unverified, isVerified: true }, MAIL, { ...dana(), isAdmin: true })],
    },
    "an app of the company's own": {
      events: [consent(2, { name: "Shift planner", isInternal: true })],
    },
    "the vendor's own client": {
      events: [
        consent(2, {
          name: "Microsoft Office",
          ownerTenantId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
        }),
      ],
    },
    "the eighth person with a tool of the team, publisher unknown": {
      events: Array.from({ length: 8 }, (_, i) =>
        google(
          i === 7 ? 9 : 1,
          "https://www.googleapis.com/auth/drive",
          { name: "Diagram Desk" },
          dana(`p${i}@example.com`),
        ),
      ),
    },
    "files for a small tool of which no record knows the publisher": {
      events: [consent(2, { name: "Diagram Desk" }, ["Files.ReadWrite.All", "offline_access"])],
    },
    "a consent that was denied": { events: [{ ...consent(2), outcome: "denied" as const }] },
    "a script that everyone in the team wrote for herself": {
      events: [
        google(1, "https://www.googleapis.com/auth/spreadsheets", {
          kind: "script",
          name: "Report",
        }),
      ],
    },
    "an administrator's consent for all, which is another question": {
      events: [{ ...consent(2), change: change("granted", { scopes: MAIL, consent: "tenant" }) }],
    },
    "a service account that takes a user's identity by delegation": {
      events: [
        {
          ...google(1, "https://mail.google.com/", { kind: "service_account", name: "Backup" }),
          change: change("granted", {
            scopes: ["https://mail.google.com/"],
            consent: "admin",
            principal: "dana@example.com",
          }),
        },
      ],
    },
  },
  evasions: {
    "an app that repeats its consent daily is told once, not never": {
      events: [consent(1), consent(2), consent(3)],
      isCaught: true,
    },
    "an attacker behind a verified publisher": {
      events: [consent(2, { name: "Quarterly Helper", isVerified: true }, MAIL)],
      isCaught: false,
    },
    "little at first: calendar today, mail in a later record is another rule's": {
      events: [consent(1, unverified, ["Calendars.Read"]), consent(5, unverified, MAIL)],
      isCaught: false,
    },
  },
});
