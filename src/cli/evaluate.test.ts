/** `singura evaluate` measures what it is asked to, tells it in two formats, and never measures without the truth. */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Evaluation } from "#contract/quality.ts";
import { detectors } from "#engine/detectors/index.ts";
import { runSeed } from "#jobs/evaluate/seeds.ts";
import { curvePicture, qualityPage, stealthPicture } from "#report/quality-page.ts";
import { qualityTable } from "#report/quality-table.ts";
import { simulate } from "#simulator/simulate.ts";
import { createApp, type Deps } from "./app.ts";
import { evaluationLine, evaluationProgress } from "./evaluation-progress.ts";

let folder = "";
let evaluation: Evaluation;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "singura-evaluate-cli-"));
  const { out } = await run("evaluate", ...small, "--ablation", "--format", "json");
  evaluation = Evaluation.parse(JSON.parse(out));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const world = ["--automations", "30", "--days", "7", "--attacks", "0.2"];
const small = [...world, "--seed", "902,903", "--threads", "1"];

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const deps: Deps = {
    out: async (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    isOutTty: false,
    isErrTty: false,
    columns: 100,
    env: {},
    clock: () => 1_782_000_000_000,
    secretSeed: () => 5,
    cores: 1,
    version: "0.0.0-test",
  };
  const code = await createApp(deps)(args);
  return { code, out, err };
}

describe("evaluate", () => {
  it("measures several seeds, and tells medians with the least and the greatest", () => {
    expect(evaluation.settings).toMatchObject({ seeds: [902, 903], automations: 30, days: 7 });
    expect(evaluation.runs.map(({ seed }) => seed)).toEqual([902, 903]);
    const recalls = evaluation.runs.map(({ figures }) => figures.total.recall ?? -1);
    expect(evaluation.summary.total.recall).toMatchObject({
      min: Math.min(...recalls),
      max: Math.max(...recalls),
    });
    expect(evaluation.ablation?.length).toBe(evaluation.settings.detectors);
  });
  it("gives the same in threads of its own", async () => {
    const { out } = await run("evaluate", ...small.slice(0, -2), "--threads", "2", "-f", "json");
    const { ablation, ...rest } = evaluation;
    expect(ablation).not.toBeNull();
    expect(JSON.parse(out)).toEqual({ ...rest, ablation: null });
  });
  it("tells it as a table that fits the terminal", async () => {
    const { code, out } = await run("evaluate", ...world, "--seed", "902", "--threads", "1");
    expect(code).toBe(0);
    for (const part of [
      "OVERALL",
      "PRECISION OVER RECALL",
      "PLATFORMS",
      "KINDS OF ATTACK",
      "DETECTORS",
    ]) {
      expect(out).toContain(part);
    }
    expect(out).not.toContain("\u001b[");
    for (const width of [60, 100, 160]) {
      const lines = [...qualityTable(evaluation, { width })].join("").split("\n");
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(width);
    }
  });
  it("measures what `simulate` wrote, with the same figures as its seed", async () => {
    const place = join(folder, "world");
    await run("simulate", ...world, "--seed", "902", "--out", place);
    const labels = ["--labels", join(place, "labels.ndjson")];
    const roster = ["--roster", join(place, "roster.ndjson")];
    const zone = ["--time-zone", "Europe/Berlin", "--threads", "1", "-f", "json"];
    const { code, out, err } = await run(
      "evaluate",
      "--events",
      place,
      ...labels,
      ...roster,
      ...zone,
    );
    expect(err).toBe("");
    expect(code).toBe(0);
    const fromFiles = Evaluation.parse(JSON.parse(out));
    const [first] = evaluation.runs;
    expect(fromFiles.runs[0]?.figures.total).toEqual(first?.figures.total);
    expect(fromFiles.runs[0]?.figures.byDetector).toEqual(first?.figures.byDetector);
    expect(fromFiles.runs[0]?.missed).toEqual(first?.missed);
  });
});

