/** An assessment into rows, as a report tells it, and what changed by storing them. */

import { SEVERITIES } from "#contract/finding.ts";
import type { AssessedAutomation, Assessment, Finding } from "#engine/assess.ts";
import { reportAutomation, reportFinding } from "#jobs/scan/report.ts";
import * as automations from "#store/automations.ts";
import * as chains from "#store/chains.ts";
import type { Tx } from "#store/db.ts";
import * as findings from "#store/findings.ts";
import * as uploads from "#store/uploads.ts";

/** Ids, for alerts and live updates. */
export interface Changes {
  readonly automations: {
    readonly made: readonly string[];
    readonly changed: readonly string[];
    readonly removed: readonly string[];
  };
  readonly findings: {
    readonly made: readonly string[];
    readonly changed: readonly string[];
    readonly superseded: readonly string[];
  };
}

export function isChange(changes: Changes): boolean {
  return [...Object.values(changes.automations), ...Object.values(changes.findings)].some(
    (ids) => ids.length > 0,
  );
}

/** Stores all that is claimed, and marks what no longer is. What people said of automations and findings stays. */
export async function saveAssessment(
  tx: Tx,
  orgId: string,
  assessment: Assessment,
  now: number,
): Promise<Changes> {
  const names = await uploads.namesOf(tx, orgId, sourcesOf(assessment.findings));
  const nameOf = (number: number) => names.get(number) ?? "";
  const stored = await automations.upsert(
    tx,
    orgId,
    assessment.automations.map(automationRow),
    now,
  );
  const removed = await automations.removeOthers(
    tx,
    orgId,
    assessment.automations.map(({ id }) => id),
  );
  const claimed = await findings.store(
    tx,
    orgId,
    assessment.findings.map((finding) => findingRow(finding, nameOf)),
    now,
  );
  await chains.replace(tx, orgId, assessment.findings.flatMap(chainRow));
  return { automations: { ...stored, removed }, findings: claimed };
}

function sourcesOf(all: readonly Finding[]): number[] {
  return [...new Set(all.flatMap(({ samples }) => samples.map(({ ref }) => ref.source)))];
}

function automationRow(automation: AssessedAutomation): automations.AssessedRow {
  const { id, platform, kind, nativeId, name, vendor, ai, owners, risk, classification } =
    automation;
  const { firstSeenAt, lastSeenAt, eventCount, grants } = automation;
  return {
    id,
    platform,
    kind,
    nativeId,
    name,
    vendor,
    ai: ai?.provider ?? null,
    owner: owners[0]?.principal ?? null,
    risk: risk.score,
    level: risk.level,
    classification,
    firstSeenAt,
    lastSeenAt,
    eventCount,
    body: JSON.stringify(reportAutomation(automation)),
    grants,
  };
}

function findingRow(finding: Finding, nameOf: (number: number) => string): findings.ClaimedRow {
  const { id, detector, techniques, attackType, severity, confidence, platform } = finding;
  const { automationId, principal, window, title } = finding;
  return {
    id,
    detector,
    techniques,
    attackType,
    severity: SEVERITIES.indexOf(severity),
    confidence,
    platform,
    automationId,
    principal,
    window,
    title,
    body: JSON.stringify(reportFinding(finding, nameOf)),
  };
}

function chainRow({ id, steps, shares }: Finding): Parameters<typeof chains.replace>[2][number][] {
  const [first] = steps;
  const last = steps.at(-1);
  if (first === undefined || last === undefined) return [];
  return [
    {
      id,
      from_at: first.at,
      to_at: last.at,
      steps: JSON.stringify(steps),
      shares: JSON.stringify(shares),
    },
  ];
}
