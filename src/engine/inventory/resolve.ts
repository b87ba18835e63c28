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
import { mergeAutomation, mergePerson, renamePrincipals, settle, VALUES_MAX } from "./record.ts";

interface Identity {
  readonly platform: Platform;
  readonly id: string;
  readonly aliases: ReadonlySet<string>;
}

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

  for (const record of seen.automations.values()) {
    const id = resolve(toAutomation, record.platform, record.nativeId);
    mergeAutomation(automationOf(resolved, record.platform, id), record);
    moveTrack(
      seen,
      resolved,
      automationKey(record.platform, record.nativeId),
      automationKey(record.platform, id),
    );
  }
  for (const record of people) {
    const from = personKey(record.platform, record.id);
    const bot = resolve(toAutomation, record.platform, record.id);
    if (bot !== record.id || seen.automations.has(automationKey(record.platform, bot))) {
      moveTrack(seen, resolved, from, automationKey(record.platform, bot));
      continue;
    }
    const id = resolve(toPerson, record.platform, record.id);
    mergePerson(personOf(resolved, record.platform, id), record);
    moveTrack(seen, resolved, from, personKey(record.platform, id));
  }
  for (const record of resolved.automations.values()) {
    renamePrincipals(record, (id) => resolve(toPerson, record.platform, id));
    settle(record);
  }
  for (const [key, { profiles, timeline }] of resolved.tracks) {
    for (const profile of profiles.values()) settleProfile(profile);
    const platform = Platform.parse(key.split("|")[0]);
    renamePeople(timeline, (id) => resolve(toPerson, platform, id));
  }
  return resolved;
}

function moveTrack(seen: Observations, resolved: Observations, from: string, to: string): void {
  const track = seen.tracks.get(from);
  if (track !== undefined) mergeTrack(trackOf(resolved, to), track);
}

/** From alias to the one id that claims it, by platform. */
function canonicalIds(identities: readonly Identity[]): Map<string, string> {
  const claims = new Map<string, Set<string>>();
  for (const { platform, id, aliases } of identities) {
    for (const alias of aliases) {
      const key = `${platform}|${alias}`;
      const claimants = claims.get(key) ?? new Set();
      claims.set(key, claimants.add(id));
    }
  }
  const canonical = new Map<string, string>();
  for (const [alias, claimants] of claims) {
    const [only] = claimants;
    if (claimants.size === 1 && only !== undefined) canonical.set(alias, only);
  }
  while (joinAgreeing(claims, canonical));
  return canonical;
}

/** Several ids that claim one alias agree when they turn out to be one identity themselves. Says whether any did. */
function joinAgreeing(
  claims: ReadonlyMap<string, ReadonlySet<string>>,
  canonical: Map<string, string>,
): boolean {
  const joined: [string, string][] = [];
  for (const [alias, claimants] of claims) {
    if (canonical.has(alias)) continue;
    const cut = alias.indexOf("|");
    const platform = alias.slice(0, cut);
    const ends = new Set([...claimants].map((id) => resolve(canonical, platform, id)));
    const [only] = ends;
    if (ends.size === 1 && only !== undefined && only !== alias.slice(cut + 1)) {
      joined.push([alias, only]);
    }
  }
  // All at once: what one pass finds must not depend on the order of the claims.
  for (const [alias, id] of joined) canonical.set(alias, id);
  return joined.length > 0;
}

/** Follows claims to their end; in a ring of ids that claim each other the one that sorts first stands for all. */
function resolve(canonical: ReadonlyMap<string, string>, platform: string, id: string): string {
  const path = [id];
  let current = id;
  for (;;) {
    const next = canonical.get(`${platform}|${current}`);
    if (next === undefined || next === current) return current;
    const ringStart = path.indexOf(next);
    if (ringStart >= 0) return path.slice(ringStart).sort()[0] ?? next;
    path.push(next);
    current = next;
  }
}
