/** Finds automations that begin to do what they never did: a program has its few tasks, a thief has others. */

import { UNDATED } from "#base/time.ts";
import type { ActionClass } from "#contract/event.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { strangePlace } from "#engine/detectors/places.ts";
import { because, standing, subjectName } from "#engine/detectors/subject.ts";
import { SURGE_SEVERITIES } from "#engine/detectors/surge.ts";
import { atMost, type Reason, severityAt, total } from "#engine/detectors/trust.ts";
import { count, dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import { countOf, doneOf, type Profile, samplesOf } from "#engine/profile/profile.ts";

const options = {
  /** Earlier active days, and days since the first, without which its tasks are not known. */
  daysMin: 4,
  /** The same where nothing but the act is new: honest apps show all their sides in two working weeks. */
  settledDaysMin: 9,
  /** A week has all weekdays: what is done on Fridays only is not new on a Friday. */
  spanDaysMin: 7,
  /** Earlier days on which an act may have occurred and still count as new. */
  strayDaysMax: 1,
  /** New acts of a day, and their share of it: a new button is tried now and then. */
  actsMin: 10,
  /** A fifth of its day: what it does besides in passing is no other task. */
  shareMin: 0.2,
  /** As few are enough from a place that is new, too. */
  strangeActsMin: 5,
  /** Days, within as many as `givingSpanDays`, on which it gives away or destroys what it never did: no try any more. */
  givingDaysMin: 3,
  /** A working week: what takes longer grows like any other work. */
  givingSpanDays: 7,
  /** Such acts on all these days together. */
  givingActsMin: 8,
  /** One scale of points for all detectors of amounts (surge.ts), so that their severities mean the same. */
  severities: SURGE_SEVERITIES,
};

type Options = typeof options;

/** What reaches, takes, gives away or destroys something, with words for it. */
const ACTS = new Map<ActionClass, string>([
  ["read", "reading content"],
  ["download", "downloading"],
  ["search", "searching"],
  ["enumerate", "listing people, groups or rights"],
  ["export", "exporting"],
  ["edit", "changing content"],
  ["delete", "deleting"],
  ["share", "sharing"],
  ["publish", "opening to the public"],
  ["send", "sending messages"],
  ["forward", "forwarding mail"],
  ["copy", "copying"],
  ["transfer", "giving to other owners"],
  ["member", "changing members"],
  ["role", "changing roles"],
  ["tool_call", "calling tools"],
]);

/** What cannot be taken back: a few each day are enough, where they go on. */
const GIVING: readonly ActionClass[] = [
  "share",
  "publish",
  "transfer",
  "forward",
  "delete",
  "role",
];

export const newBehaviour = defineDetector({
  id: "new-behaviour",
  title: "Does what it never did before",
  techniques: ["T27", "T29"],
  attackType: "data_exfiltration",
  severity: "low",
  platforms: "all",
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    if (view.automation === null || view.automation.isFirstParty) return [];
    const seen = new Map<ActionClass, number>();
    const told = new Set<ActionClass>();
    const found: Evidence[] = [];
    let days = 0;
    let first: number | null = null;
    const started = new Map<ActionClass, Start>();
    for (const profile of view.profiles) {
      if (profile.day === UNDATED) continue;
      first ??= profile.day;
      if (days >= limits.daysMin && profile.day - first >= limits.spanDaysMin) {
        const news = newActs(profile, seen, limits).filter((act) => !told.has(act));
        const evidence = news.length === 0 ? null : claim(view, profile, news, days, limits);
        if (evidence !== null) {
          found.push(evidence);
          for (const act of news) told.add(act);
        }
      }
      for (const act of GIVING) {
        const start = startOf(started.get(act), profile, act, seen, days, limits);
        if (start === null) continue;
        started.set(act, start);
        const evidence = told.has(act) ? null : givingClaim(view, start, act, limits);
        if (evidence === null) continue;
        found.push(evidence);
        told.add(act);
      }
      for (const act of ACTS.keys()) {
        if (countOf(profile, act) > 0) seen.set(act, (seen.get(act) ?? 0) + 1);
      }
      days++;
    }
    return found;
  },
});

