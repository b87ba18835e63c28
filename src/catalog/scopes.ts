/** What a scope or permission opens, and how dangerous that is. */

import { compareText } from "#base/order.ts";
import type { Platform } from "#contract/platform.ts";
import googleFile from "./google-scopes.json" with { type: "json" };
import graphFile from "./graph-permissions.json" with { type: "json" };
import ownFile from "./own-ratings.json" with { type: "json" };
import slackFile from "./slack-scopes.json" with { type: "json" };
import { oneOf } from "./text.ts";

/** critical: enough to take over the tenant or to empty it. low: who the user is, and little more. */
export type ScopeTier = "critical" | "high" | "medium" | "low" | "unknown";

/** admin: changes who may do what, or settings and data of everybody. */
export type ScopeAccess = "read" | "write" | "admin" | "unknown";

/** application: the app acts as itself. delegated: it acts as the user who consented. */
export type GrantType = "application" | "delegated";

/** What one scope opens. */
export interface ScopeRisk {
  readonly tier: ScopeTier;
  /** Kinds of data: mail, files, chat, calendar, contacts, directory, identity, admin, code, secrets, audit … */
  readonly areas: readonly string[];
  readonly access: ScopeAccess;
  /** Reaches more than the person, or the objects, that consented. */
  readonly tenantWide: boolean;
}

/** What all scopes of a grant open together. */
export interface ScopeSummary {
  /** The worst tier. "unknown" only where no scope is known. */
  readonly tier: ScopeTier;
  /** Up to five scopes of the worst tiers, by name. */
  readonly riskiest: readonly string[];
  readonly areas: readonly string[];
  /** Tenant-wide at medium or above, or at least three kinds of data at high or above. */
  readonly broad: boolean;
}

/** A permission of Microsoft Graph, found by its id. */
export interface GraphPermission {
  readonly name: string;
  /** Null where one id stands for both types. */
  readonly how: GrantType | null;
  /** An administrator has to consent. */
  readonly needsAdmin: boolean;
}

/** A scope of the catalogue. */
export interface KnownScope extends ScopeRisk {
  readonly platform: Platform;
  readonly scope: string;
  readonly how: GrantType | null;
  readonly id: string | null;
}

/** The ratings of one type of one Graph permission, as graph-permissions.json has them. */
interface GraphRatings {
  readonly id?: string | undefined;
  readonly ms?: number | undefined;
  readonly tier?: number | undefined;
  readonly audit?: number | undefined;
  readonly sentry?: string | undefined;
  readonly aad?: string | undefined;
  readonly admin?: boolean | undefined;
}

const TIERS = ["unknown", "low", "medium", "high", "critical"] as const;
const PLATFORMS = [
  "slack",
  "google",
  "microsoft",
  "github",
  "okta",
  "anthropic",
  "openai",
  "salesforce",
] as const satisfies readonly Platform[];
const UNKNOWN: ScopeRisk = { tier: "unknown", areas: [], access: "unknown", tenantWide: false };
const GOOGLE_PREFIX = "https://www.googleapis.com/auth/";
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const RISKIEST_MAX = 5;

/** Graph permission families by what they hold. The first match counts, so the narrow ones stand first. */
const GRAPH_AREAS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(mailtips|mail|mailbox|user-mail|exchangemessagetrace|imap|pop|smtp)/, ["mail"]],
  [/^(ews|eas)\b/, ["mail", "calendar", "contacts"]],
  [/^(calendars|bookings|schedule|place)/, ["calendar"]],
  [/^(contacts|people|orgcontact)/, ["contacts"]],
  [
    /^(files?|sites|lists|listitems|filestorage|fileingestion|notes|shortnotes|external(item|connection)|sharepoint|termstore|backuprestore|content\b)/,
    ["files"],
  ],
  [/^(onlinemeeting|call|virtual|events?listener)/, ["meetings"]],
  [/^(chat|channel|team|conversation|engagement|community|storyline|group-conversation)/, ["chat"]],
  [/^(ediscovery|user\.export|subjectrights)/, ["mail", "files", "chat"]],
  [/^(agent|ai|copilot|mlmodel|securitycopilot)/, ["ai"]],
  [/^(bitlockerkey|devicelocalcredential)/, ["secrets", "devices"]],
  [
    /^(rolemanagement|roleassignment|roleeligibility|privileged|policy|organization|orgsettings|domain|directory\.write|trustframework|crosstenant|multitenant|delegatedadmin|tenantgovernance|administrativeunit|entitlement|lifecycle|customauthentication|partner)/,
    ["admin", "directory"],
  ],
  [
    /^(application|approleassignment|appregistration|delegatedpermissiongrant|serviceprincipal|consentrequest|preauthorization|synchronization|publickey|mutualtls|appcert|spiffe)/,
    ["identity", "admin"],
  ],
  [
    /^(user-?auth|userauthenticationmethod|identity|onpremdirectory|user-passwordprofile|signinidentifier|authentication)/,
    ["identity"],
  ],
  [
    /^(auditlog|auditactivity|reports?|serviceactivity|servicehealth|provisioninglog|networkaccess-reports|healthmonitoring)/,
    ["audit"],
  ],
  [/^(security|threat|attacksimulation|riskprevention|customdetection|cloudapp)/, ["security"]],
  [/^(devicemanagement|device|cloudpc|windowsupdates|print)/, ["devices"]],
  [/^(tasks|planner|workforce)/, ["tasks"]],
  [/^(openid|profile|email|offline_access|user\.read$)/, ["identity"]],
  [
    /^(user|group|directory|member|owner|contracts|unifiedgroup|customsec|profilephoto|presence)/,
    ["directory"],
  ],
];

