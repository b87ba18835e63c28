/** `singura rules coverage RULES…`: which ATT&CK techniques a set of rules speaks of, as a layer for the Navigator. */

import { type Command, Option } from "commander";
import type { Action, Deps } from "#cli/app.ts";
import { writeChunks } from "#cli/writing.ts";
import { factsOf, speakingDocuments } from "#engine/sigma/documents.ts";
import { attackOf } from "#engine/sigma/rule-finding.ts";
import { EXIT } from "#kit/error.ts";
import { attackLayer } from "#report/attack-layer.ts";
import { plain } from "#report/safe.ts";
import { loadRules } from "./rule-files.ts";

interface CoverageArguments {
  format: string;
  name: string;
  out?: string;
}

export function declareCoverage(
  group: Command,
  deps: Deps,
  done: (action: Action) => Promise<void>,
): void {
  group
    .command("coverage")
    .description("which ATT&CK techniques rules speak of, for MITRE's Navigator")
    .argument("<rules...>", "rules (.yml), folders of them, or `shipped`")
    .addOption(
      new Option("-f, --format <format>", "layer: a layer of the Navigator (4.5); text: a list")
        .choices(["layer", "text"])
        .default("layer"),
    )
    .option("--name <name>", "the layer's name", "Sigma rules")
    .option("-o, --out <file>", "write it to a file instead of standard output")
    .addHelpText(
      "after",
      `
Examples:
  singura rules coverage rules/ --out layer.json     open it at https://mitre-attack.github.io/attack-navigator/
  singura rules coverage rules/slack --format text`,
    )
    .action((paths: string[], options: CoverageArguments) => done(coverage(paths, options, deps)));
}

async function coverage(paths: readonly string[], options: CoverageArguments, deps: Deps): Action {
  const rules = speakingDocuments((await loadRules(paths)).documents).map((rule) => {
    const { title, level, tags } = factsOf(rule);
    return { title, level, attack: attackOf(tags) };
  });
  const tagged = rules.filter(({ attack }) => attack.length > 0).length;
  const layer = attackLayer(
    options.name,
    `${tagged} of ${rules.length} rules name a technique.`,
    rules,
  );
  const text =
    options.format === "layer"
      ? `${JSON.stringify(layer, null, 2)}\n`
      : layer.techniques
          .filter(({ score }) => score > 0)
          .map(({ techniqueID, score, comment }) =>
            plain(
              `${techniqueID.padEnd(10)} ${String(score).padStart(3)}  ${comment.replaceAll("\n", "; ")}`,
            ),
          )
          .join("\n")
          .concat(`\n${layer.description}\n`);
  await writeChunks([text], options, deps);
  return EXIT.ok;
}
