/** Azure: the activity log of subscriptions, storage logs, and what else arrives as a diagnostic record. */

import { firstText, isObject, nested, number, object, type Raw, text } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import type { AutomationKind, AutomationRef } from "#contract/automation.ts";
import {
  type ActionClass,
  type AuditEvent,
  auditEvent,
  type Change,
  change,
  type Outcome,
} from "#contract/event.ts";
import { asObject } from "./directory-record.ts";
import { appActor, appRef, bytesOf, firstId, idOf, ipOf, recordId, userActor } from "./ids.ts";

export function azure(raw: Raw, service: string): AuditEvent[] {
  return [service.startsWith("azure:Storage") ? storage(raw, service) : activity(raw, service)];
}

/** Blob, file, table and queue requests: `GetBlob` with `statusCode`, `uri` and who signed it. */
function storage(raw: Raw, service: string): AuditEvent {
  const inner = object(raw.properties);
  const identity = asObject(raw.identity);
  const requester = object(identity.requester);
  const action = text(raw.operationName ?? raw.OperationName, 256) ?? "unknown";
  const automation = appRef("oauth_app", firstId(requester.appId, raw.RequesterAppId), null);
  const upn = text(requester.upn ?? raw.RequesterUpn, 320);
  const objectId = firstId(requester.objectId, raw.RequesterObjectId);
  const url = firstText(raw.uri, raw.Uri);
  const path = firstText(inner.objectKey, raw.ObjectKey, url?.split("?", 1)[0]);
  return auditEvent("microsoft", service, action, {
    // One correlation id spans a batch; the request's own id is only in some versions.
    id: recordId(inner.serverRequestId ?? raw.ServerRequestId),
    at: parseTime(raw.time ?? raw.TimeGenerated),
    class: storageClass(action),
    actor:
      upn === null && automation !== null && requester.upn === undefined && objectId === null
        ? appActor(automation, null)
        : upn !== null
          ? userActor(upn, objectId, null)
          : appActor(automation, objectId),
    automation,
    target:
      path === null
        ? null
        : {
            type: "blob",
            id: path.slice(0, 512),
            name: text(inner.accountName ?? raw.AccountName, 512),
          },
    client: {
      ip: ipOf(raw.callerIpAddress ?? raw.CallerIpAddress),
      asn: null,
      country: null,
      userAgent: text(inner.userAgentHeader ?? raw.UserAgentHeader, 512),
    },
    outcome: statusOf(number(raw.statusCode ?? raw.StatusCode)),
    bytes: bytesOf(number(inner.responseBodySize ?? raw.ResponseBodySize)),
  });
}

function storageClass(action: string): ActionClass {
  if (/^(Get|Read)(Blob|File|Path)$|^ReadFile$/.test(action)) return "download";
  if (/^List/.test(action)) return "enumerate";
  if (/^(Get|Query|Peek|Head)/.test(action)) return "read";
  if (/^Copy/.test(action)) return "copy";
  if (/^Set.*Acl/i.test(action)) return "share";
  if (/^(Delete|Clear)/.test(action)) return "delete";
  if (/^(Put|Create|Append|Insert)/.test(action)) return "create";
  return "edit";
}

function statusOf(status: number | null): Outcome {
  if (status === null) return "unknown";
  if (status < 400) return "success";
  if (status === 429 || status === 503) return "throttled";
  return status === 401 || status === 403 ? "denied" : "failure";
}

