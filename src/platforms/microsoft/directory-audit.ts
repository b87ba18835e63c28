/** Entra's own directory log in Graph's shape, as diagnostic log and as table row, to one kind of record. */

import { isObject, list, nested, object, type Raw, text } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import type { AuditEvent, Outcome } from "#contract/event.ts";
import { directoryEvents } from "./directory-change.ts";
import {
  actionOf,
  asObject,
  type DirectoryProperty,
  type DirectoryTarget,
  readProperties,
} from "./directory-record.ts";
import { appActor, appRef, entry, firstId, idOf, ipOf, recordId, userActor } from "./ids.ts";

/** `activityDisplayName` (Graph), `operationName` with `properties` (diagnostic log) or `OperationName` (table). */
export function directoryAudit(raw: Raw, service: string): AuditEvent[] {
  const inner = isObject(raw.properties) ? raw.properties : raw;
  const initiator = asObject(inner.initiatedBy ?? inner.InitiatedBy);
  const user = object(initiator.user ?? initiator.User);
  const app = object(initiator.app ?? initiator.App);
  const details = listIn(inner.additionalDetails ?? inner.AdditionalDetails);
  const automation = appRef(
    "oauth_app",
    idOf(app.appId),
    idOf(app.servicePrincipalId ?? app.servicePrincipalID),
    { name: text(app.displayName ?? app.servicePrincipalName, 512) },
  );
  const upn = text(user.userPrincipalName, 320);
  const targets: DirectoryTarget[] = [];
  const properties = new Map<string, DirectoryProperty>();
  for (const item of listIn(inner.targetResources ?? inner.TargetResources).slice(0, 64)) {
    if (!isObject(item)) continue;
    targets.push({
      type: text(item.type, 64) ?? "",
      id: text(item.id, 512),
      name: text(item.displayName, 512),
      upn: text(item.userPrincipalName, 320),
      appId: idOf(item.appId),
    });
    readProperties(item.modifiedProperties, properties);
  }
  const hasPerson = upn !== null || idOf(user.id) !== null;
  return directoryEvents({
    service,
    id: recordId(inner.id ?? inner.Id),
    at: parseTime(
      inner.activityDateTime ?? inner.ActivityDateTime ?? raw.time ?? raw.TimeGenerated,
    ),
    action: actionOf(
      inner.activityDisplayName ??
        inner.ActivityDisplayName ??
        raw.operationName ??
        raw.OperationName,
    ),
    actor: hasPerson
      ? userActor(upn, text(user.id, 128), text(user.displayName, 512))
      : appActor(automation, null),
    automation,
    client: {
      ip: ipOf(user.ipAddress ?? app.ipAddress ?? raw.callerIpAddress ?? entry(details, "ipaddr")),
      asn: null,
      country: null,
      userAgent: text(entry(details, "User-Agent") ?? inner.userAgent, 512),
    },
    outcome: outcomeOf(text(inner.result ?? inner.Result ?? raw.resultType ?? raw.ResultType, 64)),
    targets,
    properties,
    appId: firstId(entry(details, "AppId")),
  });
}

function outcomeOf(result: string | null): Outcome {
  const written = result?.toLowerCase() ?? "";
  if (written === "success" || written === "0") return "success";
  if (written === "failure" || written === "clienterror" || written === "timeout") return "failure";
  return "unknown";
}

/** Tables keep lists as JSON in text. */
function listIn(value: unknown): readonly unknown[] {
  return list(typeof value === "string" ? nested(value) : value);
}
