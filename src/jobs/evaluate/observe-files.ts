/** Exports in files, read by the real scan, beside the truth that somebody wrote down about them. */

import { DAY_MS } from "#base/time.ts";
import { observeSources, type ScanInput, type ScanProgress } from "#jobs/scan.ts";
import type { ObservedRun } from "./observed-run.ts";
import type { Truth } from "./read-truth.ts";

export interface FilesInput extends Omit<ScanInput, "filter" | "orgId"> {
  readonly truth: Truth;
}

export async function observeFiles(
  { truth, timeZone, sources, threads, seed }: FilesInput,
  onProgress: (progress: ScanProgress) => void,
): Promise<ObservedRun> {
  const { seen, tally, lastAt } = await observeSources(
    { onProgress, onQuarantine: () => {} },
    { sources, threads, seed, filter: { since: null, until: null, platforms: null } },
  );
  const records = { read: 0, events: 0, duplicates: 0, unread: 0 };
  let firstAt = lastAt;
  for (const source of tally.sources) {
    records.read += source.records;
    records.events += source.events;
    records.duplicates += source.duplicates;
    records.unread += source.quarantined;
    firstAt = Math.min(firstAt, source.from ?? firstAt);
  }
  const { labels, roster } = truth;
  const days = Math.max(1, Math.ceil((lastAt - firstAt) / DAY_MS));
  return { seed: null, seen, records, labels, roster, lastAt, days, timeZone };
}
