/** What all records of the simulated Microsoft tenant share: apps, places to call from, first-party clients, spellings. */

import type { Prng } from "#base/prng.ts";
import { type Company, hexOf, type Person, stableGuid } from "#simulator/company.ts";
import type { Emission, Fields } from "#simulator/stage.ts";

/** Where a call comes from, as far as logs tell it. */
export interface Place {
  readonly ip: string;
  /** Autonomous system number as digits. */
  readonly asn: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly userAgent: string;
}

/** An app as the tenant's directory knows it. */
export interface App {
  readonly appId: string;
  /** Object id of its service principal. */
  readonly objectId: string;
  readonly name: string;
  /** Verified publisher; null where there is none. */
  readonly publisher: string | null;
  readonly ownerTenant: string;
  /** Host of its reply URL. */
  readonly host: string;
  /** Application permissions. */
  readonly roles: readonly string[];
  /** Delegated permissions. */
  readonly scopes: readonly string[];
  /** Its present secret or certificate. */
  readonly keyId: string;
  readonly isManaged: boolean;
}

/** An app of an unknown vendor, with whatever is known of it. */
export function appNamed(name: string, seedText: string, known: Partial<App> = {}): App {
  return {
    appId: stableGuid(`app ${seedText}`),
    objectId: stableGuid(`principal ${seedText}`),
    name,
    publisher: null,
    ownerTenant: stableGuid(`tenant of ${seedText}`),
    host: `${slug(name)}.example`,
    roles: [],
    scopes: [],
    keyId: stableGuid(`key ${seedText}`),
    isManaged: false,
    ...known,
  };
}

export function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}

export function deskOf(person: Person): Place {
  return {
    ip: person.ip,
    asn: person.office.asn,
    country: person.office.country,
    userAgent: person.userAgent,
  };
}

/** Microsoft's own tenant, in which its first-party apps are registered. */
export const MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

/** An API that tokens are for. */
export interface Resource {
  readonly appId: string;
  readonly name: string;
}

export const GRAPH: Resource = {
  appId: "00000003-0000-0000-c000-000000000000",
  name: "Microsoft Graph",
};
export const EXCHANGE: Resource = {
  appId: "00000002-0000-0ff1-ce00-000000000000",
  name: "Office 365 Exchange Online",
};
export const SHAREPOINT: Resource = {
  appId: "00000003-0000-0ff1-ce00-000000000000",
  name: "Office 365 SharePoint Online",
};
export const MANAGEMENT: Resource = {
  appId: "c5393580-f805-4401-95e8-94b7a6ef2fc2",
  name: "Office 365 Management APIs",
};
export const AZURE: Resource = {
  appId: "797f4846-ba00-4fd7-ba43-dac1f8f63013",
  name: "Azure Resource Manager",
};
export const VAULT: Resource = {
  appId: "cfa8b339-82a2-471a-a3c9-0fc0be7a4093",
  name: "Azure Key Vault",
};
export const STORAGE: Resource = {
  appId: "e406a681-f3d4-42a8-90b6-c2b029497af1",
  name: "Azure Storage",
};
/** APIs whose service principals every tenant has. */
export const RESOURCES = [GRAPH, EXCHANGE, SHAREPOINT, MANAGEMENT, AZURE, VAULT, STORAGE] as const;

/** Object id of an API's service principal in this tenant. */
export function resourceObject(company: Company, resource: Resource): string {
  return stableGuid(`${company.entraTenantId} ${resource.appId}`);
}

function own(name: string, appId: string): App {
  return appNamed(name, appId, { appId, publisher: "Microsoft", ownerTenant: MICROSOFT });
}

/** Microsoft's own clients in people's hands, under their real client ids. */
export const FIRST_PARTY = {
  outlookWeb: own("One Outlook Web", "9199bf20-a13f-4107-85dc-02114787ef48"),
  office: own("Microsoft Office", "d3590ed6-52b3-4102-aeff-aad2292ab01c"),
  teams: own("Microsoft Teams", "1fec8e78-bce4-4aaf-ab1b-5451cc387264"),
  teamsWeb: own("Microsoft Teams Web Client", "5e3ce6c0-2b1f-4285-8d4b-75ee78787346"),
  outlookMobile: own("Outlook Mobile", "27922004-5251-4030-b22d-91ecd9a37ea4"),
  oneDrive: own("OneDrive SyncEngine", "ab9b8c07-8f02-4f72-87fa-80105867a763"),
  sharePointWeb: own(
    "SharePoint Online Web Client Extensibility",
    "08e18876-6177-487e-b8b5-cf950c1e598c",
  ),
  edge: own("Microsoft Edge", "ecd6b820-32c2-49b6-98a6-444530e5a77a"),
  broker: own("Microsoft Authentication Broker", "29d9ed98-a469-4536-ade2-f981bc1d605e"),
  azurePortal: own("Azure Portal", "c44b4083-3bb0-49c1-b47d-974e53cbdf3c"),
  azureCli: own("Microsoft Azure CLI", "04b07795-8ddb-461a-bbee-02f9e1bf7b46"),
  graphCli: own("Microsoft Graph Command Line Tools", "14d82eec-204b-4c2f-b7e8-296a70dab67e"),
  vsCode: own("Visual Studio Code", "aebc6443-996d-45c2-90f0-388ff96faa56"),
} as const;

export function emission(at: number, service: string, record: Fields): Emission {
  return { at, platform: "microsoft", service, record };
}

export function isoTime(at: number): string {
  return new Date(at).toISOString();
}

/** How the Management Activity API writes times: UTC without saying so. */
export function plainTime(at: number): string {
  return new Date(at).toISOString().slice(0, 19);
}

/** The token that an app has at a moment: another one about every hour, told apart from those of other machines. */
export function tokenAt(app: App, place: Place, at: number): string {
  return stableGuid(`${app.appId} ${place.ip} ${Math.floor(at / 3_900_000)}`).slice(0, 22);
}

export function hex(rng: Prng, length: number): string {
  let written = "";
  while (written.length < length) written += hexOf(rng.int(0, 0xffff_ffff));
  return written.slice(0, length);
}

/** `harbor-foods` of harbor-foods.example: the tenant's name in SharePoint addresses. */
export function tenantLabel(company: Company): string {
  return company.domain.split(".")[0] ?? company.domain;
}