/** `Microsoft.Automation/automationAccounts/webhooks/write` on a resource, by a caller with claims. */
function activity(raw: Raw, service: string): AuditEvent {
  const inner = asObject(raw.properties);
  const identity = asObject(raw.identity);
  const claims = asObject(raw.claims ?? raw.Claims ?? identity.claims);
  const action =
    firstText(
      object(raw.operationName).value,
      raw.operationName,
      raw.OperationNameValue,
      raw.OperationName,
    )?.slice(0, 256) ?? "unknown";
  const resource =
    firstText(raw.resourceId, raw.ResourceId, raw._ResourceId)?.toLowerCase().slice(0, 512) ?? null;
  const upn = firstText(
    claims["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"],
    claims["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"],
    raw.caller,
    raw.Caller,
  );
  const objectId = firstId(claims["http://schemas.microsoft.com/identity/claims/objectidentifier"]);
  const isPerson = upn?.includes("@") === true;
  const automation = appRef(
    "oauth_app",
    idOf(claims.appid),
    isPerson ? null : (objectId ?? idOf(upn)),
  );
  const key = action.toLowerCase();
  const subject = resource === null ? null : subjectOf(resource, key);
  const outcome = activityOutcome(raw);
  return auditEvent("microsoft", service, action, {
    id: recordId(raw.eventDataId ?? raw.EventDataId ?? inner.eventDataId),
    at: parseTime(
      raw.time ?? raw.eventTimestamp ?? raw.EventSubmissionTimestamp ?? raw.TimeGenerated,
    ),
    class: activityClass(key, service),
    actor: isPerson
      ? userActor(upn.slice(0, 320), objectId, text(claims.name, 512))
      : appActor(automation, null),
    automation:
      service === "azure:WorkflowRuntime" || service === "azure:JobLogs"
        ? (subject ?? automation)
        : automation,
    subject: service === "azure:WorkflowRuntime" || service === "azure:JobLogs" ? null : subject,
    target:
      resource === null
        ? null
        : {
            type: typeOf(resource),
            id: resource,
            name: resource.slice(resource.lastIndexOf("/") + 1),
          },
    client: {
      ip: ipOf(
        firstText(
          raw.callerIpAddress,
          raw.CallerIpAddress,
          object(raw.httpRequest).clientIpAddress,
          claims.ipaddr,
        ),
      ),
      asn: null,
      country: null,
      userAgent: null,
    },
    outcome,
    change:
      outcome === "failure" || outcome === "denied" || isStarted(raw)
        ? null
        : changeOf(key, raw, subject),
  });
}

function statusText(raw: Raw): string {
  return (
    firstText(
      object(raw.status).value,
      raw.ActivityStatusValue,
      raw.resultType,
      raw.ResultType,
      object(raw.resultType).value,
      raw.status,
    )?.toLowerCase() ?? ""
  );
}

function activityOutcome(raw: Raw): Outcome {
  const status = statusText(raw);
  if (/succe|accept|^start|complete|^0$/.test(status)) return "success";
  const code = number(raw.resultSignature);
  if (/fail|error/.test(status)) return code === 401 || code === 403 ? "denied" : "failure";
  return "unknown";
}

/** An operation is logged when it starts and when it ends; the change counts once. */
function isStarted(raw: Raw): boolean {
  return /^start/.test(statusText(raw));
}

const AUTOMATIONS: readonly (readonly [RegExp, AutomationKind])[] = [
  [/\/automationaccounts\/[^/]+\/webhooks\/[^/]+$/, "webhook"],
  [
    /\/automationaccounts\/[^/]+\/(runbooks|schedules|jobs|jobschedules|sourcecontrols)\/[^/]+(?=\/(?:draft|content)|$)/,
    "workflow",
  ],
  [/\/automationaccounts\/[^/]+$/, "workflow"],
  [/\/microsoft\.logic\/workflows\/[^/]+/, "workflow"],
  [/\/microsoft\.web\/sites\/[^/]+/, "script"],
  [/\/microsoft\.managedidentity\/userassignedidentities\/[^/]+/, "service_account"],
  [/\/microsoft\.(machinelearningservices|cognitiveservices)\/.*agents?\/[^/]+/, "ai_agent"],
  [/\/microsoft\.botservice\/botservices\/[^/]+/, "bot"],
  [/\/microsoft\.eventgrid\/.*eventsubscriptions\/[^/]+$/, "webhook"],
];

