/** Salesforce: rows, streams and setup changes become the right events, and no record breaks the reading. */

import { describe, expect, it } from "vitest";
import { checkExamples, FUZZ_CASES, fuzz } from "#platforms/testing.ts";
import { salesforce } from "./index.ts";

type Fields = Record<string, unknown>;

function read(raw: Fields, service: string) {
  expect(salesforce.detect(raw, null)).toBe(service);
  const [event] = salesforce.normalize(raw, service);
  if (event === undefined) throw new Error("no event");
  return event;
}

function logRow(type: string, fields: Fields = {}): Fields {
  return {
    EVENT_TYPE: type,
    TIMESTAMP: "20260601080000.250",
    TIMESTAMP_DERIVED: "2026-06-01T08:00:00.250Z",
    USER_ID: "005000000000001",
    USER_ID_DERIVED: "005000000000001AAA",
    CLIENT_IP: "192.0.2.1",
    ...fields,
  };
}

function stream(name: string, payload: Fields): Fields {
  return {
    channel: `/event/${name}`,
    data: {
      event: { replayId: 1 },
      payload: {
        EventIdentifier: "id-1",
        EventDate: "2026-06-01T08:00:00.250+0000",
        CreatedDate: "2026-06-01T08:00:09.000+0000",
        UserId: "005000000000001AAA",
        Username: "Dana@example.com",
        SourceIp: "192.0.2.1",
        SessionLevel: "STANDARD",
        ...payload,
      },
    },
  };
}

function setup(action: string, display: string): Fields {
  return {
    action,
    section: "Connected Apps",
    display,
    sfdc_created_by_id: "005000000000002AAA",
    sfdc_created_by_username: "Admin@example.com",
    sfdc_created_by_name: "Ada",
    sfdc_created_date: "2026-06-01T08:00:00+00:00",
  };
}

const SETUP = "salesforce:setup_audit_trail";

