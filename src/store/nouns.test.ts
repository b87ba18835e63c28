/** What is stored is found again, whole and in order; twice is once; and what people said outlives every assessment. */

import { createHash } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Keyring, newMasterKey } from "#kit/secret.ts";
import { type TestDatabase, testDatabase } from "#test/postgres.ts";
import * as actionLog from "./action-log.ts";
import * as alertRoutes from "./alert-routes.ts";
import * as apiKeys from "./api-keys.ts";
import * as auditEvents from "./audit-events.ts";
import * as automations from "./automations.ts";
import * as chains from "./chains.ts";
import * as connections from "./connections.ts";
import * as consoleAudit from "./console-audit.ts";
import type { Store, Tx } from "./db.ts";
import * as findings from "./findings.ts";
import * as ledger from "./ledger.ts";
import * as members from "./members.ts";
import { withOwner } from "./migrate.ts";
import * as organizations from "./organizations.ts";
import { fromKeyText, keyText, type Page, type PageQuery } from "./page.ts";
import * as quarantine from "./quarantine.ts";
import * as runs from "./runs.ts";
import * as stats from "./stats.ts";
import * as tracks from "./tracks.ts";
import * as uploads from "./uploads.ts";
import * as verdicts from "./verdicts.ts";

const NOW = Date.UTC(2026, 5, 10);
const DAY = Math.floor(NOW / 86_400_000);
const ORG = "acme";
const masterKey = newMasterKey();
const keys = new Keyring([masterKey]);

let database: TestDatabase;
let store: Store;
const inOrg = <T>(run: (tx: Tx) => Promise<T>) => store.inOrg(ORG, run);

beforeAll(async () => {
  database = await testDatabase();
  store = await database.open();
  await store.acrossOrgs((tx) =>
    organizations.create(tx, { id: ORG, name: "Acme", slug: "acme", now: NOW }),
  );
});
afterAll(() => store.close());

/** All pages of a list, `limit` rows each. */
async function everything<Row>(
  list: (tx: Tx, query: PageQuery) => Promise<Page<Row>>,
  limit = 3,
): Promise<Row[]> {
  const rows: Row[] = [];
  let after: string | null = null;
  for (let pages = 0; pages < 1_000; pages++) {
    const page: Page<Row> = await inOrg((tx) => list(tx, { after, limit }));
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    rows.push(...page.rows);
    after = page.next;
    if (after === null) return rows;
  }
  throw new Error("the list has no end");
}

function event(nth: number, more: Partial<auditEvents.EventRow> = {}): auditEvents.EventRow {
  return {
    eventKey: createHash("sha256").update(String(nth)).digest().subarray(0, 16),
    day: DAY,
    at: NOW + nth,
    platform: "slack",
    service: "slack:audit",
    action: "file_downloaded",
    actor: "dana@example.com",
    automationKey: null,
    subjectKey: null,
    source: "upload-1",
    line: nth,
    body: "{}",
    ...more,
  };
}

function assessed(
  id: string,
  more: Partial<automations.AssessedRow> = {},
): automations.AssessedRow {
  return {
    id,
    platform: "slack",
    kind: "bot",
    nativeId: `native-${id}`,
    name: `Bot ${id}`,
    vendor: null,
    ai: null,
    owner: null,
    risk: 10,
    level: "low",
    classification: "unknown",
    firstSeenAt: NOW,
    lastSeenAt: NOW,
    eventCount: 1,
    body: "{}",
    grants: [],
    ...more,
  };
}

function claimed(id: string, more: Partial<findings.ClaimedRow> = {}): findings.ClaimedRow {
  return {
    id,
    detector: "velocity",
    techniques: ["T01"],
    attackType: "data_exfiltration",
    severity: 3,
    confidence: 0.8,
    platform: "slack",
    automationId: "a1",
    principal: null,
    window: { from: NOW - 1, to: NOW },
    title: "Fast",
    body: "{}",
    ...more,
  };
}

