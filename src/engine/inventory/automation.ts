/** The inventory's automation: what all records together say about it, judged by the catalogue. */

import { compareText } from "#base/order.ts";
import { aiByBehaviour, identifyAi } from "#catalog/ai.ts";
import { type AbusedMatch, isFirstParty, knownAbused } from "#catalog/apps.ts";
import { type ScopeSummary, summarizeScopes } from "#catalog/scopes.ts";
import { vendorOf } from "#catalog/vendors.ts";
import {
  type AutomationKind,
  type Credential,
  type Grant,
  AutomationKind as Kinds,
  type OwnerClaim,
} from "#contract/automation.ts";
import type { Platform } from "#contract/platform.ts";
import type { AiIdentity } from "#contract/report.ts";
import { countOf, type Profile } from "#engine/profile/profile.ts";
import { type AutomationRecord, type Votes, winner, winnerBool } from "./record.ts";

export interface Automation {
  /** `platform:nativeId`, the id by which reports and commands name it. */
  readonly id: string;
  readonly platform: Platform;
  readonly kind: AutomationKind;
  readonly nativeId: string;
  readonly name: string | null;
  readonly publisher: string | null;
  readonly vendor: string | null;
  readonly isVerified: boolean | null;
  /** Made inside the organization. */
  readonly isInternal: boolean | null;
  /** The platform vendor's own, by the shipped list. */
  readonly isFirstParty: boolean;
  readonly ai: AiIdentity | null;
  readonly abused: AbusedMatch | null;
  readonly domains: readonly string[];
  readonly aliases: readonly string[];
  /** Surest first. */
  readonly owners: readonly OwnerClaim[];
  /** In force, as far as the records tell; earliest first. */
  readonly grants: readonly Grant[];
  /** By which it signs in, as lists name them; ascending by id. */
  readonly credentials: readonly Credential[];
  /** What all its grants together let it reach. */
  readonly reach: ScopeSummary;
  readonly createdAt: number | null;
  readonly firstSeenAt: number | null;
  readonly lastSeenAt: number | null;
  readonly isEnabled: boolean | null;
  readonly eventCount: number;
}

/** `profiles` are its days: what it did may show what its name does not. */
export function automationFrom(
  record: AutomationRecord,
  profiles: readonly Profile[] = [],
): Automation {
  const { platform, nativeId } = record;
  const name = winner(record.names);
  const publisher = winner(record.publishers);
  const domains = [...record.domains].sort();
  const kind = kindOf(record.kinds);
  const identity = {
    platform,
    nativeId,
    name,
    publisher,
    domains,
    userAgents: [...record.agents].sort(),
  };
  const grants = grantsOf(record);
  const vendor = vendorOf(identity);
  const ai = aiOf(identity) ?? aiAtWork(kind, profiles, publisher ?? vendor);
  return {
    id: `${platform}:${nativeId}`,
    platform,
    kind: ai !== null && kind === "oauth_app" && ai.category === "agent" ? "ai_agent" : kind,
    nativeId,
    name,
    publisher,
    vendor,
    isVerified: winnerBool(record.verified),
    isInternal: winnerBool(record.internal),
    isFirstParty: isFirstParty(platform, nativeId, winner(record.ownerTenants)),
    ai,
    abused: knownAbused({ platform, nativeId, name }),
    domains,
    aliases: [...record.aliases].sort(),
    owners: ownersOf(record, grants),
    grants,
    credentials: [...record.credentials.values()].sort((a, b) => compareText(a.id, b.id)),
    reach: summarizeScopes(
      platform,
      [...new Set(grants.flatMap(({ scopes }) => scopes))].sort(),
      grants.some(({ consent }) => consent === "tenant") ? "application" : "delegated",
    ),
    createdAt: record.createdAt,
    firstSeenAt: record.firstSeenAt ?? record.createdAt,
    lastSeenAt: latest(record.lastSeenAt, record.lastUsedAt),
    isEnabled: record.enabled?.value ?? null,
    eventCount: record.eventCount,
  };
}

/** What AI it is. Plain workflow builders with an AI step are in the catalogue's list but are not an AI at work. */
function aiOf(identity: Parameters<typeof identifyAi>[0]): AiIdentity | null {
  const found = identifyAi(identity);
  return found === null || found.category === "workflow_automation" ? null : found;
}

/** What AI it is by what it does, and by the kind of records that it leaves. */
function aiAtWork(
  kind: AutomationKind,
  profiles: readonly Profile[],
  maker: string | null,
): AiIdentity | null {
  const tools = new Set(profiles.flatMap((profile) => [...(profile.tools?.keys() ?? [])]));
  const behaviour = {
    toolCalls: profiles.reduce((sum, profile) => sum + countOf(profile, "tool_call"), 0),
    prompts: profiles.reduce((sum, profile) => sum + countOf(profile, "prompt"), 0),
    tools: tools.size,
    isCalledAgent: kind === "ai_agent" || kind === "mcp_connector",
  };
  return aiByBehaviour(behaviour, maker);
}

/** Most records' word for it; a word more telling than oauth_app wins over it, since vendors call most things apps. */
function kindOf(votes: Votes): AutomationKind {
  const telling = new Map([...votes].filter(([kind]) => kind !== "oauth_app"));
  const found = winner(telling) ?? "oauth_app";
  return Kinds.options.find((kind) => kind === found) ?? "oauth_app";
}

/** So many people at most may be asked about an automation that nobody is known to have brought in. */
const GRANTEES_MAX = 3;

function ownersOf(record: AutomationRecord, grants: readonly Grant[]): OwnerClaim[] {
  const claims = [...record.owners.values()];
  const grantees = new Set(grants.flatMap(({ principal }) => principal ?? []));
  if (claims.length === 0 && grantees.size <= GRANTEES_MAX) {
    for (const principal of grantees) {
      claims.push({ principal, evidence: "gave it access to the own account", confidence: 0.4 });
    }
  }
  return claims.sort(
    (a, b) => b.confidence - a.confidence || compareText(a.principal, b.principal),
  );
}

function grantsOf(record: AutomationRecord): Grant[] {
  const grants: Grant[] = [];
  for (const grant of record.grants.values()) {
    const end = Math.max(
      record.revokedAt.get(grant.principal ?? "*") ?? -1,
      record.revokedAt.get("*") ?? -1,
    );
    if (grant.lastAt !== null && end >= grant.lastAt) continue;
    grants.push({
      principal: grant.principal,
      consent: grant.consent,
      // What was granted before the last revocation and not again is gone.
      scopes: [...grant.scopes].flatMap(([scope, at]) => (at > end ? [scope] : [])).sort(),
      grantedBy: grant.grantedBy,
      at: grant.firstAt,
    });
  }
  return grants.sort(
    (a, b) =>
      (a.at ?? 0) - (b.at ?? 0) ||
      compareText(a.principal ?? "", b.principal ?? "") ||
      compareText(a.consent, b.consent),
  );
}

function latest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
