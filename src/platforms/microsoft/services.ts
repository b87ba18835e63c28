/** The Microsoft logs and lists that are understood, each with where to get it and an invented example. */

import type { Raw } from "#base/raw.ts";
import type { Service } from "#platforms/platform.ts";

const TENANT = "7f1d2c3b-0000-4000-8000-00000000e001";
const APP = "5a1b0c2d-0000-4000-8000-0000000000a1";
const PRINCIPAL = "9c8b7a6d-0000-4000-8000-0000000000b1";
const GRAPH = "00000003-0000-0000-c000-000000000000";
const USER = "3d2c1b0a-0000-4000-8000-0000000000c1";
const FEED =
  "GET https://manage.office.com/api/v1.0/{tenant}/activity/feed/subscriptions/content, or the export of Purview's audit search";
const DIAGNOSTICS =
  "Entra admin center: Monitoring, Diagnostic settings, to storage or an event hub";

/** What every unified audit record has. */
function record(id: number, workload: string, operation: string, type: number, more: Raw): Raw {
  return {
    CreationTime: "2026-06-01T09:00:00",
    Id: `1e0d9c8b-0000-4000-8000-${String(id).padStart(12, "0")}`,
    Operation: operation,
    OrganizationId: TENANT,
    RecordType: type,
    UserKey: USER,
    UserType: 0,
    Version: 1,
    Workload: workload,
    ClientIP: "203.0.113.9",
    UserId: "dana@example.com",
    ...more,
  };
}

/** What every diagnostic record has. */
function diagnostic(category: string, operationName: string, properties: Raw): Raw {
  return {
    time: "2026-06-01T09:00:00.1234567Z",
    resourceId: `/tenants/${TENANT}/providers/Microsoft.aadiam`,
    operationName,
    category,
    tenantId: TENANT,
    callerIpAddress: "203.0.113.9",
    properties,
  };
}

