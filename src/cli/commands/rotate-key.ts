/** `singura rotate-key`: puts all stored secrets under a new master key. */

import type { CliCommand } from "#cli/app.ts";
import { withStore } from "#cli/database.ts";
import { type Config, keyringOf } from "#kit/config.ts";
import { EXIT } from "#kit/error.ts";
import { newMasterKey, readKeyFile, writeKeyFile } from "#kit/secret.ts";
import * as alertRoutes from "#store/alert-routes.ts";
import * as connections from "#store/connections.ts";
import type { Store } from "#store/db.ts";
import * as organizations from "#store/organizations.ts";

export const rotateKeyCommand: CliCommand = {
  name: "rotate-key",
  declare(program, deps, done) {
    program
      .command("rotate-key")
      .description("put all stored secrets under a new master key")
      .option("--forget", "take the old keys out of the key file; backups from before need them")
      .addHelpText(
        "after",
        `
With a key file a new key is made and put first into it; start the servers again to seal with it. With SINGURA_MASTER_KEY
put the new key first and the old one after a comma, start the servers again, run this, and then take the old one out.

Examples:
  singura rotate-key
  singura rotate-key --forget
  SINGURA_MASTER_KEY="$NEW,$OLD" singura rotate-key`,
      )
      .action(({ forget }: { forget?: boolean }) =>
        done(
          withStore(deps, async (store, config) => {
            const file = config.keyFile;
            const keys = file === undefined ? [] : [newMasterKey(), ...readKeyFile(file)];
            // The new key is safe in the file before anything is sealed with it.
            if (file !== undefined) writeKeyFile(file, keys);
            const { keyId, moved } = await rotate(store, config);
            if (file !== undefined && forget) writeKeyFile(file, keys.slice(0, 1));
            await deps.out(`${moved} secrets are now under master key ${keyId}\n`);
            return EXIT.ok;
          }),
        ),
      );
  },
};

async function rotate(store: Store, config: Config): Promise<{ keyId: string; moved: number }> {
  const keys = keyringOf(config);
  let moved = 0;
  let after: string | null = null;
  do {
    const page = await store.acrossOrgs((tx) => organizations.list(tx, { after, limit: 500 }));
    for (const { id } of page.rows) {
      moved += await store.inOrg(id, async (tx) => {
        const held = await connections.rewrap(tx, id, keys);
        return held + (await alertRoutes.rewrap(tx, id, keys));
      });
    }
    after = page.next;
  } while (after !== null);
  return { keyId: keys.keyId, moved };
}
