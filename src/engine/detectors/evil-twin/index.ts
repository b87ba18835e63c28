/** Finds a second app under the name of one that is established here, from another maker. */

import { DAY_MS, dayStart } from "#base/time.ts";
import { skeleton } from "#catalog/names.ts";
import { rank } from "#catalog/scopes.ts";
import type { Severity } from "#contract/finding.ts";
import type { Platform } from "#contract/platform.ts";
import { isUnknownPlace } from "#engine/detectors/arrivals.ts";
import { defineDetector, type Evidence, type Org, type View } from "#engine/detectors/detector.ts";
import { newGrants } from "#engine/detectors/grants.ts";
import { datedProfiles } from "#engine/detectors/oddities.ts";
import {
  because,
  hasPublisher,
  isAtLeastTier,
  nameOf,
  type Reason,
  severityAt,
  total,
  who,
} from "#engine/detectors/trust.ts";
import { dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import type { Automation } from "#engine/inventory/automation.ts";
import { networkKey } from "#engine/profile/places.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** Days by which the first one must have been here before. */
  establishedDays: 7,
  /** Letters of a folded name below which it says nothing: "bot", "test", "sync". */
  lettersMin: 6,
  /** So many others of one name: it is a word, or a template's name, and no one's mark. */
  namesakesMax: 2,
  /** Points from which each severity is given; the name alone has 1. */
  severities: { low: 3, medium: 4, high: 6 } satisfies Partial<Record<Severity, number>>,
};
type Options = typeof options;

export const evilTwin = defineDetector({
  id: "evil-twin",
  title: "A second app under a known app's name",
  techniques: ["T74"],
  attackType: "credential_theft",
  severity: "medium",
  platforms: "all",
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    const { automation } = view;
    if (automation === null || automation.isFirstParty || !hasPublisher(automation)) return [];
    const grants = newGrants(view);
    const [first] = grants;
    if (first === undefined) return [];
    const original = originalOf(view, automation, first, limits);
    return original === null ? [] : judge(view, automation, original, grants, limits);
  },
});

/** The app of the same folded name that was here a week or more before this one was first let in. */
function originalOf(
  view: View,
  automation: Automation,
  { day }: TimelineEntry,
  { establishedDays, lettersMin, namesakesMax }: Options,
): Automation | null {
  const folded = automation.name === null ? "" : skeleton(automation.name);
  if (folded.length < lettersMin) return null;
  const named = namedIn(view.org).get(nameKey(automation.platform, folded)) ?? [];
  // Itself is one of them.
  if (named.length - 1 > namesakesMax) return null;
  const namesakes = named.filter(({ id }) => id !== automation.id);
  const before = dayStart(day) - establishedDays * DAY_MS;
  const established = namesakes.filter(({ createdAt, firstSeenAt }) => {
    const since = createdAt ?? firstSeenAt;
    return since !== null && since <= before;
  });
  return established[0] ?? null;
}

/** Automations with a publisher by platform and folded name; worked out once for all automations of an organization. */
const namedByOrg = new WeakMap<Org, ReadonlyMap<string, readonly Automation[]>>();

function namedIn(org: Org): ReadonlyMap<string, readonly Automation[]> {
  let named = namedByOrg.get(org);
  if (named === undefined) {
    named = Map.groupBy(org.automations.filter(hasPublisher), ({ platform, name }) =>
      nameKey(platform, skeleton(name ?? "")),
    );
    namedByOrg.set(org, named);
  }
  return named;
}

function nameKey(platform: Platform, folded: string): string {
  return `${platform}|${folded}`;
}

