/** More reach after approval is told from set-up, from repetition and from small additions. */

import { type AutomationRef, automationFact } from "#contract/automation.ts";
import { change } from "#contract/event.ts";
import { app, at, dana, event, repeat, testDetector } from "#engine/testing.ts";
import { scopeEscalation } from "./index.ts";

const ID = "5d1f2c1e-0000-4000-8000-000000000a01";
const external = { name: "Mail merge", isVerified: false, isInternal: false };
const unknown = { name: "Mail merge" };

const grant = (
  day: number,
  scopes: readonly string[],
  known: Partial<AutomationRef> = unknown,
  by = dana("admin@example.com"),
) =>
  event("microsoft", "Add app role assignment to service principal", {
    at: at(day),
    class: "consent",
    actor: by,
    subject: app(ID, known),
    target: { type: "app", id: `role-${scopes.join("+")}`, name: null },
    change: change("granted", { scopes: [...scopes], addedScopes: [...scopes], consent: "tenant" }),
  });
const expanded = (
  day: number,
  before: readonly string[] | null,
  after: readonly string[],
  named = true,
) =>
  event("slack", "app_scopes_expanded", {
    at: at(day),
    class: "consent",
    subject: named ? app("A0EXAMPLE6", { name: "Standup" }) : null,
    change: change("scopes_added", {
      scopes: [...after],
      addedScopes: before === null ? null : after.filter((scope) => !before.includes(scope)),
      consent: "unknown",
    }),
  });

testDetector(scopeEscalation, {
  fires: {
    "from the directory's names to everybody's mail, weeks later": {
      events: [grant(0, ["User.ReadBasic.All"]), grant(20, ["Mail.ReadWrite"])],
      severityMin: "high",
      confidenceMin: 0.7,
      says: ["Mail.ReadWrite", "Until then it had User.ReadBasic.All", "admin@example.com"],
    },
    "the same for an unverified app": {
      events: [grant(0, ["User.ReadBasic.All"], external), grant(20, ["Mail.ReadWrite"], external)],
      severityMin: "critical",
    },
    "files come on top of what read much already, and are taken at once": {
      events: [
        expanded(3, ["groups:history"], ["groups:history", "files:read"]),
        ...repeat(40, 60_000, () =>
          event("slack", "file_downloaded", {
            at: at(4),
            class: "download",
            automation: app("A0EXAMPLE6", { name: "Standup" }),
          }),
        ),
        ...[0, 1, 2].map((day) =>
          event("slack", "file_uploaded", {
            at: at(day),
            class: "create",
            automation: app("A0EXAMPLE6", { name: "Standup" }),
          }),
        ),
      ],
      severityMin: "medium",
      says: ["In the days after, it reached 40 items in a day"],
    },
    "a Slack record that lists before and after": {
      events: [
        expanded(3, ["commands", "chat:write"], ["commands", "chat:write", "groups:history"]),
      ],
      severityMin: "medium",
      says: ["groups:history"],
    },
    "a Slack record that does not name the app": {
      events: [expanded(3, ["commands"], ["commands", "channels:history", "im:history"], false)],
      severityMin: "medium",
      says: ["An app that the record does not name", "dana@example.com"],
    },
    "a record that says only that something was added": {
      events: [expanded(3, null, [])],
      says: ["does not list"],
    },
    "one person's consent to more than anybody gave the app before": {
      events: [
        event("google", "authorize", {
          at: at(0),
          class: "consent",
          subject: app("1-a.apps.googleusercontent.com"),
          change: change("granted", {
            scopes: ["https://www.googleapis.com/auth/calendar.readonly"],
            consent: "user",
            principal: "dana@example.com",
          }),
        }),
        event("google", "authorize", {
          at: at(9),
          class: "consent",
          subject: app("1-a.apps.googleusercontent.com"),
          change: change("granted", {
            scopes: ["https://www.googleapis.com/auth/gmail.modify"],
            consent: "user",
            principal: "dana@example.com",
          }),
        }),
      ],
      severityMin: "medium",
    },
    "an app that gives itself a role": {
      events: [
        grant(0, ["AppRoleAssignment.ReadWrite.All"]),
        grant(9, ["RoleManagement.ReadWrite.Directory"], unknown, {
          ...dana(),
          kind: "automation",
          id: ID,
        }),
      ],
      severityMin: "medium",
    },
  },
  quiet: {
    "an app that is set up within a day, permission by permission": {
      events: [grant(0, ["User.Read.All"]), { ...grant(0, ["Mail.ReadWrite"]), at: at(0, 18) }],
    },
    "the first grant of all": { events: [grant(4, ["Mail.ReadWrite"], external)] },
    "the same scopes for more people": {
      events: [grant(0, ["Mail.Read"]), grant(5, ["Mail.Read"]), grant(9, ["Mail.Read"])],
    },
    "an expansion that repeats the old scopes": {
      events: [expanded(3, ["chat:write", "im:history"], ["im:history", "chat:write"])],
    },
    "a small addition to a chat bot": {
      events: [expanded(3, ["chat:write"], ["chat:write", "reactions:write", "users:read"])],
    },
    "the owner of an in-house app adds a scope of the same reach": {
      events: [
        grant(0, ["Mail.Read"], { name: "Ticket mailer", isInternal: true }),
        grant(12, ["Files.Read.All"], { name: "Ticket mailer", isInternal: true }, dana()),
      ],
      state: [
        automationFact("microsoft", "entra:applications", app(ID, { isInternal: true }), {
          owners: [{ principal: "dana@example.com", evidence: "owner in Entra", confidence: 0.9 }],
        }),
      ],
    },
    "a verified product that adds a scope of the same reach": {
      events: [
        grant(0, ["Files.Read.All"], { name: "Vault", isVerified: true }),
        grant(30, ["Mail.Read"], { name: "Vault", isVerified: true }),
      ],
    },
    "an addition that was denied": {
      events: [
        grant(0, ["User.Read"]),
        { ...grant(9, ["Mail.ReadWrite"]), outcome: "denied" as const },
      ],
    },
  },
  evasions: {
    "a scope a week, each small": {
      events: [
        grant(0, ["User.Read"]),
        grant(7, ["Calendars.Read"]),
        grant(14, ["Contacts.Read"]),
        grant(21, ["Mail.Read"]),
      ],
      isCaught: true,
    },
    "a second app instead of more scopes": {
      events: [
        grant(0, ["User.Read"]),
        { ...grant(9, ["Mail.ReadWrite"]), subject: app("5d1f2c1e-0000-4000-8000-000000000a02") },
      ],
      isCaught: false,
    },
  },
});
