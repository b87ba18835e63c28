/** From `field|modifier|modifier: values` to atoms: what each modifier makes of a value, and which go together. */

import { parseNetwork } from "./address.ts";
import {
  type Atom,
  atomOf,
  type Comparison,
  type FieldRefWay,
  type RegexFlags,
  type Test,
  type TimePart,
} from "./atom.ts";
import { base64, base64Offsets, type Encoded, type Utf16, utf16, windash } from "./encode.ts";
import type { ScalarNode } from "./node.ts";
import {
  anywhere,
  atEnd,
  atStart,
  joined,
  parsePattern,
  patternTest,
  plainText,
  withPlaceholderParts,
} from "./pattern.ts";
import { type Problems, quoted, suggestion } from "./problems.ts";
import { compileRegex } from "./regex.ts";
import type { Position, WrittenValue } from "./rule.ts";

/** Ways to write one value; six dashes have 15,625. */
const EXPANSIONS_MAX = 16_384;
/** A chain of more is a mistake: no two of the same kind make sense. */
const CHAIN_MAX = 12;

/** What a modifier is for; the modifiers of a chain must agree on what its values are. */
type Kind = "text" | "re" | "cidr" | "exists" | "number" | "fieldref";

/** Every modifier by its name: which kinds of values it goes with, and which kind it makes of them. */
const MODIFIERS: Readonly<
  Record<string, { readonly kinds: readonly Kind[]; readonly makes?: Kind }>
> = {
  all: { kinds: ["text", "re", "cidr", "number", "fieldref"] },
  neq: { kinds: ["text", "re", "cidr", "number", "fieldref"] },
  cased: { kinds: ["text", "fieldref"] },
  contains: { kinds: ["text", "re", "fieldref"] },
  startswith: { kinds: ["text", "re", "fieldref"] },
  endswith: { kinds: ["text", "re", "fieldref"] },
  base64: { kinds: ["text"] },
  base64offset: { kinds: ["text"] },
  utf16: { kinds: ["text"] },
  utf16le: { kinds: ["text"] },
  utf16be: { kinds: ["text"] },
  wide: { kinds: ["text"] },
  windash: { kinds: ["text"] },
  expand: { kinds: ["text"] },
  re: { kinds: ["re"], makes: "re" },
  i: { kinds: ["re"] },
  m: { kinds: ["re"] },
  s: { kinds: ["re"] },
  cidr: { kinds: ["cidr"], makes: "cidr" },
  exists: { kinds: ["exists"], makes: "exists" },
  gt: { kinds: ["number"], makes: "number" },
  gte: { kinds: ["number"], makes: "number" },
  lt: { kinds: ["number"], makes: "number" },
  lte: { kinds: ["number"], makes: "number" },
  minute: { kinds: ["number"], makes: "number" },
  hour: { kinds: ["number"], makes: "number" },
  day: { kinds: ["number"], makes: "number" },
  week: { kinds: ["number"], makes: "number" },
  month: { kinds: ["number"], makes: "number" },
  year: { kinds: ["number"], makes: "number" },
  fieldref: { kinds: ["fieldref"], makes: "fieldref" },
};

/** Longer names that pySigma knows for the flags of regular expressions. */
const LONG_FLAGS: Readonly<Record<string, string>> = {
  ignorecase: "i",
  multiline: "m",
  dotall: "s",
};

/** Of each of these groups one at most. */
const ONE_OF: readonly (readonly string[])[] = [
  ["contains", "startswith", "endswith"],
  ["base64", "base64offset"],
  ["utf16", "utf16le", "utf16be", "wide"],
  ["gt", "gte", "lt", "lte"],
  ["minute", "hour", "day", "week", "month", "year"],
];

/** Lowest and highest number that a part of a time can have. ISO 8601 counts 53 weeks in some years. */
const TIME_RANGES: Readonly<Record<TimePart, readonly [number, number]>> = {
  minute: [0, 59],
  hour: [0, 23],
  day: [1, 31],
  week: [1, 53],
  month: [1, 12],
  year: [1, 9999],
};

const UTF16: Readonly<Record<string, Utf16>> = {
  utf16: "bom",
  utf16le: "le",
  utf16be: "be",
  wide: "le",
};

export interface Key {
  /** Null for keywords, which are looked for in the whole record. */
  readonly field: string | null;
  readonly chain: readonly string[];
  readonly kind: Kind;
}

