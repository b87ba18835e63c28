/** Finds activity at hours, or on days of rest, at which this very automation or account was never active before. */

import { dayStart, HOUR_MS, UNDATED } from "#base/time.ts";
import { ACTION_CLASSES, type ActionClass } from "#contract/event.ts";
import type { Severity } from "#contract/finding.ts";
import { type Calendar, isOfficeTime, offHoursShare } from "#engine/calendar.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { because, standing, subjectName } from "#engine/detectors/subject.ts";
import { atMost, severityAt, shifted, total } from "#engine/detectors/trust.ts";
import { count, dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import { countOf, type Profile, samplesOf } from "#engine/profile/profile.ts";
import type { Sample } from "#engine/profile/sample.ts";
import { hourWords, isNear, type Rhythm, rhythmBefore, weekday } from "./rhythm.ts";

const options = {
  /** Earlier active days, over this span, without which no hour is unusual: two working weeks. */
  daysMin: 10,
  /** Two weeks: every weekday twice. */
  spanDaysMin: 13,
  /** Hours around a usual one that are no news: daylight saving, a moved deploy, an evening that grew long. */
  automationSlackHours: 2,
  /** People stay late and start early; four hours off their usual day are night. */
  personSlackHours: 4,
  /** Records at unusual hours that are more than a retry or a look at the phone. */
  automationEventsMin: 20,
  /** A glance at the phone at night leaves some dozen records. */
  personEventsMin: 50,
  /** Earlier days on which an hour may have been active and still count as unusual. */
  strayDaysMax: 1,
  /** With this many usual hours, those around them included, it works around the clock. */
  usualHoursMax: 20,
  /** Share of earlier days with an hour of their own; above it there is no rhythm to be unlike to. */
  whimMax: 0.15,
  /** On a day of rest but at usual hours only far more than a usual day counts: a job may catch up. */
  restTimesMin: 3,
  /** A job that runs at another time instead of its own, as much as ever, has been moved: up to this many times. */
  movedTimesMax: 2,
  /** Share of a day's records outside office time that makes it a night's or a weekend's. */
  nightShareMin: 0.95,
  /** Such days, and nothing else, of an automation whose hours say no more than that. */
  nightDaysMin: 3,
  /** What it took or changed on such a day at least. */
  nightTakenMin: 30,
  /** Nightly jobs are everywhere: only one that deserves no trust is told, by points of its standing. */
  nightSeverities: { low: 2, medium: 4 } satisfies Partial<Record<Severity, number>>,
};

type Options = typeof options;

/** What an intruder comes for at night. */
const SENSITIVE: ReadonlySet<ActionClass> = new Set([
  "download",
  "export",
  "publish",
  "share",
  "forward",
  "transfer",
  "delete",
  "consent",
  "credential",
  "role",
  "policy",
]);

export const offHours = defineDetector({
  id: "off-hours",
  title: "Active at hours at which it never was",
  techniques: ["T72"],
  attackType: "backdoor",
  severity: "medium",
  platforms: "all",
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    if (view.automation?.isFirstParty === true) return [];
    const found = candidates(view, limits).flatMap((profile) => judge(view, profile, limits));
    return found.length > 0 ? found : nightWorker(view, limits);
  },
});

/** Days worth a look, found in one pass: with an hour that no earlier day knows nearby, or a weekday that few did. */
function candidates(view: View, { daysMin, strayDaysMax, ...slack }: Options): Profile[] {
  const slackHours = view.automation === null ? slack.personSlackHours : slack.automationSlackHours;
  const daysByHour = new Array<number>(24).fill(0);
  const daysByWeekday = new Array<number>(7).fill(0);
  return view.profiles.filter(({ day, hours }, index) => {
    const isRare =
      (daysByWeekday[weekday(day)] ?? 0) <= strayDaysMax ||
      hours.some((n, hour) => n > 0 && !isNear(daysByHour, hour, slackHours, strayDaysMax));
    daysByWeekday[weekday(day)] = (daysByWeekday[weekday(day)] ?? 0) + 1;
    for (const [hour, n] of hours.entries()) {
      if (n > 0) daysByHour[hour] = (daysByHour[hour] ?? 0) + 1;
    }
    return isRare && index >= daysMin;
  });
}

