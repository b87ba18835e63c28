/** Finds sessions that are used from a strange place beside the usual one, and sign-ins by code that end up elsewhere. */

import { compareText } from "#base/order.ts";
import type { Severity } from "#contract/finding.ts";
import {
  ARRIVAL_LIMITS,
  keysOf as arrivalKeys,
  arrivalsOf,
  isElsewhere,
  isOwnPlace,
  placeWords,
} from "#engine/detectors/arrivals.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { datedProfiles, oddities } from "#engine/detectors/oddities.ts";
import { evidenceOf } from "#engine/detectors/picks.ts";
import { because, subjectName } from "#engine/detectors/subject.ts";
import { type Reason, severityAt, total } from "#engine/detectors/trust.ts";
import { count, dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import { asnKey, networkKey, type Place, placesIn } from "#engine/profile/places.ts";
import { type Profile, traitOf } from "#engine/profile/profile.ts";

const options = {
  /** Active days of the past that say where somebody usually is. */
  pastDaysMin: 5,
  /** Share of the days on which a session was somewhere new, beyond which that is usual; at least one. */
  roamingShareMax: 0.15,
  /** Sessions that stay at home on the day, beside the one that is elsewhere: a traveller takes all of them along. */
  homeSessionsMin: 2,
  /** Strange places of one session in a day that are many. */
  severalMin: 2,
  /** Home, office, telephone: from the fourth place on it is no usual day. */
  manyMin: 4,
  /** Days after a claim that belong to it. */
  sameDays: 7,
  /** Points from which each severity is given. */
  severities: { low: 2, medium: 3, high: 5 } satisfies Partial<Record<Severity, number>>,
};
type Options = typeof options;

export const stolenSession = defineDetector({
  id: "stolen-session",
  title: "A session is used from a strange place beside the usual one",
  techniques: ["T26"],
  alsoTechniques: ["T05", "T06", "T23"],
  attackType: "credential_theft",
  severity: "medium",
  platforms: "all",
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    if (view.automation?.isFirstParty === true) return [];
    return [...splitSessions(view, limits), ...codesElsewhere(view, limits)];
  },
});

/** A session that day, with the strange places among those that it was used from. */
interface Split {
  readonly places: readonly Place[];
  readonly strange: readonly Place[];
}

function splitSessions(view: View, limits: Options): Evidence[] {
  const dated = datedProfiles(view.profiles);
  const known = new Set<string>();
  const found: Evidence[] = [];
  let strangeDays = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const [index, profile] of dated.entries()) {
    const splits = splitsOf(profile, known);
    const [worst] = splits.sort((a, b) => b.strange.length - a.strange.length);
    const isRoaming = strangeDays > Math.max(1, index * limits.roamingShareMax);
    if (worst !== undefined && index >= limits.pastDaysMin) {
      if (!isRoaming && profile.day >= until) {
        const claim = judgeSplit(view, dated.slice(0, index), profile, worst, limits);
        if (claim !== null) {
          found.push(claim);
          until = profile.day + limits.sameDays;
        }
      }
      strangeDays++;
    }
    for (const key of keysOn(profile)) known.add(key);
  }
  return found;
}

/** Sessions of a day that were at a usual place and at strange ones as well. */
function splitsOf(profile: Profile, known: ReadonlySet<string>): Split[] {
  return [...(profile.sessions ?? [])].flatMap(([, text]): Split[] => {
    const places = distinctPlaces(placesIn(text));
    if (places.length < 2) return [];
    const strange = places.filter((place) => !keysOf(place).some((key) => known.has(key)));
    const isBeside = strange.length < places.length || strange.length >= 3;
    return strange.length > 0 && isBeside ? [{ places, strange }] : [];
  });
}

/** One of each provider, or of each network where no record names the provider. */
function distinctPlaces(places: readonly Place[]): Place[] {
  const provider = new Map(
    places.flatMap(({ network, asn }) => (asn === "" ? [] : [[network, asn] as const])),
  );
  const byKey = new Map<string, Place>();
  for (const place of places) {
    const asn = place.asn || (provider.get(place.network) ?? "");
    const key = asn === "" ? place.network : asn;
    const held = byKey.get(key);
    byKey.set(key, { ...place, asn, country: place.country || (held?.country ?? "") });
  }
  return [...byKey.values()].sort((a, b) => compareText(a.network, b.network));
}

function keysOf({ network, asn }: Place): string[] {
  return asn === "" ? [networkKey(network)] : [networkKey(network), asnKey(asn)];
}

function keysOn({ networks, asns }: Profile): string[] {
  return [...[...(networks ?? [])].map(networkKey), ...[...(asns ?? [])].map(asnKey)];
}

