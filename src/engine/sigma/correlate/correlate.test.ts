/** What correlations promise: the figure of every window, in event time, whatever the order in which matches come. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Alert,
  CORRELATOR_DEFAULTS,
  type CorrelatorOptions,
  correlator,
  type Match,
} from "./correlator.ts";
import { type Entry, figureOf, inEventTime } from "./machine.ts";
import { type CorrelationPlan, isSliding, type Measure } from "./plan.ts";

const MINUTE = 60_000;

interface Given {
  readonly rule: string;
  readonly at: number;
  readonly id: string;
  readonly group: string;
  readonly outer: string;
  readonly value: string | number | null;
}

function matchOf(given: Given): Match<string> {
  return {
    rule: given.rule,
    at: given.at,
    id: given.id,
    of: ({ id }) => ({ group: [id === "outer" ? given.outer : given.group], value: given.value }),
    tag: given.id,
  };
}

function plan(
  measure: Measure,
  rules: readonly string[] = ["a"],
  timespanMs = 10 * MINUTE,
): CorrelationPlan {
  return {
    id: "inner",
    measure,
    sources: rules.map((id) => ({ kind: "rule", id })),
    timespanMs,
  };
}

let counter = 0;
function given(rule: string, minute: number, more: Partial<Given> = {}): Given {
  counter++;
  return {
    rule,
    at: minute * MINUTE,
    id: `e${String(counter).padStart(5, "0")}`,
    group: "g",
    outer: "o",
    value: null,
    ...more,
  };
}

/** What stands after everything was told and corrected. */
function alertsOf(
  plans: readonly CorrelationPlan[],
  matches: readonly Given[],
  {
    options = CORRELATOR_DEFAULTS,
    askEvery = Number.POSITIVE_INFINITY,
  }: { readonly options?: CorrelatorOptions; readonly askEvery?: number } = {},
): Alert<string>[] {
  const running = correlator<string>(plans, options);
  const standing = new Map<string, Alert<string>>();
  function ask(): void {
    for (const { is, alert } of running.changes()) {
      const name = `${alert.correlation}|${alert.id}`;
      if (is === "raised") expect(standing.has(name)).toBe(false);
      else expect(standing.has(name)).toBe(true);
      if (is === "withdrawn") standing.delete(name);
      else standing.set(name, alert);
    }
  }
  for (const [index, match] of matches.entries()) {
    running.add(matchOf(match));
    if ((index + 1) % askEvery === 0) ask();
  }
  ask();
  running.finish();
  ask();
  expect(running.state().late).toBe(0);
  return [...standing.values()].sort(
    (a, b) => a.at - b.at || (a.correlation + a.id < b.correlation + b.id ? -1 : 1),
  );
}

function told(alerts: readonly Alert<string>[]): string[] {
  return alerts.map(
    ({ from, at, to, figure }) =>
      `${from / MINUTE}-${to / MINUTE} met at ${at / MINUTE}: ${figure}`,
  );
}

describe("event_count", () => {
  const three = plan({ is: "event_count", bounds: { gte: 3 } });

  it("is met by enough matches within the timespan, the ends included, and by no fewer", () => {
    const [a, b, c] = [given("a", 0), given("a", 5), given("a", 10)];
    expect(told(alertsOf([three], [a, b, c]))).toEqual(["0-10 met at 10: 3"]);
    expect(alertsOf([three], [a, b, { ...c, at: c.at + 1 }])).toEqual([]);
  });

  it("slides: no boundary of an hour or of the first match cuts a burst in two", () => {
    const late = [given("a", 0), given("a", 9), given("a", 11), given("a", 12)];
    expect(told(alertsOf([three], late))).toEqual(["9-12 met at 12: 3"]);
  });

  it("one stretch is one alert, however many matches it has", () => {
    const many = Array.from({ length: 50 }, (_, minute) => given("a", minute));
    const alerts = alertsOf([three], many);
    expect(told(alerts)).toEqual(["0-49 met at 2: 11"]);
    expect(alerts[0]?.matches).toBe(50);
  });

  it("counts each group by itself", () => {
    const two = [given("a", 0), given("a", 1), given("a", 2, { group: "h" })];
    expect(alertsOf([three], two)).toEqual([]);
  });

  it("fewer than so many is judged on the whole window, which begins with its first match", () => {
    const few = plan({ is: "event_count", bounds: { lt: 3 } });
    const matches = [given("a", 0), given("a", 1), given("a", 2), given("a", 20)];
    expect(told(alertsOf([few], matches))).toEqual(["20-20 met at 20: 1"]);
  });
});

