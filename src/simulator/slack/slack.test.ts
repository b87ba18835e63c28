/** Slack's side: records that Slack's reader understands, scenarios that happen as labelled, a dial that turns. */

import { describe, expect, it } from "vitest";
import { hash32 } from "#base/hash.ts";
import { prng } from "#base/prng.ts";
import { DAY_MS } from "#base/time.ts";
import { AttackType } from "#contract/finding.ts";
import { createCompany } from "#simulator/company.ts";
import { type Simulation, simulate } from "#simulator/simulate.ts";
import type { Emission, Scenario, SimulatedPlatform } from "#simulator/stage.ts";
import { slack } from "./index.ts";

const OPTIONS = { seed: 11, automations: 600, days: 30, start: Date.UTC(2026, 4, 4), stealth: 0.3 };

/** A world in which everybody rests and one scenario is staged, once. */
function only(scenario: Scenario, stealth: number, seed = OPTIONS.seed): Simulation {
  const platform: SimulatedPlatform = {
    ...slack,
    cast: (...known) => slack.cast(...known).map((member) => ({ ...member, act: () => {} })),
    people: () => [],
    attacks: scenario.attackType === null ? [] : [scenario],
    lookalikes: scenario.attackType === null ? [scenario] : [],
  };
  return simulate({ ...OPTIONS, seed, stealth, attacks: 1e-9, lookalikes: 1e-9 }, [platform]);
}

function recordsOf(simulation: Simulation): Emission[] {
  return [...simulation.emissions()].flat();
}

function busiestDay(emissions: readonly Emission[]): number {
  const days = new Map<number, number>();
  for (const { at } of emissions) {
    const day = Math.floor(at / DAY_MS);
    days.set(day, (days.get(day) ?? 0) + 1);
  }
  return Math.max(0, ...days.values());
}

const all = [...slack.attacks, ...slack.lookalikes];

describe("scenarios", () => {
  it("are known by unique ids, and attacks cover every type", () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(new Set(slack.attacks.map(({ attackType }) => attackType))).toEqual(
      new Set(AttackType.options),
    );
    expect(slack.lookalikes.every(({ attackType }) => attackType === null)).toBe(true);
  });

  it.each(all.map((scenario) => [scenario.id, scenario] as const))(
    "%s happens, within the time that its label says, to those whom it names",
    (_, scenario) => {
      const simulation = only(scenario, 0.3);
      const [label] = simulation.labels;
      expect(label?.scenario).toBe(scenario.id);
      const emissions = recordsOf(simulation);
      expect(emissions.length).toBeGreaterThan(0);
      for (const { at } of emissions) {
        expect(at).toBeGreaterThanOrEqual(Date.parse(label?.from ?? ""));
        expect(at).toBeLessThanOrEqual(Date.parse(label?.to ?? ""));
      }
      const text = emissions.map(({ record }) => JSON.stringify(record)).join("\n");
      for (const { automation, principal } of label?.subjects ?? []) {
        expect(text).toContain(automation ?? principal);
      }
    },
  );

  it.each(slack.attacks.map((attack) => [attack.id, attack] as const))(
    "%s has a dial: the stealthier, the less on its busiest day",
    (_, attack) => {
      const peaks = [0, 1].map((stealth) =>
        [1, 2, 3, 4]
          .map((seed) => busiestDay(recordsOf(only(attack, stealth, seed))))
          .reduce((sum, peak) => sum + peak, 0),
      );
      const [blatant = 0, stealthy = 0] = peaks;
      expect(stealthy).toBeLessThan(blatant);
    },
  );
});

describe("the everyday cast", () => {
  const company = createCompany({ ...OPTIONS, people: 200 });
  const days = Array.from({ length: 30 }, (_, index) => ({
    start: OPTIONS.start + index * DAY_MS,
    index,
  }));
  const cast = slack.cast(company, 1_000, prng(4), days);
  const counts = cast.map((member) => {
    let records = 0;
    for (const day of days) {
      member.act(day, prng(hash32(`${member.id}|${day.index}`, 4)), () => records++);
    }
    return records / days.length;
  });

  it("has many trades, ids of its own and names of its own", () => {
    expect(new Set(cast.map(({ behaviour }) => behaviour)).size).toBeGreaterThanOrEqual(15);
    expect(new Set(cast.map(({ nativeId }) => nativeId)).size).toBe(cast.length);
    expect(new Set(cast.map(({ name }) => name)).size).toBe(cast.length);
  });

  it("is mostly quiet with a long tail: the mean is several times the median, a few make hundreds a day", () => {
    const sorted = counts.toSorted((a, b) => a - b);
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    expect(mean).toBeGreaterThan(5);
    expect(mean).toBeLessThan(15);
    expect(sorted[500]).toBeLessThan(mean / 2);
    expect(sorted[990]).toBeGreaterThan(60);
  });

  it("stands in Slack's lists, with its bot users beside the people", () => {
    const lists = new Map(slack.state(company, cast, days).map(({ key, rows }) => [key, rows]));
    expect(lists.get("approved_apps")?.length).toBeGreaterThan(900);
    expect(lists.get("members")?.length).toBeGreaterThan(1_000);
  });
});
