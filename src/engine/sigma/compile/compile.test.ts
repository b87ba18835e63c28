/** The compiled and indexed rules answer as the rules read part by part, on anything. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Raw } from "#base/raw.ts";
import { parseSigma } from "#engine/sigma/parse.ts";
import { type Accessor, plainAccessor } from "#engine/sigma/pipelines/path.ts";
import { matches } from "#engine/sigma/reference.ts";
import type { SigmaRule } from "#engine/sigma/rule.ts";
import { literalFinder } from "./aho-corasick.ts";
import { guardOf, literalOf } from "./guard.ts";
import { type RuleSet, ruleSet } from "./rule-set.ts";
import { wildcard } from "./wildcard.ts";

const accessors = new Map<string, Accessor>();

function read(field: string): Accessor {
  let accessor = accessors.get(field);
  if (accessor === undefined) {
    accessor = plainAccessor(field);
    accessors.set(field, accessor);
  }
  return accessor;
}

function rulesOf(yaml: string): SigmaRule[] {
  const { documents, problems } = parseSigma(yaml);
  expect(problems).toEqual([]);
  return documents.filter((one) => one.kind === "rule");
}

function compiled(rules: readonly SigmaRule[]): RuleSet {
  return ruleSet(
    rules.map(({ detection }, index) => ({ index, detections: [detection], read, isRead: null })),
  );
}

function partByPart(rules: readonly SigmaRule[], record: Raw): number[] {
  return rules.flatMap((rule, index) => (matches(rule, record, read) ? [index] : []));
}

/** Few letters, so that values and records meet often; wildcards, backslashes, case and two-unit characters among them. */
const text = fc
  .array(fc.constantFrom("a", "B", "ab", "é", "😀", "1", " ", "-", "/", ".", "\\", "*", "?"), {
    maxLength: 5,
  })
  .map((letters) => letters.join(""));
const scalar = fc.oneof(
  { weight: 6, arbitrary: text },
  fc.constantFrom("ab", "AB", "aab", "10", "2026-03-05T07:08:09Z", "192.0.2.7", "2001:db8::1"),
  fc.constantFrom(0, 1, 10, 1.5, true, false, null),
);
const FIELDS = ["f", "g", "h.i", "h.j"];
const record: fc.Arbitrary<Raw> = fc.record(
  {
    f: fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })),
    g: scalar,
    h: fc.oneof(
      fc.record({ i: scalar, j: fc.array(scalar, { maxLength: 2 }) }, { requiredKeys: [] }),
      fc.array(fc.record({ i: scalar }), { maxLength: 2 }),
      scalar,
    ),
    other: scalar,
  },
  { requiredKeys: [] },
);

const quoted = (value: unknown): string =>
  typeof value === "string" ? JSON.stringify(value) : String(value);
const listed = (values: readonly unknown[]): string => `[${values.map(quoted).join(", ")}]`;

