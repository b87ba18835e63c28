/** Collecting through an assistant is told from research, from busy agents of every day and from polling one place. */

import { SECOND_MS } from "#base/time.ts";
import type { AuditEvent } from "#contract/event.ts";
import { app, at, dana, event, repeat, testDetector } from "#engine/testing.ts";
import { mcpToolBurst } from "./index.ts";

const client = app("A-mcp", { name: "Desk Assistant", kind: "mcp_connector" });

function call(day: number, tool: string, known: Partial<AuditEvent> = {}): AuditEvent {
  return event("slack", `mcp_slack_${tool}_tool_called`, {
    at: at(day, 9),
    class: "tool_call",
    automation: client,
    ...known,
  });
}

const calmDays = [0, 1, 2, 3, 4, 7, 8, 9].flatMap((day) =>
  repeat(10, 120 * SECOND_MS, () => call(day, "search_public")),
);

testDetector(mcpToolBurst, {
  fires: {
    "an assistant reads 400 channels after days of ten searches": {
      events: [...calmDays, ...repeat(400, 2 * SECOND_MS, () => call(10, "read_channel"))],
      severityMin: "high",
      confidenceMin: 0.7,
      says: ["400 tool calls", "usual day has 10", "read_channel"],
    },
    "an assistant of ten questions a day collects sixty times and posts for the first time": {
      events: [
        ...calmDays,
        ...repeat(60, 20 * SECOND_MS, () => call(10, "search_public_and_private")),
        ...repeat(8, 60 * SECOND_MS, () => call(10, "send_message")),
      ],
      severityMin: "high",
      says: ["sent or posted something"],
    },
    "a new client searches private messages and opens what it finds, from the first minute": {
      events: [
        ...repeat(60, SECOND_MS, () => call(3, "search_public_and_private")),
        ...repeat(500, SECOND_MS, (index) =>
          call(3, "read_thread", { target: { type: "message", id: `t${index}`, name: null } }),
        ),
      ],
      severityMin: "medium",
      confidenceMin: 0.3,
      says: ["too few other days"],
    },
    "a person's account is driven through tools that name no client": {
      events: [
        ...calmDays.map((one) => ({ ...one, automation: null })),
        ...repeat(300, SECOND_MS, () => call(10, "read_file", { automation: null })),
      ],
      severityMin: "medium",
      says: ["dana"],
    },
  },
  quiet: {
    "an agent of every day with 2,000 calls": {
      events: [0, 1, 2, 3, 4, 5, 6].flatMap((day) =>
        repeat(2_000 + day * 25, 10 * SECOND_MS, () => call(day, "read_thread")),
      ),
    },
    "a team of twenty tries a new assistant out": {
      events: [
        ...calmDays,
        ...repeat(140, 120 * SECOND_MS, (index) =>
          call(10, "search_public", {
            actor: dana(`user${index % 20}@example.com`),
            automation: { ...client, isVerified: true },
            target: { type: "channel", id: `channel-${index % 20}`, name: null },
          }),
        ),
      ],
    },
    "a long research task on the first day": {
      events: repeat(220, 40 * SECOND_MS, () => call(2, "search_public")),
    },
    "a busy day: four times the usual": {
      events: [
        ...[0, 1, 2, 3, 4].flatMap((day) =>
          repeat(50, 60 * SECOND_MS, () => call(day, "read_channel")),
        ),
        ...repeat(200, 60 * SECOND_MS, () => call(5, "read_channel")),
      ],
    },
    "a workflow that polls the same list every two minutes": {
      events: [
        ...calmDays,
        ...repeat(420, 120 * SECOND_MS, () =>
          call(10, "read_list", { at: at(10, 0), target: { type: "list", id: "L1", name: null } }),
        ),
      ],
    },
    "calls that all failed": {
      events: [
        ...calmDays,
        ...repeat(400, 2 * SECOND_MS, () => call(10, "read_channel", { outcome: "failure" })),
      ],
    },
    "four clients that all work as much on their first day": {
      events: ["A1", "A2", "A3", "A4"].flatMap((id, index) =>
        repeat(900 + index, 10 * SECOND_MS, () =>
          call(1, "read_canvas", { automation: app(id, { kind: "mcp_connector" }) }),
        ),
      ),
    },
  },
  evasions: {
    "ninety calls a day for two weeks": {
      events: Array.from({ length: 14 }, (_, day) =>
        repeat(90, 300 * SECOND_MS, () => call(day, "read_channel")),
      ).flat(),
      isCaught: false,
    },
    "the burst cut into four hours": {
      events: [
        ...calmDays,
        ...[8, 11, 15, 20].flatMap((hour) =>
          repeat(100, 20 * SECOND_MS, (index) =>
            call(10, "read_channel", {
              at: at(10, hour),
              target: { type: "channel", id: `c${hour}-${index}`, name: null },
            }),
          ),
        ),
      ],
      isCaught: true,
    },
  },
});
