/** Anthropic activity feed to audit events. */

import { hostsOf } from "#base/host.ts";
import {
  bool,
  clip,
  firstText,
  isObject,
  list,
  number,
  object,
  type Raw,
  text,
  texts,
} from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import { type AutomationRef, automationRef } from "#contract/automation.ts";
import {
  type Actor,
  type AuditEvent,
  auditEvent,
  type Change,
  change,
  machine,
  person,
  type Target,
  UNKNOWN_ACTOR,
} from "#contract/event.ts";
import { classify, settingChange } from "./actions.ts";
import { stateService } from "./inventory.ts";

const SERVICE = "anthropic:activity";

/** An activity has a type, a time and an actor whose own type ends in `_actor`. */
export function detect(raw: Raw): string | null {
  const { type, actor } = raw;
  if (typeof type !== "string") return null;
  if (isObject(actor) && "created_at" in raw) {
    const kind = actor.type;
    if (typeof kind === "string" && kind.endsWith("_actor")) return SERVICE;
    if (typeof raw.id === "string" && raw.id.startsWith("activity_")) return SERVICE;
  }
  return stateService(raw);
}

export function normalize(raw: Raw): AuditEvent[] {
  const action = text(raw.type, 256) ?? "unknown";
  const who = object(raw.actor);
  const { actor, automation } = actorOf(who);
  const call = action === "compliance_api_accessed" ? complianceCall(raw) : null;
  const subject = subjectOf(action, raw);
  return [
    auditEvent("anthropic", SERVICE, action, {
      id: text(raw.id, 512) ?? "",
      at: parseTime(raw.created_at),
      class: call?.class ?? classify(action),
      actor,
      automation,
      subject,
      target: call?.target ?? targetOf(raw),
      client: {
        ip: text(who.ip_address, 64),
        asn: null,
        country: null,
        userAgent: text(who.user_agent, 512),
      },
      outcome: call?.outcome ?? outcomeOf(action, raw),
      change: changeOf(action, raw, actor),
    }),
  ];
}

interface Acting {
  actor: Actor;
  automation: AutomationRef | null;
}

/** Eleven kinds of actor are documented, more may come: an unknown one is known by the ids that it carries. */
function actorOf(who: Raw): Acting {
  const kind = text(who.type, 64);
  switch (kind) {
    case "api_actor":
      return acting("api_key", text(who.api_key_id, 512), null);
    case "admin_api_key_actor":
      return acting("api_key", text(who.admin_api_key_id, 512), null);
    case "service_account_actor":
      return acting("service_account", text(who.service_account_id, 512), null);
    case "scim_directory_sync_actor":
      return acting(
        "service_account",
        text(who.directory_id, 512),
        text(who.idp_connection_type, 512),
      );
    case "federated_identity_actor":
      return acting("service_account", text(who.subject, 512), text(who.issuer, 512));
    case "federated_actor":
      return federated(who);
    case "anthropic_actor":
    case "system_actor":
      return {
        actor: machine("anthropic", text(who.service, 512) ?? "Anthropic", "system"),
        automation: null,
      };
    default: {
      const email = text(firstText(who.email_address, who.unauthenticated_email_address), 256);
      const actor = person(email, text(who.user_id, 512));
      if (actor !== UNKNOWN_ACTOR) return { actor, automation: null };
      return acting("api_key", text(firstText(who.api_key_id, who.service_account_id), 512), null);
    }
  }
}

/** A workload of a cloud provider or of a registered issuer, known by the subject of its token. */
function federated(who: Raw): Acting {
  const provider = object(who.provider);
  const account = text(
    firstText(
      provider.signed_principal,
      provider.account_id,
      provider.subscription_id,
      provider.project_number,
      provider.issuer,
    ),
    512,
  );
  const id = text(firstText(who.subject, account), 512);
  return acting("service_account", id, account);
}

function acting(kind: AutomationRef["kind"], id: string | null, name: string | null): Acting {
  if (id === null) return { actor: UNKNOWN_ACTOR, automation: null };
  return { actor: machine(id, name), automation: automationRef(kind, id, { name }) };
}

