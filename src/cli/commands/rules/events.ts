/** What `rules run` and `rules backtest` share: the exports whose records are held against rules. */

import { type Command, Option } from "commander";
import type { Deps } from "#cli/app.ts";
import { addPlatform, parseMoment } from "#cli/reading.ts";
import { Platform } from "#contract/platform.ts";
import type { MatchRulesInput } from "#jobs/match-rules.ts";
import { EXIT, UserError } from "#kit/error.ts";
import { listSources } from "#kit/reading/sources.ts";

export interface EventOptions {
  events: string[];
  since?: number;
  until?: number;
  platform?: Platform[];
}

export function withEventOptions(command: Command, deps: Deps): Command {
  const time = (written: string) => parseMoment(written, deps.clock());
  return command
    .requiredOption(
      "-e, --events <files...>",
      "exports to read: files, folders, archives (.gz .zst .zip), or - for standard input",
    )
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
    );
}

/** Throws UserError (66) where there is nothing to read. */
export async function eventInput(
  options: EventOptions,
  deps: Deps,
): Promise<Omit<MatchRulesInput, "rules">> {
  const sources = await listSources(options.events);
  if (sources.length === 0) {
    throw new UserError(
      "input.empty",
      `There is no file in ${options.events.join(", ")}: name the folder that holds the exports.`,
      EXIT.noInput,
    );
  }
  return {
    sources,
    filter: {
      since: options.since ?? null,
      until: options.until ?? null,
      platforms: options.platform ?? null,
    },
    seed: deps.secretSeed(),
  };
}
