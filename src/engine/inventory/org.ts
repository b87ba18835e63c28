/** The organization as the records show it: its people, and the mail domains that are its own. */

import { mailDomain } from "#base/host.ts";
import { compareText } from "#base/order.ts";
import { dayStart, HOUR_MS, UNDATED } from "#base/time.ts";
import { skeleton } from "#catalog/names.ts";
import type { Platform } from "#contract/platform.ts";
import type { Calendar } from "#engine/calendar.ts";
import type { Activity, Org, Person } from "#engine/detectors/detector.ts";
import { activityOf, automationKey, type Observations, personKey } from "#engine/observe.ts";
import { type ShownUses, shownUses } from "#engine/permissions/shown.ts";
import { placesOf } from "#engine/profile/places.ts";
import type { Profile } from "#engine/profile/profile.ts";
import type { Automation } from "./automation.ts";
import { winner, winnerBool } from "./record.ts";

/** A domain is the organization's own when at least this share of its known, non-guest people has an address in it. */
const OWN_DOMAIN_SHARE = 0.1;

/** Everybody's mail providers: however many people use them, they are nobody's own. */
const PUBLIC_MAIL: ReadonlySet<string> = new Set([
  "gmail.com",
  "googlemail.com",
  "outlook.com",
  "hotmail.com",
  "live.com",
  "msn.com",
  "yahoo.com",
  "icloud.com",
  "me.com",
  "aol.com",
  "gmx.com",
  "gmx.de",
  "gmx.net",
  "web.de",
  "mail.com",
  "mail.ru",
  "yandex.com",
  "yandex.ru",
  "proton.me",
  "protonmail.com",
  "tutanota.com",
  "qq.com",
  "163.com",
]);

/** What an organization says about itself. */
export interface OrgFacts {
  readonly id: string;
  readonly calendar: Calendar;
}

export function orgFrom(
  seen: Observations,
  { id, calendar }: OrgFacts,
  automations: readonly Automation[] = [],
): Org {
  const people = new Map<string, Person>();
  for (const [key, record] of seen.people) {
    people.set(key, {
      platform: record.platform,
      id: record.id,
      name: winner(record.names),
      isAdmin: winnerBool(record.admin),
      isGuest: winnerBool(record.guest),
      isActive: winnerBool(record.active),
    });
  }
  const byAlias = aliasKeys(seen);
  const kin = kinOf(automations);
  const activities = new Map<string, Activity>();
  const starts = startsOf(seen);
  // Worked out when a detector first asks, since many organizations never need it.
  let visits: Visits | null = null;
  const shown = new Map<Platform, ShownUses>();
  function keyOf(platform: Platform, personId: string): string {
    const key = personKey(platform, personId);
    return people.has(key) ? key : (byAlias.get(key) ?? key);
  }
  return {
    id,
    timeZone: calendar.timeZone,
    calendar,
    automations: [...automations].sort((a, b) => compareText(a.id, b.id)),
    siblings: (automation, max) => {
      const groups = kinKeys(automation).map((key) => kin.get(key) ?? []);
      // Large groups are not gone through: each of their many members would do so.
      if (groups.some(({ length }) => length > max + 1)) return null;
      const others = new Set(groups.flat().filter(({ id }) => id !== automation.id));
      return others.size > max ? null : [...others];
    },
    activityOf: ({ platform, nativeId }) => {
      const track = seen.tracks.get(automationKey(platform, nativeId));
      return track === undefined ? { profiles: [], timeline: [] } : activityOf(track);
    },
    seenAt: (place, beforeDay) => {
      visits ??= visitsOf(seen);
      const before = (days: readonly number[] | undefined) => countBelow(days ?? [], beforeDay);
      return {
        people: before(visits.people.get(place)),
        automations: before(visits.automations.get(place)),
      };
    },
    shown: (platform) => {
      const known = shown.get(platform) ?? shownUses(platform, profilesOn(seen, platform));
      shown.set(platform, known);
      return known;
    },
    recordsFrom: (platform) => starts.get(platform) ?? null,
    activity: (platform, personId) => {
      const key = keyOf(platform, personId);
      const track = seen.tracks.get(key);
      if (track === undefined) return null;
      // One object a person: several detectors ask about the same people, and keep what they work out by it.
      const held = activities.get(key) ?? activityOf(track);
      activities.set(key, held);
      return held;
    },
    domains: ownDomains(people.values()),
    person: (platform, personId) => people.get(keyOf(platform, personId)) ?? null,
  };
}

