/** Slack records to audit events: audit log entries, integration log rows and app activity rows. */

import { hostsOf } from "#base/host.ts";
import { bool, firstText, isObject, object, type Raw, text, texts } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import { holdsKey, isKeyRule, isSensitiveSearch } from "#catalog/terms.ts";
import { type AutomationKind, type AutomationRef, automationRef } from "#contract/automation.ts";
import {
  type ActionClass,
  type Actor,
  type AuditEvent,
  auditEvent,
  type Change,
  change,
  isOutward,
  machine,
  person,
  type Target,
  type Trait,
  traitsWhere,
  UNKNOWN_ACTOR,
} from "#contract/event.ts";
import { classify } from "./actions.ts";
import { stateService } from "./inventory.ts";

/** Slack's audit log has an action and an actor with a type; integration logs a change_type; app activity an event_type. */
export function detect(raw: Raw, key: string | null): string | null {
  if (typeof raw.action === "string" && isObject(raw.actor) && isAuditEntry(raw)) {
    return "slack:audit";
  }
  if (typeof raw.change_type === "string" && ("app_id" in raw || "service_id" in raw)) {
    return "slack:api:team.integrationLogs";
  }
  if (typeof raw.event_type === "string" && "app_id" in raw && "component_type" in raw) {
    return "slack:api:admin.apps.activities.list";
  }
  return stateService(raw, key);
}

function isAuditEntry(raw: Raw): boolean {
  const actor = object(raw.actor);
  const context = object(raw.context);
  return (
    "date_create" in raw ||
    isObject(context.location) ||
    "ua" in context ||
    (typeof actor.type === "string" && isObject(actor.user) && !("effective_at" in raw))
  );
}

export function normalize(raw: Raw, service: string): AuditEvent[] {
  if (service === "slack:api:team.integrationLogs") return [integrationLog(raw)];
  if (service === "slack:api:admin.apps.activities.list") return [appActivity(raw)];
  return [auditEntry(raw)];
}

function auditEntry(raw: Raw): AuditEvent {
  const action = text(raw.action, 256) ?? "unknown";
  const context = object(raw.context);
  const entity = object(raw.entity);
  const details = object(raw.details);
  const actor = actorOf(object(raw.actor), context);
  const via = actingApp(object(raw.actor), context);
  const subject = subjectOf(action, entity, details, context);
  const made = changeOf(action, { entity, details, subject, actor });
  return auditEvent("slack", "slack:audit", action, {
    id: text(raw.id, 512) ?? "",
    at: parseTime(raw.date_create),
    class: classify(action),
    actor,
    // What a person does to an app is no act of the app, though Slack names it as the context.
    automation: actor.kind === "person" && via?.nativeId === subject?.nativeId ? null : via,
    subject,
    target: targetOf(entity),
    client: {
      ip: text(context.ip_address, 64),
      asn: null,
      country: null,
      userAgent: text(context.ua, 512),
    },
    session: text(context.session_id, 256),
    traits: traitsOf(action, entity, details, made),
    outcome: outcomeOf(action),
    change: made,
  });
}

function traitsOf(action: string, entity: Raw, details: Raw, made: Change | null): Trait[] {
  const channel = object(entity.channel);
  const isMatch = action === "native_dlp_rule_action_applied";
  const isInstall = made?.kind === "installed";
  const query = firstText(details.query, details.search_query, object(details.arguments).query);
  return traitsWhere({
    // A channel shared with another organization; is_org_shared means workspaces of one's own.
    external_content: bool(channel.is_shared) === true && bool(channel.is_org_shared) !== true,
    labelled: isMatch,
    secret:
      (isMatch && isKeyRule(firstText(details.rule_name, object(entity.native_dlp_rule).name))) ||
      holdsKey(query),
    injection: action === "workflow_ai_answer_suspicious_prompt",
    sensitive_terms: isSensitiveSearch(query),
    anomalous: action === "anomaly" || action.endsWith("_searched_anomaly"),
    hosting: action === "anomaly" && texts(details.reason).some((reason) => /^tor/.test(reason)),
    outside: isOutward(made) || action === "external_shared_channel_invite_sent",
    unapproved: isInstall && bool(details.app_previously_approved) === false,
  });
}

