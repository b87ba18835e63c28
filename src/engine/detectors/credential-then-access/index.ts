/** Finds apps that get a new credential or owner and within three days reach content as they never did. */

import { dayOf, HOUR_MS } from "#base/time.ts";
import type { Change } from "#contract/event.ts";
import type { Severity } from "#contract/finding.ts";
import {
  type Arrival,
  arrivalsOf,
  isElsewhere,
  isUnknownPlace,
  placeWords,
} from "#engine/detectors/arrivals.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { datedProfiles, mostOf, oddities, takenOn } from "#engine/detectors/oddities.ts";
import { evidenceOf } from "#engine/detectors/picks.ts";
import { because, subjectName } from "#engine/detectors/subject.ts";
import {
  isGuest,
  isSame,
  type Reason,
  severityAt,
  succeeded,
  total,
  who,
} from "#engine/detectors/trust.ts";
import { count, dayWindow, onDay } from "#engine/detectors/window.ts";
import type { Automation } from "#engine/inventory/automation.ts";
import { networkKey } from "#engine/profile/places.ts";
import type { Profile } from "#engine/profile/profile.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** Intruders use what they planted within three days; later, other explanations are as good. */
  withinHours: 72,
  /** The app must be known so many days before: what is set up gets its credential first and works then. */
  settledDays: 7,
  /** Content in a day that is much for an app that hardly ever acted. */
  coldItemsMin: 150,
  /** How sure it must be that somebody looks after the app. */
  ownerConfidenceMin: 0.7,
  /** Days on which the same person gave it credentials before: she rotates them. */
  routineDaysMin: 2,
  /** Points from which each severity is given. */
  severities: { medium: 3, high: 4, critical: 7 } satisfies Partial<Record<Severity, number>>,
};
type Options = typeof options;

export const credentialThenAccess = defineDetector({
  id: "credential-then-access",
  title: "New credential, then unusual access",
  techniques: ["T13"],
  attackType: "backdoor",
  severity: "high",
  platforms: "all",
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    const { automation } = view;
    if (automation === null || automation.isFirstParty) return [];
    const keys = view.timeline.filter(isKey);
    const found: Evidence[] = [];
    let until = Number.NEGATIVE_INFINITY;
    for (const entry of keys) {
      if (entry.at === null || entry.day <= until) continue;
      const claim = judge(view, automation, keys, { ...entry, at: entry.at }, limits);
      if (claim === null) continue;
      found.push(claim);
      // Several keys of some days that precede the same access are one story.
      until = dayOf(entry.at + limits.withinHours * HOUR_MS);
    }
    return found;
  },
});

const KEYS: ReadonlySet<Change["kind"]> = new Set([
  "credential_added",
  "federation_added",
  "owner_added",
]);

function isKey(entry: TimelineEntry): boolean {
  const { kind, scopes } = entry.change;
  // A token that a person gets for an app carries scopes; it is no key of the app.
  const isApps = kind !== "credential_added" || scopes.length === 0;
  return KEYS.has(kind) && isApps && entry.actor.kind !== "system" && succeeded(entry);
}

function judge(
  view: View,
  automation: Automation,
  keys: readonly TimelineEntry[],
  entry: TimelineEntry & { readonly at: number },
  limits: Options,
): Evidence | null {
  const last = dayOf(entry.at + limits.withinHours * HOUR_MS);
  const dated = datedProfiles(view.profiles);
  const past = dated.filter(({ day }) => day < entry.day);
  const after = dated.filter(({ day }) => day >= entry.day && day <= last);
  if (after.length === 0 || !isSettled(automation, entry, limits)) return null;
  const arrival = arrivalsOf(view).find(
    (one) => isElsewhere(one) && one.day >= entry.day && one.day <= last,
  );
  const access = [
    ...oddities(past, after),
    ...wakingReasons(past, after, limits),
    ...placeReasons(view, arrival),
  ];
  if (total(access) === 0) return null;
  const reasons = [...access, ...giverReasons(view, automation, keys, entry, limits)];
  const severity = severityAt(total(reasons), limits.severities);
  if (severity === null) return null;
  return {
    window: dayWindow(entry.day),
    severity,
    confidence: Math.min(0.3 + 0.07 * total(reasons), 0.93),
    explanation:
      `${who(entry.actor)} gave ${subjectName(view)} ${thing(entry)} ${onDay(entry.day)}, and within three days the app reached content as it never did.` +
      `${because(reasons)} Each of the two may be ordinary. One after the other they are how intruders turn an app that everybody trusts into their own door.`,
    samples: [entry.sample, ...evidenceOf(after, arrival?.networks ?? [])].slice(0, 5),
  };
}

function thing({ change: { kind } }: TimelineEntry): string {
  if (kind === "owner_added") return "a new owner";
  return kind === "federation_added" ? "a new federated credential" : "a new credential";
}

function isSettled(
  { createdAt, firstSeenAt }: Automation,
  { day }: TimelineEntry,
  { settledDays }: Options,
): boolean {
  const since = createdAt ?? firstSeenAt;
  return since !== null && dayOf(since) <= day - settledDays;
}

/** For what hardly ever acted there is no usual day to compare with. */
function wakingReasons(
  past: readonly Profile[],
  after: readonly Profile[],
  { coldItemsMin }: Options,
): Reason[] {
  const amount = mostOf(after, takenOn);
  if (past.length >= 3 || amount < coldItemsMin) return [];
  return [
    { points: 3, words: `it reached ${count(amount)} items in a day and hardly ever acted before` },
  ];
}

function placeReasons(view: View, arrival: Arrival | undefined): Reason[] {
  if (arrival === undefined) return [];
  const isUnknown = arrival.networks.some((network) =>
    isUnknownPlace(view, networkKey(network), arrival.day),
  );
  return [
    { points: isUnknown ? 2 : 1, words: `it came from a new place (${placeWords(arrival)})` },
  ];
}

/** Whether somebody gave it keys on so many earlier days. */
function isRoutine(
  keys: readonly TimelineEntry[],
  actorId: string,
  day: number,
  daysMin: number,
): boolean {
  const days = new Set<number>();
  for (const one of keys) {
    // In event time: none of the rest is earlier.
    if (one.day >= day || days.size >= daysMin) break;
    if (isSame(one.actor, actorId)) days.add(one.day);
  }
  return days.size >= daysMin;
}

/** Who gave it: somebody who looks after the app, does so regularly, or a stranger. */
function giverReasons(
  view: View,
  automation: Automation,
  keys: readonly TimelineEntry[],
  { actor, day }: TimelineEntry,
  { ownerConfidenceMin, routineDaysMin }: Options,
): Reason[] {
  if (isGuest(view, actor)) return [{ points: 2, words: `${who(actor)} is a guest` }];
  if (isRoutine(keys, actor.id, day, routineDaysMin)) {
    return [{ points: -2, words: `${who(actor)} renews its credentials regularly` }];
  }
  const isOwner = automation.owners.some(
    ({ principal, confidence }) => confidence >= ownerConfidenceMin && isSame(actor, principal),
  );
  return isOwner
    ? [{ points: -1, words: `${who(actor)} looks after the app` }]
    : [{ points: 1, words: `nothing ties ${who(actor)} to the app` }];
}
