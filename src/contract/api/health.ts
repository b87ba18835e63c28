/** Whether a server lives, and whether it can take requests. */

import { z } from "zod";

export const Health = z.object({ status: z.literal("ok") }).meta({ id: "Health" });

export const Readiness = z
  .object({
    status: z.literal("ready"),
    database: z.object({ latencyMs: z.number().min(0) }),
  })
  .meta({ id: "Readiness" });
