/** `GET /api/v1/automations/:id`: one automation in full. */

import { z } from "zod";
import { notFound } from "#api/problem.ts";
import { defineRoute } from "#api/route.ts";
import { automationInFull } from "#api/views/automation.ts";
import { Automation } from "#contract/api/automation.ts";
import { Id } from "#contract/api/common.ts";
import * as automations from "#store/automations.ts";

export const getAutomation = defineRoute({
  method: "GET",
  path: "/api/v1/automations/:id",
  summary: "One automation: its risk and why, owners, grants, and what it may reach",
  auth: "automations:read",
  params: z.strictObject({ id: Id }),
  response: Automation,

  async handle({ orgId, inOrg }, { params: { id } }) {
    const row = await inOrg((tx) => automations.get(tx, orgId, id));
    if (row === undefined) throw notFound("automation");
    return automationInFull(row);
  },
});
