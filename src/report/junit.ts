/** Results of tests in the XML that build systems read (JUnit's). */

import { escaped } from "./markup.ts";

export interface TestCase {
  readonly name: string;
  /** Why it failed; null where it passed. */
  readonly failure: string | null;
}

export interface TestSuite {
  readonly name: string;
  /** The file to show. */
  readonly file: string;
  readonly cases: readonly TestCase[];
}

export function* junit(name: string, suites: readonly TestSuite[]): Iterable<string> {
  const all = suites.flatMap(({ cases }) => cases);
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites name="${escaped(name)}" ${counts(all)}>\n`;
  for (const suite of suites) {
    yield `  <testsuite name="${escaped(suite.name)}" file="${escaped(suite.file)}" ${counts(suite.cases)}>\n`;
    for (const one of suite.cases) {
      const head = `    <testcase name="${escaped(one.name)}" classname="${escaped(suite.name)}"`;
      if (one.failure === null) yield `${head}/>\n`;
      else yield `${head}>\n      <failure message="${escaped(one.failure)}"/>\n    </testcase>\n`;
    }
    yield "  </testsuite>\n";
  }
  yield "</testsuites>\n";
}

function counts(cases: readonly TestCase[]): string {
  const failures = cases.filter(({ failure }) => failure !== null).length;
  return `tests="${cases.length}" failures="${failures}" errors="0" skipped="0"`;
}
