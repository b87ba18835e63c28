/** Casts the everyday automations of a Microsoft tenant: trades, names, machines, owners, volumes and fates. */

import type { Prng } from "#base/prng.ts";
import { DAY_MS } from "#base/time.ts";
import { type Company, isWorkday, type Person, stableGuid, stableId } from "#simulator/company.ts";
import type { Day, Handle } from "#simulator/stage.ts";
import { type Fate, firstMoment, type Member, memberOf, someDay } from "./member.ts";
import { cloudPlace, neighbour, serverRoom } from "./places.ts";
import { type App, appNamed, type Place, slug } from "./records/common.ts";
import { rhythmOf } from "./rhythm.ts";
import { TRADES, type Trade } from "./trades.ts";

const VENDORS =
  "Bridgewell Vaultbury Surveyhill Northgate Quillstone Larkfield Mossbank Pinecrest Ambergate Fernhollow Stonecroft Brightwater Oakhurst Silverbeck Thornbury Willowmere Ashdown Cinderford Dovecote Elmsworth Foxglade Greyfriars Hawkstone Ivybridge Kestrelway Lindenau Marlowe Netherby Orchardleigh Peverell Ravensdale Saltmarsh Tamarisk Underhill Valebrook Wyndham Yarrowby Zephyrine".split(
    " ",
  );
const SUFFIXES = ["", "", "", " for Teams", " Connector", " Cloud", " EU", " Pro"] as const;
const STAGES = ["prod", "prod", "prod", "staging", "dev", "eu", "us"] as const;
const CONNECTORS = [
  "shared_office365",
  "shared_sharepointonline",
  "shared_teams",
  "shared_microsoftforms",
  "shared_approvals",
  "shared_excelonlinebusiness",
  "shared_planner",
  "shared_onedriveforbusiness",
] as const;

export function cast(
  company: Company,
  count: number,
  rng: Prng,
  days: readonly Day[],
): readonly Member[] {
  const pools = poolsOf(company);
  const taken = new Set<string>();
  const members: Member[] = [];
  for (let index = 0; index < count; index++) {
    members.push(one(company, index, rng, days, pools, taken));
  }
  return members;
}

interface Pools {
  readonly builders: readonly Person[];
  readonly admins: readonly Person[];
  readonly everybody: readonly Person[];
}

function poolsOf(company: Company): Pools {
  const present = company.people.filter(({ leftAt, isGuest }) => leftAt === null && !isGuest);
  const builders = present.filter(({ team }) => team === "engineering" || team === "it");
  const admins = present.filter(({ isAdmin }) => isAdmin);
  const everybody = present.length > 0 ? present : company.people;
  return {
    builders: builders.length > 0 ? builders : everybody,
    admins: admins.length > 0 ? admins : everybody,
    everybody,
  };
}

function one(
  company: Company,
  index: number,
  rng: Prng,
  days: readonly Day[],
  pools: Pools,
  taken: Set<string>,
): Member {
  // The first ones show every trade; after them the mix is as companies have it.
  const trade = TRADES[index] ?? tradeOf(rng);
  const isFirst = index < TRADES.length;
  const key = `${company.seed} microsoft ${index}`;
  const isBought = rng.chance(trade.bought);
  const isHarmless = trade.scopes.every((scope) => !/Mail|Files|Contacts|Calendars/.test(scope));
  const isForAll = trade.means !== "delegated" || !isHarmless || rng.chance(0.5);
  const owner = ownerOf(trade, isBought, isForAll, pools, rng);
  const vendor = isBought ? rng.pick(VENDORS) : null;
  const name = nameOf(trade, vendor, rng, taken);
  const native = nativeIdOf(trade, key, name);
  const app = appOf(company, trade, key, name, vendor, isFirst, rng);
  const places = placesOf(isBought || trade.means === "managed", owner, rng);
  const perDay = Math.min(600, Math.exp(1.1 + 1.3 * gauss(rng))) * trade.busy;
  const fate = fateOf(
    company,
    trade,
    isBought,
    isFirst,
    places,
    rng.pick(pools.builders),
    days,
    rng,
  );
  const users = usersOf(trade, isForAll, owner, pools, rng);
  const place = places[0];
  const agent =
    trade.means === "agent"
      ? { id: native, name, host: rng.pick(["Teams", "Office", "Word"]) }
      : null;
  return memberOf(company, {
    id: `microsoft:cast:${index}`,
    platform: "microsoft",
    nativeId: native,
    name,
    behaviour: trade.behaviour,
    handle: handleOf(trade, app, vendor, owner, places, place, perDay),
    app,
    agent,
    trade,
    means: trade.means,
    places,
    perDay,
    rhythm: rhythmOf(rng.pick(trade.rhythms), rng),
    fate,
    owner,
    approver: owner.isAdmin ? owner : rng.pick(pools.admins),
    users,
    isForAll,
    connectors: trade.means === "flow" ? connectorsOf(rng) : [],
    createdAt: firstMoment(days) + createdOffset(fate, rng),
  });
}

