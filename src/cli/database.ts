/** The database for the length of one command: started or joined, and stopped again where the command started it. */

import { type Config, readConfig } from "#kit/config.ts";
import { createLog } from "#kit/log.ts";
import { openStore, type Store } from "#store/db.ts";
import { type OpenedDatabase, openDatabase } from "#store/open.ts";
import type { Deps } from "./app.ts";

export async function withDatabase<T>(
  deps: Pick<Deps, "env">,
  run: (database: OpenedDatabase, config: Config) => Promise<T>,
): Promise<T> {
  const config = readConfig(deps.env);
  const database = await openDatabase(config);
  try {
    return await run(database, config);
  } finally {
    await database.stop();
  }
}

/** With the tables up to date; refuses those that are behind. */
export async function withStore<T>(
  deps: Pick<Deps, "env" | "clock">,
  run: (store: Store, config: Config) => Promise<T>,
): Promise<T> {
  return withDatabase(deps, async ({ url, ownerUrl }, config) => {
    const store = await openStore({
      ...config.database,
      poolMin: 0,
      url,
      ownerUrl,
      log: createLog({ logLevel: "warn" }),
      clock: deps.clock,
      shouldMigrate: false,
    });
    try {
      return await run(store, config);
    } finally {
      await store.close();
    }
  });
}
