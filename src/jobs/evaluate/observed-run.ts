/** What one run comes to before it is judged: all that was observed, and the truth about it. */

import type { Label, RosterEntry } from "#contract/label.ts";
import type { EvaluationRun } from "#contract/quality.ts";
import type { Observations } from "#engine/observe.ts";

export interface ObservedRun {
  /** Null where records were read from files. */
  readonly seed: number | null;
  readonly seen: Observations;
  readonly records: EvaluationRun["records"];
  readonly labels: readonly Label[];
  readonly roster: readonly RosterEntry[];
  /** Epoch milliseconds up to which the records reach. */
  readonly lastAt: number;
  readonly days: number;
  /** IANA name of the zone in which the organization works. */
  readonly timeZone: string;
}
