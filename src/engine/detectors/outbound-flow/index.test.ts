/** A source and a way out in one flow is worth a line; who made it and what it did decides whether it is more. */

import { type AuditEvent, change, person } from "#contract/event.ts";
import { app, at, event, repeat, testDetector } from "#engine/testing.ts";
import { outboundFlow } from "./index.ts";

const flow = app("flow-1", { name: "Copy invoices", kind: "workflow" });
const script = app("1.apps.example", { name: "Sheet helper", kind: "script" });
const guest = person("lee@partner.example", null, { name: "lee", isGuest: true });
const MAKER = person("mara@example.com", null, { name: "mara" });
const OFFICE = { ip: "192.0.2.10", asn: null, country: null, userAgent: "Edge" };
const DRIVE = "https://www.googleapis.com/auth/drive";
const CALLS_OUT = "https://www.googleapis.com/auth/script.external_request";

function saved(day: number, connectors: string, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("microsoft", "CreateFlow", {
    at: at(day, 10),
    class: "create",
    subject: flow,
    change: change("created", { detail: `connectors: ${connectors}` }),
    ...known,
  });
}

function granted(scopes: string[]): AuditEvent {
  return event("google", "authorize", {
    at: at(1, 10),
    class: "consent",
    subject: script,
    change: change("granted", { scopes, consent: "user", principal: "dana@example.com" }),
  });
}

function run(day: number): AuditEvent {
  return event("slack", "workflow_execution_started", {
    at: at(day, 9),
    class: "run",
    automation: flow,
  });
}

testDetector(outboundFlow, {
  fires: {
    "somebody's first flow, made from where nobody here works": {
      events: [
        ...Array.from({ length: 8 }, (_, day) =>
          event("microsoft", "FileAccessed", {
            at: at(day, 9),
            class: "read",
            actor: MAKER,
            client: OFFICE,
          }),
        ),
        saved(9, "shared_sharepointonline, shared_http", {
          actor: MAKER,
          client: { ...OFFICE, ip: "203.0.113.9" },
        }),
      ],
      severityMin: "high",
      says: ["where nobody here ever worked before", "never made one before"],
    },
    "a guest's flow from SharePoint to her own mail": {
      events: [saved(1, "shared_sharepointonline, shared_gmail", { actor: guest })],
      severityMin: "medium",
      says: ["sharepointonline", "gmail", "guest"],
    },
    "a flow that was used to send outside": {
      events: [
        saved(1, "shared_office365;shared_http"),
        event("microsoft", "SendMail", {
          at: at(2, 3),
          class: "send",
          automation: flow,
          traits: ["outside"],
        }),
      ],
      severityMin: "medium",
      says: ["sent something outside"],
    },
    "a script with the drive and calls to any address": {
      events: [granted([DRIVE, CALLS_OUT])],
      severityMin: "low",
      says: ["drive", "any address"],
    },
    "a workflow of two runs a day is opened to webhooks and runs a hundred times": {
      events: [
        ...[0, 1, 2].flatMap((day) => repeat(2, 60_000, () => run(day))),
        event("slack", "workflow_trigger_permission_set", {
          at: at(3, 10),
          class: "edit",
          subject: flow,
          change: change("published", { detail: "webhook trigger: everyone" }),
        }),
        ...repeat(100, 60_000, () => run(4)),
      ],
      severityMin: "high",
      says: ["webhook", "it ran 100 times in a day after"],
    },
    "a workflow that anybody outside may start": {
      events: [
        event("slack", "workflow_published", {
          at: at(1, 10),
          subject: flow,
          change: change("published", { detail: "external trigger" }),
        }),
      ],
      severityMin: "low",
    },
  },
  quiet: {
    "a flow between inside services": {
      events: [saved(1, "shared_sharepointonline, shared_teams")],
    },
    "a flow that only listens to a feed": { events: [saved(1, "shared_rss, shared_approvals")] },
    "a script that calls out but holds nothing": { events: [granted([CALLS_OUT])] },
    "a script on its own sheet": { events: [granted([DRIVE])] },
    "the creation failed": {
      events: [saved(1, "shared_sharepointonline, shared_gmail", { outcome: "failure" })],
    },
  },
  evasions: {
    "a way out behind a custom connector with an inside name": {
      events: [saved(1, "shared_sharepointonline, shared_contosoinvoices")],
      isCaught: false,
    },
    "saved ten times to bury the first": {
      events: Array.from({ length: 10 }, (_, day) =>
        saved(day, "shared_sql, shared_dropbox"),
      ).slice(0, 3),
      isCaught: true,
    },
  },
});
