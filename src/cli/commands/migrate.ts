/** `singura migrate`: brings the database to the tables of this version. */

import type { CliCommand } from "#cli/app.ts";
import { withDatabase } from "#cli/database.ts";
import { EXIT } from "#kit/error.ts";
import { migrate, pendingMigrations } from "#store/migrate.ts";

export const migrateCommand: CliCommand = {
  name: "migrate",
  declare(program, deps, done) {
    program
      .command("migrate")
      .description("bring the database to the tables of this version")
      .option("--check", "only say what is missing; exit code 69 where something is")
      .addHelpText(
        "after",
        `
All that is missing is applied together or not at all, by one process at a time. Make a backup before.
DATABASE_OWNER_URL (else DATABASE_URL) names the owner of the tables; without either it is the embedded database.

Examples:
  singura migrate                                                     the embedded database
  DATABASE_URL=postgres://owner:secret@db/singura singura migrate     another
  singura migrate --check && singura serve`,
      )
      .action(({ check }: { check?: boolean }) =>
        done(
          withDatabase(deps, async ({ ownerUrl }) => {
            const names = check ? await pendingMigrations(ownerUrl) : await migrate(ownerUrl);
            for (const name of names) await deps.out(`${check ? "missing" : "applied"} ${name}\n`);
            if (names.length === 0) await deps.out("The tables are up to date.\n");
            return check && names.length > 0 ? EXIT.unavailable : EXIT.ok;
          }),
        ),
      );
  },
};
