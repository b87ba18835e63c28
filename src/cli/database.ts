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

/** With the tables up to date: an embedded database is brought there, another one that is behind is refused. */
export async function withStore<T>(
  deps: Pick<Deps, "env" | "clock">,
  run: (store: Store, config: Config) => Promise<T>,
): Promise<T> {
  return withDatabase(deps, async ({ kind, url, ownerUrl }, config) => {
    const store = await openStore({
      ...config.database,
      poolMin: 0,
      url,
      ownerUrl,
      // Somebody waits for the command, not for its log: statements of many rows are slow by design here.
      log: createLog({ logLevel: "error" }),
      clock: deps.clock,
      shouldMigrate: kind === "embedded",
    });
    try {
      return await run(store, config);
    } finally {
      await store.close();
    }
  });
}
