/** What is normal for automations of the same vendor's app, or of the same kind and platform, itself left out. */

import { compareText } from "#base/order.ts";
import { median } from "#base/stats.ts";
import { UNDATED } from "#base/time.ts";
import type { Profile } from "#engine/profile/profile.ts";
import { type Measure, measure } from "./measure.ts";
import { NO_NORMAL, type Normal, normalOf } from "./normal.ts";

/** One automation among others. */
export interface Member {
  readonly key: string;
  /** The groups that it belongs to, the closest first; the first with enough members speaks. */
  readonly groups: readonly string[];
  readonly profiles: readonly Profile[];
}

export interface Peers {
  /** Null where no group has enough members. */
  readonly group: string | null;
  /** Over the median days of the others; `days` counts the others. */
  normal(name: Measure): Normal;
}

/** A group needs this many members before its days say what is normal for one of them. */
const PEERS_MIN = 3;
/** The first so many by key speak for a group, so that comparing stays linear. */
const PEERS_MAX = 200;

export const NO_PEERS: Peers = { group: null, normal: () => NO_NORMAL };

/** The peers of each member, by its key. Normals are worked out when they are first asked for. */
export function peersOf(members: readonly Member[]): Map<string, Peers> {
  const groups = new Map<string, Member[]>();
  for (const member of [...members].sort((a, b) => compareText(a.key, b.key))) {
    for (const name of member.groups) {
      const group = groups.get(name) ?? [];
      if (group.length < PEERS_MAX) group.push(member);
      groups.set(name, group);
    }
  }
  const normals = new Map<string, (key: string, name: Measure) => Normal>();
  for (const [name, group] of groups) normals.set(name, groupNormals(group));
  const found = new Map<string, Peers>();
  for (const { key, groups: own } of members) {
    const group = own.find((name) => (groups.get(name)?.length ?? 0) >= PEERS_MIN) ?? null;
    const normal = group === null ? undefined : normals.get(group);
    found.set(
      key,
      normal === undefined ? NO_PEERS : { group, normal: (name) => normal(key, name) },
    );
  }
  return found;
}

function groupNormals(group: readonly Member[]): (key: string, name: Measure) => Normal {
  const byMeasure = new Map<Measure, (key: string) => Normal>();
  return (key, name) => {
    let others = byMeasure.get(name);
    if (others === undefined) {
      others = leaveOneOut(usualDays(group, name));
      byMeasure.set(name, others);
    }
    const normal = others(key);
    // Peers that never do a thing do not say how much of it is usual.
    return normal.max > 0 ? normal : NO_NORMAL;
  };
}

/** One number a member, its own median day, so that a busy member does not speak for all. */
function usualDays(group: readonly Member[], name: Measure): Map<string, number> {
  const values = new Map<string, number>();
  for (const { key, profiles } of group) {
    const dated = profiles.filter(({ day }) => day !== UNDATED);
    if (dated.length > 0) values.set(key, median(dated.map((profile) => measure(profile, name))));
  }
  return values;
}

/** The normal of all values but one's own; members with one value share the answer, since most values are 0. */
function leaveOneOut(values: ReadonlyMap<string, number>): (key: string) => Normal {
  const all = [...values.values()];
  const byValue = new Map<number | undefined, Normal>();
  return (key) => {
    const own = values.get(key);
    let normal = byValue.get(own);
    if (normal === undefined) {
      const index = own === undefined ? -1 : all.indexOf(own);
      normal = normalOf(all.filter((_, other) => other !== index));
      byValue.set(own, normal);
    }
    return normal;
  };
}
