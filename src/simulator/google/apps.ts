/** Applications of the simulated tenant and the places that they call from: ids, scopes and addresses in Google's form. */

import { hash32 } from "#base/hash.ts";
import { type Company, type Person, stableId } from "#simulator/company.ts";

export type AppKind = "oauth_app" | "service_account" | "script";

export interface App {
  readonly kind: AppKind;
  /** OAuth client id; of a service account the number by which delegation names it. */
  readonly clientId: string;
  /** Number of its Cloud project, which is all that the Drive log says of it. */
  readonly project: string;
  readonly name: string;
  readonly clientType: string;
  readonly scopes: readonly string[];
  /** Address of a service account that the company owns; null for everything else. */
  readonly email: string | null;
  /** Whether the log marks what it does as done by an AI agent. */
  readonly isAgent: boolean;
}

/** Where a record comes from, as the log's networkInfo says it. */
export interface Place {
  readonly ip: string;
  readonly asn: number;
  readonly country: string;
}

export const AUTH = "https://www.googleapis.com/auth/";
const IDENTITY = ["openid", "userinfo.email", "userinfo.profile"] as const;

export interface AppOptions {
  readonly kind?: AppKind;
  readonly clientType?: string;
  /** Without the identity scopes, which every application asks for. */
  readonly scopes: readonly string[];
  /** Whether the company owns the service account, so that its list of service accounts shows it. */
  readonly isOwn?: boolean;
  readonly isAgent?: boolean;
}

/** An application; the same `key` gives the same ids. */
export function createApp(company: Company, key: string, name: string, options: AppOptions): App {
  const {
    kind = "oauth_app",
    clientType = "WEB",
    scopes,
    isOwn = false,
    isAgent = false,
  } = options;
  const seeded = `${company.seed} ${key}`;
  const project = digits(seeded, 12);
  const isAccount = kind === "service_account";
  return {
    kind,
    clientId: isAccount
      ? `1${digits(seeded, 20)}`
      : `${project}-${stableId(seeded, 32).toLowerCase()}.apps.googleusercontent.com`,
    project,
    name,
    clientType,
    scopes: (isAccount ? scopes : [...IDENTITY, ...scopes]).map(spelled),
    email: isAccount && isOwn ? accountEmail(company, seeded, name) : null,
    isAgent,
  };
}

/** The id by which the inventory knows it: a service account on the company's own list goes by its address. */
export function nativeId(app: App): string {
  return app.email ?? app.clientId;
}

export function spelled(scope: string): string {
  return scope === "openid" || scope.startsWith("https://") ? scope : AUTH + scope;
}

function accountEmail(company: Company, seeded: string, name: string): string {
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const short = (company.domain.split(".")[0] ?? "company").slice(0, 18);
  return `${slug}@${short}-${digits(seeded, 6)}.iam.gserviceaccount.com`;
}

/** Decimal digits that depend on a name alone; the first is no zero. */
export function digits(name: string, length: number): string {
  let found = String(1 + (hash32(name, 3) % 9));
  for (let lane = 5; found.length < length; lane++) found += String(hash32(name, lane)).slice(0, 8);
  return found.slice(0, length);
}

/** Autonomous systems of the clouds on which vendors run, with the country of their usual region. */
const CLOUDS: readonly (readonly [asn: number, country: string])[] = [
  [16509, "US"],
  [16509, "IE"],
  [14618, "US"],
  [396982, "US"],
  [396982, "BE"],
  [8075, "NL"],
  [8075, "US"],
  [24940, "DE"],
  [16276, "FR"],
  [14061, "US"],
  [13335, "US"],
];

/** Where code of Apps Script runs. */
const GOOGLE: readonly [number, string] = [15169, "US"];

/** The addresses of one vendor's machines: a few of one network, all in one autonomous system. */
export function machines(key: string, kind: AppKind, count: number): Place[] {
  const [asn, country] =
    kind === "script" ? GOOGLE : (CLOUDS[hash32(key, 17) % CLOUDS.length] ?? GOOGLE);
  const network = networkOf(hash32(key, 19));
  const first = hash32(key, 23) % 200;
  return Array.from({ length: count }, (_, index) => ({
    ip: `${network}.${1 + ((first + index * 7) % 253)}`,
    asn,
    country,
  }));
}

/** Networks of 198.18.64.0 to 198.19.255.0; the offices sit below. */
function networkOf(draw: number): string {
  const block = 64 + (draw % 448);
  return block < 256 ? `198.18.${block}` : `198.19.${block - 256}`;
}

/** Cheap hosting, exit nodes and home lines: where somebody sits who has no machines of his own. */
const ELSEWHERE: readonly (readonly [asn: number, country: string])[] = [
  [9009, "RO"],
  [60068, "GB"],
  [51852, "CH"],
  [20473, "NL"],
  [36352, "US"],
  [62240, "SE"],
];

export function elsewhere(key: string): Place {
  const [asn, country] = ELSEWHERE[hash32(key, 29) % ELSEWHERE.length] ?? [9009, "RO"];
  return { ip: `${networkOf(hash32(key, 31))}.${1 + (hash32(key, 37) % 253)}`, asn, country };
}

/** Another machine in the same cloud, of another customer. */
export function nextDoor(place: Place, key: string): Place {
  return { ...place, ip: `${networkOf(hash32(key, 41))}.${1 + (hash32(key, 43) % 253)}` };
}

/** Home lines of the countries in which the offices are. */
const AT_HOME: Readonly<Record<string, number>> = { DE: 3209, US: 7922, AU: 7545 };

export function home(person: Person): Place {
  const { country, asn } = person.office;
  const ip = `${networkOf(hash32(person.email, 47))}.${1 + (hash32(person.email, 53) % 253)}`;
  return { ip, asn: AT_HOME[country] ?? Number(asn), country };
}

export function desk(person: Person): Place {
  return { ip: person.ip, asn: Number(person.office.asn), country: person.office.country };
}
