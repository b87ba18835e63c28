/** Microsoft's invented records look like the vendor's own, and every scenario leaves what it must leave. */

import { describe, expect, it } from "vitest";
import { hash32 } from "#base/hash.ts";
import { prng } from "#base/prng.ts";
import { DAY_MS } from "#base/time.ts";
import { AttackType } from "#contract/finding.ts";
import { type Company, createCompany } from "#simulator/company.ts";
import type { CastMember, Day, Emission, Performer, Play, Scenario } from "#simulator/stage.ts";
import { microsoft } from "./index.ts";

const START = Date.UTC(2026, 5, 1);
const DAYS: readonly Day[] = Array.from({ length: 30 }, (_, index) => ({
  start: START + index * DAY_MS,
  index,
}));
const SEEDS = [1, 2, 3] as const;
const scenarios = [...microsoft.attacks, ...microsoft.lookalikes];

interface World {
  readonly company: Company;
  readonly cast: readonly CastMember[];
}

function worldOf(seed: number, automations = 120): World {
  const company = createCompany({ seed, people: 90, start: START, days: DAYS.length });
  return { company, cast: microsoft.cast(company, automations, prng(seed), DAYS) };
}

const worlds = new Map(SEEDS.map((seed) => [seed, worldOf(seed)]));

function staged(
  { company, cast }: World,
  scenario: Scenario,
  stealth: number,
  days = DAYS,
): Play | null {
  const people = [...company.people];
  return scenario.stage({
    company,
    days,
    rng: prng(hash32(scenario.id, company.seed)),
    stealth,
    id: `${scenario.id}-${company.seed}`,
    take: (fits) => cast.find(fits) ?? null,
    takePerson: (fits = () => true) => {
      const index = people.findIndex(fits);
      const [person] = people.splice(index < 0 ? 0 : index, 1);
      if (person === undefined) throw new Error("nobody is left");
      return person;
    },
  });
}

function emitted(performers: readonly Performer[], seed: number): Emission[] {
  const emissions: Emission[] = [];
  for (const day of DAYS) {
    for (const performer of performers) {
      const rng = prng(hash32(`${performer.id} ${day.index}`, seed));
      performer.act(day, rng, (emission) => emissions.push(emission));
    }
  }
  return emissions;
}

