/** What an alert is: the one definition that every count of alerts uses. */

import { dayOf, UNDATED } from "#base/time.ts";
import { SEVERITIES } from "#contract/finding.ts";
import type { Finding } from "#engine/assess.ts";
import { classify, isSuspicious, riskOf } from "#engine/score.ts";
import type { Subject } from "./subjects.ts";

export interface Alert {
  /** UTC day since 1970; UNDATED where only findings without a window speak, which stand from the first day on. */
  readonly day: number;
  /** Index in SEVERITIES. */
  readonly level: number;
}

/**
 * An alert is the first day on which an automation's or person's findings make it suspicious or worse, and each later day
 * that raises its level. A finding belongs to the last day of its window, for only then can it be made. So a week of the
 * same trouble is one alert, and trouble that grows is one more.
 *
 * The level is that of the risk of an automation, and the worst finding's severity of a person. Neither ever falls.
 */
export function alertsOf(subject: Pick<Subject, "automation" | "findings">): Alert[] {
  const { automation, findings } = subject;
  const byDay = Map.groupBy(findings, ({ window }) =>
    window === null ? UNDATED : dayOf(window.to - 1),
  );
  // An automation that is known to be bad needs no finding to be suspected.
  const days = new Set([...byDay.keys(), ...(automation === null ? [] : [UNDATED])]);
  const soFar: Finding[] = [];
  const alerts: Alert[] = [];
  let raised = -1;
  for (const day of [...days].sort((a, b) => a - b)) {
    for (const one of byDay.get(day) ?? []) soFar.push(one);
    const level = levelOf(automation, soFar);
    if (level > raised) {
      alerts.push({ day, level });
      raised = level;
    }
  }
  return alerts;
}

/** -1 while nobody needs to be alerted. */
function levelOf(automation: Subject["automation"], findings: readonly Finding[]): number {
  if (automation === null) {
    if (!isSuspicious(findings)) return -1;
    const worst = findings.map(({ severity }) => SEVERITIES.indexOf(severity));
    return worst.reduce((a, b) => Math.max(a, b), -1);
  }
  const risk = riskOf(automation, findings);
  const classification = classify(automation, risk, findings);
  const isSuspected = classification === "malicious" || classification === "suspicious";
  return isSuspected ? SEVERITIES.indexOf(risk.level) : -1;
}

/** Alerts for every thousand automations and day. Null where there is nothing to be alerted about. */
export function alertRate(alerts: number, automations: number, days: number): number | null {
  return automations === 0 || days === 0 ? null : (alerts / automations / days) * 1_000;
}
