/** Tables that leave or change in one go are told; pages, sign-ins and nightly integrations are not. */

import { type AuditEvent, change, person } from "#contract/event.ts";
import { at, event, testDetector } from "#engine/testing.ts";
import { bulkDataApi } from "./index.ts";

function bulk(
  kind: "export_downloaded" | "bulk_changed",
  detail: string,
  known: Partial<AuditEvent> = {},
): AuditEvent {
  return event("salesforce", "BulkApiResultEventStore", {
    at: at(2, 20),
    class: kind === "bulk_changed" ? "edit" : "export",
    outcome: "unknown",
    change: change(kind, { detail }),
    ...known,
  });
}

testDetector(bulkDataApi, {
  fires: {
    "all contacts": {
      events: [bulk("export_downloaded", "Contact, 240000 rows")],
      says: ["Contact, 240000 rows", "people and deals"],
    },
    "most of the company by a guest": {
      events: [
        bulk("export_downloaded", "Account, 900000 rows", {
          actor: person("visitor@elsewhere.example", null, { isGuest: true }),
        }),
      ],
      severityMin: "high",
    },
    "records are deleted": {
      events: [bulk("bulk_changed", "delete Opportunity, 9000 rows", { class: "delete" })],
      says: ["deleted"],
    },
    "records are loaded": { events: [bulk("bulk_changed", "insert Lead, 400 rows")] },
  },
  quiet: {
    "a sign-in": { events: [event("salesforce", "Login", { at: at(1), class: "sign_in" })] },
    "a page of records": {
      events: [event("salesforce", "ListView", { at: at(1), class: "read" })],
    },
    "an export that was blocked": {
      events: [bulk("export_downloaded", "Contact, 240000 rows", { outcome: "denied" })],
    },
  },
  evasions: {
    "a little every night": {
      events: [0, 1, 2, 3, 4, 5].map((day) =>
        bulk("export_downloaded", "Contact, 900 rows", { at: at(day, 2) }),
      ),
      isCaught: true,
    },
    "through pages, row by row": {
      events: [event("salesforce", "API", { at: at(1), class: "read" })],
      isCaught: false,
    },
  },
});
