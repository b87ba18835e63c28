/** Finds apps and accounts in Slack that read, search and list across far more channels and files than they usually do. */

import { ACTION_CLASSES, type ActionClass } from "#contract/event.ts";
import { defineDetector, type View } from "#engine/detectors/detector.ts";
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
import { breadth, countOf, type Profile, samplesOf, traitOf } from "#engine/profile/profile.ts";

const options = {
  /** Looks into channels and files in a day below which an app with a history is left alone. */
  floor: 50,
  /** Slack gives 50 pages a minute to apps it lists: five minutes of it, which no task of a bot needs. */
  solid: 240,
  /** A search or archive product reads some hundred pages when it is set up. */
  coldFloor: 400,
  /** People browse; these many they do not. */
  personFloor: 400,
  /** A client that catches up after holidays reads hundreds of pages in its person's name. */
  personSolid: 800,
  /** The same without a past on record. */
  personColdFloor: 800,
  /** Catching up and month ends have two to four times a usual day; from here on that does not explain it. */
  timesOwnMin: 5,
  /** The first day after holidays has several times the usual reading. */
  personTimesMin: 8,
  /** Robust standard deviations above the usual day, so that an uneven actor needs more than the multiple. */
  zMin: 5,
  /** Three thousand pages are the history of a mid-sized workspace. */
  many: 3_000,
  /** Different channels and files; fewer are a busy corner, not a sweep. */
  targetsMin: 20,
  /** Two hundred channels are all that most people can see. */
  targetsMany: 200,
  /** One scale of points for all detectors of amounts (surge.ts), so that their severities mean the same. */
  severities: SURGE_SEVERITIES,
};

type Options = typeof options;

export const slackScrape = defineDetector({
  id: "slack-scrape",
  title: "Slack was read across far more places than usual",
  techniques: ["T49"],
  attackType: "data_exfiltration",
  severity: "medium",
  platforms: ["slack"],
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    if (view.automation?.isFirstParty === true) return [];
    return surgesOf(view, watchOf(view, limits))
      .filter(({ profile }) => breadth(profile).targets >= limits.targetsMin)
      .flatMap((surge) =>
        surgeEvidence(view, surge, {
          reasons: manner(surge, limits),
          severities: limits.severities,
          samples: LOOKING.flatMap((name) => samplesOf(surge.profile, name, 3)),
          explain: (reasons) => explain(view, surge, reasons),
        }),
      );
  },
});

/** What scraping is made of. Downloads have a detector of their own, and so have tools that an AI calls. */
const LOOKING = ["read", "search", "enumerate"] as const satisfies readonly ActionClass[];

function looks(profile: Profile): number {
  return LOOKING.reduce((sum, name) => sum + countOf(profile, name), 0);
}

function watchOf(view: View, options: Options): Watch {
  const isPerson = view.automation === null;
  return {
    limits: {
      floor: isPerson ? options.personFloor : options.floor,
      coldFloor: isPerson ? options.personColdFloor : options.coldFloor,
      timesMin: isPerson ? options.personTimesMin : options.timesOwnMin,
      zMin: options.zMin,
    },
    solid: isPerson ? options.personSolid : options.solid,
    many: options.many,
    peers: null,
    amount: looks,
  };
}

function manner({ profile }: Surge, { targetsMany }: Options): Reason[] {
  const reasons: Reason[] = [];
  const { targets } = breadth(profile);
  if (targets >= targetsMany) {
    reasons.push({ points: 1, words: `it went through ${count(targets)} different places` });
  }
  if (traitOf(profile, "anomalous") > 0) {
    reasons.push({ points: 1, words: "Slack itself marked its activity as unusual" });
  }
  const taken = countOf(profile, "download");
  if (taken >= 20) reasons.push({ points: 1, words: `it also downloaded ${count(taken)} files` });
  return reasons;
}

function explain(
  view: View,
  { profile, usual, amount }: Surge,
  reasons: readonly Reason[],
): string {
  const done = LOOKING.filter((name) => countOf(profile, name) > 0);
  return (
    `${subjectName(view)} looked into channels and files ${count(amount)} times ${onDay(profile.day)} ` +
    `(${listing([...done].sort(byClass))}). ${comparison(usual, "such looks")}${because(reasons)} ` +
    "What a workspace has written in years can be read out in an hour through one token."
  );
}

function byClass(a: ActionClass, b: ActionClass): number {
  return ACTION_CLASSES.indexOf(a) - ACTION_CLASSES.indexOf(b);
}