function createdOffset(fate: Fate, rng: Prng): number {
  return fate.arrivesOn === null
    ? -rng.int(45, 1_800) * DAY_MS
    : fate.arrivesOn * DAY_MS + DAY_MS / 3;
}

const ALL_SHARES = TRADES.reduce((sum, { share }) => sum + share, 0);

function tradeOf(rng: Prng): Trade {
  let draw = rng.next() * ALL_SHARES;
  for (const trade of TRADES) {
    draw -= trade.share;
    if (draw < 0) return trade;
  }
  throw new Error("shares add up to their sum");
}

function ownerOf(
  trade: Trade,
  isBought: boolean,
  isForAll: boolean,
  pools: Pools,
  rng: Prng,
): Person {
  if (trade.means === "flow" || trade.means === "agent") return rng.pick(pools.everybody);
  if (trade.means === "delegated") return rng.pick(isForAll ? pools.admins : pools.everybody);
  return rng.pick(isBought ? pools.admins : pools.builders);
}

/** `Vaultbury Cloud Backup` when bought, `svc-cloud-backup-prod` or `Cloud Backup` when made in-house. */
function nameOf(trade: Trade, vendor: string | null, rng: Prng, taken: Set<string>): string {
  for (let attempt = 0; ; attempt++) {
    const product = rng.pick(trade.products);
    const number = attempt > 3 ? ` ${rng.int(2, 99 * attempt)}` : "";
    const name =
      vendor !== null
        ? `${attempt > 1 ? rng.pick(VENDORS) : vendor} ${product}${rng.pick(SUFFIXES)}${number}`
        : trade.means === "flow" || trade.means === "agent"
          ? `${product}${attempt > 0 ? ` ${rng.pick(["HR", "Sales", "Finance", "IT", "EU", "US"])}` : ""}${number}`
          : `${rng.pick(["svc", "app", "sp"])}-${slug(product)}-${rng.pick(STAGES)}${slug(number)}`;
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}

function nativeIdOf(trade: Trade, key: string, name: string): string {
  if (trade.means === "flow") return stableGuid(`flow ${key}`);
  if (trade.means !== "agent") return stableGuid(`app ${key}`);
  return `CopilotStudio.${trade.behaviour === "agent" ? "Declarative" : "Custom"}.T_${slug(name)}-${stableId(key, 6).toLowerCase()}`;
}

function appOf(
  company: Company,
  trade: Trade,
  key: string,
  name: string,
  vendor: string | null,
  isFirst: boolean,
  rng: Prng,
): App {
  // Every second pipeline hands out permissions to what it deploys.
  const isGiver = trade.behaviour === "pipeline" && (isFirst || rng.chance(0.5));
  const known = {
    roles: isGiver ? [...trade.roles, "AppRoleAssignment.ReadWrite.All"] : trade.roles,
    scopes: trade.scopes,
    isManaged: trade.means === "managed",
  };
  if (vendor === null) {
    return appNamed(name, key, {
      ...known,
      ownerTenant: company.entraTenantId,
      host: `apps.${company.domain}`,
    });
  }
  // Small vendors never get verified; hardly any of them gets far-reaching rights.
  const isFarReaching = [...trade.roles, ...trade.scopes].some((scope) =>
    /Mail|Files|Sites|All/.test(scope),
  );
  const publisher = rng.chance(isFarReaching ? 0.985 : 0.9)
    ? `${vendor} ${rng.pick(["Ltd", "Inc.", "GmbH", "Software"])}`
    : null;
  return appNamed(name, key, {
    ...known,
    publisher,
    ownerTenant: stableGuid(`tenant of ${vendor}`),
    host: `${slug(vendor)}.example`,
  });
}

function placesOf(isCloud: boolean, owner: Person, rng: Prng): Place[] {
  const first = isCloud || rng.chance(0.65) ? cloudPlace(rng) : serverRoom(rng, owner.office);
  const places = [first];
  for (let more = rng.pick([0, 0, 0, 1, 1, 2, 4]); more > 0; more--)
    places.push(neighbour(rng, first));
  // Some run in two regions at once.
  if (isCloud && rng.chance(0.06)) places.push({ ...cloudPlace(rng), userAgent: first.userAgent });
  return places;
}

function usersOf(
  trade: Trade,
  isForAll: boolean,
  owner: Person,
  pools: Pools,
  rng: Prng,
): readonly Person[] {
  if (trade.means === "app" && trade.behaviour !== "mailbox-listener") return pools.everybody;
  const most = isForAll ? 60 : 6;
  const users = [owner];
  for (let more = Math.floor(most * rng.next() ** 2); more > 0; more--) {
    const person = rng.pick(pools.everybody);
    if (!users.includes(person)) users.push(person);
  }
  return users;
}

function fateOf(
  company: Company,
  trade: Trade,
  isBought: boolean,
  isFirst: boolean,
  places: readonly Place[],
  colleague: Person,
  days: readonly Day[],
  rng: Prng,
): Fate {
  const workday = (): number => {
    let day = someDay(rng, days);
    for (let tries = 0; tries < 7 && !isWorkday(company, days[day]?.start ?? 0); tries++) {
      day = Math.min(days.length - 2, day + 1);
    }
    return day;
  };
  const hasKey = trade.means === "app" && !isBought;
  const breaks = rng.chance(0.14) ? workday() : null;
  const isExpired = hasKey && rng.chance(0.35);
  const length = rng.pick([1, 1, 1, 2, 3]);
  const outage = breaks === null ? null : ([breaks, breaks + length] as const);
  const moves = rng.chance(0.1) ? workday() : null;
  // Most moves stay with the same provider, and some only bring a new version of the software.
  const [home] = places;
  const isUpdate = rng.chance(0.4);
  const to = rng.chance(0.75) && home !== undefined ? neighbour(rng, home) : cloudPlace(rng);
  const userAgent = isUpdate ? nextVersion(home?.userAgent ?? "") : (home?.userAgent ?? "");
  const moved = isUpdate
    ? places.map((place) => ({ ...place, userAgent }))
    : [{ ...to, userAgent }];
  const renews = hasKey && rng.chance(0.09) ? workday() : null;
  return {
    arrivesOn: !isFirst && rng.chance(0.035) ? workday() : null,
    outage,
    isExpired,
    moves: moves === null ? null : { on: moves, places: moved },
    rotatesOn: outage !== null && isExpired ? outage[1] - 1 : renews,
    coOwner: hasKey && rng.chance(0.03) ? { on: workday(), person: colleague } : null,
    step: rng.chance(0.05) ? { on: workday(), factor: rng.pick([0.4, 1.8, 2.5, 3]) } : null,
    growth: 1 + 0.012 * gauss(rng),
    // A few hammer the API as they were written, and a few are set up wrongly and nobody minds.
    throttled: rng.chance(0.02) ? 0.12 : rng.chance(0.2) ? 0.03 * rng.next() : 0,
    failing: rng.chance(0.02) ? 0.3 : rng.chance(0.5) ? 0.02 * rng.next() : 0.001,
  };
}

/** `python-requests/2.32.3` becomes `python-requests/2.33.3`. */
function nextVersion(userAgent: string): string {
  return userAgent.replace(/\.(\d+)/, (_, minor: string) => `.${Number(minor) + 1}`);
}

function handleOf(
  trade: Trade,
  app: App,
  vendor: string | null,
  owner: Person,
  places: readonly Place[],
  place: Place | undefined,
  perDay: number,
): Handle {
  return {
    kind: trade.means,
    vendor,
    scopes: trade.means === "delegated" ? app.scopes : app.roles,
    owner,
    ips: places.map(({ ip }) => ip),
    userAgent: place?.userAgent ?? "",
    ids: {
      appId: app.appId,
      objectId: app.objectId,
      keyId: app.keyId,
      ownerTenant: app.ownerTenant,
      perDay: perDay.toFixed(2),
    },
  };
}

/** Normally distributed, by Box and Muller. */
function gauss(rng: Prng): number {
  return Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());
}

/** Now and then a flow calls a web service; most of those are the company's own. */
function connectorsOf(rng: Prng): string[] {
  const found = someOf(CONNECTORS, rng.int(1, 3), rng);
  return rng.chance(0.06) ? [...found, "http"] : found;
}

function someOf<T>(items: readonly T[], count: number, rng: Prng): T[] {
  const found = new Set<T>();
  while (found.size < count) found.add(rng.pick(items));
  return [...found];
}
