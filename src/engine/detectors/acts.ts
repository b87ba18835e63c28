/** What detectors of single notable acts share: who did one sort of thing on a day, how used to it he is, and the evidence for it. */

import { clip } from "#base/raw.ts";
import { UNDATED } from "#base/time.ts";
import type { Actor } from "#contract/event.ts";
import type { Severity } from "#contract/finding.ts";
import type { Evidence, View } from "#engine/detectors/detector.ts";
import { strangePlace } from "#engine/detectors/places.ts";
import { isGuest, isPrivileged, type Reason, severityAt, total } from "#engine/detectors/trust.ts";
import { count, dayWindow } from "#engine/detectors/window.ts";
import { isOutside } from "#engine/inventory/org.ts";
import { networkOf } from "#engine/profile/origin.ts";
import { networkKey } from "#engine/profile/places.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

/** Acts of one sort by one actor on one day. */
export interface Acts {
  readonly day: number;
  readonly actor: Actor;
  /** What the acts have in common. */
  readonly sort: string;
  /** The first of them. */
  readonly first: TimelineEntry;
  /** At least one, in event time. */
  readonly entries: readonly TimelineEntry[];
  /** Earlier days on which the same actor did the same, or what counts as the same. */
  readonly earlierDays: number;
}

/**
 * Groups entries by what they are, who did them and on which day. What counts as the same on earlier days may be wider than
 * what one finding is about: whoever often deals with outsiders deals with new ones, too.
 */
export function actsIn(
  entries: readonly TimelineEntry[],
  sortOf: (entry: TimelineEntry) => string,
  habitOf: (entry: TimelineEntry) => string = sortOf,
): Acts[] {
  const found: Acts[] = [];
  const byHabit = Map.groupBy(entries, (entry) => `${entry.actor.id}\n${habitOf(entry)}`);
  for (const some of byHabit.values()) {
    let earlierDays = 0;
    for (const [day, done] of Map.groupBy(some, (entry) => entry.day)) {
      for (const [sort, acts] of Map.groupBy(done, sortOf)) {
        const [first] = acts;
        if (first === undefined) continue;
        found.push({ day, actor: first.actor, sort, first, entries: acts, earlierDays });
      }
      earlierDays++;
    }
  }
  return found;
}

/** How a detector of acts weighs them. */
export interface Scale {
  /** Earlier days of the same after which it is the actor's routine. */
  readonly routineDaysMin: number;
  /** Points from which each severity is given. */
  readonly severities: Readonly<Partial<Record<Severity, number>>>;
  /** How likely a claim without any points is true; each point adds to it. */
  readonly confidence: number;
}

/** What a detector says of acts. */
export interface Claim {
  readonly reasons: readonly Reason[];
  readonly explain: (because: string) => string;
  readonly title?: string;
  readonly techniques?: readonly string[];
  readonly attackType?: Evidence["attackType"];
}

/** So many records show what happened; the rest is more of the same. */
const SAMPLES_MAX = 10;

/** The evidence for acts, or none where they are routine or weigh too little. */
export function evidenceFor(acts: Acts, claim: Claim, scale: Scale): Evidence[] {
  if (acts.earlierDays >= scale.routineDaysMin) return [];
  const points = total(claim.reasons);
  const severity = severityAt(points, scale.severities);
  if (severity === null) return [];
  const { title, techniques, attackType } = claim;
  return [
    {
      window: dayWindow(acts.day),
      key: clip(`${acts.sort}|${acts.actor.id}`, 512),
      severity,
      confidence: Math.min(
        Math.max(scale.confidence + 0.06 * points - 0.1 * acts.earlierDays, 0.1),
        0.9,
      ),
      ...(title === undefined ? {} : { title }),
      ...(techniques === undefined ? {} : { techniques }),
      ...(attackType === undefined ? {} : { attackType }),
      explanation: claim.explain(because(claim.reasons)),
      samples: acts.entries.map(({ sample }) => sample).slice(0, SAMPLES_MAX),
    },
  ];
}

/** What the records tell of whoever did it that makes any act weigh more. */
export function actorReasons(view: View, acts: Acts): Reason[] {
  const { actor, first, entries } = acts;
  const reasons: Reason[] = [];
  if (isGuest(view, actor)) reasons.push({ points: 2, words: `${actor.id} is a guest` });
  if (actor.kind === "person" && isScripted(first) && !isThroughApp(view, first)) {
    reasons.push({ points: 1, words: "it was done by a script, not at a page" });
  }
  reasons.push(...placeReasons(view, first), ...programPlace(view, acts));
  if (entries.length >= MANY) {
    reasons.push({ points: 1, words: `it was done ${count(entries.length)} times that day` });
  }
  return reasons;
}

