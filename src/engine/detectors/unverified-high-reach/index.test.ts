/** High reach without a verified publisher is listed, also from an inventory alone; in-house and verified apps are not. */

import { type AutomationRef, automationFact, type Grant } from "#contract/automation.ts";
import { change } from "#contract/event.ts";
import { app, at, event, MONDAY, testDetector } from "#engine/testing.ts";
import { unverifiedHighReach } from "./index.ts";

const ID = "5d1f2c1e-0000-4000-8000-0000000000e1";
const fact = (
  known: Partial<AutomationRef>,
  scopes: readonly string[],
  grant: Partial<Grant> = {},
  rest: { createdAt?: number; isEnabled?: boolean } = {},
) =>
  automationFact(
    "microsoft",
    "entra:servicePrincipals",
    app(ID, { name: "Ledger Sync", ...known }),
    {
      grants: [
        {
          principal: "dana@example.com",
          scopes: [...scopes],
          consent: "user",
          grantedBy: "dana@example.com",
          at: null,
          ...grant,
        },
      ],
      ...rest,
    },
  );
const tenant: Partial<Grant> = { principal: null, consent: "tenant" };

testDetector(unverifiedHighReach, {
  fires: {
    "one person's mail, from an inventory alone": {
      state: [fact({ isVerified: false }, ["Mail.Read"])],
      severityMin: "low",
      confidenceMin: 0.5,
      says: ["Mail.Read", "1 of its people"],
    },
    "everybody's mail and files, since three days": {
      state: [
        fact({ isVerified: false }, ["Mail.ReadWrite", "Files.ReadWrite.All"], tenant, {
          createdAt: MONDAY - 3 * 86_400_000,
        }),
      ],
      severityMin: "medium",
      says: ["whole tenant", "only 3 days"],
    },
    "a whole Google mailbox for an app of no known vendor": {
      events: [
        event("google", "authorize", {
          at: at(0),
          class: "consent",
          subject: app("123456789012-xyz.apps.googleusercontent.com", { name: "Inbox Wizard" }),
          change: change("granted", {
            scopes: ["https://mail.google.com/"],
            consent: "user",
            principal: "dana@example.com",
          }),
        }),
      ],
      says: ["No record says who publishes it"],
    },
  },
  quiet: {
    "a verified app with the same reach": {
      state: [fact({ isVerified: true }, ["Mail.ReadWrite", "Files.ReadWrite.All"], tenant)],
    },
    "an in-house app": {
      state: [fact({ isVerified: false, isInternal: true }, ["Mail.ReadWrite"], tenant)],
    },
    "an unverified app for sign-in and calendar": {
      state: [fact({ isVerified: false }, ["openid", "profile", "Calendars.Read"])],
    },
    "an unverified app that is switched off": {
      state: [fact({ isVerified: false }, ["Mail.ReadWrite"], {}, { isEnabled: false })],
    },
    "the vendor's own, without a publisher on record": {
      state: [
        fact({ isVerified: false, ownerTenantId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a" }, [
          "Mail.ReadWrite",
        ]),
      ],
    },
    "a known vendor that no record verifies": {
      state: [
        fact({ name: "HubSpot", domains: ["app.hubspot.com"] }, ["User.ReadWrite.All"], tenant),
      ],
    },
    "a grant that was revoked": {
      events: [
        event("microsoft", "consent", {
          at: at(0),
          class: "consent",
          subject: app(ID, { isVerified: false }),
          change: change("granted", { scopes: ["Mail.ReadWrite"], consent: "tenant" }),
        }),
        event("microsoft", "revoke", {
          at: at(1),
          class: "revoke",
          subject: app(ID, { isVerified: false }),
          change: change("revoked"),
        }),
      ],
    },
    "a script that reads all of its owner's mail": {
      state: [fact({ kind: "script", isVerified: null }, ["Mail.ReadWrite"], tenant)],
    },
  },
  evasions: {
    "a publisher that passed verification": {
      state: [fact({ isVerified: true }, ["Mail.ReadWrite"])],
      isCaught: false,
    },
    "many small grants that are high only together": {
      state: [
        fact({ isVerified: false }, ["Calendars.Read"]),
        fact({ isVerified: false }, ["Mail.Read"], { principal: "lee@example.com" }),
      ],
      isCaught: true,
    },
  },
});
