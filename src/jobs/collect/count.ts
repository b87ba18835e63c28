/** What became of the records of an upload: counted for the upload, and for the ledger by service and hour of event time. */

import { z } from "zod";
import { HOUR_MS } from "#base/time.ts";
import type { BatchContent } from "#jobs/scan/read-batch.ts";
import type { LedgerRow } from "#store/ledger.ts";
import type { Upload } from "#store/uploads.ts";

const Count = z.number().int().min(0).default(0);

/** As stored with an upload. Every record is an event record, a state record, or quarantined. */
export const UploadCounts = z.object({
  records: Count,
  /** Events that nobody had sent before. */
  events: Count,
  duplicates: Count,
  /** State records: rows of lists. */
  inventory: Count,
  quarantined: Count,
});
export type UploadCounts = z.infer<typeof UploadCounts>;

export interface CountedBatch {
  readonly content: BatchContent;
  /** Indexes of what is new among its events and facts. */
  readonly newEvents: ReadonlySet<number>;
  readonly newFacts: ReadonlySet<number>;
  /** The latest hour that was known of each service before this batch. */
  readonly reached: ReadonlyMap<string, number>;
}

/** The hour of what has no time. */
const UNDATED_HOUR = -1;
/** The service of what could not be read. */
const UNREAD = "unknown";

export function countsOf({ counts }: Pick<Upload, "counts">): UploadCounts {
  return UploadCounts.parse(JSON.parse(counts));
}

export function addCounts(to: UploadCounts, { content, newEvents }: CountedBatch): UploadCounts {
  return {
    records: to.records + content.records,
    events: to.events + newEvents.size,
    duplicates: to.duplicates + content.events.length - newEvents.size,
    inventory: to.inventory + content.inventoryRecords,
    quarantined: to.quarantined + content.rejects.length,
  };
}

export function servicesOf({ events }: Pick<BatchContent, "events">): string[] {
  return [...new Set(events.map(({ service }) => service))].sort();
}

/**
 * The ledger's rows of a batch. Late is what is new in an hour that its service had left behind already, by what came in
 * before this batch.
 */
export function ledgerRows(
  source: string,
  { content, newEvents, newFacts, reached }: CountedBatch,
): Omit<LedgerRow, "org_id">[] {
  const rows = new Map<string, Omit<Mutable<LedgerRow>, "org_id">>();
  const rowOf = (service: string, hour: number) => {
    const key = `${service}\n${hour}`;
    const row = rows.get(key) ?? { ...NOTHING, source, service, hour };
    rows.set(key, row);
    return row;
  };
  for (const [index, { service, at }] of content.events.entries()) {
    const hour = at === null ? UNDATED_HOUR : Math.floor(at / HOUR_MS);
    const row = rowOf(service, hour);
    row.fetched++;
    if (!newEvents.has(index)) row.duplicate++;
    else {
      row.new++;
      if (at !== null && hour < (reached.get(service) ?? hour)) row.late++;
    }
  }
  for (const [index, { service }] of content.facts.entries()) {
    const row = rowOf(service, UNDATED_HOUR);
    row.fetched++;
    if (newFacts.has(index)) row.new++;
    else row.duplicate++;
  }
  if (content.rejects.length > 0) {
    const row = rowOf(UNREAD, UNDATED_HOUR);
    row.fetched += content.rejects.length;
    row.quarantined += content.rejects.length;
  }
  return [...rows.values()];
}

type Mutable<Row> = { -readonly [Field in keyof Row]: Row[Field] };

const NOTHING = { fetched: 0, new: 0, duplicate: 0, quarantined: 0, late: 0 };
