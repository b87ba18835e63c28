/** GitHub records to audit events: entries of the audit log, in whatever way they were exported, and webhook deliveries. */

import { mailDomain } from "#base/host.ts";
import { clip, isObject, object, type Raw, text, texts } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import { type AutomationRef, automationRef } from "#contract/automation.ts";
import {
  type ActionClass,
  type Actor,
  type AuditEvent,
  auditEvent,
  type Change,
  type Client,
  change,
  machine,
  person,
  type Target,
  UNKNOWN_ACTOR,
} from "#contract/event.ts";
import { requestClass, type Verb, verbOf } from "./actions.ts";
import {
  appRef,
  botRef,
  hookRef,
  isBotLogin,
  keyRef,
  oauthAppRef,
  permissionScopes,
  requestId,
  scopeTexts,
  short,
  workflowFile,
  workflowRef,
} from "./identity.ts";
import { stateService } from "./inventory.ts";
import { isDelivery, webhook } from "./webhook.ts";

/** An audit entry has an action in text and no actor object; a delivery names its event or carries a repository or sender. */
export function detect(raw: Raw, key: string | null): string | null {
  if (isDelivery(raw)) return "github:webhook";
  if (typeof raw.action === "string" && isAuditEntry(raw, raw.action)) return "github:audit";
  return stateService(raw, key);
}

function isAuditEntry(raw: Raw, action: string): boolean {
  if (isObject(raw.actor) || "sfdc_created_date" in raw || "sfdc_created_by_id" in raw)
    return false;
  if (typeof raw._document_id === "string") return true;
  const isNamed =
    typeof raw.actor === "string" ||
    typeof raw.org === "string" ||
    typeof raw.business === "string";
  if (isNamed && ("created_at" in raw || "@timestamp" in raw)) return true;
  // An entry cut down to its action is still one: only GitHub writes names as category.operation under this key.
  return DOTTED.test(action) && (isNamed || Object.keys(raw).length === 1);
}

const DOTTED = /^[a-z][a-z_]{0,63}\.[a-z_.]{1,127}$/;

export function normalize(raw: Raw, service: string): AuditEvent[] {
  return [service === "github:webhook" ? webhook(raw) : auditEntry(raw)];
}

const SERVICE = "github:audit";
const ID_MAX = 512;

function auditEntry(raw: Raw): AuditEvent {
  const action = text(raw.action, 256) ?? "unknown";
  const verb = verbOf(action);
  const actor = actorOf(raw);
  const isRequest = action === "api.request";
  const automation = automationOf(raw, actor, verb);
  const subject = isRequest || verb.category === "git" ? null : subjectOf(raw, action, verb);
  return auditEvent("github", SERVICE, action, {
    id: text(raw._document_id, ID_MAX) ?? "",
    at: parseTime(raw.created_at) ?? parseTime(raw["@timestamp"]),
    class: isRequest ? requestClassOf(raw) : classOf(raw, action, verb),
    actor,
    automation,
    subject,
    target: isRequest ? requestTarget(raw) : targetOf(raw, action, verb),
    client: clientOf(raw),
    // A digest of the token: it tells one from another and opens nothing.
    session: text(field(raw, "hashed_token"), 256),
    outcome: isRequest ? requestOutcome(raw) : outcomeOf(raw, verb),
    change:
      isRequest || verb.category === "git" ? null : changeOf(raw, action, verb, subject, actor),
  });
}

/** A field of the entry, or of the `data` object in which older exports keep what belongs to the action. */
function field(raw: Raw, key: string): unknown {
  const own = raw[key];
  if (own !== undefined || raw.data === undefined) return own ?? null;
  return object(raw.data)[key] ?? null;
}

