/** Finds people who let an app into their mail, files or chats although little speaks for that app. */

import type { ScopeTier } from "#catalog/scopes.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { isForAll, newGrants, noveltyReason, scopesOf } from "#engine/detectors/grants.ts";
import {
  atMost,
  because,
  byDay,
  hasPublisher,
  isAtLeastTier,
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

const options: {
  reachMin: ScopeTier;
  low: number;
  medium: number;
  high: number;
  critical: number;
} = {
  /** Consents below this reach (sign-in, calendar, single files) are not reported: they are most of all consents. */
  reachMin: "high",
  /** Points from which each severity starts: reach 2-4, mail read and sent 1, publisher -3 to 2, first use 1 or wide use -2, grantor 1, false name 2. */
  low: 4,
  medium: 5,
  high: 6,
  critical: 9,
};

export const illicitConsent = defineDetector({
  id: "illicit-consent",
  title: "Consent to a risky app",
  techniques: ["T01", "T03", "T09"],
  attackType: "credential_theft",
  severity: "medium",
  // Slack's installations have a detector of their own, which knows Slack's approvals.
  platforms: ["google", "microsoft", "github", "okta", "anthropic", "openai", "salesforce"],
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    const { automation } = view;
    if (automation === null || automation.isFirstParty || !hasPublisher(automation)) return [];
    const isPublisherKnown = automation.isVerified !== null || automation.isInternal === true;
    const consents = newGrants(view).filter((entry) => !isForAll(entry));
    return [...byDay(consents)].flatMap(([day, entries]): Evidence[] => {
      const scopes = scopesOf(view, entries);
      const reach = reachOf(view, scopes, false);
      if (!isAtLeastTier(reach.tier, limits.reachMin)) return [];
      const grantor = grantorReason(view, entries);
      const reasons = [
        reachReason(reach),
        mailKitReason(scopes),
        publisherReason(automation),
        noveltyReason(view, day),
        grantor,
        nameReason(automation),
      ];
      const points = total(reasons);
      const severity = severityAt(points, limits);
      // Files alone, for an app of which nothing else is known, are the daily bread of honest small tools.
      const isFilesOnly = !reach.areas.some((area) => area === "mail" || area === "chat");
      if (severity === null || (!isPublisherKnown && isFilesOnly && points < limits.medium)) {
        return [];
      }
      return [
        {
          window: dayWindow(day),
          // Without a word about the publisher the claim rests on the catalogue not knowing it.
          severity: isPublisherKnown ? severity : atMost(severity, "medium"),
          confidence: Math.min((isPublisherKnown ? 0.2 : 0.05) + 0.09 * points, 0.9),
          techniques: grantor.points === 0 ? ["T01", "T09"] : ["T01", "T03", "T09"],
          explanation: explain(automation, entries, day, reasons),
          samples: entries.map(({ sample }) => sample).slice(0, 5),
        },
      ];
    });
  },
});

/** Reading mail and sending it, or hiding it by rules, is what fraud with invoices needs. */
function mailKitReason(scopes: readonly string[]): Reason {
  const isReading = scopes.some((scope) =>
    /(^|\/)(Mail\.Read|gmail\.(readonly|modify))/i.test(scope),
  );
  const isActing = scopes.some((scope) =>
    /(^|\/)(Mail\.Send|MailboxSettings\.ReadWrite|gmail\.(send|settings))/i.test(scope),
  );
  return isReading && isActing
    ? { points: 1, words: "it can read mail and also send it or set its rules" }
    : { points: 0, words: "" };
}

function grantorReason(view: View, entries: readonly TimelineEntry[]): Reason {
  const actors = entries.map(({ actor }) => actor);
  const admin = actors.find((actor) => isPrivileged(view, actor) === true);
  if (admin !== undefined) {
    return { points: 1, words: `${who(admin)} has administrator rights, which the app then uses` };
  }
  const guest = actors.find((actor) => isGuest(view, actor));
  if (guest !== undefined) return { points: 1, words: `${who(guest)} is a guest` };
  return { points: 0, words: "" };
}

function explain(
  automation: Automation,
  entries: readonly TimelineEntry[],
  day: number,
  reasons: readonly Reason[],
): string {
  const grantors = listing([...new Set(entries.map(({ actor }) => who(actor)))].sort());
  return (
    `${grantors} let ${nameOf(automation)} in ${onDay(day)}. Most consents ask only who the user is, or go to apps of ` +
    `verified publishers. ${because(reasons)} Whoever runs the app keeps this access after a change of password and ` +
    "without a second factor, until the grant is revoked."
  );
}
