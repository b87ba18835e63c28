/** Finds consents for a whole tenant that go to apps which do not deserve them, not those that IT makes every week. */

import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { isForAll, newGrants, noveltyReason, scopesOf } from "#engine/detectors/grants.ts";
import {
  atMost,
  because,
  byDay,
  isGuest,
  isPrivileged,
  nameOf,
  nameReason,
  publisherReason,
  type Reason,
  reachOf,
  reachReason,
  severityAt,
  total,
  who,
} from "#engine/detectors/trust.ts";
import { dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import type { Automation } from "#engine/inventory/automation.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /**
   * Points from which each severity starts: reach 2-4, publisher -3 to 2, first use 1 or wide use -2, grantor 1-2, false
   * name 2. Permissions of an app itself count as far-reaching, so these stand one higher than for people's consents.
   */
  low: 5,
  /** What an administrator lets in for all after looking at it has fewer signs than this. */
  medium: 6,
  /** The same as medium: what is too odd to be let in for everybody is a matter for today. */
  high: 6,
  /** Nearly all signs together; no honest roll-out has them. */
  critical: 9,
};

export const tenantConsent = defineDetector({
  id: "tenant-consent",
  title: "Risky consent for the whole tenant",
  techniques: ["T02"],
  attackType: "privilege_escalation",
  severity: "high",
  platforms: "all",
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    const { automation } = view;
    if (automation === null || automation.isFirstParty) return [];
    const isPublisherKnown = automation.isVerified !== null || automation.isInternal !== null;
    const consents = newGrants(view).filter(isForAll);
    return [...byDay(consents)].flatMap(([day, entries]): Evidence[] => {
      const reasons = [
        reachReason(reachOf(view, scopesOf(view, entries), true)),
        makerReason(automation),
        noveltyReason(view, day),
        grantorReason(view, entries),
        nameReason(automation),
      ];
      const points = total(reasons);
      const severity = severityAt(points, limits);
      if (severity === null) return [];
      return [
        {
          window: dayWindow(day),
          // Without a word about the publisher the claim rests on the catalogue not knowing it.
          severity: isPublisherKnown ? severity : atMost(severity, "medium"),
          confidence: Math.min((isPublisherKnown ? 0.1 : 0) + 0.09 * points, 0.9),
          explanation: explain(automation, entries, day, reasons),
          samples: entries.map(({ sample }) => sample).slice(0, 5),
        },
      ];
    });
  },
});

/** An app made in-house is no relief here: an intruder who can consent for all can register one, too. */
function makerReason(automation: Automation): Reason {
  return automation.isVerified !== true && automation.isInternal === true
    ? { points: 0, words: "" }
    : publisherReason(automation);
}

function grantorReason(view: View, entries: readonly TimelineEntry[]): Reason {
  const actors = entries.map(({ actor }) => actor);
  const program = actors.find(({ kind }) => kind === "automation");
  if (program !== undefined) {
    return { points: 1, words: `a program, ${program.name ?? program.id}, gave it, not a person` };
  }
  const guest = actors.find((actor) => isGuest(view, actor));
  if (guest !== undefined) return { points: 2, words: `${who(guest)} is a guest` };
  const other = actors.find((actor) => isPrivileged(view, actor) === false);
  return other === undefined
    ? { points: 0, words: "" }
    : { points: 1, words: `${who(other)} is not known as an administrator` };
}

function explain(
  automation: Automation,
  entries: readonly TimelineEntry[],
  day: number,
  reasons: readonly Reason[],
): string {
  const grantors = listing([...new Set(entries.map(({ actor }) => who(actor)))].sort());
  return (
    `${grantors} let ${nameOf(automation)} act for the whole tenant ${onDay(day)}. Such consents are normal for verified ` +
    `products and for the company's own apps with little reach. ${because(reasons)} From now on the app reaches ` +
    "everybody's data without asking anybody, also that of people who never heard of it."
  );
}
