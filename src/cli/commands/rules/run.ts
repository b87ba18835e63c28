/** `singura rules run RULES… --events FILES…`: every record of exported logs that a rule matches. */

import { type Command, Option } from "commander";
import { iso } from "#base/time.ts";
import type { Action, Deps } from "#cli/app.ts";
import { summarize } from "#engine/profile/sample.ts";
import { explainAlert } from "#engine/sigma/correlate/correlation-finding.ts";
import { factsOf, ruleKey } from "#engine/sigma/documents.ts";
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
A correlation prints its alerts after the last record, in json with from, to, group, figure and matches instead of
platform, service and action; path and line are those of its first record. The rules that it is made of print nothing
unless it says generate.

Examples:
  singura rules run rules/ --events exports/
  singura rules run my-rule.yml --events audit.ndjson.gz --since 7d
  singura rules run rules/slack --events slack.zip --format json | jq .summary`,
    )
    .action((paths: string[], options: RunArguments) => done(run(paths, options, deps)));
}

async function run(paths: readonly string[], options: RunArguments, deps: Deps): Action {
  const { speakers, documents } = await loadRules(paths);
  const byKey = new Map(speakers.map(({ document }) => [ruleKey(document), factsOf(document)]));
  const print = (row: Row) =>
    deps.out(`${options.format === "json" ? JSON.stringify(row) : lineOf(row)}\n`);
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
          await print(row);
        }
      },
      onAlert: async ({ facts, alert, path }) => {
        const { group, figure, matches, tags } = alert;
        const row = {
          rule: facts.key,
          title: facts.title,
          level: facts.level,
          at: iso(alert.at),
          from: iso(alert.from),
          to: iso(alert.to),
          group,
          figure,
          matches,
          summary: explainAlert({ ...facts, description: null, falsePositives: [] }, alert),
          path,
          line: tags[0]?.sample.ref.line ?? 0,
        };
        await print(row);
      },
    },
    { ...(await eventInput(options, deps)), rules: documents },
  );
  deps.err(
    `${summary.matches} matches${summary.alerts === 0 ? "" : ` and ${summary.alerts} alerts`} of ${speakers.length} rules in ${summary.events} events${summary.quarantined === 0 ? "" : `; ${summary.quarantined} records could not be read (singura scan says why)`}\n`,
  );
  return EXIT.ok;
}

/** What every line tells; json tells more. */
interface Row {
  readonly at: string | null;
  readonly level: string | null;
  readonly title: string;
  readonly summary: string;
  readonly path: string;
  readonly line: number;
}

function lineOf(row: Row): string {
  const when = row.at?.slice(0, 19).replace("T", " ") ?? "undated            ";
  return plain(
    `${when}  ${(row.level ?? "medium").padEnd(13)} ${row.title}  ·  ${row.summary}  (${row.path}:${row.line})`,
  );
}
