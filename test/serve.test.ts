/** The server as people start it: a real process on a database of its own, from the first key to the last request. */

import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { z } from "zod";
import { createApp, type Deps } from "#cli/app.ts";
import { Automation } from "#contract/api/automation.ts";
import { LedgerPage } from "#contract/api/completeness.ts";
import { Finding, FindingPage } from "#contract/api/finding.ts";
import { RunPage } from "#contract/api/run.ts";
import { Overview } from "#contract/api/stats.ts";
import * as apiKeys from "#store/api-keys.ts";
import type { Store } from "#store/db.ts";
import * as organizations from "#store/organizations.ts";
import { testDatabase } from "#test/postgres.ts";

const NOW = Date.UTC(2026, 5, 10);
const main = path.resolve(import.meta.dirname, "..", "src", "cli", "main.ts");

let home = "";
let env: Record<string, string> = {};
let store: Store;
const children: ChildProcess[] = [];

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), "singura-serve-"));
  // The user that Postgres runs as when the tests run as root must be able to enter.
  chmodSync(home, 0o755);
  const database = await testDatabase();
  store = await database.open();
  await store.acrossOrgs((tx) =>
    organizations.create(tx, { id: "o1", name: "Acme Inc", slug: "acme", now: NOW }),
  );
  env = { DATABASE_URL: database.ownerUrl.reveal(), SINGURA_HOME: home };
});
afterAll(async () => {
  // Only those of a test that failed are still there.
  for (const child of children) child.kill("SIGTERM");
  await store.close();
  rmSync(home, { recursive: true, force: true });
});

/** A command in this process. */
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
  return { code: await createApp(deps)(args), out, err };
}

interface Served {
  readonly url: string;
  readonly child: ChildProcess;
  /** All that it wrote. */
  readonly said: () => string;
  readonly over: Promise<number | null>;
}

async function serve(more: Record<string, string> = {}): Promise<Served> {
  const { PATH = "" } = process.env;
  const child = spawn(process.execPath, [main, "serve", "--port", "0"], {
    env: { PATH, ...env, ...more },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (part) => {
      said += String(part);
    });
  }
  const over = new Promise<number | null>((resolve) => child.on("exit", resolve));
  const address = () => /Singura listens on (http:\S+)/.exec(said)?.[1] ?? "";
  await expect.poll(address, { timeout: 50_000, message: said }).not.toBe("");
  return { url: address(), child, said: () => said, over };
}

it("keys create prints a key that works, list shows all but the key, and revoke ends it", async () => {
  const made = await run(
    "keys",
    "create",
    "--org",
    "acme",
    "--name",
    "siem",
    "--scopes",
    "runs:read,findings:read",
  );
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^sgr_[\w-]{43}\n$/) });
  const key = made.out.trim();
  const find = () => store.acrossOrgs((tx) => apiKeys.find(tx, key, Date.now()));
  expect(await find()).toMatchObject({ org_id: "o1", scopes: ["runs:read", "findings:read"] });

  const listed = await run("keys", "list", "--org", "Acme Inc");
  expect(listed.out).toMatch(/\tin force\t.+\truns:read,findings:read\tsiem\n$/);
  expect(`${listed.out}${listed.err}${made.err}`).not.toContain(key.slice(4));

  const id = listed.out.split("\t")[0] ?? "";
  expect(await run("keys", "revoke", "--org", "o1", id)).toMatchObject({ code: 0 });
  expect(await find()).toBeUndefined();
  expect(await run("keys", "revoke", "--org", "o1", id)).toMatchObject({ code: 64 });
  expect((await run("keys", "list", "--org", "acme")).out).toContain("\trevoked\t");
});

it("keys refuse organizations and scopes that do not exist", async () => {
  expect((await run("keys", "list", "--org", "nobody")).err).toContain("no organization nobody");
  const bad = await run("keys", "create", "--org", "acme", "--scopes", "everything");
  expect([bad.code, bad.err]).toEqual([64, expect.stringContaining("findings:read")]);
  expect(
    (await run("keys", "create", "--org", "acme", "--scopes", "all", "--days", "0")).code,
  ).toBe(64);
});

it("serve starts on a database of its own with nothing set, and stops it again on SIGTERM", async () => {
  const { url, child, over } = await serve({ DATABASE_URL: "" });
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect((await fetch(`${url}/api/v1/findings`)).status).toBe(401);
  child.kill("SIGTERM");
  expect(await over).toBe(0);
});

