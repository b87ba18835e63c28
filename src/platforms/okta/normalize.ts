/** Okta System Log records to audit events, from the API, from log streams and from event hooks. */

import { hostsOf, mailDomain } from "#base/host.ts";
import {
  bool,
  clip,
  firstText,
  isObject,
  list,
  nested,
  object,
  type Raw,
  text,
  texts,
} from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import { type AutomationKind, type AutomationRef, automationRef } from "#contract/automation.ts";
import {
  type Actor,
  type AuditEvent,
  auditEvent,
  type Change,
  type Client,
  change,
  machine,
  person,
  type Target,
  type Trait,
  traitsWhere,
  UNKNOWN_ACTOR,
} from "#contract/event.ts";
import { type About, type Verb, verbOf } from "./actions.ts";
import { stateService } from "./inventory.ts";

const SERVICE = "okta:system";
const ID_MAX = 512;
/** An event hook delivers up to some hundred records at once; more than this is no delivery of Okta. */
const EVENTS_MAX = 1_000;

/** A record has an eventType beside Okta's own keys; EventBridge puts it under `detail`, an event hook under `data.events`. */
export function detect(raw: Raw, key: string | null): string | null {
  if (typeof raw.eventType === "string") {
    if (isRecord(raw) || hookEvents(raw) !== null) return SERVICE;
    return null;
  }
  if (isObject(raw.detail) && typeof raw.detail.eventType === "string" && isRecord(raw.detail)) {
    return SERVICE;
  }
  return stateService(raw, key);
}

function isRecord(raw: Raw): boolean {
  const isOkta = "legacyEventType" in raw || "displayMessage" in raw || "debugContext" in raw;
  const isDated = "published" in raw || typeof raw.uuid === "string";
  return (isOkta && isDated) || (isDated && isObject(raw.outcome));
}

function hookEvents(raw: Raw): readonly unknown[] | null {
  if (raw.eventType !== "com.okta.event_hook" && raw.eventType !== "com.okta.log_stream")
    return null;
  const { events } = object(raw.data);
  return Array.isArray(events) && events.length > 0 ? events : null;
}

export function normalize(raw: Raw, _service: string): AuditEvent[] {
  const delivered = hookEvents(raw);
  if (delivered !== null)
    return delivered.slice(0, EVENTS_MAX).map((event) => record(object(event)));
  return [record(typeof raw.eventType !== "string" && isObject(raw.detail) ? raw.detail : raw)];
}

function record(raw: Raw): AuditEvent {
  const action = text(raw.eventType, 256) ?? "unknown";
  const verb = verbOf(action);
  const targets = list(raw.target);
  const debug = debugData(raw);
  const actor = actorOf(object(raw.actor));
  const automation = automationOf(raw, actor);
  const subject = subjectOf(verb.about, targets) ?? (isAboutClient(action) ? automation : null);
  return auditEvent("okta", SERVICE, action, {
    id: text(raw.uuid, ID_MAX) ?? "",
    at: parseTime(raw.published),
    class: verb.class,
    actor,
    automation,
    subject,
    target: targetOf(targets, verb, subject, actor),
    client: clientOf(raw),
    session: knownText(object(raw.authenticationContext).externalSessionId)?.slice(0, 256) ?? null,
    traits: traitsOf(raw, action, debug),
    outcome: outcomeOf(object(raw.outcome), verb),
    change: changeOf({ raw, action, verb, targets, debug, actor, automation }),
  });
}

function traitsOf(raw: Raw, action: string, debug: Raw): Trait[] {
  const context = object(raw.securityContext);
  const grant = text(debug.grantType, 128) ?? "";
  const risk = firstText(object(debug.risk).level, debug.risk) ?? "";
  return traitsWhere({
    anomalous: /^security\.threat/.test(action) || /HIGH/.test(risk),
    device_code: grant.endsWith("device_code"),
    auth_code: grant === "authorization_code",
    hosting: bool(context.isProxy) === true,
    unmanaged: bool(object(raw.device).managed) === false,
    on_behalf: grant.endsWith("token-exchange"),
  });
}

/** `debugData` is an object, JSON in a string, or "" where a collector flattened it. */
function debugData(raw: Raw): Raw {
  const data = object(raw.debugContext).debugData;
  return isObject(data) ? data : typeof data === "string" ? object(nested(data)) : object(null);
}

/** Types of actor that are software: OAuth clients, service apps, tokens, agents and AI agents. */
const SOFTWARE: Readonly<Record<string, AutomationKind>> = {
  PublicClientApp: "oauth_app",
  ConfidentialClientApp: "oauth_app",
  OAuthClient: "oauth_app",
  OAuth2Client: "oauth_app",
  ClientApp: "oauth_app",
  AppInstance: "oauth_app",
  App: "oauth_app",
  ServicePrincipal: "service_account",
  ServiceAccount: "service_account",
  ApiToken: "api_key",
  Token: "api_key",
  Agent: "service_account",
  ADAgent: "service_account",
  AgentInstance: "service_account",
  WorkloadPrincipal: "ai_agent",
  AIAgent: "ai_agent",
  AiAgent: "ai_agent",
  Flow: "workflow",
};

