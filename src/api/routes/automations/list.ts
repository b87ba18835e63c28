/** `GET /api/v1/automations`: everything that can act, riskiest first. */

import { defineRoute } from "#api/route.ts";
import { automationSummary } from "#api/views/automation.ts";
import { AutomationPage, AutomationQuery } from "#contract/api/automation.ts";
import * as automations from "#store/automations.ts";

export const listAutomations = defineRoute({
  method: "GET",
  path: "/api/v1/automations",
  summary: "Automations by risk or name, with facets on request",
  auth: "automations:read",
  query: AutomationQuery,
  response: AutomationPage,

  async handle({ orgId, inOrg }, { query }) {
    const { ai, facets, after, limit, sort, ...named } = query;
    const filter = { ...named, ai: ai === "any" ? (true as const) : ai };
    return inOrg(async (tx) => {
      const page = await automations.list(tx, orgId, { ...filter, after, limit, sort });
      return {
        items: page.rows.map(automationSummary),
        next: page.next,
        ...(facets === "true" && { facets: await automations.facets(tx, orgId, filter) }),
      };
    });
  },
});
