/** Finds automations that call far more, move far more, or reach far more people and things than they and their peers do. */

import { peerNormal } from "#engine/baseline/baseline.ts";
import type { Measure } from "#engine/baseline/measure.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { strangePlace } from "#engine/detectors/places.ts";
import { because, subjectName } from "#engine/detectors/subject.ts";
import {
  SURGE_SEVERITIES,
  type Surge,
  surgeEvidence,
  surgesOf,
  type Watch,
} from "#engine/detectors/surge.ts";
import type { Reason } from "#engine/detectors/trust.ts";
import { comparison } from "#engine/detectors/usual.ts";
import { count, listing, onDay } from "#engine/detectors/window.ts";
import { breadth, countOf, doneOf, type Profile, samplesOf } from "#engine/profile/profile.ts";

const MIB = 1_024 ** 2;

const options = {
  /** Successful calls in a day below which nothing is said, and from which they are more than a busy day's. */
  callsMin: 200,
  /** Below it the amount is modest: some integrations make thousands of calls for one report. */
  callsSolid: 5_000,
  /** A first synchronisation of a small company makes some ten thousand calls, and is innocent. */
  coldCallsMin: 20_000,
  /** MiB that answers and files had together. */
  mibMin: 512,
  /** Four gibibytes are more than the mail of a department has in a month. */
  mibSolid: 4_096,
  /** A first backup takes gibibytes at once; twenty are a whole shared drive. */
  coldMibMin: 20_480,
  /** People as whom, or for whom, it acted. */
  peopleMin: 12,
  /** More than a team: nobody gives an integration fifty people in a day by hand. */
  peopleSolid: 50,
  /** A product rolled out to a department starts with its people at once. */
  coldPeopleMin: 200,
  /** Different files, mailboxes, channels … */
  targetsMin: 100,
  /** A thousand different things in a day are a collection, not an errand. */
  targetsSolid: 1_000,
  /** A first index of a shared drive goes through thousands of files. */
  coldTargetsMin: 5_000,
  /** Outages are caught up with, and months end: three or four times a usual day is life. */
  timesOwnMin: 5,
  /** Robust standard deviations above the usual day, so that an uneven actor needs more than the multiple. */
  zMin: 6,
  /** One scale of points for all detectors of amounts (surge.ts), so that their severities mean the same. */
  severities: SURGE_SEVERITIES,
};

type Options = typeof options;

export const apiVolume = defineDetector({
  id: "api-volume",
  title: "Far more calls, or a far wider reach, than usual",
  techniques: ["T29"],
  attackType: "data_exfiltration",
  severity: "medium",
  platforms: "all",
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    if (view.automation === null || view.automation.isFirstParty) return [];
    const surges = sizesOf(limits).flatMap((size) =>
      surgesOf(view, watchOf(view, size, limits)).map((surge) => ({ ...surge, size })),
    );
    return [...Map.groupBy(surges, ({ profile }) => profile.day).values()].flatMap((found) =>
      found.some(({ profile }) => isDeleting(profile)) ? [] : claim(view, found, limits),
    );
  },
});

/** A day spent on deleting is the matter of mass-deletion, and no way of collecting. */
function isDeleting(profile: Profile): boolean {
  return countOf(profile, "delete") >= doneOf(profile) / 2;
}

/** A way in which a day can be large. */
interface Size {
  readonly unit: string;
  readonly measure: Measure | null;
  readonly floor: number;
  readonly solid: number;
  readonly coldFloor: number;
  amount(profile: Profile): number;
}

interface Sized extends Surge {
  readonly size: Size;
}

function sizesOf(options: Options): Size[] {
  return [
    {
      unit: "calls",
      measure: "events",
      floor: options.callsMin,
      solid: options.callsSolid,
      coldFloor: options.coldCallsMin,
      amount: doneOf,
    },
    {
      unit: "people",
      measure: "people",
      floor: options.peopleMin,
      solid: options.peopleSolid,
      coldFloor: options.coldPeopleMin,
      amount: (profile) => breadth(profile).people,
    },
    {
      unit: "different things",
      measure: "targets",
      floor: options.targetsMin,
      solid: options.targetsSolid,
      coldFloor: options.coldTargetsMin,
      amount: (profile) => breadth(profile).targets,
    },
    {
      unit: "MiB",
      measure: null,
      floor: options.mibMin,
      solid: options.mibSolid,
      coldFloor: options.coldMibMin,
      amount: ({ bytes }) => bytes / MIB,
    },
  ];
}

function watchOf({ baseline }: View, size: Size, { timesOwnMin, zMin }: Options): Watch {
  const { floor, solid, coldFloor, measure, amount } = size;
  return {
    limits: { floor, coldFloor, timesMin: timesOwnMin, zMin },
    solid,
    many: coldFloor,
    peers: measure === null ? null : peerNormal(baseline, measure),
    amount,
  };
}

/** One claim a day: the largest exceedance speaks, the others support it. */
function claim(view: View, found: readonly Sized[], { severities }: Options): Evidence[] {
  const [main, ...others] = [...found].sort((a, b) => b.usual.times - a.usual.times);
  if (main === undefined) return [];
  const { profile, amount, usual, size } = main;
  return surgeEvidence(view, main, {
    reasons: supportOf(others, strangePlace(view.profiles, profile.day) !== null),
    severities,
    samples: samplesOf(profile, null),
    explain: (reasons) =>
      `${subjectName(view)} came to ${count(amount)} ${size.unit} ${onDay(profile.day)}. ` +
      `${comparison(usual, size.unit)}${because(reasons)} ` +
      "An automation's work grows with the company, not overnight: a stolen token or a changed program is likely.",
  });
}

/** A wide reach and many calls go together in theft; one alone is often a busy day. */
function supportOf(others: readonly Sized[], isStrange: boolean): Reason[] {
  if (others.length === 0) {
    return isStrange ? [] : [{ points: -1, words: "nothing else about its day is unusual" }];
  }
  const parts = others.map(({ amount, size }) => `${count(amount)} ${size.unit}`);
  return [{ points: 0.5, words: `it also came to ${listing(parts)}` }];
}
