/** The tenant's lists at the end of the run, in Graph's shape: service principals, grants, roles, people, flows, agents. */

import { DAY_MS } from "#base/time.ts";
import { type Company, type Person, stableGuid } from "#simulator/company.ts";
import type { CastMember, Day, Fields, StateFile } from "#simulator/stage.ts";
import { isMember, type Member } from "./member.ts";
import {
  type App,
  FIRST_PARTY,
  GRAPH,
  isoTime,
  MICROSOFT,
  RESOURCES,
  type Resource,
  resourceObject,
} from "./records/common.ts";
import { ROLES, registrationId } from "./records/directory.ts";

export function state(
  company: Company,
  cast: readonly CastMember[],
  days: readonly Day[],
): readonly StateFile[] {
  const members = cast.filter(isMember);
  const apps = members.filter(({ means }) => means !== "flow" && means !== "agent");
  const start = days[0]?.start ?? 0;
  return [
    list("graph:servicePrincipals", [
      ...apps.map((member) =>
        principalRow(
          company,
          member.app,
          member.createdAt,
          member.app.ownerTenant === company.entraTenantId ? [member.owner] : [],
        ),
      ),
      ...RESOURCES.map((resource) => resourceRow(company, resource, start)),
      ...Object.values(FIRST_PARTY).map((app) => principalRow(company, app, start - 900 * DAY_MS)),
    ]),
    list(
      "graph:applications",
      apps
        .filter(({ app }) => app.ownerTenant === company.entraTenantId && !app.isManaged)
        .map((member) => registrationRow(member)),
    ),
    list("graph:organization", [
      {
        id: company.entraTenantId,
        displayName: company.name,
        verifiedDomains: [{ name: company.domain, isDefault: true }],
      },
    ]),
    list(
      "graph:oauth2PermissionGrants",
      apps.flatMap((member) => delegatedRows(company, member)),
    ),
    list(
      "graph:appRoleAssignments",
      apps.flatMap(({ app, means, createdAt }) =>
        means === "app" || means === "managed"
          ? app.roles.map((role) => roleRow(company, app, role, createdAt))
          : [],
      ),
    ),
    list(
      "graph:users",
      company.people.map((person) => userRow(person, days)),
    ),
    list("graph:directoryRoles", [adminsRow(company)]),
    list(
      "powerplatform:flows",
      members.filter(({ means }) => means === "flow").map((member) => flowRow(company, member)),
    ),
    list("graph:copilotPackages", members.filter(({ means }) => means === "agent").map(agentRow)),
  ];
}

export function list(service: string, rows: readonly Fields[]): StateFile {
  return { platform: "microsoft", service, key: "value", rows };
}

export function principalRow(
  company: Company,
  app: App,
  createdAt: number,
  owners: readonly Person[] = [],
): Fields {
  const isOwn = app.ownerTenant === company.entraTenantId;
  const isMicrosofts = app.ownerTenant === MICROSOFT;
  return {
    id: app.objectId,
    appId: app.appId,
    displayName: app.name,
    appDisplayName: app.name,
    servicePrincipalType: app.isManaged ? "ManagedIdentity" : "Application",
    accountEnabled: true,
    appOwnerOrganizationId: app.isManaged ? null : app.ownerTenant,
    homepage: isMicrosofts || app.isManaged ? null : `https://${app.host}`,
    replyUrls: isMicrosofts || app.isManaged ? [] : [`https://${app.host}/auth`],
    servicePrincipalNames: [app.appId],
    signInAudience: isOwn ? "AzureADMyOrg" : "AzureADMultipleOrgs",
    tags: isMicrosofts ? [] : ["WindowsAzureActiveDirectoryIntegratedApp"],
    createdDateTime: isoTime(createdAt),
    verifiedPublisher:
      app.publisher === null || isMicrosofts
        ? { displayName: null, verifiedPublisherId: null, addedDateTime: null }
        : {
            displayName: app.publisher,
            verifiedPublisherId: String(
              1_000_000 + (Number.parseInt(app.ownerTenant.slice(0, 6), 16) % 900_000),
            ),
            addedDateTime: isoTime(createdAt - 200 * DAY_MS),
          },
    appRoles: [],
    oauth2PermissionScopes: [],
    passwordCredentials: [],
    keyCredentials: [],
    owners: owners.map((owner) => ({
      "@odata.type": "#microsoft.graph.user",
      id: owner.entraId,
      displayName: owner.name,
      userPrincipalName: owner.email,
    })),
  };
}

