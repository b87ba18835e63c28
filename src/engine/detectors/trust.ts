/** How far an app may be trusted by what is known of it, in points that detectors of grants add up: shared by them. */

import { lookalike } from "#catalog/names.ts";
import { rank, type ScopeSummary, type ScopeTier, summarizeScopes } from "#catalog/scopes.ts";
import { vendorOfHost } from "#catalog/vendors.ts";
import type { Actor } from "#contract/event.ts";
import { SEVERITIES, type Severity } from "#contract/finding.ts";
import type { View } from "#engine/detectors/detector.ts";
import { count } from "#engine/detectors/window.ts";
import type { Automation } from "#engine/inventory/automation.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

/** One thing that makes a claim stronger (points above 0) or weaker (below), in words for the reader. */
export interface Reason {
  readonly points: number;
  readonly words: string;
}

/** `Mail Helper`, or the id where no record names it. */
export function nameOf(automation: Automation): string {
  return automation.name ?? automation.nativeId;
}

/** Whether it is of a kind that somebody publishes; scripts, workflows, hooks and keys have a maker only. */
export function hasPublisher({ kind }: Automation): boolean {
  return PUBLISHED.has(kind);
}

const PUBLISHED: ReadonlySet<Automation["kind"]> = new Set([
  "oauth_app",
  "bot",
  "ai_agent",
  "mcp_connector",
]);

/**
 * What scopes open: 2 for high, where mail, files, chat and the directory begin, 3 for critical, and 1 more where they
 * reach far or several of the kinds of content that intruders want.
 */
export function reachReason({ tier, riskiest, broad, areas }: ScopeSummary): Reason {
  const isHigh = isAtLeastTier(tier, "high");
  const isSeveral = areas.filter((area) => CONTENT.has(area)).length >= 2;
  return {
    points: isHigh ? rank(tier) - rank("medium") + 1 + (broad || isSeveral ? 1 : 0) : 0,
    words: `its reach is ${tier}${riskiest.length === 0 ? "" : ` (${riskiest.join(", ")})`}`,
  };
}

const CONTENT: ReadonlySet<string> = new Set(["mail", "files", "chat"]);

export function isAtLeastTier(tier: ScopeTier, floor: ScopeTier): boolean {
  return rank(tier) >= rank(floor);
}

/** What the scopes open; a grant for the whole tenant works without any user. */
export function reachOf(view: View, scopes: readonly string[], isWide: boolean): ScopeSummary {
  const distinct = [...new Set(scopes)].sort();
  return summarizeScopes(view.platform, distinct, isWide ? "application" : "delegated");
}

/** Who publishes it, and how that is known. A name alone clears nobody, since an app may call itself anything. */
export function publisherReason(automation: Automation): Reason {
  if (automation.isVerified === true) return { points: -3, words: "its publisher is verified" };
  if (automation.isInternal === true) return { points: -1, words: "it was made in-house" };
  if (automation.isVerified === false) return { points: 2, words: "its publisher is not verified" };
  const { vendor } = automation;
  if (vendor === null) return { points: 1, words: "no known vendor publishes it" };
  return isOnVendorsHosts(automation, vendor)
    ? { points: -2, words: `all its addresses belong to ${vendor}` }
    : { points: 0, words: `it goes by a name of ${vendor}, which the records do not prove` };
}

/** A name that imitates a known one, which no honest app needs. */
export function nameReason({ name, platform, nativeId, isVerified, domains }: Automation): Reason {
  const context = { platform, nativeId, publisherVerified: isVerified, domains };
  const match = name === null ? null : lookalike(name, context);
  return match === null
    ? { points: 0, words: "" }
    : { points: 2, words: `its name imitates ${match.brand}` };
}

/** Every host is the vendor's: one alone could be borrowed, as a home page that anybody may state. */
function isOnVendorsHosts({ domains }: Automation, vendor: string): boolean {
  return domains.length > 0 && domains.every((host) => vendorOfHost(host) === vendor);
}

/** Whether the actor is privileged, as the record says it, else as the organization's records do. */
export function isPrivileged(view: View, actor: Actor): boolean | null {
  return actor.isAdmin ?? view.org.person(view.platform, actor.id)?.isAdmin ?? null;
}

export function isGuest(view: View, actor: Actor): boolean {
  return (actor.isGuest ?? view.org.person(view.platform, actor.id)?.isGuest) === true;
}

/** Who acted, for readers. */
export function who(actor: Actor): string {
  return actor.id === "" ? "Somebody whom the record does not name" : actor.id;
}

/** Whether two ids of a record mean the same person or program. */
export function isSame(actor: Actor, id: string): boolean {
  return actor.id === id || actor.aliases.includes(id);
}

/** Whether the automation acted on itself. */
export function isItself(automation: Automation, actor: Actor): boolean {
  return [automation.nativeId, ...automation.aliases].some((id) => isSame(actor, id));
}

/** Attempts that failed or were denied changed nothing. */
export function succeeded({ outcome }: TimelineEntry): boolean {
  return outcome === "success" || outcome === "unknown";
}

/** `1 record`, `1,234 records`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** Entries by UTC day, in order of the days. */
export function byDay(entries: readonly TimelineEntry[]): Map<number, TimelineEntry[]> {
  return Map.groupBy(entries, ({ day }) => day);
}

/** The sum of all points. */
export function total(reasons: readonly Reason[]): number {
  return reasons.reduce((sum, { points }) => sum + points, 0);
}

/** What speaks for the claim and what against it, in one sentence. */
export function because(reasons: readonly Reason[]): string {
  const against = reasons.filter(({ points }) => points < 0).map(({ words }) => words);
  const speaking = reasons.filter(({ points }) => points > 0).map(({ words }) => words);
  const first = `What stands out: ${speaking.join("; ")}.`;
  return against.length === 0 ? first : `${first} In its favour: ${against.join("; ")}.`;
}

/** The severity for a sum of points: the last step that the sum reaches; null below all. */
export function severityAt(
  points: number,
  steps: Readonly<Partial<Record<Severity, number>>>,
): Severity | null {
  let found: Severity | null = null;
  for (const severity of SEVERITIES) {
    const floor = steps[severity];
    if (floor !== undefined && points >= floor) found = severity;
  }
  return found;
}

/** The severity some steps up (or down), within the scale. */
export function shifted(severity: Severity, steps: number): Severity {
  const index = Math.min(Math.max(SEVERITIES.indexOf(severity) + steps, 0), SEVERITIES.length - 1);
  return SEVERITIES[index] ?? severity;
}

/** The milder of two. */
export function atMost(severity: Severity, cap: Severity): Severity {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(cap) ? severity : cap;
}
