/** Over which days the logs given show what: an absence means something only where a presence would have been seen. */

import { UNDATED } from "#base/time.ts";
import type { Platform } from "#contract/platform.ts";
import type { Profile } from "#engine/profile/profile.ts";
import { shownBy } from "./calls.ts";

/** UTC days on which a log showed a use by any automation. */
export interface Shown {
  readonly from: number;
  readonly to: number;
  /** On how many days of them. */
  readonly days: number;
}

/** By `area:verb`. */
export type ShownUses = ReadonlyMap<string, Shown>;

/** What the logs of one platform show, from the days of all its automations. */
export function shownUses(platform: Platform, profiles: Iterable<Profile>): ShownUses {
  const days = new Map<string, Set<number>>();
  for (const { day, actions } of profiles) {
    if (day === UNDATED) continue;
    for (const action of actions?.keys() ?? []) {
      for (const use of shownBy(platform, action)) {
        const seen = days.get(use) ?? new Set();
        days.set(use, seen.add(day));
      }
    }
  }
  return new Map(
    [...days].map(([use, seen]) => {
      const sorted = [...seen].sort((a, b) => a - b);
      return [use, { from: sorted[0] ?? 0, to: sorted.at(-1) ?? 0, days: sorted.length }];
    }),
  );
}
