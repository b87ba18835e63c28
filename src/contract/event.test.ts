/** An event's identity is the vendor's id with who did what to what: not the details that one export of it leaves out. */

import { describe, expect, it } from "vitest";
import { automationRef } from "./automation.ts";
import { type AuditEvent, auditEvent, change, identityOf, person } from "./event.ts";

const base = auditEvent("microsoft", "entra:AuditLogs", "Consent to application", {
  id: "Directory_1",
  at: 1_780_300_800_000,
  actor: person("dana@example.com", "u-1"),
  subject: automationRef("oauth_app", "app-1", { name: "Scribe" }),
  outcome: "success",
  change: change("granted", { scopes: ["Mail.Read"], consent: "user" }),
});

describe("identityOf", () => {
  it.each<[string, Partial<AuditEvent>]>([
    ["an address", { client: { ip: "192.0.2.1", asn: null, country: null, userAgent: null } }],
    ["a user agent", { client: { ip: null, asn: null, country: null, userAgent: "UA" } }],
    ["an amount", { bytes: 500, count: 3 }],
    ["where the record stands", { ref: { source: 7, line: 9 } }],
    ["a name", { subject: automationRef("oauth_app", "app-1") }],
  ])("%s does not make another event", (_what, known) => {
    expect(identityOf({ ...base, ...known })).toBe(identityOf(base));
  });

  it.each<[string, Partial<AuditEvent>]>([
    ["the id", { id: "Directory_2" }],
    ["the log", { service: "o365:AzureActiveDirectory" }],
    ["the action", { action: "Add app role assignment" }],
    ["the time", { at: 1_780_300_801_000 }],
    ["the actor", { actor: person("lee@example.com", "u-2") }],
    ["the app", { subject: automationRef("oauth_app", "app-2") }],
    ["the outcome", { outcome: "failure" }],
    ["the scopes", { change: change("granted", { scopes: ["Mail.Send"], consent: "user" }) }],
    ["the lack of a change", { change: null }],
  ])("%s does", (_what, known) => {
    expect(identityOf({ ...base, ...known })).not.toBe(identityOf(base));
  });
});
