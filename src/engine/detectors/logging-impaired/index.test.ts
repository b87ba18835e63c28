/** Logs that are switched off or taken by programs are told; logs that are set up, read by people or kept by the vendor are not. */

import { change, machine, person } from "#contract/event.ts";
import { app, at, dana, event, testDetector } from "#engine/testing.ts";
import { loggingImpaired } from "./index.ts";

const off = (platform: "microsoft" | "google" | "github" | "okta", action: string, known = {}) =>
  event(platform, action, {
    at: at(2, 22),
    class: "policy",
    change: change("logging_impaired", { detail: action }),
    ...known,
  });

testDetector(loggingImpaired, {
  fires: {
    "the audit log of the tenant is disabled": {
      events: [off("microsoft", "Set-AdminAuditLogConfig disable")],
      severityMin: "medium",
      says: ["a whole log is off"],
    },
    "a program deletes the stream to the SIEM": {
      events: [
        off("okta", "system.log_stream.lifecycle.delete", {
          actor: machine("C1", "Sync"),
          automation: app("C1", { name: "Sync" }),
        }),
      ],
      severityMin: "high",
      says: ["a program changed it"],
    },
    "one mailbox is no longer audited": {
      events: [
        off("microsoft", "Set-Mailbox", {
          change: change("logging_impaired", {
            principal: "chief@example.com",
            detail: "AuditEnabled is now False",
          }),
        }),
      ],
      says: ["chief@example.com"],
    },
    "a bot exports the audit log": {
      events: [
        event("slack", "audit_logs_export_csv_started", {
          at: at(2),
          class: "export",
          actor: machine("B1", "Helper"),
          automation: app("B1", { name: "Helper" }),
          change: change("export_started", { detail: "csv" }),
        }),
      ],
      says: ["took the audit log out"],
    },
  },
  quiet: {
    "a new log stream is set up": {
      events: [
        event("okta", "system.log_stream.lifecycle.create", {
          at: at(1),
          class: "policy",
          change: change("created"),
        }),
      ],
    },
    "an auditor exports the audit log": {
      events: [
        event("slack", "audit_logs_export_csv_started", {
          at: at(1),
          class: "export",
          change: change("export_started", { detail: "csv" }),
        }),
      ],
    },
    "the vendor moves its own logs": {
      events: [
        off("microsoft", "Set-AdminAuditLogConfig", { actor: machine("ms", "Vendor", "system") }),
      ],
    },
    "an attempt that failed": {
      events: [off("google", "TURN_OFF_BIGQUERY_EXPORT", { outcome: "failure" })],
    },
  },
  evasions: {
    "the stream is pointed elsewhere instead of deleted": {
      events: [
        off("github", "audit_log_streaming.update", { actor: person("eve@example.com", null) }),
      ],
      isCaught: true,
    },
    "a filter before the log drops the records": {
      events: [
        event("okta", "system.hook.update", {
          at: at(1),
          change: change("updated"),
          actor: dana(),
        }),
      ],
      isCaught: false,
    },
  },
});
