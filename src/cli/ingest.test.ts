/** The commands that fill a database and judge what is in it: killed at any point they go on, and say what they did. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { UploadCounts } from "#jobs/collect/count.ts";
import { Secret } from "#kit/secret.ts";
import { openStore, type Store } from "#store/db.ts";
import * as findings from "#store/findings.ts";
import * as uploads from "#store/uploads.ts";
import { storeOptions, testDatabase } from "#test/postgres.ts";
import { createApp, type Deps } from "./app.ts";

const MAIN = path.join(import.meta.dirname, "main.ts");
const DEADLINE_MS = 60_000;
/** How a PNG file begins, and something more. */
const PICTURE = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(64, 0x9d)]);

let folder = "";
let env: Record<string, string> = {};
let store: Store;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "singura-ingest-"));
  chmodSync(folder, 0o755);
  const { ownerUrl } = await testDatabase();
  env = { DATABASE_URL: ownerUrl.reveal(), SINGURA_HOME: folder };
  store = await openStore(storeOptions(new Secret(ownerUrl.reveal())));
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...args: string[]) {
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
    env,
    clock: Date.now,
    secretSeed: () => 1,
    cores: 1,
    version: "0.0.0-test",
  };
  const code = await createApp(deps)(args);
  return { code, out, err };
}

async function created(name: string): Promise<string> {
  const { code, out } = await run("orgs", "create", name);
  expect(code).toBe(0);
  return out.trim();
}

/** A log in which an app is let in and takes everything within the hour. */
function log(lines: number): string {
  const rows = Array.from({ length: lines }, (_, n) =>
    JSON.stringify({
      id: `e${n}`,
      date_create: 1_780_300_800 + n,
      action: n === 0 ? "app_installed" : "file_downloaded",
      actor: { type: "user", user: { id: "W1", name: "dana", email: "dana@example.com" } },
      entity:
        n === 0
          ? { type: "app", app: { id: "A1", name: "Sync", scopes: ["files:read"] } }
          : { type: "file", file: { id: `F${n}`, name: `plan-${n}.pdf`, filetype: "pdf" } },
      context: {
        ip_address: "192.0.2.1",
        ua: "python-requests/2",
        location: { type: "workspace", id: "T1" },
        ...(n === 0 ? {} : { app: { id: "A1", name: "Sync" } }),
      },
    }),
  );
  return `${rows.join("\n")}\n`;
}

function exportFolder(name: string, files: Record<string, string | Uint8Array>): string {
  const place = path.join(folder, name);
  mkdirSync(place);
  for (const [file, content] of Object.entries(files))
    writeFileSync(path.join(place, file), content);
  return place;
}

async function collected(orgId: string): Promise<UploadCounts[]> {
  const { rows } = await store.inOrg(orgId, (tx) => uploads.list(tx, orgId, { limit: 500 }));
  return rows.map(({ counts }) => UploadCounts.parse(JSON.parse(counts)));
}

const eventsIn = (counts: readonly UploadCounts[]) =>
  counts.reduce((sum, { events }) => sum + events, 0);

async function claimed(orgId: string): Promise<unknown[]> {
  const { rows } = await store.inOrg(orgId, (tx) =>
    findings.list(tx, orgId, { limit: 500, withSuperseded: true }),
  );
  // Ids are of the organization; the rest is not.
  return rows
    .map(({ detector, severity, confidence, title, body }) => ({
      ...{ detector, severity, confidence, title },
      explanation: JSON.parse(body).explanation,
    }))
    .sort((a, b) => (a.explanation < b.explanation ? -1 : 1));
}