/** Its registration, which only the tenant that made an app has. */
function registrationRow({ app, createdAt, owner }: Member): Fields {
  return {
    id: registrationId(app),
    appId: app.appId,
    displayName: app.name,
    signInAudience: "AzureADMyOrg",
    createdDateTime: isoTime(createdAt),
    publisherDomain: app.host.slice(app.host.indexOf(".") + 1),
    requiredResourceAccess: [],
    web: { homePageUrl: null, redirectUris: [`https://${app.host}/auth`] },
    passwordCredentials: [{ keyId: app.keyId, displayName: "main", hint: "x7Q" }],
    keyCredentials: [],
    owners: [
      {
        "@odata.type": "#microsoft.graph.user",
        id: owner.entraId,
        userPrincipalName: owner.email,
      },
    ],
  };
}

function resourceRow(company: Company, resource: Resource, start: number): Fields {
  const app: App = {
    appId: resource.appId,
    objectId: resourceObject(company, resource),
    name: resource.name,
    publisher: null,
    ownerTenant: MICROSOFT,
    host: "",
    roles: [],
    scopes: [],
    keyId: "",
    isManaged: false,
  };
  return principalRow(company, app, start - 1_200 * DAY_MS);
}

function delegatedRows(company: Company, member: Member): Fields[] {
  if (member.means !== "delegated") return [];
  if (member.isForAll) return [grantRow(company, member.app, null, member.app.scopes)];
  return member.users.map((person) => grantRow(company, member.app, person, member.app.scopes));
}

export function grantRow(
  company: Company,
  app: App,
  person: Person | null,
  scopes: readonly string[],
  resource = GRAPH,
): Fields {
  return {
    id: stableGuid(`grant ${app.objectId} ${person?.entraId ?? "all"}`).replaceAll("-", ""),
    clientId: app.objectId,
    consentType: person === null ? "AllPrincipals" : "Principal",
    principalId: person?.entraId ?? null,
    resourceId: resourceObject(company, resource),
    scope: ` ${scopes.join(" ")}`,
  };
}

/** Ids of application permissions, as Microsoft Graph publishes them. */
const ROLE_IDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "Mail.Read": "810c84a8-4a9e-49e6-bf7d-12d183f40d01",
    "Mail.ReadWrite": "e2a3a72e-5f79-4c64-b1b1-878b674786c9",
    "Mail.Send": "b633e1c5-b582-4048-a93e-9f11b44c7e96",
    "User.Read.All": "df021288-bdef-4463-88db-98f22de89214",
    "User.ReadWrite.All": "741f803b-c850-494e-b5df-cde7c675a1ca",
    "Group.Read.All": "5b567255-7703-4780-807c-7be8301ae99b",
    "Group.ReadWrite.All": "62a82d76-70ea-41e2-9197-370581804d09",
    "Directory.Read.All": "7ab1d382-f21e-4acd-a863-ba3e13f7da61",
    "AuditLog.Read.All": "b0afded3-3588-46d8-8b3d-9842eff778da",
    "SecurityAlert.Read.All": "472e4a4d-bb4a-4026-98d1-0b0d74cb74a5",
    "Sites.Read.All": "332a536c-c7ef-4017-ab91-336970924f0d",
    "Sites.ReadWrite.All": "9492366f-7969-46a4-8d15-ed1a20078fff",
    "Files.Read.All": "01d4889c-1287-42c6-ac1f-5d1e02578ef6",
    "Files.ReadWrite.All": "75359482-378d-4052-8f01-80520e7db3cd",
    "Calendars.Read": "798ee544-9d2d-430c-a058-570e29e34338",
    "Application.Read.All": "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
    "Application.ReadWrite.All": "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
    "Reports.Read.All": "230c1aed-a721-4c5d-9cb4-a90514e508ef",
    "Device.Read.All": "7438b122-aefc-4978-80ed-43db9fcc7715",
    "DeviceManagementManagedDevices.Read.All": "2f51be20-0bb4-4fed-bf7b-db946066c75e",
    "TeamsActivity.Send": "a267235f-af13-44dc-8385-c1dc93023186",
    "Team.ReadBasic.All": "2280dda6-0bfd-44ee-a2f4-cb867cfc4c1e",
    "MailboxSettings.Read": "40f97065-369a-49f4-947c-6a255697ae91",
    "AppRoleAssignment.ReadWrite.All": "06b708a9-e830-4db3-a914-8e69da51d44f",
    "RoleManagement.ReadWrite.Directory": "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
  }),
);