describe("value_count, value_sum, value_avg, value_median, value_percentile", () => {
  const values = [1, 1, 2, 9].map((value, minute) => given("a", minute, { value }));

  it.each([
    ["value_count" as const, { gte: 3 }, 3],
    ["value_sum" as const, { gt: 12 }, 13],
    ["value_avg" as const, { eq: 3.25 }, 3.25],
    ["value_median" as const, { eq: 1.5 }, 1.5],
  ])("%s", (is, bounds, figure) => {
    expect(alertsOf([plan({ is, bounds })], values).map((one) => one.figure)).toEqual([figure]);
  });

  it("value_percentile interpolates between the nearest ranks", () => {
    const measure = { is: "value_percentile", percentile: 75, bounds: { gte: 3.75 } } as const;
    expect(alertsOf([plan(measure)], values).map((one) => one.figure)).toEqual([3.75]);
  });

  it("a match without the field counts for nothing", () => {
    const none = [given("a", 0), given("a", 1), given("a", 2)];
    expect(alertsOf([plan({ is: "value_count", bounds: { gte: 1 } })], none)).toEqual([]);
    expect(alertsOf([plan({ is: "value_sum", bounds: { gte: 0 } })], none)).toEqual([]);
    expect(alertsOf([plan({ is: "value_avg", bounds: { lt: 9 } })], none)).toEqual([]);
  });
});

describe("temporal and temporal_ordered", () => {
  const near = plan({ is: "temporal", bounds: null, together: null }, ["a", "b", "c"]);
  const inOrder = plan({ is: "temporal_ordered", bounds: null, together: null }, ["a", "b", "c"]);

  it("all rules, in any order, within the timespan", () => {
    expect(told(alertsOf([near], [given("c", 1), given("a", 4), given("b", 11)]))).toEqual([
      "1-11 met at 11: 3",
    ]);
    expect(alertsOf([near], [given("c", 0), given("a", 4), given("b", 11)])).toEqual([]);
    expect(alertsOf([near], [given("a", 1), given("a", 2), given("b", 3)])).toEqual([]);
  });

  it("in the order of the list only, where order is asked for; equal times are in order", () => {
    expect(alertsOf([inOrder], [given("a", 1), given("b", 2), given("c", 3)])).toHaveLength(1);
    expect(alertsOf([inOrder], [given("a", 1), given("c", 2), given("b", 3)])).toEqual([]);
    expect(alertsOf([inOrder], [given("c", 1), given("b", 1), given("a", 1)])).toHaveLength(1);
  });

  it("a later beginning is taken where the first one is too long ago", () => {
    const matches = [given("a", 0), given("a", 8), given("b", 9), given("c", 15)];
    expect(told(alertsOf([inOrder], matches))).toEqual(["8-15 met at 15: 3"]);
  });

  it("so many of the rules, where a count is asked for", () => {
    const two = plan({ is: "temporal", bounds: { gte: 2 }, together: null }, ["a", "b", "c"]);
    expect(alertsOf([two], [given("a", 0), given("c", 1)])).toHaveLength(1);
    expect(alertsOf([two], [given("a", 0), given("a", 1)])).toEqual([]);
  });

  it("a rule that must be absent is absent from the whole window, later matches included", () => {
    const aNotB = plan(
      {
        is: "temporal",
        bounds: null,
        together: {
          is: "and",
          of: [
            { is: "rule", rule: 0 },
            { is: "not", of: { is: "rule", rule: 1 } },
          ],
        },
      },
      ["a", "b"],
    );
    expect(alertsOf([aNotB], [given("a", 0), given("b", 9)])).toEqual([]);
    expect(alertsOf([aNotB], [given("a", 0), given("b", 11)])).toHaveLength(1);
  });
});

