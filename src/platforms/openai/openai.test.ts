/** OpenAI: audit records become the right events, and no record of any shape breaks the reading. */

import { describe, expect, it } from "vitest";
import { checkExamples, FUZZ_CASES, fuzz } from "#platforms/testing.ts";
import { openai } from "./index.ts";

function record(
  type: string,
  details: unknown = {},
  parts: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    object: "organization.audit_log",
    id: "audit_log-1",
    type,
    effective_at: 1_780_300_800,
    actor: {
      type: "session",
      session: {
        user: { id: "user-1", email: "Dana@example.com" },
        ip_address: "192.0.2.1",
        user_agent: "UA",
        ip_address_details: { country: "DE", asn: 64_496 },
      },
    },
    [type]: details,
    ...parts,
  };
}

function read(raw: Record<string, unknown>) {
  expect(openai.detect(raw, null)).toBe("openai:audit");
  const [event] = openai.normalize(raw, "openai:audit");
  if (event === undefined) throw new Error("no event");
  return event;
}

describe("openai", () => {
  it("recognises each documented service by its example", () => {
    checkExamples(openai);
  });

  it("reads who, when, from where and the vendor's id", () => {
    expect(read(record("login.failed"))).toMatchObject({
      id: "audit_log-1",
      at: 1_780_300_800_000,
      class: "sign_in",
      outcome: "failure",
      actor: { kind: "person", id: "dana@example.com", aliases: ["user-1"] },
      client: { ip: "192.0.2.1", userAgent: "UA", country: "DE", asn: "64496" },
    });
  });

  it("a new key is a credential with its scopes, whatever the collector calls the details", () => {
    const details = { id: "key-1", data: { name: "Bot", scopes: ["all"] } };
    const asApi = read(record("api_key.created", details));
    const { "api_key.created": _dotted, ...rest } = record("api_key.created", details);
    const asCollector = read({ ...rest, api_key_created: details });
    expect(asApi).toMatchObject({
      class: "credential",
      subject: { kind: "api_key", nativeId: "key-1", name: "Bot" },
      change: { kind: "credential_added", scopes: ["all"] },
    });
    expect(asCollector).toEqual(asApi);
  });

  it("new scopes of a key are seen whether they stand in data or in changes_requested", () => {
    for (const field of ["data", "changes_requested"]) {
      const event = read(record("api_key.updated", { id: "k", [field]: { scopes: ["admin"] } }));
      expect(event.change).toMatchObject({
        kind: "scopes_added",
        scopes: ["admin"],
        addedScopes: null,
      });
    }
  });

  it("a person behind a key is the actor and the key is the automation", () => {
    const actor = {
      type: "api_key",
      api_key: { type: "user", id: "key-2", user: { id: "u", email: "a@example.com" } },
    };
    const event = read(record("project.created", { id: "proj" }, { actor }));
    expect(event.actor).toMatchObject({ kind: "person", id: "a@example.com" });
    expect(event.automation).toMatchObject({ kind: "api_key", nativeId: "key-2" });
  });

  it("a service account acts by itself, and its key is tied to it", () => {
    const actor = {
      type: "api_key",
      api_key: { type: "service_account", id: "key-3", service_account: { id: "svc-1" } },
    };
    const event = read(
      record("invite.sent", { id: "i", data: { email: "x@example.com" } }, { actor }),
    );
    expect(event.actor).toMatchObject({ kind: "automation", id: "svc-1" });
    expect(event.automation).toMatchObject({ nativeId: "key-3", aliases: ["svc-1"] });
  });

  it.each([
    ["ip_allowlist.deleted", {}, "policy_relaxed"],
    ["ip_allowlist.config.deactivated", { configs: [{ id: "a", name: "VPN" }] }, "policy_relaxed"],
    ["ip_allowlist.config.activated", {}, "policy_tightened"],
    ["ip_allowlist.updated", { id: "a", allowed_ips: ["0.0.0.0"] }, "policy_relaxed"],
    ["ip_allowlist.updated", { id: "a", allowed_ips: ["192.0.2.0/24"] }, "updated"],
    ["rate_limit.deleted", { id: "rl" }, "policy_relaxed"],
    ["scim.disabled", { id: "s" }, "policy_relaxed"],
    ["certificates.deactivated", {}, "policy_relaxed"],
    ["role.assignment.created", { id: "r", principal_id: "u" }, "role_assigned"],
    ["user.updated", { id: "u", changes_requested: { role: "owner" } }, "role_assigned"],
    ["service_account.created", { id: "s", data: { role: "owner" } }, "created"],
    [
      "workload_identity_provider.created",
      { id: "w", data: { issuer: "https://i.example" } },
      "federation_added",
    ],
    [
      "organization.updated",
      { id: "o", changes_requested: { api_call_logging: "disabled" } },
      "logging_impaired",
    ],
    ["tunnel.created", { id: "tunnel_1" }, "mcp_changed"],
    ["role.bound_to_resource", { connector_id: "c", connector_name: "Drive" }, "mcp_changed"],
  ])("%s %o is a change: %s", (type, details, kind) => {
    expect(read(record(type, details)).change?.kind).toBe(kind);
  });

  it("records of newer pages, which lack `object`, are recognised", () => {
    const { object: _kind, ...rest } = record("project.deleted", { id: "proj" });
    expect(read(rest)).toMatchObject({ class: "delete", target: { type: "project", id: "proj" } });
  });

  it("an unknown type stays a truthful event", () => {
    expect(read(record("constructor", null))).toMatchObject({
      action: "constructor",
      class: "other",
      change: null,
    });
  });

  it("never reads a key's secret, and ties a service account's key to the account", () => {
    const raw = {
      object: "organization.admin_api_key",
      id: "key_1",
      name: "Script",
      value: "sk-admin-secret",
      created_at: 1_780_300_800,
      last_used_at: 1_780_300_900,
      owner: {
        type: "service_account",
        object: "organization.service_account",
        id: "svc_1",
        name: "S",
      },
    };
    const facts = openai.inventory(raw, openai.detect(raw, "data") ?? "");
    expect(facts).toMatchObject([
      {
        automation: { kind: "api_key", nativeId: "key_1", aliases: ["svc_1"] },
        createdAt: 1_780_300_800_000,
        lastUsedAt: 1_780_300_900_000,
        owners: [],
      },
    ]);
    expect(JSON.stringify(facts)).not.toContain("secret");
  });

  it(`survives ${FUZZ_CASES} arbitrary and mutated records`, () => {
    fuzz(openai, [
      ...openai.services.map(({ example }) => example),
      record("ip_allowlist.config.deactivated", { configs: [{ id: "a", name: "VPN" }] }),
      record("role.updated", { id: "r", changes_requested: { permissions_added: ["a"] } }),
      record("api_key.updated", { id: "k", changes_requested: { scopes: ["a"] } }),
    ]);
  }, 120_000);
});
