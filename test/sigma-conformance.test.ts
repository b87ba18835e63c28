import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

/** The names of the tests of a file, as they are written. */
function testNames(path: string): string[] {
  return [...read(path).matchAll(/^ {2}it\("((?:\\.|[^"\\])*)"/gm)].map(([, name = ""]) => name);
}

const CORRELATE = "src/engine/sigma/correlate/";

/** The last cells of the tables under the heading: those of the correlations that are judged, and all others. */
function documented(): { readonly judged: readonly string[]; readonly others: readonly string[] } {
  const [, section = ""] = read("docs/sigma.md").split("\n## Conformance\n");
  const [own = ""] = section.split("\n## ");
  const parts = own.split(/^### /m);
  const isJudged = (part: string) => part.startsWith("Correlations, judged\n");
  return {
    judged: parts.filter(isJudged).flatMap(cellsOf),
    others: parts.filter((part) => !isJudged(part)).flatMap(cellsOf),
  };
}

function cellsOf(part: string): string[] {
  return [...part.matchAll(/^\| .+? \| (.+) \|$/gm)]
    .map(([, cell = ""]) => cell.replace(/\\([|*_])/g, "$1"))
    .filter((cell) => cell !== "test" && cell !== "---");
}

describe("the conformance table of docs/sigma.md", () => {
  it("names every test of the specification, and no other", () => {
    const names = testNames("src/engine/sigma/conformance.test.ts");
    expect(names.length).toBeGreaterThan(100);
    expect([...documented().others].sort()).toEqual(names.sort());
  });

  it("names tests of how correlations are judged that are there, each once", () => {
    const files = readdirSync(new URL(`../${CORRELATE}`, import.meta.url));
    const names = files
      .filter((name) => name.endsWith(".test.ts"))
      .flatMap((name) => testNames(`${CORRELATE}${name}`));
    const { judged } = documented();
    expect(judged.length).toBeGreaterThan(20);
    expect(judged.filter((name) => !names.includes(name))).toEqual([]);
    expect(new Set(judged).size).toBe(judged.length);
  });
});