/** Which automation an activity is about. Skills, plugins and commands are code that Claude runs: scripts. */
function subjectOf(action: string, raw: Raw): AutomationRef | null {
  if (action === "compliance_api_accessed") return null;
  const key = text(firstText(raw.admin_api_key_id, raw.service_key_id, raw.api_key_id), 512);
  if (key !== null) {
    return automationRef("api_key", key, {
      name: text(firstText(raw.key_name, raw.name, raw.service_name), 512),
      isInternal: true,
    });
  }
  const server = text(raw.mcp_server_id, 512);
  if (server !== null) {
    return automationRef("mcp_connector", server, {
      name: text(raw.mcp_server_name, 512),
      domains: hostsOf([raw.mcp_server_url, raw.url]),
    });
  }
  for (const what of ["skill", "plugin", "command"] as const) {
    const id = text(raw[`${what}_id`], 512);
    if (id !== null) return automationRef("script", id, { name: text(raw[`${what}_name`], 512) });
  }
  if (action.startsWith("service_")) {
    const name = text(raw.service_name, 512);
    return name === null
      ? null
      : automationRef("service_account", name, { name, isInternal: true });
  }
  const serviceAccount = text(raw.service_account_id, 512);
  if (serviceAccount !== null) {
    return automationRef("service_account", serviceAccount, {
      name: text(raw.service_account_name, 512),
      isInternal: true,
    });
  }
  if (action.startsWith("ccr_agent")) {
    const id = text(firstText(raw.agent_id, raw.ccr_agent_id), 512);
    return id === null
      ? null
      : automationRef("ai_agent", id, {
          name: text(firstText(raw.agent_name, raw.name), 512),
        });
  }
  if (action.includes("webhook")) {
    const id = text(raw.webhook_id, 512);
    return id === null ? null : automationRef("webhook", id, { domains: hostsOf([raw.url]) });
  }
  return integration(action, raw);
}

/** Claude's own connectors: those of the organization have an id, those of a person only a type. */
function integration(action: string, raw: Raw): AutomationRef | null {
  if (
    action.startsWith("claude_gdrive_integration") ||
    action.startsWith("claude_github_integration")
  ) {
    const id = text(raw.integration_id, 512);
    const name = action.startsWith("claude_gdrive") ? "Google Drive" : "GitHub";
    return id === null ? null : automationRef("oauth_app", id, { name });
  }
  const type = text(raw.integration_type, 256);
  return type === null ? null : automationRef("oauth_app", `integration:${type}`, { name: type });
}

const TARGETS: readonly (readonly [field: string, type: string, name: string])[] = [
  ["claude_project_document_id", "document", "filename"],
  ["claude_file_id", "file", "filename"],
  ["file_id", "file", "filename"],
  ["claude_artifact_id", "artifact", "title"],
  ["claude_chat_snapshot_id", "chat_snapshot", "name"],
  ["claude_chat_id", "chat", "name"],
  ["claude_project_id", "project", "name"],
  ["design_project_id", "project", "name"],
  ["mcp_server_id", "mcp_server", "mcp_server_name"],
  ["deleted_user_id", "user", "deleted_user_email"],
  ["user_id", "user", "user_email"],
  ["invited_email", "user", "invited_email"],
  ["invite_id", "invite", "invited_email"],
  ["workspace_id", "workspace", "workspace_name"],
  ["group_id", "group", "group_name"],
  ["role_id", "role", "role_name"],
  ["target_id", "principal", "target_id"],
  ["ghe_configuration_id", "ghe_configuration", "name"],
  ["marketplace_id", "marketplace", "name"],
  ["share_id", "session_share", "name"],
  ["connection_id", "sso_connection", "connection_type"],
  ["domain", "domain", "domain"],
  ["spend_limit_id", "spend_limit", "name"],
];

function targetOf(raw: Raw): Target | null {
  for (const [field, type, name] of TARGETS) {
    const id = text(raw[field], 512);
    if (id !== null) return { type, id, name: text(raw[name], 512) };
  }
  return null;
}

function outcomeOf(action: string, raw: Raw): AuditEvent["outcome"] {
  if (action.endsWith("_access_failed") || /_denied$|_blocked$/.test(action)) return "denied";
  if (action.endsWith("_failed")) return "failure";
  const result = text(raw.result, 32);
  if (result === "rejected" || result === "failed" || result === "failure") return "failure";
  return "success";
}

/** What a call to the Compliance API did: the feed itself is a log, the other paths hold people's chats and files. */
function complianceCall(raw: Raw): Pick<AuditEvent, "class" | "outcome" | "target"> {
  const url = text(raw.url, 2_048) ?? "";
  const query = url.indexOf("?");
  const path = query < 0 ? url : url.slice(0, query);
  const method = text(raw.request_method, 16);
  const status = number(raw.status_code);
  return {
    class: method === "DELETE" ? "delete" : readClass(path),
    outcome: statusOutcome(status),
    target: path === "" ? null : { type: "api", id: path.slice(0, 512), name: null },
  };
}

function readClass(path: string): AuditEvent["class"] {
  if (path.endsWith("/content")) return "download";
  if (/\/(users|groups|organizations|roles|members)\/?$/.test(path)) return "enumerate";
  return "read";
}

function statusOutcome(status: number | null): AuditEvent["outcome"] {
  if (status === null) return "unknown";
  if (status === 429) return "throttled";
  if (status === 401 || status === 403) return "denied";
  return status >= 400 ? "failure" : "success";
}

