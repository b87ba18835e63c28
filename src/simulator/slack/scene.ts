/** What scenarios are written with: a script of moments, a dial for stealth, an intruder's machines, new apps. */

import type { Prng } from "#base/prng.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#base/time.ts";
import { isWorkday, local, type Office, type Person } from "#simulator/company.ts";
import type { CastMember, Day, Play, Setting, StateFile, Subject } from "#simulator/stage.ts";
import { type App, type AppTraits, createApp, machines } from "./apps.ts";
import {
  APPROVAL_MS_MAX,
  type Emit,
  isSlackMember,
  leave,
  originOn,
  type SlackMember,
  sessionOf,
  type Traits,
} from "./member.ts";
import { type Places, placesOf } from "./places.ts";
import { type Deed, entry, type Origin } from "./records.ts";
import { evenly, inOfficeHours, rhythmOf } from "./rhythm.ts";
import { type StepKind, TRADES } from "./trades.ts";

export type Leave = (at: number, rng: Prng, emit: Emit, day: Day) => void;

interface Wave {
  readonly moments: readonly number[];
  readonly leave: Leave;
}

/** Moments and what each of them leaves, in any order; what lies outside of the run does not happen. */
export interface Script {
  once(at: number, leave: Leave): void;
  wave(moments: readonly number[], leave: Leave): void;
  play(known: Cast): Play;
}

interface Cast {
  readonly automations?: readonly { readonly nativeId: string }[];
  readonly people?: readonly Person[];
  /** Apps that exist only because of this scenario and act in it. */
  readonly newcomers?: readonly App[];
  /** Apps that come along and do nothing that a log would show, so that nobody could be asked to tell them. */
  readonly tools?: readonly App[];
  readonly state?: readonly StateFile[];
  /** A new app that comes in and goes about its work until the end of the run, beside the script. */
  readonly settler?: SlackMember;
}

export function scriptOf({ days, id }: Setting): Script {
  const start = days[0]?.start ?? 0;
  const end = start + days.length * DAY_MS;
  const waves: Wave[] = [];
  function wave(moments: readonly number[], leave: Leave): void {
    waves.push({ moments: moments.filter((at) => at >= start && at < end), leave });
  }
  return {
    once: (at, leave) => wave([at], leave),
    wave,
    play({ automations = [], people = [], newcomers = [], tools = [], state = [], settler }) {
      const all = waves.flatMap(({ moments }) => moments);
      return {
        subjects: [
          ...automations.map(({ nativeId }) => subject(nativeId, null)),
          ...newcomers.map((app) => subject(app.id, null)),
          ...people.map(({ email }) => subject(null, email)),
        ],
        newcomers: [...newcomers, ...tools].map((app) => ({ nativeId: app.id, name: app.name })),
        from: all.reduce((least, at) => Math.min(least, at), beginOf(settler) ?? end),
        // What a moment leaves may end a little later, and offices in the west end the last day after midnight UTC.
        to:
          settler === undefined
            ? all.reduce((most, at) => Math.max(most, at), start) + MINUTE_MS
            : end + DAY_MS,
        performers: [
          ...(settler === undefined ? [] : [settler]),
          { id: `slack scene ${id}`, act: (day, rng, emit) => act(waves, day, rng, emit) },
        ],
        state,
      };
    },
  };
}

/** Approval and installation are the first that is seen of it. */
function beginOf(settler: SlackMember | undefined): number | null {
  const arrival = settler?.traits.arrival ?? null;
  return arrival === null ? null : arrival.at - APPROVAL_MS_MAX;
}

function act(waves: readonly Wave[], day: Day, rng: Prng, emit: Emit): void {
  for (const { moments, leave: leaveOne } of waves) {
    for (const at of moments) {
      if (at >= day.start && at < day.start + DAY_MS) leaveOne(at, rng, emit, day);
    }
  }
}

