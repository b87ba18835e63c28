/** From a finding's row to what the API tells of it. */

import { instant } from "#contract/api/common.ts";
import type { Finding, FindingSummary, FindingVerdict } from "#contract/api/finding.ts";
import { AttackType, SEVERITIES, Severity } from "#contract/finding.ts";
import { Platform } from "#contract/platform.ts";
import { ReportFinding } from "#contract/report.ts";
import type { FindingRow } from "#store/findings.ts";
import type { Verdict } from "#store/verdicts.ts";

/** Severities are kept as numbers, mildest first. */
export function severityOf(number: number): Severity {
  return Severity.parse(SEVERITIES[number]);
}

export function findingSummary(row: FindingRow): FindingSummary {
  return {
    id: row.id,
    detector: row.detector,
    techniques: row.techniques,
    title: row.title,
    attackType: AttackType.parse(row.attack_type),
    severity: severityOf(row.severity),
    confidence: row.confidence,
    platform: Platform.parse(row.platform),
    automationId: row.automation_id,
    principal: row.principal,
    window: { from: instant(row.from_at), to: instant(row.to_at) },
    status: row.status,
    assignee: row.assignee,
    createdAt: instant(row.created_at),
    updatedAt: instant(row.updated_at),
    supersededAt: instant(row.superseded_at),
  };
}

const Told = ReportFinding.pick({ explanation: true, mitre: true, evidence: true, steps: true });

export function findingInFull(row: FindingRow, verdicts: readonly Verdict[]): Finding {
  const { steps = [], ...told } = Told.parse(JSON.parse(row.body));
  return { ...findingSummary(row), ...told, steps, verdicts: verdicts.map(verdictView) };
}

export function verdictView({ id, verdict, note, by, at }: Verdict): FindingVerdict {
  return { id, verdict, note, by, at: instant(at) };
}
