/** Whether a day's records came from somewhere that this automation is not known to come from. */

import { UNDATED } from "#base/time.ts";
import { listing } from "#engine/detectors/window.ts";
import { PLACES_MAX, type Profile } from "#engine/profile/profile.ts";

/** Active days before the judged one without which no place is strange. */
const KNOWN_DAYS_MIN = 5;
/** What acts seldom is known by fewer days, if these are far enough apart. */
const SELDOM_DAYS_MIN = 2;
const SELDOM_SPAN_DAYS = 7;
/** A place is known once it has been about for so many days: an intruder's second day does not vouch for the third. */
const SETTLED_DAYS = 7;
interface Kind {
  readonly words: string;
  /** Days that brought a new place, the first day aside. With more of them the automation moves about, as clouds do. */
  readonly movesMax: number;
  of(profile: Profile): ReadonlySet<string> | null;
}

/** The most telling first: the first kind that is new gives the words. */
const KINDS: readonly Kind[] = [
  { words: "a country", movesMax: 2, of: ({ countries }) => countries },
  { words: "a provider's network", movesMax: 2, of: ({ asns }) => asns },
  // Where the provider is known, another address of it is hardly news: see `besidePlace`.
  {
    words: "a network",
    movesMax: 2,
    of: ({ networks, asns }) => (asns === null ? networks : null),
  },
  { words: "a client program", movesMax: 2, of: ({ agents }) => agents },
];

/** Customers of one cloud share its provider, so that a thief may rent next door. */
const NEXT_DOOR: Kind = {
  words: "another network of its provider",
  // Cloud services have machines in many networks: only what kept to its own says something by a new one.
  movesMax: 1,
  of: ({ networks }) => networks,
};

/** What a day's places say. */
interface News {
  /** By day: `from a network that it never used before (203.0.113.0/24)`. */
  readonly strange: ReadonlyMap<number, string>;
  /** By day the same of another network of a provider that it has always used. */
  readonly beside: ReadonlyMap<number, string>;
  /** Days on which everything came from where it always came from. */
  readonly usual: ReadonlySet<number>;
}

/** By the profiles of an actor, since several detectors ask about the same days. */
const newsByProfiles = new WeakMap<readonly Profile[], News>();

function newsOf(profiles: readonly Profile[]): News {
  let news = newsByProfiles.get(profiles);
  if (news === undefined) {
    const strange = new Map<number, string>();
    const usual = new Set<number>();
    for (const kind of KINDS) {
      const { fresh, known } = newPlaces(profiles, kind);
      for (const [day, places] of fresh) {
        if (strange.has(day)) continue;
        strange.set(day, wordsOf(kind, places));
      }
      for (const day of known) usual.add(day);
    }
    const beside = new Map<number, string>();
    for (const [day, places] of newPlaces(profiles, NEXT_DOOR).fresh) {
      if (!strange.has(day)) beside.set(day, wordsOf(NEXT_DOOR, places));
    }
    for (const day of [...strange.keys(), ...beside.keys()]) usual.delete(day);
    news = { strange, beside, usual };
    newsByProfiles.set(profiles, news);
  }
  return news;
}

function wordsOf({ words }: Kind, places: readonly string[]): string {
  return `from ${words} that it never used before (${listing(places, 2)})`;
}

/** Where a day came from, if that is strange; null where nothing is new, or too little is known. */
export function strangePlace(profiles: readonly Profile[], day: number): string | null {
  return newsOf(profiles).strange.get(day) ?? null;
}

/**
 * Where a day came from, if that is another network of the provider that it has always used: a vendor's new machine, or
 * somebody else who rents there. Told only of what kept to few networks; clouds that scale come from many.
 */
export function besidePlace(profiles: readonly Profile[], day: number): string | null {
  return newsOf(profiles).beside.get(day) ?? null;
}

/** Whether a day came from the places that are long known, and from no other. */
export function isUsualPlace(profiles: readonly Profile[], day: number): boolean {
  return newsOf(profiles).usual.has(day);
}

/** In one pass: for each day the places that came up after the first days and have not settled yet, and the days without. */
function newPlaces(
  profiles: readonly Profile[],
  { of, movesMax }: Kind,
): { fresh: Map<number, string[]>; known: Set<number> } {
  const fresh = new Map<number, string[]>();
  const known = new Set<number>();
  /** The day since when a place is about; the first days' places are settled from the start. */
  const since = new Map<string, number>();
  const moves: number[] = [];
  const active: number[] = [];
  let lastAtHome = FIRST;
  let first: number | null = null;
  let days = 0;
  for (const profile of profiles) {
    const places = of(profile);
    if (profile.day === UNDATED || places === null) continue;
    first ??= profile.day;
    const isKnown =
      days >= KNOWN_DAYS_MIN ||
      (days >= SELDOM_DAYS_MIN && profile.day - first >= SELDOM_SPAN_DAYS);
    const settled = profile.day - SETTLED_DAYS;
    const hasMoved = [...places].some((place) => !since.has(place));
    for (const place of places) {
      if (!since.has(place)) since.set(place, isKnown ? profile.day : FIRST);
    }
    const young = [...places].filter((place) => (since.get(place) ?? settled) > settled).sort();
    // What an intruder brings must not make the automation look like one that moves about.
    const moved = moves.filter((index) => index < KNOWN_DAYS_MIN || index <= days - SETTLED_DAYS);
    const isRoaming = places.size >= PLACES_MAX || moved.length > movesMax;
    if ([...places].some((place) => since.get(place) === FIRST)) lastAtHome = profile.day;
    if (isKnown && !isRoaming) {
      if (young.length > 0) fresh.set(profile.day, young);
      else known.add(profile.day);
    }
    if (hasMoved && days > 0) moves.push(days);
    active.push(profile.day);
    days++;
  }
  for (const [day, young] of fresh) {
    const came = Math.min(...young.map((place) => since.get(place) ?? day));
    if (hasMovedHouse(active, came, lastAtHome)) fresh.delete(day);
  }
  return { fresh, known };
}

/** The places of the first days are at home from the start. */
const FIRST = Number.NEGATIVE_INFINITY;
/** Active days in a new place, and none at home, that show a move: a thief's customers go on working where they are. */
const MOVED_DAYS = 3;
/** What slept longer before did not move: somebody woke it. */
const PACKING_DAYS = 4;

function hasMovedHouse(active: readonly number[], came: number, lastAtHome: number): boolean {
  return (
    lastAtHome <= came &&
    lastAtHome >= came - PACKING_DAYS &&
    active.filter((day) => day > came).length >= MOVED_DAYS
  );
}
