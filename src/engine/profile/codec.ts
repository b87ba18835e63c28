/** Profiles as bytes: compact enough to keep ten thousand actors for a month, and the same bytes for the same set of events. */

import { ByteReader, ByteWriter, DamagedBytes } from "#base/bytes.ts";
import type { Sketch } from "#base/sketch.ts";
import { parseSketch, writeSketch } from "#base/sketch.ts";
import { type Pace, SLOTS_MAX, WIDTHS } from "./pace.ts";
import { newProfile, type Profile, settleProfile } from "./profile.ts";

/** Raised when the bytes of a profile mean something else. */
const VERSION = 1;

/**
 * The counters of a profile. Its samples are not in it: they are events, and whoever stores profiles stores those as such.
 * Brings the profile's bounded collections down to their bounds first, so that the bytes depend on the events alone.
 */
export function encodeProfile(profile: Profile): Uint8Array {
  settleProfile(profile);
  const out = new ByteWriter();
  out.count(VERSION).count(profile.day + 1);
  out
    .count(profile.events)
    .count(profile.failures)
    .count(profile.throttled)
    .count(Math.round(profile.bytes));
  sparse(out, [...profile.classes.entries()]);
  sparse(out, [...(profile.bytesByClass ?? [])]);
  sparse(out, [...(profile.traits ?? [])]);
  sparse(out, [...profile.hours.entries()]);
  pace(out, profile.pace);
  for (const sketch of sketchesOf(profile)) writeSketch(out, sketch);
  for (const names of [profile.actions, profile.tools]) {
    const sorted = [...(names ?? [])].sort(byKey);
    out.count(sorted.length);
    for (const [name, times] of sorted) out.text(name).count(times);
  }
  for (const places of [profile.networks, profile.asns, profile.countries, profile.agents]) {
    texts(out, places ?? new Set());
  }
  const sessions = [...(profile.sessions ?? [])].sort(byKey);
  out.count(sessions.length);
  for (const [session, places] of sessions) out.text(session).text(places);
  return out.take();
}

/** The profile of such bytes, without samples. Throws DamagedBytes where they are none. */
export function parseProfile(bytes: Uint8Array): Profile {
  const from = new ByteReader(bytes);
  const version = from.count();
  if (version !== VERSION) throw new DamagedBytes(`profiles of version ${version} are unknown`);
  const profile = newProfile(from.count() - 1);
  profile.events = from.count();
  profile.failures = from.count();
  profile.throttled = from.count();
  profile.bytes = from.count();
  for (const [index, times] of parseSparse(from, profile.classes.length))
    profile.classes[index] = times;
  profile.bytesByClass = orNull(new Map(parseSparse(from, profile.classes.length)));
  profile.traits = orNull(new Map(parseSparse(from, 64)));
  for (const [hour, records] of parseSparse(from, 24)) profile.hours[hour] = records;
  parsePace(from, profile.pace);
  for (const sketch of sketchesOf(profile)) parseSketch(from, sketch);
  profile.actions = parseNames(from);
  profile.tools = parseNames(from);
  profile.networks = orNull(parseTexts(from));
  profile.asns = orNull(parseTexts(from));
  profile.countries = orNull(parseTexts(from));
  profile.agents = orNull(parseTexts(from));
  const sessions = new Map<string, string>();
  for (let left = from.count(); left > 0; left--) sessions.set(from.text(), from.text());
  profile.sessions = orNull(sessions);
  if (!from.isAtEnd) throw new DamagedBytes("there is more than one profile");
  return profile;
}

function sketchesOf({ targets, people, ips }: Profile): readonly Sketch[] {
  return [targets, people, ips];
}

/** Pairs whose value is not zero, by ascending index; indexes as steps from the one before. */
function sparse(out: ByteWriter, pairs: readonly (readonly [number, number])[]): void {
  const used = pairs.filter(([, value]) => value !== 0).sort(([a], [b]) => a - b);
  out.count(used.length);
  let before = 0;
  for (const [index, value] of used) {
    out.count(index - before).count(Math.round(value));
    before = index;
  }
}

function parseSparse(from: ByteReader, indexEnd: number): [number, number][] {
  const pairs: [number, number][] = [];
  let index = 0;
  for (let left = from.count(); left > 0; left--) {
    index += from.count();
    if (index >= indexEnd) throw new DamagedBytes("a counter that does not exist");
    pairs.push([index, from.count()]);
  }
  return pairs;
}

function pace(out: ByteWriter, { width, size, slots, counts }: Pace): void {
  out.count(width).count(size);
  let before = 0;
  for (let i = 0; i < size; i++) {
    const slot = slots[i] ?? 0;
    out.count(slot - before).count(counts[i] ?? 0);
    before = slot;
  }
}

function parsePace(from: ByteReader, into: Pace): void {
  const width = from.count();
  const size = from.count();
  if (!WIDTHS.some((known) => known === width) || size > SLOTS_MAX) {
    throw new DamagedBytes("an impossible pace");
  }
  into.width = width;
  into.size = size;
  into.slots = new Uint32Array(size);
  into.counts = new Uint32Array(size);
  let slot = 0;
  for (let i = 0; i < size; i++) {
    slot += from.count();
    into.slots[i] = slot;
    into.counts[i] = from.count();
  }
}

function texts(out: ByteWriter, values: ReadonlySet<string>): void {
  const sorted = [...values].sort();
  out.count(sorted.length);
  for (const value of sorted) out.text(value);
}

function parseTexts(from: ByteReader): Set<string> {
  const values = new Set<string>();
  for (let left = from.count(); left > 0; left--) values.add(from.text());
  return values;
}

function parseNames(from: ByteReader): Map<string, number> | null {
  const names = new Map<string, number>();
  for (let left = from.count(); left > 0; left--) names.set(from.text(), from.count());
  return orNull(names);
}

/** What is empty is null in a profile, so that both ways of having nothing are one. */
function orNull<Found extends { readonly size: number }>(found: Found): Found | null {
  return found.size === 0 ? null : found;
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
