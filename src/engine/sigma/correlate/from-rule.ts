/** From the correlations of rule files to plans: names are looked up, aliases become fields, and what cannot be run is told. */

import { digest } from "#base/hash.ts";
import { clip } from "#base/raw.ts";
import { numberIn } from "#engine/sigma/compile/value-test.ts";
import type {
  Problem,
  RuleExpression,
  SigmaCorrelation,
  SigmaDocument,
  SigmaRule,
} from "#engine/sigma/rule.ts";
import { CORRELATOR_DEFAULTS, type Grouped } from "./correlator.ts";
import type { Bounds, CorrelationPlan, Measure, Source, Together } from "./plan.ts";
import { WAYS_MAX, waysOf } from "./together.ts";

/** How a correlation sees the events of one rule. */
export interface Lens {
  readonly correlation: string;
  /** Fields of the event, in the order of the correlation's group-by. */
  readonly groupBy: readonly string[];
  /** Fields of the event whose value, or whose values together, are counted. */
  readonly fields: readonly string[];
  readonly isNumber: boolean;
}

export interface CorrelationSet {
  readonly plans: readonly CorrelationPlan[];
  /** The documents of the plans, by their ids. */
  readonly documents: ReadonlyMap<string, SigmaCorrelation>;
  /** By the key of a rule: every correlation that its events count for, those above others included. */
  readonly lenses: ReadonlyMap<string, readonly Lens[]>;
  readonly problems: readonly Problem[];
}

type Named = SigmaRule | SigmaCorrelation;

/** `keyOf` gives a document the id by which matches and alerts name it. */
export function correlationSet(
  documents: readonly SigmaDocument[],
  keyOf: (document: Named) => string,
): CorrelationSet {
  const named = documents.filter((one): one is Named => one.kind !== "filter");
  const byReference = new Map<string, Named>();
  for (const one of named) {
    if (one.name !== null) byReference.set(one.name, one);
    if (one.id !== null) byReference.set(one.id, one);
  }
  const problems: Problem[] = [];
  const plans = new Map<string, CorrelationPlan>();
  const kept = new Map<string, SigmaCorrelation>();
  for (const one of named) {
    if (one.kind !== "correlation") continue;
    const plan = planOf(one, byReference, keyOf, (reason, cure) =>
      problems.push({ ...one.position, rule: one.title, reason, cure }),
    );
    if (plan === null) continue;
    plans.set(plan.id, plan);
    kept.set(plan.id, one);
  }
  dropBroken(plans, kept, problems);
  return {
    plans: [...plans.values()],
    documents: kept,
    lenses: lensesOf(plans, kept, byReference, keyOf),
    problems,
  };
}

/** What a correlation sees of an event; null where a field that it groups by is not there. */
export function seen(lens: Lens, values: (field: string) => readonly string[]): Grouped | null {
  const group: string[] = [];
  for (const field of lens.groupBy) {
    const found = values(field);
    if (found.length === 0) return null;
    group.push(textOf(found));
  }
  return { group, value: countedOf(lens, values) };
}

function countedOf(
  { fields, isNumber }: Lens,
  values: (field: string) => readonly string[],
): string | number | null {
  const [only] = fields;
  if (only === undefined) return null;
  if (isNumber) {
    const [first] = values(only);
    return first === undefined ? null : numberIn(first);
  }
  const texts = fields.map((field) => textOf(values(field)));
  // Of several fields the combination counts, and one that lacks a part is none.
  return fields.some((field) => values(field).length === 0)
    ? null
    : texts.length === 1
      ? (texts[0] ?? null)
      : JSON.stringify(texts);
}

/** Several values of one field are one value of the event: who was invited together. */
function textOf(values: readonly string[]): string {
  const [first] = values;
  const text =
    values.length === 1 && first !== undefined ? first : JSON.stringify([...values].sort());
  // Kept for every match, so a record must not choose how long it is; the digest still tells one from another.
  return text.length <= TEXT_MAX ? text : `${clip(text, TEXT_MAX)}… ${digest([text], 16)}`;
}

/** Longer than any address, id or path that somebody would group by. */
const TEXT_MAX = 256;

function planOf(
  correlation: SigmaCorrelation,
  byReference: ReadonlyMap<string, Named>,
  keyOf: (document: Named) => string,
  refuse: (reason: string, cure: string) => void,
): CorrelationPlan | null {
  const sources: Source[] = [];
  for (const reference of correlation.rules) {
    const found = byReference.get(reference);
    if (found === undefined) {
      refuse(
        `the correlation reads the rule "${reference}", which is in none of the files`,
        "add the file that holds it, or correct the name or id",
      );
      return null;
    }
    sources.push({ kind: found.kind, id: keyOf(found) });
  }
  const measure = measureOf(correlation);
  if (measure.is === "temporal" || measure.is === "temporal_ordered") {
    if (measure.together !== null && waysOf(measure.together) === null) {
      refuse(
        `the condition can be met in more than ${WAYS_MAX} ways`,
        "split it into several correlations",
      );
      return null;
    }
  } else if (measure.is === "event_count" && most(measure.bounds) > CORRELATOR_DEFAULTS.windowMax) {
    refuse(
      `the condition counts to more than ${CORRELATOR_DEFAULTS.windowMax}`,
      "choose a smaller number and a shorter timespan",
    );
    return null;
  }
  return { id: keyOf(correlation), measure, sources, timespanMs: correlation.timespanMs };
}

