/** Invented audit records of five services in their vendors' own shape, as many as one likes from a seed. */

import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { type Prng, prng } from "#base/prng.ts";
import { MINUTE_MS } from "#base/time.ts";

/** How much there is to tell apart: memory may grow with these, and with nothing else. */
export interface World {
  readonly automations: number;
  readonly people: number;
  readonly days: number;
}

export type Make = (index: number, random: Prng, world: World) => Record<string, unknown>;

const START = Date.UTC(2026, 5, 1);
const AGENTS = [
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0",
  "python-requests/2.32.3",
] as const;

function moment(random: Prng, { days }: World): number {
  return START + random.int(0, days * 1_440 - 1) * MINUTE_MS + random.int(0, 59_999);
}

function uuid(index: number, kind: number): string {
  const hex = index.toString(16).padStart(12, "0");
  return `${(0x1000_0000 + kind).toString(16)}-0000-4000-8000-${hex}`;
}

function address(person: number): string {
  return `192.0.2.${person % 256}`;
}

function slackAudit(index: number, random: Prng, world: World): Record<string, unknown> {
  const person = random.int(1, world.people);
  const app = random.int(1, world.automations);
  const file = random.int(1, 100_000);
  return {
    id: uuid(index, 1),
    date_create: Math.floor(moment(random, world) / 1_000),
    action: random.pick(["file_downloaded", "file_uploaded", "file_shared", "user_login"]),
    actor: {
      type: "user",
      user: {
        id: `W${person}`,
        name: `Person ${person}`,
        email: `person${person}@example.com`,
        team: "T0EXAMPLE",
      },
    },
    entity: {
      type: "file",
      file: {
        id: `F${file}`,
        name: `report-${file}.pdf`,
        filetype: "application/pdf",
        title: file % 8 === 0 ? "Quarterly report, “final” version" : "Quarterly report",
      },
    },
    context: {
      location: { type: "workspace", id: "T0EXAMPLE", name: "Example", domain: "example" },
      ua: random.pick(AGENTS),
      session_id: random.int(1, 1e9),
      ip_address: address(person),
      app: { id: `A${app}`, name: `App ${app}` },
    },
    details: { size: random.int(1_000, 9_000_000) },
  };
}

function googleToken(index: number, random: Prng, world: World): Record<string, unknown> {
  const person = random.int(1, world.people);
  const app = random.int(1, world.automations);
  const scopes = ["drive.readonly", "gmail.readonly", "calendar"].map(
    (name) => `https://www.googleapis.com/auth/${name}`,
  );
  return {
    kind: "admin#reports#activity",
    id: {
      time: new Date(moment(random, world)).toISOString(),
      uniqueQualifier: `-${3_860_000_000_000_000_000n + BigInt(index)}`,
      applicationName: "token",
      customerId: "C0example",
    },
    etag: `"bench/${index}"`,
    actor: {
      callerType: "USER",
      email: `person${person}@example.com`,
      profileId: `1000000000000000${String(person).padStart(5, "0")}`,
    },
    ipAddress: address(person),
    events: [
      {
        type: "auth",
        name: "activity",
        parameters: [
          { name: "api_name", value: "drive" },
          { name: "method_name", value: random.pick(["drive.files.get", "drive.files.list"]) },
          { name: "client_id", value: `${415_000_000_000 + app}-x.apps.googleusercontent.com` },
          { name: "num_response_bytes", intValue: String(random.int(100, 1e6)) },
          { name: "product_bucket", value: "DRIVE" },
          { name: "app_name", value: `App ${app}` },
          { name: "client_type", value: "WEB" },
          { name: "scope", multiValue: scopes },
          {
            name: "scope_data",
            multiMessageValue: scopes.map((scope) => ({
              parameter: [
                { name: "scope_name", value: scope },
                { name: "product_bucket", multiValue: ["DRIVE"] },
              ],
            })),
          },
        ],
      },
    ],
  };
}

