/** When and by whom an automation was let in: the entries of a timeline that are grants, without mere repetitions. */

import type { Change } from "#contract/event.ts";
import type { View } from "#engine/detectors/detector.ts";
import { succeeded } from "#engine/detectors/trust.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const GRANTING: ReadonlySet<Change["kind"]> = new Set(["granted", "installed"]);
const ENDING: ReadonlySet<Change["kind"]> = new Set(["revoked", "uninstalled", "deleted"]);

/** Grants and installations that succeeded. */
export function grantEntries(view: View): TimelineEntry[] {
  return view.timeline.filter((entry) => GRANTING.has(entry.change.kind) && succeeded(entry));
}

/**
 * Grants to people (or the tenant) who did not have one: platforms write one for every new token, also for an app in
 * use for years. All entries of the day on which it was let in count, since one consent leaves several records.
 */
export function newGrants(view: View): TimelineEntry[] {
  const sinceDay = new Map<string, number>();
  const found: TimelineEntry[] = [];
  for (const entry of view.timeline) {
    if (!succeeded(entry)) continue;
    const { change, day } = entry;
    if (ENDING.has(change.kind)) {
      if (change.principal === null) sinceDay.clear();
      else sinceDay.delete(change.principal);
    }
    if (!GRANTING.has(change.kind)) continue;
    const holder = isForAll(entry) ? "*" : (change.principal ?? entry.actor.id);
    const since = sinceDay.get(holder) ?? day;
    sinceDay.set(holder, since);
    if (since === day) found.push(entry);
  }
  return found;
}

/** For everybody in the tenant, or by an administrator for nobody in particular. */
export function isForAll({ change }: TimelineEntry): boolean {
  return change.consent === "tenant" || (change.consent === "admin" && change.principal === null);
}

/** The scopes of several entries; where none names any, what the inventory knows to be granted. */
export function scopesOf(view: View, entries: readonly TimelineEntry[]): string[] {
  const named = entries.flatMap(({ change }) => [...change.scopes, ...(change.addedScopes ?? [])]);
  const scopes = named.length > 0 ? named : view.grants.flatMap((grant) => grant.scopes);
  return [...new Set(scopes)].sort();
}
