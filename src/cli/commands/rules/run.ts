/** `singura rules run RULES… --events FILES…`: every record of exported logs that a rule matches. */

import { type Command, Option } from "commander";
import { iso } from "#base/time.ts";
import type { Action, Deps } from "#cli/app.ts";
import { summarize } from "#engine/profile/sample.ts";
import { factsOf, ruleKey } from "#engine/sigma/matcher.ts";
import { matchRules } from "#jobs/match-rules.ts";
import { EXIT } from "#kit/error.ts";
import { plain } from "#report/safe.ts";
import { type EventOptions, eventInput, withEventOptions } from "./events.ts";
import { loadRules } from "./rule-files.ts";

interface RunArguments extends EventOptions {
  format: string;
}

export function declareRun(
  group: Command,
  deps: Deps,
  done: (action: Action) => Promise<void>,
): void {
  withEventOptions(
    group
      .command("run")
      .description("hold exported logs against rules, and print every match")
      .argument("<rules...>", "rules (.yml), folders of them, or `shipped`"),
    deps,
  )
    .addOption(
      new Option("-f, --format <format>", "how to print them")
        .choices(["text", "json"])
        .default("text"),
    )
    .addHelpText(
      "after",
      `
json prints one object a line: rule, title, level, at, platform, service, action, summary, path, line.

Examples:
  singura rules run rules/ --events exports/
  singura rules run my-rule.yml --events audit.ndjson.gz --since 7d
  singura rules run rules/slack --events slack.zip --format json | jq .summary`,
    )
    .action((paths: string[], options: RunArguments) => done(run(paths, options, deps)));
}

async function run(paths: readonly string[], options: RunArguments, deps: Deps): Action {
  const { rules: loaded, documents } = await loadRules(paths);
  const byKey = new Map(loaded.map(({ rule }) => [ruleKey(rule), factsOf(rule)]));
  const summary = await matchRules.run(
    {
      onMatch: async ({ event, path, rules: keys }) => {
        for (const key of keys) {
          const { title = key, level = null } = byKey.get(key) ?? {};
          const row = {
            rule: key,
            title,
            level,
            at: iso(event.at),
            platform: event.platform,
            service: event.service,
            action: event.action,
            summary: summarize(event),
            path,
            line: event.ref.line,
          };
          await deps.out(`${options.format === "json" ? JSON.stringify(row) : lineOf(row)}\n`);
        }
      },
    },
    { ...(await eventInput(options, deps)), rules: documents },
  );
  deps.err(
    `${summary.matches} matches of ${loaded.length} rules in ${summary.events} events${summary.quarantined === 0 ? "" : `; ${summary.quarantined} records could not be read (singura scan says why)`}\n`,
  );
  return EXIT.ok;
}

function lineOf(row: {
  at: string | null;
  level: string | null;
  title: string;
  summary: string;
  path: string;
  line: number;
}): string {
  const when = row.at?.slice(0, 19).replace("T", " ") ?? "undated            ";
  return plain(
    `${when}  ${(row.level ?? "medium").padEnd(13)} ${row.title}  ·  ${row.summary}  (${row.path}:${row.line})`,
  );
}