const unified: readonly Service[] = [
  {
    id: "o365:AzureActiveDirectory",
    title: "Unified audit log: Entra changes and sign-ins",
    holds: "events",
    from: FEED,
    example: record(1, "AzureActiveDirectory", "Consent to application.", 8, {
      ResultStatus: "Success",
      ObjectId: APP,
      ExtendedProperties: [{ Name: "additionalDetails", Value: `{"AppId":"${APP}"}` }],
      ModifiedProperties: [
        { Name: "ConsentContext.IsAdminConsent", NewValue: "False", OldValue: "" },
        {
          Name: "ConsentAction.Permissions",
          NewValue: `[] => [[Id: g1, ClientId: ${PRINCIPAL}, PrincipalId: ${USER}, ResourceId: r1, ConsentType: Principal, Scope: Mail.Read offline_access, CreatedDateTime: , LastModifiedDateTime ]]; `,
          OldValue: "",
        },
      ],
      Actor: [
        { ID: "dana@example.com", Type: 5 },
        { ID: `User_${USER}`, Type: 2 },
        { ID: USER, Type: 2 },
        { ID: "User", Type: 2 },
      ],
      Target: [
        { ID: `ServicePrincipal_${PRINCIPAL}`, Type: 2 },
        { ID: PRINCIPAL, Type: 2 },
        { ID: "ServicePrincipal", Type: 2 },
        { ID: "MeetScribe", Type: 1 },
        { ID: APP, Type: 4 },
      ],
    }),
  },
  {
    id: "o365:Exchange",
    title: "Unified audit log: Exchange cmdlets and mailboxes",
    holds: "events",
    from: FEED,
    example: record(2, "Exchange", "New-InboxRule", 1, {
      ResultStatus: "True",
      ObjectId: "dana\\tidy",
      Parameters: [
        { Name: "Name", Value: "tidy" },
        { Name: "ForwardTo", Value: "smtp:drop@outside.test" },
        { Name: "DeleteMessage", Value: "True" },
      ],
    }),
  },
  {
    id: "o365:SharePoint",
    title: "Unified audit log: SharePoint",
    holds: "events",
    from: FEED,
    example: record(3, "SharePoint", "FileDownloaded", 6, {
      AppAccessContext: { ClientAppId: APP, ClientAppName: "MeetScribe" },
      ItemType: "File",
      ObjectId: "https://example.sharepoint.com/sites/plan/plan.docx",
      SourceFileName: "plan.docx",
      FileSizeBytes: 2_048,
      UserAgent: "MeetScribe/1.0",
    }),
  },
  {
    id: "o365:OneDrive",
    title: "Unified audit log: OneDrive",
    holds: "events",
    from: FEED,
    example: record(4, "OneDrive", "AnonymousLinkCreated", 14, {
      ItemType: "File",
      ObjectId: "https://example-my.sharepoint.com/personal/dana/plan.docx",
      SourceFileName: "plan.docx",
      EventData: "<Type>View</Type>",
    }),
  },
  {
    id: "o365:MicrosoftTeams",
    title: "Unified audit log: Teams",
    holds: "events",
    from: FEED,
    example: record(5, "MicrosoftTeams", "AppInstalled", 25, {
      AddOnName: "MeetScribe",
      AddOnGuid: "2b3c4d5e-0000-4000-8000-0000000000d1",
      AzureADAppId: APP,
      AppDistributionMode: "Store",
      TeamName: "Planning",
      TeamGuid: "19:plan@thread.tacv2",
    }),
  },
  {
    id: "o365:MicrosoftFlow",
    title: "Unified audit log: Power Automate",
    holds: "events",
    from: FEED,
    example: record(6, "MicrosoftFlow", "CreateFlow", 30, {
      FlowDetailsUrl:
        "https://admin.powerplatform.microsoft.com/environments/Default-1/flows/6c5b4a39-0000-4000-8000-0000000000f1/details",
      FlowConnectorNames: "shared_office365,http",
    }),
  },
  {
    id: "o365:Copilot",
    title: "Unified audit log: Copilot, agents and AI apps",
    holds: "events",
    from: FEED,
    example: record(7, "Copilot", "CopilotInteraction", 261, {
      AgentId: "CopilotStudio.Declarative.T_planner",
      AgentName: "Planner",
      CopilotEventData: {
        AppHost: "Teams",
        ThreadId: "19:ask@thread.v2",
        Messages: [{ Id: "1", isPrompt: true, JailbreakDetected: false }],
        AccessedResources: [
          {
            Action: "Read",
            Name: "plan.docx",
            SiteUrl: "https://example.sharepoint.com/sites/plan/plan.docx",
            Type: "docx",
            XPIADetected: true,
          },
        ],
        AISystemPlugin: [{ Id: "BingWebSearch", Name: "BuiltIn" }],
      },
    }),
  },
  {
    id: "o365:SecurityComplianceCenter",
    title: "Unified audit log: compliance searches, exports, alerts, data loss rules",
    holds: "events",
    from: FEED,
    example: record(8, "SecurityComplianceCenter", "New-ComplianceSearchAction", 18, {
      ResultStatus: "Succeeded",
      Parameters: '-SearchName "all mail" -Export "True"',
    }),
  },
  {
    id: "o365:*",
    title: "Unified audit log: every further workload, also as Purview row or OfficeActivity table",
    holds: "events",
    from: FEED,
    example: {
      RecordId: "1e0d9c8b-0000-4000-8000-000000000009",
      CreationDate: "2026-06-01T09:00:00.0000000Z",
      RecordType: 45,
      Operation: "PublishPowerApp",
      UserId: "dana@example.com",
      AuditData: JSON.stringify(
        record(9, "PowerApps", "PublishPowerApp", 45, {
          AppName: "6c5b4a39-0000-4000-8000-0000000000f2",
        }),
      ),
    },
  },
];

