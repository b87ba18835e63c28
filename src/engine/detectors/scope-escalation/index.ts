/** Finds apps that get more than was approved: new scopes beside the old ones, above all where the reach rises. */

import { rank, scopeName } from "#catalog/scopes.ts";
import type { Change } from "#contract/event.ts";
import { SEVERITIES, type Severity } from "#contract/finding.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { isForAll } from "#engine/detectors/grants.ts";
import { datedProfiles, mostOf, takenOn, takingReason } from "#engine/detectors/oddities.ts";
import {
  byDay,
  isAtLeastTier,
  isItself,
  isSame,
  nameOf,
  type Reason,
  reachOf,
  succeeded,
  who,
} from "#engine/detectors/trust.ts";
import { count, dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import type { Profile } from "#engine/profile/profile.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** Grants follow each other while an app is set up; so many days after its first one it counts as approved as it is. */
  setUpDays: 2,
  /** Days after the gain in which what it takes counts as the use of it. */
  useDays: 7,
  /** Whose word about an owner is sure enough to be a reason for calm. */
  ownerConfidenceMin: 0.7,
  /** Where the records know what it had before, and where they only say that something was added. */
  knownBeforeConfidence: 0.75,
  /** Where the record does not say what it had before, what is called new may be old. */
  unknownBeforeConfidence: 0.35,
};
type Options = typeof options;

export const scopeEscalation = defineDetector({
  id: "scope-escalation",
  title: "An app got more reach than was approved",
  techniques: ["T15"],
  attackType: "privilege_escalation",
  severity: "medium",
  // The AI platforms' keys have scopes, too, and detectors of their own.
  platforms: ["slack", "google", "microsoft", "github", "okta", "salesforce"],
  // Slack names the workspace, not the app, in most records of this; then they stand with the person who did it.
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    if (view.automation?.isFirstParty === true) return [];
    const gains = view.timeline.filter(
      (entry) => GAINS.has(entry.change.kind) && succeeded(entry) && !isDelegatedUse(view, entry),
    );
    const firstDay = gains[0]?.day;
    const before = new Set<string>();
    return [...byDay(gains)].flatMap(([day, entries]) => {
      const isSetUp = firstDay !== undefined && day > firstDay && day - firstDay < limits.setUpDays;
      const found = judge(view, day, entries, before, isSetUp, limits);
      for (const scope of entries.flatMap(scopesOf)) before.add(scope);
      return found;
    });
  },
});

const GAINS: ReadonlySet<Change["kind"]> = new Set(["granted", "installed", "scopes_added"]);

/** A service account that takes a user's identity uses what domain-wide delegation gave it; it gets nothing new. */
function isDelegatedUse({ automation }: View, { change }: TimelineEntry): boolean {
  return automation?.kind === "service_account" && change.principal !== null;
}

function scopesOf({ change }: TimelineEntry): string[] {
  return [...change.scopes, ...(change.addedScopes ?? [])];
}

function judge(
  view: View,
  day: number,
  entries: readonly TimelineEntry[],
  earlier: ReadonlySet<string>,
  isSetUp: boolean,
  limits: Options,
): Evidence[] {
  const before = new Set(earlier);
  // A record of an addition that lists what is new says thereby what was there.
  for (const { change } of entries) {
    const added = new Set(change.addedScopes);
    if (change.kind !== "scopes_added" || change.addedScopes === null) continue;
    for (const scope of change.scopes) if (!added.has(scope)) before.add(scope);
  }
  const isExpansion = entries.some(({ change }) => change.kind === "scopes_added");
  const isBeforeKnown =
    before.size > 0 || entries.some(({ change }) => isExpansionWithList(change));
  if (!isBeforeKnown && !isExpansion) return [];
  const now = new Set(entries.flatMap(scopesOf));
  const added = [...now].filter((scope) => !before.has(scope)).sort();
  const gain = gainOf(view, entries, [...before], added);
  if (gain === null) return [];
  const uses = isSetUp ? [] : usesOf(view, day, limits);
  const steps = stepsOf(view, entries, isSetUp, limits) + (uses.length > 0 ? 1 : 0);
  const severity = SEVERITIES[Math.min(SEVERITIES.indexOf(gain) + steps, SEVERITIES.length - 1)];
  // Of mere grants only what weighs more is told; an addition to an app in use is worth a note by itself.
  if (severity === undefined || (severity === "info" && !isExpansion)) return [];
  const confidence =
    isBeforeKnown && added.length > 0
      ? limits.knownBeforeConfidence
      : limits.unknownBeforeConfidence;
  return [
    {
      window: dayWindow(day),
      severity,
      confidence: Math.max(confidence + 0.05 * steps, 0.1),
      explanation: explain(view, entries, day, isBeforeKnown ? [...before] : null, added, uses),
      samples: entries
        .filter(({ change }) => !isNoGain(change))
        .map(({ sample }) => sample)
        .slice(0, 10),
    },
  ];
}

