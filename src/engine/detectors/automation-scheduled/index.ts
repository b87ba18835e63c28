/** Finds code that was given a clock or an address to start it, or a machine of its own to run on. */

import { type Acts, actorReasons, actsIn, doer, evidenceFor } from "#engine/detectors/acts.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { nameOf, type Reason, succeeded } from "#engine/detectors/trust.ts";
import { listing, onDay } from "#engine/detectors/window.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** Whoever writes automations on that many earlier days does it for a living. */
  routineDaysMin: 3,
  /** A schedule is a note; a way in for others is low. */
  severities: { info: 1, low: 2, medium: 4, high: 6 },
  /** How likely it is an intruder before anything else speaks for or against it: most such acts have an honest reason. */
  confidence: 0.3,
};

export const automationScheduled = defineDetector({
  id: "automation-scheduled",
  title: "Something was set to run by itself",
  techniques: ["T45"],
  attackType: "backdoor",
  severity: "info",
  platforms: ["google", "microsoft", "slack", "github", "okta"],
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    if (view.automation?.isFirstParty === true) return [];
    const entries = view.timeline.filter(
      (entry) => isStarter(entry) && entry.actor.kind !== "system" && succeeded(entry),
    );
    return actsIn(entries, ({ target }) => target?.id ?? "").flatMap((acts) =>
      judge(view, acts, limits),
    );
  },
});

/** Schedules, triggers and addresses that start code, and machines of one's own that run it. */
function isStarter({ change, action }: TimelineEntry): boolean {
  return change.kind === "scheduled" || (change.kind === "created" && RUNNER.test(action));
}

const RUNNER = /self_hosted(_jit)?_runner$/;

function judge(view: View, acts: Acts, limits: typeof options): Evidence[] {
  const reasons = [startReason(acts), ...actorReasons(view, acts)];
  const what = listing(
    [...new Set(acts.entries.map(({ change, action }) => change.detail ?? action))].sort(),
  );
  const { target } = acts.first;
  const which =
    view.automation === null ? (target?.name ?? target?.id ?? "a script") : nameOf(view.automation);
  return evidenceFor(
    acts,
    {
      reasons,
      explain: (because) =>
        `${doer(acts.actor)} set what starts or runs ${which} ${onDay(acts.day)} (${what}).${because} ` +
        "What runs by itself goes on when its maker has left or lost his password, which is its use, and an intruder's use, too.",
    },
    limits,
  );
}

function startReason({ entries }: Acts): Reason {
  const words = entries.map(({ change, action }) => `${change.detail ?? ""} ${action}`).join(" ");
  if (/webhook/i.test(words)) {
    return { points: 2, words: "whoever knows the address can start it from anywhere" };
  }
  return /runner/.test(words)
    ? { points: 2, words: "the machine gets the organization's code and secrets to run it" }
    : { points: 1, words: "it runs without anybody starting it" };
}
