/** Borrowed names are told from plurals, neighbours, add-ons and the real thing. */

import { type AutomationRef, automationFact } from "#contract/automation.ts";
import { change } from "#contract/event.ts";
import type { Platform } from "#contract/platform.ts";
import { app, at, dana, event, testDetector } from "#engine/testing.ts";
import { lookalikeApp } from "./index.ts";

const consent = (
  name: string,
  known: Partial<AutomationRef> = {},
  scopes = ["Mail.Read"],
  platform: Platform = "microsoft",
) =>
  event(platform, "consent", {
    at: at(2),
    class: "consent",
    subject: app("5d1f2c1e-0000-4000-8000-0000000000d1", { name, ...known }),
    change: change("granted", { scopes, consent: "user", principal: dana().id }),
  });
const slack = (name: string, known: Partial<AutomationRef> = {}) =>
  event("slack", "app_installed", {
    at: at(2),
    class: "install",
    subject: app("A0EXAMPLE3", { name, ...known }),
    change: change("installed", {
      scopes: ["channels:history"],
      consent: "user",
      principal: dana().id,
    }),
  });

testDetector(lookalikeApp, {
  fires: {
    "a Cyrillic letter in SharePoint": {
      events: [consent("SharеPoint Files", { isVerified: false })],
      severityMin: "critical",
      confidenceMin: 0.85,
      says: ["letters that only look like", "dana@example.com"],
    },
    "an invisible character in Microsoft": {
      events: [consent("Micro​soft Teams")],
      severityMin: "high",
      says: ["invisible"],
    },
    "a digit in place of a letter": {
      events: [consent("Micros0ft Authenticator", { isVerified: false })],
      severityMin: "high",
    },
    "one wrong letter and high reach": {
      events: [consent("Dropbx", { isVerified: false })],
      severityMin: "high",
      confidenceMin: 0.5,
    },
    "a publisher's name that is drawn like another's": {
      events: [consent("Signing helper", { publisher: "DocuSіgn Inc" })],
      severityMin: "high",
      says: ["publisher"],
    },
    "the exact name with an address that borrows it": {
      events: [
        consent("Microsoft Teams", {
          domains: ["microsoft-teams-login.example.net"],
          isVerified: false,
        }),
      ],
      severityMin: "high",
      says: ["only borrows"],
    },
    "the exact name, high reach, unverified, addresses elsewhere": {
      events: [consent("DocuSign", { domains: ["sign.example.net"], isVerified: false })],
      severityMin: "medium",
      says: ["sign.example.net"],
    },
    "only in an inventory": {
      state: [automationFact("slack", "slack:apps", app("A0EXAMPLE4", { name: "Dгopbox Backup" }))],
      severityMin: "high",
      says: ["is known here"],
    },
  },
  quiet: {
    "the real thing at its own address": {
      events: [consent("DocuSign", { domains: ["docusign.net", "account.docusign.com"] })],
    },
    "the vendor's own": {
      events: [
        consent("Microsoft Teams", { ownerTenantId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a" }),
      ],
    },
    "an add-on of a verified publisher that starts with the product's name": {
      events: [
        consent("Salesforce Sync by Contoso", { domains: ["contoso.example"], isVerified: true }),
      ],
    },
    "a brand's name of which the records say nothing more": { events: [consent("DocuSign")] },
    "honest neighbours of brands": {
      events: [
        slack("Slick"),
        { ...slack("Zoomer"), subject: app("A0EXAMPLE5", { name: "Zoomer" }) },
      ],
    },
    "a colleague's bot with a slip in its name": {
      events: [slack("Githb notifier", { isInternal: true })],
    },
    "an in-house bridge named after what it bridges to": {
      events: [slack("GitHub notifications", { isInternal: true, isVerified: false })],
    },
    "a bridge that answers at the company's own address": {
      events: [consent("GitHub Sync", { domains: ["hooks.example.com"], isVerified: false })],
    },
    "a name in Cyrillic that is no brand": { events: [consent("Календарь отпусков")] },
    "a small tool for a product, sign-in only": {
      events: [consent("Trello Exporter", { domains: ["exporter.example.net"] }, ["openid"])],
    },
  },
  evasions: {
    "capital I for l": { events: [consent("SIack Export", { isVerified: false })], isCaught: true },
    "the brand in the middle of the name": {
      events: [
        consent("Your DocuSign document", { domains: ["sign.example.net"], isVerified: false }),
      ],
      isCaught: false,
    },
    "a brand that the catalogue does not list": {
      events: [consent("Contosoo Mail", { isVerified: false })],
      isCaught: false,
    },
  },
});
