/** What was read from each source, kept so that every record is accounted for. */

import { compareText } from "#base/order.ts";
import { iso } from "#base/time.ts";
import { Platform } from "#contract/platform.ts";
import type { ReportQuarantine, ReportSource } from "#contract/report.ts";
import type { Source } from "#kit/reading/sources.ts";
import type { BatchSummary } from "./lane.ts";

/** The report carries this many rows of the quarantine; the quarantine file carries all. */
export const QUARANTINE_SHOWN_MAX = 1_000;

interface SourceTally {
  records: number;
  events: number;
  duplicates: number;
  inventory: number;
  outside: number;
  quarantined: number;
  readonly services: Map<string, number>;
  from: number | null;
  to: number | null;
}

export interface Tally {
  readonly sources: SourceTally[];
  readonly quarantine: ReportQuarantine[];
}

export function newTally(sources: readonly Source[]): Tally {
  return {
    sources: sources.map(() => ({
      records: 0,
      events: 0,
      duplicates: 0,
      inventory: 0,
      outside: 0,
      quarantined: 0,
      services: new Map(),
      from: null,
      to: null,
    })),
    quarantine: [],
  };
}

/** Books one batch; gives back the quarantine rows that it added. */
export function book(
  tally: Tally,
  index: number,
  path: string,
  summary: BatchSummary,
  newEvents: number,
): ReportQuarantine[] {
  const source = tally.sources[index];
  if (source === undefined) return [];
  source.records += summary.records;
  source.events += newEvents;
  source.duplicates += summary.events - newEvents;
  source.inventory += summary.inventoryRecords;
  source.outside += summary.outside;
  source.quarantined += summary.rejects.length;
  for (const [service, count] of summary.services) {
    source.services.set(service, (source.services.get(service) ?? 0) + count);
  }
  if (summary.from !== null) source.from = Math.min(source.from ?? summary.from, summary.from);
  if (summary.to !== null) source.to = Math.max(source.to ?? summary.to, summary.to);
  const rows = summary.rejects.map(({ line, reason }) => ({ path, line, reason }));
  const room = QUARANTINE_SHOWN_MAX - tally.quarantine.length;
  tally.quarantine.push(...rows.slice(0, Math.max(room, 0)));
  return rows;
}

/** The report's row of one source; `shape` is what the container turned out to be. */
export function sourceRow(source: Source, shape: string, tally: SourceTally): ReportSource {
  const { records, events, duplicates, inventory, outside, quarantined } = tally;
  const main = mainService(tally.services);
  return {
    path: source.path,
    container: `${shape}${source.packing}`,
    platform: main === null ? null : Platform.parse(main.platform),
    service: main?.service ?? null,
    records,
    events,
    duplicates,
    inventory,
    outside,
    quarantined,
    from: iso(tally.from),
    to: iso(tally.to),
  };
}

function mainService(
  services: ReadonlyMap<string, number>,
): { platform: string; service: string } | null {
  const [first] = [...services].sort(([a, n], [b, m]) => m - n || compareText(a, b));
  if (first === undefined) return null;
  const [platform = "", service = ""] = first[0].split(" ");
  return { platform, service };
}
