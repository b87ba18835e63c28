/** `singura rules explain RULE EVENT`: which part of a rule a record meets, and which it does not. */

import { readFile } from "node:fs/promises";
import { text as textOf } from "node:stream/consumers";
import { type Command, Option } from "commander";
import { isObject, type Raw } from "#base/raw.ts";
import type { Action, Deps } from "#cli/app.ts";
import { collect } from "#engine/sigma/collection.ts";
import { parseSigma } from "#engine/sigma/parse.ts";
import { opened } from "#engine/sigma/pipelines/pipelines.ts";
import { fieldReader } from "#engine/sigma/pipelines/reader.ts";
import { type Explanation, explain } from "#engine/sigma/reference.ts";
import { EXIT, UserError } from "#kit/error.ts";
import { recognise } from "#platforms/index.ts";
import { plain } from "#report/safe.ts";
import { readRuleText } from "./rule-files.ts";

interface ExplainArguments {
  format: string;
}

/** Records that are explained; of more, the first. */
const RECORDS_MAX = 100;

export function declareExplain(
  group: Command,
  deps: Deps,
  done: (action: Action) => Promise<void>,
): void {
  group
    .command("explain")
    .description("show part by part whether records meet a rule, and what met what")
    .argument("<rule>", "a file of rules (.yml), with its filters")
    .argument(
      "<event>",
      "a record as JSON, several as NDJSON or as a list, or - for standard input",
    )
    .addOption(
      new Option("-f, --format <format>", "how to print it")
        .choices(["text", "json"])
        .default("text"),
    )
    .addHelpText(
      "after",
      `
A record is read as its vendor exports it where the rule's log source is known, else field by field as it stands.
Of several records the first ${RECORDS_MAX} are explained.

Examples:
  singura rules explain my-rule.yml record.json
  grep app_installed audit.ndjson | singura rules explain my-rule.yml -

Exit codes: 0 some record matches · 2 none does`,
    )
    .action((rule: string, event: string, options: ExplainArguments) =>
      done(explainRule(rule, event, options, deps)),
    );
}

async function explainRule(
  rulePath: string,
  eventPath: string,
  options: ExplainArguments,
  deps: Deps,
): Action {
  const rules = rulesIn(rulePath, await readRuleText(rulePath));
  const records = recordsIn(eventPath, await readEvents(eventPath)).slice(0, RECORDS_MAX);
  const told = records.flatMap((record, index) =>
    rules.flatMap((rule) =>
      eventsIn(record).map((event) => {
        const explanation = explain(rule, event, fieldReader(rule.logsource));
        const { isMet: isMatch } = explanation;
        return { rule: rule.title, record: index + 1, isMatch, explanation };
      }),
    ),
  );
  if (options.format === "json") await deps.out(`${JSON.stringify(told, null, 2)}\n`);
  else {
    for (const { rule, record, isMatch, explanation } of told) {
      const lines = [
        `${isMatch ? "matches" : "does not match"}: ${rule}, record ${record}`,
        ...treeLines(explanation, 1),
      ];
      await deps.out(lines.map((line) => `${line}\n`).join(""));
    }
  }
  return told.some(({ isMatch }) => isMatch) ? EXIT.ok : EXIT.findings;
}

/** The rules of the file with its filters applied. Throws UserError (64) where there is a problem or no rule. */
function rulesIn(path: string, text: string) {
  const { rules, problems } = collect([{ path, file: parseSigma(text) }]);
  const [first] = problems;
  if (first !== undefined) {
    throw new UserError(
      "rules.mistake",
      `${path}:${first.line}:${first.column}: ${first.reason}: ${first.cure}.`,
    );
  }
  if (rules.length === 0) {
    throw new UserError(
      "rules.none",
      `${path} holds no rule with a detection: name one that does.`,
    );
  }
  return rules.map(({ document }) => document);
}

async function readEvents(path: string): Promise<string> {
  if (path === "-") return await textOf(process.stdin);
  return await readFile(path, "utf8").catch((cause: unknown) => {
    const why = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    throw new UserError("input.unreadable", `Cannot read ${path} (${why}).`, EXIT.noInput);
  });
}

/** JSON, a list of it, or an object a line. Throws UserError (66) where it is none of these. */
function recordsIn(path: string, text: string): Raw[] {
  const parsed = parsedJson(text) ?? text.split("\n").flatMap((line) => parsedJson(line) ?? []);
  const records = (Array.isArray(parsed) ? parsed : [parsed]).filter(isObject);
  if (records.length > 0) return records;
  throw new UserError(
    "input.no_record",
    `There is no record in ${path}: give one JSON object, a list of them, or one a line.`,
    EXIT.noInput,
  );
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Some vendors pack several events into one record. */
function eventsIn(record: Raw): readonly Raw[] {
  const found = recognise(record, null);
  return found === null ? [record] : opened(found.service, record);
}

/** One line a part: a mark, what the rule writes, and what the record has to do with it. */
function treeLines(explanation: Explanation, depth: number): string[] {
  const { written, isMet, note, parts } = explanation;
  const mark = isMet ? "+" : "-";
  const remark = note === null ? "" : `   ${note}`;
  const line = `${"  ".repeat(depth)}${mark} ${written}${remark}`;
  return [plain(line), ...parts.flatMap((part) => treeLines(part, depth + 1))];
}