function subject(automation: string | null, principal: string | null): Subject {
  return { platform: "slack", automation, principal };
}

/** Leaves one entry in the audit log whenever it is called. */
export function audit(places: Places, deed: Omit<Deed, "at">): Leave {
  return (at, rng, emit) => emit(entry(places, rng, { ...deed, at }));
}

/** Leaves what one step of an automation's work leaves. */
export function work(traits: Traits, step: StepKind, from: Origin): Leave {
  return (at, rng, emit) => leave(traits, step, at, from, rng, emit);
}

/** The same from where it works on that day. */
export function workAtHome(traits: Traits, step: StepKind): Leave {
  return (at, rng, emit, day) => leave(traits, step, at, originOn(traits, day, rng), rng, emit);
}

/** The same automation let loose on every file and channel, not just on those that it works with. */
export function everywhere(traits: Traits): Traits {
  return { ...traits, trade: { ...traits.trade, breadth: null } };
}

/** Between what a careless intruder does and what a careful one does; for amounts, by factors. */
export function dial({ stealth }: Setting, blatant: number, stealthy: number): number {
  if (blatant <= 0 || stealthy <= 0) return blatant + (stealthy - blatant) * stealth;
  return blatant * (stealthy / blatant) ** stealth;
}

/** A free automation of Slack that has what the scenario needs. */
export function takeSlack(setting: Setting, fits: (traits: Traits) => boolean): SlackMember | null {
  const last = setting.days.at(-1)?.start ?? 0;
  const member = setting.take(
    (other: CastMember) =>
      isSlackMember(other) &&
      other.traits.removal === null &&
      (other.traits.arrival === null || other.traits.arrival.at < last / 2) &&
      fits(other.traits),
  );
  return member !== null && isSlackMember(member) ? member : null;
}

/** How often it does a thing on a usual day. */
export function usualOf({ rhythm, trade }: Traits, step: StepKind): number {
  const total = trade.steps.reduce((sum, { weight }) => sum + weight, 0);
  const share = trade.steps.find(({ does }) => does === step)?.weight ?? 0;
  const level = rhythm.kind === "poll" ? DAY_MS / rhythm.stepMs : rhythm.level;
  return (level * share) / total;
}

export function does(traits: Traits, ...steps: readonly StepKind[]): boolean {
  return traits.trade.steps.some((step) => steps.includes(step.does));
}

/** Working days from a random day on, in the later part of the run, so that there is a time before; never none. */
export function stretch({ days, company, rng }: Setting, length: number, earliest = 0.45): Day[] {
  const calendar = Math.ceil((length * 7) / 5);
  const first = Math.floor(days.length * earliest);
  const last = Math.max(first, days.length - calendar - 1);
  const from = rng.int(first, last);
  const found = days
    .slice(from)
    .filter((day) => isWorkday(company, day.start))
    .slice(0, length);
  if (found.length > 0) return found;
  return days.slice(-1);
}

/** Days over which an intruder spreads what she does. */
export function spreadDays(setting: Setting, most = 11): Day[] {
  return stretch(setting, 1 + Math.round(setting.stealth ** 2 * (most - 1)));
}

/**
 * Moments of a day's haul: a careless intruder works by her own clock in one go, at night as often as not; a careful
 * one in the victim's office hours, one record here and one there.
 */
export function haul(setting: Setting, office: Office, day: Day, count: number): number[] {
  const { rng, stealth } = setting;
  if (rng.chance(stealth ** 1.5)) return inOfficeHours(office, day.start, count, rng);
  const hour = rng.chance(0.6) ? rng.int(0, 4) : rng.int(18, 22);
  const minutes = dial(setting, 15, 240) * (0.6 + 0.8 * rng.next());
  return evenly(local(day.start, office, hour, rng.int(0, 59)), minutes * MINUTE_MS, count, rng);
}