function judgeSplit(
  view: View,
  past: readonly Profile[],
  profile: Profile,
  split: Split,
  limits: Options,
): Evidence | null {
  const strange = split.strange.filter(
    ({ network }) => !isOwnPlace(view, networkKey(network), profile.day),
  );
  if (strange.length === 0) return null;
  const doings = doingReasons(view, past, profile);
  const alone = aloneReason(profile, strange, limits);
  const flow = flowReason(profile, alone);
  const several = severalReason(strange, limits);
  const reasons = [
    {
      points: 1,
      words: `one session was used from ${listing(strange.map(wordsOf))}, which is none of the organization's own networks, and from its usual place on the same day`,
    },
    several,
    countryReason(split, strange),
    alone,
    flow,
    ...doings,
  ].filter(({ points }) => points > 0);
  const found = severityAt(total(reasons), limits.severities);
  if (found === null) return null;
  const isOdd = several.points + flow.points + total(doings) > 0;
  return {
    window: dayWindow(profile.day),
    severity: isOdd ? found : "low",
    confidence: Math.min((view.person === null ? 0.38 : 0.35) + 0.06 * total(reasons), 0.9),
    techniques: [
      flow.points > 0 ? "T05" : "T26",
      ...(strange.length >= limits.manyMin ? ["T23"] : []),
    ],
    explanation:
      `A session stays where it was opened: ${subjectName(view)} worked like that on ${count(past.length)} earlier active days. ${capital(onDay(profile.day))} that changed.` +
      `${because(reasons)} A copied token or cookie is a session in two hands. Changing the password does not end it; ending the session does.`,
    samples: evidenceOf(
      [profile],
      strange.map(({ network }) => network),
    ),
  };
}

function wordsOf({ network, asn, country }: Place): string {
  const about = [country, asn === "" ? "" : `AS${asn}`].filter((part) => part !== "");
  return about.length === 0 ? network : `${network} (${about.join(", ")})`;
}

function severalReason(strange: readonly Place[], { severalMin, manyMin }: Options): Reason {
  if (strange.length < severalMin) return NOTHING;
  return {
    points: strange.length >= manyMin ? 3 : 2,
    words: `that are ${strange.length} different networks in one day`,
  };
}

function countryReason({ places }: Split, strange: readonly Place[]): Reason {
  const away = new Set(strange.map(({ country }) => country));
  const isAbroad = places.some(
    ({ country }) => country !== "" && !away.has(country) && !away.has(""),
  );
  return isAbroad ? { points: 1, words: "the places are in different countries" } : NOTHING;
}

/** The owner's other sessions stay at home: nobody travels. */
function aloneReason(
  profile: Profile,
  strange: readonly Place[],
  { homeSessionsMin }: Options,
): Reason {
  const away = new Set(strange.map(({ network }) => network));
  const sessions = [...(profile.sessions ?? [])].map(([, text]) => placesIn(text));
  const outside = sessions.filter((places) => places.some(({ network }) => away.has(network)));
  const home = sessions.length - outside.length;
  return outside.length === 1 && home >= homeSessionsMin
    ? { points: 1, words: `${count(home)} other sessions stayed at home that day` }
    : NOTHING;
}

/** An authorization code on that day: what command-line clients get, and what victims are talked into pasting somewhere. */
function flowReason(profile: Profile, alone: Reason): Reason {
  return traitOf(profile, "auth_code") > 0 && alone.points > 0
    ? { points: 1, words: "an authorization code was given out that day" }
    : NOTHING;
}

/** People work at all hours, above all when they travel, and open a dozen things where they opened four. */
function doingReasons(view: View, past: readonly Profile[], profile: Profile): Reason[] {
  const found = oddities(past, [profile]);
  return view.person === null
    ? found
    : found.filter(({ words }) => !/hours|different things/.test(words));
}

/** A code typed on one device and a token used on another, in a place that is strange: the device code was somebody else's. */
function codesElsewhere(view: View, limits: Options): Evidence[] {
  const dated = datedProfiles(view.profiles);
  const first = dated.findIndex((profile) => traitOf(profile, "device_code") > 0);
  const profile = dated[first];
  if (profile === undefined || first < limits.pastDaysMin) return [];
  // People have a home, an office and a telephone before anything is strange.
  const arrival = arrivalsOf(view, { ...ARRIVAL_LIMITS, roamingDaysMin: 3 }).find(
    (one) => isElsewhere(one) && one.day >= profile.day && one.day <= profile.day + 1,
  );
  if (arrival === undefined) return [];
  if (arrivalKeys(arrival).every((key) => isOwnPlace(view, key, arrival.day))) return [];
  const doings = doingReasons(view, arrival.past, profile);
  const reasons = [
    { points: 1, words: "it is the first sign-in by device code on record" },
    {
      points: 1,
      words: `it leads to ${placeWords(arrival)}, which is none of the organization's own networks`,
    },
    ...(arrival.isBeside ? [{ points: 1, words: "work at the usual place goes on" }] : []),
    ...(traitOf(profile, "unmanaged") > 0 &&
    !dated.slice(0, first).some((one) => traitOf(one, "unmanaged") > 0)
      ? [{ points: 1, words: "the device is not the organization's" }]
      : []),
    ...(arrival.countries.length > 0 ? [{ points: 1, words: "the country is new, too" }] : []),
    ...doings,
  ];
  const found = severityAt(total(reasons), limits.severities);
  if (found === null) return [];
  // At home, in front of the own television, it looks the same but for this.
  const severity = total(doings) > 0 || arrival.countries.length > 0 ? found : "low";
  return [
    {
      window: dayWindow(profile.day),
      key: "device code",
      severity,
      confidence: Math.min(0.35 + 0.06 * total(reasons), 0.9),
      techniques: ["T06"],
      title: "A device code was used elsewhere",
      explanation:
        `${subjectName(view)} signed in by a code typed on another device ${onDay(profile.day)}, which is meant for screens without a keyboard.` +
        `${because(reasons)} Intruders start such a sign-in themselves and send the code in a message; whoever types it hands them a token that lasts for months.`,
      samples: evidenceOf([profile], arrival.networks),
    },
  ];
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const NOTHING: Reason = { points: 0, words: "" };
