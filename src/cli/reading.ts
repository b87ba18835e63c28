/** What `scan` and `inventory` share: the options of reading, the scan itself with its progress, and the quarantine file. */

import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { DAY_MS, HOUR_MS, parseTime } from "#base/time.ts";
import { Platform } from "#contract/platform.ts";
import type { Report, ReportQuarantine } from "#contract/report.ts";
import type { LeftOut } from "#engine/sigma/correlate/alerts.ts";
import { scan } from "#jobs/scan.ts";
import { EXIT, UserError } from "#kit/error.ts";
import { listSources } from "#kit/reading/sources.ts";
import type { Deps } from "./app.ts";
import { loadRules } from "./commands/rules/rule-files.ts";
import { progressBar } from "./progress.ts";
import { readSettings } from "./settings.ts";

export interface ReadingOptions {
  since?: number;
  until?: number;
  platform?: Platform[];
  threads: number;
  /** Wins over the settings' own. */
  timeZone?: string;
  /** A file with what the organization says about itself and about detection. */
  settings?: string;
  quarantine: string;
  /** Sigma rules: files and folders. */
  rules?: string[];
  /** Where the report goes; never read as input. */
  out?: string;
}

/** More threads than this gain nothing: one thread reads, and hands out. */
const THREADS_MAX = 64;
const QUARANTINE_FILE = "singura-quarantine.ndjson";

/** Adds the options that say what to read and how. */
export function withReadingOptions(command: Command, deps: Deps): Command {
  const time = (written: string) => parseMoment(written, deps.clock());
  return command
    .option(
      "--since <time>",
      "only events from then on: 2026-06-01, 2026-06-01T12:00Z, 30d, 12h",
      time,
    )
    .option("--until <time>", "only events before then", time)
    .addOption(
      new Option(
        "-p, --platform <name>",
        `only this platform; may be repeated (${Platform.options.join(", ")})`,
      ).argParser(addPlatform),
    )
    .addOption(
      new Option("-j, --threads <n>", "reading threads")
        .default(Math.min(deps.cores, THREADS_MAX))
        .argParser(parseThreads),
    )
    .addOption(
      new Option(
        "--time-zone <name>",
        "the organization's time zone, for office hours (default: the settings', else UTC)",
      ).argParser(parseTimeZone),
    )
    .option(
      "--settings <file>",
      "the organization's calendar and thresholds as JSON; `singura detectors` shows what can be set",
    )
    .option(
      "--rules <path>",
      "hold every record against Sigma rules, too: a rule (.yml), a folder, or `shipped`; may be repeated",
      (path: string, before: string[] = []) => [...before, path],
    )
    .option(
      "--quarantine <file>",
      "where records that cannot be read are listed with their reason; `none` for nowhere",
      QUARANTINE_FILE,
    );
}

export function parseMoment(written: string, now: number): number {
  const ago = /^(\d{1,4})([dh])$/.exec(written);
  if (ago !== null) return now - Number(ago[1]) * (ago[2] === "d" ? DAY_MS : HOUR_MS);
  const at = parseTime(written);
  if (at === null) {
    throw new InvalidArgumentError(
      "Write a date (2026-06-01), a time (2026-06-01T12:00:00Z) or an age (30d, 12h).",
    );
  }
  return at;
}

export function addPlatform(written: string, before: Platform[] = []): Platform[] {
  const names = written.split(",").map((name) => {
    const found = Platform.safeParse(name.trim().toLowerCase());
    if (!found.success)
      throw new InvalidArgumentError(`Choose from ${Platform.options.join(", ")}.`);
    return found.data;
  });
  return [...before, ...names];
}

function parseThreads(written: string): number {
  const threads = Number(written);
  if (!Number.isInteger(threads) || threads < 1 || threads > THREADS_MAX) {
    throw new InvalidArgumentError(`Give a whole number from 1 to ${THREADS_MAX}.`);
  }
  return threads;
}

export function parseTimeZone(written: string): string {
  try {
    new Intl.DateTimeFormat("en", { timeZone: written });
    return written;
  } catch {
    throw new InvalidArgumentError("Write an IANA name such as Europe/Berlin or America/New_York.");
  }
}

