/** Finds repositories in which worms that spread through packages and builds leave what they stole, by the marks that they set. */

import { actsIn, doer, evidenceFor } from "#engine/detectors/acts.ts";
import { defineDetector, type View } from "#engine/detectors/detector.ts";
import { nameOf, type Reason, succeeded } from "#engine/detectors/trust.ts";
import { listing, onDay } from "#engine/detectors/window.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** Nobody has a habit of it. */
  routineDaysMin: 3,
  /** A mark has 3 points; seen by everybody, or more than once, it is beyond doubt. */
  severities: { high: 3, critical: 4 },
  /** The name of the repository is the worm's own; a researcher's copy has it, too. */
  confidence: 0.65,
};

export const wormRepository = defineDetector({
  id: "worm-repository",
  title: "A worm left a repository",
  techniques: ["T27"],
  attackType: "credential_theft",
  severity: "high",
  platforms: ["github"],
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    const entries = view.timeline.filter((entry) => isMarked(entry) && succeeded(entry));
    return actsIn(entries, () => "mark").flatMap((acts) => {
      const names = acts.entries.map(({ target }) => target?.id ?? "a repository");
      return evidenceFor(
        acts,
        {
          reasons: reasonsOf(acts.entries),
          explain: (because) =>
            `${subjectOf(view, doer(acts.actor))} made or opened ${listing([...new Set(names)].sort())} ${onDay(acts.day)}.${because} ` +
            "Such worms run when an infected package is installed or built, collect every secret that they find, put them into a " +
            "new repository of whoever's token they got, and spread with that token. Its other secrets are known by then.",
        },
        limits,
      );
    });
  },
});

/** Marks of the worms of August, September and November 2025, in names and descriptions of repositories. */
const MARKS = /\bsha[i1][-_ ]?hulud|\bs1ngularity-repository/i;

function isMarked({ change, target }: TimelineEntry): boolean {
  const isNew = change.kind === "created" || change.kind === "made_public";
  return isNew && MARKS.test(`${change.detail ?? ""} ${target?.id ?? ""}`);
}

function reasonsOf(entries: readonly TimelineEntry[]): Reason[] {
  const reasons: Reason[] = [{ points: 3, words: "it bears the mark of a known worm" }];
  if (entries.some(({ change }) => change.kind === "made_public")) {
    reasons.push({ points: 1, words: "everybody can read it" });
  }
  if (entries.length > 1) reasons.push({ points: 1, words: "there are several" });
  return reasons;
}

function subjectOf({ automation }: View, actor: string): string {
  return automation === null ? actor : nameOf(automation);
}
