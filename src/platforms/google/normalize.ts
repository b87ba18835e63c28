/** Google records to audit events: Workspace activities of every log, alerts, script runs and Cloud audit logs. */

import { bool, object, type Raw, text } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import type { AutomationRef } from "#contract/automation.ts";
import {
  type Actor,
  type AuditEvent,
  auditEvent,
  isOutward,
  person,
  traitsWhere,
} from "#contract/event.ts";
import {
  type Activity,
  activityOf,
  auditLog,
  bigQueryApp,
  type Entry,
  entryId,
  loggedApp,
  reportsApp,
} from "./activity.ts";
import { alertEvent, isAlert } from "./alerts.ts";
import { cloudAudit } from "./cloud-audit.ts";
import { stateService } from "./inventory.ts";
import { readerOf } from "./logs.ts";
import { lower } from "./params.ts";
import { actingRef, actorOf, agentic, scriptRef } from "./refs.ts";

const CLOUD_AUDIT = "google:cloud_audit";
const ALERTS = "google:alerts";
const PROCESSES = "google:script:processes";

/**
 * A Reports activity says its kind and its application; a Cloud Logging entry holds an audit log; a BigQuery row has
 * record_type beside time_usec. The application's name becomes the service, whatever it is.
 */
export function detect(raw: Raw, key: string | null): string | null {
  const app = reportsApp(raw) ?? bigQueryApp(raw);
  if (app !== null) return `google:${app}`;
  const payload = auditLog(raw);
  if (payload !== null) {
    const logged = loggedApp(payload);
    return logged === null ? CLOUD_AUDIT : `google:${logged}`;
  }
  if (isAlert(raw)) return ALERTS;
  if (isProcess(raw)) return PROCESSES;
  return stateService(raw, key);
}

export function normalize(raw: Raw, service: string): AuditEvent[] {
  if (service === CLOUD_AUDIT) return [cloudAudit(raw, service)];
  if (service === ALERTS) return [alertEvent(raw, service)];
  if (service === PROCESSES) return [scriptRun(raw)];
  const activity = activityOf(raw, service.slice(service.indexOf(":") + 1));
  return activity.entries.map((entry) => eventOf(entry, activity, service));
}

function eventOf(entry: Entry, activity: Activity, service: string): AuditEvent {
  const stated = actorOf(activity.actor);
  // Some warnings of the login log name the account only as a parameter.
  const affected =
    stated.kind === "unknown" ? lower(entry.params.get("affected_email_address")) : null;
  const actor = affected === null ? stated : person(affected, null);
  const reading = readerOf(activity.app)(entry, activity, actor);
  const named = pick(actingRef(activity.actor, actor), reading.automation ?? null);
  const { client } = activity;
  return auditEvent("google", service, entry.name, {
    id: entryId(activity, entry),
    at: activity.at,
    class: reading.class,
    actor,
    automation: activity.isAgentic ? agentic(named) : named,
    subject: reading.subject ?? null,
    target: reading.target ?? null,
    client: {
      ip: client.ip ?? text(reading.ip, 64),
      asn: client.asn,
      country: client.country,
      userAgent: client.userAgent ?? reading.userAgent ?? null,
    },
    traits: traitsWhere({
      on_behalf: isImpersonating(activity, actor, named),
      outside: isOutward(reading.change ?? null),
      ...reading.traits,
    }),
    outcome: entry.outcome ?? reading.outcome ?? "success",
    count: reading.count ?? 1,
    bytes: reading.bytes ?? 0,
    change: reading.change ?? null,
  });
}

/** A service account in a person's name got there by domain-wide delegation; newer records say so themselves. */
function isImpersonating(
  { actor: block }: Activity,
  actor: Actor,
  automation: AutomationRef | null,
): boolean {
  if (bool(object(block.applicationInfo).impersonation) === true) return true;
  return automation?.kind === "service_account" && actor.kind === "person";
}

/** The actor block knows best, but for a service account that the event itself names behind a client. */
function pick(acting: AutomationRef | null, read: AutomationRef | null): AutomationRef | null {
  if (acting === null || (read?.kind === "service_account" && acting.kind !== "ai_agent")) {
    return read ?? acting;
  }
  return acting;
}

function isProcess(raw: Raw): boolean {
  return (
    typeof raw.processType === "string" &&
    typeof raw.processStatus === "string" &&
    ("functionName" in raw || "projectName" in raw)
  );
}

/** One run of an Apps Script project. The list has no project id, so its name must do. */
function scriptRun(raw: Raw): AuditEvent {
  const script = scriptRef(raw.scriptId, raw.projectName ?? raw.functionName);
  const name = text(raw.functionName, 256);
  const status = text(raw.processStatus, 64);
  return auditEvent("google", PROCESSES, text(raw.processType, 256) ?? "unknown", {
    at: parseTime(raw.startTime),
    class: "run",
    actor: person(lower(object(raw.user).email ?? raw.userEmail), null),
    automation: script,
    target: name === null ? null : { type: "function", id: name, name: text(raw.duration, 64) },
    traits: traitsWhere({ scheduled: /TIME_DRIVEN|TRIGGER/.test(text(raw.processType, 64) ?? "") }),
    outcome:
      status === "COMPLETED"
        ? "success"
        : status === "FAILED" || status === "TIMED_OUT" || status === "CANCELED"
          ? "failure"
          : "unknown",
  });
}
