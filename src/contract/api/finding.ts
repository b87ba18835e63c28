/** Findings as the API asks for them, gives them and lets them be settled. */

import { z } from "zod";
import { AttackType, Severity, TechniqueId } from "#contract/finding.ts";
import { Platform } from "#contract/platform.ts";
import { Mitre, ReportEvidence, ReportStep } from "#contract/report.ts";
import { Id, Instant, PageQuery, pageOf, text } from "./common.ts";

export const FindingStatus = z
  .enum(["open", "triaged", "confirmed", "dismissed", "resolved"])
  .meta({ id: "FindingStatus" });
export type FindingStatus = z.infer<typeof FindingStatus>;

export const FindingVerdict = z
  .object({
    id: z.string(),
    verdict: z.enum(["true_positive", "false_positive"]),
    note: z.string(),
    /** Who said so: a user, or `api-key:` and the key's id. */
    by: z.string(),
    at: Instant,
  })
  .meta({ id: "Verdict" });
export type FindingVerdict = z.infer<typeof FindingVerdict>;

/** A finding as lists have it. */
export const FindingSummary = z
  .object({
    id: z.string(),
    detector: z.string(),
    techniques: z.array(TechniqueId),
    title: z.string(),
    attackType: AttackType,
    severity: Severity,
    confidence: z.number().min(0).max(1),
    platform: Platform,
    automationId: z.string().nullable(),
    principal: z.string().nullable(),
    /** Null at both ends where the records carry no time. */
    window: z.object({ from: Instant.nullable(), to: Instant.nullable() }),
    status: FindingStatus,
    assignee: z.string().nullable(),
    createdAt: Instant,
    updatedAt: Instant,
    /** Since when no assessment claims it any more; null while it holds. */
    supersededAt: Instant.nullable(),
  })
  .meta({ id: "FindingSummary" });
export type FindingSummary = z.infer<typeof FindingSummary>;

/** A finding in full, with its latest verdicts. */
export const Finding = FindingSummary.extend({
  explanation: z.string(),
  mitre: Mitre,
  evidence: z.array(ReportEvidence),
  /** Of findings that join others into a chain; empty for all others. */
  steps: z.array(ReportStep),
  /** Latest first, at most 50. */
  verdicts: z.array(FindingVerdict),
}).meta({ id: "Finding" });
export type Finding = z.infer<typeof Finding>;

export const FindingPage = pageOf(FindingSummary);

export const FindingQuery = PageQuery.extend({
  sort: z
    .enum(["worst", "newest"])
    .default("worst")
    .meta({ description: "worst: by severity, then newest. newest: by when it was made" }),
  severityMin: Severity.optional().meta({ description: "This severity or worse" }),
  confidenceMin: z.coerce.number().min(0).max(1).optional(),
  status: FindingStatus.optional(),
  platform: Platform.optional(),
  attackType: AttackType.optional(),
  detector: text(128).optional(),
  automationId: Id.optional(),
  assignee: text(320).optional(),
  superseded: z
    .enum(["true", "false"])
    .default("false")
    .meta({ description: "Also what is no longer claimed" }),
});

/** What an analyst may change. Everything else of a finding belongs to the assessment. */
export const FindingPatch = z
  .strictObject({
    status: FindingStatus.optional(),
    assignee: text(320).nullable().optional(),
  })
  .refine(({ status, assignee }) => status !== undefined || assignee !== undefined, {
    error: "changes nothing: give status or assignee",
  });

export const NewVerdict = z.strictObject({
  verdict: FindingVerdict.shape.verdict,
  note: text(4_000, 0).default(""),
});
