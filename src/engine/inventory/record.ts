/** Everything that records have said so far about one automation or person, in a form that merges in any order. */

import { bound, trim } from "#base/bounded.ts";
import {
  type AutomationFact,
  type AutomationRef,
  type Consent,
  CREDENTIALS_MAX,
  type Credential,
  type Grant,
  type OwnerClaim,
  type PersonFact,
} from "#contract/automation.ts";
import type { Actor, AuditEvent, Change } from "#contract/event.ts";
import type { Platform } from "#contract/platform.ts";

/** A word of a state export weighs as much as this many log records that say otherwise. */
const STATE_WEIGHT = 1_000;

/** Different values of one fact that a record keeps; real ones have a handful. */
export const VALUES_MAX = 64;
const AGENTS_MAX = 16;
/** The time of what holds until something later says otherwise. */
const FOREVER = Number.MAX_SAFE_INTEGER;
/** More scopes than any vendor offers. */
export const SCOPES_MAX = 2_048;

/** Votes for the value of one fact. */
export type Votes = Map<string, number>;

/** The grants of one principal under one kind of consent, folded. */
export interface FoldedGrant {
  principal: string | null;
  consent: Consent;
  /** Each scope with the latest time at which it was granted; FOREVER where undated state says that it is in force. */
  scopes: Map<string, number>;
  /** The earliest known grantor, with the time of that very grant. */
  grantedBy: string | null;
  grantedByAt: number | null;
  /** Earliest and latest time of it; null where only undated state says so. */
  firstAt: number | null;
  lastAt: number | null;
}

export interface AutomationRecord {
  readonly platform: Platform;
  readonly nativeId: string;
  readonly aliases: Set<string>;
  readonly kinds: Votes;
  readonly names: Votes;
  readonly publishers: Votes;
  readonly verified: Votes;
  readonly internal: Votes;
  readonly ownerTenants: Votes;
  readonly domains: Set<string>;
  readonly agents: Set<string>;
  readonly owners: Map<string, OwnerClaim>;
  readonly grants: Map<string, FoldedGrant>;
  /** By the vendor's id. */
  readonly credentials: Map<string, Credential>;
  /** Latest revocation by principal; "*" for all. */
  readonly revokedAt: Map<string, number>;
  createdAt: number | null;
  lastUsedAt: number | null;
  enabled: { at: number; value: boolean } | null;
  firstSeenAt: number | null;
  lastSeenAt: number | null;
  /** Events in which it acted or was the subject. */
  eventCount: number;
}

export function newAutomationRecord(platform: Platform, nativeId: string): AutomationRecord {
  return {
    platform,
    nativeId,
    aliases: new Set(),
    kinds: new Map(),
    names: new Map(),
    publishers: new Map(),
    verified: new Map(),
    internal: new Map(),
    ownerTenants: new Map(),
    domains: new Set(),
    agents: new Set(),
    owners: new Map(),
    grants: new Map(),
    credentials: new Map(),
    revokedAt: new Map(),
    createdAt: null,
    lastUsedAt: null,
    enabled: null,
    firstSeenAt: null,
    lastSeenAt: null,
    eventCount: 0,
  };
}

/** Learns from one event that the automation acted in (`isSubject` false) or was about (true). */
export function learnFromEvent(
  record: AutomationRecord,
  ref: AutomationRef,
  event: AuditEvent,
  isSubject: boolean,
): void {
  learnRef(record, ref, 1);
  record.eventCount++;
  record.firstSeenAt = earlier(record.firstSeenAt, event.at);
  record.lastSeenAt = later(record.lastSeenAt, event.at);
  if (!isSubject) {
    if (event.client.userAgent !== null) addTo(record.agents, event.client.userAgent, AGENTS_MAX);
    // What it did to itself (took its own grant, made itself a credential) is about it as well.
    if (event.subject?.nativeId !== ref.nativeId) return;
  }
  if (event.change !== null && event.outcome !== "failure" && event.outcome !== "denied") {
    learnChange(record, event.change, event.actor, event.at);
  }
}

