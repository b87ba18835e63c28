/** Slack: records become the right events, and no record of any shape breaks the reading. */

import { describe, expect, it } from "vitest";
import { checkExamples, FUZZ_CASES, fuzz } from "#platforms/testing.ts";
import { slack } from "./index.ts";

function entry(action: string, parts: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: "e-1",
    date_create: 1_780_300_800,
    action,
    actor: { type: "user", user: { id: "W1", name: "Dana", email: "Dana@example.com" } },
    entity: { type: "app", app: { id: "A1", name: "Scribe", scopes: ["channels:history"] } },
    context: { ip_address: "192.0.2.1", ua: "UA", location: { type: "workspace", id: "T1" } },
    details: null,
    ...parts,
  };
}

function read(raw: Record<string, unknown>) {
  const service = slack.detect(raw, null);
  expect(service).not.toBeNull();
  const [event] = slack.normalize(raw, service ?? "");
  if (event === undefined) throw new Error("no event");
  return event;
}

describe("slack", () => {
  it("recognises each documented service by its example", () => {
    checkExamples(slack);
  });

  it("reads seconds as event time and the e-mail address as the actor's id", () => {
    const event = read(entry("app_installed"));
    expect(event.at).toBe(1_780_300_800_000);
    expect(event.actor).toMatchObject({ kind: "person", id: "dana@example.com", aliases: ["W1"] });
    expect(event.client).toMatchObject({ ip: "192.0.2.1", userAgent: "UA" });
  });

  it("says who installed what with which scopes", () => {
    const event = read(entry("app_installed"));
    expect(event.subject).toMatchObject({ kind: "oauth_app", nativeId: "A1", name: "Scribe" });
    expect(event.change).toMatchObject({
      kind: "installed",
      scopes: ["channels:history"],
      consent: "user",
      principal: "dana@example.com",
    });
  });

  it("tells new scopes from those that were there", () => {
    const event = read(
      entry("app_scopes_expanded", {
        entity: { type: "workspace", workspace: { id: "T1" } },
        details: {
          app_id: "A1",
          previous_scopes: ["chat:write"],
          new_scopes: ["chat:write", "files:read"],
        },
      }),
    );
    expect(event.change).toMatchObject({ kind: "scopes_added", addedScopes: ["files:read"] });
    expect(event.subject?.nativeId).toBe("A1");
  });

  it("credits what an app did for a user to the app", () => {
    const event = read(
      entry("file_downloaded", {
        entity: { type: "file", file: { id: "F1", name: "plan.pdf" } },
        context: { app: { id: "A7", name: "Sync" }, location: { type: "workspace" } },
      }),
    );
    expect(event.automation).toMatchObject({ nativeId: "A7" });
    expect(event.class).toBe("download");
    expect(event.target).toEqual({ type: "file", id: "F1", name: "plan.pdf" });
  });

  it.each([
    ["manual_export_started", "export_started"],
    ["channels_export_completed", "export_completed"],
    ["manual_user_export_downloaded", "export_downloaded"],
  ])("%s is an export of conversations", (action, kind) => {
    const event = read(entry(action, { entity: { type: "workspace", workspace: { id: "T1" } } }));
    expect(event).toMatchObject({ class: "export", change: { kind } });
  });

  it("keeps the session, and what Slack itself found odd", () => {
    const context = { ip_address: "192.0.2.1", session_id: 570_000 };
    const details = { reason: ["tor_exit_node", "asn"] };
    const event = read(entry("anomaly", { context, details }));
    expect(event.session).toBe("570000");
    expect(event.traits).toEqual(["anomalous", "hosting"]);
  });

  it.each([
    ["app_installed", { details: { app_previously_approved: false } }, ["unapproved"]],
    ["app_installed", { details: { app_previously_approved: true } }, []],
    ["file_public_link_created", {}, ["outside"]],
    [
      "native_dlp_rule_action_applied",
      { details: { rule_name: "API keys" } },
      ["labelled", "secret"],
    ],
    ["native_dlp_rule_action_applied", { details: { rule_name: "Cards" } }, ["labelled"]],
    ["mcp_slack_search_public_tool_called", { details: { query: "payroll" } }, ["sensitive_terms"]],
    ["mcp_slack_search_public_tool_called", { details: { query: "lunch" } }, []],
    ["workflow_ai_answer_suspicious_prompt", {}, ["injection"]],
    [
      "mcp_slack_read_channel_tool_called",
      { entity: { type: "channel", channel: { id: "C1", is_shared: true, is_org_shared: false } } },
      ["external_content"],
    ],
  ])("traits of %s with %j", (action, parts, traits) => {
    expect(read(entry(action, parts)).traits).toEqual(traits);
  });

  it("a run by a timer is scheduled", () => {
    const raw = { app_id: "A1", event_type: "trigger_executed", component_type: "trigger" };
    const scheduled = { ...raw, payload: { trigger: { type: "scheduled" } } };
    expect(read(scheduled).traits).toEqual(["scheduled"]);
    expect(read({ ...raw, payload: {} }).traits).toEqual([]);
  });

  it("a new primary owner and a new guest are told", () => {
    const user = { id: "W2", email: "Lee@example.com" };
    const owner = read(entry("owner_transferred", { entity: { type: "user", user } }));
    expect(owner).toMatchObject({
      class: "role",
      change: { kind: "role_assigned", principal: "lee@example.com", detail: "primary owner" },
    });
    const guest = read(entry("guest_created", { entity: { type: "user", user } }));
    expect(guest.change).toMatchObject({ kind: "guest_invited", principal: "lee@example.com" });
  });

  it("a manifest that asks for more, and a trigger for everybody, are told", () => {
    const app = { id: "A1", name: "Scribe" };
    const details = { previous_scopes: ["chat:write"], new_scopes: ["chat:write", "files:read"] };
    const manifest = entry("app_manifest_updated", { entity: { type: "app", app }, details });
    expect(read(manifest)).toMatchObject({
      subject: { nativeId: "A1" },
      change: { kind: "scopes_added", addedScopes: ["files:read"] },
    });
    expect(read({ ...manifest, details: {} }).change).toMatchObject({ kind: "updated" });
    const set = (permission_type: string) =>
      read(
        entry("workflow_trigger_permission_set", {
          entity: { type: "workflow", workflow: { id: "Wf1", name: "Intake" } },
          details: { permission_type, trigger_config: { type: "webhook" } },
        }),
      );
    expect(set("everyone")).toMatchObject({
      subject: { nativeId: "Wf1" },
      change: { kind: "published", detail: "webhook trigger: everyone" },
    });
    expect(set("named_entities").change).toMatchObject({ kind: "updated" });
  });

  it("a workflow and the app behind it are one", () => {
    const raw = {
      id: "Wf1",
      app_id: "A9",
      title: "Intake",
      steps: [],
      collaborators: ["W1"],
      trigger_ids: ["Ft1"],
    };
    const [fact] = slack.inventory(raw, slack.detect(raw, "workflows") ?? "");
    expect(fact).toMatchObject({ automation: { nativeId: "A9", aliases: ["Wf1"] } });
  });

  it("what a person does to an app is not the app's own act", () => {
    const context = { ip_address: "192.0.2.1", app: { id: "A1", name: "Scribe" } };
    const event = read(entry("app_scopes_expanded", { context }));
    expect(event.subject?.nativeId).toBe("A1");
    expect(event.automation).toBeNull();
  });

  it("an unknown action stays a truthful event", () => {
    const event = read(entry("brand_new_thing_happened"));
    expect(event).toMatchObject({
      action: "brand_new_thing_happened",
      class: "other",
      change: null,
    });
  });

  it("ties a bot user to its app by alias", () => {
    const raw = {
      id: "U9",
      team_id: "T1",
      is_bot: true,
      deleted: false,
      name: "scribe",
      profile: { api_app_id: "A1", bot_id: "B9" },
    };
    const [fact] = slack.inventory(raw, slack.detect(raw, "members") ?? "");
    expect(fact).toMatchObject({
      type: "automation",
      automation: { kind: "bot", nativeId: "A1", aliases: ["U9", "B9"] },
      isEnabled: true,
    });
  });

  it(`survives ${FUZZ_CASES} arbitrary and mutated records`, () => {
    fuzz(slack, [
      ...slack.services.map(({ example }) => example),
      entry("app_scopes_expanded", { details: { previous_scopes: [], new_scopes: ["a"] } }),
      entry("manual_export_started"),
      entry("app_mcp_server_added", { details: { server_url: "https://mcp.example/x" } }),
    ]);
  }, 120_000);
});
