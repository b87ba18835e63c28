/** The platform's own marks are passed on with what followed, and idle marks of other kinds are left to others. */

import { type AuditEvent, change } from "#contract/event.ts";
import { app, at, event, repeat, testDetector } from "#engine/testing.ts";
import { agentFlagged } from "./index.ts";

const copilot = app("copilot", { name: "Copilot (Word)", kind: "ai_agent" });

function prompt(day: number, hour: number, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("microsoft", known.action ?? "CopilotInteraction", {
    at: at(day, hour),
    class: "prompt",
    automation: copilot,
    ...known,
  });
}

testDetector(agentFlagged, {
  fires: {
    "instructions hidden in a mail that the assistant read": {
      events: [prompt(1, 9), prompt(1, 10, { traits: ["injection", "external_content"] })],
      severityMin: "medium",
      says: ["hidden", "No action"],
    },
    "and then it sends mail": {
      events: [
        prompt(1, 10, { traits: ["injection"] }),
        prompt(1, 11, { class: "send", action: "SendMail" }),
      ],
      severityMin: "high",
      confidenceMin: 0.6,
      says: ["SendMail"],
    },
    "a workflow's AI answered a suspicious prompt": {
      events: [
        event("slack", "workflow_ai_answer_suspicious_prompt", {
          at: at(2, 9),
          automation: app("W1", { name: "Ask HR", kind: "workflow" }),
          change: change("flagged_by_vendor", { detail: "ignore previous instructions" }),
        }),
      ],
      severityMin: "low",
    },
    "somebody tries jailbreaks all afternoon": {
      events: repeat(9, 600_000, () => prompt(3, 14, { traits: ["jailbreak"] })),
      severityMin: "medium",
    },
    "somebody comes back to an agent that gives labelled documents away": {
      events: [
        ...[0, 1, 2].map((day) => prompt(day, 9)),
        ...[3, 6].flatMap((day) => [
          prompt(day, 14, { traits: ["jailbreak"] }),
          ...repeat(5, 600_000, () => prompt(day, 15, { class: "read", traits: ["labelled"] })),
        ]),
      ],
      findings: 2,
      severityMin: "medium",
      says: ["comes back", "5 labelled documents"],
    },
  },
  quiet: {
    "everyday prompts": { events: repeat(40, 300_000, () => prompt(1, 9)) },
    "labelled documents in an answer": {
      events: repeat(6, 600_000, () => prompt(1, 9, { traits: ["labelled"] })),
    },
    "a sign-in that the vendor calls risky": {
      events: [
        event("microsoft", "Sign-in activity", {
          at: at(1, 9),
          class: "sign_in",
          traits: ["anomalous"],
          automation: copilot,
          change: change("flagged_by_vendor", {
            detail: "risky sign-in, medium: unfamiliarFeatures",
          }),
        }),
      ],
    },
    "a virus found in a file": {
      events: [
        event("microsoft", "FileMalwareDetected", {
          at: at(1, 9),
          automation: copilot,
          change: change("flagged_by_vendor", { detail: "EICAR" }),
        }),
      ],
    },
  },
  evasions: {
    "instructions that the platform did not notice": {
      events: [
        prompt(1, 10, { traits: ["external_content"] }),
        prompt(1, 11, { class: "send", action: "SendMail" }),
      ],
      isCaught: false,
    },
  },
});
