/** What a correlation asks, ready to be run: the rule's own words are gone, numbers and places in lists remain. */

/** How the counted, summed or averaged figure must stand. All that are given must hold. */
export interface Bounds {
  readonly gt?: number;
  readonly gte?: number;
  readonly lt?: number;
  readonly lte?: number;
  readonly eq?: number;
  readonly neq?: number;
}

/** Which of the rules must occur together; `rule` is a place in the list of the correlation's sources. */
export type Together =
  | { readonly is: "rule"; readonly rule: number }
  | { readonly is: "not"; readonly of: Together }
  | { readonly is: "and" | "or"; readonly of: readonly Together[] };

/** What is measured over the matches of a window. */
export type Measure =
  | { readonly is: "event_count"; readonly bounds: Bounds }
  | { readonly is: "value_count"; readonly bounds: Bounds }
  | { readonly is: "value_sum"; readonly bounds: Bounds }
  | { readonly is: "value_avg"; readonly bounds: Bounds }
  | { readonly is: "value_median"; readonly bounds: Bounds }
  /** `percentile` in percent, 0..100, by linear interpolation between the two nearest ranks. */
  | { readonly is: "value_percentile"; readonly percentile: number; readonly bounds: Bounds }
  /** Matches of different rules near each other. With `bounds`, so many different rules; else as `together` says. */
  | {
      readonly is: "temporal";
      readonly bounds: Bounds | null;
      readonly together: Together | null;
    }
  /** The same, and in the order in which the rules are listed. */
  | {
      readonly is: "temporal_ordered";
      readonly bounds: Bounds | null;
      readonly together: Together | null;
    };

/** Whose matches a correlation reads: those of a rule, or the alerts of another correlation. */
export type Source =
  | { readonly kind: "rule"; readonly id: string }
  | { readonly kind: "correlation"; readonly id: string };

export interface CorrelationPlan {
  readonly id: string;
  readonly measure: Measure;
  readonly sources: readonly Source[];
  /** How long a window is, in milliseconds. Its first and its last match may be exactly so far apart. */
  readonly timespanMs: number;
}

/**
 * Whether a further match can only bring the condition nearer. Then a window slides over the matches, and the condition is met
 * as soon as any window meets it. Where a further match can undo it (fewer than, an average, a rule that must be
 * absent), windows stand side by side, each begins with the first match after the one before, and is judged when it is over.
 */
export function isSliding({ measure }: CorrelationPlan): boolean {
  switch (measure.is) {
    case "event_count":
    case "value_count":
    case "value_sum":
      return isLowerBound(measure.bounds);
    case "temporal":
    case "temporal_ordered":
      return (
        (measure.bounds === null || isLowerBound(measure.bounds)) &&
        (measure.together === null || !hasNot(measure.together))
      );
    default:
      return false;
  }
}

function isLowerBound({ lt, lte, eq, neq }: Bounds): boolean {
  return lt === undefined && lte === undefined && eq === undefined && neq === undefined;
}

function hasNot(together: Together): boolean {
  if (together.is === "rule") return false;
  return together.is === "not" || together.of.some(hasNot);
}

export function holds(value: number, { gt, gte, lt, lte, eq, neq }: Bounds): boolean {
  return (
    (gt === undefined || value > gt) &&
    (gte === undefined || value >= gte) &&
    (lt === undefined || value < lt) &&
    (lte === undefined || value <= lte) &&
    (eq === undefined || value === eq) &&
    (neq === undefined || value !== neq)
  );
}

/** Whether the rules that are present meet what is asked. */
export function isMet(together: Together, isPresent: (rule: number) => boolean): boolean {
  switch (together.is) {
    case "rule":
      return isPresent(together.rule);
    case "not":
      return !isMet(together.of, isPresent);
    case "and":
      return together.of.every((one) => isMet(one, isPresent));
    case "or":
      return together.of.some((one) => isMet(one, isPresent));
  }
}
