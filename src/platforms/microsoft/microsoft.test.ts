/** Microsoft: records become the right events, all shapes of one change agree, and no record breaks the reading. */

import { describe, expect, it } from "vitest";
import type { Raw } from "#base/raw.ts";
import { checkExamples, FUZZ_CASES, fuzz } from "#platforms/testing.ts";
import { requestOf } from "./graph-activity.ts";
import { microsoft } from "./index.ts";

const APP = "5a1b0c2d-0000-4000-8000-0000000000a1";
const PRINCIPAL = "9c8b7a6d-0000-4000-8000-0000000000b1";
const USER = "3d2c1b0a-0000-4000-8000-0000000000c1";

function readAll(raw: Raw, key: string | null = null) {
  const service = microsoft.detect(raw, key);
  expect(service).not.toBeNull();
  return microsoft.normalize(raw, service ?? "");
}

function read(raw: Raw) {
  const [event] = readAll(raw);
  if (event === undefined) throw new Error("no event");
  return event;
}

function record(workload: string, operation: string, more: Raw = {}): Raw {
  return {
    CreationTime: "2026-06-01T09:00:00",
    Id: "1e0d9c8b-0000-4000-8000-000000000001",
    Operation: operation,
    OrganizationId: "7f1d2c3b-0000-4000-8000-00000000e001",
    RecordType: "1",
    UserType: "0",
    Workload: workload,
    UserId: "Dana@Example.com",
    ...more,
  };
}

/** One property of a change: name, old, new. */
type Property = readonly [string, string | null, string | null];

interface Told {
  action: string;
  properties: readonly Property[];
  target?: { id: string; name: string; type: string; appId?: string };
  appId?: string;
}

const SELF = { id: PRINCIPAL, name: "MeetScribe", type: "ServicePrincipal", appId: APP };

/** The same change as the Management API, Graph, a diagnostic setting and a table tell it. */
function shapes({ action, properties, target = SELF, appId = APP }: Told): [string, Raw][] {
  const graph = {
    id: "Directory_4b3a2918-0000-4000-8000-000000000001_1",
    activityDateTime: "2026-06-01T09:00:00Z",
    activityDisplayName: action,
    result: "success",
    initiatedBy: { user: { id: USER, userPrincipalName: "dana@example.com" }, app: null },
    targetResources: [
      {
        id: target.id,
        displayName: target.name,
        type: target.type,
        modifiedProperties: properties.map(([displayName, old, now]) => ({
          displayName,
          oldValue: old === null ? null : JSON.stringify(old),
          newValue: now === null ? null : JSON.stringify(now),
        })),
      },
    ],
    additionalDetails: [{ key: "AppId", value: appId }],
  };
  const unified = record("AzureActiveDirectory", `${action}.`, {
    RecordType: 8,
    ResultStatus: "Success",
    ExtendedProperties: [{ Name: "additionalDetails", Value: JSON.stringify({ AppId: appId }) }],
    ModifiedProperties: properties.map(([Name, old, now]) => ({
      Name,
      OldValue: old ?? "",
      NewValue: now ?? "",
    })),
    Actor: [
      { ID: "dana@example.com", Type: 5 },
      { ID: `User_${USER}`, Type: 2 },
      { ID: USER, Type: 2 },
      { ID: "User", Type: 2 },
    ],
    Target: [
      { ID: `${target.type}_${target.id}`, Type: 2 },
      { ID: target.id, Type: 2 },
      { ID: target.type, Type: 2 },
      { ID: target.name, Type: 1 },
      ...(target.appId === undefined ? [] : [{ ID: target.appId, Type: 4 }]),
    ],
  });
  const diagnostic = {
    time: "2026-06-01T09:00:00Z",
    category: "AuditLogs",
    operationName: action,
    resourceId: "/tenants/t/providers/Microsoft.aadiam",
    properties: graph,
  };
  const table = {
    TimeGenerated: "2026-06-01T09:00:00Z",
    Type: "AuditLogs",
    Id: graph.id,
    OperationName: action,
    ActivityDisplayName: action,
    Result: "success",
    InitiatedBy: JSON.stringify(graph.initiatedBy),
    TargetResources: JSON.stringify(graph.targetResources),
    AdditionalDetails: graph.additionalDetails,
  };
  return [
    ["unified audit log", unified],
    ["Graph", graph],
    ["diagnostic log", diagnostic],
    ["table", table],
  ];
}

