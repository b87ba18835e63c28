/** All four kinds of Entra sign-in, in Graph's shape, as diagnostic log and as table row. */

import { bool, firstText, isObject, list, nested, number, type Raw, text } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import {
  type AuditEvent,
  auditEvent,
  type Change,
  change,
  type Outcome,
  type Trait,
  traitsWhere,
} from "#contract/event.ts";
import { asObject } from "./directory-record.ts";
import { appActor, appRef, firstId, idOf, ipOf, recordId, userActor } from "./ids.ts";

const BY_EVENT_TYPE: Readonly<Record<string, string>> = {
  interactiveUser: "entra:SignInLogs",
  nonInteractiveUser: "entra:NonInteractiveUserSignInLogs",
  servicePrincipal: "entra:ServicePrincipalSignInLogs",
  managedIdentity: "entra:ManagedIdentitySignInLogs",
};

/** The kind of a sign-in that comes without the name of its log. */
export function signInService(raw: Raw): string {
  for (const type of list(raw.signInEventTypes)) {
    const service = typeof type === "string" ? BY_EVENT_TYPE[type] : undefined;
    if (service !== undefined) return service;
  }
  const isUser =
    text(raw.userId ?? raw.UserId ?? raw.userPrincipalName ?? raw.UserPrincipalName) !== null;
  if (!isUser && text(raw.servicePrincipalId ?? raw.ServicePrincipalId) !== null) {
    return "entra:ServicePrincipalSignInLogs";
  }
  return bool(raw.isInteractive ?? raw.IsInteractive) === false
    ? "entra:NonInteractiveUserSignInLogs"
    : "entra:SignInLogs";
}

export function signIn(raw: Raw, service: string): AuditEvent[] {
  const inner = isObject(raw.properties) ? raw.properties : raw;
  const principalId = idOf(inner.servicePrincipalId ?? inner.ServicePrincipalId);
  const upn = text(inner.userPrincipalName ?? inner.UserPrincipalName, 320);
  const userId = idOf(inner.userId ?? inner.UserId);
  const isMachine = upn === null && userId === null;
  const automation = appRef(
    service === "entra:ManagedIdentitySignInLogs" ? "service_account" : "oauth_app",
    idOf(inner.appId ?? inner.AppId),
    principalId,
    {
      name:
        firstText(
          isMachine ? (inner.servicePrincipalName ?? inner.ServicePrincipalName) : null,
          inner.appDisplayName ?? inner.AppDisplayName,
        )?.slice(0, 512) ?? null,
      ownerTenantId: text(inner.appOwnerTenantId ?? inner.AppOwnerTenantId, 128),
    },
  );
  const place = asObject(inner.location ?? inner.LocationDetails ?? inner.Location);
  const status = asObject(inner.status ?? inner.Status);
  const resource = firstId(inner.resourceId ?? inner.ResourceIdentity, inner.ResourceId);
  const actor = isMachine
    ? appActor(automation, null)
    : userActor(upn, userId, text(inner.userDisplayName ?? inner.UserDisplayName, 512));
  const isGuest = /guest/i.test(text(inner.userType ?? inner.UserType, 32) ?? "");
  return [
    auditEvent("microsoft", service, actionOf(inner), {
      id: recordId(inner.id ?? inner.Id),
      at: parseTime(
        inner.createdDateTime ?? inner.CreatedDateTime ?? raw.time ?? raw.TimeGenerated,
      ),
      class: "sign_in",
      actor: isGuest ? { ...actor, isGuest } : actor,
      automation,
      target:
        resource === null
          ? null
          : {
              type: "resource",
              id: resource,
              name: text(inner.resourceDisplayName ?? inner.ResourceDisplayName, 512),
            },
      client: {
        ip: ipOf(inner.ipAddress ?? inner.IPAddress ?? raw.callerIpAddress),
        asn: text(inner.autonomousSystemNumber ?? inner.AutonomousSystemNumber, 16),
        country:
          firstText(place.countryOrRegion, raw.location, inner.Location)?.slice(0, 64) ?? null,
        userAgent: text(inner.userAgent ?? inner.UserAgent, 512),
      },
      session:
        firstText(
          inner.sessionId ?? inner.SessionId,
          inner.uniqueTokenIdentifier ?? inner.UniqueTokenIdentifier,
        )?.slice(0, 256) ?? null,
      traits: traitsOf(inner, service),
      outcome: outcomeOf(status, inner, raw),
      change: risk(inner) ?? deviceCode(inner),
    }),
  ];
}

