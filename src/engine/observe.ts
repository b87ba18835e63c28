/** Folds new events and state rows into what is known; folds made apart merge into the fold of everything. */

import { dayOf } from "#base/time.ts";
import { isFirstParty } from "#catalog/apps.ts";
import { type AutomationRef, automationRef, type StateFact } from "#contract/automation.ts";
import type { Actor, AuditEvent, Change } from "#contract/event.ts";
import type { Platform } from "#contract/platform.ts";
import type { Activity } from "./detectors/detector.ts";
import {
  type AutomationRecord,
  learnFromActor,
  learnFromEvent,
  learnFromFact,
  learnFromPersonFact,
  mergeAutomation,
  mergePerson,
  newAutomationRecord,
  newPersonRecord,
  type PersonRecord,
} from "./inventory/record.ts";
import { countEvent, mergeProfile, newProfile, type Profile } from "./profile/profile.ts";
import { addToTimeline, inOrder, mergeTimeline, type Timeline } from "./profile/timeline.ts";
import { addKept, type Kept, mergeKept } from "./sigma/correlate/kept.ts";
import { addMatches, type Hit, type Matches, mergeMatches } from "./sigma/matches.ts";

/** What one actor did: a profile a day, and the changes that it made or underwent. */
export interface Track {
  readonly profiles: Map<number, Profile>;
  readonly timeline: Timeline;
  /** What rules matched, where any did. */
  matches?: Matches;
}

/** All that a set of records says. Grows with actors and days, not with records; what correlations need is bounded by itself. */
export interface Observations {
  readonly automations: Map<string, AutomationRecord>;
  readonly people: Map<string, PersonRecord>;
  /** By the key of the automation or person. */
  readonly tracks: Map<string, Track>;
  /** Matches of the rules that correlations read, which nothing is known of until all are there. */
  readonly kept: Kept;
}

/** The track as detectors see it. */
export function activityOf({ profiles, timeline }: Track): Activity {
  return {
    profiles: [...profiles.values()].sort((a, b) => a.day - b.day),
    timeline: inOrder(timeline),
  };
}

export function newObservations(): Observations {
  return { automations: new Map(), people: new Map(), tracks: new Map(), kept: new Map() };
}

export function automationKey(platform: Platform, nativeId: string): string {
  return `${platform}|a|${nativeId}`;
}

export function personKey(platform: Platform, id: string): string {
  return `${platform}|p|${id}`;
}

/**
 * Folds one event. It must be new: whoever calls has dropped duplicates.
 * What an automation did counts for the automation alone, save where it is the vendor's own client in a person's hands:
 * that is the person at work. `matched` are the rules that the record matched; they are about what was done to an automation,
 * else about who did it.
 */
export function observe(
  seen: Observations,
  event: AuditEvent,
  matched: readonly Hit[] = NO_HITS,
): void {
  const { platform } = event;
  const isPerson = event.actor.kind === "person";
  const acting = actingIn(event);
  if (isPerson) learnFromActor(personOf(seen, platform, event.actor.id), event.actor);
  if (acting !== null) {
    learnFromEvent(automationOf(seen, platform, acting.nativeId), acting, event, false);
    countEvent(profileOf(seen, automationKey(platform, acting.nativeId), event.at), event);
  }
  const isPersonAtWork = isPerson && isByHand(event, acting);
  if (isPersonAtWork) {
    countEvent(profileOf(seen, personKey(platform, event.actor.id), event.at), event);
  }
  if (event.subject !== null && event.subject.nativeId !== acting?.nativeId) {
    learnFromEvent(
      automationOf(seen, platform, event.subject.nativeId),
      event.subject,
      event,
      true,
    );
  }
  const owner = event.subject ?? acting;
  if (matched.length > 0) {
    const key = aboutOf(event);
    if (owner === null && !isPerson) personOf(seen, platform, UNNAMED);
    const track = trackOf(seen, key);
    track.matches ??= new Map();
    addMatches(track.matches, event, matched);
    addKept(seen.kept, event, matched, key);
  }
  if (event.change === null) return;
  if (owner !== null) {
    addToTimeline(trackOf(seen, automationKey(platform, owner.nativeId)).timeline, event);
  }
  if (event.subject === null && isPersonAtWork) {
    addToTimeline(trackOf(seen, personKey(platform, event.actor.id)).timeline, event);
  }
  // A record that names neither who did it nor to what still tells that it was done.
  if (owner === null && event.actor.kind === "unknown") {
    personOf(seen, platform, UNNAMED);
    addToTimeline(trackOf(seen, personKey(platform, UNNAMED)).timeline, event);
  }
}

