/** The everyday automations of a workspace: which trades, built by whom, how busy, since when, on which machines. */

import type { Prng } from "#base/prng.ts";
import { MINUTE_MS } from "#base/time.ts";
import { type Company, isWorkday, local, type Person } from "#simulator/company.ts";
import type { Day } from "#simulator/stage.ts";
import { type App, createApp, machines } from "./apps.ts";
import { createMember, type SlackMember, type Traits } from "./member.ts";
import { placesOf } from "./places.ts";
import { rhythmOf } from "./rhythm.ts";
import { TRADES, type Trade } from "./trades.ts";

/** Most are quiet and a few are not: the spread of a log-normal distribution around a trade's level. */
const SPREAD = 0.95;
const LEVEL_MAX = 700;

export function castOf(
  company: Company,
  count: number,
  rng: Prng,
  days: readonly Day[],
): SlackMember[] {
  const names = new Set<string>();
  const crew = {
    approvers: nonEmpty(
      company.people.filter(({ isAdmin }) => isAdmin),
      company,
    ),
    builders: nonEmpty(
      company.people.filter(({ team }) => team === "engineering" || team === "it"),
      company,
    ),
  };
  return Array.from({ length: count }, (_, index) => {
    const trade = tradeFor(rng);
    const isInternal = rng.chance(trade.internalShare);
    const owner = rng.pick(isInternal ? crew.builders : company.people);
    const { name, domain } = nameFor(trade, isInternal, names, rng);
    const app = createApp(company, `${index} ${name}`, {
      name,
      scopes: rng.pick(trade.scopes),
      owner,
      isInternal,
      isVerified: domain !== null || (!isInternal && rng.chance(0.85)),
      isWorkflow: trade.kind === "workflow",
      hasRotation: rng.chance(0.1),
      ...(domain === null ? {} : { homepage: `https://${domain}` }),
    });
    const traits = traitsOf(
      company,
      { app, trade, owner, approver: rng.pick(crew.approvers) },
      days,
      rng,
    );
    return createMember(`slack app ${index}`, traits);
  });
}

type People = readonly [Person, ...Person[]];

function nonEmpty(people: readonly Person[], company: Company): People {
  const [first = company.people[0], ...rest] = people;
  if (first === undefined) throw new Error("a company has people");
  return [first, ...rest];
}

interface Identity {
  readonly app: App;
  readonly trade: Trade;
  readonly owner: Person;
  readonly approver: Person;
}

export function traitsOf(
  company: Company,
  { app, trade, owner, approver }: Identity,
  days: readonly Day[],
  rng: Prng,
): Traits {
  const level = Math.min(LEVEL_MAX, trade.level * Math.exp(SPREAD * normal(rng)));
  const cloud = app.isInternal && rng.chance(0.7) ? `${company.seed} own cloud` : app.id;
  const size = app.isInternal ? rng.pick([1, 1, 2]) : rng.pick([1, 2, 3, 5]);
  const userAgent = rng.pick(trade.agents);
  const dayCount = days.length;
  return {
    places: placesOf(company),
    app,
    trade,
    rhythm: rhythmOf(rng.pick(trade.rhythm), level, owner.office, dayCount, rng),
    users: usersOf(company, trade, owner, rng),
    owner,
    ips: addresses(`${cloud} ${rng.int(0, 3)}`, size),
    userAgent,
    move: rng.chance(0.12)
      ? { day: rng.int(3, Math.max(4, dayCount - 2)), ips: addresses(`${app.id} moved`, size) }
      : null,
    upgrade: rng.chance(0.12)
      ? { day: rng.int(2, Math.max(3, dayCount - 1)), userAgent: nextVersion(userAgent) }
      : null,
    home: rng.int(0, 20_000),
    failing: rng.chance(0.1) ? 0.15 * rng.next() : 0.01 * rng.next(),
    arrival: rng.chance(0.06) ? workMoment(company, approver, days, rng) : null,
    growth: rng.chance(0.025) ? growthOf(company, app, approver, days, rng) : null,
    removal: rng.chance(0.008) ? workMoment(company, approver, days, rng) : null,
  };
}

