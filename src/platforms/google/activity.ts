/** One Workspace activity, out of the Reports API, Cloud Logging or the BigQuery export, in one shape. */

import { hash32 } from "#base/hash.ts";
import { bool, isObject, list, nested, number, object, type Raw, text } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import { type Client, type Outcome, UNKNOWN_CLIENT } from "#contract/event.ts";
import { lower, type Params, paramsOf } from "./params.ts";

export interface Activity {
  /** applicationName of the Reports API. */
  app: string;
  at: number | null;
  /** Time and qualifier of the activity, the same in every container; "" where Google gives no qualifier. */
  key: string;
  /** The actor block in the Reports API's words. */
  actor: Raw;
  /** Domain of the tenant that owns the thing acted on. */
  ownerDomain: string | null;
  isAgentic: boolean;
  client: Client;
  entries: readonly Entry[];
}

export interface Entry {
  /** The vendor's name of the event as it is. */
  name: string;
  type: string | null;
  params: Params;
  /** Null where the record states none. */
  outcome: Outcome | null;
  resources: readonly unknown[];
}

/** The application of a Reports API activity; null when the record is none. */
export function reportsApp(raw: Raw): string | null {
  const isStated = raw.kind === "admin#reports#activity";
  if (!isObject(raw.id)) return isStated ? "activity" : null;
  const app = appName(raw.id.applicationName);
  if (isStated) return app ?? "activity";
  const hasEvent = "events" in raw || "event" in raw || isObject(raw.parameters);
  return app !== null && (hasEvent || isObject(raw.actor)) ? app : null;
}

/** The application of a row of the BigQuery export; null when the record is none. */
export function bigQueryApp(raw: Raw): string | null {
  if (typeof raw.record_type !== "string" || typeof raw.event_name !== "string") return null;
  if (!("time_usec" in raw)) return null;
  const app = appName(raw.record_type);
  return app === "gemini_for_workspace" ? "gemini_in_workspace_apps" : app;
}

function appName(value: unknown): string | null {
  return text(value, 48)?.toLowerCase() ?? null;
}

const LOGGED: Readonly<Record<string, string>> = {
  "admin.googleapis.com": "admin",
  "login.googleapis.com": "login",
  "oauth2.googleapis.com": "token",
  "cloudidentity.googleapis.com": "groups_enterprise",
};

/** The audit log inside a Cloud Logging entry, also as its BigQuery sink names it. */
export function auditLog(raw: Raw): Raw | null {
  const payload = raw.protoPayload ?? raw.protopayload_auditlog;
  if (!isObject(payload)) return null;
  return typeof payload.serviceName === "string" && typeof payload.methodName === "string"
    ? payload
    : null;
}

/** The Workspace application that wrote a Cloud Logging entry; null for those of Google Cloud itself. */
export function loggedApp(payload: Raw): string | null {
  const service = text(payload.serviceName, 128) ?? "";
  const method = text(payload.methodName, 256) ?? "";
  if (method.startsWith("google.apps.login.") || method.includes(".Saml")) return "saml";
  const known = LOGGED[service];
  if (known !== undefined) return known;
  const type = text(metadataOf(payload)["@type"], 256) ?? "";
  if (!type.includes("ccc_hosted_reporting")) return null;
  return appName(service.replace(".googleapis.com", ""));
}

function metadataOf(payload: Raw): Raw {
  if (isObject(payload.metadata)) return payload.metadata;
  return object(nested(payload.metadataJson));
}

export function activityOf(raw: Raw, app: string): Activity {
  const payload = auditLog(raw);
  if (payload !== null) return logged(raw, payload, app);
  if (raw.kind === undefined && bigQueryApp(raw) !== null) return exported(raw, app);
  return reported(raw, app);
}

