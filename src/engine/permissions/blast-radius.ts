/** How far the damage goes if an automation turns: whose data, and which. */

import { rank, scopeRisk } from "#catalog/scopes.ts";
import type { BlastRadius } from "#contract/report.ts";
import type { Automation } from "#engine/inventory/automation.ts";

/** Areas of scopes by the kinds of data that readers care about; the rest says nothing to them. */
const DATA: ReadonlyMap<string, BlastRadius["data"][number]> = new Map([
  ["mail", "mail"],
  ["files", "files"],
  ["chat", "chat"],
  ["meetings", "chat"],
  ["calendar", "calendar"],
  ["contacts", "contacts"],
  ["directory", "directory"],
  ["admin", "admin"],
  ["identity", "admin"],
  ["secrets", "secrets"],
  ["code", "code"],
  ["ai", "ai"],
]);

/** Everybody where a grant is for the tenant, or a scope reaches beyond who consented; else those who let it in. */
export function blastRadiusOf({ platform, grants }: Automation): BlastRadius {
  const people = new Set<string>();
  const data = new Set<BlastRadius["data"][number]>();
  let isWide = false;
  for (const { principal, scopes, consent } of grants) {
    if (principal !== null) people.add(principal);
    for (const scope of scopes) {
      const risk = scopeRisk(platform, scope, consent === "tenant" ? "application" : "delegated");
      // Who somebody is, and little more, is no damage.
      if (rank(risk.tier) < rank("medium")) continue;
      if (consent === "tenant" || risk.tenantWide) isWide = true;
      for (const area of risk.areas) {
        const kind = DATA.get(area);
        if (kind !== undefined) data.add(kind);
      }
    }
  }
  const reach =
    data.size === 0 ? "none" : isWide ? "everybody" : people.size > 0 ? "people" : "unknown";
  return {
    reach,
    people: reach === "people" ? people.size : null,
    data: [...data].sort(),
  };
}