/** A standard normal draw (Box and Muller). */
function normal(rng: Prng): number {
  return Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());
}

function addresses(key: string, count: number): readonly [string, ...string[]] {
  const [first = "198.19.0.2", ...rest] = machines(key, count);
  return [first, ...rest];
}

/** The same client, one version later. */
export function nextVersion(userAgent: string): string {
  return userAgent.replace(
    /(\/\d+\.)(\d+)/,
    (_, major: string, minor: string) => `${major}${Number(minor) + 1}`,
  );
}

/** Scopes that admins add without much thought. */
const MODEST = [
  "reactions:write",
  "users:read",
  "files:write",
  "channels:join",
  "commands",
] as const;

function growthOf(
  company: Company,
  app: App,
  by: Person,
  days: readonly Day[],
  rng: Prng,
): Traits["growth"] {
  const added = MODEST.find((scope) => !app.scopes.includes(scope));
  const moment = workMoment(company, by, days, rng);
  return added === undefined || moment === null || app.isWorkflow ? null : { ...moment, added };
}

/** A moment on a working day of the run at which a person is at her desk; null where no day was found. */
function workMoment(
  company: Company,
  by: Person,
  days: readonly Day[],
  rng: Prng,
): { at: number; by: Person } | null {
  for (let tries = 0; tries < 5; tries++) {
    const day = rng.pick(days);
    if (isWorkday(company, day.start)) {
      return {
        at: local(day.start, by.office, rng.int(9, 16), rng.int(0, 59)) + rng.int(0, MINUTE_MS),
        by,
      };
    }
  }
  return null;
}

function usersOf(company: Company, { reach = 0 }: Trade, owner: Person, rng: Prng): People {
  const { people } = company;
  const wanted = Math.min(60, Math.ceil(people.length * reach * (0.3 + 1.4 * rng.next())));
  const users: Person[] = [];
  for (let i = 1; i < wanted; i++) {
    const person = rng.pick(people);
    if (person.leftAt === null && !users.includes(person)) users.push(person);
  }
  return [owner, ...users];
}

function tradeFor(rng: Prng): Trade {
  let left = rng.next() * TRADES.reduce((sum, { weight }) => sum + weight, 0);
  for (const trade of TRADES) {
    left -= trade.weight;
    if (left < 0) return trade;
  }
  return TRADES[0];
}

const SHAPES =
  "Atlas Beacon Cedar Delta Ember Flint Garnet Harbor Iris Juno Kite Lumen Maple Nova Onyx Pine Quartz Ridge Sable Tidal Umber Vale Willow Zephyr".split(
    " ",
  );
const HEADS =
  "Al Bri Cor Del Em Fin Gal Hel Jun Kal Lum Mon Nim Ori Pel Quo Ras Sol Tel Ven Wil Xy Yor Zen".split(
    " ",
  );
const TAILS =
  "ado bry cade dex evo gent hive ique jet kora line mo nest opia quick rio scape tap vo wise".split(
    " ",
  );

/** A well-known product once each; else an invented one, or what builders call their own after a project. */
function nameFor(
  trade: Trade,
  isInternal: boolean,
  taken: Set<string>,
  rng: Prng,
): { name: string; domain: string | null } {
  const brand = isInternal ? undefined : trade.brands?.find((known) => !taken.has(known.name));
  if (brand !== undefined && rng.chance(0.5)) {
    taken.add(brand.name);
    return brand;
  }
  const word = rng.pick(trade.words);
  const stem = isInternal
    ? `${rng.pick(SHAPES)} ${word}`
    : `${rng.pick(HEADS)}${rng.pick(TAILS)} ${word}`;
  let name = stem;
  for (let n = 2; taken.has(name); n++) name = `${stem} ${n}`;
  taken.add(name);
  return { name, domain: null };
}
