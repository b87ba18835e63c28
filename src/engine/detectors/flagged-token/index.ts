/** Finds tokens of programs that the platform itself calls replayed, stolen or out of place. */

import { type Acts, actsIn, evidenceFor } from "#engine/detectors/acts.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { subjectName } from "#engine/detectors/subject.ts";
import { type Reason, reachReason } from "#engine/detectors/trust.ts";
import { listing, onDay } from "#engine/detectors/window.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** A client with a fault repeats it for days: after so many it is known. */
  routineDaysMin: 3,
  /** A warning by the platform has 2 points, a strong one 4; reach adds to it. */
  severities: { low: 2, medium: 4, high: 6 },
  /** How likely it is an intruder before anything else speaks for or against it: most such acts have an honest reason. */
  confidence: 0.4,
};

export const flaggedToken = defineDetector({
  id: "flagged-token",
  title: "The platform saw a token out of place",
  techniques: ["T24"],
  alsoTechniques: ["T50"],
  attackType: "credential_theft",
  severity: "low",
  platforms: "all",
  judges: ["automation", "person"],
  options,
  detect: (view, limits) =>
    actsIn(
      view.timeline.filter((entry) => isAboutToken(view, entry)),
      ({ action }) => action,
    ).flatMap((acts) => judge(view, acts, limits)),
});

const TOKEN = /token|reuse|replay|oauth|api_?key|service.?principal|workload/i;
const PLACE =
  /asn|ip_address|ip address|user_agent|user agent|tor\b|tor_exit|session|hijack|stuffing|country|location|travel|roaming|anomal|suspicious|leaked|outside_allowed|risk/i;
/** Words by which vendors speak of prompts, secrets in files and viruses: other matters. */
const OTHER = /prompt|keyword|secret_scanning|malware|virus|rate_limit|password_spray/i;

/**
 * On a program's timeline every warning about where and how it came in; on a person's only those about tokens. Integrations
 * of Salesforce work as users.
 */
function isAboutToken(view: View, entry: TimelineEntry): boolean {
  const { actor, change, action, service } = entry;
  if (change.kind !== "flagged_by_vendor") return false;
  const words = `${action} ${change.detail ?? ""} ${service}`;
  if (OTHER.test(words)) return false;
  // A person's risky sign-in says nothing of the app that she signed in to; Slack's anomalies are of the token's use.
  const isProgram =
    view.platform === "salesforce" ||
    (view.automation !== null && (actor.kind !== "person" || view.platform === "slack"));
  return TOKEN.test(words) || (isProgram && PLACE.test(words));
}

/** What vendors say when they are sure. */
const STRONG =
  /leaked|; high;|, high:|confirmedcompromised|maliciousapp|excessive_malware|tor_exit|stolen/i;

function judge(view: View, acts: Acts, limits: typeof options): Evidence[] {
  const { automation } = view;
  const said = [
    ...new Set(acts.entries.map(({ action, change }) => change.detail ?? action)),
  ].sort();
  const isReuse = acts.entries.some(({ action, change }) =>
    /reuse|replay/i.test(`${action} ${change.detail ?? ""}`),
  );
  const isStrong = acts.entries.some(({ action, change }) =>
    STRONG.test(`${action} ${change.detail ?? ""}`),
  );
  const reasons: Reason[] = [
    isStrong
      ? { points: 4, words: "the platform is sure of it" }
      : { points: 2, words: "the platform saw it itself" },
    ...(automation === null ? [] : [reachReason(automation.reach)]),
  ].filter(({ points }) => points !== 0);
  return evidenceFor(
    acts,
    {
      reasons,
      techniques: view.platform === "slack" ? ["T50"] : ["T24"],
      title: isReuse ? "A token was used a second time" : "The platform saw a token out of place",
      explain: (because) =>
        `The platform warned about ${subjectName(view)} ${onDay(acts.day)}: ${listing(said)}.${because} ` +
        (isReuse
          ? "A refresh token works once, and then its holder gets the next. A second use means that two hold it, or that a client lost an answer and tried again."
          : "Programs come from the same few places in the same way. Elsewhere, somebody else may hold their token."),
    },
    limits,
  );
}
