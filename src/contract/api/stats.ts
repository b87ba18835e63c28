/** The counts of the dashboard. */

import { z } from "zod";

/** Of each value of a dimension, how many: `counts.platform.slack`. */
const Counts = z.record(z.string(), z.record(z.string(), z.int().min(0)));

export const OverviewQuery = z.strictObject({
  days: z.coerce
    .number()
    .int()
    .min(1)
    .max(366)
    .default(30)
    .meta({ description: "How many UTC days the trend goes back, today in it" }),
});

export const Overview = z
  .object({
    /** By platform, kind, level, classification, state and AI; `all` has the one value "". */
    automations: Counts,
    /** Those in force, by severity, attack type, platform, status and detector. */
    findings: Counts,
    /** Findings made on each UTC day; days and severities without any are left out. */
    trend: z.array(
      z.object({
        day: z.iso.date(),
        bySeverity: z.record(z.string(), z.int().min(0)),
      }),
    ),
  })
  .meta({ id: "Overview" });
export type Overview = z.infer<typeof Overview>;
