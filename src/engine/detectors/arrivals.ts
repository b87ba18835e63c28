/** First days at a new place or with a new kind of program, as one actor's own days tell them: shared by detectors of stolen access. */

import type { View } from "#engine/detectors/detector.ts";
import { datedProfiles } from "#engine/detectors/oddities.ts";
import { asnKey, countryKey, networkKey } from "#engine/profile/places.ts";
import type { Profile } from "#engine/profile/profile.ts";

export interface ArrivalLimits {
  /** Active days that must come before: fewer do not say where somebody usually is. */
  readonly pastDaysMin: number;
  /** Days from the first to the last of them. */
  readonly pastSpanDays: number;
  /** What acts seldom is known by fewer days, if these are far enough apart. */
  readonly seldomDaysMin: number;
  readonly seldomSpanDays: number;
  /** Earlier days with something new, beyond which being somewhere new is usual: as a share of all, and so many at least. */
  readonly roamingShareMax: number;
  readonly roamingDaysMin: number;
  /** So many days after an arrival still belong to it. */
  readonly daysMax: number;
  /** Active days after which it can be told that somebody has moved for good. */
  readonly moveDaysMin: number;
  /** Active days, and the share of them at the new place, after which it has come to stay. */
  readonly lastingDaysMin: number;
  readonly lastingShareMin: number;
}

export const ARRIVAL_LIMITS: ArrivalLimits = {
  /** A working week. */
  pastDaysMin: 5,
  /** Over a week, so that weekends and the days of part-time work are in it. */
  pastSpanDays: 6,
  /** Twice in the same place a week apart is a weekly job at home; `places.ts` takes it so too. */
  seldomDaysMin: 2,
  seldomSpanDays: 7,
  /** Somebody with a new network on every seventh day is a traveller, or behind a provider that moves its addresses. */
  roamingShareMax: 0.15,
  /** One trip makes no traveller. */
  roamingDaysMin: 1,
  /** Stolen tokens are used within hours and days; a sixth day is a new habit. */
  daysMax: 5,
  /** Three days without the old place: a day off and a weekend are shorter. */
  moveDaysMin: 3,
  /** As many days as made the old place known. */
  lastingDaysMin: 6,
  /** Servers work from where they stand; a day or so of the old pool may linger. */
  lastingShareMin: 0.9,
};

/** The first days of anything are all news; what counts is how often there is news later. */
const SETTLING_DAYS = 2;

/** One first day somewhere, with what it was first at. */
export interface Arrival {
  readonly day: number;
  /** The day itself and the next few on which it was there again. */
  readonly days: readonly Profile[];
  /** All active days before. */
  readonly past: readonly Profile[];
  readonly networks: readonly string[];
  readonly asns: readonly string[];
  readonly countries: readonly string[];
  readonly agents: readonly string[];
  /** Whether the records leave out providers, so that networks are all there is to go by. */
  readonly isBlind: boolean;
  /** Whether it was at a usual place on the same days too: what moves for good is not. */
  readonly isBeside: boolean;
  /** Whether it is at the new place on nearly all days from then on: servers that were added stay. */
  readonly isLasting: boolean;
}

/**
 * Arrivals of an actor with a steady past. None for one that is often somewhere new, nor where it left its old places
 * for good: a vendor that moves its servers does both, a thief works beside the owner.
 */
export function arrivalsOf(
  { profiles }: View,
  limits: ArrivalLimits = ARRIVAL_LIMITS,
): readonly Arrival[] {
  // Several detectors ask about the same days, some of them once for each of many changes.
  const held = limits === ARRIVAL_LIMITS ? arrivalsByProfiles.get(profiles) : undefined;
  if (held !== undefined) return held;
  const found = arrivalsIn(datedProfiles(profiles), limits);
  if (limits === ARRIVAL_LIMITS) arrivalsByProfiles.set(profiles, found);
  return found;
}

/** Under the usual limits. */
const arrivalsByProfiles = new WeakMap<readonly Profile[], readonly Arrival[]>();

function arrivalsIn(dated: readonly Profile[], limits: ArrivalLimits): Arrival[] {
  const known = { networks: new Set<string>(), asns: new Set<string>() };
  const countries = new Set<string>();
  const agents = new Set<string>();
  const found: Arrival[] = [];
  let newsDays = 0;
  let agentNewsDays = 0;
  for (const [index, profile] of dated.entries()) {
    const fresh = {
      networks: unseen(profile.networks, known.networks),
      asns: unseen(profile.asns, known.asns),
      countries: unseen(profile.countries, countries),
      agents: unseen(profile.agents, agents),
    };
    const isBlind = known.asns.size === 0;
    const hasPast = isKnownAfter(index, spanOf(dated, index), limits);
    const isPlaceNew =
      fresh.countries.length > 0 || (isBlind ? fresh.networks : fresh.asns).length > 0;
    const allowed = Math.max(limits.roamingDaysMin, Math.floor(index * limits.roamingShareMax));
    const isRoaming = newsDays > allowed;
    const isChanging = agentNewsDays > allowed;
    if (hasPast && ((isPlaceNew && !isRoaming) || (fresh.agents.length > 0 && !isChanging))) {
      const arrival = {
        day: profile.day,
        past: dated.slice(0, index),
        networks: isPlaceNew && !isRoaming ? fresh.networks : [],
        asns: isRoaming ? [] : fresh.asns,
        countries: isRoaming ? [] : fresh.countries,
        agents: isChanging ? [] : fresh.agents,
        isBlind,
      };
      const days = daysOf(arrival, dated.slice(index), limits);
      const isBeside = days.some((day) => wasKnown(day, known, isBlind));
      const isMove = hasMoved(arrival, dated.slice(index + 1), known, limits);
      const isLasting = hasCome(arrival, dated.slice(index + 1), limits);
      if (!isMove) found.push({ ...arrival, days, isBeside, isLasting });
    }
    if (index >= SETTLING_DAYS && isPlaceNew) newsDays++;
    if (index >= SETTLING_DAYS && fresh.agents.length > 0) agentNewsDays++;
    for (const network of fresh.networks) known.networks.add(network);
    for (const asn of fresh.asns) known.asns.add(asn);
    for (const country of fresh.countries) countries.add(country);
    for (const agent of fresh.agents) agents.add(agent);
  }
  return found;
}

