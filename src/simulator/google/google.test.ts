/** Google's invented records look like the vendor's own, and every script leaves what its attack must leave. */

import { describe, expect, it } from "vitest";
import { hash32 } from "#base/hash.ts";
import { prng } from "#base/prng.ts";
import { DAY_MS } from "#base/time.ts";
import { AttackType } from "#contract/finding.ts";
import { type Company, createCompany, type Person } from "#simulator/company.ts";
import type {
  CastMember,
  Day,
  Emission,
  Performer,
  Play,
  Scenario,
  Setting,
} from "#simulator/stage.ts";
import { google } from "./index.ts";
import { isGoogleMember } from "./member.ts";
import { isAllowed } from "./reach.ts";

const START = Date.UTC(2026, 8, 7);
const SEEDS = [1, 2, 3] as const;
const STEALTHS = [0, 0.3, 0.7, 1] as const;
const SCENARIOS = [...google.attacks, ...google.lookalikes];

interface World {
  company: Company;
  days: readonly Day[];
  cast: readonly CastMember[];
  seed: number;
}

function worldOf(seed: number, dayCount = 30, automations = 350): World {
  const days = Array.from({ length: dayCount }, (_, index) => ({
    start: START + index * DAY_MS,
    index,
  }));
  const company = createCompany({ seed, people: 160, start: START, days: dayCount });
  const cast = google.cast(company, automations, prng(hash32("cast", seed)), days);
  return { company, days, cast, seed };
}

const WORLDS = SEEDS.map((seed) => worldOf(seed));

function stage(world: World, scenario: Scenario, stealth: number): Play | null {
  const { company, days, cast, seed } = world;
  const rng = prng(hash32(scenario.id, seed));
  const people = new Set<Person>();
  const setting: Setting = {
    company,
    days,
    rng,
    stealth,
    id: `${seed} ${scenario.id}`,
    take: (fits) => {
      const found = cast.filter(fits);
      return found.length === 0 ? null : rng.pick(found);
    },
    takePerson(fits = () => true) {
      const person = rng.pick(company.people.filter((one) => !people.has(one) && fits(one)));
      people.add(person);
      return person;
    },
  };
  return scenario.stage(setting);
}

function performed(performers: readonly Performer[], { days, seed }: World): Emission[] {
  const emissions: Emission[] = [];
  for (const day of days) {
    for (const performer of performers) {
      const draws = prng(hash32(`${performer.id} ${day.index}`, seed));
      performer.act(day, draws, (emission) => emissions.push(emission));
    }
  }
  return emissions;
}

/** Words of the truth; a record that holds one gives the answer away. */
const GIVEAWAY =
  /attack|malicious|exfil|phish|stolen|steal|intruder|benign|stealth|scenario|simulat|look-?alike/i;

function expectRecord({ at, service, record }: Emission): void {
  if (service === "google:cloud_audit") {
    expect(record).toMatchObject({ insertId: expect.any(String), protoPayload: {} });
    return;
  }
  expect(record).toMatchObject({
    kind: "admin#reports#activity",
    id: {
      time: new Date(at).toISOString(),
      uniqueQualifier: expect.stringMatching(/^-?[1-9]\d{17,18}$/),
      applicationName: service.slice("google:".length),
      customerId: expect.stringMatching(/^C0/),
    },
    actor: { email: expect.stringMatching(/^[^@\s]+@[^@\s]+$/), profileId: expect.any(String) },
    ipAddress: expect.stringMatching(/^198\.1[89]\.\d+\.\d+$/),
    networkInfo: { ipAsn: [expect.any(Number)], regionCode: expect.stringMatching(/^[A-Z]{2}$/) },
  });
}

describe("every script", () => {
  it.each(SCENARIOS.map((scenario) => [scenario.id, scenario] as const))(
    "%s: leaves whole records within its time, the same for the same seed",
    (_id, scenario) => {
      let staged = 0;
      for (const world of WORLDS) {
        for (const stealth of STEALTHS) {
          const play = stage(world, scenario, stealth);
          if (play === null) continue;
          staged++;
          const emissions = performed(play.performers, world);
          expect(emissions.length).toBeGreaterThan(0);
          const times = emissions.map(({ at }) => at);
          expect(times.every(Number.isInteger)).toBe(true);
          expect(Math.min(...times)).toBe(play.from);
          expect(Math.max(...times)).toBe(play.to);
          expect(play.from).toBeGreaterThanOrEqual(START);
          expect(play.to).toBeLessThan(START + world.days.length * DAY_MS);
          for (const emission of emissions.slice(0, 60)) expectRecord(emission);
          expect(play.subjects.length).toBeGreaterThan(0);
          const written = JSON.stringify(emissions);
          expect(GIVEAWAY.exec(written)?.[0]).toBeUndefined();
          if (stealth !== 0.3) continue;
          const again = stage(world, scenario, stealth);
          const twice = again === null ? [] : performed(again.performers, world);
          expect(JSON.stringify(twice) === written).toBe(true);
        }
      }
      expect(staged).toBeGreaterThan(0);
    },
  );

  it("is about an automation of the cast, a newcomer of its own, or a person of the company", () => {
    for (const world of WORLDS) {
      const known = new Set(world.cast.map(({ nativeId }) => nativeId));
      const people = new Set(world.company.people.map(({ email }) => email));
      for (const scenario of SCENARIOS) {
        const play = stage(world, scenario, 0.3);
        if (play === null) continue;
        const own = new Set(play.newcomers.map(({ nativeId }) => nativeId));
        for (const { automation, principal } of play.subjects) {
          const isKnown =
            automation === null
              ? people.has(principal ?? "")
              : known.has(automation) || own.has(automation);
          expect(isKnown, scenario.id).toBe(true);
        }
      }
    }
  });

  it("can be staged in a week", () => {
    const world = worldOf(4, 7);
    for (const scenario of SCENARIOS) {
      for (const stealth of STEALTHS) {
        const play = stage(world, scenario, stealth);
        if (play !== null) expect(performed(play.performers, world).length).toBeGreaterThan(0);
      }
    }
  });

  it("takes less a day the stealthier it is, where it takes much", () => {
    const [world] = WORLDS;
    if (world === undefined) throw new Error("there is a world");
    for (const scenario of google.attacks) {
      const busiest = [0, 1].map((stealth) => {
        const play = stage(world, scenario, stealth);
        return play === null ? 0 : busiestDay(performed(play.performers, world));
      });
      const [blatant = 0, stealthy = 0] = busiest;
      if (blatant > 50) expect(stealthy, scenario.id).toBeLessThan(blatant * 0.6);
    }
  });
});

