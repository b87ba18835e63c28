/** Tenant-wide consents to apps that nobody vouches for are told from the ones of everyday IT. */

import type { AutomationRef } from "#contract/automation.ts";
import { change } from "#contract/event.ts";
import { app, at, dana, event, testDetector } from "#engine/testing.ts";
import { tenantConsent } from "./index.ts";

const ID = "5d1f2c1e-0000-4000-8000-0000000000b2";
const admin = { ...dana("admin@example.com"), isAdmin: true };
const unverified = { name: "Sync Bridge", isVerified: false, isInternal: false };

const role = (
  day: number,
  known: Partial<AutomationRef>,
  scopes: readonly string[],
  by: ReturnType<typeof dana> = admin,
) =>
  event("microsoft", "Add app role assignment to service principal", {
    at: at(day),
    class: "consent",
    actor: by,
    subject: app(ID, known),
    change: change("granted", { scopes: [...scopes], consent: "tenant" }),
  });

testDetector(tenantConsent, {
  fires: {
    "everybody's mail for an unverified app": {
      events: [role(1, unverified, ["Mail.ReadWrite", "Mail.Send"])],
      severityMin: "high",
      confidenceMin: 0.6,
      says: ["admin@example.com", "whole tenant", "not verified"],
    },
    "all files for an app of unknown publisher": {
      events: [role(1, { name: "Archive 3000" }, ["Files.ReadWrite.All"])],
      severityMin: "medium",
      says: ["no known vendor"],
    },
    "a program gives an in-house app the keys to the directory": {
      events: [
        role(
          1,
          { name: "Deploy helper", isInternal: true },
          ["RoleManagement.ReadWrite.Directory"],
          {
            ...admin,
            kind: "automation",
            id: "pipeline",
            isAdmin: null,
          },
        ),
      ],
      severityMin: "medium",
      says: ["a program"],
    },
    "a Slack app installed for all workspaces, unverified, by somebody who is no administrator": {
      events: [
        event("slack", "org_app_installed", {
          at: at(2),
          class: "install",
          actor: { ...dana(), isAdmin: false },
          subject: app("A0EXAMPLE1", { name: "Pollster", isVerified: false }),
          change: change("installed", {
            scopes: ["channels:history", "groups:history", "files:read"],
            consent: "admin",
          }),
        }),
      ],
      says: ["not known as an administrator"],
    },
  },
  quiet: {
    "a verified meeting product with calendars and meetings of everybody": {
      events: [
        role(1, { name: "Zoom", isVerified: true, isInternal: false }, [
          "Calendars.ReadWrite",
          "OnlineMeetings.Read.All",
          "User.Read.All",
        ]),
      ],
    },
    "a verified backup product with all mail and files": {
      events: [
        role(1, { name: "Nightly Vault", isVerified: true }, [
          "Mail.ReadWrite",
          "Files.ReadWrite.All",
        ]),
      ],
    },
    "an in-house app that reads the directory": {
      events: [
        role(1, { name: "Org chart", isInternal: true }, ["User.Read.All", "Group.Read.All"]),
      ],
    },
    "an unverified app with sign-in for all": {
      events: [role(1, unverified, ["openid", "profile", "User.Read"])],
    },
    "the vendor's own service": {
      events: [
        role(
          1,
          { name: "Office 365 Exchange", ownerTenantId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a" },
          ["full_access_as_app"],
        ),
      ],
    },
    "a consent that failed": {
      events: [{ ...role(1, unverified, ["Mail.ReadWrite"]), outcome: "failure" as const }],
    },
    "one person's consent, which is another question": {
      events: [
        {
          ...role(1, unverified, ["Mail.ReadWrite"]),
          change: change("granted", {
            scopes: ["Mail.ReadWrite"],
            consent: "user",
            principal: "dana@example.com",
          }),
        },
      ],
    },
    "an app that goes by a known name and gets all files to read": {
      events: [role(1, { name: "DocuSign" }, ["Sites.Read.All"])],
    },
  },
  evasions: {
    "permissions given one by one within a day": {
      events: [
        role(1, unverified, ["User.Read.All"]),
        { ...role(1, unverified, ["Mail.Read"]), at: at(1, 15) },
        { ...role(1, unverified, ["Files.ReadWrite.All"]), at: at(1, 20) },
      ],
      isCaught: true,
    },
    "harmless at first, mail a week later, which scope-escalation tells": {
      events: [role(1, unverified, ["User.Read"]), role(8, unverified, ["Mail.ReadWrite"])],
      isCaught: false,
    },
  },
});
