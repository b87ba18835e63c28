/** Finds apps that public reports name from intrusions: certain by their id, likely by a telling name. */

import type { AbusedMatch } from "#catalog/apps.ts";
import { isAtLeast, type Severity } from "#contract/finding.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { isForAll, newGrants, scopesOf } from "#engine/detectors/grants.ts";
import {
  atMost,
  byDay,
  counted,
  isAtLeastTier,
  isGuest,
  isPrivileged,
  nameOf,
  reachOf,
  shifted,
  who,
} from "#engine/detectors/trust.ts";
import { dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import type { Automation } from "#engine/inventory/automation.ts";
import { samplesOf } from "#engine/profile/profile.ts";
import type { Sample } from "#engine/profile/sample.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** An id that reports name is that app: what doubt remains is the report's. */
  idConfidence: 0.97,
  /** A name can be anybody's, though only telling ones are listed. */
  nameConfidence: 0.6,
  /** A real product that intruders like is most often just used. */
  riskyConfidence: 0.5,
  /** From so many people on, a real product is the company's tool. */
  toolOfPeopleMin: 5,
};
type Options = typeof options;

export const knownAbusedApp = defineDetector({
  id: "known-abused-app",
  title: "An app known from intrusions",
  techniques: ["T07"],
  attackType: "data_exfiltration",
  severity: "critical",
  platforms: "all",
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    const { automation } = view;
    const abused = automation?.abused ?? null;
    if (automation === null || abused === null) return [];
    if (abused.firstParty || automation.isFirstParty) return inContext(view, automation);
    const arrivals = [...byDay(newGrants(view))];
    if (arrivals.length === 0) return [present(view, automation, abused, limits)];
    return arrivals.map(([day, entries]) => ({
      window: dayWindow(day),
      severity: severityOf(view, automation, abused, limits),
      confidence: confidenceOf(abused, limits),
      explanation:
        `${grantors(entries)} let ${nameOf(automation)} in ${onDay(day)}. ${whatIsKnown(abused)} ` +
        nextStep(abused),
      samples: entries.map(({ sample }) => sample).slice(0, 5),
    }));
  },
});

/** There, without a record of who let it in: it acts, or an inventory lists it. */
function present(
  view: View,
  automation: Automation,
  abused: AbusedMatch,
  limits: Options,
): Evidence {
  const events = view.profiles.reduce((sum, profile) => sum + profile.events, 0);
  const failed = view.profiles.reduce((sum, { failures }) => sum + failures, 0);
  const isTried = events > 0 && failed === events && automation.grants.length === 0;
  const severity = severityOf(view, automation, abused, limits);
  const did = isTried
    ? `tried to act ${counted(events, "time")}, without success`
    : events > 0
      ? `acts here, in ${counted(events, "record")}`
      : "is known here from its grants or from an inventory";
  return {
    window: null,
    severity: isTried || automation.isEnabled === false ? shifted(severity, -1) : severity,
    confidence: confidenceOf(abused, limits),
    explanation: `${nameOf(automation)} ${did}${automation.isEnabled === false ? ", and is switched off now" : ""}. ${whatIsKnown(abused)} ${nextStep(abused)}`,
    samples: firstSamples(view),
  };
}

/** What a real product deserves whose abuse reports rate so: most people who use it mean no harm. */
const RISKY_SEVERITY: Readonly<Record<AbusedMatch["severity"], Severity>> = {
  critical: "medium",
  high: "medium",
  medium: "low",
  low: "info",
};

/** Known to be malicious: as bad as the report says. A real product: milder, most of all where it is the company's tool. */
function severityOf(
  view: View,
  automation: Automation,
  abused: AbusedMatch,
  { toolOfPeopleMin }: Options,
): Severity {
  if (abused.category === "malicious") {
    return abused.matchedBy === "id" ? abused.severity : atMost(abused.severity, "high");
  }
  const people = new Set(automation.grants.map(({ principal }) => principal));
  const isTool =
    people.size >= toolOfPeopleMin ||
    automation.isVerified === true ||
    view.timeline.some((entry) => isForAll(entry) && entry.change.kind === "granted");
  return shifted(RISKY_SEVERITY[abused.severity], isTool ? -1 : 0);
}

function confidenceOf(
  { category, matchedBy }: AbusedMatch,
  { idConfidence, nameConfidence, riskyConfidence }: Options,
): number {
  const byMatch = matchedBy === "id" ? idConfidence : nameConfidence;
  return category === "malicious" ? byMatch : byMatch * riskyConfidence;
}

/** The platform vendor's own clients are everybody's; a consent of theirs to much, by one who is no administrator, is odd. */
function inContext(view: View, automation: Automation): Evidence[] {
  const odd = newGrants(view).filter(
    ({ actor }) => isPrivileged(view, actor) === false || isGuest(view, actor),
  );
  return [...byDay(odd)].flatMap(([day, entries]): Evidence[] => {
    const reach = reachOf(view, scopesOf(view, entries), entries.some(isForAll));
    if (!isAtLeastTier(reach.tier, "high")) return [];
    return [
      {
        window: dayWindow(day),
        severity: "low",
        confidence: 0.3,
        explanation:
          `${grantors(entries)} gave ${nameOf(automation)} more rights ${onDay(day)} (${listing(reach.riskiest)}). It is the ` +
          "vendor's own client and in daily use, but intruders use it, too, and users without administrator rights " +
          "seldom need to consent to it.",
        samples: entries.map(({ sample }) => sample).slice(0, 5),
      },
    ];
  });
}

function whatIsKnown({ category, matchedBy, tags, names }: AbusedMatch): string {
  const by =
    matchedBy === "id"
      ? "Its id is"
      : `Its name${names.length === 0 ? "" : ` (${names[0]})`}, not its id, is`;
  const what =
    category === "malicious"
      ? "that of an app which attackers made or took over"
      : "that of a real product which intruders like to use once they are in an account";
  const why = tags.length === 0 ? "" : ` for ${tags.join(", ")}`;
  return `${by} ${what}${why}.`;
}

function nextStep({ category, severity }: AbusedMatch): string {
  if (category === "malicious") return "Such an app has no good reason to be here.";
  return isAtLeast(severity, "high")
    ? "If the person does not know it, somebody else is in the account and copies it."
    : "Ask the person whether it is hers.";
}

function grantors(entries: readonly TimelineEntry[]): string {
  return listing([...new Set(entries.map(({ actor }) => who(actor)))].sort());
}

function firstSamples(view: View): Sample[] {
  const acts = view.profiles.flatMap((profile) => samplesOf(profile, null));
  return [...view.timeline.map(({ sample }) => sample), ...acts].slice(0, 5);
}
