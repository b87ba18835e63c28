/** The precision-recall curve and the area under it: how well a score ranks, whatever the threshold. */

import type { CurvePoint } from "#contract/quality.ts";

export interface Ranked {
  readonly score: number;
  readonly isAttack: boolean;
}

/**
 * One point for each score that occurs, highest first. Subjects of equal score pass the threshold together, because no
 * threshold tells them apart; so the order in which they are given says nothing. Empty where nothing is attacked.
 */
export function curveOf(ranked: readonly Ranked[]): CurvePoint[] {
  const attacks = ranked.filter(({ isAttack }) => isAttack).length;
  if (attacks === 0) return [];
  const byScore = Map.groupBy(ranked, ({ score }) => score);
  const points: CurvePoint[] = [];
  let tp = 0;
  let passed = 0;
  for (const threshold of [...byScore.keys()].sort((a, b) => b - a)) {
    const equals = byScore.get(threshold) ?? [];
    passed += equals.length;
    tp += equals.filter(({ isAttack }) => isAttack).length;
    points.push({ threshold, precision: tp / passed, recall: tp / attacks });
  }
  return points;
}

/**
 * Average precision: each gain in recall weighed with the precision at which it was had. 1 where every attack ranks above
 * everything innocent; about the share of attacks where the ranking is chance. Null where nothing is attacked. There is no
 * interpolation between points, which would flatter.
 */
export function areaUnder(curve: readonly CurvePoint[]): number | null {
  if (curve.length === 0) return null;
  let area = 0;
  let reached = 0;
  for (const { precision, recall } of curve) {
    area += (recall - reached) * precision;
    reached = recall;
  }
  return area;
}
