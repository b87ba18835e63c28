/** New and wider delegations are told from repeated, narrowed and failed ones. */

import { MINUTE_MS } from "#base/time.ts";
import { type AutomationRef, automationFact } from "#contract/automation.ts";
import { type AuditEvent, change } from "#contract/event.ts";
import { app, at, dana, event, repeat, testDetector } from "#engine/testing.ts";
import { domainWideDelegation } from "./index.ts";

const ID = "104520000000000000001";
const GMAIL = "https://mail.google.com/";
const CALENDAR = "https://www.googleapis.com/auth/calendar";
const ref: Partial<AutomationRef> = { kind: "service_account" };
const admin = { ...dana("admin@example.com"), isAdmin: true };

const delegate = (day: number, scopes: readonly string[], by = admin, known = ref) =>
  event("google", "AUTHORIZE_API_CLIENT_ACCESS", {
    at: at(day),
    class: "consent",
    actor: by,
    subject: app(ID, known),
    change: change("delegation_granted", { scopes: [...scopes], consent: "tenant" }),
  });

function signIn(day: number, ip: string, country: string): AuditEvent {
  return event("google", "login_success", {
    at: at(day, 8),
    class: "sign_in",
    actor: admin,
    client: from(ip, country),
  });
}

function from(ip: string, country: string): AuditEvent["client"] {
  return { ip, asn: null, country, userAgent: null };
}

/** On a day the client reads ten messages of each of so many people. */
const reads = (day: number, people: number) =>
  Array.from({ length: people }, (_, index) => index).flatMap((index) =>
    repeat(10, MINUTE_MS, (turn) =>
      event("google", "activity", {
        id: `${day}-${index}-${turn}`,
        at: at(day, 9, index % 40),
        class: "read",
        actor: dana(`p${index}@example.com`),
        automation: app(ID, ref),
        traits: ["on_behalf"],
      }),
    ),
  );

testDetector(domainWideDelegation, {
  fires: {
    "a right over everybody's mail, used for four people": {
      events: [delegate(1, [GMAIL]), ...[2, 3, 4].flatMap((day) => reads(day, 4))],
      severityMin: "high",
      says: ["of 4 people a day at most"],
    },
    "everybody's mail": {
      events: [delegate(1, [GMAIL])],
      severityMin: "medium",
      confidenceMin: 0.6,
      says: ["mail.google.com", "any user", "admin@example.com"],
    },
    "calendars only are less": { events: [delegate(1, [CALENDAR])], severityMin: "low" },
    "widened from calendars to the directory": {
      events: [
        delegate(1, [CALENDAR]),
        delegate(30, [CALENDAR, "https://www.googleapis.com/auth/admin.directory.user"]),
      ],
      findings: 2,
      severityMin: "low",
      says: ["fewer such rights before", "admin.directory.user"],
    },
    "by an administrator's account from a country that it never came from": {
      events: [
        ...Array.from({ length: 8 }, (_, day) => signIn(day, "192.0.2.9", "DE")),
        signIn(9, "198.51.100.7", "BR"),
        { ...delegate(9, [GMAIL]), client: from("198.51.100.7", "BR") },
      ],
      severityMin: "critical",
      says: ["198.51.100.0/24, where nobody here ever worked before"],
    },
    "by somebody who is no administrator": {
      events: [delegate(1, [GMAIL], { ...dana(), isAdmin: false })],
      severityMin: "critical",
      says: ["not known as an administrator"],
    },
    "the form saved again with the same scopes is told once": {
      events: [
        delegate(1, [GMAIL, CALENDAR]),
        delegate(5, [CALENDAR, GMAIL]),
        delegate(9, [GMAIL]),
      ],
      findings: 1,
    },
    "without a list of scopes": {
      events: [delegate(1, [])],
      severityMin: "low",
      says: ["does not list"],
    },
  },
  quiet: {
    "attempts that failed": {
      events: [
        { ...delegate(1, [GMAIL]), outcome: "failure" as const },
        { ...delegate(2, [GMAIL]), outcome: "denied" as const },
      ],
    },
    "a delegation taken away": {
      events: [
        event("google", "REMOVE_API_CLIENT_ACCESS", {
          at: at(3),
          class: "revoke",
          actor: admin,
          subject: app(ID, ref),
          change: change("delegation_removed"),
        }),
      ],
    },
    "a service account that uses its old delegation": {
      events: [
        event("google", "authorize", {
          at: at(3),
          class: "consent",
          subject: app(ID, ref),
          automation: app(ID, ref),
          change: change("granted", {
            scopes: [GMAIL],
            consent: "admin",
            principal: "dana@example.com",
            detail: "domain-wide delegation",
          }),
        }),
      ],
    },
    "one person's consent to the same scope": {
      events: [
        event("google", "authorize", {
          at: at(3),
          class: "consent",
          subject: app("1-b.apps.googleusercontent.com"),
          change: change("granted", {
            scopes: [GMAIL],
            consent: "user",
            principal: "dana@example.com",
          }),
        }),
      ],
    },
    "a delegation that an inventory lists": {
      state: [
        automationFact("google", "google:dwd", app(ID, ref), {
          grants: [
            { principal: null, scopes: [GMAIL], consent: "tenant", grantedBy: null, at: null },
          ],
        }),
      ],
    },
  },
  evasions: {
    "the client removed and authorized again with more": {
      events: [
        delegate(1, [CALENDAR]),
        event("google", "REMOVE_API_CLIENT_ACCESS", {
          at: at(2),
          class: "revoke",
          actor: admin,
          subject: app(ID, ref),
          change: change("delegation_removed"),
        }),
        delegate(2, [CALENDAR, GMAIL]),
      ],
      isCaught: true,
    },
    "a new key for a client that has the delegation already": {
      events: [
        event("google", "CreateServiceAccountKey", {
          at: at(3),
          class: "credential",
          subject: app(ID, ref),
          change: change("credential_added", { detail: "key" }),
        }),
      ],
      isCaught: false,
    },
  },
});