function unifiedAudit(index: number, random: Prng, world: World): Record<string, unknown> {
  const person = random.int(1, world.people);
  const app = random.int(1, world.automations);
  const file = random.int(1, 100_000);
  const site = "https://example.sharepoint.com/sites/planning";
  return {
    AppAccessContext: {
      AADSessionId: uuid(random.int(1, 1e6), 21),
      ClientAppId: uuid(app, 22),
      ClientAppName: `App ${app}`,
      CorrelationId: uuid(index, 23),
      UniqueTokenId: "bench-token",
    },
    CreationTime: new Date(moment(random, world)).toISOString().slice(0, 19),
    Id: uuid(index, 2),
    Operation: random.pick(["FileAccessed", "FileDownloaded", "FileModified", "PageViewed"]),
    OrganizationId: uuid(1, 24),
    RecordType: 6,
    UserKey: `i:0h.f|membership|${person}@live.com`.replace("live.com", "example.com"),
    UserType: 0,
    Version: 1,
    Workload: "SharePoint",
    ClientIP: address(person),
    UserId: `person${person}@example.com`,
    ApplicationId: uuid(app, 22),
    AuthenticationType: "OAuth",
    BrowserName: "Chrome",
    BrowserVersion: "138.0",
    CorrelationId: uuid(index, 25),
    EventSource: "SharePoint",
    IsManagedDevice: false,
    ItemType: "File",
    ListId: uuid(7, 26),
    ListItemUniqueId: uuid(file, 27),
    Platform: "MacOSX",
    Site: uuid(8, 28),
    UserAgent: random.pick(AGENTS),
    WebId: uuid(9, 29),
    DeviceDisplayName: "",
    FileSizeBytes: random.int(1_000, 9_000_000),
    HighPriorityMediaProcessing: false,
    ListBaseType: 1,
    ListServerTemplate: 101,
    SourceRelativeUrl: "Shared Documents/Plans",
    SourceFileName: `plan-${file}.docx`,
    SourceFileExtension: "docx",
    SiteUrl: `${site}/`,
    ObjectId: `${site}/Shared Documents/Plans/plan-${file}.docx`,
  };
}

function entraSignIn(index: number, random: Prng, world: World): Record<string, unknown> {
  const person = random.int(1, world.people);
  const app = random.int(1, world.automations);
  const at = new Date(moment(random, world)).toISOString();
  return {
    time: at,
    resourceId: `/tenants/${uuid(1, 24)}/providers/Microsoft.aadiam`,
    operationName: "Sign-in activity",
    operationVersion: "1.0",
    category: "NonInteractiveUserSignInLogs",
    tenantId: uuid(1, 24),
    resultType: "0",
    resultSignature: "SUCCESS",
    durationMs: 0,
    callerIpAddress: address(person),
    correlationId: uuid(index, 31),
    identity: `Person ${person}`,
    Level: 4,
    location: "DE",
    properties: {
      id: uuid(index, 3),
      createdDateTime: at,
      userDisplayName: `Person ${person}`,
      userPrincipalName: `person${person}@example.com`,
      userId: uuid(person, 32),
      appId: uuid(app, 22),
      appDisplayName: `App ${app}`,
      ipAddress: address(person),
      status: { errorCode: random.chance(0.05) ? 50_140 : 0, additionalDetails: "Remember me" },
      clientAppUsed: "Mobile Apps and Desktop clients",
      userAgent: random.pick(AGENTS),
      deviceDetail: {
        deviceId: uuid(person, 33),
        displayName: `laptop-${person}`,
        operatingSystem: "MacOs",
        browser: "Chrome 138.0.0",
        isCompliant: true,
        isManaged: true,
        trustType: "Azure AD registered",
      },
      location: {
        city: "Leipzig",
        state: "Sachsen",
        countryOrRegion: "DE",
        geoCoordinates: { latitude: 51.34, longitude: 12.37 },
      },
      correlationId: uuid(index, 31),
      conditionalAccessStatus: "success",
      appliedConditionalAccessPolicies: ["Require MFA", "Block legacy", "Compliant device"].map(
        (displayName, policy) => ({
          id: uuid(policy, 34),
          displayName,
          enforcedGrantControls: ["Mfa"],
          enforcedSessionControls: [],
          result: policy === 0 ? "success" : "notApplied",
          conditionsSatisfied: 3,
          conditionsNotSatisfied: 0,
        }),
      ),
      authenticationContextClassReferences: [],
      originalRequestId: uuid(index, 3),
      isInteractive: false,
      tokenIssuerName: "",
      tokenIssuerType: "AzureAD",
      authenticationProcessingDetails: [{ key: "Oauth Scope Info", value: '["Mail.Read"]' }],
      networkLocationDetails: [],
      processingTimeInMilliseconds: random.int(10, 400),
      riskDetail: "none",
      riskLevelAggregated: "none",
      riskLevelDuringSignIn: "none",
      riskState: "none",
      resourceDisplayName: "Microsoft Graph",
      resourceId: "00000003-0000-0000-c000-000000000000",
      resourceTenantId: uuid(1, 24),
      homeTenantId: uuid(1, 24),
      authenticationRequirement: "singleFactorAuthentication",
      authenticationDetails: [
        { authenticationStepDateTime: at, authenticationMethod: "Previously satisfied" },
      ],
      flaggedForReview: false,
      crossTenantAccessType: "none",
      signInEventTypes: ["nonInteractiveUser"],
      autonomousSystemNumber: 64_500,
    },
  };
}

