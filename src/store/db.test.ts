/** Tenants never meet: in no table, by no query, and not even where a query forgets whose it is. */

import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "#test/postgres.ts";
import { ensureDays } from "./audit-events.ts";
import type { Store } from "./db.ts";
import { withOwner } from "./migrate.ts";
import * as organizations from "./organizations.ts";

const NOW = Date.UTC(2026, 5, 10);
const DAY = Math.floor(NOW / 86_400_000);

/** A row of every table that holds tenants' rows, by table; "ORG" stands for the organization. */
const ROWS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  organizations: { id: "ORG", name: "n", slug: "slug-ORG", created_at: 1 },
  members: { org_id: "ORG", user_id: "u", email: "u@example.com", role: "owner", created_at: 1 },
  api_keys: {
    org_id: "ORG",
    id: "k",
    name: "n",
    fingerprint: "f-ORG",
    scopes: "{}",
    created_at: 1,
  },
  connections: {
    org_id: "ORG",
    id: "c",
    platform: "slack",
    name: "n",
    created_at: 1,
    updated_at: 1,
  },
  alert_routes: { org_id: "ORG", id: "r", channel: "slack", severity_min: 0, created_at: 1 },
  action_log: {
    org_id: "ORG",
    id: "a",
    at: 1,
    actor: "u",
    action: "x",
    target: "t",
    outcome: "done",
  },
  console_audit: {
    org_id: "ORG",
    seq: 1,
    at: 1,
    actor: "u",
    action: "x",
    target: "t",
    detail: "{}",
    previous: "\\x00",
    hash: "\\x00",
  },
  runs: { org_id: "ORG", id: "r", kind: "collect", created_at: 1 },
  uploads: { org_id: "ORG", id: "u", name: "n", created_at: 1, updated_at: 1 },
  upload_chunks: { org_id: "ORG", upload_id: "u", seq: 0, bytes: "\\x00" },
  ledger: { org_id: "ORG", source: "s", service: "v", hour: 1 },
  quarantine: { org_id: "ORG", source: "s", batch: 0, line: 1, nth: 1, reason: "r" },
  audit_events: {
    org_id: "ORG",
    day: DAY,
    event_key: "\\x00",
    platform: "slack",
    service: "s",
    action: "a",
    actor: "u",
    source: "s",
    line: 1,
    body: "{}",
  },
  tracks: { org_id: "ORG", key: "k", day: 1, bytes: "\\x00", updated_at: 1 },
  timelines: { org_id: "ORG", key: "k", bytes: "\\x00", updated_at: 1 },
  records: { org_id: "ORG", key: "k", bytes: "\\x00", updated_at: 1 },
  state_facts: { org_id: "ORG", fact_key: "\\x00" },
  matches: { org_id: "ORG", key: "k", bytes: "\\x00", updated_at: 1 },
  kept: { org_id: "ORG", key: "k", bytes: "\\x00", updated_at: 1 },
  baselines: { org_id: "ORG", key: "k", bytes: "\\x00", updated_at: 1 },
  automations: {
    org_id: "ORG",
    id: "a",
    platform: "slack",
    kind: "bot",
    native_id: "B",
    risk: 1,
    level: "low",
    classification: "unknown",
    body: "{}",
    created_at: 1,
    updated_at: 1,
  },
  grants: { org_id: "ORG", automation_id: "a", key: "k", consent: "user", scopes: "{}" },
  findings: {
    org_id: "ORG",
    id: "f",
    detector: "d",
    techniques: "{}",
    attack_type: "backdoor",
    severity: 1,
    confidence: 1,
    platform: "slack",
    title: "t",
    body: "{}",
    created_at: 1,
    updated_at: 1,
  },
  verdicts: { org_id: "ORG", finding_id: "f", id: "v", verdict: "true_positive", by: "u", at: 1 },
  chains: { org_id: "ORG", id: "f", from_at: 1, to_at: 2, steps: "[]", shares: "[]" },
  stats: { org_id: "ORG", about: "x", dimension: "y", value: "z", count: 1 },
};
const TABLES = Object.keys(ROWS);

let database: TestDatabase;
let store: Store;

/** `insert into table …` with the row of an organization. */
function insertion(table: string, org: string, conflict = "") {
  const row = Object.entries(ROWS[table] ?? {});
  const names = sql.join(row.map(([name]) => sql.ref(name)));
  const values = sql.join(
    row.map(([, value]) => (typeof value === "string" ? value.replace("ORG", org) : value)),
  );
  return sql`insert into ${sql.table(table)} (${names}) values (${values}) ${sql.raw(conflict)}`;
}

/** How many rows of a table one sees. */
async function seen(
  table: string,
  as: (run: Parameters<Store["acrossOrgs"]>[0]) => Promise<unknown>,
): Promise<number> {
  let count = -1;
  await as(async (tx) => {
    const { rows } = await sql<{
      n: number;
    }>`select count(*)::int as n from ${sql.table(table)}`.execute(tx);
    count = rows[0]?.n ?? -1;
  });
  return count;
}

beforeAll(async () => {
  database = await testDatabase();
  store = await database.open();
  await store.acrossOrgs(async (tx) => {
    for (const id of ["mine", "theirs"]) await insertion("organizations", id).execute(tx);
  });
  await ensureDays(store, "mine", [DAY], NOW);
  for (const org of ["mine", "theirs"]) {
    await store.inOrg(org, async (tx) => {
      for (const table of TABLES.slice(1)) await insertion(table, org).execute(tx);
    });
  }
});
afterAll(() => store.close());

