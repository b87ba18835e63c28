/** Joins the several ids of one automation or person, so that each stands once with all that is known of it. */

import { trim } from "#base/bounded.ts";
import { Platform } from "#contract/platform.ts";
import {
  automationKey,
  automationOf,
  mergeTrack,
  newObservations,
  type Observations,
  personKey,
  personOf,
  trackOf,
} from "#engine/observe.ts";
import { settleProfile } from "#engine/profile/profile.ts";
import { renamePeople } from "#engine/profile/timeline.ts";
import { mergeKept, renamedKept } from "#engine/sigma/correlate/kept.ts";
import { canonicalIds } from "./identities.ts";
import { mergeAutomation, mergePerson, renamePrincipals, settle, VALUES_MAX } from "./record.ts";

/**
 * The same observations with every alias replaced by the id that claims it. An alias that two ids claim joins nothing
 * (a shared host app, say). A bot user that acts as if it were a person becomes the automation that it belongs to.
 */
export function resolveAliases(seen: Observations): Observations {
  for (const record of seen.automations.values()) settle(record);
  for (const record of seen.people.values()) trim(record.aliases, VALUES_MAX);
  const automations = [...seen.automations.values()].map((record) => ({
    platform: record.platform,
    id: record.nativeId,
    aliases: record.aliases,
  }));
  const people = [...seen.people.values()];
  const toAutomation = canonicalIds(automations);
  const toPerson = canonicalIds(people);
  const resolved = newObservations();
  const names = new Map<string, string>();
  function move(from: string, to: string): void {
    names.set(from, to);
    moveTrack(seen, resolved, from, to);
  }

  for (const record of seen.automations.values()) {
    const id = toAutomation(record.platform, record.nativeId);
    mergeAutomation(automationOf(resolved, record.platform, id), record);
    move(automationKey(record.platform, record.nativeId), automationKey(record.platform, id));
  }
  for (const record of people) {
    const from = personKey(record.platform, record.id);
    const bot = toAutomation(record.platform, record.id);
    if (bot !== record.id || seen.automations.has(automationKey(record.platform, bot))) {
      move(from, automationKey(record.platform, bot));
      continue;
    }
    const id = toPerson(record.platform, record.id);
    mergePerson(personOf(resolved, record.platform, id), record);
    move(from, personKey(record.platform, id));
  }
  for (const record of resolved.automations.values()) {
    renamePrincipals(record, (id) => toPerson(record.platform, id));
    settle(record);
  }
  for (const [key, { profiles, timeline }] of resolved.tracks) {
    for (const profile of profiles.values()) settleProfile(profile);
    const platform = Platform.parse(key.split("|")[0]);
    renamePeople(timeline, (id) => toPerson(platform, id));
  }
  mergeKept(
    resolved.kept,
    renamedKept(seen.kept, (about) => names.get(about) ?? about),
  );
  return resolved;
}

function moveTrack(seen: Observations, resolved: Observations, from: string, to: string): void {
  const track = seen.tracks.get(from);
  if (track !== undefined) mergeTrack(trackOf(resolved, to), track);
}