describe("salesforce", () => {
  it("recognises each documented service by its example", () => {
    checkExamples(salesforce);
  });

  it.each([
    ["API", "salesforce:elf_soap_api_event"],
    ["RestApi", "salesforce:elf_rest_api_event"],
    ["BulkApi2", "salesforce:elf_bulk_api_2_event"],
    ["ApexCallout", "salesforce:elf_apex_callout_event"],
    ["AuraRequest", "salesforce:elf_aura_request_event"],
    ["ReportExport", "salesforce:elf_report_export_event"],
    ["LoginAs", "salesforce:elf_login_as_event"],
    ["URI", "salesforce:elf_uri_event"],
  ])("log file %s is %s", (type, service) => {
    expect(salesforce.detect(logRow(type), null)).toBe(service);
  });

  it("a row whose TIMESTAMP reads like a date is a flattened real-time event", () => {
    const event = read(
      logRow("BulkApiResultEventStore", {
        TIMESTAMP: "2026-06-01 08:00:00.250",
        TIMESTAMP_DERIVED: "2026-06-01 08:00:00.250",
        USER_NAME: "bulk@example.com",
        SOURCE_IP: "198.51.100.9",
        OPERATION_TYPE: "query",
        ENTITY_NAME: "Contact",
        RECORDS_PROCESSED: 150_000,
      }),
      "salesforce:realtimeEvent",
    );
    expect(event).toMatchObject({
      at: Date.UTC(2026, 5, 1, 8, 0, 0, 250),
      class: "export",
      count: 1,
      actor: { kind: "person", id: "bulk@example.com" },
      client: { ip: "198.51.100.9" },
      target: { type: "object", id: "Contact", name: "150000 rows" },
      change: { kind: "export_downloaded", detail: "Contact, 150000 rows" },
    });
  });

  it("an anomaly that Salesforce saw is a warning, as a row, too", () => {
    const event = read(
      logRow("ApiAnomalyEventStore", { SUMMARY: "Unusual calls" }),
      "salesforce:realtimeEvent",
    );
    expect(event.change).toMatchObject({ kind: "flagged_by_vendor", detail: "Unusual calls" });
  });

  it("a bulk job that writes or deletes tells what and how much", () => {
    const event = read(
      logRow("BulkApiResultEventStore", {
        OPERATION_TYPE: "delete",
        ENTITY_NAME: "Lead",
        RECORDS_PROCESSED: 700,
      }),
      "salesforce:realtimeEvent",
    );
    expect(event).toMatchObject({
      class: "delete",
      change: { kind: "bulk_changed", detail: "delete Lead, 700 rows" },
    });
  });

  it("reads the time of a row that has only the form without separators", () => {
    const event = read(logRow("Login", { TIMESTAMP_DERIVED: "" }), "salesforce:elf_login_event");
    expect(event.at).toBe(Date.UTC(2026, 5, 1, 8, 0, 0, 250));
  });

  it("an API call belongs to its connected app, with what it took out", () => {
    const event = read(
      logRow("RestApi", {
        CONNECTED_APP_ID: "0H4000000000001AAA",
        CONNECTED_APP_NAME: "Ledger Sync",
        METHOD: "GET",
        URI: "/services/data/v61.0/query",
        STATUS_CODE: "200",
        ROWS_PROCESSED: "2000",
        RESPONSE_SIZE: "40407",
        ENTITY_NAME: "Account",
      }),
      "salesforce:elf_rest_api_event",
    );
    expect(event).toMatchObject({
      class: "read",
      outcome: "success",
      bytes: 40_407,
      automation: {
        nativeId: "0H4000000000001AAA",
        name: "Ledger Sync",
        aliases: ["0H4000000000001"],
      },
      actor: { id: "005000000000001AAA", aliases: ["005000000000001"] },
    });
  });

  it("a SOAP client without an app id is known by the name that it gives", () => {
    const event = read(
      logRow("API", {
        CLIENT_NAME: "vendor/integration",
        METHOD_NAME: "query",
        REQUEST_STATUS: "S",
      }),
      "salesforce:elf_soap_api_event",
    );
    expect(event).toMatchObject({
      class: "read",
      outcome: "success",
      automation: { nativeId: "vendor/integration" },
    });
  });

  it.each([
    [{ STATUS_CODE: "429" }, "throttled"],
    [{ STATUS_CODE: "403" }, "denied"],
    [{ STATUS_CODE: "500" }, "failure"],
    [{ EXCEPTION_MESSAGE: "REQUEST_LIMIT_EXCEEDED" }, "throttled"],
    [{}, "unknown"],
  ])("%o is %s", (fields, outcome) => {
    expect(read(logRow("RestApi", fields), "salesforce:elf_rest_api_event").outcome).toBe(outcome);
  });

  it("a callout goes to a host, without the path and its secrets", () => {
    const event = read(
      logRow("ApexCallout", {
        METHOD: "POST",
        URL: "https://hooks.partner.example/s3cr3t?token=1",
        REQUEST_SIZE: "9000",
        RESPONSE_SIZE: "12",
        SUCCESS: "1",
      }),
      "salesforce:elf_apex_callout_event",
    );
    expect(event).toMatchObject({
      class: "run",
      bytes: 9_000,
      outcome: "success",
      target: { type: "host", id: "hooks.partner.example", name: null },
    });
    expect(JSON.stringify(event)).not.toContain("s3cr3t");
  });

  it.each([
    ["ApiEventStream", { ApiType: "REST" }, "salesforce:rtem_apieventstream"],
    ["BulkApiResultEvent", { Query: "x" }, "salesforce:rtem_bulkapiresulteventstore"],
    [
      "IdentityVerificationEvent",
      { VerificationMethod: "Totp" },
      "salesforce:rtem_identityverificationevent",
    ],
    ["LoginEventStream", { LoginType: "Application" }, "salesforce:rtem_logineventstream"],
    ["LogoutEventStream", {}, "salesforce:rtem_logouteventstream"],
    ["ReportEventStream", { ReportId: "00O" }, "salesforce:rtem_reporteventstream"],
    ["UriEventStream", { OperationStatus: "Success" }, "salesforce:rtem_urieventstream"],
    ["LightningUriEventStream", { PageUrl: "/" }, "salesforce:rtem_lightningurieventstream"],
  ])("channel %s and its bare payload are the same event", (name, fields, service) => {
    const wrapped = stream(name, fields);
    const { data } = structuredClone({ data: wrapped.data });
    const bare = Reflect.get(Object(data), "payload");
    expect(read(bare, service)).toEqual(read(wrapped, service));
  });

  it("an API event names its connected app, its rows and when it happened, not when it was written", () => {
    const event = read(
      stream("ApiEventStream", {
        ApiType: "REST",
        ConnectedAppId: "0H4000000000001AAA",
        Application: "Ledger Sync",
        Operation: "QueryMore",
        QueriedEntities: "Contact",
        RowsProcessed: 5_000,
        UserAgent: "python-requests/2.32",
      }),
      "salesforce:rtem_apieventstream",
    );
    expect(event).toMatchObject({
      id: "id-1",
      at: Date.UTC(2026, 5, 1, 8, 0, 0, 250),
      action: "QueryMore",
      class: "read",
      actor: { kind: "person", id: "dana@example.com", aliases: ["005000000000001AAA"] },
      automation: { nativeId: "0H4000000000001AAA", name: "Ledger Sync" },
      target: { type: "object", id: "Contact", name: "5000 rows" },
      client: { userAgent: "python-requests/2.32" },
    });
  });

  it.each([
    [{ Application: "Browser", LoginType: "Application", Status: "Success" }, null],
    [
      { Application: "Ledger Sync", LoginType: "Remote Access 2.0", Status: "Success" },
      "Ledger Sync",
    ],
  ])("a sign-in %o acts through %s", (fields, app) => {
    const event = read(stream("LoginEventStream", fields), "salesforce:rtem_logineventstream");
    expect(event).toMatchObject({ class: "sign_in", outcome: "success" });
    expect(event.automation?.nativeId ?? null).toBe(app);
  });

  it("a report that is exported is an export, one that is run is a read", () => {
    const report = (Operation: string) =>
      read(
        stream("ReportEventStream", {
          ReportId: "00O1",
          Name: "Pipeline",
          Operation,
          RowsProcessed: 20,
        }),
        "salesforce:rtem_reporteventstream",
      );
    expect(report("ReportExported")).toMatchObject({
      class: "export",
      change: { kind: "export_completed", detail: "Pipeline, 20 rows" },
    });
    expect(report("ReportRunFromLightning")).toMatchObject({ class: "read", change: null });
  });

  it("an anomaly is flagged by the vendor, and a policy that blocked is a denial", () => {
    const event = read(
      stream("ApiAnomalyEvent", { Score: 0.9, Summary: "unusual query", PolicyOutcome: "Block" }),
      "salesforce:rtem_apianomalyevent",
    );
    expect(event).toMatchObject({
      outcome: "denied",
      change: { kind: "flagged_by_vendor", detail: "unusual query" },
    });
  });

  it("new scopes of a connected app are told from those that it had", () => {
    const event = read(
      setup(
        "changeOauthDefaultScope",
        "Changed connected app Ledger Sync scopes from api to api, refresh_token, full",
      ),
      SETUP,
    );
    expect(event).toMatchObject({
      actor: { id: "admin@example.com", name: "Ada" },
      subject: { kind: "oauth_app", nativeId: "Ledger Sync" },
      change: {
        kind: "scopes_added",
        scopes: ["api", "refresh_token", "full"],
        addedScopes: ["refresh_token", "full"],
      },
    });
  });

  it.each([
    [
      "insertConnectedApplication",
      "Installed Connected App Ledger Sync to Salesforce",
      "installed",
      "Ledger Sync",
    ],
    ["insertApplication", "Created Connected App Ledger Sync", "created", "Ledger Sync"],
    [
      "deleteConnectedApplication",
      "Uninstalled Connected App Ledger Sync",
      "uninstalled",
      "Ledger Sync",
    ],
    [
      "changeApplicationCallbackUrl",
      "Changed Connected App Callback URL from https://a.example to https://b.example/cb",
      "redirect_changed",
      null,
    ],
    [
      "changeUserRuntimeAccessPolicy",
      "Changed connected app Ledger Sync Permitted Users setting from Admin approved users are pre-authorized to All users may self-authorize",
      "policy_relaxed",
      "Ledger Sync",
    ],
    [
      "changeIpRelaxationPolicy",
      "Changed connected app Ledger Sync IP relaxation setting from Enforce IP restrictions to Relax IP restrictions",
      "policy_relaxed",
      "Ledger Sync",
    ],
    [
      "generateOauthStagedCredential",
      "Generated temporary credentials for connected app Ledger Sync",
      "credential_added",
      "Ledger Sync",
    ],
    [
      "addOauthClientCredentialUser",
      "Assigned OAuth client credentials user ada@example.com (UserID: [005000000000002]) to app Ledger Sync (AppID: [0H4000000000001])",
      "delegation_granted",
      "0H4000000000001",
    ],
    [
      "PermSetAssign",
      "Permission set Modify All: assigned to user ada@example.com (UserID: [005000000000002])",
      "role_assigned",
      null,
    ],
    [
      "installedpackagingapp",
      "Installed AppExchange package: Ledger Sync",
      "installed",
      "Ledger Sync",
    ],
    ["remoteproxy", "Remote Proxy insert CPI: https://x.example", "policy_relaxed", null],
    ["namedCredentialInsert", "Created a new named credential: Hook", "credential_added", null],
  ])("%s is a change", (action, display, kind, app) => {
    const event = read(setup(action, display), SETUP);
    expect(event.change?.kind).toBe(kind);
    expect(event.subject?.nativeId ?? null).toBe(app);
  });

  it("says where callbacks and callouts go from now on, and for whom a grant holds", () => {
    const to = read(
      setup(
        "changeApplicationCallbackUrl",
        "Changed Connected App Callback URL from https://a.example to https://b.example/cb",
      ),
      SETUP,
    );
    const site = read(setup("remoteproxy", "Remote Proxy insert CPI: https://x.example"), SETUP);
    const user = read(
      setup("PermSetAssign", "Permission set A: assigned to user ada@example.com (UserID: [005])"),
      SETUP,
    );
    expect(to.change?.destination).toBe("https://b.example/cb");
    expect(site.change?.destination).toBe("https://x.example");
    expect(user.change?.principal).toBe("ada@example.com");
  });

  it("the setup page's download is read by its sentences", () => {
    const event = read(
      {
        Date: "2026-06-01T08:00:00Z",
        User: "admin@example.com",
        "Source Namespace Prefix": "",
        Action: "Installed Connected App Ledger Sync to Salesforce",
        Section: "Connected Apps",
        "Delegate User": "",
      },
      SETUP,
    );
    expect(event).toMatchObject({
      action: "insertConnectedApplication",
      at: Date.UTC(2026, 5, 1, 8),
      change: { kind: "installed" },
    });
  });

  it("keeps the session, and tells bulk from single calls", () => {
    const bulk = read(logRow("BulkApi", { SESSION_KEY: "k1" }), "salesforce:elf_bulk_api_event");
    expect(bulk).toMatchObject({ session: "k1", traits: ["bulk"] });
    const row = read(logRow("RestApi", { QUIDDITY: "Rest" }), "salesforce:elf_rest_api_event");
    expect(row).toMatchObject({ session: null, traits: [] });
    const call = stream("ApiEventStream", { SessionKey: "k2", ApiType: "Bulk" });
    expect(read(call, "salesforce:rtem_apieventstream")).toMatchObject({
      session: "k2",
      traits: ["bulk"],
    });
    const as = stream("LoginAsEventStream", { DelegatedUsername: "kim@example.com" });
    expect(read(as, "salesforce:rtem_loginaseventstream").traits).toEqual(["on_behalf"]);
  });

  it("unknown types and actions stay truthful events", () => {
    expect(read(logRow("constructor"), "salesforce:elf_constructor_event")).toMatchObject({
      class: "other",
      change: null,
    });
    expect(read(setup("toString", "?"), SETUP)).toMatchObject({
      action: "toString",
      class: "other",
      change: null,
    });
  });

  it("a token is a user's grant to an app", () => {
    const raw = {
      attributes: { type: "OauthToken", url: "/services/data/v61.0/sobjects/OauthToken/x" },
      AppName: "Ledger Sync",
      UserId: "005000000000001AAA",
      User: { Username: "Dana@example.com" },
      CreatedDate: "2026-01-10T09:00:00.000+0000",
    };
    const [fact] = salesforce.inventory(raw, salesforce.detect(raw, "records") ?? "");
    expect(fact).toMatchObject({
      automation: { nativeId: "Ledger Sync" },
      grants: [{ principal: "dana@example.com", consent: "user", at: Date.UTC(2026, 0, 10, 9) }],
    });
  });

  it(`survives ${FUZZ_CASES} arbitrary and mutated records`, () => {
    fuzz(salesforce, [
      ...salesforce.services.map(({ example }) => example),
      logRow("ApexCallout", { URL: "https://a.example/x", REQUEST_SIZE: "1" }),
      logRow("BulkApi2", { OPERATION_TYPE: "query", ROWS_PROCESSED: "9" }),
      stream("ReportEventStream", {
        ReportId: "00O1",
        Operation: "ReportExported",
        RowsProcessed: 2,
      }),
      stream("UriEventStream", {
        RecordId: "r",
        QueriedEntities: "Account",
        OperationStatus: "Success",
      }),
      setup(
        "addOauthClientCredentialUser",
        "Assigned OAuth client credentials user a (UserID: [1]) to app B (AppID: [0H4])",
      ),
      setup("changeOauthDefaultScope", "Changed connected app B scopes from null to full"),
    ]);
  }, 120_000);
});
