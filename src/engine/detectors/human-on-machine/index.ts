/** Finds credentials of machines in a person's hands: a browser, or a sign-in at a screen, where only programs ever were. */

import type { Severity } from "#contract/finding.ts";
import { arrivalsOf, isElsewhere, placeWords } from "#engine/detectors/arrivals.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { datedProfiles, oddities } from "#engine/detectors/oddities.ts";
import { evidenceOf } from "#engine/detectors/picks.ts";
import { because, subjectName } from "#engine/detectors/subject.ts";
import { type Reason, severityAt, total } from "#engine/detectors/trust.ts";
import { count, dayWindow, onDay } from "#engine/detectors/window.ts";
import { breadth, type Profile, traitOf } from "#engine/profile/profile.ts";

const options = {
  /** Active days without a person at it, before one is news. */
  pastDaysMin: 5,
  /** Days after a claim that belong to it. */
  sameDays: 7,
  /** Points from which each severity is given. The browser or screen alone has 2. */
  severities: { low: 2, medium: 3, high: 4 } satisfies Partial<Record<Severity, number>>,
};
type Options = typeof options;

export const humanOnMachine = defineDetector({
  id: "human-on-machine",
  title: "A person uses a machine's credential",
  techniques: ["T22"],
  attackType: "credential_theft",
  severity: "medium",
  platforms: "all",
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    if (!isMachine(view)) return [];
    const dated = datedProfiles(view.profiles);
    const found: Evidence[] = [];
    let until = Number.NEGATIVE_INFINITY;
    for (const [index, profile] of dated.entries()) {
      const past = dated.slice(0, index);
      const hand = handReason(profile);
      if (hand === null || profile.day < until || past.length < limits.pastDaysMin) continue;
      // Somebody who has always worked with it does so again.
      if (past.some((one) => handReason(one) !== null) || !hasAgents(past, limits)) continue;
      const claim = judge(view, past, profile, hand, limits);
      if (claim === null) continue;
      found.push(claim);
      until = profile.day + limits.sameDays;
    }
    return found;
  },
});

/** Service accounts, bots and keys; apps only where they act by themselves, since a person's app comes by her browser. */
function isMachine({ automation, profiles }: View): boolean {
  if (automation === null || automation.isFirstParty) return false;
  switch (automation.kind) {
    case "service_account":
    case "api_key":
    case "bot":
    case "script":
      return true;
    case "oauth_app":
      return profiles.every((profile) => breadth(profile).people === 0);
    default:
      return false;
  }
}

/** Days on which the records say by what program it came; without those a browser is no change. */
function hasAgents(past: readonly Profile[], { pastDaysMin }: Options): boolean {
  return past.filter(({ agents }) => agents !== null && agents.size > 0).length >= pastDaysMin;
}

/** A browser, or a sign-in at a screen; null for neither. */
function handReason(profile: Profile): Reason | null {
  const browser = [...(profile.agents ?? [])].find((agent) => agent.startsWith("browser "));
  if (browser !== undefined) {
    return { points: 2, words: `it came by a web browser (${browser.slice("browser ".length)})` };
  }
  return traitOf(profile, "interactive") > 0
    ? { points: 2, words: "somebody signed in with it at a screen" }
    : null;
}

function judge(
  view: View,
  past: readonly Profile[],
  profile: Profile,
  hand: Reason,
  limits: Options,
): Evidence | null {
  const arrival = arrivalsOf(view).find(({ day }) => day === profile.day);
  const reasons = [
    hand,
    ...(arrival !== undefined && isElsewhere(arrival)
      ? [{ points: 1, words: `from a place that is new for it (${placeWords(arrival)})` }]
      : []),
    ...oddities(past, [profile]),
  ];
  const severity = severityAt(total(reasons), limits.severities);
  if (severity === null) return null;
  return {
    window: dayWindow(profile.day),
    severity,
    confidence: Math.min(0.3 + 0.07 * total(reasons), 0.9),
    explanation:
      `${subjectName(view)} is a machine's identity: on ${count(past.length)} earlier active days only programs used it. ${onDay(profile.day).replace(/^o/, "O")} that changed.` +
      `${because(reasons)} A machine's credential has no second factor and belongs to nobody, so a person who works with it leaves no name. ` +
      "That is a shortcut of a colleague, or a thief trying what the key opens.",
    samples: evidenceOf([profile], arrival?.networks ?? []),
  };
}
