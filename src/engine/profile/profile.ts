/** What one actor did in one UTC day of event time, in counters that merge in any order. */

import { hash32 } from "#base/hash.ts";
import { add, distinct, merge as mergeSketch, newSketch, type Sketch } from "#base/sketch.ts";
import { dayOf, HOUR_MS, MINUTE_MS } from "#base/time.ts";
import { ACTION_CLASSES, type ActionClass, type AuditEvent } from "#contract/event.ts";
import { addSample, bySampleOrder, mergeSamples, type Sample, type Samples } from "./sample.ts";

/** Index of each action class in `Profile.classes`. */
export const CLASS_INDEX: ReadonlyMap<ActionClass, number> = new Map(
  ACTION_CLASSES.map((name, index) => [name, index]),
);

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
  /** Records by UTC hour of the day. */
  readonly hours: number[];
  /** Records by minute of the day; no minutes at all before the first dated record. */
  minutes: Uint16Array | Uint32Array;
  readonly targets: Sketch;
  /** People for whom, or as whom, the actor acted. */
  readonly people: Sketch;
  readonly ips: Sketch;
  readonly agents: Sketch;
  readonly countries: Sketch;
  /** A few events by class and hour, as evidence. */
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
    hours: new Array<number>(24).fill(0),
    minutes: NO_MINUTES,
    targets: newSketch(),
    people: newSketch(),
    ips: newSketch(),
    agents: newSketch(),
    countries: newSketch(),
    samples: new Map(),
  };
}

/** Counts one event. The caller has made sure that the event is new and belongs to the profile's day. */
export function countEvent(profile: Profile, event: AuditEvent): void {
  profile.events++;
  const index = CLASS_INDEX.get(event.class) ?? 0;
  if (event.outcome === "throttled") profile.throttled++;
  else if (event.outcome === "failure" || event.outcome === "denied") profile.failures++;
  else profile.classes[index] = (profile.classes[index] ?? 0) + event.count;
  profile.bytes += event.bytes;
  countTime(profile, event.at);
  if (event.target !== null) add(profile.targets, hash32(event.target.id));
  if (event.actor.kind === "person") add(profile.people, hash32(event.actor.id));
  const { ip, userAgent, country } = event.client;
  if (ip !== null) add(profile.ips, hash32(ip));
  if (userAgent !== null) add(profile.agents, hash32(userAgent));
  if (country !== null) add(profile.countries, hash32(country));
  addSample(profile.samples, index, event);
}

function countTime(profile: Profile, at: number | null): void {
  if (at === null) return;
  const inDay = at - dayOf(at) * 24 * HOUR_MS;
  const hour = Math.floor(inDay / HOUR_MS);
  profile.hours[hour] = (profile.hours[hour] ?? 0) + 1;
  countMinute(profile, Math.floor(inDay / MINUTE_MS), 1);
}

const NO_MINUTES = new Uint16Array(0);
const MINUTES = 1_440;

/** As large for a busy day as for a quiet one, so that memory does not follow the number of records. */
function countMinute(profile: Profile, minute: number, records: number): void {
  if (profile.minutes.length === 0) profile.minutes = new Uint16Array(MINUTES);
  const sum = (profile.minutes[minute] ?? 0) + records;
  if (sum > 0xffff && profile.minutes instanceof Uint16Array) {
    profile.minutes = Uint32Array.from(profile.minutes);
  }
  profile.minutes[minute] = sum;
}

/** Adds all of `from` into `into`; both are of one day. */
export function mergeProfile(into: Profile, from: Profile): void {
  into.events += from.events;
  into.failures += from.failures;
  into.throttled += from.throttled;
  into.bytes += from.bytes;
  addAll(into.classes, from.classes);
  addAll(into.hours, from.hours);
  for (let minute = 0; minute < from.minutes.length; minute++) {
    const records = from.minutes[minute] ?? 0;
    if (records > 0) countMinute(into, minute, records);
  }
  mergeSketch(into.targets, from.targets);
  mergeSketch(into.people, from.people);
  mergeSketch(into.ips, from.ips);
  mergeSketch(into.agents, from.agents);
  mergeSketch(into.countries, from.countries);
  mergeSamples(into.samples, from.samples);
}

function addAll(into: number[], from: readonly number[]): void {
  for (let i = 0; i < from.length; i++) into[i] = (into[i] ?? 0) + (from[i] ?? 0);
}

/** Successful actions of one class. */
export function countOf(profile: Profile, name: ActionClass): number {
  return profile.classes[CLASS_INDEX.get(name) ?? 0] ?? 0;
}

/** The busiest minute: records in it, and which minute of the day (the earliest where several tie). */
export function busiestMinute(profile: Profile): { count: number; minute: number } {
  let best = { count: 0, minute: 0 };
  for (let minute = 0; minute < profile.minutes.length; minute++) {
    const count = profile.minutes[minute] ?? 0;
    if (count > best.count) best = { count, minute };
  }
  return best;
}

/** Distinct targets, people, client addresses, user agents and countries of the day. */
export function breadth(
  profile: Profile,
): Record<"targets" | "people" | "ips" | "agents" | "countries", number> {
  return {
    targets: distinct(profile.targets),
    people: distinct(profile.people),
    ips: distinct(profile.ips),
    agents: distinct(profile.agents),
    countries: distinct(profile.countries),
  };
}

/** Evidence of one class (or of all), earliest first, at most `max`. */
export function samplesOf(profile: Profile, name: ActionClass | null, max = 5): Sample[] {
  const index = name === null ? null : (CLASS_INDEX.get(name) ?? 0);
  const found: Sample[] = [];
  for (const sample of profile.samples.values()) {
    if (index === null || sample.classIndex === index) found.push(sample);
  }
  return found.sort(bySampleOrder).slice(0, max);
}