describe("chains of correlations", () => {
  const failures = plan({ is: "event_count", bounds: { gte: 3 } }, ["failed"]);
  const success: CorrelationPlan = {
    id: "outer",
    measure: { is: "temporal_ordered", bounds: null, together: null },
    sources: [
      { kind: "correlation", id: "inner" },
      { kind: "rule", id: "good" },
    ],
    timespanMs: 5 * MINUTE,
  };

  function outer(matches: readonly Given[]): string[] {
    return told(
      alertsOf([success, failures], matches).filter((one) => one.correlation === "outer"),
    );
  }

  it("many failures, then a success", () => {
    const failed = [0, 1, 2].map((minute) => given("failed", minute));
    expect(outer([...failed, given("good", 4)])).toEqual(["2-4 met at 4: 2"]);
    expect(outer([given("good", 0), ...failed])).toEqual([]);
  });

  it("hears of every moment at which the inner one held, not of its beginning alone", () => {
    const hours = Array.from({ length: 200 }, (_, minute) => given("failed", minute));
    expect(outer([...hours, given("good", 200)])).toHaveLength(1);
  });

  it("groups by its own fields: those of the events, whatever the inner one groups by", () => {
    const failed = [0, 1, 2].map((minute) => given("failed", minute, { outer: "dana" }));
    expect(
      outer([...failed, given("good", 4, { outer: "dana", group: "elsewhere" })]),
    ).toHaveLength(1);
    expect(outer([...failed, given("good", 4, { outer: "eli" })])).toEqual([]);
  });

  it("an alert that a late match undoes is taken back above, too", () => {
    const calm = plan({ is: "event_count", bounds: { lt: 3 } }, ["failed"]);
    const any: CorrelationPlan = {
      ...success,
      measure: { is: "event_count", bounds: { gte: 1 } },
      sources: [{ kind: "correlation", id: "inner" }],
    };
    const running = correlator<string>([any, calm], {
      ...CORRELATOR_DEFAULTS,
      latenessMs: 60 * MINUTE,
    });
    for (const one of [given("failed", 0), given("failed", 1)]) running.add(matchOf(one));
    running.finish();
    expect(
      running
        .changes()
        .map(({ is, alert }) => `${is} ${alert.correlation}`)
        .sort(),
    ).toEqual(["raised inner", "raised outer"]);
    running.add(matchOf(given("failed", 0.5)));
    expect(
      running
        .changes()
        .map(({ is, alert }) => `${is} ${alert.correlation}`)
        .sort(),
    ).toEqual(["withdrawn inner", "withdrawn outer"]);
  });

  it("a circle is refused, and so is a source that is not there", () => {
    const a: CorrelationPlan = {
      ...failures,
      id: "a",
      sources: [{ kind: "correlation", id: "b" }],
    };
    const b: CorrelationPlan = {
      ...failures,
      id: "b",
      sources: [{ kind: "correlation", id: "a" }],
    };
    expect(() => correlator([a, b])).toThrow(/circle/);
    expect(() => correlator([a])).toThrow(/no correlation b/);
  });
});

