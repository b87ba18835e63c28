/** A simulated company's records on the way of every scan: recognised by content, normalised, counted once, folded. */

import type { Raw } from "#base/raw.ts";
import { SeenSet } from "#base/seen-set.ts";
import type { Label, RosterEntry } from "#contract/label.ts";
import { newObservations, observe, observeState } from "#engine/observe.ts";
import { type BatchContent, readRecords } from "#jobs/scan/read-batch.ts";
import type { ObservedRun } from "./observed-run.ts";

/** A simulation, as far as its records are read. What it says of a record beside the record itself is not looked at. */
export interface World {
  readonly company: { readonly timeZone: string };
  readonly days: readonly unknown[];
  readonly labels: readonly Label[];
  readonly roster: readonly RosterEntry[];
  readonly state: readonly { readonly key: string; readonly rows: readonly Raw[] }[];
  emissions(): Iterable<readonly { readonly record: Raw }[]>;
}

const EVERYTHING = { filter: { since: null, until: null, platforms: null }, matcher: null };

/** Records read at a time: so few that their events are gone before the collector has to keep them. */
const CHUNK = 1_000;

/** Observes a world from its first day to its last, then its lists. `onDay` is told how many days are done. */
export function observeWorld(
  world: World,
  seed: number,
  onDay: (days: number) => void = () => {},
): ObservedRun {
  const seen = newObservations();
  const filter = new SeenSet();
  const records = { read: 0, events: 0, duplicates: 0, unread: 0 };
  let lastAt = 0;
  function fold(content: BatchContent): void {
    for (const [index, event] of content.events.entries()) {
      const [high = 0, low = 0] = content.keys.subarray(index * 2, index * 2 + 2);
      if (filter.add(high, low)) {
        records.events++;
        observe(seen, event);
      } else records.duplicates++;
    }
    for (const fact of content.facts) observeState(seen, fact);
    records.read += content.records;
    records.unread += content.rejects.length;
    lastAt = Math.max(lastAt, content.to ?? 0);
  }
  let days = 0;
  for (const batch of world.emissions()) {
    for (let from = 0; from < batch.length; from += CHUNK) {
      const raws = batch.slice(from, from + CHUNK).map(({ record }) => record);
      fold(readRecords(raws, { key: null, ...EVERYTHING, seed }));
    }
    onDay(++days);
  }
  for (const { key, rows } of world.state) {
    fold(readRecords(rows, { key, ...EVERYTHING, seed }));
  }
  const { labels, roster, company } = world;
  return {
    seed,
    seen,
    records,
    labels,
    roster,
    lastAt,
    days: world.days.length,
    timeZone: company.timeZone,
  };
}
