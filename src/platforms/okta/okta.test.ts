/** Okta: System Log records become the right events, lists the right facts, and no record breaks the reading. */

import { describe, expect, it } from "vitest";
import { object, type Raw } from "#base/raw.ts";
import { checkEvents, checkExamples, checkFacts, FUZZ_CASES, fuzz } from "#platforms/testing.ts";
import { okta } from "./index.ts";

const AT = Date.UTC(2026, 5, 1, 8);
const dana = {
  id: "00uDANA",
  type: "User",
  alternateId: "Dana@example.com",
  displayName: "Dana Reyes",
};
const scribe = { id: "0oaSCRIBE", type: "PublicClientApp", displayName: "Scribe" };

function record(eventType: string, parts: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    uuid: "uuid-1",
    published: "2026-06-01T08:00:00.000Z",
    eventType,
    displayMessage: "what happened",
    actor: dana,
    client: {
      ipAddress: "192.0.2.1",
      geographicalContext: { country: "Germany" },
      userAgent: { rawUserAgent: "UA" },
    },
    outcome: { result: "SUCCESS", reason: null },
    target: null,
    debugContext: { debugData: {} },
    securityContext: { asNumber: 64_500 },
    transaction: { type: "WEB", id: "tx", detail: {} },
    ...parts,
  };
}

function read(raw: Record<string, unknown>) {
  const service = okta.detect(raw, null);
  expect(service).toBe("okta:system");
  const [event] = okta.normalize(raw, service ?? "");
  if (event === undefined) throw new Error("no event");
  return event;
}

function facts(raw: Record<string, unknown>) {
  return okta.inventory(raw, okta.detect(raw, null) ?? "");
}

/** The same record with every text but times and types 5,000 characters long. */
function lengthen(raw: Raw): Raw {
  return object(
    JSON.parse(JSON.stringify(raw), (_key, value: unknown) =>
      typeof value === "string" && !/^20\d\d-/.test(value) ? value.padEnd(5_000, "x") : value,
    ),
  );
}

