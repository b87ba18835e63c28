/** What one actor did in one UTC day of event time, in counters that merge in any order. */

import { bound, trim } from "#base/bounded.ts";
import { hash32 } from "#base/hash.ts";
import { add, distinct, merge as mergeSketch, newSketch, type Sketch } from "#base/sketch.ts";
import { DAY_MS, dayOf, HOUR_MS, SECOND_MS } from "#base/time.ts";
import { ACTION_CLASSES, type ActionClass, type AuditEvent, type Trait } from "#contract/event.ts";
import { CLASS_INDEX, TRAIT_INDEX } from "./indexes.ts";
import { agentFamily, networkOf } from "./origin.ts";
import { addAt, mergePace, minutesOf, newPace, type Pace } from "./pace.ts";
import { joinPlaces, placeOf } from "./places.ts";
import {
  addSample,
  bySampleOrder,
  mergeSamples,
  type Sample,
  type Samples,
  samplesUnder,
  TRAIT_SAMPLES,
} from "./sample.ts";

/** Different actions or tools of a day that are told apart; few automations use more. */
export const NAMES_MAX = 48;
/** Different networks, providers, countries or agents of a day that are kept by name. */
export const PLACES_MAX = 16;
/** Sessions of a day that are told apart. */
export const SESSIONS_MAX = 16;

/** One actor's day. Every number is a sum, a maximum or a set, so that merging is associative and commutative. */
export interface Profile {
  /** UTC day since 1970, or UNDATED. */
  readonly day: number;
  /** Records, whatever came of them. */
  events: number;
  /** Records that failed or were denied; they count in no class. */
  failures: number;
  /** Records that the vendor answered with its rate limit. */
  throttled: number;
  bytes: number;
  /** Successful actions by class, in the order of ACTION_CLASSES; aggregated records count as many as they stand for. */
  readonly classes: number[];
  /** Bytes by class index; null before the first. */
  bytesByClass: Map<number, number> | null;
  /** Records by trait index; null before the first. */
  traits: Map<number, number> | null;
  /** Records by UTC hour of the day. */
  readonly hours: number[];
  /** Records by second of the day, or coarser. */
  readonly pace: Pace;
  readonly targets: Sketch;
  /** People for whom, or as whom, the actor acted. */
  readonly people: Sketch;
  readonly ips: Sketch;
  /** Successful records by the vendor's name of the action, or of the API's method. A bounded choice of names that does not depend on order. */
  actions: Map<string, number> | null;
  /** The same for tools that an AI called: the plugin's or function's name, else the action. */
  tools: Map<string, number> | null;
  networks: Set<string> | null;
  /** Autonomous systems. */
  asns: Set<string> | null;
  countries: Set<string> | null;
  /** Families of user agents. */
  agents: Set<string> | null;
  /** Where each session was used from, by a hash of the session (see places.ts). */
  sessions: Map<string, string> | null;
  /** A few events by class and hour, and by trait and hour, as evidence. */
  readonly samples: Samples;
}

export function newProfile(day: number): Profile {
  return {
    day,
    events: 0,
    failures: 0,
    throttled: 0,
    bytes: 0,
    classes: new Array<number>(ACTION_CLASSES.length).fill(0),
    bytesByClass: null,
    traits: null,
    hours: new Array<number>(24).fill(0),
    pace: newPace(),
    targets: newSketch(),
    people: newSketch(),
    ips: newSketch(),
    actions: null,
    tools: null,
    networks: null,
    asns: null,
    countries: null,
    agents: null,
    sessions: null,
    samples: new Map(),
  };
}

