/** Finds automations and accounts that delete or overwrite far more than they usually do. */

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
  breadth,
  busiestMinute,
  countOf,
  minutesAtLeast,
  samplesOf,
} from "#engine/profile/profile.ts";

const options = {
  /** Things deleted in a day below which an app with a history is left alone. */
  floor: 50,
  /** Clean-ups by hand remove some dozens; two hundred are a whole folder tree. */
  solid: 200,
  /** A retention job shows itself first by hundreds. */
  coldFloor: 400,
  /** Overwriting is everyday work, so it takes more of it. */
  editFloor: 150,
  /** Replacing in many files is work; encryption goes on through all of them, by the thousand. */
  editSolid: 800,
  /** A first run of a formatter or an importer touches some thousand files. */
  editColdFloor: 1_500,
  /** People empty folders; these many by hand and at machine speed they do not. */
  personFloor: 500,
  /** People's days are far less even than programs': a project's end has many times the usual day. */
  personTimesMin: 20,
  /** Minutes with `fastPerMinute` records or more that make a person's deletions machine-like. */
  personFastMinutesMin: 3,
  /** One a second: a dialog that removes a selection does this for a minute, no hand does it. */
  fastPerMinute: 60,
  /** Catching up and month ends have two to four times a usual day; from here on that does not explain it. */
  timesOwnMin: 5,
  /** Deleting is uneven by nature: some days have everything, most have nothing. */
  zMin: 6,
  /** Three thousand files are all that a team has. */
  many: 3_000,
  /** One scale of points for all detectors of amounts (surge.ts), so that their severities mean the same. */
  severities: SURGE_SEVERITIES,
};

type Options = typeof options;

export const massDeletion = defineDetector({
  id: "mass-deletion",
  title: "Far more was deleted or overwritten than usual",
  techniques: ["T69"],
  attackType: "data_exfiltration",
  severity: "medium",
  platforms: "all",
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    if (view.automation?.isFirstParty === true) return [];
    const deletions = surgesOf(view, deletionsOf(view, limits)).filter(
      ({ profile }) =>
        view.automation !== null ||
        minutesAtLeast(profile, limits.fastPerMinute) >= limits.personFastMinutesMin,
    );
    const told = new Set(deletions.map(({ profile }) => profile.day));
    const edits =
      view.automation === null
        ? []
        : surgesOf(view, editsOf(limits)).filter(({ profile }) => !told.has(profile.day));
    return [
      ...deletions.map((surge) => ({ surge, did: "deleted" })),
      ...edits.map((surge) => ({ surge, did: "changed or overwrote" })),
    ].flatMap(({ surge, did }) =>
      surgeEvidence(view, surge, {
        reasons: manner(surge, limits),
        severities: limits.severities,
        samples: samplesOf(surge.profile, did === "deleted" ? "delete" : "edit"),
        explain: (reasons) => explain(view, surge, did, reasons),
      }),
    );
  },
});

function deletionsOf(view: View, options: Options): Watch {
  const isPerson = view.automation === null;
  return {
    limits: {
      floor: isPerson ? options.personFloor : options.floor,
      coldFloor: isPerson ? options.personFloor * 3 : options.coldFloor,
      timesMin: isPerson ? options.personTimesMin : options.timesOwnMin,
      zMin: options.zMin,
    },
    solid: isPerson ? options.personFloor * 2 : options.solid,
    many: options.many,
    peers: null,
    isWriting: true,
    amount: (profile) => countOf(profile, "delete"),
  };
}

function editsOf(options: Options): Watch {
  const { editFloor, editSolid, editColdFloor, timesOwnMin, zMin, many } = options;
  return {
    limits: { floor: editFloor, coldFloor: editColdFloor, timesMin: timesOwnMin, zMin },
    solid: editSolid,
    many,
    peers: null,
    isWriting: true,
    amount: (profile) => countOf(profile, "edit"),
  };
}

function manner({ profile, usual, amount }: Surge, { fastPerMinute }: Options): Reason[] {
  const reasons: Reason[] = [];
  if (usual.basis === "own" && usual.normal.max === 0) {
    reasons.push({ points: 1, words: "it never did so on its other days" });
  }
  const made = countOf(profile, "create");
  if (made >= amount * 0.5 && countOf(profile, "delete") >= amount * 0.5) {
    const words = `it also made ${count(made)} new things, as encryption leaves a copy for each`;
    reasons.push({ points: 1, words });
  }
  const peak = busiestMinute(profile).count;
  if (peak >= fastPerMinute * 2) {
    reasons.push({ points: 0.5, words: `it made ${count(peak)} records in one minute` });
  }
  return reasons;
}

function explain(
  view: View,
  { profile, usual, amount }: Surge,
  did: string,
  reasons: readonly Reason[],
): string {
  const targets = Math.min(breadth(profile).targets, amount);
  const distinct = targets > 1 ? `, about ${count(targets)} of them different,` : "";
  return (
    `${subjectName(view)} ${did} ${count(amount)} things${distinct} ${onDay(profile.day)}. ` +
    `${comparison(usual, "such changes")}${because(reasons)} ` +
    "Extortion begins so, and trash and version histories hold what is gone for a limited time only."
  );
}
