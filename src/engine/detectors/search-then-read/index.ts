/** Finds automations and accounts that search for passwords, payroll and the like, and open what comes up. */

import type { ActionClass } from "#contract/event.ts";
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
import { count, onDay } from "#engine/detectors/window.ts";
import {
  countOf,
  type Profile,
  samplesOf,
  traitOf,
  traitSamplesOf,
} from "#engine/profile/profile.ts";

const options = {
  /** Searches for such words in a day: a program that knows its business asks for none. */
  floor: 3,
  /** Five searches for secrets in a day are a search for secrets. */
  solid: 5,
  /** Four, where nothing is known of the actor: one or two are somebody who forgot a password. */
  coldFloor: 4,
  /** People look for their own payslip, and help desks for passwords. */
  personFloor: 8,
  /** A support agent or an auditor searches for such words a dozen times a day. */
  personSolid: 15,
  /** The same without a past on record. */
  personColdFloor: 12,
  /** Amounts are small here, so that a multiple is soon reached: three times is more than chance. */
  timesOwnMin: 3,
  /** With amounts this small the deviation is never large. */
  zMin: 2.5,
  /** Fifty such searches are a list of words, worked through. */
  many: 50,
  /** Things opened or taken on the day, without which nothing came of the search. */
  openedMin: 10,
  /** A hundred things opened after them are all results, not the one that was sought. */
  openedMany: 100,
  /** One scale of points for all detectors of amounts (surge.ts), so that their severities mean the same. */
  severities: SURGE_SEVERITIES,
};

type Options = typeof options;

export const searchThenRead = defineDetector({
  id: "search-then-read",
  title: "Searched for secrets, then opened what came up",
  techniques: ["T31"],
  attackType: "credential_theft",
  severity: "medium",
  platforms: "all",
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    if (view.automation?.isFirstParty === true) return [];
    return surgesOf(view, watchOf(view, limits))
      .filter(({ profile }) => opened(profile) >= limits.openedMin)
      .flatMap((surge) =>
        surgeEvidence(view, surge, {
          reasons: manner(surge, limits),
          severities: limits.severities,
          samples: [
            ...traitSamplesOf(surge.profile, "sensitive_terms", 3),
            ...OPENING.flatMap((name) => samplesOf(surge.profile, name, 2)),
          ],
          explain: (reasons) => explain(view, surge, reasons),
        }),
      );
  },
});

/** An AI opens things by its tools, and searches by them too: those are taken off again. */
const OPENING = [
  "download",
  "export",
  "read",
  "tool_call",
] as const satisfies readonly ActionClass[];

function opened(profile: Profile): number {
  const all = OPENING.reduce((sum, name) => sum + countOf(profile, name), 0);
  const searches = countOf(profile, "tool_call") > 0 ? traitOf(profile, "sensitive_terms") : 0;
  return Math.max(all - searches, 0);
}

function watchOf(view: View, options: Options): Watch {
  const isPerson = view.automation === null;
  return {
    limits: {
      floor: isPerson ? options.personFloor : options.floor,
      coldFloor: isPerson ? options.personColdFloor : options.coldFloor,
      timesMin: options.timesOwnMin,
      zMin: options.zMin,
    },
    solid: isPerson ? options.personSolid : options.solid,
    many: options.many,
    peers: null,
    amount: (profile) => traitOf(profile, "sensitive_terms"),
  };
}

function manner({ profile }: Surge, { openedMany }: Options): Reason[] {
  const reasons: Reason[] = [];
  const things = opened(profile);
  if (things >= openedMany) {
    reasons.push({ points: 1, words: `it opened or took ${count(things)} things that day` });
  }
  const labelled = traitOf(profile, "labelled");
  if (labelled > 0) {
    reasons.push({ points: 1, words: `${count(labelled)} records touch what is marked sensitive` });
  }
  return reasons;
}

function explain(
  view: View,
  { profile, usual, amount }: Surge,
  reasons: readonly Reason[],
): string {
  return (
    `${subjectName(view)} searched ${count(amount)} times for passwords, payroll or the like ${onDay(profile.day)} and ` +
    `opened or took ${count(opened(profile))} things. ${comparison(usual, "such searches")}${because(reasons)} ` +
    "An intruder asks the index first, since it knows where the keys lie."
  );
}
