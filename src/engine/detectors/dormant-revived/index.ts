/** Finds automations that slept for weeks and then act, with more than a forgotten job's doings. */

import { DAY_MS, dayOf, dayStart } from "#base/time.ts";
import type { ActionClass, Change } from "#contract/event.ts";
import type { Severity } from "#contract/finding.ts";
import { isUnknownPlace } from "#engine/detectors/arrivals.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { datedProfiles, mostOf, oddities, takenOn } from "#engine/detectors/oddities.ts";
import { evidenceOf } from "#engine/detectors/picks.ts";
import { because, subjectName } from "#engine/detectors/subject.ts";
import {
  atMost,
  isAtLeastTier,
  type Reason,
  severityAt,
  succeeded,
  total,
} from "#engine/detectors/trust.ts";
import { count, dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import type { Automation } from "#engine/inventory/automation.ts";
import { asnKey, countryKey, placesOf } from "#engine/profile/places.ts";
import { countOf, type Profile } from "#engine/profile/profile.ts";

const options = {
  /** Days without any act from which it slept; jobs of every other week are awake. */
  quietDaysMin: 15,
  /** Records of a day that do not wake it, if it has days with far more. */
  stirRecords: 2,
  /** A health check or a forgotten timer leaves a handful of records. */
  awakeRecordsMin: 30,
  /** From so many on it is long, and longer than any usual rhythm. */
  longDays: 30,
  /** A quarter: what closes a quarter or a year comes again; what nobody needed so long is forgotten. */
  forgottenDays: 90,
  /** An earlier silence of this share is its rhythm: monthly and quarterly jobs. */
  habitShare: 0.6,
  /** So many days after the first act are looked at together. */
  daysAfter: 4,
  /** Items of content in those days that are more than a sign of life; in one day more than most monthly jobs need, and far more. */
  itemsMin: 60,
  /** More than one folder or mailbox page. */
  severalItems: 300,
  /** Twice that: a collection, whatever it was woken for. */
  manyItems: 600,
  /** Records of a day that are much for what was thought asleep, where they reach no content. */
  recordsMin: 50,
  /** Of so many items in a day a job that has a purpose makes, changes or sends something: a share of what it takes. */
  takenMin: 10,
  madeShareMax: 0.1,
  /** Automations of an organization from which the providers and countries of all of them are the usual ones. */
  knownPlacesMin: 20,
  /** Points from which each severity is given. */
  severities: { low: 3, medium: 4, high: 5 } satisfies Partial<Record<Severity, number>>,
};
type Options = typeof options;

export const dormantRevived = defineDetector({
  id: "dormant-revived",
  title: "A sleeping automation woke up",
  techniques: ["T18"],
  attackType: "credential_theft",
  severity: "medium",
  platforms: "all",
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    const { automation } = view;
    if (automation === null || automation.isFirstParty) return [];
    return silences(view, automation, limits).flatMap((silence) =>
      judge(view, automation, silence, limits),
    );
  },
});

/** Days without an act, and the day that ended them. */
interface Silence {
  readonly days: number;
  readonly day: number;
  /** The days before on which it was awake. */
  readonly past: readonly Profile[];
  /** Where it was ever seen before. */
  readonly places: ReadonlySet<string>;
  readonly after: readonly Profile[];
}

function silences(
  view: View,
  automation: Automation,
  { quietDaysMin, habitShare, daysAfter, stirRecords, awakeRecordsMin }: Options,
): Silence[] {
  const all = datedProfiles(view.profiles);
  const busiest = mostOf(all, ({ events }) => events);
  // A record or two now and then are no work, where it can do much more.
  const dated = all.filter(({ events }) => events > stirRecords || busiest < awakeRecordsMin);
  const [first] = all;
  if (first === undefined) return [];
  const start = existedSince(view, automation, first.day);
  const found: Silence[] = [];
  const earlier: number[] = [];
  for (const [index, { day }] of dated.entries()) {
    const before = dated[index - 1]?.day ?? start;
    if (before === null) continue;
    const days = day - before - 1;
    const isHabit = earlier.some((length) => length >= days * habitShare);
    if (days >= quietDaysMin && !isHabit) {
      found.push({
        days,
        day,
        past: dated.slice(0, index),
        places: new Set(all.filter((profile) => profile.day < day).flatMap(placesOf)),
        after: dated.filter((profile) => profile.day >= day && profile.day < day + daysAfter),
      });
    }
    earlier.push(days);
  }
  return found;
}