describe("events", () => {
  it("are new once, within a call, over calls, and with ten writers at a time", async () => {
    const events = Array.from({ length: 3_000 }, (_, i) =>
      event(i % 2_500, { day: DAY - (i % 3) }),
    );
    await auditEvents.ensureDays(store, ORG, [DAY, DAY - 1, DAY - 2], NOW);
    const writers = Array.from({ length: 10 }, (_, w) => {
      const own = events.filter((_, i) => i % 2 === 0 || i % 10 === w).reverse();
      return inOrg(async (tx) => (await auditEvents.insertNew(tx, ORG, own)).map((i) => own[i]));
    });
    const fresh = (await Promise.all(writers)).flat();
    const distinct = new Set(
      events.map(({ day, eventKey }) => `${day} ${Buffer.from(eventKey).toString("hex")}`),
    );
    expect(fresh).toHaveLength(distinct.size);
    expect(await inOrg((tx) => auditEvents.insertNew(tx, ORG, events))).toEqual([]);
    const listed = await everything((tx, query) => auditEvents.list(tx, ORG, query), 500);
    expect(
      new Set(listed.map(({ day, event_key }) => `${day} ${event_key.toString("hex")}`)),
    ).toEqual(distinct);
    expect(listed).toHaveLength(distinct.size);
  });

  it("are new again when the transaction that had them failed", async () => {
    const one = [event(90_001)];
    await expect(
      inOrg(async (tx) => {
        expect(await auditEvents.insertNew(tx, ORG, one)).toEqual([0]);
        throw new Error("killed");
      }),
    ).rejects.toThrow("killed");
    expect(await inOrg((tx) => auditEvents.insertNew(tx, ORG, one))).toEqual([0]);
  });

  it("of any day have a place, and no record makes us keep thousands of partitions", async () => {
    const odd = [
      -1,
      0,
      511,
      512,
      10_957,
      47_481,
      DAY - 401,
      DAY - 400,
      DAY + 8,
      ...Array.from({ length: 300 }, (_, i) => 20_000 + i * 3),
    ];
    await Promise.all(
      [odd, odd.toReversed()].map((days) => auditEvents.ensureDays(store, ORG, days, NOW)),
    );
    const rows = odd.map((day, i) =>
      event(100_000 + i, { day, at: day < 0 ? null : day * 86_400_000 }),
    );
    expect(await inOrg((tx) => auditEvents.insertNew(tx, ORG, rows))).toHaveLength(rows.length);
    const { rows: made } = await inOrg((tx) =>
      sql<{ from_day: number; to_day: number }>`select * from event_days order by from_day`.execute(
        tx,
      ),
    );
    for (const [i, { from_day }] of made.entries())
      expect(from_day).toBeGreaterThanOrEqual(made[i - 1]?.to_day ?? -1);
    expect(made.filter(({ from_day }) => from_day < DAY - 400).length).toBeLessThan(10);
  });

  it("are listed by whom they are of, newest first, undated last", async () => {
    await inOrg((tx) =>
      auditEvents.insertNew(tx, ORG, [
        event(200_001, { automationKey: "slack|a|B1", at: NOW + 5 }),
        event(200_002, { automationKey: "slack|a|B1", at: NOW + 9, subjectKey: "slack|a|B2" }),
        event(200_003, { automationKey: "slack|a|B1", at: null, day: -1 }),
      ]),
    );
    const by = await everything(
      (tx, query) => auditEvents.list(tx, ORG, { ...query, actedBy: "slack|a|B1" }),
      1,
    );
    expect(by.map(({ line }) => line)).toEqual([200_002, 200_001, 200_003]);
    const about = await everything((tx, query) =>
      auditEvents.list(tx, ORG, { ...query, about: "slack|a|B2" }),
    );
    expect(about.map(({ line }) => line)).toEqual([200_002]);
    const some = await inOrg((tx) =>
      auditEvents.list(tx, ORG, { actedBy: "slack|a|B1", fromDay: 0, toDay: DAY }),
    );
    expect(some.rows).toHaveLength(2);
  });

  it("before a day are forgotten, a piece at a time", async () => {
    const forget = () => inOrg((tx) => auditEvents.forgetBefore(tx, ORG, 15_000, 2));
    expect([await forget(), await forget(), await forget()]).toEqual([2, 2, 0]);
  });
});

