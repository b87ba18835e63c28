/** Finds exports of conversations by somebody who does not usually make them, and downloads of what others exported. */

import { isAtLeast, type Severity } from "#contract/finding.ts";
import { placeReasons } from "#engine/detectors/acts.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { because, standing, subjectName } from "#engine/detectors/subject.ts";
import {
  byDay,
  isGuest,
  isPrivileged,
  type Reason,
  severityAt,
  succeeded,
  total,
} from "#engine/detectors/trust.ts";
import { count, dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import { networkOf } from "#engine/profile/origin.ts";
import { networkKey } from "#engine/profile/places.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";
import { type Content, contentOf } from "./content.ts";

const options = {
  /** Earlier days with an export of the same sort, the first of them `routineSpanDays` ago or longer: a routine. */
  routineDaysMin: 3,
  /** Exports on record over two weeks or more are a routine, not one incident. */
  routineSpanDays: 14,
  /** How long before its download an export may have been started; vendors keep the files for about ten days. */
  startedWithinDays: 10,
  /** Points from which a severity is given; a first export of everything has 4. */
  severities: { low: 1, medium: 2, high: 4, critical: 7 } satisfies Partial<
    Record<Severity, number>
  >,
};

type Options = typeof options;

/** An export of conversations on the timeline. */
interface Export {
  readonly entry: TimelineEntry;
  readonly content: Content;
}

export const slackExport = defineDetector({
  id: "slack-export",
  title: "Conversations were exported",
  techniques: ["T37"],
  alsoTechniques: ["T36", "T38"],
  attackType: "data_exfiltration",
  severity: "medium",
  platforms: ["slack", "google", "microsoft", "anthropic"],
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    if (view.automation?.isFirstParty === true) return [];
    const exports = exportsOf(view);
    const days = byDay(exports.map(({ entry }) => entry));
    return [...days.keys()].flatMap((day) => judge(view, day, exports, limits));
  },
});

function exportsOf(view: View): Export[] {
  return view.timeline.flatMap((entry): Export[] => {
    const { kind } = entry.change;
    const isExport =
      kind === "export_started" || kind === "export_completed" || kind === "export_downloaded";
    // The vendor reports completion in its own name; that says nothing about who wanted it.
    if (!isExport || !succeeded(entry) || entry.actor.kind === "system") return [];
    const content = contentOf(view.platform, entry);
    return content === null ? [] : [{ entry, content }];
  });
}

function judge(view: View, day: number, all: readonly Export[], options: Options): Evidence[] {
  const today = all.filter(({ entry }) => entry.day === day);
  const worst = worstOf(today);
  if (worst === undefined) return [];
  const earlierDays = [
    ...new Set(
      all.filter((one) => isBefore(one, day, worst.content)).map(({ entry }) => entry.day),
    ),
  ];
  const isRoutine =
    earlierDays.length >= options.routineDaysMin &&
    Math.min(...earlierDays) <= day - options.routineSpanDays;
  if (isRoutine) return [];
  const places = isShared(view, worst.entry) ? [] : placeReasons(view, worst.entry);
  const reasons = [
    ...what(worst.content, places.length > 0),
    ...history(earlierDays.length),
    ...manner(view, today, all, options),
    // Of a person the record's own place speaks, not the other places of that day.
    ...(view.automation === null ? [] : standing(view, day)),
    ...places,
  ];
  const severity = severityAt(total(reasons), options.severities);
  if (severity === null) return [];
  return [
    {
      window: dayWindow(day),
      severity,
      techniques: [worst.content.technique],
      title: isAtLeast(severity, "high") ? "Conversations were exported out of routine" : TITLE,
      confidence: confidence(view, day, earlierDays.length),
      explanation: explain(view, day, today, earlierDays.length, reasons),
      samples: today.slice(0, 5).map(({ entry }) => entry.sample),
    },
  ];
}

/** People who worked from a place before, from which it is the carrier of everybody's phones. */
const SHARED_PLACE_PEOPLE = 3;
/** What phones call themselves; at a desk another network than ever is news, on a phone it is a walk to lunch. */
const PHONE = /iphone|ipad|android|\bios\b|\bmobile\b|chatlyio/i;

/** By phone, over a network that colleagues use, too. */
function isShared({ org }: View, { client: { ip, userAgent }, day }: TimelineEntry): boolean {
  const network = ip === null ? null : networkOf(ip);
  if (network === null || userAgent === null || !PHONE.test(userAgent)) return false;
  return org.seenAt(networkKey(network), day).people >= SHARED_PLACE_PEOPLE;
}

