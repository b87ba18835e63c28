/** Automations as the API asks for them and gives them. */

import { z } from "zod";
import { AutomationKind } from "#contract/automation.ts";
import { Classification, Severity } from "#contract/finding.ts";
import { Platform } from "#contract/platform.ts";
import { AiIdentity, BlastRadius, Privilege, ReportAutomation, Risk } from "#contract/report.ts";
import { Instant, PageQuery, pageOf, text } from "./common.ts";

export const AutomationState = z
  .enum(["discovered", "approved", "watched", "blocked", "retired"])
  .meta({ id: "AutomationState" });
export type AutomationState = z.infer<typeof AutomationState>;

/** An automation as lists have it. */
export const AutomationSummary = z
  .object({
    id: z.string(),
    platform: Platform,
    kind: AutomationKind,
    nativeId: z.string(),
    name: z.string().nullable(),
    vendor: z.string().nullable(),
    /** The AI's provider; null where it is none. */
    ai: z.string().nullable(),
    /** Who most likely answers for it. */
    owner: z.string().nullable(),
    /** 0 harmless to 100 act now. */
    risk: z.int().min(0).max(100),
    level: Severity,
    classification: Classification,
    firstSeenAt: Instant.nullable(),
    lastSeenAt: Instant.nullable(),
    eventCount: z.int().min(0),
    /** What the organization says of it; an assessment never touches it. */
    state: AutomationState,
    assignedTo: z.string().nullable(),
    tags: z.array(z.string()),
    updatedAt: Instant,
  })
  .meta({ id: "AutomationSummary" });
export type AutomationSummary = z.infer<typeof AutomationSummary>;

/** An automation in full: how its risk comes about, who let it in, and what it may reach. */
export const Automation = AutomationSummary.extend({
  reasons: Risk.shape.reasons,
  aiIdentity: AiIdentity.nullable(),
  owners: ReportAutomation.shape.owners,
  grants: ReportAutomation.shape.grants,
  blastRadius: BlastRadius.nullable(),
  privilege: Privilege.nullable(),
}).meta({ id: "Automation" });
export type Automation = z.infer<typeof Automation>;

const Facet = z.array(z.object({ value: z.string().nullable(), count: z.int().min(0) }));

export const AutomationPage = pageOf(AutomationSummary).extend({
  /** How many there are of each value among all that the filters let through; with `facets=true` alone. */
  facets: z
    .object({
      platform: Facet,
      kind: Facet,
      level: Facet,
      classification: Facet,
      vendor: Facet,
      state: Facet,
    })
    .optional(),
});

export const AutomationQuery = PageQuery.extend({
  sort: z.enum(["risk", "name"]).default("risk"),
  platform: Platform.optional(),
  kind: AutomationKind.optional(),
  level: Severity.optional(),
  classification: Classification.optional(),
  state: AutomationState.optional(),
  ai: text(128).optional().meta({ description: "An AI provider, or `any`" }),
  vendor: text(256).optional(),
  owner: text(320).optional(),
  q: text(256).optional().meta({ description: "A part of its name, in any case" }),
  facets: z.enum(["true", "false"]).default("false"),
});
