/** Copilot, agents and connected AI apps: what was asked, read and called, and attacks that Microsoft saw in it. */

import { bool, firstText, isObject, list, object, type Raw, text } from "#base/raw.ts";
import type { AutomationRef } from "#contract/automation.ts";
import {
  type ActionClass,
  type AuditEvent,
  type Change,
  change,
  type Trait,
  withTraits,
} from "#contract/event.ts";
import { asObject } from "./directory-record.ts";
import { appRef, firstId } from "./ids.ts";

/** Resources and plugins of one record that get an event of their own; the rest is counted on the last one. */
const PARTS_MAX = 64;

/** The prompt, then one event for each resource that was touched and each plugin that was called. */
export function copilot(event: AuditEvent, raw: Raw): AuditEvent[] {
  const data = asObject(raw.CopilotEventData ?? raw.AIAppEventData ?? raw.EventData);
  const agent = agentOf(raw, data, event.action);
  event.automation = agent;
  event.class = "prompt";
  const thread = text(data.ThreadId ?? raw.ThreadId, 512);
  if (thread !== null) event.target = { type: "thread", id: thread, name: text(data.AppHost, 512) };
  event.change = flagged(data);
  // One conversation: what was read and what was called in it belong together.
  event.session = thread === null ? event.session : thread.slice(0, 256);
  event.traits = withTraits(event, promptTraits(data));
  const events = [event];
  for (const resource of list(data.AccessedResources)) {
    if (!isObject(resource)) continue;
    const id = firstText(resource.SiteUrl, resource.Id, resource.ID, resource.Name);
    if (id === null) continue;
    part(
      events,
      event,
      "r",
      classOf(text(resource.Action, 64)),
      {
        type: text(resource.Type, 64) ?? "resource",
        id: id.slice(0, 512),
        name: text(resource.Name, 512),
      },
      text(resource.Status, 64),
      resourceTraits(resource),
    );
  }
  for (const plugin of list(data.AISystemPlugin ?? data.AIPlugins)) {
    const id = firstText(object(plugin).Id, object(plugin).ID, object(plugin).Name);
    if (id === null) continue;
    part(
      events,
      event,
      "p",
      "tool_call",
      {
        type: "plugin",
        id: id.slice(0, 512),
        name: text(object(plugin).Name, 512),
      },
      null,
      NO_CLAIMS,
    );
  }
  return events;
}

function part(
  events: AuditEvent[],
  first: AuditEvent,
  mark: string,
  kind: ActionClass,
  target: NonNullable<AuditEvent["target"]>,
  status: string | null,
  claims: Claims,
): void {
  const last = events.at(-1);
  if (events.length > PARTS_MAX && last !== undefined) {
    last.count++;
    return;
  }
  events.push({
    ...first,
    id: first.id === "" ? "" : `${first.id}/${mark}${events.length}`,
    class: kind,
    target,
    outcome: status !== null && /fail|denied|block/i.test(status) ? "denied" : first.outcome,
    traits: withTraits({ traits: [] }, claims),
    change: null,
  });
}

type Claims = Readonly<Partial<Record<Trait, boolean>>>;
const NO_CLAIMS: Claims = {};

function promptTraits(data: Raw): Claims {
  const messages = list(data.Messages).map(object);
  const touched = [...list(data.AccessedResources), ...list(data.Contexts)].map(object);
  return {
    jailbreak: messages.some((message) => bool(message.JailbreakDetected) === true),
    injection: [...messages, ...touched].some((one) => bool(one.XPIADetected) === true),
  };
}

function resourceTraits(resource: Raw): Claims {
  const type = text(resource.Type, 64) ?? "";
  const url = firstText(resource.SiteUrl, resource.Url) ?? "";
  return {
    labelled: firstText(resource.SensitivityLabelId, resource.LabelId) !== null,
    injection: bool(resource.XPIADetected) === true,
    // Pages of the web, and what the record itself calls external.
    external_content:
      /^(web ?(page|site|search)?|external|internet)/i.test(type) ||
      bool(resource.IsExternal) === true ||
      (/^https?:/i.test(url) &&
        !/\.(sharepoint|office|microsoft|microsoft365|office365|live)\.com(\/|:|$)/i.test(url)),
  };
}

/**
 * The agent where the record names one; a custom agent's or connected app's identity; else the app that hosts Copilot.
 */
