/** Purview's audit search export and Graph's audit log query: rows around a unified audit record. */

import { isObject, nested, type Raw, text } from "#base/raw.ts";
import type { AuditEvent } from "#contract/event.ts";
import { actionOf } from "./directory-record.ts";
import { recordId } from "./ids.ts";
import { unifiedAudit, unifiedService, workloadOf } from "./unified-audit.ts";
import { unifiedBase } from "./unified-base.ts";

/** The service of the record inside: rows name it themselves only as a record type. */
export function purviewService(raw: Raw): string | null {
  const data = raw.AuditData ?? raw.auditData;
  if (isObject(data)) {
    return isRow(raw) ? (unifiedService(data) ?? `o365:${workloadOf(typeOf(raw))}`) : null;
  }
  if (typeof data !== "string" || !isRow(raw)) return null;
  // Finding the one value is far cheaper than parsing the record twice.
  const workload = /"Workload"\s*:\s*"([^"\\]{1,64})"/.exec(data)?.[1]?.trim();
  return `o365:${workload || workloadOf(typeOf(raw))}`;
}

function isRow(raw: Raw): boolean {
  return (
    "Operation" in raw ||
    "Operations" in raw ||
    "operation" in raw ||
    "CreationDate" in raw ||
    "RecordType" in raw ||
    "auditLogRecordType" in raw
  );
}

function typeOf(raw: Raw): unknown {
  return raw.RecordType ?? raw.auditLogRecordType;
}

/** The same events as the Management API's record gives; a cut-off `AuditData` leaves what the columns say. */
export function purview(raw: Raw, service: string): AuditEvent[] {
  const data = raw.AuditData ?? raw.auditData;
  const inner = isObject(data) ? data : nested(data);
  if (isObject(inner) && typeof (inner.Operation ?? raw.Operation) === "string") {
    return unifiedAudit(
      inner.Operation === undefined ? { ...inner, Operation: raw.Operation } : inner,
      service,
    );
  }
  const event = unifiedBase(
    {
      Operation: actionOf(raw.Operation ?? raw.Operations ?? raw.operation),
      Id: raw.RecordId ?? raw.Identity ?? raw.id,
      CreationTime: raw.CreationDate ?? raw.CreationTime ?? raw.createdDateTime,
      UserId: raw.UserId ?? raw.UserIds ?? raw.userPrincipalName ?? raw.userId,
      ClientIP: raw.clientIp,
      ObjectId: raw.objectId,
    },
    service,
  );
  event.id = recordId(raw.RecordId ?? raw.Identity ?? raw.id);
  const object = text(raw.objectId, 512);
  if (object !== null) event.target = { type: "object", id: object, name: null };
  return [event];
}