const LETTING_IN: ReadonlySet<Change["kind"]> = new Set(["granted", "installed", "created"]);

/**
 * The day from which its silence counts where the records show none of its acts: their beginning, if it was there by then.
 * Null for what may be new: something let in within the records, or of which no list knows anything.
 */
function existedSince(view: View, automation: Automation, firstDay: number): number | null {
  const from = view.org.recordsFrom(view.platform);
  if (from === null) return null;
  const isLetIn = view.timeline.some(
    (entry) => LETTING_IN.has(entry.change.kind) && entry.day <= firstDay && succeeded(entry),
  );
  if (isLetIn) return null;
  const { createdAt, grants } = automation;
  const isOld = createdAt !== null && createdAt < from;
  const isListed = createdAt === null && grants.some(({ at }) => at === null || at < from);
  return isOld || isListed ? dayOf(from) - 1 : null;
}

function judge(view: View, automation: Automation, silence: Silence, limits: Options): Evidence[] {
  const doings = [
    amountReason(silence, limits),
    onlyTakingReason(silence, limits),
    credentialReason(view, silence),
    ...oddities(silence.past, silence.after).filter(({ words }) => !AMOUNTS.test(words)),
  ];
  const reasons = [
    lengthReason(silence, limits),
    reachReason(automation),
    placeReason(view, silence, limits),
    regrantReason(view, silence),
    ...doings,
  ].filter(({ points }) => points !== 0);
  const found = severityAt(total(reasons), limits.severities);
  if (found === null) return [];
  // Rare jobs exist; it takes something done to make a matter of one.
  const severity = total(doings) > 0 ? found : atMost(found, "low");
  return [
    {
      window: dayWindow(silence.day),
      severity,
      confidence: Math.min(0.25 + 0.07 * total(reasons), 0.9),
      explanation:
        `${subjectName(view)} did nothing for ${count(silence.days)} days and acts again ${onDay(silence.day)}. What nobody uses, nobody watches, ` +
        `and its keys are as old as its last use.${because(reasons)} A forgotten integration that wakes up by itself is either somebody's ` +
        "forgotten job, or somebody who found its key.",
      samples: evidenceOf(silence.after),
    },
  ];
}

/** Amounts among the oddities, which have a reason of their own here. */
const AMOUNTS = /items|things|MiB/;

function lengthReason({ days }: Silence, { longDays, forgottenDays }: Options): Reason {
  return {
    points: days >= forgottenDays ? 3 : days >= longDays ? 2 : 1,
    words: `it slept for ${count(days)} days`,
  };
}

function reachReason({ reach: { tier, riskiest } }: Automation): Reason {
  if (!isAtLeastTier(tier, "high")) return NOTHING;
  return { points: 1, words: `it reaches ${listing(riskiest)}` };
}

function amountReason(
  { past, after, day }: Silence,
  { itemsMin, severalItems, manyItems, recordsMin }: Options,
): Reason {
  const amount = mostOf(after, takenOn);
  const before = mostOf(past, takenOn);
  const isMuch = after.reduce((sum, profile) => sum + takenOn(profile), 0) >= itemsMin;
  if (!isMuch || amount <= before * 1.5) return busyReason({ past, after }, recordsMin);
  const more = past.length === 0 ? "" : ", more than on any day before";
  const size = amount >= manyItems ? 3 : amount >= severalItems ? 2 : 1;
  const points = size - (isMonthsTurn(day) ? 1 : 0);
  if (points === 0) return NOTHING;
  return {
    points,
    words: `it reached ${count(amount)} items in a day${more}`,
  };
}

