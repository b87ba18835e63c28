/** `POST /api/v1/findings/:id/verdicts`: whether a finding was right, which quality is measured by. */

import { z } from "zod";
import { notFound } from "#api/problem.ts";
import { defineRoute } from "#api/route.ts";
import { verdictView } from "#api/views/finding.ts";
import { Id } from "#contract/api/common.ts";
import { FindingVerdict, NewVerdict } from "#contract/api/finding.ts";
import * as consoleAudit from "#store/console-audit.ts";
import * as organizations from "#store/organizations.ts";
import * as verdicts from "#store/verdicts.ts";

export const addVerdict = defineRoute({
  method: "POST",
  path: "/api/v1/findings/:id/verdicts",
  summary: "Say whether a finding was right, and settle it by that",
  auth: "findings:write",
  params: z.strictObject({ id: Id }),
  body: NewVerdict,
  response: FindingVerdict,
  status: 201,

  async handle({ orgId, inOrg, caller, clock, newId }, { params: { id }, body }) {
    const now = clock();
    const made = { org_id: orgId, finding_id: id, id: newId(), by: caller.name, at: now, ...body };
    return inOrg(async (tx) => {
      if (!(await verdicts.add(tx, made))) throw notFound("finding");
      await organizations.touch(tx, orgId);
      await consoleAudit.append(tx, orgId, {
        at: now,
        actor: caller.name,
        action: "finding.judged",
        target: id,
        detail: JSON.stringify({ verdict: body.verdict }),
      });
      return verdictView(made);
    });
  },
});