it("SIGTERM in the middle of an upload: it is taken whole, answered and stored, and then the server ends", async () => {
  const { url, child, over, said } = await serve();
  const key = (await run("keys", "create", "--org", "acme", "--scopes", "all")).out.trim();
  const begun = Buffer.alloc(1_500_000, "a");
  const rest = Buffer.alloc(500_000, "b");
  const answer = Promise.withResolvers<{ status: number; body: string }>();
  const sending = request(`${url}/api/v1/ingest`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/octet-stream",
      "content-length": begun.length + rest.length,
    },
  });
  sending.on("error", answer.reject).on("response", (response) => {
    let body = "";
    response.on("data", (part) => {
      body += String(part);
    });
    response.on("end", () => answer.resolve({ status: response.statusCode ?? 0, body }));
  });
  sending.write(begun);
  const chunks = () =>
    store.inOrg("o1", (tx) => tx.selectFrom("upload_chunks").select("seq").execute());
  await expect.poll(chunks, { timeout: 20_000 }).toHaveLength(1);
  child.kill("SIGTERM");
  await expect.poll(said, { timeout: 20_000 }).toContain("shutting down");
  sending.end(rest);

  const { status, body } = await answer.promise;
  expect([status, JSON.parse(body).bytes]).toEqual([202, begun.length + rest.length]);
  expect(await over).toBe(0);
  const kept = await store.inOrg("o1", (tx) =>
    tx.selectFrom("uploads").select(["state", "bytes"]).execute(),
  );
  expect(kept).toEqual([
    { state: expect.not.stringMatching(/receiving|failed/), bytes: begun.length + rest.length },
  ]);
  expect(said()).not.toContain(key);
  expect(said()).not.toContain(new URL(env.DATABASE_URL ?? "").password);
});

it("an export that is uploaded becomes findings, without another word", {
  timeout: 180_000,
}, async () => {
  const folder = path.join(home, "sample");
  expect((await run("sample", folder)).code).toBe(0);
  const key = (await run("keys", "create", "--org", "acme", "--scopes", "all")).out.trim();
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/octet-stream" };
  const { url, child, over } = await serve();
  const ask = async <Answer extends z.ZodType>(place: string, answer: Answer) =>
    answer.parse(await (await fetch(`${url}/api/v1/${place}`, { headers })).json());
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const body = readFileSync(path.join(file.parentPath, file.name));
    const reply = await fetch(`${url}/api/v1/ingest`, { method: "POST", headers, body });
    expect([file.name, reply.status]).toEqual([file.name, 202]);
  }
  const runsOf = async (state: string) =>
    (await ask(`runs?limit=500&state=${state}`, RunPage)).items;
  const open = async () => (await runsOf("queued")).length + (await runsOf("running")).length;
  await expect.poll(open, { timeout: 120_000, interval: 500 }).toBe(0);
  expect(await runsOf("dead")).toEqual([]);
  const worst = (await ask("findings?severityMin=high&limit=500", FindingPage)).items;
  expect(worst.length).toBeGreaterThan(5);
  const inFull = await ask(`findings/${worst[0]?.id}`, Finding);
  expect(inFull.evidence.length).toBeGreaterThan(0);
  const ofAutomation = worst.find(({ automationId }) => automationId !== null);
  const automation = await ask(`automations/${ofAutomation?.automationId}`, Automation);
  expect(automation.risk).toBeGreaterThan(0);
  expect((await ask("completeness?limit=500", LedgerPage)).items.length).toBeGreaterThan(10);
  const { findings } = await ask("stats/overview", Overview);
  expect(findings.severity?.high).toBeGreaterThan(0);
  child.kill("SIGTERM");
  expect(await over).toBe(0);
});

it("serve says the cure where the port is taken or the tables are missing", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => taken.once("listening", resolve));
  const address = taken.address();
  const port = typeof address === "object" ? String(address?.port) : "";
  expect(await run("serve", "--port", port)).toMatchObject({
    code: 69,
    err: expect.stringContaining("choose another port"),
  });
  taken.close();
  env = { ...env, DATABASE_URL: (await testDatabase()).ownerUrl.reveal() };
  expect(await run("serve")).toMatchObject({
    code: 64,
    err: expect.stringContaining("singura migrate"),
  });
});
