/** How the report's words, numbers and times are written for people. */

import type { AutomationKind, Consent } from "#contract/automation.ts";
import type { AttackType, Classification, Severity } from "#contract/finding.ts";
import { PLATFORM_TITLES, type Platform } from "#contract/platform.ts";
import type { Report, ReportAutomation, ReportEvidence, ReportFinding } from "#contract/report.ts";

/** From worst to mildest, as a reader wants them. */
export const WORST_FIRST = [
  "critical",
  "high",
  "medium",
  "low",
  "info",
] as const satisfies readonly Severity[];

/** One word each, for narrow columns and charts. */
export const PLATFORM_NAMES: Readonly<Record<Platform, string>> = {
  ...PLATFORM_TITLES,
  google: "Google",
  microsoft: "Microsoft",
};

export const KIND_TITLES: Readonly<Record<AutomationKind, string>> = {
  oauth_app: "OAuth app",
  bot: "Bot",
  service_account: "Service account",
  script: "Script",
  workflow: "Workflow",
  webhook: "Webhook",
  api_key: "API key",
  ai_agent: "AI agent",
  mcp_connector: "MCP connector",
};

export const ATTACK_TITLES: Readonly<Record<AttackType, string>> = {
  data_exfiltration: "Data exfiltration",
  privilege_escalation: "Privilege escalation",
  credential_theft: "Credential theft",
  backdoor: "Backdoor",
  rate_limit_evasion: "Rate limit evasion",
  ai_abuse: "AI abuse",
};

export const CONSENT_TITLES: Readonly<Record<Consent, string>> = {
  user: "by one person for themselves",
  admin: "by an administrator",
  tenant: "for everybody in the tenant",
  unknown: "by an unknown kind of consent",
};

export const CLASSIFICATION_TITLES: Readonly<Record<Classification, string>> = {
  malicious: "Malicious",
  suspicious: "Suspicious",
  legitimate: "Legitimate",
  unknown: "Unknown",
};

/** "1,234,567" */
export function grouped(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "1 finding", "12 findings" */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** A list in prose: "a", "a and b", "a, b and c". */
export function listed(items: readonly string[]): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} and ${last}`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** First letter in upper case, underscores and dashes as spaces: "oauth_consent" is "Oauth consent". */
export function humanised(id: string): string {
  const words = id.replace(/[_\-./]+/g, " ").trim();
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** "high" is "High"; for chips and legends. */
export function severityTitle(severity: Severity): string {
  return humanised(severity);
}

/** "2026-03-04" */
export function dayText(instant: string | null): string {
  return instant === null ? "undated" : instant.slice(0, 10);
}

/** "2026-03-04 10:20" in UTC. */
export function minuteText(instant: string | null): string {
  return instant === null ? "undated" : `${instant.slice(0, 10)} ${instant.slice(11, 16)}`;
}

/** "2026-03-04 10:20 – 11:05", with the second day only where it differs. */
export function windowText(window: ReportFinding["window"]): string {
  const { from, to } = window;
  if (from === null && to === null) return "undated";
  if (from === null || to === null) return minuteText(from ?? to);
  const start = minuteText(from);
  const end = minuteText(to);
  if (start === end) return start;
  const isSameDay = from.slice(0, 10) === to.slice(0, 10);
  return `${start} – ${isSameDay ? end.slice(11) : end}`;
}

/** "1.2 s", "3 min 5 s" */
export function durationText(durationMs: number): string {
  if (durationMs < 1_000) return `${durationMs} ms`;
  const seconds = durationMs / 1_000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** The automation's name, or what stands in for one. */
export function automationName(automation: ReportAutomation): string {
  return automation.name ?? automation.nativeId;
}

/** Earliest and latest instant that any source carries. */
export function coveredPeriod(report: Report): ReportFinding["window"] {
  let from: string | null = null;
  let to: string | null = null;
  for (const source of report.sources) {
    if (source.from !== null && (from === null || source.from < from)) from = source.from;
    if (source.to !== null && (to === null || source.to > to)) to = source.to;
  }
  return { from, to };
}

/** Whether any record was understood, as an event or as a row of a state export. */
export function isAnythingUnderstood({ summary }: Report): boolean {
  const { events, duplicates, inventory, outside, automations } = summary;
  return events + duplicates + inventory + outside + automations > 0;
}

/** `exports/audit.ndjson:17`, as editors and terminals open it. */
export function placeText(evidence: Pick<ReportEvidence, "path" | "line">): string {
  return `${evidence.path}:${evidence.line}`;
}

/** The report's automations by id. */
export function automationsById(report: Report): ReadonlyMap<string, ReportAutomation> {
  return new Map(report.automations.map((automation) => [automation.id, automation]));
}

/** Who a finding is about: the automation's name, else the person, else nobody named. */
export function subjectText(
  finding: ReportFinding,
  automation: ReportAutomation | undefined,
): string {
  if (automation !== undefined) return automationName(automation);
  return finding.principal ?? finding.automationId ?? "nobody named";
}

/** What a finding's detector is called: a Sigma rule by its title, a detector of ours by its id. */
export function detectorTitle({
  detector,
  title,
}: {
  readonly detector: string;
  readonly title: string;
}): string {
  return isSigma(detector) ? title : humanised(detector);
}

/** Whether a finding comes from a Sigma rule. */
export function isSigma(detector: string): boolean {
  return detector.startsWith("sigma:");
}