/** Learns from one row of a state export. */
export function learnFromFact(record: AutomationRecord, fact: AutomationFact): void {
  learnRef(record, fact.automation, STATE_WEIGHT);
  for (const owner of fact.owners) claim(record, owner);
  for (const grant of fact.grants) addGrant(record, grant);
  for (const credential of fact.credentials) addCredential(record, credential);
  record.createdAt = earlier(record.createdAt, fact.createdAt);
  record.lastUsedAt = later(record.lastUsedAt, fact.lastUsedAt);
  if (fact.isEnabled !== null) setEnabled(record, fact.isEnabled, Number.MAX_SAFE_INTEGER);
}

function learnRef(record: AutomationRecord, ref: AutomationRef, weight: number): void {
  vote(record.kinds, ref.kind, weight);
  if (ref.name !== null) vote(record.names, ref.name, weight);
  if (ref.publisher !== null) vote(record.publishers, ref.publisher, weight);
  if (ref.isVerified !== null) vote(record.verified, String(ref.isVerified), weight);
  if (ref.isInternal !== null) vote(record.internal, String(ref.isInternal), weight);
  if (ref.ownerTenantId !== null) vote(record.ownerTenants, ref.ownerTenantId, weight);
  for (const domain of ref.domains) addTo(record.domains, domain, VALUES_MAX);
  for (const alias of ref.aliases) addAlias(record.aliases, alias, record.nativeId);
}

/** How sure a change makes us that its actor answers for the automation; absent: it says nothing about that. */
const OWNER_CONFIDENCE: Readonly<Partial<Record<Change["kind"], readonly [number, string]>>> = {
  created: [0.85, "created it"],
  published: [0.8, "published it"],
  installed: [0.7, "installed it"],
  granted: [0.6, "consented to it"],
  requested: [0.55, "asked for it"],
  credential_added: [0.5, "added a credential to it"],
  delegation_granted: [0.5, "delegated domain-wide access to it"],
};

function learnChange(
  record: AutomationRecord,
  change: Change,
  actor: Actor,
  at: number | null,
): void {
  if (
    change.kind === "granted" ||
    change.kind === "installed" ||
    change.kind === "scopes_added" ||
    change.kind === "delegation_granted"
  ) {
    if (change.scopes.length > 0 || change.kind !== "scopes_added") {
      addGrant(record, {
        principal: change.principal,
        scopes: change.scopes,
        consent: change.consent ?? "unknown",
        grantedBy: actor.kind === "person" ? actor.id : null,
        at,
      });
    }
  }
  if (change.kind === "revoked" || change.kind === "uninstalled" || change.kind === "deleted") {
    const whose = change.kind === "revoked" ? (change.principal ?? "*") : "*";
    record.revokedAt.set(whose, Math.max(record.revokedAt.get(whose) ?? 0, at ?? 0));
  }
  if (change.kind === "enabled" || change.kind === "disabled") {
    setEnabled(record, change.kind === "enabled", at ?? 0);
  }
  if (change.kind === "owner_added" && change.principal !== null) {
    claim(record, { principal: change.principal, evidence: "made owner of it", confidence: 0.9 });
  }
  const ground = OWNER_CONFIDENCE[change.kind];
  if (ground !== undefined && actor.kind === "person") {
    const [confidence, did] = ground;
    const isOthers = change.principal !== null && change.principal !== actor.id;
    claim(record, {
      principal: actor.id,
      evidence: did,
      confidence: isOthers ? confidence / 2 : confidence,
    });
  }
}

/** Keeps the surest claim of each principal; of equals the one whose words sort first. */
function claim(record: AutomationRecord, owner: OwnerClaim): void {
  const held = record.owners.get(owner.principal);
  const isBetter =
    held === undefined ||
    owner.confidence > held.confidence ||
    (owner.confidence === held.confidence && owner.evidence < held.evidence);
  if (isBetter) record.owners.set(owner.principal, owner);
}

function addGrant(record: AutomationRecord, grant: Grant): void {
  foldGrant(record, {
    principal: grant.principal,
    consent: grant.consent,
    scopes: new Map(grant.scopes.map((scope) => [scope, grant.at ?? FOREVER])),
    grantedBy: grant.grantedBy,
    grantedByAt: grant.grantedBy === null ? null : grant.at,
    firstAt: grant.at,
    lastAt: grant.at,
  });
}

