/** Finds automations and accounts that send far more mail or messages than they usually do. */

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
import { countOf, samplesOf, traitOf } from "#engine/profile/profile.ts";

const options = {
  /** Messages in a day below which an app with a history is left alone: reminders go to a whole department. */
  floor: 40,
  solid: 200,
  coldFloor: 400,
  /** A person's mail to a long list is one record; this many records are a program's. */
  personFloor: 250,
  personSolid: 500,
  personColdFloor: 600,
  timesOwnMin: 5,
  personTimesMin: 10,
  zMin: 5,
  many: 2_000,
  severities: SURGE_SEVERITIES,
};

type Options = typeof options;

export const messageFlood = defineDetector({
  id: "message-flood",
  title: "Far more messages were sent than usual",
  techniques: ["T35"],
  attackType: "credential_theft",
  severity: "medium",
  platforms: "all",
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    if (view.automation?.isFirstParty === true) return [];
    return surgesOf(view, watchOf(view, limits)).flatMap((surge) =>
      surgeEvidence(view, surge, {
        reasons: manner(surge),
        severities: limits.severities,
        samples: samplesOf(surge.profile, "send"),
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
      timesMin: isPerson ? options.personTimesMin : options.timesOwnMin,
      zMin: options.zMin,
    },
    solid: isPerson ? options.personSolid : options.solid,
    many: options.many,
    peers: null,
    amount: (profile) => countOf(profile, "send"),
  };
}

function manner({ profile, usual }: Surge): Reason[] {
  const reasons: Reason[] = [];
  if (usual.basis === "own" && usual.normal.max === 0) {
    reasons.push({ points: 1, words: "it never sent anything on its other days" });
  }
  const outside = traitOf(profile, "outside");
  if (outside > 0) reasons.push({ points: 1, words: `${count(outside)} records point outside` });
  return reasons;
}

function explain(
  view: View,
  { profile, usual, amount }: Surge,
  reasons: readonly Reason[],
): string {
  return (
    `${subjectName(view)} sent ${count(amount)} messages ${onDay(profile.day)}. ${comparison(usual, "messages")}` +
    `${because(reasons)} Mail from a known sender is trusted, so a stolen one is used to spread fraud and links.`
  );
}
