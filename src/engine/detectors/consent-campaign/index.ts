/** Finds apps that many people let in within hours, as after a mail that asks them all to. */

import { HOUR_MS } from "#base/time.ts";
import type { Severity } from "#contract/finding.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { isForAll, newGrants, scopesOf } from "#engine/detectors/grants.ts";
import {
  atMost,
  because,
  counted,
  isAtLeastTier,
  isPrivileged,
  nameOf,
  nameReason,
  publisherReason,
  type Reason,
  reachOf,
  reachReason,
  severityAt,
  succeeded,
  total,
} from "#engine/detectors/trust.ts";
import { dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import type { Automation } from "#engine/inventory/automation.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** Hours within which the consents must fall: people answer a mail on the day they get it. */
  withinHours: 24,
  /** People below which it is chance, or three colleagues who talked. */
  peopleMin: 5,
  /** More of them make it a campaign beyond doubt. */
  manyPeople: 10,
  /** A mail to a whole company makes one in ten click: twenty-five are a company of some hundreds. */
  massPeople: 25,
  /** Earlier people by whom an app is in use here anyway: it spreads. */
  knownPeopleMin: 5,
  /** Points from which each severity is given. */
  severities: { low: 4, medium: 5, high: 7, critical: 9 } satisfies Partial<
    Record<Severity, number>
  >,
};
type Options = typeof options;

export const consentCampaign = defineDetector({
  id: "consent-campaign",
  title: "Many people let one app in within hours",
  techniques: ["T04"],
  attackType: "credential_theft",
  severity: "high",
  platforms: "all",
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    const { automation } = view;
    if (automation === null || automation.isFirstParty) return [];
    const consents = firstConsents(view);
    const burst = densest(consents, limits);
    if (burst.length < limits.peopleMin) return [];
    return judge(view, automation, consents, burst, limits);
  },
});

/** A person's consent for herself, dated; only her first. */
interface ByOne {
  readonly who: string;
  readonly at: number;
  readonly entry: TimelineEntry;
}

function firstConsents(view: View): ByOne[] {
  const found: ByOne[] = [];
  const people = new Set<string>();
  for (const entry of newGrants(view)) {
    const who = entry.change.principal ?? entry.actor.id;
    const isOwn = entry.actor.kind === "person" && !isForAll(entry);
    if (!isOwn || entry.at === null || who === "" || people.has(who)) continue;
    people.add(who);
    found.push({ who, at: entry.at, entry });
  }
  return found.sort((a, b) => a.at - b.at);
}

/** The most people within the hours; of equals the earliest. */
function densest(consents: readonly ByOne[], { withinHours }: Options): ByOne[] {
  let best: readonly [number, number] = [0, 0];
  let from = 0;
  for (let to = 1; to <= consents.length; to++) {
    const latest = consents[to - 1]?.at ?? 0;
    while (latest - (consents[from]?.at ?? 0) > withinHours * HOUR_MS) from++;
    if (to - from > best[1] - best[0]) best = [from, to];
  }
  return consents.slice(...best);
}

function judge(
  view: View,
  automation: Automation,
  consents: readonly ByOne[],
  burst: readonly ByOne[],
  limits: Options,
): Evidence[] {
  const [first] = burst;
  if (first === undefined) return [];
  const earlier = consents.filter(({ at }) => at < first.at).length;
  const scopes = scopesOf(
    view,
    burst.map(({ entry }) => entry),
  );
  const reach = reachOf(view, scopes, false);
  const reasons = [
    sizeReason(burst, limits),
    tempoReason(burst),
    reachReason(reach),
    publisherReason(automation),
    inHouseReason(automation),
    nameReason(automation),
    abusedReason(automation),
    historyReason(earlier, limits),
    approvalReason(view, first.at),
    privilegeReason(view, burst),
  ].filter(({ points }) => points !== 0);
  const found = severityAt(total(reasons), limits.severities);
  if (found === null) return [];
  // Names and addresses are what every sign-in asks for: many like to sign in somewhere.
  const severity = isAtLeastTier(reach.tier, "high") ? found : atMost(found, "low");
  const { day } = first.entry;
  return [
    {
      window: dayWindow(day),
      severity,
      confidence: Math.min(0.25 + 0.06 * total(reasons), 0.92),
      explanation:
        `${counted(burst.length, "person").replace("persons", "people")} let ${nameOf(automation)} in within ${hoursOf(burst)}, from ${onDay(day).slice(3)} on ` +
        `(${listing(burst.map(({ who }) => who))}). Usually people take up an app over days and weeks, as they hear of it. ${because(reasons)} ` +
        "That many at once have most likely answered the same message. Nobody's password was needed, and changing it does not end the access.",
      samples: burst.map(({ entry }) => entry.sample).slice(0, 5),
    },
  ];
}

function hoursOf(burst: readonly ByOne[]): string {
  const hours = Math.ceil(((burst.at(-1)?.at ?? 0) - (burst[0]?.at ?? 0)) / HOUR_MS);
  return hours <= 1 ? "an hour" : `${hours} hours`;
}

function sizeReason(burst: readonly ByOne[], { manyPeople, massPeople }: Options): Reason {
  const people = burst.length;
  return {
    points: people >= massPeople ? 4 : people >= manyPeople ? 3 : 2,
    words: `${people} people within a day`,
  };
}

function tempoReason(burst: readonly ByOne[]): Reason {
  const half = Math.ceil(burst.length / 2);
  const isQuick = burst.some(
    ({ at }, index) => (burst[index + half - 1]?.at ?? Number.POSITIVE_INFINITY) - at <= HOUR_MS,
  );
  return isQuick ? { points: 1, words: "half of them within one hour" } : NOTHING;
}

function inHouseReason({ isInternal }: Automation): Reason {
  return isInternal === true
    ? { points: -2, words: "a tool of one's own is rolled out like that" }
    : NOTHING;
}

function abusedReason({ abused }: Automation): Reason {
  return abused?.category === "malicious"
    ? { points: 3, words: "it is known from intrusions" }
    : NOTHING;
}

function historyReason(earlier: number, { knownPeopleMin }: Options): Reason {
  if (earlier >= knownPeopleMin) {
    return { points: -3, words: `${earlier} people here used it before` };
  }
  return earlier === 0
    ? { points: 1, words: "nobody here used it before" }
    : { points: -1, words: "some here used it before" };
}

/** An administrator's word before the first consent: then the people did what they were told. */
function approvalReason(view: View, before: number): Reason {
  const isApproved = view.timeline.some(
    (entry) =>
      succeeded(entry) &&
      entry.at !== null &&
      entry.at <= before &&
      (entry.change.kind === "approved" ||
        (entry.change.kind === "granted" && isForAll(entry)) ||
        (entry.change.kind === "installed" && isForAll(entry))),
  );
  return isApproved ? { points: -6, words: "an administrator had approved it before" } : NOTHING;
}

function privilegeReason(view: View, burst: readonly ByOne[]): Reason {
  const isSome = burst.some(({ entry }) => isPrivileged(view, entry.actor) === true);
  return isSome ? { points: 1, words: "an administrator is among them" } : NOTHING;
}

const NOTHING: Reason = { points: 0, words: "" };
