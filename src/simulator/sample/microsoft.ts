/** The sample's Microsoft 365 and Entra: directory audits, sign-ins, Graph calls, the Purview export, apps and grants. */

import type { Prng } from "#base/prng.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "#base/time.ts";
import { type SampleFile, sampleFile } from "./container.ts";
import {
  days,
  type Fields,
  freshGuid,
  freshHex,
  isoTime,
  isWorkday,
  local,
  type Moment,
  named,
  newestFirst,
  officeMoments,
  type Person,
  spread,
  stableGuid,
  team,
  type World,
  withLateRecords,
  workdayBack,
} from "./world.ts";

const TENANT = stableGuid("tenant northwind");
const GRAPH = "00000003-0000-0000-c000-000000000000";
const GRAPH_OBJECT = stableGuid("graph object");
const RESOURCE = `/tenants/${TENANT}/providers/Microsoft.aadiam`;

interface App {
  appId: string;
  objectId: string;
  name: string;
  /** Verified publisher; null where there is none. */
  publisher: string | null;
  ownerTenant: string;
  replyUrl: string;
  /** Application permissions. */
  roles: string;
  ip: string;
  userAgent: string;
}

function app(name: string, known: Partial<App> = {}): App {
  return {
    appId: stableGuid(`app ${name}`),
    objectId: stableGuid(`sp ${name}`),
    name,
    publisher: null,
    ownerTenant: stableGuid(`tenant of ${name}`),
    replyUrl: `https://${name.toLowerCase().replace(/[^a-z]+/g, "-")}.example/auth`,
    roles: "",
    ip: "203.0.113.50",
    userAgent: "azsdk-net-core/1.44",
    ...known,
  };
}

const own = { ownerTenant: TENANT, replyUrl: "https://tools.example.com/signin" };
const calendarBridge = app("Calendar Bridge", {
  publisher: "Bridgewell Software",
  roles: "Calendars.Read User.Read.All",
  ip: "203.0.113.51",
});
const mailVault = app("MailVault Archive", {
  publisher: "Vaultbury Ltd",
  roles: "Mail.Read User.Read.All",
  ip: "203.0.113.52",
});
const hrConnector = app("HR Connector", {
  ...own,
  roles: "User.ReadWrite.All",
  ip: "203.0.113.53",
});
const serviceDesk = app("ServiceDesk Connector", {
  ...own,
  roles: "User.Read.All Group.Read.All",
  ip: "203.0.113.54",
});
const payroll = app("Payroll Connector", {
  ...own,
  roles: "Mail.Read User.Read.All",
  ip: "203.0.113.55",
});
const reporting = app("Reporting Gateway", { ...own, roles: "Sites.Read.All", ip: "203.0.113.56" });
const zoom = app("Zoom", {
  publisher: "Zoom Communications, Inc.",
  replyUrl: "https://zoom.us/office365",
});
const survey = app("Team Survey", { publisher: "Surveyhill Inc." });
/** A zero for the "o", and a Cyrillic О at the start of the second word. */
const lookalike = app("Micros0ft \u041eutlook Sync", {
  replyUrl: "https://outlook-sync.mailbox-archive.example/cb",
});
const exporter = app("Insight Exporter", {
  replyUrl: "https://export.insight-exporter.test/callback",
});
/** A real client id that intruders are known to use, with the name that it has in the directory. */
const perfectData = app("PERFECTDATA SOFTWARE", {
  appId: "ff8d92dc-3d82-41d6-bcbd-b9174d163620",
  replyUrl: "https://login.microsoftonline.com/common/oauth2/nativeclient",
});
const everyday = [
  calendarBridge,
  mailVault,
  hrConnector,
  serviceDesk,
  payroll,
  reporting,
  zoom,
  survey,
] as const;

function userActor(person: Person, ip = person.ip): Fields {
  return {
    user: {
      id: person.entraId,
      displayName: person.name,
      userPrincipalName: person.email,
      ipAddress: ip,
    },
    app: null,
  };
}

