/** `singura rules test PATH…`: holds the records of side-cars (`x.test.yml` beside `x.yml`) against their rules. */

import { access, readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import type { Action, Deps } from "#cli/app.ts";
import { writeChunks } from "#cli/writing.ts";
import type { SigmaDocument } from "#engine/sigma/rule.ts";
import { type SideCarResult, testSideCar } from "#jobs/rules/test-side-car.ts";
import { EXIT, UserError } from "#kit/error.ts";
import { junit, type TestSuite } from "#report/junit.ts";
import { plain } from "#report/safe.ts";
import { type LoadedSpeaker, loadRules } from "./rule-files.ts";

interface TestArguments {
  format: string;
  out?: string;
  required?: boolean;
}

export function declareTest(
  group: Command,
  deps: Deps,
  done: (action: Action) => Promise<void>,
): void {
  group
    .command("test")
    .description("hold the records of side-cars against their rules")
    .argument("<rules...>", "rules (.yml), folders of them, or `shipped`")
    .addOption(
      new Option("-f, --format <format>", "how to print the results")
        .choices(["text", "json", "junit"])
        .default("text"),
    )
    .option("-o, --out <file>", "write them to a file instead of standard output")
    .option("--required", "a rule without tests fails")
    .addHelpText(
      "after",
      `
The tests of my-rule.yml are in my-rule.test.yml, with records just as the vendor exports them:

  fires:
    'an app is installed':
      {"action": "app_installed", "date_create": 1780300800, ...}
  quiet:
    'an app is removed':
      {"action": "app_uninstalled", "date_create": 1780300800, ...}

A case of a correlation is a list of records, each with its time.

Examples:
  singura rules test rules/
  singura rules test my-rule.yml
  singura rules test rules/ --format junit --out results.xml

Exit codes: 0 all passed · 2 some failed`,
    )
    .action((paths: string[], options: TestArguments) => done(test(paths, options, deps)));
}

async function test(paths: readonly string[], options: TestArguments, deps: Deps): Action {
  const { speakers, documents } = await loadRules(paths);
  const byFile = Map.groupBy(speakers, ({ path }) => path);
  const suites: TestSuite[] = [];
  const untested: string[] = [];
  for (const [path, own] of byFile) {
    const file = path.replace(/\.ya?ml$/i, ".test.yml");
    const results = await resultsOf(file, own, documents);
    if (results === null) untested.push(path);
    else {
      const cases = results.map(({ name, failure }) => ({ name, failure }));
      const spoken = own.find(({ document }) => document.kind === "correlation") ?? own[0];
      suites.push({ name: spoken?.document.title ?? path, file, cases });
    }
  }
  if (options.required === true) {
    const failure = "this rule has no tests: write them into the side-car file";
    for (const path of untested) {
      suites.push({ name: path, file: path, cases: [{ name: "has tests", failure }] });
    }
  }
  await writeChunks(render(suites, untested, options.format), options, deps);
  const isFailed = suites.some(({ cases }) => cases.some(({ failure }) => failure !== null));
  return isFailed ? EXIT.findings : EXIT.ok;
}

/** Null where there is no side-car. */
async function resultsOf(
  file: string,
  own: readonly LoadedSpeaker[],
  all: readonly SigmaDocument[],
): Promise<readonly SideCarResult[] | null> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (!isThere) return null;
  const text = await readFile(file, "utf8").catch(() => {
    throw new UserError(
      "rules.unreadable",
      `Cannot read ${file}: check its permissions.`,
      EXIT.noInput,
    );
  });
  return testSideCar(
    own.map(({ document }) => document),
    text,
    all,
  );
}

function* render(
  suites: readonly TestSuite[],
  untested: readonly string[],
  format: string,
): Iterable<string> {
  if (format === "junit") {
    yield* junit("singura rules", suites);
    return;
  }
  const cases = suites.flatMap((suite) => suite.cases);
  const failed = cases.filter(({ failure }) => failure !== null).length;
  if (format === "json") {
    const summary = { tests: cases.length, failed, rules: suites.length, untested };
    yield `${JSON.stringify({ ...summary, suites }, null, 2)}\n`;
    return;
  }
  for (const { file, cases: some } of suites) {
    for (const { name, failure } of some) {
      if (failure !== null) yield plain(`FAILED  ${file}: ${name}: ${failure}`).concat("\n");
    }
  }
  if (untested.length > 0) yield `${untested.length} files of rules have no tests\n`;
  yield `${cases.length - failed} of ${cases.length} tests passed\n`;
}
