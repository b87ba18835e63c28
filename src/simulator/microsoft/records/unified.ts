/** Records of the Office 365 Management Activity API: Entra, Exchange, SharePoint, Teams, flows, Copilot, compliance. */

import type { Prng } from "#base/prng.ts";
import { type Company, freshGuid, type Person } from "#simulator/company.ts";
import type { Emission, Fields } from "#simulator/stage.ts";
import {
  type App,
  emission,
  GRAPH,
  hex,
  type Place,
  plainTime,
  tenantLabel,
  tokenAt,
} from "./common.ts";

interface Known {
  readonly workload: string;
  readonly recordType: number;
  readonly operation: string;
  readonly place: Place;
  readonly fields: Fields;
}

/** A person or an app by itself. */
type Doer = Person | App;

function unified(company: Company, rng: Prng, at: number, by: Doer, known: Known): Emission {
  const isApp = "appId" in by;
  return emission(at, `o365:${known.workload}`, {
    CreationTime: plainTime(at),
    Id: freshGuid(rng),
    Operation: known.operation,
    OrganizationId: company.entraTenantId,
    RecordType: known.recordType,
    UserKey: isApp
      ? by.objectId
      : `1003${by.entraId.replaceAll("-", "").slice(0, 12)}`.toUpperCase(),
    UserType: isApp ? 5 : 0,
    Version: 1,
    Workload: known.workload,
    ClientIP: known.place.ip,
    UserId: isApp ? by.appId : by.email,
    ...known.fields,
  });
}

/** The same change as the management feed tells it: names end in a dot, properties are spelt otherwise. */
export function unifiedTwin(
  company: Company,
  rng: Prng,
  at: number,
  person: Person,
  place: Place,
  what: { operation: string; category: string; app: App; properties: readonly Fields[] },
): Emission {
  const { app } = what;
  return unified(company, rng, at, person, {
    workload: "AzureActiveDirectory",
    recordType: 8,
    operation: what.operation,
    place,
    fields: {
      ResultStatus: "Success",
      ObjectId: app.appId,
      AzureActiveDirectoryEventType: 1,
      ExtendedProperties: [
        {
          Name: "additionalDetails",
          Value: JSON.stringify({ "User-Agent": place.userAgent, AppId: app.appId }),
        },
        { Name: "extendedAuditEventCategory", Value: "ServicePrincipal" },
      ],
      ModifiedProperties: what.properties.map((one) => ({
        Name: one.displayName,
        NewValue: plainValue(one.newValue),
        OldValue: plainValue(one.oldValue),
      })),
      Actor: [
        { ID: person.email, Type: 5 },
        { ID: `User_${person.entraId}`, Type: 2 },
        { ID: person.entraId, Type: 2 },
        { ID: "User", Type: 2 },
      ],
      ActorContextId: company.entraTenantId,
      ActorIpAddress: place.ip,
      InterSystemsId: freshGuid(rng),
      IntraSystemId: freshGuid(rng),
      Target: [
        { ID: `ServicePrincipal_${app.objectId}`, Type: 2 },
        { ID: app.objectId, Type: 2 },
        { ID: "ServicePrincipal", Type: 2 },
        { ID: app.name, Type: 1 },
        { ID: app.appId, Type: 2 },
        { ID: app.appId, Type: 4 },
      ],
      TargetContextId: company.entraTenantId,
    },
  });
}

function plainValue(written: unknown): string {
  if (typeof written !== "string") return "";
  return written.startsWith('"') ? written.slice(1, -1) : written;
}

export const SITES = ["Sales", "Engineering", "Finance", "Company", "Projects", "People"] as const;
const NAMES = [
  "Offer",
  "Contract",
  "Price list",
  "Plan",
  "Minutes",
  "Budget",
  "Roadmap",
  "Handbook",
  "Report",
] as const;
const EXTENSIONS = ["docx", "xlsx", "pptx", "pdf"] as const;

export interface FileWork {
  readonly operation: string;
  readonly place: Place;
  /** The OAuth client through which it is done. */
  readonly via?: App;
  readonly site?: string;
  readonly name?: string;
  readonly bytes?: number;
  readonly isPersonal?: boolean;
  readonly sessionId?: string;
  readonly sharedWith?: string;
  readonly more?: Fields;
}

