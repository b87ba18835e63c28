/** False-positive and false-negative rates over fixed windows of time, from what people found out about alarms. */

import { DAY_MS } from "#base/time.ts";
import { type Counts, countOutcomes, type Outcome, type Rates, ratesOf } from "./counts.ts";
import { currentVerdicts, type Verdict } from "./verdict.ts";

/** What somebody found out: about an alarm, or about something on which there was none. */
export interface Discovery extends Outcome {
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface WindowRates extends Counts, Rates {
  readonly from: number;
  readonly to: number;
}

export interface WindowOptions {
  /** End of the last window, epoch milliseconds. */
  readonly until: number;
  readonly windowDays: number;
  readonly windows: number;
}

/**
 * Rates of each window, earliest first; windows are half open and lie end to end, so every discovery counts once. A rate
 * without a denominator is null: a week without verdicts has no rate, and not a good one.
 */
export function errorRates(
  discoveries: readonly Discovery[],
  { until, windowDays, windows }: WindowOptions,
): WindowRates[] {
  const lengthMs = windowDays * DAY_MS;
  return Array.from({ length: windows }, (_, index): WindowRates => {
    const to = until - (windows - 1 - index) * lengthMs;
    const from = to - lengthMs;
    const counts = countOutcomes(discoveries.filter(({ at }) => at >= from && at < to));
    return { from, to, ...counts, ...ratesOf(counts) };
  });
}

/**
 * Verdicts as discoveries. All are about alarms; misses, and what was rightly left alone, come to light by other ways and
 * are added to these.
 */
export function discoveriesOf(verdicts: readonly Verdict[]): Discovery[] {
  return currentVerdicts(verdicts).map(({ at, verdict }) => ({
    at,
    isPositive: true,
    isAttack: verdict === "true_positive",
  }));
}