/** A bot or app as actor comes as `actor.type` bot/app, or as a user whose `account_type` says so. */
function actorOf(actor: Raw, context: Raw): Actor {
  const user = object(actor.user);
  const type = text(actor.type, 64) ?? "user";
  const app = object(actor.app);
  const bot = object(actor.bot);
  if (type === "bot" || type === "app" || type === "service" || type === "workflow") {
    const who = isObject(actor.app) ? app : isObject(actor.bot) ? bot : object(actor[type]);
    const id = firstText(who.id, who.app_id, user.id, object(context.app).id);
    return id === null ? UNKNOWN_ACTOR : machine(id, firstText(who.name, user.name));
  }
  if (type === "system" || type === "slack") return machine("slack", "Slack", "system");
  const accountType = text(user.account_type, 64);
  return person(text(user.email, 320), text(user.id, 128), {
    name: text(user.name, 256),
    isGuest: accountType === null ? null : /guest|restricted|external/i.test(accountType),
    isAdmin: accountType === null ? null : /owner|admin/i.test(accountType),
  });
}

/** The app or agent through which the action came: a bot actor itself, `context.app`, or `context.acting_agent`. */
function actingApp(actor: Raw, context: Raw): AutomationRef | null {
  const agent = object(context.acting_agent);
  const agentId = firstText(agent.app_id, agent.id, agent.agent_id, context.acting_agent);
  if (agentId !== null) {
    return automationRef("ai_agent", agentId, { name: text(agent.name, 256) });
  }
  if (isObject(context.app)) {
    const app = appRef(context.app);
    if (app !== null) return app;
  }
  const type = text(actor.type, 64);
  if (type === "bot" || type === "app" || type === "workflow") {
    const who = object(actor[type]);
    const id = firstText(who.app_id, who.id, object(actor.user).id);
    const kind = type === "bot" ? "bot" : type === "workflow" ? "workflow" : "oauth_app";
    if (id !== null) {
      const own = text(who.id, 128);
      return automationRef(kind, id, {
        name: firstText(who.name, object(actor.user).name),
        aliases: own === null || own === id ? [] : [own],
      });
    }
  }
  return null;
}

function appRef(app: Raw): AutomationRef | null {
  const id = firstText(app.id, app.app_id);
  if (id === null) return null;
  return automationRef(appKind(app), id, {
    name: text(app.name, 256),
    isVerified: bool(app.is_directory_approved),
  });
}

function appKind(app: Raw): AutomationKind {
  if (bool(app.is_workflow_app) === true) return "workflow";
  const scopes = scopesOf(app);
  return scopes.length === 1 && scopes[0] === "incoming-webhook" ? "webhook" : "oauth_app";
}

function scopesOf(app: Raw): string[] {
  return [...new Set([...texts(app.scopes), ...texts(app.bot_scopes), ...texts(app.scopes_bot)])];
}

/** Which automation an entry is about: the entity where it is an app or workflow, else the details' app or MCP server. */
function subjectOf(action: string, entity: Raw, details: Raw, context: Raw): AutomationRef | null {
  const server = mcpServer(action, entity, details);
  if (server !== null) return server;
  if (isObject(entity.app)) {
    const ref = appRef(entity.app);
    if (ref === null) return null;
    if (action.startsWith("agentforce_agent")) ref.kind = "ai_agent";
    ref.isInternal = bool(details.is_internal_integration);
    return ref;
  }
  for (const type of ["workflow", "workflow_v2", "function"] as const) {
    const flow = object(entity[type]);
    const id = firstText(flow.id, flow.app_id);
    if (id !== null) {
      return automationRef("workflow", id, { name: firstText(flow.name, flow.title) });
    }
  }
  // app_scopes_expanded and its like name the workspace as entity and the app, if at all, in details or context.
  if (/^(app|org_app|bot)_/.test(action)) {
    const app = isObject(details.app) ? details.app : context.app;
    const id = firstText(object(app).id, details.app_id, details.bot_id);
    if (id !== null) {
      return automationRef("oauth_app", id, {
        name: firstText(object(app).name, details.app_name),
        isInternal: bool(details.is_internal_integration),
      });
    }
  }
  return null;
}

