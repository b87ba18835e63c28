/** An evaluation accounts for everybody, is the same each time, and measures what the real way of a record finds. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prng } from "#base/prng.ts";
import { DAY_MS, HOUR_MS, iso } from "#base/time.ts";
import type { Label } from "#contract/label.ts";
import { Evaluation } from "#contract/quality.ts";
import { massDownload } from "#engine/detectors/mass-download/index.ts";
import { shadowAi } from "#engine/detectors/shadow-ai/index.ts";
import { listSources } from "#kit/reading/sources.ts";
import type { World } from "./evaluate/observe-world.ts";
import { readBaseline, readTruth } from "./evaluate/read-truth.ts";
import { inlineSeeds, type WorldOptions } from "./evaluate/seeds.ts";
import { evaluate } from "./evaluate.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "singura-evaluate-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const MONDAY = Date.UTC(2026, 4, 4);
const OPTIONS = { automations: 6, days: 12, start: MONDAY, stealth: 0, attacks: 0.2 };
const DETECTORS = [massDownload, shadowAi];

/** A workspace with a handful of apps that fetch a few files a day; one of them fetches hundreds on one night. */
function smallWorld({ seed, automations, days, start, attacks }: WorldOptions): World {
  const random = prng(seed);
  const thief = attacks > 0 ? "A1" : null;
  const nightAt = start + (days - 2) * DAY_MS + 2 * HOUR_MS;
  function download(app: string, at: number, file: string, ip = "192.0.2.1") {
    return {
      record: {
        id: `${app}-${file}-${at}`,
        date_create: Math.floor(at / 1_000),
        action: "file_downloaded",
        actor: {
          type: "user",
          user: { id: "W1", name: "Dana", email: "dana@example.com" },
        },
        entity: { type: "file", file: { id: file, name: `${file}.pdf` } },
        context: {
          ip_address: ip,
          ua: "UA",
          location: { type: "workspace", id: "T1" },
          app: { id: app, name: `App ${app}` },
        },
      },
    };
  }
  const label: Label = {
    scenario: "night-raid",
    title: "Hundreds of files leave in one night",
    attackType: "data_exfiltration",
    techniques: ["T28"],
    platform: "slack",
    subjects: [{ platform: "slack", automation: "A1", principal: null }],
    from: iso(nightAt) ?? "",
    to: iso(nightAt + HOUR_MS) ?? "",
    stealth: 0,
  };
  const apps = Array.from({ length: automations }, (_, index) => `A${index + 1}`);
  return {
    company: { timeZone: "UTC" },
    days: Array.from({ length: days }),
    labels: thief === null ? [] : [label],
    roster: apps.map((nativeId) => ({ platform: "slack", nativeId })),
    state: [{ key: "approved_apps", rows: [{ nonsense: true }] }],
    *emissions() {
      for (let day = 0; day < days; day++) {
        const batch = apps.flatMap((app) =>
          Array.from({ length: random.int(2, 4) }, (_, index) =>
            download(app, start + day * DAY_MS + 10 * HOUR_MS + index * 60_000, `F${day}-${index}`),
          ),
        );
        if (thief !== null && day === days - 2) {
          for (let index = 0; index < 3_000; index++) {
            batch.push(download(thief, nightAt + index * 1_000, `N${index}`, "203.0.113.9"));
          }
        }
        yield [...batch, ...batch.slice(0, 3)];
      }
    },
  };
}

async function evaluated(
  seeds: readonly number[],
  known: Partial<Omit<WorldOptions, "seed">> & { isAblated?: boolean } = {},
): Promise<Evaluation> {
  const { isAblated = false, ...world } = known;
  return await evaluate.run(
    {
      seeds: inlineSeeds(smallWorld, DETECTORS),
      detectors: DETECTORS,
      onSeed: () => {},
      onRead: () => {},
    },
    { isAblated, from: { kind: "simulation", seeds, ...OPTIONS, ...world } },
  );
}

