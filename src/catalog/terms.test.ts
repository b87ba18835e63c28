/** Searches for secrets are told from everyday ones. */

import { expect, it } from "vitest";
import { holdsKey, isKeyRule, isSensitiveSearch } from "./terms.ts";

it.each(["passwords", "vpn config", "Payroll 2026", "api key prod", "Gehalt", "aws_secret"])(
  "a search for %s is sensitive",
  (query) => {
    expect(isSensitiveSearch(query)).toBe(true);
  },
);

it.each(["team lunch", "passing the baton", "compass", "keynote slides", "secretary of the board"])(
  "a search for %s is everyday",
  (query) => {
    expect(isSensitiveSearch(query)).toBe(false);
  },
);

it("nothing searched for is not sensitive", () => {
  expect(isSensitiveSearch(null)).toBe(false);
});

it("keys are known by their form", () => {
  expect(holdsKey(`token ${"ghp_"}${"a".repeat(36)}`)).toBe(true);
  expect(holdsKey("ghp is the name of our project")).toBe(false);
});

it("rules that look for keys are known by their name", () => {
  expect(isKeyRule("Block API keys in chat")).toBe(true);
  expect(isKeyRule("Credit card numbers")).toBe(false);
});