function mcpServer(action: string, entity: Raw, details: Raw): AutomationRef | null {
  if (!/mcp_server|mcp_connector/.test(action)) return null;
  const id = firstText(
    details.mcp_server_id,
    details.server_id,
    details.connector_id,
    object(entity.mcp_server).id,
    object(entity.app).id,
    details.mcp_server_url,
    details.server_url,
  );
  if (id === null) return null;
  return automationRef("mcp_connector", id, {
    name: firstText(
      details.mcp_server_name,
      details.server_name,
      details.connector_name,
      object(entity.mcp_server).name,
      object(entity.app).name,
    ),
    domains: hostsOf([details.mcp_server_url, details.server_url, details.url]),
  });
}

function targetOf(entity: Raw): Target | null {
  const type = text(entity.type, 64);
  if (type === null) return null;
  const what = object(entity[type]);
  const id = firstText(what.id, what.channel, what.email);
  if (id === null) return null;
  return { type, id, name: firstText(what.name, what.title, what.email, what.domain) };
}

function outcomeOf(action: string): AuditEvent["outcome"] {
  if (/_failed$|_failure$/.test(action)) return "failure";
  if (/_blocked|_denied|_declined$/.test(action)) return "denied";
  return "success";
}

interface Parts {
  entity: Raw;
  details: Raw;
  subject: AutomationRef | null;
  actor: Actor;
}

const CHANGES: ReadonlyMap<string, Change["kind"]> = new Map(
  Object.entries({
    app_installed: "installed",
    org_app_installed: "installed",
    org_app_workspace_added: "installed",
    cli_app_install: "installed",
    child_app_auto_installed: "installed",
    app_deployed: "installed",
    app_uninstalled: "uninstalled",
    org_app_uninstalled: "uninstalled",
    app_deleted: "deleted",
    app_approved: "approved",
    app_restricted: "restricted",
    app_removed_from_whitelist: "restricted",
    app_scopes_expanded: "scopes_added",
    bot_token_upgraded: "scopes_added",
    app_resources_added: "scopes_added",
    app_resources_granted: "scopes_added",
    app_collaborator_added: "owner_added",
    app_collaborator_removed: "owner_removed",
    app_manifest_created: "created",
    app_manifest_updated: "updated",
    workflow_created: "created",
    workflow_published: "published",
    workflow_v2_published: "published",
    workflow_modified: "updated",
    workflow_deleted: "deleted",
    workflow_trigger_permission_set: "updated",
    workflow_trigger_permission_added: "updated",
    workflow_trigger_suspicious_keyword: "flagged_by_vendor",
    workflow_ai_answer_suspicious_prompt: "flagged_by_vendor",
    anomaly: "flagged_by_vendor",
    app_mcp_server_added: "mcp_changed",
    app_mcp_server_updated: "mcp_changed",
    app_mcp_server_acl_changed: "mcp_changed",
    app_mcp_server_auth_strategy_set: "mcp_changed",
    slack_ai_mcp_connector_changed: "mcp_changed",
    slack_ai_mcp_tool_permission_changed: "mcp_changed",
    salesforce_mcp_server_enabled: "mcp_changed",
    salesforce_mcp_server_acl_updated: "mcp_changed",
    salesforce_mcp_server_config_updated: "mcp_changed",
    agentforce_agent_activated: "enabled",
    agentforce_agent_deactivated: "disabled",
    agentforce_agent_actions_updated: "agent_changed",
    role_change_to_admin: "role_assigned",
    role_change_to_owner: "role_assigned",
    role_assigned: "role_assigned",
    owner_transferred: "role_assigned",
    guest_created: "guest_invited",
    role_removed: "role_removed",
    role_change_to_user: "role_removed",
    file_public_link_created: "made_public",
    external_shared_channel_connected: "shared_externally",
    corporate_exports_approved: "export_started",
    corporate_exports_enabled: "export_started",
    audit_logs_export_csv_started: "export_started",
    audit_logs_export_json_started: "export_started",
    native_dlp_rule_deactivated: "policy_relaxed",
    ekm_unenrolled: "policy_relaxed",
    "pref.app_whitelist_enabled": "policy_relaxed",
  } satisfies Record<string, Change["kind"]>),
);

