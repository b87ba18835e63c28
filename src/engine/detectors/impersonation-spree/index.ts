/** Finds service accounts that act as far more people, or as other people, than they ever did. */

import { median } from "#base/stats.ts";
import { UNDATED } from "#base/time.ts";
import type { Severity } from "#contract/finding.ts";
import { arrivalsOf, isElsewhere, placeWords } from "#engine/detectors/arrivals.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { datedProfiles, oddities, takenOn, timesAbove } from "#engine/detectors/oddities.ts";
import { evidenceOf } from "#engine/detectors/picks.ts";
import { besidePlace } from "#engine/detectors/places.ts";
import { because, subjectName } from "#engine/detectors/subject.ts";
import { type Reason, severityAt, succeeded, total } from "#engine/detectors/trust.ts";
import { count, dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import { breadth, type Profile, traitOf } from "#engine/profile/profile.ts";

const options = {
  /** Active days of the past that say as whom it acts. */
  pastDaysMin: 4,
  /** People in a day below which a change of an ordinary sync is left alone, and how many times the usual it must be. */
  peopleMin: 8,
  /** A department that joins doubles the people; two and a half times is more than that. */
  timesMin: 2.5,
  /** So many people in a day are most of a company. */
  manyPeople: 50,
  /** Days after a claim that belong to it. */
  sameDays: 7,
  /** Points from which each severity is given; the number of people alone has 2. */
  severities: { low: 2, medium: 3, high: 4 } satisfies Partial<Record<Severity, number>>,
};
type Options = typeof options;

export const impersonationSpree = defineDetector({
  id: "impersonation-spree",
  title: "A service account acts as many people at once",
  techniques: ["T40"],
  attackType: "data_exfiltration",
  severity: "medium",
  platforms: "all",
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    if (!actsForOthers(view)) return [];
    const dated = datedProfiles(view.profiles);
    const firsts = firstsOf(view);
    const found: Evidence[] = [];
    let until = Number.NEGATIVE_INFINITY;
    for (const [index, profile] of dated.entries()) {
      if (index < limits.pastDaysMin || profile.day < until) continue;
      const claim = judge(view, dated.slice(0, index), profile, firsts, limits);
      if (claim === null) continue;
      found.push(claim);
      until = profile.day + limits.sameDays;
    }
    return found;
  },
});

/** Service accounts with domain-wide delegation, and whatever the records say acts as others. */
function actsForOthers({ automation, profiles }: View): boolean {
  if (automation === null || automation.isFirstParty) return false;
  return (
    automation.kind === "service_account" ||
    profiles.some((profile) => profile.day !== UNDATED && traitOf(profile, "on_behalf") > 0)
  );
}

function judge(
  view: View,
  past: readonly Profile[],
  profile: Profile,
  firsts: Firsts,
  limits: Options,
): Evidence | null {
  const crowd = crowdReason(past, profile, limits);
  const privileged = privilegeReason(view, firsts, profile.day);
  if (crowd.points + privileged.points === 0) return null;
  const reasons = [
    crowd,
    privileged,
    placeReason(view, profile.day),
    depthReason(past, profile),
    // More people are more calls: what counts is whether more was done for each of them, which depth tells.
    ...oddities(past, [profile]).filter(
      ({ words }) => !/(people|items|calls) in a day/.test(words),
    ),
  ].filter(({ points }) => points > 0);
  const found = severityAt(total(reasons), limits.severities);
  if (found === null) return null;
  // A backup that begins, or takes in a new group, does nothing but this.
  const severity = total(reasons) > crowd.points ? found : "low";
  const { people } = breadth(profile);
  return {
    window: dayWindow(profile.day),
    severity,
    confidence: Math.min(0.3 + 0.07 * total(reasons), 0.9),
    explanation:
      `${subjectName(view)} may act as other people, and ${onDay(profile.day)} it did so for ${count(people)} of them. A program that has this right uses it ` +
      `for the same people day after day.${because(reasons)} With its key one reads everybody's mail and files without any password, and the records name the people, not the thief.`,
    samples: evidenceOf([profile]),
  };
}

function crowdReason(
  past: readonly Profile[],
  profile: Profile,
  { peopleMin, timesMin, manyPeople }: Options,
): Reason {
  const people = (one: Profile) => breadth(one).people;
  const amount = people(profile);
  const times = timesAbove(past.map(people), amount, { floor: peopleMin, timesMin });
  if (times === null) return NOTHING;
  return {
    points: amount >= manyPeople || times >= 10 ? 3 : 2,
    words: `${count(amount)} people are ${count(times)} times as many as on its usual day`,
  };
}

/** More of each person, not only more people: a scan that grows reaches more, but no deeper. */
function depthReason(past: readonly Profile[], profile: Profile): Reason {
  const depth = (one: Profile) => takenOn(one) / Math.max(breadth(one).people, 1);
  const usual = median(past.map(depth));
  const now = depth(profile);
  return now >= 5 && now >= 2 * Math.max(usual, 1)
    ? { points: 1, words: `it reached ${count(now)} items of each, instead of ${count(usual)}` }
    : NOTHING;
}

/** As whom it acted for the first time, by day; `since` is the first of these days. */
interface Firsts {
  readonly since: number;
  readonly byDay: ReadonlyMap<number, readonly string[]>;
}

function firstsOf({ timeline }: View): Firsts {
  const firstDays = new Map<string, number>();
  let since = Number.POSITIVE_INFINITY;
  for (const entry of timeline) {
    const { principal, kind } = entry.change;
    if (kind !== "granted" || principal === null || entry.acting === null) continue;
    if (!succeeded(entry)) continue;
    since = Math.min(since, entry.day);
    firstDays.set(principal, Math.min(firstDays.get(principal) ?? entry.day, entry.day));
  }
  return { since, byDay: Map.groupBy(firstDays.keys(), (id) => firstDays.get(id) ?? since) };
}

/** Administrators as whom it never acted before, where the records name the person. */
function privilegeReason(view: View, firsts: Firsts, day: number): Reason {
  if (day <= firsts.since) return NOTHING;
  const fresh = (firsts.byDay.get(day) ?? []).filter(
    (id) => view.org.person(view.platform, id)?.isAdmin === true,
  );
  return fresh.length === 0
    ? NOTHING
    : { points: 2, words: `for the first time it acted as an administrator (${listing(fresh)})` };
}

function placeReason(view: View, day: number): Reason {
  const arrival = arrivalsOf(view).find((one) => one.day === day && isElsewhere(one));
  if (arrival !== undefined) {
    return { points: 1, words: `it came from a new place (${placeWords(arrival)})` };
  }
  const beside = besidePlace(view.profiles, day);
  return beside === null ? NOTHING : { points: 1, words: `it came ${beside}` };
}

const NOTHING: Reason = { points: 0, words: "" };