describe("order of arrival", () => {
  const bounds = fc.oneof(
    fc.record({ gte: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ gt: fc.integer({ min: 0, max: 3 }) }),
    fc.record({ lt: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ eq: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ gt: fc.integer({ min: 0, max: 2 }), lte: fc.integer({ min: 1, max: 4 }) }),
  );
  const rule = (index: number) => ({ is: "rule" as const, rule: index });
  const together = fc.constantFrom(
    { is: "and" as const, of: [rule(0), rule(2)] },
    { is: "or" as const, of: [{ is: "and" as const, of: [rule(0), rule(1)] }, rule(2)] },
    { is: "and" as const, of: [rule(1), { is: "not" as const, of: rule(0) }] },
  );
  const measure: fc.Arbitrary<Measure> = fc.oneof(
    fc.record({
      is: fc.constantFrom("event_count", "value_count", "value_sum", "value_avg", "value_median"),
      bounds,
    }),
    fc.record({
      is: fc.constant("value_percentile"),
      percentile: fc.constantFrom(5, 50, 90),
      bounds,
    }),
    fc.record({
      is: fc.constantFrom("temporal", "temporal_ordered"),
      bounds: fc.option(bounds, { nil: null }),
      together: fc.constant(null),
    }),
    fc.record({
      is: fc.constantFrom("temporal", "temporal_ordered"),
      bounds: fc.constant(null),
      together,
    }),
  );
  const matches = fc
    .array(
      fc.record({
        rule: fc.constantFrom("a", "b", "c"),
        minute: fc.integer({ min: 0, max: 40 }),
        group: fc.constantFrom("g", "h"),
        outer: fc.constantFrom("o", "p"),
        value: fc.option(fc.integer({ min: 0, max: 5 }), { nil: null }),
      }),
      { maxLength: 40 },
    )
    .map((rows) =>
      rows.map(
        ({ minute, ...row }, index): Given => ({ ...row, id: `m${index}`, at: minute * MINUTE }),
      ),
    );
  const timespanMs = fc.integer({ min: 0, max: 12 }).map((minutes) => minutes * MINUTE);

  it("sorted, shuffled, late, asked at any time: the same alerts as written down from the definition", () => {
    fc.assert(
      fc.property(
        measure,
        matches,
        timespanMs,
        fc.integer({ min: 1, max: 9 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 8 })),
        (one, rows, span, askEvery, delays) => {
          const asked = plan(one, ["a", "b", "c"], span);
          const wanted = byDefinition(asked, rows);
          const sorted = [...rows].sort((a, b) => a.at - b.at);
          expect(comparable(alertsOf([asked], sorted))).toEqual(wanted);
          expect(comparable(alertsOf([asked], rows, { askEvery }))).toEqual(wanted);
          // Late by at most eight minutes, and no more is remembered than that needs.
          const late = rows
            .map((row) => ({ row, arrival: row.at + (delays.next().value ?? 0) * MINUTE }))
            .sort((a, b) => a.arrival - b.arrival)
            .map(({ row }) => row);
          const options = { ...CORRELATOR_DEFAULTS, latenessMs: 8 * MINUTE, tailMax: askEvery };
          expect(comparable(alertsOf([asked], late, { askEvery, options }))).toEqual(wanted);
        },
      ),
      { numRuns: 1_500 },
    );
  });

  it("chains, too", () => {
    fc.assert(
      fc.property(
        measure,
        measure,
        matches,
        timespanMs,
        fc.integer({ min: 1, max: 9 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 8 })),
        (low, high, rows, span, askEvery, delays) => {
          const outer: CorrelationPlan = {
            id: "outer",
            measure: high,
            sources: [
              { kind: "correlation", id: "inner" },
              { kind: "rule", id: "b" },
              { kind: "rule", id: "c" },
            ],
            timespanMs: 9 * MINUTE,
          };
          const plans = [plan(low, ["a", "b", "c"], span), outer];
          const wanted = comparable(
            alertsOf(
              plans,
              [...rows].sort((a, b) => a.at - b.at),
            ),
          );
          expect(comparable(alertsOf(plans, rows, { askEvery }))).toEqual(wanted);
          const late = rows
            .map((row) => ({ row, arrival: row.at + (delays.next().value ?? 0) * MINUTE }))
            .sort((a, b) => a.arrival - b.arrival)
            .map(({ row }) => row);
          const options = { ...CORRELATOR_DEFAULTS, latenessMs: 8 * MINUTE, tailMax: askEvery };
          expect(comparable(alertsOf(plans, late, { askEvery, options }))).toEqual(wanted);
        },
      ),
      { numRuns: 800 },
    );
  });
});

