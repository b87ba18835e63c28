/** The everyday automations of a tenant: which trades, whose, how busy, since when. */

import { hash32 } from "#base/hash.ts";
import type { Prng } from "#base/prng.ts";
import { DAY_MS } from "#base/time.ts";
import { type Company, isWorkday, type Person } from "#simulator/company.ts";
import type { Day } from "#simulator/stage.ts";
import { type App, createApp, machines } from "./apps.ts";
import { habitsOf, heavyTailed, officeMoment } from "./habits.ts";
import { type Approval, createMember, type GoogleMember, type Grant } from "./member.ts";
import { Names } from "./names.ts";
import { runsConsole } from "./people.ts";
import { isAllowed } from "./reach.ts";
import { projectOfAccount } from "./records.ts";
import { type Reach, TRADES, type Trade } from "./trades.ts";

/** Records a day of a middling automation; the mean is several times that. */
const LEVEL_MEDIAN = 1.6;
const LEVEL_SIGMA = 1.15;
const LEVEL_MAX = 900;

export function castOf(
  company: Company,
  count: number,
  rng: Prng,
  days: readonly Day[],
): GoogleMember[] {
  const names = new Names();
  return Array.from({ length: count }, (_, index) => memberAt(company, index, names, rng, days));
}

function memberAt(
  company: Company,
  index: number,
  names: Names,
  rng: Prng,
  days: readonly Day[],
): GoogleMember {
  const trade = tradeFor(rng);
  const name = names.next(trade, rng);
  const reach = rng.pick(trade.reach);
  const key = `app ${index} ${name}`;
  const isOwn = trade.kind === "service_account" && (reach === "self" || rng.chance(0.5));
  const app = createApp(company, key, name, {
    kind: trade.kind,
    clientType: trade.clientType ?? (trade.kind === "oauth_app" ? clientTypeFor(rng) : "WEB"),
    scopes: rng.pick(trade.scopes),
    isOwn,
    isAgent: trade.isAgent ?? false,
  });
  const owner = ownerFor(company, trade, rng);
  const level = Math.min(
    LEVEL_MAX,
    trade.volume * heavyTailed(LEVEL_MEDIAN, LEVEL_SIGMA, rng) * CROWD[reach],
  );
  const habits = habitsOf(
    rng.pick(trade.rhythm),
    level,
    trade.hours ?? [8, 18],
    owner.office,
    days.length,
    rng,
  );
  const approval = approvalFor(company, trade, reach, days, rng);
  const machineCount = rng.pick([1, 1, 2, 2, 2, 3, 3, 6, 24]);
  const seeded = `${company.seed} ${key}`;
  // Most moves are to another machine of the same cloud, the others to another cloud.
  const isNear = rng.chance(0.7);
  return createMember(`google app ${index}`, owner, {
    company,
    app,
    trade,
    steps: trade.steps.filter(({ method }) => isAllowed(method, app.scopes)),
    habits,
    grants: grantsFor(company, reach, owner, approval, days, rng),
    approval,
    keyDay: isOwn && rng.chance(0.05) ? rng.pick(days).index : null,
    places: machines(seeded, app.kind, machineCount),
    nextPlaces: machines(isNear ? seeded : `${seeded} moved`, app.kind, machineCount + 3).slice(
      isNear ? 2 : 0,
    ),
  });
}

/** Work grows with the people that it is for, but much less than they. */
const CROWD: Readonly<Record<Reach, number>> = {
  one: 1,
  few: 1.6,
  team: 3,
  many: 6,
  delegated: 2,
  admin: 1,
  self: 1,
};

function tradeFor(rng: Prng): Trade {
  let left = rng.next() * TRADES.reduce((sum, { weight }) => sum + weight, 0);
  for (const trade of TRADES) {
    left -= trade.weight;
    if (left < 0) return trade;
  }
  return rng.pick(TRADES);
}

function clientTypeFor(rng: Prng): string {
  return rng.chance(0.88)
    ? "WEB"
    : rng.pick(["NATIVE_DESKTOP", "NATIVE_ANDROID", "NATIVE_IOS", "NATIVE_CHROME_EXTENSION"]);
}

/** Scripts belong to whoever needs them; what is for everybody belongs to IT. */
function ownerFor(company: Company, trade: Trade, rng: Prng): Person {
  const fits =
    trade.kind === "service_account"
      ? company.people.filter(runsConsole)
      : company.people.filter((person) => !person.isGuest);
  return rng.pick(fits.length > 0 ? fits : company.people);
}

