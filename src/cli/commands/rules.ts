/** `singura rules …`: everything about Sigma rules. */

import type { CliCommand } from "#cli/app.ts";
import { declareBacktest } from "./rules/backtest.ts";
import { declareCheck } from "./rules/check.ts";
import { declareCoverage } from "./rules/coverage.ts";
import { declareExplain } from "./rules/explain.ts";
import { declareRun } from "./rules/run.ts";
import { declareTest } from "./rules/test.ts";

export const rulesCommand: CliCommand = {
  name: "rules",
  declare(program, deps, done) {
    const group = program
      .command("rules")
      .description("check, test and run Sigma rules")
      .addHelpText(
        "after",
        `
Examples:
  singura rules check rules/                           everything that is wrong with them
  singura rules explain my-rule.yml record.json        which part of it the record meets
  singura rules test rules/                            each rule against the records in its side-car
  singura rules run my-rule.yml --events exports/      every record that it matches
  singura rules backtest rules/ --events exports/      how often it would have spoken
  singura rules coverage rules/ --out layer.json       for the ATT&CK Navigator
  singura scan exports/ --rules shipped                their findings beside those of the detectors`,
      );
    declareCheck(group, deps, done);
    declareExplain(group, deps, done);
    declareTest(group, deps, done);
    declareRun(group, deps, done);
    declareCoverage(group, deps, done);
    declareBacktest(group, deps, done);
  },
};
