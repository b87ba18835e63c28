/** Orders scopes by how much they open, so that a summary shows the worst ones first. */

import { compareText } from "#base/order.ts";
import { type ScopeRisk, scopeRisk } from "#catalog/scopes.ts";
import type { ReportAutomation } from "#contract/report.ts";

/** An unrated scope stands before the harmless ones: nobody has said that it is harmless. */
const TIERS = [
  "low",
  "unknown",
  "medium",
  "high",
  "critical",
] as const satisfies ScopeRisk["tier"][];
const ACCESS = ["unknown", "read", "write", "admin"] as const satisfies ScopeRisk["access"][];

function weight({ tier, access, tenantWide }: ScopeRisk): number {
  return TIERS.indexOf(tier) * 100 + (tenantWide ? 10 : 0) + ACCESS.indexOf(access);
}

/** Distinct scopes of all grants, those that open most first, then by name. */
export function scopesByWeight({ platform, grants }: ReportAutomation): string[] {
  const weights = new Map<string, number>();
  for (const { scopes } of grants) {
    for (const scope of scopes) {
      if (!weights.has(scope)) weights.set(scope, weight(scopeRisk(platform, scope)));
    }
  }
  return [...weights].sort(([a, x], [b, y]) => y - x || compareText(a, b)).map(([scope]) => scope);
}

/** A scope without the prefix that all of its vendor's scopes share. */
export function shortScope(scope: string): string {
  return scope.replace(
    /^https:\/\/(www\.googleapis\.com\/auth\/|graph\.microsoft\.com\/)(?=.)/,
    "",
  );
}