function githubAudit(index: number, random: Prng, world: World): Record<string, unknown> {
  const person = random.int(1, world.people);
  const app = random.int(1, world.automations);
  const repository = random.int(1, 500);
  const at = moment(random, world);
  return {
    "@timestamp": at,
    _document_id: `bench${String(index).padStart(17, "0")}`,
    action: random.pick(["git.clone", "git.fetch", "git.push", "repo.download_zip"]),
    actor: `person-${person}`,
    actor_id: 4_000 + person,
    actor_ip: address(person),
    actor_is_bot: false,
    actor_location: { country_code: "DE" },
    business: "example",
    business_id: 1,
    created_at: at,
    hashed_token: "bench/Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE=",
    oauth_application_id: 100 + app,
    oauth_application_name: `App ${app}`,
    operation_type: "access",
    org: "example-org",
    org_id: 9_001,
    programmatic_access_type: "OAuth access token",
    repo: `example-org/repository-${repository}`,
    repo_id: 70_000 + repository,
    repository: `example-org/repository-${repository}`,
    repository_public: false,
    token_id: 81_000 + app,
    transport_protocol: 1,
    transport_protocol_name: "http",
    user: `person-${person}`,
    user_agent: random.pick(AGENTS),
    user_id: 4_000 + person,
  };
}

/** Every kind by the service as which it must be recognised. */
export const kinds = {
  "slack:audit": slackAudit,
  "google:token": googleToken,
  "o365:SharePoint": unifiedAudit,
  "entra:NonInteractiveUserSignInLogs": entraSignIn,
  "github:audit": githubAudit,
} as const satisfies Record<string, Make>;

export type Kind = keyof typeof kinds;

/** How the records stand in a file. */
export type Container = "ndjson" | "ndjson.gz" | "page";

export interface FilePlan {
  readonly kind: Kind;
  readonly container: Container;
  readonly world: World;
  readonly seed: number;
  /** The file ends with the first record that reaches this many unpacked bytes. */
  readonly bytes: number;
}

const CHUNK_BYTES = 1 << 20;

/** Writes a file record by record and gives its number of records. The same plan gives the same bytes. */
export async function writeRecords(path: string, plan: FilePlan): Promise<number> {
  let count = 0;
  async function* chunks(): AsyncGenerator<Buffer> {
    const random = prng(plan.seed);
    const make = kinds[plan.kind];
    const isPage = plan.container === "page";
    let held = isPage ? '{"ok":true,"entries":[' : "";
    for (let bytes = 0; bytes < plan.bytes; count++) {
      const record = JSON.stringify(make(count, random, plan.world));
      bytes += record.length + 1;
      held += isPage ? `${count === 0 ? "" : ","}${record}` : `${record}\n`;
      if (held.length < CHUNK_BYTES) continue;
      yield Buffer.from(held);
      held = "";
    }
    yield Buffer.from(isPage ? `${held}],"response_metadata":{"next_cursor":""}}` : held);
  }
  const file = await open(path, "w");
  const out = file.createWriteStream();
  if (plan.container === "ndjson.gz") await pipeline(chunks(), createGzip({ level: 1 }), out);
  else await pipeline(chunks(), out);
  return count;
}
