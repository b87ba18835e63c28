import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collect } from "./collection.ts";
import { NODE_LIMITS } from "./node.ts";
import { parseSigma } from "./parse.ts";
import { plainAccessor } from "./pipelines/path.ts";
import { matches } from "./reference.ts";
import { compileRegex, TEXT_MAX } from "./regex.ts";

/** fast-check prints the seed that repeats a failure. */
const CASES = 1_000;

const RULE = `title: A rule
id: 5f1a1f0e-7a0c-4a55-9d3b-1f6d2f1f0001
logsource: { product: okta, service: okta }
detection:
  sel_a:
    f|contains|all: [a, 'b*', "c\\\\?"]
    g|re|i: '^x+(y|z)?$'
    h|cidr: 192.0.2.0/24
    i|windash|contains: ' -x'
    j|wide|base64offset|contains: abc
    k|hour|gte: 22
    l|expand: '%names%'
  sel_b:
    - word
    - 'other*'
  filter:
    - f: null
    - g|exists: false
    - &anchor { h|fieldref: i }
    - *anchor
  condition: 1 of sel_* and not (filter or all of them)
level: high
---
title: Many
correlation:
  type: value_count
  rules: [5f1a1f0e-7a0c-4a55-9d3b-1f6d2f1f0001]
  group-by: [user]
  timespan: 10m
  condition: { field: ip, gte: 5 }
---
title: A filter
logsource: { product: okta }
filter:
  rules: any
  sel: { f: 1 }
  condition: not sel
`;

const WORDS = [
  "title: ",
  "detection:",
  "condition: ",
  "logsource:",
  "correlation:",
  "filter:",
  "|contains",
  "|re: ",
  "|all",
  "*",
  "?",
  "\\",
  "'",
  '"',
  "[",
  "]",
  "{",
  "}",
  "&a ",
  "*a",
  "<<: ",
  "---\n",
  "...\n",
  "- ",
  ": ",
  "\n",
  "  ",
  "\t",
  "#",
  "%",
  "(",
  ")",
  " and ",
  " or ",
  " not ",
  "1 of ",
  "them",
  "null",
  "~",
  "0x1f",
  "1e999",
  ".inf",
  "!!binary ",
  "!x ",
  "|\n",
  ">-\n",
  "? ",
  "\u0000",
  "\u2028",
  "__proto__",
  "constructor",
  "action: repeat\n",
  "action: global\n",
];

