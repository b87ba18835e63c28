/** `singura restore FILE`: puts a backup back, all of it or nothing. */

import type { CliCommand } from "#cli/app.ts";
import { withDatabase } from "#cli/database.ts";
import { EXIT } from "#kit/error.ts";
import { restore } from "#store/backup.ts";

export const restoreCommand: CliCommand = {
  name: "restore",
  declare(program, deps, done) {
    program
      .command("restore")
      .description("put a backup back, and bring it to the tables of this version")
      .argument("<file>", "what `singura backup` wrote")
      .option("--force", "replace what is in the database")
      .addHelpText(
        "after",
        `
Stop servers and workers before. A backup of an embedded database fits any other, and the other way round; it may be of
an earlier version. The database is for Singura alone: all tables of its owner are replaced.

Examples:
  singura restore singura-2026-06-01.sgb
  DATABASE_URL=postgres://owner:secret@db/singura singura restore singura.sgb --force`,
      )
      .action((file: string, { force }: { force?: boolean }) =>
        done(
          withDatabase(deps, async ({ ownerUrl }) => {
            const { tables, rows } = await restore(ownerUrl, file, { isForced: force === true });
            deps.err(`Restored ${rows} rows of ${tables} tables from ${file}\n`);
            return EXIT.ok;
          }),
        ),
      );
  },
};
