/** Real-time event monitoring: platform events in their channel envelope, bare payloads and stored objects. */

import { clip, firstText, isObject, number, object, type Raw, text } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import {
  type ActionClass,
  type AuditEvent,
  auditEvent,
  type Change,
  change,
  type Target,
  traitsWhere,
} from "#contract/event.ts";
import { bareName, eventClass, operationClass } from "./actions.ts";
import { address, agent, client, size, user } from "./common.ts";

/** Events that are streamed under their own name and stored under another, with the names that we use for them. */
const STREAMED: ReadonlySet<string> = new Set([
  "api",
  "lightninguri",
  "listview",
  "login",
  "loginas",
  "logout",
  "report",
  "uri",
]);
const STORED: ReadonlySet<string> = new Set(["bulkapiresult"]);

/** The service of a record: from its channel, from the object type that it carries, or from the fields of its payload. */
export function streamService(raw: Raw): string | null {
  const payload = payloadOf(raw);
  if (payload === null) return null;
  const type = typeOf(raw, payload);
  if (type === null) return null;
  return `salesforce:rtem_${clip(type.toLowerCase().replace(/[^a-z0-9_]/g, "_"), 100)}`;
}

/** The payload of any of the shapes; null for what is no platform event of event monitoring. */
export function payloadOf(raw: Raw): Raw | null {
  const data = object(raw.data);
  for (const payload of [data.payload, raw.payload, raw]) {
    if (isObject(payload) && "EventIdentifier" in payload && "EventDate" in payload) {
      if ("UserId" in payload || "Username" in payload || isObject(payload.attributes))
        return payload;
    }
  }
  const channel = raw.channel;
  if (typeof channel === "string" && channel.startsWith("/event/") && isObject(data.payload)) {
    return data.payload;
  }
  return null;
}

/** `ApiEventStream`, `BulkApiResultEventStore`, `IdentityVerificationEvent`: the vendor's name of the channel or store. */
function typeOf(raw: Raw, payload: Raw): string | null {
  const channel = text(raw.channel, 256);
  const own = text(object(payload.attributes).type, 256);
  const name = channel === null ? own : channel.slice(channel.lastIndexOf("/") + 1);
  if (name === null || name === "") return byFields(payload);
  const bare = bareName(name);
  if (STREAMED.has(bare)) return `${bare}EventStream`;
  if (STORED.has(bare)) return `${bare}EventStore`;
  // Anomalies and the like are streamed as …Event and stored as …EventStore: one service for both.
  return name.replace(/(?:Store|Stream)$/i, "");
}

/** Fields that only one event has, for payloads that came without their envelope. */
const MARKS: readonly (readonly [field: string, type: string])[] = [
  ["ReportId", "reportEventStream"],
  ["ListViewId", "listviewEventStream"],
  ["DelegatedUsername", "loginasEventStream"],
  ["VerificationMethod", "IdentityVerificationEvent"],
  ["LoginType", "loginEventStream"],
  ["ApiType", "apiEventStream"],
  ["PermissionList", "PermissionSetEvent"],
  ["FileAction", "FileEvent"],
  ["PageUrl", "lightninguriEventStream"],
  ["OperationStatus", "uriEventStream"],
  ["Query", "bulkapiresultEventStore"],
  ["Score", "AnomalyEvent"],
];

function byFields(payload: Raw): string {
  for (const [field, type] of MARKS) if (field in payload) return type;
  return "SessionLevel" in payload ? "logoutEventStream" : "PlatformEvent";
}

export function streamEvent(raw: Raw, service: string): AuditEvent {
  const payload = payloadOf(raw) ?? object(object(raw.data).payload);
  const name = service.slice("salesforce:rtem_".length);
  const bare = bareName(name);
  const operation = text(firstText(payload.Operation, payload.FileAction), 128);
  const found = classOf(bare, operation);
  return auditEvent("salesforce", service, text(firstText(operation, name), 256) ?? "unknown", {
    id: text(payload.EventIdentifier, 512) ?? "",
    at: parseTime(payload.EventDate) ?? parseTime(payload.CreatedDate),
    class: found,
    actor: user(payload.Username, payload.UserId, null),
    automation: automationOf(payload),
    target: targetOf(payload),
    client: {
      ip: address(payload.SourceIp),
      asn: null,
      country: text(firstText(payload.CountryIso, payload.Country), 64),
      userAgent: agent(payload.UserAgent, payload.Browser),
    },
    session: text(payload.SessionKey ?? payload.LoginKey, 256),
    traits: traitsWhere({
      bulk: bare === "bulkapiresult" || /^bulk/i.test(text(payload.ApiType, 64) ?? ""),
      anomalous: bare.includes("anomaly") || bare === "sessionhijacking",
      on_behalf: bare === "loginas",
    }),
    outcome: outcomeOf(payload),
    bytes: size(payload.ContentSize),
    change: changeOf(payload, bare, found),
  });
}