/** The one thing that all shapes of a change agree on. */
function told(change: Told) {
  const all = shapes(change).map(([shape, raw]) => {
    const events = readAll(raw);
    return {
      shape,
      what: events.map((event) => ({
        action: event.action,
        class: event.class,
        at: event.at,
        actor: event.actor.id,
        subject: event.subject,
        change: event.change,
      })),
    };
  });
  for (const { shape, what } of all) expect(what, shape).toEqual(all[0]?.what);
  return all[0]?.what ?? [];
}

const GRAPH_API = { id: "r1", name: "Microsoft Graph", type: "ServicePrincipal" };
const GRAPH_APP = "00000003-0000-0000-c000-000000000000";
const CLIENT: Property[] = [
  ["ServicePrincipal.ObjectID", null, PRINCIPAL],
  ["ServicePrincipal.AppId", null, APP],
  ["ServicePrincipal.DisplayName", null, "MeetScribe"],
];

function permission(id: string, type: string, scope: string): string {
  return `[Id: ${id}, ClientId: ${PRINCIPAL}, PrincipalId: ${USER}, ResourceId: r1, ConsentType: ${type}, Scope: ${scope}, CreatedDateTime: , LastModifiedDateTime ]`;
}

describe("microsoft", () => {
  it("recognises each documented service by its example", () => {
    checkExamples(microsoft);
  });

  it("a user's consent names app, scopes, what is new and for whom, whatever the shape", () => {
    const [event] = told({
      action: "Consent to application",
      properties: [
        ["ConsentContext.IsAdminConsent", null, "False"],
        [
          "ConsentAction.Permissions",
          null,
          `[${permission("g1", "Principal", "User.Read")}] => [${permission("g1", "Principal", "User.Read Mail.Read")}]; `,
        ],
      ],
    });
    expect(event).toMatchObject({
      action: "Consent to application",
      class: "consent",
      at: Date.UTC(2026, 5, 1, 9),
      actor: "dana@example.com",
      subject: { nativeId: APP, aliases: [PRINCIPAL], name: "MeetScribe" },
      change: {
        kind: "granted",
        scopes: ["User.Read", "Mail.Read"],
        addedScopes: ["Mail.Read"],
        consent: "user",
        principal: "dana@example.com",
      },
    });
  });

  it("an administrator's consent for all is a grant to the tenant, with before and after in two values", () => {
    const [event] = told({
      action: "Consent to application",
      properties: [
        ["ConsentContext.IsAdminConsent", null, "True"],
        [
          "ConsentAction.Permissions",
          `[${permission("g1", "AllPrincipals", "User.Read")}]`,
          `[${permission("g1", "AllPrincipals", "User.Read Files.Read.All")}]`,
        ],
      ],
    });
    expect(event?.change).toMatchObject({
      consent: "tenant",
      principal: null,
      addedScopes: ["Files.Read.All"],
    });
  });

  it("a delegated grant is about the client in the properties, not about the API that is its target", () => {
    const [event] = told({
      action: "Add delegated permission grant",
      target: GRAPH_API,
      appId: GRAPH_APP,
      properties: [
        ["DelegatedPermissionGrant.Scope", "User.Read", "User.Read Mail.Send"],
        ["DelegatedPermissionGrant.ConsentType", null, "AllPrincipals"],
        ...CLIENT,
      ],
    });
    expect(event).toMatchObject({
      subject: { nativeId: APP, aliases: [PRINCIPAL] },
      change: { kind: "scopes_added", addedScopes: ["Mail.Send"], consent: "tenant" },
    });
  });

  it("an application permission is a grant to the tenant", () => {
    const [event] = told({
      action: "Add app role assignment to service principal",
      target: GRAPH_API,
      appId: GRAPH_APP,
      properties: [["AppRole.Value", null, "Mail.ReadWrite"], ...CLIENT],
    });
    expect(event).toMatchObject({
      class: "consent",
      subject: { nativeId: APP },
      change: { kind: "granted", scopes: ["Mail.ReadWrite"], consent: "tenant" },
    });
  });

  it("a new secret is told from one that was there", () => {
    const old = "[KeyIdentifier=k1,KeyType=Password,KeyUsage=Verify,DisplayName=old]";
    const now = "[KeyIdentifier=k2,KeyType=Password,KeyUsage=Verify,DisplayName=new]";
    const [event, more] = told({
      action: "Update application \u2013 Certificates and secrets management",
      properties: [["KeyDescription", JSON.stringify([old]), JSON.stringify([old, now])]],
    });
    expect(event).toMatchObject({
      class: "credential",
      change: { kind: "credential_added", detail: 'Password "new"' },
    });
    expect(more).toBeUndefined();
  });

  it("an update that changes several things gives an event for each, with ids of their own", () => {
    const change: Told = {
      action: "Update application",
      target: { id: "r9", name: "MeetScribe", type: "Application", appId: APP },
      properties: [
        ["AvailableToOtherTenants", "[false]", "[true]"],
        ["AppAddress", "[]", '[{"AddressType":0,"Address":"https://app.outside.test/callback"}]'],
        [
          "FederatedIdentityCredentials",
          "[]",
          '[{"Name":"ci","Issuer":"https://token.outside.test","Subject":"repo:x"}]',
        ],
      ],
    };
    expect(told(change).map((event) => event.change?.kind)).toEqual([
      "federation_added",
      "redirect_changed",
      "audience_widened",
    ]);
    expect(told(change)[0]?.change?.destination).toBe("https://token.outside.test");
    const ids = readAll(shapes(change)[1]?.[1] ?? {}).map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
  });

  it("an owner is added to the app in the properties", () => {
    const [event] = told({
      action: "Add owner to service principal",
      target: { id: USER, name: "eve@example.com", type: "User" },
      properties: CLIENT,
    });
    expect(event).toMatchObject({
      subject: { nativeId: APP, aliases: [PRINCIPAL] },
      change: { kind: "owner_added" },
    });
  });

  it("a role given to an app is about the app, one given to a person about the person", () => {
    const properties: Property[] = [["Role.DisplayName", null, "Application Administrator"]];
    const [app] = told({ action: "Add member to role", properties });
    expect(app).toMatchObject({
      subject: { nativeId: APP, aliases: [PRINCIPAL] },
      change: { kind: "role_assigned", detail: "Application Administrator" },
    });
    const [person] = told({
      action: "Add member to role",
      target: { id: USER, name: "Eve", type: "User" },
      properties,
    });
    expect(person).toMatchObject({ subject: null, change: { principal: USER } });
  });

  it.each([
    ["AllowUserConsentForRiskyApps", "False", "True", "policy_relaxed"],
    ["BlockUserConsentForRiskyApps", "True", "False", "policy_relaxed"],
    [
      "PermissionGrantPolicyIdsAssignedToDefaultUserRole",
      "[]",
      '["ManagePermissionGrantsForSelf.microsoft-user-default-legacy"]',
      "policy_relaxed",
    ],
    ["AllowInvitesFrom", "everyone", "adminsAndGuestInviters", "policy_tightened"],
  ])("%s from %s to %s is %s", (name, old, now, kind) => {
    const [event] = told({
      action: "Update authorization policy",
      target: { id: "p1", name: "Authorization Policy", type: "Policy" },
      properties: [[name, old, now]],
    });
    expect(event).toMatchObject({ class: "policy", change: { kind } });
  });

  it("a conditional access policy that loses its control is relaxed", () => {
    const policy = (controls: string[]): string =>
      JSON.stringify({
        state: "enabled",
        conditions: { users: { excludeUsers: [] } },
        grantControls: { builtInControls: controls },
      });
    const [event] = told({
      action: "Update conditional access policy",
      target: { id: "p1", name: "MFA", type: "Policy" },
      properties: [["ConditionalAccessPolicy", policy(["Mfa"]), policy([])]],
    });
    expect(event?.change).toMatchObject({ kind: "policy_relaxed" });
  });

  it("a failed change changes nothing", () => {
    const [, graph] = shapes({ action: "Add owner to application", properties: CLIENT });
    const event = read({ ...graph?.[1], result: "failure" });
    expect(event).toMatchObject({ outcome: "failure", change: null });
  });

  it.each<[string, Raw, Raw]>([
    [
      "New-InboxRule",
      {
        Parameters: [
          { Name: "ForwardTo", Value: '"X" [SMTP:Drop@Outside.test]' },
          { Name: "DeleteMessage", Value: "True" },
        ],
      },
      {
        kind: "forwarding_added",
        destination: "drop@outside.test",
        principal: "dana@example.com",
        detail: "deletes messages",
      },
    ],
    [
      "Set-InboxRule",
      { Parameters: '[{"Name":"MoveToFolder","Value":"RSS Feeds"},{"Name":"Name","Value":".."}]' },
      { kind: "mail_rule_added", destination: null, detail: 'rule ".."; moves to RSS Feeds' },
    ],
    [
      "Set-Mailbox",
      {
        Parameters: [
          { Name: "Identity", Value: "bo@example.com" },
          { Name: "ForwardingSmtpAddress", Value: "smtp:a@outside.test" },
        ],
      },
      { kind: "forwarding_added", destination: "a@outside.test", principal: "bo@example.com" },
    ],
    [
      "UpdateInboxRules",
      {
        MailboxOwnerUPN: "dana@example.com",
        OperationProperties: [
          { Name: "RuleOperation", Value: "AddMailboxRule" },
          {
            Name: "RuleActions",
            Value:
              '[{"ActionType":"Forward","Recipients":["a@outside.test"]},{"ActionType":"Delete"}]',
          },
        ],
      },
      { kind: "forwarding_added", destination: "a@outside.test", detail: "deletes messages" },
    ],
    [
      "New-TransportRule",
      {
        Parameters: [
          { Name: "Name", Value: "r" },
          { Name: "BlindCopyTo", Value: "a@outside.test" },
        ],
      },
      { kind: "forwarding_added", destination: "a@outside.test" },
    ],
    [
      "Add-MailboxPermission",
      {
        Parameters: [
          { Name: "Identity", Value: "ceo@example.com" },
          { Name: "User", Value: "Eve@example.com" },
          { Name: "AccessRights", Value: "FullAccess" },
        ],
      },
      {
        kind: "mailbox_delegated",
        principal: "ceo@example.com",
        destination: "eve@example.com",
        detail: "FullAccess",
      },
    ],
    [
      "New-ManagementRoleAssignment",
      {
        Parameters: [
          { Name: "Role", Value: "ApplicationImpersonation" },
          { Name: "User", Value: "svc@example.com" },
        ],
      },
      {
        kind: "mailbox_delegated",
        scopes: ["ApplicationImpersonation"],
        destination: "svc@example.com",
      },
    ],
    [
      "Set-AdminAuditLogConfig",
      { Parameters: [{ Name: "UnifiedAuditLogIngestionEnabled", Value: "False" }] },
      { kind: "logging_impaired" },
    ],
    [
      "Set-MailboxAuditBypassAssociation",
      {
        Parameters: [
          { Name: "Identity", Value: "svc@example.com" },
          { Name: "AuditBypassEnabled", Value: "True" },
        ],
      },
      { kind: "logging_impaired", principal: "svc@example.com" },
    ],
    [
      "Disable-AntiPhishRule",
      { Parameters: [{ Name: "Identity", Value: "main" }] },
      { kind: "policy_relaxed" },
    ],
  ])("Exchange: %s says what it does", (operation, more, change) => {
    expect(
      read(record("Exchange", operation, { ResultStatus: "True", ...more })).change,
    ).toMatchObject(change);
  });

  it("counts the mail that one record stands for and credits it to the client app", () => {
    const event = read(
      record("Exchange", "MailItemsAccessed", {
        ClientAppId: APP.toUpperCase(),
        AppId: GRAPH_APP,
        MailboxOwnerUPN: "dana@example.com",
        OperationProperties: [{ Name: "IsThrottled", Value: "True" }],
        Folders: [
          { FolderItems: [{ SizeInBytes: 10 }, { SizeInBytes: "20" }] },
          { FolderItems: [{}] },
        ],
      }),
    );
    expect(event).toMatchObject({
      class: "read",
      count: 3,
      bytes: 30,
      automation: { nativeId: APP },
      target: { type: "mailbox", id: "dana@example.com" },
      change: { kind: "flagged_by_vendor" },
    });
  });

  it("a share to a guest is external, one to a colleague is not", () => {
    const share = (type: string, name: string) =>
      read(
        record("OneDrive", "AddedToSecureLink", {
          TargetUserOrGroupType: type,
          TargetUserOrGroupName: name,
        }),
      );
    expect(share("Guest", "X@Outside.test").change).toMatchObject({
      kind: "shared_externally",
      destination: "x@outside.test",
    });
    expect(share("Member", "bo@example.com").change).toBeNull();
  });

  it("an app-only file download is the app's, read from SharePoint's user key", () => {
    const event = read(
      record("SharePoint", "FileDownloaded", {
        UserId: "app@sharepoint",
        UserKey: `i:0i.t|00000003-0000-0ff1-ce00-000000000000|${APP}@tenant`,
      }),
    );
    expect(event).toMatchObject({
      class: "download",
      actor: { kind: "automation", id: APP },
      automation: { nativeId: APP },
    });
  });

  it("an export out of the compliance centre is told by its command line", () => {
    const event = read(
      record("SecurityComplianceCenter", "New-ComplianceSearchAction", {
        Parameters: '-SearchName "all" -Export "True"',
      }),
    );
    expect(event).toMatchObject({ class: "export", change: { kind: "export_started" } });
  });

  it("Copilot: the agent acts, each resource and plugin is an event, and attacks are flagged", () => {
    const events = readAll(
      record("Copilot", "CopilotInteraction", {
        RecordType: 261,
        AgentId: "T_planner",
        AgentName: "Planner",
        CopilotEventData: {
          AppHost: "Teams",
          Messages: [{ isPrompt: true, JailbreakDetected: "true" }],
          AccessedResources: [{ Action: "Read", Name: "plan.docx", XPIADetected: true }],
          AISystemPlugin: [{ Id: "BingWebSearch" }],
        },
      }),
    );
    expect(events.map((event) => event.class)).toEqual(["prompt", "read", "tool_call"]);
    expect(events[0]).toMatchObject({
      automation: { kind: "ai_agent", nativeId: "T_planner", name: "Planner" },
      change: {
        kind: "flagged_by_vendor",
        detail: "JailbreakDetected, XPIADetected in plan.docx",
      },
    });
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
  });

  it("a connected AI app goes by its host's name, an unnamed agent by none", () => {
    const ask = (operation: string, more: Raw) =>
      read(record("Copilot", operation, { CopilotEventData: { AppHost: "ChatGPT" }, ...more }))
        .automation;
    expect(ask("ConnectedAIAppInteraction", { AppIdentity: "ConnectedAIApp.Entra.x" })?.name).toBe(
      "ChatGPT",
    );
    expect(ask("CopilotInteraction", { AgentId: "T_planner" })?.name).toBeNull();
    expect(ask("CopilotInteraction", {})?.name).toBe("Copilot (ChatGPT)");
  });

  it("a user who may open an app is no role and no grant", () => {
    const [event] = told({ action: "Add app role assignment grant to user", properties: [] });
    expect(event).toMatchObject({ class: "member", subject: { nativeId: APP }, change: null });
  });

  it("a flow is known by the id in its address, with its connectors", () => {
    const event = read(
      record("MicrosoftFlow", "CreateFlow", {
        FlowDetailsUrl:
          "https://x.test/environments/e/flows/6C5B4A39-0000-4000-8000-0000000000F1/details",
        FlowConnectorNames: "shared_office365,http",
      }),
    );
    expect(event).toMatchObject({
      subject: { kind: "workflow", nativeId: "6c5b4a39-0000-4000-8000-0000000000f1" },
      change: { kind: "created", detail: "connectors: shared_office365,http" },
    });
  });

  it("a Teams app is tied to its client id", () => {
    const event = read(
      record("MicrosoftTeams", "BotAddedToTeam", {
        AddOnName: "Bot",
        AddOnGuid: PRINCIPAL,
        AzureADAppId: APP,
      }),
    );
    expect(event).toMatchObject({
      subject: { kind: "bot", nativeId: APP, aliases: [PRINCIPAL] },
      change: { kind: "installed" },
    });
  });

  it("a Purview row gives the same event as the record inside it", () => {
    const inner = record("SharePoint", "FileDownloaded", { ObjectId: "https://example.test/a" });
    const row = {
      RecordId: "x",
      CreationDate: "2026-06-01T10:00:00Z",
      Operations: "FileDownloaded",
      UserIds: "dana@example.com",
      AuditData: JSON.stringify(inner),
    };
    expect(microsoft.detect(row, null)).toBe(microsoft.detect(inner, null));
    expect(readAll(row)).toEqual(readAll(inner));
  });

  it("a Purview row that was cut off keeps what its columns say", () => {
    const event = read({
      RecordId: "1e0d9c8b-0000-4000-8000-000000000001",
      CreationDate: "2026-06-01T09:00:00",
      RecordType: "6",
      Operation: "FileDownloaded",
      UserId: "dana@example.com",
      AuditData: '{"CreationTime":"2026-06-01T09:0',
    });
    expect(event).toMatchObject({
      service: "o365:SharePoint",
      id: "1e0d9c8b-0000-4000-8000-000000000001",
      class: "download",
      actor: { id: "dana@example.com" },
    });
  });

  it.each([
    [0, "success"],
    ["7000215", "failure"],
    [53_003, "denied"],
  ])("sign-in with code %s: %s", (errorCode, outcome) => {
    const event = read({
      id: "66aa55bb-0000-4000-8000-000000000003",
      createdDateTime: "2026-06-01T09:00:00Z",
      appId: APP,
      servicePrincipalId: PRINCIPAL,
      servicePrincipalName: "MeetScribe",
      signInEventTypes: ["servicePrincipal"],
      autonomousSystemNumber: 64_500,
      location: { countryOrRegion: "DE" },
      status: { errorCode },
    });
    expect(event).toMatchObject({
      service: "entra:ServicePrincipalSignInLogs",
      outcome,
      actor: { kind: "automation", id: APP },
      automation: { nativeId: APP, aliases: [PRINCIPAL], name: "MeetScribe" },
      client: { asn: "64500", country: "DE" },
    });
  });

  it("a sign-in keeps its session, its flow and what is known of the device", () => {
    const raw = {
      id: "66ea54eb-0000-4000-8000-000000000009",
      createdDateTime: "2026-06-01T09:00:00Z",
      appId: APP,
      userId: USER,
      isInteractive: true,
      resourceDisplayName: "Microsoft Graph",
      status: { errorCode: 0 },
      sessionId: "s-1",
      uniqueTokenIdentifier: "t-1",
      authenticationProtocol: "oAuth2",
      deviceDetail: { isManaged: false, isCompliant: false },
      riskState: "atRisk",
      riskLevelDuringSignIn: "high",
      riskEventTypes_v2: ["anonymizedIPAddress"],
    };
    const event = read(raw);
    expect(event.session).toBe("s-1");
    expect(event.traits).toEqual(["anomalous", "auth_code", "interactive", "unmanaged", "hosting"]);
    const silent = { ...raw, isInteractive: false, sessionId: null, riskState: "none" };
    const other = read({ ...silent, deviceDetail: { isManaged: true }, riskEventTypes_v2: [] });
    expect(other.session).toBe("t-1");
    expect(other.traits).toEqual([]);
    expect(read({ ...silent, authenticationProtocol: "deviceCode" }).traits).toContain(
      "device_code",
    );
  });

  it.each([
    ["OAuth2:Token", ["auth_code"]],
    ["Kmsi:kmsi", []],
  ])("a sign-in in the unified log by %s", (request, traits) => {
    const more = {
      RecordType: 15,
      ExtendedProperties: [{ Name: "RequestType", Value: request }],
      DeviceProperties: [{ Name: "SessionId", Value: "s-1" }],
    };
    const event = read(record("AzureActiveDirectory", "UserLoggedIn", more));
    expect(event.traits).toEqual(traits);
    expect(event.session).toBe("s-1");
  });

  it("Graph calls keep session or token, and what they searched for", () => {
    const properties = {
      appId: APP,
      requestId: "11ea54eb-0000-4000-8000-000000000009",
      requestMethod: "GET",
      requestUri: "https://graph.microsoft.com/v1.0/me/messages?%24search=%22wire%20transfer%22",
      responseStatusCode: 200,
      signInActivityId: "t-1",
    };
    const shared = {
      category: "MicrosoftGraphActivityLogs",
      operationName: "Microsoft Graph Activity",
      tenantId: "t",
      time: "2026-06-01T09:00:00Z",
    };
    const event = read({ ...shared, properties });
    expect(event.session).toBe("t-1");
    expect(event.traits).toEqual(["sensitive_terms"]);
    const plain = { ...properties, requestUri: "https://graph.microsoft.com/v1.0/me/messages" };
    expect(read({ ...shared, properties: { ...plain, sessionId: "s-1" } })).toMatchObject({
      session: "s-1",
      traits: [],
    });
  });

  it.each([
    [
      "Exchange",
      "MailItemsAccessed",
      { SessionId: "s-1", OperationProperties: [{ Name: "IsThrottled", Value: "True" }] },
      "s-1",
      ["bulk"],
    ],
    [
      "SharePoint",
      "FileDownloaded",
      { AppAccessContext: { AADSessionId: "s-2", UniqueTokenId: "t-2" }, SensitivityLabelId: "l" },
      "s-2",
      ["labelled"],
    ],
    [
      "SharePoint",
      "AnonymousLinkCreated",
      { AppAccessContext: { UniqueTokenId: "t-2" } },
      "t-2",
      ["outside"],
    ],
    ["SharePoint", "SearchQueryPerformed", { QueryText: "passwords" }, null, ["sensitive_terms"]],
    [
      "MicrosoftTeams",
      "MessageSent",
      { ParticipantInfo: { HasForeignTenantUsers: true } },
      null,
      ["external_content"],
    ],
    [
      "SecurityComplianceCenter",
      "DlpRuleMatch",
      { PolicyDetails: [{ PolicyName: "Access tokens in mail" }] },
      null,
      ["secret", "labelled"],
    ],
  ])("session and traits of %s %s", (workload, operation, more, session, traits) => {
    const event = read(record(workload, operation, more));
    expect(event.session).toBe(session);
    expect([...event.traits].sort()).toEqual([...traits].sort());
  });

  it("Copilot's conversation is its session; attacks, labels and the web are traits of what carried them", () => {
    const CopilotEventData = {
      ThreadId: "thread-1",
      AppHost: "Word",
      Messages: [{ Id: "1", isPrompt: true, JailbreakDetected: true }],
      AccessedResources: [
        { Id: "r1", Type: "WebPage", SiteUrl: "https://news.example/a", XPIADetected: true },
        { Id: "r2", Type: "docx", SensitivityLabelId: "l", SiteUrl: "https://c.sharepoint.com/d" },
      ],
      AISystemPlugin: [{ Id: "BingWebSearch" }],
    };
    const events = readAll(record("Copilot", "CopilotInteraction", { CopilotEventData }));
    expect(events.map(({ session }) => session)).toEqual(Array(4).fill("thread-1"));
    expect(events.map(({ traits }) => traits)).toEqual([
      ["injection", "jailbreak"],
      ["external_content", "injection"],
      ["labelled"],
      [],
    ]);
  });

  it.each([
    ["schedules/write", "schedules/nightly", "scheduled", "schedules"],
    ["webhooks/write", "webhooks/start", "scheduled", "webhooks"],
    ["runbooks/draft/write", "runbooks/tidy/draft", "scheduled", "runbooks"],
    ["schedules/delete", "schedules/nightly", "deleted", null],
  ])("Azure Automation %s on %s is %s", (operation, part, kind, detail) => {
    const event = read({
      time: "2026-06-01T09:00:00Z",
      category: "Administrative",
      operationName: `Microsoft.Automation/automationAccounts/${operation}`,
      resourceId: `/subscriptions/s1/resourceGroups/g1/providers/Microsoft.Automation/automationAccounts/a1/${part}`,
      resultType: "Success",
    });
    expect(event).toMatchObject({ subject: { isInternal: true }, change: { kind, detail } });
  });

  it("an invited guest is named", () => {
    const told = {
      action: "Invite external user",
      properties: [],
      target: { id: USER, name: "New@partner.example", type: "User" },
    };
    for (const [, raw] of shapes(told)) {
      expect(read(raw)).toMatchObject({ class: "member", change: { kind: "guest_invited" } });
    }
  });

  it("a device code sign-in is told by its action", () => {
    const event = read({
      createdDateTime: "2026-06-01T09:00:00Z",
      appId: APP,
      isInteractive: true,
      userPrincipalName: "dana@example.com",
      authenticationProtocol: "deviceCode",
    });
    expect(event.action).toBe("Sign-in activity (deviceCode)");
    expect(event.change?.kind).toBe("device_code_used");
  });

  it.each([
    [
      "GET",
      "https://graph.microsoft.com/v1.0/users/dana@example.com/messages?$top=9",
      "read",
      "messages",
    ],
    ["GET", "https://graph.microsoft.com/v1.0/users?$select=id", "enumerate", "users"],
    ["GET", "https://graph.microsoft.com/beta/drives/d/items/i/content", "download", "items"],
    [
      "GET",
      "https://graph.microsoft.com/v1.0/me/messages?$search=%22password%22",
      "search",
      "messages",
    ],
    ["POST", "https://graph.microsoft.com/v1.0/users('dana')/sendMail", "send", "users"],
    [
      "POST",
      "https://graph.microsoft.com/v1.0/me/mailFolders/inbox/messageRules",
      "forward",
      "messagerules",
    ],
    [
      "POST",
      "https://graph.microsoft.com/v1.0/applications/a/addPassword",
      "credential",
      "applications",
    ],
    [
      "POST",
      "https://graph.microsoft.com/v1.0/oauth2PermissionGrants",
      "consent",
      "oauth2permissiongrants",
    ],
    ["POST", "https://graph.microsoft.com/v1.0/chats/c/messages", "send", "messages"],
    ["DELETE", "https://graph.microsoft.com/v1.0/me/drive/items/i", "delete", "items"],
    ["POST", "https://graph.microsoft.com/v1.0/search/query", "search", null],
  ])("Graph: %s %s is %s", (method, uri, kind, type) => {
    const request = requestOf(method, uri);
    expect(request.class).toBe(kind);
    if (type !== null) expect(request.target?.type).toBe(type);
    expect(request.target?.id).not.toContain("?");
  });

  it("Graph's 429 is throttled, and what came back is counted in bytes", () => {
    const event = read({
      TimeGenerated: "2026-06-01T09:00:00Z",
      RequestId: "77bb66cc-0000-4000-8000-000000000001",
      RequestMethod: "GET",
      RequestUri: "https://graph.microsoft.com/v1.0/users",
      ResponseStatusCode: 429,
      ResponseSizeBytes: 12,
      AppId: APP,
    });
    expect(event).toMatchObject({ outcome: "throttled", bytes: 12, automation: { nativeId: APP } });
  });

  it("an Azure webhook is an automation, known by its resource id in lower case", () => {
    const event = read({
      time: "2026-06-01T09:00:00Z",
      resourceId: "/SUBSCRIPTIONS/S/PROVIDERS/MICROSOFT.AUTOMATION/AUTOMATIONACCOUNTS/A/WEBHOOKS/W",
      operationName: "MICROSOFT.AUTOMATION/AUTOMATIONACCOUNTS/WEBHOOKS/WRITE",
      category: "Administrative",
      resultType: "Success",
    });
    expect(event.subject).toMatchObject({
      kind: "webhook",
      nativeId: "/subscriptions/s/providers/microsoft.automation/automationaccounts/a/webhooks/w",
    });
  });

  it("a hunting row with the audit record inside is that record, with place and app of the row", () => {
    const inner = record("SharePoint", "FileDownloaded", { ObjectId: "https://example.test/a" });
    const event = read({
      Timestamp: "2026-06-01T09:00:00Z",
      ActionType: "FileDownloaded",
      ReportId: "1",
      CountryCode: "DE",
      OAuthAppId: APP,
      RawEventData: JSON.stringify(inner),
    });
    expect(event).toMatchObject({
      id: inner.Id,
      service: "o365:SharePoint",
      automation: { nativeId: APP },
      client: { country: "DE" },
    });
  });

  it("a placeholder of an anonymised export is no id", () => {
    expect(read(record("SharePoint", "FileDownloaded", { Id: "111-22-33" })).id).toBe("");
  });

  it("grants that know only the service principal use its object id; the principal ties it to the app", () => {
    const grant = {
      clientId: PRINCIPAL,
      consentType: "Principal",
      principalId: USER,
      resourceId: "r",
      scope: "Mail.Read",
    };
    const [fact] = microsoft.inventory(grant, microsoft.detect(grant, "value") ?? "");
    expect(fact).toMatchObject({
      automation: { nativeId: PRINCIPAL },
      grants: [{ principal: USER, scopes: ["Mail.Read"], consent: "user" }],
    });
    const principal = { id: PRINCIPAL, appId: APP, servicePrincipalType: "Application" };
    const [app] = microsoft.inventory(principal, microsoft.detect(principal, "value") ?? "");
    expect(app).toMatchObject({ automation: { nativeId: APP, aliases: [PRINCIPAL] } });
  });

  it("an application permission is told by name", () => {
    const row = {
      appRoleId: "810c84a8-4a9e-49e6-bf7d-12d183f40d01",
      principalId: PRINCIPAL,
      principalType: "ServicePrincipal",
    };
    const [fact] = microsoft.inventory(row, microsoft.detect(row, "value") ?? "");
    expect(fact).toMatchObject({ grants: [{ scopes: ["Mail.Read"], consent: "tenant" }] });
  });

  it(`survives ${FUZZ_CASES} arbitrary and mutated records`, () => {
    fuzz(microsoft, [
      ...microsoft.services.map(({ example }) => example),
      ...shapes({
        action: "Update application",
        properties: [
          ["KeyDescription", "[]", '["[KeyIdentifier=k]"]'],
          ["AppAddress", "[]", '[{"Address":"https://a.test"}]'],
          ["RequiredResourceAccess", "[]", '[{"RequiredAppPermissions":[{"EntitlementId":"x"}]}]'],
        ],
      }).map(([, raw]) => raw),
      record("Exchange", "Set-Mailbox", {
        Parameters: [{ Name: "ForwardingSmtpAddress", Value: "a@b.test" }],
      }),
    ]);
  }, 120_000);
});
