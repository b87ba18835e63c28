/** Google state exports to facts: OAuth tokens, app passwords, people, scripts, service accounts, admin roles. */

import { bool, isObject, list, object, type Raw, text } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import { automationFact, automationRef, otherFact, type StateFact } from "#contract/automation.ts";
import { lower, scopesOf } from "./params.ts";
import { grantedRef, scriptRef, serviceAccountRef } from "./refs.ts";

const TOKENS = "google:directory:tokens";
const USERS = "google:directory:users";
const GROUPS = "google:directory:groups";
const MEMBERS = "google:directory:members";
const ASPS = "google:directory:asps";
const ROLE_ASSIGNMENTS = "google:directory:roleAssignments";
const DIRECTORY = "google:directory";
const PROJECTS = "google:script:projects";
const DEPLOYMENTS = "google:script:deployments";
const FILES = "google:drive:files";
const SERVICE_ACCOUNTS = "google:iam:serviceAccounts";
const SERVICE_ACCOUNT_KEYS = "google:iam:serviceAccountKeys";
const POLICIES = "google:cloudidentity:policies";
const EMPTY = "google:empty";

const SCRIPT_TYPE = "application/vnd.google-apps.script";

/** Kinds of the Directory API's rows that have a reader of their own. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ["admin#directory#token", TOKENS],
  ["admin#directory#user", USERS],
  ["admin#directory#group", GROUPS],
  ["admin#directory#member", MEMBERS],
  ["admin#directory#asp", ASPS],
  ["admin#directory#roleAssignment", ROLE_ASSIGNMENTS],
  ["drive#file", FILES],
]);

/** Which list call a row comes from: by its kind where Google writes one, else by its own keys. */
export function stateService(raw: Raw, key: string | null): string | null {
  if (typeof raw.kind === "string") {
    const known = KINDS.get(raw.kind);
    if (known !== undefined) return known;
    if (raw.kind.startsWith("admin#")) return ofKind(raw, raw.kind);
  }
  return ofShape(raw) ?? ofName(raw) ?? byUser(raw, key);
}

/** A list answer is a page whose rows are read one by one; only an empty one is a record itself. */
function ofKind(raw: Raw, kind: string): string | null {
  for (const name of Object.keys(raw)) if (Array.isArray(raw[name])) return null;
  const isList = /(s|List)$/.test(kind) && !("id" in raw) && !("name" in raw);
  return isList ? EMPTY : DIRECTORY;
}

function ofShape(raw: Raw): string | null {
  if (typeof raw.clientId === "string" && "displayText" in raw && Array.isArray(raw.scopes)) {
    return TOKENS;
  }
  if (typeof raw.primaryEmail === "string" && isObject(raw.name)) return USERS;
  if ("codeId" in raw && "userKey" in raw) return ASPS;
  if ("roleAssignmentId" in raw && "assignedTo" in raw) return ROLE_ASSIGNMENTS;
  if (typeof raw.scriptId === "string" && ("title" in raw || Array.isArray(raw.files))) {
    return PROJECTS;
  }
  if (typeof raw.deploymentId === "string" && isObject(raw.deploymentConfig)) return DEPLOYMENTS;
  if (raw.mimeType === SCRIPT_TYPE) return FILES;
  return null;
}

/** Newer APIs name their rows by a path. */
function ofName(raw: Raw): string | null {
  const name = raw.name;
  if (typeof name !== "string") return null;
  if (name.startsWith("groups/")) {
    if (isObject(raw.preferredMemberKey) || name.includes("/memberships/")) return MEMBERS;
    return isObject(raw.groupKey) ? GROUPS : null;
  }
  if (name.includes("/serviceAccounts/")) {
    if (name.includes("/keys/") && "validAfterTime" in raw) return SERVICE_ACCOUNT_KEYS;
    return typeof raw.email === "string" && "uniqueId" in raw ? SERVICE_ACCOUNTS : null;
  }
  return name.startsWith("policies/") && isObject(raw.setting) ? POLICIES : null;
}