describe("what is folded", () => {
  const join: tracks.Merge = (held, incoming) =>
    Buffer.from([...held, ...incoming].sort((a, b) => a - b));

  it("is merged by eight writers at once into what one makes", async () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({
      key: `k${i % 20}|ü`,
      day: DAY - Math.floor(i / 20),
      bytes: Buffer.from([i]),
    }));
    const wanted = new Map<string, number[]>();
    const writers = Array.from({ length: 8 }, (_, w) => {
      const own = rows
        .filter((_, i) => (i * 7 + w) % 3 !== 0)
        .map((row, i) => ({ ...row, bytes: Buffer.from([w * 16 + (i % 16)]) }));
      for (const { key, day, bytes } of own) {
        const id = `${key} ${day}`;
        wanted.set(
          id,
          [...(wanted.get(id) ?? []), ...bytes].sort((a, b) => a - b),
        );
      }
      return inOrg(async (tx) => {
        const mixed = w % 2 === 0 ? own : own.toReversed();
        await tracks.mergeDays(tx, ORG, mixed, join, NOW);
        const first = mixed.filter(({ day }) => day === DAY);
        await tracks.mergeTimelines(tx, ORG, first, join, NOW);
        await tracks.mergeRecords(tx, ORG, first, join, NOW);
        await tracks.mergeBaselines(tx, ORG, first, join, NOW);
      });
    });
    await Promise.all(writers);
    await inOrg(async (tx) => {
      const found = new Map<string, number[]>();
      for await (const { key, day, bytes } of tracks.days(tx, ORG))
        found.set(`${key} ${day}`, [...bytes]);
      expect(found).toEqual(wanted);
      for (const all of [tracks.timelines, tracks.records, tracks.baselines]) {
        for await (const { key, bytes } of all(tx, ORG))
          expect([...bytes]).toEqual(wanted.get(`${key} ${DAY}`));
      }
      expect((await tracks.daysOf(tx, ORG, "k1|ü")).map(({ day }) => day)).toEqual([
        DAY - 2,
        DAY - 1,
        DAY,
      ]);
      expect(await tracks.forgetDaysBefore(tx, ORG, DAY)).toBe(40);
    });
  });

  it("keeps keys apart and as they were, whatever is in them", async () => {
    const odd = ["a\0b", "a\ue0000000b", "a\ufffdb", "\ud800", "\ud801", "😀", "", "\ue000", "a|b"];
    for (const key of odd) expect(fromKeyText(keyText(key))).toBe(key);
    await inOrg(async (tx) => {
      await tracks.mergeRecords(
        tx,
        ORG,
        odd.map((key, i) => ({ key, bytes: Buffer.from([i]) })),
        join,
        NOW,
      );
      const found = new Map<string, number>();
      for await (const { key, bytes } of tracks.records(tx, ORG)) found.set(key, bytes[0] ?? -1);
      expect(odd.map((key) => found.get(key))).toEqual(odd.map((_, i) => i));
    });
  });
});

describe("uploads", () => {
  it("take each chunk once, are one for one key, and give back what was sent", async () => {
    const begin = (id: string) =>
      inOrg((tx) =>
        uploads.begin(tx, ORG, { id, idempotencyKey: "once", name: "a\0.json", now: NOW }),
      );
    expect((await begin("u1")).isNew).toBe(true);
    expect(await begin("u2")).toMatchObject({ isNew: false, upload: { id: "u1" } });
    for (const seq of [0, 1, 1, 0]) {
      await inOrg((tx) => uploads.addChunk(tx, ORG, "u1", seq, Buffer.from([seq, 0, 255]), NOW));
    }
    await inOrg((tx) => uploads.complete(tx, ORG, "u1", "abc", NOW));
    expect(await inOrg((tx) => uploads.get(tx, ORG, "u1", true))).toMatchObject({
      state: "received",
      bytes: 6,
      chunks: 2,
    });
    expect(await inOrg((tx) => uploads.chunk(tx, ORG, "u1", 1))).toEqual(Buffer.from([1, 0, 255]));
    expect(await store.acrossOrgs((tx) => uploads.stale(tx, NOW + 1))).toEqual([
      { org_id: ORG, id: "u1", state: "received" },
    ]);
    await inOrg((tx) =>
      uploads.advance(tx, ORG, "u1", { cursor: 2, counts: "{}", state: "collected" }, NOW),
    );
    await inOrg((tx) => uploads.dropChunks(tx, ORG, "u1"));
    expect(await inOrg((tx) => uploads.chunk(tx, ORG, "u1", 1))).toBeUndefined();
    for (let i = 0; i < 7; i++) {
      await inOrg((tx) =>
        uploads.begin(tx, ORG, {
          id: `v${i}`,
          idempotencyKey: null,
          name: "n",
          now: NOW + (i % 2),
        }),
      );
    }
    const ids = (await everything((tx, query) => uploads.list(tx, ORG, query))).map(({ id }) => id);
    expect(ids).toEqual(["v1", "v3", "v5", "u1", "v0", "v2", "v4", "v6"]);
  });

  it("have a ledger and a quarantine that count the same batch once or add up", async () => {
    const row = {
      source: "u1",
      service: "slack:audit",
      hour: 5,
      fetched: 3,
      new: 2,
      duplicate: 1,
      quarantined: 0,
      late: 0,
    };
    await Promise.all(
      Array.from({ length: 8 }, () =>
        inOrg((tx) => ledger.add(tx, ORG, [row, { ...row, hour: 6 }, row])),
      ),
    );
    const all = await everything(
      (tx, query) => ledger.list(tx, ORG, { ...query, fromHour: 0, toHour: 9 }),
      1,
    );
    expect(all.map(({ hour, fetched }) => [hour, fetched])).toEqual([
      [5, 48],
      [6, 24],
    ]);
    const bad = Array.from({ length: 5 }, (_, i) => ({ line: 9 - i, reason: "not JSON: \0" }));
    for (const batch of [0, 0, 1]) await inOrg((tx) => quarantine.add(tx, ORG, "u1", batch, bad));
    const listed = await everything((tx, query) => quarantine.list(tx, ORG, "u1", query));
    expect(listed.map(({ batch, line }) => [batch, line])).toEqual(
      [0, 1].flatMap((b) => [5, 6, 7, 8, 9].map((l) => [b, l])),
    );
  });
});