/** Work on a file in SharePoint or OneDrive by a person, by a client of hers, or by an app alone. */
export function fileWork(
  company: Company,
  rng: Prng,
  at: number,
  by: Doer,
  work: FileWork,
): Emission {
  const isApp = "appId" in by;
  const via = work.via ?? (isApp ? by : null);
  const extension = rng.pick(EXTENSIONS);
  const name = work.name ?? `${rng.pick(NAMES)} ${rng.int(1, 9_000)}.${extension}`;
  const label = tenantLabel(company);
  const isPersonal = work.isPersonal === true && !isApp;
  const site = isPersonal
    ? `https://${label}-my.sharepoint.com/personal/${by.email.replace(/[^a-z0-9]+/gi, "_")}/`
    : `https://${label}.sharepoint.com/sites/${work.site ?? rng.pick(SITES)}/`;
  const folder = isPersonal ? "Documents" : "Shared Documents";
  const correlationId = freshGuid(rng);
  const isSharing = work.sharedWith !== undefined || /Link|Sharing/.test(work.operation);
  return unified(company, rng, at, by, {
    workload: isPersonal ? "OneDrive" : "SharePoint",
    recordType: isSharing ? 14 : 6,
    operation: work.operation,
    place: work.place,
    fields: {
      ...(isApp
        ? {
            UserId: "app@sharepoint",
            UserKey: `i:0i.t|00000003-0000-0ff1-ce00-000000000000|${by.appId}@${company.entraTenantId}`,
          }
        : {}),
      CorrelationId: correlationId,
      EventSource: "SharePoint",
      ItemType: "File",
      ...(via === null ? {} : { ApplicationId: via.appId, ApplicationDisplayName: via.name }),
      AppAccessContext: {
        AADSessionId: work.sessionId ?? "",
        ...(via === null ? {} : { ClientAppId: via.appId, ClientAppName: via.name }),
        CorrelationId: correlationId,
        UniqueTokenId: via === null ? hex(rng, 22) : tokenAt(via, work.place, at),
      },
      SiteUrl: site,
      SourceRelativeUrl: folder,
      SourceFileName: name,
      SourceFileExtension: name.slice(name.lastIndexOf(".") + 1),
      FileSizeBytes: work.bytes ?? rng.int(20_000, 900_000),
      UserAgent: work.place.userAgent,
      ObjectId: `${site}${folder}/${name}`,
      ...(work.sharedWith === undefined
        ? {}
        : { TargetUserOrGroupName: work.sharedWith, TargetUserOrGroupType: "Guest" }),
      ...work.more,
    },
  });
}

export interface MailRead {
  readonly place: Place;
  readonly via: App | null;
  readonly items: number;
  /** Whose mailbox, where it is not the doer's. */
  readonly box?: Person;
  readonly isSync?: boolean;
  readonly isThrottled?: boolean;
  readonly clientInfo?: string;
  readonly sessionId?: string;
}

/** MailItemsAccessed: the messages that somebody or some app opened. */
export function mailRead(
  company: Company,
  rng: Prng,
  at: number,
  by: Doer,
  read: MailRead,
): Emission {
  const isApp = "appId" in by;
  const via = read.via ?? (isApp ? by : null);
  const owner = read.box?.email ?? (isApp ? "" : by.email);
  const isOwnClient = via === null;
  const listed = read.isSync === true ? 0 : Math.min(read.items, 20);
  const items = Array.from({ length: listed }, () => ({
    InternetMessageId: `<${hex(rng, 16)}@mail.example.com>`,
    SizeInBytes: rng.int(4_000, 200_000),
  }));
  return unified(company, rng, at, by, {
    workload: "Exchange",
    recordType: 50,
    operation: "MailItemsAccessed",
    place: read.place,
    fields: {
      ResultStatus: "Succeeded",
      AppId: isOwnClient ? "00000002-0000-0ff1-ce00-000000000000" : GRAPH.appId,
      ClientAppId: via?.appId ?? "",
      ClientIPAddress: read.place.ip,
      ClientInfoString:
        read.clientInfo ??
        (isOwnClient ? "Client=OWA;Action=ViaProxy" : "Client=REST;Client=RESTSystem;;"),
      ExternalAccess: false,
      InternalLogonType: 0,
      LogonType: isApp ? 1 : 0,
      MailboxOwnerUPN: owner,
      MailboxGuid: freshGuid(rng),
      ...(read.sessionId === undefined ? {} : { SessionId: read.sessionId }),
      OperationCount: read.items,
      OperationProperties: [
        { Name: "MailAccessType", Value: read.isSync === true ? "Sync" : "Bind" },
        { Name: "IsThrottled", Value: read.isThrottled === true ? "True" : "False" },
      ],
      Folders: [{ Path: "\\Inbox", FolderItems: items }],
      OriginatingServer: `AM0PR0${rng.int(1, 9)}MB (15.20.4200.000)`,
    },
  });
}

