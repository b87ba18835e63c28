/** Identity Protection: risks that Microsoft saw in people and workload identities. */

import { firstText, isObject, type Raw, text } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import {
  type AuditEvent,
  auditEvent,
  change,
  traitsWhere,
  UNKNOWN_ACTOR,
} from "#contract/event.ts";
import { asObject } from "./directory-record.ts";
import { appRef, idOf, ipOf, recordId, userActor } from "./ids.ts";

/** The kind of a risk record that comes without the name of its log; null when it is none. */
export function riskService(raw: Raw): string | null {
  const isApp =
    "servicePrincipalId" in raw || "servicePrincipalDisplayName" in raw || "appId" in raw;
  if (typeof raw.riskEventType === "string" && "riskLevel" in raw) {
    return isApp ? "entra:ServicePrincipalRiskEvents" : "entra:UserRiskEvents";
  }
  if ("riskLastUpdatedDateTime" in raw && "riskState" in raw) {
    return isApp ? "entra:RiskyServicePrincipals" : "entra:RiskyUsers";
  }
  return null;
}

export function risk(raw: Raw, service: string): AuditEvent[] {
  const inner = isObject(raw.properties) ? raw.properties : raw;
  const isApp = service.includes("ServicePrincipal");
  const isList = service.includes("Risky");
  const own = recordId(inner.id ?? inner.Id);
  const at = parseTime(
    isList
      ? (inner.riskLastUpdatedDateTime ?? inner.RiskLastUpdatedDateTime ?? raw.time)
      : (inner.activityDateTime ??
          inner.ActivityDateTime ??
          inner.detectedDateTime ??
          inner.DetectedDateTime ??
          raw.time ??
          raw.TimeGenerated),
  );
  const objectId = idOf(inner.servicePrincipalId ?? (isList ? inner.id : null));
  const subject = isApp
    ? appRef("oauth_app", idOf(inner.appId ?? inner.AppId), objectId, {
        name:
          firstText(inner.servicePrincipalDisplayName, inner.displayName)?.slice(0, 512) ?? null,
      })
    : null;
  const type =
    firstText(inner.riskEventType, inner.RiskEventType, inner.riskDetail)?.slice(0, 128) ?? "risk";
  const level = text(inner.riskLevel ?? inner.RiskLevel, 32)?.toLowerCase() ?? "";
  const state = text(inner.riskState ?? inner.RiskState, 64)?.toLowerCase() ?? "";
  const isOver = /dismissed|remediated|confirmedsafe|^none$/.test(state) || level === "none";
  const place = asObject(inner.location ?? inner.Location);
  const upn = text(inner.userPrincipalName ?? inner.UserPrincipalName, 320);
  return [
    auditEvent("microsoft", service, type, {
      // A risky identity keeps its id while its risk changes.
      id: isList && own !== "" ? `${own}@${at ?? ""}` : own,
      at,
      actor: isApp
        ? UNKNOWN_ACTOR
        : userActor(
            upn,
            idOf(inner.userId ?? inner.UserId ?? (isList ? inner.id : null)),
            text(inner.userDisplayName, 512),
          ),
      subject,
      target:
        subject === null
          ? null
          : { type: "servicePrincipal", id: subject.nativeId, name: subject.name },
      client: {
        ip: ipOf(inner.ipAddress ?? inner.IpAddress),
        asn: null,
        country: text(place.countryOrRegion, 64),
        userAgent: null,
      },
      traits: traitsWhere({
        anomalous: !isOver,
        hosting: !isOver && /anonymi[sz]ed|maliciousIP/i.test(type),
      }),
      outcome: "success",
      change: isOver
        ? null
        : change("flagged_by_vendor", { detail: `${type}; ${level}; ${state}` }),
    }),
  ];
}
