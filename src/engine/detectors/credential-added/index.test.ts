/** A stranger's credential on a powerful app stands out; owners' set-ups and rotations do not. */

import { type AutomationRef, automationFact } from "#contract/automation.ts";
import { type Actor, change, machine } from "#contract/event.ts";
import { app, at, dana, event, MONDAY, testDetector } from "#engine/testing.ts";
import { credentialAdded } from "./index.ts";

const ID = "5d1f2c1e-0000-4000-8000-0000000000f1";
const DAY = 86_400_000;
const mallory = dana("mallory@example.com");

const about = (
  day: number,
  kind: Parameters<typeof change>[0],
  by: Actor = dana(),
  known: Parameters<typeof change>[1] = {},
  ref: Partial<AutomationRef> = { name: "Payroll sync", isInternal: true },
) =>
  event("microsoft", kind, {
    at: at(day),
    class: "credential",
    actor: by,
    subject: app(ID, ref),
    change: change(kind, known),
    target: { type: "ServicePrincipal", id: `${kind}-${day}`, name: null },
  });
const secret = (day: number, by: Actor = dana(), ref?: Partial<AutomationRef>) =>
  about(day, "credential_added", by, { detail: 'Password "key"' }, ref);
const role = about(0, "granted", dana("admin@example.com"), {
  scopes: ["Mail.ReadWrite"],
  consent: "tenant",
});
/** The app as an inventory shows it: in use since a year, Dana owns it. */
const owned = automationFact(
  "microsoft",
  "entra:servicePrincipals",
  app(ID, { name: "Payroll sync", isInternal: true }),
  {
    owners: [{ principal: "dana@example.com", evidence: "owner in Entra", confidence: 0.9 }],
    createdAt: MONDAY - 365 * DAY,
  },
);

testDetector(credentialAdded, {
  fires: {
    "a stranger's secret on an app that reads everybody's mail": {
      events: [role, secret(20, mallory)],
      state: [owned],
      severityMin: "high",
      confidenceMin: 0.6,
      says: ["mallory@example.com", "others do", "Mail.ReadWrite"],
    },
    "a stranger's secret on an app of little reach": {
      events: [about(0, "created"), secret(20, mallory)],
      severityMin: "low",
    },
    "owner since yesterday": {
      events: [
        role,
        about(19, "owner_added", mallory, { principal: mallory.id }),
        secret(20, mallory),
      ],
      state: [owned],
      severityMin: "high",
    },
    "a federated trust in an issuer that nobody knows": {
      events: [
        role,
        about(20, "federation_added", mallory, {
          destination: "https://login.example.net/tenant",
          detail: "ci: main",
        }),
      ],
      state: [owned],
      severityMin: "high",
      says: ["login.example.net"],
    },
    "a secret on the vendor's own app": {
      events: [
        secret(3, mallory, {
          name: "Office 365 Exchange",
          ownerTenantId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
        }),
      ],
      severityMin: "high",
      says: ["vendor's own app"],
    },
    "a secret on a third party's app": {
      events: [
        about(
          0,
          "granted",
          dana(),
          { scopes: ["Files.ReadWrite.All"], consent: "tenant" },
          { isVerified: true, isInternal: false },
        ),
        secret(12, mallory, { isVerified: true, isInternal: false }),
      ],
      severityMin: "high",
    },
    "the first record of all: somebody, some app": {
      events: [secret(0, mallory)],
      says: ["of which little is on record"],
    },
    "a domain whose sign-ins somebody else's server vouches for": {
      events: [
        event("microsoft", "Set federation settings on domain", {
          at: at(2),
          class: "policy",
          actor: { ...mallory, isAdmin: false },
          change: change("federation_added", {
            destination: "https://sts.example.net/issuer",
            detail: "domain example.com",
          }),
        }),
      ],
      severityMin: "high",
      says: ["sts.example.net", "sign in as anybody"],
    },
    "a pipeline that rotates weekly is told at its first two times only": {
      events: [0, 7, 14, 21, 28].map((day) =>
        secret(day, machine("pipeline", "Rotation pipeline")),
      ),
      findings: 1,
    },
    "a guest": {
      events: [secret(0, { ...dana("partner@example.net"), isGuest: true })],
      severityMin: "high",
    },
  },
  quiet: {
    "the creator sets up the app": { events: [about(0, "created"), secret(0)] },
    "the owner rotates twice a year": { events: [role, secret(30)], state: [owned] },
    "an operator of the team who rotates while the owner still does, an app of little reach": {
      events: [
        about(0, "created"),
        about(0, "owner_added", dana(), { principal: "lee@example.com" }),
        secret(30, dana("lee@example.com")),
      ],
    },
    "the vendor's own upkeep": {
      events: [secret(4, machine("microsoft", "Managed Service Identity", "system"))],
    },
    "somebody who tried and was refused": {
      events: [{ ...secret(5, mallory), outcome: "denied" as const }],
      state: [owned],
    },
    "a person's own token of an app": {
      events: [
        event("github", "oauth_access.create", {
          at: at(2),
          class: "credential",
          subject: app("oauth-app-7", { name: "Terminal" }),
          change: change("credential_added", { scopes: ["repo"], principal: "dana@example.com" }),
        }),
      ],
    },
    "an AI platform's new key, which is an automation of its own": {
      events: [
        event("openai", "api_key.created", {
          at: at(2),
          class: "credential",
          actor: mallory,
          subject: app("key_1", { kind: "api_key" }),
          change: change("credential_added", { detail: "API key" }),
        }),
      ],
    },
    "an identity provider that could not be added": {
      events: [
        event("okta", "system.idp.lifecycle.create", {
          at: at(2),
          class: "policy",
          outcome: "failure",
          change: change("federation_added"),
        }),
      ],
    },
    "a credential that was only removed": {
      events: [about(6, "credential_removed", mallory)],
      state: [owned],
    },
  },
  evasions: {
    "the owner's own account in an intruder's hands": {
      events: [role, secret(40)],
      state: [owned],
      isCaught: false,
    },
    "an old secret removed to look like a rotation": {
      events: [role, about(20, "credential_removed", mallory), secret(20, mallory)],
      state: [owned],
      isCaught: true,
    },
  },
});
