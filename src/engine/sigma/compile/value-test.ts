/** What an atom asks of one value, as a function. */

import { isInNetwork } from "#engine/sigma/address.ts";
import type { Comparison, FieldRefWay, Test } from "#engine/sigma/atom.ts";
import { compileRegex } from "#engine/sigma/regex.ts";
import { timePart } from "#engine/sigma/time-part.ts";
import { wildcard } from "./wildcard.ts";

/** Tests of a single value; the others look at the field as a whole. */
export type ValueTest = Exclude<Test, { op: "exists" | "null" | "fieldref" }>;

/** Of the value as text, folded where the test `isFolded`. */
export type ValueCheck = (text: string) => boolean;

export function isFolded(test: ValueTest): boolean {
  return (test.op === "equals" || test.op === "pattern") && !test.isCased;
}

export function checkOf(test: ValueTest): ValueCheck {
  switch (test.op) {
    case "equals": {
      const wanted = test.text;
      return (text) => text === wanted;
    }
    case "pattern":
      return wildcard(test.parts);
    case "regex": {
      const { find } = compileRegex(test.source, test.flags);
      // What cannot be compiled was refused when the rule was read.
      return find ?? (() => false);
    }
    case "cidr": {
      const { bytes, prefixBits } = test;
      return (text) => isInNetwork(text.trim(), { bytes, prefixBits });
    }
    case "compare": {
      const { by, value: limit } = test;
      return (text) => {
        const number = numberIn(text);
        return number !== null && compares(number, by, limit);
      };
    }
    case "time": {
      const { part, by, value: limit } = test;
      return (text) => {
        const found = timePart(text, part);
        return found !== null && compares(found, by, limit);
      };
    }
  }
}

export function relates(a: string, b: string, way: FieldRefWay): boolean {
  switch (way) {
    case "equals":
      return a === b;
    case "startswith":
      return a.startsWith(b);
    case "endswith":
      return a.endsWith(b);
    case "contains":
      return a.includes(b);
  }
}

const DECIMAL = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/** The decimal number that a text spells out; null for anything else. */
export function numberIn(text: string): number | null {
  return DECIMAL.test(text) ? Number(text) : null;
}

function compares(a: number, by: Comparison, b: number): boolean {
  switch (by) {
    case "gt":
      return a > b;
    case "gte":
      return a >= b;
    case "lt":
      return a < b;
    case "lte":
      return a <= b;
    case "eq":
      return a === b;
    case "neq":
      return a !== b;
  }
}