/** Scans what the user named, with a progress bar on a terminal. Throws UserError for what cannot be opened. */
export async function readReport(
  files: readonly string[],
  options: ReadingOptions,
  deps: Deps,
): Promise<Report> {
  if (
    options.since !== undefined &&
    options.until !== undefined &&
    options.since >= options.until
  ) {
    throw new UserError(
      "usage.empty_window",
      "--since is not before --until: no event can lie between them.",
    );
  }
  const own = new Set([options.quarantine, options.out ?? ""].map((path) => resolve(path)));
  // What an earlier scan wrote is no export, though it may lie beside them.
  const sources = (await listSources(files)).filter(
    ({ path }) => path === "-" || !own.has(resolve(path)),
  );
  if (sources.length === 0) {
    throw new UserError(
      "input.empty",
      `There is no file in ${files.join(", ")}: name the folder that holds the exports.`,
      EXIT.noInput,
    );
  }
  const settings = await readSettings(options.settings, options.timeZone);
  const rules = options.rules === undefined ? [] : (await loadRules(options.rules)).documents;
  const bar = progressBar(deps);
  const quarantine = quarantineFile(options.quarantine, deps);
  try {
    const { clock, secretSeed } = deps;
    return await scan.run(
      { clock, onProgress: bar.show, onQuarantine: quarantine.add, onLeftOut: sayLeftOut(deps) },
      {
        sources,
        filter: {
          since: options.since ?? null,
          until: options.until ?? null,
          platforms: options.platform ?? null,
        },
        threads: options.threads,
        seed: secretSeed(),
        orgId: "local",
        rules,
        ...settings,
      },
    );
  } finally {
    bar.clear();
    await quarantine.close();
  }
}

/** Says what correlations could not take into account, reason by reason; nothing where that is nothing. */
function sayLeftOut(deps: Deps): (counts: LeftOut) => void {
  return ({ undated, ungrouped, cut, turnedAway }) => {
    const parts = [
      [undated, "have no time"],
      [ungrouped, "lack a field that is grouped by"],
      [cut, "are the earliest of a rule with more than are kept"],
      [turnedAway, "belong to groups beyond the most that are kept"],
    ] as const;
    const told = parts.filter(([count]) => count > 0).map(([count, why]) => `${count} ${why}`);
    if (told.length > 0) {
      deps.err(`singura: matches that correlations leave out: ${told.join(", ")}\n`);
    }
  };
}

/** Rows go to the file as they come; the file is made with the first one. */
function quarantineFile(path: string, deps: Deps) {
  let stream: WriteStream | null = null;
  let failure: Error | null = null;
  return {
    add(rows: readonly ReportQuarantine[]): void {
      if (path === "none" || failure !== null) return;
      if (stream === null) {
        stream = createWriteStream(path, { mode: 0o600 });
        stream.on("error", (cause) => {
          failure = cause;
        });
      }
      stream.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    },
    async close(): Promise<void> {
      if (stream === null) return;
      stream.end();
      if (failure === null)
        await Promise.race([once(stream, "finish"), once(stream, "error")]).catch(() => {});
      if (failure === null) return;
      const message = `Cannot write the quarantine file ${path}: choose another with --quarantine FILE, or --quarantine none.`;
      // The report is worth more than a list that nobody asked for by name.
      if (path === QUARANTINE_FILE) deps.err(`singura: ${message}\n`);
      else throw new UserError("output.quarantine", message, EXIT.cannotCreate);
    },
  };
}

/** Says on stderr what could not be read; exit code 66 where that was everything. */
export function failOnUnread({ summary }: Report, deps: Deps): number | null {
  // A pipe that broke before it gave anything must not pass for a calm day.
  if (summary.records === 0) {
    deps.err(
      "singura: there was not one record in the input. Look at what was exported, or at the command before the pipe.\n",
    );
    return EXIT.noInput;
  }
  if (summary.quarantined < summary.records) return null;
  deps.err(
    "singura: not one record could be read. `singura formats` shows what is understood; the quarantine says why each was not.\n",
  );
  return EXIT.noInput;
}