function newActs(
  profile: Profile,
  seen: ReadonlyMap<ActionClass, number>,
  { strayDaysMax }: Options,
): ActionClass[] {
  return [...ACTS.keys()].filter(
    (act) => countOf(profile, act) > 0 && (seen.get(act) ?? 0) <= strayDaysMax,
  );
}

function claim(
  view: View,
  profile: Profile,
  news: readonly ActionClass[],
  days: number,
  options: Options,
): Evidence | null {
  const acts = news.reduce((sum, act) => sum + countOf(profile, act), 0);
  const isStrange = strangePlace(view.profiles, profile.day) !== null;
  const actsMin = isStrange ? options.strangeActsMin : options.actsMin;
  if (!isStrange && days < options.settledDaysMin) return null;
  if (acts < actsMin || acts < doneOf(profile) * options.shareMin) return null;
  const reasons: Reason[] = [
    ...(news.length > 1 ? [{ points: 1, words: "several sorts of act are new at once" }] : []),
    ...(isStrange && acts >= options.actsMin
      ? [{ points: 1, words: "what is new comes from where it never was" }]
      : []),
    ...standing(view, profile.day),
  ];
  const found = severityAt(BASE_POINTS + total(reasons), options.severities);
  if (found === null) return null;
  // A handful of acts is a handful, from wherever it comes.
  const severity = acts < options.actsMin ? atMost(found, "medium") : found;
  const words = news.map((act) => ACTS.get(act) ?? act);
  return {
    window: dayWindow(profile.day),
    severity,
    confidence: 0.4 + Math.min(days / 100, 0.2) + (isStrange ? 0.1 : 0),
    explanation:
      `${subjectName(view)} began with ${listing(words)} ${onDay(profile.day)}: ${count(acts)} such acts, and next to none on its ` +
      `${count(days)} active days before.${because(reasons)} A program keeps to its tasks until its maker changes it, or ` +
      "somebody else holds its key.",
    samples: news.flatMap((act) => samplesOf(profile, act, 2)).slice(0, 5),
  };
}

/** How a kind of act began, for as long as it may still be news. */
interface Start {
  /** Active days before it. */
  readonly daysBefore: number;
  readonly profiles: readonly Profile[];
  readonly acts: number;
}

/** The start with one more day in it; null where the day has none of the act, or the act is nothing new. */
function startOf(
  held: Start | undefined,
  profile: Profile,
  act: ActionClass,
  seen: ReadonlyMap<ActionClass, number>,
  days: number,
  { settledDaysMin, givingSpanDays }: Options,
): Start | null {
  const acts = countOf(profile, act);
  if (acts === 0) return null;
  if (held === undefined) {
    const isNew = days >= settledDaysMin && (seen.get(act) ?? 0) === 0;
    return isNew ? { daysBefore: days, profiles: [profile], acts } : null;
  }
  const first = held.profiles[0]?.day ?? profile.day;
  if (profile.day - first >= givingSpanDays) return null;
  return { ...held, profiles: [...held.profiles, profile], acts: held.acts + acts };
}

function givingClaim(
  view: View,
  { daysBefore, profiles, acts }: Start,
  act: ActionClass,
  { givingDaysMin, givingActsMin, severities }: Options,
): Evidence | null {
  const last = profiles.at(-1);
  if (last === undefined || profiles.length < givingDaysMin || acts < givingActsMin) return null;
  const reasons: Reason[] = [
    { points: 1, words: `it went on with it on ${profiles.length} days` },
    ...standing(view, last.day),
  ];
  const severity = severityAt(BASE_POINTS + total(reasons), severities);
  if (severity === null) return null;
  return {
    window: dayWindow(last.day),
    key: act,
    severity,
    confidence: 0.5 + Math.min(daysBefore / 100, 0.2),
    explanation:
      `${subjectName(view)} began with ${ACTS.get(act) ?? act}: ${count(acts)} such acts up to ${onDay(last.day).slice(3)}, and none on its ` +
      `${count(daysBefore)} active days before.${because(reasons)} A program keeps to its tasks until its maker changes it, or ` +
      "somebody else tells it what to do.",
    samples: profiles.flatMap((profile) => samplesOf(profile, act, 2)).slice(0, 5),
  };
}

/** By itself a new feature; more with a new place or doubtful hands. */
const BASE_POINTS = 2;
