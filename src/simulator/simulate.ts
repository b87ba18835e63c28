/** The simulation: a company, its automations and people, attacks and look-alikes among them, and the truth about both. */

import { hash32 } from "#base/hash.ts";
import { type Prng, prng } from "#base/prng.ts";
import { DAY_MS, iso } from "#base/time.ts";
import { type Company, createCompany, type Person } from "./company.ts";
import { byEventTime, type Delivery, delivered, TIDY } from "./delivery.ts";
import { platforms as allPlatforms } from "./platforms.ts";
import type {
  CastMember,
  Day,
  Emission,
  Label,
  Performer,
  Play,
  Scenario,
  Setting,
  Simulated,
  SimulatedPlatform,
  StateFile,
} from "./stage.ts";

export interface SimulationOptions {
  readonly seed: number;
  /** Automations at their everyday work, over all platforms. */
  readonly automations: number;
  readonly days: number;
  /** First midnight, epoch milliseconds UTC. */
  readonly start: number;
  /** 0 blatant .. 1 stealthy. */
  readonly stealth: number;
  /** Attacks, as a share of the automations; 0 is a world without. */
  readonly attacks?: number;
  /** Benign look-alikes of attacks, as a share of the automations. */
  readonly lookalikes?: number;
  readonly people?: number;
  readonly platforms?: readonly Simulated[];
  readonly delivery?: Partial<Delivery>;
}

/** One automation that exists, whatever it is up to. */
export interface Enrolled {
  readonly platform: Simulated;
  readonly nativeId: string;
  readonly name: string;
  readonly behaviour: string;
  readonly isAttacked: boolean;
}

export interface Simulation {
  readonly company: Company;
  readonly days: readonly Day[];
  readonly labels: readonly Label[];
  readonly roster: readonly Enrolled[];
  readonly state: readonly StateFile[];
  /** A batch a day, made while it is read: memory holds two days and what is late. Each call starts anew. */
  emissions(): Generator<readonly Emission[]>;
}

/** How automations are spread over platforms: most companies have a few more in Microsoft 365. */
const WEIGHTS: Readonly<Record<Simulated, number>> = { slack: 0.3, google: 0.3, microsoft: 0.4 };
const ATTACKS = 0.04;
const LOOKALIKES = 0.05;
const PEOPLE_MIN = 40;
/** Look-alikes are neither crude nor hidden: nobody behind them tries to be either. */
const LOOKALIKE_STEALTH = 0.5;

/** The same options give the same records, labels and lists. */
export function simulate(
  options: SimulationOptions,
  platforms: readonly SimulatedPlatform[] = allPlatforms,
): Simulation {
  const world = buildWorld(options, platforms);
  const { company, days, casts, plays } = world;
  const performers: Performer[] = [];
  for (const { platform, cast } of casts) performers.push(...cast, ...platform.people(company));
  for (const { play } of plays) performers.push(...play.performers);
  const delivery = { ...TIDY, ...options.delivery };
  const isTidy = delivery.lateShare === 0 && delivery.duplicateShare === 0 && !delivery.isShuffled;
  return {
    company,
    days,
    labels: plays.map(({ label }) => label),
    roster: rosterOf(world),
    state: stateOf(world),
    emissions() {
      const batches = byEventTime(days, (day, emit) => {
        for (const performer of performers) {
          performer.act(day, drawsOf(performer, day, options.seed), emit);
        }
      });
      return isTidy ? batches : delivered(batches, delivery, options);
    },
  };
}

/** One automation on its own: what it did in a week, and the truth about it. */
export interface ScenarioCase {
  /** Null where only people act. */
  readonly automation: Enrolled | null;
  readonly labels: readonly Label[];
  /** In order of event time. */
  readonly records: readonly Emission[];
}

const CASE_DAYS = 7;
/** Monday, 2026-05-04. */
const CASE_START = Date.UTC(2026, 4, 4);