function approvalFor(
  company: Company,
  { kind }: Trade,
  reach: Reach,
  days: readonly Day[],
  rng: Prng,
): Approval | null {
  // A tenant gets a new delegated account about once a month, and a few apps that IT rolls out.
  const isNew = rng.chance(kind === "service_account" ? 0.015 : 0.06);
  const by = rng.pick(company.people.filter(runsConsole));
  const day = rng.pick(days.slice(0, Math.max(1, Math.floor(days.length * 0.8))));
  if (!isNew || !isWorkday(company, day.start)) return null;
  const at = officeMoment(by.office, day.start, rng);
  if (kind === "service_account") return reach === "self" ? null : { how: "delegate", at, by };
  return reach === "team" || reach === "many"
    ? { how: rng.chance(0.5) ? "install" : "trust", at, by }
    : null;
}

function grantsFor(
  company: Company,
  reach: Reach,
  owner: Person,
  approval: Approval | null,
  days: readonly Day[],
  rng: Prng,
): Grant[] {
  if (reach === "self") return [{ person: owner, at: null, revokedAt: null }];
  const people = usersFor(company, reach, owner, rng);
  // Delegation asks nobody, so there is no consent in it.
  if (reach === "delegated" || reach === "admin") {
    return people.map((person) => ({ person, at: null, revokedAt: null }));
  }
  const isFresh = approval !== null || rng.chance(0.08);
  const adoption = isFresh ? 0.9 : 0.15;
  const grants = people.map((person): Grant => {
    const at = rng.chance(adoption) ? consentTime(company, person, approval, days, rng) : null;
    const isRevoked = at === null && rng.chance(0.02);
    const day = rng.pick(days);
    return {
      person,
      at,
      revokedAt: isRevoked ? officeMoment(person.office, day.start, rng) : null,
    };
  });
  return grants.sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
}

/** On a day of work on which the person was still there; null where none was found. */
function consentTime(
  company: Company,
  person: Person,
  approval: Approval | null,
  days: readonly Day[],
  rng: Prng,
): number | null {
  const from = approval === null ? 0 : days.findIndex((day) => day.start + DAY_MS > approval.at);
  for (let tries = 0; tries < 4; tries++) {
    const day = days[rng.int(Math.max(0, from), days.length - 1)];
    if (day === undefined || !isWorkday(company, day.start)) continue;
    const at = officeMoment(person.office, day.start, rng);
    if (at < day.start || at >= day.start + DAY_MS || at < (approval?.at ?? 0)) continue;
    if (person.leftAt === null || person.leftAt > at) return at;
  }
  return null;
}

function usersFor(company: Company, reach: Reach, owner: Person, rng: Prng): Person[] {
  const { people } = company;
  const size = Math.min(people.length, sizeOf(reach, people.length, rng));
  if (reach === "delegated") return people.filter((_, index) => index < size);
  const step = 1 + rng.int(0, 6);
  const team = people.filter(
    (person) => person !== owner && (reach === "many" || person.team === owner.team),
  );
  const from = rng.int(0, Math.max(0, team.length - 1));
  const users = new Set([owner]);
  for (let i = 0; i < team.length && users.size < size; i++) {
    const person = team[(from + i * step) % team.length];
    if (person !== undefined) users.add(person);
  }
  return [...users];
}

function sizeOf(reach: Reach, everybody: number, rng: Prng): number {
  switch (reach) {
    case "few":
      return rng.int(2, 5);
    case "team":
      return rng.int(5, 20);
    case "many":
      return Math.min(250, Math.floor(everybody * (0.1 + 0.3 * rng.next())));
    case "delegated":
      return Math.floor(everybody * (0.3 + 0.7 * rng.next()));
    default:
      return 1;
  }
}

/** The company's own service accounts, as `gcloud iam service-accounts list` gives them. */
export function accountRow(app: App): Record<string, unknown> | null {
  if (app.email === null) return null;
  const project = projectOfAccount(app.email);
  return {
    name: `projects/${project}/serviceAccounts/${app.email}`,
    projectId: project,
    uniqueId: app.clientId,
    email: app.email,
    displayName: app.name,
    etag: hash32(app.email).toString(16),
    oauth2ClientId: app.clientId,
    disabled: false,
  };
}
