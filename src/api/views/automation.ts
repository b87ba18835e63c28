/** From an automation's row to what the API tells of it. */

import type { Automation, AutomationSummary } from "#contract/api/automation.ts";
import { instant } from "#contract/api/common.ts";
import { AutomationKind } from "#contract/automation.ts";
import { Classification, Severity } from "#contract/finding.ts";
import { Platform } from "#contract/platform.ts";
import { ReportAutomation } from "#contract/report.ts";
import type { AutomationRow } from "#store/automations.ts";
import { fromKeyText } from "#store/page.ts";

export function automationSummary(row: AutomationRow): AutomationSummary {
  return {
    id: row.id,
    platform: Platform.parse(row.platform),
    kind: AutomationKind.parse(row.kind),
    nativeId: fromKeyText(row.native_id),
    name: row.name,
    vendor: row.vendor,
    ai: row.ai,
    owner: row.owner,
    risk: row.risk,
    level: Severity.parse(row.level),
    classification: Classification.parse(row.classification),
    firstSeenAt: instant(row.first_seen_at),
    lastSeenAt: instant(row.last_seen_at),
    eventCount: row.event_count,
    state: row.state,
    assignedTo: row.assigned_to,
    tags: row.tags,
    updatedAt: instant(row.updated_at),
  };
}

const Told = ReportAutomation.pick({
  ai: true,
  owners: true,
  grants: true,
  blastRadius: true,
  privilege: true,
  risk: true,
});

export function automationInFull(row: AutomationRow): Automation {
  const { ai, risk, owners, grants, blastRadius, privilege } = Told.parse(JSON.parse(row.body));
  return {
    ...automationSummary(row),
    reasons: risk.reasons,
    aiIdentity: ai,
    owners,
    grants,
    blastRadius: blastRadius ?? null,
    privilege: privilege ?? null,
  };
}