function traitsOf(inner: Raw, service: string): Trait[] {
  const device = asObject(inner.deviceDetail ?? inner.DeviceDetail);
  const isManaged = bool(device.isManaged ?? device.IsManaged);
  const isCompliant = bool(device.isCompliant ?? device.IsCompliant);
  const isInteractive = bool(inner.isInteractive ?? inner.IsInteractive);
  const protocol = text(inner.authenticationProtocol ?? inner.AuthenticationProtocol, 64);
  return traitsWhere({
    anomalous: risk(inner) !== null,
    device_code: isDeviceCode(inner),
    auth_code: protocol === "oAuth2" && isInteractive === true,
    interactive: isInteractive ?? service === "entra:SignInLogs",
    unmanaged: isManaged === false && isCompliant !== true,
    hosting: riskTypes(inner).some((type) => /anonymi[sz]ed|maliciousIP/i.test(type)),
  });
}

/** Device code sign-ins are told apart in the action, too, so that a reader of evidence sees the flow. */
function actionOf(inner: Raw): string {
  return isDeviceCode(inner) ? "Sign-in activity (deviceCode)" : "Sign-in activity";
}

function isDeviceCode(inner: Raw): boolean {
  const protocol = inner.authenticationProtocol ?? inner.AuthenticationProtocol;
  const transfer = inner.originalTransferMethod ?? inner.OriginalTransferMethod;
  return protocol === "deviceCode" || transfer === "deviceCodeFlow";
}

/** Later sign-ins with the same grant keep the transfer method; only the flow itself is the act. */
function deviceCode(inner: Raw): Change | null {
  const protocol = inner.authenticationProtocol ?? inner.AuthenticationProtocol;
  if (protocol !== "deviceCode") return null;
  return change("device_code_used", {
    detail: idOf(inner.appId ?? inner.AppId),
    destination: text(inner.resourceDisplayName ?? inner.ResourceDisplayName, 512),
  });
}

/** 530xx and 50105 are refusals by policy. */
function outcomeOf(status: Raw, inner: Raw, raw: Raw): Outcome {
  const upper = asObject(inner.Status);
  const written = firstText(
    status.errorCode,
    upper.errorCode,
    raw.resultType,
    raw.ResultType,
    raw.resultSignature,
    raw.ResultSignature,
  );
  if (written === null) return "unknown";
  if (/^success$/i.test(written)) return "success";
  const code = number(written);
  if (code === null) return /fail|error/i.test(written) ? "failure" : "unknown";
  if (code === 0) return "success";
  if ((code >= 53_000 && code < 53_100) || (code >= 530_000 && code < 531_000) || code === 50_105) {
    return "denied";
  }
  return "failure";
}

/** A risk that Microsoft saw in this very sign-in and that nobody has dismissed. */
function risk(inner: Raw): Change | null {
  const state = text(inner.riskState ?? inner.RiskState, 32)?.toLowerCase();
  if (state !== "atrisk" && state !== "confirmedcompromised") return null;
  const level = text(inner.riskLevelDuringSignIn ?? inner.RiskLevelDuringSignIn, 32)?.toLowerCase();
  if (level !== "high" && level !== "medium") return null;
  return change("flagged_by_vendor", {
    detail: text(`risky sign-in, ${level}: ${riskTypes(inner).join(", ")}`, 1_024),
  });
}

function riskTypes(inner: Raw): string[] {
  const types = inner.riskEventTypes_v2 ?? inner.riskEventTypes ?? inner.RiskEventTypes;
  const names: string[] = [];
  for (const type of list(typeof types === "string" ? nested(types) : types).slice(0, 16)) {
    if (typeof type === "string") names.push(type);
  }
  return names;
}
