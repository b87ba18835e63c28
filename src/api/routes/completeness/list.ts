/** `GET /api/v1/completeness`: whether everything came in, hour by hour. */

import { defineRoute } from "#api/route.ts";
import { HOUR_MS } from "#base/time.ts";
import { instant } from "#contract/api/common.ts";
import { LedgerPage, LedgerQuery } from "#contract/api/completeness.ts";
import * as ledger from "#store/ledger.ts";

/** Hours are kept as counts since 1970; this one stands for records without a time. */
const UNDATED_HOUR = -1;

export const listCompleteness = defineRoute({
  method: "GET",
  path: "/api/v1/completeness",
  summary: "What came in per source, service and hour: new, duplicate, quarantined, late",
  auth: "completeness:read",
  query: LedgerQuery,
  response: LedgerPage,

  async handle({ orgId, readInOrg }, { query: { from, to, ...page } }) {
    const { rows, next } = await readInOrg((tx) =>
      ledger.list(tx, orgId, {
        ...page,
        fromHour: from === undefined ? UNDATED_HOUR : hourOf(from),
        toHour: to === undefined ? Number.MAX_SAFE_INTEGER : hourOf(to),
      }),
    );
    const items = rows.map(({ org_id: _, hour, ...counts }) => ({
      ...counts,
      hour: hour === UNDATED_HOUR ? null : instant(hour * HOUR_MS),
    }));
    return { items, next };
  },
});

function hourOf(at: string): number {
  return Math.floor(Date.parse(at) / HOUR_MS);
}