/** `Application` is the connected app's name, and "Browser" for a person at a page. */
function automationOf(payload: Raw): ReturnType<typeof client> {
  const appId = firstText(payload.ConnectedAppId, payload.ClientId);
  if (appId === null && isHuman(payload)) return null;
  return client(appId, payload.Application, payload.Client);
}

/** A sign-in at a page has a browser's login type and names the page as application. */
function isHuman(payload: Raw): boolean {
  const type = text(payload.LoginType, 128);
  return type !== null && !/remote access|oauth|api|client credentials|jwt|token/i.test(type);
}

function classOf(bare: string, operation: string | null): ActionClass {
  const byOperation = operationClass(operation);
  if (bare === "bulkapiresult") return "export";
  if (bare === "report") return byOperation === "export" ? "export" : "read";
  if (bare === "permissionset") return "role";
  if (byOperation !== null) return byOperation;
  return eventClass(bare) ?? "other";
}

function rowsOf(payload: Raw): number | null {
  return number(payload.RowsProcessed) ?? number(payload.RowsReturned);
}

function targetOf(payload: Raw): Target | null {
  const rows = rowsOf(payload);
  const suffix = rows === null ? null : `${rows} rows`;
  const report = text(payload.ReportId, 512);
  if (report !== null) {
    return { type: "report", id: report, name: text(firstText(payload.Name, suffix), 512) };
  }
  const document = text(firstText(payload.ContentDocumentId, payload.DocumentId), 512);
  if (document !== null) {
    return {
      type: "file",
      id: document,
      name: text(firstText(payload.FileName, payload.Name), 512),
    };
  }
  const delegate = text(payload.DelegatedUsername, 512);
  if (delegate !== null) return { type: "user", id: delegate, name: null };
  const entity = text(payload.QueriedEntities, 512);
  const record = text(payload.RecordId, 512);
  if (record !== null) {
    const isType = entity !== null && entity.length <= 64;
    return { type: isType ? entity : "record", id: record, name: text(payload.Name, 512) };
  }
  return entity === null ? null : { type: "object", id: entity, name: suffix };
}

/** A transaction security policy may have blocked it; sign-ins and page actions carry a status. */
function outcomeOf(payload: Raw): AuditEvent["outcome"] {
  const policy = text(payload.PolicyOutcome, 64);
  if (policy !== null && /^(block|denied|failedinvalid|endsession)/i.test(policy)) return "denied";
  const status = text(firstText(payload.Status, payload.OperationStatus), 128);
  if (status === null) return "unknown";
  if (/^(success|succeeded|automatedsuccess)$/i.test(status)) return "success";
  if (/^(initiated|inprogress|reportedandinprogress)$/i.test(status)) return "unknown";
  if (/denied|blocked/i.test(status)) return "denied";
  return "failure";
}

function changeOf(payload: Raw, bare: string, found: ActionClass): Change | null {
  if (found === "export") {
    const rows = rowsOf(payload);
    const parts = [
      firstText(payload.Name, payload.QueriedEntities, payload.Query),
      rows === null ? null : `${rows} rows`,
    ];
    const kind = bare === "bulkapiresult" ? "export_downloaded" : "export_completed";
    return change(kind, {
      detail: clip(parts.filter((part) => part !== null).join(", "), 1_024) || null,
    });
  }
  if (bare.includes("anomaly") || bare === "sessionhijacking" || bare === "credentialstuffing") {
    return change("flagged_by_vendor", {
      detail: firstText(payload.Summary, payload.Message, bare),
    });
  }
  if (bare === "permissionset") {
    const operation = text(payload.Operation, 64) ?? "";
    return change(/unassign|removed|revoked/i.test(operation) ? "role_removed" : "role_assigned", {
      principal: text(firstText(payload.ImpactedUserIds, payload.TargetUserId), 512),
      detail: firstText(payload.ParentName, payload.PermissionList, operation),
    });
  }
  return null;
}