describe("runs", () => {
  const made = (id: string, more: Partial<runs.NewRun> = {}): runs.NewRun => ({
    id,
    kind: "collect",
    priority: 1,
    input: "{}",
    onceKey: null,
    attemptsMax: 3,
    notBefore: NOW,
    now: NOW,
    ...more,
  });

  it("are one for one key while they wait or work, with any number of callers", async () => {
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        inOrg((tx) => runs.create(tx, ORG, made(`once-${i}`, { onceKey: "upload-1" }))),
      ),
    );
    expect(all.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(all.map(({ run }) => run.id)).size).toBe(1);
    expect(await inOrg((tx) => runs.cancel(tx, ORG, all[0]?.run.id ?? "", NOW))).toBe(true);
    expect(
      (await inOrg((tx) => runs.create(tx, ORG, made("once-again", { onceKey: "upload-1" }))))
        .isNew,
    ).toBe(true);
    await inOrg((tx) => runs.cancel(tx, ORG, "once-again", NOW));
  });

  it("are taken by one worker, kept by its heartbeat, and free when it is gone", async () => {
    await inOrg((tx) => runs.create(tx, ORG, made("r1")));
    const claim = (worker: string, now: number) =>
      inOrg((tx) => runs.claim(tx, ORG, "r1", { worker, leaseUntil: now + 10, now }));
    const taken = await Promise.all(["a", "b", "c"].map((worker) => claim(worker, NOW)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    const holder = taken.find(Boolean)?.lease_owner ?? "";
    expect(await inOrg((tx) => runs.heartbeat(tx, ORG, "r1", holder, NOW + 20))).toBe(true);
    expect(await claim("d", NOW + 15)).toBeUndefined();
    expect(await store.acrossOrgs((tx) => runs.due(tx, NOW + 21))).toEqual([
      { org_id: ORG, id: "r1", kind: "collect", priority: 1 },
    ]);
    expect(await claim("d", NOW + 21)).toMatchObject({ lease_owner: "d", attempts: 2 });
    expect(await inOrg((tx) => runs.heartbeat(tx, ORG, "r1", holder, NOW + 99))).toBe(false);
    expect(
      await inOrg((tx) =>
        runs.finish(tx, ORG, "r1", holder, { state: "done", error: null, now: NOW }),
      ),
    ).toBe(false);
    expect(
      await inOrg((tx) =>
        runs.retryLater(tx, ORG, "r1", "d", { error: "limit", notBefore: NOW + 100 }),
      ),
    ).toBe(true);
    expect(await claim("e", NOW + 50)).toBeUndefined();
    await claim("e", NOW + 100);
    await inOrg((tx) => runs.saveProgress(tx, ORG, "r1", '{"done":1}'));
    expect(
      await inOrg((tx) =>
        runs.finish(tx, ORG, "r1", "e", { state: "dead", error: "x", now: NOW + 101 }),
      ),
    ).toBe(true);
    expect(await inOrg((tx) => runs.revive(tx, ORG, "r1", NOW))).toBe(true);
    expect(await inOrg((tx) => runs.discard(tx, ORG, "r1"))).toBe(false);
    expect(await inOrg((tx) => runs.get(tx, ORG, "r1"))).toMatchObject({
      state: "queued",
      attempts: 0,
      progress: '{"done":1}',
    });
    expect(await inOrg((tx) => runs.countOpen(tx, ORG))).toBe(1);
  });

  it("come most urgent first, and are listed newest first", async () => {
    for (const [i, priority] of [2, 0, 1].entries()) {
      await inOrg((tx) => runs.create(tx, ORG, made(`p${i}`, { priority, now: NOW + i })));
    }
    const due = await store.acrossOrgs((tx) => runs.due(tx, NOW));
    expect(due.map(({ priority }) => runs.PRIORITIES[priority])).toEqual([
      "critical",
      "standard",
      "standard",
      "background",
    ]);
    const listed = await everything(
      (tx, query) => runs.list(tx, ORG, { ...query, state: "queued" }),
      2,
    );
    expect(listed.map(({ id }) => id)).toEqual(["p2", "p1", "p0", "r1"]);
  });
});

