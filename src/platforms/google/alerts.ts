/** Alert Center: what Google's own detections say about a tenant. */

import { isObject, object, type Raw, text } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import { type AuditEvent, auditEvent, change, machine } from "#contract/event.ts";
import { lower } from "./params.ts";
import { targetOf } from "./reading.ts";

export function isAlert(raw: Raw): boolean {
  return (
    typeof raw.alertId === "string" &&
    typeof raw.type === "string" &&
    "createTime" in raw &&
    (isObject(raw.data) || "source" in raw) &&
    "customerId" in raw
  );
}

export function alertEvent(raw: Raw, service: string): AuditEvent {
  const data = object(raw.data);
  const metadata = object(raw.metadata);
  const type = text(raw.type, 256) ?? "unknown";
  const email = lower(data.email ?? object(data.actor).email ?? data.actorEmail);
  return auditEvent("google", service, type, {
    id: text(raw.alertId, 256) ?? "",
    at: parseTime(raw.startTime) ?? parseTime(raw.createTime),
    actor: machine("google", "Google", "system"),
    target: targetOf("user", email) ?? targetOf("alert", text(raw.alertId, 512)),
    outcome: "success",
    change: change("flagged_by_vendor", {
      principal: email,
      detail: [type, text(raw.source, 256), text(metadata.severity, 32)]
        .filter((word) => word !== null)
        .join(", "),
    }),
  });
}