function judge(
  view: View,
  twin: Automation,
  original: Automation,
  grants: readonly TimelineEntry[],
  limits: Options,
): Evidence[] {
  const [first] = grants;
  if (first === undefined) return [];
  const reasons = [
    {
      points: 1,
      words: `it bears the name of ${original.nativeId}, which was here before`,
    },
    verifiedReason(twin, original),
    makerReason(twin, original),
    hostReason(twin, original),
    ownerReason(twin, original),
    reachReason(twin, original),
    placeReason(view, original, first.day),
  ].filter(({ points }) => points !== 0);
  const severity = severityAt(total(reasons), limits.severities);
  if (severity === null) return [];
  const people = [...new Set(grants.map(({ actor }) => who(actor)))].sort();
  return [
    {
      window: dayWindow(first.day),
      severity,
      confidence: Math.min(0.2 + 0.08 * total(reasons), 0.85),
      explanation:
        `${listing(people)} let a second ${nameOf(twin)} in, first ${onDay(first.day)}. A product is usually one app for the whole organization. ` +
        `${because(reasons)} Whoever reads only the name takes it for the one that everybody uses, and gives it the same access.`,
      samples: grants.map(({ sample }) => sample).slice(0, 5),
    },
  ];
}

function verifiedReason(twin: Automation, original: Automation): Reason {
  return original.isVerified === true && twin.isVerified === false
    ? { points: 2, words: "the first one's publisher is verified, this one's is not" }
    : NOTHING;
}

/** Publisher, or the side from which it comes: a vendor's product does not come out of the own workshop. */
function makerReason(twin: Automation, original: Automation): Reason {
  const { publisher } = twin;
  if (publisher !== null && original.publisher !== null) {
    return skeleton(publisher) === skeleton(original.publisher)
      ? { points: -3, words: "both name the same publisher" }
      : { points: 2, words: `its publisher is ${publisher}, not ${original.publisher}` };
  }
  if (twin.isInternal !== null && original.isInternal !== null) {
    if (twin.isInternal !== original.isInternal) {
      return twin.isInternal
        ? { points: 2, words: "it was made here, the first one by a vendor" }
        : { points: 2, words: "it comes from outside, the first one was made here" };
    }
  }
  return NOTHING;
}

function hostReason(twin: Automation, original: Automation): Reason {
  if (twin.domains.length === 0 || original.domains.length === 0) return NOTHING;
  const isShared = twin.domains.some((host) => original.domains.includes(host));
  return isShared
    ? { points: -2, words: "both use the same addresses" }
    : { points: 1, words: `it uses other addresses (${listing(twin.domains)})` };
}

/** Test and production of one team bear one name. */
function ownerReason(twin: Automation, original: Automation): Reason {
  const owners = new Set(
    original.owners.filter(({ confidence }) => confidence >= 0.5).map((one) => one.principal),
  );
  const isSame = twin.owners.some(
    ({ principal, confidence }) => confidence >= 0.5 && owners.has(principal),
  );
  return isSame ? { points: -2, words: "the same person looks after both" } : NOTHING;
}

function reachReason(twin: Automation, original: Automation): Reason {
  const { tier, riskiest } = twin.reach;
  if (!isAtLeastTier(tier, "high")) return NOTHING;
  const isMore = rank(tier) > rank(original.reach.tier);
  return {
    points: isMore ? 2 : 1,
    words: `it reaches ${listing(riskiest)}${isMore ? ", more than the first one" : ""}`,
  };
}

/** Whether it works from where neither the first one nor anybody else here was. */
function placeReason(view: View, original: Automation, day: number): Reason {
  const known = new Set(
    view.org.activityOf(original).profiles.flatMap(({ networks }) => [...(networks ?? [])]),
  );
  const own = datedProfiles(view.profiles).flatMap(({ networks }) => [...(networks ?? [])]);
  if (known.size === 0 || own.length === 0) return NOTHING;
  const isElsewhere = own.every(
    (network) => !known.has(network) && isUnknownPlace(view, networkKey(network), day),
  );
  return isElsewhere
    ? { points: 1, words: "it works from other networks than the first one, which are new here" }
    : NOTHING;
}

const NOTHING: Reason = { points: 0, words: "" };
