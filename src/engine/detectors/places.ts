/** Whether a day's records came from somewhere that this automation is not known to come from. */

import { UNDATED } from "#base/time.ts";
import { listing } from "#engine/detectors/window.ts";
import { PLACES_MAX, type Profile } from "#engine/profile/profile.ts";

/** Active days before the judged one without which no place is strange. */
const KNOWN_DAYS_MIN = 5;
/** A place is known once it has been about for so many days: an intruder's second day does not vouch for the third. */
const SETTLED_DAYS = 7;
/** Days that brought a new place, the first day aside. With more of them the automation moves about, as clouds do. */
const MOVES_MAX = 2;

interface Kind {
  readonly words: string;
  of(profile: Profile): ReadonlySet<string> | null;
}

/** Surest first. Clouds change addresses within a provider, so the provider's number goes before the network. */
const KINDS: readonly Kind[] = [
  { words: "a country", of: ({ countries }) => countries },
  { words: "a provider's network", of: ({ asns }) => asns },
  { words: "a network", of: ({ networks }) => networks },
  { words: "a client program", of: ({ agents }) => agents },
];

/** By the profiles of an actor, since several detectors ask about the same days. */
const strangeByProfiles = new WeakMap<readonly Profile[], ReadonlyMap<number, string>>();

/** `from a network that it never used before (203.0.113.0/24)` on the day; null where nothing is new, or too little is known. */
export function strangePlace(profiles: readonly Profile[], day: number): string | null {
  let strange = strangeByProfiles.get(profiles);
  if (strange === undefined) {
    strange = strangeDays(profiles);
    strangeByProfiles.set(profiles, strange);
  }
  return strange.get(day) ?? null;
}

function strangeDays(profiles: readonly Profile[]): Map<number, string> {
  const found = new Map<number, string>();
  for (const { words, of } of KINDS) {
    for (const [day, places] of newPlaces(profiles, of)) {
      if (found.has(day)) continue;
      found.set(day, `from ${words} that it never used before (${listing(places, 2)})`);
    }
  }
  return found;
}

/** In one pass: the places of each day that came up after the first days and have not settled yet. */
function newPlaces(profiles: readonly Profile[], of: Kind["of"]): Map<number, string[]> {
  const found = new Map<number, string[]>();
  /** The day since when a place is about; the first days' places are settled from the start. */
  const since = new Map<string, number>();
  const moves: number[] = [];
  let days = 0;
  for (const profile of profiles) {
    const places = of(profile);
    if (profile.day === UNDATED || places === null) continue;
    const isKnown = days >= KNOWN_DAYS_MIN;
    const settled = profile.day - SETTLED_DAYS;
    const hasMoved = [...places].some((place) => !since.has(place));
    for (const place of places) {
      if (!since.has(place)) since.set(place, isKnown ? profile.day : Number.NEGATIVE_INFINITY);
    }
    const fresh = [...places].filter((place) => (since.get(place) ?? settled) > settled).sort();
    // What an intruder brings must not make the automation look like one that moves about.
    const moved = moves.filter((index) => index < KNOWN_DAYS_MIN || index <= days - SETTLED_DAYS);
    const isRoaming = places.size >= PLACES_MAX || moved.length > MOVES_MAX;
    if (isKnown && !isRoaming && fresh.length > 0) found.set(profile.day, fresh);
    if (hasMoved && days > 0) moves.push(days);
    days++;
  }
  return found;
}
