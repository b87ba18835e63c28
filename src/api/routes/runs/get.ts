/** `GET /api/v1/runs/:id`: how far a run is. */

import { z } from "zod";
import { notFound } from "#api/problem.ts";
import { defineRoute } from "#api/route.ts";
import { runView } from "#api/views/run.ts";
import { Id } from "#contract/api/common.ts";
import { Run } from "#contract/api/run.ts";
import * as runs from "#store/runs.ts";

export const getRun = defineRoute({
  method: "GET",
  path: "/api/v1/runs/:id",
  summary: "One run with its progress",
  auth: "runs:read",
  params: z.strictObject({ id: Id }),
  response: Run,

  async handle({ orgId, inOrg }, { params: { id } }) {
    const row = await inOrg((tx) => runs.get(tx, orgId, id));
    if (row === undefined) throw notFound("run");
    return runView(row);
  },
});