function foldGrant(record: AutomationRecord, grant: FoldedGrant): void {
  const key = `${grant.consent}|${grant.principal ?? "*"}`;
  const held = record.grants.get(key);
  if (held === undefined) {
    record.grants.set(key, { ...grant, scopes: new Map(grant.scopes) });
    return;
  }
  for (const [scope, at] of grant.scopes) {
    held.scopes.set(scope, Math.max(held.scopes.get(scope) ?? 0, at));
  }
  bound(held.scopes, SCOPES_MAX);
  if (isFirstGrantor(grant, held)) {
    held.grantedBy = grant.grantedBy;
    held.grantedByAt = grant.grantedByAt;
  }
  held.firstAt = earlier(held.firstAt, grant.firstAt);
  held.lastAt = later(held.lastAt, grant.lastAt);
}

/** Who granted first; of equals the name that sorts first, so that order does not matter. Undated is latest. */
function isFirstGrantor(grant: FoldedGrant, held: FoldedGrant): boolean {
  if (grant.grantedBy === null || held.grantedBy === null) return grant.grantedBy !== null;
  const at = grant.grantedByAt ?? Number.MAX_SAFE_INTEGER;
  const heldAt = held.grantedByAt ?? Number.MAX_SAFE_INTEGER;
  return at === heldAt ? grant.grantedBy < held.grantedBy : at < heldAt;
}

/** Two lists of one credential: the earliest it can be from, the latest it is said to hold and to have been used. */
function addCredential({ credentials }: AutomationRecord, credential: Credential): void {
  const { id, kind, createdAt, expiresAt, lastUsedAt } = credential;
  const held = credentials.get(id) ?? credential;
  credentials.set(id, {
    id,
    kind: held.kind < kind ? held.kind : kind,
    createdAt: earlier(held.createdAt, createdAt),
    expiresAt: later(held.expiresAt, expiresAt),
    lastUsedAt: later(held.lastUsedAt, lastUsedAt),
  });
  bound(credentials, CREDENTIALS_MAX);
}

function setEnabled(record: AutomationRecord, value: boolean, at: number): void {
  const held = record.enabled;
  // Of two claims for one moment the cautious one stands: it may still act.
  if (held === null || at > held.at || (at === held.at && value)) record.enabled = { at, value };
}

/** Adds all of `from` into `into`; `from` may stand under another id of the same automation. */
export function mergeAutomation(into: AutomationRecord, from: AutomationRecord): void {
  for (const alias of [...from.aliases, from.nativeId]) {
    addAlias(into.aliases, alias, into.nativeId);
  }
  addVotes(into.kinds, from.kinds);
  addVotes(into.names, from.names);
  addVotes(into.publishers, from.publishers);
  addVotes(into.verified, from.verified);
  addVotes(into.internal, from.internal);
  addVotes(into.ownerTenants, from.ownerTenants);
  for (const domain of from.domains) addTo(into.domains, domain, VALUES_MAX);
  for (const agent of from.agents) addTo(into.agents, agent, AGENTS_MAX);
  for (const owner of from.owners.values()) claim(into, owner);
  for (const grant of from.grants.values()) foldGrant(into, grant);
  for (const credential of from.credentials.values()) addCredential(into, credential);
  for (const [principal, at] of from.revokedAt) {
    into.revokedAt.set(principal, Math.max(into.revokedAt.get(principal) ?? 0, at));
  }
  into.createdAt = earlier(into.createdAt, from.createdAt);
  into.lastUsedAt = later(into.lastUsedAt, from.lastUsedAt);
  if (from.enabled !== null) setEnabled(into, from.enabled.value, from.enabled.at);
  into.firstSeenAt = earlier(into.firstSeenAt, from.firstSeenAt);
  into.lastSeenAt = later(into.lastSeenAt, from.lastSeenAt);
  into.eventCount += from.eventCount;
}