/** The automation that a resource is: runbook, schedule, logic app, function app, managed identity, bot … */
function subjectOf(resource: string, key: string): AutomationRef | null {
  if (!key.includes("/") && !resource.includes("/microsoft.")) return null;
  for (const [pattern, kind] of AUTOMATIONS) {
    const found = pattern.exec(resource);
    if (found === null) continue;
    const id = resource.slice(0, found.index + found[0].length);
    return appRef(kind, id, null, { name: id.slice(id.lastIndexOf("/") + 1), isInternal: true });
  }
  return null;
}

function typeOf(resource: string): string {
  const at = resource.lastIndexOf("/providers/");
  const parts = at < 0 ? [] : resource.slice(at + 11).split("/");
  return (
    parts.length < 2 ? "resource" : parts.filter((_, i) => i === 0 || i % 2 === 1).join("/")
  ).slice(0, 64);
}

function activityClass(key: string, service: string): ActionClass {
  if (service === "azure:WorkflowRuntime" || service === "azure:JobLogs") return "run";
  if (service === "azure:AuditEvent") return /get|list/.test(key) ? "read" : "credential";
  if (/authorization\/(roleassignments|roledefinitions|elevateaccess)/.test(key)) return "role";
  if (/authorization\/polic|locks|diagnosticsettings|firewallrules|networksecurity/.test(key))
    return "policy";
  if (
    /listkeys|regeneratekey|listsecrets|listcallbackurl|federatedidentitycredentials|\/vaults\/secrets/.test(
      key,
    )
  ) {
    return "credential";
  }
  if (/export|snapshots\/begingetaccess|disks\/begingetaccess/.test(key)) return "export";
  if (/\/(run|start|trigger|invoke)\/action$|jobs\/write$/.test(key)) return "run";
  if (key.endsWith("/write")) return "edit";
  if (key.endsWith("/delete")) return "delete";
  if (key.endsWith("/read")) return "read";
  return "other";
}

/** What makes an Automation account run something: its code, when it runs, and the address by which outsiders start it. */
const AUTOMATION_PART =
  /\/(automationaccounts|runbooks|schedules|jobschedules|webhooks|sourcecontrols)\/(?:draft\/|content\/)?(?:write|publish\/action|action)$/;

function changeOf(key: string, raw: Raw, subject: AutomationRef | null): Change | null {
  if (/diagnosticsettings\/delete|activitylogalerts\/delete|logprofiles\/delete/.test(key)) {
    return change("logging_impaired", { detail: key.slice(0, 1_024) });
  }
  if (/federatedidentitycredentials\/write/.test(key)) {
    const body = requestBody(raw);
    const given = object(body.properties);
    return change("federation_added", {
      destination: text(given.issuer, 1_024),
      detail: text(given.subject, 1_024),
    });
  }
  if (/roleassignments\/(write|delete)|elevateaccess/.test(key)) {
    const given = object(requestBody(raw).properties);
    const role = text(given.roleDefinitionId ?? given.RoleDefinitionId, 1_024);
    return change(key.endsWith("delete") ? "role_removed" : "role_assigned", {
      principal: idOf(given.principalId ?? given.PrincipalId),
      detail: role === null ? key.slice(0, 1_024) : role.slice(role.lastIndexOf("/") + 1),
    });
  }
  if (/regeneratekey|listkeys|listcallbackurl/.test(key)) {
    return change("credential_added", { detail: `key handed out: ${key}`.slice(0, 1_024) });
  }
  if (/authorization\/(policyassignments|locks)\/delete/.test(key))
    return change("policy_relaxed", { detail: key.slice(0, 1_024) });
  if (subject === null) return null;
  if (key.endsWith("/delete")) return change("deleted");
  const part = key.includes("/automationaccounts/") ? AUTOMATION_PART.exec(key)?.[1] : undefined;
  if (part !== undefined) return change("scheduled", { detail: part });
  return key.endsWith("/write") ? change("updated", { detail: "created or updated" }) : null;
}

/** What the caller sent, as JSON in text inside the properties. */
function requestBody(raw: Raw): Raw {
  const inner = asObject(raw.properties ?? raw.Properties);
  const body = nested(inner.requestbody ?? inner.requestBody);
  return isObject(body) ? body : {};
}
