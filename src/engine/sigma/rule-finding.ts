/** From the matches of a rule to a claim like any detector's: severity from its level, techniques from its tags. */

import { clip } from "#base/raw.ts";
import { DAY_MS, dayStart, iso, UNDATED } from "#base/time.ts";
import { technique } from "#catalog/techniques.ts";
import type { AttackType, Severity } from "#contract/finding.ts";
import type { Detector, Evidence } from "#engine/detectors/detector.ts";
import type { RuleDay } from "./matches.ts";

/** What a finding needs to know of a rule. */
export interface RuleFacts {
  /** Its id, or, where it has none, a digest of it; unlike that of any other rule of the same set. */
  readonly key: string;
  readonly title: string;
  readonly description: string | null;
  readonly level: string | null;
  readonly status: string | null;
  readonly tags: readonly string[];
  readonly falsePositives: readonly string[];
}

/** Who claims it, as findings name a detector. */
export type RuleDetector = Pick<
  Detector,
  "id" | "title" | "techniques" | "attackType" | "severity"
>;

export function ruleDetector(rule: RuleFacts): RuleDetector {
  const tags = rule.tags.map((tag) => tag.toLowerCase());
  return {
    id: `sigma:${clip(rule.key, 64)}`,
    title: clip(rule.title, 200),
    techniques: tagged(tags, /^singura\.(t\d{2})$/).filter((id) => technique(id) !== null),
    attackType: attackTypeOf(tags),
    severity: SEVERITY_OF.get(rule.level ?? "") ?? "medium",
  };
}

export function ruleEvidence(rule: RuleFacts, { day, count, samples }: RuleDay): Evidence {
  return {
    window: day === UNDATED ? null : { from: dayStart(day), to: dayStart(day) + DAY_MS },
    ...claimOf(rule),
    explanation: explanationOf(rule, day, count),
    samples,
  };
}

/** How sure its authors are, and what its tags name. */
export function claimOf({ status, tags }: RuleFacts): Pick<Evidence, "confidence" | "mitre"> {
  return {
    confidence: CONFIDENCE_OF.get(status ?? "") ?? NO_STATUS,
    mitre: { attack: attackOf(tags), atlas: atlasOf(tags) },
  };
}

/** The ATT&CK techniques that tags name (T1098.001), each once, sorted. */
export function attackOf(tags: readonly string[]): string[] {
  const lower = tags.map((tag) => tag.toLowerCase());
  return tagged(lower, /^attack\.(t\d{4}(?:\.\d{3})?)$/);
}

function atlasOf(tags: readonly string[]): string[] {
  const lower = tags.map((tag) => tag.toLowerCase());
  return tagged(lower, /^atlas\.(aml\.t\d{4}(?:\.\d{3})?)$/);
}

/** Sigma's levels in our words. */
const SEVERITY_OF: ReadonlyMap<string, Severity> = new Map([
  ["informational", "info"],
  ["low", "low"],
  ["medium", "medium"],
  ["high", "high"],
  ["critical", "critical"],
]);

/**
 * How likely a match of a rule is what its title says. The specification's words: stable rules may be used in production,
 * test rules make few false alarms, experimental ones may make many; the others are not meant for alerts.
 */
const CONFIDENCE_OF: ReadonlyMap<string, number> = new Map([
  ["stable", 0.9],
  ["test", 0.75],
  ["experimental", 0.6],
  ["deprecated", 0.4],
  ["unsupported", 0.3],
]);
const NO_STATUS = 0.6;

/** The first that a rule is tagged with decides: what is lost by it before how it was done. */
const ATTACK_TYPES: readonly (readonly [RegExp, AttackType])[] = [
  [/^atlas\./, "ai_abuse"],
  [/^attack\.(exfiltration|collection|impact)$/, "data_exfiltration"],
  [/^attack\.credential[-_]access$/, "credential_theft"],
  [/^attack\.privilege[-_]escalation$/, "privilege_escalation"],
  [/^attack\./, "backdoor"],
];

function attackTypeOf(tags: readonly string[]): AttackType {
  for (const [pattern, type] of ATTACK_TYPES) {
    if (tags.some((tag) => pattern.test(tag))) return type;
  }
  return "backdoor";
}

/** What the pattern's group holds in the tags that match, upper-case, each once. */
function tagged(tags: readonly string[], pattern: RegExp): string[] {
  const found = tags.flatMap((tag) => pattern.exec(tag)?.[1]?.toUpperCase() ?? []);
  return [...new Set(found)].sort();
}

/** Texts of rules are somebody else's, and may be of any length. */
const DESCRIPTION_MAX = 600;
const REASON_MAX = 160;
const REASONS_MAX = 5;

function explanationOf(rule: RuleFacts, day: number, count: number): string {
  const when = day === UNDATED ? "at an unknown time" : `on ${iso(dayStart(day))?.slice(0, 10)}`;
  const times = count === 1 ? "one record" : `${count} records`;
  return [
    `The Sigma rule “${clip(rule.title, 200)}” matched ${times} ${when} (UTC).`,
    ...saidOf(rule),
  ].join(" ");
}

/** What its authors say about it, in whole sentences. */
export function saidOf(rule: RuleFacts): string[] {
  const parts: string[] = [];
  const description = sentence(rule.description ?? "", DESCRIPTION_MAX);
  if (description !== "") parts.push(description);
  const reasons = rule.falsePositives
    .map((reason) => sentence(reason, REASON_MAX).replace(/\.$/, ""))
    .filter((reason) => reason !== "" && !/^(unknown|unlikely|none)$/i.test(reason));
  if (reasons.length > 0) {
    parts.push(`Honest reasons, by its authors: ${reasons.slice(0, REASONS_MAX).join("; ")}.`);
  }
  return parts;
}

function sentence(text: string, max: number): string {
  const flat = clip(text.replace(/\s+/g, " ").trim(), max);
  return flat === "" || /[.!?…]$/.test(flat) ? flat : `${flat}.`;
}
