/** Holds exported logs against Sigma rules and tells every match, without judging anything else. */

import { PAGE_KEYS } from "#base/page.ts";
import { SeenSet } from "#base/seen-set.ts";
import { dayOf } from "#base/time.ts";
import type { AuditEvent } from "#contract/event.ts";
import { recordMatcher } from "#engine/sigma/matcher.ts";
import type { SigmaDocument } from "#engine/sigma/rule.ts";
import { Buffers } from "#kit/reading/buffers.ts";
import type { Source } from "#kit/reading/sources.ts";
import { BATCH_BYTES, type SplitResult, split } from "#kit/reading/split.ts";
import type { Job } from "./job.ts";
import { type Filter, readBatch } from "./scan/read-batch.ts";

/** One new event, and the keys of the rules that its record matched. */
export interface RuleMatch {
  readonly event: AuditEvent;
  readonly path: string;
  readonly rules: readonly string[];
}

export interface MatchRulesDeps {
  /** In the order of the input; the next record is read when it is done. */
  readonly onMatch: (match: RuleMatch) => Promise<void> | void;
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
  /** Pairs of an automation and a UTC day on which it did anything. */
  readonly automationDays: number;
  readonly days: number;
}

export const matchRules: Job<MatchRulesDeps, MatchRulesInput, MatchRulesSummary> = {
  name: "match-rules",
  async run({ onMatch }, { sources, filter, rules, seed }) {
    const matcher = recordMatcher(rules);
    const buffers = new Buffers(BATCH_BYTES);
    const seen = new SeenSet();
    const active = new Map<number, Set<string>>();
    const counts = { records: 0, events: 0, quarantined: 0, matches: 0 };
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
          const matched = content.matched.get(place) ?? [];
          if (matched.length === 0) continue;
          counts.matches += matched.length;
          await onMatch({ event, path: source.path, rules: matched });
        }
      }
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
