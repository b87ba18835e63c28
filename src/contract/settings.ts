/** What an organization says about itself and about detection: its clocks, its days of rest, its own thresholds. */

import { z } from "zod";

export const WEEKDAYS = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;

const Hour = z.number().int().min(0).max(24);

export const Settings = z.strictObject({
  /** IANA name of the zone in which the organization works. */
  timeZone: z.string().max(64).optional(),
  /** When offices work, on the organization's clocks; what is left out is as usual. */
  calendar: z
    .strictObject({
      workdays: z.array(z.enum(WEEKDAYS)).min(1).max(7).optional(),
      fromHour: Hour.optional(),
      toHour: Hour.optional(),
      /** Local dates. */
      holidays: z.array(z.iso.date()).max(1_000).optional(),
    })
    .optional(),
  /** By detector id: whether it runs, and its thresholds where they differ from the defaults. */
  detectors: z
    .record(
      z.string().max(64),
      z.strictObject({
        isEnabled: z.boolean().optional(),
        options: z.record(z.string().max(64), z.unknown()).optional(),
      }),
    )
    .optional(),
});
export type Settings = z.infer<typeof Settings>;