/** What an intruder is after; elsewhere a restricted permission that nobody else rated is medium. */
const SENSITIVE_AREAS: ReadonlySet<string> = new Set(
  "mail files chat admin identity secrets security directory".split(" "),
);

/** Google families, by the area that google-scopes.json or the scope itself names. */
const GOOGLE_AREAS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ["gmail", ["mail"]],
  ["drive", ["files"]],
  ["documents", ["files"]],
  ["spreadsheets", ["files"]],
  ["presentations", ["files"]],
  ["forms", ["files"]],
  ["keep", ["files"]],
  ["devstorage", ["files"]],
  ["chat", ["chat"]],
  ["calendar", ["calendar"]],
  ["contacts", ["contacts"]],
  ["directory", ["directory"]],
  ["admin", ["admin", "directory"]],
  ["apps", ["admin"]],
  ["chrome", ["devices", "admin"]],
  ["classroom", ["education"]],
  ["cloud-identity", ["identity", "admin"]],
  ["cloud-platform", ["admin", "secrets", "files"]],
  ["ediscovery", ["mail", "files", "chat"]],
  ["fitness", ["health"]],
  ["iam", ["identity", "admin"]],
  ["identity", ["identity"]],
  ["meetings", ["meetings"]],
  ["script", ["code"]],
  ["tasks", ["tasks"]],
  ["userinfo", ["identity"]],
]);

/** Slack families, by the part of a scope before the colon. */
const SLACK_AREAS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^admin/, ["admin", "directory"]],
  [/^(auditlogs)/, ["audit"]],
  [/^(files|remote_files|canvases|lists)/, ["files"]],
  [/^(search)/, ["chat", "files"]],
  [/^(users|usergroups|team|email)/, ["directory"]],
  [/^(identity|identify|openid|profile|authorizations)/, ["identity"]],
  [/^(tokens)/, ["secrets"]],
  [/^(app_configurations|hosting)/, ["admin"]],
  [/^(workflow|triggers|datastore|commands)/, ["automation"]],
  [
    /^(channels|groups|im|mpim|chat|conversations|links|metadata|pins|reactions|reminders|stars|dnd|calls|app_mentions|incoming-webhook|bookmarks|emoji)/,
    ["chat"],
  ],
];

const graphByKey = new Map<string, KnownScope>();
const graphById = new Map<string, GraphPermission>();
const ownByKey = new Map<string, KnownScope>();
const googleByScope = new Map<string, KnownScope>();
const slackByScope = new Map<string, KnownScope>();

for (const row of graphFile.permissions) {
  addGraph(row.name, "application", row.application);
  addGraph(row.name, "delegated", row.delegated);
}
for (const row of ownFile.ratings) {
  const platform = oneOf(PLATFORMS, row.platform);
  ownByKey.set(`${platform} ${row.scope.toLowerCase()}`, {
    platform,
    scope: row.scope,
    how: null,
    id: null,
    tier: oneOf(TIERS, row.tier),
    areas: row.areas ?? [],
    access: oneOf(["read", "write", "admin", "unknown"], row.access),
    tenantWide: row.wide === true,
  });
}
for (const [key, held] of graphByKey) {
  // Sources rate one and forget the other; who may write may read, so writing is never the milder of the two.
  const read = readingOf(key);
  if (read !== undefined && rank(read.tier) > rank(held.tier)) {
    graphByKey.set(key, { ...held, tier: read.tier });
  }
}
for (const row of googleFile.scopes) googleByScope.set(row.scope.toLowerCase(), rateGoogle(row));
for (const [key, held] of googleByScope) {
  const read = googleByScope.get(`${key}.readonly`);
  if (read !== undefined && rank(read.tier) > rank(held.tier)) {
    googleByScope.set(key, { ...held, tier: read.tier });
  }
}
for (const row of slackFile.scopes) slackByScope.set(row.scope, rateSlack(row));

