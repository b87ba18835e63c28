/** `GET /api/v1/findings/:id`: one finding in full. */

import { z } from "zod";
import { notFound } from "#api/problem.ts";
import { defineRoute } from "#api/route.ts";
import { findingInFull } from "#api/views/finding.ts";
import { Id } from "#contract/api/common.ts";
import { Finding } from "#contract/api/finding.ts";
import * as findings from "#store/findings.ts";
import * as verdicts from "#store/verdicts.ts";

export const getFinding = defineRoute({
  method: "GET",
  path: "/api/v1/findings/:id",
  summary: "One finding with its evidence and verdicts",
  auth: "findings:read",
  params: z.strictObject({ id: Id }),
  response: Finding,

  async handle({ orgId, inOrg }, { params: { id } }) {
    return inOrg(async (tx) => {
      const row = await findings.get(tx, orgId, id);
      if (row === undefined) throw notFound("finding");
      const { rows } = await verdicts.list(tx, orgId, { findingId: id, limit: 50 });
      return findingInFull(row, rows);
    });
  },
});
