/** The simulation: one world for one set of options, whole whatever its delivery, and silent about its own truth. */

import { describe, expect, it } from "vitest";
import { DAY_MS, HOUR_MS } from "#base/time.ts";
import { type Simulation, type SimulationOptions, scenarios, simulate } from "./simulate.ts";
import type { Emission } from "./stage.ts";

const OPTIONS: SimulationOptions = {
  seed: 7,
  automations: 240,
  days: 10,
  start: Date.UTC(2026, 4, 4),
  stealth: 0.3,
};

function recordsOf(simulation: Simulation): Emission[] {
  return [...simulation.emissions()].flat();
}

function line(emission: Emission): string {
  return `${emission.service} ${JSON.stringify(emission.record)}`;
}

function linesOf(options: Partial<SimulationOptions>): string[] {
  return recordsOf(simulate({ ...OPTIONS, ...options })).map(line);
}

const world = simulate(OPTIONS);
const records = recordsOf(world);
const lines = records.map(line);

describe("simulation", () => {
  it("is the same for the same options, also when it is read twice", () => {
    expect(recordsOf(world).map(line)).toEqual(lines);
    const other = simulate(OPTIONS);
    expect(recordsOf(other).map(line)).toEqual(lines);
    expect(other.labels).toEqual(world.labels);
    expect(other.roster).toEqual(world.roster);
    expect(other.state).toEqual(world.state);
  });

  it("is another one for another seed", () => {
    expect(linesOf({ seed: 8, days: 2 })).not.toEqual(linesOf({ days: 2 }));
  });

  it("draws the choices of its scripts anew for every seed, seeds of one digit included", () => {
    const beginnings = (seed: number) =>
      simulate({ ...OPTIONS, seed }).labels.map(({ scenario, from }) => `${scenario} ${from}`);
    const known = new Set(beginnings(1));
    const again = beginnings(2).filter((beginning) => known.has(beginning));
    expect(again.length).toBeLessThan(known.size / 4);
  });

  it("gives a batch a day in order of event time", () => {
    expect([...world.emissions()]).toHaveLength(OPTIONS.days);
    const times = records.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it("records are plain JSON, with no value that JSON would drop", () => {
    for (const { record } of records) expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  });

  it("every record is unique: nothing is doubled by itself", () => {
    expect(new Set(lines).size).toBe(lines.length);
  });

  it("names no one twice and knows every automation that a label names", () => {
    const ids = world.roster.map(({ platform, nativeId }) => `${platform} ${nativeId}`);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { subjects } of world.labels) {
      for (const { platform, automation, principal } of subjects) {
        expect(automation !== null || principal !== null).toBe(true);
        if (automation !== null) expect(ids).toContain(`${platform} ${automation}`);
      }
    }
  });
});

describe("a world without attacks", () => {
  it("is the same world, record by record, with the attacks left out", () => {
    const without = linesOf({ attacks: 0 });
    const left = new Set(without);
    expect(lines.filter((record) => left.has(record))).toEqual(without);
    expect(
      simulate({ ...OPTIONS, attacks: 0 }).labels.every((label) => label.attackType === null),
    ).toBe(true);
  });

  it("is a world without look-alikes, too, where both are left out", () => {
    expect(simulate({ ...OPTIONS, attacks: 0, lookalikes: 0 }).labels).toEqual([]);
  });
});

describe("labels stay apart", () => {
  it("no record and no list carries a scenario's or performer's name, or a word that gives it away", () => {
    const names = [
      ...world.labels.map(({ scenario }) => scenario),
      ...world.labels.map(({ title }) => title),
    ];
    const words = new RegExp(
      [...new Set(names)]
        .map((name) => name.replaceAll(/[^\w -]/g, "."))
        .concat([
          // `resource.labels` is a field of Google Cloud's own.
          'label(?!s":\\{)',
          "attack",
          "simulat",
          "malicious",
          "performer",
          "look-?alike",
          "benign",
          "stealth",
          "slack app \\d",
          "slack person \\d",
        ])
        .join("|"),
      "i",
    );
    for (const record of lines) expect(record).not.toMatch(words);
    for (const { rows } of world.state) {
      for (const row of rows) expect(JSON.stringify(row)).not.toMatch(words);
    }
  });
});

describe("delivery", () => {
  const delivery = {
    lateShare: 0.2,
    lateMsMax: 30 * HOUR_MS,
    duplicateShare: 0.1,
    isShuffled: true,
  };
  const days = 4;
  const tidy = linesOf({ days });

  it("loses nothing, and doubles about as much as it says, byte for byte", () => {
    const arrived = linesOf({ days, delivery });
    expect([...new Set(arrived)].sort()).toEqual(tidy.toSorted());
    const doubled = (arrived.length - tidy.length) / tidy.length;
    expect(doubled).toBeGreaterThan(0.08);
    expect(doubled).toBeLessThan(0.12);
  });

  it("late records come later and no others, with the days after the last one for the latest", () => {
    const late = simulate({
      ...OPTIONS,
      days,
      delivery: { lateShare: 0.2, lateMsMax: 30 * HOUR_MS },
    });
    const batches = [...late.emissions()];
    expect(batches.length).toBeGreaterThan(days);
    let behind = 0;
    for (const [index, batch] of batches.entries()) {
      for (const { at } of batch) if (at < OPTIONS.start + index * DAY_MS) behind++;
    }
    expect(behind).toBeGreaterThan(tidy.length * 0.05);
    expect(batches.flat().map(line).toSorted()).toEqual(tidy.toSorted());
  });

  it("shuffling alone changes the order and nothing else", () => {
    const shuffled = linesOf({ days, delivery: { isShuffled: true } });
    expect(shuffled).not.toEqual(tidy);
    expect(shuffled.toSorted()).toEqual(tidy.toSorted());
  });
});

describe("scenarios", () => {
  it("gives each automation with its own records, and every attack once", () => {
    const cases = [...scenarios(200, 3)];
    const known = cases.filter(({ automation }) => automation !== null);
    expect(known.length).toBeGreaterThanOrEqual(200);
    const world = simulate({ ...OPTIONS, seed: 3, automations: 200, days: 7 });
    expect(cases.flatMap(({ labels }) => labels)).toHaveLength(world.labels.length);
    for (const { records } of cases) {
      const times = records.map(({ at }) => at);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }
  });
});
