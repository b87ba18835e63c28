/** Finds single things that were opened to outsiders with more than a look, as a whole to everybody, or by a program. */

import { mailDomain } from "#base/host.ts";
import {
  type Acts,
  actorReasons,
  actsIn,
  doer,
  evidenceFor,
  isOwnAct,
} from "#engine/detectors/acts.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { nameOf, type Reason, succeeded } from "#engine/detectors/trust.ts";
import { listing, onDay } from "#engine/detectors/window.ts";
import { CLASS_INDEX } from "#engine/profile/indexes.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** A person who shares out on that many earlier days deals with outsiders, a program that does with one domain serves it. */
  routineDaysMin: 2,
  /** A look for a named outsider has 1 point, which is everyday work and not told. */
  severities: { low: 2, medium: 4, high: 6 },
  /** How likely it is an intruder before anything else speaks for or against it: most such acts have an honest reason. */
  confidence: 0.25,
};

export const externalShare = defineDetector({
  id: "external-share",
  title: "Something was opened to somebody outside",
  techniques: ["T65"],
  attackType: "data_exfiltration",
  severity: "low",
  platforms: "all",
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    if (view.automation?.isFirstParty === true) return [];
    // Somebody who deals with outsiders deals with new ones every week; a program keeps to its own.
    const habitOf = view.automation === null ? () => "outside" : whereTo;
    return actsIn(view.timeline.filter(isShare), whereTo, habitOf).flatMap((acts) =>
      judge(view, acts, limits),
    );
  },
});

const SHARE = CLASS_INDEX.get("share");

/** What changes its owner or is copied out is another detector's. */
function isShare(entry: TimelineEntry): boolean {
  const isToOutsider =
    entry.change.kind === "shared_externally" && entry.sample.classIndex === SHARE;
  return (isToOutsider || isPublic(entry)) && succeeded(entry);
}

/** What was made in public from the start was never private. */
function isPublic({ change }: TimelineEntry): boolean {
  return change.kind === "made_public" && !/^created public/.test(change.detail ?? "");
}

/** Things that hold much more than a file does: a repository with its history, a person's calendar. */
const WHOLE = /repo|calendar|drive$|site|project/i;

/** The domain, so that ten people of one partner are one. */
function whereTo(entry: TimelineEntry): string {
  const { destination } = entry.change;
  if (isPublic(entry)) return "everybody";
  return destination === null ? "" : (mailDomain(destination) ?? destination);
}

/** Folders that are kept for outsiders, by the usual names. */
const KEPT_FOR_OUTSIDERS =
  /[/\\](external|extern|public|outbound|partners?|clients?|customers?)[/\\]/i;

function isWhole({ target, service }: TimelineEntry): boolean {
  return WHOLE.test(target?.type ?? "") || /:calendar$/.test(service);
}

function judge(view: View, acts: Acts, limits: typeof options): Evidence[] {
  const reasons: Reason[] = [
    acts.entries.some((entry) => isPublic(entry) && isWhole(entry))
      ? { points: 2, words: "everybody may see the whole of it" }
      : { points: 1, words: "it left the organization" },
    ...actorReasons(view, acts),
  ];
  const rights = acts.entries.map(({ change }) => change.detail ?? "").join(" ");
  if (/edit|write|owner|organi[sz]er|contribut|full.?control|admin|manage/i.test(rights)) {
    reasons.push({ points: 1, words: "the outsider may change it, not only see it" });
  }
  const { automation } = view;
  if (automation !== null && automation.isInternal !== true && isOwnAct(view, acts.first)) {
    reasons.push({ points: 2, words: "a program did it by itself" });
  }
  if (automation?.isVerified === false) {
    reasons.push({ points: 1, words: `nobody verified who publishes ${nameOf(automation)}` });
  }
  if (acts.entries.every(({ target }) => KEPT_FOR_OUTSIDERS.test(target?.id ?? ""))) {
    reasons.push({ points: -1, words: "the folder is one that is kept for outsiders" });
  }
  const things = [
    ...new Set(acts.entries.map(({ target }) => target?.name ?? target?.id ?? "something")),
  ].sort();
  const whom = [
    ...new Set(
      acts.entries.map((entry) =>
        isPublic(entry) ? "everybody" : (entry.change.destination ?? "somebody outside"),
      ),
    ),
  ].sort();
  const by = automation === null ? "" : ` through ${nameOf(automation)}`;
  return evidenceFor(
    acts,
    {
      reasons,
      explain: (because) =>
        `${doer(acts.actor)}${by} opened ${listing(things)} to ${listing(whom)} ${onDay(acts.day)}.${because} ` +
        "Opening things to others is work as long as somebody knows to whom; this is among the first of its kind that the records show.",
    },
    limits,
  );
}