function kindOf(type: string | null): AutomationKind | null {
  return type !== null && Object.hasOwn(SOFTWARE, type) ? (SOFTWARE[type] ?? null) : null;
}

function actorOf(actor: Raw): Actor {
  const type = text(actor.type, 64);
  const id = knownText(actor.id);
  const alternate = knownText(actor.alternateId);
  const name = text(actor.displayName, ID_MAX);
  if (type === "SystemPrincipal") return machine("okta", name ?? "Okta System", "system");
  if (kindOf(type) !== null) {
    const native = id ?? alternate;
    if (native === null) return UNKNOWN_ACTOR;
    const actorRef = machine(native, name);
    if (alternate !== null && alternate !== native) actorRef.aliases.push(alternate);
    return actorRef;
  }
  if (type !== null && type !== "User" && type !== "AppUser") {
    // An IP address, a device, a session: something acted, and the record does not say who.
    const native = id ?? alternate;
    return native === null ? UNKNOWN_ACTOR : { ...UNKNOWN_ACTOR, id: native, name, aliases: [] };
  }
  if (alternate === "system@okta.com") return machine("okta", name ?? "Okta System", "system");
  const email = mailDomain(alternate) === null ? null : alternate;
  const who = person(email, id ?? alternate, { name });
  return who;
}

/** Okta writes "unknown" for what it does not know. */
function knownText(value: unknown): string | null {
  const written = text(value, ID_MAX);
  return written === "unknown" || written === "Unknown" ? null : written;
}

/** The client that acted: the actor itself, the API token of the request, or the OAuth client that it came through. */
function automationOf(raw: Raw, actor: Actor): AutomationRef | null {
  if (actor.kind === "automation") {
    const kind = kindOf(text(object(raw.actor).type, 64)) ?? "oauth_app";
    const ref = clientRef(kind, actor.id, actor.name);
    // A client's other id is its client id; the other id of anything else may be a mere label.
    if (kind === "oauth_app" && text(object(raw.actor).type, 64)?.endsWith("ClientApp")) {
      ref.aliases.push(...actor.aliases);
    }
    return ref;
  }
  const token = knownText(object(object(raw.transaction).detail).requestApiTokenId);
  if (token !== null) return automationRef("api_key", token);
  const client = knownText(object(raw.client).id);
  return client === null || actor.kind === "system" ? null : clientRef("oauth_app", client, null);
}

/** Okta's own clients have ids that begin with its name. */
function clientRef(kind: AutomationKind, id: string, name: string | null): AutomationRef {
  const isOwn = id.startsWith("okta.");
  return automationRef(kind, id, {
    name,
    publisher: isOwn ? "Okta" : null,
    isVerified: isOwn ? true : null,
  });
}

/** Refresh-token reuse and rate warnings are about the client that acted, whom no target names. */
function isAboutClient(action: string): boolean {
  return action.endsWith("detect_reuse") || action === "app.oauth2.client_id_rate_limit_warning";
}

const ABOUT: Readonly<Record<NonNullable<About>, { types: RegExp; kind: AutomationKind }>> = {
  app: {
    types:
      /^(AppInstance|PublicClientApp|ConfidentialClientApp|OAuth2? ?Client|OAuthClient|App|client|Client)$/i,
    kind: "oauth_app",
  },
  token: { types: /token/i, kind: "api_key" },
  agent: { types: /agent/i, kind: "service_account" },
  ai_agent: { types: /agent|workload|principal/i, kind: "ai_agent" },
  hook: { types: /hook/i, kind: "webhook" },
  flow: { types: /flow$/i, kind: "workflow" },
};

function subjectOf(about: About, targets: readonly unknown[]): AutomationRef | null {
  if (about === null) return null;
  const { types, kind } = ABOUT[about];
  for (const row of targets) {
    const target = object(row);
    const type = text(target.type, 64);
    if (type === null || !types.test(type)) continue;
    const id = knownText(target.id);
    const name = knownText(target.displayName) ?? knownText(target.alternateId);
    const native = id ?? name;
    if (native === null) continue;
    return automationRef(kind, native, {
      name,
      domains: hostsOf(redirects(target, "to").slice(0, 16)),
    });
  }
  return null;
}

