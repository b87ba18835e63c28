/**
 * Observations in the pieces in which they are stored and merged: an actor's day, its timeline, what is known of it, what rules
 * matched of it, and what correlations of rules wait for.
 */

import { ByteReader, ByteWriter, DamagedBytes } from "#base/bytes.ts";
import { compareText } from "#base/order.ts";
import { mergeAutomation, mergePerson } from "./inventory/record.ts";
import {
  encodeAutomation,
  encodePerson,
  parseAutomation,
  parsePerson,
} from "./inventory/record-codec.ts";
import { newObservations, type Observations, trackOf } from "./observe.ts";
import { encodeProfile, parseProfile } from "./profile/codec.ts";
import { mergeProfile, type Profile } from "./profile/profile.ts";
import { encodeSamples, parseSamples } from "./profile/sample-codec.ts";
import { mergeTimeline } from "./profile/timeline.ts";
import { encodeTimeline, parseTimeline } from "./profile/timeline-codec.ts";
import { mergeKeptRule } from "./sigma/correlate/kept.ts";
import { encodeKept, parseKept } from "./sigma/correlate/kept-codec.ts";
import { mergeMatches } from "./sigma/matches.ts";
import { encodeMatches, parseMatches } from "./sigma/matches-codec.ts";

/** A piece with the key of its automation or person, or of its rule. The same observations give the same pieces, byte by byte. */
export interface Piece {
  readonly key: string;
  readonly bytes: Uint8Array;
}

export interface Pieces {
  readonly days: readonly (Piece & { readonly day: number })[];
  readonly timelines: readonly Piece[];
  /** Of automations and people; their keys tell which. */
  readonly records: readonly Piece[];
  /** What rules matched, by automation or person. */
  readonly matches: readonly Piece[];
  /** What correlations wait for, by the key of the rule that matched. */
  readonly kept: readonly Piece[];
}

/** Brings bounded collections down to their bounds, and so ends the folding of these observations. */
export function piecesOf(seen: Observations): Pieces {
  const days: (Piece & { day: number })[] = [];
  const timelines: Piece[] = [];
  const matched: Piece[] = [];
  for (const [key, { profiles, timeline, matches }] of seen.tracks) {
    for (const [day, profile] of profiles) days.push({ key, day, bytes: encodeDay(profile) });
    if (timeline.size > 0) timelines.push({ key, bytes: encodeTimeline(timeline) });
    if (matches !== undefined) matched.push({ key, bytes: encodeMatches(matches) });
  }
  const kept = [...seen.kept].map(([key, held]) => ({ key, bytes: encodeKept(held) }));
  const records = [
    ...[...seen.automations].map(([key, record]) => ({ key, bytes: encodeAutomation(record) })),
    ...[...seen.people].map(([key, record]) => ({ key, bytes: encodePerson(record) })),
  ];
  return {
    days: days.sort((a, b) => compareText(a.key, b.key) || a.day - b.day),
    timelines: timelines.sort(byKey),
    records: records.sort(byKey),
    matches: matched.sort(byKey),
    kept: kept.sort(byKey),
  };
}

/** Observations again, to be filled piece by piece. Each gives DamagedBytes where the bytes are of something else. */
export function gatherPieces(): {
  readonly seen: Observations;
  day(piece: Piece): void;
  timeline(piece: Piece): void;
  record(piece: Piece): void;
  matches(piece: Piece): void;
  kept(piece: Piece): void;
} {
  const seen = newObservations();
  return {
    seen,
    day({ key, bytes }) {
      const profile = parseDay(bytes);
      trackOf(seen, key).profiles.set(profile.day, profile);
    },
    timeline({ key, bytes }) {
      mergeTimeline(trackOf(seen, key).timeline, parseTimeline(bytes));
    },
    record({ key, bytes }) {
      if (isAutomation(key)) seen.automations.set(key, parseAutomation(bytes));
      else seen.people.set(key, parsePerson(bytes));
    },
    matches({ key, bytes }) {
      trackOf(seen, key).matches = parseMatches(bytes);
    },
    kept({ key, bytes }) {
      seen.kept.set(key, parseKept(bytes));
    },
  };
}

/** Joins two parts of one actor's day. Like all merges here: associative and commutative, byte by byte. */
export function mergeDayBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  const into = parseDay(a);
  mergeProfile(into, parseDay(b));
  return encodeDay(into);
}

export function mergeTimelineBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  const into = parseTimeline(a);
  mergeTimeline(into, parseTimeline(b));
  return encodeTimeline(into);
}

export function mergeRecordBytes(a: Uint8Array, b: Uint8Array, key: string): Uint8Array {
  if (isAutomation(key)) {
    const into = parseAutomation(a);
    mergeAutomation(into, parseAutomation(b));
    return encodeAutomation(into);
  }
  const into = parsePerson(a);
  mergePerson(into, parsePerson(b));
  return encodePerson(into);
}

export function mergeMatchesBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  const into = parseMatches(a);
  mergeMatches(into, parseMatches(b));
  return encodeMatches(into);
}

export function mergeKeptBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  const into = parseKept(a);
  mergeKeptRule(into, parseKept(b));
  return encodeKept(into);
}

function byKey(a: Piece, b: Piece): number {
  return compareText(a.key, b.key);
}

/** A profile with its samples. */
function encodeDay(profile: Profile): Uint8Array {
  const counters = encodeProfile(profile);
  return new ByteWriter()
    .count(counters.length)
    .raw(counters)
    .raw(encodeSamples(profile.samples))
    .take();
}

function parseDay(bytes: Uint8Array): Profile {
  const from = new ByteReader(bytes);
  const profile = parseProfile(from.raw(from.count()));
  for (const [key, sample] of parseSamples(from.rest())) profile.samples.set(key, sample);
  return profile;
}

/** As observe.ts writes keys: platform, a for automations or p for people, and the id. */
function isAutomation(key: string): boolean {
  const kind = /^[a-z]+\|([ap])\|/.exec(key)?.[1];
  if (kind === undefined) throw new DamagedBytes("a key of nothing");
  return kind === "a";
}
