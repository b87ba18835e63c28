/** The invented company: its people, its calendar and the draws that everything in the sample comes from. */

import { hash32 } from "#base/hash.ts";
import { type Prng, prng } from "#base/prng.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#base/time.ts";

export type Fields = Record<string, unknown>;

/** A record and when it happened; the order in which a file holds its records is decided last. */
export interface Moment {
  at: number;
  record: Fields;
}

export const DAYS = 21;
export const DOMAIN = "example.com";
export const COMPANY = "Northwind Robotics";

/** Hours ahead of UTC of the two places where people work. */
const EAST = 2;
const WEST = -5;

export interface Person {
  name: string;
  login: string;
  email: string;
  team: "engineering" | "sales" | "marketing" | "finance" | "people" | "it" | "support" | "lead";
  /** Hours ahead of UTC. */
  zone: number;
  ip: string;
  country: string;
  userAgent: string;
  isAdmin: boolean;
  isGuest: boolean;
  slackId: string;
  googleId: string;
  entraId: string;
  oktaId: string;
  claudeId: string;
}

const ROSTER: readonly (readonly [name: string, team: Person["team"], zone: number])[] = [
  ["Aila Brandvik", "lead", EAST],
  ["Joris Tamboer", "lead", WEST],
  ["Nessa Quillfeather", "it", EAST],
  ["Oduya Marrowby", "it", WEST],
  ["Pelle Hagstrand", "it", EAST],
  ["Rowena Castellbry", "it", WEST],
  ["Tindra Ollivar", "engineering", EAST],
  ["Bastian Kreuvel", "engineering", EAST],
  ["Ismeta Dravik", "engineering", EAST],
  ["Corwin Lathbury", "engineering", WEST],
  ["Yevka Sorrel", "engineering", EAST],
  ["Matteus Vindahl", "engineering", EAST],
  ["Priyanta Ashgrove", "engineering", WEST],
  ["Dov Ellersby", "engineering", WEST],
  ["Linnea Farrowick", "engineering", EAST],
  ["Kasimir Holt-Bray", "engineering", EAST],
  ["Sunniva Perrault-Lind", "engineering", EAST],
  ["Teodric Amberlane", "engineering", WEST],
  ["Wanjiru Stellbourne", "engineering", EAST],
  ["Emrys Caldicot", "engineering", WEST],
  ["Halina Wrenfield", "sales", EAST],
  ["Otis Barrowmere", "sales", WEST],
  ["Calliope Dunmarsh", "sales", WEST],
  ["Fenn Ostervald", "sales", EAST],
  ["Imke Thornquist", "sales", EAST],
  ["Renzo Valecourt", "sales", WEST],
  ["Saskia Middelhoek", "sales", EAST],
  ["Bram Ellingsworth", "marketing", WEST],
  ["Dagny Rosenvik", "marketing", EAST],
  ["Lucan Petherbridge", "marketing", EAST],
  ["Amara Feldspar", "marketing", WEST],
  ["Greta Sandholm", "finance", EAST],
  ["Ulric Penhallow", "finance", EAST],
  ["Viveka Strandmoor", "finance", EAST],
  ["Zeb Harrowgate", "finance", WEST],
  ["Meret Lindenau", "people", EAST],
  ["Quentin Albrecht-Moss", "people", WEST],
  ["Noor Vesterby", "people", EAST],
  ["Tobias Fenwright", "support", EAST],
  ["Ysolde Marchbanks", "support", WEST],
];

const AGENTS = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
] as const;

function employee(row: (typeof ROSTER)[number], index: number): Person {
  const [name, team, zone] = row;
  const login = name.toLowerCase().replace(/[^a-z]+/g, ".");
  return {
    name,
    login: login.replace(/\./g, "-"),
    email: `${login}@${DOMAIN}`,
    team,
    zone,
    ip: `198.51.100.${10 + index}`,
    country: zone === EAST ? "DE" : "US",
    userAgent: AGENTS[index % AGENTS.length] ?? AGENTS[0],
    isAdmin: team === "it",
    isGuest: false,
    slackId: `W0${stableId(`slack ${name}`, 8)}`,
    googleId:
      String(100_000_000_000 + hash32(name)) + String(hash32(name, 1)).padStart(9, "0").slice(0, 9),
    entraId: stableGuid(`entra ${name}`),
    oktaId: `00u${stableId(`okta ${name}`, 17)}`,
    claudeId: `user_01${stableId(`claude ${name}`, 20)}`,
  };
}

/** A contractor who is a guest in Slack and has an address of her own company. */
function contractor(): Person {
  const guest = employee(["Ilse Marwicken", "marketing", EAST], 70);
  return { ...guest, email: "ilse@brightpath.example", isGuest: true, ip: "203.0.113.140" };
}

/** Everything that is the same for every file of one sample. */
export interface World {
  seed: number;
  /** First midnight (UTC) of the sample, and the midnight after its last day. */
  start: number;
  end: number;
  people: readonly Person[];
  guest: Person;
  /** A stream of draws of its own for each purpose, so that one file does not shift another. */
  draws(purpose: string): Prng;
}

