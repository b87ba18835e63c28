/** Several judged runs as the one evaluation that the contract describes. */

import { compareText } from "#base/order.ts";
import { type AblationRow, type Evaluation, QUALITY_SCHEMA_VERSION } from "#contract/quality.ts";
import type { Detector } from "#engine/detectors/detector.ts";
import { curveOf } from "#engine/quality/curve.ts";
import { spreadOf, spreadsOf } from "#engine/quality/spread.ts";
import type { JudgedRun, Loss } from "./judge-run.ts";

export function sumUp(
  judged: readonly JudgedRun[],
  settings: Evaluation["settings"],
  detectors: readonly Detector[],
): Evaluation {
  const runs = judged.map(({ run }) => run);
  const losses = judged.flatMap((one) => (one.losses === null ? [] : [one.losses]));
  return {
    schemaVersion: QUALITY_SCHEMA_VERSION,
    settings,
    summary: spreadsOf(runs.map(({ figures }) => figures)),
    curve: curveOf(judged.flatMap(({ ranked }) => ranked)),
    runs,
    ablation: losses.length === 0 ? null : ablationRows(losses, detectors),
  };
}

/** In a run in which a detector found nothing, nothing was lost without it. */
function ablationRows(
  runs: readonly (readonly Loss[])[],
  detectors: readonly Detector[],
): AblationRow[] {
  const rows = detectors.map(({ id, techniques }): AblationRow => {
    const losses = runs.map((run) => run.find(({ detector }) => detector === id) ?? NOTHING);
    return {
      detector: id,
      techniques: [...techniques],
      precision: spreadOf(losses.map(({ precision }) => precision)),
      recall: spreadOf(losses.map(({ recall }) => recall)),
      f1: spreadOf(losses.map(({ f1 }) => f1)),
      auc: spreadOf(losses.map(({ auc }) => auc)),
      caughtAlone: spreadOf(losses.map(({ caughtAlone }) => caughtAlone)),
      falseAlarmsAlone: spreadOf(losses.map(({ falseAlarmsAlone }) => falseAlarmsAlone)),
    };
  });
  const weight = ({ recall, f1 }: AblationRow) =>
    (recall.median ?? 0) * 1_000 + (recall.max ?? 0) * 10 + (f1.median ?? 0);
  return rows.sort((a, b) => weight(b) - weight(a) || compareText(a.detector, b.detector));
}

const NOTHING: Omit<Loss, "detector"> = {
  precision: 0,
  recall: 0,
  f1: 0,
  auc: 0,
  caughtAlone: 0,
  falseAlarmsAlone: 0,
};