function most(bounds: Bounds): number {
  return Math.max(0, ...Object.values(bounds));
}

function measureOf({ type, limits, expression, percentile, rules }: SigmaCorrelation): Measure {
  const bounds: Bounds = Object.fromEntries(limits.map(({ by, value }) => [by, value]));
  switch (type) {
    case "temporal":
    case "temporal_ordered":
      return expression === null
        ? { is: type, bounds, together: null }
        : { is: type, bounds: null, together: togetherOf(expression, rules) };
    case "value_percentile":
      return { is: type, percentile: percentile ?? 50, bounds };
    default:
      return { is: type, bounds };
  }
}

function togetherOf(expression: RuleExpression, rules: readonly string[]): Together {
  switch (expression.is) {
    case "rule":
      return { is: "rule", rule: rules.indexOf(expression.rule) };
    case "not":
      return { is: "not", of: togetherOf(expression.part, rules) };
    case "and":
    case "or":
      return {
        is: expression.is,
        of: expression.parts.map((part) => togetherOf(part, rules)),
      };
  }
}

/** Takes out what reads a correlation that is not there, and circles. */
function dropBroken(
  plans: Map<string, CorrelationPlan>,
  documents: Map<string, SigmaCorrelation>,
  problems: Problem[],
): void {
  const state = new Map<string, "open" | "sound" | "broken">();
  function isSound(id: string): boolean {
    const known = state.get(id);
    if (known !== undefined) return known === "sound";
    const plan = plans.get(id);
    if (plan === undefined) return false;
    state.set(id, "open");
    const broken = plan.sources.find(
      ({ kind, id: source }) => kind === "correlation" && !isSound(source),
    );
    state.set(id, broken === undefined ? "sound" : "broken");
    return broken === undefined;
  }
  for (const id of [...plans.keys()]) {
    if (isSound(id)) continue;
    const document = documents.get(id);
    plans.delete(id);
    documents.delete(id);
    if (document === undefined) continue;
    problems.push({
      ...document.position,
      rule: document.title,
      reason: "the correlation reads itself in a circle, or another one that cannot be run",
      cure: "let correlations read only rules and correlations that stand on their own",
    });
  }
}

function lensesOf(
  plans: ReadonlyMap<string, CorrelationPlan>,
  documents: ReadonlyMap<string, SigmaCorrelation>,
  byReference: ReadonlyMap<string, Named>,
  keyOf: (document: Named) => string,
): Map<string, Lens[]> {
  const lenses = new Map<string, Lens[]>();
  for (const [id, correlation] of documents) {
    if (!plans.has(id)) continue;
    for (const { rule, path } of rulesUnder(correlation, [])) {
      const lens: Lens = {
        correlation: id,
        groupBy: correlation.groupBy.map((name) => fieldOf(name, path, rule)),
        fields:
          path.length === 1 ? correlation.fields.map((name) => fieldOf(name, path, rule)) : [],
        isNumber: correlation.type.startsWith("value_") && correlation.type !== "value_count",
      };
      const key = keyOf(rule);
      const known = lenses.get(key) ?? [];
      // A rule that is reached in two ways is seen as the first says.
      if (!known.some((one) => one.correlation === id)) lenses.set(key, [...known, lens]);
    }
  }
  return lenses;

  /** Every rule whose events reach the correlation, with the correlations that they go through, outermost first. */
  function rulesUnder(
    correlation: SigmaCorrelation,
    above: readonly SigmaCorrelation[],
  ): { rule: SigmaRule; path: readonly SigmaCorrelation[] }[] {
    const path = [...above, correlation];
    return correlation.rules.flatMap((reference) => {
      const found = byReference.get(reference);
      if (found === undefined || above.length > documents.size) return [];
      return found.kind === "rule" ? [{ rule: found, path }] : rulesUnder(found, path);
    });
  }

  /** The event's field behind a name: an alias of the outermost correlation first, then of those on the way to the rule. */
  function fieldOf(name: string, path: readonly SigmaCorrelation[], rule: SigmaRule): string {
    let field = name;
    for (const [depth, correlation] of path.entries()) {
      const below: Named = path[depth + 1] ?? rule;
      const aliases = correlation.aliases.get(field);
      const found = referencesOf(rule)
        .concat(referencesOf(below))
        .map((reference) => aliases?.get(reference))
        .find((one) => one !== undefined);
      field = found ?? field;
    }
    return field;
  }
}

function referencesOf({ id, name }: Named): string[] {
  return [name, id].filter((one) => one !== null);
}
