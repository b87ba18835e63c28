/** Notes every app on the day it is first let in, so that somebody has seen it once; louder where nobody vouches for it. */

import type { Change } from "#contract/event.ts";
import { type Acts, actorReasons, actsIn, doer, evidenceFor } from "#engine/detectors/acts.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { isForAll } from "#engine/detectors/grants.ts";
import { nameOf, publisherReason, type Reason, succeeded } from "#engine/detectors/trust.ts";
import { onDay } from "#engine/detectors/window.ts";
import type { Automation } from "#engine/inventory/automation.ts";

const options = {
  /** Never quiet for habit: an app is new once. */
  routineDaysMin: Number.MAX_SAFE_INTEGER,
  severities: { info: 0, low: 2, medium: 5 },
  confidence: 0.2,
};

export const appLetIn = defineDetector({
  id: "app-let-in",
  title: "A new app was let in",
  techniques: ["T42"],
  alsoTechniques: ["T48"],
  attackType: "backdoor",
  severity: "info",
  platforms: ["slack", "google", "microsoft", "github", "okta", "salesforce"],
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    const { automation } = view;
    if (automation === null || automation.isFirstParty) return [];
    const lettingIn = view.timeline.filter(
      (entry) => LETTING_IN.has(entry.change.kind) && succeeded(entry),
    );
    const firstDay = lettingIn[0]?.day;
    const entries = lettingIn.filter(
      ({ day, change }) => day === firstDay && TOLD.has(change.kind),
    );
    return actsIn(entries, () => "let in").flatMap((acts) => judge(view, automation, acts, limits));
  },
});

/** People's own consents have detectors that weigh them; but an app in use by consent is not new. */
const LETTING_IN: ReadonlySet<Change["kind"]> = new Set(["granted", "installed", "approved"]);
const TOLD: ReadonlySet<Change["kind"]> = new Set(["installed", "approved"]);

function judge(view: View, automation: Automation, acts: Acts, limits: typeof options): Evidence[] {
  const isWide = acts.entries.some(isForAll);
  const { points, words } = publisherReason(automation);
  const reasons: Reason[] = [
    { points: 1, words: "no earlier record shows it" },
    ...(isWide ? [{ points: 1, words: "it was let in for everybody" }] : []),
    { points: Math.min(Math.max(points, -1), 1), words },
    ...actorReasons(view, acts),
  ].filter((reason) => reason.points !== 0);
  return evidenceFor(
    acts,
    {
      reasons,
      title: isWide ? "A new app was let in for everybody" : "A new app was let in",
      techniques: view.platform === "slack" && !isWide ? ["T48"] : ["T42"],
      explain: (because) =>
        `${doer(view, acts.actor)} let ${nameOf(automation)} in ${onDay(acts.day)}.${because} New apps are normal; ` +
        "somebody should know each of them. Once in, an app keeps its access until it is taken away.",
    },
    limits,
  );
}
