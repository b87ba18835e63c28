/** Tables are brought up to date once, by one process at a time, and by files that stay as they were. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLog } from "#kit/log.ts";
import { Secret } from "#kit/secret.ts";
import { storeOptions, testDatabase } from "#test/postgres.ts";
import { openStore } from "./db.ts";
import { migrate, pendingMigrations, readMigrations, withOwner } from "./migrate.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "singura-migrations-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Migrations out of files that a test writes. */
function files(texts: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(texts)) writeFileSync(path.join(folder, name), text);
  return readMigrations(folder);
}

describe("migrations", () => {
  it("are applied once, by whichever of eight processes comes first", async () => {
    const { ownerUrl } = await testDatabase();
    const names = readMigrations().map(({ name }) => name);
    expect(await pendingMigrations(ownerUrl)).toEqual(names);
    const done = await Promise.all(Array.from({ length: 8 }, () => migrate(ownerUrl)));
    expect(done.filter((applied) => applied.length > 0)).toEqual([names]);
    expect(await pendingMigrations(ownerUrl)).toEqual([]);
  });

  it("are refused when a file that was applied has changed, is missing, or comes late", async () => {
    const { ownerUrl } = await testDatabase();
    const first = files({
      "0001_a.sql": "create table a (id int);",
      "0003_c.sql": "create table c (id int);",
    });
    expect(await migrate(ownerUrl, first)).toEqual(["0001_a.sql", "0003_c.sql"]);
    await expect(
      migrate(ownerUrl, files({ "0001_a.sql": "create table a (id bigint);" })),
    ).rejects.toThrow("0001_a.sql is not the one that was applied");
    await expect(migrate(ownerUrl, first.slice(0, 1))).rejects.toThrow(
      "which this version does not know",
    );
    const late = files({
      "0001_a.sql": "create table a (id int);",
      "0002_b.sql": "create table b (id int);",
    });
    await expect(migrate(ownerUrl, late)).rejects.toThrow("has a number below 3");
  });

  it("that fail leave nothing of the others that came with them", async () => {
    const { ownerUrl } = await testDatabase();
    const bad = files({
      "0001_a.sql": "create table a (id int);",
      "0002_b.sql": "create table nonsense;",
    });
    await expect(migrate(ownerUrl, bad)).rejects.toThrow("syntax error");
    expect(await pendingMigrations(ownerUrl, bad)).toEqual(["0001_a.sql", "0002_b.sql"]);
  });
});

describe("opening", () => {
  it("refuses tables that are behind, and says what to type", async () => {
    const { open } = await testDatabase();
    await expect(open({ shouldMigrate: false })).rejects.toThrow("singura migrate");
  });

  it.each([
    [
      "ECONNREFUSED",
      (url: URL) => {
        url.search = "";
        url.port = "1";
      },
    ],
    [
      "refuses the user or password",
      (url: URL) => {
        url.password = "wrong-but-secret";
      },
    ],
    [
      "There is no database",
      (url: URL) => {
        url.pathname = "/none";
      },
    ],
  ])("says what is wrong with the address, and not the password: %s", async (message, change) => {
    const { ownerUrl } = await testDatabase();
    const url = new URL(ownerUrl.reveal());
    change(url);
    const failure = await openStore(storeOptions(new Secret(url.href))).catch((cause) => cause);
    expect(String(failure)).toContain(message);
    expect(String(failure)).not.toContain(url.password);
    expect(failure).toMatchObject({ name: "UserError" });
  });

  it("refuses to run as somebody whom row-level security does not hold", async () => {
    const { ownerUrl } = await testDatabase();
    const name = `${new URL(ownerUrl.reveal()).pathname.slice(1)}_own`;
    await withOwner(ownerUrl, async (client) => {
      await client.query(
        `create role ${name}_app login createrole password 'p'; grant ${name}_app to current_user`,
      );
      await client.query(`create database ${name} owner ${name}_app`);
    });
    const url = new URL(ownerUrl.reveal());
    Object.assign(url, { pathname: name, username: `${name}_app`, password: "p" });
    await expect(openStore(storeOptions(new Secret(url.href)))).rejects.toThrow(
      "row-level security does not hold",
    );
  });

  it("counts and logs slow queries, without the values in them", async () => {
    const lines: string[] = [];
    const slow: string[] = [];
    const { open } = await testDatabase();
    const store = await open({
      log: createLog({ logLevel: "warn" }, { write: (line: string) => void lines.push(line) }),
      onSlow: ({ sql }) => void slow.push(sql),
    });
    const { sql } = await import("kysely");
    await store.inOrg("acme", (tx) =>
      sql`select pg_sleep(${0.15}), ${"a-secret-value"}::text`.execute(tx),
    );
    expect(slow).toEqual(["select pg_sleep($1), $2::text"]);
    expect(lines.filter((line) => line.includes("slow query"))).toHaveLength(1);
    expect(lines.join("")).not.toContain("a-secret-value");
    await store.close();
  });

  it("survives the loss of its connections: the next transaction has a new one", async () => {
    const { open, ownerUrl } = await testDatabase();
    const store = await open({ poolMin: 3 });
    await withOwner(ownerUrl, async (client) => {
      const role = `grant ${(await client.query("select current_database() || '_app' as role")).rows[0]?.role} to current_user`;
      await client.query(role).catch(() => undefined);
      await client.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
      );
    });
    expect(await store.inOrg("acme", async () => "works")).toBe("works");
    expect((await store.health()).replicas).toEqual([]);
    expect(store.pool().waiting).toBe(0);
    await store.close();
  });
});