const nonEmpty = text.filter((value) => value !== "");
const item = fc.oneof(
  ...[
    "",
    "|contains",
    "|startswith",
    "|endswith",
    "|cased",
    "|contains|cased",
    "|neq",
    "|windash|contains",
  ].map((modifiers) =>
    fc
      .tuple(fc.constantFrom(...FIELDS), fc.array(nonEmpty, { minLength: 1, maxLength: 4 }))
      .map(([field, values]) => `${field}${modifiers}: ${listed(values)}`),
  ),
  fc
    .tuple(fc.constantFrom(...FIELDS), fc.array(nonEmpty, { minLength: 2, maxLength: 3 }))
    .map(([field, values]) => `${field}|contains|all: ${listed(values)}`),
  fc
    .tuple(fc.constantFrom(...FIELDS), fc.constantFrom("", "ab", 1, 10, true, null))
    .map(([field, value]) => `${field}: ${quoted(value)}`),
  fc
    .tuple(fc.constantFrom(...FIELDS), fc.constantFrom("a+b", "^.b", "[ab]{2}$", "é|😀"))
    .map(([field, source]) => `${field}|re: ${quoted(source)}`),
  fc
    .tuple(
      fc.constantFrom(...FIELDS),
      fc.constantFrom("gt", "gte", "lt", "lte"),
      fc.integer({ min: -1, max: 11 }),
    )
    .map(([field, by, value]) => `${field}|${by}: ${value}`),
  fc.constantFrom(...FIELDS).map((field) => `${field}|cidr: 192.0.2.0/28`),
  fc
    .tuple(fc.constantFrom(...FIELDS), fc.boolean())
    .map(([field, isThere]) => `${field}|exists: ${isThere}`),
  fc
    .tuple(fc.constantFrom(...FIELDS), fc.constantFrom(...FIELDS))
    .map(([field, other]) => `${field}|fieldref: ${other}`),
  fc.constantFrom(...FIELDS).map((field) => `${field}|hour: 7`),
);
const map = fc
  .uniqueArray(item, { minLength: 1, maxLength: 3, selector: (one) => one.split(":")[0] })
  .map((items) => `{${items.join(", ")}}`);
const search = fc.oneof(
  { weight: 4, arbitrary: map },
  fc.array(map, { minLength: 1, maxLength: 3 }).map((maps) => `[${maps.join(", ")}]`),
  fc.array(nonEmpty, { minLength: 1, maxLength: 3 }).map(listed),
);
const condition = fc.constantFrom(
  "a1",
  "a1 and a2",
  "a1 or a2",
  "not a1",
  "a1 and not a2",
  "a1 or not a3",
  "(a1 or a2) and not (a3 and a1)",
  "1 of a*",
  "2 of a*",
  "all of them",
  "not 1 of a*",
);
const rule = fc
  .tuple(search, search, search, condition)
  .map(([one, two, three, asked]) =>
    [
      "title: generated",
      "logsource: {product: any}",
      "detection:",
      `  a1: ${one}`,
      `  a2: ${two}`,
      `  a3: ${three}`,
      `  condition: ${asked}`,
    ].join("\n"),
  );

describe("compiled rules", () => {
  it("answer as the specification read part by part, over 50,000 pairs of generated rules and records", () => {
    let pairs = 0;
    let met = 0;
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: 1, maxLength: 12 }),
        fc.array(record, { minLength: 1, maxLength: 30 }),
        (texts, records) => {
          const rules = texts
            .flatMap((one) => parseSigma(one).documents)
            .filter((one) => one.kind === "rule");
          const set = compiled(rules);
          for (const one of records) {
            const wanted = partByPart(rules, one);
            expect(set.match(one)).toEqual(wanted);
            pairs += rules.length;
            met += wanted.length;
          }
        },
      ),
      { numRuns: 2_000 },
    );
    expect(pairs).toBeGreaterThan(50_000);
    // Generated pairs that hardly ever meet would prove nothing.
    expect(met / pairs).toBeGreaterThan(0.1);
    expect(met / pairs).toBeLessThan(0.9);
  });

  it("ask what several rules ask once", () => {
    const rules = rulesOf(
      ["one", "two", "three"]
        .map(
          (title) =>
            `title: ${title}\nlogsource: {product: any}\ndetection: {a: {f|contains: same}, b: {g: ${title}}, condition: a and b}`,
        )
        .join("\n---\n"),
    );
    expect(compiled(rules).facts.questions).toBe(4);
  });

  it("are not asked where a record holds none of what they need", () => {
    const rules = rulesOf(
      Array.from(
        { length: 500 },
        (_, index) =>
          `title: r${index}\nlogsource: {product: any}\ndetection: {a: {f: value ${index}}, b: {g|contains: x}, condition: a and not b}`,
      ).join("\n---\n"),
    );
    const set = compiled(rules);
    expect(set.facts.alwaysAsked).toBe(0);
    let reads = 0;
    const watched = {
      f: "value 7",
      get g() {
        reads++;
        return "y";
      },
    };
    expect(set.match(watched)).toEqual([7]);
    expect(reads).toBe(1);
  });

  it("with nothing that must be there are always asked, and found", () => {
    const rules = rulesOf(
      "title: t\nlogsource: {product: any}\ndetection: {a: {f: x}, condition: not a}",
    );
    const set = compiled(rules);
    expect(set.facts.alwaysAsked).toBe(1);
    expect(set.match({ f: "y" })).toEqual([0]);
    expect(set.match({ f: "x" })).toEqual([]);
  });

  it("of many thousand literals still find theirs", () => {
    const words = Array.from({ length: 5_000 }, (_, index) => `needle-${index}-in`);
    const rules = rulesOf(
      `title: t\nlogsource: {product: any}\ndetection: {a: {f|contains: ${listed(words)}}, condition: a}`,
    );
    const set = compiled(rules);
    expect(set.match({ f: `a haystack with NEEDLE-4321-IN it` })).toEqual([0]);
    expect(set.match({ f: "a haystack with needle-5000-in it" })).toEqual([]);
  });
});