describe("okta", () => {
  it("recognises each documented service by its example", () => {
    checkExamples(okta);
  });

  it("reads who, when and from where; the e-mail address is the actor's id", () => {
    expect(read(record("user.session.start"))).toMatchObject({
      id: "uuid-1",
      at: AT,
      class: "sign_in",
      actor: { kind: "person", id: "dana@example.com", aliases: ["00uDANA"], name: "Dana Reyes" },
      automation: null,
      client: { ip: "192.0.2.1", asn: "64500", country: "Germany", userAgent: "UA" },
      outcome: "success",
    });
  });

  it.each([
    ["SUCCESS", "success"],
    ["ALLOW", "success"],
    ["FAILURE", "failure"],
    ["DENY", "denied"],
    ["RATE_LIMIT", "throttled"],
    ["CHALLENGE", "unknown"],
  ])("a result of %s is %s", (result, outcome) => {
    expect(read(record("user.session.start", { outcome: { result } })).outcome).toBe(outcome);
  });

  it.each([
    "system.org.rate_limit.violation",
    "system.operation.rate_limit.violation",
    "system.operation.concurrency_limit.violation",
    "application.integration.rate_limit_exceeded",
  ])("%s is throttling, whatever its result says", (type) => {
    expect(read(record(type)).outcome).toBe("throttled");
    expect(read(record("system.org.rate_limit.warning")).outcome).toBe("success");
  });

  it("a client that got a token acted by itself", () => {
    const event = read(
      record("app.oauth2.as.token.grant.access_token", {
        actor: { ...scribe, alternateId: "0oaSCRIBE" },
      }),
    );
    expect(event).toMatchObject({
      class: "sign_in",
      actor: { kind: "automation", id: "0oaSCRIBE" },
      automation: { kind: "oauth_app", nativeId: "0oaSCRIBE", name: "Scribe" },
      change: null,
    });
  });

  it("credits a request with an API token to the token, and one through a client to the client", () => {
    const token = read(
      record("user.lifecycle.create", { transaction: { detail: { requestApiTokenId: "00T1" } } }),
    );
    expect(token).toMatchObject({
      class: "member",
      automation: { kind: "api_key", nativeId: "00T1" },
    });
    const client = read(record("user.lifecycle.create", { client: { id: "0oaSYNC" } }));
    expect(client.automation).toMatchObject({ kind: "oauth_app", nativeId: "0oaSYNC" });
  });

  it("Okta's own work and an address are no person", () => {
    const system = { id: "x", type: "SystemPrincipal", alternateId: "system@okta.example" };
    const address = { id: "198.51.100.9", type: "IP address", alternateId: "unknown" };
    expect(read(record("system.import.start", { actor: system }))).toMatchObject({
      class: "run",
      actor: { kind: "system", id: "okta" },
    });
    expect(read(record("security.threat.detected", { actor: address }))).toMatchObject({
      actor: { kind: "unknown", id: "198.51.100.9" },
      automation: null,
      change: { kind: "flagged_by_vendor" },
    });
  });

  it("says who consented to which scopes for which client", () => {
    const scope = { id: "s1", type: "OAuth2 Scope", displayName: "okta.users.read" };
    const user = read(record("app.oauth2.as.consent.grant", { target: [scribe, scope] }));
    expect(user).toMatchObject({
      class: "consent",
      subject: { kind: "oauth_app", nativeId: "0oaSCRIBE", name: "Scribe" },
      change: {
        kind: "granted",
        consent: "user",
        principal: "dana@example.com",
        scopes: ["okta.users.read"],
      },
    });
    const admin = read(record("app.oauth2.admin.consent.grant", { target: [scribe, scope] }));
    expect(admin.change).toMatchObject({ consent: "tenant", principal: null });
  });

  it.each([
    ["app.oauth2.as.consent.revoke.user.client", "revoke", "revoked"],
    ["app.oauth2.credentials.lifecycle.create", "credential", "credential_added"],
    ["app.oauth2.credentials.lifecycle.delete", "credential", "credential_removed"],
    ["application.lifecycle.create", "create", "created"],
    ["application.lifecycle.deactivate", "policy", "disabled"],
    ["app.oauth2.client.lifecycle.delete", "delete", "deleted"],
    ["app.cross_app_access.connection.create", "consent", "delegation_granted"],
  ])("%s is %s and %s of the client", (type, cls, kind) => {
    expect(read(record(type, { target: [scribe] }))).toMatchObject({
      class: cls,
      subject: { nativeId: "0oaSCRIBE" },
      change: { kind },
    });
  });

  it.each([
    ["system.log_stream.lifecycle.deactivate", "policy", "logging_impaired"],
    ["system.log_stream.lifecycle.delete", "policy", "logging_impaired"],
    ["system.idp.lifecycle.create", "policy", "federation_added"],
    ["app.oauth2.trusted_server.add", "policy", "federation_added"],
    ["policy.rule.deactivate", "policy", "policy_relaxed"],
    ["policy.lifecycle.activate", "policy", "policy_tightened"],
    ["system.mfa.factor.deactivate", "policy", "policy_relaxed"],
    ["user.session.impersonation.grant", "role", "delegation_granted"],
    ["analytics.reports.export.download", "export", "export_downloaded"],
    ["workflows.user.table.export", "export", "export_downloaded"],
    ["user.account.report_suspicious_activity_by_enduser", "other", "flagged_by_vendor"],
  ])("%s is %s and %s", (type, cls, kind) => {
    expect(read(record(type))).toMatchObject({ class: cls, change: { kind } });
  });

  it("what failed changed nothing, except that Okta flags it", () => {
    const outcome = { result: "FAILURE" };
    expect(read(record("app.oauth2.client.privilege.grant", { outcome })).change).toBeNull();
    expect(read(record("security.threat.detected", { outcome })).change?.kind).toBe(
      "flagged_by_vendor",
    );
  });

  it("an administrator role says who holds it now, person or client", () => {
    const debugContext = { debugData: { privilegeGranted: "Super administrator, Help desk" } };
    const lee = { id: "00uLEE", type: "User", alternateId: "lee@example.com" };
    const user = read(record("user.account.privilege.grant", { target: [lee], debugContext }));
    expect(user.change).toMatchObject({
      kind: "role_assigned",
      principal: "lee@example.com",
      scopes: ["Super administrator", "Help desk"],
    });
    const app = read(
      record("app.oauth2.client.privilege.grant", { target: [scribe], debugContext }),
    );
    expect(app).toMatchObject({
      subject: { nativeId: "0oaSCRIBE" },
      change: { kind: "role_assigned", principal: "0oaSCRIBE" },
    });
  });

  it("a new API token is a credential of the person who made it", () => {
    const target = [{ id: "00T1", type: "Token", displayName: "sync", alternateId: "unknown" }];
    expect(read(record("system.api_token.create", { target }))).toMatchObject({
      class: "credential",
      subject: { kind: "api_key", nativeId: "00T1", name: "sync" },
      change: { kind: "credential_added", principal: "dana@example.com" },
    });
  });

  it("reuse of a refresh token is flagged on the client that tried it", () => {
    expect(read(record("app.oauth2.token.detect_reuse", { actor: scribe }))).toMatchObject({
      subject: { nativeId: "0oaSCRIBE" },
      change: { kind: "flagged_by_vendor" },
    });
  });

  it("new redirect URIs are told from those that were there", () => {
    const target = [
      {
        ...scribe,
        changeDetails: {
          from: { redirectUris: ["https://a.example.com/cb"] },
          to: { redirectUris: ["https://a.example.com/cb", "https://b.example.test/cb"] },
        },
      },
    ];
    expect(read(record("app.oauth2.client.lifecycle.update", { target })).change).toMatchObject({
      kind: "redirect_changed",
      destination: "https://b.example.test/cb",
    });
  });

  it("AI agents, agents, hooks and flows are automations of their kind", () => {
    const cases: [string, string, string, string][] = [
      ["workload_principal.register", "AIAgent", "ai_agent", "created"],
      ["workload_principal.ai_agent.credential.create", "AIAgent", "ai_agent", "credential_added"],
      ["workload_principal.resource_connection.create", "AIAgent", "ai_agent", "agent_changed"],
      ["system.agent.ad.create", "Agent", "service_account", "created"],
      ["event_hook.created", "EventHook", "webhook", "created"],
      ["workflows.user.flow.create", "Flow", "workflow", "created"],
    ];
    for (const [type, target, kind, changed] of cases) {
      const event = read(record(type, { target: [{ id: "t1", type: target, displayName: "T" }] }));
      expect(event, type).toMatchObject({
        subject: { kind, nativeId: "t1", name: "T" },
        change: { kind: changed },
      });
    }
  });

  it("a phishing attempt that FastPass stopped is flagged", () => {
    const outcome = { result: "FAILURE", reason: "FastPass declined phishing attempt" };
    expect(read(record("user.authentication.auth_via_mfa", { outcome }))).toMatchObject({
      outcome: "failure",
      change: { kind: "flagged_by_vendor" },
    });
  });

  it("one record keeps its id through the API, EventBridge and an event hook", () => {
    const plain = record("user.session.start");
    const bridge = { source: "aws.partner/okta.test", "detail-type": "SystemLog", detail: plain };
    const hook = {
      eventType: "com.okta.event_hook",
      data: { events: [plain, { ...plain, uuid: "uuid-2" }] },
    };
    expect(read(bridge).id).toBe("uuid-1");
    expect(okta.detect(hook, null)).toBe("okta:system");
    expect(okta.normalize(hook, "okta:system").map(({ id }) => id)).toEqual(["uuid-1", "uuid-2"]);
  });

  it("keeps the session, the flow and what Okta knows of the network", () => {
    const event = read(
      record("app.oauth2.token.grant", {
        authenticationContext: { externalSessionId: "sess-1" },
        securityContext: { asNumber: 64_500, isProxy: true },
        debugContext: { debugData: { grantType: "authorization_code", risk: "{level=HIGH}" } },
      }),
    );
    expect(event.session).toBe("sess-1");
    expect(event.traits).toEqual(["anomalous", "auth_code", "hosting"]);
    const plain = record("user.session.start", {
      authenticationContext: { externalSessionId: "unknown" },
    });
    expect(read(plain)).toMatchObject({ session: null, traits: [] });
  });

  it("an unknown event type stays a truthful event", () => {
    expect(read(record("brand.new.thing"))).toMatchObject({
      action: "brand.new.thing",
      class: "other",
      change: null,
    });
  });

  it("an app list states where an app's users are sent", () => {
    const [fact] = facts({
      id: "0oa1",
      name: "oidc_client",
      label: "Scribe",
      status: "INACTIVE",
      signOnMode: "OPENID_CONNECT",
      credentials: { oauthClient: { client_id: "c-1" } },
      settings: { oauthClient: { redirect_uris: ["https://scribe.example.com/cb"] } },
    });
    expect(fact).toMatchObject({
      automation: {
        kind: "oauth_app",
        nativeId: "0oa1",
        aliases: ["c-1"],
        isInternal: true,
        domains: ["scribe.example.com"],
      },
      isEnabled: false,
    });
  });

  it("grants state scopes and by whom; an inactive grant grants nothing", () => {
    const row = {
      id: "oag1",
      status: "ACTIVE",
      issuer: "https://example.okta.test",
      clientId: "0oa1",
      scopeId: "okta.users.manage",
      source: "ADMIN",
      createdBy: { id: "00uDANA" },
    };
    expect(facts(row)[0]).toMatchObject({
      automation: { nativeId: "0oa1" },
      grants: [
        { principal: null, scopes: ["okta.users.manage"], consent: "tenant", grantedBy: "00uDANA" },
      ],
    });
    expect(facts({ ...row, source: "END_USER", userId: "00uLEE" })[0]).toMatchObject({
      grants: [{ principal: "00uLEE", consent: "user" }],
    });
    expect(facts({ ...row, status: "REVOKED" })[0]).toMatchObject({ grants: [] });
  });

  it("a person is active unless suspended or gone, and an administrator by role", () => {
    const profile = { login: "Dana@example.com", email: "dana@example.com" };
    expect(facts({ id: "00u1", status: "DEPROVISIONED", profile })[0]).toMatchObject({
      type: "person",
      id: "dana@example.com",
      aliases: ["00u1"],
      isActive: false,
    });
    const role = { id: "r1", label: "Super Administrator", type: "SUPER_ADMIN" };
    const assignee = { href: "https://example.okta.test/api/v1/users/00u1" };
    expect(facts({ ...role, assignmentType: "USER", _links: { assignee } })[0]).toMatchObject({
      type: "person",
      id: "00u1",
      isAdmin: true,
    });
    expect(facts({ ...role, assignmentType: "CLIENT", _links: { assignee } })[0]).toMatchObject({
      automation: { nativeId: "00u1" },
      grants: [{ scopes: ["SUPER_ADMIN"] }],
    });
  });

  it("keeps every text within bounds, however long it comes", () => {
    for (const { id, example, holds } of okta.services) {
      if (holds === "events") checkEvents(okta, lengthen(example), id);
      else checkFacts(okta, lengthen(example), id);
    }
  });

  it(`survives ${FUZZ_CASES} arbitrary and mutated records`, () => {
    fuzz(okta, [
      ...okta.services.map(({ example }) => example),
      record("app.oauth2.client.privilege.grant", { target: [scribe] }),
      record("app.oauth2.client.lifecycle.update", {
        target: [{ ...scribe, changeDetails: { to: { redirectUris: ["https://x.example"] } } }],
      }),
      record("security.threat.detected", { debugContext: { debugData: '{"a":1}' } }),
      { eventType: "com.okta.event_hook", data: { events: [record("user.session.start")] } },
    ]);
  }, 120_000);
});
