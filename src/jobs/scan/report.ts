/** From tallies and assessment to the report that the contract describes. */

import { iso } from "#base/time.ts";
import { rank } from "#catalog/scopes.ts";
import { SEVERITIES } from "#contract/finding.ts";
import {
  type Privilege,
  REPORT_SCHEMA_VERSION,
  type Report,
  type ReportAutomation,
  type ReportEvidence,
  type ReportFinding,
  type ReportSource,
  type ReportStep,
} from "#contract/report.ts";
import type { AssessedAutomation, Assessment, Finding } from "#engine/assess.ts";
import type { Permissions } from "#engine/permissions/permissions.ts";
import type { Sample } from "#engine/profile/sample.ts";
import type { Source } from "#kit/reading/sources.ts";
import { sourceRow, type Tally } from "./tally.ts";

export interface ReportParts {
  readonly sources: readonly Source[];
  /** What each source's container turned out to be. */
  readonly shapes: readonly string[];
  readonly tally: Tally;
  readonly assessment: Assessment;
  /** Epoch milliseconds. */
  readonly generatedAt: number;
  readonly startedAt: number;
}

export function buildReport(parts: ReportParts): Report {
  const { tally, assessment, generatedAt, startedAt } = parts;
  const paths = parts.sources.map(({ path }) => path);
  const rows = parts.sources.flatMap((source, index): ReportSource[] => {
    const counted = tally.sources[index];
    return counted === undefined
      ? []
      : [sourceRow(source, parts.shapes[index] ?? "empty", counted)];
  });
  const findings = assessment.findings.map((finding) =>
    reportFinding(finding, (source) => paths[source] ?? ""),
  );
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    generatedAt: new Date(generatedAt).toISOString(),
    summary: {
      files: rows.length,
      records: sum(rows, "records"),
      events: sum(rows, "events"),
      duplicates: sum(rows, "duplicates"),
      inventory: sum(rows, "inventory"),
      outside: sum(rows, "outside"),
      quarantined: sum(rows, "quarantined"),
      automations: assessment.automations.length,
      findings: findings.length,
      bySeverity: bySeverity(findings),
      byPlatform: counted(assessment.automations.map(({ platform }) => platform)),
      byAttackType: counted(findings.map(({ attackType }) => attackType)),
      durationMs: Math.max(0, Math.round(generatedAt - startedAt)),
    },
    sources: rows,
    automations: assessment.automations.map(reportAutomation),
    findings,
    quarantine: tally.quarantine,
  };
}

function sum(
  rows: readonly ReportSource[],
  field: "records" | "events" | "duplicates" | "inventory" | "outside" | "quarantined",
): number {
  return rows.reduce((total, row) => total + row[field], 0);
}

function bySeverity(findings: readonly ReportFinding[]): Report["summary"]["bySeverity"] {
  const found = { info: 0, low: 0, medium: 0, high: 0, critical: 0 };
  for (const severity of SEVERITIES) {
    found[severity] = findings.filter((finding) => finding.severity === severity).length;
  }
  return found;
}

function counted<Key extends string>(keys: readonly Key[]): Partial<Record<Key, number>> {
  const found: Partial<Record<Key, number>> = {};
  for (const key of [...keys].sort()) found[key] = (found[key] ?? 0) + 1;
  return found;
}

export function reportAutomation(automation: AssessedAutomation): ReportAutomation {
  return {
    id: automation.id,
    platform: automation.platform,
    kind: automation.kind,
    nativeId: automation.nativeId,
    name: automation.name,
    vendor: automation.vendor,
    ai: automation.ai,
    owners: automation.owners.map(({ principal, confidence, evidence }) => ({
      principal,
      confidence,
      evidence,
    })),
    grants: automation.grants.map(({ principal, scopes, consent, grantedBy, at }) => ({
      principal,
      scopes,
      consent,
      grantedBy,
      at: iso(at),
    })),
    firstSeenAt: iso(automation.firstSeenAt),
    lastSeenAt: iso(automation.lastSeenAt),
    eventCount: automation.eventCount,
    blastRadius: automation.blastRadius,
    privilege: privilegeOf(automation.permissions),
    risk: automation.risk,
    classification: automation.classification,
  };
}

/** Of scopes without weight nobody needs to know whether they are used. */
function privilegeOf({ scopes, addedSince, approvedAt }: Permissions): Privilege {
  const weighty = scopes.filter(({ tier }) => rank(tier) >= rank("medium"));
  return {
    unused: weighty.flatMap(({ scope, use, observedDays }) =>
      use === "unused" ? [{ scope, days: observedDays }] : [],
    ),
    narrower: weighty.flatMap(({ scope, instead, observedDays }) =>
      instead === null ? [] : [{ scope, instead, days: observedDays }],
    ),
    addedSince: [...addedSince],
    approvedAt: iso(approvedAt),
  };
}

/** `pathOf` names the sources of evidence by their numbers. */
export function reportFinding(finding: Finding, pathOf: (source: number) => string): ReportFinding {
  return {
    id: finding.id,
    detector: finding.detector,
    techniques: [...finding.techniques],
    title: finding.title,
    attackType: finding.attackType,
    severity: finding.severity,
    confidence: finding.confidence,
    automationId: finding.automationId,
    principal: finding.principal,
    platform: finding.platform,
    window: { from: iso(finding.window?.from ?? null), to: iso(finding.window?.to ?? null) },
    explanation: finding.explanation,
    mitre: finding.mitre,
    evidence: finding.samples.map((sample) => reportEvidence(sample, pathOf)),
    ...(finding.steps.length === 0 ? {} : { steps: finding.steps.map(reportStep) }),
  };
}

function reportStep({ at, ...step }: Finding["steps"][number]): ReportStep {
  return { at: new Date(at).toISOString(), ...step };
}

function reportEvidence(sample: Sample, pathOf: (source: number) => string): ReportEvidence {
  return {
    eventId: sample.eventId,
    path: pathOf(sample.ref.source),
    line: sample.ref.line,
    at: iso(sample.at),
    action: sample.action,
    summary: sample.summary,
  };
}
