/** Finds runs of many like changes by automations and accounts whose work does not come in batches. */

import { ascending, quantile } from "#base/stats.ts";
import { DAY_MS, dayStart, UNDATED } from "#base/time.ts";
import type { ActionClass } from "#contract/event.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { because, standing, subjectName } from "#engine/detectors/subject.ts";
import { SURGE_SEVERITIES } from "#engine/detectors/surge.ts";
import { type Reason, severityAt, total } from "#engine/detectors/trust.ts";
import { count, onDay } from "#engine/detectors/window.ts";
import { minutesOf } from "#engine/profile/pace.ts";
import { countOf, doneOf, type Profile, samplesOf } from "#engine/profile/profile.ts";

const options = {
  /** Records of a run: what somebody does by hand, and a small import, stay below. */
  runMin: 100,
  /** People select all and press a button; theirs must be larger. */
  personRunMin: 500,
  /** Records in each minute of a run, and idle minutes that end one. */
  perMinuteMin: 10,
  /** Programs pause for seconds, at a rate limit for a minute or two; a longer pause begins another run. */
  pauseMinutes: 3,
  /** Share of the day's actions that are of the one class; a run of everything is a synchronisation. */
  sameShareMin: 0.6,
  /** Times the largest run of its earlier days: for a program that imports, imports are normal. */
  timesOwnMin: 4,
  /** Earlier active days without which its nature is not known. */
  knownDaysMin: 5,
  /** So many at once are a lot by any measure. */
  many: 2_000,
  /** One scale of points for all detectors of amounts (surge.ts), so that their severities mean the same. */
  severities: SURGE_SEVERITIES,
};

type Options = typeof options;

/** What changes things one by one and looks alike each time. Deleting, publishing and sending have detectors of their own. */
const BATCHED = [
  "create",
  "edit",
  "copy",
  "transfer",
  "share",
  "member",
  "role",
] as const satisfies readonly ActionClass[];

export const batchOperations = defineDetector({
  id: "batch-operations",
  title: "A run of many like changes",
  techniques: ["T73"],
  attackType: "rate_limit_evasion",
  severity: "low",
  platforms: "all",
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    if (view.automation?.isFirstParty === true) return [];
    const runMin = view.automation === null ? limits.personRunMin : limits.runMin;
    if (!view.profiles.some((profile) => changes(profile) >= runMin)) return [];
    const all = runsOf(view.profiles, limits);
    const largest = new Map<number, number>();
    for (const { profile, records } of all) {
      largest.set(profile.day, Math.max(largest.get(profile.day) ?? 0, records));
    }
    const runs = all.filter(({ records }) => records >= runMin);
    const told = new Set<number>();
    return runs.flatMap((run): Evidence[] => {
      // A day of many runs is one piece of news.
      if (told.has(run.profile.day)) return [];
      const evidence = claim(view, run, largest, limits);
      if (evidence.length > 0) told.add(run.profile.day);
      return evidence;
    });
  },
});

function changes(profile: Profile): number {
  return BATCHED.reduce((sum, name) => sum + countOf(profile, name), 0);
}

/** Minutes on end with many records, over midnight too. */
interface Run {
  /** The day on which it began. */
  readonly profile: Profile;
  readonly from: number;
  to: number;
  records: number;
}

/** In one pass over the minutes of all days, largest first. */
function runsOf(profiles: readonly Profile[], { perMinuteMin, pauseMinutes }: Options): Run[] {
  const runs: Run[] = [];
  for (const profile of profiles) {
    if (profile.day === UNDATED || changes(profile) < perMinuteMin) continue;
    for (const { minute, records } of minutesOf(profile.pace)) {
      if (records < perMinuteMin) continue;
      const at = profile.day * 1_440 + minute;
      const last = runs.at(-1);
      if (last !== undefined && at - last.to <= pauseMinutes) {
        last.to = at;
        last.records += records;
      } else runs.push({ profile, from: at, to: at, records });
    }
  }
  return runs.sort((a, b) => b.records - a.records || a.from - b.from);
}

function claim(
  view: View,
  run: Run,
  largest: ReadonlyMap<number, number>,
  options: Options,
): Evidence[] {
  const { profile } = run;
  const done = doneOf(profile);
  const name = BATCHED.find((one) => countOf(profile, one) >= done * options.sameShareMin);
  // Failed attempts are records of the run, but they changed nothing.
  if (name === undefined || profile.failures + profile.throttled > done) return [];
  const others = view.profiles.filter(({ day }) => day !== UNDATED && day !== profile.day);
  const earlier = others.filter(({ day }) => day < profile.day);
  const isKnown = earlier.length >= options.knownDaysMin;
  // With few earlier days the later ones are asked too: what it does every day is its nature.
  const days = isKnown ? earlier : others;
  const usual = usualRun(days, largest);
  if (run.records < usual * options.timesOwnMin) return [];
  const reasons = [...manner(run, usual, isKnown, options), ...standing(view, profile.day)];
  const severity = severityAt(BASE_POINTS + total(reasons), options.severities);
  if (severity === null) return [];
  const lastDay = Math.floor(run.to / 1_440);
  const minutes = run.to - run.from + 1;
  const seconds = minutes === 1 ? "one minute" : `${count(minutes)} minutes`;
  return [
    {
      window: { from: dayStart(profile.day), to: dayStart(lastDay) + DAY_MS },
      severity,
      confidence: isKnown ? 0.5 : 0.35,
      explanation:
        `${subjectName(view)} made a run of ${count(run.records)} records within ${seconds} ${onDay(profile.day)}, nearly all of one sort (${name}). ` +
        `${usualWords(days.length, usual)}${because(reasons)} ` +
        "So many like changes at once are a program's: a migration or an import, or a script in wrong hands.",
      samples: samplesOf(profile, name),
    },
  ];
}

/** A run alone is worth a note: most are migrations and imports. */
const BASE_POINTS = 2;

/** A large run of its other days; the largest few may be an attack's. */
function usualRun(days: readonly Profile[], largest: ReadonlyMap<number, number>): number {
  const values = ascending(days.map(({ day }) => largest.get(day) ?? 0));
  return values.length === 0 ? 0 : quantile(values, 0.9);
}

function manner({ records }: Run, usual: number, isKnown: boolean, { many }: Options): Reason[] {
  const reasons: Reason[] = [];
  if (records >= many) reasons.push({ points: 1, words: "the run is large by any measure" });
  if (isKnown && usual === 0) {
    reasons.push({ points: 0.5, words: "its work never came in runs before" });
  }
  if (!isKnown) reasons.push({ points: -0.5, words: "too few earlier days tell how it works" });
  return reasons;
}

function usualWords(days: number, usual: number): string {
  if (days === 0) return "There is no other day to compare with.";
  return usual === 0
    ? `On its ${count(days)} other days, its work did not come in runs.`
    : `A large run of its ${count(days)} other days had ${count(usual)}.`;
}