/** The unusual hours of a day. */
interface Unusual {
  readonly hours: readonly number[];
  readonly events: number;
  readonly isRestDay: boolean;
}

function judge(view: View, profile: Profile, options: Options): Evidence[] {
  const window = dayWindow(profile.day);
  const isPerson = view.automation === null;
  const eventsMin = isPerson ? options.personEventsMin : options.automationEventsMin;
  // Attempts that fail are somebody's at the door; this is about what was done.
  const done = profile.events - profile.failures - profile.throttled;
  if (window === null || done < eventsMin) return [];
  const slackHours = isPerson ? options.personSlackHours : options.automationSlackHours;
  const rhythm = rhythmBefore(view.profiles, profile.day, { ...options, slackHours });
  if (!hasRhythm(rhythm, slackHours, options)) return [];
  const { calendar } = view.org;
  const unusual = unusualHours(profile, rhythm, slackHours, { isPerson, calendar }, options);
  if (unusual === null || Math.min(unusual.events, done) < eventsMin) return [];
  if (!isPerson && wasMoved(profile, rhythm, unusual, options)) return [];
  const samples = samplesIn(profile, unusual.hours);
  const sensitive = sensitiveIn(samples);
  return [
    {
      window,
      severity: severityOf(unusual, rhythm, sensitive),
      confidence: confidenceOf(isPerson, unusual, rhythm),
      explanation: explain(view, profile, rhythm, unusual, sensitive),
      samples: samples.slice(0, 5),
    },
  ];
}

function hasRhythm(rhythm: Rhythm, slackHours: number, options: Options): boolean {
  if (rhythm.days < options.daysMin || rhythm.spanDays < options.spanDaysMin) return false;
  if (rhythm.whim > options.whimMax) return false;
  const usual = rhythm.daysByHour.filter((_, hour) =>
    isNear(rhythm.daysByHour, hour, slackHours, options.strayDaysMax),
  );
  return usual.length < options.usualHoursMax;
}

/**
 * Hours far from any usual one; on an automation's day of rest every hour, if it did far more than on a usual day or
 * any of the hours is far from a usual one. People do work on a Saturday, so only their nights count.
 */
function unusualHours(
  profile: Profile,
  rhythm: Rhythm,
  slackHours: number,
  { isPerson, calendar }: { isPerson: boolean; calendar: Calendar },
  { strayDaysMax, restTimesMin }: Options,
): Unusual | null {
  const active = profile.hours.flatMap((records, hour) => (records > 0 ? [hour] : []));
  // A person at work while the offices are open is where she belongs, whatever her habits are.
  const far = active.filter(
    (hour) =>
      !isNear(rhythm.daysByHour, hour, slackHours, strayDaysMax) &&
      !(isPerson && isOfficeTime(calendar, dayStart(profile.day) + hour * HOUR_MS)),
  );
  const isRestDay = !isPerson && rhythm.restDays.has(weekday(profile.day));
  const isLarge = profile.events >= rhythm.eventsPerDay * restTimesMin;
  const hours = isRestDay && isLarge ? active : far;
  if (hours.length === 0) return null;
  const events = hours.reduce((sum, hour) => sum + (profile.hours[hour] ?? 0), 0);
  return { hours, events, isRestDay };
}

/**
 * An automation that works at nights and weekends alone, in the organization's own time, takes or changes things, and is
 * of no good standing. It has kept these hours from its start, so that no change of rhythm gives it away.
 */
function nightWorker(view: View, options: Options): Evidence[] {
  if (view.automation === null) return [];
  const days = view.profiles.filter(({ day, events }) => day !== UNDATED && events > 0);
  const ripe = days[options.nightDaysMin - 1];
  if (ripe === undefined) return [];
  const isNightly = days.every(
    (profile) => offHoursShare(profile, view.org.calendar) >= options.nightShareMin,
  );
  const busy = days.filter((profile) => sensitiveOf(profile) >= options.nightTakenMin);
  if (!isNightly || busy.length < options.nightDaysMin) return [];
  const reasons = standing(view, ripe.day);
  const severity = severityAt(total(reasons), options.nightSeverities);
  if (severity === null) return [];
  return [
    {
      window: dayWindow(ripe.day),
      key: "nights",
      severity,
      confidence: 0.35,
      title: "Works only while nobody is at work",
      explanation:
        `${subjectName(view)} works at nights, weekends or holidays alone, as clocks in ${view.org.timeZone} tell them, and reads, takes or ` +
        `changes things on each of its ${count(days.length)} active days.${because(reasons)} Nightly jobs are common, and so ` +
        "are intruders who wait until nobody looks.",
      samples: samplesOf(ripe, null),
    },
  ];
}

