/** `singura simulate --out DIR`: writes an invented company's logs and lists, and beside them the truth about them. */

import { appendFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DAY_MS, HOUR_MS, parseTime } from "#base/time.ts";
import type { CliCommand, Deps } from "#cli/app.ts";
import { EXIT, UserError } from "#kit/error.ts";
import { type Simulation, type SimulationOptions, simulate } from "#simulator/simulate.ts";
import { type Emission, SIMULATED, type Simulated, type StateFile } from "#simulator/stage.ts";

/** Monday, 2026-05-04: fixed, so that the same options give the same files on any day. */
const START = "2026-05-04";
/** Text that is collected before it is written; one file is open at a time. */
const CHUNK_CHARS = 4 * 1_024 * 1_024;

interface Options {
  out: string;
  automations: string;
  days: string;
  seed: string;
  stealth: string;
  start: string;
  attacks: string;
  lookalikes: string;
  people?: string;
  platform?: string;
  late: string;
  duplicates: string;
  shuffle?: boolean;
  gzip?: boolean;
  force?: boolean;
}

export const simulateCommand: CliCommand = {
  name: "simulate",
  declare(program, deps, done) {
    program
      .command("simulate")
      .description(
        "write an invented company's logs, with attacks hidden in them and the truth beside them",
      )
      .requiredOption("-o, --out <folder>", "where to; it is made if it does not exist")
      .option("--automations <count>", "automations at their everyday work", "1000")
      .option("--days <count>", "days to simulate", "30")
      .option("--seed <number>", "the same seed and options give the same files", "1")
      .option("--stealth <share>", "how well attacks hide, from 0 (blatant) to 1", "0.3")
      .option("--start <date>", "first day", START)
      .option("--attacks <share>", "attacks, as a share of the automations; 0 for none", "0.04")
      .option("--lookalikes <share>", "harmless look-alikes, as a share of the automations", "0.05")
      .option("--people <count>", "people of the company (default: a quarter of the automations)")
      .option("-p, --platform <names>", `only these, by comma: ${SIMULATED.join(", ")}`)
      .option("--late <share>", "share of records that arrive up to six hours late", "0")
      .option("--duplicates <share>", "share of records that arrive twice", "0")
      .option("--shuffle", "records of a day in no order")
      .option("--gzip", "pack the logs")
      .option("--force", "replace what an earlier run wrote to the folder")
      .addHelpText(
        "after",
        `
What is written:
  <folder>/events/<platform>/<log>/<day>.ndjson   raw records as the vendors give them
  <folder>/state/<platform>/<list>.json           lists of apps, grants and people at the end
  <folder>/labels.ndjson                          which attacks and look-alikes are in there
  <folder>/roster.ndjson                          every automation that exists

Examples:
  singura simulate --out world && singura scan world/events world/state
  singura simulate --automations 10000 --days 30 --seed 1 --stealth 0.3 --out world
  singura simulate --attacks 0 --out quiet                      a world without attacks
  singura simulate --late 0.05 --duplicates 0.02 --shuffle --gzip --out untidy`,
      )
      .action((options: Options) =>
        done(
          (async () => {
            await prepare(options.out, options.force === true);
            const simulation = simulate(settings(options));
            const records = await writeEvents(simulation, options, deps);
            await writeRest(simulation, options.out);
            const attacks = simulation.labels.filter(
              ({ attackType }) => attackType !== null,
            ).length;
            deps.err(
              `Wrote ${counted(records)} records of ${counted(simulation.roster.length)} automations and ` +
                `${counted(simulation.company.people.length)} people to ${options.out}\n` +
                `Hidden in them: ${counted(attacks)} attacks, ${counted(simulation.labels.length - attacks)} harmless look-alikes (labels.ndjson)\n`,
            );
            return EXIT.ok;
          })(),
        ),
      );
  },
};

function settings(options: Options): SimulationOptions {
  const start = parseTime(options.start);
  if (start === null) {
    throw new UserError(
      "usage.start",
      `--start ${options.start} is no date: write it as ${START}.`,
    );
  }
  const platforms = options.platform === undefined ? undefined : platformsOf(options.platform);
  return {
    seed: whole("--seed", options.seed, 0, 2 ** 32 - 1),
    automations: whole("--automations", options.automations, 1, 1_000_000),
    days: whole("--days", options.days, 1, 3_650),
    start: Math.floor(start / DAY_MS) * DAY_MS,
    stealth: share("--stealth", options.stealth),
    attacks: share("--attacks", options.attacks),
    lookalikes: share("--lookalikes", options.lookalikes),
    ...(options.people === undefined
      ? {}
      : { people: whole("--people", options.people, 40, 1_000_000) }),
    ...(platforms === undefined ? {} : { platforms }),
    delivery: {
      lateShare: share("--late", options.late),
      lateMsMax: 6 * HOUR_MS,
      duplicateShare: share("--duplicates", options.duplicates),
      isShuffled: options.shuffle === true,
    },
  };
}

function whole(option: string, written: string, min: number, max: number): number {
  const value = Number(written);
  if (Number.isInteger(value) && value >= min && value <= max && written.trim() !== "")
    return value;
  throw new UserError(
    "usage.number",
    `${option} ${written} does not work: give a whole number from ${counted(min)} to ${counted(max)}.`,
  );
}