describe("evaluate", () => {
  it("gives what the contract describes, the same each time", async () => {
    const once = await evaluated([1, 2]);
    expect(Evaluation.parse(once)).toEqual(once);
    expect(await evaluated([1, 2])).toEqual(once);
  });
  it("accounts for every subject and every record", async () => {
    const { runs } = await evaluated([1]);
    const [run] = runs;
    for (const level of ["total", "automations", "people"] as const) {
      const { subjects, tp, fp, fn, tn } = run?.figures[level] ?? {};
      expect((tp ?? 0) + (fp ?? 0) + (fn ?? 0) + (tn ?? 0)).toBe(subjects);
    }
    expect(run?.figures.automations.subjects).toBe(6);
    expect(run?.records.duplicates).toBe(3 * OPTIONS.days);
    // The row of nonsense in the list.
    expect(run?.records.unread).toBe(1);
    expect(run?.records.read).toBe((run?.records.events ?? 0) + 3 * OPTIONS.days + 1);
  });
  it("finds the thief, leaves the others alone, and says how long it took", async () => {
    const { summary } = await evaluated([1, 2, 3]);
    expect(summary.automations).toMatchObject({
      tp: { median: 1 },
      fp: { max: 0 },
      fn: { max: 0 },
      tn: { median: 5 },
      precision: { median: 1 },
      recall: { median: 1 },
      auc: { median: 1 },
    });
    expect(summary.hoursToDetect.median.median).toBe(22);
    expect(summary.byDetector["mass-download"]).toMatchObject({
      labels: { median: 1 },
      recall: { median: 1 },
    });
    expect(summary.inventory).toMatchObject({ roster: { median: 6 }, recall: { median: 1 } });
  });
  it("in peace nothing is attacked: no recall, no curve, and every alert is false", async () => {
    const { summary, curve } = await evaluated([1], { attacks: 0 });
    expect(summary.total.recall.median).toBeNull();
    expect(summary.total.auc.median).toBeNull();
    expect(curve).toEqual([]);
    expect(summary.alerts.falsePerThousandPerDay.median).toBe(0);
  });
  it("the ablation says what each detector adds", async () => {
    const { ablation } = await evaluated([1], { isAblated: true });
    expect(ablation?.[0]).toMatchObject({
      detector: "mass-download",
      recall: { median: 1 },
      caughtAlone: { median: 1 },
    });
    expect(ablation?.[1]).toMatchObject({ detector: "shadow-ai", recall: { median: 0 } });
    expect((await evaluated([1])).ablation).toBeNull();
  });
  it("files give the same figures as the simulation that they came from", async () => {
    const world = smallWorld({ seed: 1, ...OPTIONS });
    const lines = [...world.emissions()].flat().map(({ record }) => JSON.stringify(record));
    await writeFile(join(folder, "audit.ndjson"), lines.join("\n"));
    await writeFile(
      join(folder, "labels"),
      world.labels.map((one) => JSON.stringify(one)).join("\n"),
    );
    await writeFile(
      join(folder, "roster"),
      world.roster.map((one) => JSON.stringify(one)).join("\n"),
    );
    const truth = await readTruth(join(folder, "labels"), join(folder, "roster"));
    const sources = await listSources([join(folder, "audit.ndjson")]);
    const fromFiles = await evaluate.run(
      {
        seeds: inlineSeeds(smallWorld, []),
        detectors: DETECTORS,
        onSeed: () => {},
        onRead: () => {},
      },
      {
        isAblated: false,
        from: { kind: "files", sources, truth, threads: 1, timeZone: "UTC", seed: 9 },
      },
    );
    const { summary } = await evaluated([1]);
    expect(fromFiles.summary.total).toEqual(summary.total);
    expect(fromFiles.summary.byDetector).toEqual(summary.byDetector);
    expect(fromFiles.summary.hoursToDetect).toEqual(summary.hoursToDetect);
  });
});

describe("a metric is honest", () => {
  it("a missing labels file fails the run instead of measuring nothing", async () => {
    await expect(readTruth(join(folder, "none.ndjson"), undefined)).rejects.toThrow(
      /Cannot read the labels file .* nothing was measured/,
    );
  });
  it("a broken line of labels fails with its number", async () => {
    await writeFile(join(folder, "broken"), '\n{"scenario":"x"}\n');
    await expect(readTruth(join(folder, "broken"), undefined)).rejects.toThrow(
      /broken:2 is no line/,
    );
  });
  it("a missing baseline fails the check instead of skipping it, and so does an empty one", async () => {
    await expect(readBaseline(join(folder, "none.json"))).rejects.toThrow(
      /Cannot read the baseline/,
    );
    await writeFile(join(folder, "empty.json"), "{}");
    await expect(readBaseline(join(folder, "empty.json"))).rejects.toThrow(/is no baseline/);
  });
});