/** All days of all automations of a platform. */
function* profilesOn(seen: Observations, platform: Platform): Iterable<Profile> {
  for (const record of seen.automations.values()) {
    if (record.platform !== platform) continue;
    const track = seen.tracks.get(automationKey(platform, record.nativeId));
    if (track !== undefined) yield* track.profiles.values();
  }
}

/** By vendor and by folded name, within a platform. */
function kinOf(automations: readonly Automation[]): Map<string, Automation[]> {
  const kin = new Map<string, Automation[]>();
  for (const automation of automations) {
    for (const key of kinKeys(automation)) {
      const held = kin.get(key);
      if (held === undefined) kin.set(key, [automation]);
      else held.push(automation);
    }
  }
  return kin;
}

function kinKeys({ platform, vendor, name }: Automation): string[] {
  const keys: string[] = [];
  if (vendor !== null) keys.push(`${platform}|vendor|${vendor}`);
  const folded = name === null ? "" : skeleton(name);
  if (folded !== "") keys.push(`${platform}|name|${folded}`);
  return keys;
}

/** For each place the days on which somebody was there for the first time, one for each of them, ascending. */
interface Visits {
  readonly people: Map<string, number[]>;
  readonly automations: Map<string, number[]>;
}

function visitsOf(seen: Observations): Visits {
  const visits: Visits = { people: new Map(), automations: new Map() };
  for (const [key, { profiles }] of seen.tracks) {
    const kind = key.includes("|p|") ? visits.people : visits.automations;
    const first = new Map<string, number>();
    for (const profile of profiles.values()) {
      if (profile.day === UNDATED) continue;
      for (const place of placesOf(profile)) {
        first.set(place, Math.min(first.get(place) ?? profile.day, profile.day));
      }
    }
    for (const [place, day] of first) {
      const days = kind.get(place);
      if (days === undefined) kind.set(place, [day]);
      else days.push(day);
    }
  }
  for (const kind of [visits.people, visits.automations]) {
    for (const days of kind.values()) days.sort((a, b) => a - b);
  }
  return visits;
}

/** How many of ascending numbers are below a limit, by halves: a place that everybody knows is asked for by everybody. */
function countBelow(ascending: readonly number[], limit: number): number {
  let [from, to] = [0, ascending.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((ascending[middle] ?? limit) < limit) from = middle + 1;
    else to = middle;
  }
  return from;
}

function startsOf(seen: Observations): Map<string, number> {
  const starts = new Map<string, number>();
  for (const [key, { profiles }] of seen.tracks) {
    const platform = key.slice(0, key.indexOf("|"));
    for (const { day, hours } of profiles.values()) {
      if (day === UNDATED) continue;
      const at =
        dayStart(day) +
        Math.max(
          hours.findIndex((records) => records > 0),
          0,
        ) *
          HOUR_MS;
      if (at < (starts.get(platform) ?? Number.POSITIVE_INFINITY)) starts.set(platform, at);
    }
  }
  return starts;
}

/** From other ids of people to the key of the one person who has it; ids that two claim are nobody's. */
function aliasKeys(seen: Observations): Map<string, string> {
  const keys = new Map<string, string>();
  const disputed = new Set<string>();
  for (const [key, { platform, aliases }] of seen.people) {
    for (const alias of aliases) {
      const aliasKey = personKey(platform, alias);
      if (keys.has(aliasKey)) disputed.add(aliasKey);
      keys.set(aliasKey, key);
    }
  }
  for (const aliasKey of disputed) keys.delete(aliasKey);
  return keys;
}

function ownDomains(people: Iterable<Person>): ReadonlySet<string> {
  const counts = new Map<string, number>();
  let total = 0;
  for (const { id, isGuest } of people) {
    const domain = mailDomain(id);
    // Entra writes guests as name_their.domain#EXT#@tenant.
    if (domain === null || isGuest === true || id.includes("#ext#")) continue;
    if (PUBLIC_MAIL.has(domain)) continue;
    counts.set(domain, (counts.get(domain) ?? 0) + 1);
    total++;
  }
  const own = [...counts].filter(([, count]) => count >= Math.max(total * OWN_DOMAIN_SHARE, 1));
  return new Set(own.map(([domain]) => domain));
}

/** Whether an e-mail address or domain is outside the organization; null where the organization's domains are unknown. */
export function isOutside(org: Org, addressOrDomain: string): boolean | null {
  if (org.domains.size === 0) return null;
  const domain = mailDomain(addressOrDomain) ?? addressOrDomain.toLowerCase();
  for (const own of org.domains) if (domain === own || domain.endsWith(`.${own}`)) return false;
  return true;
}
