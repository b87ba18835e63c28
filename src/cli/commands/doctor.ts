/** `singura doctor`: checks everything that a server needs, and says the cure of what is wrong. */

import type { CliCommand } from "#cli/app.ts";
import { examine } from "#cli/doctor.ts";
import { EXIT } from "#kit/error.ts";

export const doctorCommand: CliCommand = {
  name: "doctor",
  declare(program, deps, done) {
    program
      .command("doctor")
      .description("check everything that a server needs, and say what to do about what is wrong")
      .option("--json", "print the checks as JSON")
      .addHelpText(
        "after",
        `
Exit code 0: all is well. 69: something is not, and its cure is said.

Examples:
  singura doctor
  DATABASE_URL=postgres://singura:secret@db/singura REDIS_URL=redis://cache:6379 singura doctor
  singura doctor --json | jq '.[] | select(.isWell | not)'`,
      )
      .action(({ json }: { json?: boolean }) =>
        done(
          (async () => {
            const checks = await examine(deps);
            if (json) {
              await deps.out(`${JSON.stringify(checks, null, 2)}\n`);
            } else {
              for (const { name, isWell, finding, cure } of checks) {
                const help =
                  cure === null ? "" : `        ${cure.replaceAll("\n", "\n        ")}\n`;
                await deps.out(
                  `${isWell ? "ok    " : "FAILED"}  ${name.padEnd(10)} ${finding}\n${help}`,
                );
              }
            }
            return checks.every(({ isWell }) => isWell) ? EXIT.ok : EXIT.unavailable;
          })(),
        ),
      );
  },
};
