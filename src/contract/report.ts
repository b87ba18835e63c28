/** The JSON report of a scan: the contract that scripts, pages and the other renderers read. */

import { z } from "zod";
import { AutomationKind, Consent } from "./automation.ts";
import { AttackType, Classification, Severity, TechniqueId } from "./finding.ts";
import { Platform } from "./platform.ts";

/** Raised when a field changes its meaning or goes away; new fields do not raise it. */
export const REPORT_SCHEMA_VERSION = 1;

const Count = z.number().int().min(0);
/** RFC 3339 in UTC with milliseconds. */
const Instant = z.iso.datetime();
/** Whole or null at both ends: null where the records carry no time. */
const Window = z.object({ from: Instant.nullable(), to: Instant.nullable() });

export const ReportSource = z.object({
  /** The input file as given; a member of an archive is `archive.zip!member`. */
  path: z.string(),
  /** Shape and packing: ndjson, json, csv, binary or empty; then .gz, .zst or .zip, outermost last. */
  container: z.string(),
  /** The platform and service of most of its records; null where none was recognised. */
  platform: Platform.nullable(),
  service: z.string().nullable(),
  /** Everything met: rows, lines or elements, readable or not. */
  records: Count,
  /** New events within the filter. One record may hold several. */
  events: Count,
  /** Events seen before, in this source or an earlier one. */
  duplicates: Count,
  /** Records that are rows of a state export. */
  inventory: Count,
  /** Events that the filter (--since, --until, --platform) left out. */
  outside: Count,
  /** Records that could not be read. */
  quarantined: Count,
  from: Instant.nullable(),
  to: Instant.nullable(),
});
export type ReportSource = z.infer<typeof ReportSource>;

export const AiIdentity = z.object({
  provider: z.string(),
  category: z.string(),
  /** How it was recognised: catalogue_id, catalogue_domain, catalogue_name, heuristic_name, vendor_record, behaviour … */
  method: z.string(),
  confidence: z.number().min(0).max(1),
});
export type AiIdentity = z.infer<typeof AiIdentity>;

export const RiskReason = z.object({ code: z.string(), points: z.number(), text: z.string() });
export type RiskReason = z.infer<typeof RiskReason>;

export const Risk = z.object({
  /** 0 harmless .. 100 act now. */
  score: z.number().min(0).max(100),
  level: Severity,
  reasons: z.array(RiskReason),
});
export type Risk = z.infer<typeof Risk>;

/** How far the damage goes if it turns. */
export const BlastRadius = z.object({
  /** none: no scope of weight. everybody: the whole tenant. people: those who let it in. unknown: the records name nobody. */
  reach: z.enum(["none", "people", "everybody", "unknown"]),
  /** How many people, where it is those who let it in. */
  people: Count.nullable(),
  data: z.array(
    z.enum([
      "admin",
      "ai",
      "calendar",
      "chat",
      "code",
      "contacts",
      "directory",
      "files",
      "mail",
      "secrets",
    ]),
  ),
});
export type BlastRadius = z.infer<typeof BlastRadius>;

/** What of its scopes it does not need, as far as the logs given can tell. */
export const Privilege = z.object({
  /** Scopes of weight that it was never seen to use, although the logs would have shown it. */
  unused: z.array(z.object({ scope: z.string(), days: Count })),
  /** Scopes for which a smaller one would allow all that was seen. */
  narrower: z.array(z.object({ scope: z.string(), instead: z.string(), days: Count })),
  /** In force, but not in the first grant on record. */
  addedSince: z.array(z.string()),
  /** When that first grant was; null where no record shows it. */
  approvedAt: Instant.nullable(),
});
export type Privilege = z.infer<typeof Privilege>;

export const ReportAutomation = z.object({
  id: z.string(),
  platform: Platform,
  kind: AutomationKind,
  nativeId: z.string(),
  name: z.string().nullable(),
  vendor: z.string().nullable(),
  ai: AiIdentity.nullable(),
  owners: z.array(
    z.object({
      principal: z.string(),
      confidence: z.number().min(0).max(1),
      evidence: z.string(),
    }),
  ),
  grants: z.array(
    z.object({
      principal: z.string().nullable(),
      scopes: z.array(z.string()),
      consent: Consent,
      grantedBy: z.string().nullable(),
      at: Instant.nullable(),
    }),
  ),
  firstSeenAt: Instant.nullable(),
  lastSeenAt: Instant.nullable(),
  eventCount: Count,
  /** Absent in reports of earlier versions. */
  blastRadius: BlastRadius.optional(),
  privilege: Privilege.optional(),
  risk: Risk,
  classification: Classification,
});
export type ReportAutomation = z.infer<typeof ReportAutomation>;

export const ReportEvidence = z.object({
  eventId: z.string(),
  path: z.string(),
  /** 1-based line or record number in `path`. */
  line: z.number().int(),
  at: Instant.nullable(),
  action: z.string(),
  summary: z.string(),
});
export type ReportEvidence = z.infer<typeof ReportEvidence>;

export const Mitre = z.object({
  attack: z.array(z.string()),
  atlas: z.array(z.string()),
  owasp: z.array(z.string()),
});
export type Mitre = z.infer<typeof Mitre>;

/** One step of a chain of findings, in event time. */
export const ReportStep = z.object({
  at: Instant,
  /** entry, foothold, use, collection or exit. */
  stage: z.string(),
  platform: Platform,
  automationId: z.string().nullable(),
  principal: z.string().nullable(),
  title: z.string(),
  /** The finding that says so; null where the step is a mere change, as a consent. */
  findingId: z.string().nullable(),
});
export type ReportStep = z.infer<typeof ReportStep>;

export const ReportFinding = z.object({
  id: z.string(),
  detector: z.string(),
  techniques: z.array(TechniqueId),
  title: z.string(),
  attackType: AttackType,
  severity: Severity,
  confidence: z.number().min(0).max(1),
  automationId: z.string().nullable(),
  principal: z.string().nullable(),
  platform: Platform,
  window: Window,
  explanation: z.string(),
  mitre: Mitre,
  evidence: z.array(ReportEvidence),
  /** Only in findings that join others into a chain. */
  steps: z.array(ReportStep).optional(),
});
export type ReportFinding = z.infer<typeof ReportFinding>;

export const ReportQuarantine = z.object({ path: z.string(), line: Count, reason: z.string() });
export type ReportQuarantine = z.infer<typeof ReportQuarantine>;

export const Report = z.object({
  schemaVersion: z.literal(REPORT_SCHEMA_VERSION),
  generatedAt: Instant,
  summary: z.object({
    files: Count,
    records: Count,
    events: Count,
    duplicates: Count,
    inventory: Count,
    outside: Count,
    quarantined: Count,
    automations: Count,
    findings: Count,
    bySeverity: z.record(Severity, Count),
    byPlatform: z.partialRecord(Platform, Count),
    byAttackType: z.partialRecord(AttackType, Count),
    durationMs: Count,
  }),
  sources: z.array(ReportSource),
  /** By risk, worst first, then by id. */
  automations: z.array(ReportAutomation),
  /** By severity and confidence, worst first, then by id. */
  findings: z.array(ReportFinding),
  /** The first 1,000 in file order; the quarantine file holds all. */
  quarantine: z.array(ReportQuarantine),
});
export type Report = z.infer<typeof Report>;
