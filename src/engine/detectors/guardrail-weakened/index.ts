/** Finds protections that were loosened: above all those that decide which apps get in and what people may consent to. */

import type { Change } from "#contract/event.ts";
import {
  type Acts,
  actorReasons,
  actsIn,
  doer,
  evidenceFor,
  isOwnAct,
  laymanReasons,
  outsiderReasons,
} from "#engine/detectors/acts.ts";
import { defineDetector, type Evidence, type Org, type View } from "#engine/detectors/detector.ts";
import { ABOUT_APPS, ABOUT_SAFETY, EVERY_APP } from "#engine/detectors/guards.ts";
import { isAtLeastTier, nameOf, type Reason, succeeded } from "#engine/detectors/trust.ts";
import { listing, onDay } from "#engine/detectors/window.ts";
import type { Automation } from "#engine/inventory/automation.ts";
import { CLASS_INDEX } from "#engine/profile/indexes.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** After that many earlier days of the same, somebody does it for a living. */
  routineDaysMin: 3,
  /** Administrators loosen things for reasons, so that alone is low; medium wants an unlikely hand. */
  severities: { info: 1, low: 2, medium: 4, high: 5 },
  /** How likely it is an intruder before anything else speaks for or against it: most such acts have an honest reason. */
  confidence: 0.3,
};

export const guardrailWeakened = defineDetector({
  id: "guardrail-weakened",
  title: "A protection was loosened",
  techniques: ["T42"],
  alsoTechniques: ["T43"],
  attackType: "backdoor",
  severity: "low",
  platforms: "all",
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    if (view.automation?.isFirstParty === true) return [];
    const entries = view.timeline.filter(isLoosened);
    const all = actsIn(entries, whatOf);
    return all.flatMap((acts) => judge(view, acts, besides(acts, all), limits));
  },
});

const MAIL = CLASS_INDEX.get("forward");

/** Mail routes and limits of AI spending have detectors of their own. */
function isLoosened(entry: TimelineEntry): boolean {
  return (
    entry.change.kind === "policy_relaxed" &&
    entry.actor.kind !== "system" &&
    entry.sample.classIndex !== MAIL &&
    !/spend|usage_limit|rate_limit/.test(entry.action) &&
    succeeded(entry)
  );
}

/** The setting, without its values; several changes of one setting in a day are one act. */
function whatOf({ action, change }: TimelineEntry): string {
  return `${action}: ${(change.detail ?? "").split(/:| -> | is now /)[0] ?? ""}`;
}

function weight(entries: readonly TimelineEntry[]): { reason: Reason; isApps: boolean } {
  const words = entries.map(({ action, change }) => `${action} ${change.detail ?? ""}`).join(" ");
  if (EVERY_APP.test(words)) {
    return { isApps: true, reason: { points: 3, words: "it opens the door to every app" } };
  }
  if (ABOUT_APPS.test(words)) {
    return {
      isApps: true,
      reason: { points: 2, words: "it decides which apps get in, or what they may do" },
    };
  }
  return {
    isApps: false,
    reason: ABOUT_SAFETY.test(words)
      ? { points: 2, words: "it keeps intruders out or data in" }
      : { points: 1, words: "it governs what others may do" },
  };
}

/** How many other protections the same hand loosened on the same day. */
function besides({ day, actor, sort }: Acts, all: readonly Acts[]): number {
  return all.filter((one) => one.day === day && one.actor.id === actor.id && one.sort !== sort)
    .length;
}

const COMING_IN: ReadonlySet<Change["kind"]> = new Set(["installed", "granted", "scopes_added"]);

/** An app with a wide reach, of no verified publisher and approved by nobody, and when somebody let it in. */
interface Arrival {
  readonly automation: Automation;
  readonly entry: TimelineEntry;
}

/** By the organization, since all acts of all people ask: who let in what, by platform and person. */
const arrivalsByOrg = new WeakMap<Org, ReadonlyMap<string, readonly Arrival[]>>();

function arrivalsOf(org: Org): ReadonlyMap<string, readonly Arrival[]> {
  const known = arrivalsByOrg.get(org);
  if (known !== undefined) return known;
  const found: Arrival[] = org.automations
    .filter(({ isVerified, reach }) => isVerified !== true && isAtLeastTier(reach.tier, "high"))
    .flatMap((automation) => {
      const { timeline } = org.activityOf(automation);
      if (timeline.some(({ change }) => change.kind === "approved")) return [];
      return timeline
        .filter((entry) => COMING_IN.has(entry.change.kind) && succeeded(entry))
        .map((entry) => ({ automation, entry }));
    });
  const arrivals = Map.groupBy(
    found,
    ({ automation, entry }) => `${automation.platform}|${entry.actor.id}`,
  );
  arrivalsByOrg.set(org, arrivals);
  return arrivals;
}

/** The door opened, and the same hand let an app with a wide reach in, without anybody's approval. */
function cameIn({ org, platform }: View, { day, actor, first }: Acts): Reason[] {
  if (actor.kind !== "person") return [];
  const came = arrivalsOf(org)
    .get(`${platform}|${actor.id}`)
    ?.find(
      ({ entry }) =>
        (entry.day === day || entry.day === day + 1) && (entry.at ?? 0) >= (first.at ?? 0),
    );
  if (came === undefined) return [];
  const { automation } = came;
  return [
    {
      points: 2,
      words: `right after it, ${actor.id} let in ${nameOf(automation)}, which nobody vouches for and whose reach is ${automation.reach.tier}`,
    },
  ];
}

function judge(view: View, acts: Acts, others: number, limits: typeof options): Evidence[] {
  const { reason, isApps } = weight(acts.entries);
  const isProgram = isOwnAct(view, acts.first);
  const reasons: Reason[] = [
    reason,
    ...actorReasons(view, acts),
    ...laymanReasons(view, acts),
    ...outsiderReasons(view, acts),
  ];
  if (isApps) reasons.push(...cameIn(view, acts));
  if (others > 0)
    reasons.push({ points: 1, words: "other protections were loosened that day, too" });
  if (isProgram) reasons.push({ points: 2, words: "a program changed it, not an administrator" });
  const settings = listing(
    [...new Set(acts.entries.map(({ action, change }) => change.detail ?? action))].sort(),
  );
  const subject =
    view.automation === null || isProgram ? "" : ` It concerns ${nameOf(view.automation)}.`;
  return evidenceFor(
    acts,
    {
      reasons,
      techniques: isApps && view.platform !== "microsoft" ? ["T42"] : ["T43"],
      explain: (because) =>
        `${doer(acts.actor)} loosened a protection ${onDay(acts.day)} (${settings}).${subject}${because} Such settings ` +
        "change seldom and by plan. Loosened quietly, they are the open door through which the next app comes in without anybody being asked.",
    },
    limits,
  );
}
