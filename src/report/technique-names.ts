/** Names for the technique ids in a report: our own, and those of ATT&CK, ATLAS and OWASP. */

import { technique } from "#catalog/techniques.ts";
import type { ReportFinding } from "#contract/report.ts";

/** The matrices that the names below were taken from. */
export const ATTACK_VERSION = "17.1";
export const ATLAS_VERSION = "5.6.0";

/** MITRE ATT&CK (Enterprise) names of the techniques that the catalogue maps to, and of their parents. */
const ATTACK_NAMES: Readonly<Record<string, string>> = {
  T1029: "Scheduled Transfer",
  T1030: "Data Transfer Size Limits",
  T1036: "Masquerading",
  "T1036.010": "Masquerade Account Name",
  T1069: "Permission Groups Discovery",
  "T1069.003": "Cloud Groups",
  T1078: "Valid Accounts",
  "T1078.004": "Cloud Accounts",
  T1087: "Account Discovery",
  "T1087.004": "Cloud Account",
  T1098: "Account Manipulation",
  "T1098.001": "Additional Cloud Credentials",
  "T1098.002": "Additional Email Delegate Permissions",
  "T1098.003": "Additional Cloud Roles",
  T1114: "Email Collection",
  "T1114.002": "Remote Email Collection",
  "T1114.003": "Email Forwarding Rule",
  T1119: "Automated Collection",
  T1136: "Create Account",
  "T1136.003": "Cloud Account",
  T1137: "Office Application Startup",
  "T1137.005": "Outlook Rules",
  T1195: "Supply Chain Compromise",
  T1199: "Trusted Relationship",
  T1204: "User Execution",
  T1213: "Data from Information Repositories",
  "T1213.002": "Sharepoint",
  "T1213.005": "Messaging Applications",
  T1484: "Domain or Tenant Policy Modification",
  "T1484.002": "Trust Modification",
  T1485: "Data Destruction",
  T1486: "Data Encrypted for Impact",
  T1528: "Steal Application Access Token",
  T1530: "Data from Cloud Storage",
  T1534: "Internal Spearphishing",
  T1537: "Transfer Data to Cloud Account",
  T1539: "Steal Web Session Cookie",
  T1546: "Event Triggered Execution",
  T1550: "Use Alternate Authentication Material",
  "T1550.001": "Application Access Token",
  T1552: "Unsecured Credentials",
  "T1552.008": "Chat Messages",
  T1556: "Modify Authentication Process",
  "T1556.009": "Conditional Access Policies",
  T1562: "Impair Defenses",
  "T1562.008": "Disable or Modify Cloud Logs",
  T1564: "Hide Artifacts",
  "T1564.008": "Email Hiding Rules",
  T1566: "Phishing",
  "T1566.002": "Spearphishing Link",
  T1567: "Exfiltration Over Web Service",
  "T1567.004": "Exfiltration Over Webhook",
  T1648: "Serverless Execution",
  T1656: "Impersonation",
  T1671: "Cloud Application Integration",
};

/** MITRE ATLAS names of the techniques that the catalogue maps to, and of their parents. */
const ATLAS_NAMES: Readonly<Record<string, string>> = {
  "AML.T0034": "Cost Harvesting",
  "AML.T0051": "LLM Prompt Injection",
  "AML.T0051.001": "Indirect",
  "AML.T0053": "AI Agent Tool Invocation",
  "AML.T0081": "Modify AI Agent Configuration",
  "AML.T0083": "Credentials from AI Agent Configuration",
  "AML.T0085": "Data from AI Services",
  "AML.T0085.001": "AI Agent Tools",
  "AML.T0086": "Exfiltration via AI Agent Tool Invocation",
  "AML.T0093": "Prompt Infiltration via Public-Facing Application",
  "AML.T0101": "Data Destruction via AI Agent Tool Invocation",
  "AML.T0103": "Deploy AI Agent",
  "AML.T0109": "AI Supply Chain Rug Pull",
  "AML.T0110": "AI Agent Tool Poisoning",
};

/** OWASP names: non-human identities (NHI, 2025), agentic applications (ASI, 2026), language models (LLM, 2025). */
const OWASP_NAMES: Readonly<Record<string, string>> = {
  ASI01: "Agent Goal Hijack",
  ASI02: "Tool Misuse and Exploitation",
  ASI03: "Identity and Privilege Abuse",
  ASI04: "Agentic Supply Chain Vulnerabilities",
  ASI05: "Unexpected Code Execution",
  ASI10: "Rogue Agents",
  LLM01: "Prompt Injection",
  NHI1: "Improper Offboarding",
  NHI2: "Secret Leakage",
  NHI3: "Vulnerable Third-Party NHI",
  NHI4: "Insecure Authentication",
  NHI5: "Overprivileged NHI",
  NHI7: "Long-Lived Secrets",
  NHI9: "NHI Reuse",
  NHI10: "Human Use of NHI",
};

/** Our own name of a technique T01–T76; null for one that the catalogue lacks. */
export function techniqueTitle(id: string): string | null {
  return technique(id)?.title ?? null;
}

/** ATT&CK's name of a technique or sub-technique; null where it is not carried. */
export function attackName(id: string): string | null {
  return named(ATTACK_NAMES, id);
}

/** ATLAS's name of a technique or sub-technique; null where it is not carried. */
export function atlasName(id: string): string | null {
  return named(ATLAS_NAMES, id);
}

/** An id of a finding with the framework that it is from and its name there. */
export interface NamedTechnique {
  id: string;
  /** "" for our own T01–T76. */
  framework: string;
  name: string | null;
}

/** All technique ids of a finding with their names, ours first. A sub-technique's name follows its parent's. */
export function namedTechniques({ techniques, mitre }: ReportFinding): NamedTechnique[] {
  const row = (framework: string, name: (id: string) => string | null) => (id: string) => ({
    id,
    framework,
    name: name(id),
  });
  return [
    ...techniques.map(row("", techniqueTitle)),
    ...mitre.attack.map(row("MITRE ATT&CK", (id) => withParent(id, attackName, 1))),
    ...mitre.atlas.map(row("MITRE ATLAS", (id) => withParent(id, atlasName, 2))),
    ...mitre.owasp.map(row("OWASP", (id) => named(OWASP_NAMES, id))),
  ];
}

/** "Email Collection: Remote Email Collection" for T1114.002; `parts` is how many parts the parent's id has. */
function withParent(id: string, name: (id: string) => string | null, parts: number): string | null {
  const parent = id.split(".").slice(0, parts).join(".");
  const own = name(id);
  const above = parent === id ? null : name(parent);
  return own === null || above === null ? own : `${above}: ${own}`;
}

function named(names: Readonly<Record<string, string>>, id: string): string | null {
  return Object.hasOwn(names, id) ? (names[id] ?? null) : null;
}