function share(option: string, written: string): number {
  const value = Number(written);
  if (value >= 0 && value <= 1 && written.trim() !== "") return value;
  throw new UserError(
    "usage.share",
    `${option} ${written} does not work: give a number from 0 to 1, for example 0.3.`,
  );
}

function platformsOf(written: string): Simulated[] {
  return written.split(",").map((name) => {
    const platform = SIMULATED.find((known) => known === name.trim().toLowerCase());
    if (platform !== undefined) return platform;
    throw new UserError(
      "usage.platform",
      `The simulation has no platform ${name}: choose from ${SIMULATED.join(", ")}.`,
    );
  });
}

/** Old files among new ones would make the labels wrong, so a folder is empty or emptied of what we write. */
async function prepare(folder: string, isForced: boolean): Promise<void> {
  await writing(folder, () => mkdir(folder, { recursive: true }));
  const inside = await writing(folder, () => readdir(folder));
  if (inside.length === 0) return;
  if (!isForced) {
    throw new UserError(
      "output.not_empty",
      `${folder} is not empty: choose a new folder, or add --force to replace what an earlier run wrote there.`,
      EXIT.cannotCreate,
    );
  }
  for (const name of ["events", "state", "labels.ndjson", "roster.ndjson"]) {
    await writing(folder, () => rm(join(folder, name), { recursive: true, force: true }));
  }
}

/** One batch a day, one file a log and day; of each only the text of one chunk is held. */
async function writeEvents(
  simulation: Simulation,
  { out, gzip = false }: Options,
  deps: Deps,
): Promise<number> {
  const startedAt = deps.clock();
  const first = simulation.days[0]?.start ?? 0;
  let records = 0;
  let day = 0;
  for (const batch of simulation.emissions()) {
    const name = `${new Date(first + day * DAY_MS).toISOString().slice(0, 10)}.ndjson`;
    for (const [key, emissions] of byLog(batch)) {
      const folder = join(out, "events", ...key.split("/"));
      await writing(folder, () => mkdir(folder, { recursive: true }));
      await writeLines(
        join(folder, name),
        emissions.map(({ record }) => record),
        gzip,
      );
    }
    records += batch.length;
    day++;
    showProgress(records, day / simulation.days.length, deps.clock() - startedAt, deps);
  }
  if (deps.isErrTty) deps.err(CLEAR_LINE);
  return records;
}

function byLog(batch: readonly Emission[]): Map<string, Emission[]> {
  const logs = new Map<string, Emission[]>();
  for (const emission of batch) {
    const key = `${emission.platform}/${fileName(emission.service, emission.platform)}`;
    const log = logs.get(key);
    if (log === undefined) logs.set(key, [emission]);
    else log.push(emission);
  }
  return logs;
}

/** `slack:audit` is the log `audit` of Slack; other separators become hyphens, for the sake of Windows. */
function fileName(service: string, platform: string): string {
  return service.replace(`${platform}:`, "").replaceAll(/[^\w.-]+/g, "-");
}

async function writeLines(
  path: string,
  rows: readonly unknown[],
  isPacked: boolean,
): Promise<void> {
  let text = "";
  async function flush(): Promise<void> {
    if (text === "") return;
    // Packed pieces one after the other are one packed file.
    const piece = isPacked ? gzipSync(text, { level: 4 }) : text;
    text = "";
    const to = isPacked ? `${path}.gz` : path;
    await writing(to, () => appendFile(to, piece));
  }
  for (const row of rows) {
    text += `${JSON.stringify(row)}\n`;
    if (text.length > CHUNK_CHARS) await flush();
  }
  await flush();
}

async function writeRest({ state, labels, roster }: Simulation, out: string): Promise<void> {
  for (const list of state) {
    // Of a list without rows nothing could be told.
    if (list.rows.length === 0) continue;
    const folder = join(out, "state", list.platform);
    const path = join(folder, `${fileName(list.service, list.platform)}.json`);
    await writing(folder, () => mkdir(folder, { recursive: true }));
    await writing(path, () => writeFile(path, page(list)));
  }
  await writeTruth(join(out, "labels.ndjson"), labels);
  await writeTruth(join(out, "roster.ndjson"), roster);
}

/** The file is there even when nothing is hidden. */
async function writeTruth(path: string, rows: readonly unknown[]): Promise<void> {
  await writing(path, () => writeFile(path, ""));
  await writeLines(path, rows, false);
}

/** A page as the vendor's list call gives it. */
function page({ key, rows }: StateFile): string {
  return `{${JSON.stringify(key)}:[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]}\n`;
}

async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause)) throw cause;
    throw new UserError(
      "output.unwritable",
      `Cannot write ${path} (${String(cause.code)}): choose a folder that you may write to and that has room.`,
      EXIT.cannotCreate,
    );
  }
}

const CLEAR_LINE = "\r\u001b[2K";

function showProgress(records: number, done: number, elapsedMs: number, deps: Deps): void {
  if (!deps.isErrTty) return;
  const perSecond = Math.round((records * 1_000) / Math.max(elapsedMs, 1));
  const leftS = Math.ceil((elapsedMs * (1 - done)) / Math.max(done, 1e-9) / 1_000);
  deps.err(
    `${CLEAR_LINE}Simulating ${String(Math.floor(Math.min(done, 1) * 100)).padStart(3)} %  ${counted(records)} records  ` +
      `${counted(perSecond)} records/s  ${Math.max(0, leftS)} s left`,
  );
}

function counted(value: number): string {
  return value.toLocaleString("en-US");
}