describe("tenants never meet", () => {
  it("every table is either attacked here, or holds nothing of tenants", async () => {
    const { rows } = await withOwner(database.ownerUrl, (client) =>
      client.query<{ name: string; enabled: boolean; forced: boolean; leads: string | null }>(`
        select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
          (select a.attname from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
            where i.indrelid = c.oid and i.indisprimary) as leads
        from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`),
    );
    const open = rows.filter(({ enabled, forced }) => !(enabled && forced)).map(({ name }) => name);
    expect(open).toEqual(["event_days", "migrations"]);
    const tenants = rows.filter(({ name }) => !open.includes(name) && !/^audit_events_/.test(name));
    expect(tenants.map(({ name }) => name).sort()).toEqual([...TABLES].sort());
    for (const { name, leads } of tenants)
      expect([name, leads]).toEqual([name, name === "organizations" ? "id" : "org_id"]);
  });

  it.each(TABLES)("%s: one's own rows are there, another's do not exist", async (table) => {
    const own = await seen(table, (run) => store.inOrg("mine", run));
    expect(own).toBeGreaterThan(0);
    const everybody = await withOwner(database.ownerUrl, async (client) => {
      await client.query("set app.keeper = 'on'");
      return Number((await client.query(`select count(*) as n from ${table}`)).rows[0]?.n);
    });
    expect(everybody).toBe(own * 2);
  });

  it.each(TABLES)(
    "%s: a transaction that names no organization, or one that is none, sees nothing",
    async (table) => {
      expect(await seen(table, (run) => store.inOrg("", run))).toBe(0);
      expect(await seen(table, (run) => store.inOrg("no-such", run))).toBe(0);
    },
  );

  it.each(TABLES)("%s: another's rows cannot be made, changed, taken or deleted", async (table) => {
    const org = sql.ref(table === "organizations" ? "id" : "org_id");
    const name = sql.table(table);
    const isAppendOnly = table === "console_audit";
    await store.inOrg("mine", async (tx) => {
      await sql`savepoint before_attack`.execute(tx);
      await expect(insertion(table, "theirs").execute(tx)).rejects.toThrow("row-level security");
      await sql`rollback to before_attack`.execute(tx);
      await expect(
        insertion(table, "theirs", "on conflict do nothing").execute(tx),
      ).rejects.toThrow("row-level security");
      await sql`rollback to before_attack`.execute(tx);
      if (isAppendOnly) return;
      const changed = await sql`update ${name} set ${org} = 'mine' where ${org} = 'theirs'`.execute(
        tx,
      );
      expect(changed.numAffectedRows).toBe(0n);
      const deleted = await sql`delete from ${name} where ${org} = 'theirs'`.execute(tx);
      expect(deleted.numAffectedRows).toBe(0n);
      await expect(
        sql`update ${name} set ${org} = 'theirs' where ${org} = 'mine'`.execute(tx),
      ).rejects.toThrow("row-level security");
      await sql`rollback to before_attack`.execute(tx);
    });
  });

  it("only what has to is open to transactions over all organizations", async () => {
    const open: string[] = [];
    for (const table of TABLES) if ((await seen(table, store.acrossOrgs)) > 0) open.push(table);
    expect(open).toEqual(["organizations", "members", "api_keys", "runs", "uploads"]);
  });

  it("the application cannot pass by: no owner, no keeper, no partition, no rule of its own", async () => {
    const attacks = [
      "set local app.keeper = 'on'; select count(*)::int as n from findings where org_id = 'theirs'",
      "set local row_security = off; select count(*)::int as n from findings where org_id = 'theirs'",
      "alter table findings disable row level security",
      "alter table findings no force row level security",
      "drop policy tenant on findings",
      "create policy open on findings using (true)",
      "create table mine (id int)",
      `select count(*)::int as n from audit_events_${DAY}_${DAY + 1}`,
      "update console_audit set actor = 'somebody else'",
      "delete from console_audit",
      "truncate findings",
      "insert into migrations values (9999, 'x', 'x', 1)",
      "delete from event_days",
      "create function open() returns int language sql security definer return 1",
    ];
    for (const attack of attacks) {
      const outcome = await store
        .inOrg("mine", async (tx) => {
          let count = 0;
          for (const statement of attack.split("; ")) {
            const { rows } = await sql<{ n?: number }>`${sql.raw(statement)}`.execute(tx);
            count = rows[0]?.n ?? 0;
          }
          return count === 0 && attack.startsWith("set") ? "saw nothing" : "worked";
        })
        .catch((cause) => String(cause));
      expect([attack, outcome]).toEqual([
        attack,
        expect.stringMatching(/saw nothing|permission denied|must be owner|policy/),
      ]);
    }
  });

  it("what one transaction said of its organization is forgotten with it", async () => {
    await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        const org = i % 2 === 0 ? "mine" : "theirs";
        const { rows } = await store.inOrg(org, (tx) =>
          sql<{ id: string }>`select id from organizations`.execute(tx),
        );
        expect(rows).toEqual([{ id: org }]);
      }),
    );
  });

  it("a removed organization leaves nothing, and takes nothing of another", async () => {
    await store.acrossOrgs((tx) =>
      organizations.create(tx, { id: "gone", name: "G", slug: "gone", now: 1 }),
    );
    await store.inOrg("gone", async (tx) => {
      for (const table of TABLES.slice(1)) await insertion(table, "gone").execute(tx);
    });
    await store.inOrg("gone", (tx) => organizations.remove(tx, "gone"));
    await withOwner(database.ownerUrl, async (client) => {
      await client.query("set app.keeper = 'on'");
      for (const table of TABLES) {
        const org = table === "organizations" ? "id" : "org_id";
        const { rows } = await client.query(
          `select count(*) filter (where ${org} = 'gone') as gone, count(*) as n from ${table}`,
        );
        expect([table, Number(rows[0]?.gone), Number(rows[0]?.n) > 0]).toEqual([table, 0, true]);
      }
    });
  });
});
