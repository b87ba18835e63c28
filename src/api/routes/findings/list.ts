/** `GET /api/v1/findings`: what is wrong, worst first. */

import { defineRoute } from "#api/route.ts";
import { findingSummary } from "#api/views/finding.ts";
import { FindingPage, FindingQuery } from "#contract/api/finding.ts";
import { SEVERITIES } from "#contract/finding.ts";
import * as findings from "#store/findings.ts";

export const listFindings = defineRoute({
  method: "GET",
  path: "/api/v1/findings",
  summary: "Findings, worst or newest first",
  auth: "findings:read",
  query: FindingQuery,
  response: FindingPage,

  async handle({ orgId, inOrg }, { query }) {
    const { severityMin, superseded, ...asked } = query;
    const { rows, next } = await inOrg((tx) =>
      findings.list(tx, orgId, {
        ...asked,
        withSuperseded: superseded === "true",
        ...(severityMin && { severityMin: SEVERITIES.indexOf(severityMin) }),
      }),
    );
    return { items: rows.map(findingSummary), next };
  },
});
