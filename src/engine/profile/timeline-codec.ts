/** Timelines as bytes: the same bytes for the same set of events, and read back as they were. */

import { ByteReader, ByteWriter, DamagedBytes } from "#base/bytes.ts";
import { compareText } from "#base/order.ts";
import { Consent } from "#contract/automation.ts";
import { Actor, type Change, ChangeKind, type Client, Outcome } from "#contract/event.ts";
import { parseSample, writeSample } from "./sample-codec.ts";
import type { Timeline, TimelineEntry } from "./timeline.ts";

/** Raised when the bytes of a timeline mean something else. */
const VERSION = 1;

const ACTOR_KINDS = Actor.shape.kind.options;
const CONSENTS = [null, ...Consent.options] as const;

export function encodeTimeline(timeline: Timeline): Uint8Array {
  const out = new ByteWriter().count(VERSION);
  const inOrder = [...timeline].sort(([a], [b]) => compareText(a, b));
  out.list(inOrder, ([key, { kind, day, count, entries }]) => {
    out.text(key).count(ChangeKind.options.indexOf(kind)).whole(day).count(count);
    out.list(entries, (entry) => writeEntry(out, entry));
  });
  return out.take();
}

/** The timeline of such bytes. Throws DamagedBytes where they are none. */
export function parseTimeline(bytes: Uint8Array): Timeline {
  const from = new ByteReader(bytes);
  const version = from.count();
  if (version !== VERSION) throw new DamagedBytes(`timelines of version ${version} are unknown`);
  const timeline: Timeline = new Map();
  for (let left = from.count(); left > 0; left--) {
    timeline.set(from.text(), {
      kind: from.oneOf(ChangeKind.options),
      day: from.whole() ?? 0,
      count: from.count(),
      entries: from.list(() => parseEntry(from)),
    });
  }
  if (!from.isAtEnd) throw new DamagedBytes("there is more than one timeline");
  return timeline;
}

function writeEntry(out: ByteWriter, entry: TimelineEntry): void {
  const { actor, target } = entry;
  out.whole(entry.at).whole(entry.day).text(entry.service).text(entry.action);
  out.count(ACTOR_KINDS.indexOf(actor.kind)).text(actor.id).maybeText(actor.name);
  out.list(actor.aliases, (alias) => out.text(alias));
  out.flag(actor.isGuest).flag(actor.isAdmin);
  writeChange(out, entry.change);
  out.flag(target === null ? null : true);
  if (target !== null) out.text(target.type).text(target.id).maybeText(target.name);
  writeClient(out, entry.client);
  out.maybeText(entry.session).maybeText(entry.acting);
  out.count(Outcome.options.indexOf(entry.outcome));
  writeSample(out, entry.sample);
}

function parseEntry(from: ByteReader): TimelineEntry {
  return {
    at: from.whole(),
    day: from.whole() ?? 0,
    service: from.text(),
    action: from.text(),
    actor: {
      kind: from.oneOf(ACTOR_KINDS),
      id: from.text(),
      name: from.maybeText(),
      aliases: from.list(() => from.text()),
      isGuest: from.flag(),
      isAdmin: from.flag(),
    },
    change: parseChange(from),
    target:
      from.flag() === null ? null : { type: from.text(), id: from.text(), name: from.maybeText() },
    client: parseClient(from),
    session: from.maybeText(),
    acting: from.maybeText(),
    outcome: from.oneOf(Outcome.options),
    sample: parseSample(from),
  };
}

function writeChange(out: ByteWriter, change: Change): void {
  out.count(ChangeKind.options.indexOf(change.kind));
  out.list(change.scopes, (scope) => out.text(scope));
  out.flag(change.addedScopes === null ? null : true);
  if (change.addedScopes !== null) out.list(change.addedScopes, (scope) => out.text(scope));
  out.count(CONSENTS.indexOf(change.consent)).maybeText(change.principal);
  out.maybeText(change.destination).maybeText(change.detail);
}

function parseChange(from: ByteReader): Change {
  return {
    kind: from.oneOf(ChangeKind.options),
    scopes: from.list(() => from.text()),
    addedScopes: from.flag() === null ? null : from.list(() => from.text()),
    consent: from.oneOf(CONSENTS),
    principal: from.maybeText(),
    destination: from.maybeText(),
    detail: from.maybeText(),
  };
}

function writeClient(out: ByteWriter, { ip, asn, country, userAgent }: Client): void {
  for (const value of [ip, asn, country, userAgent]) out.maybeText(value);
}

function parseClient(from: ByteReader): Client {
  return {
    ip: from.maybeText(),
    asn: from.maybeText(),
    country: from.maybeText(),
    userAgent: from.maybeText(),
  };
}