function sensitiveOf(profile: Profile): number {
  return [...SENSITIVE, "read" as const].reduce((sum, name) => sum + countOf(profile, name), 0);
}

/** At other hours instead of its own, no more than ever, on a day on which it works anyway: the timetable changed. */
function wasMoved(
  profile: Profile,
  rhythm: Rhythm,
  { events, isRestDay }: Unusual,
  { movedTimesMax }: Options,
): boolean {
  return (
    !isRestDay && events === profile.events && profile.events <= rhythm.eventsPerDay * movedTimesMax
  );
}

function samplesIn(profile: Profile, hours: readonly number[]): Sample[] {
  const within = new Set(hours);
  return samplesOf(profile, null, Number.POSITIVE_INFINITY).filter(
    ({ at }) => at !== null && within.has(new Date(at).getUTCHours()),
  );
}

function sensitiveIn(samples: readonly Sample[]): ActionClass[] {
  const found = new Set<ActionClass>();
  for (const { classIndex } of samples) {
    const name = ACTION_CLASSES[classIndex];
    if (name !== undefined && SENSITIVE.has(name)) found.add(name);
  }
  return [...found].sort();
}

/** A person at night is weak by itself. A program that leaves its timetable is more, and what it does then decides. */
function severityOf(
  { events, isRestDay, hours }: Unusual,
  rhythm: Rhythm,
  sensitive: readonly ActionClass[],
): Severity {
  const isMuch = events >= Math.max(rhythm.eventsPerDay, 1);
  const isBoth = isRestDay && hours.length > 0;
  const steps = (sensitive.length > 0 ? 1 : 0) + (isMuch || isBoth ? 1 : 0);
  return atMost(shifted("low", steps), "medium");
}

/** Surer with a long history, a strict rhythm and many records. */
function confidenceOf(isPerson: boolean, { events }: Unusual, rhythm: Rhythm): number {
  const byHistory = Math.min(rhythm.days / 150, 0.2);
  const byRhythm = 0.1 * (1 - rhythm.whim / 0.15);
  const bySize = Math.min(events / Math.max(rhythm.eventsPerDay, 1), 1) * 0.1;
  return (isPerson ? 0.25 : 0.28) + byHistory + byRhythm + bySize;
}

function explain(
  view: View,
  profile: Profile,
  rhythm: Rhythm,
  { hours, events, isRestDay }: Unusual,
  sensitive: readonly ActionClass[],
): string {
  const { timeZone } = view.org;
  const [first = 0] = hours;
  const when = hourWords(profile.day, first, timeZone);
  const rest = isRestDay ? ", on a day of the week on which it always rested" : "";
  const doing = sensitive.length === 0 ? "" : ` Among it: ${listing(sensitive)}.`;
  return (
    `${subjectName(view)} left ${count(events)} records ${onDay(profile.day)} in ${hours.length} ` +
    `${hours.length === 1 ? "hour" : "hours"} at which it is never active, from ${when}${rest}. On its ` +
    `${count(rhythm.days)} active days before, it worked ${usualWords(rhythm)}, with ${count(rhythm.eventsPerDay)} ` +
    `records on a usual day.${doing} Whoever uses stolen access often does so while its owner sleeps.`
  );
}

/** `between 06:00 and 17:59 UTC`, along the longest stretch of the clock without activity. */
function usualWords({ daysByHour }: Rhythm): string {
  let best = { length: -1, end: 0 };
  for (let start = 0; start < 24; start++) {
    let length = 0;
    while (length < 24 && (daysByHour[(start + length) % 24] ?? 0) <= 1) length++;
    if (length > best.length) best = { length, end: start + length };
  }
  const from = best.end % 24;
  const to = (best.end - best.length - 1 + 48) % 24;
  const pad = (hour: number): string => String(hour).padStart(2, "0");
  return `between ${pad(from)}:00 and ${pad(to)}:59 UTC`;
}
