/** The simulated company: people with teams, working days and time zones, offices, calendar. Everything from one seed. */

import { hash32 } from "#base/hash.ts";
import { type Prng, prng } from "#base/prng.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#base/time.ts";

export const TEAMS = [
  "engineering",
  "sales",
  "marketing",
  "finance",
  "people",
  "it",
  "support",
  "legal",
  "lead",
] as const;
export type Team = (typeof TEAMS)[number];

/** A place where people work, with the zone that its clocks show. */
export interface Office {
  readonly city: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Hours ahead of UTC, the same all year: the simulation knows no daylight saving. */
  readonly zone: number;
  /** First three parts of its public IPv4 addresses. */
  readonly network: string;
  /** Autonomous system of its internet provider. */
  readonly asn: string;
}

export interface Person {
  readonly index: number;
  readonly name: string;
  readonly email: string;
  readonly team: Team;
  readonly office: Office;
  readonly ip: string;
  readonly userAgent: string;
  readonly isAdmin: boolean;
  readonly isGuest: boolean;
  /** Left the company on this day; null for almost everybody. */
  readonly leftAt: number | null;
  readonly slackId: string;
  readonly googleId: string;
  readonly entraId: string;
}

export interface Company {
  readonly seed: number;
  readonly name: string;
  readonly domain: string;
  /** IANA name of the zone of its head office. */
  readonly timeZone: string;
  readonly offices: readonly Office[];
  readonly people: readonly Person[];
  readonly slackTeamId: string;
  readonly googleCustomerId: string;
  readonly entraTenantId: string;
  /** First milliseconds of public holidays, on which offices rest. */
  readonly holidays: ReadonlySet<number>;
}

export interface CompanyOptions {
  readonly seed: number;
  readonly people: number;
  /** First millisecond of the run. */
  readonly start: number;
  readonly days: number;
}

// Addresses of 198.18.0.0/15 are set aside for benchmarks (RFC 2544), so none of them is anybody's.
const OFFICES: readonly Office[] = [
  { city: "Berlin", country: "DE", zone: 2, network: "198.18.10", asn: "3320" },
  { city: "Los Angeles", country: "US", zone: -7, network: "198.18.20", asn: "7018" },
  { city: "Sydney", country: "AU", zone: 10, network: "198.18.30", asn: "1221" },
];

const FIRST =
  "Aila Bram Calla Dov Edda Falk Greta Hale Imke Joris Kasia Linnea Mats Nessa Odd Pia Quirin Rowan Saskia Timo Ulla Vero Wanda Xenia Yrsa Zeb".split(
    " ",
  );
const LAST =
  "Abend Brandvik Castell Dunmarsh Ellers Farrow Grove Holt Ivarsen Juhl Kreuvel Lindenau Marrow Norgate Ollivar Pether Quill Rosen Sorrel Thorn Ulver Vinter Wrenfield Ystad Zell".split(
    " ",
  );
const AGENTS = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
] as const;

export function createCompany({ seed, people, start, days }: CompanyOptions): Company {
  const rng = prng(hash32("company", seed));
  const domain = `${rng.pick(["harbor", "juniper", "cobalt", "meridian", "larch"])}-${rng.pick(["robotics", "freight", "clinics", "foods", "optics"])}.example`;
  return {
    seed,
    name: titled(domain),
    domain,
    timeZone: "Europe/Berlin",
    offices: OFFICES,
    people: Array.from({ length: people }, (_, index) => personAt(index, domain, rng, start, days)),
    slackTeamId: `T0${stableId(`team ${seed}`, 9)}`,
    googleCustomerId: `C0${stableId(`customer ${seed}`, 7).toLowerCase()}`,
    entraTenantId: stableGuid(`tenant ${seed}`),
    holidays: new Set(days >= 14 ? [start + rng.int(8, days - 2) * DAY_MS] : []),
  };
}

