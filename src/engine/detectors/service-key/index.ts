/** Finds new keys and tokens by which programs get in: keys of service accounts, deploy keys, access and API tokens. */

import {
  type Acts,
  actorReasons,
  actsIn,
  doer,
  evidenceFor,
  outsiderReasons,
} from "#engine/detectors/acts.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { isItself, nameOf, type Reason, reachReason, succeeded } from "#engine/detectors/trust.ts";
import { listing, onDay } from "#engine/detectors/window.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** Rotation: the same hand made keys of the same sort on that many earlier days. */
  routineDaysMin: 2,
  /** A person's own key for work has 1 point; one that stands for a service account, or writes, has 2. */
  severities: { info: 1, low: 2, medium: 4, high: 6 },
  /** How likely it is an intruder before anything else speaks for or against it: most such acts have an honest reason. */
  confidence: 0.3,
};

export const serviceKey = defineDetector({
  id: "service-key",
  title: "A new key lets programs in",
  techniques: ["T41"],
  attackType: "backdoor",
  severity: "low",
  platforms: ["google", "github", "okta", "slack", "microsoft", "salesforce"],
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    if (view.automation?.isFirstParty === true) return [];
    const entries = view.timeline.filter((entry) => isKey(view, entry));
    return actsIn(entries, ({ action, change }) => `${action} ${change.detail ?? ""}`).flatMap(
      (acts) => judge(view, acts, limits),
    );
  },
});

/** Secrets of apps are another detector's. Values that CI stores, and tokens of a sign-in, are no keys that open a door. */
function isKey(view: View, entry: TimelineEntry): boolean {
  const { kind, scopes } = entry.change;
  if (entry.actor.kind === "system" || !succeeded(entry)) return false;
  // GitHub's fine-grained tokens and authorized keys work from the day on which they are let in.
  if (kind === "granted")
    return /^(personal_access_token|org_credential_authorization)\./.test(entry.action);
  if (kind !== "credential_added") return false;
  if (
    /(actions|codespaces|dependabot|integration)_secret|oauth_access|sso|fido|passkey/i.test(
      entry.action,
    )
  ) {
    return false;
  }
  const { automation } = view;
  return (
    automation === null ||
    automation.kind === "api_key" ||
    automation.platform === "google" ||
    scopes.length > 0
  );
}

function judge(view: View, acts: Acts, limits: typeof options): Evidence[] {
  const { automation } = view;
  const scopes = [...new Set(acts.entries.flatMap(({ change }) => [...change.scopes]))];
  const reasons: Reason[] = [
    kindOf(view, acts.first),
    ...actorReasons(view, acts),
    ...outsiderReasons(view, acts),
    ...(automation === null ? [] : [reachReason(automation.reach)]),
  ].filter(({ points }) => points !== 0);
  if (automation !== null && isItself(automation, acts.actor)) {
    reasons.push({ points: 1, words: "it made the key for itself" });
  }
  const whose = automation === null ? "" : ` for ${nameOf(automation)}`;
  const what = listing(
    [...new Set(acts.entries.map(({ action, change }) => change.detail ?? action))].sort(),
  );
  const may = scopes.length === 0 ? "" : ` It may ${listing(scopes.sort())}.`;
  return evidenceFor(
    acts,
    {
      reasons,
      explain: (because) =>
        `${doer(acts.actor)} made a new key${whose} ${onDay(acts.day)} (${what}).${may}${because} Keys are normally made when ` +
        "something new is set up, and changed when they are due. Whoever holds one gets in without a password or a second factor, until somebody deletes it.",
    },
    limits,
  );
}

/** Whose key it is and what it opens. */
function kindOf({ automation, platform }: View, { action, change }: TimelineEntry): Reason {
  const words = `${action} ${change.detail ?? ""}`;
  if (/read.?only/i.test(words)) return { points: 1, words: "it reads only" };
  if (automation?.kind === "service_account") {
    return { points: 2, words: "it is a key of a service account, which no person watches" };
  }
  if (platform === "okta") {
    return { points: 2, words: "such a token has all the rights of whoever made it" };
  }
  return /deploy.?key|write/i.test(words)
    ? { points: 2, words: "it opens a repository to machines" }
    : { points: 1, words: "it works without a person" };
}
