/** Findings as SARIF 2.1.0, for GitHub code scanning and other viewers that open files at a line. */

import type { Severity } from "#contract/finding.ts";
import { PLATFORM_TITLES } from "#contract/platform.ts";
import type { Report, ReportAutomation, ReportEvidence, ReportFinding } from "#contract/report.ts";
import { checksFor, stakesOf } from "./advice.ts";
import type { Renderer } from "./renderer.ts";
import { plain, safeJson } from "./safe.ts";
import { techniqueTitle } from "./technique-names.ts";
import { ATTACK_TITLES, detectorTitle, isSigma, WORST_FIRST } from "./words.ts";

export const sarif: Renderer = {
  id: "sarif",
  title: "SARIF 2.1.0",
  mediaType: "application/sarif+json",
  extension: "sarif",
  *render(report, options = {}) {
    const rules = rulesOf(report);
    const risks = new Map(report.automations.map(({ id, risk }) => [id, risk]));
    const head = { $schema: SCHEMA, version: "2.1.0" };
    yield safeJson(head).slice(0, -1);
    yield `,"runs":[${safeJson(run(report, rules, options.version)).slice(0, -1)},"results":[`;
    let separator = "";
    for (const finding of report.findings) {
      yield `${separator}\n${safeJson(result(finding, rules, risks.get(finding.automationId ?? "")))}`;
      separator = ",";
    }
    yield "\n]}]}\n";
  },
};

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
/** GitHub refuses more than 20 tags a rule. */
const TAGS_MAX = 20;
const RELATED_MAX = 20;
const NOTIFICATIONS_MAX = 100;

const LEVELS: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
  info: "note",
};
/** GitHub sorts by this number: over 9 critical, from 7 high, from 4 medium, over 0 low. */
const SECURITY_SEVERITIES: Readonly<Record<Severity, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "3.0",
  info: "0.5",
};

interface Rule {
  index: number;
  detector: string;
  title: string;
  findings: ReportFinding[];
}

/** One rule a detector, in the order in which the findings name them. */
function rulesOf(report: Report): Map<string, Rule> {
  const rules = new Map<string, Rule>();
  for (const finding of report.findings) {
    const rule = rules.get(finding.detector);
    if (rule === undefined) {
      const { detector } = finding;
      const title = detectorTitle(finding);
      rules.set(detector, { index: rules.size, detector, title, findings: [finding] });
    } else rule.findings.push(finding);
  }
  return rules;
}

function run(report: Report, rules: ReadonlyMap<string, Rule>, version = "0.0.0"): object {
  return {
    tool: {
      driver: {
        name: "Singura",
        organization: "Singura",
        version,
        semanticVersion: version,
        rules: [...rules.values()].map(reportingDescriptor),
      },
    },
    automationDetails: { id: "singura/scan/" },
    columnKind: "utf16CodeUnits",
    invocations: [
      {
        executionSuccessful: true,
        endTimeUtc: report.generatedAt,
        toolExecutionNotifications: notifications(report),
      },
    ],
    properties: { summary: report.summary },
  };
}

function reportingDescriptor(rule: Rule): object {
  const worst = worstOf(rule.findings);
  const types = [...new Set(rule.findings.map(({ attackType }) => ATTACK_TITLES[attackType]))];
  const techniques = [...new Set(rule.findings.flatMap((finding) => finding.techniques))].sort();
  const outside = new Set(
    rule.findings.flatMap(({ mitre }) => [...mitre.attack, ...mitre.atlas, ...mitre.owasp]),
  );
  const named = techniques.map((id) => `${id} ${techniqueTitle(id) ?? ""}`.trim());
  return {
    id: rule.detector,
    name: isSigma(rule.detector) ? `${pascal(rule.title)}Rule` : `${pascal(rule.detector)}Detector`,
    shortDescription: { text: sarifText(rule.title) },
    fullDescription: {
      text: sarifText(
        `${types.join(", ")}. Looks for: ${named.join("; ") || "unusual behaviour"}.`,
      ),
    },
    help: help(rule),
    defaultConfiguration: { level: LEVELS[worst] },
    properties: {
      "security-severity": SECURITY_SEVERITIES[worst],
      tags: ["security", ...techniques, ...outside].slice(0, TAGS_MAX),
    },
  };
}

