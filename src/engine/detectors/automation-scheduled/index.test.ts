/** What was set to run by itself is noted, ways in are told; runs and ends are not. */

import { type AuditEvent, change, person } from "#contract/event.ts";
import { app, at, dana, event, testDetector } from "#engine/testing.ts";
import { automationScheduled } from "./index.ts";

const nightly = app("/automationaccounts/a/schedules/nightly", {
  kind: "workflow",
  name: "nightly",
});

function scheduled(detail: string, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("microsoft", "Microsoft.Automation/automationAccounts/schedules/write", {
    at: at(1, 12),
    class: "edit",
    subject: nightly,
    change: change("scheduled", { detail }),
    ...known,
  });
}

testDetector(automationScheduled, {
  fires: {
    "a schedule": { events: [scheduled("schedules")], says: ["nightly"] },
    "an address by which a guest starts code": {
      events: [
        scheduled("webhooks", {
          actor: person("visitor@elsewhere.example", null, { isGuest: true }),
        }),
      ],
      severityMin: "medium",
      says: ["whoever knows the address"],
    },
    "a timed script": {
      events: [
        event("google", "create_script_trigger", {
          at: at(1),
          class: "create",
          change: change("scheduled", { detail: "script trigger CLOCK" }),
          target: { type: "script", id: "S1", name: "Tidy up" },
        }),
      ],
      says: ["Tidy up"],
    },
    "a machine that runs the organization's builds": {
      events: [
        event("github", "org.register_self_hosted_runner", {
          at: at(1),
          class: "create",
          change: change("created", { detail: "runner" }),
          target: { type: "runner", id: "laptop", name: null },
        }),
      ],
      says: ["code and secrets"],
    },
  },
  quiet: {
    "a runner is removed": {
      events: [
        event("github", "org.remove_self_hosted_runner", {
          at: at(1),
          class: "delete",
          change: change("deleted"),
        }),
      ],
    },
    "a schedule is deleted": {
      events: [scheduled("schedules", { change: change("deleted") })],
    },
    "a schedule that could not be made": {
      events: [scheduled("schedules", { outcome: "failure" })],
    },
    "the nightly run": {
      events: [event("microsoft", "JobLogs", { at: at(1), class: "run", automation: nightly })],
    },
  },
  evasions: {
    "an existing schedule runs other code": {
      events: [
        event("microsoft", "upload", { at: at(1), class: "edit", actor: dana(), subject: nightly }),
      ],
      isCaught: false,
    },
    "a schedule by somebody whom the record does not name": {
      events: [
        scheduled("schedules", { actor: { ...dana(), kind: "unknown", id: "", name: null } }),
      ],
      isCaught: true,
    },
  },
});