/** What was acted on: what the subject was made of, the app signed in to, else the first target that is not the actor. */
function targetOf(
  targets: readonly unknown[],
  verb: Verb,
  subject: AutomationRef | null,
  actor: Actor,
): Target | null {
  let chosen: Target | null = null;
  for (const row of targets.slice(0, 16)) {
    const target = targetRow(object(row));
    if (target === null) continue;
    if (target.id === subject?.nativeId) return target;
    if (verb.class === "sign_in" && target.type === "AppInstance") return target;
    const isActor = target.id === actor.id || actor.aliases.includes(target.id);
    if (chosen === null || (chosen.id === actor.id && !isActor)) {
      chosen = isActor ? { ...target, id: actor.id } : target;
    }
  }
  return chosen;
}

function targetRow(target: Raw): Target | null {
  const email = knownText(target.alternateId);
  const type = text(target.type, 64) ?? "unknown";
  const isPerson = (type === "User" || type === "AppUser") && mailDomain(email) !== null;
  const name = knownText(target.displayName);
  const id =
    isPerson && email !== null ? email.toLowerCase() : (knownText(target.id) ?? email ?? name);
  return id === null ? null : { type, id, name: name ?? email };
}

function clientOf(raw: Raw): Client {
  const client = object(raw.client);
  const place = object(client.geographicalContext);
  const agent = client.userAgent;
  return {
    ip: text(client.ipAddress, 64) ?? firstIp(raw),
    asn: text(object(raw.securityContext).asNumber, 16),
    country: text(place.country, 64),
    userAgent: text(isObject(agent) ? agent.rawUserAgent : agent, ID_MAX),
  };
}

function firstIp(raw: Raw): string | null {
  return text(object(list(object(raw.request).ipChain)[0]).ip, 64);
}

function outcomeOf(outcome: Raw, verb: Verb): AuditEvent["outcome"] {
  if (verb.isThrottle) return "throttled";
  switch (text(outcome.result, 32)?.toUpperCase()) {
    case "SUCCESS":
    case "ALLOW":
      return "success";
    case "FAILURE":
    case "UNANSWERED":
    case "ABANDONED":
      return "failure";
    case "DENY":
    case "DENIED":
      return "denied";
    case "RATE_LIMIT":
      return "throttled";
    default:
      return "unknown";
  }
}

interface Parts {
  raw: Raw;
  action: string;
  verb: Verb;
  targets: readonly unknown[];
  debug: Raw;
  actor: Actor;
  automation: AutomationRef | null;
}

function changeOf(parts: Parts): Change | null {
  const { raw, action, verb, targets, debug, actor } = parts;
  const outcome = object(raw.outcome);
  const reason = text(outcome.reason, 1_024);
  if (reason !== null && /phishing/i.test(reason))
    return change("flagged_by_vendor", { detail: reason });
  const kind = verb.change;
  // What was refused or failed changed nothing; what Okta flags it flags whatever came of it.
  const result = text(outcome.result, 32)?.toUpperCase();
  const isDone = result !== "FAILURE" && result !== "DENY";
  if (kind === null || (!isDone && kind !== "flagged_by_vendor")) return null;
  switch (kind) {
    case "granted":
    case "revoked":
      return consentChange(kind, parts);
    case "role_assigned":
    case "role_removed":
      return change(kind, {
        principal: holderOf(targets),
        scopes: roles(debug, targets),
        detail:
          text(debug.privilegeGranted, 1_024) ??
          text(debug.privilegeRevoked, 1_024) ??
          nameOf(targets, /role/i) ??
          reason,
      });
    case "credential_added":
    case "credential_removed":
      return change(kind, {
        principal: verb.about === "token" && actor.kind === "person" ? actor.id : null,
        detail: credentialDetail(action, targets),
      });
    case "flagged_by_vendor":
      return change(kind, {
        principal: holderOf(targets),
        detail: reason ?? text(debug.threatDetections, 1_024) ?? action,
      });
    case "federation_added":
    case "logging_impaired":
      return change(kind, { detail: nameOf(targets, /./) ?? action });
    case "created":
    case "updated":
    case "agent_changed":
      return configChange(kind, parts, reason);
    case "delegation_granted":
    case "delegation_removed":
      return change(kind, {
        principal: holderOf(targets),
        destination: otherApp(targets),
        detail: reason ?? action,
      });
    case "export_started":
    case "export_completed":
    case "export_downloaded":
      return change(kind, { detail: nameOf(targets, /./) ?? action });
    default:
      return change(kind, {
        detail:
          nameOf(targets, /policy|rule|zone|factor/i) ?? reason ?? text(raw.displayMessage, 256),
      });
  }
}

