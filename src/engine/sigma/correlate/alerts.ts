/** What the correlations of rule files say of everything that was read: the matches that were kept, judged in event time. */

import { compareText } from "#base/order.ts";
import { type Alert, correlator } from "./correlator.ts";
import { KEPT_MAX, type Kept, type KeptMatch, keptOf } from "./kept.ts";
import type { CorrelationPlan } from "./plan.ts";

/** Matches that correlations could not take into account. */
export interface LeftOut {
  /** More than are kept of one rule: its earliest. */
  readonly cut: number;
  readonly undated: number;
  /** Counted for each correlation that groups by a field which the event does not have. */
  readonly ungrouped: number;
  /** They would have opened more groups at a time than there may be. */
  readonly turnedAway: number;
}

export interface Correlated {
  /** By the time at which the condition was first met, ties by id. */
  readonly alerts: readonly Alert<KeptMatch>[];
  readonly leftOut: LeftOut;
}

/** Judges all matches at once, as late as they may have come: none is too late any more. */
export function alertsOf(kept: Kept, plans: readonly CorrelationPlan[]): Correlated {
  const leftOut = { cut: 0, undated: 0, ungrouped: 0, turnedAway: 0 };
  const matches: { rule: string; match: KeptMatch }[] = [];
  for (const [rule, held] of kept) {
    leftOut.cut += Math.max(0, held.count - KEPT_MAX);
    leftOut.undated += held.undated;
    leftOut.ungrouped += held.ungrouped;
    for (const match of keptOf(held)) matches.push({ rule, match });
  }
  matches.sort(
    (a, b) =>
      a.match.at - b.match.at || compareText(a.match.id, b.match.id) || compareText(a.rule, b.rule),
  );
  const running = correlator<KeptMatch>(plans);
  for (const { rule, match } of matches) {
    running.add({
      rule,
      at: match.at,
      id: match.id,
      of: ({ id }) => match.seen.find(({ correlation }) => correlation === id)?.grouped ?? null,
      tag: match,
    });
  }
  running.finish();
  const alerts = running
    .changes()
    .flatMap((change) => (change.is === "withdrawn" ? [] : [change.alert]));
  return { alerts, leftOut: { ...leftOut, turnedAway: running.state().turnedAway } };
}
