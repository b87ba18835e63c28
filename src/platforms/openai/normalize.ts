/** OpenAI audit log records to audit events. */

import { hostsOf } from "#base/host.ts";
import { clip, firstText, isObject, list, object, type Raw, text, texts } from "#base/raw.ts";
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
import { classify } from "./actions.ts";
import { stateService } from "./inventory.ts";

const SERVICE = "openai:audit";

/** An audit record says so in `object`, or, as newer pages do not, has a type and an `effective_at`. */
export function detect(raw: Raw): string | null {
  if (raw.object === "organization.audit_log") return SERVICE;
  if (typeof raw.type === "string" && "effective_at" in raw && !("action" in raw)) return SERVICE;
  return stateService(raw);
}

export function normalize(raw: Raw): AuditEvent[] {
  const action = text(raw.type, 256) ?? "unknown";
  const who = object(raw.actor);
  const session = object(who.session);
  const network = object(session.ip_address_details);
  const details = detailsOf(raw, action);
  const { actor, automation } = actorOf(who);
  const subject = subjectOf(action, details);
  return [
    auditEvent("openai", SERVICE, action, {
      id: text(raw.id, 512) ?? "",
      at: parseTime(raw.effective_at),
      class: classify(action),
      actor,
      automation,
      subject,
      target: targetOf(action, details, raw),
      client: {
        ip: text(session.ip_address, 64),
        asn: digits(network.asn),
        country: text(network.country, 64),
        userAgent: text(session.user_agent, 512),
      },
      outcome: /failed$|failure$/.test(action) ? "failure" : "success",
      change: changeOf(action, details),
    }),
  ];
}

/** An AS number as digits, with or without the letters before it. */
function digits(value: unknown): string | null {
  return /^(?:AS)?(\d{1,10})$/i.exec(text(value, 32) ?? "")?.[1] ?? null;
}

/** The details stand under the type's own name, as the API writes it or with underscores as collectors do. */
function detailsOf(raw: Raw, action: string): Raw {
  const own = raw[action];
  if (isObject(own)) return own;
  const flat = raw[action.replaceAll(".", "_")];
  return isObject(flat) ? flat : object(raw.details);
}

interface Acting {
  actor: Actor;
  automation: AutomationRef | null;
}

/** A person in a session, a person through a key, or a service account through a key. */
function actorOf(who: Raw): Acting {
  const session = object(who.session);
  const key = object(who.api_key);
  const keyId = text(key.id, 512);
  const account = text(object(key.service_account).id, 512);
  if (isObject(who.api_key)) {
    const aliases = account === null || account === keyId ? [] : [account];
    const automation =
      keyId !== null
        ? automationRef("api_key", keyId, { aliases, isInternal: true })
        : account !== null
          ? automationRef("service_account", account, { isInternal: true })
          : null;
    const user = object(key.user);
    const by = person(text(user.email, 256), text(user.id, 512));
    if (by !== UNKNOWN_ACTOR) return { actor: by, automation };
    const native = account ?? keyId;
    return { actor: native === null ? UNKNOWN_ACTOR : machine(native, null), automation };
  }
  const user = isObject(session.user) ? session.user : object(who.user);
  return { actor: person(text(user.email, 256), text(user.id, 512)), automation: null };
}

/** What an event is about when that is an automation: a key, a service account, a connector, a tunnel to an MCP server. */
function subjectOf(action: string, details: Raw): AutomationRef | null {
  const id = text(details.id, 512);
  const data = payload(details);
  const name = text(firstText(data.name, details.name), 512);
  const connector = text(details.connector_id, 512);
  if (connector !== null) {
    return automationRef("mcp_connector", connector, { name: text(details.connector_name, 512) });
  }
  const mapped = text(firstText(details.service_account_id, data.service_account_id), 512);
  if (mapped !== null) return automationRef("service_account", mapped, { isInternal: true });
  if (id === null) return null;
  if (action.startsWith("api_key.") || action.startsWith("admin_api_key.")) {
    return automationRef("api_key", id, { name, isInternal: true });
  }
  if (action.startsWith("service_account.")) {
    return automationRef("service_account", id, { name, isInternal: true });
  }
  if (action.startsWith("tunnel.")) {
    return automationRef("mcp_connector", id, {
      name,
      isInternal: true,
      domains: hostsOf([data.url, data.server_url]),
    });
  }
  return null;
}

/** What was asked for: `data` when something was made, `changes_requested` when it was changed. */
function payload(details: Raw): Raw {
  return isObject(details.data) ? details.data : object(details.changes_requested);
}

function targetOf(action: string, details: Raw, raw: Raw): Target | null {
  const dot = action.indexOf(".");
  const type = clip(dot < 0 ? action : action.slice(0, dot), 64);
  const data = payload(details);
  const name = text(
    firstText(data.name, data.title, data.email, details.name, data.group_name),
    512,
  );
  const id = text(details.id, 512);
  if (id !== null) return { type, id, name };
  const project = object(raw.project);
  const projectId = text(project.id, 512);
  return projectId === null
    ? null
    : { type: "project", id: projectId, name: text(project.name, 512) };
}

