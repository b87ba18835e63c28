/** What every record of the unified audit log has: time, actor, acting app, client and outcome. */

import { bool, firstText, object, type Raw, text } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import type { AutomationRef } from "#contract/automation.ts";
import {
  type Actor,
  type AuditEvent,
  auditEvent,
  machine,
  type Outcome,
  traitsWhere,
  UNKNOWN_ACTOR,
} from "#contract/event.ts";
import { classifyUnified } from "./actions.ts";
import { actionOf } from "./directory-record.ts";
import { appActor, appRef, entry, firstId, ipOf, isGuid, NIL, recordId, userActor } from "./ids.ts";

export function unifiedBase(raw: Raw, service: string): AuditEvent {
  const action = actionOf(raw.Operation ?? raw.Operations);
  const automation = actingApp(raw);
  return auditEvent("microsoft", service, action, {
    id: recordId(raw.Id ?? raw.OfficeId),
    at: parseTime(raw.CreationTime ?? raw.TimeGenerated ?? raw.CreationDate),
    class: classifyUnified(action),
    actor: actorOf(raw, automation),
    automation,
    client: {
      ip: unifiedIp(raw),
      asn: null,
      country: text(raw.ClientRegion, 64),
      userAgent: text(raw.UserAgent ?? raw.ClientUserAgent ?? raw.ClientInfoString, 512),
    },
    session: sessionOf(raw),
    traits: traitsWhere({
      unmanaged: bool(raw.IsManagedDevice) === false,
      // A delegate, an administrator or an app in somebody else's mailbox.
      on_behalf: text(raw.LogonType, 8) === "1" || text(raw.LogonType, 8) === "2",
    }),
    outcome: outcomeOf(raw),
  });
}

/** Sessions go by the same id in sign-ins, mailboxes and files; tokens of apps have one of their own. */
function sessionOf(raw: Raw): string | null {
  const context = object(raw.AppAccessContext);
  const found = firstText(
    context.AADSessionId,
    raw.SessionId,
    entry(raw.DeviceProperties, "SessionId"),
    context.UniqueTokenId,
  );
  return found === null || found === NIL ? null : found.slice(0, 256);
}

function unifiedIp(raw: Raw): string | null {
  return (
    ipOf(raw.ClientIP) ??
    ipOf(raw.ClientIPAddress) ??
    ipOf(raw.Client_IPAddress) ??
    ipOf(raw.ActorIpAddress)
  );
}

/** Records of what happened carry no status in SharePoint and Teams: they are written after the fact. */
export function outcomeOf(raw: Raw): Outcome {
  const status = text(raw.ResultStatus ?? raw.Status, 64)?.toLowerCase() ?? null;
  if (status === null) return "success";
  if (status === "false" || status.startsWith("fail") || status === "error") return "failure";
  if (status.includes("denied") || status.includes("unauthorized") || status === "blocked") {
    return "denied";
  }
  return "success";
}

/** The OAuth client through which the action came, wherever the workload writes it. */
function actingApp(raw: Raw): AutomationRef | null {
  const context = object(raw.AppAccessContext);
  const userId = text(raw.UserId, 320);
  const isPrincipal = userId?.startsWith("ServicePrincipal_") === true;
  const id = firstId(raw.ClientAppId, context.ClientAppId, raw.ApplicationId, raw.AppId);
  const objectId = isPrincipal ? firstId(userId?.slice(17)) : null;
  const isAppOnly = isApp(raw.UserType) || userId?.toLowerCase() === "app@sharepoint";
  return appRef(
    "oauth_app",
    // App-only records of Exchange name the app as the user.
    id ??
      (isAppOnly && userId !== null && isGuid(userId)
        ? userId.toLowerCase()
        : keyApp(raw, isAppOnly)),
    objectId,
    { name: nameOf(context.ClientAppName) ?? nameOf(raw.ApplicationDisplayName) },
  );
}

/** SharePoint's user key of an app-only call: `i:0i.t|00000003-0000-0ff1-ce00-…|<client id>@<tenant>`. */
function keyApp(raw: Raw, isAppOnly: boolean): string | null {
  const key = isAppOnly ? text(raw.UserKey, 320) : null;
  if (key === null) return null;
  const id = key.slice(key.lastIndexOf("|") + 1).split("@", 1)[0] ?? "";
  return isGuid(id) ? id.toLowerCase() : null;
}

function nameOf(value: unknown): string | null {
  const name = text(value, 512);
  return name === "Unknown" ? null : name;
}

function isApp(type: unknown): boolean {
  return (
    type === 5 ||
    type === 6 ||
    type === "5" ||
    type === "6" ||
    type === "Application" ||
    type === "ServicePrincipal"
  );
}

function isSystem(type: unknown): boolean {
  return (
    type === 4 ||
    type === 8 ||
    type === "4" ||
    type === "8" ||
    type === "System" ||
    type === "SystemPolicy"
  );
}

function actorOf(raw: Raw, app: AutomationRef | null): Actor {
  const id = text(raw.UserId ?? raw.UserIds, 320) ?? text(raw.UserKey, 320);
  if (id === null) return isApp(raw.UserType) ? appActor(app, null) : UNKNOWN_ACTOR;
  const lower = id.toLowerCase();
  if (id.startsWith("ServicePrincipal_") || isApp(raw.UserType) || lower === "app@sharepoint") {
    return appActor(app, lower);
  }
  if (isSystem(raw.UserType) || /^(nt authority|nt service|sharepoint\\|s-1-5-18$)/.test(lower)) {
    return machine(lower, id, "system");
  }
  const key = text(raw.UserKey, 128);
  const actor = userActor(id, key !== null && isGuid(key) ? key.toLowerCase() : null, null);
  const isGuest = raw.UserType === 10 || raw.UserType === "10" || raw.UserType === "Guest";
  return isGuest ? { ...actor, isGuest: true } : actor;
}