/** What a reader of the alert needs to judge it, as GitHub shows it beside the code. */
function help({ findings }: Rule): object {
  const types = [...new Set(findings.map(({ attackType }) => attackType))];
  const stakes = types.map(stakesOf);
  const checks = types.flatMap(checksFor);
  return {
    text: [...stakes, "How to check:", ...checks].join("\n"),
    markdown: `${stakes.join("\n\n")}\n\n**How to check**\n\n${checks.map((check) => `- ${check}`).join("\n")}\n`,
  };
}

function worstOf(findings: readonly ReportFinding[]): Severity {
  return WORST_FIRST.find((one) => findings.some(({ severity }) => severity === one)) ?? "info";
}

function result(
  finding: ReportFinding,
  rules: ReadonlyMap<string, Rule>,
  risk: ReportAutomation["risk"] | undefined,
): object {
  const [first, ...others] = finding.evidence;
  return {
    ruleId: finding.detector,
    ruleIndex: rules.get(finding.detector)?.index ?? 0,
    level: LEVELS[finding.severity],
    kind: "fail",
    message: { text: sarifText(`${finding.title}. ${finding.explanation}`) },
    locations: [first === undefined ? nowhere(finding) : location(first)],
    ...(others.length === 0
      ? {}
      : { relatedLocations: others.slice(0, RELATED_MAX).map(relatedLocation) }),
    partialFingerprints: {
      "singuraFindingId/v1": finding.id,
      primaryLocationLineHash: `${finding.id}:1`,
    },
    rank: Math.round(finding.confidence * 100),
    properties: {
      "security-severity": SECURITY_SEVERITIES[finding.severity],
      tags: [...finding.techniques, ...finding.mitre.attack, ...finding.mitre.atlas],
      severity: finding.severity,
      confidence: finding.confidence,
      attackType: finding.attackType,
      platform: finding.platform,
      automationId: finding.automationId,
      ...(risk === undefined ? {} : { riskScore: risk.score, riskLevel: risk.level }),
      principal: finding.principal,
      window: finding.window,
      evidenceCount: finding.evidence.length,
    },
  };
}

function location(evidence: Pick<ReportEvidence, "path" | "line">): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(evidence.path) },
      region: { startLine: Math.max(1, evidence.line) },
    },
  };
}

function relatedLocation(evidence: ReportEvidence, index: number): object {
  const text = sarifText(`${evidence.action}: ${evidence.summary}`);
  return { id: index + 1, ...location(evidence), message: { text } };
}

/** GitHub drops results without a location; a finding about state has no line, so it points at its platform. */
function nowhere(finding: ReportFinding): object {
  return {
    ...location({ path: finding.platform, line: 1 }),
    message: {
      text: `${PLATFORM_TITLES[finding.platform]}: no single record carries this finding`,
    },
  };
}

/** What could not be read, so that nobody takes a short list for a clean one. */
function notifications(report: Report): object[] {
  return report.quarantine.slice(0, NOTIFICATIONS_MAX).map((item) => ({
    level: "warning",
    descriptor: { id: "quarantined" },
    message: { text: sarifText(item.reason) },
    locations: [location(item)],
  }));
}

/** A relative or file: URI. Percent-encoded piece by piece, so that no path can be read as a scheme or a query. */
function uriOf(path: string): string {
  const written = path.toWellFormed();
  if (/^[A-Za-z]:[\\/]/.test(written)) return `file:///${encoded(written.replaceAll("\\", "/"))}`;
  if (written.startsWith("/")) return `file://${encoded(written)}`;
  return encoded(written) || "unknown";
}

function encoded(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** Brackets would become links in a SARIF message (§3.11.6), and names are chosen by strangers. */
function sarifText(text: string): string {
  return plain(text).replace(/[\\[\]]/g, "\\$&");
}

function pascal(id: string): string {
  const words = id.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("") || "Detector";
}
