/** A fresh database on the run's Postgres, for a test of its own. */
import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { createLog } from "#kit/log.ts";
import { Secret } from "#kit/secret.ts";
import { openStore, type Store, type StoreOptions } from "#store/db.ts";
import { openEmbedded } from "#store/embedded.ts";
import { withOwner } from "#store/migrate.ts";
import "#test/postgres-setup.ts";

export interface TestDatabase {
  readonly ownerUrl: Secret;
  /** Opens a store on it, migrated unless told otherwise. Close it. */
  open(options?: Partial<StoreOptions>): Promise<Store>;
}

/** Its name begins with `test_`. It goes with the Postgres at the end of the run. */
export async function testDatabase(): Promise<TestDatabase> {
  const { ownerUrl: server } = await openEmbedded({
    home: inject("postgresHome"),
    settings: ["fsync=off", "max_connections=300"],
  });
  const name = `test_${randomBytes(6).toString("hex")}`;
  await withOwner(server, (client) => client.query(`create database ${name}`));
  const url = new URL(server.reveal());
  url.pathname = name;
  const ownerUrl = new Secret(url.href);
  return {
    ownerUrl,
    open: (options = {}) => openStore({ ...storeOptions(ownerUrl), ...options }),
  };
}

/** As a server has them, for a small pool and a silent log. */
export function storeOptions(url: Secret): StoreOptions {
  return {
    url,
    readUrls: [],
    poolMax: 12,
    poolMin: 0,
    idleMs: 30_000,
    connectMs: 5_000,
    statementMs: 30_000,
    slowMs: 100,
    lagMaxMs: 5_000,
    log: createLog({ logLevel: "silent" }),
    clock: Date.now,
    shouldMigrate: true,
  };
}