describe("bounds", () => {
  it("what comes later than allowed is left out, and counted", () => {
    const running = correlator<string>([plan({ is: "event_count", bounds: { gte: 1 } })], {
      ...CORRELATOR_DEFAULTS,
      latenessMs: MINUTE,
    });
    running.add(matchOf(given("a", 10)));
    running.add(matchOf(given("a", 8)));
    running.add(matchOf(given("a", 9)));
    expect(running.state().late).toBe(1);
  });

  it("groups that are over are let go: memory follows what is open, not what was", () => {
    const running = correlator<string>([plan({ is: "event_count", bounds: { gte: 2 } })], {
      ...CORRELATOR_DEFAULTS,
      latenessMs: MINUTE,
    });
    let most = 0;
    for (let minute = 0; minute < 5_000; minute++) {
      running.add(matchOf(given("a", minute, { group: `g${minute}` })));
      if (minute % 10 === 0) running.changes();
      most = Math.max(most, running.state().groups);
    }
    expect(most).toBeLessThan(40);
  });

  it("more groups than there is room for are turned away, and counted", () => {
    const running = correlator<string>([plan({ is: "event_count", bounds: { gte: 1 } })], {
      ...CORRELATOR_DEFAULTS,
      groupsMax: 2,
    });
    for (const group of ["a", "b", "c"]) running.add(matchOf(given("a", 0, { group })));
    expect(running.state()).toMatchObject({ groups: 2, turnedAway: 1 });
  });

  it("a match without the fields that are grouped by belongs to no group, and is counted", () => {
    const running = correlator<string>([plan({ is: "event_count", bounds: { gte: 1 } })]);
    running.add({ ...matchOf(given("a", 0)), of: () => null });
    expect(running.state()).toMatchObject({ groups: 0, ungrouped: 1 });
  });
});

type Comparable = Pick<Alert<string>, "group" | "from" | "at" | "to" | "figure" | "matches">;

function comparable(alerts: readonly (Comparable & { correlation: string })[]): string[] {
  return alerts
    .map(({ correlation, group, from, at, to, figure, matches }) =>
      JSON.stringify([correlation, group, from, at, to, figure, matches]),
    )
    .sort();
}

/** Every window looked at anew, as the definition says. */
function byDefinition(asked: CorrelationPlan, rows: readonly Given[]): string[] {
  const groups = new Map<string, Entry<string>[]>();
  for (const row of rows) {
    const source = asked.sources.findIndex(({ id }) => id === row.rule);
    const entry = { at: row.at, source, id: row.id, value: row.value, keys: null, tag: row.id };
    groups.set(row.group, [...(groups.get(row.group) ?? []), entry]);
  }
  const alerts = [...groups].flatMap(([group, unsorted]) => {
    const entries = unsorted.sort(inEventTime);
    const runs = isSliding(asked) ? slidingRuns(asked, entries) : wholeRuns(asked, entries);
    return runs.map((run) => ({ ...run, correlation: asked.id, group: [group] }));
  });
  return comparable(alerts);
}

function slidingRuns(asked: CorrelationPlan, entries: readonly Entry<string>[]) {
  const runs: { from: number; at: number; to: number; figure: number; matches: number }[] = [];
  let run: (typeof runs)[number] | null = null;
  for (const [index, entry] of entries.entries()) {
    const window = entries
      .slice(0, index + 1)
      .filter(({ at }) => at >= entry.at - asked.timespanMs);
    const figure = figureOf(asked, window);
    if (figure === null) {
      run = null;
      continue;
    }
    if (run === null || run.to < entry.at - asked.timespanMs) {
      const from = window[0]?.at ?? 0;
      run = { from, at: entry.at, to: entry.at, figure, matches: window.length };
      runs.push(run);
    } else {
      run.to = entry.at;
      run.figure = Math.max(run.figure, figure);
      run.matches++;
    }
  }
  return runs;
}

function wholeRuns(asked: CorrelationPlan, entries: readonly Entry<string>[]) {
  const windows: Entry<string>[][] = [];
  for (const entry of entries) {
    const window = windows.at(-1);
    const first = window?.[0];
    if (window === undefined || first === undefined || entry.at > first.at + asked.timespanMs) {
      windows.push([entry]);
    } else window.push(entry);
  }
  return windows.flatMap((window) => {
    const figure = figureOf(asked, window);
    if (figure === null) return [];
    const [from, to] = [window[0]?.at ?? 0, window.at(-1)?.at ?? 0];
    return [{ from, at: to, to, figure, matches: window.length }];
  });
}