/** Reads `field|modifier|…`; null where a problem was added. */
export function parseKey(written: string, position: Position, problems: Problems): Key | null {
  const [field = "", ...names] = written.split("|");
  const chain = names.map((name) => LONG_FLAGS[name] ?? name);
  const refuse = (reason: string, cure: string): null => {
    problems.add(position, reason, cure);
    return null;
  };
  if (chain.length > CHAIN_MAX) {
    return refuse(`there are ${chain.length} modifiers`, `use at most ${CHAIN_MAX}`);
  }
  for (const name of chain) {
    if (!Object.hasOwn(MODIFIERS, name)) {
      return refuse(
        `there is no modifier ${quoted(name)}${suggestion(name, Object.keys(MODIFIERS))}`,
        `use one of Sigma's: ${Object.keys(MODIFIERS).join(", ")}`,
      );
    }
  }
  const twice = chain.find((name, index) => chain.indexOf(name) !== index);
  if (twice !== undefined) {
    return refuse(`the modifier ${quoted(twice)} stands there twice`, "write it once");
  }
  for (const group of ONE_OF) {
    const several = chain.filter((name) => group.includes(name));
    if (several.length > 1) {
      return refuse(
        `${several.join(" and ")} exclude each other`,
        `keep one of ${group.join(", ")}, or use a second search`,
      );
    }
  }
  const makers = chain.filter((name) => MODIFIERS[name]?.makes !== undefined);
  const kind = MODIFIERS[makers[0] ?? ""]?.makes ?? "text";
  for (const name of chain) {
    if (MODIFIERS[name]?.kinds.includes(kind) !== true) {
      const reason = makers.length > 0 ? `does not go with ${makers[0]}` : "stands only behind re";
      return refuse(`the modifier ${name} ${reason}`, `remove one of the two`);
    }
  }
  if (kind !== "text" && chain[0] !== makers[0] && chain[0] !== "neq" && chain[0] !== "all") {
    return refuse(
      `${makers[0]} is applied to a value that ${chain[0]} has changed already`,
      `write ${makers[0]} first`,
    );
  }
  if (field === "" && kind !== "text" && kind !== "re") {
    return refuse(`${makers[0]} needs a field`, `write the field's name before |${makers[0]}`);
  }
  return { field: field === "" ? null : field, chain, kind };
}

/** One value with its chain applied; null where a problem was added. */
export function applyModifiers(
  key: Key,
  value: ScalarNode,
  problems: Problems,
): WrittenValue | null {
  const tests = testsOf(key, value, problems);
  if (tests === null) return null;
  const unique = new Map<string, Atom>();
  for (const test of tests) {
    const atom = atomOf(key.field, test);
    unique.set(atom.key, atom);
  }
  return {
    written: value.value === null ? "null" : value.source,
    position: value.position,
    anyOf: [...unique.values()],
  };
}

/** The tests of one value, of which one must be met. */
function testsOf(key: Key, value: ScalarNode, problems: Problems): Test[] | null {
  const refuse = (reason: string, cure: string): null => {
    problems.add(value.position, reason, cure);
    return null;
  };
  switch (key.kind) {
    case "exists":
      if (typeof value.value !== "boolean") {
        return refuse(`exists takes no ${quoted(value.source)}`, "write true or false, unquoted");
      }
      return [{ op: "exists", isThere: value.value }];
    case "cidr":
      return cidrTests(value, refuse);
    case "number":
      return numberTests(key, value, refuse);
    case "re":
      return regexTests(key, value, refuse);
    case "fieldref":
      return fieldrefTests(key, value, refuse);
    case "text":
      return textTests(key, value, refuse);
  }
}

type Refuse = (reason: string, cure: string) => null;

function cidrTests(value: ScalarNode, refuse: Refuse): Test[] | null {
  const network = parseNetwork(value.source);
  if (network === null) {
    return refuse(
      `${quoted(value.source)} is no network`,
      "write it as 192.0.2.0/24 or 2001:db8::/32",
    );
  }
  if (network === "host bits") {
    return refuse(
      `${quoted(value.source)} has bits set behind its prefix`,
      "write the network's first address, or a longer prefix",
    );
  }
  return [{ op: "cidr", ...network }];
}

function numberTests(key: Key, value: ScalarNode, refuse: Refuse): Test[] | null {
  const compared = key.chain.find((name): name is Comparison =>
    ["gt", "gte", "lt", "lte"].includes(name),
  );
  const part = key.chain.find((name): name is TimePart => Object.hasOwn(TIME_RANGES, name));
  if (typeof value.value !== "number" || !Number.isFinite(value.value)) {
    return refuse(
      `${part ?? compared} takes no ${quoted(value.source)}`,
      "write a number, unquoted",
    );
  }
  if (part === undefined) return [{ op: "compare", by: compared ?? "eq", value: value.value }];
  const [min, max] = TIME_RANGES[part];
  if (!Number.isInteger(value.value) || value.value < min || value.value > max) {
    return refuse(`there is no ${part} ${value.source}`, `write a number from ${min} to ${max}`);
  }
  return [{ op: "time", part, by: compared ?? "eq", value: value.value }];
}

function regexTests(key: Key, value: ScalarNode, refuse: Refuse): Test[] | null {
  if (value.value === null) return refuse("re takes no null", "write a regular expression");
  const flags: RegexFlags = {
    i: key.chain.includes("i"),
    m: key.chain.includes("m"),
    s: key.chain.includes("s"),
  };
  const own = compileRegex(value.source, flags);
  if (own.find === null) return refuse(own.reason, own.cure);
  // An expression is looked for anywhere in the text, so `contains` changes nothing.
  let source = value.source;
  if (key.chain.includes("startswith")) source = `\\A(?:${source})`;
  if (key.chain.includes("endswith")) source = `(?:${source})\\z`;
  return [{ op: "regex", source, flags }];
}

