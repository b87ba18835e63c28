/** When and by whom an automation was let in: the entries of a timeline that are grants, without mere repetitions. */

import type { Change } from "#contract/event.ts";
import type { View } from "#engine/detectors/detector.ts";
import { type Reason, succeeded } from "#engine/detectors/trust.ts";
import { dayWindow } from "#engine/detectors/window.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const GRANTING: ReadonlySet<Change["kind"]> = new Set(["granted", "installed"]);
const ENDING: ReadonlySet<Change["kind"]> = new Set(["revoked", "uninstalled", "deleted"]);

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

/** Whether anybody had let the app in before the day: use by others vouches for it a little, first use is a risk. */
export function noveltyReason(view: View, day: number): Reason {
  const window = dayWindow(day);
  if (window === null || view.automation === null) return { points: 0, words: "" };
  const usedBy = usersBefore(view, day, window.from);
  if (usedBy >= WIDELY_USED_MIN) {
    return { points: -2, words: `${WIDELY_USED_MIN} or more people here used it before` };
  }
  const { firstSeenAt } = view.automation;
  const isNew = usedBy === 0 && (firstSeenAt ?? window.from) >= window.from;
  return isNew ? { points: 1, words: "no earlier record here shows it" } : { points: 0, words: "" };
}

/** That many people have let the app in before: by then somebody would have asked what it is. */
const WIDELY_USED_MIN = 5;

/** How many people let it in before a day; counting stops where more would change nothing. */
function usersBefore(view: View, day: number, start: number): number {
  const users = new Set<string>();
  for (const { principal, at } of view.grants) {
    if (principal !== null && at !== null && at < start) users.add(principal);
    if (users.size >= WIDELY_USED_MIN) return users.size;
  }
  // Also those who took it back since.
  for (const entry of view.timeline) {
    if (entry.day >= day || users.size >= WIDELY_USED_MIN) break;
    const { principal, kind } = entry.change;
    if (principal !== null && GRANTING.has(kind) && succeeded(entry)) users.add(principal);
  }
  return users.size;
}
