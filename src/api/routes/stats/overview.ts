/** `GET /api/v1/stats/overview`: the counts of the dashboard, which the database keeps with every change. */

import { defineRoute } from "#api/route.ts";
import { severityOf } from "#api/views/finding.ts";
import { DAY_MS } from "#base/time.ts";
import { Overview, OverviewQuery } from "#contract/api/stats.ts";
import * as stats from "#store/stats.ts";

export const getOverview = defineRoute({
  method: "GET",
  path: "/api/v1/stats/overview",
  summary: "How many automations and findings there are of each kind, and findings day by day",
  auth: "stats:read",
  query: OverviewQuery,
  response: Overview,

  async handle({ orgId, readInOrg, clock }, { query: { days } }) {
    const today = Math.floor(clock() / DAY_MS);
    return readInOrg(async (tx) => {
      const { severity, ...others } = await stats.overview(tx, orgId, "findings");
      return {
        automations: await stats.overview(tx, orgId, "automations"),
        findings: {
          ...others,
          ...(severity && { severity: bySeverity(Object.entries(severity)) }),
        },
        trend: trendOf(await stats.trend(tx, orgId, today - days + 1, today)),
      };
    });
  },
});

function trendOf(counts: Awaited<ReturnType<typeof stats.trend>>): Overview["trend"] {
  return [...Map.groupBy(counts, ({ day }) => day)].map(([day, of]) => ({
    day: new Date(day * DAY_MS).toISOString().slice(0, 10),
    bySeverity: bySeverity(of.map(({ severity, count }) => [severity, count])),
  }));
}

/** Severities by their names. */
function bySeverity(counts: readonly (readonly [number | string, number])[]) {
  return Object.fromEntries(
    counts.map(([severity, count]) => [severityOf(Number(severity)), count]),
  );
}
