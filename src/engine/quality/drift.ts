/** Whether this week's scores and features still look like those of the weeks before. */

import { compareText } from "#base/order.ts";
import { ascending } from "#base/stats.ts";
import { DAY_MS, dayStart, UNDATED } from "#base/time.ts";
import { type Measure, measure } from "#engine/baseline/measure.ts";
import type { Profile } from "#engine/profile/profile.ts";

export interface Timed {
  /** Epoch milliseconds, event time. */
  readonly at: number;
  readonly value: number;
}

export type DriftBand = "stable" | "moderate" | "shifted";

export interface Drift {
  readonly name: string;
  /** Sizes of the two samples. */
  readonly before: number;
  readonly now: number;
  /** Null where one of the samples is empty. */
  readonly psi: number | null;
  readonly band: DriftBand | null;
  readonly ks: { readonly statistic: number; readonly pValue: number } | null;
  readonly isAlert: boolean;
}

export interface DriftOptions {
  /** End of the present window, epoch milliseconds; later values are left out. */
  readonly until: number;
  /** Length of a window. A week holds each weekday once, so weekends never look like drift. */
  readonly windowDays: number;
  /** The present window is held against so many before it. */
  readonly windowsBefore: number;
  /** Both samples need so many values for an alert: with fewer the index is large by chance. */
  readonly sampleMin: number;
  /** A difference that chance makes more often than this is no alert. */
  readonly pValueMax: number;
}

export const DRIFT_DEFAULTS = {
  windowDays: 7,
  windowsBefore: 4,
  sampleMin: 50,
  pValueMax: 0.01,
} as const satisfies Omit<DriftOptions, "until">;

/** This window of a series against the windows before it. */
export function driftOf(
  name: string,
  series: readonly Timed[],
  options: Pick<DriftOptions, "until"> & Partial<DriftOptions>,
): Drift {
  const { until, windowDays, windowsBefore, sampleMin, pValueMax } = {
    ...DRIFT_DEFAULTS,
    ...options,
  };
  const start = until - windowDays * DAY_MS;
  const before = valuesIn(series, start - windowsBefore * windowDays * DAY_MS, start);
  const now = valuesIn(series, start, until);
  const psi = populationStability(before, now);
  const ks = kolmogorovSmirnov(before, now);
  const band = psi === null ? null : bandOf(psi);
  const isEnough = before.length >= sampleMin && now.length >= sampleMin;
  // The index says that the difference is large, the test says that it is no chance: an alert needs both.
  const isAlert = isEnough && band === "shifted" && ks !== null && ks.pValue <= pValueMax;
  return { name, before: before.length, now: now.length, psi, band, ks, isAlert };
}

/** One alert for all series together: those that drifted, most first. Null where none did. */
export function driftAlert(
  drifts: readonly Drift[],
): { readonly drifted: readonly Drift[] } | null {
  const drifted = drifts
    .filter(({ isAlert }) => isAlert)
    .sort((a, b) => (b.psi ?? 0) - (a.psi ?? 0) || compareText(a.name, b.name));
  return drifted.length === 0 ? null : { drifted };
}

/** What automations did each day, by feature; undated days tell nothing of time and are left out. */
export function featureSeries(
  profiles: Iterable<Profile>,
  features: readonly Measure[] = ["events", "bytes", "targets", "people", "ips", "busiest_minute"],
): Map<Measure, Timed[]> {
  const series = new Map<Measure, Timed[]>(features.map((name) => [name, []]));
  for (const profile of profiles) {
    if (profile.day === UNDATED) continue;
    for (const [name, values] of series) {
      values.push({ at: dayStart(profile.day), value: measure(profile, name) });
    }
  }
  return series;
}

function valuesIn(series: readonly Timed[], from: number, to: number): number[] {
  return series.flatMap(({ at, value }) =>
    at >= from && at < to && Number.isFinite(value) ? [value] : [],
  );
}

/** Tenths of the sample before: the usual number of classes. */
const CLASSES = 10;
/** An empty class counts as half a value, so that one value more or less never makes the index infinite. */
const EMPTY = 0.5;

/**
 * Population stability index: sum of (now - before) · ln(now / before) over the shares of each class, which is the
 * Kullback-Leibler divergence made symmetric. Classes are the tenths of the sample before; values that many share fall
 * into one class. Null where a sample is empty.
 */
export function populationStability(
  before: readonly number[],
  now: readonly number[],
): number | null {
  if (before.length === 0 || now.length === 0) return null;
  const edges = edgesOf(before);
  const shareBefore = sharesOf(before, edges);
  const shareNow = sharesOf(now, edges);
  return shareBefore.reduce((sum, share, index) => {
    const other = shareNow[index] ?? share;
    return sum + (other - share) * Math.log(other / share);
  }, 0);
}

/**
 * The usual bands, from credit scoring (N. Siddiqi, Credit Risk Scorecards, Wiley 2006): below 0.1 nothing to see, up to
 * 0.25 worth a look, from there on the population is another one.
 */
export function bandOf(psi: number): DriftBand {
  if (psi < 0.1) return "stable";
  return psi < 0.25 ? "moderate" : "shifted";
}

/** Upper ends of the classes; the last class has none. */
function edgesOf(values: readonly number[]): number[] {
  const sorted = ascending(values);
  const edges = new Set<number>();
  for (let i = 1; i < CLASSES; i++) {
    const edge = sorted[Math.ceil((i * sorted.length) / CLASSES) - 1];
    if (edge !== undefined) edges.add(edge);
  }
  return [...edges];
}

function sharesOf(values: readonly number[], edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (const value of values) {
    const found = edges.findIndex((edge) => value <= edge);
    const index = found < 0 ? edges.length : found;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  const filled = counts.map((count) => Math.max(count, EMPTY));
  const total = filled.reduce((sum, count) => sum + count, 0);
  return filled.map((count) => count / total);
}

/**
 * Two-sample Kolmogorov-Smirnov test: the greatest distance between the two empirical distributions, and how often chance
 * makes one as great. The p-value is the asymptotic one with Stephens' correction for small samples; with many equal values
 * it errs towards no alert. Null where a sample is empty.
 */
export function kolmogorovSmirnov(
  one: readonly number[],
  other: readonly number[],
): { statistic: number; pValue: number } | null {
  if (one.length === 0 || other.length === 0) return null;
  const a = ascending(one);
  const b = ascending(other);
  let i = 0;
  let j = 0;
  let statistic = 0;
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i] ?? 0, b[j] ?? 0);
    // Equal values are stepped over together: between them there is no distance.
    while (i < a.length && a[i] === value) i++;
    while (j < b.length && b[j] === value) j++;
    statistic = Math.max(statistic, Math.abs(i / a.length - j / b.length));
  }
  const root = Math.sqrt((a.length * b.length) / (a.length + b.length));
  return { statistic, pValue: survival((root + 0.12 + 0.11 / root) * statistic) };
}

/** Kolmogorov's distribution: 2 · Σ (-1)^(k-1) · exp(-2 k² x²). */
function survival(x: number): number {
  // Below this the sum needs ever more terms, and the answer is 1 to four digits.
  if (x < 0.3) return 1;
  let sum = 0;
  for (let k = 1; k <= 20; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, Math.max(0, sum));
}