/** Much of something else: it lists people, calls what it never called, or is refused. */
function busyReason({ past, after }: Pick<Silence, "past" | "after">, recordsMin: number): Reason {
  const records = mostOf(after, ({ events }) => events);
  const before = mostOf(past, ({ events }) => events);
  if (records < recordsMin || records <= before * 1.5) return NOTHING;
  return { points: 1, words: `it made ${count(records)} calls in a day` };
}

/** What a job leaves behind: somebody who has found a key has no use for any of it. */
const MAKING: readonly ActionClass[] = ["create", "edit", "send", "share", "publish"];

/** A job that comes back does its work, and makes, changes or sends something. Who only reads, and again the next day, collects. */
function onlyTakingReason({ after }: Silence, { takenMin, madeShareMax }: Options): Reason {
  const days = after.filter((profile) => takenOn(profile) >= takenMin).length;
  const taken = after.reduce((sum, profile) => sum + takenOn(profile), 0);
  const made = after.reduce(
    (sum, profile) => sum + MAKING.reduce((of, name) => of + countOf(profile, name), 0),
    0,
  );
  if (days === 0 || made > taken * madeShareMax) return NOTHING;
  return days === 1
    ? { points: 1, words: "it only took, and made or sent hardly anything" }
    : { points: 2, words: `on ${count(days)} days it only took, and made or sent hardly anything` };
}

/** From the 26th to the 5th, when books are closed and reports are made. */
function isMonthsTurn(day: number): boolean {
  const date = new Date(dayStart(day)).getUTCDate();
  return date >= 26 || date <= 5;
}

/** From where nobody was seen before, itself included. */
function placeReason(
  view: View,
  { places, day, after }: Silence,
  { knownPlacesMin }: Options,
): Reason {
  const isKnown = places.size > 0;
  // Where nothing is known of its own places, those of all others say what is usual: clouds are shared, networks are not.
  if (!isKnown && view.org.automations.length < knownPlacesMin) return NOTHING;
  const seen = isKnown ? after.flatMap(placesOf) : after.flatMap(providersOf);
  const fresh = [...new Set(seen)]
    .filter((place) => !places.has(place) && isUnknownPlace(view, place, day))
    .sort();
  if (fresh.length === 0) return NOTHING;
  return {
    points: 2,
    words: `it came from where nobody here was seen until that week (${listing(fresh, 2)})`,
  };
}

function providersOf({ asns, countries }: Profile): string[] {
  return [...[...(asns ?? [])].map(asnKey), ...[...(countries ?? [])].map(countryKey)];
}

/** A fresh key explains the waking, for better or worse. */
function credentialReason(view: View, { day }: Silence): Reason {
  const from = dayStart(day) - 14 * DAY_MS;
  const isKeyed = view.timeline.some(
    ({ at, change, ...entry }) =>
      (change.kind === "credential_added" || change.kind === "owner_added") &&
      at !== null &&
      at >= from &&
      entry.day <= day &&
      succeeded({ ...entry, at, change }),
  );
  return isKeyed
    ? { points: 1, words: "shortly before, it got a new key or a new owner" }
    : NOTHING;
}

/** Somebody let it in anew: she knows why it wakes. */
function regrantReason(view: View, { day, days }: Silence): Reason {
  const isRegranted = view.timeline.some(
    (entry) =>
      LETTING_IN.has(entry.change.kind) &&
      entry.day <= day &&
      entry.day > day - days &&
      succeeded(entry),
  );
  return isRegranted ? { points: -2, words: "somebody let it in anew" } : NOTHING;
}

const NOTHING: Reason = { points: 0, words: "" };
