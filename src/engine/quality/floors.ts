/** Holds measured quality against a baseline: what falls below it, in words. */

import type { QualityBaseline, QualitySpreads, Spread } from "#contract/quality.ts";

/** One sentence for each floor that the medians do not reach. A figure that is not defined reaches no floor. */
export function belowBaseline(summary: QualitySpreads, baseline: QualityBaseline): string[] {
  const { automations, total } = baseline;
  return [
    atLeast("precision of automations", summary.automations.precision, automations.precisionMin),
    atLeast("recall of automations", summary.automations.recall, automations.recallMin),
    atLeast("area under the curve of automations", summary.automations.auc, automations.aucMin),
    atMost(
      "false-positive rate of automations",
      summary.automations.falsePositiveRate,
      automations.falsePositiveRateMax,
    ),
    atLeast("precision in total", summary.total.precision, total.precisionMin),
    atLeast("recall in total", summary.total.recall, total.recallMin),
    atMost(
      "false alerts per 1,000 automations a day",
      summary.alerts.falsePerThousandPerDay,
      baseline.falseAlertsPerThousandPerDayMax,
    ),
  ].flat();
}

function atLeast(what: string, { median }: Spread, floor: number): string[] {
  if (median !== null && median >= floor) return [];
  return [`${what} is ${written(median)}, and the baseline asks for at least ${floor}`];
}

function atMost(what: string, { median }: Spread, ceiling: number): string[] {
  if (median !== null && median <= ceiling) return [];
  return [`${what} is ${written(median)}, and the baseline allows at most ${ceiling}`];
}

function written(figure: number | null): string {
  return figure === null ? "not defined" : figure.toFixed(3);
}
