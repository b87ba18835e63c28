/** `singura rules check PATH…`: everything that is wrong with rules, with its place and its cure. */

import { type Command, Option } from "commander";
import type { Action, Deps } from "#cli/app.ts";
import {
  type Collection,
  collect,
  type NamedFile,
  type Placed,
  type PlacedProblem,
} from "#engine/sigma/collection.ts";
import { type CorrelationSet, correlationSet } from "#engine/sigma/correlate/from-rule.ts";
import { ruleKey } from "#engine/sigma/documents.ts";
import { parseSigma } from "#engine/sigma/parse.ts";
import { resolve, route } from "#engine/sigma/pipelines/pipelines.ts";
import { placeholdersIn } from "#engine/sigma/placeholders.ts";
import type { Problem, Search, SigmaRule } from "#engine/sigma/rule.ts";
import { EXIT } from "#kit/error.ts";
import { plain } from "#report/safe.ts";
import { readRuleText, ruleFiles } from "./rule-files.ts";

interface CheckArguments {
  format: string;
}

export function declareCheck(
  group: Command,
  deps: Deps,
  done: (action: Action) => Promise<void>,
): void {
  group
    .command("check")
    .description("tell everything that is wrong with rules, filters and correlations")
    .argument("<rules...>", "rules (.yml), folders of them, or `shipped`")
    .addOption(
      new Option("-f, --format <format>", "how to print it")
        .choices(["text", "json"])
        .default("text"),
    )
    .addHelpText(
      "after",
      `
json prints one object: rules (documents read), compiled (of them usable), unsupported (path, line, column, rule,
reason, cure of each problem), fieldsUnmapped (path, line, rule, field: no vendor's record is known to have it) and
placeholders (path, line, rule, name: it has no values, so no record meets it, and a rule that excludes it matches everything).

Examples:
  singura rules check rules/
  singura rules check my-rule.yml filters/
  singura rules check rules/ --format json | jq '.unsupported[] | .path, .reason'

Exit codes: 0 every rule can be used · 2 some cannot`,
    )
    .action((paths: string[], options: CheckArguments) => done(check(paths, options, deps)));
}

async function check(paths: readonly string[], options: CheckArguments, deps: Deps): Action {
  const files: NamedFile[] = [];
  for (const path of await ruleFiles(paths)) {
    files.push({ path, file: parseSigma(await readRuleText(path)) });
  }
  const found = verdictOn(files);
  await deps.out(options.format === "json" ? `${JSON.stringify(found, null, 2)}\n` : asText(found));
  return found.unsupported.length > 0 ? EXIT.findings : EXIT.ok;
}

interface Verdict {
  readonly rules: number;
  readonly compiled: number;
  readonly unsupported: Collection["problems"];
  readonly fieldsUnmapped: readonly Remark<"field">[];
  readonly placeholders: readonly Remark<"name">[];
}

type Remark<Key extends string> = {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
} & { readonly [key in Key]: string };

function verdictOn(files: readonly NamedFile[]): Verdict {
  const { rules, filters, correlations, problems } = collect(files);
  const set = correlationSet(
    [...rules, ...correlations].map(({ document }) => document),
    ruleKey,
  );
  const unrunnable = set.problems.map((problem) => placed(problem, correlations));
  return {
    rules: files.reduce((sum, { file }) => sum + file.read, 0),
    compiled: rules.length + filters.length + correlations.length - unrunnable.length,
    unsupported: [...problems, ...unrunnable],
    fieldsUnmapped: [...rules.flatMap(unmappedOf), ...unmappedIn(set, rules, correlations)],
    placeholders: rules.flatMap(({ path, document }) =>
      placeholdersIn(document.detection).map(({ name, position }) => ({
        path,
        line: position.line,
        rule: document.title,
        name,
      })),
    ),
  };
}

/** The problem of a correlation that is sound by itself and asks for what cannot be run. */
function placed(problem: Problem, correlations: Collection["correlations"]): PlacedProblem {
  const found = correlations.find(
    ({ document }) => document.title === problem.rule && document.position.line === problem.line,
  );
  return { ...problem, path: found?.path ?? "" };
}

/** Fields that correlations group by or count, and that no record of a rule below them is known to have. */
function unmappedIn(
  { lenses }: CorrelationSet,
  rules: Collection["rules"],
  correlations: Collection["correlations"],
): Remark<"field">[] {
  const byKey = new Map(correlations.map((one) => [ruleKey(one.document), one]));
  return rules.flatMap(({ document: rule }) => {
    const { logsource } = rule;
    if (route(logsource).length === 0) return [];
    return (lenses.get(ruleKey(rule)) ?? []).flatMap((lens) => {
      const correlation = byKey.get(lens.correlation);
      if (correlation === undefined) return [];
      const { path, document } = correlation;
      return [...new Set([...lens.groupBy, ...lens.fields])]
        .filter((field) => resolve(logsource, field) === null)
        .map((field) => ({ path, line: document.position.line, rule: document.title, field }));
    });
  });
}

/** Fields that no record of the rule's log is known to have. Logs without a pipeline are read as they are. */
function unmappedOf({ path, document }: Placed<SigmaRule>): Remark<"field">[] {
  const { logsource, detection, title } = document;
  if (route(logsource).length === 0) return [];
  const lines = new Map<string, number>();
  for (const search of detection.searches.values()) {
    for (const { field, line } of fieldsOf(search)) {
      if (!lines.has(field) && resolve(logsource, field) === null) lines.set(field, line);
    }
  }
  return [...lines].map(([field, line]) => ({ path, line, rule: title, field }));
}

function fieldsOf(search: Search): { field: string; line: number }[] {
  if (search.is !== "item") return search.parts.flatMap(fieldsOf);
  const { field, values, position } = search;
  const others = values.flatMap(({ anyOf }) =>
    anyOf.flatMap(({ test }) => (test.op === "fieldref" ? [test.other] : [])),
  );
  return [...(field === null ? [] : [field]), ...others].map((one) => ({
    field: one,
    line: position.line,
  }));
}

function asText({ rules, compiled, unsupported, fieldsUnmapped, placeholders }: Verdict): string {
  const lines: string[] = [];
  for (const { path, line, column, reason, cure } of unsupported) {
    lines.push(`${path}:${line}:${column}: ${reason}`, `    ${cure}`);
  }
  for (const { path, line, field } of fieldsUnmapped) {
    lines.push(`${path}:${line}: no record of this log is known to have the field ${field}`);
  }
  for (const { path, line, name } of placeholders) {
    lines.push(
      `${path}:${line}: the placeholder %${name}% has no values: no record meets it, and a rule that excludes it matches everything`,
    );
  }
  const remarks = [
    counted(unsupported.length, "problem"),
    counted(fieldsUnmapped.length, "unmapped field"),
    counted(placeholders.length, "placeholder"),
  ].filter((part) => part !== null);
  lines.push([`${compiled} of ${rules} rules can be used`, ...remarks].join(", "));
  return lines.map((line) => `${plain(line)}\n`).join("");
}

function counted(count: number, what: string): string | null {
  return count === 0 ? null : `${count} ${what}${count === 1 ? "" : "s"}`;
}
