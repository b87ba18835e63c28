/** A build job that starts to fetch artifacts is noted once; builds that always do, and those that do not, are not. */

import { type AuditEvent, change, UNKNOWN_ACTOR } from "#contract/event.ts";
import { app, at, event, testDetector } from "#engine/testing.ts";
import { artifactTaken } from "./index.ts";

function job(name: string, steps: string | null, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("github", "workflow_job.completed", {
    at: at(1, 10),
    class: "run",
    actor: UNKNOWN_ACTOR,
    automation: app(`acme/site#${name}`, { kind: "workflow", name }),
    change: steps === null ? null : change("artifact_taken", { detail: steps }),
    ...known,
  });
}

testDetector(artifactTaken, {
  fires: {
    "a job fetches an artifact": {
      events: [job("Deploy", "Download artifact")],
      says: ["Deploy", "Download artifact"],
    },
    "two jobs are two findings": {
      events: [job("Deploy", "Download artifact"), job("Report", "actions/download-artifact@v4")],
      findings: 2,
    },
  },
  quiet: {
    "a job without artifacts": { events: [job("Lint", null)] },
    "a job that failed": { events: [job("Deploy", "Download artifact", { outcome: "failure" })] },
    "a job that was denied": {
      events: [job("Deploy", "Download artifact", { outcome: "denied" })],
    },
  },
  evasions: {
    "the step is called something else": { events: [job("Deploy", null)], isCaught: false },
  },
});
