/** `singura backup FILE`: everything in the database, as of one moment, in one file. */

import type { CliCommand } from "#cli/app.ts";
import { withDatabase } from "#cli/database.ts";
import { EXIT } from "#kit/error.ts";
import { backup } from "#store/backup.ts";

export const backupCommand: CliCommand = {
  name: "backup",
  declare(program, deps, done) {
    program
      .command("backup")
      .description("write everything in the database to a file, while servers go on working")
      .argument("<file>", "where to; replaced when the new backup is whole")
      .addHelpText(
        "after",
        `
Secrets are in it as they are in the database: sealed. Keep the master key (SINGURA_MASTER_KEY or .singura/master.key)
elsewhere, since without it they cannot be opened again.

Examples:
  singura backup singura-$(date +%F).sgb
  DATABASE_URL=postgres://owner:secret@db/singura singura backup /backups/singura.sgb`,
      )
      .action((file: string) =>
        done(
          withDatabase(deps, async ({ ownerUrl }) => {
            const { tables, rows } = await backup(ownerUrl, file, deps.clock());
            deps.err(`Wrote ${rows} rows of ${tables} tables to ${file}\n`);
            return EXIT.ok;
          }),
        ),
      );
  },
};
