/** The correlations of rule files, ready to be judged and spoken of. */

import { factsOf, ruleKey, speakingDocuments } from "#engine/sigma/documents.ts";
import type { SigmaCorrelation, SigmaDocument } from "#engine/sigma/rule.ts";
import type { RuleFacts } from "#engine/sigma/rule-finding.ts";
import { type CorrelationSet, correlationSet } from "./from-rule.ts";

/** A correlation that speaks for itself, as a finding tells of it. */
export interface CorrelationFacts extends RuleFacts {
  readonly asks: SigmaCorrelation;
  /** Titles of the rules and correlations that it reads, in its order. */
  readonly sources: readonly string[];
}

export interface Correlations extends CorrelationSet {
  /** By their ids; without those that are silent because another correlation reads them. */
  readonly facts: ReadonlyMap<string, CorrelationFacts>;
}

export function correlationsIn(documents: readonly SigmaDocument[]): Correlations {
  const set = correlationSet(documents, ruleKey);
  const titles = new Map<string, string>();
  for (const one of documents) {
    if (one.kind === "filter") continue;
    for (const reference of [one.name, one.id])
      if (reference !== null) titles.set(reference, one.title);
  }
  const facts = new Map<string, CorrelationFacts>();
  for (const asks of speakingDocuments(documents)) {
    if (asks.kind !== "correlation" || !set.documents.has(ruleKey(asks))) continue;
    const sources = asks.rules.map((reference) => titles.get(reference) ?? reference);
    facts.set(ruleKey(asks), { ...factsOf(asks), asks, sources });
  }
  return { ...set, facts };
}