function busiestDay(emissions: readonly Emission[]): number {
  const byDay = new Map<number, number>();
  for (const { at } of emissions) {
    const day = Math.floor(at / DAY_MS);
    byDay.set(day, (byDay.get(day) ?? 0) + 1);
  }
  return Math.max(0, ...byDay.values());
}

it("all six attack types are covered, by at least a dozen scripts, and so are the look-alikes", () => {
  expect(new Set(google.attacks.map(({ attackType }) => attackType))).toEqual(
    new Set(AttackType.options),
  );
  expect(google.attacks.length).toBeGreaterThanOrEqual(12);
  expect(google.lookalikes.length).toBeGreaterThanOrEqual(8);
  expect(google.lookalikes.every(({ attackType }) => attackType === null)).toBe(true);
  expect(new Set(SCENARIOS.map(({ id }) => id)).size).toBe(SCENARIOS.length);
});

describe("the everyday world", () => {
  const world = worldOf(5, 14, 300);

  it("has automations with ids of their own and many trades", () => {
    expect(new Set(world.cast.map(({ nativeId }) => nativeId)).size).toBe(world.cast.length);
    expect(new Set(world.cast.map(({ behaviour }) => behaviour)).size).toBeGreaterThanOrEqual(15);
  });

  it("does nothing that its scopes do not allow, and has something to do", () => {
    for (const member of world.cast.filter(isGoogleMember)) {
      const { steps, app } = member.traits;
      const says = `${member.behaviour}: ${app.scopes.join(" ")}`;
      expect(steps.length, says).toBeGreaterThan(0);
      expect(
        steps.every(({ method }) => isAllowed(method, app.scopes)),
        says,
      ).toBe(true);
    }
  });

  it("is heavy-tailed: most automations are quiet, a few leave hundreds of records a day", () => {
    const perDay = world.cast
      .map((member) => performed([member], world).length / world.days.length)
      .sort((a, b) => a - b);
    const mean = perDay.reduce((sum, count) => sum + count, 0) / perDay.length;
    expect(mean).toBeGreaterThan(5);
    expect(mean).toBeLessThan(25);
    expect(perDay[Math.floor(perDay.length / 2)]).toBeLessThan(mean / 2);
    expect(perDay.at(-1)).toBeGreaterThan(100);
  });

  it("leaves whole records, of automations and of people, the same for the same seed", () => {
    const performers = [...world.cast.slice(0, 80), ...google.people(world.company).slice(0, 40)];
    const emissions = performed(performers, world);
    const written = JSON.stringify(emissions);
    for (const emission of emissions.slice(0, 2_000)) expectRecord(emission);
    expect(GIVEAWAY.exec(written)?.[0]).toBeUndefined();
    expect(JSON.stringify(performed(performers, world)) === written).toBe(true);
  });

  it("lists tokens, people and service accounts in Google's shape", () => {
    const lists = google.state(world.company, world.cast, world.days);
    const rows = (service: string) => lists.find((list) => list.service === service)?.rows ?? [];
    expect(rows("google:directory:users")).toHaveLength(world.company.people.length);
    expect(rows("google:directory:tokens").length).toBeGreaterThan(200);
    for (const row of rows("google:directory:tokens")) {
      expect(row).toMatchObject({
        kind: "admin#directory#token",
        clientId: expect.stringMatching(/^\d{12}-[a-z0-9]{32}\.apps\.googleusercontent\.com$/),
        displayText: expect.any(String),
        anonymous: false,
        userKey: expect.stringMatching(/^\d{21}$/),
        scopes: expect.any(Array),
      });
    }
    for (const row of rows("google:iam:serviceAccounts")) {
      expect(row).toMatchObject({
        email: expect.stringMatching(/iam\.gserviceaccount\.com$/),
        uniqueId: expect.stringMatching(/^1\d{20}$/),
      });
    }
  });

  it("keeps grants from before the run in the list alone", () => {
    const consents = new Set(
      performed(world.cast, world)
        .filter(({ record }) => JSON.stringify(record).includes('"authorize"'))
        .map(({ record }) => JSON.stringify(record.actor)),
    );
    const tokens = google
      .state(world.company, world.cast, world.days)
      .find(({ service }) => service === "google:directory:tokens");
    expect(consents.size).toBeGreaterThan(10);
    expect(tokens?.rows.length).toBeGreaterThan(consents.size);
  });
});