function actorOf(raw: Raw): Actor {
  const login = text(raw.actor, 256);
  if (login === null) return UNKNOWN_ACTOR;
  if (raw.actor_is_bot === true || isBotLogin(login)) return machine(login, login);
  const id = text(raw.actor_id, 128);
  // What nobody did by hand (permissions of an own app widened) is logged with the organization as its actor.
  if (id !== null && (id === text(raw.org_id, 128) || id === text(raw.business_id, 128))) {
    return machine(login, login, "system");
  }
  const external = text(raw.external_identity_nameid, 320);
  const email = mailDomain(external) === null ? text(raw.actor_email, 320) : external;
  const who = person(mailDomain(email) === null ? null : email, login);
  if (id !== null && id !== who.id) who.aliases.push(id);
  return who;
}

/** The bot that acted, or the token or OAuth app through which a person acted. */
function automationOf(raw: Raw, actor: Actor, verb: Verb): AutomationRef | null {
  const isAppEntry = verb.category.startsWith("integration");
  const clientId = isAppEntry ? null : text(raw.application_client_id, 128);
  if (verb.class === "run") {
    const workflow = workflowOf(raw);
    if (workflow !== null) return workflow;
  }
  if (actor.kind === "automation") return botRef(actor.id, clientId);
  const access = text(raw.programmatic_access_type, 128);
  const isOauthEntry =
    verb.category.startsWith("oauth_") || verb.category === "org_credential_authorization";
  if (!isOauthEntry) {
    const app = oauthAppRef(raw.oauth_application_id, raw.oauth_application_name);
    if (app !== null && text(raw.oauth_application_id, 128) !== null) return app;
  }
  if (clientId !== null) return appRef({ clientId });
  const key = text(raw.deploy_key_fingerprint, 256);
  if (key !== null) return keyRef([key], access ?? "Deploy key");
  if (access === null && raw.token_id === undefined && raw.hashed_token === undefined) {
    return null;
  }
  return keyRef([raw.token_id, raw.hashed_token], access);
}

function workflowOf(raw: Raw): AutomationRef | null {
  const file = workflowFile(field(raw, "job_workflow_ref") ?? field(raw, "workflow_path"));
  return workflowRef(field(raw, "workflow_id"), field(raw, "name"), file);
}

/** Which automation an entry is about, by the category of its action. */
function subjectOf(raw: Raw, action: string, verb: Verb): AutomationRef | null {
  switch (verb.category) {
    case "integration":
    case "integration_installation":
    case "integration_installation_request":
      return appRef({
        clientId: field(raw, "application_client_id"),
        appId: field(raw, "integration_id") ?? field(raw, "app_id"),
        slug: field(raw, "slug") ?? field(raw, "app_slug"),
        name: short(field(raw, "integration"), field(raw, "name")),
        urls: [field(raw, "url")],
        isInternal: action === "integration.create" ? true : null,
      });
    case "oauth_application":
    case "oauth_authorization":
    case "oauth_access":
      return oauthAppRef(
        field(raw, "oauth_application_id"),
        short(
          field(raw, "oauth_application_name"),
          field(raw, "oauth_application"),
          field(raw, "application_name"),
          field(raw, "name"),
        ),
        field(raw, "url"),
      );
    case "personal_access_token":
      return keyRef(
        [
          field(raw, "user_programmatic_access_id"),
          requestId(field(raw, "user_programmatic_access_request_id")),
        ],
        short(field(raw, "user_programmatic_access_name"), "Fine-grained personal access token"),
      );
    case "org_credential_authorization":
      return keyRef(
        [
          field(raw, "managed_token_id"),
          field(raw, "managed_hashed_token"),
          field(raw, "managed_oauth_access_id"),
          field(raw, "fingerprint"),
        ],
        text(field(raw, "oauth_credential_type"), 256),
      );
    case "hook":
      return hookRef(field(raw, "hook_id"), field(raw, "name"), hookUrl(raw));
    case "public_key":
    case "deploy_key":
      return keyRef(
        [field(raw, "fingerprint"), field(raw, "public_key_id") ?? field(raw, "key_id")],
        short(field(raw, "title"), keyKind(raw)),
      );
    case "workflows":
      return verb.class === "run" ? null : workflowOf(raw);
    case "copilot":
      return action.includes("swe_agent") ||
        verb.change === "agent_changed" ||
        verb.change === "mcp_changed"
        ? COPILOT
        : null;
    default:
      return otherSubject(raw, action);
  }
}

