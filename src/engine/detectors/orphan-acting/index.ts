/** Finds automations that go on acting though everybody who answered for them has left. */

import { dayOf } from "#base/time.ts";
import type { Severity } from "#contract/finding.ts";
import { arrivalsOf, isElsewhere, placeWords } from "#engine/detectors/arrivals.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { datedProfiles, oddities } from "#engine/detectors/oddities.ts";
import { evidenceOf } from "#engine/detectors/picks.ts";
import { because, subjectName } from "#engine/detectors/subject.ts";
import {
  atMost,
  isAtLeastTier,
  isSame,
  type Reason,
  severityAt,
  succeeded,
  total,
} from "#engine/detectors/trust.ts";
import { count, listing } from "#engine/detectors/window.ts";
import type { Automation } from "#engine/inventory/automation.ts";
import type { Profile } from "#engine/profile/profile.ts";

const options = {
  /** How sure it must be that somebody answers for it: creators and listed owners are, who once let it in is not. */
  ownerConfidenceMin: 0.6,
  /** Days before the end of the records in which it must have acted. */
  recentDays: 7,
  /** Days before somebody's last act in which a new key for the automation looks like provision for later. */
  leavingDays: 14,
  /** Points from which each severity is given; that it acts without an owner has 1. */
  severities: { low: 1, medium: 4, high: 6 } satisfies Partial<Record<Severity, number>>,
};
type Options = typeof options;

export const orphanActing = defineDetector({
  id: "orphan-acting",
  title: "An automation acts though its owner has left",
  techniques: ["T21"],
  attackType: "backdoor",
  severity: "low",
  platforms: "all",
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    const { automation } = view;
    if (automation === null || automation.isFirstParty) return [];
    const owners = departed(view, automation, limits);
    const dated = datedProfiles(view.profiles);
    const recent = dated.filter(({ day }) => day > dayOf(view.now) - limits.recentDays);
    if (owners.length === 0 || recent.length === 0) return [];
    return judge(view, automation, { owners, dated, recent }, limits);
  },
});

/** Everybody who surely answers for it, where all of them have left; none otherwise. */
function departed(
  view: View,
  { owners, platform }: Automation,
  { ownerConfidenceMin }: Options,
): string[] {
  const sure = owners.filter(({ confidence }) => confidence >= ownerConfidenceMin);
  const gone = sure.filter(
    ({ principal }) => view.org.person(platform, principal)?.isActive === false,
  );
  return gone.length === sure.length ? gone.map(({ principal }) => principal).sort() : [];
}

interface Orphan {
  readonly owners: readonly string[];
  readonly dated: readonly Profile[];
  readonly recent: readonly Profile[];
}

function judge(view: View, automation: Automation, orphan: Orphan, limits: Options): Evidence[] {
  const { owners, recent } = orphan;
  const since = lastActOf(view, owners);
  const doings = [
    ...changeReasons(view, orphan, since),
    provisionReason(view, owners, since, limits),
  ].filter(({ points }) => points > 0);
  const reasons = [
    { points: 1, words: "nobody answers for it any more" },
    ...reachReasons(automation),
    ...doings,
  ];
  const found = severityAt(total(reasons), limits.severities);
  if (found === null) return [];
  return [
    {
      window: null,
      // Jobs outlive their makers in every company; that one changes afterwards is another matter.
      severity: doings.length > 0 ? found : atMost(found, "low"),
      confidence: Math.min(0.4 + 0.06 * total(reasons), 0.9),
      explanation:
        `${subjectName(view)} belongs to ${listing(owners)}, whose ${owners.length === 1 ? "account is" : "accounts are"} disabled, and acted on ${count(recent.length)} of the last ` +
        `${count(limits.recentDays)} days. Usually an automation ends with the people who made it, or is given to somebody else.${because(reasons)} ` +
        "Whoever left may still have its key, and nobody would notice a change.",
      samples: evidenceOf(recent.slice(-1)),
    },
  ];
}

/** The last day on which any of them was seen; null where no record shows them. */
function lastActOf(view: View, owners: readonly string[]): number | null {
  const days = owners.flatMap((owner) => {
    const profiles = view.org.activity(view.platform, owner)?.profiles ?? [];
    return datedProfiles(profiles).map(({ day }) => day);
  });
  return days.length === 0 ? null : Math.max(...days);
}

function reachReasons({ reach: { tier, riskiest }, grants }: Automation): Reason[] {
  if (!isAtLeastTier(tier, "high")) return [];
  const isWide = grants.some(({ consent }) => consent === "tenant");
  return [
    {
      points: tier === "critical" ? 2 : 1,
      words: `it reaches ${listing(riskiest)}${isWide ? " of the whole organization" : ""}`,
    },
  ];
}

/** What it does otherwise since they are gone; where their last day is not known, in the recent days. */
function changeReasons(view: View, { dated, recent }: Orphan, since: number | null): Reason[] {
  const after = since === null ? recent : dated.filter(({ day }) => day > since);
  const first = after[0]?.day ?? Number.POSITIVE_INFINITY;
  const past = dated.filter(({ day }) => day < first);
  const arrival = arrivalsOf(view).find((one) => isElsewhere(one) && one.day >= first);
  return [
    ...oddities(past, after),
    ...(arrival === undefined
      ? []
      : [{ points: 2, words: `since then it came from a new place (${placeWords(arrival)})` }]),
  ];
}

function provisionReason(
  view: View,
  owners: readonly string[],
  since: number | null,
  { leavingDays }: Options,
): Reason {
  const isProvided = view.timeline.some(
    (entry) =>
      (entry.change.kind === "credential_added" || entry.change.kind === "owner_added") &&
      owners.some((owner) => isSame(entry.actor, owner)) &&
      (since === null || entry.day > since - leavingDays) &&
      succeeded(entry),
  );
  return isProvided
    ? { points: 2, words: "shortly before the end they gave it a new key or owner" }
    : { points: 0, words: "" };
}