/** Counts one event. The caller has made sure that the event is new and belongs to the profile's day. */
export function countEvent(profile: Profile, event: AuditEvent): void {
  const index = CLASS_INDEX.get(event.class) ?? 0;
  profile.events++;
  profile.bytes += event.bytes;
  if (event.outcome === "throttled") profile.throttled++;
  else if (event.outcome === "failure" || event.outcome === "denied") profile.failures++;
  else countDone(profile, index, event);
  countTime(profile, event.at);
  if (event.target !== null) add(profile.targets, hash32(event.target.id));
  if (event.actor.kind === "person") add(profile.people, hash32(event.actor.id));
  countOrigin(profile, event);
  addSample(profile.samples, index, event);
  for (const trait of event.traits) {
    const traitIndex = TRAIT_INDEX.get(trait) ?? 0;
    profile.traits = bumped(profile.traits, traitIndex, 1);
    addSample(profile.samples, TRAIT_SAMPLES + traitIndex, event);
  }
}

/** What failed or was refused was not done. */
function countDone(profile: Profile, index: number, event: AuditEvent): void {
  profile.classes[index] = (profile.classes[index] ?? 0) + event.count;
  if (event.bytes > 0) profile.bytesByClass = bumped(profile.bytesByClass, index, event.bytes);
  profile.actions = named(profile.actions, actionOf(event), event.count);
  if (event.class === "tool_call") {
    const tool = event.target?.name ?? event.target?.id ?? event.action;
    profile.tools = named(profile.tools, tool, event.count);
  }
}

/** Where a log names all calls alike, the method that was called tells more. */
function actionOf({ action, target }: AuditEvent): string {
  return target?.type === "api" ? target.id : action;
}

function countTime({ hours, pace }: Profile, at: number | null): void {
  if (at === null) return;
  const inDay = at - dayOf(at) * DAY_MS;
  const hour = Math.floor(inDay / HOUR_MS);
  hours[hour] = (hours[hour] ?? 0) + 1;
  addAt(pace, Math.floor(inDay / SECOND_MS), 1);
}

function countOrigin(profile: Profile, { client, session }: AuditEvent): void {
  const { ip, asn, country, userAgent } = client;
  const place = session === null ? null : placeOf(client);
  if (session !== null && place !== null) {
    countSession(profile, hash32(session).toString(36), place);
  }
  if (ip !== null) {
    add(profile.ips, hash32(ip));
    const network = networkOf(ip);
    if (network !== null) profile.networks = kept(profile.networks, network);
  }
  if (asn !== null) profile.asns = kept(profile.asns, asn);
  if (country !== null) profile.countries = kept(profile.countries, country);
  if (userAgent !== null) profile.agents = kept(profile.agents, agentFamily(userAgent));
}

function countSession(profile: Profile, session: string, places: string): void {
  profile.sessions ??= new Map();
  profile.sessions.set(session, joinPlaces(profile.sessions.get(session), places));
  bound(profile.sessions, SESSIONS_MAX);
}

/** Adds to a counter of a map that is made when it is first needed, since most days need none. */
function bumped<Key>(counts: Map<Key, number> | null, key: Key, by: number): Map<Key, number> {
  const found = counts ?? new Map<Key, number>();
  found.set(key, (found.get(key) ?? 0) + by);
  return found;
}

function named(counts: Map<string, number> | null, name: string, by: number): Map<string, number> {
  const found = bumped(counts, name, by);
  bound(found, NAMES_MAX);
  return found;
}

function kept(places: Set<string> | null, place: string): Set<string> {
  const found = places ?? new Set<string>();
  if (!found.has(place)) {
    found.add(place);
    bound(found, PLACES_MAX);
  }
  return found;
}

