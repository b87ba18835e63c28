/** The audit event: one vendor log record in the one shape that everything after it reads. */

import { z } from "zod";
import { clip } from "#base/raw.ts";
import { AutomationRef, Consent } from "./automation.ts";
import { Platform } from "./platform.ts";

/**
 * What an action does, over all vendors. The order is the order of the counters in a profile: append, never reorder.
 *
 * read: opened or viewed content. download: content left the platform to a client. search: asked an index.
 * enumerate: listed directory, members, permissions. share: gave somebody access. publish: opened to the public or to
 * outsiders by link. send: message or mail out. export: bulk export, takeout, eDiscovery, backup. forward: mail
 * forwarding, routing or delegation set up. copy / transfer: content duplicated or given to another owner.
 * consent / revoke: OAuth grant given or taken. install / uninstall: app put in or taken out. credential: secret, key,
 * token or certificate made or removed. role: privilege assigned or removed. policy: setting that governs others.
 * sign_in: any authentication. tool_call: an AI agent or MCP client used a tool. prompt: somebody asked an AI.
 * run: a workflow, script or job executed. member: people invited, added or removed. other: known but none of these.
 */
export const ACTION_CLASSES = [
  "other",
  "read",
  "download",
  "search",
  "enumerate",
  "create",
  "edit",
  "delete",
  "share",
  "publish",
  "send",
  "export",
  "forward",
  "copy",
  "transfer",
  "consent",
  "revoke",
  "install",
  "uninstall",
  "credential",
  "role",
  "policy",
  "sign_in",
  "tool_call",
  "prompt",
  "run",
  "member",
] as const;
export const ActionClass = z.enum(ACTION_CLASSES);
export type ActionClass = z.infer<typeof ActionClass>;

export const Outcome = z.enum(["success", "failure", "denied", "throttled", "unknown"]);
export type Outcome = z.infer<typeof Outcome>;

/** Who did it. `automation`: no person behind it that the record names; then `event.automation` says which one. */
export const Actor = z.object({
  kind: z.enum(["person", "automation", "system", "unknown"]),
  /** Person: e-mail address in lower case where the record has one, else the vendor's user id. */
  id: z.string().max(512),
  name: z.string().max(512).nullable(),
  /** Other ids of the same actor in the same record. */
  aliases: z.array(z.string().max(512)).max(8),
  /** Guest or external user; null where the record does not say. */
  isGuest: z.boolean().nullable(),
  isAdmin: z.boolean().nullable(),
});
export type Actor = z.infer<typeof Actor>;

export const Target = z.object({
  /** The vendor's word for it: file, channel, mailbox, repo, user, app … */
  type: z.string().max(64),
  id: z.string().max(512),
  name: z.string().max(512).nullable(),
});
export type Target = z.infer<typeof Target>;

export const Client = z.object({
  ip: z.string().max(64).nullable(),
  /** Autonomous system number as digits. */
  asn: z.string().max(16).nullable(),
  /** ISO 3166-1 alpha-2 where the vendor gives one, else the vendor's name of the country. */
  country: z.string().max(64).nullable(),
  userAgent: z.string().max(512).nullable(),
});
export type Client = z.infer<typeof Client>;

/**
 * What a record says beside the action itself, where detectors ask for it. Append, never reorder: profiles count by
 * index.
 *
 * external_content: what was touched came from outside the organization. labelled: it carries a sensitivity label, or a
 * data-loss rule matched. injection: the vendor saw instructions hidden in content. jailbreak: the vendor saw an attempt to
 * break the assistant's rules. secret: a key or password in what was posted, read or searched for. sensitive_terms: a
 * search for passwords, payroll and the like. anomalous: the vendor's own anomaly or risk mark. device_code, auth_code:
 * the flow of a sign-in. interactive: somebody sat at the screen. unmanaged: the device is not the organization's.
 * bulk: the record stands for a whole set (bulk API, throttled mailbox access). outside: it went, or was opened, to
 * somebody outside. scheduled: a trigger or timer ran it. on_behalf: it acted as somebody else. hosting: the network belongs to
 * a hosting provider, proxy or Tor by the vendor's word. unapproved: no administrator approved the app.
 */
