/** Rows with upper-case columns: event log files, and real-time events as some pipelines flatten them. */

import { hostOf } from "#base/host.ts";
import { bool, clip, firstText, number, type Raw, text } from "#base/raw.ts";
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

/** Column names of log files that the vendor's own names for services do not follow. */
const LOG_NAMES: ReadonlyMap<string, string> = new Map([
  ["API", "soap_api"],
  ["URI", "uri"],
  ["RestApi", "rest_api"],
]);

/** The service of a row. Log files write TIMESTAMP without separators, flattened real-time events like a date. */
export function rowService(raw: Raw): string | null {
  const type = raw.EVENT_TYPE;
  if (typeof type !== "string" || !("TIMESTAMP" in raw || "TIMESTAMP_DERIVED" in raw)) return null;
  const stamp = raw.TIMESTAMP;
  const isCompact =
    typeof stamp === "string" ? /^\d{14}(\.\d+)?$/.test(stamp) : !("USER_NAME" in raw);
  if (!isCompact || /(Store|Stream)$/.test(type)) return "salesforce:realtimeEvent";
  const name = LOG_NAMES.get(type) ?? snake(type);
  return `salesforce:elf_${clip(name === "" ? "unknown" : name, 80)}_event`;
}

/** `BulkApi2` is `bulk_api_2`, `ApexCallout` is `apex_callout`. */
function snake(type: string): string {
  return clip(type, 160)
    .replace(/Event$/, "")
    .replace(/([a-z])([A-Z0-9])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .replace(/[^a-zA-Z0-9_]/g, "_")
    .toLowerCase();
}

export function row(raw: Raw, service: string): AuditEvent {
  const type = text(raw.EVENT_TYPE, 256) ?? "unknown";
  const bare = bareName(type);
  const found = rowClass(raw, bare);
  return auditEvent("salesforce", service, type, {
    at: parseTime(raw.TIMESTAMP_DERIVED) ?? compactTime(raw.TIMESTAMP) ?? parseTime(raw.EVENT_DATE),
    class: found,
    actor: user(firstText(raw.USER_NAME, raw.USERNAME), raw.USER_ID_DERIVED, raw.USER_ID),
    automation: client(
      firstText(raw.CONNECTED_APP_ID, raw.CLIENT_ID),
      raw.CONNECTED_APP_NAME,
      raw.CLIENT_NAME,
      raw.APPLICATION,
    ),
    target: rowTarget(raw, bare),
    client: {
      ip: address(raw.SOURCE_IP, raw.CLIENT_IP),
      asn: null,
      country: text(firstText(raw.COUNTRY_CODE, raw.COUNTRY), 64),
      userAgent: agent(raw.USER_AGENT, raw.BROWSER_TYPE, raw.BROWSER_NAME),
    },
    session: text(raw.SESSION_KEY ?? raw.LOGIN_KEY, 256),
    traits: traitsWhere({
      bulk: /^bulkapi/.test(bare) || /^bulk/i.test(text(raw.API_TYPE, 64) ?? ""),
      on_behalf: text(raw.DELEGATED_USER_ID ?? raw.DELEGATED_USERNAME) !== null,
      scheduled: /^(scheduled|batchapex)/i.test(text(raw.QUIDDITY, 64) ?? ""),
    }),
    outcome: rowOutcome(raw),
    // A callout sends the request out and takes the response in; everything else gives the response to the client.
    bytes: bare.endsWith("callout") ? size(raw.REQUEST_SIZE) : firstSize(raw),
    change: rowChange(raw, bare, found),
  });
}

function firstSize(raw: Raw): number {
  return (
    size(raw.RESPONSE_SIZE) || size(raw.FILE_SIZE) || size(raw.SIZE_BYTES) || size(raw.CONTENT_SIZE)
  );
}

/** 20260601080000.250 is 2026-06-01 08:00:00.250 UTC. */
function compactTime(value: unknown): number | null {
  const written = text(value, 32);
  if (written === null) return null;
  const parts = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\.\d+)?$/.exec(written);
  if (parts === null) return parseTime(value);
  const [, year, month, day, hour, minute, second, fraction = ""] = parts;
  return parseTime(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}Z`);
}

function rowClass(raw: Raw, bare: string): ActionClass {
  if (bare === "bulkapi" || bare === "bulkapi2" || bare === "bulkapiresult") {
    const operation = text(raw.OPERATION_TYPE, 64);
    const found = operationClass(operation);
    // What a bulk query reads leaves the platform as a file.
    return found === "read" || found === null ? "export" : found;
  }
  if (bare === "restapi") return restClass(raw);
  if (bare === "contenttransfer") {
    return (
      operationClass(text(raw.TRANSACTION_TYPE, 64)?.replace(/^Version/, "") ?? null) ?? "other"
    );
  }
  const fixed = eventClass(bare);
  if (fixed !== null) return fixed;
  return (
    operationClass(text(firstText(raw.METHOD_NAME, raw.OPERATION_TYPE, raw.OPERATION), 64)) ??
    "other"
  );
}

const METHODS: ReadonlyMap<string, ActionClass> = new Map<string, ActionClass>([
  ["GET", "read"],
  ["HEAD", "read"],
  ["POST", "create"],
  ["PATCH", "edit"],
  ["PUT", "edit"],
  ["DELETE", "delete"],
]);

function restClass(raw: Raw): ActionClass {
  const method = text(firstText(raw.METHOD, raw.HTTP_METHOD), 16)?.toUpperCase() ?? "";
  const uri = text(firstText(raw.URI, raw.API_RESOURCE), 2_048) ?? "";
  if (uri.includes("/describe")) return "enumerate";
  if (uri.includes("/search") || uri.includes("/parameterizedSearch")) return "search";
  if (/\/(VersionData|Body)$/.test(uri) && method === "GET") return "download";
  return METHODS.get(method) ?? "other";
}

function rowTarget(raw: Raw, bare: string): Target | null {
  if (bare.endsWith("callout")) {
    const host = hostOf(raw.URL);
    // The path of a callout may hold secrets of the other side; its host says where data goes.
    return host === null ? null : { type: "host", id: host, name: null };
  }
  const rows = rowsOf(raw);
  const suffix = rows === null ? null : `${rows} rows`;
  const entity = text(firstText(raw.ENTITY_NAME, raw.ENTITY_TYPE, raw.QUERIED_ENTITIES), 512);
  if (bare.startsWith("report")) {
    const id = text(firstText(raw.REPORT_ID_DERIVED, raw.REPORT_ID, raw.URI), 512);
    if (id !== null) return { type: "report", id, name: suffix };
  }
  if (entity !== null) return { type: "object", id: entity, name: suffix };
  const delegate = text(firstText(raw.DELEGATED_USERNAME, raw.DELEGATED_USER_ID), 512);
  if (delegate !== null) return { type: "user", id: delegate, name: null };
  const id = text(firstText(raw.ENTITY_ID, raw.DOCUMENT_ID_DERIVED, raw.DOCUMENT_ID, raw.URI), 512);
  return id === null ? null : { type: "resource", id, name: suffix };
}

function rowsOf(raw: Raw): number | null {
  return number(raw.ROWS_PROCESSED) ?? number(raw.RECORDS_PROCESSED) ?? number(raw.ROW_COUNT);
}

function rowOutcome(raw: Raw): AuditEvent["outcome"] {
  const code = number(raw.STATUS_CODE);
  if (code === 429) return "throttled";
  if (code === 401 || code === 403) return "denied";
  if (code !== null && code >= 400) return "failure";
  const login = text(raw.LOGIN_STATUS, 128);
  if (login !== null)
    return login === "LOGIN_NO_ERROR" || login === "Success" ? "success" : "failure";
  const status = text(raw.REQUEST_STATUS, 16);
  if (status === "F") return "failure";
  if (status === "A") return "denied";
  if (bool(raw.SUCCESS) === false) return "failure";
  const exception = firstText(raw.EXCEPTION_MESSAGE);
  if (exception !== null)
    return exception.includes("REQUEST_LIMIT_EXCEEDED") ? "throttled" : "failure";
  if (status === "S" || bool(raw.SUCCESS) === true || (code !== null && code < 400))
    return "success";
  return "unknown";
}

function rowChange(raw: Raw, bare: string, found: ActionClass): Change | null {
  if (found === "export") {
    const what = firstText(
      raw.REPORT_DESCRIPTION,
      raw.ENTITY_NAME,
      raw.ENTITY_TYPE,
      raw.OPERATION_TYPE,
    );
    const rows = rowsOf(raw);
    return change(bare === "bulkapiresult" ? "export_downloaded" : "export_completed", {
      detail:
        clip(
          [what, rows === null ? null : `${rows} rows`].filter((part) => part !== null).join(", "),
          1_024,
        ) || null,
    });
  }
  if (bare === "bulkapiresult" || bare === "bulkapi2") {
    const rows = rowsOf(raw);
    const what = [raw.OPERATION_TYPE, raw.ENTITY_NAME ?? raw.ENTITY_TYPE].map((part) => text(part));
    return change("bulk_changed", {
      detail: clip(
        [what.filter((part) => part !== null).join(" "), rows === null ? null : `${rows} rows`]
          .filter((part) => part !== null)
          .join(", "),
        1_024,
      ),
    });
  }
  if (bare.includes("anomaly") || bare === "sessionhijacking" || bare === "credentialstuffing") {
    return change("flagged_by_vendor", {
      detail: firstText(raw.SUMMARY, raw.MESSAGE, bare),
    });
  }
  if (bare === "packageinstall") return change("installed", { detail: text(raw.PACKAGE_NAME) });
  if (bare === "contentdistribution") return change("made_public");
  return null;
}
