/** Holds records against rules: which rules read a record, and which of them it matches. */

import { digest } from "#base/hash.ts";
import type { Raw } from "#base/raw.ts";
import type { Platform } from "#contract/platform.ts";
import { type RuleSet, ruleSet } from "./compile/rule-set.ts";
import type { Accessor } from "./pipelines/path.ts";
import { meets, opened, type Reads, readsService, route } from "./pipelines/pipelines.ts";
import { fieldReader } from "./pipelines/reader.ts";
import type { Logsource, SigmaDocument, SigmaFilter, SigmaRule } from "./rule.ts";
import type { RuleFacts } from "./rule-finding.ts";

/** The places in the list of rules of those that the record matches, ascending. */
export type Matcher = (record: Raw, platform: Platform, service: string) => readonly number[];

/** For each event in a record the keys of the rules that it matches, in the events' order. */
export type RecordMatcher = (
  record: Raw,
  platform: Platform,
  service: string,
) => readonly (readonly string[])[];

/** Rules that read no log of a platform match nothing here. Filters take matches away from the rules that they name. */
export function matcherOf(
  rules: readonly SigmaRule[],
  filters: readonly SigmaFilter[] = [],
): Matcher {
  const readers = new Map<string, (field: string) => Accessor>();
  const routed = rules.map((rule, index) => {
    const asked = [rule, ...filters.filter((filter) => isFiltered(rule, filter))];
    return {
      index,
      reads: route(rule.logsource).flatMap(({ reads }) => reads),
      detections: asked.map(({ detection }) => detection),
      read: readerOf(rule.logsource, readers),
    };
  });
  const byService = new Map<string, RuleSet>();
  return (record, platform, service) => {
    const key = `${platform} ${service}`;
    let set = byService.get(key);
    if (set === undefined) {
      set = ruleSet(
        routed.flatMap(({ reads, ...one }) => {
          const some = reads.filter((way) => readsService(way, platform, service));
          return some.length === 0 ? [] : [{ ...one, isRead: conditionOf(some) }];
        }),
      );
      byService.set(key, set);
    }
    return set.match(record);
  };
}

/** One reader for all rules of a logsource, so that they share what they read. */
function readerOf(
  logsource: Logsource,
  readers: Map<string, (field: string) => Accessor>,
): (field: string) => Accessor {
  const { category, product, service } = logsource;
  const key = JSON.stringify([category, product, service]);
  let reader = readers.get(key);
  if (reader === undefined) {
    reader = fieldReader(logsource);
    readers.set(key, reader);
  }
  return reader;
}

/** Null where one way reads every record of the service. */
function conditionOf(reads: readonly Reads[]): ((record: Raw) => boolean) | null {
  return reads.some(({ condition }) => condition === null)
    ? null
    : (record) => reads.some((way) => meets(way, record));
}

function isFiltered(rule: SigmaRule, filter: SigmaFilter): boolean {
  const { rules } = filter;
  const isNamed =
    rules === "any" || rules.some((named) => named === rule.id || named === rule.name);
  const parts = ["category", "product", "service"] as const satisfies (keyof Logsource)[];
  return (
    isNamed &&
    parts.every((part) => {
      const asked = filter.logsource[part];
      return asked === null || asked === rule.logsource[part];
    })
  );
}

/** The same for records as they are exported, which may hold several events. */
export function recordMatcher(documents: readonly SigmaDocument[]): RecordMatcher {
  const rules = rulesIn(documents);
  const keys = rules.map(ruleKey);
  const matcher = matcherOf(
    rules,
    documents.filter((one) => one.kind === "filter"),
  );
  return (record, platform, service) =>
    opened(service, record).map((event) =>
      matcher(event, platform, service).flatMap((index) => keys[index] ?? []),
    );
}

export function rulesIn(documents: readonly SigmaDocument[]): SigmaRule[] {
  return documents.filter((one) => one.kind === "rule");
}

/** The rules that speak for themselves: a correlation silences those that it is made of, unless it says `generate`. */
export function speakingRules(documents: readonly SigmaDocument[]): SigmaRule[] {
  const silenced = new Set(
    documents.flatMap((one) => (one.kind === "correlation" && !one.generate ? one.rules : [])),
  );
  return rulesIn(documents).filter(
    ({ id, name }) => !silenced.has(id ?? "") && !silenced.has(name ?? ""),
  );
}

/** What stands for a rule in observations and in the ids of findings. */
export function ruleKey(rule: SigmaRule): string {
  return rule.id ?? digest([rule.title, rule.name ?? ""], 16);
}

export function factsOf(rule: SigmaRule): RuleFacts {
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
