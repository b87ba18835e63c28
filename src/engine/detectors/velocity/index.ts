/** Finds accounts that act faster than any person can, and automations that act far faster than they ever do. */

import { SECOND_MS, UNDATED } from "#base/time.ts";
import type { ActionClass } from "#contract/event.ts";
import { ownNormal, pastNormal, peerNormal } from "#engine/baseline/baseline.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { because, standing, subjectName } from "#engine/detectors/subject.ts";
import { SURGE_SEVERITIES } from "#engine/detectors/surge.ts";
import { type Reason, severityAt, total } from "#engine/detectors/trust.ts";
import { count, dayWindow, onDay } from "#engine/detectors/window.ts";
import { busiestSecond } from "#engine/profile/pace.ts";
import {
  busiestMinute,
  countOf,
  minutesAtLeast,
  type Profile,
  samplesOf,
} from "#engine/profile/profile.ts";

const options = {
  /** Records in a minute that no person makes by hand; sync clients and bulk dialogs stay below when idle minutes follow. */
  perMinuteMin: 60,
  /** Minutes of that speed in one day: one alone is a bulk action in a dialog, several are a program. */
  fastMinutesMin: 3,
  /** How many times faster than the account's own busiest usual minute it must be. */
  timesOwnMin: 4,
  /** Share of one class of action in the day above which a dialog may have done it: uploads, moves, deletions in bulk. */
  bulkShareMin: 0.95,
  /** Records in one minute below which an automation's burst is left alone: webhooks come in showers. */
  burstMin: 120,
  /** How many times its own busiest minutes, and those of others of its kind. */
  burstTimesMin: 8,
  /** Earlier days without which its nature is not known. */
  knownDaysMin: 5,
  /** Records in one second that show a program running free, where nothing is known of its nature. */
  coldPerSecondMin: 50,
};

type Options = typeof options;

export const velocity = defineDetector({
  id: "velocity",
  title: "Acts at a speed beyond its nature",
  techniques: ["T73"],
  attackType: "rate_limit_evasion",
  severity: "high",
  platforms: "all",
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    if (view.automation?.isFirstParty === true) return [];
    return view.profiles.flatMap((profile) =>
      view.automation === null
        ? machineSpeed(view, profile, limits)
        : freeRunning(view, profile, limits),
    );
  },
});

/** A person at a program's speed. */
function machineSpeed(
  view: View,
  profile: Profile,
  { perMinuteMin, fastMinutesMin, timesOwnMin, bulkShareMin }: Options,
): Evidence[] {
  // Failed attempts are somebody's at the door, not the account's; they alone must not make it fast.
  const done = profile.events - profile.failures - profile.throttled;
  if (done < perMinuteMin * fastMinutesMin || done < profile.failures) return [];
  const fast = minutesAtLeast(profile, perMinuteMin);
  if (fast < fastMinutesMin) return [];
  const peak = busiestMinute(profile).count;
  const usual = ownNormal(view.baseline, "busiest_minute", profile.day);
  if (usual.days > 0 && peak < usual.median * timesOwnMin) return [];
  const bulk = bulkOf(profile, bulkShareMin);
  return [
    {
      window: dayWindow(profile.day),
      severity: bulk === null ? "high" : "medium",
      confidence: confidence(peak, perMinuteMin, usual.days) - (bulk === null ? 0 : 0.2),
      title: "A person's account acts at machine speed",
      explanation: explain(view, profile, fast, peak, usual.median) + bulkWords(bulk),
      samples: samplesOf(profile, null),
    },
  ];
}

/** Programs are fast by nature, so an automation is held against its own busiest minutes and those of its kind. */
function freeRunning(view: View, profile: Profile, options: Options): Evidence[] {
  const { burstMin, burstTimesMin, knownDaysMin, coldPerSecondMin } = options;
  const done = profile.events - profile.failures - profile.throttled;
  if (profile.day === UNDATED || done < burstMin || done < profile.failures) return [];
  const peak = busiestMinute(profile).count;
  if (peak < burstMin) return [];
  const own = pastNormal(view.baseline, "busiest_minute", profile.day);
  const isKnown = own.days >= knownDaysMin;
  const peers = peerNormal(view.baseline, "busiest_minute");
  const second = busiestSecond(profile.pace);
  if (isKnown ? peak < own.p95 * burstTimesMin : second < coldPerSecondMin) return [];
  const others = ownNormal(view.baseline, "busiest_minute", profile.day);
  if (!isKnown && others.days > 0 && peak < others.median * burstTimesMin) return [];
  if (!isKnown && peers.days > 0 && peak < peers.max * 2) return [];
  const reasons: Reason[] = [
    ...(isKnown && peak >= own.p95 * burstTimesMin * 5
      ? [
          {
            points: 1,
            words: `it is ${count(peak / Math.max(own.p95, 1))} times its busiest minutes`,
          },
        ]
      : []),
    ...standing(view, profile.day),
  ];
  const severity = severityAt(BURST_POINTS + total(reasons), SURGE_SEVERITIES);
  if (severity === null) return [];
  const normal = isKnown
    ? `Its busiest minutes on ${count(own.days)} days before have ${count(own.p95)}.`
    : "There are too few earlier days to compare with.";
  return [
    {
      window: dayWindow(profile.day),
      severity,
      confidence: isKnown ? 0.5 : 0.35,
      title: "An automation acts far faster than it ever did",
      explanation:
        `${subjectName(view)} made ${count(peak)} records in one minute ${onDay(profile.day)}, up to ${count(second)} in one second. ` +
        `${normal}${because(reasons)} A program that suddenly runs free was changed, or is driven by somebody else.`,
      samples: samplesOf(profile, null),
    },
  ];
}

/** A burst alone is worth a note. */
const BURST_POINTS = 2;

/** What dialogs, sync clients and imports do in bulk for a person; opening and searching one by one they do not. */
const BULK: readonly ActionClass[] = ["create", "edit", "delete", "copy", "transfer", "download"];

/** The class that makes up nearly the whole day, where a dialog could have done it. */
function bulkOf(profile: Profile, shareMin: number): ActionClass | null {
  const all = profile.classes.reduce((sum, times) => sum + times, 0);
  return BULK.find((name) => countOf(profile, name) >= all * shareMin) ?? null;
}

function bulkWords(bulk: ActionClass | null): string {
  return bulk === null
    ? ""
    : ` Nearly all of it is of one sort (${bulk}), which an import, a sync client or a bulk dialog does too.`;
}

/** Surer with speed, and with a history that shows how slow this account usually is. */
function confidence(peak: number, perMinuteMin: number, historyDays: number): number {
  const bySpeed = Math.min(peak / perMinuteMin / 10, 0.3);
  const byHistory = Math.min(historyDays / 50, 0.15);
  return 0.5 + bySpeed + byHistory;
}

function explain(view: View, profile: Profile, fast: number, peak: number, usual: number): string {
  const who = view.person?.name ?? view.person?.id ?? "This account";
  const normal = Number.isNaN(usual)
    ? "There is no other day to compare with."
    : `Its busiest minute on other days has ${count(usual)} ${usual === 1 ? "record" : "records"}.`;
  const pace = (60 * SECOND_MS) / peak;
  return (
    `${who} made ${count(peak)} records in one minute ${onDay(profile.day)}, one every ${count(pace)} ms, and kept ` +
    `machine speed for ${fast} minutes. ${normal} A person at a keyboard does not reach that: a script, a stolen ` +
    "session or an agent is probably acting with the account."
  );
}