function personAt(index: number, domain: string, rng: Prng, start: number, days: number): Person {
  const name = `${rng.pick(FIRST)} ${rng.pick(LAST)}${index < 400 ? "" : `-${rng.pick(LAST)}`}`;
  // Half of the company sits at the head office.
  const office = OFFICES[[0, 0, 1, 0, 2, 1][index % 6] ?? 0] ?? firstOffice();
  // The first twelve are the few that every company has; then teams by the size that they usually have.
  const few: readonly Team[] = ["lead", "it", "it", "it", "finance", "legal", "people", "lead"];
  const many: readonly Team[] = [
    "engineering",
    "engineering",
    "engineering",
    "sales",
    "sales",
    "support",
    "support",
    "marketing",
    "finance",
    "people",
    "legal",
    "it",
  ];
  const team = few[index] ?? many[index % many.length] ?? "engineering";
  const email = `${name.toLowerCase().replace(/[^a-z]+/g, ".")}${index}@${domain}`;
  return {
    index,
    name,
    email,
    team,
    office,
    ip: `${office.network}.${10 + (index % 200)}`,
    userAgent: rng.pick(AGENTS),
    // The first ones, and later one of four in IT: large companies have more of them.
    isAdmin: team === "it" && (index < 24 || index % 48 === 47),
    isGuest: false,
    leftAt: index > 30 && rng.chance(0.015) ? start + rng.int(0, days) * DAY_MS : null,
    slackId: `U0${stableId(`slack ${email}`, 9)}`,
    googleId: `1${String(hash32(email)).padStart(10, "0")}${String(hash32(email, 1)).padStart(10, "0")}`,
    entraId: stableGuid(`entra ${email}`),
  };
}

function firstOffice(): Office {
  const [office] = OFFICES;
  if (office === undefined) throw new Error("a company has an office");
  return office;
}

function titled(domain: string): string {
  return (domain.split(".")[0] ?? domain)
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");
}

/** 0 is Sunday. */
export function weekday(at: number): number {
  return (Math.floor(at / DAY_MS) + 4) % 7;
}

/** Whether offices work on the day that holds `at`. */
export function isWorkday(company: Company, at: number): boolean {
  const start = Math.floor(at / DAY_MS) * DAY_MS;
  const day = weekday(at);
  return day !== 0 && day !== 6 && !company.holidays.has(start);
}

/** A moment of a UTC day by the clock on an office's wall; it may fall on the day before or after. */
export function local(dayStart: number, office: Office, hour: number, minute = 0): number {
  return dayStart + (hour - office.zone) * HOUR_MS + minute * MINUTE_MS;
}

/**
 * When a person does something on a day: office hours with a lunch break, now and then an evening, seldom a weekend;
 * nothing after she left. `mean` is the usual number on a workday.
 */
export function officeMoments(
  company: Company,
  person: Person,
  dayStart: number,
  mean: number,
  rng: Prng,
): number[] {
  if (person.leftAt !== null && dayStart >= person.leftAt) return [];
  const isFree = !isWorkday(company, dayStart);
  if (isFree ? !rng.chance(0.04) : rng.chance(0.06)) return [];
  const count = Math.round((isFree ? 0.2 : 1) * mean * (0.4 + 1.2 * rng.next()));
  const moments: number[] = [];
  for (let i = 0; i < count; i++) {
    const hour = rng.chance(0.03) ? 19 + 3 * rng.next() : 8.5 + 4.75 * (rng.next() + rng.next());
    moments.push(Math.floor(local(dayStart, person.office, 0) + hour * HOUR_MS));
  }
  return moments.sort((a, b) => a - b);
}

const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** An id that depends on its name alone. */
export function stableId(name: string, length: number): string {
  let id = "";
  for (let i = 0; i < length; i++) id += LETTERS[hash32(name, i + 11) % LETTERS.length] ?? "A";
  return id;
}

export function stableGuid(name: string): string {
  return guidFrom([1, 2, 3, 4].map((lane) => hash32(name, lane * 7_919)));
}

/** An id that only one record has. */
export function freshGuid(rng: Prng): string {
  return guidFrom([0, 1, 2, 3].map(() => rng.int(0, 0xffff_ffff)));
}

export function freshId(rng: Prng, length: number): string {
  let id = "";
  for (let i = 0; i < length; i++) id += LETTERS[rng.int(0, LETTERS.length - 1)] ?? "A";
  return id;
}

function guidFrom(words: readonly number[]): string {
  let hex = "";
  for (const word of words) hex += hexOf(word);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Looking bytes up is several times faster than spelling numbers, and ids are most of what a record is made of. */
const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** The eight digits of a 32-bit number. */
export function hexOf(word: number): string {
  return `${BYTES[word >>> 24]}${BYTES[(word >>> 16) & 255]}${BYTES[(word >>> 8) & 255]}${BYTES[word & 255]}`;
}