describe("assessments", () => {
  it("leave what the organization said, and the counts of the dashboard are right after every change", async () => {
    const rows = Array.from({ length: 25 }, (_, i) =>
      assessed(`a${i}`, {
        risk: (i * 37) % 50,
        platform: i % 2 === 0 ? "slack" : "google",
        ai: i % 5 === 0 ? "OpenAI" : null,
        name: i % 4 === 0 ? null : `Bot ${i % 3}`,
        grants: [
          {
            principal: "dana@example.com",
            consent: "user",
            scopes: ["files:read", 'a"b{},\\'],
            grantedBy: null,
            at: NOW,
          },
          { principal: null, consent: "tenant", scopes: [], grantedBy: "x", at: null },
        ],
      }),
    );
    await inOrg((tx) => automations.upsert(tx, ORG, rows, NOW));
    await inOrg((tx) =>
      automations.patch(
        tx,
        ORG,
        "a1",
        { state: "approved", tags: ["ours"], assignedTo: "lee@example.com" },
        NOW,
      ),
    );
    await inOrg((tx) =>
      automations.upsert(
        tx,
        ORG,
        rows.slice(0, 24).map((row) => ({ ...row, risk: row.risk + 1 })),
        NOW + 1,
      ),
    );
    expect(
      await inOrg((tx) =>
        automations.removeOthers(
          tx,
          ORG,
          rows.slice(0, 24).map(({ id }) => id),
        ),
      ),
    ).toEqual(["a24"]);
    expect(await inOrg((tx) => automations.get(tx, ORG, "a1"))).toMatchObject({
      state: "approved",
      tags: ["ours"],
      assigned_to: "lee@example.com",
      risk: 38,
    });
    const grants = await everything((tx, query) => automations.grantsOf(tx, ORG, "a1", query), 1);
    expect(grants.map(({ consent, scopes }) => [consent, scopes])).toEqual([
      ["tenant", []],
      ["user", ["files:read", 'a"b{},\\']],
    ]);
    const counts = await inOrg((tx) => stats.overview(tx, ORG, "automations"));
    expect(counts).toEqual({
      all: { "": 24 },
      platform: { slack: 12, google: 12 },
      kind: { bot: 24 },
      level: { low: 24 },
      classification: { unknown: 24 },
      state: { discovered: 23, approved: 1 },
      ai: { "": 19, OpenAI: 5 },
    });
  });

  it("are listed complete and without doubles, in each order and under each filter", async () => {
    const all = await everything((tx, query) => automations.list(tx, ORG, query));
    expect(all).toHaveLength(24);
    expect(all.map(({ risk }) => risk)).toEqual(all.map(({ risk }) => risk).sort((a, b) => b - a));
    const byName = await everything((tx, query) =>
      automations.list(tx, ORG, { ...query, sort: "name" }),
    );
    expect(new Set(byName.map(({ id }) => id)).size).toBe(24);
    expect(byName.findIndex(({ name }) => name === null)).toBe(18);
    const ai = await everything((tx, query) =>
      automations.list(tx, ORG, { ...query, ai: true, platform: "slack" }),
    );
    expect(ai.map(({ id }) => id).sort()).toEqual(["a0", "a10", "a20"]);
    const named = await everything((tx, query) =>
      automations.list(tx, ORG, { ...query, q: "bOt 2", ai: "OpenAI" }),
    );
    expect(named.every(({ name }) => name === "Bot 2")).toBe(true);
    const facets = await inOrg((tx) => automations.facets(tx, ORG, { platform: "google" }));
    expect(facets.platform).toEqual([{ value: "google", count: 12 }]);
    await expect(
      inOrg((tx) => automations.list(tx, ORG, { after: "bm9uc2Vuc2U" })),
    ).rejects.toThrow("no place in the list");
    const page = await inOrg((tx) => automations.list(tx, ORG, { limit: 1e9 }));
    expect(page.next).toBeNull();
  });

  it("rows that come between two pages shift nothing", async () => {
    const first = await inOrg((tx) => automations.list(tx, ORG, { limit: 10 }));
    await inOrg((tx) => automations.upsert(tx, ORG, [assessed("new", { risk: 99 })], NOW));
    const rest = await inOrg((tx) => automations.list(tx, ORG, { limit: 500, after: first.next }));
    expect(first.rows.length + rest.rows.length).toBe(24);
    await inOrg((tx) =>
      automations.removeOthers(
        tx,
        ORG,
        [...first.rows, ...rest.rows].map(({ id }) => id),
      ),
    );
  });

  it("tell what is new, changed and gone; a finding that comes back is the same one, with its verdict", async () => {
    const store1 = (rows: findings.ClaimedRow[], now: number) =>
      inOrg((tx) => findings.store(tx, ORG, rows, now));
    expect(
      await store1([claimed("f1"), claimed("f2"), claimed("f3", { severity: 4 })], NOW),
    ).toEqual({ made: ["f1", "f2", "f3"], changed: [], superseded: [] });
    expect(
      await store1([claimed("f1"), claimed("f2"), claimed("f3", { severity: 4 })], NOW + 1),
    ).toEqual({ made: [], changed: [], superseded: [] });
    const judged = {
      org_id: ORG,
      finding_id: "f2",
      id: "v1",
      verdict: "false_positive",
      by: "lee@example.com",
      note: "known",
      at: NOW,
    } as const;
    expect(await inOrg((tx) => verdicts.add(tx, judged))).toBe(true);
    expect(await inOrg((tx) => verdicts.add(tx, { ...judged, finding_id: "none" }))).toBe(false);
    await inOrg((tx) =>
      findings.patch(tx, ORG, "f1", { assignee: "dana@example.com", status: "triaged" }, NOW),
    );
    expect(await store1([claimed("f1", { confidence: 0.9 })], NOW + 2)).toEqual({
      made: [],
      changed: ["f1"],
      superseded: ["f2", "f3"],
    });
    expect((await inOrg((tx) => stats.overview(tx, ORG, "findings"))).status).toEqual({
      triaged: 1,
    });
    expect(await store1([claimed("f1", { confidence: 0.9 }), claimed("f2")], NOW + 3)).toEqual({
      made: [],
      changed: ["f2"],
      superseded: [],
    });
    expect(await inOrg((tx) => findings.get(tx, ORG, "f2"))).toMatchObject({
      status: "dismissed",
      superseded_at: null,
    });
    expect(
      await everything((tx, query) => verdicts.list(tx, ORG, { ...query, findingId: "f2" })),
    ).toEqual([judged]);
    expect(await inOrg((tx) => stats.trend(tx, ORG, DAY, DAY))).toEqual([
      { day: DAY, severity: 3, count: 2 },
      { day: DAY, severity: 4, count: 1 },
    ]);
  });

  it("findings are listed worst or newest first, complete and without doubles", async () => {
    const rows = Array.from({ length: 20 }, (_, i) =>
      claimed(`g${i}`, { severity: i % 5, detector: i < 3 ? "mass-deletion" : "velocity" }),
    );
    for (const part of [rows.slice(0, 10), rows])
      await inOrg((tx) => findings.store(tx, ORG, part, NOW + part.length));
    const worst = await everything((tx, query) => findings.list(tx, ORG, query));
    expect(worst.map(({ severity }) => severity)).toEqual(
      [4, 3, 2, 1, 0].flatMap((s) => [s, s, s, s]),
    );
    expect(new Set(worst.map(({ id }) => id)).size).toBe(20);
    const newest = await everything((tx, query) =>
      findings.list(tx, ORG, { ...query, sort: "newest", withSuperseded: true }),
    );
    expect(newest).toHaveLength(23);
    const some = await everything((tx, query) =>
      findings.list(tx, ORG, {
        ...query,
        severityMin: 1,
        confidenceMin: 0.8,
        status: "open",
        detector: "mass-deletion",
      }),
    );
    expect(some.map(({ id }) => id)).toEqual(["g2", "g1"]);
    const chain = (id: string) => ({ id, from_at: NOW, to_at: NOW + 1, steps: "[]", shares: "[]" });
    await inOrg((tx) => chains.replace(tx, ORG, ["g1", "g2", "g3"].map(chain)));
    await inOrg((tx) => chains.replace(tx, ORG, ["g2", "g3", "g4"].map(chain)));
    expect(
      (await everything((tx, query) => chains.list(tx, ORG, query), 2)).map(({ id }) => id),
    ).toEqual(["g2", "g3", "g4"]);
    expect(await inOrg((tx) => chains.get(tx, ORG, "g1"))).toBeUndefined();
  });
});

