import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

/** The names of the tests, as they are written. */
function testNames(): string[] {
  const source = read("src/engine/sigma/conformance.test.ts");
  return [...source.matchAll(/^ {2}it\("((?:\\.|[^"\\])*)"/gm)].map(([, name = ""]) => name);
}

/** The last cells of the tables under the heading. */
function documented(): string[] {
  const [, section = ""] = read("docs/sigma.md").split("\n## Conformance\n");
  const [own = ""] = section.split("\n## ");
  return [...own.matchAll(/^\| .+? \| (.+) \|$/gm)]
    .map(([, cell = ""]) => cell.replace(/\\([|*_])/g, "$1"))
    .filter((cell) => cell !== "test" && cell !== "---");
}

describe("the conformance table of docs/sigma.md", () => {
  it("names every test of the specification, and no other", () => {
    expect(testNames().length).toBeGreaterThan(100);
    expect(documented().sort()).toEqual(testNames().sort());
  });
});