/** Adds all of `from` into `into`; both are of one day. */
export function mergeProfile(into: Profile, from: Profile): void {
  into.events += from.events;
  into.failures += from.failures;
  into.throttled += from.throttled;
  into.bytes += from.bytes;
  addAll(into.classes, from.classes);
  addAll(into.hours, from.hours);
  for (const [index, bytes] of from.bytesByClass ?? []) {
    into.bytesByClass = bumped(into.bytesByClass, index, bytes);
  }
  for (const [index, records] of from.traits ?? []) {
    into.traits = bumped(into.traits, index, records);
  }
  mergePace(into.pace, from.pace);
  mergeSketch(into.targets, from.targets);
  mergeSketch(into.people, from.people);
  mergeSketch(into.ips, from.ips);
  for (const [name, times] of from.actions ?? []) into.actions = named(into.actions, name, times);
  for (const [name, times] of from.tools ?? []) into.tools = named(into.tools, name, times);
  for (const network of from.networks ?? []) into.networks = kept(into.networks, network);
  for (const asn of from.asns ?? []) into.asns = kept(into.asns, asn);
  for (const country of from.countries ?? []) into.countries = kept(into.countries, country);
  for (const agent of from.agents ?? []) into.agents = kept(into.agents, agent);
  for (const [session, places] of from.sessions ?? []) countSession(into, session, places);
  mergeSamples(into.samples, from.samples);
}

function addAll(into: number[], from: readonly number[]): void {
  for (let i = 0; i < from.length; i++) into[i] = (into[i] ?? 0) + (from[i] ?? 0);
}

/** Brings every bounded collection down to what does not depend on the order of records; done once, before judging. */
export function settleProfile(profile: Profile): void {
  for (const names of [profile.actions, profile.tools]) {
    if (names !== null) trim(names, NAMES_MAX);
  }
  for (const places of [profile.networks, profile.asns, profile.countries, profile.agents]) {
    if (places !== null) trim(places, PLACES_MAX);
  }
  if (profile.sessions !== null) trim(profile.sessions, SESSIONS_MAX);
}

/** Successful actions of one class. */
export function countOf(profile: Profile, name: ActionClass): number {
  return profile.classes[CLASS_INDEX.get(name) ?? 0] ?? 0;
}

/** Successful actions of all classes. */
export function doneOf(profile: Profile): number {
  return profile.classes.reduce((sum, times) => sum + times, 0);
}

/** Bytes of successful actions of one class. */
export function bytesOf(profile: Profile, name: ActionClass): number {
  return profile.bytesByClass?.get(CLASS_INDEX.get(name) ?? 0) ?? 0;
}

/** Records with a trait, whatever came of them. */
export function traitOf(profile: Profile, name: Trait): number {
  return profile.traits?.get(TRAIT_INDEX.get(name) ?? 0) ?? 0;
}

/** The busiest minute: records in it, and which minute of the day (the earliest where several tie). */
export function busiestMinute({ pace }: Profile): { count: number; minute: number } {
  let best = { count: 0, minute: 0 };
  for (const { minute, records } of minutesOf(pace)) {
    if (records > best.count) best = { count: records, minute };
  }
  return best;
}

/** How many minutes of the day have at least so many records. */
export function minutesAtLeast({ pace }: Profile, recordsMin: number): number {
  return minutesOf(pace).filter(({ records }) => records >= recordsMin).length;
}

/** Distinct targets, people, client addresses, user agents and countries of the day; the last two up to PLACES_MAX. */
export function breadth(
  profile: Profile,
): Record<"targets" | "people" | "ips" | "agents" | "countries", number> {
  return {
    targets: distinct(profile.targets),
    people: distinct(profile.people),
    ips: distinct(profile.ips),
    agents: profile.agents?.size ?? 0,
    countries: profile.countries?.size ?? 0,
  };
}

/** Evidence of one class (or of all), earliest first, at most `max`. */
export function samplesOf(profile: Profile, name: ActionClass | null, max = 5): Sample[] {
  const index = name === null ? null : (CLASS_INDEX.get(name) ?? 0);
  return samplesUnder(profile.samples, (group) =>
    index === null ? group < TRAIT_SAMPLES : group === index,
  )
    .sort(bySampleOrder)
    .slice(0, max);
}

/** Evidence of records with a trait, earliest first, at most `max`. */
export function traitSamplesOf(profile: Profile, name: Trait, max = 5): Sample[] {
  const index = TRAIT_SAMPLES + (TRAIT_INDEX.get(name) ?? 0);
  return samplesUnder(profile.samples, (group) => group === index)
    .sort(bySampleOrder)
    .slice(0, max);
}
