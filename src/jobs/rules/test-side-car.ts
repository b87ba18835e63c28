/** Runs a side-car: records just as vendors export them, and whether the rules beside must match each. */

import { parseDocument } from "yaml";
import { isObject, type Raw } from "#base/raw.ts";
import { recordMatcher } from "#engine/sigma/matcher.ts";
import type { SigmaDocument } from "#engine/sigma/rule.ts";
import { recognise } from "#platforms/index.ts";

export interface SideCarResult {
  readonly name: string;
  /** Null where it went as it should. */
  readonly failure: string | null;
}

const KINDS = ["fires", "quiet"] as const;

/** All tests of a side-car, in its order. What is wrong with the file itself is a failed test, too. */
export function testSideCar(rules: readonly SigmaDocument[], text: string): SideCarResult[] {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) {
    return [{ name: "the file", failure: `it is no YAML: ${error.message.split("\n", 1)[0]}` }];
  }
  const content: unknown = document.toJS({ maxAliasCount: 100 });
  if (!isObject(content)) {
    return [
      { name: "the file", failure: "it holds no `fires` and no `quiet`: write records under them" },
    ];
  }
  const unknown = Object.keys(content).filter((key) => !KINDS.some((kind) => kind === key));
  const results: SideCarResult[] = unknown.map((key) => ({
    name: key,
    failure: "a side-car holds `fires` and `quiet` and nothing else",
  }));
  const matches = recordMatcher(rules);
  for (const kind of KINDS) {
    const cases = content[kind];
    if (!isObject(cases) || Object.keys(cases).length === 0) {
      results.push({
        name: kind,
        failure: `there is no record under \`${kind}\`: a rule needs both`,
      });
      continue;
    }
    for (const [name, record] of Object.entries(cases)) {
      results.push({ name: `${kind}: ${name}`, failure: failureOf(kind, record, matches) });
    }
  }
  return results;
}

function failureOf(
  kind: (typeof KINDS)[number],
  record: unknown,
  matches: ReturnType<typeof recordMatcher>,
): string | null {
  if (!isObject(record)) return "it is no record: write an object as the vendor exports it";
  const found = recognised(record);
  if (found === null) {
    return "no platform knows this record: `singura formats` shows what is read, with an example each";
  }
  const isMatch = matches(record, found.platform, found.service).some((rules) => rules.length > 0);
  if (isMatch === (kind === "fires")) return null;
  return isMatch
    ? "the rule matches, and should not"
    : `the rule does not match this record of ${found.service}`;
}

function recognised(record: Raw) {
  const found = recognise(record, null);
  return found === null ? null : { platform: found.platform.id, service: found.service };
}
