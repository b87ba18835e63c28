/** The database of one's own: one for a home however many start it, whole after kill -9, and for nobody else on the machine. */

import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Secret } from "#kit/secret.ts";
import { type EmbeddedDatabase, openEmbedded } from "./embedded.ts";

let home = "";
let opened: EmbeddedDatabase[] = [];
let children: ChildProcess[] = [];

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "singura-embedded-"));
  // The user that Postgres runs as when the tests run as root must be able to enter.
  chmodSync(home, 0o755);
  opened = [];
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  for (const one of opened) await one.stop();
  rmSync(home, { recursive: true, force: true });
});

async function open(): Promise<EmbeddedDatabase> {
  const database = await openEmbedded({ home });
  opened.push(database);
  return database;
}

async function query(url: Secret, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url.reveal() });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** A process of its own that opens the database, says its process id, and keeps it until it is told to stop. */
async function otherProcess(): Promise<{
  readonly child: ChildProcess;
  readonly pid: number;
  readonly isJoined: boolean;
}> {
  const script = `
    import { openEmbedded } from ${JSON.stringify(path.join(import.meta.dirname, "embedded.ts"))};
    const database = await openEmbedded({ home: ${JSON.stringify(home)} });
    process.on("SIGTERM", async () => { await database.stop(); process.exit(0); });
    console.log(JSON.stringify({ pid: database.pid, isJoined: database.isJoined }));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (chunk) => resolve(String(chunk)));
    child.once("exit", (code) => reject(new Error(`ended with ${code}`)));
  });
  return { child, ...JSON.parse(line) };
}

async function gone(pid: number): Promise<void> {
  for (let i = 0; i < 400; i++) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(25);
  }
  throw new Error(`process ${pid} is still there`);
}

describe("embedded database", () => {
  it("is one for a home, however many processes start it at once, and is stopped by the one that started it", async () => {
    const all = await Promise.all([otherProcess(), otherProcess(), otherProcess()]);
    expect(new Set(all.map(({ pid }) => pid)).size).toBe(1);
    expect(all.filter(({ isJoined }) => !isJoined)).toHaveLength(1);
    for (const { child, isJoined } of all) {
      if (!isJoined) continue;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
    }
    const joined = await open();
    expect(joined.isJoined).toBe(true);
    await joined.stop();
    expect(await query(joined.appUrl, "select 1 as one")).toEqual([{ one: 1 }]);
    all.find(({ isJoined }) => !isJoined)?.child.kill("SIGTERM");
    await gone(joined.pid);
  });

  it("keeps what was committed when Postgres is killed, and starts again with what it left lying", async () => {
    const first = await open();
    await query(
      first.ownerUrl,
      "create table kept (n int); insert into kept select generate_series(1, 10000)",
    );
    process.kill(first.pid, "SIGKILL");
    expect(existsSync(path.join(first.place, "data", "postmaster.pid"))).toBe(true);
    const second = await open();
    expect(second.pid).not.toBe(first.pid);
    expect(await query(second.ownerUrl, "select count(*)::int as n from kept")).toEqual([
      { n: 10_000 },
    ]);
  });

  it("is adopted when its process was killed, and stopped by the one that adopted it", async () => {
    const { child, pid } = await otherProcess();
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    const adopted = await open();
    expect(adopted).toMatchObject({ pid, isJoined: false });
    await adopted.stop();
    await gone(pid);
  });

  it("is not kept from starting by a note whose number is another process's by now", async () => {
    const first = await open();
    await first.stop();
    const note = path.join(first.place, "data", "postmaster.pid");
    writeFileSync(note, `${process.pid}\n${first.place}/data\n`);
    expect((await open()).pid).not.toBe(process.pid);
  });

  it("listens on no network, and what opens it is for its user alone", async () => {
    const database = await open();
    const [settings] = await query(
      database.ownerUrl,
      "select current_setting('listen_addresses') as a, current_setting('password_encryption') as p, current_setting('data_checksums') as c",
    );
    expect(settings).toEqual({
      a: process.platform === "win32" ? "127.0.0.1" : "",
      p: "scram-sha-256",
      c: "on",
    });
    expect(statSync(path.join(home, "postgres.passwords")).mode & 0o777).toBe(0o600);
    expect(statSync(database.place).mode & 0o777).toBe(0o700);
    const wrong = new URL(database.appUrl.reveal());
    const { password } = wrong;
    wrong.password = "wrong";
    const client = new pg.Client({ connectionString: wrong.href });
    await expect(client.connect()).rejects.toThrow("password authentication failed");
    for (const name of readdirSync(database.place).filter((one) => /log|pass/.test(one))) {
      expect(readFileSync(path.join(database.place, name), "utf8")).not.toContain(password);
    }
  });

  it("leaves the data of another major version alone, and says the way", async () => {
    const first = await open();
    await first.stop();
    writeFileSync(path.join(first.place, "data", "PG_VERSION"), "17\n");
    await expect(openEmbedded({ home })).rejects.toThrow(
      /PostgreSQL 17.*singura backup.*singura restore/s,
    );
    expect(readFileSync(path.join(first.place, "data", "PG_VERSION"), "utf8")).toBe("17\n");
    writeFileSync(path.join(first.place, "data", "PG_VERSION"), "18\n");
  });

  it("finds a place of its own where its user cannot enter the home, and finds it again", async () => {
    const own = path.join(home, "closed", ".singura");
    const first = await openEmbedded({ home: own });
    await first.stop();
    expect(first.place).toBe(path.join(own, "postgres"));
    if (process.getuid?.() !== 0) return;
    rmSync(own, { recursive: true });
    chmodSync(home, 0o700);
    const second = await openEmbedded({ home: own });
    try {
      expect(second.place).not.toContain(home);
      expect(await query(second.appUrl, "select 1 as one")).toEqual([{ one: 1 }]);
      await second.stop();
      const third = await openEmbedded({ home: own });
      expect(third.place).toBe(second.place);
      await third.stop();
    } finally {
      await second.stop();
      rmSync(second.place, { recursive: true, force: true });
    }
  });
});
