/** Finds consents that follow a document copied in from outside: the document brought a script, and the script asked for access. */

import { MINUTE_MS } from "#base/time.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { newGrants, scopesOf } from "#engine/detectors/grants.ts";
import { isAtLeastTier, nameOf, reachOf, who } from "#engine/detectors/trust.ts";
import { dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** From the copy to the consent, in event time. People open a copy at once; half a day leaves room for a pause. */
  withinMinutes: 240,
  /** Minutes that Google's two logs may be apart in their clocks. */
  slackMinutes: 2,
};
type Options = typeof options;

export const copiedScript = defineDetector({
  id: "copied-script",
  title: "A copied outside document asked for access",
  techniques: ["T44"],
  attackType: "credential_theft",
  severity: "high",
  platforms: ["google"],
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    const { automation } = view;
    if (automation === null || automation.isFirstParty || automation.isVerified === true) return [];
    return newGrants(view).flatMap((grant): Evidence[] => {
      const copy = copyBefore(view, grant, limits);
      if (copy === null || grant.at === null || copy.at === null) return [];
      const reach = reachOf(view, scopesOf(view, [grant]), false);
      const isStrong = isAtLeastTier(reach.tier, "high");
      const minutes = Math.max(Math.round((grant.at - copy.at) / MINUTE_MS), 0);
      return [
        {
          window: dayWindow(grant.day),
          key: grant.actor.id,
          severity: isStrong ? "high" : "medium",
          confidence: Math.min(
            0.5 + (automation.kind === "script" ? 0.2 : 0) + (minutes <= 30 ? 0.15 : 0),
            0.85,
          ),
          explanation:
            `${who(grant.actor)} copied ${copy.target?.name ?? "a document"} in from outside the organization and ${minutes} minutes later gave ` +
            `${nameOf(automation)} access ${onDay(grant.day)}${reach.riskiest.length === 0 ? "" : ` (${listing(reach.riskiest)})`}. A copy brings the ` +
            "scripts of the original along; they run as the person who copied it, and Google shows no warning of an unverified app for one's own copy.",
          samples: [copy.sample, grant.sample],
        },
      ];
    });
  },
});

/** The last copy from outside by the same person before the consent. */
function copyBefore(
  view: View,
  grant: TimelineEntry,
  { withinMinutes, slackMinutes }: Options,
): TimelineEntry | null {
  const { at, actor } = grant;
  if (at === null || actor.id === "") return null;
  const copies = (view.org.activity(view.platform, actor.id)?.timeline ?? []).filter(
    (entry) =>
      isCopyFromOutside(entry) &&
      entry.at !== null &&
      entry.at <= at + slackMinutes * MINUTE_MS &&
      entry.at >= at - withinMinutes * MINUTE_MS,
  );
  return copies.at(-1) ?? null;
}

function isCopyFromOutside({ action, change }: TimelineEntry): boolean {
  return action === "copy" && change.kind === "created" && /outside/.test(change.detail ?? "");
}