export const TRAITS = [
  "external_content",
  "labelled",
  "injection",
  "jailbreak",
  "secret",
  "sensitive_terms",
  "anomalous",
  "device_code",
  "auth_code",
  "interactive",
  "unmanaged",
  "bulk",
  "outside",
  "scheduled",
  "on_behalf",
  "hosting",
  "unapproved",
] as const;
export const Trait = z.enum(TRAITS);
export type Trait = z.infer<typeof Trait>;

/** What changed about an automation, or about the reach of a mailbox, tenant or policy. Append, never reorder. */
export const CHANGE_KINDS = [
  "granted",
  "revoked",
  "scopes_added",
  "installed",
  "uninstalled",
  "requested",
  "approved",
  "restricted",
  "created",
  "updated",
  "deleted",
  "enabled",
  "disabled",
  "credential_added",
  "credential_removed",
  "federation_added",
  "owner_added",
  "owner_removed",
  "role_assigned",
  "role_removed",
  "redirect_changed",
  "audience_widened",
  "delegation_granted",
  "delegation_removed",
  "forwarding_added",
  "mailbox_delegated",
  "mail_rule_added",
  "export_started",
  "export_completed",
  "export_downloaded",
  "made_public",
  "shared_externally",
  "published",
  "mcp_changed",
  "agent_changed",
  "flagged_by_vendor",
  "policy_relaxed",
  "policy_tightened",
  "logging_impaired",
  "scheduled",
  "device_code_used",
  "artifact_taken",
  "bulk_changed",
  "guest_invited",
] as const;
export const ChangeKind = z.enum(CHANGE_KINDS);
export type ChangeKind = z.infer<typeof ChangeKind>;

/** A state-changing fact inside an event. Free-text facts are bounded; a fact that the record lacks is absent. */
export const Change = z.object({
  kind: ChangeKind,
  /** Scopes, permissions or roles that the automation has by this change (granted, installed, scopes_added …). */
  scopes: z.array(z.string().max(512)).max(2_048),
  /** What of it is new, where the record says what was there before; null where it does not. */
  addedScopes: z.array(z.string().max(512)).max(2_048).nullable(),
  consent: Consent.nullable(),
  /** For whom the grant holds; null for the whole tenant or where the record does not say. */
  principal: z.string().max(512).nullable(),
  /** forwarding_added: where to. shared_externally: with whom. redirect_changed: the new URI. */
  destination: z.string().max(1_024).nullable(),
  /** role_assigned: which role. credential_added: what kind of credential. policy_*: which setting. */
  detail: z.string().max(1_024).nullable(),
});
export type Change = z.infer<typeof Change>;

/** Where the raw record is: index of its source in the report, and its 1-based line or record number. */
export const RecordRef = z.object({ source: z.number().int(), line: z.number().int() });
export type RecordRef = z.infer<typeof RecordRef>;

export const AuditEvent = z.object({
  /** The vendor's id of the record; where it has none, "sha256:" and a digest of the canonical record. Unique per service. */
  id: z.string().min(1).max(512),
  /** Epoch milliseconds; null where the record carries no usable time. */
  at: z.number().int().nullable(),
  platform: Platform,
  /** The log within the platform, as `formats` lists them: slack:audit, google:token, o365:Exchange, entra:AuditLogs … */
  service: z.string().min(1).max(128),
  /** The vendor's own name of the action. */
  action: z.string().min(1).max(256),
  class: ActionClass,
  actor: Actor,
  /** The automation that acted, by itself or on behalf of the actor. */
  automation: AutomationRef.nullable(),
  /** The automation that this event is about: consented to, installed, given a credential … */
  subject: AutomationRef.nullable(),
  target: Target.nullable(),
  client: Client,
  /** The session or token by which it was done, as far as the record tells one from another. */
  session: z.string().max(256).nullable(),
  traits: z.array(Trait).max(TRAITS.length),
  outcome: Outcome,
  /** How many like actions the record stands for; 1 unless the vendor aggregates. */
  count: z.number().int().min(1),
  bytes: z.number().min(0),
  change: Change.nullable(),
  ref: RecordRef,
});
export type AuditEvent = z.infer<typeof AuditEvent>;

/**
 * What makes an event this event and no other: the vendor's id together with who did what to what, when, and what came
 * of it. Two exports of one record agree in it, whatever their container, their spelling and the details that one of them
 * leaves out (addresses, user agents, bytes). A record that repeats an id but tells of something else is another event:
 * ids are reused by collectors, and dropping it would lose it.
 */
