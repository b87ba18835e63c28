/** Findings: what a detector claims about one automation or person in one window. */

import { z } from "zod";

export const Severity = z.enum(["info", "low", "medium", "high", "critical"]);
export type Severity = z.infer<typeof Severity>;

/** Severities from mildest to worst, for comparing. */
export const SEVERITIES = Severity.options;

/** Whether `severity` is `floor` or worse. */
export function isAtLeast(severity: Severity, floor: Severity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(floor);
}

export const AttackType = z.enum([
  "data_exfiltration",
  "privilege_escalation",
  "credential_theft",
  "backdoor",
  "rate_limit_evasion",
  "ai_abuse",
]);
export type AttackType = z.infer<typeof AttackType>;

export const TechniqueId = z.string().regex(/^T\d{2}$/);

export const Classification = z.enum(["malicious", "suspicious", "legitimate", "unknown"]);
export type Classification = z.infer<typeof Classification>;
