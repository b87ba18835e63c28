/** Two organizations with rows of their own on a real database, and the API over them, for tests. */
import { randomUUID } from "node:crypto";
import { LIMITS, type Limits } from "#api/route.ts";
import { type ApiServer, createServer } from "#api/server.ts";
import { Scope } from "#contract/api/common.ts";
import { createLog } from "#kit/log.ts";
import * as apiKeys from "#store/api-keys.ts";
import * as automations from "#store/automations.ts";
import type { Store } from "#store/db.ts";
import * as findings from "#store/findings.ts";
import * as ledger from "#store/ledger.ts";
import * as organizations from "#store/organizations.ts";
import * as runs from "#store/runs.ts";
import { type TestDatabase, testDatabase } from "#test/postgres.ts";

/** 10 June 2026, noon. */
export const NOW = Date.UTC(2026, 5, 10, 12);
export const HOUR = Math.floor(NOW / 3_600_000);

/** Ids that hold the organization's name, so that a leak shows in any answer. */
export interface TestOrg {
  readonly id: string;
  /** May do everything. */
  readonly key: string;
  readonly findingId: string;
  readonly automationId: string;
  readonly runId: string;
}

export interface TestApi {
  readonly store: Store;
  readonly database: TestDatabase;
  readonly acme: TestOrg;
  readonly rival: TestOrg;
  /** All that was logged. */
  readonly logged: string[];
  /** Runs that workers were told of. */
  readonly woken: { readonly orgId: string; readonly runId: string }[];
  server(options?: Options): Promise<ApiServer>;
  key(orgId: string, scopes: Scope[], expiresAt?: number): Promise<string>;
  close(): Promise<void>;
}

interface Options {
  readonly limits?: Partial<Limits>;
  readonly clock?: () => number;
  readonly store?: Store;
}

export async function testApi(): Promise<TestApi> {
  const database = await testDatabase();
  const store = await database.open();
  const logged: string[] = [];
  const woken: { orgId: string; runId: string }[] = [];
  const servers: ApiServer[] = [];
  const log = createLog({ logLevel: "info" }, { write: (line) => void logged.push(line) });
  const key = (orgId: string, scopes: Scope[], expiresAt: number | null = null) =>
    store.inOrg(orgId, (tx) =>
      apiKeys.create(tx, orgId, {
        id: randomUUID(),
        name: "a test's",
        scopes,
        createdBy: null,
        expiresAt,
        now: NOW,
      }),
    );
  const organization = async (id: string): Promise<TestOrg> => {
    await store.acrossOrgs((tx) =>
      organizations.create(tx, { id, name: `${id} Inc`, slug: id, now: NOW }),
    );
    await fill(store, id);
    return {
      id,
      key: await key(id, [...Scope.options]),
      findingId: `${id}-f1`,
      automationId: `${id}-a1`,
      runId: `${id}-r1`,
    };
  };
  return {
    store,
    database,
    logged,
    woken,
    key,
    acme: await organization("acme"),
    rival: await organization("rival"),
    async server({ limits, clock = () => NOW, store: own = store } = {}) {
      const wide = { perAddress: 100_000, perKey: 100_000 };
      const server = await createServer({
        store: own,
        log,
        clock,
        newId: randomUUID,
        version: "0.0.0-test",
        wake: (run) => void woken.push(run),
        limits: { ...LIMITS, ...wide, ...limits },
      });
      servers.push(server);
      return server;
    },
    async close() {
      for (const { app } of servers) await app.close();
      await store.close();
    },
  };
}

async function fill(store: Store, orgId: string): Promise<void> {
  await store.inOrg(orgId, async (tx) => {
    await automations.upsert(
      tx,
      orgId,
      Array.from({ length: 7 }, (_, i) => automationRow(`${orgId}-a${i + 1}`, i + 1)),
      NOW,
    );
    await findings.store(
      tx,
      orgId,
      Array.from({ length: 7 }, (_, i) => findingRow(`${orgId}-f${i + 1}`, `${orgId}-a1`, i)),
      NOW,
    );
    for (const nth of [1, 2, 3]) {
      await runs.create(tx, orgId, {
        id: `${orgId}-r${nth}`,
        kind: "collect",
        priority: 1,
        input: "{}",
        onceKey: null,
        attemptsMax: 8,
        notBefore: NOW,
        now: NOW + nth,
      });
    }
    const counts = { fetched: 5, new: 3, duplicate: 1, quarantined: 1, late: 0 };
    await ledger.add(tx, orgId, [
      { source: `${orgId}-u1`, service: "slack:audit", hour: HOUR, ...counts },
      { source: `${orgId}-u1`, service: "slack:audit", hour: HOUR - 1, ...counts },
      { source: `${orgId}-u1`, service: "slack:audit", hour: -1, ...counts },
    ]);
  });
}

function automationRow(id: string, nth: number): automations.AssessedRow {
  const isEven = nth % 2 === 0;
  const known = {
    id,
    platform: isEven ? "google" : "slack",
    kind: isEven ? "oauth_app" : "bot",
    nativeId: `native-${id}`,
    name: `Helper ${id}`,
    vendor: isEven ? "Example Ltd" : null,
  };
  return {
    ...known,
    ai: isEven ? "openai" : null,
    owner: "dana@example.com",
    risk: nth * 10,
    level: nth > 5 ? "high" : "low",
    classification: nth > 5 ? "suspicious" : "unknown",
    firstSeenAt: NOW - 86_400_000,
    lastSeenAt: NOW,
    eventCount: nth,
    body: JSON.stringify({
      ...known,
      ai: isEven
        ? { provider: "openai", category: "assistant", method: "catalogue_id", confidence: 1 }
        : null,
      owners: [{ principal: "dana@example.com", confidence: 0.9, evidence: "let it in" }],
      grants: [
        {
          principal: "dana@example.com",
          scopes: ["files:read"],
          consent: "user",
          grantedBy: "dana@example.com",
          at: new Date(NOW).toISOString(),
        },
      ],
      risk: {
        score: nth * 10,
        level: "low",
        reasons: [{ code: "reach", points: nth * 10, text: "It reads files." }],
      },
    }),
    grants: [],
  };
}

function findingRow(id: string, automationId: string, nth: number): findings.ClaimedRow {
  return {
    id,
    detector: nth % 2 === 0 ? "velocity" : "mass-download",
    techniques: ["T01"],
    attackType: "data_exfiltration",
    severity: nth % 5,
    confidence: nth / 10,
    platform: "slack",
    automationId,
    principal: null,
    window: { from: NOW - 3_600_000, to: NOW },
    title: `Fast: ${id}`,
    body: JSON.stringify({
      explanation: "Normal is ten a minute, this is a thousand.",
      mitre: { attack: ["T1530"], atlas: [], owasp: [] },
      evidence: [
        {
          eventId: "e1",
          path: "audit.ndjson",
          line: 1,
          at: new Date(NOW).toISOString(),
          action: "file_downloaded",
          summary: "downloaded a file",
        },
      ],
    }),
  };
}
