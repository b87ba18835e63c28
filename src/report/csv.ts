/** Findings or automations as CSV (RFC 4180) that opens in a spreadsheet without running anything. */

import type { Report, ReportAutomation, ReportFinding } from "#contract/report.ts";
import { blastText } from "./privilege.ts";
import { scopesByWeight } from "./reach.ts";
import type { Renderer } from "./renderer.ts";
import { plain } from "./safe.ts";
import { automationsById, placeText } from "./words.ts";

export const csv: Renderer = {
  id: "csv",
  title: "CSV, one row a finding or an automation",
  mediaType: "text/csv; charset=utf-8; header=present",
  extension: "csv",
  render: (report, options = {}) =>
    options.of === "automations" ? automationRows(report) : findingRows(report),
};

/** Longest field: spreadsheets cut at 32,767 characters. */
const FIELD_MAX = 32_000;

type Field = string | number | null;

const FINDING_HEADER = [
  "id",
  "severity",
  "confidence",
  "title",
  "detector",
  "attack_type",
  "techniques",
  "platform",
  "automation_id",
  "automation_name",
  "automation_kind",
  "vendor",
  "principal",
  "window_from",
  "window_to",
  "explanation",
  "mitre_attack",
  "mitre_atlas",
  "owasp",
  "evidence_count",
  "first_evidence",
];

function* findingRows(report: Report): Iterable<string> {
  const automations = automationsById(report);
  yield row(FINDING_HEADER);
  for (const finding of report.findings) {
    const automation = automations.get(finding.automationId ?? "");
    yield row(findingFields(finding, automation));
  }
}

function findingFields(
  finding: ReportFinding,
  automation: ReportAutomation | undefined,
): readonly Field[] {
  const [first] = finding.evidence;
  return [
    finding.id,
    finding.severity,
    finding.confidence,
    finding.title,
    finding.detector,
    finding.attackType,
    finding.techniques.join(" "),
    finding.platform,
    finding.automationId,
    automation?.name ?? null,
    automation?.kind ?? null,
    automation?.vendor ?? null,
    finding.principal,
    finding.window.from,
    finding.window.to,
    finding.explanation,
    finding.mitre.attack.join(" "),
    finding.mitre.atlas.join(" "),
    finding.mitre.owasp.join(" "),
    finding.evidence.length,
    first === undefined ? null : placeText(first),
  ];
}

const AUTOMATION_HEADER = [
  "id",
  "risk_score",
  "risk_level",
  "classification",
  "name",
  "kind",
  "platform",
  "native_id",
  "vendor",
  "ai_provider",
  "ai_category",
  "ai_method",
  "ai_confidence",
  "owner",
  "owner_confidence",
  "owner_evidence",
  "other_owners",
  "scopes",
  "unused_scopes",
  "narrower_scopes",
  "at_stake",
  "grants",
  "first_seen",
  "last_seen",
  "event_count",
  "risk_reasons",
];

function* automationRows(report: Report): Iterable<string> {
  yield row(AUTOMATION_HEADER);
  for (const automation of report.automations) yield row(automationFields(automation));
}

function automationFields(automation: ReportAutomation): readonly Field[] {
  const [owner, ...others] = automation.owners;
  return [
    automation.id,
    automation.risk.score,
    automation.risk.level,
    automation.classification,
    automation.name,
    automation.kind,
    automation.platform,
    automation.nativeId,
    automation.vendor,
    automation.ai?.provider ?? null,
    automation.ai?.category ?? null,
    automation.ai?.method ?? null,
    automation.ai?.confidence ?? null,
    owner?.principal ?? null,
    owner?.confidence ?? null,
    owner?.evidence ?? null,
    others.map(({ principal }) => principal).join(" "),
    scopesByWeight(automation).join(" "),
    automation.privilege?.unused.map(({ scope }) => scope).join(" ") ?? null,
    automation.privilege?.narrower
      .map(({ scope, instead }) => `${scope} > ${instead}`)
      .join("; ") ?? null,
    blastText(automation),
    automation.grants.length,
    automation.firstSeenAt,
    automation.lastSeenAt,
    automation.eventCount,
    automation.risk.reasons.map(({ points, text }) => `${text} (${points})`).join("; "),
  ];
}

function row(fields: readonly Field[]): string {
  return `${fields.map(written).join(",")}\r\n`;
}

function written(field: Field): string {
  if (field === null) return "";
  if (typeof field === "number") return String(field);
  const harmless = disarmed(plain(disarmed(field.slice(0, FIELD_MAX))));
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** A text that a spreadsheet would take for a formula starts with an apostrophe instead (OWASP, CSV injection). */
function disarmed(text: string): string {
  return /^[=+\-@\t\r\n＝＋－＠]/.test(text.trimStart()) || /^[\t\r\n]/.test(text)
    ? `'${text}`
    : text;
}
