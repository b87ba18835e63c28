/** Automations, the grants that let them act, and what logs and state exports state about them. */

import { z } from "zod";
import { Platform } from "./platform.ts";

export const AutomationKind = z.enum([
  "oauth_app",
  "bot",
  "service_account",
  "script",
  "workflow",
  "webhook",
  "api_key",
  "ai_agent",
  "mcp_connector",
]);
export type AutomationKind = z.infer<typeof AutomationKind>;

/** user: one person for herself. admin: an administrator for one or some. tenant: for everybody in the tenant. */
export const Consent = z.enum(["user", "admin", "tenant", "unknown"]);
export type Consent = z.infer<typeof Consent>;

/** How one record names an automation. Every field but kind and nativeId may be unknown to that record. */
export const AutomationRef = z.object({
  kind: AutomationKind,
  /** The vendor's own id: client id, app id, bot id, key id … Lower-cased where the vendor ignores case. */
  nativeId: z.string().min(1).max(512),
  name: z.string().max(512).nullable(),
  /** Other ids of the same automation on the same platform (service principal object id, bot user id …). */
  aliases: z.array(z.string().max(512)).max(16),
  /** Who publishes it, as the vendor states it. */
  publisher: z.string().max(512).nullable(),
  /** Whether the vendor verified the publisher or approved the app for its directory. */
  isVerified: z.boolean().nullable(),
  /** Whether it was made inside the organization. */
  isInternal: z.boolean().nullable(),
  /** Hosts of its home page and reply URLs, lower-case. */
  domains: z.array(z.string().max(256)).max(32),
  /** Microsoft: the tenant that owns the registration. */
  ownerTenantId: z.string().max(128).nullable(),
});
export type AutomationRef = z.infer<typeof AutomationRef>;

/** A claim about who answers for an automation, with the ground for it. `confidence` is 0..1. */
export const OwnerClaim = z.object({
  principal: z.string().min(1).max(512),
  evidence: z.string().min(1).max(512),
  confidence: z.number().min(0).max(1),
});
export type OwnerClaim = z.infer<typeof OwnerClaim>;

/** Who let an automation reach what. `principal` is null where the grant is for the whole tenant or the record names nobody. */
export const Grant = z.object({
  principal: z.string().max(512).nullable(),
  scopes: z.array(z.string().max(512)).max(2_048),
  consent: Consent,
  grantedBy: z.string().max(512).nullable(),
  /** Epoch milliseconds; null where the record has no time (state exports). */
  at: z.number().int().nullable(),
});
export type Grant = z.infer<typeof Grant>;

/** A secret, key, certificate or token by which an automation signs in. The secret itself is never read. */
export const Credential = z.object({
  /** The vendor's id of it. */
  id: z.string().min(1).max(512),
  /** In plain words: client secret, certificate, service account key, API key … */
  kind: z.string().max(64),
  /** Epoch milliseconds; null where the row does not say. */
  createdAt: z.number().int().nullable(),
  /** Null where it never expires, or where the row does not say. */
  expiresAt: z.number().int().nullable(),
  lastUsedAt: z.number().int().nullable(),
});
export type Credential = z.infer<typeof Credential>;

/** More than an automation has by any vendor's limit. */
export const CREDENTIALS_MAX = 64;

/** What a state export (an inventory call of the vendor) says about one automation. */
export const AutomationFact = z.object({
  type: z.literal("automation"),
  platform: Platform,
  service: z.string().min(1).max(128),
  automation: AutomationRef,
  owners: z.array(OwnerClaim).max(64),
  grants: z.array(Grant).max(2_048),
  credentials: z.array(Credential).max(CREDENTIALS_MAX),
  createdAt: z.number().int().nullable(),
  lastUsedAt: z.number().int().nullable(),
  isEnabled: z.boolean().nullable(),
});
export type AutomationFact = z.infer<typeof AutomationFact>;

/** What a state export says about one person: who is privileged, who is a guest, who has left. */
export const PersonFact = z.object({
  type: z.literal("person"),
  platform: Platform,
  service: z.string().min(1).max(128),
  /** E-mail address in lower case where known, else the vendor's id. */
  id: z.string().min(1).max(512),
  aliases: z.array(z.string().max(512)).max(16),
  name: z.string().max(512).nullable(),
  isAdmin: z.boolean().nullable(),
  isGuest: z.boolean().nullable(),
  isActive: z.boolean().nullable(),
});
export type PersonFact = z.infer<typeof PersonFact>;

/** One row of a state export that is understood but names neither (a group, a channel, a repository …). */
export const OtherFact = z.object({
  type: z.literal("other"),
  platform: Platform,
  service: z.string().min(1).max(128),
});
export type OtherFact = z.infer<typeof OtherFact>;

export type StateFact = AutomationFact | PersonFact | OtherFact;

/** What makes a fact this fact and no other: all that it says. A list that is sent again says the same facts. */
export function factIdentityOf(fact: StateFact): string {
  return JSON.stringify(fact);
}

/** A fact about an automation with everything unknown but what is given. */
export function automationFact(
  platform: Platform,
  service: string,
  automation: AutomationRef,
  known: Partial<Omit<AutomationFact, "type" | "platform" | "service" | "automation">> = {},
): AutomationFact {
  return {
    type: "automation",
    platform,
    service,
    automation,
    owners: known.owners ?? [],
    grants: known.grants ?? [],
    credentials: known.credentials ?? [],
    createdAt: known.createdAt ?? null,
    lastUsedAt: known.lastUsedAt ?? null,
    isEnabled: known.isEnabled ?? null,
  };
}

/** The fact list of a row that is understood but names neither automation nor person. */
export function otherFact(platform: Platform, service: string): StateFact[] {
  return [{ type: "other", platform, service }];
}

/** An AutomationRef with everything unknown but what is given, so that all refs have one shape. */
export function automationRef(
  kind: AutomationKind,
  nativeId: string,
  known: Partial<Omit<AutomationRef, "kind" | "nativeId">> = {},
): AutomationRef {
  return {
    kind,
    nativeId,
    name: known.name ?? null,
    aliases: known.aliases ?? [],
    publisher: known.publisher ?? null,
    isVerified: known.isVerified ?? null,
    isInternal: known.isInternal ?? null,
    domains: known.domains ?? [],
    ownerTenantId: known.ownerTenantId ?? null,
  };
}
