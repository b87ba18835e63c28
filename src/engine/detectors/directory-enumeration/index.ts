/** Finds automations and accounts that list people, groups, roles and permissions far more widely than they usually do. */

import { peerNormal } from "#engine/baseline/baseline.ts";
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
import { breadth, countOf, doneOf, type Profile, samplesOf } from "#engine/profile/profile.ts";

const options = {
  /** Calls in a day below which an app with a history is left alone: a login looks up a few groups. */
  floor: 20,
  /** Two hundred listings in a day are a walk through all teams, not the look-up of some. */
  solid: 200,
  /** A directory sync begins with some hundred listings. */
  coldFloor: 400,
  /** A person's tools list much when an administrator works; this much is a mapping tool. */
  personFloor: 500,
  /** An administrator who audits groups opens hundreds of lists a day. */
  personSolid: 1_000,
  /** Somebody new in the records may be an administrator at a migration. */
  personColdFloor: 1_500,
  /** Catching up and month ends have two to four times a usual day; from here on that does not explain it. */
  timesOwnMin: 5,
  /** Robust standard deviations above the usual day, so that an uneven actor needs more than the multiple. */
  zMin: 5,
  /** Thousands of listings see every group and every member of a large company. */
  many: 5_000,
  /** Different paths or objects that were listed. */
  targetsMany: 100,
  /** Share of refused or failed records that shows somebody trying what the token may do. */
  refusedShareMin: 0.15,
  /** Programs know what they may see. Ten refusals beside the listings are somebody who tries. */
  refusedMin: 10,
  /** One scale of points for all detectors of amounts (surge.ts), so that their severities mean the same. */
  severities: SURGE_SEVERITIES,
};

type Options = typeof options;

export const directoryEnumeration = defineDetector({
  id: "directory-enumeration",
  title: "The directory or its permissions were listed far more than usual",
  techniques: ["T68"],
  attackType: "privilege_escalation",
  severity: "medium",
  platforms: "all",
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    if (view.automation?.isFirstParty === true) return [];
    return surgesOf(view, watchOf(view, limits)).flatMap((surge) =>
      surgeEvidence(view, surge, {
        reasons: manner(surge, limits),
        severities: limits.severities,
        samples: samplesOf(surge.profile, "enumerate"),
        explain: (reasons) => explain(view, surge, reasons),
      }),
    );
  },
});

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
    peers: isPerson ? null : peerNormal(view.baseline, "enumerate"),
    amount: attempts,
  };
}

/** Calls that were refused count where listing is what it did, or where many were: a map is drawn by trying. */
function attempts(profile: Profile): number {
  const listed = countOf(profile, "enumerate");
  const done = doneOf(profile);
  const { failures, events } = profile;
  // What fails always is broken, and tries nothing.
  const isTrying = failures >= events * TRYING_SHARE_MIN && done >= events * WORKING_SHARE_MIN;
  return isTrying || (listed > 0 && listed >= done * LISTING_SHARE_MIN)
    ? listed + failures
    : listed;
}

const LISTING_SHARE_MIN = 0.6;
const TRYING_SHARE_MIN = 0.3;
const WORKING_SHARE_MIN = 0.2;

function manner({ profile, usual }: Surge, options: Options): Reason[] {
  const reasons: Reason[] = [];
  const { targets } = breadth(profile);
  if (targets >= options.targetsMany) {
    reasons.push({ points: 1, words: `it went through ${count(targets)} different objects` });
  }
  const { failures, events } = profile;
  if (failures >= options.refusedMin && failures >= events * options.refusedShareMin) {
    const words = `${count(failures)} of its records were refused or failed, as if it tried what its token may do`;
    reasons.push({ points: 1, words });
  }
  if (usual.basis === "own" && usual.normal.max === 0) {
    reasons.push({ points: 1, words: "it never listed anything on its other days" });
  }
  return reasons;
}

function explain(
  view: View,
  { profile, usual, amount }: Surge,
  reasons: readonly Reason[],
): string {
  return (
    `${subjectName(view)} listed people, groups, rights or places, or tried to, ${count(amount)} times ${onDay(profile.day)}. ` +
    `${comparison(usual, "such calls")}${because(reasons)} ` +
    "Whoever holds a stolen token first draws a map of who may do what."
  );
}
