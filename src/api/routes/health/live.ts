/** `GET /healthz`: whether this process lives. It asks nobody, so that an outage of the database restarts no server. */

import { defineRoute } from "#api/route.ts";
import { Health } from "#contract/api/health.ts";

export const live = defineRoute({
  method: "GET",
  path: "/healthz",
  summary: "Whether the process lives",
  auth: "public",
  response: Health,

  async handle() {
    return { status: "ok" } as const;
  },
});
