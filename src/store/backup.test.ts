/** A backup gives everything back, on another database, too; a damaged one, or one too many, changes nothing. */

import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Secret } from "#kit/secret.ts";
import { testDatabase } from "#test/postgres.ts";
import * as auditEvents from "./audit-events.ts";
import * as automations from "./automations.ts";
import { backup, restore } from "./backup.ts";
import * as consoleAudit from "./console-audit.ts";
import { withOwner } from "./migrate.ts";
import * as organizations from "./organizations.ts";
import * as uploads from "./uploads.ts";

const NOW = Date.UTC(2026, 5, 10);
const DAY = Math.floor(NOW / 86_400_000);

let folder = "";
let from: Secret;
let file = "";

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "singura-backup-"));
  file = path.join(folder, "all.sgb");
  const database = await testDatabase();
  from = database.ownerUrl;
  const store = await database.open();
  for (const id of ["one", "two"]) {
    await store.acrossOrgs((tx) =>
      organizations.create(tx, { id, name: 'A\t\\N"\n', slug: id, now: NOW }),
    );
    await auditEvents.ensureDays(store, id, [DAY, 12_345, -1], NOW);
    await store.inOrg(id, async (tx) => {
      const row = {
        at: NOW,
        platform: "slack",
        service: "s",
        action: "a",
        actor: "u",
        automationKey: null,
        subjectKey: null,
        source: "x",
        line: 1,
        body: "ü\\.",
      };
      await auditEvents.insertNew(
        tx,
        id,
        Array.from({ length: 3_000 }, (_, i) => ({
          ...row,
          eventKey: randomBytes(16),
          day: [DAY, 12_345, -1][i % 3] ?? 0,
        })),
      );
      await uploads.begin(tx, id, { id: "u", idempotencyKey: null, name: "n", now: NOW });
      await uploads.addChunk(tx, id, "u", 0, randomBytes(1_048_576), NOW);
      await automations.upsert(
        tx,
        id,
        [
          {
            id: "a",
            platform: "slack",
            kind: "bot",
            nativeId: "B",
            name: "Bot",
            vendor: null,
            ai: null,
            owner: null,
            risk: 5,
            level: "low",
            classification: "unknown",
            firstSeenAt: null,
            lastSeenAt: null,
            eventCount: 1,
            body: "{}",
            grants: [
              {
                principal: null,
                consent: "tenant",
                scopes: ["x,y", "{}"],
                grantedBy: null,
                at: null,
              },
            ],
          },
        ],
        NOW,
      );
      await consoleAudit.append(tx, id, {
        at: NOW,
        actor: "u",
        action: "x",
        target: "t",
        detail: "{}",
      });
    });
  }
  await store.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A digest of all rows of every table. */
async function contents(ownerUrl: Secret): Promise<Record<string, string>> {
  return withOwner(ownerUrl, async (client) => {
    await client.query("set app.keeper = 'on'");
    const { rows: tables } = await client.query(
      "select c.oid::regclass::text as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'migrations' order by 1",
    );
    const found: Record<string, string> = {};
    for (const { name } of tables) {
      const { rows } = await client.query(
        `select count(*) || ' ' || coalesce(md5(string_agg(t::text, e'\\n' order by t::text collate "C")), '') as digest from ${name} t`,
      );
      found[name] = rows[0]?.digest;
    }
    return found;
  });
}

describe("backup", () => {
  it("gives every row of every table back on an empty database, and the application can go on there", async () => {
    const written = await backup(from, file, NOW);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const target = await testDatabase();
    expect(await restore(target.ownerUrl, file, { isForced: false })).toEqual(written);
    const [before, after] = [await contents(from), await contents(target.ownerUrl)];
    expect(after).toEqual(before);
    expect(
      Object.values(before).filter((digest) => !digest.startsWith("0 ")).length,
    ).toBeGreaterThan(8);
    const store = await target.open();
    await store.inOrg("one", async (tx) => {
      expect((await consoleAudit.verify(tx, "one")).brokenAt).toBeNull();
      const { rows } = await sql<{
        n: number;
      }>`select count(*)::int as n from audit_events`.execute(tx);
      expect(rows).toEqual([{ n: 3_000 }]);
    });
    await store.close();
  });

  it("does not replace what is there unless it is told to, and then wholly", async () => {
    const target = await testDatabase();
    const store = await target.open();
    await store.acrossOrgs((tx) =>
      organizations.create(tx, { id: "there", name: "T", slug: "there", now: NOW }),
    );
    await store.close();
    await expect(restore(target.ownerUrl, file, { isForced: false })).rejects.toThrow("--force");
    expect((await contents(target.ownerUrl)).organizations).toMatch(/^1 /);
    await restore(target.ownerUrl, file, { isForced: true });
    expect(await contents(target.ownerUrl)).toEqual(await contents(from));
  });

  it("that is cut off, changed or something else is refused, and nothing is changed by it", async () => {
    const whole = readFileSync(file);
    const target = await testDatabase();
    await (await target.open()).close();
    const empty = await contents(target.ownerUrl);
    const flipped = Buffer.from(whole);
    flipped[Math.floor(whole.length / 2)] = (whole[Math.floor(whole.length / 2)] ?? 0) ^ 0x55;
    const broken = path.join(folder, "broken.sgb");
    for (const bytes of [
      whole.subarray(0, whole.length / 2),
      // The last bytes of all may be an empty block, without which nothing is missing; the line of sums is longer.
      whole.subarray(0, -40),
      flipped,
      Buffer.from("PGDMP"),
      Buffer.alloc(0),
    ]) {
      writeFileSync(broken, bytes);
      await expect(restore(target.ownerUrl, broken, { isForced: true })).rejects.toThrow(
        /damaged or cut off/,
      );
      expect(await contents(target.ownerUrl)).toEqual(empty);
    }
    await expect(
      restore(target.ownerUrl, path.join(folder, "none"), { isForced: true }),
    ).rejects.toThrow("cannot be read (ENOENT)");
    await expect(backup(from, path.join(folder, "no", "such"), NOW)).rejects.toThrow(
      "cannot be written (ENOENT)",
    );
  });
});