export function roleRow(company: Company, app: App, role: string, createdAt: number): Fields {
  return {
    id: stableGuid(`role ${app.objectId} ${role}`).replaceAll("-", ""),
    appRoleId: ROLE_IDS.get(role) ?? stableGuid(`role id ${role}`),
    principalId: app.objectId,
    principalType: "ServicePrincipal",
    principalDisplayName: app.name,
    resourceId: resourceObject(company, GRAPH),
    resourceDisplayName: GRAPH.name,
    createdDateTime: isoTime(createdAt),
  };
}

function userRow(person: Person, days: readonly Day[]): Fields {
  const end = (days.at(-1)?.start ?? 0) + DAY_MS;
  return {
    id: person.entraId,
    displayName: person.name,
    userPrincipalName: person.email,
    mail: person.email,
    userType: person.isGuest ? "Guest" : "Member",
    accountEnabled: person.leftAt === null || person.leftAt >= end,
    jobTitle: null,
    department: person.team,
    usageLocation: person.office.country,
  };
}

function adminsRow(company: Company): Fields {
  return {
    id: stableGuid(`${company.entraTenantId} global`),
    displayName: ROLES.global.name,
    roleTemplateId: ROLES.global.template,
    members: company.people
      .filter(({ isAdmin }) => isAdmin)
      .map((person) => ({
        "@odata.type": "#microsoft.graph.user",
        id: person.entraId,
        displayName: person.name,
        userPrincipalName: person.email,
      })),
  };
}

function flowRow(company: Company, member: Member): Fields {
  return flowState(company, {
    id: member.nativeId,
    name: member.name,
    owner: member.owner,
    createdAt: member.createdAt,
    connectors: member.connectors.filter((connector) => connector !== "http"),
    actions: member.connectors.includes("http") ? ["Http"] : ["OpenApiConnection"],
  });
}

export interface FlowState {
  readonly id: string;
  readonly name: string;
  readonly owner: Person;
  readonly createdAt: number;
  readonly connectors: readonly string[];
  readonly actions: readonly string[];
}

/** A flow as the admin call of Power Automate lists it. */
export function flowState(company: Company, flow: FlowState): Fields {
  const environment = `Default-${company.entraTenantId}`;
  return {
    name: flow.id,
    id: `/providers/Microsoft.ProcessSimple/environments/${environment}/flows/${flow.id}`,
    type: "Microsoft.ProcessSimple/environments/flows",
    properties: {
      displayName: flow.name,
      state: "Started",
      createdTime: isoTime(flow.createdAt),
      lastModifiedTime: isoTime(flow.createdAt),
      creator: {
        objectId: flow.owner.entraId,
        userId: flow.owner.entraId,
        tenantId: company.entraTenantId,
        userType: "ActiveDirectory",
      },
      connectionReferences: Object.fromEntries(
        flow.connectors.map((name) => [
          name,
          { id: `/providers/Microsoft.PowerApps/apis/${name}`, connectionName: name },
        ]),
      ),
      definitionSummary: { triggers: [], actions: flow.actions.map((type) => ({ type })) },
    },
  };
}

function agentRow(member: Member): Fields {
  return {
    id: member.nativeId,
    displayName: member.name,
    shortDescription: member.name,
    publisher: null,
    type: "custom",
    version: "1.0.0",
    manifestId: stableGuid(`manifest ${member.nativeId}`),
    appId: member.app.appId,
    ownerId: member.owner.entraId,
    elementTypes: ["DeclarativeCopilots"],
    supportedHosts: [member.agent?.host ?? "Teams"],
    availableTo: "some",
    deployedTo: "some",
    isBlocked: false,
    createdDateTime: isoTime(member.createdAt),
    lastModifiedDateTime: isoTime(member.createdAt),
  };
}
