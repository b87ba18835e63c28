/** Granted minus used: which scopes an automation needs, as far as the logs can tell, and what would suffice. */

import { compareText } from "#base/order.ts";
import { dayOf } from "#base/time.ts";
import { narrowerScope, type Use } from "#catalog/narrower.ts";
import { rank, type ScopeRisk, type ScopeTier, scopeName, scopeRisk } from "#catalog/scopes.ts";
import type { Platform } from "#contract/platform.ts";
import type { Automation } from "#engine/inventory/automation.ts";
import { NAMES_MAX, type Profile } from "#engine/profile/profile.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";
import { type Call, callOf, isTold, type Verb } from "./calls.ts";
import type { Shown, ShownUses } from "./shown.ts";

/** unseen: the logs that would show its use are not there, so nothing can be said. */
export type ScopeUse = Use | "unused" | "unseen";

export interface UsedScope {
  /** As granted. */
  readonly scope: string;
  readonly tier: ScopeTier;
  readonly use: ScopeUse;
  /** Days over which the logs would have shown its use; 0 where it is unseen. */
  readonly observedDays: number;
  /** A smaller scope that allows what was seen; null where none is known or nothing was seen. */
  readonly instead: string | null;
}

export interface Permissions {
  /** Distinct, worst first, then by name. */
  readonly scopes: readonly UsedScope[];
  /** Epoch milliseconds of the first grant on record that names its scopes; null without one. */
  readonly approvedAt: number | null;
  /** In force today, but not in that first grant. */
  readonly addedSince: readonly string[];
}

/** A log that shows something on fewer of its days than this share is no log of every day. */
const SHARE_MIN = 0.3;

export function permissionsOf(
  automation: Automation,
  activity: { readonly profiles: readonly Profile[]; readonly timeline: readonly TimelineEntry[] },
  shown: ShownUses,
): Permissions {
  const used = usesOf(automation, activity.profiles);
  const scopes = [...new Set(automation.grants.flatMap((grant) => grant.scopes))]
    .map((scope) => usedScope(automation, scope, used, shown))
    .sort((a, b) => rank(b.tier) - rank(a.tier) || compareText(a.scope, b.scope));
  return { scopes, ...drift(automation, activity.timeline) };
}

/** `area:verb` of all that it did; null where a day holds more than its profile could keep, or says too little. */
function usesOf({ platform }: Automation, profiles: readonly Profile[]): Set<string> | null {
  const used = new Set<string>();
  for (const { actions } of profiles) {
    if ((actions?.size ?? 0) >= NAMES_MAX) return null;
    for (const action of actions?.keys() ?? []) {
      const call = callOf(platform, action);
      if (call?.areas === "any") return null;
      for (const use of usesIn(call)) used.add(use);
    }
  }
  return used;
}

function usesIn(call: Call | null): string[] {
  if (call === null || call.areas === "any") return [];
  return call.areas.map((area) => `${area}:${call.verb}`);
}

function usedScope(
  automation: Automation,
  scope: string,
  used: ReadonlySet<string> | null,
  shown: ShownUses,
): UsedScope {
  const { platform } = automation;
  const isForAll = automation.grants.some(
    (grant) => grant.consent === "tenant" && grant.scopes.includes(scope),
  );
  const risk = scopeRisk(platform, scope, isForAll ? "application" : "delegated");
  const known = { scope, tier: risk.tier };
  const needed = risk.areas.flatMap((area) =>
    verbsOf(platform, risk).map((verb) => `${area}:${verb}`),
  );
  const logs = needed.map((use) => shown.get(use));
  const observedDays = isTold(platform, scopeName(platform, scope))
    ? daysOver(logs, grantedOn(automation, scope))
    : 0;
  if (used === null || observedDays === 0) {
    return { ...known, use: "unseen", observedDays: 0, instead: null };
  }
  const didRead = risk.areas.some((area) => used.has(`${area}:read`));
  const didWrite = risk.areas.some((area) => used.has(`${area}:write`));
  const use = useOf(verbsOf(platform, risk), didRead, didWrite);
  const instead = use === "unused" ? null : narrowerScope(platform, scope, use);
  return { ...known, use, observedDays, instead };
}

/** What a scope is for. Slack's scopes to write do not let anybody read; elsewhere writing includes reading. */
function verbsOf(platform: Platform, { access }: ScopeRisk): Verb[] {
  if (access === "read") return ["read"];
  return platform === "slack" ? ["write"] : ["read", "write"];
}

/** What is done beside the purpose of a scope needs another one. */
function useOf(verbs: readonly Verb[], didRead: boolean, didWrite: boolean): Use | "unused" {
  const reads = didRead && verbs.includes("read");
  const writes = didWrite && verbs.includes("write");
  if (!reads && !writes) return "unused";
  if (verbs.length === 1 || (reads && writes)) return "both";
  return reads ? "reads" : "writes";
}

/** The days since which it is granted and on which each of the logs would have told; 0 where one of them is missing. */
function daysOver(logs: readonly (Shown | undefined)[], since: number | null): number {
  let days = logs.length === 0 ? 0 : Number.MAX_SAFE_INTEGER;
  for (const log of logs) {
    if (log === undefined) return 0;
    const span = log.to - log.from + 1;
    if (log.days / span < SHARE_MIN) return 0;
    days = Math.min(days, log.to - Math.max(log.from, since ?? log.from) + 1);
  }
  return Math.max(days, 0);
}

/** The UTC day of the earliest dated grant of a scope. A grant without a date was there all along. */
function grantedOn({ grants, createdAt }: Automation, scope: string): number | null {
  let first: number | null = null;
  for (const grant of grants) {
    if (!grant.scopes.includes(scope)) continue;
    const at = grant.at ?? createdAt;
    if (at === null) return null;
    first = first === null ? at : Math.min(first, at);
  }
  return first === null ? null : dayOf(first);
}

/** What has come on top since the first grant on record. */
function drift(
  automation: Automation,
  timeline: readonly TimelineEntry[],
): Pick<Permissions, "approvedAt" | "addedSince"> {
  const first = timeline.find(
    ({ change, sample, outcome }) =>
      (change.kind === "granted" || change.kind === "installed") &&
      change.scopes.length > 0 &&
      sample.at !== null &&
      outcome !== "failure" &&
      outcome !== "denied",
  );
  if (first === undefined) return { approvedAt: null, addedSince: [] };
  const approved = new Set(
    timeline
      .filter(({ day, change }) => day === first.day && change.kind !== "scopes_added")
      .flatMap(({ change }) => change.scopes),
  );
  // Undated lists may hold what was granted before the records start, which is no drift.
  const dated = automation.grants.filter(({ at }) => at !== null && at >= (first.sample.at ?? 0));
  const addedSince = [...new Set(dated.flatMap(({ scopes }) => scopes))]
    .filter((scope) => !approved.has(scope))
    .sort();
  return { approvedAt: first.sample.at, addedSince };
}
