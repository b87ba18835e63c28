/** What rules matched for one automation or person, a UTC day at a time: bounded, and merged in any order to the same. */

import { dayOf } from "#base/time.ts";
import type { AuditEvent } from "#contract/event.ts";
import { CLASS_INDEX } from "#engine/profile/indexes.ts";
import { bySampleOrder, type Sample, sampleOf } from "#engine/profile/sample.ts";
import type { Grouped } from "./correlate/correlator.ts";

/** That an event matched a rule. */
export interface Hit {
  /** The key of the rule, see `RuleFacts`. */
  readonly rule: string;
  /** What each correlation that reads the rule sees of the event; for most rules there is none. */
  readonly seen: readonly Sight[];
}

export interface Sight {
  /** The correlation's id. */
  readonly correlation: string;
  /** Null where the event lacks a field that it groups by. */
  readonly grouped: Grouped | null;
}

/** How many records of one rule and day are shown as evidence; all of them are counted. */
export const MATCH_SAMPLES_MAX = 5;

/** One rule's matches on one day. */
export interface RuleDay {
  /** The key of the rule, see `RuleFacts`. */
  readonly rule: string;
  readonly day: number;
  count: number;
  /** The earliest ones. */
  samples: Sample[];
}

/** By rule and day. */
export type Matches = Map<string, RuleDay>;

/** Counts one new event for each of the rules that it matched. */
export function addMatches(matches: Matches, event: AuditEvent, hits: readonly Hit[]): void {
  const day = dayOf(event.at);
  for (const { rule } of hits) {
    const held = ruleDay(matches, rule, day);
    held.count++;
    const last = held.samples.at(-1);
    const isFull = held.samples.length >= MATCH_SAMPLES_MAX;
    if (isFull && last !== undefined && (event.at ?? 0) > (last.at ?? 0)) continue;
    held.samples = firstOf([...held.samples, sampleOf(event, CLASS_INDEX.get(event.class) ?? 0)]);
  }
}

/** Adds all of `from` into `into`. Associative and commutative. */
export function mergeMatches(into: Matches, from: Matches): void {
  for (const { rule, day, count, samples } of from.values()) {
    const held = ruleDay(into, rule, day);
    held.count += count;
    held.samples = firstOf([...held.samples, ...samples]);
  }
}

/** By day, then by rule. */
export function inMatchOrder(matches: Matches): RuleDay[] {
  return [...matches.values()].sort(
    (a, b) => a.day - b.day || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0),
  );
}

/** Where a rule's day stands among the matches. */
export function matchKey(rule: string, day: number): string {
  return `${day}|${rule}`;
}

function ruleDay(matches: Matches, rule: string, day: number): RuleDay {
  const key = matchKey(rule, day);
  let held = matches.get(key);
  if (held === undefined) {
    held = { rule, day, count: 0, samples: [] };
    matches.set(key, held);
  }
  return held;
}

function firstOf(samples: Sample[]): Sample[] {
  return samples.sort(bySampleOrder).slice(0, MATCH_SAMPLES_MAX);
}
