/** Robust statistics over small samples: they stay put when a few days are extreme. */

/** Quantile by linear interpolation (R type 7). NaN for an empty sample. */
export function quantile(sorted: readonly number[], q: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = (sorted.length - 1) * q;
  const low = Math.floor(position);
  const lower = sorted[low] ?? Number.NaN;
  const upper = sorted[Math.min(low + 1, sorted.length - 1)] ?? Number.NaN;
  return lower + (upper - lower) * (position - low);
}

/** Middle value of an unsorted sample; NaN for an empty one. */
export function median(values: readonly number[]): number {
  return quantile(ascending(values), 0.5);
}

/** The value at which half of the weight is reached; NaN without weight. Equal weights give the lower of two middle values. */
export function weightedMedian(values: readonly number[], weights: readonly number[]): number {
  const order = values.map((_, index) => index);
  order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let reached = 0;
  for (const index of order) {
    reached += weights[index] ?? 0;
    if (reached >= total / 2) return values[index] ?? Number.NaN;
  }
  return Number.NaN;
}

/** Median absolute deviation from the median, unscaled. NaN for an empty sample. */
export function mad(values: readonly number[]): number {
  const middle = median(values);
  return median(values.map((value) => Math.abs(value - middle)));
}

export function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}