export function identityOf(event: AuditEvent): string {
  const { actor, automation, subject, target, change: changed } = event;
  const told = `${event.platform}\n${event.service}\n${event.id}\n${event.action}\n${event.at}\n${event.outcome}`;
  const who = `${actor.kind}\n${actor.id}\n${automation?.nativeId ?? ""}\n${subject?.nativeId ?? ""}\n${target?.id ?? ""}`;
  if (changed === null) return `${told}\n${who}`;
  const what = `${changed.kind}\n${changed.principal ?? ""}\n${changed.destination ?? ""}\n${changed.detail ?? ""}\n${changed.scopes.join(" ")}`;
  return `${told}\n${who}\n${what}`;
}

/** A new event with everything unknown but what every record has. Normalizers fill it in; all events share one shape. */
export function auditEvent(
  platform: Platform,
  service: string,
  action: string,
  known: Partial<Omit<AuditEvent, "platform" | "service" | "action">> = {},
): AuditEvent {
  return {
    id: known.id ?? "",
    at: known.at ?? null,
    platform,
    service,
    action,
    class: known.class ?? "other",
    actor: known.actor ?? UNKNOWN_ACTOR,
    automation: known.automation ?? null,
    subject: known.subject ?? null,
    target: known.target ?? null,
    client: known.client ?? UNKNOWN_CLIENT,
    session: known.session ?? null,
    traits: known.traits ?? NO_TRAITS,
    outcome: known.outcome ?? "unknown",
    count: known.count ?? 1,
    bytes: known.bytes ?? 0,
    change: known.change ?? null,
    ref: known.ref ?? NO_REF,
  };
}

/** A change with everything unknown but what is given, so that all changes have one shape. */
export function change(kind: Change["kind"], known: Partial<Omit<Change, "kind">> = {}): Change {
  return {
    kind,
    scopes: known.scopes ?? [],
    addedScopes: known.addedScopes ?? null,
    consent: known.consent ?? null,
    principal: known.principal ?? null,
    destination: known.destination ?? null,
    detail: known.detail ?? null,
  };
}

/** A person as actor. An e-mail address wins over the vendor's id, which becomes an alias. */
export function person(
  email: string | null,
  nativeId: string | null,
  known: Partial<Pick<Actor, "name" | "isGuest" | "isAdmin">> = {},
): Actor {
  // Lower case can be longer than what it came from.
  const id = email === null ? nativeId : clip(email.toLowerCase(), 512);
  if (id === null) return UNKNOWN_ACTOR;
  return {
    kind: "person",
    id,
    name: known.name ?? null,
    aliases: nativeId === null || nativeId === id ? [] : [nativeId],
    isGuest: known.isGuest ?? null,
    isAdmin: known.isAdmin ?? null,
  };
}

/** An automation (or the vendor's own system) as actor. */
export function machine(
  id: string,
  name: string | null,
  kind: "automation" | "system" = "automation",
): Actor {
  return { kind, id, name, aliases: [], isGuest: null, isAdmin: null };
}

export const UNKNOWN_ACTOR: Actor = Object.freeze({
  kind: "unknown",
  id: "",
  name: null,
  aliases: [],
  isGuest: null,
  isAdmin: null,
});
export const UNKNOWN_CLIENT: Client = Object.freeze({
  ip: null,
  asn: null,
  country: null,
  userAgent: null,
});
const NO_TRAITS: Trait[] = [];
Object.freeze(NO_TRAITS);

/** The traits that hold, in the contract's order; records without any share one list. */
export function traitsWhere(claims: Readonly<Partial<Record<Trait, boolean>>>): Trait[] {
  const found = TRAITS.filter((trait) => claims[trait] === true);
  return found.length === 0 ? NO_TRAITS : found;
}

/** The traits that an event has already, and those of the claims that hold. */
export function withTraits(
  { traits }: Pick<AuditEvent, "traits">,
  claims: Readonly<Partial<Record<Trait, boolean>>>,
): Trait[] {
  const found = TRAITS.filter((trait) => claims[trait] === true || traits.includes(trait));
  return found.length === 0 ? NO_TRAITS : found;
}

/** Whether a change opens something to people outside, or sends it there. */
export function isOutward(made: Change | null): boolean {
  return made?.kind === "made_public" || made?.kind === "shared_externally";
}
const NO_REF: RecordRef = Object.freeze({ source: -1, line: 0 });