function reported(raw: Raw, app: string): Activity {
  const id = object(raw.id);
  const at = parseTime(id.time);
  return {
    app,
    at,
    key: keyOf(at, id.uniqueQualifier),
    actor: object(raw.actor),
    ownerDomain: lower(raw.ownerDomain),
    isAgentic: bool(raw.isAgenticAction) === true,
    client: clientOf(raw),
    entries: reportedEntries(raw),
  };
}

/** `events` is a list; collectors that split it leave one object there, or under `event`, or flat in the record. */
function reportedEntries(raw: Raw): Entry[] {
  const entries: Entry[] = [];
  for (const event of list(raw.events ?? raw.event)) {
    if (isObject(event)) entries.push(entryOf(event, raw.resourceDetails));
  }
  if (entries.length === 0) entries.push(entryOf(raw, raw.resourceDetails));
  return entries;
}

function entryOf(event: Raw, resources: unknown): Entry {
  return {
    name: text(event.name, 256) ?? text(event.eventName ?? event.eventname, 256) ?? "unknown",
    type: text(event.type ?? event.eventType, 64),
    params: paramsOf(event.parameters ?? event.parameter),
    outcome: statusOf(event.status),
    resources: list(resources ?? event.resourceIds),
  };
}

function clientOf(raw: Raw): Client {
  const ip = text(raw.ipAddress, 64);
  const network = raw.networkInfo;
  if (!isObject(network)) return ip === null ? UNKNOWN_CLIENT : { ...UNKNOWN_CLIENT, ip };
  return {
    ip,
    asn: text(list(network.ipAsn)[0], 16),
    country: text(network.regionCode, 64),
    userAgent: null,
  };
}

/** Cloud Logging: the activity is the audit log's metadata, the person and address are the audit log's own. */
function logged(raw: Raw, payload: Raw, app: string): Activity {
  const metadata = metadataOf(payload);
  const id = object(metadata.activityId);
  const at = parseTime(id.timeUsec) ?? parseTime(raw.timestamp);
  const identity = object(payload.authenticationInfo);
  const request = object(payload.requestMetadata);
  const qualifier = text(id.uniqQualifier ?? id.uniqueQualifier, 64);
  return {
    app,
    at,
    key: qualifier === null ? (text(raw.insertId, 128) ?? "") : keyOf(at, qualifier),
    actor: {
      email: identity.principalEmail,
      applicationInfo: { oauthClientId: object(identity.oauthInfo).oauthClientId },
    },
    ownerDomain: null,
    isAgentic: false,
    client: {
      ip: text(request.callerIp ?? request.callerIP, 64),
      asn: null,
      country: null,
      userAgent: text(request.callerSuppliedUserAgent, 512),
    },
    entries: loggedEntries(payload, metadata),
  };
}

/** What Cloud Logging calls the events of the token log. */
const TOKEN_METHODS: Readonly<Record<string, string>> = {
  GetToken: "authorize",
  Authorize: "authorize",
  RevokeToken: "revoke",
  GetTokenInfo: "activity",
  Deny: "deny",
  Request: "request",
};

function loggedEntries(payload: Raw, metadata: Raw): Entry[] {
  const overall = outcomeOfCode(object(payload.status).code);
  const entries: Entry[] = [];
  for (const event of list(metadata.event)) {
    if (!isObject(event)) continue;
    const entry = entryOf({ ...event, name: event.eventName ?? event.eventname }, null);
    entries.push({ ...entry, outcome: entry.outcome ?? overall });
  }
  if (entries.length > 0) return entries;
  const method = text(payload.methodName, 256) ?? "unknown";
  const last = method.slice(method.lastIndexOf(".") + 1);
  const isToken = method.startsWith("google.identity.oauth2.");
  return [
    {
      name: (isToken ? TOKEN_METHODS[last] : undefined) ?? text(last, 256) ?? method,
      type: null,
      params: paramsOf(metadata),
      outcome: overall,
      resources: [],
    },
  ];
}

