/** `GET /readyz`: whether this server can take requests, for load balancers. */

import { defineRoute } from "#api/route.ts";
import { Readiness } from "#contract/api/health.ts";

export const ready = defineRoute({
  method: "GET",
  path: "/readyz",
  summary:
    "Whether requests can be taken: the database answers, and the server is not shutting down",
  auth: "public",
  response: Readiness,

  async handle(deps) {
    return { status: "ready", database: await deps.ready() } as const;
  },
});
