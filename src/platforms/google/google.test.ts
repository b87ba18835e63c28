/** Google Workspace: records become the right events whatever container they come in, and none breaks the reading. */

import { describe, expect, it } from "vitest";
import type { Raw } from "#base/raw.ts";
import type { AuditEvent } from "#contract/event.ts";
import { checkExamples, FUZZ_CASES, fuzz } from "#platforms/testing.ts";
import { google } from "./index.ts";

const CLIENT = "415926535897-scribe.apps.googleusercontent.com";
const SCOPE = "https://www.googleapis.com/auth/drive.readonly";

type Value = string | boolean | readonly unknown[] | Record<string, unknown>;

/** Parameters in the Reports API's union, out of a plain object. */
function parameters(values: Record<string, Value>): unknown[] {
  return Object.entries(values).map(([name, value]) => {
    if (Array.isArray(value)) return { name, multiValue: value };
    if (typeof value === "boolean") return { name, boolValue: value };
    return typeof value === "string" ? { name, value } : { name, messageValue: value };
  });
}

function activity(
  app: string,
  events: Record<string, Record<string, Value>>,
  parts: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    kind: "admin#reports#activity",
    id: { time: "2026-06-01T09:00:00.123Z", uniqueQualifier: "-123", applicationName: app },
    actor: { callerType: "USER", email: "Dana@Example.com", profileId: "1001" },
    ipAddress: "192.0.2.10",
    events: Object.entries(events).map(([name, values]) => ({
      type: "t",
      name,
      parameters: parameters(values),
    })),
    ...parts,
  };
}

function readAll(raw: Raw): AuditEvent[] {
  const service = google.detect(raw, null);
  expect(service).not.toBeNull();
  return google.normalize(raw, service ?? "");
}

function read(raw: Raw): AuditEvent {
  const [event] = readAll(raw);
  if (event === undefined) throw new Error("no event");
  return event;
}

/** One event of a log with these parameters. */
function one(app: string, name: string, values: Record<string, Value> = {}, parts = {}) {
  return read(activity(app, { [name]: values }, parts));
}

