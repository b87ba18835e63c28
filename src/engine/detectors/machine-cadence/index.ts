/** Finds people's accounts whose records keep time like a machine's: a script runs under somebody's name. */

import { UNDATED } from "#base/time.ts";
import type { ActionClass } from "#contract/event.ts";
import type { Severity } from "#contract/finding.ts";
import { type Cadence, cadenceOf } from "#engine/detectors/cadence.ts";
import { defineDetector, type View } from "#engine/detectors/detector.ts";
import { strangePlace } from "#engine/detectors/places.ts";
import { subjectName } from "#engine/detectors/subject.ts";
import { count, dayWindow, onDay } from "#engine/detectors/window.ts";
import { countOf, doneOf, type Profile, samplesOf } from "#engine/profile/profile.ts";

const options = {
  /** Gaps in a day from which a beat is told from chance: an hourly job has 23. */
  beatsMin: 20,
  /** With so many in one day the day alone is enough; else there must be two such days. */
  beatsMany: 60,
  /** Share of the day's actions that is real work: sign-ins and renewed tokens keep time by themselves. */
  workShareMin: 0.7,
  /** Share of the day's actions that takes something, which makes it more than a helpful script. */
  takingShareMin: 0.5,
  /** Hours of the day with activity: nobody works so long. */
  hoursMany: 16,
};

type Options = typeof options;

export const machineCadence = defineDetector({
  id: "machine-cadence",
  title: "A person's account keeps time like a machine",
  techniques: ["T71", "T73"],
  attackType: "rate_limit_evasion",
  severity: "low",
  platforms: "all",
  judges: ["person"],
  options,
  detect: (view, limits) => {
    const beats = view.profiles.flatMap((profile) => {
      const cadence = beatOn(profile, limits);
      return cadence === null ? [] : [{ profile, cadence }];
    });
    const first = beats.find(({ cadence }) => cadence.beats >= limits.beatsMany) ?? beats[1];
    if (first === undefined) return [];
    // One regime is one finding, however many days it lasts.
    const { profile, cadence } = first;
    const isTaking = takingShare(profile) >= limits.takingShareMin;
    const hours = profile.hours.filter((records) => records > 0).length;
    const isStrange = strangePlace(view.profiles, profile.day) !== null;
    const isSleepless = hours >= limits.hoursMany;
    return [
      {
        window: dayWindow(profile.day),
        severity: severityOf(isTaking, isSleepless, isStrange),
        confidence: 0.4 + (isSleepless ? 0.15 : 0) + Math.min(cadence.beats / 1_000, 0.15),
        explanation: explain(view, profile, cadence, hours),
        samples: samplesOf(profile, null),
      },
    ];
  },
});

function beatOn(profile: Profile, { beatsMin, workShareMin }: Options): Cadence | null {
  if (profile.day === UNDATED || profile.events < beatsMin) return null;
  const done = doneOf(profile);
  const work = done - countOf(profile, "sign_in") - countOf(profile, "other");
  if (done === 0 || work < done * workShareMin || profile.failures > done) return null;
  return cadenceOf(profile.pace, beatsMin);
}

const TAKING = [
  "read",
  "download",
  "search",
  "enumerate",
  "export",
  "share",
  "publish",
  "send",
] as const satisfies readonly ActionClass[];

function takingShare(profile: Profile): number {
  return TAKING.reduce((sum, name) => sum + countOf(profile, name), 0) / doneOf(profile);
}

/** A script of one's own is common and mostly harmless; one that never sleeps, takes or comes from elsewhere is less so. */
function severityOf(isTaking: boolean, isSleepless: boolean, isStrange: boolean): Severity {
  if (isTaking && isStrange) return "high";
  return isTaking && isSleepless ? "medium" : "low";
}

function explain(view: View, profile: Profile, { everySeconds, beats }: Cadence, hours: number) {
  const every =
    everySeconds < 120 ? `${everySeconds} seconds` : `${count(everySeconds / 60)} minutes`;
  return (
    `${subjectName(view)} was active every ${every}, ${count(beats)} times over ${hours} hours of the day ${onDay(profile.day)}. ` +
    "People come and go by chance; so steady a beat is a timer's. A script, an agent or somebody else's program works " +
    "with this account, and has all its rights without being known as an automation."
  );
}
