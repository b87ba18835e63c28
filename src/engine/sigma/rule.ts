/** What a Sigma document says once it is parsed: rules, filters, correlations, and what is wrong with those that are not. */

import type { Atom, Comparison } from "./atom.ts";

/** Both count from 1; columns are UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Why a document, or a part of it, cannot be used. */
export interface Problem extends Position {
  /** Title or id of the rule, where it was readable. */
  readonly rule: string | null;
  /** What is wrong, as a sentence without a full stop. */
  readonly reason: string;
  /** How to mend it, as a sentence without a full stop. */
  readonly cure: string;
}

export const LEVELS = ["informational", "low", "medium", "high", "critical"] as const;
export type Level = (typeof LEVELS)[number];

export const STATUSES = ["stable", "test", "experimental", "deprecated", "unsupported"] as const;
export type Status = (typeof STATUSES)[number];

/** Names are in lower case; a part that is null is not restricted. */
export interface Logsource {
  readonly category: string | null;
  readonly product: string | null;
  readonly service: string | null;
  /** For people; never evaluated. */
  readonly definition: string | null;
}

export interface Related {
  readonly id: string;
  readonly type: string;
}

/** What all three kinds of documents say about themselves. Absent texts are null, absent lists empty. */
export interface Metadata {
  readonly title: string;
  readonly id: string | null;
  /** What correlations and filters may call it by, beside its id. */
  readonly name: string | null;
  readonly status: Status | null;
  readonly level: Level | null;
  readonly description: string | null;
  readonly license: string | null;
  readonly author: string | null;
  /** YYYY-MM-DD */
  readonly date: string | null;
  /** YYYY-MM-DD */
  readonly modified: string | null;
  readonly taxonomy: string;
  readonly references: readonly string[];
  readonly tags: readonly string[];
  readonly falsepositives: readonly string[];
  /** Fields worth showing to an analyst. */
  readonly fields: readonly string[];
  readonly scope: readonly string[];
  readonly related: readonly Related[];
  /** Where the document begins. */
  readonly position: Position;
}

/**
 * One value that a rule wrote. Encodings, dashes and placeholders may make several atoms of it, of which one must be met, also
 * where `all` asks for every value.
 */
export interface WrittenValue {
  readonly written: string;
  readonly position: Position;
  readonly anyOf: readonly Atom[];
}

/**
 * What a search identifier asks.
 *
 * - `all`: every part; a map. `any`: one part at least; a list of maps.
 * - `item`: one `field|modifiers: values`, or keywords where `field` is null. One value must be met, or each with `all`; the
 *   values of an array may meet different ones. `isNegated` (`neq`) turns the whole answer round, so a field that does not
 *   exist differs from every value.
 */
export type Search =
  | { readonly is: "all" | "any"; readonly parts: readonly Search[]; readonly position: Position }
  | {
      readonly is: "item";
      readonly field: string | null;
      /** The key as written, such as `Image|endswith`; empty for plain keywords. */
      readonly written: string;
      readonly link: "any" | "all";
      readonly isNegated: boolean;
      readonly values: readonly WrittenValue[];
      readonly position: Position;
    };

/**
 * A condition with every name looked up. `1 of x*` has become `count` with `atLeast` 1, `all of x*` one with `atLeast` as
 * great as the number of names; the names are in the order of the rule.
 */
export type Condition =
  | { readonly is: "and" | "or"; readonly parts: readonly Condition[] }
  | { readonly is: "not"; readonly part: Condition }
  | { readonly is: "name"; readonly name: string }
  | {
      readonly is: "count";
      readonly written: string;
      readonly atLeast: number;
      readonly names: readonly string[];
    };

export interface Detection {
  /** In the order of the rule. */
  readonly searches: ReadonlyMap<string, Search>;
  /** One of them must be met. Names in them are keys of `searches`. */
  readonly conditions: readonly Condition[];
}

export interface SigmaRule extends Metadata {
  readonly kind: "rule";
  readonly logsource: Logsource;
  readonly detection: Detection;
}

/**
 * Takes matches away from rules: a rule that it applies to matches only where the filter's condition is met too. So a filter
 * says `not selection` to exclude what the selection describes. (It is joined by `and`, as pySigma does.)
 */
export interface SigmaFilter extends Metadata {
  readonly kind: "filter";
  readonly logsource: Logsource;
  /** Ids and names of rules, or `any`: every rule of its logsource. */
  readonly rules: readonly string[] | "any";
  readonly detection: Detection;
}

export const CORRELATION_TYPES = [
  "event_count",
  "value_count",
  "temporal",
  "temporal_ordered",
  "value_sum",
  "value_avg",
  "value_percentile",
  "value_median",
] as const;
export type CorrelationType = (typeof CORRELATION_TYPES)[number];

/** All limits must hold: `gt: 100` with `lte: 200` is a range. Never empty. */
export interface CorrelationLimit {
  readonly by: Comparison;
  readonly value: number;
}

/** What a temporal correlation may ask instead of a number: which of its rules were seen. Names are references of `rules`. */
export type RuleExpression =
  | { readonly is: "and" | "or"; readonly parts: readonly RuleExpression[] }
  | { readonly is: "not"; readonly part: RuleExpression }
  | { readonly is: "rule"; readonly rule: string };

export interface SigmaCorrelation extends Metadata {
  readonly kind: "correlation";
  readonly type: CorrelationType;
  /** Ids or names of rules or other correlations, in order (which counts for `temporal_ordered`). */
  readonly rules: readonly string[];
  /** Fields or aliases whose values must all be the same; empty: everything is one group. */
  readonly groupBy: readonly string[];
  readonly timespanMs: number;
  readonly timespanWritten: string;
  /** Alias -> reference of a rule -> the field it stands for in that rule's events. */
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /**
   * Event count; number of distinct values; number of different rules seen; sum, mean, percentile or median of the values.
   * A temporal correlation without a condition has `gte` the number of its rules.
   */
  readonly limits: readonly CorrelationLimit[];
  /** Extended condition of a temporal correlation; `limits` is empty then. */
  readonly expression: RuleExpression | null;
  /** What is counted or computed with: one field, or for `value_count` several, whose combinations are counted. */
  readonly fields: readonly string[];
  /** 0 to 100, for `value_percentile`; null for every other type. */
  readonly percentile: number | null;
  /** Whether the rules it refers to also speak for themselves. */
  readonly generate: boolean;
}

export type SigmaDocument = SigmaRule | SigmaFilter | SigmaCorrelation;

/** What a file holds. A document with a problem is left out of `documents`. */
export interface SigmaFile {
  readonly documents: readonly SigmaDocument[];
  /** How many documents there were, those with a problem too. */
  readonly read: number;
  readonly problems: readonly Problem[];
}
