/** Findings as OCSF Detection Findings (class 2004), one JSON object a line, for SIEMs and data lakes. */

import { isAtLeast, type Severity } from "#contract/finding.ts";
import { PLATFORM_TITLES } from "#contract/platform.ts";
import type { Report, ReportAutomation, ReportEvidence, ReportFinding } from "#contract/report.ts";
import { adviceFor } from "./advice.ts";
import type { Renderer } from "./renderer.ts";
import { safeJson } from "./safe.ts";
import { ATLAS_VERSION, ATTACK_VERSION, atlasName, attackName } from "./technique-names.ts";
import { ATTACK_TITLES, automationsById, detectorTitle, isSigma, KIND_TITLES } from "./words.ts";

/** The schema version that the output follows. Every attribute used has been in OCSF since 1.5. */
export const OCSF_VERSION = "1.7.0";

export const ocsf: Renderer = {
  id: "ocsf",
  title: "OCSF Detection Finding, NDJSON",
  mediaType: "application/x-ndjson",
  extension: "ocsf.ndjson",
  *render(report, options = {}) {
    const automations = automationsById(report);
    for (const finding of report.findings) {
      const automation = automations.get(finding.automationId ?? "") ?? null;
      yield `${safeJson(detectionFinding(report, finding, automation, options.version))}\n`;
    }
  },
};

/** Evidence past this many records is counted, not carried: SIEMs refuse events over a few hundred KiB. */
const EVIDENCES_MAX = 50;

const SEVERITY: Readonly<Record<Severity, { id: number; caption: string }>> = {
  info: { id: 1, caption: "Informational" },
  low: { id: 2, caption: "Low" },
  medium: { id: 3, caption: "Medium" },
  high: { id: 4, caption: "High" },
  critical: { id: 5, caption: "Critical" },
};
const RISK_LEVEL: Readonly<Record<Severity, { id: number; caption: string }>> = {
  info: { id: 0, caption: "Info" },
  low: { id: 1, caption: "Low" },
  medium: { id: 2, caption: "Medium" },
  high: { id: 3, caption: "High" },
  critical: { id: 4, caption: "Critical" },
};
/** Types of observables in the OCSF dictionary. */
const EMAIL_ADDRESS = { type_id: 5, type: "Email Address" };
const USER_NAME = { type_id: 4, type: "User Name" };
const RESOURCE_UID = { type_id: 10, type: "Resource UID" };

function detectionFinding(
  report: Report,
  finding: ReportFinding,
  automation: ReportAutomation | null,
  version = "0.0.0",
): object {
  const severity = SEVERITY[finding.severity];
  return {
    activity_id: 1,
    activity_name: "Create",
    category_uid: 2,
    category_name: "Findings",
    class_uid: 2004,
    class_name: "Detection Finding",
    type_uid: 200_401,
    type_name: "Detection Finding: Create",
    time: Date.parse(report.generatedAt),
    ...defined("start_time", milliseconds(finding.window.from)),
    ...defined("end_time", milliseconds(finding.window.to)),
    severity_id: severity.id,
    severity: severity.caption,
    status_id: 1,
    status: "New",
    is_alert: isAtLeast(finding.severity, "medium"),
    message: finding.title,
    ...confidence(finding.confidence),
    ...risk(automation),
    metadata: metadata(finding, version),
    finding_info: findingInfo(report, finding),
    resources: [resource(finding, automation)],
    evidences: finding.evidence
      .slice(0, EVIDENCES_MAX)
      .map((evidence) => evidenceArtifact(evidence, finding, automation)),
    observables: observables(finding, automation),
    remediation: { desc: adviceFor(finding.platform, automation?.kind ?? null).contain },
    unmapped: unmapped(finding, automation),
  };
}

function confidence(share: number): object {
  const id = share >= 0.75 ? 3 : share >= 0.4 ? 2 : 1;
  return {
    confidence_id: id,
    confidence: ["Unknown", "Low", "Medium", "High"][id],
    confidence_score: Math.round(share * 100),
  };
}

function risk(automation: ReportAutomation | null): object {
  if (automation === null) return {};
  const { score, level, reasons } = automation.risk;
  return {
    risk_level_id: RISK_LEVEL[level].id,
    risk_level: RISK_LEVEL[level].caption,
    risk_score: Math.round(score),
    ...defined("risk_details", reasons.map(({ text }) => text).join("; ") || undefined),
  };
}

function metadata(finding: ReportFinding, version: string): object {
  return {
    version: OCSF_VERSION,
    uid: finding.id,
    product: { uid: "singura", name: "Singura", vendor_name: "Singura", version, lang: "en" },
    log_name: "singura:finding",
    labels: [...finding.techniques, ...finding.mitre.owasp],
  };
}

function findingInfo(report: Report, finding: ReportFinding): object {
  return {
    uid: finding.id,
    title: finding.title,
    desc: finding.explanation,
    types: [ATTACK_TITLES[finding.attackType]],
    analytic: analytic(finding),
    attacks: [...finding.mitre.attack.map(attack), ...finding.mitre.atlas.map(atlas)],
    created_time: Date.parse(report.generatedAt),
    ...defined("first_seen_time", milliseconds(finding.window.from)),
    ...defined("last_seen_time", milliseconds(finding.window.to)),
    data_sources: [...new Set(finding.evidence.map(({ path }) => path))].slice(0, EVIDENCES_MAX),
    related_events_count: finding.evidence.length,
  };
}

