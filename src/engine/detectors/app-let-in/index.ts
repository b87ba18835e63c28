/** Notes every app on the day it is first let in, so that somebody has seen it once; louder where nobody vouches for it. */

import type { Change } from "#contract/event.ts";
import { type Acts, actorReasons, actsIn, doer, evidenceFor } from "#engine/detectors/acts.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { isForAll } from "#engine/detectors/grants.ts";
import { hadLoosened } from "#engine/detectors/guards.ts";
import {
  hasPublisher,
  nameOf,
  publisherReason,
  type Reason,
  succeeded,
} from "#engine/detectors/trust.ts";
import { onDay } from "#engine/detectors/window.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** An app is new once; only for apps without a name can there be a habit. */
  routineDaysMin: 2,
  /** To let an app in is everyday work: the act alone is info, two signs make it low, and only several together more. */
  severities: { info: 0, low: 2, medium: 5, high: 6 },
  /** Nearly every app that is let in is wanted: one in five is a generous guess. */
  confidence: 0.2,
  /** So many days after a protection was loosened, what comes in by the same hand is what it was loosened for. */
  afterDays: 3,
};

export const appLetIn = defineDetector({
  id: "app-let-in",
  title: "A new app was let in",
  techniques: ["T42"],
  alsoTechniques: ["T48"],
  attackType: "backdoor",
  severity: "info",
  platforms: ["slack", "google", "microsoft", "github", "okta", "salesforce"],
  // GitHub and Google do not always name the app; then it stands with the person who let it in.
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    const { automation } = view;
    if (automation?.isFirstParty === true) return [];
    const lettingIn = view.timeline.filter((entry) => isLetIn(view, entry));
    const firstDay = lettingIn[0]?.day;
    const entries = lettingIn.filter(
      (entry) => (automation === null || entry.day === firstDay) && isTold(view, entry),
    );
    if (automation === null) {
      return actsIn(entries, ({ action }) => action).flatMap((acts) => judge(view, acts, limits));
    }
    // Somebody approves it and somebody installs it: that is one app.
    const [first] = entries;
    if (first === undefined) return [];
    const { actor, day } = first;
    return judge(view, { day, actor, sort: "let in", first, entries, earlierDays: 0 }, limits);
  },
});

const LETTING_IN: ReadonlySet<Change["kind"]> = new Set(["granted", "installed", "approved"]);

function isLetIn({ automation }: View, entry: TimelineEntry): boolean {
  const { kind } = entry.change;
  if (!succeeded(entry)) return false;
  // An app that is registered here is new here; scripts, flows and keys have detectors of their own.
  const isMade = kind === "created" && automation !== null && hasPublisher(automation);
  return isMade || LETTING_IN.has(kind);
}

/**
 * Consents have detectors that weigh them, and some platforms write one for every new token, so that the first on record is
 * seldom the first. Microsoft writes them once.
 */
function isTold({ platform, automation }: View, { change }: TimelineEntry): boolean {
  return change.kind !== "granted" || (platform === "microsoft" && automation !== null);
}

function judge(view: View, acts: Acts, limits: typeof options): Evidence[] {
  const isWide = acts.entries.some(isForAll);
  const { automation } = view;
  const { points, words } =
    automation === null ? { points: 0, words: "" } : publisherReason(automation);
  const reasons: Reason[] = [
    automation === null
      ? { points: 1, words: "the record does not name the app" }
      : { points: 1, words: "no earlier record shows it" },
    ...(isWide ? [{ points: 1, words: "it was let in for everybody" }] : []),
    { points: Math.min(Math.max(points, -1), 1), words },
    ...actorReasons(view, acts),
    ...afterLoosening(view, acts, limits),
  ].filter((reason) => reason.points !== 0);
  return evidenceFor(
    acts,
    {
      reasons,
      title: isWide ? "A new app was let in for everybody" : "A new app was let in",
      techniques: view.platform === "slack" && !isWide ? ["T48"] : ["T42"],
      explain: (because) =>
        `${doer(acts.actor)} let ${automation === null ? "an app" : nameOf(automation)} in ${onDay(acts.day)}.${because} New apps are normal; ` +
        "somebody should know each of them. Once in, an app keeps its access until it is taken away.",
    },
    limits,
  );
}

/** First the door, then the guest: whoever lets the app in had loosened what keeps apps out. */
function afterLoosening(view: View, { first }: Acts, { afterDays }: typeof options): Reason[] {
  return hadLoosened(view, first, afterDays)
    ? [{ points: 2, words: `${first.actor.id} had just loosened what keeps apps out` }]
    : [];
}