/** Exports of conversations; analytics and settings exports hold none. */
const EXPORT =
  /^(manual|scheduled|channels|manual_user|channel_audit|search_query_audit_logs)_export_(started|completed|downloaded)$/;

function changeOf(action: string, { entity, details, subject, actor }: Parts): Change | null {
  const exported = EXPORT.exec(action);
  if (exported !== null) {
    const stage = exported[2];
    const kind =
      stage === "started"
        ? "export_started"
        : stage === "completed"
          ? "export_completed"
          : "export_downloaded";
    return change(kind, { detail: firstText(details.export_type, exported[1]) });
  }
  const kind = CHANGES.get(action);
  if (kind === undefined) return null;
  if (kind === "scopes_added") return scopesAdded(details);
  if (action.startsWith("workflow_trigger_permission")) return triggerOpened(kind, details);
  if (action === "app_manifest_updated") {
    // A manifest lists the scopes that the app asks for from now on: more of them are what a reader has to know.
    const made = scopesAdded(details);
    return (made.addedScopes ?? []).length > 0 ? made : change(kind, {});
  }
  if (kind === "owner_added" || kind === "owner_removed") {
    const user = object(isObject(entity.user) ? entity.user : details.user);
    return change(kind, {
      principal:
        firstText(
          user.email,
          user.id,
          details.collaborator,
          details.collaborator_id,
          details.user_id,
        )?.toLowerCase() ?? null,
    });
  }
  if (kind === "flagged_by_vendor") {
    return change(kind, {
      detail: texts(details.reason).join(", ") || firstText(details.suspicious_keywords, action),
    });
  }
  if (kind === "guest_invited") {
    const guest = object(entity.user);
    return change(kind, { principal: firstText(guest.email, guest.id)?.toLowerCase() ?? null });
  }
  if (kind === "role_assigned" || kind === "role_removed") {
    const target = object(entity.user);
    return change(kind, {
      principal: firstText(target.email, target.id, details.target_user)?.toLowerCase() ?? null,
      detail:
        action === "owner_transferred"
          ? "primary owner"
          : firstText(object(entity.role).name, action.replace("role_change_to_", "")),
    });
  }
  if (kind === "installed" || kind === "approved") {
    const isWide = action.startsWith("org_app") || kind === "approved";
    return change(kind, {
      scopes: isObject(entity.app) ? scopesOf(entity.app) : [],
      consent: isWide ? "admin" : "user",
      principal: isWide || subject === null ? null : actor.id || null,
      detail: text(details.approval_type, 128),
    });
  }
  return change(kind, { detail: firstText(details.type, details.value, details.change_type) });
}

/** Who may start a workflow, and by what: once everybody may, it is as good as published. */
function triggerOpened(kind: Change["kind"], details: Raw): Change {
  const permission = firstText(details.permission_type, details.permission);
  const trigger = firstText(details.trigger_type, object(details.trigger_config).type);
  const detail = [trigger, permission].filter((part) => part !== null).join(" trigger: ");
  return change(permission === "everyone" ? "published" : kind, { detail: detail || null });
}