/** BigQuery: one row an event, its parameters in lower case under the record type's own column. */
function exported(raw: Raw, app: string): Activity {
  const at = parseTime(raw.time_usec);
  const column = text(raw.record_type, 64) ?? "";
  return {
    app,
    at,
    key: keyOf(at, raw.unique_identifier),
    actor: { email: raw.email, profileId: raw.profile_id },
    ownerDomain: lower(raw.domain_name),
    isAgentic: bool(raw.is_agentic_action) === true,
    client: { ...UNKNOWN_CLIENT, ip: text(raw.ip_address, 64) },
    entries: [
      {
        name: text(raw.event_name, 256) ?? "unknown",
        type: text(raw.event_type, 64),
        params: paramsOf(raw[column]),
        outcome: statusOf(raw.status),
        resources: [],
      },
    ],
  };
}

/**
 * Qualifiers are 64-bit numbers, which some collectors write as JSON numbers and so round. Both spellings are rounded
 * here; with the time beside it, it still tells activities apart.
 */
function keyOf(at: number | null, qualifier: unknown): string {
  const written = text(qualifier, 64);
  if (written === null) return "";
  const rounded = number(written);
  return `${at ?? "-"}/${rounded === null ? written : String(rounded)}`;
}

/**
 * An id of one event of an activity that is the same whether or not a collector split the activity, and in every
 * container: the activity's key and a digest of actor, event name and parameters in any order. Flags are left out,
 * since containers differ in whether they write those that are false.
 */
export function entryId(activity: Activity, entry: Entry): string {
  if (activity.key === "") return "";
  const who = typeof activity.actor.email === "string" ? activity.actor.email : "";
  const sum = (hash32(who.toLowerCase()) + paramsHash(entry.params, 0, 0)) >>> 0;
  return `${activity.key}/${hash32(entry.name).toString(36)}.${sum.toString(36)}`;
}

/** Messages nest three deep in the Gmail log; the same again is room enough. */
const DEPTH_MAX = 6;

/** A sum over parameters, so that their order does not matter. */
function paramsHash(params: Params, within: number, depth: number): number {
  let sum = 0;
  for (const [name, value] of params) {
    // It says again what `scope` says.
    if (name === "scope_data") continue;
    const seed = hash32(name, within);
    const hash = valueHash(value, seed, depth);
    if (hash !== seed) sum = (sum + hash) >>> 0;
  }
  return sum;
}

function valueHash(value: unknown, seed: number, depth: number): number {
  if (Array.isArray(value)) {
    let chained = seed;
    for (const item of value) chained = valueHash(item, chained, depth);
    return chained;
  }
  if (!isObject(value)) return scalarHash(value, seed);
  if (depth >= DEPTH_MAX) return seed;
  const inner = paramsOf(value.parameter ?? value.parameters ?? value);
  return (seed + paramsHash(inner, seed, depth + 1)) >>> 0;
}

function scalarHash(value: unknown, seed: number): number {
  if (typeof value === "string") {
    return value === "" || value === "true" || value === "false" ? seed : hash32(value, seed);
  }
  return typeof value === "number" ? hash32(String(value), seed) : seed;
}

function statusOf(status: unknown): Outcome | null {
  if (!isObject(status)) return null;
  const code = number(status.httpStatusCode);
  if (code === 429) return "throttled";
  if (code === 401 || code === 403) return "denied";
  const stated = text(status.eventStatus, 64);
  if (stated?.startsWith("SUCCEEDED")) return "success";
  if (stated === "FAILED") return "failure";
  const isSuccess = bool(status.success);
  return isSuccess === null ? null : isSuccess ? "success" : "failure";
}

/** google.rpc.Code: 7 PERMISSION_DENIED, 8 RESOURCE_EXHAUSTED, 16 UNAUTHENTICATED. */
export function outcomeOfCode(value: unknown): Outcome | null {
  const code = number(value);
  if (code === null) return null;
  if (code === 0) return "success";
  if (code === 7 || code === 16) return "denied";
  return code === 8 ? "throttled" : "failure";
}