describe("the index's door", () => {
  it("a rule that matches holds one of its guard's atoms, whatever the rule", () => {
    fc.assert(
      fc.property(rule, fc.array(record, { minLength: 1, maxLength: 20 }), (yaml, records) => {
        const [one] = parseSigma(yaml).documents;
        if (one?.kind !== "rule") return;
        const guard = guardOf([one.detection]);
        if (guard === null) return;
        for (const row of records) {
          if (!matches(one, row, read)) continue;
          expect(
            guard.some((atom) =>
              matches(
                {
                  detection: {
                    searches: new Map([
                      [
                        "a",
                        {
                          is: "item",
                          field: atom.field,
                          written: "",
                          link: "any",
                          isNegated: false,
                          values: [
                            { written: "", position: { line: 1, column: 1 }, anyOf: [atom] },
                          ],
                          position: { line: 1, column: 1 },
                        },
                      ],
                    ]),
                    conditions: [{ is: "name", name: "a" }],
                  },
                },
                row,
                read,
              ),
            ),
          ).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("takes the longest literal of a pattern, and none of an unfilled placeholder", () => {
    const many = { is: "many" } as const;
    const word = (value: string) => ({ is: "text", text: value }) as const;
    expect(literalOf([many, word("ab"), many, word("abcd"), { is: "one" }])).toBe("abcd");
    expect(literalOf([word("abc"), { is: "placeholder", name: "x" }])).toBe("");
  });
});

describe("many literals in one pass", () => {
  it("finds what a search for each one finds", () => {
    const word = fc
      .array(fc.constantFrom("a", "b", "é", "c"), { minLength: 1, maxLength: 4 })
      .map((letters) => letters.join(""));
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { minLength: 1, maxLength: 12 }),
        fc.string({ unit: fc.constantFrom("a", "b", "é", "c", "x"), maxLength: 40 }),
        (words, haystack) => {
          const found = new Set<number>();
          literalFinder(words)?.scan(haystack, (literal) => found.add(literal));
          expect([...found].sort((a, b) => a - b)).toEqual(
            words.flatMap((one, index) => (haystack.includes(one) ? [index] : [])),
          );
        },
      ),
    );
  });
});

describe("wildcards", () => {
  it("no text and no pattern of stars takes more than the product of their lengths", () => {
    const parts = Array.from({ length: 60 }, () => [
      { is: "many" } as const,
      { is: "text", text: "a" } as const,
    ]).flat();
    const isLike = wildcard([...parts, { is: "text", text: "b" }]);
    expect(isLike("a".repeat(100_000))).toBe(false);
    expect(isLike(`${"a".repeat(100)}ab`)).toBe(true);
  });
});
