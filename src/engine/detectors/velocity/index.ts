/** Finds people's accounts that act at a speed that no person reaches: somebody's session or token drives a script. */

import { SECOND_MS } from "#base/time.ts";
import { ownNormal } from "#engine/baseline/baseline.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { count, dayWindow, onDay } from "#engine/detectors/window.ts";
import { busiestMinute, type Profile, samplesOf } from "#engine/profile/profile.ts";

const options = {
  /** Records in a minute that no person makes by hand; sync clients and bulk dialogs stay below when idle minutes follow. */
  perMinuteMin: 60,
  /** Minutes of that speed in one day: one alone is a bulk action in a dialog, several are a program. */
  fastMinutesMin: 3,
  /** How many times faster than the account's own busiest usual minute it must be. */
  timesOwnMin: 4,
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
  detect: (view, { perMinuteMin, fastMinutesMin, timesOwnMin }) =>
    view.profiles.flatMap((profile): Evidence[] => {
      const fast = [...profile.minutes.values()].filter(
        (records) => records >= perMinuteMin,
      ).length;
      if (fast < fastMinutesMin) return [];
      const peak = busiestMinute(profile).count;
      const usual = ownNormal(view.baseline, "busiest_minute", profile.day);
      if (usual.days > 0 && peak < usual.median * timesOwnMin) return [];
      return [
        {
          window: dayWindow(profile.day),
          confidence: confidence(peak, perMinuteMin, usual.days),
          explanation: explain(view, profile, fast, peak, usual.median),
          samples: samplesOf(profile, null),
        },
      ];
    }),
});

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
    : `Its busiest minute on other days has ${count(usual)} records.`;
  const pace = (60 * SECOND_MS) / peak;
  return (
    `${who} made ${count(peak)} records in one minute ${onDay(profile.day)}, one every ${count(pace)} ms, and kept ` +
    `machine speed for ${fast} minutes. ${normal} A person at a keyboard does not reach that: a script, a stolen ` +
    "session or an agent is probably acting with the account."
  );
}