/** Rules are imported Sigma rules; our own detectors compare behaviour with what is normal. */
function analytic(finding: ReportFinding): object {
  const type = isSigma(finding.detector)
    ? { type_id: 1, type: "Rule" }
    : { type_id: 2, type: "Behavioral" };
  return { uid: finding.detector, name: detectorTitle(finding), ...type };
}

function attack(id: string): object {
  const [parent = id] = id.split(".");
  return { ...attackObject(id, parent, attackName), version: ATTACK_VERSION };
}

/** ATLAS ids begin with "AML.", so their parents have two parts. */
function atlas(id: string): object {
  const parent = id.split(".").slice(0, 2).join(".");
  return { ...attackObject(id, parent, atlasName), version: ATLAS_VERSION };
}

function attackObject(id: string, parent: string, name: (id: string) => string | null): object {
  const object = (uid: string) => ({ uid, ...defined("name", name(uid) ?? undefined) });
  return {
    technique: object(parent),
    ...(parent === id ? {} : { sub_technique: object(id) }),
  };
}

function resource(finding: ReportFinding, automation: ReportAutomation | null): object {
  if (automation === null) {
    const uid = finding.automationId ?? finding.principal ?? finding.platform;
    if (finding.automationId !== null) return { uid, name: uid, type: "Automation" };
    return { uid, name: uid, type: finding.principal === null ? "Tenant" : "Identity" };
  }
  const [owner] = automation.owners;
  return {
    uid: automation.nativeId,
    name: automation.name ?? automation.nativeId,
    type: KIND_TITLES[automation.kind],
    ...(owner === undefined ? {} : { owner: user(owner.principal) }),
    labels: [`platform:${automation.platform}`, `classification:${automation.classification}`],
    data: { vendor: automation.vendor, ai: automation.ai, grants: automation.grants.length },
  };
}

function evidenceArtifact(
  evidence: ReportEvidence,
  finding: ReportFinding,
  automation: ReportAutomation | null,
): object {
  return {
    uid: evidence.eventId,
    name: evidence.action,
    ...defined("actor", actor(finding, automation)),
    data: {
      path: evidence.path,
      line: evidence.line,
      time: milliseconds(evidence.at) ?? null,
      summary: evidence.summary,
    },
  };
}

function actor(finding: ReportFinding, automation: ReportAutomation | null): object | undefined {
  if (automation === null && finding.principal === null) return undefined;
  return {
    ...(automation === null
      ? {}
      : { app_name: automation.name ?? automation.nativeId, app_uid: automation.nativeId }),
    ...(finding.principal === null ? {} : { user: user(finding.principal) }),
  };
}

/** Type 1 is a regular user; an id that is no address may stand for anything, which is type 0. */
function user(principal: string): object {
  const address = email(principal);
  const named = { uid: principal, name: principal };
  if (address === undefined) return { ...named, type_id: 0, type: "Unknown" };
  return { ...named, type_id: 1, type: "User", email_addr: address };
}

function email(principal: string): string | undefined {
  return /^[^@\s]+@[^@\s]+\.[^@\s.]+$/.test(principal) ? principal : undefined;
}

function observables(finding: ReportFinding, automation: ReportAutomation | null): object[] {
  const found: object[] = [];
  if (automation !== null) {
    found.push({ name: "resources[].uid", value: automation.nativeId, ...RESOURCE_UID });
  }
  const [owner] = automation?.owners ?? [];
  if (owner !== undefined) found.push(observedUser("resources[].owner", owner.principal));
  if (finding.principal !== null && finding.evidence.length > 0) {
    found.push(observedUser("evidences[].actor.user", finding.principal));
  }
  return found;
}

function observedUser(path: string, principal: string): object {
  const address = email(principal);
  return address === undefined
    ? { name: `${path}.name`, value: principal, ...USER_NAME }
    : { name: `${path}.email_addr`, value: address, ...EMAIL_ADDRESS };
}

/** What has no home in the schema but decides what an analyst does next. */
function unmapped(finding: ReportFinding, automation: ReportAutomation | null): object {
  return {
    singura: {
      platform: finding.platform,
      platform_title: PLATFORM_TITLES[finding.platform],
      attack_type: finding.attackType,
      techniques: finding.techniques,
      owasp: finding.mitre.owasp,
      automation_id: finding.automationId,
      principal: finding.principal,
      classification: automation?.classification ?? null,
      evidence_left_out: Math.max(0, finding.evidence.length - EVIDENCES_MAX),
    },
  };
}

function milliseconds(instant: string | null): number | undefined {
  return instant === null ? undefined : Date.parse(instant);
}

/** An object with the attribute, or an empty one where there is no value: OCSF knows no nulls. */
function defined(key: string, value: unknown): Readonly<Record<string, unknown>> {
  return value === undefined ? {} : { [key]: value };
}