/** The key of the automation or person that a rule's match of the event is about. */
export function aboutOf(event: AuditEvent): string {
  const { platform, subject } = event;
  const isPerson = event.actor.kind === "person";
  const acting = actingIn(event);
  const owner = subject ?? acting;
  const isAboutPerson = subject === null && isPerson && isByHand(event, acting);
  return owner === null || isAboutPerson
    ? personKey(platform, isPerson ? event.actor.id : UNNAMED)
    : automationKey(platform, owner.nativeId);
}

/** The automation that acts in the event, where one does. */
function actingIn(event: AuditEvent): AutomationRef | null {
  const isPerson = event.actor.kind === "person";
  return isPerson && isLettingIn(event) ? null : (event.automation ?? unnamedMachine(event.actor));
}

/** Whether it is the person at work, with nothing but the vendor's own client between. */
function isByHand({ platform }: AuditEvent, acting: AutomationRef | null): boolean {
  return acting === null || isFirstParty(platform, acting.nativeId, acting.ownerTenantId);
}

const NO_HITS: readonly Hit[] = [];

/** The id under which the changes of all who are not named stand; there is no person to show for it. */
const UNNAMED = "";

/** Whether a person let in, widened or threw out the very app that the record also names as its context: the app did nothing. */
function isLettingIn({ automation, subject, change }: AuditEvent): boolean {
  return (
    change !== null &&
    automation !== null &&
    automation.nativeId === subject?.nativeId &&
    LETTING_IN.has(change.kind)
  );
}

const LETTING_IN: ReadonlySet<Change["kind"]> = new Set([
  "granted",
  "revoked",
  "scopes_added",
  "installed",
  "uninstalled",
  "requested",
  "approved",
  "restricted",
]);

/** An actor that is a machine, in a record that gives the automation no fields of its own. */
function unnamedMachine(actor: Actor): AutomationRef | null {
  if (actor.kind !== "automation" || actor.id === "") return null;
  return automationRef("service_account", actor.id, { name: actor.name });
}

/** Folds one row of a state export. Folding it again changes nothing but its weight in votes. */
export function observeState(seen: Observations, fact: StateFact): void {
  if (fact.type === "automation") {
    learnFromFact(automationOf(seen, fact.platform, fact.automation.nativeId), fact);
  } else if (fact.type === "person") {
    learnFromPersonFact(personOf(seen, fact.platform, fact.id), fact);
  }
}

/** Adds all of `from` into `into`. Associative and commutative. */
export function mergeObservations(into: Observations, from: Observations): void {
  for (const record of from.automations.values()) {
    mergeAutomation(automationOf(into, record.platform, record.nativeId), record);
  }
  for (const record of from.people.values()) {
    mergePerson(personOf(into, record.platform, record.id), record);
  }
  for (const [key, track] of from.tracks) mergeTrack(trackOf(into, key), track);
  mergeKept(into.kept, from.kept);
}

export function mergeTrack(into: Track, from: Track): void {
  for (const [day, profile] of from.profiles) {
    let held = into.profiles.get(day);
    if (held === undefined) {
      held = newProfile(day);
      into.profiles.set(day, held);
    }
    mergeProfile(held, profile);
  }
  mergeTimeline(into.timeline, from.timeline);
  if (from.matches !== undefined) {
    into.matches ??= new Map();
    mergeMatches(into.matches, from.matches);
  }
}

export function trackOf(seen: Observations, key: string): Track {
  let track = seen.tracks.get(key);
  if (track === undefined) {
    track = { profiles: new Map(), timeline: new Map() };
    seen.tracks.set(key, track);
  }
  return track;
}

function profileOf(seen: Observations, key: string, at: number | null): Profile {
  const { profiles } = trackOf(seen, key);
  const day = dayOf(at);
  let profile = profiles.get(day);
  if (profile === undefined) {
    profile = newProfile(day);
    profiles.set(day, profile);
  }
  return profile;
}

export function automationOf(
  seen: Observations,
  platform: Platform,
  nativeId: string,
): AutomationRecord {
  const key = automationKey(platform, nativeId);
  let record = seen.automations.get(key);
  if (record === undefined) {
    record = newAutomationRecord(platform, nativeId);
    seen.automations.set(key, record);
  }
  return record;
}

export function personOf(seen: Observations, platform: Platform, id: string): PersonRecord {
  const key = personKey(platform, id);
  let record = seen.people.get(key);
  if (record === undefined) {
    record = newPersonRecord(platform, id);
    seen.people.set(key, record);
  }
  return record;
}
