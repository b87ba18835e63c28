/** Anthropic: activities become the right events, and no record of any shape breaks the reading. */

import { describe, expect, it } from "vitest";
import { checkExamples, FUZZ_CASES, fuzz } from "#platforms/testing.ts";
import { anthropic } from "./index.ts";

function activity(type: string, parts: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: "activity_01T",
    created_at: "2026-06-01T08:00:00Z",
    organization_id: "org_01T",
    type,
    actor: {
      type: "user_actor",
      email_address: "Dana@example.com",
      user_id: "user_01Dana",
      ip_address: "192.0.2.1",
      user_agent: "UA",
    },
    ...parts,
  };
}

function read(raw: Record<string, unknown>) {
  expect(anthropic.detect(raw, null)).toBe("anthropic:activity");
  const [event] = anthropic.normalize(raw, "anthropic:activity");
  if (event === undefined) throw new Error("no event");
  return event;
}

const viaKey = {
  type: "api_actor",
  api_key_id: "apikey_01K",
  ip_address: "198.51.100.7",
  user_agent: "python-requests/2.32",
};

describe("anthropic", () => {
  it("recognises each documented service by its example", () => {
    checkExamples(anthropic);
  });

  it("reads who, when, from where and the vendor's id", () => {
    const event = read(activity("claude_chat_viewed", { claude_chat_id: "claude_chat_1" }));
    expect(event).toMatchObject({
      id: "activity_01T",
      at: 1_780_300_800_000,
      class: "read",
      actor: { kind: "person", id: "dana@example.com", aliases: ["user_01Dana"] },
      client: { ip: "192.0.2.1", userAgent: "UA" },
      target: { type: "chat", id: "claude_chat_1" },
      automation: null,
    });
  });

  it.each([
    ["api_actor", { api_key_id: "apikey_1" }, "api_key", "apikey_1"],
    ["admin_api_key_actor", { admin_api_key_id: "key_1" }, "api_key", "key_1"],
    ["service_account_actor", { service_account_id: "svac_1" }, "service_account", "svac_1"],
    ["scim_directory_sync_actor", { directory_id: "dir_1" }, "service_account", "dir_1"],
    [
      "federated_identity_actor",
      { subject: "repo:x", issuer: "https://i.example" },
      "service_account",
      "repo:x",
    ],
    ["federated_actor", { provider: { type: "aws", account_id: "42" } }, "service_account", "42"],
  ])("%s is an automation that acts", (type, ids, kind, nativeId) => {
    const event = read(activity("platform_file_uploaded", { actor: { type, ...ids } }));
    expect(event.actor).toMatchObject({ kind: "automation", id: nativeId });
    expect(event.automation).toMatchObject({ kind, nativeId });
  });

  it.each(["anthropic_actor", "system_actor"])("%s is the vendor itself", (type) => {
    expect(read(activity("org_taint_added", { actor: { type } })).actor.kind).toBe("system");
  });

  it.each([
    ["admin_api_key_created", { admin_api_key_id: "key_9", scopes: ["a:b"] }],
    ["service_key_created", { service_key_id: "key_9", scopes: ["a:b"] }],
    ["platform_api_key_created", { api_key_id: "key_9", scopes: ["a:b"] }],
  ])("%s adds a credential, with its scopes", (type, parts) => {
    const event = read(activity(type, parts));
    expect(event).toMatchObject({
      class: "credential",
      subject: { kind: "api_key", nativeId: "key_9" },
      change: { kind: "credential_added", scopes: ["a:b"] },
    });
  });

  it("a key event without the key's id still is a credential change", () => {
    expect(read(activity("service_key_created"))).toMatchObject({
      subject: null,
      change: { kind: "credential_added" },
    });
  });

  it("an MCP server is the subject, and its tool policy says which tool and how far", () => {
    const event = read(
      activity("mcp_tool_policy_updated", {
        mcp_server_id: "mcpsrv_1",
        mcp_server_name: "Tickets",
        tool_name: "delete_ticket",
        max_permission: null,
      }),
    );
    expect(event.subject).toMatchObject({ kind: "mcp_connector", nativeId: "mcpsrv_1" });
    expect(event.change).toMatchObject({ kind: "mcp_changed", detail: "delete_ticket: no limit" });
  });

  it.each([
    ["platform_spend_limit_deleted", "policy_relaxed"],
    ["platform_spend_limit_created", "policy_tightened"],
    ["org_ip_restriction_deleted", "policy_relaxed"],
    ["org_sso_connection_deactivated", "policy_relaxed"],
    ["org_cowork_act_without_asking_mode_enabled", "policy_relaxed"],
    ["org_data_export_started", "export_started"],
    ["org_data_export_accessed", "export_downloaded"],
    ["primary_owner_transferred", "role_assigned"],
    ["role_assignment_granted", "role_assigned"],
    ["role_assignment_revoked", "role_removed"],
    ["service_key_revoked", "credential_removed"],
    ["claude_organization_settings_updated", "updated"],
  ])("%s is a change: %s", (type, kind) => {
    expect(read(activity(type)).change?.kind).toBe(kind);
  });

  it("switching the activity log off is logging impaired", () => {
    const off = activity("org_compliance_api_settings_updated", {
      compliance_api_enabled: true,
      compliance_api_logging_enabled: false,
    });
    expect(read(off).change?.kind).toBe("logging_impaired");
  });

  it.each([
    ["/v1/compliance/apps/chats/files/f/content", 200, "download", "success"],
    ["/v1/compliance/activities?limit=5", 429, "read", "throttled"],
    ["/v1/compliance/organizations", 403, "enumerate", "denied"],
  ])("a Compliance API call to %s with %i is %s, %s", (path, status, found, outcome) => {
    const event = read(
      activity("compliance_api_accessed", {
        actor: viaKey,
        api_key_id: "apikey_01K",
        url: `https://api.anthropic.com${path}`,
        request_method: "GET",
        status_code: status,
      }),
    );
    expect(event).toMatchObject({ class: found, outcome, subject: null });
    expect(event.automation?.nativeId).toBe("apikey_01K");
  });

  it("sharing with everybody is public, with a colleague is not", () => {
    const shared = (audience: unknown) =>
      read(activity("claude_artifact_sharing_updated", { claude_artifact_id: "a", audience }));
    expect(shared([{ type: "public" }]).change?.kind).toBe("made_public");
    expect(shared([{ type: "user", user_id: "u" }]).change).toBeNull();
  });

  it("an unknown activity stays a truthful event", () => {
    expect(read(activity("constructor"))).toMatchObject({
      action: "constructor",
      class: "other",
      change: null,
    });
  });

  it("knows a key's maker and whether it works", () => {
    const raw = {
      id: "apikey_1",
      type: "api_key",
      name: "Bot",
      created_by: { id: "user_A", type: "user" },
      created_at: "2026-01-01T00:00:00Z",
      status: "inactive",
      partial_key_hint: "sk-ant-...",
    };
    const [fact] = anthropic.inventory(raw, anthropic.detect(raw, "data") ?? "");
    expect(fact).toMatchObject({
      automation: { kind: "api_key", nativeId: "apikey_1", name: "Bot" },
      owners: [{ principal: "user_A" }],
      isEnabled: false,
    });
  });

  it(`survives ${FUZZ_CASES} arbitrary and mutated records`, () => {
    fuzz(anthropic, [
      ...anthropic.services.map(({ example }) => example),
      activity("compliance_api_accessed", {
        actor: viaKey,
        url: "https://a.example/x",
        status_code: 200,
      }),
      activity("claude_project_sharing_updated", { audience: [{ type: "organization" }] }),
      activity("claude_skill_created", { skill_id: "s", skill_name: "S" }),
      activity("admin_api_key_updated", { admin_api_key_id: "k", updates: [{ type: "name" }] }),
    ]);
  }, 120_000);
});
