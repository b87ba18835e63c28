/** Robust summaries of samples of days: a few extreme days do not move them. */

import { ascending, mad, median, quantile, weightedMedian } from "#base/stats.ts";

/** A robust summary of a sample of days. All NaN where `days` is 0. */
export interface Normal {
  readonly days: number;
  readonly median: number;
  /** Median absolute deviation, unscaled. */
  readonly mad: number;
  readonly p95: number;
  readonly max: number;
}

export const NO_NORMAL: Normal = {
  days: 0,
  median: Number.NaN,
  mad: Number.NaN,
  p95: Number.NaN,
  max: Number.NaN,
};

/** `weights`, where given, let newer days count more in median and deviation; extremes count whole. */
export function normalOf(
  values: readonly number[],
  weights: readonly number[] | null = null,
): Normal {
  if (values.length === 0) return NO_NORMAL;
  const sorted = ascending(values);
  const middle = weights === null ? median(values) : weightedMedian(values, weights);
  const spread =
    weights === null
      ? mad(values)
      : weightedMedian(
          values.map((value) => Math.abs(value - middle)),
          weights,
        );
  return {
    days: values.length,
    median: middle,
    mad: spread,
    p95: quantile(sorted, 0.95),
    max: sorted.at(-1) ?? Number.NaN,
  };
}

/** How many robust standard deviations `value` lies above normal; MAD × 1.4826 estimates sigma (Rousseeuw & Croux 1993). */
export function robustZ(normal: Normal, value: number): number {
  if (normal.days === 0) return Number.NaN;
  // A floor of one keeps a perfectly steady history from turning one more action into infinity.
  const sigma = Math.max(1.4826 * normal.mad, Math.sqrt(Math.max(normal.median, 1)), 1);
  return (value - normal.median) / sigma;
}