/** GitHub's coding agent, which settings change without naming it by an id. */
const COPILOT: AutomationRef = Object.freeze(
  automationRef("ai_agent", "copilot-swe-agent[bot]", {
    name: "GitHub Copilot coding agent",
    publisher: "GitHub",
    isVerified: true,
  }),
);

function otherSubject(raw: Raw, action: string): AutomationRef | null {
  if (action.startsWith("org.oauth_app_access_")) {
    return oauthAppRef(
      field(raw, "oauth_application_id"),
      field(raw, "oauth_application_name"),
      field(raw, "url"),
    );
  }
  if (action.endsWith("_self_hosted_runner") || action.endsWith("_self_hosted_jit_runner")) {
    const name = text(field(raw, "runner_name"), 256);
    const id = text(field(raw, "runner_id"), 128) ?? name;
    return id === null ? null : automationRef("script", `runner:${id}`, { name, isInternal: true });
  }
  return null;
}

function hookUrl(raw: Raw): unknown {
  const config = object(field(raw, "config"));
  return short(config.url, raw["config.url"], field(raw, "hook_url"), field(raw, "url"));
}

/** SSH keys of people and deploy keys of repositories share one action; only deploy keys name a repository. */
function keyKind(raw: Raw): string {
  if (short(raw.repo, raw.repository) === null) return "SSH key";
  const readOnly = field(raw, "read_only");
  if (readOnly === true || readOnly === "true") return "deploy key, read only";
  return readOnly === false || readOnly === "false" ? "deploy key, write" : "deploy key";
}

function classOf(raw: Raw, action: string, verb: Verb): ActionClass {
  if (action === "repo.access" && isPublic(raw)) return "publish";
  return verb.class;
}

function isPublic(raw: Raw): boolean {
  return text(field(raw, "visibility"), 32)?.toLowerCase() === "public";
}

function outcomeOf(raw: Raw, verb: Verb): AuditEvent["outcome"] {
  if (verb.category !== "workflows") return verb.outcome;
  const conclusion = text(field(raw, "conclusion"), 32);
  return conclusion === "failure" || conclusion === "timed_out" || conclusion === "startup_failure"
    ? "failure"
    : "success";
}

function requestClassOf(raw: Raw): ActionClass {
  return requestClass(
    text(raw.request_method, 16) ?? "",
    text(raw.route ?? raw.url_path, 256) ?? "",
  );
}

function requestOutcome(raw: Raw): AuditEvent["outcome"] {
  const status = Number(raw.status_code);
  if (!(status > 0)) return "unknown";
  if (status < 400) return "success";
  if (status === 429 || (status === 403 && String(raw.rate_limit_remaining) === "0"))
    return "throttled";
  return status === 401 || status === 403 ? "denied" : "failure";
}

function requestTarget(raw: Raw): Target | null {
  const repository = text(raw.repo ?? raw.repository, ID_MAX);
  if (repository !== null) return { type: "repository", id: repository, name: null };
  const path = text(raw.url_path ?? raw.route, ID_MAX);
  return path === null ? null : { type: "api", id: path, name: null };
}

