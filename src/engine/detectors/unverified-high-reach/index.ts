/** Lists apps whose publisher nobody verified and whose reach is high: a state, whether or not a record shows them act. */

import { DAY_MS } from "#base/time.ts";
import type { Severity } from "#contract/finding.ts";
import { defineDetector, type View } from "#engine/detectors/detector.ts";
import {
  atMost,
  counted,
  hasPublisher,
  isAtLeastTier,
  nameOf,
  publisherReason,
  shifted,
} from "#engine/detectors/trust.ts";
import { count, listing } from "#engine/detectors/window.ts";
import type { Automation } from "#engine/inventory/automation.ts";

const options = {
  /** An app younger than this has had no time to be noticed. Younger ones are most of those in consent phishing. */
  freshDays: 7,
  /** Where the records say "not verified", that is a fact; what it means for this app is not. */
  unverifiedConfidence: 0.6,
  /** Where they say nothing, all that is known is that the catalogue knows no vendor of this name. */
  unknownConfidence: 0.3,
};

export const unverifiedHighReach = defineDetector({
  id: "unverified-high-reach",
  title: "Unverified app with high reach",
  techniques: ["T09"],
  attackType: "data_exfiltration",
  severity: "low",
  platforms: "all",
  judges: ["automation"],
  options,
  detect: (view, { freshDays, unverifiedConfidence, unknownConfidence }) => {
    const { automation } = view;
    if (automation === null || !isCandidate(automation)) return [];
    const isUnverified = automation.isVerified === false;
    // Most logs do not say who is verified; then only the highest reach of an app without a known vendor is worth a word.
    const isUnknown = automation.isVerified === null && publisherReason(automation).points > 0;
    if (!isUnverified && !(isUnknown && automation.reach.tier === "critical")) return [];
    const age = ageDays(automation, view.now);
    const isFresh = age !== null && age <= freshDays;
    const isWide = automation.grants.some(({ consent }) => consent === "tenant");
    const base: Severity = isUnverified && automation.reach.tier === "critical" ? "medium" : "low";
    const severity = shifted(base, Number(isFresh) + Number(isWide) - (isUnverified ? 0 : 1));
    return [
      {
        window: null,
        // What it may do is no sign that it does: a state by itself is for the inventory, not for an alert.
        severity: atMost(severity, "medium"),
        confidence: (isUnverified ? unverifiedConfidence : unknownConfidence) + (isFresh ? 0.1 : 0),
        title: isUnverified ? "Unverified app with high reach" : "Unknown app with critical reach",
        explanation: explain(view, automation, isFresh ? age : null, isWide),
        samples: view.timeline.map(({ sample }) => sample).slice(0, 5),
      },
    ];
  },
});

function isCandidate(automation: Automation): boolean {
  return (
    !automation.isFirstParty &&
    automation.isInternal !== true &&
    automation.isEnabled !== false &&
    hasPublisher(automation) &&
    automation.grants.length > 0 &&
    isAtLeastTier(automation.reach.tier, "high")
  );
}

/** Since it was registered or came to the tenant, where a record says when. */
function ageDays({ createdAt }: Automation, now: number): number | null {
  return createdAt === null || createdAt > now ? null : Math.floor((now - createdAt) / DAY_MS);
}

function explain(
  view: View,
  automation: Automation,
  freshDays: number | null,
  isWide: boolean,
): string {
  const people = new Set(view.grants.map(({ principal }) => principal).filter((id) => id !== null));
  const holders = isWide
    ? "for the whole tenant"
    : `for ${count(Math.max(people.size, 1))} of its people`;
  const publisher =
    automation.isVerified === false
      ? "The platform has verified neither its publisher nor the app"
      : "No record says who publishes it, and the catalogue knows no vendor of this name";
  const owner = automation.owners[0]?.principal;
  return (
    `${nameOf(automation)} may reach ${listing(automation.reach.riskiest)} ${holders}. ${publisher}` +
    `${freshDays === null ? "" : `, and it is here for only ${counted(freshDays, "day")}`}. Apps with such reach usually come from a ` +
    "verified publisher or are made in-house. If it turns, or its maker is broken into, nothing stands between it and " +
    `that data.${owner === undefined ? " Nobody is known to answer for it." : ` ${owner} may know why it is here.`}`
  );
}