const TITLE = "Conversations were exported";

const EXTENTS = ["own", "others", "everything"] as const;

/** The widest one; among equals the one that more surely leaves, and among those the first. */
function worstOf(exports: readonly Export[]): Export | undefined {
  const weight = ({ content, entry }: Export): number =>
    EXTENTS.indexOf(content.extent) * 4 +
    (content.isScheduled || content.isSearch ? 0 : 2) +
    (entry.change.kind === "export_downloaded" ? 1 : 0);
  return exports.toSorted((a, b) => weight(b) - weight(a))[0];
}

/** An earlier export of the same sort. A search does not make an export a routine. */
function isBefore({ entry, content }: Export, day: number, worst: Content): boolean {
  return entry.day < day && content.words === worst.words;
}

/** Few people's is what legal and personnel matters need; from a strange place it is not theirs. */
function what({ extent, isScheduled, isSearch, words }: Content, isStrange: boolean): Reason[] {
  const reasons: Reason[] = [];
  if (extent === "everything") reasons.push({ points: 1, words: `it holds ${words}` });
  if (extent === "others" && !isStrange)
    reasons.push({ points: -1, words: "it is of few people, as legal and personnel matters are" });
  if (extent === "own") reasons.push({ points: -2, words: "it is the person's own data" });
  if (isScheduled === true) reasons.push({ points: -3, words: "a timetable made it" });
  if (isSearch === true) reasons.push({ points: -1, words: "nothing has left by that alone" });
  return reasons;
}

function history(earlierDays: number): Reason[] {
  return earlierDays === 0
    ? [{ points: 3, words: "no earlier record shows such an export by it" }]
    : [
        {
          points: 1,
          words: `it is only the ${earlierDays === 1 ? "second" : "third or a later"} day of such exports`,
        },
      ];
}

/** Who did it, and whether what was fetched had been made by somebody else. */
function manner(
  view: View,
  today: readonly Export[],
  all: readonly Export[],
  { startedWithinDays }: Options,
): Reason[] {
  const reasons: Reason[] = [];
  const fetched = today.filter(({ entry }) => entry.change.kind === "export_downloaded");
  const isOthers = fetched.some(
    ({ entry: { day }, content }) =>
      content.extent !== "own" &&
      !all.some(
        ({ entry }) =>
          entry.change.kind === "export_started" &&
          entry.day <= day &&
          entry.day >= day - startedWithinDays,
      ),
  );
  if (fetched.length > 0) reasons.push({ points: 1, words: "it was downloaded" });
  if (isOthers)
    reasons.push({ points: 2, words: "no record shows that the same account had it made" });
  const actor = today[0]?.entry.actor;
  if (view.automation !== null) reasons.push({ points: 1, words: "a program did it" });
  else if (actor !== undefined && isGuest(view, actor)) {
    reasons.push({ points: 2, words: "the account is a guest's" });
  } else if (actor !== undefined && isPrivileged(view, actor) === false) {
    const isOwn = today.every(({ content }) => content.extent === "own");
    if (!isOwn) reasons.push({ points: 1, words: "the account is no administrator's" });
  }
  return reasons;
}

/** "First ever" is worth what the records before it are worth. */
function confidence(view: View, day: number, earlierDays: number): number {
  const daysBefore = view.baseline.days.filter((one) => one < day).length;
  const known = 0.45 + Math.min(daysBefore / 40, 0.35);
  return earlierDays === 0 ? known : known - 0.15;
}

function explain(
  view: View,
  day: number,
  today: readonly Export[],
  earlierDays: number,
  reasons: readonly Reason[],
): string {
  const sorts = [...new Set(today.map(({ content }) => content.words))].sort();
  const stages = ["started", "completed", "downloaded"].filter((stage) =>
    today.some(({ entry }) => entry.change.kind === `export_${stage}`),
  );
  const daysBefore = view.baseline.days.filter((one) => one < day).length;
  const normal =
    earlierDays === 0
      ? `In the ${count(daysBefore)} active days before, it never did.`
      : `It did so on ${count(earlierDays)} earlier ${earlierDays === 1 ? "day" : "days"}, which is no routine yet.`;
  return (
    `${subjectName(view)} exported ${listing(sorts)} ${onDay(day)} (${stages.join(", ")}). ${normal}` +
    `${because(reasons)} An export takes out at once what many people wrote over years, private talks included.`
  );
}