/** `count` automations one after the other, each with its own records and labels: for load suites, in memory. */
export function* scenarios(
  count: number,
  seed: number,
  options: Partial<SimulationOptions> = {},
  platforms: readonly SimulatedPlatform[] = allPlatforms,
): Generator<ScenarioCase> {
  const wanted = {
    days: CASE_DAYS,
    start: CASE_START,
    stealth: 0.3,
    ...options,
    automations: count,
    seed,
  };
  const world = buildWorld(wanted, platforms);
  const played = new Map<string, Staged[]>();
  const alone: Staged[] = [];
  const cast = new Set(world.casts.flatMap((part) => part.cast.map(memberKey)));
  for (const staged of world.plays) {
    const key = staged.play.subjects.map(subjectKey).find((subject) => cast.has(subject));
    if (key === undefined) alone.push(staged);
    else played.set(key, [...(played.get(key) ?? []), staged]);
  }
  const roster = new Map(
    rosterOf(world).map((enrolled) => [`${enrolled.platform}|${enrolled.nativeId}`, enrolled]),
  );
  function caseOf(automation: string | null, own: readonly Performer[], scenes: readonly Staged[]) {
    const performers = [...own, ...scenes.flatMap(({ play }) => play.performers)];
    const batches = byEventTime(world.days, (day, emit) => {
      for (const performer of performers) performer.act(day, drawsOf(performer, day, seed), emit);
    });
    return {
      automation: automation === null ? null : (roster.get(automation) ?? null),
      labels: scenes.map(({ label }) => label),
      records: [...batches].flat(),
    };
  }
  for (const { cast: members } of world.casts) {
    for (const member of members) {
      const key = memberKey(member);
      yield caseOf(key, [member], played.get(key) ?? []);
    }
  }
  for (const staged of alone) {
    const newcomer = staged.play.newcomers[0];
    const key = newcomer === undefined ? null : `${staged.label.platform}|${newcomer.nativeId}`;
    yield caseOf(key, [], [staged]);
  }
}

/** A performer's own stream: who else is on the stage never moves it. */
function drawsOf(performer: Performer, day: Day, seed: number): Prng {
  return prng(hash32(`${performer.id}|${day.index}`, seed));
}

/** Everything that is decided before the first day. */
interface World {
  readonly company: Company;
  readonly days: readonly Day[];
  readonly casts: readonly Cast[];
  readonly plays: readonly Staged[];
}

interface Cast {
  readonly platform: SimulatedPlatform;
  readonly cast: readonly CastMember[];
}

interface Staged {
  readonly play: Play;
  readonly label: Label;
}

function buildWorld(options: SimulationOptions, platforms: readonly SimulatedPlatform[]): World {
  const { seed, automations, start } = options;
  const used = platforms.filter(({ platform }) => options.platforms?.includes(platform) ?? true);
  const company = createCompany({
    seed,
    people: options.people ?? Math.max(PEOPLE_MIN, Math.round(automations / 4)),
    start,
    days: options.days,
  });
  const days = Array.from({ length: options.days }, (_, index) => ({
    start: start + index * DAY_MS,
    index,
  }));
  const counts = split(automations, used);
  const casts = used.map((platform, index) => ({
    platform,
    cast: platform.cast(
      company,
      counts[index] ?? 0,
      prng(hash32(`cast|${platform.platform}`, seed)),
      days,
    ),
  }));
  const director: Director = { company, days, seed, taken: new Set() };
  // Look-alikes choose first: a world without attacks then has the same ones.
  const lookalikes = casts.flatMap((part) =>
    stageAll(director, part, part.platform.lookalikes, {
      share: options.lookalikes ?? LOOKALIKES,
      stealth: LOOKALIKE_STEALTH,
    }),
  );
  const attacks = casts.flatMap((part) =>
    stageAll(director, part, part.platform.attacks, {
      share: options.attacks ?? ATTACKS,
      stealth: options.stealth,
    }),
  );
  return { company, days, casts, plays: [...lookalikes, ...attacks] };
}

/** How many automations each platform has; the last one gets what rounding left. */
function split(total: number, platforms: readonly SimulatedPlatform[]): number[] {
  const whole = platforms.reduce((sum, { platform }) => sum + WEIGHTS[platform], 0);
  let left = total;
  return platforms.map(({ platform }, index) => {
    const count =
      index === platforms.length - 1
        ? left
        : Math.min(left, Math.round((total * WEIGHTS[platform]) / whole));
    left -= count;
    return count;
  });
}

interface Director {
  readonly company: Company;
  readonly days: readonly Day[];
  readonly seed: number;
  /** Automations and people that belong to a scenario already. */
  readonly taken: Set<string>;
}

/** Nobody is left for what a scenario needs; it is left out. */
class NobodyFits extends Error {}

/** Goes through a platform's scenarios in turn, from a random one on, until its share is reached or none can be staged. */
function stageAll(
  director: Director,
  { platform, cast }: Cast,
  scenarioList: readonly Scenario[],
  { share, stealth }: { share: number; stealth: number },
): Staged[] {
  if (share === 0 || scenarioList.length === 0 || cast.length === 0) return [];
  const wanted = Math.max(1, Math.round(cast.length * share));
  const order = alternating(scenarioList);
  const first = prng(hash32(`first|${platform.platform}|${order[0]?.id}`, director.seed));
  let turn = first.int(0, order.length - 1);
  const staged: Staged[] = [];
  let failures = 0;
  while (staged.length < wanted && failures < order.length) {
    const scenario = order[turn % order.length];
    if (scenario === undefined) break;
    const play = stageOne(director, scenario, cast, { turn, stealth });
    turn++;
    if (play === null) {
      failures++;
      continue;
    }
    failures = 0;
    staged.push({ play, label: labelOf(scenario, play, stealth) });
  }
  return staged;
}

