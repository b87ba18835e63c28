/** `singura inventory FILES…`: the same reading as scan, but only the automations. */

import { Option } from "commander";
import type { CliCommand } from "#cli/app.ts";
import { failOnUnread, type ReadingOptions, readReport, withReadingOptions } from "#cli/reading.ts";
import { writeReport } from "#cli/writing.ts";
import { EXIT } from "#kit/error.ts";

interface InventoryArguments extends ReadingOptions {
  format: string;
  ai?: boolean;
  color?: boolean;
}

export const inventoryCommand: CliCommand = {
  name: "inventory",
  declare(program, deps, done) {
    withReadingOptions(
      program
        .command("inventory")
        .description("list every automation: who let it in, what it may reach, who answers for it")
        .argument(
          "<files...>",
          "files, folders, archives (.gz .zst .zip), or - for standard input",
        ),
      deps,
    )
      .addOption(
        new Option("-f, --format <format>", "how to print it")
          .choices(["table", "csv", "json"])
          .default("table"),
      )
      .option("-o, --out <file>", "write to a file instead of standard output")
      .option("--ai", "only AI apps, agents and connectors")
      .option("--color", "table: paint even when piped")
      .option("--no-color", "table: never paint")
      .addHelpText(
        "after",
        `
Examples:
  singura inventory exports/
  singura inventory exports/ --ai
  singura inventory exports/ --format csv --out automations.csv`,
      )
      .action((files: string[], options: InventoryArguments) =>
        done(
          (async () => {
            const report = await readReport(files, options, deps);
            const automations =
              options.ai === true
                ? report.automations.filter(
                    ({ ai, kind }) =>
                      ai !== null || kind === "ai_agent" || kind === "mcp_connector",
                  )
                : report.automations;
            const bySeverity = { info: 0, low: 0, medium: 0, high: 0, critical: 0 };
            const summary = {
              ...report.summary,
              automations: automations.length,
              findings: 0,
              bySeverity,
            };
            const kept = { ...report, summary, automations, findings: [] };
            const view = { ...options, of: "automations", verbose: true } as const;
            await writeReport(kept, options.format, view, deps);
            return failOnUnread(report, deps) ?? EXIT.ok;
          })(),
        ),
      );
  },
};