/** About so many, never twice the same. */
export function about(setting: Setting, count: number): number {
  return Math.max(1, Math.round(count * (0.75 + 0.5 * setting.rng.next())));
}

/** Scopes that read every conversation that the app's user can read. */
export const HISTORIES = [
  "channels:history",
  "groups:history",
  "im:history",
  "mpim:history",
] as const;

const CLIENTS = [
  "python-requests/2.31.0",
  "curl/8.5.0",
  "Go-http-client/1.1",
  "aiohttp/3.9.5",
  "node-fetch/1.0",
  "axios/1.6.2",
] as const;

/**
 * Where an intruder works from. A careless one brings a client and a network of her own; a more careful one calls
 * herself as the victim does; the best rent a machine next to the victim's.
 */
export function intruder(setting: Setting, victim: Traits): Origin {
  const { rng, stealth } = setting;
  const [near] = victim.ips;
  const own = machines(`away ${setting.id}`, 1)[0] ?? near;
  return {
    ip: rng.chance(Math.max(0, stealth - 0.4)) ? neighbour(near, rng) : own,
    userAgent: rng.chance(stealth * 1.1) ? victim.userAgent : rng.pick(CLIENTS),
    session: 4_200_000_000 + rng.int(0, 90_000_000),
  };
}

/** The same for a stolen session of a person. */
export function thief(setting: Setting, person: Person): Origin {
  const { rng, stealth } = setting;
  const own = machines(`away ${setting.id}`, 1)[0] ?? person.ip;
  return {
    ip: rng.chance(Math.max(0, stealth - 0.4)) ? neighbour(person.ip, rng) : own,
    userAgent: rng.chance(stealth * 1.1) ? person.userAgent : rng.pick(CLIENTS),
    session: 4_100_000_000 + person.index * 64 + 63,
  };
}

export function neighbour(ip: string, rng: Prng): string {
  return ip.replace(/\d+$/, String(rng.int(2, 250)));
}

/** An app that comes with the scenario. */
export function newApp(setting: Setting, traits: AppTraits, part = ""): App {
  return createApp(setting.company, `${setting.id} ${part}`, traits);
}

/** What a new app does all day: one of the trades, at some level of its own. */
export function traitsFor(
  setting: Setting,
  app: App,
  owner: Person,
  trade: string,
  known: Partial<Traits> = {},
): Traits {
  const { rng, days, company } = setting;
  const job = TRADES.find(({ id }) => id === trade) ?? TRADES[0];
  return {
    places: placesOf(company),
    app,
    trade: job,
    rhythm: rhythmOf(rng.pick(job.rhythm), job.level, owner.office, days.length, rng),
    users: [owner],
    owner,
    ips: addressesOf(app),
    userAgent: rng.pick(job.agents),
    move: null,
    upgrade: null,
    home: rng.int(0, 20_000),
    failing: 0.005,
    arrival: null,
    growth: null,
    removal: null,
    ...known,
  };
}

function addressesOf(app: App): readonly [string, ...string[]] {
  const [first = "198.19.0.2", ...rest] = machines(app.id, 2);
  return [first, ...rest];
}

/** The first of an app's own machines. */
export function homeOf({ ips, userAgent, app }: Traits): Origin {
  return { ip: ips[0], userAgent, session: sessionOf(app) };
}

/** A moment at which an office is at work on a day. */
export function atWork(day: Day, office: Office, rng: Prng): number {
  return local(day.start, office, rng.int(9, 16), rng.int(0, 59)) + rng.int(0, MINUTE_MS);
}

export function anAdmin(setting: Setting): Person {
  const admins = setting.company.people.filter(({ isAdmin }) => isAdmin);
  return setting.rng.pick(admins.length > 0 ? admins : setting.company.people);
}

export function hours(count: number): number {
  return count * HOUR_MS;
}

export function minutes(count: number): number {
  return count * MINUTE_MS;
}

export function placesFor(setting: Setting): Places {
  return placesOf(setting.company);
}