/** Collectors keep the per-user and per-group calls as an object of lists, by user or by group. */
function byUser(raw: Raw, key: string | null): string | null {
  if (key !== null) return null;
  for (const name of Object.keys(raw)) {
    const rows = raw[name];
    if (!Array.isArray(rows)) return null;
    const first: unknown = rows[0];
    if (first === undefined) continue;
    if (!isObject(first)) return null;
    const service = first.kind === "admin#directory#token" ? TOKENS : ofShape(first);
    if (service === TOKENS || service === ASPS) return isPageKey(name) ? null : service;
    return ofName(first) === MEMBERS && name.startsWith("groups/") ? MEMBERS : null;
  }
  return null;
}

/** The names of lists in an API's own answer, which the reader opens row by row. */
function isPageKey(name: string): boolean {
  return name === "items" || name === "tokens" || name === "value";
}

export function inventory(raw: Raw, service: string): StateFact[] {
  switch (service) {
    case TOKENS:
      return rowsOrOther(raw, service, token);
    case ASPS:
      return rowsOrOther(raw, service, asp);
    case USERS:
      return one(user(raw), service);
    case ROLE_ASSIGNMENTS:
      return one(roleAssignment(raw), service);
    case PROJECTS:
      return one(project(raw), service);
    case DEPLOYMENTS:
      return one(deployment(raw), service);
    case FILES:
      return one(file(raw), service);
    case SERVICE_ACCOUNTS:
      return one(serviceAccount(raw), service);
    case SERVICE_ACCOUNT_KEYS:
      return one(serviceAccountKey(raw), service);
    default:
      return otherFact("google", service);
  }
}

function one(fact: StateFact | null, service: string): StateFact[] {
  return fact === null ? otherFact("google", service) : [fact];
}

/** A row alone, or all rows of an object of lists by user, where the key is the user. */
function rowsOrOther(
  raw: Raw,
  service: string,
  read: (row: Raw, userKey: string | null) => StateFact | null,
): StateFact[] {
  const own = read(raw, null);
  if (own !== null) return [own];
  const facts: StateFact[] = [];
  for (const userKey of Object.keys(raw)) {
    const rows = raw[userKey];
    if (!Array.isArray(rows)) continue;
    for (const row of rows) {
      const fact = isObject(row) ? read(row, userKey) : null;
      if (fact !== null) facts.push(fact);
    }
  }
  return facts.length > 0 ? facts : otherFact("google", service);
}

/** What one person let one client do. There is no time in it: the token log has that. */
function token(raw: Raw, userKey: string | null): StateFact | null {
  const scopes = scopesOf(raw.scopes);
  const client = typeof raw.clientId === "string" ? raw.clientId : null;
  const ref = client === null ? null : grantedRef(client, raw.displayText, scopes);
  if (ref === null) return null;
  // An anonymous token is of a client that is not registered with Google.
  if (bool(raw.anonymous) === true) ref.isVerified = false;
  const principal = lower(raw.userKey) ?? lower(userKey);
  return automationFact("google", TOKENS, ref, {
    grants: [{ principal, scopes, consent: "user", grantedBy: principal, at: null }],
  });
}

/** An app password opens mail, calendar and contacts of one person without a second factor. */
function asp(raw: Raw, userKey: string | null): StateFact | null {
  const code = text(raw.codeId, 64);
  if (code === null || isObject(raw.codeId)) return null;
  const principal = lower(raw.userKey) ?? lower(userKey);
  const ref = automationRef("api_key", `asp:${principal ?? "?"}:${code}`, {
    name: text(raw.name, 256),
    isInternal: true,
  });
  return automationFact("google", ASPS, ref, {
    owners:
      principal === null
        ? []
        : [{ principal, evidence: "made the app password for the own account", confidence: 1 }],
    credentials: [
      {
        id: ref.nativeId,
        kind: "app password",
        createdAt: parseTime(raw.creationTime),
        expiresAt: null,
        lastUsedAt: parseTime(raw.lastTimeUsed),
      },
    ],
    createdAt: parseTime(raw.creationTime),
    lastUsedAt: parseTime(raw.lastTimeUsed),
    isEnabled: true,
  });
}

