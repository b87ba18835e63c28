/** New, moved and loosened connectors are told from tightened, removed, renamed and in-house ones. */

import type { AutomationRef } from "#contract/automation.ts";
import { type Actor, change } from "#contract/event.ts";
import { app, at, dana, event, testDetector } from "#engine/testing.ts";
import { mcpConnectorChanged } from "./index.ts";

const admin: Actor = { ...dana("admin@example.com"), isAdmin: true };
const server = (domains: readonly string[] = [], name = "Tickets") =>
  app("mcpsrv_01", { kind: "mcp_connector", name, domains: [...domains] });

const did = (
  day: number,
  action: string,
  known: {
    by?: Actor;
    to?: string;
    detail?: string;
    server?: AutomationRef | null;
    class?: "install" | "uninstall" | "policy";
  } = {},
) =>
  event("anthropic", action, {
    at: at(day),
    class: known.class ?? "policy",
    actor: known.by ?? admin,
    subject: known.server === undefined ? server() : known.server,
    change: change("mcp_changed", {
      destination: known.to ?? null,
      detail: known.detail ?? action,
    }),
  });

testDetector(mcpConnectorChanged, {
  fires: {
    "a new server at an address that nobody knows": {
      events: [
        did(1, "mcp_server_created", {
          class: "install",
          to: "https://tools.example.net/mcp",
          server: server(["tools.example.net"]),
        }),
      ],
      severityMin: "medium",
      says: ["tools.example.net", "admin@example.com"],
    },
    "a new server of a known vendor is worth a line": {
      events: [
        did(1, "mcp_server_created", {
          class: "install",
          to: "https://mcp.atlassian.com/v1",
          server: server(["mcp.atlassian.com"]),
        }),
      ],
      severityMin: "low",
    },
    "a tunnel to somebody's laptop, by somebody who is no administrator": {
      events: [
        did(1, "mcp_server_created", {
          class: "install",
          by: { ...dana(), isAdmin: false },
          to: "https://a1b2.ngrok-free.app/sse",
          server: server(["a1b2.ngrok-free.app"]),
        }),
      ],
      severityMin: "high",
      says: ["makeshift"],
    },
    "a server that moves to another site": {
      events: [
        did(0, "mcp_server_created", { class: "install", to: "https://mcp.atlassian.com/v1" }),
        did(20, "mcp_server_updated", { to: "https://mcp.example.net/v1", detail: "url" }),
      ],
      findings: 2,
      says: ["moved from atlassian.com to example.net"],
    },
    "a tool that may be called without asking": {
      events: [did(1, "mcp_tool_policy_updated", { detail: "send_mail: always_allow" })],
      severityMin: "medium",
      says: ["send_mail"],
    },
    "moved to another site on the day of its creation": {
      events: [
        did(0, "mcp_server_created", { class: "install", to: "https://mcp.atlassian.com/v1" }),
        { ...did(0, "mcp_server_updated", { to: "https://mcp.example.net/v1" }), at: at(0, 20) },
      ],
      severityMin: "high",
    },
    "its sign-in taken away": {
      events: [did(1, "mcp_server_managed_auth_removed")],
      severityMin: "medium",
    },
    "Slack, which does not say which connector": {
      events: [
        event("slack", "slack_ai_mcp_connector_changed", {
          at: at(1),
          class: "policy",
          actor: admin,
          change: change("mcp_changed"),
        }),
      ],
      severityMin: "low",
      says: ["does not name"],
    },
    "Slack: access list of a server changed by a guest": {
      events: [
        event("slack", "app_mcp_server_acl_changed", {
          at: at(1),
          class: "policy",
          actor: { ...dana("partner@example.net"), isGuest: true },
          subject: server(),
          change: change("mcp_changed"),
        }),
      ],
      severityMin: "medium",
    },
  },
  quiet: {
    "an in-house server at the company's own address": {
      events: [
        did(1, "mcp_server_created", {
          class: "install",
          to: "https://mcp.example.com/tickets",
          server: server(["mcp.example.com"]),
        }),
      ],
    },
    "a server removed": { events: [did(1, "mcp_server_deleted", { class: "uninstall" })] },
    "a tool that has to ask from now on": {
      events: [did(1, "mcp_tool_policy_updated", { detail: "send_mail: ask" })],
    },
    "a new description": {
      events: [did(1, "mcp_server_updated", { detail: "name, description" })],
    },
    "a token that the connector fetched": {
      events: [did(1, "mcp_server_managed_auth_token_exchanged")],
    },
    "an attempt that failed": {
      events: [
        { ...did(1, "mcp_server_created", { class: "install" }), outcome: "failure" as const },
      ],
    },
    "a call of a tool, however often": {
      events: [
        event("slack", "mcp_slack_search_public_tool_called", {
          at: at(1),
          class: "tool_call",
          automation: server(),
        }),
      ],
    },
  },
  evasions: {
    "loosened a little every day by the one who runs it": {
      events: [0, 1, 2, 3].map((day) =>
        did(day, "mcp_tool_policy_updated", { detail: `tool_${day}: always_allow` }),
      ),
      isCaught: true,
    },
    "other answers behind the same address": {
      events: [
        event("anthropic", "mcp_tool_called", {
          at: at(9),
          class: "tool_call",
          automation: server(),
        }),
      ],
      isCaught: false,
    },
  },
});