export function mailSent(
  company: Company,
  rng: Prng,
  at: number,
  by: Doer,
  sent: { place: Place; via: App | null; subject: string; box?: Person },
): Emission {
  const isApp = "appId" in by;
  const via = sent.via ?? (isApp ? by : null);
  return unified(company, rng, at, by, {
    workload: "Exchange",
    recordType: 2,
    operation: isApp && sent.box !== undefined ? "SendAs" : "Send",
    place: sent.place,
    fields: {
      ResultStatus: "Succeeded",
      AppId: via === null ? "00000002-0000-0ff1-ce00-000000000000" : GRAPH.appId,
      ClientAppId: via?.appId ?? "",
      ClientIPAddress: sent.place.ip,
      ClientInfoString: via === null ? "Client=OWA;Action=ViaProxy" : "Client=REST;;",
      ExternalAccess: false,
      LogonType: 0,
      MailboxOwnerUPN: sent.box?.email ?? (isApp ? "" : by.email),
      MailboxGuid: freshGuid(rng),
      Item: {
        Id: hex(rng, 24),
        InternetMessageId: `<${hex(rng, 16)}@${company.domain}>`,
        ParentFolder: { Id: hex(rng, 12), Path: "\\Drafts" },
        SizeInBytes: rng.int(3_000, 90_000),
        Subject: sent.subject,
      },
    },
  });
}

export interface Cmdlet {
  readonly name: string;
  readonly place: Place;
  readonly object: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly via?: App;
  readonly workload?: "Exchange" | "SecurityComplianceCenter";
}

/** An Exchange cmdlet with its parameters: New-InboxRule, Set-Mailbox, Set-AdminAuditLogConfig … */
export function cmdlet(
  company: Company,
  rng: Prng,
  at: number,
  by: Person,
  called: Cmdlet,
): Emission {
  const isCompliance = called.workload === "SecurityComplianceCenter";
  const parameters = Object.entries(called.parameters);
  return unified(company, rng, at, by, {
    workload: called.workload ?? "Exchange",
    recordType: isCompliance ? 18 : 1,
    operation: called.name,
    place: called.place,
    fields: {
      ResultStatus: isCompliance ? "Success" : "True",
      ObjectId: called.object,
      AppId: called.via?.appId ?? "",
      ClientAppId: called.via?.appId ?? "",
      ExternalAccess: false,
      OrganizationName: `${tenantLabel(company)}.onmicrosoft.com`,
      OriginatingServer: `AM0PR0${rng.int(1, 9)}MB (15.20.4200.000)`,
      Parameters: isCompliance
        ? parameters.map(([name, value]) => `-${name} "${value}"`).join(" ")
        : parameters.map(([Name, Value]) => ({ Name, Value })),
      SessionId: freshGuid(rng),
    },
  });
}

export function teamsWork(
  company: Company,
  rng: Prng,
  at: number,
  by: Doer,
  operation: string,
  place: Place,
  fields: Fields,
): Emission {
  return unified(company, rng, at, by, {
    workload: "MicrosoftTeams",
    recordType: 25,
    operation,
    place,
    fields: { ItemName: "", ...fields },
  });
}

