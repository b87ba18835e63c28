/** Finds access of an automation that is used from a place, or by a program, that it never used, and does odd things there. */

import type { Severity } from "#contract/finding.ts";
import {
  type Arrival,
  arrivalsOf,
  isElsewhere,
  isOwnPlace,
  isUnknownPlace,
  isWithItsPerson,
  keysOf,
  placeWords,
} from "#engine/detectors/arrivals.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import {
  datedProfiles,
  mostOf,
  oddities,
  takenOn,
  takingReason,
} from "#engine/detectors/oddities.ts";
import { evidenceOf } from "#engine/detectors/picks.ts";
import { because, subjectName } from "#engine/detectors/subject.ts";
import { type Reason, severityAt, total } from "#engine/detectors/trust.ts";
import { count, dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import { breadth } from "#engine/profile/profile.ts";

const options = {
  /** Points of place, program and doings together from which a severity is given. */
  severities: { low: 2, medium: 3, high: 5 } satisfies Partial<Record<Severity, number>>,
  /** Odd doings without which a new place stays low, and without which it is never high: vendors add servers. */
  mediumDoingsMin: 1,
  /** One unusual thing at a new place may be chance; two are what somebody came for. */
  highDoingsMin: 2,
  /** Days of the past that must know its programs, before another one is news. */
  agentDaysMin: 5,
  /** Points of the place alone from which it is more than a new server. */
  farPlaceMin: 4,
  /** So many new providers or networks within a day. */
  scatteredMin: 3,
  /** Countries of one day that are too many for a program without a past, and far too many. */
  countriesMin: 5,
  /** A proxy network changes countries all the time; no traveller sees eight in a week. */
  manyCountries: 8,
  /** People or mailboxes from which a vendor's turned integration is a matter of the whole organization. */
  supplyPeopleMin: 10,
  /** Items that must be reached in a day for that. */
  supplyItemsMin: 200,
};
type Options = typeof options;

export const newInfrastructure = defineDetector({
  id: "new-infrastructure",
  title: "Access used from a place that is new for it",
  techniques: ["T24", "T25", "T27"],
  alsoTechniques: ["T23", "T50"],
  attackType: "credential_theft",
  severity: "medium",
  platforms: "all",
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    if (view.automation === null || view.automation.isFirstParty) return [];
    const found = arrivalsOf(view).flatMap((arrival) => judge(view, arrival, limits));
    return found.length > 0 ? found : everywhere(view, limits);
  },
});

function judge(view: View, arrival: Arrival, limits: Options): Evidence[] {
  const place = placeReasons(view, arrival, limits);
  const program = programReasons(arrival, limits);
  if (place.length + program.length === 0) return [];
  const doings = doingsOf(arrival, program);
  const reasons = [...place, ...program, ...doings];
  const severity = severityOf(view, arrival, { place, program, doings }, limits);
  if (severity === null) return [];
  const isSupply = severity === "critical";
  return [
    {
      window: dayWindow(arrival.day),
      severity,
      confidence: confidenceOf(severity, reasons),
      techniques: [
        ...techniquesOf(view, { place, program }, isSupply),
        ...(newPlaces(arrival) >= limits.scatteredMin ? ["T23"] : []),
      ],
      title: titleOf(place, isSupply),
      ...(isSupply ? { attackType: "data_exfiltration" as const } : {}),
      explanation: explain(view, arrival, reasons, isSupply),
      samples: evidenceOf(arrival.days, arrival.networks),
    },
  ];
}

/** Other hours by themselves are another time zone, or servers that started at another time. */
function doingsOf({ past, days }: Arrival, program: readonly Reason[]): Reason[] {
  const found = oddities(past, days);
  const isMore = program.length > 0 || found.some(({ words }) => !words.includes("at hours"));
  return isMore ? found : [];
}

/** Without any past of its own: a credential that acts by itself from all over the world on one day is in many hands. */
function everywhere(view: View, { countriesMin, manyCountries }: Options): Evidence[] {
  const dated = datedProfiles(view.profiles);
  const isByPeople = dated.some((profile) => breadth(profile).people > 0);
  const [first] = dated.filter(({ countries }) => (countries?.size ?? 0) >= countriesMin);
  if (first === undefined || isByPeople) return [];
  const isUsual = dated.some(
    ({ day, countries }) => day !== first.day && (countries?.size ?? 0) >= countriesMin / 2,
  );
  if (isUsual) return [];
  const countries = [...(first.countries ?? [])].sort();
  return [
    {
      window: dayWindow(first.day),
      severity: countries.length >= manyCountries ? "high" : "medium",
      confidence: countries.length >= manyCountries ? 0.65 : 0.5,
      techniques: ["T23"],
      title: "One credential is used from many countries",
      explanation:
        `${subjectName(view)} acts by itself, and ${onDay(first.day)} it did so from ${countries.length} countries (${listing(countries, 5)}). A program runs in one place or two. ` +
        "A key that is at work in many at once has been copied, or is used through a network of proxies to look like many.",
      samples: evidenceOf([first]),
    },
  ];
}

interface Signs {
  readonly place: readonly Reason[];
  readonly program: readonly Reason[];
  readonly doings: readonly Reason[];
}

