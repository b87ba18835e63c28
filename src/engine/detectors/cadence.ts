/** Whether an actor's records keep time like a machine: the same gap again and again, or the same number every minute. */

import { ascending, median, quantile } from "#base/stats.ts";
import { gapsOf, minutesOf, type Pace } from "#engine/profile/pace.ts";

/** A regular beat. */
export interface Cadence {
  /** Seconds from beat to beat. */
  readonly everySeconds: number;
  readonly beats: number;
}

/**
 * Gaps this close to the middle one are in time. A timer with 10 % jitter has 80 to 99 % of its gaps within it; records that
 * come by chance have 14 %.
 */
const TOLERANCE = 0.2;
const IN_TIME_SHARE = 0.75;
/** A gap of this many slots is measured well enough; with wider slots every busy minute would look like a beat. */
const SLOTS_MIN = 3;
/** Records closer than this belong to one run of a job. */
const RUN_SECONDS = 60;

/** The beat of single records, or of runs of records with silence between them; null where there is none. */
export function cadenceOf(pace: Pace, beatsMin: number): Cadence | null {
  const gaps = gapsOf(pace);
  const floor = pace.width * SLOTS_MIN;
  return beatOf(gaps, floor, beatsMin) ?? beatOf(runGaps(gaps), RUN_SECONDS * 2, beatsMin);
}

function beatOf(gaps: readonly number[], floorSeconds: number, beatsMin: number): Cadence | null {
  if (gaps.length < beatsMin) return null;
  const middle = median(gaps);
  if (middle < floorSeconds) return null;
  const inTime = gaps.filter((gap) => Math.abs(gap - middle) <= middle * TOLERANCE).length;
  return inTime >= gaps.length * IN_TIME_SHARE
    ? { everySeconds: Math.round(middle), beats: gaps.length + 1 }
    : null;
}

/** From the start of one run to the start of the next. */
function runGaps(gaps: readonly number[]): number[] {
  const between: number[] = [];
  let sinceStart = 0;
  for (const gap of gaps) {
    sinceStart += gap;
    if (gap < RUN_SECONDS) continue;
    between.push(sinceStart);
    sinceStart = 0;
  }
  return between;
}

/** An even pace: about as many records in every minute. */
export interface EvenPace {
  readonly minutes: number;
  readonly perMinute: number;
}

/** Records in a minute below which evenness says nothing, since counts are small. */
const PER_MINUTE_MIN = 4;
/**
 * Variance over mean: 1 for records that come by chance, more for what comes in bursts, near 0 for a timer. A timer with
 * jitter stays below 0.3.
 */
const DISPERSION_MAX = 0.3;
/** Minutes without a record that end a stretch. */
const PAUSE_MINUTES = 2;

/** The longest stretch at an even pace; null where none is as long as `minutesMin`. */
export function evenPaceOf(pace: Pace, minutesMin: number): EvenPace | null {
  const stretches: number[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const { minute, records } of minutesOf(pace)) {
    if (minute - last > PAUSE_MINUTES) stretches.push([]);
    stretches.at(-1)?.push(records);
    last = minute;
  }
  let best: EvenPace | null = null;
  for (const stretch of stretches) {
    // The first and the last minute are cut by the start and the end.
    const inner = stretch.slice(1, -1);
    if (inner.length < Math.max(minutesMin, best?.minutes ?? 0)) continue;
    if (isEven(inner)) best = { minutes: inner.length, perMinute: median(inner) };
  }
  return best;
}

/** Robust against a few odd minutes: the middle half spans 1.35 standard deviations of a normal spread. */
function isEven(counts: readonly number[]): boolean {
  const sorted = ascending(counts);
  const middle = quantile(sorted, 0.5);
  if (middle < PER_MINUTE_MIN) return false;
  const sigma = (quantile(sorted, 0.9) - quantile(sorted, 0.1)) / 2.56;
  return sigma ** 2 <= middle * DISPERSION_MAX;
}