describe("who may", () => {
  it("organizations have one slug each, a version that rises, and members", async () => {
    const again = await store.acrossOrgs((tx) =>
      organizations.create(tx, { id: "other", name: "A", slug: "acme", now: NOW }),
    );
    expect(again).toBeUndefined();
    const { version } = (await inOrg((tx) => organizations.get(tx, ORG))) ?? { version: 0 };
    expect(await inOrg((tx) => organizations.touch(tx, ORG))).toBe(version + 1);
    await inOrg((tx) => organizations.saveSettings(tx, ORG, '{"timeZone":"UTC"}'));
    expect((await store.acrossOrgs((tx) => organizations.list(tx, {}))).rows).toMatchObject([
      { id: ORG, version: version + 2 },
    ]);
    for (const id of ["u3", "u1", "u2", "u1"]) {
      await inOrg((tx) =>
        members.put(tx, {
          org_id: ORG,
          user_id: id,
          email: "x@example.com",
          role: "viewer",
          created_at: NOW,
        }),
      );
    }
    expect(
      (await everything((tx, query) => members.list(tx, ORG, query), 2)).map(
        ({ user_id }) => user_id,
      ),
    ).toEqual(["u1", "u2", "u3"]);
    expect(await store.acrossOrgs((tx) => members.ofUser(tx, "u1"))).toHaveLength(1);
    expect(await inOrg((tx) => members.remove(tx, ORG, "u1"))).toBe(true);
  });

  it("an API key is found until it is revoked or expires, and kept nowhere", async () => {
    const make = (id: string, expiresAt: number | null) =>
      inOrg((tx) =>
        apiKeys.create(tx, ORG, {
          id,
          name: "n",
          scopes: ["ingest"],
          createdBy: null,
          expiresAt,
          now: NOW,
        }),
      );
    const [lasting, short] = [await make("k1", null), await make("k2", NOW + 10)];
    const find = (key: string, now: number) => store.acrossOrgs((tx) => apiKeys.find(tx, key, now));
    expect(await find(lasting, NOW)).toMatchObject({ org_id: ORG, id: "k1", scopes: ["ingest"] });
    expect(
      [await find(short, NOW), await find(short, NOW + 10), await find(`${lasting}x`, NOW)].map(
        Boolean,
      ),
    ).toEqual([true, false, false]);
    expect(await inOrg((tx) => apiKeys.revoke(tx, ORG, "k1", NOW))).toBe(true);
    expect(await find(lasting, NOW)).toBeUndefined();
    const listed = await everything((tx, query) => apiKeys.list(tx, ORG, query), 1);
    expect(listed.map(({ id, last_used_at }) => [id, last_used_at])).toEqual([
      ["k1", NOW],
      ["k2", NOW],
    ]);
    expect(
      JSON.stringify(await inOrg((tx) => sql`select * from api_keys`.execute(tx))),
    ).not.toContain(lasting);
  });

  it("credentials are stored sealed, opened for their own row alone, and rotate", async () => {
    const token = "xoxb-very-secret";
    await inOrg((tx) =>
      connections.create(
        tx,
        ORG,
        { id: "c1", platform: "slack", name: "A", credential: token, now: NOW },
        keys,
      ),
    );
    await inOrg((tx) =>
      connections.create(
        tx,
        ORG,
        { id: "c2", platform: "google", name: "B", credential: null, now: NOW },
        keys,
      ),
    );
    const route = {
      id: "r1",
      channel: "slack",
      severity_min: 3,
      is_enabled: true,
      options: "{}",
      created_at: NOW,
    };
    await inOrg((tx) => alertRoutes.put(tx, ORG, route, token, keys));
    await inOrg((tx) => alertRoutes.put(tx, ORG, { ...route, severity_min: 4 }, undefined, keys));
    const next = newMasterKey();
    const both = new Keyring([next, masterKey]);
    expect(await inOrg((tx) => connections.rewrap(tx, ORG, both))).toBe(1);
    expect(await inOrg((tx) => alertRoutes.rewrap(tx, ORG, both))).toBe(1);
    expect(await inOrg((tx) => connections.credential(tx, ORG, "c1", new Keyring([next])))).toBe(
      token,
    );
    expect(await inOrg((tx) => alertRoutes.secretOf(tx, ORG, "r1", new Keyring([next])))).toBe(
      token,
    );
    expect(
      JSON.stringify([
        await inOrg((tx) => sql`select * from connections`.execute(tx)),
        await inOrg((tx) => sql`select * from alert_routes`.execute(tx)),
      ]),
    ).not.toContain(token);
    await inOrg((tx) =>
      sql`update connections set credential = (select credential from connections where id = 'c1') where id = 'c2'`.execute(
        tx,
      ),
    );
    await expect(
      inOrg((tx) => connections.credential(tx, ORG, "c2", new Keyring([next]))),
    ).rejects.toThrow("wrong place");
    await inOrg((tx) => connections.saveCursors(tx, ORG, "c1", '{"a":1}', NOW + 1));
    expect(await inOrg((tx) => connections.get(tx, ORG, "c1"))).toMatchObject({
      cursors: '{"a":1}',
      state: "active",
    });
    await inOrg((tx) =>
      connections.setState(tx, ORG, "c1", { state: "removed", error: null, now: NOW }),
    );
    expect(
      await inOrg((tx) => connections.credential(tx, ORG, "c1", new Keyring([next]))),
    ).toBeNull();
    expect(
      (await everything((tx, query) => connections.list(tx, ORG, query), 1)).map(({ id }) => id),
    ).toEqual(["c2", "c1"]);
    expect(await inOrg((tx) => alertRoutes.list(tx, ORG))).toMatchObject([
      { id: "r1", severity_min: 4 },
    ]);
    expect(await inOrg((tx) => alertRoutes.remove(tx, ORG, "r1"))).toBe(true);
  });

  it("actions are logged with what came of them", async () => {
    for (let i = 0; i < 5; i++) {
      await inOrg((tx) =>
        actionLog.add(tx, {
          org_id: ORG,
          id: `x${i}`,
          at: NOW + (i % 2),
          actor: "lee",
          action: "revoke",
          target: "B1",
          outcome: "planned",
          detail: "{}",
        }),
      );
    }
    await inOrg((tx) => actionLog.setOutcome(tx, ORG, "x1", "done", "{}"));
    const all = await everything((tx, query) => actionLog.list(tx, ORG, query), 2);
    expect(all.map(({ id, outcome }) => [id, outcome])).toEqual([
      ["x1", "done"],
      ["x3", "planned"],
      ["x0", "planned"],
      ["x2", "planned"],
      ["x4", "planned"],
    ]);
  });
});

