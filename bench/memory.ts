/** Peak memory of a scan must not follow the size of its input: `node bench/memory.ts [--small]`. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { prng } from "#base/prng.ts";
import { SeenSet } from "#base/seen-set.ts";
import { type Container, type World, writeRecords } from "./records.ts";
import { measured } from "./run.ts";

const { values } = parseArgs({
  options: { small: { type: "boolean", default: false }, runs: { type: "string", default: "1" } },
});

/** Few enough that the shorter file shows each of them in every hour of every day: memory may grow with those. */
const WORLD: World = { automations: 8, people: 12, days: 3 };
const SEED = 7;
const GROWTH_MAX = 1.1;
const FILTER_BYTES_MAX = 16;
const SIZES = values.small ? [10e6, 100e6] : [100e6, 1e9];
/** Records of the generator at each size: a run that reads fewer has skipped work. */
const RECORDS: Readonly<Record<number, number>> = { 1e7: 16_031, 1e8: 160_300, 1e9: 1_602_692 };
const CONTAINERS: readonly Container[] = ["ndjson", "ndjson.gz", "page"];

interface Peak {
  events: number;
  bytes: number;
  filterBytes: number;
}

let failures = 0;
const folder = await mkdtemp(join(tmpdir(), "singura-bench-"));
try {
  print("container   threads        file     events   peak RSS   filter      rest   growth");
  for (const container of CONTAINERS) {
    const paths: string[] = [];
    for (const bytes of SIZES) {
      const path = join(folder, `${bytes}.${container}`);
      await writeRecords(path, {
        kind: "slack:audit",
        container,
        world: WORLD,
        seed: SEED,
        bytes,
      });
      paths.push(path);
    }
    for (const threads of [1, 2]) await compare(container, threads, paths);
    for (const path of paths) await rm(path);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
if (failures > 0) process.exitCode = 1;

async function compare(
  container: Container,
  threads: number,
  paths: readonly string[],
): Promise<void> {
  let first: Peak | null = null;
  for (const [index, path] of paths.entries()) {
    const bytes = SIZES[index] ?? 0;
    const peak = await peakOf(threads, path, bytes);
    const growth = first === null ? null : rest(peak) / rest(first);
    first ??= peak;
    print(
      [
        container.padEnd(11),
        String(threads).padStart(7),
        `${bytes / 1e6} MB`.padStart(11),
        String(peak.events).padStart(10),
        mb(peak.bytes).padStart(10),
        mb(peak.filterBytes).padStart(8),
        mb(rest(peak)).padStart(9),
        (growth === null ? "" : growth.toFixed(3)).padStart(8),
      ].join(" "),
    );
    if (growth !== null && growth > GROWTH_MAX) fail(`grew by more than ${GROWTH_MAX}`);
    // Of a few keys, all segments of the filter are still small and some of its memory is spare.
    if (peak.events > 50_000 && peak.filterBytes > peak.events * FILTER_BYTES_MAX) {
      fail("the filter takes too much");
    }
  }
}

/** The lowest of some runs: what else the machine does can only add. */
async function peakOf(threads: number, path: string, bytes: number): Promise<Peak> {
  let best = Number.POSITIVE_INFINITY;
  let events = 0;
  for (let run = 0; run < Number(values.runs); run++) {
    const found = await measured(threads, [path]);
    events = found.events;
    best = Math.min(best, found.rssBytesMax);
    const wanted = RECORDS[bytes] ?? 0;
    if (found.events !== wanted || found.records !== wanted || found.quarantined !== 0) {
      fail(`${found.records} records and ${found.events} events instead of ${wanted}`);
    }
    if (found.automations !== WORLD.automations) fail(`${found.automations} automations`);
  }
  return { events, bytes: best, filterBytes: filterBytes(events) };
}

/** What the duplicate filter takes for so many keys; it depends on their number alone. */
function filterBytes(events: number): number {
  const filter = new SeenSet();
  const random = prng(1);
  for (let i = 0; i < events; i++) filter.add(random.int(0, 0xffffffff), random.int(0, 0xffffffff));
  return filter.bytes;
}

/** Of all that is in memory only the duplicate filter may follow the events. */
function rest({ bytes, filterBytes: held }: Peak): number {
  return bytes - held;
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(why: string): void {
  failures++;
  process.stdout.write(`  FAILED: ${why}\n`);
}