describe("delivery", () => {
  it("late, shuffled and doubled records give the same figures", async () => {
    const untidy = { lateShare: 0.2, duplicateShare: 0.1, isShuffled: true };
    const options = { automations: 30, days: 7, start: Date.UTC(2026, 4, 4), stealth: 0.3 };
    const task = { ...options, seed: 902, attacks: 0.2, isAblated: false };
    const told = runSeed(
      task,
      (one) => simulate({ ...one, delivery: untidy }),
      detectors,
      () => {},
    ).run;
    const [tidy] = evaluation.runs;
    expect(told.records.duplicates).toBeGreaterThan(100);
    expect(told.records.events).toBe(tidy?.records.events);
    expect(told.figures).toEqual(tidy?.figures);
    expect(told.curve).toEqual(tidy?.curve);
  });
});

describe("a metric is honest", () => {
  it.each([
    [
      "labels that are not there",
      ["--events", ".", "--labels", "none.ndjson"],
      66,
      "Cannot read the labels file",
    ],
    ["records without labels", ["--events", "."], 64, "--events needs --labels FILE"],
    ["labels without records", ["--labels", "x"], 64, "belong to --events"],
    [
      "a missing baseline",
      ["--baseline", "none.json"],
      66,
      "Cannot read the baseline file none.json",
    ],
    ["a seed that is none", ["--seed", "5-1"], 64, "101-110"],
    ["a share that is none", ["--stealth", "2"], 64, "from 0 to 1"],
  ])("%s: fails with its cure, and measures nothing", async (_name, args, exitCode, words) => {
    const { code, out, err } = await run("evaluate", ...args);
    expect(err).toContain(words);
    expect(code).toBe(exitCode);
    expect(out).toBe("");
  });
  it("falls below a baseline with exit code 2, and says by how much", async () => {
    const path = join(folder, "baseline.json");
    const strict = {
      automations: { precisionMin: 1, recallMin: 1, falsePositiveRateMax: 0, aucMin: 1 },
      total: { precisionMin: 1, recallMin: 1 },
      falseAlertsPerThousandPerDayMax: 0,
    };
    await writeFile(path, JSON.stringify(strict));
    const peace = ["--automations", "30", "--days", "7", "--attacks", "0", "--threads", "1"];
    const { code, err } = await run("evaluate", ...peace, "--baseline", path);
    expect(code).toBe(2);
    expect(err).toContain("Below the baseline: recall of automations is not defined");
  });
});

describe("the page", () => {
  it("is made of stored evaluations, with a target missed called missed", () => {
    const at = (stealth: number) => ({
      ...evaluation,
      settings: { ...evaluation.settings, stealth },
    });
    const byStealth = [at(0.3), at(0.7)];
    const page = qualityPage({
      byStealth,
      peace: at(0.3),
      ablation: evaluation,
      notes: "Because.",
    });
    expect(page).toContain("## Against the targets");
    expect(page).toContain("**missed**");
    expect(page).toContain("Because.");
    expect(page).toContain("singura evaluate --seed 902-903 --automations 30");
    expect(page).not.toMatch(/undefined|NaN|null/);
    for (const picture of [curvePicture(byStealth), stealthPicture(byStealth)]) {
      expect(picture).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
      expect(picture).not.toMatch(/undefined|NaN/);
    }
  });
});

describe("progress", () => {
  it("says what each seed is at, on a terminal alone", () => {
    const progress = { seed: 7, step: "reading" as const, done: 3, of: 30 };
    expect(evaluationLine([progress], 2)).toBe("1 of 2 seeds begun  seed 7 reading 3/30");
    let written = "";
    const err = (text: string) => {
      written += text;
    };
    evaluationProgress({ err, isErrTty: false, clock: () => 1 }, 1).onSeed(progress);
    expect(written).toBe("");
    const shown = evaluationProgress({ err, isErrTty: true, clock: () => 1_000 }, 1);
    shown.onSeed(progress);
    shown.clear();
    expect(written).toContain("seed 7 reading 3/30");
  });
});

it("the help says which seeds are for what", async () => {
  const { out } = await run("evaluate", "--help");
  expect(out).toContain("Seeds 1-20 are for tuning");
  expect(out).toContain("101-110");
  expect(await readFile("docs/evaluation.md", "utf8")).toContain("singura evaluate");
});