/** Others who came to a place in the same week may be victims of the same intruder; those of longer ago vouch for it. */
const VOUCHING_DAYS = 7;

/** Whether people of the organization work at a place: an office, a private network, a shared way out. */
export function isOwnPlace(view: View, place: string, day: number): boolean {
  return view.org.seenAt(place, day - VOUCHING_DAYS).people >= OWN_PEOPLE_MIN;
}

/** Whether hardly anybody was at a place well before a day, neither people nor other automations. */
export function isUnknownPlace(view: View, place: string, day: number): boolean {
  const { people, automations } = view.org.seenAt(place, day - VOUCHING_DAYS);
  return people + automations === 0;
}

/** So many people make a place one of the organization's own; programs share clouds with everybody. */
const OWN_PEOPLE_MIN = 4;

/** The keys of the new place, as closely as the records tell it. */
export function keysOf({ networks, asns, countries }: Arrival): string[] {
  if (networks.length > 0) return networks.map(networkKey);
  return asns.length > 0 ? asns.map(asnKey) : countries.map(countryKey);
}

/** So many people at most are asked whether they went along. */
const COMPANIONS_MAX = 5;

/** Whether the person for whom it works was there, too: an app in a traveller's pocket. */
export function isWithItsPerson(view: View, { day, networks, asns }: Arrival): boolean {
  const { automation, platform } = view;
  const people = new Set([
    ...view.grants.flatMap(({ principal }) => principal ?? []),
    ...(automation?.owners ?? []).map(({ principal }) => principal),
  ]);
  if (people.size > COMPANIONS_MAX) return false;
  return [...people].some((id) =>
    (view.org.activity(platform, id)?.profiles ?? []).some(
      (profile) =>
        Math.abs(profile.day - day) <= 1 &&
        (networks.some((network) => profile.networks?.has(network)) ||
          asns.some((asn) => profile.asns?.has(asn))),
    ),
  );
}

/** Whether it came to a new place at all, not only with a new program. */
export function isElsewhere({ networks, asns, countries, isBlind }: Arrival): boolean {
  return countries.length > 0 || (isBlind ? networks : asns).length > 0;
}

/** `provider 64500, country NL`, as far as the records tell. */
export function placeWords({ networks, asns, countries }: Arrival): string {
  const parts = [
    ...countries.map((country) => `country ${country}`),
    ...asns.map((asn) => `provider AS${asn}`),
    ...networks.slice(0, 2).map((network) => `network ${network}`),
  ];
  return parts.slice(0, 4).join(", ");
}

function unseen(values: ReadonlySet<string> | null, known: ReadonlySet<string>): string[] {
  // Nothing is new where nothing was known.
  if (values === null) return [];
  return [...values].filter((value) => !known.has(value)).sort();
}

function isKnownAfter(days: number, span: number, limits: ArrivalLimits): boolean {
  return (
    (days >= limits.pastDaysMin && span >= limits.pastSpanDays) ||
    (days >= limits.seldomDaysMin && span >= limits.seldomSpanDays)
  );
}

function spanOf(dated: readonly Profile[], index: number): number {
  return (dated[index]?.day ?? 0) - (dated[0]?.day ?? 0);
}

type Found = Pick<Arrival, "day" | "networks" | "asns" | "countries" | "agents">;

function isThere(profile: Profile, { networks, asns, countries, agents }: Found): boolean {
  return (
    networks.some((network) => profile.networks?.has(network)) ||
    asns.some((asn) => profile.asns?.has(asn)) ||
    countries.some((country) => profile.countries?.has(country)) ||
    agents.some((agent) => profile.agents?.has(agent))
  );
}

function daysOf(arrival: Found, from: readonly Profile[], { daysMax }: ArrivalLimits): Profile[] {
  return from.filter((profile) => profile.day < arrival.day + daysMax && isThere(profile, arrival));
}

interface Known {
  readonly networks: ReadonlySet<string>;
  readonly asns: ReadonlySet<string>;
}

function wasKnown(profile: Profile, known: Known, isBlind: boolean): boolean {
  const [places, old] = isBlind ? [profile.networks, known.networks] : [profile.asns, known.asns];
  return places !== null && [...places].some((place) => old.has(place));
}

function hasCome(
  arrival: Found,
  later: readonly Profile[],
  { lastingDaysMin, lastingShareMin }: ArrivalLimits,
): boolean {
  if (later.length < lastingDaysMin) return false;
  const there = later.filter((day) => isThere(day, arrival));
  return there.length >= later.length * lastingShareMin;
}

/** In the end only at the new place: the last days have nothing of the old ones. */
function hasMoved(
  arrival: Found & { isBlind: boolean },
  later: readonly Profile[],
  known: Known,
  { moveDaysMin }: ArrivalLimits,
): boolean {
  if (later.length < moveDaysMin) return false;
  return later
    .slice(-moveDaysMin)
    .every((day) => isThere(day, arrival) && !wasKnown(day, known, arrival.isBlind));
}