/** Same scopes again: the record lists what is new, and that is nothing. */
function isNoGain({ kind, addedScopes }: Change): boolean {
  return kind === "scopes_added" && addedScopes !== null && addedScopes.length === 0;
}

function isExpansionWithList({ kind, addedScopes }: Change): boolean {
  return kind === "scopes_added" && addedScopes !== null;
}

/** How bad what is new is: worst where the whole reach rises by it. Null where it is too little to mention. */
function gainOf(
  view: View,
  entries: readonly TimelineEntry[],
  before: readonly string[],
  added: readonly string[],
): Severity | null {
  const isWide = entries.some(isForAll);
  if (added.length === 0) {
    // Slack tells of upgraded tokens and added resources without a list. Same scopes again, with a list, is no gain.
    const isUnlisted = entries.some(
      ({ change }) =>
        change.kind === "scopes_added" && change.scopes.length === 0 && change.addedScopes === null,
    );
    return isUnlisted ? "low" : null;
  }
  const gained = reachOf(view, added, isWide).tier;
  if (!isAtLeastTier(gained, "high")) return null;
  if (rank(gained) <= rank(reachOf(view, before, isWide).tier)) return "low";
  return gained === "critical" ? "high" : "medium";
}

/** Up for an app that nobody vouches for or that serves itself, down for set-up, verified makers and owners at work. */
function stepsOf(
  view: View,
  entries: readonly TimelineEntry[],
  isSetUp: boolean,
  { ownerConfidenceMin }: Options,
): number {
  const { automation } = view;
  if (automation === null) return 0;
  const actors = entries.map(({ actor }) => actor);
  const isByOwner = automation.owners.some(
    ({ principal, confidence, evidence }) =>
      confidence >= ownerConfidenceMin &&
      evidence !== "installed it" &&
      actors.every((actor) => isSame(actor, principal)),
  );
  let steps = 0;
  if (automation.isVerified === false && automation.isInternal !== true) steps++;
  if (actors.some((actor) => isItself(automation, actor))) steps++;
  if (automation.isVerified === true) steps--;
  if (automation.isInternal === true && isByOwner) steps--;
  return isSetUp ? steps - 1 : steps;
}

/** What it did in the days after that it never did, or never did so much of: the new reach at work. */
function usesOf(view: View, day: number, { useDays }: Options): Reason[] {
  if (view.automation === null) return [];
  const dated = datedProfiles(view.profiles);
  const past = dated.filter((profile) => profile.day < day);
  const after = dated.filter((one) => one.day >= day && one.day <= day + useDays);
  return [takingReason(past, after), firstTakingReason(past, after)].filter(
    ({ points }) => points > 0,
  );
}

/** So many of a sort in a day are no try. */
const FIRST_TAKING_MIN = 10;

function firstTakingReason(past: readonly Profile[], after: readonly Profile[]): Reason {
  const taking = mostOf(after, takenOn);
  const isFirst = past.length > 0 && mostOf(past, takenOn) === 0 && taking >= FIRST_TAKING_MIN;
  return isFirst
    ? { points: 1, words: `it reached ${count(taking)} items in a day, and none before` }
    : { points: 0, words: "" };
}

function explain(
  view: View,
  entries: readonly TimelineEntry[],
  day: number,
  before: readonly string[] | null,
  added: readonly string[],
  uses: readonly Reason[],
): string {
  const actors = listing([...new Set(entries.map(({ actor }) => who(actor)))].sort());
  const app =
    view.automation === null ? "An app that the record does not name" : nameOf(view.automation);
  const isWide = entries.some(isForAll);
  const named = (scopes: readonly string[]) => {
    const { riskiest } = reachOf(view, scopes, isWide);
    const shown =
      riskiest.length > 0 ? riskiest : scopes.map((scope) => scopeName(view.platform, scope));
    return listing(shown);
  };
  const got = added.length === 0 ? "rights that the record does not list" : named(added);
  const had =
    before === null
      ? "What it had before is not on record."
      : before.length === 0
        ? "Until then it had no scopes."
        : `Until then it had ${named(before)}.`;
  const words = uses.map((reason) => reason.words).join("; ");
  const used = uses.length === 0 ? "" : ` In the days after, ${words}.`;
  return (
    `${app} got ${got} ${onDay(day)}, by ${actors}. ${had} Apps normally keep the scopes of their first consent, and whoever ` +
    `approved this one approved less: asking for little at first is a way around the review.${used}`
  );
}