function changeOf(action: string, raw: Raw, actor: Actor): Change | null {
  if (action.startsWith("mcp_")) return mcpChange(action, raw);
  const isKey = action.includes("api_key_") || action.includes("service_key_");
  if (isKey && action.endsWith("_created")) {
    return change("credential_added", {
      scopes: texts(raw.scopes).map((scope) => clip(scope, 512)),
      detail: action.slice(0, -"_created".length),
    });
  }
  if (isKey && /_(deleted|revoked)$/.test(action))
    return change("credential_removed", { detail: action });
  if (isKey && action.endsWith("_updated")) return change("updated", { detail: updates(raw) });
  switch (action) {
    case "claude_code_runner_pool_secret_minted":
    case "inference_hooks_signing_secret_generated":
    case "github_token_import":
      return change("credential_added", { detail: action });
    case "role_assignment_granted":
    case "rbac_role_assigned":
    case "role_assignment_revoked":
    case "rbac_role_unassigned":
      return change(/granted$|_assigned$/.test(action) ? "role_assigned" : "role_removed", {
        principal: text(firstText(raw.target_id, raw.principal_id), 512),
        detail: firstText(raw.role, raw.role_name, raw.role_id),
      });
    case "claude_user_role_updated":
      return change("role_assigned", {
        principal: text(firstText(raw.user_email, raw.user_id), 512),
        detail: text(raw.current_role),
      });
    case "primary_owner_transferred":
      return change("role_assigned", {
        principal: text(firstText(raw.new_owner_email, raw.user_email, raw.user_id), 512),
        detail: "primary owner",
      });
    case "org_data_export_started":
      return change("export_started", { detail: "organization data" });
    case "org_data_export_completed":
      return change("export_completed", { detail: "organization data" });
    case "org_data_export_accessed":
      return change("export_downloaded", { detail: "organization data" });
    case "org_members_exported":
      return change("export_completed", { detail: "members" });
    case "claude_file_exported":
      return change("export_completed", {
        destination: firstText(raw.destination, raw.destination_type),
        detail: "file",
      });
    case "org_sso_toggled":
      return change(bool(raw.enabled) === false ? "policy_relaxed" : "policy_tightened", {
        detail: "SSO",
      });
    case "org_compliance_api_settings_updated":
      return complianceSettings(raw);
    case "integration_user_connected":
      return change("granted", { consent: "user", principal: actor.id || null });
    case "integration_user_disconnected":
      return change("revoked", { principal: actor.id || null });
    case "claude_chat_snapshot_created":
    case "claude_artifact_published":
    case "design_project_artifact_published":
      return change("published");
  }
  if (action.endsWith("_sharing_updated")) return sharing(raw);
  if (action.startsWith("ccr_agent"))
    return change("agent_changed", { detail: updates(raw) ?? action });
  const setting = settingChange(action);
  if (setting !== null) return change(setting, { detail: updates(raw) ?? action });
  return lifecycle(action);
}

function mcpChange(action: string, raw: Raw): Change {
  const tool = text(raw.tool_name, 256);
  const permission = text(raw.max_permission, 256) ?? "no limit";
  return change("mcp_changed", {
    destination: firstText(raw.mcp_server_url, raw.url),
    detail: tool === null ? (updates(raw) ?? action) : `${tool}: ${permission}`,
  });
}

function complianceSettings(raw: Raw): Change {
  const isOff =
    bool(raw.compliance_api_enabled) === false ||
    bool(raw.compliance_api_logging_enabled) === false;
  return change(isOff ? "logging_impaired" : "policy_tightened", { detail: "Compliance API" });
}

/** `audience` lists whom something is shared with; an entry that is neither person, group nor organization is the public. */
function sharing(raw: Raw): Change | null {
  let isPublic = false;
  let isWide = false;
  for (const entry of list(raw.audience)) {
    const type = text(isObject(entry) ? entry.type : entry, 64);
    if (type !== null && /public|anyone|link|internet/.test(type)) isPublic = true;
    if (type === "organization") isWide = true;
  }
  if (isPublic) return change("made_public");
  return isWide ? change("published", { detail: "organization" }) : null;
}

/** Extensions and integrations that come and go. */
function lifecycle(action: string): Change | null {
  const isExtension =
    /^(claude_(plugin|skill|command|gdrive|github)|marketplace|desktop_extension|service)_|_sync_source_|_webhook_/.test(
      action,
    );
  if (!isExtension) return null;
  if (/_(created|uploaded|provisioned)$/.test(action)) return change("created", { detail: action });
  if (action.endsWith("_deleted")) return change("deleted", { detail: action });
  if (action.endsWith("_enabled")) return change("enabled", { detail: action });
  if (action.endsWith("_disabled")) return change("disabled", { detail: action });
  return /_(updated|replaced)$/.test(action) ? change("updated", { detail: action }) : null;
}

/** Names of what an update touched: `updates` is a list of {type, …}, `updated_fields` a list of names. */
function updates(raw: Raw): string | null {
  const names: string[] = [];
  for (const update of list(raw.updates ?? raw.updated_fields)) {
    const name = isObject(update)
      ? firstText(update.type, update.field, update.name)
      : text(update, 128);
    if (name !== null && names.length < 16) names.push(name.slice(0, 48));
  }
  return names.length === 0 ? null : names.join(", ");
}
