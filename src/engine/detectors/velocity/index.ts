/** Finds people's accounts that act at a speed that no person reaches: somebody's session or token drives a script. */

import { SECOND_MS } from "#base/time.ts";
import type { ActionClass } from "#contract/event.ts";
import { ownNormal } from "#engine/baseline/baseline.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { count, dayWindow, onDay } from "#engine/detectors/window.ts";
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
};

export const velocity = defineDetector({
  id: "velocity",
  title: "A person's account acts at machine speed",
  techniques: ["T73"],
  attackType: "rate_limit_evasion",
  severity: "high",
  platforms: "all",
  judges: ["person"],
  options,
  detect: (view, { perMinuteMin, fastMinutesMin, timesOwnMin, bulkShareMin }) =>
    view.profiles.flatMap((profile): Evidence[] => {
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
          explanation: explain(view, profile, fast, peak, usual.median) + bulkWords(bulk),
          samples: samplesOf(profile, null),
        },
      ];
    }),
});

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
