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
  /** Two hundred messages are more than an announcement to every channel of a mid-sized team. */
  solid: 200,
  /** A bot that is new greets everybody once. */
  coldFloor: 400,
  /** A person's mail to a long list is one record; this many records are a program's. */
  personFloor: 250,
  /** People in a busy chat write two or three hundred messages a day; five hundred are a program. */
  personSolid: 500,
  /** The same without a past on record. */
  personColdFloor: 600,
  /** An incident makes an alert bot three or four times as loud. */
  timesOwnMin: 5,
  /** An incident or a farewell makes people several times as talkative. */
  personTimesMin: 10,
  /** Robust standard deviations above the usual day, so that an uneven actor needs more than the multiple. */
  zMin: 5,
  /** Two thousand messages reach everybody in most organizations. */
  many: 2_000,
  /** One scale of points for all detectors of amounts (surge.ts), so that their severities mean the same. */
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
