/** Finds automations that read mail far more, or in far more mailboxes, than they usually do. */

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
import { breadth, type Profile, samplesOf, traitOf } from "#engine/profile/profile.ts";

const options = {
  /** Messages in a day below which an app with a history is left alone: an assistant reads as its person writes. */
  floor: 60,
  /** Three hundred messages are more than anybody reads in a day by hand. */
  solid: 300,
  /** The same without one: the first synchronisation of a mailbox takes some hundreds. */
  coldFloor: 600,
  /** A support mailbox after a weekend has three times its usual mail. */
  timesOwnMin: 4,
  /** Robust standard deviations above the usual day, so that an uneven actor needs more than the multiple. */
  zMin: 5,
  /** More mail than any one person gets in a month. */
  many: 5_000,
  /** Mailboxes, or people as whom it read, that make it more than somebody's own tool. */
  mailboxesMin: 10,
  /** One scale of points for all detectors of amounts (surge.ts), so that their severities mean the same. */
  severities: SURGE_SEVERITIES,
};

export const mailReading = defineDetector({
  id: "mail-reading",
  title: "Far more mail was read than usual",
  techniques: ["T30"],
  attackType: "data_exfiltration",
  severity: "medium",
  platforms: ["microsoft", "google"],
  judges: ["automation"],
  options,
  detect: (
    view,
    { floor, solid, coldFloor, timesOwnMin, zMin, many, mailboxesMin, severities },
  ) => {
    if (view.automation === null || view.automation.isFirstParty) return [];
    const limits = { floor, coldFloor, timesMin: timesOwnMin, zMin };
    const watch: Watch = { limits, solid, many, peers: null, amount: messages };
    return surgesOf(view, watch).flatMap((surge) =>
      surgeEvidence(view, surge, {
        reasons: manner(surge, mailboxesMin),
        severities,
        samples: [...samplesOf(surge.profile, "download", 2), ...samplesOf(surge.profile, "read")],
        explain: (reasons) => explain(view, surge, reasons),
      }),
    );
  },
});

/** The vendors' names for opening mail: Exchange's record, Gmail's methods, Graph's collections. */
const MAIL = /^(mailitemsaccessed|gmail\..*\.(get|list)|get (messages|mailfolders|attachments))$/i;

/** Messages of a day; an aggregated record counts as many as it stands for. */
function messages({ actions }: Profile): number {
  let sum = 0;
  for (const [name, times] of actions ?? []) if (MAIL.test(name)) sum += times;
  return sum;
}

function manner({ profile, usual }: Surge, mailboxesMin: number): Reason[] {
  const reasons: Reason[] = [];
  const { people, targets } = breadth(profile);
  const boxes = Math.max(people, [...(profile.actions?.keys() ?? [])].some(isBox) ? targets : 0);
  if (boxes >= mailboxesMin) {
    reasons.push({ points: 1, words: `the mail is of ${count(boxes)} different people or boxes` });
  }
  if (traitOf(profile, "bulk") > 0) {
    const words =
      "the platform marks it as the reading of whole folders, and may have stopped counting";
    reasons.push({ points: 1, words });
  }
  if (usual.basis === "own" && usual.normal.max === 0) {
    reasons.push({ points: 1, words: "it never read mail on its other days" });
  }
  return reasons;
}

/** Exchange names the mailbox as the target; the APIs name the call. */
function isBox(action: string): boolean {
  return action.toLowerCase() === "mailitemsaccessed";
}

function explain(
  view: View,
  { profile, usual, amount }: Surge,
  reasons: readonly Reason[],
): string {
  return (
    `${subjectName(view)} read ${count(amount)} messages ${onDay(profile.day)}. ${comparison(usual, "messages")}` +
    `${because(reasons)} Mail holds passwords, contracts and invoices, and reading it leaves no trace for its owner.`
  );
}
