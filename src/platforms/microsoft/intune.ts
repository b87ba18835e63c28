/** Intune's audit log as diagnostic record and in Graph's shape. */

import { firstText, isObject, list, object, type Raw, text } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import { type ActionClass, type AuditEvent, auditEvent } from "#contract/event.ts";
import { appActor, appRef, idOf, ipOf, recordId, userActor } from "./ids.ts";

export function intune(raw: Raw, service: string): AuditEvent[] {
  const inner = isObject(raw.properties) ? raw.properties : raw;
  const actor = object(inner.Actor ?? inner.actor);
  const upn = firstText(actor.UPN, actor.userPrincipalName);
  const automation = appRef("oauth_app", idOf(actor.Application ?? actor.applicationId), null, {
    name: firstText(actor.ApplicationName, actor.applicationDisplayName)?.slice(0, 512) ?? null,
  });
  const resource = object(list(inner.resources)[0]);
  const action =
    firstText(raw.operationName, raw.OperationName, inner.activityType, inner.displayName)?.slice(
      0,
      256,
    ) ?? "unknown";
  const target = firstText(list(inner.TargetObjectIds)[0], resource.resourceId);
  const result =
    firstText(raw.resultType, raw.ResultType, inner.activityResult)?.toLowerCase() ?? "";
  return [
    auditEvent("microsoft", service, action, {
      id: recordId(inner.AuditEventId ?? inner.id ?? inner.Id),
      at:
        parseTime(raw.time ?? raw.TimeGenerated ?? inner.activityDateTime) ??
        activityDate(inner.ActivityDate),
      class: classOf(action),
      actor:
        upn === null
          ? appActor(automation, null)
          : userActor(upn.slice(0, 320), idOf(actor.ObjectId ?? actor.userId), null),
      automation,
      target:
        target === null
          ? null
          : {
              type: action.split(" ").at(-1)?.slice(0, 64) ?? "object",
              id: target.slice(0, 512),
              name:
                firstText(list(inner.TargetDisplayNames)[0], resource.displayName)?.slice(0, 512) ??
                null,
            },
      client: { ip: ipOf(actor.ipAddress), asn: null, country: null, userAgent: null },
      outcome: /succ/.test(result) ? "success" : /fail/.test(result) ? "failure" : "unknown",
    }),
  ];
}

function classOf(action: string): ActionClass {
  if (/role/i.test(action)) return "role";
  if (/policy|configuration|compliance|setting/i.test(action)) return "policy";
  if (/^(create|add)/i.test(action)) return "create";
  if (/^(patch|update|set|assign)/i.test(action)) return "edit";
  if (/^(delete|remove|wipe|retire)/i.test(action)) return "delete";
  if (/^(get|read)/i.test(action)) return "read";
  return "other";
}

/** `4/25/2025 12:44:00 AM`: month first, UTC, as records with both spellings show. */
function activityDate(value: unknown): number | null {
  const parts = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2}):(\d{2}) ([AP])M$/.exec(
    text(value, 64) ?? "",
  );
  if (parts === null) return null;
  const [, month = "", day = "", year, hour, minute, second, half] = parts;
  const hours = (Number(hour) % 12) + (half === "P" ? 12 : 0);
  const two = (part: string | number): string => String(part).padStart(2, "0");
  return parseTime(`${year}-${two(month)}-${two(day)}T${two(hours)}:${minute}:${second}Z`);
}
