/** Exports out of routine are told from timetables, compliance officers and people who take their own data along. */

import { type AuditEvent, type Change, change, person } from "#contract/event.ts";
import type { Platform } from "#contract/platform.ts";
import { app, at, event, testDetector } from "#engine/testing.ts";
import { slackExport } from "./index.ts";

const admin = person("admin@example.com", null, { isAdmin: true });

function exported(
  day: number,
  action: string,
  stage: "started" | "completed" | "downloaded",
  known: Partial<AuditEvent> & { readonly platform?: Platform; readonly detail?: string } = {},
): AuditEvent {
  const kinds: Record<typeof stage, Change["kind"]> = {
    started: "export_started",
    completed: "export_completed",
    downloaded: "export_downloaded",
  };
  return event(known.platform ?? "slack", action, {
    at: at(day, 9, stage === "started" ? 0 : stage === "completed" ? 30 : 45),
    class: "export",
    actor: admin,
    change: change(kinds[stage], { detail: known.detail ?? null }),
    ...known,
  });
}

const manual = (day: number, known = {}) => [
  exported(day, "manual_export_started", "started", known),
  exported(day, "manual_export_downloaded", "downloaded", known),
];
const workdays = (actor = admin) =>
  Array.from({ length: 20 }, (_, day) =>
    event("slack", "user_login", { at: at(day, 8), class: "sign_in", actor }),
  );

testDetector(slackExport, {
  fires: {
    "an admin's first export of the workspace": {
      events: [...workdays(), ...manual(20)],
      severityMin: "high",
      confidenceMin: 0.7,
      says: ["admin", "never did", "20 active days"],
    },
    "a timetable's file is fetched by somebody who had no part in it": {
      events: [
        ...[0, 7, 14, 21].map((day) => exported(day, "scheduled_export_started", "started")),
        exported(22, "manual_export_downloaded", "downloaded", {
          actor: person("lee@example.com", null, { isAdmin: false }),
        }),
      ],
      // The timetable's first run is told mildly, as nobody knew it yet; the later ones are not.
      findings: 2,
      severityMin: "low",
      says: ["lee@example.com", "had it made"],
    },
    "an app starts a domain takeout": {
      events: [
        exported(3, "CUSTOMER_TAKEOUT_CREATED", "started", {
          platform: "google",
          service: "google:admin",
          actor: { ...admin, kind: "automation", id: "C-x" },
          automation: app("C-x", { name: "Migrator", isVerified: false }),
        }),
      ],
      severityMin: "critical",
      says: ["Migrator", "whole domain"],
    },
    "a mailbox export by an admin who never made one": {
      events: [
        ...workdays().map((one) => ({ ...one, platform: "microsoft" as const })),
        exported(20, "New-MailboxExportRequest", "started", {
          platform: "microsoft",
          detail: "mailbox export",
        }),
      ],
      severityMin: "medium",
    },
    "the results of a content search are exported by cmdlet": {
      events: [
        exported(20, "New-ComplianceSearchAction", "started", {
          platform: "microsoft",
          detail: "New-ComplianceSearchAction; salaries",
        }),
      ],
      severityMin: "medium",
      says: ["results of a content search"],
    },
    "a compliance officer's weekly exports, until they are a routine": {
      events: [0, 7, 14, 21, 28, 35].flatMap((day) => manual(day)),
      findings: 3,
      severityMin: "medium",
      says: ["no routine yet"],
    },
    "a person takes all her own data along": {
      events: [
        exported(3, "user_requested_takeout", "started", {
          platform: "google",
          service: "google:takeout",
          detail: "mail, drive",
          actor: person("dana@example.com", null, { isAdmin: false }),
        }),
      ],
      severityMin: "low",
    },
    "a first timetabled export": {
      events: [...workdays(), exported(20, "scheduled_export_started", "started")],
      severityMin: "low",
    },
  },
  quiet: {
    "exports of audit logs and analytics": {
      events: [
        exported(3, "audit_logs_export_csv_started", "started"),
        exported(4, "search_query_audit_logs_export_completed", "completed"),
      ],
    },
    "a salesperson exports reports": {
      events: [exported(3, "ReportExport", "completed", { platform: "salesforce" })],
    },
    "a query result goes to BigQuery": {
      events: [
        exported(3, "export_data", "completed", {
          platform: "google",
          service: "google:data_studio",
        }),
      ],
    },
    "the vendor itself completes an export": {
      events: [
        exported(3, "manual_export_completed", "completed", {
          actor: { ...admin, kind: "system", id: "slack" },
        }),
      ],
    },
    "an export that was refused": {
      events: manual(5).map((one) => ({ ...one, outcome: "denied" as const })),
    },
  },
  evasions: {
    "channel by channel instead of the workspace": {
      events: [...workdays(), exported(20, "channels_export_started", "started")],
      isCaught: true,
    },
    "message by message through the API": {
      events: [event("slack", "conversations.history", { at: at(2), class: "read" })],
      isCaught: false,
    },
  },
});