export function createWorld(seed: number, now: number): World {
  const end = Math.floor(now / DAY_MS) * DAY_MS;
  return {
    seed,
    start: end - DAYS * DAY_MS,
    end,
    people: ROSTER.map(employee),
    guest: contractor(),
    draws: (purpose) => prng(hash32(purpose, seed)),
  };
}

/** A person by the start of the name; the stories name their people. */
export function named(world: World, name: string): Person {
  const found = world.people.find((person) => person.name.startsWith(name));
  if (found === undefined) throw new Error(`nobody is called ${name}`);
  return found;
}

export function team(world: World, ...teams: readonly Person["team"][]): Person[] {
  return world.people.filter((person) => teams.includes(person.team));
}

/** 0 is Sunday. */
function weekday(at: number): number {
  return (Math.floor(at / DAY_MS) + 4) % 7;
}

export function isWorkday(at: number): boolean {
  const day = weekday(at);
  return day !== 0 && day !== 6;
}

/** First milliseconds of the sample's days. */
export function days(world: World): number[] {
  return Array.from({ length: DAYS }, (_, index) => world.start + index * DAY_MS);
}

/** The workday that lies `back` workdays before the end of the sample; 1 is the last one. */
export function workdayBack(world: World, back: number): number {
  let left = back;
  let at = world.end;
  while (left > 0) {
    at -= DAY_MS;
    if (isWorkday(at)) left--;
  }
  return at;
}

/** The last Sunday of the sample. */
export function lastSunday(world: World): number {
  let at = world.end - DAY_MS;
  while (weekday(at) !== 0) at -= DAY_MS;
  return at;
}

/** A moment of a day by the clock on somebody's wall. */
export function local(day: number, zone: number, hour: number, minute = 0): number {
  return day + (hour - zone) * HOUR_MS + minute * MINUTE_MS;
}

/** When a person does something on a day: office hours with a lunch break, now and then an evening, seldom a weekend. */
export function officeMoments(rng: Prng, person: Person, day: number, mean: number): number[] {
  const isFree = !isWorkday(day);
  if (isFree && !rng.chance(0.05)) return [];
  if (!isFree && rng.chance(0.06)) return [];
  const count = Math.max(0, Math.round((isFree ? 0.2 : 1) * mean * (0.5 + rng.next())));
  const moments: number[] = [];
  for (let i = 0; i < count; i++) {
    const isEvening = rng.chance(0.03);
    const hour = isEvening ? 19 + 3 * rng.next() : officeHour(rng);
    moments.push(Math.floor(local(day, person.zone, 0) + hour * HOUR_MS));
  }
  return moments;
}

/** Mornings and afternoons are busy, one hour at noon is not. */
function officeHour(rng: Prng): number {
  const hour = 8.5 + 9.5 * ((rng.next() + rng.next()) / 2);
  return hour > 12 && hour < 13 && rng.chance(0.7) ? hour + 1.5 : hour;
}

/** `count` moments spread over a stretch, each a little off its even place. */
export function spread(rng: Prng, from: number, lengthMs: number, count: number): number[] {
  const step = lengthMs / Math.max(1, count);
  return Array.from({ length: count }, (_, index) =>
    Math.floor(from + step * (index + 0.8 * rng.next())),
  );
}

const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** An id that is the same in every sample: of a person, an app, a file. */
export function stableId(name: string, length: number): string {
  let id = "";
  for (let i = 0; i < length; i++) id += LETTERS[hash32(name, i + 11) % LETTERS.length] ?? "A";
  return id;
}

export function stableGuid(name: string): string {
  const hex = [1, 2, 3, 4]
    .map((lane) =>
      hash32(name, lane * 7919)
        .toString(16)
        .padStart(8, "0"),
    )
    .join("");
  return formatGuid(hex);
}

/** An id that only one record has. */
export function freshGuid(rng: Prng): string {
  return formatGuid(freshHex(rng, 32));
}

export function freshHex(rng: Prng, length: number): string {
  let hex = "";
  while (hex.length < length) hex += rng.int(0, 0xffff).toString(16).padStart(4, "0");
  return hex.slice(0, length);
}

export function freshId(rng: Prng, length: number): string {
  let id = "";
  for (let i = 0; i < length; i++) id += LETTERS[rng.int(0, LETTERS.length - 1)] ?? "A";
  return id;
}

function formatGuid(hex: string): string {
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return parts.join("-");
}

export function isoTime(at: number): string {
  return new Date(at).toISOString();
}

/** Records in the order in which they happened; equal times keep the order in which they were made. */
export function oldestFirst(moments: Moment[]): Fields[] {
  return moments.sort((a, b) => a.at - b.at).map(({ record }) => record);
}

export function newestFirst(moments: Moment[]): Fields[] {
  return oldestFirst(moments).reverse();
}

/** The order of a collector: mostly as it happened, but some records hours late. */
export function withLateRecords(
  rng: Prng,
  moments: Moment[],
  share: number,
  lateMs: number,
): Fields[] {
  const arrivals = moments.map((moment) => ({
    ...moment,
    at: moment.at + (rng.chance(share) ? rng.next() * lateMs : 0),
  }));
  return oldestFirst(arrivals);
}
