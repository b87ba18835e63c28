/** Three harmless things are dangerous in one order, by an agent, within hours, and not as a habit. */

import type { AuditEvent, Trait } from "#contract/event.ts";
import { app, at, event, testDetector } from "#engine/testing.ts";
import { agentExfiltration } from "./index.ts";

const agent = app("agent-1", { name: "Inbox Helper", kind: "ai_agent" });

function step(
  day: number,
  hour: number,
  traits: Trait[],
  known: Partial<AuditEvent> = {},
): AuditEvent {
  return event("microsoft", known.action ?? "AgentRead", {
    at: at(day, hour),
    class: "read",
    automation: agent,
    traits,
    target: { type: "item", id: `${day}-${hour}`, name: null },
    ...known,
  });
}

const send = { class: "send", action: "SendMail" } as const;

testDetector(agentExfiltration, {
  fires: {
    "outside mail, then a labelled file, then mail to somebody outside": {
      events: [
        step(1, 9, ["external_content"]),
        step(1, 10, ["labelled"]),
        step(1, 11, ["outside"], send),
      ],
      severityMin: "high",
      confidenceMin: 0.6,
      says: ["outside", "sensitive", "SendMail"],
    },
    "hidden instructions, then a key, then a share": {
      events: [
        step(1, 9, ["injection"]),
        step(1, 9, ["secret"], { at: at(1, 9, 20) }),
        step(1, 9, [], { at: at(1, 9, 40), class: "share", action: "ShareFile" }),
      ],
      severityMin: "high",
      says: ["hidden instructions"],
    },
  },
  quiet: {
    "the private file was read before the outside mail": {
      events: [
        step(1, 9, ["labelled"]),
        step(1, 10, ["external_content"]),
        step(1, 11, ["outside"], send),
      ],
    },
    "hours apart": {
      events: [
        step(1, 2, ["external_content"]),
        step(1, 10, ["labelled"]),
        step(1, 20, ["outside"], send),
      ],
    },
    "a backup that is no agent": {
      events: [
        step(1, 9, ["external_content"]),
        step(1, 10, ["labelled"]),
        step(1, 11, ["outside"], { class: "export", action: "Export" }),
      ].map((one) => ({ ...one, automation: app("backup", { name: "Nightly Backup" }) })),
    },
    "it was denied": {
      events: [step(1, 9, ["external_content"]), step(1, 10, ["labelled"], { class: "other" })],
    },
  },
  evasions: {
    "private content that carries no label": {
      events: [step(1, 9, ["external_content"]), step(1, 10, []), step(1, 11, ["outside"], send)],
      isCaught: false,
    },
    "slowly within a conversation of three hours": {
      events: [
        step(1, 9, ["external_content"]),
        step(1, 11, ["labelled"]),
        step(1, 12, ["outside"], { ...send, at: at(1, 12, 59) }),
      ],
      isCaught: true,
    },
  },
});
