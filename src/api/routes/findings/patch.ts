/** `PATCH /api/v1/findings/:id`: what an analyst makes of a finding. */

import { z } from "zod";
import { notFound } from "#api/problem.ts";
import { defineRoute } from "#api/route.ts";
import { findingSummary } from "#api/views/finding.ts";
import { Id } from "#contract/api/common.ts";
import { FindingPatch, FindingSummary } from "#contract/api/finding.ts";
import * as consoleAudit from "#store/console-audit.ts";
import * as findings from "#store/findings.ts";
import * as organizations from "#store/organizations.ts";

export const patchFinding = defineRoute({
  method: "PATCH",
  path: "/api/v1/findings/:id",
  summary: "Change status or assignee of a finding",
  auth: "findings:write",
  params: z.strictObject({ id: Id }),
  body: FindingPatch,
  response: FindingSummary,

  async handle({ orgId, inOrg, caller, clock }, { params: { id }, body: { status, assignee } }) {
    const now = clock();
    const said = {
      ...(status !== undefined && { status }),
      ...(assignee !== undefined && { assignee }),
    };
    return inOrg(async (tx) => {
      const row = await findings.patch(tx, orgId, id, said, now);
      if (row === undefined) throw notFound("finding");
      await organizations.touch(tx, orgId);
      await consoleAudit.append(tx, orgId, {
        at: now,
        actor: caller.name,
        action: "finding.changed",
        target: id,
        detail: JSON.stringify(said),
      });
      return findingSummary(row);
    });
  },
});
