/** Stretches of days on which an amount stays above what it was before: a step up, told from spikes and from growth. */

import { ascending, median, quantile } from "#base/stats.ts";

export interface StretchLimits {
  readonly daysMin: number;
  readonly calmDaysMin: number;
  readonly timesMin: number;
  /** Beyond the calm level, over the stretch and on each day. */
  readonly excessMin: number;
  readonly perDayMin: number;
}

export interface Stretch {
  /** First raised day, and the day on which the claim was ripe. Later days change neither. */
  readonly from: number;
  readonly to: number;
  /** Raised days between them. */
  readonly days: number;
  /** Raised days in all, those after the claim was ripe included. */
  readonly lasted: number;
  readonly amount: number;
  /** The calm level before, and how many days it was learnt from. */
  readonly level: number;
  readonly calmDays: number;
  /** The middle raised day against the calm level. */
  readonly times: number;
}

/** Calm days that say what the level is: newer ones only, so that it follows growth. */
const LEVEL_DAYS = 20;
/** Days below the threshold that a stretch survives: weekends, and a cautious thief's pauses. */
const PAUSES_MAX = 3;
/** After so many raised days the new level is what is usual. */
const SETTLED_DAYS = 14;

interface Run {
  readonly from: number;
  readonly level: number;
  readonly calmDays: number;
  readonly values: number[];
  excess: number;
  pauses: number;
  /** Where among the stretches found this one stands; null before it is ripe. */
  place: number | null;
}

/**
 * One pass in the order of the days, so that what was found by a day is never changed by later ones. Raised days are not
 * learnt, so that a slow attack does not become its own baseline.
 */
export function stretchesOf(
  amounts: ReadonlyMap<number, number>,
  limits: StretchLimits,
): Stretch[] {
  const found: Stretch[] = [];
  let calm: number[] = [];
  let calmDays = 0;
  let run: Run | null = null;
  for (const day of ascending([...amounts.keys()])) {
    const value = amounts.get(day) ?? 0;
    const isRaised = calmDays >= limits.calmDaysMin && value >= thresholdOf(calm, limits);
    if (!isRaised) {
      calm = [...calm, value].slice(-LEVEL_DAYS);
      calmDays++;
      if (run !== null && ++run.pauses > PAUSES_MAX) run = null;
      continue;
    }
    run ??= {
      from: day,
      level: levelOf(calm),
      calmDays,
      values: [],
      excess: 0,
      pauses: 0,
      place: null,
    };
    run.pauses = 0;
    run.values.push(value);
    run.excess += value - run.level;
    const told: Stretch | undefined = run.place === null ? undefined : found[run.place];
    if (run.place !== null && told !== undefined) {
      found[run.place] = { ...told, lasted: run.values.length };
    } else if (run.values.length >= limits.daysMin && run.excess >= limits.excessMin) {
      run.place = found.length;
      found.push(stretchOf(run, day));
    }
    if (run.values.length < SETTLED_DAYS) continue;
    calm = run.values.slice(-LEVEL_DAYS);
    run = null;
  }
  return found;
}

/** What works on some days only is held against those. */
function levelOf(calm: readonly number[]): number {
  const working = calm.filter((value) => value > 0);
  return working.length < 2 ? median(calm) : Math.max(median(calm), median(working));
}

/** Beyond a multiple of the calm level, beyond its own ups and downs, and by more than a trifle. */
function thresholdOf(calm: readonly number[], { timesMin, perDayMin }: StretchLimits): number {
  const sorted = ascending(calm);
  const middle = quantile(sorted, 0.5);
  const fence = quantile(sorted, 0.75) + 1.5 * (quantile(sorted, 0.75) - quantile(sorted, 0.25));
  return Math.max(Math.max(middle, 1) * timesMin, fence, quantile(sorted, 0.9), middle + perDayMin);
}

function stretchOf({ from, level, calmDays, values }: Run, to: number): Stretch {
  return {
    from,
    to,
    days: values.length,
    lasted: values.length,
    amount: values.reduce((sum, value) => sum + value, 0),
    level,
    calmDays,
    times: median(values) / Math.max(level, 1),
  };
}