it("from nothing to findings in two commands, and the same again changes nothing", async () => {
  const orgId = await created("Acme Inc.");
  expect(await run("orgs", "list")).toMatchObject({
    code: 0,
    out: expect.stringContaining(`${orgId}  acme-inc  Acme Inc.`),
  });
  const place = exportFolder("small", {
    "audit.ndjson": `${log(800)}{broken\n`,
    "again.ndjson.gz": gzipSync(log(300)),
  });
  expect(await run("ingest", place, "--org", "acme-inc")).toMatchObject({
    code: 0,
    err: expect.stringMatching(
      /audit\.ndjson: 1 records could not be read; line 801: not JSON.*\nStored 1101 records: 800 new events, 300 seen before/,
    ),
    out: expect.stringMatching(/Automations: 1 new.*\nFindings: [1-9]\d* new/),
  });
  expect(await run("ingest", place, "--org", "Acme Inc.")).toMatchObject({
    code: 0,
    err: expect.stringContaining("0 new events, 1100 seen before"),
  });
  const { out } = await run("assess", "--org", orgId, "--json");
  expect(JSON.parse(out).findings).toEqual({ made: [], changed: [], superseded: [] });
});

it("kill -9 in the middle of collecting loses and doubles nothing", async () => {
  const lines = 30_000;
  const place = exportFolder("large", { "audit.ndjson": log(lines) });
  const [whole, killed] = [await created("Whole"), await created("Killed")];
  expect(await run("ingest", place, "--org", whole)).toMatchObject({ code: 0 });

  // Killed in turn before the first batch is stored, and after each of the next ones.
  for (let batches = 0; batches < 4; batches++) {
    const child = spawn(process.execPath, [MAIN, "ingest", place, "--org", killed, "--no-assess"], {
      env: { ...process.env, ...env },
      stdio: "ignore",
    });
    const exited = once(child, "exit");
    await untilStored(killed, batches);
    child.kill("SIGKILL");
    expect(await exited).toEqual([null, "SIGKILL"]);
  }
  expect(eventsIn(await collected(killed))).toBeLessThan(lines);
  expect(await run("ingest", place, "--org", killed)).toMatchObject({ code: 0 });
  const counts = await collected(killed);
  expect(eventsIn(counts)).toBe(lines);
  expect(counts.every(({ quarantined }) => quarantined === 0)).toBe(true);
  expect(await claimed(killed)).toEqual(await claimed(whole));
}, 240_000);

/** Waits until an upload is under way and so many batches more are stored than the time before. */
async function untilStored(orgId: string, batches: number): Promise<void> {
  const until = Date.now() + DEADLINE_MS;
  while (Date.now() < until) {
    const { rows } = await store.inOrg(orgId, (tx) => uploads.list(tx, orgId, { limit: 500 }));
    const stored = rows.reduce((sum, { cursor }) => sum + cursor, 0);
    if (rows.length > 0 && stored >= batches) return;
    await sleep(5);
  }
  throw new Error(`nothing was stored within ${DEADLINE_MS} ms`);
}

it("what is not there is said, with the cure", async () => {
  const cases: [string[], number, string][] = [
    [["ingest", folder, "--org", "nobody"], 64, "singura orgs create"],
    [["assess", "--org", "nobody"], 64, "singura orgs list"],
    [["ingest", path.join(folder, "none"), "--org", "acme-inc"], 66, "Cannot read"],
    [["orgs", "create", "Acme Inc"], 64, "choose another with --slug"],
    [["orgs", "create", "…"], 64, "--slug"],
    [["orgs", "create", "Zone", "--time-zone", "Mars/Base"], 64, "Europe/Berlin"],
    [["ingest", exportFolder("bad", { "a.png": PICTURE }), "--org", "acme-inc"], 66, "not UTF-8"],
  ];
  for (const [args, code, cure] of cases) {
    const said = await run(...args);
    expect([args, said.code, said.err]).toEqual([args, code, expect.stringContaining(cure)]);
  }
});

it.each(["ingest", "assess", "orgs", "orgs create", "orgs list"])(
  "%s --help shows examples",
  async (name) => {
    expect(await run(...name.split(" "), "--help")).toMatchObject({
      code: 0,
      out: expect.stringContaining("Examples:"),
    });
  },
);