describe("console audit", () => {
  const entry = (i: number) => ({
    at: NOW + i,
    actor: "lee@example.com",
    action: "finding.dismiss",
    target: `f${i}`,
    detail: "{}",
  });

  it("is one unbroken chain with any number of writers, and any change of it shows", async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => inOrg((tx) => consoleAudit.append(tx, ORG, entry(i)))),
    );
    const verify = () => inOrg((tx) => consoleAudit.verify(tx, ORG));
    const { head } = await verify();
    expect(await verify()).toEqual({ brokenAt: null, entries: 20, head });
    expect(
      (await everything((tx, query) => consoleAudit.list(tx, ORG, query), 7)).map(({ seq }) => seq),
    ).toEqual(Array.from({ length: 20 }, (_, i) => 20 - i));
    const tampering = [
      ["update console_audit set actor = 'nobody' where seq = 7", 7],
      ["update console_audit set at = at + 1 where seq = 20", 20],
      ["delete from console_audit where seq = 1", 1],
      ["delete from console_audit where seq = 12", 12],
      ["update console_audit set seq = 99 where seq = 20", 20],
      [
        "update console_audit a set hash = b.hash from console_audit b where a.seq = 5 and b.seq = 6",
        5,
      ],
    ] as const;
    for (const [statement, at] of tampering) {
      await withOwner(database.ownerUrl, async (client) => {
        await client.query(
          "begin; set local app.keeper = 'on'; create table aside as select * from console_audit",
        );
        await client.query(statement);
        await client.query("commit");
      });
      expect([statement, (await verify()).brokenAt]).toEqual([statement, at]);
      await withOwner(database.ownerUrl, (client) =>
        client.query(
          "begin; set local app.keeper = 'on'; delete from console_audit; insert into console_audit select * from aside; drop table aside; commit",
        ),
      );
      expect((await verify()).brokenAt).toBeNull();
    }
    await withOwner(database.ownerUrl, (client) =>
      client.query(
        "begin; set local app.keeper = 'on'; delete from console_audit where seq = 20; commit",
      ),
    );
    expect((await verify()).head).not.toBe(head);
  });
});
