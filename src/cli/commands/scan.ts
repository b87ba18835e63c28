/** `singura scan FILES…`: reads exported logs and prints the inventory and the findings. */

import { extname } from "node:path";
import { Option } from "commander";
import type { CliCommand, Deps } from "#cli/app.ts";
import { failOnUnread, type ReadingOptions, readReport, withReadingOptions } from "#cli/reading.ts";
import { writeReport } from "#cli/writing.ts";
import { isAtLeast, SEVERITIES, Severity } from "#contract/finding.ts";
import type { Report } from "#contract/report.ts";
import { EXIT } from "#kit/error.ts";
import { renderers } from "#report/index.ts";

interface ScanArguments extends ReadingOptions {
  format?: string;
  failOn?: string;
  verbose?: boolean;
  color?: boolean;
}

/** `report.html` asks for html; an ending that no format has, for the terminal view. */
function formatOf(out: string | undefined): string {
  const ending = out === undefined ? "" : extname(out).slice(1);
  return (
    renderers.find(({ id, extension }) => id === ending || extension === ending)?.id ?? "table"
  );
}

/** A report in a file says nothing on the terminal; that something could not be read must be said all the same. */
function mentionQuarantine({ summary }: Report, options: ScanArguments, deps: Deps): void {
  if (summary.quarantined === 0 || options.out === undefined || options.quarantine === "none")
    return;
  deps.err(`${summary.quarantined} records could not be read: ${options.quarantine} says why\n`);
}

export const scanCommand: CliCommand = {
  name: "scan",
  declare(program, deps, done) {
    withReadingOptions(
      program
        .command("scan")
        .description("read exported logs and print every automation and every threat in them")
        .argument(
          "<files...>",
          "files, folders, archives (.gz .zst .zip), or - for standard input",
        ),
      deps,
    )
      .addOption(
        new Option(
          "-f, --format <format>",
          "how to print it (default: by the ending of --out, else table)",
        ).choices(renderers.map(({ id }) => id)),
      )
      .option("-o, --out <file>", "write the report to a file instead of standard output")
      .addOption(
        new Option(
          "--fail-on <severity>",
          "exit with 2 when a finding is this severe or worse",
        ).choices([...SEVERITIES]),
      )
      .option("-v, --verbose", "table: all automations and all evidence")
      .option("--color", "table: paint even when piped")
      .option("--no-color", "table: never paint")
      .addHelpText(
        "after",
        `
Formats:
${renderers.map(({ id, title }) => `  ${id.padEnd(8)} ${title}`).join("\n")}

Examples:
  singura scan exports/
  singura scan slack.ndjson google.zip entra.json.gz --since 30d
  singura scan exports/ --format json --out report.json --fail-on high
  zcat audit.gz | singura scan - --platform microsoft`,
      )
      .action((files: string[], options: ScanArguments) =>
        done(
          (async () => {
            const report = await readReport(files, options, deps);
            await writeReport(report, options.format ?? formatOf(options.out), options, deps);
            mentionQuarantine(report, options, deps);
            const unread = failOnUnread(report, deps);
            if (unread !== null) return unread;
            const floor = Severity.safeParse(options.failOn).data;
            const isHit =
              floor !== undefined &&
              report.findings.some(({ severity }) => isAtLeast(severity, floor));
            return isHit ? EXIT.findings : EXIT.ok;
          })(),
        ),
      );
  },
};
