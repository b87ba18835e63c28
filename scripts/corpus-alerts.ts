/** Measures alerts on labelled records, each by itself and among all: `node scripts/corpus-alerts.ts FOLDER [--all]` (also what was caught). */

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { object, type Raw, text } from "#base/raw.ts";
import { scan } from "#jobs/scan.ts";
import { listSources } from "#kit/reading/sources.ts";

/** The shares that a release has to reach. */
const CAUGHT_MIN = 0.85;
const FALSE_MAX = 0.1;

/** One line of the corpus. `isBad` is null where the record is no matter of automations or has no label. */
interface Row {
  readonly id: string;
  readonly platform: string;
  readonly action: string;
  readonly raw: Raw;
  readonly isBad: boolean | null;
}

/** The detectors that named a record as evidence, with the severity that they gave. */
type Told = ReadonlyMap<number, readonly string[]>;

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write("Use: node scripts/corpus-alerts.ts FOLDER (with events/*.jsonl)\n");
  process.exit(64);
}

const place = await mkdtemp(join(tmpdir(), "singura-alerts-"));
try {
  const rows = await rowsIn(join(folder, "events"));
  const alone: Told[] = [];
  for (const row of rows) alone.push(row.isBad === null ? new Map() : await told([row.raw]));
  const together = await told(rows.map(({ raw }) => raw));
  const isGood = [
    tell("Each record by itself", rows, (index) => alone[index]?.get(1) ?? []),
    tell("All records together", rows, (index) => together.get(index + 1) ?? []),
  ].every((one) => one);
  say(isGood ? "Corpus alerts passed." : "Corpus alerts failed.");
  process.exitCode = isGood ? 0 : 1;
} finally {
  await rm(place, { recursive: true, force: true });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function rowsIn(path: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const name of (await readdir(path)).sort()) {
    if (!name.endsWith(".jsonl")) continue;
    for (const line of (await readFile(join(path, name), "utf8")).split("\n")) {
      if (line.trim() === "") continue;
      const value: unknown = JSON.parse(line);
      const row = object(value);
      const labels = object(row.labels);
      const isJudged = labels.in_scope === true && typeof labels.expected_alert === "boolean";
      rows.push({
        id: text(row.id) ?? "",
        platform: text(row.platform) ?? "",
        action: text(row.action) ?? "",
        raw: object(row.raw),
        isBad: isJudged ? labels.expected_alert === true : null,
      });
    }
  }
  return rows;
}

/** Scans records as a file with one on a line. */
async function told(records: readonly Raw[]): Promise<Told> {
  const path = join(place, "records.ndjson");
  await writeFile(path, `${records.map((raw) => JSON.stringify(raw)).join("\n")}\n`);
  const { findings } = await scan.run(
    { clock: () => 0, onProgress: () => {}, onQuarantine: () => {} },
    {
      sources: await listSources([path]),
      filter: { since: null, until: null, platforms: null },
      threads: 1,
      seed: 1,
      orgId: "corpus",
      timeZone: "UTC",
    },
  );
  const named = new Map<number, string[]>();
  for (const { detector, severity, evidence } of findings) {
    for (const { line } of evidence) {
      named.set(line, [...(named.get(line) ?? []), `${detector}:${severity}`]);
    }
  }
  return named;
}

/** Prints both rates, the platforms and what is wrong by name; whether the rates are good enough. */
function tell(
  title: string,
  rows: readonly Row[],
  namedBy: (index: number) => readonly string[],
): boolean {
  const judged = rows
    .map((row, index) => ({ ...row, by: namedBy(index) }))
    .filter(({ isBad }) => isBad !== null);
  say(`${title}:`);
  for (const platform of new Set(judged.map((row) => row.platform))) {
    say(`  ${platform}: ${rates(judged.filter((row) => row.platform === platform))}`);
  }
  say(`  in total: ${rates(judged)}`);
  for (const { id, platform, action, isBad, by } of judged) {
    if (isBad === true && by.length === 0) say(`  missed: ${platform} ${action} ${id}`);
    if (isBad === false && by.length > 0) say(`  false: ${platform} ${action} ${id} by ${by}`);
    if (isBad === true && process.argv[3] === "--all" && by.length > 0) {
      say(`  caught: ${platform} ${action} ${id} by ${by}`);
    }
  }
  const bad = judged.filter(({ isBad }) => isBad === true);
  const good = judged.filter(({ isBad }) => isBad === false);
  return alerted(bad) >= CAUGHT_MIN * bad.length && alerted(good) <= FALSE_MAX * good.length;
}

function rates(judged: readonly { isBad: boolean | null; by: readonly string[] }[]): string {
  const bad = judged.filter(({ isBad }) => isBad === true);
  const good = judged.filter(({ isBad }) => isBad === false);
  return `alerts on ${share(alerted(bad), bad.length)} of the bad, on ${share(alerted(good), good.length)} of the good`;
}

function alerted(judged: readonly { by: readonly string[] }[]): number {
  return judged.filter(({ by }) => by.length > 0).length;
}

function share(part: number, whole: number): string {
  return `${part}/${whole}${whole === 0 ? "" : ` (${((100 * part) / whole).toFixed(1)} %)`}`;
}
