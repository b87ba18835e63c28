/** Defender's advanced hunting tables, streamed or as query results, and Graph security alerts. */

import { bool, firstText, isObject, list, type Raw, text } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import {
  type AuditEvent,
  auditEvent,
  type Change,
  change,
  type Trait,
  traitsWhere,
  withTraits,
} from "#contract/event.ts";
import { classifyUnified } from "./actions.ts";
import { asObject } from "./directory-record.ts";
import { appActor, appRef, firstId, idOf, ipOf, recordId, userActor } from "./ids.ts";
import { unifiedAudit, unifiedService } from "./unified-audit.ts";

/** Whether an object is a row of a hunting table: alerts, cloud app events, or any table with an action type. */
export function isHuntingRow(raw: Raw): boolean {
  if (!("Timestamp" in raw)) return false;
  return (
    (typeof raw.ActionType === "string" &&
      ("ReportId" in raw ||
        "Application" in raw ||
        "DeviceId" in raw ||
        "AccountObjectId" in raw)) ||
    (typeof raw.AlertId === "string" &&
      ("Severity" in raw || "EntityType" in raw || "ServiceSource" in raw))
  );
}

export function hunting(raw: Raw, service: string): AuditEvent[] {
  const row = isObject(raw.properties) ? raw.properties : raw;
  const event = auditEvent("microsoft", service, actionOf(raw, row), {
    at: parseTime(row.Timestamp) ?? parseTime(raw.time ?? raw.TimeGenerated),
    outcome: "success",
  });
  if (typeof row.AlertId === "string") {
    alert(event, row, text(raw.category, 128) ?? "");
    return [event];
  }
  const inside = rawEvent(row, service);
  cloudApp(event, row);
  if (inside === null) return [event];
  // The unified audit record inside knows more; the table knows place, network provider and the OAuth app.
  const [first, ...rest] = inside;
  if (first === undefined) return [event];
  return [
    {
      ...first,
      traits: withTraits(first, { hosting: event.traits.includes("hosting") }),
      automation: first.automation ?? event.automation,
      actor: first.actor.kind === "unknown" ? event.actor : first.actor,
      client: {
        ...first.client,
        ip: first.client.ip ?? event.client.ip,
        country: event.client.country ?? first.client.country,
      },
    },
    ...rest,
  ];
}

function actionOf(raw: Raw, row: Raw): string {
  return firstText(row.ActionType, raw.operationName, row.Title)?.slice(0, 256) ?? "unknown";
}

function alert(event: AuditEvent, row: Raw, category: string): void {
  event.id = category.includes("AlertEvidence") ? "" : recordId(row.AlertId);
  const id = text(row.AlertId, 512);
  if (id !== null) event.target = { type: "alert", id, name: text(row.Title, 512) };
  const app = appRef("oauth_app", firstId(row.OAuthApplicationId, row.ApplicationId), null, {
    name: text(row.Application, 512),
  });
  if (app !== null && /OAuth|CloudApplication/i.test(text(row.EntityType, 64) ?? "OAuth"))
    event.subject = app;
  event.actor = userActor(
    text(row.AccountUpn, 320),
    idOf(row.AccountObjectId),
    text(row.AccountName, 512),
  );
  event.client = { ...event.client, ip: ipOf(row.RemoteIP ?? row.LocalIP) };
  event.change = flagged(row.Title, row.Severity, row.ServiceSource ?? row.DetectionSource);
}

function flagged(title: unknown, severity: unknown, source: unknown): Change {
  const parts = [text(title, 512), text(severity, 32), text(source, 128)];
  return change("flagged_by_vendor", {
    detail: text(parts.filter((part) => part !== null).join("; "), 1_024),
  });
}

/** CloudAppEvents and AppFileEvents: what people and apps did in connected cloud apps. */
function cloudApp(event: AuditEvent, row: Raw): void {
  const objectId = idOf(row.AccountObjectId);
  const upn = firstText(row.AccountUpn, row.AccountId, row.InitiatingProcessAccountUpn);
  const isMail = upn?.includes("@") === true;
  const isApp = /application|service/i.test(text(row.AccountType, 64) ?? "");
  event.automation = appRef("oauth_app", idOf(row.OAuthAppId), null);
  event.actor = isApp
    ? appActor(event.automation, objectId)
    : userActor(
        isMail ? upn.slice(0, 320) : null,
        objectId ?? idOf(upn),
        text(row.AccountDisplayName ?? row.AccountName, 512),
      );
  event.class = classifyUnified(event.action);
  const id =
    firstText(row.ObjectId, row.ObjectName, row.FileName, row.DeviceId)?.slice(0, 512) ?? null;
  if (id !== null) {
    event.target = {
      type: text(row.ObjectType, 64) ?? "object",
      id,
      name: firstText(row.ObjectName, row.FileName, row.DeviceName)?.slice(0, 512) ?? null,
    };
  }
  event.client = {
    ip: ipOf(row.IPAddress ?? row.RemoteIP),
    asn: null,
    country: text(row.CountryCode ?? row.Location, 64),
    userAgent: text(row.UserAgent, 512),
  };
  event.traits = placeTraits(row);
}

/** What Defender knows of the address: anonymous proxies and Tor by a flag, cloud providers by category or tag. */
function placeTraits(row: Raw): Trait[] {
  const tags = list(row.IPTags).map(String).join(" ");
  const category = text(row.IPCategory, 64) ?? "";
  return traitsWhere({
    hosting:
      bool(row.IsAnonymousProxy) === true ||
      /anonymous|\btor\b|cloud ?(provider|proxy)|hosting/i.test(`${tags} ${category}`),
    external_content: bool(row.IsExternalUser) === true,
    on_behalf: bool(row.IsImpersonated) === true,
  });
}

/** RawEventData is the unified audit record itself, as object or as JSON in text. */
function rawEvent(row: Raw, service: string): AuditEvent[] | null {
  const inner = asObject(row.RawEventData);
  const found = unifiedService(inner);
  if (found === null) return null;
  return unifiedAudit(inner, found).map((event) => ({
    ...event,
    service: found.length > 128 ? service : found,
  }));
}

/** Alerts of the Graph security API. */
export function securityAlert(raw: Raw, service: string): AuditEvent[] {
  const id = text(raw.id ?? raw.providerAlertId, 512);
  return [
    auditEvent("microsoft", service, firstText(raw.title, raw.category)?.slice(0, 256) ?? "alert", {
      id: recordId(raw.id),
      at: parseTime(raw.firstActivityDateTime ?? raw.createdDateTime),
      outcome: "success",
      target: id === null ? null : { type: "alert", id, name: text(raw.title, 512) },
      change: flagged(raw.title, raw.severity, raw.serviceSource),
    }),
  ];
}