function scopesOf(value: unknown): string[] {
  return texts(value).map((scope) => clip(scope, 512));
}

function changeOf(action: string, details: Raw): Change | null {
  const data = payload(details);
  switch (action) {
    case "api_key.created":
    case "admin_api_key.created":
      return change("credential_added", { scopes: scopesOf(data.scopes), detail: "API key" });
    case "api_key.updated":
    case "admin_api_key.updated":
      // The record holds the scopes after the change and not those before it.
      return "scopes" in data
        ? change("scopes_added", { scopes: scopesOf(data.scopes), detail: "API key" })
        : change("updated", { detail: keysOf(data) });
    case "api_key.deleted":
    case "admin_api_key.deleted":
      return change("credential_removed", { detail: "API key" });
    case "service_account.created":
      return change("created", { detail: text(data.role) });
    case "service_account.updated":
    case "user.updated":
      return text(data.role) === null
        ? change("updated", { detail: keysOf(data) })
        : change("role_assigned", { principal: text(details.id, 512), detail: text(data.role) });
    case "user.added":
      return change("role_assigned", { principal: text(details.id, 512), detail: text(data.role) });
    case "service_account.deleted":
      return change("deleted");
    case "role.assignment.created":
    case "role.assignment.deleted":
      return change(action.endsWith("created") ? "role_assigned" : "role_removed", {
        principal: text(details.principal_id, 512),
        detail: firstText(details.role_name, details.role_id, details.id),
      });
    case "role.updated":
      return change("updated", {
        scopes: scopesOf(data.permissions_added),
        addedScopes: scopesOf(data.permissions_added),
        detail: firstText(data.role_name, details.id),
      });
    case "role.bound_to_resource":
    case "role.unbound_from_resource":
      return change("mcp_changed", { scopes: scopesOf(details.permissions), detail: action });
    case "tunnel.created":
    case "tunnel.updated":
    case "tunnel.deleted":
      return change("mcp_changed", { detail: action });
    case "organization.updated":
      return organizationChange(data);
    case "ip_allowlist.updated":
    case "ip_allowlist.created":
      return allowlist(action, details);
  }
  const kind = SETTINGS.get(action);
  if (kind !== undefined) return change(kind, { detail: settingDetail(action, details) });
  if (action.includes("workload_identity") && action.endsWith(".created")) {
    return change("federation_added", {
      destination: firstText(data.issuer, data.issuer_url),
      detail: action,
    });
  }
  return null;
}

const SETTINGS: ReadonlyMap<string, Change["kind"]> = new Map<string, Change["kind"]>([
  ["ip_allowlist.deleted", "policy_relaxed"],
  ["ip_allowlist.config.activated", "policy_tightened"],
  ["ip_allowlist.config.deactivated", "policy_relaxed"],
  ["rate_limit.updated", "updated"],
  ["rate_limit.deleted", "policy_relaxed"],
  ["scim.enabled", "policy_tightened"],
  ["scim.disabled", "policy_relaxed"],
  ["certificate.created", "credential_added"],
  ["certificate.deleted", "credential_removed"],
  ["certificates.activated", "policy_tightened"],
  ["certificates.deactivated", "policy_relaxed"],
  ["external_key.registered", "credential_added"],
  ["external_key.removed", "credential_removed"],
]);

function settingDetail(action: string, details: Raw): string {
  const names = list(details.configs ?? details.certificates)
    .map((config) => firstText(object(config).name, object(config).id))
    .filter((name) => name !== null);
  const changed = keysOf(object(details.changes_requested));
  const said = changed ?? firstText(details.name) ?? names.slice(0, 8).join(", ");
  return clip(said === "" ? action : `${action}: ${said}`, 1_024);
}

/** A list that lets the whole internet in is no list. */
function allowlist(action: string, details: Raw): Change {
  const ips = texts(details.allowed_ips);
  const isOpen = ips.some((ip) => ip.startsWith("0.0.0.0") || ip === "::/0" || ip === "::");
  const kind = isOpen
    ? "policy_relaxed"
    : action.endsWith("created")
      ? "policy_tightened"
      : "updated";
  return change(kind, {
    destination: ips.length === 0 ? null : clip(ips.join(", "), 1_024),
    detail: firstText(details.name, action),
  });
}

function organizationChange(data: Raw): Change {
  const logging = text(data.api_call_logging, 64);
  if (logging === "disabled") return change("logging_impaired", { detail: "api_call_logging" });
  return change("updated", { detail: keysOf(data) });
}

function keysOf(data: Raw): string | null {
  const keys = Object.keys(data);
  return keys.length === 0 ? null : clip(keys.slice(0, 16).join(", "), 1_024);
}
