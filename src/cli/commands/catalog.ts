/** `singura catalog lookup TERM`: what the shipped catalogue knows about a name, an id or a domain. */

import { searchCatalog } from "#catalog/search.ts";
import type { CliCommand } from "#cli/app.ts";
import { EXIT, UserError } from "#kit/error.ts";

export const catalogCommand: CliCommand = {
  name: "catalog",
  declare(program, deps, done) {
    program
      .command("catalog")
      .description(
        "the shipped facts: AI apps, known-abused apps, first-party ids, scopes, techniques",
      )
      .command("lookup")
      .description("what is known about a name, an id or a domain")
      .argument("<term...>", "name, client id, domain, scope, permission id or technique id")
      .option("--json", "print JSON")
      .addHelpText(
        "after",
        `
Examples:
  singura catalog lookup zapier
  singura catalog lookup ff8d92dc-3d82-41d6-bcbd-b9174d163620
  singura catalog lookup Mail.ReadWrite
  singura catalog lookup T39`,
      )
      .action((terms: string[], options: { json?: boolean }) =>
        done(
          (async () => {
            const term = terms.join(" ");
            const hits = searchCatalog(term);
            if (options.json === true) {
              await deps.out(`${JSON.stringify(hits, null, 2)}\n`);
              return EXIT.ok;
            }
            if (hits.length === 0) {
              throw new UserError(
                "catalog.unknown",
                `The catalogue knows nothing named ${term}. That does not make it safe: scan the logs in which it appears.`,
              );
            }
            const blocks = hits.map(({ source, key, name, facts }) => {
              const lines = Object.entries(facts).map(
                ([fact, value]) => `  ${fact.padEnd(16)} ${value}`,
              );
              return [`${name}  (${source.replaceAll("_", " ")}, ${key})`, ...lines].join("\n");
            });
            await deps.out(`${blocks.join("\n\n")}\n`);
            return EXIT.ok;
          })(),
        ),
      );
  },
};