function agentOf(raw: Raw, data: Raw, action: string): AutomationRef | null {
  const identity = firstText(raw.AppIdentity, data.AppIdentity)?.slice(0, 256) ?? null;
  const isCustom = identity !== null && /^(copilot\.studio|aiapp|connectedaiapp)/i.test(identity);
  const agentId = firstText(raw.AgentId, data.AgentId)?.slice(0, 256) ?? null;
  const host = text(data.AppHost ?? raw.AppHost, 256);
  const app = firstId(raw.ClientAppId, object(raw.AppAccessContext).ClientAppId);
  const id = agentId ?? (isCustom ? identity : null) ?? host ?? identity;
  const given = firstText(raw.AgentName, data.AgentName)?.slice(0, 512) ?? null;
  return (
    appRef("ai_agent", id, isCustom && agentId !== null ? identity : null, {
      name: given ?? nameOf(id, host, action),
    }) ?? appRef("ai_agent", app, null)
  );
}

/** A host is the name of Copilot in it, or of a connected app; it is not the name of an agent that runs in it. */
function nameOf(id: string | null, host: string | null, action: string): string | null {
  if (host === null) return null;
  if (id === host) return /copilot/i.test(action) ? `Copilot (${host})` : host;
  return id !== null && /^(aiapp|connectedaiapp)/i.test(id) ? host : null;
}

function classOf(action: string | null): ActionClass {
  const verb = action?.toLowerCase() ?? "read";
  if (/create|upload|add/.test(verb)) return "create";
  if (/modif|edit|update|write/.test(verb)) return "edit";
  if (/delete/.test(verb)) return "delete";
  if (/send/.test(verb)) return "send";
  if (/search/.test(verb)) return "search";
  if (/share/.test(verb)) return "share";
  return "read";
}

/** Microsoft marks prompts that try to break out and resources that carry instructions of their own. */
function flagged(data: Raw): Change | null {
  const seen: string[] = [];
  for (const message of list(data.Messages)) {
    if (bool(object(message).JailbreakDetected) === true) seen.push("JailbreakDetected");
    if (bool(object(message).XPIADetected) === true) seen.push("XPIADetected");
    if (seen.length >= 8) break;
  }
  for (const resource of [...list(data.AccessedResources), ...list(data.Contexts)]) {
    if (seen.length >= 16) break;
    if (bool(object(resource).XPIADetected) !== true) continue;
    const name = firstText(object(resource).Name, object(resource).SiteUrl, object(resource).Id);
    seen.push(name === null ? "XPIADetected" : `XPIADetected in ${name.slice(0, 200)}`);
  }
  if (seen.length === 0) return null;
  return change("flagged_by_vendor", { detail: text(seen.join(", "), 1_024) });
}

/** Agents put in, changed, shared or blocked by an administrator (AgentAdminActivity, CopilotAgentManagement …). */
export function agentAdmin(event: AuditEvent, raw: Raw): void {
  const data = asObject(raw.AgentData ?? raw.CopilotEventData);
  const id = firstText(
    raw.AgentID,
    raw.AgentId,
    data.AgentID,
    data.AgentId,
    raw.AppId,
    raw.ObjectId,
  );
  const name =
    firstText(raw.AgentName, data.AgentName, raw.AppName, raw.DisplayName)?.slice(0, 512) ?? null;
  event.subject = appRef("ai_agent", id?.slice(0, 512) ?? null, null, { name });
  if (id !== null) event.target = { type: "agent", id: id.slice(0, 512), name };
  const action = event.action;
  const isForAll = bool(raw.ForAllUsers ?? data.ForAllUsers);
  const kind: Change["kind"] =
    /unblock|enable|activat/i.test(action) && !/deactivat|disable/i.test(action)
      ? "enabled"
      : /block|disable|deactivat/i.test(action)
        ? "disabled"
        : /delete|remove|uninstall/i.test(action)
          ? "deleted"
          : /publish/i.test(action)
            ? "published"
            : /install|deploy|approve/i.test(action)
              ? "installed"
              : /create/i.test(action)
                ? "created"
                : "agent_changed";
  const isRemoval = kind === "disabled" || kind === "deleted";
  event.change = change(kind, {
    consent: isRemoval || isForAll === null ? null : isForAll ? "tenant" : "admin",
    detail: text(
      [action, raw.AgentType].filter((part) => typeof part === "string").join("; "),
      1_024,
    ),
  });
}
