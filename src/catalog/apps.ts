/** Which applications are known: those seen in intrusions, and those that a platform's vendor makes itself. */

import type { Platform } from "#contract/platform.ts";
import abusedFile from "./abused-apps.json" with { type: "json" };
import { type AiCategory, aiCategory } from "./categories.ts";
import firstPartyFile from "./first-party.json" with { type: "json" };
import googleFile from "./google-first-party.json" with { type: "json" };
import { oneOf } from "./text.ts";

/** An app that was seen in intrusions. */
export interface AbusedApp {
  /** Empty where the public report names no app. */
  readonly names: readonly string[];
  /** malicious: made or taken over by an attacker. risky_legitimate: a real product that intruders like to use. */
  readonly category: "malicious" | "risky_legitimate";
  readonly severity: "critical" | "high" | "medium" | "low";
  /** A client of the platform's own vendor that is abused: weigh the context, never block the id. */
  readonly firstParty: boolean;
  readonly references: readonly string[];
  readonly platform: string;
  readonly id: string;
  readonly tags: readonly string[];
}

/** A known-abused app together with what it was recognized by: an id is proof, a name is a claim. */
export interface AbusedMatch extends AbusedApp {
  readonly matchedBy: "id" | "name";
}

/** How sure it is that an id belongs to the platform's vendor; the meaning of each is in first-party.json. */
export type FirstPartyEvidence =
  | "graph"
  | "owner-tenant"
  | "learn-list"
  | "foci-list"
  | "docs-list"
  | "community"
  | "vendor-code"
  | "observed";

/** An application that the platform's vendor makes itself. */
export interface FirstPartyApp {
  readonly platform: "microsoft" | "google";
  readonly id: string;
  readonly name: string;
  readonly evidence: FirstPartyEvidence;
  /** Its refresh tokens can be exchanged for those of the other family members. */
  readonly isFoci: boolean;
  readonly isAi: boolean;
  readonly aiCategory: AiCategory | null;
}

const MICROSOFT_OWNER_TENANTS: ReadonlySet<string> = new Set([
  "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
  "72f988bf-86f1-41af-91ab-2d7cd011db47",
]);

/** The evidence that stands without knowing who owns the registration. */
const TRUSTED_EVIDENCE: ReadonlySet<FirstPartyEvidence> = new Set([
  "graph",
  "owner-tenant",
  "learn-list",
  "vendor-code",
  "observed",
]);

const abusedById = new Map<string, AbusedApp>();
const abusedByName = new Map<string, AbusedApp>();
const firstPartyById = new Map<string, FirstPartyApp>();

for (const row of abusedFile.apps) {
  const app: AbusedApp = {
    platform: row.platform,
    id: row.id,
    names: row.anonymous === true ? [] : row.names,
    category: oneOf(["malicious", "risky_legitimate"], row.category),
    severity: oneOf(["critical", "high", "medium", "low"], row.severity),
    firstParty: row.firstParty === true,
    references: row.references,
    tags: row.tags ?? [],
  };
  for (const id of [row.id, ...(row.numericIds ?? [])]) {
    abusedById.set(`${row.platform} ${id.toLowerCase()}`, app);
  }
  if (row.byName !== true) continue;
  for (const name of app.names) abusedByName.set(`${row.platform} ${exactName(name)}`, app);
}

for (const row of firstPartyFile.apps) {
  firstPartyById.set(`microsoft ${row.id}`, {
    platform: "microsoft",
    id: row.id,
    name: row.name ?? "unnamed Microsoft app",
    evidence: oneOf(
      ["graph", "owner-tenant", "learn-list", "foci-list", "docs-list", "community"],
      row.evidence,
    ),
    isFoci: row.foci === true,
    isAi: row.ai !== undefined,
    aiCategory: row.ai === undefined ? null : aiCategory(row.ai),
  });
}
for (const { id, name, evidence } of googleFile.apps) {
  firstPartyById.set(`google ${id}`, {
    platform: "google",
    id,
    name,
    evidence: oneOf(["vendor-code", "observed"], evidence),
    isFoci: false,
    isAi: false,
    aiCategory: null,
  });
}

/**
 * The entry of an app that was seen in intrusions, or null. An id decides. Without a known id, GitHub apps match by
 * exact name (its log carries no client id for them), and apps elsewhere only by an exact, distinctive name; such a
 * match says `matchedBy: "name"` and deserves less trust. Source: OAuthSentry, huntresslabs/rogueapps, randomaccess3.
 */
export function knownAbused(app: {
  readonly platform: Platform;
  readonly nativeId?: string | null | undefined;
  readonly name?: string | null | undefined;
}): AbusedMatch | null {
  const id = app.nativeId?.toLowerCase();
  if (id !== undefined) {
    const match = abusedById.get(`${app.platform} ${id}`);
    if (match !== undefined)
      return {
        ...match,
        matchedBy: app.platform === "github" && !/^\d+$/.test(id) ? "name" : "id",
      };
    if (app.platform === "microsoft" && firstPartyById.has(`microsoft ${id}`)) return null;
  }
  if (app.name == null || app.name === "") return null;
  const match = abusedByName.get(`${app.platform} ${exactName(app.name)}`);
  return match === undefined ? null : { ...match, matchedBy: "name" };
}

/**
 * The app of the platform's own vendor that has this id, or null. Microsoft publishes enough to tell; of Google a few
 * clients are known, of the others none. Read `evidence` before you trust it, or ask `isFirstParty`.
 */
export function firstParty(platform: Platform, nativeId: string): FirstPartyApp | null {
  return firstPartyById.get(`${platform} ${nativeId.toLowerCase()}`) ?? null;
}

/**
 * Whether an app is surely the platform vendor's own: Microsoft's tenant owns the registration, or the id was seen as
 * Microsoft's service principal, listed with its tenant, or is on its own list. Contributed ids alone do not suffice.
 */
export function isFirstParty(
  platform: Platform,
  nativeId: string,
  ownerTenantId?: string | null,
): boolean {
  if (platform !== "microsoft" && platform !== "google") return false;
  if (
    platform === "microsoft" &&
    ownerTenantId != null &&
    MICROSOFT_OWNER_TENANTS.has(ownerTenantId.toLowerCase())
  )
    return true;
  const app = firstPartyById.get(`${platform} ${nativeId.toLowerCase()}`);
  return app !== undefined && TRUSTED_EVIDENCE.has(app.evidence);
}

/** Every app seen in intrusions, in the order of the file. */
export function abusedApps(): AbusedApp[] {
  return [...new Set(abusedById.values())];
}

/** Every app of a platform vendor, in the order of the file. */
export function firstPartyApps(): FirstPartyApp[] {
  return [...firstPartyById.values()];
}

/** Case and outer or doubled spaces do not count; foreign letters do, because they are the disguise. */
function exactName(name: string): string {
  return name.slice(0, 256).trim().replace(/\s+/g, " ").toLowerCase();
}
