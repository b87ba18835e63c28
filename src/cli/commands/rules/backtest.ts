/** `singura rules backtest RULES… --events FILES…`: how often rules would have spoken, rule by rule and day by day. */

import { type Command, Option } from "commander";
import { dayOf, dayStart, iso, UNDATED } from "#base/time.ts";
import type { Action, Deps } from "#cli/app.ts";
import { writeChunks } from "#cli/writing.ts";
import type { AuditEvent } from "#contract/event.ts";
import type { Alert } from "#engine/sigma/correlate/correlator.ts";
import type { KeptMatch } from "#engine/sigma/correlate/kept.ts";
import { factsOf, ruleKey, speakingDocuments } from "#engine/sigma/documents.ts";
import { type MatchRulesSummary, matchRules } from "#jobs/match-rules.ts";
import { EXIT } from "#kit/error.ts";
import { plain } from "#report/safe.ts";
import { type EventOptions, eventInput, withEventOptions } from "./events.ts";
import { loadRules } from "./rule-files.ts";

interface BacktestArguments extends EventOptions {
  format: string;
  out?: string;
}

export function declareBacktest(
  group: Command,
  deps: Deps,
  done: (action: Action) => Promise<void>,
): void {
  withEventOptions(
    group
      .command("backtest")
      .description(
        "how often rules would have spoken over exported logs, rule by rule and day by day",
      )
      .argument("<rules...>", "rules (.yml), folders of them, or `shipped`"),
    deps,
  )
    .addOption(
      new Option("-f, --format <format>", "how to print it")
        .choices(["text", "json"])
        .default("text"),
    )
    .option("-o, --out <file>", "write it to a file instead of standard output")
    .addHelpText(
      "after",
      `
An alert is what a scan would make one finding of: a rule, an automation or person, and a UTC day, however many records;
or one of a correlation, on the day on which its condition was met. The rules that it is made of are not counted unless
it says generate.
The rate is alerts by 1,000 automations and day.

Examples:
  singura rules backtest rules/ --events exports/
  singura rules backtest new-rule.yml --events exports/ --since 30d --format json`,
    )
    .action((paths: string[], options: BacktestArguments) => done(backtest(paths, options, deps)));
}

/** One rule over all days. */
interface RuleTally {
  records: number;
  first: number | null;
  last: number | null;
  /** Records and what each alert is told from others by, by UTC day. */
  readonly days: Map<number, { records: number; readonly alerts: Set<string> }>;
}

async function backtest(paths: readonly string[], options: BacktestArguments, deps: Deps): Action {
  const loaded = await loadRules(paths);
  const rules = speakingDocuments(loaded.documents);
  const tallies = new Map(rules.map((rule) => [ruleKey(rule), newTally()]));
  const summary = await matchRules.run(
    {
      onMatch: ({ event, rules: keys }) => {
        for (const key of keys) {
          const tally = tallies.get(key);
          if (tally !== undefined) add(tally, event);
        }
      },
      onAlert: ({ facts, alert }) => {
        const tally = tallies.get(facts.key);
        if (tally !== undefined) addAlert(tally, alert);
      },
    },
    { ...(await eventInput(options, deps)), rules: loaded.documents },
  );
  const rows = rules.map((rule) => {
    const { key, title, level } = factsOf(rule);
    return rowOf({ key, title, level }, tallies.get(key) ?? newTally(), summary);
  });
  // The loudest first; the silent by their titles.
  rows.sort((a, b) => b.alerts - a.alerts || (a.title < b.title ? -1 : 1));
  const chunks =
    options.format === "json"
      ? [`${JSON.stringify({ ...summary, rules: rows }, null, 2)}\n`]
      : textOf(rows, summary);
  await writeChunks(chunks, options, deps);
  return EXIT.ok;
}

function newTally(): RuleTally {
  return { records: 0, first: null, last: null, days: new Map() };
}

function add(tally: RuleTally, event: AuditEvent): void {
  tally.records++;
  if (event.at !== null) {
    tally.first = Math.min(tally.first ?? event.at, event.at);
    tally.last = Math.max(tally.last ?? event.at, event.at);
  }
  const held = onDay(tally, event.at);
  held.records++;
  const whom = (event.subject ?? event.automation)?.nativeId ?? event.actor.id;
  held.alerts.add(`${event.platform}|${whom}`);
}

function addAlert(tally: RuleTally, { id, at, from, to, matches }: Alert<KeptMatch>): void {
  tally.records += matches;
  tally.first = Math.min(tally.first ?? from, from);
  tally.last = Math.max(tally.last ?? to, to);
  const held = onDay(tally, at);
  held.records += matches;
  held.alerts.add(id);
}

function onDay({ days }: RuleTally, at: number | null) {
  const day = dayOf(at);
  const held = days.get(day) ?? { records: 0, alerts: new Set<string>() };
  days.set(day, held);
  return held;
}

function rowOf(
  rule: { readonly key: string; readonly title: string; readonly level: string | null },
  tally: RuleTally,
  { automationDays }: MatchRulesSummary,
) {
  const days = [...tally.days.entries()]
    .sort(([a], [b]) => a - b)
    .map(([day, { records, alerts }]) => ({
      day: day === UNDATED ? null : (iso(dayStart(day))?.slice(0, 10) ?? null),
      records,
      alerts: alerts.size,
    }));
  const alerts = days.reduce((sum, day) => sum + day.alerts, 0);
  return {
    rule: rule.key,
    title: rule.title,
    level: rule.level,
    records: tally.records,
    alerts,
    alertsPerThousandAutomationDays:
      automationDays === 0 ? null : Math.round((alerts / automationDays) * 1e6) / 1e3,
    first: iso(tally.first),
    last: iso(tally.last),
    days,
  };
}

type Row = ReturnType<typeof rowOf>;

function* textOf(rows: readonly Row[], summary: MatchRulesSummary): Iterable<string> {
  const loud = rows.filter(({ records }) => records > 0);
  yield `${"ALERTS".padStart(7)} ${"RECORDS".padStart(8)} ${"PER 1,000".padStart(10)} ${"DAYS".padStart(5)}  ${"FIRST".padEnd(10)}  ${"LAST".padEnd(10)}  RULE\n`;
  for (const row of loud) {
    const rate = row.alertsPerThousandAutomationDays?.toFixed(2) ?? "-";
    const [first, last] = [row.first, row.last].map((at) =>
      (at?.slice(0, 10) ?? "undated").padEnd(10),
    );
    yield plain(
      `${String(row.alerts).padStart(7)} ${String(row.records).padStart(8)} ${rate.padStart(10)} ${String(row.days.length).padStart(5)}  ${first}  ${last}  ${row.title} (${row.level ?? "no level"})`,
    ).concat("\n");
  }
  const alerts = rows.reduce((sum, row) => sum + row.alerts, 0);
  const rate =
    summary.automationDays === 0 ? "-" : ((alerts / summary.automationDays) * 1_000).toFixed(2);
  yield `\n${alerts} alerts of ${loud.length} of ${rows.length} rules in ${summary.events} events over ${summary.days} days, ${rate} by 1,000 automations and day.\n`;
}