/** What was acted on: a person in membership and role changes, else the repository, else team, hook, person or organization. */
function targetOf(raw: Raw, action: string, verb: Verb): Target | null {
  const user = text(raw.user, 256);
  const isAboutTeam = verb.category === "team" && verb.class !== "member";
  const isAboutPerson =
    !isAboutTeam &&
    (verb.class === "member" || verb.class === "role" || verb.category === "copilot");
  if (isAboutPerson && user !== null && user !== raw.actor)
    return { type: "user", id: user, name: null };
  if (isAboutTeam && raw.repo === undefined) {
    const team = text(field(raw, "team"), ID_MAX);
    if (team !== null) return { type: "team", id: team, name: null };
  }
  const repository = text(raw.repo, ID_MAX) ?? text(raw.repository, ID_MAX);
  if (repository !== null) return { type: "repository", id: repository, name: null };
  if (action.includes("runner")) {
    const runner = short(
      field(raw, "runner_name"),
      field(raw, "runner_group_name"),
      field(raw, "runner_group_id"),
    );
    if (runner !== null) return { type: "runner", id: clip(runner, ID_MAX), name: null };
  }
  const owner = text(raw.org, ID_MAX);
  if (owner !== null) return { type: "organization", id: owner, name: null };
  const business = text(raw.business, ID_MAX);
  return business === null ? null : { type: "enterprise", id: business, name: null };
}

function clientOf(raw: Raw): Client {
  const place = raw.actor_location;
  return {
    ip: text(raw.actor_ip, 64),
    asn: null,
    country: isObject(place)
      ? (text(place.country_code, 64) ?? text(place.country_name, 64))
      : text(raw["actor_location.country_code"], 64),
    userAgent: text(raw.user_agent, ID_MAX),
  };
}

function changeOf(
  raw: Raw,
  action: string,
  verb: Verb,
  subject: AutomationRef | null,
  actor: Actor,
): Change | null {
  if (action === "repo.access" || action === "repo.create") return visibilityChange(raw, action);
  const kind = verb.change;
  if (kind === null) return null;
  switch (kind) {
    case "installed":
    case "scopes_added":
      return change(kind, {
        scopes: permissionScopes(field(raw, "permissions")),
        addedScopes: addedScopes(raw),
        consent: "tenant",
        detail: repositoryReach(raw),
      });
    case "granted":
    case "approved":
    case "requested":
    case "revoked":
    case "restricted":
      return grantChange(kind, raw, action, actor);
    case "role_assigned":
    case "role_removed":
    case "owner_added":
    case "owner_removed":
      return roleChange(kind, raw, action, actor);
    case "credential_added":
    case "credential_removed":
      return change(kind, {
        scopes: scopesOf(raw),
        principal: principalOf(raw, actor),
        detail: credentialDetail(raw, action, verb),
      });
    case "shared_externally":
      return change(kind, {
        destination: short(
          field(raw, "repo_owner"),
          field(raw, "new_owner"),
          field(raw, "transfer_to"),
          action === "org.add_outside_collaborator" ? raw.user : null,
        ),
        detail: short(field(raw, "permission"), action),
      });
    default:
      return subject?.kind === "webhook" ? hookChange(kind, raw) : otherChange(kind, raw, action);
  }
}

function visibilityChange(raw: Raw, action: string): Change | null {
  const now = text(field(raw, "visibility"), 32);
  const before = text(field(raw, "previous_visibility"), 32);
  if (isPublic(raw) && before?.toLowerCase() !== "public") {
    return change("made_public", {
      destination: "everybody",
      detail: before === null ? null : `was ${before}`,
    });
  }
  if (action === "repo.create") return null;
  return change("updated", {
    detail: now === null ? "visibility" : `visibility ${before ?? "?"} to ${now}`,
  });
}

/** New permissions where the entry says them apart from those that were there. */
function addedScopes(raw: Raw): string[] | null {
  const added = field(raw, "permissions_added") ?? null;
  const raised = field(raw, "permissions_upgraded") ?? field(raw, "permissions_updated") ?? null;
  if (added === null && raised === null) return null;
  return [...permissionScopes(added), ...permissionScopes(raised)];
}

function repositoryReach(raw: Raw): string | null {
  const reach = text(field(raw, "repository_selection"), 64);
  return reach === null ? null : `repositories: ${reach}`;
}

function scopesOf(raw: Raw): string[] {
  const permissions = field(raw, "permissions");
  if (isObject(permissions)) return permissionScopes(permissions);
  for (const key of ["scopes", "managed_token_scopes", "managed_oauth_scopes", "oauth_scopes"]) {
    const scopes = scopeTexts(field(raw, key));
    if (scopes.length > 0) return scopes;
  }
  return [];
}

