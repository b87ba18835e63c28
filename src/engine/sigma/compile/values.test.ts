/** What a value of a record means to a rule, asked part by part and compiled: both answer the same. */

import { describe, expect, it } from "vitest";
import type { Raw } from "#base/raw.ts";
import { rulesIn } from "#engine/sigma/documents.ts";
import { parseSigma } from "#engine/sigma/parse.ts";
import { fieldReader } from "#engine/sigma/pipelines/reader.ts";
import { matches } from "#engine/sigma/reference.ts";
import { ruleSet } from "./rule-set.ts";

const NOWHERE = { category: "test", product: null, service: null };

/** Whether a record matches `detection`, written as the lines under that key. */
function isMatch(detection: string, record: Raw): boolean {
  const lines = detection
    .trim()
    .split("\n")
    .map((line) => `    ${line}`);
  const text = `title: Test\nlogsource: { category: test }\ndetection:\n${lines.join("\n")}\n`;
  const { documents, problems } = parseSigma(text);
  expect(problems).toEqual([]);
  const [rule] = rulesIn(documents);
  if (rule === undefined) throw new Error("no rule was read");
  const read = fieldReader(NOWHERE);
  const set = ruleSet([{ index: 0, detections: [rule.detection], read, isRead: null }]);
  const isMet = matches(rule, record, read);
  expect(set.match(record)).toEqual(isMet ? [0] : []);
  return isMet;
}

const one = (item: string) => `s:\n    ${item}\ncondition: s`;

describe("values", () => {
  it.each([
    ["case does not matter", "a: Hello", { a: "hELLO" }, true],
    ["unless it is asked for", "a|cased: Hello", { a: "hELLO" }, false],
    ["the whole text", "a: ell", { a: "hello" }, false],
    ["a wildcard in the middle", "a: 'h*o'", { a: "hello" }, true],
    ["many wildcards, the last try fits", "a: '*a*b*c'", { a: "xaxbxbxc" }, true],
    ["one character, also beyond the basic plane", "a: 'x?y'", { a: "x😀y" }, true],
    ["an escaped wildcard is plain", "a: 'h\\*o'", { a: "hello" }, false],
    ["contains", "a|contains: ell", { a: "hello" }, true],
    ["all of them", "a|contains|all: [he, lo]", { a: "hello" }, true],
    ["not all of them", "a|contains|all: [he, xx]", { a: "hello" }, false],
    [
      "several values may meet different ones",
      "a|contains|all: [he, wo]",
      { a: ["hello", "world"] },
      true,
    ],
    ["a number and its text", "a: 517", { a: "517" }, true],
    ["a truth value and its text", "a: 'true'", { a: true }, true],
    ["null is a missing field", "a: null", {}, true],
    ["null is an empty list", "a: null", { a: [] }, true],
    ["null is not the empty text", "a: null", { a: "" }, false],
    ["the empty text is not null", "a: ''", { a: null }, false],
    ["a field exists though it is null", "a|exists: true", { a: null }, true],
    ["a regular expression anywhere", "a|re: 'l+o$'", { a: "hello" }, true],
    ["a regular expression minds case", "a|re: 'HELLO'", { a: "hello" }, false],
    ["a network", "a|cidr: 192.0.2.0/25", { a: "192.0.2.7" }, true],
    ["outside the network", "a|cidr: 192.0.2.0/25", { a: "192.0.2.200" }, false],
    ["a number in a text is compared", "a|gte: 10", { a: "12" }, true],
    ["a text is no number", "a|gte: 10", { a: "many" }, false],
    ["another field", "a|fieldref: b", { a: "x", b: ["y", "X"] }, true],
    ["the hour as it is written", "a|hour: 23", { a: "2026-06-01T23:59:00+09:00" }, true],
    ["the ISO week", "a|week: 53", { a: "2027-01-01T00:00:00Z" }, true],
    ["neq turns the answer round", "a|neq: x", { a: "y" }, true],
    ["a dotted path through lists", "a.b: x", { a: [{ b: "y" }, { b: "x" }] }, true],
    ["the key as it is spelled before the path", "a.b: x", { "a.b": "x" }, true],
  ] as const)("%s", (_, item, record, expected) => {
    expect(isMatch(one(item), record)).toBe(expected);
  });

  it("a pattern of many wildcards against a long text ends soon", () => {
    const pattern = `a: '${"*a".repeat(20)}*b'`;
    expect(isMatch(one(pattern), { a: "a".repeat(20_000) })).toBe(false);
  });
});

describe("conditions", () => {
  const searches = "one: { a: x }\ntwo: { b: y }\n_hidden: { c: z }\n";
  it.each([
    ["one and two", { a: "x", b: "y" }, true],
    ["one and not two", { a: "x", b: "y" }, false],
    ["1 of them", { b: "y" }, true],
    ["all of them", { a: "x" }, false],
    ["not (one or two)", {}, true],
    ["1 of o*", { a: "x" }, true],
  ] as const)("%s", (condition, record, expected) => {
    expect(isMatch(`${searches}condition: ${condition}`, record)).toBe(expected);
  });

  it("keywords look into every value, however deep", () => {
    expect(isMatch("k: [listKeys]\ncondition: k", { a: [{ b: "x/listkeys/y" }] })).toBe(true);
    expect(isMatch("k: [listKeys]\ncondition: k", { listKeys: "no" })).toBe(false);
  });

  it("a list of maps asks for one of them", () => {
    const detection = "s:\n    - a: x\n    - b: y\ncondition: s";
    expect(isMatch(detection, { b: "y" })).toBe(true);
    expect(isMatch(detection, { a: "y", b: "x" })).toBe(false);
  });
});
