/** Keeps the tables of docs/coverage.md and README.md true to the detectors: `node scripts/coverage.ts [--check]`. */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compareText } from "#base/order.ts";
import { techniques } from "#catalog/techniques.ts";
import { techniquesOf } from "#engine/detectors/detector.ts";
import { detectors } from "#engine/detectors/index.ts";

/** Claims that no detector of the list makes: chains are joined from findings. */
const BESIDES: Readonly<Record<string, string>> = { T76: "[attack-chain](detection.md#chains)" };

const COVERAGE = join(import.meta.dirname, "..", "docs", "coverage.md");
const README = join(import.meta.dirname, "..", "README.md");

const isCheck = process.argv.includes("--check");
const coverage = await readFile(COVERAGE, "utf8");
const readme = await readFile(README, "utf8");
const looks = columnsBy(coverage, /^\| \[([\w-]+)\]\([^)]*\) \|/);
const notes = columnsBy(coverage, /^\| (T\d\d) \|/);
const missing = detectors.filter(({ id }) => !looks.has(id)).map(({ id }) => id);

const covered = techniques().filter(({ id }) => coveredBy(id) !== "later").length;
const newCoverage = withRows(
  withRows(
    coverage.replace(
      /\*\*\d+ of them are covered today by \d+ detectors\*\*/,
      `**${covered} of them are covered today by ${detectors.length} detectors**`,
    ),
    "| id | technique | platforms |",
    techniques().map(({ id }) => {
      const [, title = "", platforms = "", , note = ""] = notes.get(id) ?? [];
      return row([id, title, platforms, coveredBy(id), note]);
    }),
  ),
  "| detector | judges | what it looks for |",
  detectors.map(({ id }) => {
    const [, judges = "", what = ""] = looks.get(id) ?? [];
    return row([`[${id}](../src/engine/detectors/${id}/README.md)`, judges, what]);
  }),
);
const newReadme = withRows(
  readme.replace(/That is \d+ of the 76 techniques/, `That is ${covered} of the 76 techniques`),
  "| detector | looks for | techniques |",
  [...detectors]
    .sort((a, b) => compareText(first(a.techniques), first(b.techniques)))
    .map((detector) =>
      row([detector.id, looks.get(detector.id)?.[2] ?? "", techniquesOf(detector).join(" ")]),
    ),
);

if (missing.length > 0) {
  fail(`docs/coverage.md has no row for ${missing.join(", ")}: add one to the table of detectors.`);
}
if (isCheck) {
  if (newCoverage !== coverage || newReadme !== readme) {
    fail("docs/coverage.md or README.md is behind the detectors: run node scripts/coverage.ts.");
  }
} else {
  await writeFile(COVERAGE, newCoverage);
  await writeFile(README, newReadme);
}

function coveredBy(technique: string): string {
  const links = detectors
    .filter((detector) => techniquesOf(detector).includes(technique))
    .map(({ id }) => `[${id}](../src/engine/detectors/${id}/README.md)`);
  const besides = BESIDES[technique];
  if (besides !== undefined) links.push(besides);
  return links.join(", ") || "later";
}

/** The cells of each row that the pattern recognises, by the pattern's group. */
function columnsBy(text: string, pattern: RegExp): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const key = pattern.exec(line)?.[1];
    if (key !== undefined)
      found.set(
        key,
        line
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
  }
  return found;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** Replaces the rows of the table whose header begins so. */
function withRows(text: string, header: string, rows: readonly string[]): string {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.startsWith(header));
  if (start < 0) fail(`there is no table "${header}"`);
  let end = start + 2;
  while (lines[end]?.startsWith("|") === true) end++;
  return [...lines.slice(0, start + 2), ...rows, ...lines.slice(end)].join("\n");
}

function first(ids: readonly string[]): string {
  return ids[0] ?? "";
}

function fail(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}
