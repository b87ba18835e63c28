/** Judges one run with all detectors, measures it, and, where asked, judges it again without each of them. */

import type { EvaluationRun } from "#contract/quality.ts";
import { type AssessOptions, assess } from "#engine/assess.ts";
import type { Detector } from "#engine/detectors/detector.ts";
import { resolveAliases } from "#engine/inventory/resolve.ts";
import type { Ranked } from "#engine/quality/curve.ts";
import { isAttacked, measure } from "#engine/quality/measure.ts";
import { type Subject, subjectsOf } from "#engine/quality/subjects.ts";
import type { ObservedRun } from "./observed-run.ts";

export interface JudgeOptions {
  readonly detectors: readonly Detector[];
  readonly isAblated: boolean;
  /** Told after each further judging: how many are done, of how many. */
  readonly onAblated?: (done: number, of: number) => void;
}

/** Plain data: it may come from another thread. */
export interface JudgedRun {
  readonly run: EvaluationRun;
  readonly ranked: readonly Ranked[];
  /** Null unless asked for. */
  readonly losses: readonly Loss[] | null;
}

/** What is lost without one detector: the figure with it minus the figure without it, over all subjects. */
export interface Loss {
  readonly detector: string;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  readonly auc: number | null;
  readonly caughtAlone: number;
  readonly falseAlarmsAlone: number;
}

export function judgeRun(observed: ObservedRun, options: JudgeOptions): JudgedRun {
  const { detectors, isAblated } = options;
  const { seed, records } = observed;
  const subjects = judged(observed, detectors);
  const { figures, curve, ranked, missed, falseAlarms } = measured(subjects, observed, detectors);
  return {
    run: {
      seed,
      records,
      figures,
      curve: [...curve],
      missed: [...missed],
      falseAlarms: [...falseAlarms],
    },
    ranked,
    losses: isAblated ? ablate(observed, subjects, options) : null,
  };
}

function judged(observed: ObservedRun, detectors: readonly Detector[]): Subject[] {
  const { seen, labels, roster, lastAt, timeZone } = observed;
  const options: AssessOptions = { orgId: "evaluation", now: lastAt, timeZone, detectors };
  return subjectsOf({
    assessment: assess(seen, options),
    // Who there is, whatever they did.
    observed: resolveAliases({ ...seen, tracks: new Map() }),
    labels,
    roster,
  });
}

function measured(
  subjects: readonly Subject[],
  { labels, roster, days }: ObservedRun,
  detectors: readonly Detector[],
) {
  return measure(subjects, { labels, roster, detectors, days });
}

/** Judges again without each detector. One that found nothing is lost without a trace, and need not be tried. */
function ablate(
  observed: ObservedRun,
  withAll: readonly Subject[],
  { detectors, onAblated = () => {} }: JudgeOptions,
): Loss[] {
  const whole = measured(withAll, observed, detectors).figures.total;
  const spoke = new Set(withAll.flatMap(({ findings }) => findings.map((one) => one.detector)));
  const tried = detectors.filter(({ id }) => spoke.has(id));
  return tried.map(({ id }, index): Loss => {
    const others = detectors.filter((detector) => detector.id !== id);
    const without = judged(observed, others);
    const rest = measured(without, observed, others).figures.total;
    const left = new Set(without.filter(({ isPositive }) => isPositive).map(nameOf));
    const gone = withAll.filter((one) => one.isPositive && !left.has(nameOf(one)));
    onAblated(index + 1, tried.length);
    return {
      detector: id,
      precision: difference(whole.precision, rest.precision),
      recall: difference(whole.recall, rest.recall),
      f1: difference(whole.f1, rest.f1),
      auc: difference(whole.auc, rest.auc),
      caughtAlone: gone.filter(isAttacked).length,
      falseAlarmsAlone: gone.filter((one) => !isAttacked(one)).length,
    };
  });
}

function nameOf({ platform, kind, id }: Subject): string {
  return `${platform}|${kind}|${id}`;
}

function difference(whole: number | null, rest: number | null): number | null {
  return whole === null || rest === null ? null : whole - rest;
}
