/** Finds automations, and accounts driven like one, that open many things to the public or to outsiders in a day. */

import type { Severity } from "#contract/finding.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { because, standing, subjectName } from "#engine/detectors/subject.ts";
import { type Reason, severityAt, succeeded, total } from "#engine/detectors/trust.ts";
import {
  comparison,
  confidenceOf,
  isCold,
  isUnusual,
  type Usual,
  usualOf,
} from "#engine/detectors/usual.ts";
import { count, dayWindow, onDay } from "#engine/detectors/window.ts";
import { CLASS_INDEX } from "#engine/profile/indexes.ts";
import { countOf, type Profile, samplesOf } from "#engine/profile/profile.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** Things opened in a day below which an app with a history is left alone: a workflow posts a few links. */
  floor: 8,
  /** The same without one. */
  coldFloor: 20,
  /** Whoever publishes for a living publishes two or three times as much before a launch. */
  timesOwnMin: 4,
  /** Counts are small here, so fewer deviations suffice than for downloads. */
  zMin: 4,
  /** People share folders by the dozen in a dialog: theirs must be many more. */
  personFloor: 40,
  /** A web editor's first day on record may open a folder of pictures. */
  personColdFloor: 80,
  /** People open a folder at a time: ten times a usual day is more than a large folder. */
  personTimesMin: 10,
  /** So many are a spree by any measure. */
  many: 100,
  /** Points from which a severity is given; a plain exceedance has 3. */
  severities: { low: 1, medium: 3, high: 5, critical: 9 } satisfies Partial<
    Record<Severity, number>
  >,
};

export const publicLinkSpree = defineDetector({
  id: "public-link-spree",
  title: "Many things were opened to the public or to outsiders",
  techniques: ["T65"],
  attackType: "data_exfiltration",
  severity: "medium",
  platforms: "all",
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    if (view.automation?.isFirstParty === true) return [];
    const isPerson = view.automation === null;
    const opened = openedByDay(view);
    const amounts = new Map([...opened].map(([day, { links, shares }]) => [day, links + shares]));
    const floor = isPerson ? limits.personFloor : limits.floor;
    return view.profiles.flatMap((profile): Evidence[] => {
      const window = dayWindow(profile.day);
      const amount = amounts.get(profile.day) ?? 0;
      const day = opened.get(profile.day);
      if (window === null || day === undefined || amount < floor) return [];
      const usual = usualOf(amounts, profile.day, null);
      const isSpree = isUnusual(usual, amount, {
        floor,
        coldFloor: isPerson ? limits.personColdFloor : limits.coldFloor,
        timesMin: isPerson ? limits.personTimesMin : limits.timesOwnMin,
        zMin: limits.zMin,
      });
      if (!isSpree) return [];
      const reasons = [
        ...manner(day, usual, amount, limits.many, openingDays(amounts, profile.day)),
        ...standing(view, profile.day),
      ];
      const points = BASE_POINTS + total(reasons) - (isCold(usual) ? 1 : 0) - (isPerson ? 1 : 0);
      const severity = severityAt(points, limits.severities);
      if (severity === null) return [];
      return [
        {
          window,
          severity,
          confidence: confidenceOf(usual) - (isPerson ? 0.1 : 0),
          explanation: explain(view, profile, day, usual, reasons),
          samples: day.samples(profile),
        },
      ];
    });
  },
});

/** Earlier days on which it opened something, after which that is its trade. */
const TRADE_DAYS = 2;
/** A working week of such days leaves little doubt. */
const MANY_TRADE_DAYS = 5;

function openingDays(amounts: ReadonlyMap<number, number>, day: number): number {
  return [...amounts].filter(([other, amount]) => other < day && amount > 0).length;
}

/** An exceedance by itself is of medium weight. */
const BASE_POINTS = 3;

/** What was opened on one day. */
interface Opened {
  /** Public links. */
  readonly links: number;
  /** Given to named outsiders, where the platform says that they are. At most as many as the timeline keeps. */
  readonly shares: number;
  /** The outsiders. */
  readonly destinations: readonly string[];
  samples(profile: Profile): Evidence["samples"];
}

function openedByDay(view: View): Map<number, Opened> {
  const entries = Map.groupBy(view.timeline.filter(isOpening), ({ day }) => day);
  return new Map(
    view.profiles.map((profile) => [
      profile.day,
      openedOn(profile, entries.get(profile.day) ?? []),
    ]),
  );
}

function isOpening(entry: TimelineEntry): boolean {
  const { kind } = entry.change;
  return (kind === "made_public" || kind === "shared_externally") && succeeded(entry);
}

const PUBLISH = CLASS_INDEX.get("publish");

function openedOn(profile: Profile, entries: readonly TimelineEntry[]): Opened {
  // What is of the class publish is counted by the profile, exactly and without a bound.
  const others = entries.filter(({ sample }) => sample.classIndex !== PUBLISH);
  const isPublic = ({ change }: TimelineEntry) => change.kind === "made_public";
  const destinations = new Set<string>();
  for (const { change } of entries) {
    if (change.kind === "shared_externally" && change.destination !== null) {
      destinations.add(change.destination);
    }
  }
  return {
    links: countOf(profile, "publish") + others.filter(isPublic).length,
    shares: others.filter((entry) => !isPublic(entry)).length,
    destinations: [...destinations].sort(),
    samples: (of) =>
      [...samplesOf(of, "publish"), ...others.map(({ sample }) => sample)].slice(0, 5),
  };
}

/** How wide things were opened, and to whom. */
function manner(
  day: Opened,
  usual: Usual,
  amount: number,
  many: number,
  openingDays: number,
): Reason[] {
  const reasons: Reason[] = [];
  if (amount >= many || (usual.basis === "own" && usual.times >= many)) {
    reasons.push({ points: 1, words: `${count(amount)} are many by any measure` });
  }
  const [only] = day.destinations;
  if (only !== undefined && day.destinations.length === 1 && day.links === 0 && amount < many) {
    const words = `all of it went to one outsider by name, ${only}, as reports for partners do`;
    reasons.push({ points: -1, words });
  }
  if (usual.basis === "own" && openingDays >= TRADE_DAYS) {
    const points = openingDays >= MANY_TRADE_DAYS ? -2 : -1;
    reasons.push({ points, words: "it opens things for a living" });
  }
  if (usual.basis === "own" && usual.normal.max === 0) {
    reasons.push({ points: 1, words: "it never opened anything on its other days" });
  }
  return reasons;
}

function explain(
  view: View,
  profile: Profile,
  day: Opened,
  usual: Usual,
  reasons: readonly Reason[],
): string {
  const parts = [
    ...(day.links > 0 ? [`opened ${count(day.links)} things to everybody by link`] : []),
    ...(day.shares > 0 ? [`gave outsiders access to ${count(day.shares)} things or more`] : []),
  ];
  return (
    `${subjectName(view)} ${parts.join(" and ")} ${onDay(profile.day)}. ${comparison(usual, "such openings")}${because(reasons)} ` +
    "Whoever has such a link needs no account here, leaves little trace, and keeps access until it is closed."
  );
}
