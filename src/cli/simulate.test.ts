/** `singura simulate` writes a world that can be scanned whole, and keeps the truth apart from it. */

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Report } from "#contract/report.ts";
import { createApp, type Deps } from "./app.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "singura-simulate-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function run(isErrTty: boolean, ...args: string[]) {
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
    isErrTty,
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

const small = ["--automations", "60", "--days", "4"];

async function paths(under: string): Promise<string[]> {
  const inside = await readdir(under, { recursive: true, withFileTypes: true });
  return inside
    .filter((item) => item.isFile())
    .map((item) => join(item.parentPath, item.name).slice(under.length + 1))
    .sort();
}

async function linesIn(under: string): Promise<number> {
  let lines = 0;
  for (const path of await paths(under)) {
    lines += (await readFile(join(under, path), "utf8")).split("\n").length - 1;
  }
  return lines;
}

describe("simulate", () => {
  it("writes logs by platform, log and day, lists, labels and roster; all of it can be read", async () => {
    const world = join(folder, "world");
    const { code, err } = await run(true, "simulate", ...small, "--out", world);
    expect(code).toBe(0);
    expect(err).toContain("Simulating 100 %");
    expect(err).toMatch(/Wrote [\d,]+ records of \d+ automations and 40 people/);
    const written = await paths(world);
    expect(written).toContain("events/slack/audit/2026-05-05.ndjson");
    expect(written).toContain("state/slack/api-admin.apps.approved.list.json");
    expect(written.filter((path) => !path.includes("/"))).toEqual([
      "labels.ndjson",
      "roster.ndjson",
    ]);

    const scan = await run(
      false,
      ...["scan", join(world, "events"), join(world, "state"), "--format", "json"],
      ...["--quarantine", "none", "--threads", "1"],
    );
    const report = Report.parse(JSON.parse(scan.out));
    expect(report.summary.quarantined).toBe(0);
    const lines = await linesIn(join(world, "events"));
    expect(err).toContain(`Wrote ${lines.toLocaleString("en-US")} records`);
    expect(report.sources.every(({ service }) => service !== null)).toBe(true);
  });

  it("packs, and writes the same records as without packing", async () => {
    const [plain, packed] = [join(folder, "plain"), join(folder, "packed")];
    await run(false, "simulate", ...small, "--out", plain);
    await run(false, "simulate", ...small, "--gzip", "--out", packed);
    const name = "events/slack/audit/2026-05-05.ndjson";
    const text = await readFile(join(plain, name), "utf8");
    expect(gunzipSync(await readFile(join(packed, `${name}.gz`))).toString()).toBe(text);
    expect((await paths(packed)).length).toBe((await paths(plain)).length);
  });

  it("does not mix two worlds in a folder; --force replaces the earlier one and nothing else", async () => {
    const world = join(folder, "twice");
    await run(false, "simulate", ...small, "--out", world);
    const first = await paths(world);
    const again = await run(false, "simulate", ...small, "--out", world);
    expect(again).toMatchObject({ code: 73, err: expect.stringContaining("add --force") });

    await writeFile(join(world, "notes.txt"), "mine");
    const forced = await run(false, "simulate", ...small, "--days", "2", "--force", "--out", world);
    expect(forced.code).toBe(0);
    const second = await paths(world);
    expect(second).toContain("notes.txt");
    expect(second).not.toContain("events/slack/audit/2026-05-07.ndjson");
    expect(second.length).toBeLessThan(first.length);
  });

  it.each([
    [["--stealth", "2"], "from 0 to 1"],
    [["--attacks", ""], "from 0 to 1"],
    [["--automations", "many"], "whole number"],
    [["--days", "0"], "whole number from 1"],
    [["--seed", "-1"], "whole number"],
    [["--start", "soon"], "write it as 2026-05-04"],
    [["--platform", "teams"], "choose from slack, google, microsoft"],
  ])("%j names the cure", async (options, cure) => {
    const { code, err } = await run(false, "simulate", ...options, "--out", join(folder, "none"));
    expect(code).toBe(64);
    expect(err).toContain(cure);
  });

  it("--help shows what is written and examples", async () => {
    const { code, out } = await run(false, "simulate", "--help");
    expect(code).toBe(0);
    expect(out).toContain("labels.ndjson");
    expect(out).toContain("--attacks 0");
  });
});