function fieldrefTests(key: Key, value: ScalarNode, refuse: Refuse): Test[] | null {
  const other = plainText(parsePattern(value.source));
  if (typeof value.value !== "string" || other === null || other === "") {
    return refuse(`${quoted(value.source)} names no field`, "write the other field's name");
  }
  const ways: readonly FieldRefWay[] = ["contains", "startswith", "endswith"];
  const way = ways.find((name) => key.chain.includes(name)) ?? "equals";
  return [{ op: "fieldref", other, way, isCased: key.chain.includes("cased") }];
}

/** Modifiers that need a text because they change its characters. */
const OF_STRINGS = [
  "base64",
  "base64offset",
  "utf16",
  "utf16le",
  "utf16be",
  "wide",
  "windash",
  "expand",
];

function textTests(key: Key, value: ScalarNode, refuse: Refuse): Test[] | null {
  const isCased = key.chain.includes("cased");
  if (value.value === null) {
    if (key.field === null) {
      return refuse("null is no keyword", "name the field that must be empty: field: null");
    }
    const other = key.chain.find((name) => name !== "neq" && name !== "all");
    if (other !== undefined) return refuse(`${other} takes no null`, "write a text");
    return [{ op: "null" }];
  }
  if (typeof value.value !== "string") {
    const changing = key.chain.find((name) => OF_STRINGS.includes(name));
    if (changing !== undefined) {
      return refuse(`${changing} takes no ${quoted(value.source)}`, "quote the value");
    }
  }
  const start: Encoded[] = textsOf(value).map((parts) => ({ parts, isBytes: false }));
  const done = encodedBy(key, start, refuse);
  if (done === null) return null;
  return done.map(({ parts }) => patternTest(parts, isCased));
}

/** A number is met by its canonical text (31 for 0x1f) and, where that differs, by the text as written (1.0). */
function textsOf(value: ScalarNode) {
  if (typeof value.value === "string") return [parsePattern(value.value)];
  const isPrecise =
    typeof value.value !== "number" || Math.abs(value.value) <= Number.MAX_SAFE_INTEGER;
  const texts = isPrecise ? new Set([String(value.value), value.source]) : new Set([value.source]);
  return [...texts].map((text) => [{ is: "text" as const, text }]);
}

/** The values after each step of the chain, in its order. */
function encodedBy(key: Key, start: readonly Encoded[], refuse: Refuse): Encoded[] | null {
  let values = [...start];
  for (const name of key.chain) {
    const next = step(name, values);
    if (next === "wildcard") {
      return refuse(
        `${name} is applied to a wildcard or a placeholder`,
        "escape plain * and ? with a backslash, and write contains behind the encoding",
      );
    }
    if (next === "many") {
      return refuse(
        `there are more than ${EXPANSIONS_MAX} ways to write these dashes`,
        "cut the value into several and join them with contains|all",
      );
    }
    values = next;
  }
  const isPlaced = ["contains", "startswith", "endswith"].some((name) => key.chain.includes(name));
  // A keyword is looked for anywhere in the record's texts.
  if (key.field === null && !isPlaced) {
    values = values.map(({ parts, isBytes }) => ({ parts: anywhere(parts), isBytes }));
  }
  return values;
}

function step(name: string, values: readonly Encoded[]): Encoded[] | "wildcard" | "many" {
  const out: Encoded[] = [];
  for (const value of values) {
    const made = stepOne(name, value);
    if (typeof made === "string") return made;
    out.push(...made);
    if (out.length > EXPANSIONS_MAX) return "many";
  }
  return out;
}

function stepOne(name: string, value: Encoded): readonly Encoded[] | "wildcard" | "many" {
  const { parts, isBytes } = value;
  switch (name) {
    case "contains":
      return [{ parts: anywhere(parts), isBytes }];
    case "startswith":
      return [{ parts: atStart(parts), isBytes }];
    case "endswith":
      return [{ parts: atEnd(parts), isBytes }];
    case "base64": {
      const made = base64(value);
      return made === null ? "wildcard" : [made];
    }
    case "base64offset":
      return base64Offsets(value) ?? "wildcard";
    case "utf16":
    case "utf16le":
    case "utf16be":
    case "wide": {
      if (parts.some((part) => part.is === "placeholder")) return "wildcard";
      return [utf16(value, UTF16[name] ?? "le")];
    }
    case "windash": {
      const ways = windash(parts, EXPANSIONS_MAX);
      return ways === null ? "many" : ways.map((way) => ({ parts: way, isBytes }));
    }
    case "expand":
      return [{ parts: joined(withPlaceholderParts(parts)), isBytes }];
    default:
      return [value];
  }
}
