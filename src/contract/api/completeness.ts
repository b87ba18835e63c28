/** The completeness ledger as the API gives it: what came in, per source, service and hour of event time. */

import { z } from "zod";
import { Instant, PageQuery, pageOf } from "./common.ts";

const Count = z.int().min(0);

export const LedgerEntry = z
  .object({
    /** The connection or the upload. */
    source: z.string(),
    service: z.string(),
    /** The beginning of the hour; null for records without a time. */
    hour: Instant.nullable(),
    fetched: Count,
    new: Count,
    duplicate: Count,
    quarantined: Count,
    late: Count,
  })
  .meta({ id: "LedgerEntry" });
export type LedgerEntry = z.infer<typeof LedgerEntry>;

export const LedgerPage = pageOf(LedgerEntry);

export const LedgerQuery = PageQuery.extend({
  from: Instant.optional().meta({ description: "Absent: from the beginning, undated ones first" }),
  to: Instant.optional().meta({ description: "Absent: to the end" }),
});
