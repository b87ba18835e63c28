/** What is normal for one automation: robust statistics over its own days, and over its peers' days. */

import { ascending, mad, median, quantile } from "#base/stats.ts";
import { UNDATED } from "#base/time.ts";
import { ACTION_CLASSES, type ActionClass } from "#contract/event.ts";
import { breadth, busiestMinute, countOf, type Profile } from "#engine/profile/profile.ts";

/** What can be compared from day to day. */
export type Measure =
  | ActionClass
  | "events"
  | "failures"
  | "throttled"
  | "bytes"
  | "targets"
  | "people"
  | "ips"
  | "busiest_minute";

/** A robust summary of a sample of days. All NaN where `days` is 0. */
export interface Normal {
  readonly days: number;
  readonly median: number;
  /** Median absolute deviation, unscaled. */
  readonly mad: number;
  readonly p95: number;
  readonly max: number;
}

/** Learnt from past profiles; plain data, so that it can be exported and explained. */
export interface Baseline {
  /** Each active, dated day with its measures, ascending. */
  readonly days: readonly {
    readonly day: number;
    readonly measures: ReadonlyMap<Measure, number>;
  }[];
  /** Days from the first to the last active one, the idle between them included. */
  readonly spanDays: number;
  /** Active days of automations of the same kind and platform, itself left out. */
  readonly peers: ReadonlyMap<Measure, Normal>;
  /** Records by hour of the week in UTC (0 = Monday 00:00). */
  readonly hoursOfWeek: readonly number[];
}

const MEASURES: readonly Measure[] = [
  ...ACTION_CLASSES,
  "events",
  "failures",
  "throttled",
  "bytes",
  "targets",
  "people",
  "ips",
  "busiest_minute",
];

/** One day's value of a measure. */
export function measure(profile: Profile, name: Measure): number {
  switch (name) {
    case "events":
    case "failures":
    case "throttled":
    case "bytes":
      return profile[name];
    case "targets":
    case "people":
    case "ips":
      return breadth(profile)[name];
    case "busiest_minute":
      return busiestMinute(profile).count;
    default:
      return countOf(profile, name);
  }
}

export function learnBaseline(
  profiles: readonly Profile[],
  peers: ReadonlyMap<Measure, Normal> = new Map(),
): Baseline {
  const dated = profiles.filter(({ day }) => day !== UNDATED).sort((a, b) => a.day - b.day);
  const hoursOfWeek = new Array<number>(168).fill(0);
  for (const { day, hours } of dated) {
    for (const [hour, count] of hours.entries()) {
      const index = hourOfWeek(day, hour);
      hoursOfWeek[index] = (hoursOfWeek[index] ?? 0) + count;
    }
  }
  const first = dated[0]?.day ?? 0;
  const last = dated.at(-1)?.day ?? -1;
  return {
    days: dated.map((profile) => ({ day: profile.day, measures: measuresOf(profile) })),
    spanDays: last - first + 1,
    peers,
    hoursOfWeek,
  };
}

/** Only what is not zero, since most measures of most days are. */
function measuresOf(profile: Profile): Map<Measure, number> {
  const found = new Map<Measure, number>();
  for (const name of MEASURES) {
    const value = measure(profile, name);
    if (value !== 0) found.set(name, value);
  }
  return found;
}

/** Hour of the week of an hour of a UTC day; day 0, 1970-01-01, was a Thursday. */
export function hourOfWeek(day: number, hour: number): number {
  return ((day + 3) % 7) * 24 + hour;
}

/**
 * What is normal for the automation on days other than `exceptDay`, which is the one being judged: an attack does not
 * vouch for itself. Only active days count.
 */
export function ownNormal(baseline: Baseline, name: Measure, exceptDay: number): Normal {
  const values: number[] = [];
  for (const { day, measures } of baseline.days) {
    if (day !== exceptDay) values.push(measures.get(name) ?? 0);
  }
  return normalOf(values);
}

/** What is normal for its peers; `days` is 0 where it has none. */
export function peerNormal(baseline: Baseline, name: Measure): Normal {
  return baseline.peers.get(name) ?? NOTHING;
}

const NOTHING: Normal = {
  days: 0,
  median: Number.NaN,
  mad: Number.NaN,
  p95: Number.NaN,
  max: Number.NaN,
};

export function normalOf(values: readonly number[]): Normal {
  if (values.length === 0) return NOTHING;
  const sorted = ascending(values);
  return {
    days: values.length,
    median: median(values),
    mad: mad(values),
    p95: quantile(sorted, 0.95),
    max: sorted.at(-1) ?? Number.NaN,
  };
}

/** How many robust standard deviations `value` lies above normal; MAD × 1.4826 estimates sigma (Rousseeuw & Croux 1993). */
export function robustZ(normal: Normal, value: number): number {
  if (normal.days === 0) return Number.NaN;
  // A floor of one keeps a perfectly steady history from turning one more action into infinity.
  const sigma = Math.max(1.4826 * normal.mad, Math.sqrt(Math.max(normal.median, 1)), 1);
  return (value - normal.median) / sigma;
}

/**
 * Baselines for many automations at once. Peers are of the same group; each one's peers leave itself out, which is
 * done per group with at most `PEERS_MAX` automations, the first by key, to stay linear.
 */
export function learnBaselines(
  members: readonly { key: string; group: string; profiles: readonly Profile[] }[],
): Map<string, Baseline> {
  const groups = new Map<string, { key: string; profiles: readonly Profile[] }[]>();
  for (const member of [...members].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    const group = groups.get(member.group) ?? [];
    if (group.length < PEERS_MAX) group.push(member);
    groups.set(member.group, group);
  }
  const peersOf = new Map<string, (key: string) => ReadonlyMap<Measure, Normal>>();
  for (const [name, group] of groups) peersOf.set(name, peerNormals(group));
  const baselines = new Map<string, Baseline>();
  for (const { key, group, profiles } of members) {
    baselines.set(key, learnBaseline(profiles, peersOf.get(group)?.(key)));
  }
  return baselines;
}

const PEERS_MAX = 200;
/** A group needs this many members before its days say what is normal for one of them. */
const PEERS_MIN = 3;

/** For each member what is normal for the others of its group. */
function peerNormals(
  group: readonly { key: string; profiles: readonly Profile[] }[],
): (key: string) => ReadonlyMap<Measure, Normal> {
  if (group.length < PEERS_MIN) return () => new Map();
  const measures = MEASURES.map((name) => {
    // One number a member, its own median day, so that a busy member does not speak for all.
    const values = new Map<string, number>();
    for (const { key, profiles } of group) {
      const dated = profiles.filter(({ day }) => day !== UNDATED);
      if (dated.length > 0) values.set(key, median(dated.map((profile) => measure(profile, name))));
    }
    return { name, others: leaveOneOut(values) };
  });
  return (key) => {
    const normals = new Map<Measure, Normal>();
    for (const { name, others } of measures) {
      const normal = others(key);
      if (normal.max > 0) normals.set(name, normal);
    }
    return normals;
  };
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