/** Fields that every record of a log has. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  "entra:AuditLogs": [
    "id",
    "activityDateTime",
    "activityDisplayName",
    "initiatedBy",
    "targetResources",
  ],
  "entra:SignInLogs": [
    "id",
    "createdDateTime",
    "appId",
    "userPrincipalName",
    "ipAddress",
    "status",
  ],
  "entra:NonInteractiveUserSignInLogs": ["id", "createdDateTime", "appId", "userId", "sessionId"],
  "entra:ServicePrincipalSignInLogs": ["id", "appId", "servicePrincipalId", "ipAddress", "status"],
  "entra:ManagedIdentitySignInLogs": ["id", "appId", "servicePrincipalId", "resourceDisplayName"],
  "entra:MicrosoftGraphActivityLogs": [
    "time",
    "category",
    "operationName",
    "properties",
    "tenantId",
  ],
};
const UNIFIED = [
  "CreationTime",
  "Id",
  "Operation",
  "OrganizationId",
  "RecordType",
  "UserId",
  "Workload",
];

function expectShape({ service, record }: Emission): void {
  const needed = service.startsWith("o365:") ? UNIFIED : NEEDED[service];
  if (needed === undefined) throw new Error(`no shape for ${service}`);
  const missing = needed.filter((field) => !(field in record));
  if (missing.length > 0) throw new Error(`${service} lacks ${missing.join(", ")}`);
}

const LABEL_WORDS =
  /attack|malicious|victim|intruder|exfil|stealth|scenario|simulat|benign|look-?alike|microsoft:(cast|scene|person)|"ms-/i;

describe("scenarios", () => {
  it("cover all six types of attack, and enough honest days that look like them", () => {
    const types = new Set(microsoft.attacks.map(({ attackType }) => attackType));
    expect([...types].sort()).toEqual([...AttackType.options].sort());
    expect(microsoft.attacks.length).toBeGreaterThanOrEqual(14);
    expect(microsoft.lookalikes.length).toBeGreaterThanOrEqual(8);
    expect(microsoft.lookalikes.every(({ attackType }) => attackType === null)).toBe(true);
    expect(new Set(scenarios.map(({ id }) => id)).size).toBe(scenarios.length);
  });

  it.each(scenarios)("$id plays in every world, at every stealth", (scenario) => {
    for (const seed of SEEDS) {
      const world = worlds.get(seed) ?? worldOf(seed);
      for (const stealth of [0, 0.3, 0.7, 1]) {
        const told = `seed ${seed}, stealth ${stealth}`;
        const play = staged(world, scenario, stealth);
        if (play === null) throw new Error(`${told}: nothing was staged`);
        const records = emitted(play.performers, seed);
        expect(records.length, told).toBeGreaterThan(0);
        expect(play.subjects.length, told).toBeGreaterThan(0);
        const times = records.map(({ at }) => at);
        expect(Math.min(...times), told).toBe(play.from);
        expect(Math.max(...times), told).toBeLessThanOrEqual(play.to);
        expect(play.to - Math.max(...times), told).toBeLessThan(DAY_MS);
        for (const emission of records) expectShape(emission);
        const some = records.filter((_, index) => index % 9 === 0);
        expect(LABEL_WORDS.exec(JSON.stringify([some, play.state]))?.[0], told).toBeUndefined();
        if (stealth !== 0.7) continue;
        const again = emitted(staged(world, scenario, stealth)?.performers ?? [], seed);
        expect(JSON.stringify(again) === JSON.stringify(records), `${told}: the same`).toBe(true);
      }
    }
  });

  it("fit into a week", () => {
    const { company, cast } = worlds.get(2) ?? worldOf(2);
    const days = DAYS.slice(0, 7);
    for (const scenario of scenarios) {
      const play = staged({ company, cast }, scenario, 0.5, days);
      if (play === null) throw new Error(`${scenario.id}: nothing was staged in a week`);
      expect(play.to, scenario.id).toBeLessThan(START + 7 * DAY_MS);
    }
  });

  it("are quieter the stealthier they are", () => {
    const world = worlds.get(1) ?? worldOf(1);
    for (const scenario of microsoft.attacks) {
      const [loud, quiet] = [0, 1].map(
        (stealth) => emitted(staged(world, scenario, stealth)?.performers ?? [], 1).length,
      );
      expect(quiet, scenario.id).toBeLessThanOrEqual((loud ?? 0) + 2);
    }
  });
});

describe("everyday life", () => {
  const world = worldOf(7, 240);
  const performers = [...world.cast, ...microsoft.people(world.company)];
  const records = emitted(performers, 7);

  it("has every shape, no word that gives anything away, and unique ids", () => {
    for (const emission of records) expectShape(emission);
    const written = JSON.stringify(records.filter((_, index) => index % 7 === 0));
    expect(LABEL_WORDS.exec(written)?.[0]).toBeUndefined();
    const ids = records.map(({ record }) => record.id ?? record.Id ?? record.correlationId);
    expect(new Set(ids).size).toBe(records.length);
  });

  it("is the same for the same seed", () => {
    const again = worldOf(7, 240);
    expect(emitted([...again.cast.slice(0, 50)], 7)).toEqual(emitted(world.cast.slice(0, 50), 7));
  });

  it("has many trades; most automations are quiet and some are busy", () => {
    expect(new Set(world.cast.map(({ behaviour }) => behaviour)).size).toBeGreaterThanOrEqual(20);
    expect(new Set(world.cast.map(({ nativeId }) => nativeId)).size).toBe(240);
    const daily = world.cast
      .map((member) => emitted([member], 7).length / DAYS.length)
      .sort((a, b) => a - b);
    const mean = daily.reduce((sum, one) => sum + one, 0) / daily.length;
    expect(mean).toBeGreaterThan(6);
    expect(mean).toBeLessThan(18);
    expect(daily[120]).toBeLessThan(8);
    expect(daily.at(-1)).toBeGreaterThan(100);
  });

  it("uses all four sign-in logs and every workload", () => {
    const services = new Set(records.map(({ service }) => service));
    for (const service of Object.keys(NEEDED)) expect(services).toContain(service);
    for (const workload of [
      "AzureActiveDirectory",
      "Exchange",
      "SharePoint",
      "OneDrive",
      "MicrosoftTeams",
      "MicrosoftFlow",
      "Copilot",
    ]) {
      expect(services).toContain(`o365:${workload}`);
    }
  });

  it("lists every app, grant, role, person, flow and agent at the end", () => {
    const files = microsoft.state(world.company, world.cast, DAYS);
    const rows = new Map(files.map(({ service, rows }) => [service, rows]));
    for (const [service, list] of rows) expect(list.length, service).toBeGreaterThan(0);
    const known = JSON.stringify(files);
    for (const { nativeId } of world.cast) expect(known).toContain(nativeId);
    expect(rows.get("graph:users")?.length).toBe(world.company.people.length);
    expect(LABEL_WORDS.exec(known)?.[0]).toBeUndefined();
  });
});
