/** The whole way once, as a user walks it: sample workspace on disk, scan by the real command, report, explanation. */

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Report, type ReportFinding } from "#contract/report.ts";

const exec = promisify(execFile);
const launcher = join(import.meta.dirname, "..", "singura");

let folder = "";
let report: Report;

async function singura(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return await exec(launcher, args, { cwd: folder, maxBuffer: 64 << 20 });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "singura-journey-"));
  await singura("sample", "exports");
  await singura("scan", "exports", "--format", "json", "--out", "report.json");
  report = Report.parse(JSON.parse(await readFile(join(folder, "report.json"), "utf8")));
}, 120_000);
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Names of automations, or principals, that a detector speaks of. */
function spokenOf(detector: string): Set<string> {
  return new Set(report.findings.filter((finding) => finding.detector === detector).map(nameOf));
}

function nameOf(finding: ReportFinding): string {
  const automation = report.automations.find(({ id }) => id === finding.automationId);
  return automation?.name ?? automation?.nativeId ?? finding.principal ?? "";
}

describe("the sample workspace", () => {
  it("is read whole: every record an event, a duplicate, an inventory row or in the quarantine", () => {
    const { records, events, duplicates, inventory, quarantined } = report.summary;
    expect(records).toBeGreaterThan(50_000);
    expect(events + duplicates + inventory + quarantined).toBeGreaterThanOrEqual(records);
    expect(duplicates).toBeGreaterThan(0);
    expect(quarantined).toBe(2);
    expect(new Set(report.sources.map(({ platform }) => platform)).size).toBeGreaterThanOrEqual(7);
  });

  it.each([
    ["an app with a foreign letter in its name", "lookalike-app", "Micros0ft Оutlook Sync"],
    ["consent to it", "illicit-consent", "Micros0ft Оutlook Sync"],
    ["mail forwarded to an outsider", "mail-forwarding", "Micros0ft Оutlook Sync"],
    ["an app known from intrusions", "known-abused-app", "PERFECTDATA SOFTWARE"],
    ["a notetaker that spreads", "shadow-ai", "MeetScribe Notes"],
    ["a guest's app that reads all history", "slack-broad-history", "Channel Insights Pro"],
    ["more scopes after approval", "scope-escalation", "Channel Insights Pro"],
    ["a channel export", "slack-export", "rowena.castellbry@example.com"],
    ["a drive emptied on a Sunday night", "mass-download", "DriveArchive Plus"],
    ["a secret given to an app by a stranger to it", "credential-added", "Payroll Connector"],
    ["domain-wide delegation widened", "domain-wide-delegation", "crm-mail-sync"],
    ["a burst of MCP tool calls", "mcp-tool-burst", "Atlas Assistant"],
    ["a bot that opens files to the public", "public-link-spree", "Press Kit Bot"],
    ["a person at machine speed", "velocity", "renzo.valecourt@example.com"],
    ["consent for the whole tenant to an unverified app", "tenant-consent", "Insight Exporter"],
  ])("tells %s", (_story, detector, name) => {
    expect(spokenOf(detector)).toContain(name);
  });

  it.each([
    "Cloud Backup Vault",
    "MailVault Archive",
    "Zoom",
    "Zapier",
    "Deploy Bot",
    "renovate",
    "Ticket Triage",
    "CalBridge Sync",
    "dependabot[bot]",
    "directory-sync",
  ])("says nothing above low of %s, which goes about its business", (name) => {
    expect(report.automations.some((automation) => automation.name === name)).toBe(true);
    const loud = report.findings.filter(
      (finding) => nameOf(finding) === name && !["info", "low"].includes(finding.severity),
    );
    expect(loud).toEqual([]);
  });

  it("puts the malicious ones on top and calls no vouched-for app malicious", () => {
    const isMalicious = report.automations.map(
      ({ classification }) => classification === "malicious",
    );
    const malicious = report.automations.filter((_, index) => isMalicious[index] === true);
    const names = malicious.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["Micros0ft Оutlook Sync", "PERFECTDATA SOFTWARE"]),
    );
    expect(isMalicious.slice(0, malicious.length)).not.toContain(false);
    const scores = report.automations.map(({ risk }) => risk.score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  it("every finding explains itself, with evidence that leads to a record", () => {
    for (const finding of report.findings) {
      expect(finding.explanation.length).toBeGreaterThan(60);
      expect(finding.mitre.attack.length + finding.mitre.owasp.length).toBeGreaterThan(0);
      for (const { path, line } of finding.evidence) {
        expect(path.startsWith("exports/")).toBe(true);
        expect(line).toBeGreaterThan(0);
      }
    }
  });
});

describe("after the scan", () => {
  it("explain shows the worst finding by the start of its id", async () => {
    const [worst] = report.findings;
    const { stdout } = await singura(
      "explain",
      worst?.id.slice(0, 8) ?? "",
      "--from",
      "report.json",
    );
    expect(stdout).toContain(worst?.title);
    expect(stdout).toContain(worst?.evidence[0]?.path);
  });

  it("--fail-on makes a pipeline fail with 2", async () => {
    await expect(
      singura("scan", "exports/slack", "--fail-on", "high", "--quarantine", "none"),
    ).rejects.toMatchObject({ code: 2 });
  }, 60_000);

  it("a pipe works as well as a file", async () => {
    const piped = await exec(
      "sh",
      [
        "-c",
        `cat exports/slack/audit-recent.ndjson | "${launcher}" scan - --format csv --quarantine none`,
      ],
      { cwd: folder },
    );
    expect(piped.stdout.split("\r\n")[0]).toContain("detector");
  }, 60_000);
});