/**
 * What a scope opens and how dangerous that is. Full URLs and short forms are one scope, case does not count, and a
 * Graph permission may be given by its id. `how` decides between the two types of a Graph permission (without it, the
 * delegated one, which is what users consent to); for Google, "application" means domain-wide delegation.
 *
 * The published ratings disagree, so they are combined like this. Our own ratings (own-ratings.json) come first; each
 * says what it opens. Graph: a path to Global Administrator (azure-tiering tier 0) is critical; else the lower of the
 * two ratings that weigh the data at stake (oauth-shadow-ai-audit, OAuthSentry), because then both support it; else
 * AzureADAssessment, which matches prefixes only; else Microsoft's privilege level together with azure-tiering, which
 * never says critical. A delegated permission that only reads, or that users may consent to
 * themselves, stays at high. Google: oauth-shadow-ai-audit, at least
 * medium where Google restricts the scope, low where Google calls it non-sensitive; else Google's class; else whether
 * it writes and whether it belongs to an administration API. Slack: the public table, one step up for scopes of the
 * whole organization, and high for message history. Scopes that nobody rated are judged by their form ("*.ReadWrite.All",
 * "admin.*", ":write"), never critical except for administration of the whole tenant, and else "unknown".
 */
export function scopeRisk(platform: Platform, scope: string, how?: GrantType): ScopeRisk {
  const known = find(platform, scope, how);
  if (known === null) return guess(platform, scope, how);
  const { tier, areas, access, tenantWide } = known;
  const isDelegatedWide = platform === "google" && how === "application" && access !== "unknown";
  return { tier, areas, access, tenantWide: tenantWide || isDelegatedWide };
}

/** What the scopes of one grant open together. Scopes that nobody knows add to nothing. */
export function summarizeScopes(
  platform: Platform,
  scopes: readonly string[],
  how?: GrantType,
): ScopeSummary {
  const rated = scopes.map((scope) => ({
    name: scopeName(platform, scope),
    risk: scopeRisk(platform, scope, how),
  }));
  rated.sort((a, b) => rank(b.risk.tier) - rank(a.risk.tier) || compareText(a.name, b.name));
  const tier = rated[0]?.risk.tier ?? "unknown";
  const high = rated.filter(({ risk }) => rank(risk.tier) >= rank("high"));
  const isWide = rated.some(({ risk }) => risk.tenantWide && rank(risk.tier) >= rank("medium"));
  return {
    tier,
    riskiest: [
      ...new Set(
        rated.filter(({ risk }) => rank(risk.tier) >= rank("medium")).map(({ name }) => name),
      ),
    ].slice(0, RISKIEST_MAX),
    areas: [...new Set(rated.flatMap(({ risk }) => risk.areas))].sort(),
    broad: isWide || new Set(high.flatMap(({ risk }) => risk.areas)).size >= 3,
  };
}

/** The Graph permission with this id (app role or delegated scope), or null. Source: merill/microsoft-info. */
export function graphPermission(id: string): GraphPermission | null {
  return graphById.get(id.toLowerCase()) ?? null;
}

/** The name of a scope for people: Graph ids become names, and long URLs their last part. */
export function scopeName(platform: Platform, scope: string): string {
  if (platform === "microsoft") {
    const text = scope.trim();
    return graphPermission(text)?.name ?? text.slice(text.lastIndexOf("/") + 1);
  }
  if (platform === "google" && scope.startsWith(GOOGLE_PREFIX))
    return scope.slice(GOOGLE_PREFIX.length);
  return scope;
}

/** Worst first: 4 critical … 0 unknown; for comparing tiers. */
export function rank(tier: ScopeTier): number {
  return TIERS.indexOf(tier);
}

/** Every scope of the catalogue. */
export function knownScopes(): KnownScope[] {
  return [
    ...graphByKey.values(),
    ...googleByScope.values(),
    ...slackByScope.values(),
    ...ownByKey.values(),
  ];
}

