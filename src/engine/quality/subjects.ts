/** Everybody who was judged, beside the truth about them: the rows that all figures are counted over. */

import { parseTime } from "#base/time.ts";
import type { Label, LabelSubject, RosterEntry } from "#contract/label.ts";
import type { Platform } from "#contract/platform.ts";
import type { AssessedAutomation, Assessment, Finding } from "#engine/assess.ts";
import { automationKey, type Observations, personKey } from "#engine/observe.ts";
import { isSuspicious, riskOfPerson } from "#engine/score.ts";

export interface Subject {
  readonly platform: Platform;
  readonly kind: "automation" | "person";
  /** Native id of the automation; e-mail address or vendor's id of the person. */
  readonly id: string;
  /** Null for a person, and for an automation that no record named. */
  readonly automation: AssessedAutomation | null;
  readonly findings: readonly Finding[];
  /** 0..100, by which the curve ranks. */
  readonly score: number;
  /** Malicious or suspicious; for a person, findings that together deserve a look. */
  readonly isPositive: boolean;
  /** The attacks that name it; none for the innocent. */
  readonly attacks: readonly Label[];
  /** The look-alikes that name it. */
  readonly lookalikes: readonly Label[];
}

export interface Evidence {
  readonly assessment: Assessment;
  /** Who was observed, with aliases resolved. What they did is not looked at. */
  readonly observed: Observations;
  readonly labels: readonly Label[];
  /** Automations that the company really has; those that no record named were not suspected, and that counts. */
  readonly roster: readonly RosterEntry[];
}

type Row = Omit<Subject, "attacks" | "lookalikes">;

/**
 * One row for each automation and person that was observed, is labelled, or stands in the roster. Who is labelled and was
 * never observed is a miss; who is neither suspected nor labelled is a true negative.
 */
export function subjectsOf({ assessment, observed, labels, roster }: Evidence): Subject[] {
  const rows = new Map<string, Row>();
  const aliases = new Map<string, string>();
  const bySubject = involving(assessment.findings);
  for (const automation of assessment.automations) {
    const key = automationKey(automation.platform, automation.nativeId);
    rows.set(key, automationRow(automation, bySubject.get(key) ?? []));
    for (const alias of automation.aliases) {
      aliases.set(automationKey(automation.platform, alias), key);
    }
  }
  for (const [key, { platform, id, aliases: others }] of observed.people) {
    rows.set(key, personRow(platform, id, bySubject.get(key) ?? []));
    for (const alias of others) aliases.set(personKey(platform, alias), key);
  }
  function keyOf(subject: LabelSubject): string {
    const key = labelledKey(subject);
    return rows.has(key) ? key : (aliases.get(key) ?? key);
  }
  function meet(subject: LabelSubject): string {
    const key = keyOf(subject);
    if (!rows.has(key)) rows.set(key, unseenRow(subject));
    return key;
  }
  for (const { platform, nativeId } of roster) {
    meet({ platform, automation: nativeId, principal: null });
  }
  const attacks = new Map<string, Label[]>();
  const lookalikes = new Map<string, Label[]>();
  for (const label of labels) {
    const into = label.attackType === null ? lookalikes : attacks;
    for (const key of new Set(label.subjects.map(meet))) {
      into.set(key, [...(into.get(key) ?? []), label]);
    }
  }
  return [...rows.keys()].sort().flatMap((key): Subject[] => {
    const row = rows.get(key);
    if (row === undefined) return [];
    return [{ ...row, attacks: attacks.get(key) ?? [], lookalikes: lookalikes.get(key) ?? [] }];
  });
}

/** The findings about each automation and person, by key; a chain is about all that take a step in it. */
function involving(findings: readonly Finding[]): Map<string, Finding[]> {
  const found = new Map<string, Finding[]>();
  for (const finding of findings) {
    for (const key of new Set([finding, ...finding.shares].map(keyOfParty))) {
      const own = found.get(key);
      if (own === undefined) found.set(key, [finding]);
      else own.push(finding);
    }
  }
  return found;
}

type Party = Pick<Finding, "platform" | "automationId" | "principal">;

function keyOfParty({ platform, automationId, principal }: Party): string {
  return automationId === null
    ? personKey(platform, principal ?? "")
    : // An automation's id is its platform and native id.
      automationKey(platform, automationId.slice(platform.length + 1));
}

function labelledKey({ platform, automation, principal }: LabelSubject): string {
  return automation === null
    ? personKey(platform, (principal ?? "").toLowerCase())
    : automationKey(platform, automation);
}

function automationRow(automation: AssessedAutomation, findings: readonly Finding[]): Row {
  const { platform, nativeId, risk, classification } = automation;
  return {
    platform,
    kind: "automation",
    id: nativeId,
    automation,
    findings,
    score: risk.score,
    isPositive: classification === "malicious" || classification === "suspicious",
  };
}

function personRow(platform: Platform, id: string, findings: readonly Finding[]): Row {
  return {
    platform,
    kind: "person",
    id,
    automation: null,
    findings,
    score: riskOfPerson(findings).score,
    isPositive: isSuspicious(findings),
  };
}

function unseenRow({ platform, automation, principal }: LabelSubject): Row {
  return {
    platform,
    kind: automation === null ? "person" : "automation",
    id: automation ?? principal ?? "",
    automation: null,
    findings: [],
    score: 0,
    isPositive: false,
  };
}

/** An attack may be noticed this long after its last record: windows reach back, and logs arrive late. */
const GRACE_MS = 3 * 86_400_000;

/**
 * Whether a finding may be about what the label tells of: its window and the time from the label's first record to three
 * days after its last one have a moment in common. A finding without a window speaks of what is so at all times.
 */
export function isAbout({ window }: Finding, label: Label): boolean {
  if (window === null) return true;
  const { from, to } = spanOf(label);
  return window.to > from && window.from <= to + GRACE_MS;
}

/** First and last record of a label, epoch milliseconds. */
export function spanOf(label: Label): { from: number; to: number } {
  const from = parseTime(label.from);
  const to = parseTime(label.to);
  if (from === null || to === null || to < from) {
    throw new Error(`the label of ${label.scenario} has no valid time span`);
  }
  return { from, to };
}