/** A program that did it in its own name, from where it never ran before: whoever has its key is somebody else. */
function programPlace({ automation, profiles }: View, { day, actor }: Acts): Reason[] {
  if (automation === null || actor.kind === "person") return [];
  const isOwn = [automation.nativeId, ...automation.aliases].some((id) => id === actor.id);
  const strange = isOwn ? strangePlace(profiles, day) : null;
  return strange === null ? [] : [{ points: 2, words: `the program acted ${strange}` }];
}

/** What an app does for somebody comes from where the app is, by the app's own program. */
function isThroughApp(
  { automation, profiles }: View,
  { day, client: { ip } }: TimelineEntry,
): boolean {
  const network = ip === null ? null : networkOf(ip);
  return (
    automation !== null &&
    network !== null &&
    profiles.some((profile) => profile.day === day && profile.networks?.has(network) === true)
  );
}

/** Active days of a person before which nobody can say where he works. */
const KNOWN_DAYS_MIN = 5;

/** The act came from where whoever did it never was before. People who work from ever new places are at home anywhere. */
export function placeReasons(view: View, entry: TimelineEntry): Reason[] {
  const { actor, day, client } = entry;
  const { ip, asn, country } = client;
  const network = ip === null ? null : networkOf(ip);
  if (actor.kind !== "person" || network === null || day === UNDATED) return [];
  if (isThroughApp(view, entry)) return [];
  const past = (view.org.activity(view.platform, actor.id)?.profiles ?? []).filter(
    (profile) => profile.day !== UNDATED && profile.day < day && profile.networks !== null,
  );
  const known = new Set(past.flatMap(({ networks }) => [...(networks ?? [])]));
  const isProviderKnown = asn !== null && past.some(({ asns }) => asns?.has(asn) === true);
  const isRoaming = known.size > past.length;
  if (past.length < KNOWN_DAYS_MIN || isRoaming || known.has(network) || isProviderKnown) return [];
  // Programs work in rented servers, as intruders do: only people make a place one of the organization's own.
  const { people } = view.org.seenAt(networkKey(network), day);
  const countries = past.flatMap((profile) => [...(profile.countries ?? [])]);
  const isAbroad = country !== null && countries.length > 0 && !countries.includes(country);
  return [
    people === 0
      ? { points: 2, words: `it came from ${network}, where nobody here ever worked before` }
      : { points: 1, words: `it came from ${network}, where ${actor.id} never was before` },
    ...(isAbroad ? [{ points: 1, words: `${actor.id} was never in ${country} before` }] : []),
  ];
}

/** Somebody who is no administrator does what administrators do. */
export function laymanReasons(view: View, { actor }: Acts): Reason[] {
  const isLayman = actor.kind === "person" && isPrivileged(view, actor) === false;
  return isLayman && !isGuest(view, actor)
    ? [{ points: 1, words: `${actor.id} is known to be no administrator` }]
    : [];
}

/** Somebody whose address is not the organization's does what its own people do. */
export function outsiderReasons(view: View, { actor }: Acts): Reason[] {
  return actor.kind === "person" && isOutside(view.org, actor.id) === true
    ? [{ points: 1, words: `${actor.id} is nobody of the organization` }]
    : [];
}

/** So many of one sort in a day are more than a correction of the first. */
const MANY = 5;

/** Libraries and command-line tools by which people do not usually do what an administrator's page is for. */
const SCRIPTED =
  /^(python|curl|wget|okhttp|axios|node-fetch|go-http|java|ruby|perl|libwww|postman|powershell|httpie|aiohttp)/i;

function isScripted({ client }: TimelineEntry): boolean {
  return client.userAgent !== null && SCRIPTED.test(client.userAgent);
}

/** The reasons for and against as sentences with a leading space; empty where there is none. */
function because(reasons: readonly Reason[]): string {
  const speaking = reasons.filter(({ points }) => points > 0).map(({ words }) => words);
  const against = reasons.filter(({ points }) => points < 0).map(({ words }) => words);
  const worse = speaking.length === 0 ? "" : ` What stands out: ${speaking.join("; ")}.`;
  return against.length === 0 ? worse : `${worse} In its favour: ${against.join("; ")}.`;
}

/** Whoever did it: `dana@example.com`, or words where the record names nobody. */
export function doer({ id, name }: Actor): string {
  if (id === "") return "Somebody whom the record does not name";
  return name !== null && !id.includes("@") ? name : id;
}

/** Whether the automation did it in its own name, so that no person stands behind it. */
export function isOwnAct(view: View, { actor }: TimelineEntry): boolean {
  return view.automation !== null && actor.kind !== "person";
}
