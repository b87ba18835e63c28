/** Correlations of rule files, from their text to their alerts: what names mean, and what cannot be run. */

import { describe, expect, it } from "vitest";
import { parseSigma } from "#engine/sigma/parse.ts";
import { textsOf } from "#engine/sigma/values.ts";
import { correlator } from "./correlator.ts";
import { type CorrelationSet, correlationSet, seen } from "./from-rule.ts";

const RULES = `
title: Failed
name: failed
logsource: {product: any}
detection: {a: {action: fail}, condition: a}
---
title: Worked
id: 11111111-2222-4333-8444-555555555555
name: worked
logsource: {product: any}
detection: {a: {action: ok}, condition: a}
`;

function setOf(correlations: string): CorrelationSet {
  const { documents, problems } = parseSigma(`${RULES}---\n${correlations}`);
  expect(problems).toEqual([]);
  return correlationSet(documents, ({ id, title }) => id ?? title);
}

function correlation(title: string, section: string): string {
  return `title: ${title}\nname: ${title}\ncorrelation:\n${section.replace(/^/gm, "  ")}`;
}

const MANY = correlation(
  "many",
  "type: event_count\nrules: [failed]\ngroup-by: [host]\ntimespan: 10m\ncondition: {gte: 2}",
);

interface Row {
  readonly rule: string;
  readonly minute: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

function alertsOf({ plans, lenses }: CorrelationSet, rows: readonly Row[]): string[] {
  const running = correlator<number>(plans);
  for (const [index, { rule, minute, fields }] of rows.entries()) {
    const values = (field: string): readonly string[] => textsOf(fields[field]);
    running.add({
      rule,
      at: minute * 60_000,
      id: `e${index}`,
      of: ({ id }) => {
        const lens = lenses.get(rule)?.find((one) => one.correlation === id);
        return lens === undefined ? null : seen(lens, values);
      },
      tag: index,
    });
  }
  running.finish();
  return running
    .changes()
    .map(({ alert }) => `${alert.correlation} [${alert.group.join(", ")}] ${alert.figure}`);
}

const WORKED = "11111111-2222-4333-8444-555555555555";

describe("what names mean", () => {
  it("rules by name or by id, other correlations by name", () => {
    const { plans } = setOf(
      `${MANY}\n---\n${correlation("then", `type: temporal_ordered\nrules: [many, ${WORKED}]\ngroup-by: [user]\ntimespan: 1h`)}`,
    );
    expect(
      plans.map(({ id, sources }) => [id, ...sources.map((one) => `${one.kind} ${one.id}`)]),
    ).toEqual([
      ["many", "rule Failed"],
      ["then", "correlation many", `rule ${WORKED}`],
    ]);
  });

  it("failures of one user on a host, then a sign-in of that user anywhere", () => {
    const set = setOf(
      `${MANY}\n---\n${correlation("then", "type: temporal_ordered\nrules: [many, worked]\ngroup-by: [user]\ntimespan: 1h")}`,
    );
    const failed = (minute: number, user: string): Row => ({
      rule: "Failed",
      minute,
      fields: { host: "a", user },
    });
    const worked = (minute: number, user: string): Row => ({
      rule: WORKED,
      minute,
      fields: { host: "b", user },
    });
    expect(alertsOf(set, [failed(0, "dana"), failed(1, "dana"), worked(5, "dana")])).toEqual([
      "many [a] 2",
      "then [dana] 2",
    ]);
    expect(alertsOf(set, [failed(0, "dana"), failed(1, "dana"), worked(5, "eli")])).toEqual([
      "many [a] 2",
    ]);
  });

  it("an alias is another field for each rule, also of one further down", () => {
    const set = setOf(
      correlation(
        "met",
        "type: temporal\nrules: [failed, worked]\ngroup-by: [address]\ntimespan: 1h\naliases:\n  address: {failed: source, worked: target}",
      ),
    );
    const rows: Row[] = [
      { rule: "Failed", minute: 0, fields: { source: "192.0.2.1", target: "192.0.2.2" } },
      { rule: WORKED, minute: 1, fields: { source: "192.0.2.9", target: "192.0.2.1" } },
    ];
    expect(alertsOf(set, rows)).toEqual(["met [192.0.2.1] 2"]);
  });

  it("combinations of several fields are counted, and numbers are read out of texts", () => {
    const pairs = setOf(
      correlation(
        "pairs",
        "type: value_count\nrules: [failed]\ngroup-by: [user]\ntimespan: 1h\ncondition: {field: [host, port], gte: 3}",
      ),
    );
    const row = (minute: number, fields: Row["fields"]): Row => ({
      rule: "Failed",
      minute,
      fields,
    });
    expect(
      alertsOf(pairs, [
        row(0, { user: "dana", host: "a", port: 1 }),
        row(1, { user: "dana", host: "a", port: 2 }),
        row(2, { user: "dana", host: "b", port: 1 }),
        row(3, { user: "dana", host: "c" }),
      ]),
    ).toEqual(["pairs [dana] 3"]);
    const bytes = setOf(
      correlation(
        "bytes",
        "type: value_sum\nrules: [failed]\ngroup-by: [user]\ntimespan: 1h\ncondition: {field: size, gt: 10}",
      ),
    );
    expect(
      alertsOf(bytes, [row(0, { user: "dana", size: "7" }), row(1, { user: "dana", size: 4 })]),
    ).toEqual(["bytes [dana] 11"]);
  });
});

describe("what cannot be run is told with its place and its cure", () => {
  it.each([
    [
      "a rule that is nowhere",
      correlation(
        "lost",
        "type: temporal\nrules: [failed, missing]\ngroup-by: [user]\ntimespan: 1h",
      ),
      /"missing", which is in none of the files/,
    ],
    [
      "a circle",
      `${correlation("one", "type: event_count\nrules: [two]\ngroup-by: [user]\ntimespan: 1h\ncondition: {gte: 1}")}\n---\n${correlation("two", "type: event_count\nrules: [one]\ngroup-by: [user]\ntimespan: 1h\ncondition: {gte: 1}")}`,
      /circle/,
    ],
    [
      "a count that no window can hold",
      correlation(
        "huge",
        "type: event_count\nrules: [failed]\ngroup-by: [user]\ntimespan: 1h\ncondition: {gte: 1000001}",
      ),
      /more than 100000/,
    ],
  ])("%s", (_, text, reason) => {
    const { plans, problems } = setOf(text);
    expect(plans).toEqual([]);
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) {
      expect(problem.reason).toMatch(reason);
      expect(problem.line).toBeGreaterThan(10);
      expect(problem.cure).not.toBe("");
    }
  });
});
