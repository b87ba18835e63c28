/** Agents change by their makers' hands and explore by nature; what is left is worth a look. */

import { type AuditEvent, change } from "#contract/event.ts";
import { app, at, dana, event, repeat, testDetector } from "#engine/testing.ts";
import { agentDrift } from "./index.ts";

const agent = app("agent-7", { name: "Ticket Agent", kind: "ai_agent" });

function call(day: number, tool: string, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("slack", "mcp_tool_called", {
    at: at(day, 10),
    class: "tool_call",
    automation: agent,
    target: { type: "tool", id: tool, name: tool },
    ...known,
  });
}

const settled = Array.from({ length: 12 }, (_, day) => [
  call(day, "read_ticket"),
  call(day, "search_articles", { at: at(day, 11) }),
]).flat();

function changed(day: number, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("slack", "agentforce_agent_actions_updated", {
    at: at(day, 10),
    subject: agent,
    change: change("agent_changed", { detail: "added: send_email" }),
    ...known,
  });
}

testDetector(agentDrift, {
  fires: {
    "a settled agent begins to send": {
      events: [...settled, ...repeat(8, 60_000, () => call(12, "send_email"))],
      severityMin: "medium",
      says: ["send_email", "12 days", "2 tools"],
    },
    "somebody without ties changes its actions": {
      events: [...settled, changed(12)],
      severityMin: "medium",
      says: ["send_email", "Nothing ties"],
    },
    "a child app installs itself": {
      events: [
        event("slack", "child_app_auto_installed", {
          at: at(1, 10),
          subject: app("A-child", { name: "Helper of a helper" }),
          change: change("installed", { scopes: ["chat:write"] }),
        }),
      ],
      severityMin: "low",
    },
  },
  quiet: {
    "a settled agent at its work": { events: settled },
    "a new tool that only reads": { events: [...settled, call(12, "read_article")] },
    "an agent in its first week": {
      events: [...settled.slice(0, 8), ...repeat(8, 60_000, () => call(5, "send_email"))],
    },
    "an assistant that tries new tools all the time": {
      events: [
        ...Array.from({ length: 14 }, (_, day) => call(day, `send_to_${day}`)),
        call(15, "post_message"),
      ],
    },
    "its maker changes it again and again": {
      events: [
        event("slack", "workflow_created", {
          at: at(0, 8),
          subject: agent,
          change: change("created"),
        }),
        changed(1, { actor: { ...dana(), isAdmin: true } }),
        changed(2, { actor: { ...dana(), isAdmin: true } }),
      ].map((one, index) => (index === 0 ? one : { ...one, outcome: "failure" as const })),
    },
  },
  evasions: {
    "a tool with an innocent name": {
      events: [...settled, ...repeat(8, 60_000, () => call(12, "sync_notes"))],
      isCaught: false,
    },
    "a single call of a new sending tool": {
      events: [...settled, call(12, "post_message")],
      isCaught: true,
    },
  },
});
