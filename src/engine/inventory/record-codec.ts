/** Records of automations and people as bytes: the same bytes for the same set of events and rows, and read back as they were. */

import { trim } from "#base/bounded.ts";
import { ByteReader, ByteWriter, DamagedBytes } from "#base/bytes.ts";
import { compareText } from "#base/order.ts";
import { Consent } from "#contract/automation.ts";
import { Platform } from "#contract/platform.ts";
import {
  type AutomationRecord,
  type FoldedGrant,
  newAutomationRecord,
  newPersonRecord,
  type PersonRecord,
  settle,
  VALUES_MAX,
  type Votes,
} from "./record.ts";

/** Raised when the bytes of a record mean something else. */
const VERSION = 1;

/**
 * Brings the record's bounded collections down to their bounds first, so that the bytes depend on what was learnt and not
 * on its order.
 */
export function encodeAutomation(record: AutomationRecord): Uint8Array {
  settle(record);
  const out = new ByteWriter().count(VERSION);
  out.count(Platform.options.indexOf(record.platform)).text(record.nativeId);
  for (const votes of automationVotes(record)) writeVotes(out, votes);
  for (const values of [record.aliases, record.domains, record.agents]) writeSet(out, values);
  out.list(byKey(record.owners), ([, { principal, evidence, confidence }]) =>
    out.text(principal).text(evidence).float(confidence),
  );
  out.list(byKey(record.grants), ([key, grant]) => {
    out.text(key);
    writeGrant(out, grant);
  });
  out.list(byKey(record.credentials), ([, one]) => {
    out.text(one.id).text(one.kind);
    out.whole(one.createdAt).whole(one.expiresAt).whole(one.lastUsedAt);
  });
  out.list(byKey(record.revokedAt), ([principal, at]) => out.text(principal).whole(at));
  out.whole(record.createdAt).whole(record.lastUsedAt);
  out.flag(record.enabled?.value ?? null);
  if (record.enabled !== null) out.whole(record.enabled.at);
  out.whole(record.firstSeenAt).whole(record.lastSeenAt).count(record.eventCount);
  return out.take();
}

/** The record of such bytes. Throws DamagedBytes where they are none. */
export function parseAutomation(bytes: Uint8Array): AutomationRecord {
  const from = start(bytes);
  const record = newAutomationRecord(from.oneOf(Platform.options), from.text());
  for (const votes of automationVotes(record)) parseVotes(from, votes);
  for (const values of [record.aliases, record.domains, record.agents]) parseSet(from, values);
  for (let left = from.count(); left > 0; left--) {
    const principal = from.text();
    record.owners.set(principal, { principal, evidence: from.text(), confidence: from.float() });
  }
  for (let left = from.count(); left > 0; left--) record.grants.set(from.text(), parseGrant(from));
  for (let left = from.count(); left > 0; left--) {
    const id = from.text();
    record.credentials.set(id, {
      id,
      kind: from.text(),
      createdAt: from.whole(),
      expiresAt: from.whole(),
      lastUsedAt: from.whole(),
    });
  }
  for (let left = from.count(); left > 0; left--) {
    record.revokedAt.set(from.text(), from.whole() ?? 0);
  }
  record.createdAt = from.whole();
  record.lastUsedAt = from.whole();
  const value = from.flag();
  record.enabled = value === null ? null : { value, at: from.whole() ?? 0 };
  record.firstSeenAt = from.whole();
  record.lastSeenAt = from.whole();
  record.eventCount = from.count();
  end(from);
  return record;
}

/** Settles like encodeAutomation. */
export function encodePerson(record: PersonRecord): Uint8Array {
  trim(record.aliases, VALUES_MAX);
  const out = new ByteWriter().count(VERSION);
  out.count(Platform.options.indexOf(record.platform)).text(record.id);
  for (const votes of personVotes(record)) writeVotes(out, votes);
  writeSet(out, record.aliases);
  return out.take();
}

/** The record of such bytes. Throws DamagedBytes where they are none. */
export function parsePerson(bytes: Uint8Array): PersonRecord {
  const from = start(bytes);
  const record = newPersonRecord(from.oneOf(Platform.options), from.text());
  for (const votes of personVotes(record)) parseVotes(from, votes);
  parseSet(from, record.aliases);
  end(from);
  return record;
}

function automationVotes(record: AutomationRecord): readonly Votes[] {
  const { kinds, names, publishers, verified, internal, ownerTenants } = record;
  return [kinds, names, publishers, verified, internal, ownerTenants];
}

function personVotes({ names, admin, guest, active }: PersonRecord): readonly Votes[] {
  return [names, admin, guest, active];
}

function writeGrant(out: ByteWriter, grant: FoldedGrant): void {
  out.maybeText(grant.principal).count(Consent.options.indexOf(grant.consent));
  out.list(byKey(grant.scopes), ([scope, at]) => out.text(scope).whole(at));
  out.maybeText(grant.grantedBy).whole(grant.grantedByAt);
  out.whole(grant.firstAt).whole(grant.lastAt);
}

function parseGrant(from: ByteReader): FoldedGrant {
  return {
    principal: from.maybeText(),
    consent: from.oneOf(Consent.options),
    scopes: new Map(from.list(() => [from.text(), from.whole() ?? 0] as const)),
    grantedBy: from.maybeText(),
    grantedByAt: from.whole(),
    firstAt: from.whole(),
    lastAt: from.whole(),
  };
}

function writeVotes(out: ByteWriter, votes: Votes): void {
  trim(votes, VALUES_MAX);
  out.list(byKey(votes), ([value, times]) => out.text(value).count(times));
}

function parseVotes(from: ByteReader, into: Votes): void {
  for (let left = from.count(); left > 0; left--) into.set(from.text(), from.count());
}

function writeSet(out: ByteWriter, values: ReadonlySet<string>): void {
  out.list([...values].sort(), (value) => out.text(value));
}

function parseSet(from: ByteReader, into: Set<string>): void {
  for (let left = from.count(); left > 0; left--) into.add(from.text());
}

function byKey<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([a], [b]) => compareText(a, b));
}

function start(bytes: Uint8Array): ByteReader {
  const from = new ByteReader(bytes);
  const version = from.count();
  if (version !== VERSION) throw new DamagedBytes(`records of version ${version} are unknown`);
  return from;
}

function end(from: ByteReader): void {
  if (!from.isAtEnd) throw new DamagedBytes("there is more than one record");
}