const entra: readonly Service[] = [
  {
    id: "entra:AuditLogs",
    title: "Entra audit log (Graph, diagnostic log or table)",
    holds: "events",
    from: `GET /v1.0/auditLogs/directoryAudits, or ${DIAGNOSTICS}`,
    example: {
      id: "Directory_4b3a2918-0000-4000-8000-000000000001_1",
      activityDateTime: "2026-06-01T09:00:00Z",
      activityDisplayName: "Add app role assignment to service principal",
      category: "ApplicationManagement",
      loggedByService: "Core Directory",
      result: "success",
      initiatedBy: {
        user: { id: USER, userPrincipalName: "dana@example.com", ipAddress: "203.0.113.9" },
        app: null,
      },
      targetResources: [
        {
          id: "r1",
          displayName: "Microsoft Graph",
          type: "ServicePrincipal",
          modifiedProperties: [
            { displayName: "AppRole.Value", oldValue: null, newValue: '"Mail.Read"' },
            {
              displayName: "ServicePrincipal.ObjectID",
              oldValue: null,
              newValue: `"${PRINCIPAL}"`,
            },
            { displayName: "ServicePrincipal.AppId", oldValue: null, newValue: `"${APP}"` },
          ],
        },
      ],
      additionalDetails: [{ key: "AppId", value: GRAPH }],
    },
  },
  {
    id: "entra:SignInLogs",
    title: "Interactive sign-ins of people",
    holds: "events",
    from: `GET /v1.0/auditLogs/signIns (P1), or ${DIAGNOSTICS}`,
    example: {
      id: "66aa55bb-0000-4000-8000-000000000001",
      createdDateTime: "2026-06-01T09:00:00Z",
      userPrincipalName: "dana@example.com",
      userId: USER,
      appId: APP,
      appDisplayName: "MeetScribe",
      ipAddress: "203.0.113.9",
      isInteractive: true,
      resourceDisplayName: "Microsoft Graph",
      resourceId: GRAPH,
      status: { errorCode: 0 },
      location: { countryOrRegion: "DE" },
    },
  },
  {
    id: "entra:NonInteractiveUserSignInLogs",
    title: "Sign-ins that clients did for people",
    holds: "events",
    from: `GET /beta/auditLogs/signIns?$filter=signInEventTypes/any(t: t eq 'nonInteractiveUser'), or ${DIAGNOSTICS}`,
    example: diagnostic("NonInteractiveUserSignInLogs", "Sign-in activity", {
      id: "66aa55bb-0000-4000-8000-000000000002",
      createdDateTime: "2026-06-01T09:00:00Z",
      userPrincipalName: "dana@example.com",
      appId: APP,
      autonomousSystemNumber: 64_500,
      status: { errorCode: 53_003 },
    }),
  },
  {
    id: "entra:ServicePrincipalSignInLogs",
    title: "Sign-ins of apps by themselves",
    holds: "events",
    from: `GET /beta/auditLogs/signIns?$filter=signInEventTypes/any(t: t eq 'servicePrincipal'), or ${DIAGNOSTICS}`,
    example: diagnostic("ServicePrincipalSignInLogs", "Sign-in activity", {
      id: "66aa55bb-0000-4000-8000-000000000003",
      createdDateTime: "2026-06-01T09:00:00Z",
      appId: APP,
      servicePrincipalId: PRINCIPAL,
      servicePrincipalName: "MeetScribe",
      ipAddress: "198.51.100.7",
      status: { errorCode: 0 },
    }),
  },
  {
    id: "entra:ManagedIdentitySignInLogs",
    title: "Sign-ins of managed identities",
    holds: "events",
    from: `GET /beta/auditLogs/signIns?$filter=signInEventTypes/any(t: t eq 'managedIdentity'), or ${DIAGNOSTICS}`,
    example: {
      TimeGenerated: "2026-06-01T09:00:00Z",
      Type: "AADManagedIdentitySignInLogs",
      Id: "66aa55bb-0000-4000-8000-000000000004",
      AppId: APP,
      ServicePrincipalId: PRINCIPAL,
      ServicePrincipalName: "backup-vm",
      ResultType: "0",
      ResourceDisplayName: "Azure Storage",
    },
  },
  {
    id: "entra:MicrosoftGraphActivityLogs",
    title: "Calls to Microsoft Graph",
    holds: "events",
    from: DIAGNOSTICS,
    example: diagnostic("MicrosoftGraphActivityLogs", "Microsoft Graph Activity", {
      requestId: "77bb66cc-0000-4000-8000-000000000001",
      timeGenerated: "2026-06-01T09:00:00.1234567Z",
      appId: APP,
      servicePrincipalId: PRINCIPAL,
      requestMethod: "GET",
      requestUri: "https://graph.microsoft.com/v1.0/users/dana@example.com/messages?$top=50",
      responseStatusCode: 200,
      responseSizeBytes: 4_096,
      roles: "Mail.Read",
      userAgent: "python-requests/2.32",
    }),
  },
  {
    id: "entra:UserRiskEvents",
    title: "Risks that Identity Protection saw in people",
    holds: "events",
    from: `GET /v1.0/identityProtection/riskDetections, or ${DIAGNOSTICS}`,
    example: {
      id: "88cc77dd-0000-4000-8000-000000000001",
      riskEventType: "suspiciousInboxForwarding",
      riskLevel: "high",
      riskState: "atRisk",
      activityDateTime: "2026-06-01T09:00:00Z",
      userId: USER,
      userPrincipalName: "dana@example.com",
      ipAddress: "203.0.113.9",
    },
  },
  {
    id: "entra:ServicePrincipalRiskEvents",
    title: "Risks that Identity Protection saw in apps",
    holds: "events",
    from: `GET /v1.0/identityProtection/servicePrincipalRiskDetections, or ${DIAGNOSTICS}`,
    example: {
      id: "88cc77dd-0000-4000-8000-000000000002",
      riskEventType: "leakedCredentials",
      riskLevel: "high",
      riskState: "atRisk",
      activityDateTime: "2026-06-01T09:00:00Z",
      appId: APP,
      servicePrincipalId: PRINCIPAL,
      servicePrincipalDisplayName: "MeetScribe",
    },
  },
  {
    id: "entra:RiskyUsers",
    title: "People at risk",
    holds: "events",
    from: "GET /v1.0/identityProtection/riskyUsers",
    example: {
      id: USER,
      riskLastUpdatedDateTime: "2026-06-01T09:00:00Z",
      riskLevel: "medium",
      riskState: "atRisk",
      riskDetail: "none",
      userPrincipalName: "dana@example.com",
    },
  },
  {
    id: "entra:RiskyServicePrincipals",
    title: "Apps at risk",
    holds: "events",
    from: "GET /v1.0/identityProtection/riskyServicePrincipals",
    example: {
      id: PRINCIPAL,
      appId: APP,
      displayName: "MeetScribe",
      servicePrincipalType: "Application",
      riskLastUpdatedDateTime: "2026-06-01T09:00:00Z",
      riskLevel: "high",
      riskState: "atRisk",
      riskDetail: "none",
    },
  },
];