/** A Power Automate flow made, edited or shared. */
export function flowChange(
  company: Company,
  rng: Prng,
  at: number,
  by: Person,
  operation: string,
  flow: { id: string; name: string; connectors: readonly string[]; place: Place; more?: Fields },
): Emission {
  return unified(company, rng, at, by, {
    workload: "MicrosoftFlow",
    recordType: 30,
    operation,
    place: flow.place,
    fields: {
      ResultStatus: "Success",
      FlowConnectorNames: flow.connectors.join(","),
      FlowDetailsUrl: `https://admin.powerplatform.microsoft.com/environments/Default-${company.entraTenantId}/flows/${flow.id}/details`,
      FlowDisplayName: flow.name,
      LicenseDisplayName: "Microsoft Power Automate Free",
      UserTypeInitiated: 1,
      UserUPN: by.email,
      ...flow.more,
    },
  });
}

export interface Agent {
  readonly id: string;
  readonly name: string;
  readonly host: string;
}

export interface Asked {
  readonly place: Place;
  readonly resources: readonly Fields[];
  readonly plugins: readonly string[];
  readonly isJailbreak?: boolean;
  readonly recordType?: number;
  readonly operation?: string;
  readonly identity?: string;
}

/** Somebody asks Copilot, an agent or a connected AI app. */
export function interaction(
  company: Company,
  rng: Prng,
  at: number,
  by: Person,
  agent: Agent | null,
  asked: Asked,
): Emission {
  const operation = asked.operation ?? "CopilotInteraction";
  return unified(company, rng, at, by, {
    workload: "Copilot",
    recordType: asked.recordType ?? 261,
    operation,
    place: asked.place,
    fields: {
      ...(agent === null ? {} : { AgentId: agent.id, AgentName: agent.name }),
      AppIdentity: asked.identity ?? "Copilot.MicrosoftCopilot.Microsoft365Copilot",
      ClientRegion: by.office.country,
      CopilotLogVersion: "1.0",
      CopilotEventData: {
        AppHost: agent?.host ?? "Office",
        ThreadId: `19:${hex(rng, 20)}@thread.v2`,
        Messages: [
          {
            Id: String(at),
            isPrompt: true,
            ...(asked.isJailbreak === true ? { JailbreakDetected: true } : {}),
          },
          { Id: String(at + 1), isPrompt: false },
        ],
        AccessedResources: asked.resources,
        AISystemPlugin: asked.plugins.map((id) => ({ Id: id, Name: id })),
        Contexts: [],
        ModelTransparencyDetails: [],
      },
    },
  });
}

/** A file that an assistant touched. */
export function resource(company: Company, rng: Prng, more: Fields = {}): Fields {
  const name = `${rng.pick(NAMES)} ${rng.int(1, 9_000)}.${rng.pick(EXTENSIONS)}`;
  return {
    Action: "Read",
    Id: hex(rng, 24),
    Name: name,
    SiteUrl: `https://${tenantLabel(company)}.sharepoint.com/sites/${rng.pick(SITES)}/Shared Documents/${name}`,
    Type: name.slice(name.lastIndexOf(".") + 1),
    ...more,
  };
}

/** A person signs in, as the management feed tells it. */
export function loggedIn(
  company: Company,
  rng: Prng,
  at: number,
  person: Person,
  app: App,
  place: Place,
): Emission {
  return unified(company, rng, at, person, {
    workload: "AzureActiveDirectory",
    recordType: 15,
    operation: "UserLoggedIn",
    place,
    fields: {
      ResultStatus: "Success",
      AzureActiveDirectoryEventType: 1,
      ObjectId: GRAPH.appId,
      ApplicationId: app.appId,
      ErrorNumber: "0",
      ExtendedProperties: [
        { Name: "ResultStatusDetail", Value: "Success" },
        { Name: "UserAgent", Value: place.userAgent },
        { Name: "RequestType", Value: "OAuth2:Authorize" },
      ],
      ModifiedProperties: [],
      Actor: [
        { ID: person.entraId, Type: 0 },
        { ID: person.email, Type: 5 },
      ],
      ActorContextId: company.entraTenantId,
      ActorIpAddress: place.ip,
      Target: [{ ID: GRAPH.appId, Type: 0 }],
      TargetContextId: company.entraTenantId,
      DeviceProperties: [],
    },
  });
}
