/** Finds content given away: to owners outside, copied to drives outside, or handed over in mass. */

import { type Acts, actorReasons, actsIn, doer, evidenceFor } from "#engine/detectors/acts.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { because, standing, subjectName } from "#engine/detectors/subject.ts";
import { type Reason, severityAt, succeeded, total } from "#engine/detectors/trust.ts";
import {
  comparison,
  confidenceOf,
  isCold,
  isUnusual,
  type Usual,
  usualOf,
} from "#engine/detectors/usual.ts";
import { count, dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import { CLASS_INDEX } from "#engine/profile/indexes.ts";
import { countOf, type Profile, samplesOf } from "#engine/profile/profile.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** Whoever gives things to the same outsider on that many earlier days works with him. */
  routineDaysMin: 3,
  /** One thing given away is low; several, or by a program, more. */
  severities: { low: 1, medium: 3, high: 5 },
  /** People who leave hand over their files: it is usual, and often done in one go. */
  confidence: 0.4,
  /** Things handed over or copied in a day: people clean up by the dozen before they leave. */
  floor: 40,
  /** A leaver of some years owns about a hundred files that matter. */
  coldFloor: 100,
  /** Catching up and month ends have two to four times a usual day; from here on that does not explain it. */
  timesOwnMin: 5,
  /** Days with transfers are few, so the multiple says more than the deviation. */
  zMin: 4,
  /** So many are a lot by any measure. */
  many: 100,
};
type Options = typeof options;

export const ownershipTransfer = defineDetector({
  id: "ownership-transfer",
  title: "Content was given to somebody outside",
  techniques: ["T66"],
  attackType: "data_exfiltration",
  severity: "low",
  platforms: "all",
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    if (view.automation?.isFirstParty === true) return [];
    const away = actsIn(
      view.timeline.filter(isGivenAway),
      ({ change }) => change.destination ?? "",
    );
    return [
      ...away.flatMap((acts) => judgeOutside(view, acts, limits)),
      ...judgeMass(view, limits),
    ];
  },
});

const GIVING: ReadonlySet<number | undefined> = new Set([
  CLASS_INDEX.get("transfer"),
  CLASS_INDEX.get("copy"),
]);

function isGivenAway(entry: TimelineEntry): boolean {
  return (
    entry.change.kind === "shared_externally" &&
    GIVING.has(entry.sample.classIndex) &&
    succeeded(entry)
  );
}

function judgeOutside(view: View, acts: Acts, limits: Options): Evidence[] {
  const { destination } = acts.first.change;
  const reasons: Reason[] = [
    { points: 1, words: "what is owned outside can no longer be called back" },
    ...actorReasons(view, acts),
  ];
  if (view.automation !== null && view.automation.isInternal !== true) {
    reasons.push({ points: 1, words: "an app did it" });
  }
  return evidenceFor(
    acts,
    {
      reasons,
      explain: (why) =>
        `${doer(acts.actor)} gave ${named(acts.entries)} to ${destination ?? "somebody outside"} ${onDay(acts.day)}.${why} ` +
        "Content normally stays with the organization when people hand it over. An owner outside keeps it whatever is closed here later.",
    },
    limits,
  );
}

function named(entries: readonly TimelineEntry[]): string {
  const names = [
    ...new Set(entries.map(({ target }) => target?.name ?? target?.id ?? "something")),
  ];
  return listing(names.sort());
}

/** Far more handed over or copied in a day than usual, wherever to. */
function judgeMass(view: View, limits: Options): Evidence[] {
  const amounts = new Map(view.profiles.map((profile) => [profile.day, given(profile)]));
  return view.profiles.flatMap((profile): Evidence[] => {
    const window = dayWindow(profile.day);
    const amount = given(profile);
    if (window === null || amount < limits.floor) return [];
    const usual = usualOf(amounts, profile.day, null);
    const { floor, coldFloor, timesOwnMin, zMin } = limits;
    if (!isUnusual(usual, amount, { floor, coldFloor, timesMin: timesOwnMin, zMin })) return [];
    const reasons = [...massReasons(profile, usual, limits), ...standing(view, profile.day)];
    const points = 1 + total(reasons) - (isCold(usual) ? 1 : 0);
    const severity = severityAt(points, limits.severities);
    if (severity === null) return [];
    return [
      {
        window,
        key: "mass",
        severity,
        title: "Content was handed over or copied in mass",
        confidence: confidenceOf(usual) - 0.1,
        explanation:
          `${subjectName(view)} handed over or copied ${count(amount)} things ${onDay(profile.day)}. ` +
          `${comparison(usual, "such acts")}${because(reasons)} Whoever collects content under one owner, or in copies, can take it along at once.`,
        samples: [...samplesOf(profile, "transfer"), ...samplesOf(profile, "copy")].slice(0, 10),
      },
    ];
  });
}

/** Month's end makes scripts copy for a day; what changes hands, and what was never done before, is no copying. */
function massReasons(profile: Profile, usual: Usual, { many }: Options): Reason[] {
  const amount = given(profile);
  const reasons: Reason[] = [];
  if (amount >= many)
    reasons.push({ points: 1, words: `${count(amount)} are many by any measure` });
  if (countOf(profile, "transfer") * 2 > amount) {
    reasons.push({ points: 1, words: "most of it has another owner now" });
  }
  if (usual.basis === "own" && usual.normal.max === 0) {
    reasons.push({ points: 1, words: "it never did so on its other days" });
  }
  return reasons;
}

function given(profile: Profile): number {
  return countOf(profile, "transfer") + countOf(profile, "copy");
}
