/** From the settings to a database: the one that is named, or the embedded one. */

import type { Config } from "#kit/config.ts";
import type { Secret } from "#kit/secret.ts";
import { openEmbedded } from "./embedded.ts";

export interface OpenedDatabase {
  readonly kind: "embedded" | "external";
  /** The owner's address, for migrations, backup and restore. */
  readonly ownerUrl: Secret;
  /** The application's. */
  readonly url: Secret;
  /** Where an embedded one keeps its data. */
  readonly place?: string;
  /** Stops an embedded database that this process started; last, after the store is closed. */
  stop(): Promise<void>;
}

/** Starts or joins the embedded database where none is named. Throws UserError with the cure. */
export async function openDatabase(
  config: Pick<Config, "database" | "home">,
): Promise<OpenedDatabase> {
  const { url, ownerUrl } = config.database;
  if (url !== undefined) {
    return { kind: "external", url, ownerUrl: ownerUrl ?? url, stop: async () => undefined };
  }
  const embedded = await openEmbedded({ home: config.home });
  return {
    kind: "embedded",
    url: embedded.appUrl,
    ownerUrl: embedded.ownerUrl,
    place: embedded.place,
    stop: () => embedded.stop(),
  };
}