interface Change {
  activity: string;
  category: string;
  operation: string;
  targets: Fields[];
  details?: Fields[];
  ip?: string;
}

function audit(rng: Prng, at: number, by: Person, known: Change): Moment {
  const correlationId = freshGuid(rng);
  return {
    at,
    record: {
      id: `Directory_${correlationId}_${freshHex(rng, 5).toUpperCase()}_${rng.int(10_000_000, 99_999_999)}`,
      category: known.category,
      correlationId,
      result: "success",
      resultReason: "",
      activityDisplayName: known.activity,
      activityDateTime: isoTime(at),
      loggedByService: "Core Directory",
      operationType: known.operation,
      initiatedBy: userActor(by, known.ip),
      targetResources: known.targets,
      additionalDetails: known.details ?? [],
    },
  };
}

function principalTarget(
  what: App,
  modifiedProperties: Fields[],
  type = "ServicePrincipal",
): Fields {
  return {
    id: what.objectId,
    displayName: what.name,
    type,
    userPrincipalName: null,
    groupType: null,
    modifiedProperties,
  };
}

function property(displayName: string, oldValue: unknown, newValue: unknown): Fields {
  return {
    displayName,
    oldValue: oldValue === null ? null : JSON.stringify(oldValue),
    newValue: JSON.stringify(newValue),
  };
}

interface Grant {
  scopes: string;
  /** null for the whole tenant. */
  person: Person | null;
  isAdmin: boolean;
}

/** What the directory writes when somebody consents: the principal appears, the grant appears, the consent is given. */
function consent(rng: Prng, at: number, by: Person, what: App, grant: Grant, ip = by.ip): Moment[] {
  const type = grant.person === null ? "AllPrincipals" : "Principal";
  const principal = grant.person?.entraId ?? "";
  const written = `[] => [[Id: ${freshHex(rng, 22)}, ClientId: ${what.objectId}, PrincipalId: ${principal}, ResourceId: ${GRAPH_OBJECT}, ConsentType: ${type}, Scope: ${grant.scopes}, CreatedDateTime: , LastModifiedDateTime ]]`;
  const details = [
    { key: "User-Agent", value: by.userAgent },
    { key: "AppId", value: what.appId },
  ];
  const category = "ApplicationManagement";
  return [
    audit(rng, at, by, {
      activity: "Add service principal",
      category,
      operation: "Add",
      targets: [
        principalTarget(what, [
          property("AccountEnabled", [], [true]),
          property(
            "AppAddress",
            [],
            [{ AddressType: 0, Address: what.replyUrl, ReplyAddressClientType: 1 }],
          ),
          property("AppPrincipalId", [], [what.appId]),
          property("DisplayName", [], [what.name]),
        ]),
      ],
      details,
      ip,
    }),
    audit(rng, at + 400, by, {
      activity: "Add delegated permission grant",
      category,
      operation: "Assign",
      targets: [
        principalTarget({ ...what, objectId: GRAPH_OBJECT, name: "Microsoft Graph" }, [
          property("DelegatedPermissionGrant.Scope", null, ` ${grant.scopes}`),
          property("DelegatedPermissionGrant.ConsentType", null, type),
          property("ServicePrincipal.ObjectID", null, what.objectId),
          property("ServicePrincipal.DisplayName", null, what.name),
          property("ServicePrincipal.AppId", null, what.appId),
        ]),
        principalTarget(what, []),
      ],
      details,
      ip,
    }),
    audit(rng, at + 700, by, {
      activity: "Consent to application",
      category,
      operation: "Assign",
      targets: [
        principalTarget(what, [
          property("ConsentContext.IsAdminConsent", null, grant.isAdmin ? "True" : "False"),
          property("ConsentContext.IsAppOnly", null, "False"),
          property("ConsentContext.OnBehalfOfAll", null, grant.person === null ? "True" : "False"),
          property("ConsentAction.Permissions", null, written),
          property("TargetId.ServicePrincipalNames", null, what.appId),
        ]),
      ],
      details,
      ip,
    }),
  ];
}

