/** GitHub: entries and deliveries become the right events, lists the right facts, and no record breaks the reading. */

import { describe, expect, it } from "vitest";
import { object, type Raw } from "#base/raw.ts";
import {
  checkEvents,
  checkExamples,
  checkFacts,
  FUZZ_CASES,
  fuzz,
  rowsOf,
} from "#platforms/testing.ts";
import { github } from "./index.ts";

const AT = 1_780_300_800_000;

function entry(action: string, parts: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    "@timestamp": AT,
    _document_id: "doc-1",
    action,
    actor: "dana",
    actor_id: 41,
    actor_ip: "192.0.2.1",
    actor_location: { country_code: "DE" },
    created_at: AT,
    org: "example-org",
    org_id: 90,
    user_agent: "UA",
    ...parts,
  };
}

function delivery(event: string | null, parts: Record<string, unknown>): Record<string, unknown> {
  return {
    ...(event === null ? {} : { "X-GitHub-Event": event, "X-GitHub-Delivery": "guid-1" }),
    sender: { login: "dana", id: 41, type: "User", site_admin: false },
    organization: { login: "example-org", id: 90 },
    ...parts,
  };
}

const repository = {
  id: 7,
  name: "billing",
  full_name: "example-org/billing",
  private: false,
  owner: { login: "example-org" },
};

function read(raw: Record<string, unknown>) {
  const service = github.detect(raw, null);
  expect(service).not.toBeNull();
  const [event] = github.normalize(raw, service ?? "");
  if (event === undefined) throw new Error("no event");
  return event;
}

function fact(raw: Record<string, unknown>, key: string | null = null) {
  return github.inventory(raw, github.detect(raw, key) ?? "")[0];
}

/** The same record with every text but times and types 5,000 characters long. */
function lengthen(raw: Raw): Raw {
  return object(
    JSON.parse(JSON.stringify(raw), (_key, value: unknown) =>
      typeof value === "string" && !/^20\d\d-/.test(value) ? value.padEnd(5_000, "x") : value,
    ),
  );
}