describe("google", () => {
  it("recognises each documented service by its example", () => {
    checkExamples(google);
  });

  it("reads time, actor and client of an activity", () => {
    const event = one(
      "meet",
      "call_ended",
      {},
      { networkInfo: { ipAsn: [64500], regionCode: "DE" } },
    );
    expect(event.at).toBe(Date.UTC(2026, 5, 1, 9, 0, 0, 123));
    expect(event.actor).toMatchObject({
      kind: "person",
      id: "dana@example.com",
      aliases: ["1001"],
    });
    expect(event.client).toMatchObject({ ip: "192.0.2.10", asn: "64500", country: "DE" });
  });

  it.each(["token", "drive", "keep", "context_aware_access", "brand_new_log"])(
    "the log %s is named by its application",
    (app) => {
      expect(google.detect(activity(app, { x: {} }), null)).toBe(`google:${app}`);
    },
  );

  it.each([
    ["value", { value: "42" }],
    ["intValue", { intValue: "42" }],
    ["a JSON number", { value: 42 }],
    ["multiValue", { multiValue: ["42"] }],
  ])("reads a parameter under %s", (_what, value) => {
    const raw = {
      ...activity("token", {}),
      events: [{ name: "activity", parameters: [{ name: "num_response_bytes", ...value }] }],
    };
    expect(read(raw).bytes).toBe(42);
  });

  describe("containers", () => {
    const values = { client_id: CLIENT, app_name: "MeetScribe", scope: [SCOPE] };
    const whole = activity("token", { authorize: values, revoke: values });
    const [first, second] = readAll(whole);
    const event = { name: "authorize", type: "t", parameters: parameters(values) };

    it("two actors' events never share an id, even where a source repeats Google's qualifier", () => {
      const other = read({ ...whole, actor: { email: "lee@example.com" } });
      expect(other.id).not.toBe(first?.id);
    });

    it("each event of one activity has its own id", () => {
      expect(first?.id).not.toBe("");
      expect(first?.id).not.toBe(second?.id);
    });

    it.each([
      ["events is one object", { events: event }],
      ["it stands under event", { events: undefined, event }],
      ["it lies flat in the record", { events: undefined, ...event, parameters: values }],
      [
        "numbers are rounded by JSON",
        {
          events: event,
          id: { time: "2026-06-01T09:00:00.123Z", uniqueQualifier: -123, applicationName: "token" },
        },
      ],
    ])("a collector's split changes nothing: %s", (_what, parts) => {
      expect(readAll({ ...whole, ...parts })).toEqual([first]);
    });

    it("Cloud Logging gives the same event", () => {
      const logged = read({
        logName: "organizations/1/logs/cloudaudit.googleapis.com%2Fdata_access",
        insertId: "abc",
        timestamp: "2026-06-01T09:00:01Z",
        protoPayload: {
          serviceName: "oauth2.googleapis.com",
          methodName: "google.identity.oauth2.GetToken",
          authenticationInfo: { principalEmail: "dana@example.com" },
          requestMetadata: { callerIp: "192.0.2.10", callerSuppliedUserAgent: "UA" },
          metadata: {
            "@type": "type.googleapis.com/ccc_hosted_reporting.ActivityProto",
            activityId: { timeUsec: "1780304400123000", uniqQualifier: "-123" },
            event: [
              {
                eventName: "authorize",
                eventType: "auth",
                parameter: [
                  { name: "client_id", type: "TYPE_STRING", value: CLIENT },
                  { name: "app_name", type: "TYPE_STRING", value: "MeetScribe" },
                  { name: "scope", type: "TYPE_STRING", multiStrValue: [SCOPE] },
                ],
              },
            ],
          },
        },
      });
      expect(logged).toMatchObject({
        service: "google:token",
        id: first?.id,
        at: first?.at,
        subject: first?.subject,
        change: first?.change,
        client: { ip: "192.0.2.10", userAgent: "UA" },
      });
    });

    it("the BigQuery export gives the same event", () => {
      const exported = read({
        time_usec: "1780304400123000",
        email: "dana@example.com",
        event_type: "auth",
        event_name: "authorize",
        ip_address: "192.0.2.10",
        unique_identifier: "-123",
        record_type: "token",
        token: { client_id: CLIENT, app_name: "MeetScribe", scope: [SCOPE], client_type: null },
      });
      expect(exported).toMatchObject({ service: "google:token", id: first?.id, at: first?.at });
      expect(exported.change).toEqual(first?.change);
    });
  });

  describe("token", () => {
    it("says who let which client in, with which scopes", () => {
      const event = one("token", "authorize", {
        client_id: CLIENT,
        app_name: "MeetScribe",
        client_type: "WEB",
        scope: [SCOPE, SCOPE],
      });
      expect(event).toMatchObject({ class: "consent", automation: null });
      // The project number ties the client to Drive's originating_app_id and the Marketplace's APP_ID.
      expect(event.subject).toMatchObject({
        kind: "oauth_app",
        nativeId: CLIENT,
        name: "MeetScribe",
        aliases: ["415926535897"],
      });
      expect(event.change).toMatchObject({
        kind: "granted",
        scopes: [SCOPE],
        consent: "user",
        principal: "dana@example.com",
      });
    });

    it("reads scopes out of scope_data where scope is missing", () => {
      const raw = {
        ...activity("token", {}),
        events: [
          {
            name: "authorize",
            parameters: [
              { name: "client_id", value: CLIENT },
              {
                name: "scope_data",
                multiMessageValue: [{ parameter: [{ name: "scope_name", value: SCOPE }] }],
              },
            ],
          },
        ],
      };
      expect(read(raw).change?.scopes).toEqual([SCOPE]);
    });

    it("a revocation is one", () => {
      const event = one("token", "revoke", { client_id: CLIENT, scope: [SCOPE] });
      expect(event).toMatchObject({ class: "revoke", change: { kind: "revoked" } });
      expect(event.subject?.nativeId).toBe(CLIENT);
    });

    it("a numeric client is a service account that took the person's identity", () => {
      const event = one("token", "authorize", { client_id: "100200300400500600700" });
      expect(event.automation).toMatchObject({ kind: "service_account" });
      expect(event.change).toMatchObject({ consent: "admin", principal: "dana@example.com" });
    });

    it("scopes that only scripts can hold make the client a script", () => {
      const scope = ["https://www.googleapis.com/auth/script.external_request"];
      expect(one("token", "authorize", { client_id: CLIENT, scope }).subject?.kind).toBe("script");
    });

    it.each([
      ["drive.files.get", "read"],
      ["drive.files.list", "search"],
      ["drive.files.export", "download"],
      ["drive.permissions.create", "share"],
      ["gmail.users.messages.list", "search"],
      ["gmail.users.messages.get", "read"],
      ["gmail.users.messages.attachments.get", "download"],
      ["gmail.users.messages.send", "send"],
      ["gmail.users.settings.updateAutoForwarding", "forward"],
      ["directory.users.list", "enumerate"],
      ["drive.permissions.list", "enumerate"],
      ["drive.files.delete", "delete"],
      ["chat.spaces.messages.create", "send"],
      ["vault.matters.exports.create", "export"],
      ["never.heard.of", "other"],
    ])("%s is a %s by the client for the person", (method, found) => {
      const event = one("token", "activity", {
        client_id: CLIENT,
        method_name: method,
        num_response_bytes: "1024",
      });
      expect(event).toMatchObject({ class: found, bytes: 1024, subject: null });
      expect(event.automation?.nativeId).toBe(CLIENT);
      expect(event.actor.id).toBe("dana@example.com");
    });

    it.each([
      ["gmail.users.settings.forwardingAddresses.create", "forwarding_added"],
      ["gmail.users.settings.delegates.create", "mailbox_delegated"],
      ["gmail.users.settings.filters.create", "mail_rule_added"],
    ])("%s changes a mailbox", (method, kind) => {
      const event = one("token", "activity", { client_id: CLIENT, method_name: method });
      expect(event).toMatchObject({ class: "forward", change: { kind } });
    });
  });

  describe("admin", () => {
    it.each([
      ["a list", [SCOPE, "https://mail.google.com/"]],
      ["one text", `${SCOPE}, https://mail.google.com/`],
    ])("delegation names the service account and its scopes: %s", (_what, scopes) => {
      const event = one("admin", "AUTHORIZE_API_CLIENT_ACCESS", {
        API_CLIENT_NAME: "100200300400500600700",
        API_SCOPES: scopes,
      });
      expect(event.subject).toMatchObject({
        kind: "service_account",
        nativeId: "100200300400500600700",
      });
      expect(event.change).toMatchObject({
        kind: "delegation_granted",
        scopes: [SCOPE, "https://mail.google.com/"],
        consent: "tenant",
        principal: null,
      });
    });

    it("a Marketplace app is installed for the whole tenant", () => {
      const event = one("admin", "ADD_APPLICATION", {
        APP_ID: "415926535897",
        APPLICATION_NAME: "Scribe for Workspace",
        APPLICATION_ENABLED: "true",
      });
      expect(event).toMatchObject({
        class: "install",
        subject: { nativeId: "415926535897", name: "Scribe for Workspace" },
        change: { kind: "installed", consent: "tenant", detail: "enabled" },
      });
    });

    it.each([
      ["CHANGE_APP_ACCESS", { NEW_VALUE: "TRUSTED" }, "approved"],
      ["CHANGE_APP_ACCESS", { NEW_VALUE: "BLOCKED" }, "restricted"],
      ["ADD_TO_TRUSTED_OAUTH2_APPS", {}, "approved"],
      ["REMOVE_FROM_TRUSTED_OAUTH2_APPS", {}, "restricted"],
      ["ADD_TO_BLOCKED_OAUTH2_APPS", {}, "restricted"],
      ["REMOVE_FROM_BLOCKED_OAUTH2_APPS", {}, "policy_relaxed"],
    ])("%s %j, by its old or new name, is %s", (name, values, kind) => {
      const event = one("admin", name, {
        OAUTH2_APP_ID: CLIENT,
        OAUTH2_APP_NAME: "MeetScribe",
        ...values,
      });
      expect(event).toMatchObject({ class: "policy", change: { kind } });
      expect(event.subject?.nativeId).toBe(CLIENT);
    });

    it.each([
      ["UNBLOCK_ALL_THIRD_PARTY_API_ACCESS", {}, "policy_relaxed"],
      ["BLOCK_ALL_THIRD_PARTY_API_ACCESS", {}, "policy_tightened"],
      [
        "CHANGE_API_ACCESS",
        { OLD_VALUE: "RESTRICTED", NEW_VALUE: "UNRESTRICTED" },
        "policy_relaxed",
      ],
      ["ALLOW_SERVICE_FOR_OAUTH2_ACCESS", { OAUTH2_SERVICE_NAME: "GMAIL" }, "policy_relaxed"],
      ["ADD_APPLICATION_TO_WHITELIST", { APP_ID: "4159" }, "policy_relaxed"],
      [
        "ENFORCE_STRONG_AUTHENTICATION",
        { OLD_VALUE: "true", NEW_VALUE: "false" },
        "policy_relaxed",
      ],
      [
        "CHANGE_CALENDAR_SETTING",
        {
          SETTING_NAME: "SHARING_OUTSIDE_DOMAIN",
          OLD_VALUE: "READ_ONLY_ACCESS",
          NEW_VALUE: "READ_WRITE_ACCESS",
        },
        "policy_relaxed",
      ],
      [
        "CHANGE_APPLICATION_SETTING",
        { SETTING_NAME: "AttachmentScanning enabled", NEW_VALUE: "false" },
        "policy_relaxed",
      ],
      [
        "CHANGE_EMAIL_SETTING",
        { SETTING_NAME: "ENABLE_G_SUITE_MARKETPLACE", OLD_VALUE: "3", NEW_VALUE: "2" },
        "policy_relaxed",
      ],
      [
        "CHANGE_EMAIL_SETTING",
        { SETTING_NAME: "ENABLE_G_SUITE_MARKETPLACE", OLD_VALUE: "2", NEW_VALUE: "1" },
        "policy_tightened",
      ],
      ["TURN_OFF_BIGQUERY_EXPORT", {}, "logging_impaired"],
    ])("%s %j is a change of policy: %s", (name, values, kind) => {
      expect(one("admin", name, values)).toMatchObject({ class: "policy", change: { kind } });
    });

    it("a setting whose direction nobody can tell is no claim", () => {
      const event = one("admin", "CHANGE_EMAIL_SETTING", {
        SETTING_NAME: "NUMBER_OF_PATTERNS",
        OLD_VALUE: "15",
        NEW_VALUE: "16",
      });
      expect(event).toMatchObject({ class: "policy", change: null });
    });

    it.each([
      ["CREATE_GMAIL_SETTING", { SETTING_NAME: "MESSAGE_SECURITY_RULE" }, null],
      ["CHANGE_GMAIL_SETTING", { SETTING_NAME: "EMAIL_ROUTE" }, null],
      [
        "CHANGE_EMAIL_SETTING",
        { SETTING_NAME: "DEFAULT_ROUTING", NEW_VALUE: "to Out@elsewhere.example" },
        "out@elsewhere.example",
      ],
      [
        "MAIL_ROUTING_DESTINATION_ADDED",
        { USER_EMAIL: "lee@example.com", NEW_VALUE: "out@elsewhere.example" },
        "out@elsewhere.example",
      ],
      [
        "CREATE_EMAIL_MONITOR",
        { USER_EMAIL: "lee@example.com", EMAIL_MONITOR_DEST_EMAIL: "out@elsewhere.example" },
        "out@elsewhere.example",
      ],
    ])("%s %j sends mail on", (name, values, destination) => {
      const event = one("admin", name, values);
      expect(event).toMatchObject({
        class: "forward",
        change: { kind: "forwarding_added", destination },
      });
    });

    it("a role says who got it, also where it is a service account", () => {
      const event = one("admin", "ASSIGN_ROLE", {
        USER_EMAIL: "sync@p.iam.gserviceaccount.com",
        ROLE_NAME: "_GROUPS_ADMIN_ROLE",
      });
      expect(event).toMatchObject({
        class: "role",
        subject: { kind: "service_account", nativeId: "sync@p.iam.gserviceaccount.com" },
        change: {
          kind: "role_assigned",
          principal: "sync@p.iam.gserviceaccount.com",
          detail: "_GROUPS_ADMIN_ROLE",
        },
      });
    });

    it.each([
      ["CUSTOMER_TAKEOUT_CREATED", "export_started", "export"],
      ["CUSTOMER_TAKEOUT_SUCCEEDED", "export_completed", "export"],
      ["REQUEST_MAILBOX_DUMP", "export_started", "export"],
      ["CREATE_DATA_TRANSFER_REQUEST", "export_started", "transfer"],
    ])("%s is %s", (name, kind, found) => {
      expect(one("admin", name)).toMatchObject({ class: found, change: { kind } });
    });
  });

  describe("drive", () => {
    const file = { doc_id: "1a", doc_title: "Plan", doc_type: "document" };

    it("credits a download to the project that asked for it, for the person", () => {
      const event = one("drive", "download", { ...file, originating_app_id: "415926535897" });
      expect(event).toMatchObject({
        class: "download",
        automation: { kind: "oauth_app", nativeId: "415926535897" },
        target: { type: "document", id: "1a", name: "Plan" },
        actor: { kind: "person" },
      });
    });

    it("sharing with an outsider names the outsider", () => {
      const event = one("drive", "change_user_access", {
        ...file,
        visibility: "shared_externally",
        visibility_change: "external",
        target_user: "Someone@partner.example",
        new_value: ["can_edit"],
      });
      expect(event).toMatchObject({
        class: "share",
        change: {
          kind: "shared_externally",
          destination: "someone@partner.example",
          detail: "can_edit",
        },
      });
    });

    it("a link for colleagues opens nothing to the outsider who is named beside it", () => {
      const event = one("drive", "change_user_access", {
        ...file,
        visibility: "shared_externally",
        visibility_change: "external",
        target_user: "someone@partner.example",
        new_value: ["people_within_domain_with_link"],
      });
      expect(event).toMatchObject({ class: "share", change: null });
    });

    it("sharing with a colleague is no sharing out", () => {
      const event = one("drive", "change_user_access", {
        ...file,
        visibility: "shared_externally",
        target_user: "lee@example.com",
        new_value: ["can_edit"],
      });
      expect(event).toMatchObject({ class: "share", change: null });
    });

    it("taking access away is no sharing", () => {
      const event = one("drive", "change_user_access", {
        ...file,
        visibility_change: "internal",
        target_user: "someone@partner.example",
        new_value: ["none"],
      });
      expect(event).toMatchObject({ class: "edit", change: null });
    });

    it("a public link is published", () => {
      const event = one("drive", "change_document_visibility", {
        ...file,
        visibility: "people_with_link",
        old_visibility: "private",
        target_domain: "all",
        new_value: ["people_with_link"],
      });
      expect(event).toMatchObject({ class: "publish", change: { kind: "made_public" } });
    });

    it("what follows from a folder's change is nobody's own action", () => {
      const event = one("drive", "change_user_access_hierarchy_reconciled", {
        ...file,
        visibility_change: "external",
        target_user: "someone@partner.example",
      });
      expect(event).toMatchObject({ class: "other", change: null });
    });

    it.each([
      ["change_owner", { new_owner: "out@elsewhere.example" }, "transfer", "shared_externally"],
      ["source_copy", { copy_type: "EXTERNAL" }, "copy", "shared_externally"],
      ["copy", { copy_type: "external" }, "copy", "created"],
      ["create_script_trigger", {}, "create", "scheduled"],
    ])("%s %j", (name, values, found, kind) => {
      expect(one("drive", name, { ...file, ...values })).toMatchObject({
        class: found,
        change: { kind },
      });
    });

    it("a project number of any length is an application", () => {
      const event = one("drive", "view", { ...file, originating_app_id: "1111111111111111111" });
      expect(event.automation?.kind).toBe("oauth_app");
    });

    it("a script is the subject of what happens to it, and the actor of what it fetches", () => {
      const script = { ...file, doc_type: "script" };
      expect(one("drive", "create", script).subject).toMatchObject({
        kind: "script",
        nativeId: "1a",
      });
      const fetched = one("drive", "access_url", {
        script_id: "1s",
        accessed_url: ["https://sink.example/x"],
      });
      expect(fetched).toMatchObject({
        class: "run",
        automation: { kind: "script", nativeId: "1s" },
        target: { type: "url", id: "https://sink.example/x" },
      });
    });
  });

  describe("mail, calendar, accounts", () => {
    it.each(["user_accounts", "login"])("forwarding out of the domain in %s", (app) => {
      const event = one(app, "email_forwarding_out_of_domain", {
        email_forwarding_destination_address: "Out@elsewhere.example",
      });
      expect(event).toMatchObject({
        class: "forward",
        change: {
          kind: "forwarding_added",
          destination: "out@elsewhere.example",
          principal: "dana@example.com",
        },
      });
    });

    it.each([
      ["1", "send"],
      ["7", "read"],
      ["13", "delete"],
      ["17", "download"],
      ["2", "other"],
    ])("mail event %s is a %s", (code, found) => {
      const info = { parameter: [{ name: "mail_event_type", intValue: code }] };
      const mail = { parameter: [{ name: "payload_size", intValue: "2048" }] };
      const event = one("gmail", "delivery", { event_info: info, message_info: mail });
      expect(event).toMatchObject({ class: found, bytes: 2048 });
    });

    it("a calendar for everybody is published; one for an outsider is shared with her", () => {
      const open = one("calendar", "change_calendar_acls", {
        calendar_id: "dana@example.com",
        grantee_email: "__public_principal__@public.calendar.google.com",
        access_level: "freebusy",
      });
      expect(open).toMatchObject({ class: "publish", change: { kind: "made_public" } });
      const shared = one("calendar", "change_calendar_acls", {
        grantee_email: "out@elsewhere.example",
        access_level: "editor",
      });
      expect(shared.change).toMatchObject({
        kind: "shared_externally",
        destination: "out@elsewhere.example",
      });
      const closed = one("calendar", "change_calendar_acls", {
        grantee_email: "__public_principal__@public.calendar.google.com",
        access_level: "none",
      });
      expect(closed).toMatchObject({ class: "edit", change: null });
    });

    it.each([
      ["login", "suspicious_login"],
      ["login", "gov_attack_warning"],
      ["login", "account_disabled_password_leak"],
      ["rules", "rule_match"],
      ["mobile", "SUSPICIOUS_ACTIVITY_EVENT"],
    ])("Google's own warning in %s: %s", (app, name) => {
      expect(one(app, name).change?.kind).toBe("flagged_by_vendor");
    });

    it("a sign-in is flagged only when Google flags it", () => {
      const suspicious = one("login", "login_success", { is_suspicious: true });
      expect(suspicious).toMatchObject({
        class: "sign_in",
        outcome: "success",
        change: { kind: "flagged_by_vendor" },
      });
      expect(one("login", "login_success", { is_suspicious: false }).change).toBeNull();
      expect(one("login", "login_failure")).toMatchObject({ class: "sign_in", outcome: "failure" });
    });

    it("a warning without an actor is about the account that it names", () => {
      const event = one(
        "login",
        "suspicious_login",
        { affected_email_address: "Lee@example.com" },
        { actor: undefined },
      );
      expect(event.actor.id).toBe("lee@example.com");
    });

    it.each([
      ["takeout", "STARTED_USER_TAKEOUT", "export_started"],
      ["takeout", "DOWNLOADED_USER_TAKEOUT", "export_downloaded"],
      ["vault", "create_export", "export_started"],
    ])("%s %s is an export", (app, name, kind) => {
      expect(one(app, name)).toMatchObject({ class: "export", change: { kind } });
    });
  });

  describe("who is no person", () => {
    it("a service account acts by itself", () => {
      const event = one(
        "drive",
        "view",
        {},
        {
          actor: { email: "sync@p.iam.gserviceaccount.com", profileId: "100200300400500600700" },
        },
      );
      expect(event.actor.kind).toBe("automation");
      expect(event.automation).toMatchObject({
        kind: "service_account",
        nativeId: "sync@p.iam.gserviceaccount.com",
        aliases: ["100200300400500600700"],
      });
    });

    it("a key is an automation, Google's own system is none", () => {
      const key = one("admin", "CREATE_USER", {}, { actor: { callerType: "KEY", key: "a-key" } });
      expect(key.automation?.nativeId).toBe("a-key");
      const own = one("admin", "CREATE_USER", {}, { actor: { callerType: "KEY", key: "SYSTEM" } });
      expect(own).toMatchObject({ actor: { kind: "system" }, automation: null });
    });

    it("the client in the actor block acts for the person", () => {
      const event = one(
        "drive",
        "view",
        {},
        {
          actor: {
            email: "dana@example.com",
            applicationInfo: { oauthClientId: CLIENT, applicationName: "MeetScribe" },
          },
        },
      );
      expect(event.automation).toMatchObject({ nativeId: CLIENT, name: "MeetScribe" });
      expect(event.actor.kind).toBe("person");
    });

    it("an agent is credited before the client that carried it", () => {
      const event = one(
        "drive",
        "view",
        {},
        {
          isAgenticAction: true,
          actor: {
            email: "dana@example.com",
            applicationInfo: { oauthClientId: CLIENT },
            agentAttributionInfo: { agentId: "agent-1", agentName: "Helper" },
          },
        },
      );
      expect(event.automation).toMatchObject({ kind: "ai_agent", nativeId: "agent-1" });
    });

    it("an agentic action makes its client an agent", () => {
      const event = one(
        "drive",
        "view",
        { originating_app_id: "415926535897" },
        {
          isAgenticAction: true,
        },
      );
      expect(event.automation).toMatchObject({ kind: "ai_agent", nativeId: "415926535897" });
    });

    it("Gemini is an agent that was prompted", () => {
      const event = one("gemini_in_workspace_apps", "feature_utilization", { app_name: "docs" });
      expect(event).toMatchObject({
        class: "prompt",
        automation: { kind: "ai_agent", nativeId: "gemini" },
        target: { type: "app", id: "docs" },
      });
    });

    it("impersonation names the service account, and ties its address to its number", () => {
      const event = one(
        "access_evaluation",
        "allow_token_impersonation",
        { service_account: "sync@p.iam.gserviceaccount.com" },
        {
          actor: {
            email: "dana@example.com",
            applicationInfo: { oauthClientId: "100200300400500600700", impersonation: true },
          },
        },
      );
      expect(event.automation).toMatchObject({
        nativeId: "sync@p.iam.gserviceaccount.com",
        aliases: ["100200300400500600700"],
      });
    });
  });

  it.each([
    [{ httpStatusCode: 429 }, "throttled"],
    [{ httpStatusCode: 403 }, "denied"],
    [{ eventStatus: "FAILED" }, "failure"],
    [{ eventStatus: "SUCCEEDED_WITH_WARNINGS" }, "success"],
  ])("the event's own status %j decides its outcome", (status, outcome) => {
    const raw = { ...activity("drive", {}), events: [{ name: "view", status }] };
    expect(read(raw).outcome).toBe(outcome);
  });

  it.each([
    ["token", "authorize", { client_id: "118000000000000000001" }, ["on_behalf"]],
    ["token", "authorize", { client_id: CLIENT, client_type: "CONNECTED_DEVICE" }, ["device_code"]],
    ["token", "authorize", { client_id: CLIENT, client_type: "WEB" }, []],
    ["login", "suspicious_login", {}, ["anomalous"]],
    ["drive", "view", { doc_id: "d", owner: "eve@other.example" }, ["external_content"]],
    ["drive", "view", { doc_id: "d", owner: "kim@example.com" }, []],
    ["drive", "search", { search_query: "passwords" }, ["sensitive_terms"]],
    ["rules", "rule_match", { rule_type: "DLP", rule_name: "API keys" }, ["labelled", "secret"]],
    ["rules", "rule_match", { rule_type: "ACTIVITY", rule_name: "API keys" }, []],
  ])("traits of %s %s with %j", (app, name, values, traits) => {
    expect(one(app, name, values).traits).toEqual(traits);
  });

  it("a client that the actor block calls impersonating acts on behalf", () => {
    const applicationInfo = { oauthClientId: CLIENT, impersonation: true };
    const actor = { email: "dana@example.com", applicationInfo };
    expect(one("drive", "view", { doc_id: "d" }, { actor }).traits).toEqual(["on_behalf"]);
  });

  it("a script's run by a timer is scheduled, one by hand is not", () => {
    const run = { processStatus: "COMPLETED", functionName: "f", projectName: "p" };
    expect(read({ ...run, processType: "TIME_DRIVEN" }).traits).toEqual(["scheduled"]);
    expect(read({ ...run, processType: "EDITOR" }).traits).toEqual([]);
  });

  it("the key by which a service account came in is its session", () => {
    const key = "//iam.googleapis.com/projects/p/serviceAccounts/a/keys/k1";
    const protoPayload = {
      serviceName: "storage.googleapis.com",
      methodName: "storage.objects.get",
      authenticationInfo: {
        principalEmail: "a@p.iam.gserviceaccount.com",
        serviceAccountKeyName: key,
      },
    };
    expect(read({ timestamp: "2026-06-01T09:00:00Z", protoPayload }).session).toBe(key);
  });

  it("a service account's new key in the Cloud audit log is a credential", () => {
    const example = google.services.find(({ id }) => id === "google:cloud_audit")?.example ?? {};
    expect(read(example)).toMatchObject({
      class: "credential",
      subject: {
        kind: "service_account",
        nativeId: "sync@example-project.iam.gserviceaccount.com",
      },
      change: { kind: "credential_added" },
    });
  });

  it("an unknown event of an unknown log stays a truthful event", () => {
    expect(one("brand_new_log", "quux")).toMatchObject({
      service: "google:brand_new_log",
      action: "quux",
      class: "other",
      change: null,
    });
  });

  describe("state", () => {
    function facts(raw: Raw, key: string | null = null) {
      return google.inventory(raw, google.detect(raw, key) ?? "");
    }
    const token = {
      kind: "admin#directory#token",
      clientId: CLIENT,
      displayText: "MeetScribe",
      anonymous: true,
      userKey: "1001",
      scopes: [SCOPE],
    };

    it("a token is a grant of one person", () => {
      const [fact] = facts(token, "items");
      expect(fact).toMatchObject({
        type: "automation",
        automation: { nativeId: CLIENT, aliases: ["415926535897"], isVerified: false },
        grants: [{ principal: "1001", scopes: [SCOPE], consent: "user" }],
      });
    });

    it("tokens kept by user are read with their user", () => {
      const { userKey: _, ...row } = token;
      const found = facts({ "user-1": [row], "user-2": [row, row] });
      expect(found).toHaveLength(3);
      expect(found[1]).toMatchObject({ grants: [{ principal: "user-2" }] });
    });

    it("an app password is a key of its person", () => {
      const [fact] = facts({
        kind: "admin#directory#asp",
        codeId: 1,
        name: "Mail",
        creationTime: "1780300800",
        lastTimeUsed: "0",
        userKey: "1001",
      });
      expect(fact).toMatchObject({
        automation: { kind: "api_key", name: "Mail" },
        owners: [{ principal: "1001" }],
        createdAt: 1_780_300_800_000,
        lastUsedAt: null,
      });
    });

    it("a suspended administrator is both", () => {
      const [fact] = facts({
        kind: "admin#directory#user",
        id: "1001",
        primaryEmail: "Dana@example.com",
        aliases: ["d@example.com"],
        name: { fullName: "Dana" },
        isAdmin: false,
        isDelegatedAdmin: true,
        suspended: true,
      });
      expect(fact).toMatchObject({
        type: "person",
        id: "dana@example.com",
        aliases: ["1001", "d@example.com"],
        isAdmin: true,
        isActive: false,
      });
    });

    it("an empty answer is understood, a full one is left to be opened", () => {
      expect(facts({ kind: "admin#reports#activities", etag: "e" })[0]?.type).toBe("other");
      const full = { kind: "admin#directory#tokenList", items: [token] };
      expect(google.detect(full, null)).toBeNull();
    });
  });

  it(`survives ${FUZZ_CASES} arbitrary and mutated records`, () => {
    fuzz(google, [
      ...google.services.map(({ example }) => example),
      activity("drive", {
        change_user_access: {
          visibility_change: "external",
          target_user: "a@b.example",
          new_value: ["can_edit"],
        },
      }),
      activity("admin", { CHANGE_APP_ACCESS: { OAUTH2_APP_ID: CLIENT, NEW_VALUE: "TRUSTED" } }),
      activity("admin", {
        CHANGE_EMAIL_SETTING: { SETTING_NAME: "DEFAULT_ROUTING", NEW_VALUE: "a@b.example" },
      }),
      activity("token", { activity: { client_id: CLIENT, method_name: "drive.files.get" } }),
      activity("takeout", { STARTED_USER_TAKEOUT: { PRODUCTS_REQUESTED: ["Drive"] } }),
    ]);
  }, 120_000);
});
