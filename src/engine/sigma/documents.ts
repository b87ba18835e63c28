/** What the documents of rule files are to each other: what each goes by, and which of them speak. */

import { digest } from "#base/hash.ts";
import type { SigmaCorrelation, SigmaDocument, SigmaRule } from "./rule.ts";
import type { RuleFacts } from "./rule-finding.ts";

/** What is found in records, or in what was found in them. */
export type Speaker = SigmaRule | SigmaCorrelation;

export function rulesIn(documents: readonly SigmaDocument[]): SigmaRule[] {
  return documents.filter((one) => one.kind === "rule");
}

/**
 * The rules and correlations that speak for themselves: a correlation silences those that it is made of, unless it says
 * `generate`.
 */
export function speakingDocuments(documents: readonly SigmaDocument[]): Speaker[] {
  const silenced = new Set(
    documents.flatMap((one) => (one.kind === "correlation" && !one.generate ? one.rules : [])),
  );
  return documents
    .filter((one) => one.kind !== "filter")
    .filter(({ id, name }) => !silenced.has(id ?? "") && !silenced.has(name ?? ""));
}

/** What stands for a rule or correlation in observations and in the ids of findings. */
export function ruleKey({ id, title, name }: Speaker): string {
  return id ?? digest([title, name ?? ""], 16);
}

export function factsOf(rule: Speaker): RuleFacts {
  return {
    key: ruleKey(rule),
    title: rule.title,
    description: rule.description,
    level: rule.level,
    status: rule.status,
    tags: rule.tags,
    falsePositives: rule.falsepositives,
  };
}