describe("github", () => {
  it("recognises each documented service by its example", () => {
    checkExamples(github);
  });

  it("reads who, when and from where", () => {
    const event = read(entry("repo.rename", { repo: "example-org/billing" }));
    expect(event).toMatchObject({
      id: "doc-1",
      at: AT,
      actor: { kind: "person", id: "dana", aliases: ["41"] },
      automation: null,
      target: { type: "repository", id: "example-org/billing" },
      client: { ip: "192.0.2.1", country: "DE", userAgent: "UA" },
      outcome: "success",
    });
  });

  it("reads streamed git events, which carry only @timestamp, as downloads and edits", () => {
    const event = read({
      "@timestamp": AT,
      action: "git.clone",
      actor: "release-scribe[bot]",
      org: "example-org",
      repository: "example-org/billing",
    });
    expect(event).toMatchObject({
      at: AT,
      class: "download",
      actor: { kind: "automation", id: "release-scribe[bot]" },
      automation: { kind: "oauth_app", nativeId: "release-scribe[bot]" },
    });
  });

  it("a person known by single sign-on is known by the e-mail address, in lower case", () => {
    const event = read(entry("repo.rename", { external_identity_nameid: "Dana@example.com" }));
    expect(event.actor).toMatchObject({ id: "dana@example.com", aliases: ["dana", "41"] });
  });

  it("a token's digest tells its uses from those of another", () => {
    const raw = { action: "git.clone", actor: "dana", org: "o", "@timestamp": 1_780_300_800_000 };
    expect(read({ ...raw, hashed_token: "abc=" }).session).toBe("abc=");
    expect(read(raw).session).toBeNull();
  });

  it("credits what a person did with a token to the token", () => {
    const event = read(
      entry("git.clone", {
        programmatic_access_type: "Personal access token (classic)",
        token_id: 555,
        hashed_token: "hash=",
      }),
    );
    expect(event.actor.id).toBe("dana");
    expect(event.automation).toMatchObject({
      kind: "api_key",
      nativeId: "555",
      aliases: ["hash="],
    });
  });

  it("credits what a person did through an OAuth app to the app", () => {
    const event = read(
      entry("repo.create", {
        programmatic_access_type: "OAuth access token",
        oauth_application_id: 77,
        oauth_application_name: "Board Sync",
        token_id: 555,
      }),
    );
    expect(event.automation).toMatchObject({
      kind: "oauth_app",
      nativeId: "77",
      name: "Board Sync",
    });
  });

  it("ties an installed app to the bot that acts for it, by client id and by login", () => {
    const { subject, change } = read(
      entry("integration_installation.create", {
        integration: "Release Scribe",
        application_client_id: "Iv1.x",
        repository_selection: "all",
      }),
    );
    expect(subject).toMatchObject({ nativeId: "Iv1.x", aliases: ["release-scribe[bot]"] });
    expect(change).toMatchObject({
      kind: "installed",
      consent: "tenant",
      detail: "repositories: all",
    });
  });

  it("a look-alike name does not become the app that it imitates", () => {
    const { subject } = read(entry("integration.create", { integration: "Dependаbot" }));
    expect(subject).toMatchObject({ nativeId: "Dependаbot", aliases: [], publisher: null });
  });

  it.each([
    ["integration.generate_client_secret", "credential", "credential_added"],
    ["integration_installation.version_updated", "consent", "scopes_added"],
    ["integration_installation.suspend", "uninstall", "disabled"],
    ["oauth_application.reset_secret", "credential", "credential_added"],
    ["org.oauth_app_access_approved", "consent", "approved"],
    ["org.disable_oauth_app_restrictions", "policy", "policy_relaxed"],
    ["org.disable_two_factor_requirement", "policy", "policy_relaxed"],
    ["org.enable_saml", "policy", "policy_tightened"],
    ["org.secret_scanning_push_protection_disable", "policy", "policy_relaxed"],
    ["org.advanced_security_disabled_for_new_repos", "policy", "policy_relaxed"],
    ["dependabot_alerts.enable", "policy", "policy_tightened"],
    ["ip_allow_list.disable", "policy", "policy_relaxed"],
    ["private_repository_forking.enable", "policy", "policy_relaxed"],
    ["protected_branch.destroy", "policy", "policy_relaxed"],
    ["secret_scanning_push_protection.bypass", "other", "flagged_by_vendor"],
    ["audit_log_streaming.destroy", "policy", "logging_impaired"],
    ["org.audit_log_export", "export", "export_started"],
    ["migration.create", "export", "export_started"],
    ["repo.create_actions_secret", "credential", "credential_added"],
    ["copilot.swe_agent_mcp_config_updated", "policy", "mcp_changed"],
    ["mcp_registry.allowlist_assign", "policy", "mcp_changed"],
    ["copilot.custom_instructions_updated", "policy", "agent_changed"],
  ])("%s is %s and %s", (action, cls, kind) => {
    expect(read(entry(action))).toMatchObject({ class: cls, change: { kind } });
  });

  it("says who let a fine-grained token in, and for whom", () => {
    const event = read(
      entry("personal_access_token.access_granted", {
        user: "lee",
        user_programmatic_access_id: 12,
        user_programmatic_access_name: "nightly",
        repository_selection: "all",
      }),
    );
    expect(event.subject).toMatchObject({ kind: "api_key", nativeId: "12", name: "nightly" });
    expect(event.change).toMatchObject({ kind: "granted", consent: "admin", principal: "lee" });
  });

  it("keeps the token that was authorised apart from the token that acted", () => {
    const event = read(
      entry("org_credential_authorization.grant", {
        oauth_credential_type: "personal access token",
        managed_token_id: 900,
        managed_token_scopes: "repo,admin:org",
        token_id: 1,
        programmatic_access_type: "OAuth access token",
      }),
    );
    expect(event.subject?.nativeId).toBe("900");
    expect(event.automation?.nativeId).toBe("1");
    expect(event.change).toMatchObject({ scopes: ["repo", "admin:org"], consent: "user" });
  });

  it("says where a webhook sends the organization's events", () => {
    const event = read(
      entry("hook.create", {
        hook_id: 3,
        events: ["push"],
        config: { url: "https://hooks.example.test/x" },
      }),
    );
    expect(event.subject).toMatchObject({
      kind: "webhook",
      nativeId: "3",
      domains: ["hooks.example.test"],
    });
    expect(event.change).toMatchObject({
      kind: "created",
      scopes: ["push"],
      destination: "https://hooks.example.test/x",
    });
  });

  it("tells a deploy key that may write from a person's SSH key", () => {
    const key = { fingerprint: "SHA256:x", title: "ci" };
    const deploy = read(entry("public_key.create", { ...key, repo: "o/r", read_only: false }));
    expect(deploy.subject).toMatchObject({ kind: "api_key", nativeId: "SHA256:x", name: "ci" });
    expect(deploy.change?.detail).toBe("deploy key, write");
    expect(read(entry("public_key.create", key)).change?.detail).toBe("SSH key");
  });

  it("a repository made public is a publication; an unstated visibility is only an edit", () => {
    const open = read(
      entry("repo.access", { visibility: "public", previous_visibility: "private" }),
    );
    expect(open).toMatchObject({ class: "publish", change: { kind: "made_public" } });
    expect(read(entry("repo.access"))).toMatchObject({
      class: "edit",
      change: { kind: "updated" },
    });
  });

  it("a wider default permission relaxes, a narrower one tightens", () => {
    const action = "org.update_default_repository_permission";
    const wider = read(entry(action, { old_permission: "read", permission: "admin" }));
    const narrower = read(entry(action, { old_permission: "write", permission: "none" }));
    expect(wider.change?.kind).toBe("policy_relaxed");
    expect(narrower.change?.kind).toBe("policy_tightened");
  });

  it("a run is its workflow's doing, under the number and the file", () => {
    const event = read(
      entry("workflows.prepared_workflow_job", {
        workflow_id: 8,
        job_workflow_ref: "o/r/.github/workflows/x.yml@refs/heads/main",
      }),
    );
    expect(event).toMatchObject({
      class: "run",
      subject: null,
      automation: {
        kind: "workflow",
        nativeId: "8",
        aliases: ["o/r/.github/workflows/x.yml"],
      },
    });
  });

  it("a self-hosted runner is something new that can act", () => {
    const event = read(
      entry("org.register_self_hosted_runner", { runner_id: 5, runner_name: "box" }),
    );
    expect(event).toMatchObject({
      subject: { kind: "script", nativeId: "runner:5", name: "box" },
      change: { kind: "created" },
    });
  });

  it.each([
    [429, null, "throttled"],
    [403, 0, "throttled"],
    [403, 100, "denied"],
    [404, 100, "failure"],
    [200, 100, "success"],
  ])("an API request answered %s with %s calls left is %s", (status, left, outcome) => {
    const event = read(
      entry("api.request", {
        request_method: "GET",
        route: "/repositories/:repository_id/zipball",
        url_path: "/repositories/7/zipball",
        status_code: status,
        rate_limit_remaining: left,
      }),
    );
    expect(event).toMatchObject({ outcome, class: "download" });
  });

  it("what the organization itself did has no person behind it", () => {
    const event = read(
      entry("integration_installation.version_updated", { actor: "example-org", actor_id: 90 }),
    );
    expect(event.actor.kind).toBe("system");
  });

  it("reads an older export's `data` and an entry cut down to its action", () => {
    expect(read(entry("team.create", { data: { team: "o/devs" } })).target).toMatchObject({
      type: "team",
      id: "o/devs",
    });
    expect(read({ action: "brand_new.thing_happened" })).toMatchObject({
      action: "brand_new.thing_happened",
      at: null,
      class: "other",
      change: null,
    });
  });

  it("an installation's permissions are its scopes", () => {
    const installation = {
      id: 50,
      app_id: 60,
      app_slug: "release-scribe",
      account: { login: "example-org", type: "Organization" },
      permissions: { contents: "write", metadata: "read" },
      repository_selection: "all",
      created_at: "2026-06-01T08:00:00Z",
    };
    const event = read(delivery(null, { action: "created", installation }));
    expect(event).toMatchObject({
      action: "installation.created",
      at: AT,
      class: "install",
      subject: { nativeId: "60", aliases: ["release-scribe[bot]"] },
      change: {
        kind: "installed",
        scopes: ["contents:write", "metadata:read"],
        consent: "tenant",
      },
    });
  });

  it("the app that receives a delivery is not the one that acted", () => {
    const event = read(
      delivery("push", {
        ref: "refs/heads/main",
        repository: { ...repository, pushed_at: AT / 1_000 },
        commits: [],
        installation: { id: 50 },
      }),
    );
    expect(event).toMatchObject({ id: "guid-1", action: "push", at: AT, automation: null });
  });

  it.each([
    ["repository", { action: "publicized", repository }, "repository.publicized", "made_public"],
    [
      "member",
      { action: "added", member: { login: "lee" }, repository },
      "member.added",
      "role_assigned",
    ],
    [
      "deploy_key",
      { action: "created", key: { id: 5, read_only: false }, repository },
      "deploy_key.created",
      "credential_added",
    ],
    [
      "secret_scanning_alert",
      { action: "created", alert: { secret_type: "x" }, repository },
      "secret_scanning_alert.created",
      "flagged_by_vendor",
    ],
    [
      "personal_access_token_request",
      {
        action: "approved",
        personal_access_token_request: { token_id: 4, owner: { login: "lee" } },
      },
      "personal_access_token_request.approved",
      "granted",
    ],
    [
      "meta",
      { action: "deleted", hook_id: 3, hook: { config: { url: "https://x.example" } } },
      "meta.deleted",
      "deleted",
    ],
  ])("a %s delivery is known by its shape as by its header", (event, parts, action, kind) => {
    for (const named of [event, null]) {
      expect(read(delivery(named, parts))).toMatchObject({ action, change: { kind } });
    }
  });

  it("a delivered workflow run is the workflow's, and its failure is a failure", () => {
    const event = read(
      delivery("workflow_run", {
        action: "completed",
        workflow: { id: 8, name: "CI", path: ".github/workflows/ci.yml" },
        workflow_run: { id: 1, conclusion: "failure", updated_at: "2026-06-01T08:00:00Z" },
        repository,
      }),
    );
    expect(event).toMatchObject({
      class: "run",
      outcome: "failure",
      at: AT,
      automation: { nativeId: "8", aliases: ["example-org/billing/.github/workflows/ci.yml"] },
    });
  });

  it("lists state what each automation may do and who answers for it", () => {
    expect(
      fact({
        app_id: 60,
        app_slug: "scribe",
        permissions: { contents: "write" },
        suspended_at: null,
      }),
    ).toMatchObject({
      automation: { kind: "oauth_app", nativeId: "60", aliases: ["scribe[bot]"] },
      grants: [{ scopes: ["contents:write"], consent: "tenant" }],
      isEnabled: true,
    });
    expect(
      fact({
        token_id: 4,
        token_name: "nightly",
        token_expired: true,
        access_granted_at: "2026-06-01T08:00:00Z",
        owner: { login: "lee" },
        permissions: { repository: { contents: "read" } },
      }),
    ).toMatchObject({
      automation: { kind: "api_key", nativeId: "4" },
      owners: [{ principal: "lee" }],
      grants: [{ principal: "lee", scopes: ["contents:read"] }],
      isEnabled: false,
    });
    expect(
      fact({ id: 5, key: "ssh-rsa x", title: "ci", read_only: false, added_by: "lee" }),
    ).toMatchObject({ grants: [{ scopes: ["contents:write"], grantedBy: "lee" }] });
  });

  it("secrets and variables tell the organization's from the repository's, and nobody else's rows", () => {
    const row = { name: "TOKEN", created_at: "2026-06-01T08:00:00Z", updated_at: "x" };
    expect(github.detect(row, "secrets")).toBe("github:get_repo_secrets");
    expect(github.detect({ ...row, visibility: "all" }, null)).toBe("github:get_org_secrets");
    expect(github.detect({ ...row, value: "1" }, null)).toBe("github:get_repo_variables");
    expect(github.detect({ ...row, owner: "x" }, null)).toBeNull();
    expect(github.detect(row, "projects")).toBeNull();
  });

  it.each([
    ["actions/download-artifact@v4", "success", "artifact_taken"],
    ["Download the build artifacts", "success", "artifact_taken"],
    ["Restore artifact of the last run", "success", "artifact_taken"],
    ["Download artifact", "skipped", undefined],
    ["Upload artifact", "success", undefined],
    ["Download dependencies", "success", undefined],
  ])("a finished job with the step %s (%s): %s", (name, conclusion, kind) => {
    const event = read(
      delivery("workflow_job", {
        action: "completed",
        workflow_job: {
          id: 1,
          name: "Deploy",
          conclusion: "success",
          steps: [{ name, conclusion }],
        },
        repository,
      }),
    );
    expect(event.change?.kind).toBe(kind);
  });

  it("a new private repository keeps its description", () => {
    const event = read(
      delivery(null, {
        action: "created",
        repository: { ...repository, private: true, description: "Notes" },
      }),
    );
    expect(event.change).toMatchObject({ kind: "created", detail: "repository: Notes" });
  });

  it("keeps every text within bounds, however long it comes", () => {
    for (const { id, example, holds } of github.services) {
      for (const { row } of rowsOf(lengthen(example), github)) {
        if (holds === "events") checkEvents(github, row, id);
        else checkFacts(github, row, id);
      }
    }
  });

  it(`survives ${FUZZ_CASES} arbitrary and mutated records`, () => {
    fuzz(github, [
      ...github.services.map(({ example }) => example),
      entry("personal_access_token.access_granted", { user_programmatic_access_id: 1 }),
      entry("hook.create", { hook_id: 1, config: { url: "https://x.example" }, events: ["push"] }),
      entry("api.request", { request_method: "GET", route: "/x", status_code: 200 }),
      entry("integration_installation.version_updated", { permissions: { contents: "read" } }),
      delivery(null, { action: "publicized", repository }),
      delivery("workflow_run", { workflow: { id: 1 }, workflow_run: { id: 2 }, repository }),
      delivery("personal_access_token_request", { personal_access_token_request: { id: 1 } }),
    ]);
  }, 120_000);
});