function placeReasons(view: View, arrival: Arrival, limits: Options): Reason[] {
  if (!isElsewhere(arrival)) return [];
  const keys = keysOf(arrival);
  // An office or a shared way out: somebody of the organization at work on the automation.
  if (keys.every((key) => isOwnPlace(view, key, arrival.day))) return [];
  if (isWithItsPerson(view, arrival)) return [];
  const isUnknown = keys.some((key) => isUnknownPlace(view, key, arrival.day));
  return [
    { points: 1, words: `it was never before at ${placeWords(arrival)}` },
    ...(isUnknown ? [{ points: 1, words: "nobody else here was seen there until that week" }] : []),
    ...(arrival.isLasting
      ? [{ points: -2, words: "it has worked there on nearly all days since" }]
      : []),
    ...(arrival.countries.length > 0 && arrival.asns.length > 0
      ? [{ points: 1, words: "the country is new, too" }]
      : []),
    ...(newPlaces(arrival) >= limits.scatteredMin
      ? [{ points: 2, words: `it came from ${newPlaces(arrival)} new places at once` }]
      : []),
    ...(arrival.isBeside ? [] : [{ points: -1, words: "all its work moved there on those days" }]),
    ...(arrival.isBeside && !arrival.isLasting
      ? [{ points: 1, words: "it goes on working from its usual place as well" }]
      : []),
  ];
}

const MANY_NETWORKS = 5;

/** A vendor adds one place at a time; a copied key is in many hands. */
function newPlaces({ networks, asns, isBlind }: Arrival): number {
  // Many networks are many hands, too, where not all of them are of the usual provider.
  const isMany = asns.length > 0 && networks.length >= MANY_NETWORKS;
  return isBlind || isMany ? networks.length : asns.length;
}

function programReasons({ agents, past }: Arrival, { agentDaysMin }: Options): Reason[] {
  if (agents.length === 0) return [];
  const knownDays = past.filter((profile) => (profile.agents?.size ?? 0) > 0).length;
  if (knownDays < agentDaysMin) return [];
  return [{ points: 1, words: `it came by a program that it never used: ${listing(agents)}` }];
}

/** A program alone is a deploy, a place alone a new server; together with odd doings they are somebody else. */
function severityOf(
  view: View,
  arrival: Arrival,
  { place, program, doings }: Signs,
  limits: Options,
): Severity | null {
  const points = total([...place, ...program, ...doings]);
  const found = severityAt(points, limits.severities);
  if (found === null) return null;
  const isScattered = newPlaces(arrival) >= limits.scatteredMin && place.length > 0;
  // Country, provider and everybody's ignorance of them are several signs already.
  const isFar = total(place) >= limits.farPlaceMin;
  const odd =
    total(doings) + (place.length > 0 ? total(program) : 0) + (isScattered || isFar ? 1 : 0);
  if (place.length === 0 && odd < 2) return null;
  if (isSupplyChain(view, arrival, points, limits)) return "critical";
  if (found === "high" && odd < limits.highDoingsMin) return "medium";
  return found === "medium" && odd < limits.mediumDoingsMin ? "low" : found;
}

/** Somebody else's app, many people's content, in bulk, from where it never was: the vendor was broken into. */
function isSupplyChain(
  view: View,
  arrival: Arrival,
  points: number,
  { severities, supplyPeopleMin, supplyItemsMin }: Options,
): boolean {
  const { automation } = view;
  if (automation === null || automation.isInternal === true || !isElsewhere(arrival)) return false;
  if (points < severities.high || automation.kind === "script") return false;
  const people = mostOf(arrival.days, (profile) => breadth(profile).people);
  const holders = new Set(view.grants.flatMap(({ principal }) => principal ?? [])).size;
  const isWide = view.grants.some(({ consent }) => consent === "tenant" || consent === "admin");
  const isMany =
    people >= supplyPeopleMin || (people === 0 && (holders >= supplyPeopleMin || isWide));
  return (
    isMany &&
    mostOf(arrival.days, takenOn) >= supplyItemsMin &&
    takingReason(arrival.past, arrival.days).points > 0
  );
}

function confidenceOf(severity: Severity, reasons: readonly Reason[]): number {
  const base = severity === "low" ? 0.25 : 0.4;
  return Math.min(base + 0.06 * total(reasons), 0.92);
}

function techniquesOf(
  { platform }: View,
  { place, program }: Pick<Signs, "place" | "program">,
  isSupply: boolean,
): string[] {
  return [
    ...(isSupply ? ["T27"] : []),
    ...(place.length > 0 ? ["T24"] : []),
    ...(program.length > 0 ? ["T25"] : []),
    ...(platform === "slack" ? ["T50"] : []),
  ];
}

function titleOf(place: readonly Reason[], isSupply: boolean): string {
  if (isSupply) return "A vendor's integration reads many people's content from a new place";
  return place.length > 0
    ? "Access used from a place that is new for it"
    : "Access used by a program that is new for it";
}

function explain(
  view: View,
  arrival: Arrival,
  reasons: readonly Reason[],
  isSupply: boolean,
): string {
  const name = subjectName(view);
  const normal = `${name} works from the same places by the same programs (${count(arrival.past.length)} earlier active days).`;
  const why = isSupply
    ? "That is what an intrusion at the vendor looks like: the vendor's own keys, used from elsewhere, for everybody's content."
    : "A token or secret works from anywhere; whoever has a copy needs no password. If nobody moved this automation, somebody else is using its access.";
  return `${normal} ${onDay(arrival.day).replace(/^o/, "O").replace(/^a/, "A")} that changed.${because(reasons)} ${why}`;
}