const BAIT = { scopes: "User.Read Mail.Read offline_access", isAdmin: false } as const;

/** When the look-alike app was let in, and when the payroll app got its second secret. */
function baitAt(world: World): number {
  return local(workdayBack(world, 6), 2, 13, 42);
}

function secretAt(world: World): number {
  return local(workdayBack(world, 4), -5, 21, 17);
}

function directoryAudits(world: World): Fields[] {
  const rng = world.draws("microsoft/directory");
  const it = named(world, "Pelle");
  const victim = named(world, "Greta");
  const seller = named(world, "Calliope");
  const helpdesk = named(world, "Rowena");
  const usual = named(world, "Nessa");
  const moments = days(world).flatMap((day) =>
    officeMoments(rng, usual, day, 5).map((at) =>
      groupChange(rng, at, usual, rng.pick(world.people)),
    ),
  );
  const tenantWide = {
    scopes: "openid profile User.Read Calendars.ReadWrite",
    person: null,
    isAdmin: true,
  };
  const exported = {
    scopes: "User.Read Directory.Read.All Mail.Read Files.Read.All offline_access",
    person: null,
    isAdmin: true,
  };
  moments.push(
    ...consent(rng, local(workdayBack(world, 11), 2, 10, 12), usual, zoom, tenantWide),
    ...consent(rng, local(workdayBack(world, 9), -5, 14, 5), named(world, "Bram"), survey, {
      scopes: "openid profile User.Read",
      person: named(world, "Bram"),
      isAdmin: false,
    }),
    ...consent(rng, baitAt(world), victim, lookalike, { ...BAIT, person: victim }),
    ...consent(rng, local(workdayBack(world, 4), -5, 9, 33), seller, perfectData, {
      scopes: "User.Read Mail.Read offline_access EWS.AccessAsUser.All",
      person: seller,
      isAdmin: false,
    }),
    ...consent(rng, local(workdayBack(world, 2), 2, 18, 49), it, exporter, exported),
    ...newSecret(rng, secretAt(world), helpdesk),
  );
  return newestFirst(moments);
}

function groupChange(rng: Prng, at: number, by: Person, whom: Person): Moment {
  const isMember = rng.chance(0.5);
  return audit(rng, at, by, {
    activity: isMember ? "Add member to group" : "Update user",
    category: isMember ? "GroupManagement" : "UserManagement",
    operation: isMember ? "Assign" : "Update",
    targets: [
      {
        id: whom.entraId,
        displayName: whom.name,
        type: "User",
        userPrincipalName: whom.email,
        groupType: null,
        modifiedProperties: [property("Included Updated Properties", null, "Department")],
      },
    ],
  });
}