const machine: readonly Service[] = [
  {
    id: "azure:Administrative",
    title: "Azure activity log (diagnostic record, Graph-like API row or table)",
    holds: "events",
    from: "Azure Monitor: Activity log, Export activity logs",
    example: {
      time: "2026-06-01T09:00:00Z",
      resourceId:
        "/SUBSCRIPTIONS/S1/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.AUTOMATION/AUTOMATIONACCOUNTS/ACME/WEBHOOKS/NIGHTLY",
      operationName: "MICROSOFT.AUTOMATION/AUTOMATIONACCOUNTS/WEBHOOKS/WRITE",
      category: "Administrative",
      resultType: "Success",
      callerIpAddress: "203.0.113.9",
      identity: {
        claims: {
          appid: APP,
          "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn": "dana@example.com",
        },
      },
    },
  },
  ...["StorageRead", "StorageWrite", "StorageDelete"].map(
    (category): Service => ({
      id: `azure:${category}`,
      title: `Azure Storage log: ${category.slice(7).toLowerCase()}s`,
      holds: "events",
      from: "Storage account: Diagnostic settings",
      example: {
        time: "2026-06-01T09:00:00Z",
        category,
        operationName: category === "StorageRead" ? "GetBlob" : "DeleteBlob",
        callerIpAddress: "203.0.113.9:4711",
        statusCode: 200,
        uri: "https://example.blob.core.windows.net/plans/plan.docx?sig=x",
        identity: { type: "OAuth", requester: { appId: APP } },
        properties: { accountName: "example", objectKey: "/plans/plan.docx" },
      },
    }),
  ),
  {
    id: "azure:*",
    title:
      "Azure: any further diagnostic log of a resource (WorkflowRuntime, JobLogs, AuditEvent …)",
    holds: "events",
    from: "The resource: Diagnostic settings",
    example: {
      time: "2026-06-01T09:00:00Z",
      resourceId:
        "/SUBSCRIPTIONS/S1/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.LOGIC/WORKFLOWS/NIGHTLY/RUNS/R1",
      operationName: "Microsoft.Logic/workflows/workflowRunCompleted",
      category: "WorkflowRuntime",
      properties: { status: "Succeeded" },
    },
  },
  {
    id: "intune:auditEvents",
    title: "Intune audit log",
    holds: "events",
    from: "GET /v1.0/deviceManagement/auditEvents, or Intune: Diagnostic settings",
    example: diagnostic("AuditLogs", "Create MobileApp", {
      AuditEventId: "99dd88ee-0000-4000-8000-000000000001",
      Actor: { UPN: "dana@example.com", ObjectId: USER, Application: APP },
      TargetObjectIds: ["t1"],
      TargetDisplayNames: ["tool.exe"],
    }),
  },
  {
    id: "defender:advancedHunting",
    title: "Defender advanced hunting tables: CloudAppEvents, alerts …",
    holds: "events",
    from: "POST /v1.0/security/runHuntingQuery, or Defender: Streaming API",
    example: {
      Timestamp: "2026-06-01T09:00:00Z",
      ActionType: "FileDownloaded",
      Application: "Microsoft SharePoint Online",
      AccountObjectId: USER,
      AccountDisplayName: "Dana Reyes",
      IPAddress: "203.0.113.9",
      CountryCode: "DE",
      OAuthAppId: APP,
      ReportId: "1",
    },
  },
  {
    id: "defender:alerts",
    title: "Alerts of the Graph security API",
    holds: "events",
    from: "GET /v1.0/security/alerts_v2",
    example: {
      id: "aa11bb22-0000-4000-8000-00000000000000000001",
      providerAlertId: "1",
      title: "Suspicious OAuth app file download activities",
      severity: "high",
      serviceSource: "microsoftDefenderForCloudApps",
      createdDateTime: "2026-06-01T09:00:00Z",
    },
  },
];