function scopesAdded(details: Raw): Change {
  const before = texts(details.previous_scopes);
  const after = texts(details.new_scopes);
  const known = new Set(before);
  const hasBefore = "previous_scopes" in details || "new_scopes" in details;
  return change("scopes_added", {
    scopes: [...new Set([...before, ...after])],
    addedScopes: hasBefore ? after.filter((scope) => !known.has(scope)) : null,
    consent: "unknown",
    detail: firstText(details.granted_scope_type, details.export_type),
  });
}

/** `date` is a string of seconds; app rows carry app_id and app_type, services service_id and service_type. */
function integrationLog(raw: Raw): AuditEvent {
  const action = text(raw.change_type, 64) ?? "unknown";
  const isService = text(raw.service_id) !== null && text(raw.app_id) === null;
  const name = firstText(isService ? raw.service_type : raw.app_type, raw.rss_feed_title);
  const id = firstText(raw.app_id, raw.service_id);
  const isWebhook = /webhook/i.test(name ?? "");
  const subject =
    id === null ? null : automationRef(isWebhook ? "webhook" : "oauth_app", id, { name });
  const by = person(null, text(raw.user_id, 128), { name: text(raw.user_name, 256) });
  const scopes = texts(raw.scope);
  const kind = INTEGRATION_CHANGES.get(action) ?? "updated";
  return auditEvent("slack", "slack:api:team.integrationLogs", action, {
    at: parseTime(raw.date),
    class: INTEGRATION_CLASSES.get(action) ?? "edit",
    actor: by,
    subject,
    target: id === null ? null : { type: isService ? "service" : "app", id, name },
    outcome: "success",
    change: change(kind, {
      scopes,
      consent: kind === "installed" ? "user" : null,
      principal: by.id || null,
      detail: firstText(raw.reason, raw.resolution),
    }),
  });
}

const INTEGRATION_CHANGES: ReadonlyMap<string, Change["kind"]> = new Map(
  Object.entries({
    added: "installed",
    removed: "uninstalled",
    enabled: "enabled",
    disabled: "disabled",
    updated: "updated",
    expanded: "scopes_added",
  } satisfies Record<string, Change["kind"]>),
);
const INTEGRATION_CLASSES: ReadonlyMap<string, ActionClass> = new Map(
  Object.entries({
    added: "install",
    removed: "uninstall",
    enabled: "install",
    disabled: "uninstall",
  } satisfies Record<string, ActionClass>),
);

/** Run logs of workflow and function apps; `payload.tool_name` marks an MCP tool call. */
function appActivity(raw: Raw): AuditEvent {
  const payload = object(raw.payload);
  const tool = text(payload.tool_name, 256);
  const appId = firstText(raw.app_id, payload.app_id);
  const actor = firstText(payload.actor, payload.user_id);
  const isAgent = tool !== null;
  return auditEvent(
    "slack",
    "slack:api:admin.apps.activities.list",
    text(raw.event_type, 256) ?? "unknown",
    {
      at: parseTime(raw.created),
      class: isAgent ? "tool_call" : "run",
      actor: actor === null ? UNKNOWN_ACTOR : person(null, actor),
      automation:
        appId === null
          ? null
          : automationRef(isAgent ? "mcp_connector" : "workflow", appId, {
              name: firstText(payload.server_name, payload.workflow_name, payload.function_name),
            }),
      target:
        tool === null ? null : { type: "tool", id: tool, name: text(payload.server_name, 256) },
      traits: traitsWhere({ scheduled: isScheduled(payload) }),
      outcome: activityOutcome(raw, payload),
    },
  );
}

function isScheduled(payload: Raw): boolean {
  const trigger = firstText(payload.trigger_type, object(payload.trigger).type);
  return trigger !== null && /schedul/i.test(trigger);
}

function activityOutcome(raw: Raw, payload: Raw): AuditEvent["outcome"] {
  if (text(payload.http_status_code) === "429") return "throttled";
  const level = text(raw.level, 32)?.toLowerCase();
  if (text(payload.error) !== null || level === "error" || level === "fatal") return "failure";
  return "success";
}
