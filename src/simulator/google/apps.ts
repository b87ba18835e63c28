/** Applications of the simulated tenant and the places that they call from: ids, scopes and addresses in Google's form. */

import { hash32 } from "#base/hash.ts";
import type { Prng } from "#base/prng.ts";
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

/** The addresses of one vendor's machines: a few of one network, all in one autonomous system. */
export function machines(key: string, kind: AppKind, count: number): Place[] {
  if (kind === "script") return pooled(key);
  const [asn, country] = CLOUDS[hash32(key, 17) % CLOUDS.length] ?? [16509, "US"];
  const network = networkOf(hash32(key, 19));
  const first = hash32(key, 23) % 200;
  return Array.from({ length: count }, (_, index) => ({
    ip: `${network}.${1 + ((first + index * 7) % 253)}`,
    asn,
    country,
  }));
}

/** Scripts run wherever Google has room: one large pool for all of them. */
function pooled(key: string): Place[] {
  const first = hash32(key, 23);
  return Array.from({ length: 12 }, (_, index) => {
    const draw = (first + index * 37) % 400;
    return { ip: `198.19.${250 + (draw % 4)}.${1 + (draw % 250)}`, asn: 15169, country: "US" };
  });
}

/** Networks of 198.18.64.0 to 198.19.239.0; the offices sit below, Google above. */
function networkOf(draw: number): string {
  const block = 64 + (draw % 432);
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

/** Mobile networks, in which a phone has another address every time. */
const ON_THE_ROAD: Readonly<Record<string, number>> = { DE: 6805, US: 21928, AU: 4804 };

function road(person: Person, draw: number): Place {
  const { country, asn } = person.office;
  const ip = `198.19.24${1 + (person.office.zone & 3)}.${1 + (draw % 253)}`;
  return { ip, asn: ON_THE_ROAD[country] ?? Number(asn), country };
}

/** Where a person's own device is: at the desk, at home or on the road. */
export function device(person: Person, rng: Prng): Place {
  const draw = rng.next();
  if (draw < 0.5) return desk(person);
  return draw < 0.8 ? home(person) : road(person, rng.int(0, 252));
}

export function desk(person: Person): Place {
  return { ip: person.ip, asn: Number(person.office.asn), country: person.office.country };
}
