/**
 * Holds every rule of a folder of Sigma rules against every event of a folder of records: `node scripts/corpus-sigma.ts FOLDER`. Each
 * rule must be usable, and compiled it must answer as the specification read part by part. The answers are pinned: others
 * would mean that a rule means something else now.
 */

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { digest } from "#base/hash.ts";
import { object, type Raw, text } from "#base/raw.ts";
import { collect, type NamedFile } from "#engine/sigma/collection.ts";
import { matcherOf } from "#engine/sigma/matcher.ts";
import { parseSigma } from "#engine/sigma/parse.ts";
import { meets, opened, readsService, route } from "#engine/sigma/pipelines/pipelines.ts";
import { fieldReader } from "#engine/sigma/pipelines/reader.ts";
import { matches } from "#engine/sigma/reference.ts";
import type { SigmaRule } from "#engine/sigma/rule.ts";
import { recognise } from "#platforms/index.ts";

/** A change here must be one that was wanted; the script prints what to write. */
const PINNED = "398 events, 69 rules, 42 matches 80f4de857ac78fdd";

interface Row {
  readonly id: string;
  readonly raw: Raw;
}

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write(
    "Use: node scripts/corpus-sigma.ts FOLDER (with sigma/**/*.yml and events/*.jsonl)\n",
  );
  process.exit(64);
}

const { rules, problems } = collect(await filesIn(join(folder, "sigma")));
const rows = await rowsIn(join(folder, "events"));
for (const { path, line, column, reason } of problems)
  say(`FAIL ${path}:${line}:${column} ${reason}`);
const documents = rules.map(({ document }) => document);
const { pairs, differences } = judge(documents, rows);
for (const difference of differences) say(`FAIL ${difference}`);
const found = `${rows.length} events, ${documents.length} rules, ${pairs.length} matches ${digest(pairs, 16)}`;
say(found);
if (found !== PINNED) say(`FAIL pinned are: ${PINNED}`);
const isGood = problems.length === 0 && differences.length === 0 && found === PINNED;
say(isGood ? "Sigma check passed." : "Sigma check failed.");
process.exitCode = isGood ? 0 : 1;

/** The pairs of rule and event that match, and those on which the two ways to judge do not agree. */
function judge(all: readonly SigmaRule[], events: readonly Row[]) {
  const matcher = matcherOf(all);
  const pairs: string[] = [];
  const differences: string[] = [];
  for (const { id, raw } of events) {
    const known = recognise(raw, null);
    if (known === null || known.holds !== "events") continue;
    const { platform, service } = known;
    for (const [index, record] of opened(service, raw).entries()) {
      const compiled = new Set(matcher(record, platform.id, service));
      for (const [place, rule] of all.entries()) {
        const name = `${rule.id} ${id}#${index}`;
        const isRead = route(rule.logsource)
          .flatMap(({ reads }) => reads)
          .some((reads) => readsService(reads, platform.id, service) && meets(reads, record));
        const isMatch = isRead && matches(rule, record, fieldReader(rule.logsource));
        if (isMatch) pairs.push(name);
        if (isMatch !== compiled.has(place))
          differences.push(`${name}: compiled, it answers otherwise`);
      }
    }
  }
  return { pairs: pairs.sort(), differences };
}

async function filesIn(path: string): Promise<NamedFile[]> {
  const names = (await readdir(path, { recursive: true })).filter((name) => name.endsWith(".yml"));
  return await Promise.all(
    names.sort().map(async (name) => ({
      path: name,
      file: parseSigma(await readFile(join(path, name), "utf8")),
    })),
  );
}

async function rowsIn(path: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const name of (await readdir(path)).sort()) {
    if (!name.endsWith(".jsonl")) continue;
    for (const line of (await readFile(join(path, name), "utf8")).split("\n")) {
      if (line.trim() === "") continue;
      const row = object(JSON.parse(line));
      rows.push({ id: text(row.id) ?? "", raw: object(row.raw) });
    }
  }
  return rows;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