function user(raw: Raw): StateFact | null {
  const email = lower(raw.primaryEmail);
  const id = text(raw.id, 128);
  const own = email ?? id;
  if (own === null) return null;
  const isOff = [raw.suspended, raw.archived].map(bool);
  const others = [id, ...list(raw.aliases).map(lower)].filter((name) => name !== null);
  return {
    type: "person",
    platform: "google",
    service: USERS,
    id: own,
    aliases: [...new Set(others)].filter((name) => name !== own).slice(0, 16),
    name: text(object(raw.name).fullName, 256),
    isAdmin:
      bool(raw.isAdmin) === null && bool(raw.isDelegatedAdmin) === null
        ? null
        : bool(raw.isAdmin) === true || bool(raw.isDelegatedAdmin) === true,
    isGuest: bool(raw.isGuestUser),
    isActive:
      raw.deletionTime !== undefined ? false : isOff[0] === null ? null : !isOff.includes(true),
  };
}

/** Who holds an admin role. The row does not tell a service account from a person; a group is neither. */
function roleAssignment(raw: Raw): StateFact | null {
  const id = text(raw.assignedTo, 128);
  if (id === null || text(raw.assigneeType)?.toLowerCase() === "group") return null;
  return {
    type: "person",
    platform: "google",
    service: ROLE_ASSIGNMENTS,
    id,
    aliases: [],
    name: null,
    isAdmin: true,
    isGuest: null,
    isActive: null,
  };
}

function project(raw: Raw): StateFact | null {
  const ref = scriptRef(raw.scriptId, raw.title);
  if (ref === null) return null;
  const creator = lower(object(raw.creator).email);
  return automationFact("google", PROJECTS, ref, {
    owners:
      creator === null
        ? []
        : [{ principal: creator, evidence: "created the script project", confidence: 0.9 }],
    createdAt: parseTime(raw.createTime),
  });
}

function deployment(raw: Raw): StateFact | null {
  const config = object(raw.deploymentConfig);
  const ref = scriptRef(config.scriptId);
  if (ref === null) return null;
  ref.aliases = [text(raw.deploymentId, 512)].filter((id) => id !== null);
  return automationFact("google", DEPLOYMENTS, ref, { isEnabled: true });
}

/** Of Drive's files only scripts are automations. */
function file(raw: Raw): StateFact | null {
  if (raw.mimeType !== SCRIPT_TYPE) return null;
  const ref = scriptRef(raw.id, raw.name);
  if (ref === null) return null;
  const owners = list(raw.owners)
    .map((owner) => lower(object(owner).emailAddress))
    .filter((email) => email !== null);
  return automationFact("google", FILES, ref, {
    owners: owners.slice(0, 64).map((principal) => ({
      principal,
      evidence: "owns the script in Drive",
      confidence: 0.9,
    })),
    createdAt: parseTime(raw.createdTime),
    isEnabled: bool(raw.trashed) === true ? false : null,
  });
}

/** IAM's list ties a service account's address to the number by which delegation names it. */
function serviceAccount(raw: Raw): StateFact | null {
  const ref = serviceAccountRef(raw.email, raw.displayName, [raw.uniqueId, raw.oauth2ClientId]);
  if (ref === null) return null;
  ref.isInternal = true;
  return automationFact("google", SERVICE_ACCOUNTS, ref, {
    isEnabled: bool(raw.disabled) !== true,
  });
}

function serviceAccountKey(raw: Raw): StateFact | null {
  const name = text(raw.name, 512);
  if (name === null) return null;
  const account = lower(name.split("/serviceAccounts/")[1]?.split("/")[0]);
  const ref = automationRef("api_key", name, { name: "service account key", isInternal: true });
  return automationFact("google", SERVICE_ACCOUNT_KEYS, ref, {
    owners:
      account === null
        ? []
        : [{ principal: account, evidence: "service account that the key is for", confidence: 1 }],
    // Keys that Google itself manages are changed by itself every two weeks.
    credentials:
      raw.keyType === "SYSTEM_MANAGED"
        ? []
        : [
            {
              id: name,
              kind: "service account key",
              createdAt: parseTime(raw.validAfterTime),
              expiresAt: endOf(raw.validBeforeTime),
              lastUsedAt: null,
            },
          ],
    createdAt: parseTime(raw.validAfterTime),
    isEnabled: bool(raw.disabled) === true ? false : null,
  });
}

/** Keys without an end carry the last second of the year 9999. */
function endOf(value: unknown): number | null {
  const at = parseTime(value);
  return at === null || at >= Date.UTC(9999, 0) ? null : at;
}