function find(platform: Platform, scope: string, how?: GrantType): KnownScope | null {
  const text = scope.trim().toLowerCase();
  if (platform === "microsoft") return findGraph(text, how);
  if (platform === "google") {
    const short = text.startsWith(GOOGLE_PREFIX) ? text.slice(GOOGLE_PREFIX.length) : text;
    const bare = short.replace(/^https?:\/\//, "").replace(/\/$/, "");
    if (bare === "mail.google.com") return googleByScope.get("https://mail.google.com/") ?? null;
    const last = bare.startsWith("www.google.com/accounts/")
      ? bare.slice(bare.lastIndexOf("/") + 1)
      : short;
    return ownByKey.get(`google ${last}`) ?? googleByScope.get(short) ?? null;
  }
  // GitHub Apps write "contents: read", and its older logs "contents=read".
  const key = platform === "github" ? text.replace(/\s*[:=]\s*/, ":") : text;
  return (
    ownByKey.get(`${platform} ${key}`) ??
    (platform === "slack" ? (slackByScope.get(key) ?? null) : null)
  );
}

function findGraph(text: string, how?: GrantType): KnownScope | null {
  const byId = GUID.test(text) ? graphById.get(text) : undefined;
  const name = byId?.name.toLowerCase() ?? text.slice(text.lastIndexOf("/") + 1);
  const own = ownByKey.get(`microsoft ${name}`);
  if (own !== undefined) return own;
  const type = byId?.how ?? how ?? "delegated";
  const other = type === "delegated" ? "application" : "delegated";
  return graphByKey.get(`${type} ${name}`) ?? graphByKey.get(`${other} ${name}`) ?? null;
}

/** The rating of the same Graph permission for reading alone. */
function readingOf(key: string): KnownScope | undefined {
  const reading = key.replace(/\.readwrite(?=\.|$)/, ".read");
  const name = reading.slice(reading.indexOf(" ") + 1);
  return ownByKey.get(`microsoft ${name}`) ?? graphByKey.get(reading);
}

function addGraph(name: string, how: GrantType, ratings: GraphRatings | undefined): void {
  if (ratings === undefined) return;
  const id = ratings.id ?? null;
  graphByKey.set(`${how} ${name.toLowerCase()}`, {
    platform: "microsoft",
    scope: name,
    how,
    id,
    ...rateGraph(name, how, ratings),
  });
  if (id === null) return;
  const isShared = graphById.has(id);
  graphById.set(id, { name, how: isShared ? null : how, needsAdmin: ratings.admin === true });
}

function rateGraph(name: string, how: GrantType, ratings: GraphRatings): ScopeRisk {
  const areas = graphAreas(name);
  const access = graphAccess(name, areas);
  const isSensitive = SENSITIVE_AREAS.has(areas[0] ?? "") && !/^Teams(Tab|Activity|App)/.test(name);
  let tier = combineGraph(how, access, isSensitive, ratings);
  const isBounded = how === "delegated" && (access === "read" || ratings.admin !== true);
  if (isBounded && tier === "critical") tier = "high";
  return {
    tier,
    areas,
    access: ratings.tier === 0 ? "admin" : access,
    tenantWide: isGraphWide(name, how, areas),
  };
}

function combineGraph(
  how: GrantType,
  access: ScopeAccess,
  isSensitive: boolean,
  ratings: GraphRatings,
): ScopeTier {
  if (ratings.tier === 0) return "critical";
  const audit = ratings.audit === undefined ? undefined : TIERS[5 - ratings.audit];
  const sentry = ratings.sentry === undefined ? undefined : oneOf(TIERS, ratings.sentry);
  if (audit !== undefined && sentry !== undefined)
    return rank(audit) < rank(sentry) ? audit : sentry;
  const data = audit ?? sentry;
  if (data !== undefined) return data;
  if (ratings.aad !== undefined) return oneOf(TIERS, ratings.aad.toLowerCase());
  const writes = access !== "read";
  if (ratings.tier === 1) return isSensitive && (writes || ratings.ms === 4) ? "high" : "medium";
  if (ratings.tier === 2) return writes ? "medium" : "low";
  if (ratings.ms === 4) return writes ? "high" : "medium";
  if (ratings.ms !== undefined && ratings.ms <= 2) return writes ? "medium" : "low";
  if (how === "application" || ratings.admin === true) return "medium";
  return writes ? "medium" : "low";
}

function graphAreas(name: string): readonly string[] {
  const text = name.toLowerCase();
  return GRAPH_AREAS.find(([family]) => family.test(text))?.[1] ?? ["other"];
}

function graphAccess(name: string, areas: readonly string[]): ScopeAccess {
  if (/FullControl|\.Manage|ManageAsApp/.test(name)) return "admin";
  if (
    /ReadWrite|Write|Send|Create|Delete|Update|Initiate|Join|Add|Remove|Restore|Submit|Upload|Enroll|PrivilegedOperations|AccessAsUser|Impersonat|Invite|Execute|Run/.test(
      name,
    )
  ) {
    return areas.includes("admin") && /\.All$|\.Directory$/.test(name) ? "admin" : "write";
  }
  if (/Read|Export|View|^openid$|^profile$|^email$|^offline_access$/.test(name)) return "read";
  return "unknown";
}

/** An app-only permission reaches everybody unless it is bound to chosen objects; a delegated one sees the directory. */
function isGraphWide(name: string, how: GrantType, areas: readonly string[]): boolean {
  if (how === "application")
    return !/\.(Selected|OwnedBy|Group|Chat|User|AppFolder|Self)$|Selected$/.test(name);
  if (!/\.All$|\.Directory$/.test(name)) return false;
  if (name.endsWith(".Export.All")) return true;
  return areas.some((area) =>
    ["admin", "audit", "devices", "directory", "identity", "secrets", "security"].includes(area),
  );
}

function rateGoogle(row: (typeof googleFile.scopes)[number]): KnownScope {
  const isAdmin = row.admin === true;
  const access = row.readOnly === true ? "read" : isAdmin ? "admin" : "write";
  let tier: ScopeTier = row.audit === undefined ? "unknown" : (TIERS[5 - row.audit] ?? "unknown");
  if (tier === "unknown") {
    if (row.class === "restricted") tier = "high";
    else if (isAdmin) tier = access === "read" ? "medium" : "high";
    else tier = access === "read" ? "low" : "medium";
  }
  if (row.class === "restricted" && rank(tier) < rank("medium")) tier = "medium";
  if (row.class === "non-sensitive") tier = "low";
  return {
    platform: "google",
    scope: row.scope,
    how: null,
    id: null,
    tier,
    areas: GOOGLE_AREAS.get(row.area) ?? [row.area],
    access,
    tenantWide: isAdmin,
  };
}

function rateSlack(row: (typeof slackFile.scopes)[number]): KnownScope {
  const isOrgWide = row.scope === "admin" || /^(admin\.|auditlogs)/.test(row.scope);
  const access: ScopeAccess =
    row.access === "history-read" ? "read" : oneOf(["read", "write", "admin"], row.access);
  let tier: ScopeTier =
    row.risk === undefined ? (access === "read" ? "low" : "medium") : oneOf(TIERS, row.risk);
  if (isOrgWide) tier = TIERS[Math.min(rank(tier) + 1, rank("critical"))] ?? tier;
  if (row.access === "history-read") tier = "high";
  return {
    platform: "slack",
    scope: row.scope,
    how: null,
    id: null,
    tier,
    areas: slackAreas(row.scope),
    access,
    tenantWide: isOrgWide,
  };
}

function slackAreas(scope: string): readonly string[] {
  return SLACK_AREAS.find(([family]) => family.test(scope))?.[1] ?? ["other"];
}

/** Judges a scope by its form alone. */
function guess(platform: Platform, scope: string, how?: GrantType): ScopeRisk {
  const text = scope.trim().toLowerCase();
  if (platform === "microsoft") return guessGraph(text.slice(text.lastIndexOf("/") + 1), how);
  if (platform === "google") return guessGoogle(text);
  if (platform === "slack") return guessSlack(text);
  if (platform === "okta") return guessOkta(text);
  if (platform === "github") return guessGithub(text.replace(/\s*[:=]\s*/, ":"));
  if (/(^|[.:_-])(read|read_only|readonly|view)($|[.:_-])/.test(text)) {
    return { tier: "medium", areas: ["other"], access: "read", tenantWide: false };
  }
  if (/(^|[.:_-])admin($|[.:_-])/.test(text)) {
    return { tier: "high", areas: ["admin"], access: "admin", tenantWide: true };
  }
  if (/(^|[.:_-])(write|manage|create|delete)($|[.:_-])/.test(text)) {
    return { tier: "medium", areas: ["other"], access: "write", tenantWide: false };
  }
  return UNKNOWN;
}

function guessGraph(name: string, how?: GrantType): ScopeRisk {
  const match =
    /^[a-z][\w-]*\.(read|readbasic|readwrite|write|send|manage|fullcontrol|create|delete)(\.|$)/.exec(
      name,
    );
  if (match === null) return UNKNOWN;
  const verb = match[1] ?? "";
  const isAll = name.endsWith(".all");
  const areas = graphAreas(name);
  const access =
    verb.startsWith("read") && verb !== "readwrite"
      ? "read"
      : verb === "fullcontrol" || verb === "manage"
        ? "admin"
        : "write";
  const isStrong = access !== "read" && (isAll || how === "application");
  const tier = isStrong ? "high" : access === "read" && !isAll ? "low" : "medium";
  return {
    tier,
    areas,
    access,
    tenantWide: how === "application" || (isAll && areas.includes("directory")),
  };
}

function guessGoogle(text: string): ScopeRisk {
  const isGoogle =
    /^https?:\/\/(www\.googleapis\.com\/auth\/|www\.google\.com\/|[a-z.]*google\.com\/)/.test(text);
  const short = text.replace(/^https?:\/\/[^/]+\/(auth\/)?/, "");
  if (!isGoogle && !/^[a-z][\w-]*(\.[\w-]+)*$/.test(short)) return UNKNOWN;
  const family = short.split(/[./]/)[0] ?? "";
  const feed = new Map([
    ["m8", "contacts"],
    ["calendar", "calendar"],
  ]).get(family);
  const known = GOOGLE_AREAS.get(feed ?? family);
  if (!isGoogle && known === undefined) return UNKNOWN;
  const areas = known ?? ["other"];
  const isRead = /read_?-?only|\.read$/.test(short);
  const isAdmin = areas.includes("admin");
  const isContent = areas.some((area) => ["mail", "files", "chat"].includes(area));
  const tier = isAdmin ? (isRead ? "medium" : "high") : isContent && !isRead ? "high" : "medium";
  return {
    tier,
    areas,
    access: isRead ? "read" : isAdmin ? "admin" : "write",
    tenantWide: isAdmin,
  };
}

function guessSlack(text: string): ScopeRisk {
  const areas = slackAreas(text);
  if (/^admin(\.|:)/.test(text)) {
    const isRead = text.endsWith(":read");
    return {
      tier: isRead ? "high" : "critical",
      areas,
      access: isRead ? "read" : "admin",
      tenantWide: true,
    };
  }
  if (/:history$/.test(text)) return { tier: "high", areas, access: "read", tenantWide: false };
  if (/:(write|manage|join|share|execute)\b/.test(text))
    return { tier: "medium", areas, access: "write", tenantWide: false };
  if (/:read\b/.test(text)) return { tier: "low", areas, access: "read", tenantWide: false };
  return UNKNOWN;
}

function guessOkta(text: string): ScopeRisk {
  const match = /^okta\.[\w.]*?(read|manage|register)(\.self)?$/.exec(text);
  if (match === null) return UNKNOWN;
  const isSelf = match[2] !== undefined;
  const isRead = match[1] === "read";
  return {
    tier: isSelf ? "low" : isRead ? "medium" : "high",
    areas: isSelf ? ["identity"] : ["admin"],
    access: isRead ? "read" : isSelf ? "write" : "admin",
    tenantWide: !isSelf,
  };
}

function guessGithub(text: string): ScopeRisk {
  const app = /^([a-z_]+):(read|write|admin)$/.exec(text);
  const oauth = /^(read|write|admin|manage|delete):([a-z_]+)$/.exec(text);
  const verb = app?.[2] ?? oauth?.[1];
  const object = app?.[1] ?? oauth?.[2] ?? "";
  if (verb === undefined) return UNKNOWN;
  const isOrg = /^(organization|org|enterprise)/.test(object);
  const areas = /secret|token|key/.test(object) ? ["secrets"] : isOrg ? ["admin"] : ["code"];
  if (verb === "read")
    return {
      tier: areas[0] === "secrets" ? "medium" : "low",
      areas,
      access: "read",
      tenantWide: isOrg,
    };
  const isStrong = isOrg || areas[0] === "secrets" || verb === "admin";
  return {
    tier: isStrong ? "high" : "medium",
    areas,
    access: isOrg || verb === "admin" ? "admin" : "write",
    tenantWide: isOrg,
  };
}
