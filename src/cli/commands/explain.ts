/** `singura explain ID --from report.json`: one finding in full. */

import { readFile } from "node:fs/promises";
import type { CliCommand } from "#cli/app.ts";
import { renderOptions } from "#cli/writing.ts";
import { Report } from "#contract/report.ts";
import { EXIT, UserError } from "#kit/error.ts";
import { explain, type FoundFinding, findFinding } from "#report/explain.ts";

export const explainCommand: CliCommand = {
  name: "explain",
  declare(program, deps, done) {
    program
      .command("explain")
      .description("show one finding in full: what was seen, what is normal, what to do")
      .argument("<finding-id>", "the id of the finding, or enough of its start")
      .requiredOption("--from <file>", "the report, as `singura scan --format json` wrote it")
      .option("--color", "paint even when piped")
      .option("--no-color", "never paint")
      .addHelpText(
        "after",
        `
Examples:
  singura scan exports/ --format json --out report.json
  singura explain 3f9c2a --from report.json`,
      )
      .action((id: string, options: { from: string; color?: boolean }) =>
        done(
          (async () => {
            const report = await loadReport(options.from);
            const found = findFinding(report, id);
            if (found.kind !== "found") throw notFound(id, options.from, found);
            await deps.out(explain(report, found.finding, renderOptions(options, deps)));
            return EXIT.ok;
          })(),
        ),
      );
  },
};

function notFound(
  id: string,
  from: string,
  found: Exclude<FoundFinding, { kind: "found" }>,
): UserError {
  if (found.kind === "missing") {
    return new UserError(
      "finding.unknown",
      `There is no finding ${id} in ${from}: its ids stand in the report's findings[].id.`,
    );
  }
  const ids = found.candidates.slice(0, 5).map((candidate) => candidate.id);
  return new UserError(
    "finding.ambiguous",
    `${id} is the start of ${found.candidates.length} findings: write more of it (${ids.join(", ")}).`,
  );
}

/** Throws UserError: 66 where there is no such file, 64 where it is no report. */
async function loadReport(path: string): Promise<Report> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    const why = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    throw new UserError(
      "input.unreadable",
      `Cannot read ${path} (${why}): write it with singura scan --format json --out ${path}.`,
      EXIT.noInput,
    );
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notAReport(path, "it is not JSON");
  }
  const parsed = Report.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw notAReport(path, `at ${issue?.path.join(".") || "the top"}: ${issue?.message ?? "wrong"}`);
}

function notAReport(path: string, why: string): UserError {
  return new UserError(
    "input.not_a_report",
    `${path} is no report of singura scan --format json (${why}).`,
    EXIT.noInput,
  );
}