/** The person whom a grant or token is for: `user`, who is the actor where both are the same. */
function principalOf(raw: Raw, actor: Actor): string | null {
  const user = text(raw.user, ID_MAX);
  if (user === null || user === text(raw.actor, ID_MAX))
    return actor.kind === "person" ? actor.id : user;
  return user;
}

function grantChange(kind: Change["kind"], raw: Raw, action: string, actor: Actor): Change {
  const isForAll = action.startsWith("org.oauth_app_access_") || action.startsWith("integration");
  const principal = isForAll ? null : principalOf(raw, actor);
  const isOwn = principal !== null && principal === actor.id;
  const consent =
    kind === "granted" ? (isOwn ? "user" : "admin") : kind === "approved" ? "tenant" : null;
  return change(kind, {
    scopes: scopesOf(raw),
    consent,
    principal:
      kind === "requested" && principal === null
        ? short(field(raw, "requester"), actor.id)
        : principal,
    detail: repositoryReach(raw) ?? text(field(raw, "oauth_credential_type"), 256),
  });
}

function roleChange(kind: Change["kind"], raw: Raw, action: string, actor: Actor): Change {
  const team = text(field(raw, "team"), ID_MAX);
  return change(kind, {
    principal:
      short(
        field(raw, "manager"),
        field(raw, "transfer_to"),
        action.startsWith("team.update") ? team : raw.user,
        team,
      ) ??
      (actor.id || null),
    detail: short(
      field(raw, "permission"),
      field(raw, "new_repo_permission"),
      field(raw, "organization_role_name"),
      field(raw, "role"),
      field(raw, "name"),
    ),
  });
}

function credentialDetail(raw: Raw, action: string, verb: Verb): string {
  if (verb.category === "public_key" || verb.category === "deploy_key") return keyKind(raw);
  if (verb.category === "personal_access_token")
    return repositoryReach(raw) ?? "fine-grained token";
  const key = text(field(raw, "key"), 256);
  return key === null ? action : `${action} ${key}`;
}

function hookChange(kind: Change["kind"], raw: Raw): Change {
  const active = field(raw, "active");
  const isToggle = raw.action === "hook.active_changed" && typeof active === "boolean";
  return change(isToggle ? (active ? "enabled" : "disabled") : kind, {
    scopes: scopeTexts(field(raw, "events")),
    destination: text(hookUrl(raw), 1_024),
    detail: text(field(raw, "name"), 256),
  });
}

function otherChange(kind: Change["kind"], raw: Raw, action: string): Change {
  if (action === "org.update_default_repository_permission") return defaultPermission(raw);
  const names = texts(
    field(raw, "repositories_added_names") ?? field(raw, "repositories_removed_names"),
    20,
  );
  const detail =
    names.length > 0
      ? names.join(", ")
      : short(
          field(raw, "secret_type"),
          field(raw, "ip_allow_list_entry"),
          field(raw, "new_access"),
          field(raw, "sink"),
          field(raw, "filename"),
        );
  return change(kind, {
    destination: kind === "export_started" ? text(field(raw, "filename"), 1_024) : null,
    detail: clip(detail === null ? action : `${action}: ${detail}`, 1_024),
  });
}

const LEVELS: readonly string[] = ["none", "read", "write", "admin"];

function defaultPermission(raw: Raw): Change {
  const now = text(field(raw, "permission"), 32) ?? "";
  const before = text(field(raw, "old_permission"), 32) ?? "";
  const wider = LEVELS.indexOf(now) - LEVELS.indexOf(before);
  const isKnown = LEVELS.includes(now) && LEVELS.includes(before);
  const kind =
    !isKnown || wider === 0 ? "updated" : wider > 0 ? "policy_relaxed" : "policy_tightened";
  return change(kind, {
    detail: `default repository permission ${before || "?"} to ${now || "?"}`,
  });
}