/** Consent of one user, or an administrator's for everybody; the scopes are targets, debug data, or a mixture. */
function consentChange(
  kind: Change["kind"],
  { action, targets, debug, actor, raw }: Parts,
): Change {
  const isAdmin = action.includes(".admin.");
  const scopes = grantedScopes(debug, targets);
  const user =
    actor.kind === "person" ? actor.id : (holderOf(targets) ?? text(debug.userId, ID_MAX));
  return change(kind, {
    scopes,
    consent: kind === "granted" ? (isAdmin ? "tenant" : "user") : null,
    principal: isAdmin ? null : user,
    detail: text(object(raw.outcome).reason, 1_024),
  });
}

function grantedScopes(debug: Raw, targets: readonly unknown[]): string[] {
  const found = new Set<string>();
  for (const scope of texts(
    debug.grantedScopes ?? debug.scopes ?? debug.scope ?? debug.requestedScopes,
  )) {
    found.add(clip(scope, ID_MAX));
  }
  for (const row of targets) {
    const target = object(row);
    const type = text(target.type, 64);
    if (type === null || !/scope/i.test(type) || found.size >= 512) continue;
    const name =
      knownText(target.displayName) ?? knownText(target.alternateId) ?? knownText(target.id);
    for (const scope of texts(name)) found.add(clip(scope, ID_MAX));
  }
  return [...found];
}

/** Administrator roles come as names in one text: `Super administrator, Application administrator (all)`. */
function roles(debug: Raw, targets: readonly unknown[]): string[] {
  const written = text(debug.privilegeGranted, 4_096);
  if (written !== null) {
    return written
      .split(",")
      .slice(0, 64)
      .map((role) => clip(role.trim(), ID_MAX))
      .filter((role) => role !== "");
  }
  return targetNames(targets, /role|permission/i);
}

function targetNames(targets: readonly unknown[], types: RegExp): string[] {
  const found: string[] = [];
  for (const row of targets.slice(0, 256)) {
    const target = object(row);
    const type = text(target.type, 64);
    const name = knownText(target.displayName) ?? knownText(target.id);
    if (type !== null && name !== null && types.test(type)) found.push(name);
  }
  return found;
}

function nameOf(targets: readonly unknown[], types: RegExp): string | null {
  return targetNames(targets, types)[0] ?? null;
}

/** Whom it is for: a person by e-mail address, else a group or client by id. */
function holderOf(targets: readonly unknown[]): string | null {
  let group: string | null = null;
  for (const row of targets.slice(0, 64)) {
    const target = object(row);
    const type = text(target.type, 64);
    if (type === "User") return targetRow(target)?.id ?? null;
    if (
      group === null &&
      type !== null &&
      /^(UserGroup|AppUser|PublicClientApp|AppInstance)$/.test(type)
    ) {
      group = targetRow(target)?.id ?? null;
    }
  }
  return group;
}

function otherApp(targets: readonly unknown[]): string | null {
  return targetNames(targets, /app|client/i)[1] ?? null;
}

function credentialDetail(action: string, targets: readonly unknown[]): string {
  if (action.startsWith("system.api_token.")) return "API token";
  const named = nameOf(targets, /secret|jwk|key|credential/i);
  const step = action.slice(action.lastIndexOf(".") + 1);
  if (named !== null) return clip(`${step}: ${named}`, 1_024);
  return action.includes("oauth2.credentials") ? `${step}: client secret or key` : action;
}

/** New redirect URIs come first, since they decide where codes and tokens go. */
function configChange(
  kind: Change["kind"],
  { action, targets, debug, verb }: Parts,
  reason: string | null,
): Change {
  for (const row of targets.slice(0, 16)) {
    const target = object(row);
    const now = redirects(target, "to");
    if (now.length === 0) continue;
    const before = new Set(redirects(target, "from"));
    const added = now.filter((uri) => !before.has(uri));
    if (added.length > 0) {
      return change(kind === "updated" ? "redirect_changed" : kind, {
        destination: clip(added.join(" "), 1_024),
        detail: action,
      });
    }
  }
  const scopes = action.startsWith("iam.role.") ? targetNames(targets, /permission/i) : [];
  const detail =
    text(debug.customMessage, 1_024) ??
    reason ??
    (verb.about === null ? nameOf(targets, /./) : null) ??
    action;
  return change(kind, { scopes, detail });
}

/** Redirect URIs of a target: of one side of its `changeDetails`, or of what the registration wrote into `detailEntry`. */
function redirects(target: Raw, side: "from" | "to"): string[] {
  const details = object(target.changeDetails);
  const entry = object(target.detailEntry);
  const holder = isObject(details[side])
    ? object(details[side])
    : side === "to"
      ? entry
      : object(null);
  const oauth = object(object(holder.settings).oauthClient);
  const written =
    holder.redirectUris ??
    holder.redirect_uris ??
    holder.RedirectUris ??
    oauth.redirect_uris ??
    null;
  if (written === null) return [];
  const found = typeof written === "string" ? (nested(written) ?? written) : written;
  return texts(found, 64);
}
