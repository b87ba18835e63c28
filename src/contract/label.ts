/** Labels: the truth about a simulated or recorded company, one line a scenario, kept apart from its records. */

import { z } from "zod";
import { AttackType, TechniqueId } from "./finding.ts";
import { Platform } from "./platform.ts";

/** Whom a label is about: an automation by native id, or a person by e-mail address where no automation acts. */
export const LabelSubject = z.object({
  platform: Platform,
  automation: z.string().max(512).nullable(),
  principal: z.string().max(512).nullable(),
});
export type LabelSubject = z.infer<typeof LabelSubject>;

export const Label = z.object({
  scenario: z.string().min(1).max(128),
  title: z.string().max(512),
  /** Null for a benign look-alike. */
  attackType: AttackType.nullable(),
  techniques: z.array(TechniqueId).max(76).readonly(),
  platform: Platform,
  subjects: z.array(LabelSubject).max(10_000).readonly(),
  /** First and last record that is part of it. */
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
  /** 0 blatant .. 1 stealthy. */
  stealth: z.number().min(0).max(1),
});
export type Label = z.infer<typeof Label>;

/** One automation that the company really has: one line of a roster file. */
export const RosterEntry = z.object({ platform: Platform, nativeId: z.string().min(1).max(512) });
export type RosterEntry = z.infer<typeof RosterEntry>;
