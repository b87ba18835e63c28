/** Holds exported logs against Sigma rules and tells every match and every alert of correlations, without judging anything else. */

import { PAGE_KEYS } from "#base/page.ts";
import { SeenSet } from "#base/seen-set.ts";
import { dayOf } from "#base/time.ts";
import type { AuditEvent } from "#contract/event.ts";
import { aboutOf } from "#engine/observe.ts";
import { alertsOf } from "#engine/sigma/correlate/alerts.ts";
import { type CorrelationFacts, correlationsIn } from "#engine/sigma/correlate/correlations.ts";
import type { Alert } from "#engine/sigma/correlate/correlator.ts";
import { addKept, type Kept, type KeptMatch } from "#engine/sigma/correlate/kept.ts";
import { ruleKey, speakingDocuments } from "#engine/sigma/documents.ts";
import { recordMatcher } from "#engine/sigma/matcher.ts";
import type { SigmaDocument } from "#engine/sigma/rule.ts";
import { Buffers } from "#kit/reading/buffers.ts";
import type { Source } from "#kit/reading/sources.ts";
import { BATCH_BYTES, type SplitResult, split } from "#kit/reading/split.ts";
import type { Job } from "./job.ts";
import { type Filter, readBatch } from "./scan/read-batch.ts";

/** One new event, and the keys of the rules that its record matched and that speak for themselves. */
export interface RuleMatch {
  readonly event: AuditEvent;
  readonly path: string;
  readonly rules: readonly string[];
}

/** What a correlation said, and the file of the first record that it shows. */
export interface RuleAlert {
  readonly facts: CorrelationFacts;
  readonly alert: Alert<KeptMatch>;
  readonly path: string;
}

export interface MatchRulesDeps {
  /** In the order of the input; the next record is read when it is done. */
  readonly onMatch: (match: RuleMatch) => Promise<void> | void;
  /** After the last record, in the order in which the conditions were met. */
  readonly onAlert: (alert: RuleAlert) => Promise<void> | void;
}

export interface MatchRulesInput {
  readonly sources: readonly Source[];
  readonly filter: Filter;
  readonly rules: readonly SigmaDocument[];
  /** Secret seed of the duplicate filter's hash. */
  readonly seed: number;
}

/** What the matches are to be measured against. */
export interface MatchRulesSummary {
  readonly records: number;
  /** New ones; duplicates are told once. */
  readonly events: number;
  readonly quarantined: number;
  readonly matches: number;
  /** Of correlations. */
  readonly alerts: number;
  /** Pairs of an automation and a UTC day on which it did anything. */
  readonly automationDays: number;
  readonly days: number;
}

export const matchRules: Job<MatchRulesDeps, MatchRulesInput, MatchRulesSummary> = {
  name: "match-rules",
  async run({ onMatch, onAlert }, { sources, filter, rules, seed }) {
    const speaking = new Set(speakingDocuments(rules).map(ruleKey));
    const kept: Kept = new Map();
    const matcher = recordMatcher(rules);
    const buffers = new Buffers(BATCH_BYTES);
    const seen = new SeenSet();
    const active = new Map<number, Set<string>>();
    const counts = { records: 0, events: 0, quarantined: 0, matches: 0, alerts: 0 };
    for (const [index, source] of sources.entries()) {
      const result: SplitResult = { shape: "empty" };
      for await (const batch of split(
        source.open(() => {}),
        index,
        PAGE_KEYS,
        result,
        buffers,
      )) {
        const content = readBatch(batch, { filter, seed, matcher });
        buffers.give(batch.bytes.buffer);
        counts.records += content.records;
        counts.quarantined += content.rejects.length;
        for (const [place, event] of content.events.entries()) {
          const [high = 0, low = 0] = content.keys.subarray(place * 2, place * 2 + 2);
          if (!seen.add(high, low)) continue;
          counts.events++;
          noteActive(active, event);
          const hits = content.matched.get(place) ?? [];
          if (hits.length === 0) continue;
          addKept(kept, event, hits, aboutOf(event));
          const matched = hits.map(({ rule }) => rule).filter((rule) => speaking.has(rule));
          if (matched.length === 0) continue;
          counts.matches += matched.length;
          await onMatch({ event, path: source.path, rules: matched });
        }
      }
    }
    const { plans, facts: factsById } = correlationsIn(rules);
    for (const alert of alertsOf(kept, plans).alerts) {
      const facts = factsById.get(alert.correlation);
      if (facts === undefined) continue;
      counts.alerts++;
      const path = sources[alert.tags[0]?.sample.ref.source ?? -1]?.path ?? "";
      await onAlert({ facts, alert, path });
    }
    let automationDays = 0;
    for (const names of active.values()) automationDays += names.size;
    return { ...counts, automationDays, days: active.size };
  },
};

function noteActive(active: Map<number, Set<string>>, event: AuditEvent): void {
  const day = dayOf(event.at);
  const names = active.get(day) ?? new Set();
  active.set(day, names);
  if (event.automation !== null) names.add(`${event.platform}|${event.automation.nativeId}`);
}
