/** Finds anything in the catalogue by name, id or domain, for people who ask "what is this?". */

import { aiApps } from "./ai.ts";
import { abusedApps, firstPartyApps } from "./apps.ts";
import { mcpServers } from "./mcp.ts";
import { entraRoles, privilegedRoles } from "./roles.ts";
import { knownScopes, scopeRisk } from "./scopes.ts";
import { techniques } from "./techniques.ts";
import { byHost, hostOf } from "./text.ts";
import { vendors } from "./vendors.ts";

/** The part of the catalogue that an entry comes from. */
export type CatalogSource =
  | "ai_app"
  | "abused_app"
  | "first_party"
  | "mcp_server"
  | "scope"
  | "technique"
  | "vendor"
  | "role";

/** One entry of the catalogue, told in plain facts. */
export interface CatalogHit {
  readonly source: CatalogSource;
  /** What identifies the entry in its source: an id, a scope, a name. */
  readonly key: string;
  readonly name: string;
  readonly facts: Readonly<Record<string, string>>;
}

interface Entry extends CatalogHit {
  /** Lower-case; a term that equals one of them is the surest hit. */
  readonly ids: readonly string[];
  readonly names: readonly string[];
  readonly domains: readonly string[];
}

const HITS_MAX = 50;
let index: readonly Entry[] | null = null;

/**
 * The entries that a term names: first those whose id or key it is, then those with that very name or domain, then
 * names that begin with it, then names, ids and domains that hold it; within each, in the order apps, scopes,
 * techniques. At most 50. Case does not count. An empty term finds nothing.
 */
export function searchCatalog(term: string): CatalogHit[] {
  const text = term.trim().toLowerCase();
  if (text === "") return [];
  index ??= buildIndex();
  const host = hostOf(text);
  const ranked: { entry: Entry; place: number }[] = [];
  for (const entry of index) {
    const place = placeOf(entry, text, host);
    if (place !== null) ranked.push({ entry, place });
  }
  ranked.sort((a, b) => a.place - b.place);
  return ranked
    .slice(0, HITS_MAX)
    .map(({ entry: { source, key, name, facts } }) => ({ source, key, name, facts }));
}

function placeOf(entry: Entry, text: string, host: string | null): number | null {
  if (entry.ids.includes(text)) return 0;
  if (entry.names.includes(text)) return 1;
  if (host !== null && byHost(new Map(entry.domains.map((domain) => [domain, true])), host))
    return 1;
  if (entry.names.some((name) => name.startsWith(text))) return 2;
  const isInside = [...entry.names, ...entry.ids, ...entry.domains].some((value) =>
    value.includes(text),
  );
  return isInside ? 3 : null;
}

function buildIndex(): Entry[] {
  return [
    ...abusedApps().map((app) =>
      entry("abused_app", app.id, app.names[0] ?? "app without a published name", {
        names: app.names,
        facts: {
          platform: app.platform,
          category: app.category,
          severity: app.severity,
          firstParty: app.firstParty ? "yes" : "no",
          tags: app.tags.join(", "),
          reference: app.references[0] ?? "",
        },
      }),
    ),
    ...aiApps().map((app) =>
      entry("ai_app", app.key, app.name, {
        ids: app.ids.map((id) => id.slice(id.indexOf(" ") + 1)),
        names: [app.vendor],
        domains: app.domains,
        facts: {
          vendor: app.vendor,
          category: app.category,
          domains: app.domains.join(", "),
          ids: app.ids.join(", "),
        },
      }),
    ),
    ...firstPartyApps().map((app) =>
      entry("first_party", app.id, app.name, {
        facts: {
          platform: "microsoft",
          evidence: app.evidence,
          family: app.isFoci ? "refresh tokens are interchangeable" : "",
          ai: app.aiCategory ?? "",
        },
      }),
    ),
    ...vendors().map((vendor) =>
      entry("vendor", vendor.name, vendor.name, {
        names: vendor.products,
        domains: vendor.domains,
        facts: { domains: vendor.domains.join(", "), products: vendor.products.join(", ") },
      }),
    ),
    ...mcpServers().map((server) =>
      entry("mcp_server", server.name, server.name, {
        ids: [server.repository, ...server.packages.map((name) => name.replace(/^[a-z]+:/, ""))],
        facts: { repository: server.repository, packages: server.packages.join(", ") },
      }),
    ),
    ...knownScopes().map((known) => {
      const { tier, areas, access, tenantWide } = scopeRisk(
        known.platform,
        known.scope,
        known.how ?? undefined,
      );
      return entry("scope", known.scope, known.scope, {
        ids: known.id === null ? [] : [known.id],
        facts: {
          platform: known.platform,
          type: known.how ?? "",
          tier,
          areas: areas.join(", "),
          access,
          tenantWide: tenantWide ? "yes" : "no",
          id: known.id ?? "",
        },
      });
    }),
    ...techniques().map((technique) =>
      entry("technique", technique.id, technique.title, {
        ids: [...technique.attack, ...technique.atlas, ...technique.owasp],
        facts: {
          platforms: technique.platforms.join(", "),
          attack: technique.attack.join(", "),
          atlas: technique.atlas.join(", "),
          owasp: technique.owasp.join(", "),
        },
      }),
    ),
    ...entraRoles().map((role) =>
      entry("role", role.id, role.name, {
        facts: { platform: "microsoft", tier: String(role.tier) },
      }),
    ),
    ...privilegedRoles().map((role) =>
      entry("role", `${role.platform}:${role.name}`, role.name, {
        names: role.aliases,
        facts: { platform: role.platform, privileged: "yes" },
      }),
    ),
  ];
}

function entry(
  source: CatalogSource,
  key: string,
  name: string,
  more: {
    readonly facts: Readonly<Record<string, string>>;
    readonly ids?: readonly string[];
    readonly names?: readonly string[];
    readonly domains?: readonly string[];
  },
): Entry {
  const facts = Object.fromEntries(Object.entries(more.facts).filter(([, fact]) => fact !== ""));
  return {
    source,
    key,
    name,
    facts,
    ids: [key, ...(more.ids ?? [])].map((id) => id.toLowerCase()),
    names: [name, ...(more.names ?? [])].map((each) => each.toLowerCase()),
    domains: more.domains ?? [],
  };
}