/** So ordered that neighbours are of different types: a few in a row cover all types. */
function alternating(scenarioList: readonly Scenario[]): Scenario[] {
  const seen = new Map<string | null, number>();
  return scenarioList
    .map((scenario) => {
      const rank = seen.get(scenario.attackType) ?? 0;
      seen.set(scenario.attackType, rank + 1);
      return { scenario, rank };
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ scenario }) => scenario);
}

function stageOne(
  director: Director,
  scenario: Scenario,
  cast: readonly CastMember[],
  { turn, stealth }: { turn: number; stealth: number },
): Play | null {
  const { company, days, seed, taken } = director;
  // A word in front: a hash begins with its seed and the first letter together, so the seed's own digit would undo it.
  const id = `play|${seed}|${scenario.platform}|${scenario.id}|${turn}`;
  const rng = prng(hash32(id, seed));
  const mine: string[] = [];
  function claim(key: string): void {
    taken.add(key);
    mine.push(key);
  }
  const setting: Setting = {
    company,
    days,
    rng,
    stealth,
    id,
    take(fits) {
      const member = fromSomewhere(
        cast,
        rng,
        (other) => !taken.has(memberKey(other)) && fits(other),
      );
      if (member !== null) claim(memberKey(member));
      return member;
    },
    takePerson(fits = () => true) {
      const person = fromSomewhere(
        company.people,
        rng,
        (other) => other.leftAt === null && !taken.has(personKey(other)) && fits(other),
      );
      if (person === null) throw new NobodyFits(scenario.id);
      claim(personKey(person));
      return person;
    },
  };
  let play: Play | null = null;
  try {
    play = scenario.stage(setting);
  } catch (cause) {
    if (!(cause instanceof NobodyFits)) throw cause;
  }
  if (play === null) for (const key of mine) taken.delete(key);
  return play;
}

/** The first item that fits, looking round from a random place. */
function fromSomewhere<T>(items: readonly T[], rng: Prng, fits: (item: T) => boolean): T | null {
  if (items.length === 0) return null;
  const from = rng.int(0, items.length - 1);
  for (let step = 0; step < items.length; step++) {
    const item = items[(from + step) % items.length];
    if (item !== undefined && fits(item)) return item;
  }
  return null;
}

function memberKey(member: CastMember): string {
  return `${member.platform}|${member.nativeId}`;
}

function subjectKey({ platform, automation }: Play["subjects"][number]): string {
  return `${platform}|${automation}`;
}

function personKey(person: Person): string {
  return `person|${person.email}`;
}

function labelOf(scenario: Scenario, play: Play, stealth: number): Label {
  return {
    scenario: scenario.id,
    title: scenario.title,
    attackType: scenario.attackType,
    techniques: scenario.techniques,
    platform: scenario.platform,
    subjects: play.subjects,
    from: iso(play.from) ?? "",
    to: iso(play.to) ?? "",
    stealth,
  };
}

function rosterOf({ casts, plays }: World): Enrolled[] {
  const attacked = new Set(
    plays
      .filter(({ label }) => label.attackType !== null)
      .flatMap(({ play }) => play.subjects.map(subjectKey)),
  );
  const isAttacked = (platform: Simulated, nativeId: string) =>
    attacked.has(`${platform}|${nativeId}`);
  const members = casts.flatMap(({ cast }) =>
    cast.map(({ platform, nativeId, name, behaviour }) => ({
      platform,
      nativeId,
      name,
      behaviour,
      isAttacked: isAttacked(platform, nativeId),
    })),
  );
  const newcomers = plays.flatMap(({ play, label: { platform } }) =>
    play.newcomers.map(({ nativeId, name }) => ({
      platform,
      nativeId,
      name,
      behaviour: "newcomer",
      isAttacked: isAttacked(platform, nativeId),
    })),
  );
  // Two intruders may bring the same well-known client.
  const byId = new Map(newcomers.map((one) => [`${one.platform}|${one.nativeId}`, one]));
  return [...members, ...byId.values()];
}

/** Rows of one list stand together, whoever added them. */
function stateOf({ company, casts, plays, days }: World): StateFile[] {
  const files = new Map<string, StateFile>();
  const parts = [
    ...casts.flatMap(({ platform, cast }) => platform.state(company, cast, days)),
    ...plays.flatMap(({ play }) => play.state ?? []),
  ];
  for (const part of parts) {
    const key = `${part.platform}|${part.service}|${part.key}`;
    const known = files.get(key);
    files.set(key, known === undefined ? part : { ...known, rows: known.rows.concat(part.rows) });
  }
  return [...files.values()];
}
