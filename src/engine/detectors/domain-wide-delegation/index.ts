/** Finds clients that an administrator lets act as any user of the domain, and those whose power to do so grows. */

import type { ScopeTier } from "#catalog/scopes.ts";
import { SEVERITIES, type Severity } from "#contract/finding.ts";
import { placeReasons } from "#engine/detectors/acts.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { datedProfiles, mostOf, takenOn } from "#engine/detectors/oddities.ts";
import {
  byDay,
  isPrivileged,
  isSame,
  nameOf,
  reachOf,
  succeeded,
  who,
} from "#engine/detectors/trust.ts";
import { count, dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import { breadth } from "#engine/profile/profile.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** Where the record lists the scopes, and where it only says that a client was let in. */
  listedConfidence: 0.7,
  /** Where the record does not say which scopes, it may have been a small one. */
  unlistedConfidence: 0.4,
  /** How sure it must be that the grantor answers for the client, to take it as that team's routine. */
  ownerConfidenceMin: 0.7,
  /** A right over everybody that is used for so few people, day after day, was not given for everybody's sake. */
  fewPeopleMax: 10,
  fewDaysMin: 2,
  /** Things that it reached in their names; fewer are a trial. */
  fewTakenMin: 40,
};
type Options = typeof options;

/** What a delegation deserves by its scopes. Unlike a consent it needs nobody's yes and covers everybody, the chiefs too. */
const BY_REACH: Readonly<Record<ScopeTier, Severity>> = {
  critical: "high",
  high: "high",
  medium: "medium",
  low: "low",
  unknown: "medium",
};

export const domainWideDelegation = defineDetector({
  id: "domain-wide-delegation",
  title: "Domain-wide delegation granted or widened",
  techniques: ["T39"],
  attackType: "privilege_escalation",
  severity: "high",
  // Only Google has it in this form. Salesforce and Microsoft call other things delegation.
  platforms: ["google"],
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    const delegations = view.timeline.filter(
      (entry) => entry.change.kind === "delegation_granted" && succeeded(entry),
    );
    return [...byDay(delegations)].flatMap(([day, entries]) => {
      const before = delegations.filter((entry) => entry.day < day);
      return judge(view, day, entries, before, limits);
    });
  },
});

function judge(
  view: View,
  day: number,
  entries: readonly TimelineEntry[],
  before: readonly TimelineEntry[],
  limits: Options,
): Evidence[] {
  const { automation } = view;
  const scopes = scopesIn(entries);
  const had = new Set(scopesIn(before));
  const added = scopes.filter((scope) => !had.has(scope));
  const isRepeated = before.length > 0 && added.length === 0;
  if (automation === null || automation.isFirstParty || isRepeated) return [];
  const reach = reachOf(view, added, true);
  const grantors = listing([...new Set(entries.map(({ actor }) => who(actor)))].sort());
  const doubts = doubtsOf(view, entries);
  const few = before.length === 0 ? fewWords(view, day, limits) : null;
  // What it is used for takes back what speaks for whoever gave it.
  const steps = doubts.length > 0 ? 1 : few === null ? -calm(view, entries, limits) : 0;
  const stands = [...doubts, ...(few === null ? [] : [few])];
  const index = SEVERITIES.indexOf(BY_REACH[reach.tier]) + steps;
  const isListed = added.length > 0;
  const what = isListed
    ? `act as any user of the domain with ${listing(reach.riskiest.length > 0 ? reach.riskiest : added)}`
    : "act as any user of the domain, with scopes that the record does not list";
  const past =
    before.length === 0
      ? "It had no such right before, as far as the records go."
      : "It had fewer such rights before.";
  return [
    {
      window: dayWindow(day),
      severity: SEVERITIES[Math.min(Math.max(index, 0), SEVERITIES.length - 1)] ?? "high",
      confidence:
        (isListed ? limits.listedConfidence : limits.unlistedConfidence) + 0.1 * Math.sign(steps),
      explanation:
        `${grantors} let ${nameOf(automation)} ${what} ${onDay(day)}. ${past} ` +
        `${stands.length === 0 ? "" : `What stands out: ${stands.join("; ")}. `}A domain has few such clients and changes ` +
        "them seldom; whoever holds this client's key reads and writes in everybody's name, and no user sees or can revoke it.",
      samples: entries.map(({ sample }) => sample).slice(0, 5),
    },
  ];
}

function scopesIn(entries: readonly TimelineEntry[]): string[] {
  return [
    ...new Set(entries.flatMap(({ change }) => [...change.scopes, ...(change.addedScopes ?? [])])),
  ].sort();
}

/** What makes a delegation worse than its scopes. */
function doubtsOf(view: View, entries: readonly TimelineEntry[]): string[] {
  const doubts: string[] = [];
  const actors = entries.map(({ actor }) => actor);
  const lay = actors.find((actor) => isPrivileged(view, actor) === false);
  if (lay !== undefined) doubts.push(`${who(lay)} is not known as an administrator`);
  const [place] = entries.flatMap((entry) => placeReasons(view, entry));
  if (place !== undefined && place.points > 0) doubts.push(place.words);
  const program = actors.find(({ kind }) => kind === "automation");
  if (program !== undefined) doubts.push(`a program, ${program.id}, gave it, not a person`);
  if (view.automation?.isVerified === false && view.automation.isInternal !== true) {
    doubts.push("the publisher of the client is not verified");
  }
  return doubts;
}

/**
 * Backups, scanners and provisioning act for the many; who reads the mail or files of a few needs no right over all. Null
 * where it acted before the grant, acts for many, or has hardly acted.
 */
function fewWords(
  { profiles, automation }: View,
  day: number,
  { fewPeopleMax, fewDaysMin, fewTakenMin }: Options,
): string | null {
  const active = datedProfiles(profiles);
  const isNew = active.every((profile) => profile.day >= day);
  const reading = active.filter((profile) => takenOn(profile) > 0);
  const people = mostOf(reading, (profile) => breadth(profile).people);
  const taken = reading.reduce((sum, profile) => sum + takenOn(profile), 0);
  const isFew = people > 0 && people <= fewPeopleMax;
  if (automation?.isInternal === true || !isNew || !isFew) return null;
  if (reading.length < fewDaysMin || taken < fewTakenMin) return null;
  return `it has since reached ${count(taken)} things of ${count(people)} people a day at most, and may act as everybody`;
}

/** One step milder where known administrators did it, for a verified maker, or where the maker of an in-house client widens it. */
function calm(view: View, entries: readonly TimelineEntry[], limits: Options): number {
  const { automation } = view;
  if (automation === null) return 0;
  if (entries.every(({ actor }) => isPrivileged(view, actor) === true)) return 1;
  const isByOwner = automation.owners.some(
    ({ principal, confidence }) =>
      confidence >= limits.ownerConfidenceMin &&
      entries.every(({ actor }) => isSame(actor, principal)),
  );
  return Number(automation.isVerified === true || (automation.isInternal === true && isByOwner));
}
