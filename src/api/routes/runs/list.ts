/** `GET /api/v1/runs`: what the server has to do, does and has done. */

import { defineRoute } from "#api/route.ts";
import { runView } from "#api/views/run.ts";
import { RunPage, RunQuery } from "#contract/api/run.ts";
import * as runs from "#store/runs.ts";

export const listRuns = defineRoute({
  method: "GET",
  path: "/api/v1/runs",
  summary: "Runs, newest first",
  auth: "runs:read",
  query: RunQuery,
  response: RunPage,

  async handle({ orgId, inOrg }, { query }) {
    const { rows, next } = await inOrg((tx) => runs.list(tx, orgId, query));
    return { items: rows.map(runView), next };
  },
});