/** A helpdesk administrator who never touched an app adds a second secret to the payroll app, from elsewhere. */
function newSecret(rng: Prng, at: number, by: Person): Moment[] {
  const known = "[KeyIdentifier=0d5c,KeyType=Password,KeyUsage=Verify,DisplayName=2025]";
  const added = `[KeyIdentifier=${freshHex(rng, 8)},KeyType=Password,KeyUsage=Verify,DisplayName=sync]`;
  const ip = "203.0.113.214";
  const details = [
    { key: "User-Agent", value: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36" },
    { key: "AppId", value: payroll.appId },
  ];
  return [
    audit(rng, at, by, {
      activity: "Update application – Certificates and secrets management",
      category: "ApplicationManagement",
      operation: "Update",
      targets: [
        principalTarget(
          { ...payroll, objectId: stableGuid("application Payroll Connector") },
          [
            property("KeyDescription", [known], [known, added]),
            property("Included Updated Properties", null, "KeyDescription"),
          ],
          "Application",
        ),
      ],
      details,
      ip,
    }),
    audit(rng, at + 300, by, {
      activity: "Add service principal credentials",
      category: "ApplicationManagement",
      operation: "Update",
      targets: [principalTarget(payroll, [property("KeyDescription", [known], [known, added])])],
      details,
      ip,
    }),
  ];
}

/** Diagnostic records share an envelope. */
function diagnostic(
  at: number,
  category: string,
  operation: string,
  ip: string,
  properties: Fields,
): Moment {
  return {
    at,
    record: {
      time: isoTime(at),
      resourceId: RESOURCE,
      operationName: operation,
      operationVersion: "1.0",
      category,
      tenantId: TENANT,
      resultType: "0",
      resultSignature: "None",
      durationMs: 0,
      callerIpAddress: ip,
      correlationId: properties.correlationId,
      Level: 4,
      properties,
    },
  };
}

function personSignIn(rng: Prng, at: number, person: Person): Moment {
  return diagnostic(at, "SignInLogs", "Sign-in activity", person.ip, {
    id: freshGuid(rng),
    correlationId: freshGuid(rng),
    createdDateTime: isoTime(at),
    userId: person.entraId,
    userPrincipalName: person.email,
    userDisplayName: person.name,
    appId: "4765445b-32c6-49b0-83e6-1d93765276ca",
    appDisplayName: "OfficeHome",
    resourceDisplayName: "OfficeHome",
    ipAddress: person.ip,
    location: { countryOrRegion: person.country },
    clientAppUsed: "Browser",
    userAgent: person.userAgent,
    isInteractive: true,
    status: { errorCode: 0 },
  });
}

interface Place {
  ip: string;
  country: string;
  asn: number;
}

function appSignIn(rng: Prng, at: number, what: App, place: Place): Moment {
  return diagnostic(at, "ServicePrincipalSignInLogs", "Sign-in activity", place.ip, {
    id: freshGuid(rng),
    correlationId: freshGuid(rng),
    createdDateTime: isoTime(at),
    appId: what.appId,
    servicePrincipalId: what.objectId,
    servicePrincipalName: what.name,
    resourceId: GRAPH,
    resourceDisplayName: "Microsoft Graph",
    ipAddress: place.ip,
    autonomousSystemNumber: place.asn,
    location: { countryOrRegion: place.country },
    clientCredentialType: "clientSecret",
    isInteractive: false,
    status: { errorCode: 0 },
    userId: null,
  });
}

function signIns(world: World): Fields[] {
  const rng = world.draws("microsoft/sign-ins");
  const moments: Moment[] = [];
  for (const day of days(world)) {
    for (const person of world.people) {
      for (const at of officeMoments(rng, person, day, 1.6))
        moments.push(personSignIn(rng, at, person));
    }
    const home = (what: App): Place => ({ ip: what.ip, country: "NL", asn: 64_500 });
    const loads = [
      [calendarBridge, 24],
      [hrConnector, 24],
      [serviceDesk, 12],
      [payroll, 4],
      [mailVault, 3],
      [reporting, 8],
    ] as const;
    for (const [what, count] of loads) {
      for (const at of spread(rng, day, DAY_MS, count))
        moments.push(appSignIn(rng, at, what, home(what)));
    }
  }
  const elsewhere = { ip: "203.0.113.214", country: "RO", asn: 64_511 };
  for (const at of spread(rng, secretAt(world) + 12 * MINUTE_MS, 5 * HOUR_MS, 6)) {
    moments.push(appSignIn(rng, at, payroll, elsewhere));
  }
  return withLateRecords(rng, moments, 0.05, 2 * HOUR_MS);
}

interface Request {
  uri: string;
  bytes: number;
  /** The person in whose name it is made; null for the app alone. */
  person?: Person;
  scopes?: string;
  ip?: string;
  userAgent?: string;
  status?: number;
}

function graphCall(rng: Prng, at: number, what: App, request: Request): Moment {
  const id = freshGuid(rng);
  const ip = request.ip ?? what.ip;
  return diagnostic(at, "MicrosoftGraphActivityLogs", "Microsoft Graph Activity", ip, {
    timeGenerated: isoTime(at),
    correlationId: id,
    requestId: id,
    operationId: id,
    apiVersion: "v1.0",
    requestMethod: "GET",
    requestUri: `https://graph.microsoft.com/v1.0${request.uri}`,
    responseStatusCode: request.status ?? 200,
    responseSizeBytes: request.bytes,
    durationMs: rng.int(20_000, 900_000),
    appId: what.appId,
    servicePrincipalId: request.person === undefined ? what.objectId : null,
    userId: request.person?.entraId ?? null,
    clientAuthMethod: request.person === undefined ? "1" : "0",
    roles: request.person === undefined ? what.roles : null,
    scopes: request.scopes ?? null,
    ipAddress: ip,
    location: "West Europe",
    userAgent: request.userAgent ?? what.userAgent,
    tenantId: TENANT,
  });
}

function graphActivity(world: World): Fields[] {
  const rng = world.draws("microsoft/graph");
  const moments: Moment[] = [];
  for (const day of days(world)) {
    for (const at of spread(rng, day, DAY_MS, 190)) {
      moments.push(
        graphCall(rng, at, calendarBridge, {
          uri: `/users/${rng.pick(world.people).entraId}/calendarView`,
          bytes: rng.int(2_000, 30_000),
        }),
      );
    }
    for (const at of spread(rng, day + 2 * HOUR_MS, 90 * MINUTE_MS, 80 + rng.int(-4, 4))) {
      moments.push(
        graphCall(rng, at, mailVault, {
          uri: `/users/${rng.pick(world.people).entraId}/messages/delta`,
          bytes: rng.int(50_000, 400_000),
        }),
      );
    }
    for (const at of spread(rng, day, DAY_MS, 24)) {
      moments.push(
        graphCall(rng, at, hrConnector, { uri: "/users?$top=100", bytes: rng.int(40_000, 60_000) }),
      );
    }
    for (const at of spread(rng, day + HOUR_MS, 20 * MINUTE_MS, 4)) {
      moments.push(
        graphCall(rng, at, payroll, {
          uri: "/users?$select=id,employeeId",
          bytes: rng.int(9_000, 12_000),
        }),
      );
    }
    const desk = isWorkday(day) ? 55 : 8;
    for (const at of spread(rng, day + 5 * HOUR_MS, 15 * HOUR_MS, desk + rng.int(-5, 5))) {
      moments.push(
        graphCall(rng, at, serviceDesk, {
          uri: `/users/${rng.pick(world.people).entraId}`,
          bytes: rng.int(1_000, 4_000),
        }),
      );
    }
  }
  moments.push(...baitReads(world, rng), ...payrollReads(world, rng), ...exporterReads(world, rng));
  return withLateRecords(rng, moments, 0.03, 3 * HOUR_MS);
}

/** The look-alike reads the mailbox of the one who let it in. */
function baitReads(world: World, rng: Prng): Moment[] {
  const person = named(world, "Greta");
  return spread(rng, baitAt(world) + 6 * MINUTE_MS, 4 * HOUR_MS, 240).map((at) =>
    graphCall(rng, at, lookalike, {
      uri: `/me/messages/${freshHex(rng, 24)}`,
      bytes: rng.int(20_000, 300_000),
      person,
      scopes: BAIT.scopes,
      ip: "203.0.113.222",
      userAgent: "python-requests/2.32.3",
    }),
  );
}

/** With its new secret the payroll app, which listed people four times a day, reads everybody's mail. */
function payrollReads(world: World, rng: Prng): Moment[] {
  return spread(rng, secretAt(world) + 15 * MINUTE_MS, 5 * HOUR_MS, 640).map((at) =>
    graphCall(rng, at, payroll, {
      uri: `/users/${rng.pick(world.people).entraId}/messages?$top=50`,
      bytes: rng.int(80_000, 900_000),
      ip: "203.0.113.214",
      userAgent: "python-httpx/0.28",
      status: rng.chance(0.05) ? 429 : 200,
    }),
  );
}

function exporterReads(world: World, rng: Prng): Moment[] {
  const from = local(workdayBack(world, 2), 2, 19, 5);
  return spread(rng, from, 2 * HOUR_MS, 120).map((at) =>
    graphCall(rng, at, exporter, {
      uri: rng.pick([
        "/users?$top=999",
        "/groups?$top=999",
        "/directoryRoles",
        "/servicePrincipals?$top=999",
      ]),
      bytes: rng.int(50_000, 300_000),
      person: named(world, "Pelle"),
      scopes: "Directory.Read.All Files.Read.All Mail.Read",
      ip: "203.0.113.230",
      userAgent: "axios/1.9",
    }),
  );
}

/** Purview exports rows whose last column is the record itself as JSON. */
function purviewRow(at: number, data: Fields): Moment {
  return {
    at,
    record: {
      RecordId: data.Id,
      CreationDate: isoTime(at),
      RecordType: data.RecordType,
      Operation: data.Operation,
      UserId: data.UserId,
      AuditData: JSON.stringify(data),
      AssociatedAdminUnits: "",
      AssociatedAdminUnitsNames: "",
    },
  };
}

interface Unified {
  operation: string;
  recordType: number;
  workload: string;
  fields: Fields;
  ip?: string;
}

function unified(rng: Prng, at: number, person: Person, known: Unified): Moment {
  return purviewRow(at, {
    CreationTime: isoTime(at).slice(0, 19),
    Id: freshGuid(rng),
    Operation: known.operation,
    OrganizationId: TENANT,
    RecordType: known.recordType,
    ResultStatus: "Succeeded",
    UserKey: person.entraId.replaceAll("-", "").slice(0, 16).toUpperCase(),
    UserType: 0,
    Version: 1,
    Workload: known.workload,
    ClientIP: known.ip ?? person.ip,
    UserId: person.email,
    ...known.fields,
  });
}

function sharePoint(
  rng: Prng,
  at: number,
  person: Person,
  operation: string,
  ip = person.ip,
): Moment {
  const name = `${rng.pick(["Offer", "Contract", "Price list", "Test plan"])} ${rng.int(1, 9_000)}.docx`;
  const site = rng.pick(["Sales", "Engineering", "Finance", "Company"]);
  return unified(rng, at, person, {
    operation,
    recordType: 6,
    workload: "SharePoint",
    ip,
    fields: {
      EventSource: "SharePoint",
      ItemType: "File",
      SiteUrl: `https://northwindrobotics.sharepoint.com/sites/${site}/`,
      SourceRelativeUrl: "Shared Documents",
      SourceFileName: name,
      SourceFileExtension: "docx",
      UserAgent: person.userAgent,
      ObjectId: `https://northwindrobotics.sharepoint.com/sites/${site}/Shared Documents/${name}`,
    },
  });
}

/** Outlook on the web by a person, or an app that reads the mailbox for her. */
function mailRead(rng: Prng, at: number, person: Person, via: App | null, ip = person.ip): Moment {
  const items = Array.from({ length: via === null ? 1 : 6 }, () => ({
    InternetMessageId: `<${freshHex(rng, 16)}@mail.example.com>`,
    SizeInBytes: rng.int(4_000, 200_000),
  }));
  const clientId = via?.appId ?? "00000002-0000-0ff1-ce00-000000000000";
  return unified(rng, at, person, {
    operation: "MailItemsAccessed",
    recordType: 50,
    workload: "Exchange",
    ip,
    fields: {
      AppId: clientId,
      ClientAppId: via?.appId ?? "",
      ClientIPAddress: ip,
      ClientInfoString:
        via === null ? "Client=OWA;Action=ViaProxy" : "Client=REST;Client=RESTSystem;;",
      ExternalAccess: false,
      LogonType: 0,
      MailboxOwnerUPN: person.email,
      OperationCount: items.length,
      OperationProperties: [
        { Name: "MailAccessType", Value: "Bind" },
        { Name: "IsThrottled", Value: "False" },
      ],
      Folders: [{ Path: "\\Inbox", FolderItems: items }],
    },
  });
}

function unifiedAudit(world: World): Fields[] {
  const rng = world.draws("microsoft/unified");
  const moments: Moment[] = [];
  const work = [
    "FileAccessed",
    "FileAccessed",
    "FileModified",
    "FileDownloaded",
    "FilePreviewed",
  ] as const;
  for (const day of days(world)) {
    for (const person of world.people) {
      for (const at of officeMoments(rng, person, day, 5))
        moments.push(sharePoint(rng, at, person, rng.pick(work)));
      for (const at of officeMoments(rng, person, day, 4))
        moments.push(mailRead(rng, at, person, null));
    }
  }
  moments.push(...forwarding(world, rng), ...mailboxSync(world, rng), ...machineRate(world, rng));
  return withLateRecords(rng, moments, 0.05, 6 * HOUR_MS);
}

/** Two hours after the consent a rule sends the victim's mail outside and hides it. */
function forwarding(world: World, rng: Prng): Moment[] {
  const person = named(world, "Greta");
  const from = baitAt(world) + 2 * HOUR_MS;
  const base = { recordType: 1, workload: "Exchange", ip: "203.0.113.222" };
  const shared = {
    AppId: lookalike.appId,
    ClientAppId: lookalike.appId,
    ExternalAccess: false,
    ResultStatus: "True",
    ObjectId: person.email,
  };
  return [
    unified(rng, from, person, {
      ...base,
      operation: "New-InboxRule",
      fields: {
        ...shared,
        Parameters: [
          { Name: "Name", Value: ".." },
          { Name: "Mailbox", Value: person.email },
          { Name: "ForwardTo", Value: "collector@mailbox-archive.example" },
          { Name: "SubjectOrBodyContainsWords", Value: "invoice;payment;iban" },
          { Name: "MoveToFolder", Value: "RSS Subscriptions" },
          { Name: "MarkAsRead", Value: "True" },
          { Name: "StopProcessingRules", Value: "True" },
        ],
      },
    }),
    unified(rng, from + 3 * MINUTE_MS, person, {
      ...base,
      operation: "Set-Mailbox",
      fields: {
        ...shared,
        Parameters: [
          { Name: "Identity", Value: person.email },
          { Name: "ForwardingSmtpAddress", Value: "smtp:collector@mailbox-archive.example" },
          { Name: "DeliverToMailboxAndForward", Value: "True" },
        ],
      },
    }),
  ];
}

/** A mailbox is copied through a desktop client that intruders like. */
function mailboxSync(world: World, rng: Prng): Moment[] {
  const person = named(world, "Calliope");
  const from = local(workdayBack(world, 4), -5, 9, 41);
  return spread(rng, from, 3 * HOUR_MS, 160).map((at) =>
    mailRead(rng, at, person, perfectData, "203.0.113.205"),
  );
}

/** Somebody's account takes a file a second for half an hour, more evenly than hands can. */
function machineRate(world: World, rng: Prng): Moment[] {
  const person = named(world, "Renzo");
  const from = local(workdayBack(world, 5), -5, 15, 10);
  return Array.from({ length: 1_700 }, (_, index) =>
    sharePoint(rng, from + index * SECOND_MS, person, "FileDownloaded", "203.0.113.207"),
  );
}

const STRANGERS = [lookalike, perfectData, exporter] as const;

function servicePrincipals(world: World): Fields[] {
  const principals = [...everyday, ...STRANGERS].map((what) => ({
    id: what.objectId,
    appId: what.appId,
    displayName: what.name,
    servicePrincipalType: "Application",
    accountEnabled: true,
    appOwnerOrganizationId: what.ownerTenant,
    homepage: null,
    replyUrls: [what.replyUrl],
    signInAudience: what.ownerTenant === TENANT ? "AzureADMyOrg" : "AzureADMultipleOrgs",
    tags: ["WindowsAzureActiveDirectoryIntegratedApp"],
    createdDateTime: isoTime(createdAt(world, what)),
    verifiedPublisher: {
      displayName: what.publisher,
      verifiedPublisherId: what.publisher === null ? null : String(1_000_000 + what.name.length),
      addedDateTime: what.publisher === null ? null : isoTime(world.start - 700 * DAY_MS),
    },
    appRoles: [],
    oauth2PermissionScopes: [],
    passwordCredentials: [],
    keyCredentials: [],
  }));
  const graph = {
    id: GRAPH_OBJECT,
    appId: GRAPH,
    displayName: "Microsoft Graph",
    servicePrincipalType: "Application",
    accountEnabled: true,
    appOwnerOrganizationId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
    replyUrls: [],
    signInAudience: "AzureADMultipleOrgs",
    tags: [],
    verifiedPublisher: { displayName: null, verifiedPublisherId: null, addedDateTime: null },
    appRoles: [],
    oauth2PermissionScopes: [],
    passwordCredentials: [],
    keyCredentials: [],
  };
  return [...principals, graph];
}

function createdAt(world: World, what: App): number {
  if (what === lookalike) return baitAt(world);
  if (what === perfectData) return local(workdayBack(world, 4), -5, 9, 33);
  if (what === exporter) return local(workdayBack(world, 2), 2, 18, 49);
  return world.start - (200 + what.name.length * 10) * DAY_MS;
}

function permissionGrants(world: World): Fields[] {
  const grants: readonly (readonly [App, Person | null, string])[] = [
    [zoom, null, "openid profile User.Read Calendars.ReadWrite"],
    [survey, named(world, "Bram"), "openid profile User.Read"],
    [lookalike, named(world, "Greta"), BAIT.scopes],
    [
      perfectData,
      named(world, "Calliope"),
      "User.Read Mail.Read offline_access EWS.AccessAsUser.All",
    ],
    [exporter, null, "User.Read Directory.Read.All Mail.Read Files.Read.All offline_access"],
    ...team(world, "finance").map((person) => [reporting, person, "openid User.Read"] as const),
  ];
  return grants.map(([what, person, scope], index) => ({
    id: `${what.objectId.replaceAll("-", "").slice(0, 20)}${index}`,
    clientId: what.objectId,
    consentType: person === null ? "AllPrincipals" : "Principal",
    principalId: person?.entraId ?? null,
    resourceId: GRAPH_OBJECT,
    scope: ` ${scope}`,
  }));
}

export function microsoftFiles(world: World): SampleFile[] {
  const listed = (type: string) => ({
    key: "value",
    beside: { "@odata.context": `https://graph.microsoft.com/v1.0/$metadata#${type}` },
  });
  return [
    sampleFile("microsoft/directory-audits.json", "json", () => directoryAudits(world), {
      page: listed("auditLogs/directoryAudits"),
    }),
    sampleFile("microsoft/sign-ins.ndjson", "ndjson", () => signIns(world)),
    sampleFile("microsoft/graph-activity.ndjson", "ndjson", () => graphActivity(world)),
    sampleFile("microsoft/unified-audit.csv", "csv", () => unifiedAudit(world)),
    sampleFile("microsoft/service-principals.json", "json", () => servicePrincipals(world), {
      page: listed("servicePrincipals"),
    }),
    sampleFile("microsoft/oauth2-permission-grants.json", "json", () => permissionGrants(world), {
      page: listed("oauth2PermissionGrants"),
    }),
  ];
}