/** Replaces the ids of people in grants and owner claims, joining what thereby becomes one. */
export function renamePrincipals(record: AutomationRecord, rename: (id: string) => string): void {
  const owners = [...record.owners.values()];
  record.owners.clear();
  for (const owner of owners) claim(record, { ...owner, principal: rename(owner.principal) });
  const grants = [...record.grants.values()];
  record.grants.clear();
  for (const grant of grants) {
    foldGrant(record, {
      ...grant,
      principal: grant.principal === null ? null : rename(grant.principal),
      grantedBy: grant.grantedBy === null ? null : rename(grant.grantedBy),
    });
  }
  const revocations = [...record.revokedAt];
  record.revokedAt.clear();
  for (const [principal, at] of revocations) {
    const id = principal === "*" ? principal : rename(principal);
    record.revokedAt.set(id, Math.max(record.revokedAt.get(id) ?? 0, at));
  }
}

/** Brings every collection down to what does not depend on the order of records; done once, before anything is judged. */
export function settle(record: AutomationRecord): void {
  trim(record.aliases, VALUES_MAX);
  trim(record.domains, VALUES_MAX);
  trim(record.agents, AGENTS_MAX);
  trim(record.credentials, CREDENTIALS_MAX);
  for (const grant of record.grants.values()) trim(grant.scopes, SCOPES_MAX);
}

/** What is known about one person. */
export interface PersonRecord {
  readonly platform: Platform;
  readonly id: string;
  readonly aliases: Set<string>;
  readonly names: Votes;
  readonly admin: Votes;
  readonly guest: Votes;
  readonly active: Votes;
}

export function newPersonRecord(platform: Platform, id: string): PersonRecord {
  return {
    platform,
    id,
    aliases: new Set(),
    names: new Map(),
    admin: new Map(),
    guest: new Map(),
    active: new Map(),
  };
}

export function learnFromActor(record: PersonRecord, actor: Actor): void {
  if (actor.name !== null) vote(record.names, actor.name, 1);
  if (actor.isAdmin !== null) vote(record.admin, String(actor.isAdmin), 1);
  if (actor.isGuest !== null) vote(record.guest, String(actor.isGuest), 1);
  for (const alias of actor.aliases) addAlias(record.aliases, alias, record.id);
}

export function learnFromPersonFact(record: PersonRecord, fact: PersonFact): void {
  if (fact.name !== null) vote(record.names, fact.name, STATE_WEIGHT);
  if (fact.isAdmin !== null) vote(record.admin, String(fact.isAdmin), STATE_WEIGHT);
  if (fact.isGuest !== null) vote(record.guest, String(fact.isGuest), STATE_WEIGHT);
  if (fact.isActive !== null) vote(record.active, String(fact.isActive), STATE_WEIGHT);
  for (const alias of fact.aliases) addAlias(record.aliases, alias, record.id);
}

export function mergePerson(into: PersonRecord, from: PersonRecord): void {
  for (const alias of [...from.aliases, from.id]) addAlias(into.aliases, alias, into.id);
  addVotes(into.names, from.names);
  addVotes(into.admin, from.admin);
  addVotes(into.guest, from.guest);
  addVotes(into.active, from.active);
}

/** The value with most votes, of equals the one that sorts first; null without votes. */
export function winner(votes: Votes): string | null {
  trim(votes, VALUES_MAX);
  let best: string | null = null;
  let most = 0;
  for (const [value, count] of votes) {
    if (count > most || (count === most && best !== null && value < best)) {
      best = value;
      most = count;
    }
  }
  return best;
}

/** The winner of votes for "true" or "false"; null without votes. */
export function winnerBool(votes: Votes): boolean | null {
  const value = winner(votes);
  return value === null ? null : value === "true";
}

function vote(votes: Votes, value: string, weight: number): void {
  votes.set(value, (votes.get(value) ?? 0) + weight);
  bound(votes, VALUES_MAX);
}

/** Names, publishers, hosts and other ids come out of records, and whoever makes records could make any number. */
function addTo(values: Set<string>, value: string, max: number): void {
  values.add(value);
  bound(values, max);
}

function addAlias(aliases: Set<string>, alias: string, own: string): void {
  if (alias !== own) addTo(aliases, alias, VALUES_MAX);
}

function addVotes(into: Votes, from: Votes): void {
  for (const [value, count] of from) vote(into, value, count);
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

function later(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
