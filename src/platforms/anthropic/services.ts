/** The Anthropic log and lists that are understood, each with where to get it and an invented example. */

import type { Service } from "#platforms/platform.ts";

export const services: readonly Service[] = [
  {
    id: "anthropic:activity",
    title: "Activity feed of the Compliance API",
    holds: "events",
    from: "GET https://api.anthropic.com/v1/compliance/activities",
    example: {
      id: "activity_01Example7Rk",
      created_at: "2026-06-01T08:00:00Z",
      organization_id: "org_01Example",
      organization_uuid: "0b6d0000-0000-4000-8000-000000000001",
      type: "mcp_server_created",
      mcp_server_id: "mcpsrv_01Example",
      mcp_server_name: "Tickets",
      actor: {
        type: "user_actor",
        email_address: "dana@example.com",
        user_id: "user_01Dana",
        ip_address: "192.0.2.10",
        user_agent: "Mozilla/5.0",
      },
    },
  },
  {
    id: "anthropic:anthropic_apikeys",
    title: "API keys",
    holds: "state",
    from: "GET https://api.anthropic.com/v1/organizations/api_keys",
    example: {
      id: "apikey_01Example",
      type: "api_key",
      name: "Ticket summaries",
      workspace_id: "wrkspc_01Example",
      created_at: "2026-03-02T09:30:00Z",
      created_by: { id: "user_01Dana", type: "user" },
      partial_key_hint: "sk-ant-api03-abc...xyz",
      status: "active",
    },
  },
  {
    id: "anthropic:anthropic_users",
    title: "Members of the organization",
    holds: "state",
    from: "GET https://api.anthropic.com/v1/organizations/users",
    example: {
      id: "user_01Dana",
      type: "user",
      email: "dana@example.com",
      name: "Dana Reyes",
      role: "admin",
      added_at: "2026-01-12T10:00:00Z",
    },
  },
  {
    id: "anthropic:anthropic_workspaces",
    title: "Workspaces",
    holds: "state",
    from: "GET https://api.anthropic.com/v1/organizations/workspaces",
    example: {
      id: "wrkspc_01Example",
      type: "workspace",
      name: "Support",
      created_at: "2026-01-12T10:00:00Z",
      archived_at: null,
      display_color: "#6C5BB9",
    },
  },
  {
    id: "anthropic:anthropic_invites",
    title: "Pending invites",
    holds: "state",
    from: "GET https://api.anthropic.com/v1/organizations/invites",
    example: {
      id: "invite_01Example",
      type: "invite",
      email: "lee@example.com",
      role: "developer",
      invited_at: "2026-05-30T10:00:00Z",
      expires_at: "2026-06-20T10:00:00Z",
      status: "pending",
    },
  },
];
