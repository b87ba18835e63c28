/** Holds records against rules: which rules read a record, and which of them it matches. */

import type { Raw } from "#base/raw.ts";
import type { Platform } from "#contract/platform.ts";
import { type RuleSet, ruleSet } from "./compile/rule-set.ts";
import { correlationSet, type Lens, seen } from "./correlate/from-rule.ts";
import { ruleKey, rulesIn } from "./documents.ts";
import type { Hit } from "./matches.ts";
import type { Accessor } from "./pipelines/path.ts";
import { meets, opened, type Reads, readsService, route } from "./pipelines/pipelines.ts";
import { fieldReader } from "./pipelines/reader.ts";
import type { Logsource, SigmaDocument, SigmaFilter, SigmaRule } from "./rule.ts";
import { textsOf } from "./values.ts";

/** The places in the list of rules of those that the record matches, ascending. */
export type Matcher = (record: Raw, platform: Platform, service: string) => readonly number[];

/** For each event in a record the rules that it matches, in the events' order. */
export type RecordMatcher = (
  record: Raw,
  platform: Platform,
  service: string,
) => readonly (readonly Hit[])[];

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

/** The same for records as they are exported, which may hold several events; with what correlations see of each match. */
export function recordMatcher(documents: readonly SigmaDocument[]): RecordMatcher {
  const rules = rulesIn(documents);
  const { lenses } = correlationSet(documents, ruleKey);
  const hits = rules.map((rule) => hitOf(rule, lenses.get(ruleKey(rule)) ?? []));
  const matcher = matcherOf(
    rules,
    documents.filter((one) => one.kind === "filter"),
  );
  return (record, platform, service) =>
    opened(service, record).map((event) =>
      matcher(event, platform, service).flatMap((index) => hits[index]?.(event) ?? []),
    );
}

/** Where no correlation reads the rule, every match of it is one and the same object. */
function hitOf(rule: SigmaRule, lenses: readonly Lens[]): (event: Raw) => Hit {
  const key = ruleKey(rule);
  if (lenses.length === 0) {
    const hit: Hit = { rule: key, seen: [] };
    return () => hit;
  }
  const read = fieldReader(rule.logsource);
  return (event) => ({
    rule: key,
    seen: lenses.map((lens) => ({
      correlation: lens.correlation,
      grouped: seen(lens, (field) => textsOf(read(field)(event))),
    })),
  });
}
