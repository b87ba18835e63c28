/** Which roles give power over a whole organization. */

import type { Platform } from "#contract/platform.ts";
import entraFile from "./entra-roles.json" with { type: "json" };
import privilegedFile from "./privileged-roles.json" with { type: "json" };

/** A role of Microsoft Entra. Tier 0 is a path to Global Administrator, 1 has wide powers, 2 is unprivileged. */
export interface EntraRole {
  readonly name: string;
  /** The template id, the same in every tenant. */
  readonly id: string;
  readonly tier: 0 | 1 | 2;
}

/** Names under which older logs and APIs know a role. */
const ENTRA_FORMER_NAMES = {
  "company administrator": "global administrator",
  "exchange service administrator": "exchange administrator",
  "sharepoint service administrator": "sharepoint administrator",
  "lync service administrator": "skype for business administrator",
  "intune service administrator": "intune administrator",
  "teams service administrator": "teams administrator",
  "crm service administrator": "dynamics 365 administrator",
  "power bi service administrator": "fabric administrator",
  "power bi administrator": "fabric administrator",
  "helpdesk (password) administrator": "helpdesk administrator",
  "user account administrator": "user administrator",
  "device administrators": "azure ad joined device local administrator",
} satisfies Record<string, string>;

/** Tier 1 roles that read or rule what everybody holds, so an automation that has one is worth a look. */
const ENTRA_PRIVILEGED_TIER_1: ReadonlySet<string> = new Set([
  "b2c ief keyset administrator",
  "cloud device administrator",
  "compliance administrator",
  "compliance data administrator",
  "directory synchronization accounts",
  "global reader",
  "on premises directory sync account",
  "power platform administrator",
  "security operator",
  "security reader",
]);

const entraByKey = new Map<string, EntraRole>();
for (const row of entraFile.roles) {
  const role: EntraRole = { ...row, tier: tierOf(row.tier) };
  entraByKey.set(row.name.toLowerCase(), role);
  entraByKey.set(row.id, role);
}
for (const [former, name] of Object.entries(ENTRA_FORMER_NAMES)) {
  const role = entraByKey.get(name);
  if (role !== undefined) entraByKey.set(former, role);
}

const privileged = new Map<string, string>();
for (const row of privilegedFile.roles) {
  for (const name of [row.name, ...(row.aliases ?? [])]) {
    privileged.set(`${row.platform} ${key(name)}`, row.name);
  }
}

/** The tier of an Entra role by display name, former name or template id; null where it is not known. */
export function roleTier(nameOrTemplateId: string): 0 | 1 | 2 | null {
  return entraByKey.get(nameOrTemplateId.trim().toLowerCase())?.tier ?? null;
}

/**
 * Whether a role lets its holder act on other people's accounts, data or settings. Microsoft: tier 0 and the tier 1
 * roles that reach everybody; elsewhere the administrator and owner roles. A custom role is not known and says false.
 */
export function isPrivilegedRole(platform: Platform, role: string): boolean {
  if (platform !== "microsoft") return privileged.has(`${platform} ${key(role)}`);
  const known = entraByKey.get(role.trim().toLowerCase());
  if (known === undefined) return false;
  return known.tier === 0 || ENTRA_PRIVILEGED_TIER_1.has(known.name.toLowerCase());
}

/** All Entra roles, by name. */
export function entraRoles(): EntraRole[] {
  return [...new Set(entraByKey.values())];
}

/** The privileged roles of the other platforms, by platform and name. */
export function privilegedRoles(): {
  platform: string;
  name: string;
  aliases: readonly string[];
}[] {
  return privilegedFile.roles.map((row) => ({
    platform: row.platform,
    name: row.name,
    aliases: row.aliases ?? [],
  }));
}

/** "Org Owner", "ORG_OWNER" and "org-owner" are one role. */
function key(role: string): string {
  return role
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, " ");
}

function tierOf(tier: number): 0 | 1 | 2 {
  return tier === 0 ? 0 : tier === 1 ? 1 : 2;
}
