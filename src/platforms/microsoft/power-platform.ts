/** Power Automate flows, Power Apps, Copilot Studio agents and the data policies over them. */

import { firstText, isObject, list, nested, object, type Raw, text } from "#base/raw.ts";
import type { AutomationRef } from "#contract/automation.ts";
import { type AuditEvent, type Change, change } from "#contract/event.ts";
import { appRef, idOf } from "./ids.ts";

export function powerPlatform(event: AuditEvent, raw: Raw): void {
  const properties = propertiesOf(raw);
  const subject = flowOf(raw) ?? agentOf(properties) ?? appOf(raw, properties);
  event.subject = subject;
  if (subject !== null) {
    const type =
      subject.kind === "ai_agent" ? "agent" : subject.kind === "workflow" ? "flow" : "app";
    event.target = { type, id: subject.nativeId, name: subject.name };
  }
  event.change = changeOf(event, raw);
}

/** `…/environments/<environment>/flows/<flow id>/details` */
function flowOf(raw: Raw): AutomationRef | null {
  const url = text(raw.FlowDetailsUrl, 2_048);
  const id = /\/flows\/([\w-]+)/i.exec(url ?? "")?.[1] ?? null;
  const given = firstText(id, raw.FlowId, raw.WorkflowId);
  if (given === null) return null;
  return appRef("workflow", given.toLowerCase().slice(0, 512), null, {
    name: firstText(raw.FlowDisplayName, raw.FlowName)?.slice(0, 512) ?? null,
    isInternal: true,
  });
}

/** Power Platform activity records keep their facts in a list of {Name, Value} with dotted names. */
function propertiesOf(raw: Raw): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const pairs = raw.PropertyCollection ?? raw.AdditionalInfo;
  for (const pair of list(typeof pairs === "string" ? nested(pairs) : pairs).slice(0, 256)) {
    if (!isObject(pair)) continue;
    const name = text(pair.Name ?? pair.name, 256)?.toLowerCase();
    const value = text(pair.Value ?? pair.value, 1_024);
    if (name !== undefined && value !== null) found.set(name, value);
  }
  return found;
}

function ending(properties: ReadonlyMap<string, string>, ends: readonly string[]): string | null {
  for (const [name, value] of properties) {
    if (ends.some((end) => name.endsWith(end))) return value;
  }
  return null;
}

function agentOf(properties: ReadonlyMap<string, string>): AutomationRef | null {
  const id = ending(properties, ["bot.id", "agent.id", "copilot.id", "botid", "agentid"]);
  if (id === null) return null;
  return appRef("ai_agent", id.toLowerCase().slice(0, 512), null, {
    name:
      ending(properties, [
        "bot.display_name",
        "bot.name",
        "agent.display_name",
        "agent.name",
      ])?.slice(0, 512) ?? null,
    isInternal: true,
  });
}

/** A Power App; `AdditionalInfo` carries its names. */
function appOf(raw: Raw, properties: ReadonlyMap<string, string>): AutomationRef | null {
  const info = object(
    typeof raw.AdditionalInfo === "string" ? nested(raw.AdditionalInfo) : raw.AdditionalInfo,
  );
  const id = firstText(raw.AppName, raw.PowerAppId, ending(properties, ["app.id", "powerapp.id"]));
  if (id === null) return null;
  return appRef("workflow", idOf(id)?.slice(0, 512) ?? null, null, {
    name:
      firstText(raw.AppDisplayName, info.displayName, info.AppDisplayName)?.slice(0, 512) ?? null,
    isInternal: true,
  });
}

function changeOf(event: AuditEvent, raw: Raw): Change | null {
  const action = event.action;
  const connectors = text(raw.FlowConnectorNames, 512);
  const detail = connectors === null ? null : `connectors: ${connectors}`;
  if (/dlp|connectorpolic|datapolic/i.test(action)) {
    event.class = "policy";
    const kind = /delete|remove/i.test(action)
      ? "policy_relaxed"
      : /create|add/i.test(action)
        ? "policy_tightened"
        : "updated";
    return change(kind, {
      detail: text(firstText(raw.PolicyName, raw.PolicyDisplayName, action), 1_024),
    });
  }
  if (/permission|share/i.test(action)) {
    const right = text(raw.SharingPermission ?? raw.PermissionType ?? raw.RoleName, 128);
    const principal = text(
      firstText(raw.RecipientUPN, raw.TargetPrincipalId, raw.PrincipalId)?.toLowerCase(),
      512,
    );
    const isRemoval = /delete|remove/i.test(action);
    const isOwner = /owner|edit|admin/i.test(right ?? "");
    if (isOwner || isRemoval)
      return change(isRemoval ? "owner_removed" : "owner_added", { principal, detail: right });
    return change("updated", { principal, detail: right ?? detail });
  }
  if (event.subject === null) return null;
  if (/publish/i.test(action)) return change("published", { detail });
  if (/^(create|new|add|import)|create$/i.test(action)) return change("created", { detail });
  if (/^delete|delete$/i.test(action)) return change("deleted", { detail });
  if (/^(enable|start|turnon)/i.test(action)) return change("enabled", { detail });
  if (/^(disable|stop|turnoff)/i.test(action)) return change("disabled", { detail });
  if (/auth/i.test(action)) return change("agent_changed", { detail: action });
  if (/edit|update|patch|rename/i.test(action)) {
    return change(event.subject.kind === "ai_agent" ? "agent_changed" : "updated", {
      detail: detail ?? action,
    });
  }
  return null;
}
