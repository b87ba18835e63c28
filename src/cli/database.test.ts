/** The commands around the database, over a real one: they say what they did and what to do, and never a secret. */

import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Keyring, newMasterKey, readKeyFile, Secret } from "#kit/secret.ts";
import * as connections from "#store/connections.ts";
import { openStore } from "#store/db.ts";
import * as organizations from "#store/organizations.ts";
import { storeOptions, testDatabase } from "#test/postgres.ts";
import { createApp, type Deps } from "./app.ts";

const NOW = Date.UTC(2026, 5, 10);
const TOKEN = "xoxb-a-very-secret-token";

let folder = "";
let env: Record<string, string> = {};
let password = "";
let keyFile = "";
const said: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "singura-commands-"));
  chmodSync(folder, 0o755);
  const { ownerUrl } = await testDatabase();
  password = new URL(ownerUrl.reveal()).password;
  keyFile = path.join(folder, "master.key");
  env = { DATABASE_URL: ownerUrl.reveal(), SINGURA_HOME: folder };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(args: string[], more: Record<string, string> = {}) {
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
    env: { ...env, ...more },
    clock: Date.now,
    secretSeed: () => 1,
    cores: 1,
    version: "0.0.0-test",
  };
  const code = await createApp(deps)(args);
  said.push(out, err);
  return { code, out, err };
}

it("migrate says what is missing, applies it once, and is done then", async () => {
  expect(await run(["migrate", "--check"])).toMatchObject({
    code: 69,
    out: expect.stringContaining("missing 0001_"),
  });
  expect(await run(["doctor"])).toMatchObject({
    code: 69,
    out: expect.stringContaining("singura migrate"),
  });
  expect(await run(["migrate"])).toMatchObject({
    code: 0,
    out: expect.stringContaining("applied 0001_"),
  });
  expect(await run(["migrate", "--check"])).toMatchObject({
    code: 0,
    out: "The tables are up to date.\n",
  });
});

it("doctor finds all well, and of each thing that is not says the cure and not the secret", async () => {
  expect(await run(["doctor"])).toMatchObject({
    code: 0,
    out: expect.not.stringContaining("FAILED"),
  });
  const cases: [Record<string, string>, string][] = [
    [{ PORT: "many" }, "PORT"],
    [{ DATABASE_URL: `postgres://u:${password}@127.0.0.1:1/x` }, "DATABASE_URL"],
    [{ REDIS_URL: `redis://:${password}@127.0.0.1:1` }, "REDIS_URL"],
    [{ SINGURA_MASTER_KEY: TOKEN }, "openssl rand -base64 32"],
    [{ SINGURA_HOME: "/dev/null/none" }, "SINGURA_HOME"],
    [{ DATABASE_READ_URLS: `postgres://u:${password}@127.0.0.1:1/x` }, "DATABASE_READ_URLS"],
  ];
  for (const [more, cure] of cases) {
    const { code, out } = await run(["doctor"], more);
    expect([more, code, out]).toEqual([more, 69, expect.stringContaining(cure)]);
  }
  const { out } = await run(["doctor", "--json"]);
  expect(JSON.parse(out)).toContainEqual(
    expect.objectContaining({ name: "tables", isWell: true, cure: null }),
  );
});

it("rotate-key puts stored secrets under a new key, and doctor misses a key that is gone", async () => {
  const store = await openStore(storeOptions(new Secret(env.DATABASE_URL ?? "")));
  const old = newMasterKey();
  writeFileSync(keyFile, `${old}\n`, { mode: 0o600 });
  await store.acrossOrgs((tx) =>
    organizations.create(tx, { id: "acme", name: "A", slug: "a", now: NOW }),
  );
  await store.inOrg("acme", (tx) =>
    connections.create(
      tx,
      "acme",
      { id: "c", platform: "slack", name: "A", credential: TOKEN, now: NOW },
      new Keyring([old]),
    ),
  );
  expect(await run(["rotate-key"])).toMatchObject({
    code: 0,
    out: expect.stringContaining("1 secrets are now under"),
  });
  const keys = readKeyFile(keyFile);
  expect(keys.slice(1)).toEqual([old]);
  expect(await run(["rotate-key", "--forget"])).toMatchObject({ code: 0 });
  expect(readKeyFile(keyFile)).toHaveLength(1);
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  const current = new Keyring(readKeyFile(keyFile));
  expect(await store.inOrg("acme", (tx) => connections.credential(tx, "acme", "c", current))).toBe(
    TOKEN,
  );
  expect(await run(["doctor"], { SINGURA_MASTER_KEY: old })).toMatchObject({
    code: 69,
    out: expect.stringContaining(`under master key ${current.keyId}`),
  });
  await store.close();
});

it("backup and restore say how much it was, and restore replaces nothing unasked", async () => {
  const file = path.join(folder, "all.sgb");
  expect(await run(["backup", file])).toMatchObject({
    code: 0,
    err: expect.stringMatching(/Wrote \d+ rows/),
  });
  expect(readFileSync(file).includes(TOKEN)).toBe(false);
  expect(await run(["restore", file])).toMatchObject({
    code: 64,
    err: expect.stringContaining("--force"),
  });
  expect(await run(["restore", file, "--force"])).toMatchObject({
    code: 0,
    err: expect.stringContaining("Restored"),
  });
  expect(await run(["restore", keyFile])).toMatchObject({
    code: 66,
    err: expect.stringContaining("no backup of Singura"),
  });
});

it.each(["migrate", "doctor", "backup", "restore", "rotate-key"])(
  "%s --help shows examples",
  async (name) => {
    expect(await run([name, "--help"])).toMatchObject({
      code: 0,
      out: expect.stringContaining("Examples:"),
    });
  },
);

it("nothing that any of them said holds a password, a token or a key", () => {
  const all = said.join("\n");
  expect(all.length).toBeGreaterThan(1_000);
  for (const secret of [password, TOKEN, ...readKeyFile(keyFile)])
    expect(all).not.toContain(secret);
});