/** The rule with some places overwritten, cut out or doubled. */
const mutated = fc
  .array(
    fc.record({
      at: fc.nat(RULE.length),
      cut: fc.nat(30),
      put: fc.oneof(
        fc.constantFrom(...WORDS),
        fc.string({ maxLength: 8, unit: "binary" }),
        fc.nat(RULE.length).map((from) => RULE.slice(from, from + 40)),
      ),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((edits) =>
    edits.reduce((text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut), RULE),
  );

const arbitrary = fc.oneof(
  fc.string({ maxLength: 400, unit: "binary" }),
  fc.array(fc.constantFrom(...WORDS), { maxLength: 60 }).map((words) => words.join("")),
  fc.json(),
);

/** Everything that a file goes through; what comes out must be whole. */
function survive(text: string): void {
  const file = parseSigma(text);
  for (const { line, column, reason, cure } of file.problems) {
    expect(line).toBeGreaterThan(0);
    expect(column).toBeGreaterThan(0);
    expect(reason).not.toBe("");
    expect(cure).not.toBe("");
  }
  const { rules } = collect([{ path: "a.yml", file }]);
  for (const { document } of rules) {
    matches(document, { f: "abc", g: ["xy", null], h: "192.0.2.1", sub: { x: 1 } }, plainAccessor);
  }
}

describe("hostile rules", () => {
  it("no text makes the parser throw", () => {
    fc.assert(fc.property(arbitrary, survive), { numRuns: CASES });
  });

  it("no mutated rule makes the parser or the evaluation throw", () => {
    fc.assert(fc.property(mutated, survive), { numRuns: CASES });
  });

  it("aliases that multiply each other are refused", () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) => `a${level}: &a${level} [${`*a${level - 1},`.repeat(level === 0 ? 0 : 12)}x]`,
    );
    const { problems } = parseSigma(levels.join("\n"));
    expect(problems[0]?.reason).toContain("too many values");
  });

  it("an alias inside its own anchor is refused", () => {
    expect(parseSigma("title: &a [*a]\n").problems[0]?.reason).toContain("nested too deeply");
  });

  it.each([
    ["brackets", "[".repeat(200_000)],
    ["braces", "{a: ".repeat(100_000)],
    ["dashes", "- ".repeat(200_000)],
    ["question marks", "? ".repeat(200_000)],
    [
      "indentation",
      Array.from({ length: 1_000 }, (_, level) => `${" ".repeat(level)}a:`).join("\n"),
    ],
  ])("absurd nesting of %s is refused", (_name, text) => {
    const { documents, problems } = parseSigma(`title: x\ndetection: ${text}`);
    expect(documents).toEqual([]);
    expect(problems).not.toEqual([]);
    expect(parseSigma(text).documents).toEqual([]);
  });

  it("deep conditions and long ones are refused", () => {
    const text = (condition: string) =>
      `title: x\nlogsource: { product: x }\ndetection:\n  a: { f: 1 }\n  condition: ${condition}\n`;
    const reason = (condition: string) => parseSigma(text(condition)).problems[0]?.reason;
    expect(reason(`${"(".repeat(5_000)}a${")".repeat(5_000)}`)).toMatch(/words|deeply/);
    expect(reason(`${"(".repeat(60)}a${")".repeat(60)}`)).toContain("nested too deeply");
    expect(reason(`${"not ".repeat(60)}a`)).toContain("nested too deeply");
    expect(reason(Array(5_000).fill("a").join(" or "))).toContain("words");
    expect(reason(Array(500).fill("a").join(" or "))).toBeUndefined();
  });

  it("a document and a file have a greatest size, and a document a greatest number of values", () => {
    const reason = (text: string) => parseSigma(text).problems[0]?.reason;
    expect(reason(`title: ${"x".repeat(NODE_LIMITS.documentChars)}`)).toContain("characters");
    expect(reason("x".repeat(8_388_609))).toContain("the file has");
    expect(reason(`a: [${"1,".repeat(NODE_LIMITS.nodes + 1)}]`)).toContain("too many values");
    expect(reason("--- x\n".repeat(10_001))).toContain("too many documents");
  });

  it("a regular expression is not run on texts of any length", () => {
    const { find } = compileRegex("x$", { i: false, m: false, s: false });
    expect(find?.(`${"a".repeat(TEXT_MAX - 1)}x`)).toBe(true);
    expect(find?.(`${"a".repeat(TEXT_MAX)}x`)).toBe(false);
  });

  it("many keys in one map are read, each compared by its own name only", () => {
    const keys = Array.from({ length: 12_000 }, (_, index) => `    k${index}: 1`).join("\n");
    const text = `title: x\nlogsource: { product: x }\ndetection:\n  a:\n${keys}\n  condition: a\n`;
    expect(parseSigma(text).problems).toEqual([]);
  });

  it("regular expressions have a greatest number, length and count of repetitions", () => {
    const text = (...sources: readonly string[]) =>
      `title: x\nlogsource: { product: x }\ndetection:\n  a:\n    f|re:\n${sources.map((source) => `      - '${source}'\n`).join("")}  condition: a\n`;
    const reason = (...sources: readonly string[]) =>
      parseSigma(text(...sources)).problems[0]?.reason;
    expect(reason(...Array<string>(501).fill("a"))).toContain("more than 500");
    expect(reason("a".repeat(4_097))).toContain("4097 characters");
    expect(reason("[^a]{1000}".repeat(11))).toContain("repeats 11000 times");
    expect(reason("a{1001}")).toContain("not valid");
    expect(reason("a{1000}")).toBeUndefined();
  });

  it("a regular expression that would explode elsewhere is answered", () => {
    const text =
      "title: x\nlogsource: { product: x }\ndetection:\n  a: { f|re: '^(a+)+(a|a)*$' }\n  condition: a\n";
    const [rule] = parseSigma(text).documents;
    if (rule?.kind !== "rule") throw new Error("no rule");
    expect(matches(rule, { f: `${"a".repeat(20_000)}b` }, plainAccessor)).toBe(false);
    expect(matches(rule, { f: "a".repeat(20_000) }, plainAccessor)).toBe(true);
  });

  it("a pattern with many wildcards is answered", () => {
    const text = `title: x\nlogsource: { product: x }\ndetection:\n  a: { f: '${"a*".repeat(200)}b' }\n  condition: a\n`;
    const [rule] = parseSigma(text).documents;
    if (rule?.kind !== "rule") throw new Error("no rule");
    expect(matches(rule, { f: "a".repeat(3_000) }, plainAccessor)).toBe(false);
  });
});
