/** Hits and misses, and the ratios that are made of them. A ratio without a denominator is null, never 0 or 1. */

export interface Counts {
  /** Attacked and suspected. */
  readonly tp: number;
  /** Innocent and suspected. */
  readonly fp: number;
  /** Attacked and not suspected. */
  readonly fn: number;
  /** Innocent and not suspected. */
  readonly tn: number;
}

export interface Rates {
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  readonly falsePositiveRate: number | null;
  readonly falseNegativeRate: number | null;
}

/** One thing that was judged, and what it really was. */
export interface Outcome {
  readonly isPositive: boolean;
  readonly isAttack: boolean;
}

/** Every outcome is in exactly one of the four. */
export function countOutcomes(outcomes: Iterable<Outcome>): Counts {
  const counts = { tp: 0, fp: 0, fn: 0, tn: 0 };
  for (const { isPositive, isAttack } of outcomes) {
    if (isAttack) counts[isPositive ? "tp" : "fn"]++;
    else counts[isPositive ? "fp" : "tn"]++;
  }
  return counts;
}

export function ratesOf({ tp, fp, fn, tn }: Counts): Rates {
  return {
    precision: ratio(tp, tp + fp),
    recall: ratio(tp, tp + fn),
    f1: ratio(2 * tp, 2 * tp + fp + fn),
    falsePositiveRate: ratio(fp, fp + tn),
    falseNegativeRate: ratio(fn, fn + tp),
  };
}

export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