const state: readonly Service[] = [
  {
    id: "graph:servicePrincipals",
    title: "Enterprise applications",
    holds: "state",
    from: "GET /v1.0/servicePrincipals",
    example: {
      id: PRINCIPAL,
      appId: APP,
      displayName: "MeetScribe",
      servicePrincipalType: "Application",
      accountEnabled: true,
      appOwnerOrganizationId: "7f1d2c3b-0000-4000-8000-00000000e002",
      homepage: "https://meetscribe.test/",
      replyUrls: ["https://app.meetscribe.test/callback"],
      verifiedPublisher: { displayName: "MeetScribe Inc.", verifiedPublisherId: "4711" },
    },
  },
  {
    id: "graph:agentIdentities",
    title: "Agent identities (Entra Agent ID)",
    holds: "state",
    from: "GET /v1.0/servicePrincipals/microsoft.graph.agentIdentity",
    example: {
      id: PRINCIPAL,
      appId: APP,
      displayName: "Planner agent",
      agentIdentityBlueprintId: "b1",
      accountEnabled: true,
      sponsors: [{ id: USER, userPrincipalName: "dana@example.com" }],
    },
  },
  {
    id: "graph:applications",
    title: "App registrations",
    holds: "state",
    from: "GET /v1.0/applications",
    example: {
      id: "r1",
      appId: APP,
      displayName: "Nightly sync",
      signInAudience: "AzureADMyOrg",
      requiredResourceAccess: [],
      createdDateTime: "2026-01-01T00:00:00Z",
      web: { redirectUris: ["https://sync.example.com/callback"] },
    },
  },
  {
    id: "graph:servicePrincipalSignInActivities",
    title: "Last use of each app",
    holds: "state",
    from: "GET /beta/reports/servicePrincipalSignInActivities (P1)",
    example: {
      id: "s1",
      appId: APP,
      lastSignInActivity: { lastSignInDateTime: "2026-05-01T00:00:00Z" },
    },
  },
  {
    id: "graph:oauth2PermissionGrants",
    title: "Delegated grants",
    holds: "state",
    from: "GET /v1.0/oauth2PermissionGrants",
    example: {
      id: "g1",
      clientId: PRINCIPAL,
      consentType: "AllPrincipals",
      principalId: null,
      resourceId: "r1",
      scope: " Mail.Read offline_access",
    },
  },
  {
    id: "graph:appRoleAssignments",
    title: "Application permissions that apps hold",
    holds: "state",
    from: "GET /v1.0/servicePrincipals/{id of Microsoft Graph}/appRoleAssignedTo",
    example: {
      id: "a1",
      appRoleId: "810c84a8-4a9e-49e6-bf7d-12d183f40d01",
      principalId: PRINCIPAL,
      principalType: "ServicePrincipal",
      principalDisplayName: "MeetScribe",
      resourceId: "r1",
      resourceDisplayName: "Microsoft Graph",
      createdDateTime: "2026-01-01T00:00:00Z",
    },
  },
  {
    id: "graph:roleAssignments",
    title: "Directory roles by assignment",
    holds: "state",
    from: "GET /v1.0/roleManagement/directory/roleAssignments?$expand=principal",
    example: {
      id: "ra1",
      principalId: PRINCIPAL,
      roleDefinitionId: "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
      directoryScopeId: "/",
      principal: {
        "@odata.type": "#microsoft.graph.servicePrincipal",
        id: PRINCIPAL,
        appId: APP,
        displayName: "MeetScribe",
      },
    },
  },
  {
    id: "graph:directoryRoles",
    title: "Directory roles with members",
    holds: "state",
    from: "GET /v1.0/directoryRoles?$expand=members",
    example: {
      id: "dr1",
      displayName: "Global Administrator",
      roleTemplateId: "62e90394-69f5-4237-9190-012177145e10",
      members: [
        { "@odata.type": "#microsoft.graph.user", id: USER, userPrincipalName: "dana@example.com" },
      ],
    },
  },
  {
    id: "graph:copilotPackages",
    title: "Copilot agents and apps",
    holds: "state",
    from: "GET /v1.0/copilot/admin/catalog/packages (Microsoft Agent 365)",
    example: {
      id: "T_planner",
      displayName: "Planner",
      publisher: "Example",
      type: "custom",
      appId: APP,
      manifestId: "2b3c4d5e-0000-4000-8000-0000000000d1",
      ownerId: USER,
      elementTypes: ["DeclarativeCopilots"],
      availableTo: "all",
      isBlocked: false,
    },
  },
  {
    id: "graph:teamsApps",
    title: "Teams app catalogue",
    holds: "state",
    from: "GET /v1.0/appCatalogs/teamsApps?$filter=distributionMethod eq 'organization'&$expand=appDefinitions($expand=bot)",
    example: {
      id: "ta1",
      externalId: "2b3c4d5e-0000-4000-8000-0000000000d1",
      displayName: "MeetScribe",
      distributionMethod: "organization",
      appDefinitions: [{ version: "1", bot: { id: "2b3c4d5e-0000-4000-8000-0000000000d2" } }],
    },
  },
  {
    id: "graph:users",
    title: "People",
    holds: "state",
    from: "GET /v1.0/users?$select=id,displayName,userPrincipalName,mail,userType,accountEnabled",
    example: {
      id: USER,
      displayName: "Dana Reyes",
      userPrincipalName: "dana@example.com",
      mail: "dana@example.com",
      userType: "Member",
      accountEnabled: true,
    },
  },
  {
    id: "graph:organization",
    title: "The tenant",
    holds: "state",
    from: "GET /v1.0/organization",
    example: { id: TENANT, displayName: "Example", verifiedDomains: [{ name: "example.com" }] },
  },
  {
    id: "graph:authorizationPolicy",
    title: "What users may do by default",
    holds: "state",
    from: "GET /v1.0/policies/authorizationPolicy",
    example: {
      id: "authorizationPolicy",
      allowInvitesFrom: "everyone",
      defaultUserRolePermissions: { allowedToCreateApps: true },
    },
  },
  {
    id: "graph:groups",
    title: "Groups",
    holds: "state",
    from: "GET /v1.0/groups",
    example: { id: "gr1", displayName: "Planning", mailEnabled: true, securityEnabled: false },
  },
  {
    id: "powerplatform:flows",
    title: "All flows, personal ones too",
    holds: "state",
    from: "GET https://api.flow.microsoft.com/providers/Microsoft.ProcessSimple/scopes/admin/environments/{environment}/v2/flows",
    example: {
      name: "6c5b4a39-0000-4000-8000-0000000000f1",
      id: "/providers/Microsoft.ProcessSimple/environments/Default-1/flows/6c5b4a39-0000-4000-8000-0000000000f1",
      type: "Microsoft.ProcessSimple/environments/flows",
      properties: {
        displayName: "Copy mail",
        state: "Started",
        createdTime: "2026-01-01T00:00:00Z",
        creator: { objectId: USER },
        connectionReferences: {
          one: { id: "/providers/Microsoft.PowerApps/apis/shared_office365" },
        },
        definitionSummary: { triggers: [], actions: [{ type: "Http" }] },
      },
    },
  },
  {
    id: "powerplatform:cloudFlows",
    title: "Flows of environments with Dataverse",
    holds: "state",
    from: "GET https://api.powerplatform.com/powerautomate/environments/{environment}/cloudFlows?api-version=2024-10-01",
    example: {
      workflowId: "6c5b4a39-0000-4000-8000-0000000000f3",
      name: "Copy mail",
      stateCode: "Activated",
      ownerId: USER,
      createdOn: "2026-01-01T00:00:00Z",
    },
  },
  {
    id: "defender:AIAgentsInfo",
    title: "Copilot Studio agents in advanced hunting",
    holds: "state",
    from: "Advanced hunting: AIAgentsInfo",
    example: {
      Timestamp: "2026-06-01T09:00:00Z",
      AIAgentId: "6c5b4a39-0000-4000-8000-0000000000f4",
      AIAgentName: "Planner",
      CreatorAccountUpn: "dana@example.com",
      AgentStatus: "Published",
    },
  },
  {
    id: "defender:OAuthAppInfo",
    title: "OAuth apps in advanced hunting",
    holds: "state",
    from: "Advanced hunting: OAuthAppInfo",
    example: {
      Timestamp: "2026-06-01T09:00:00Z",
      OAuthAppId: APP,
      ServicePrincipalId: PRINCIPAL,
      AppName: "MeetScribe",
      AppOrigin: "External",
      AppStatus: "Enabled",
      IsAdminConsented: true,
      Permissions: '[{"PermissionValue":"Mail.Read"}]',
    },
  },
];

export const services: readonly Service[] = [...unified, ...entra, ...machine, ...state];
