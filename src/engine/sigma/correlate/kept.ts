/** The matches that correlations read, kept until everything is read: bounded, and merged in any order to the same. */

import { digest } from "#base/hash.ts";
import { compareText } from "#base/order.ts";
import { type AuditEvent, identityOf } from "#contract/event.ts";
import { CLASS_INDEX } from "#engine/profile/indexes.ts";
import { bySampleOrder, type Sample, sampleOf } from "#engine/profile/sample.ts";
import type { Hit } from "#engine/sigma/matches.ts";
import { CORRELATOR_DEFAULTS, type Grouped } from "./correlator.ts";

/**
 * Matches of one rule that are kept; of more, the earliest are let go and counted. As many as a window may hold, so that no
 * condition that is allowed is out of reach. At some 950 bytes each a rule takes 120 MB at most in every thread that reads.
 */
export const KEPT_MAX = CORRELATOR_DEFAULTS.windowMax;

/** What one correlation sees of an event that belongs to one of its groups. */
export interface KeptSight {
  readonly correlation: string;
  readonly grouped: Grouped;
}

export interface KeptMatch {
  /** Epoch milliseconds, event time. */
  readonly at: number;
  /** Tells the event from every other one. */
  readonly id: string;
  /** The key of the automation or person that a finding about the event would be about. */
  readonly about: string;
  /** By the correlations' ids; never empty. */
  readonly seen: readonly KeptSight[];
  readonly sample: Sample;
}

/** One rule's matches. */
export interface KeptRule {
  /** Matches that some correlation sees, those that were let go included. */
  count: number;
  /** Events without a time: nothing is known of what they were near to. */
  undated: number;
  /** Pairs of an event and a correlation that groups by a field which the event does not have. */
  ungrouped: number;
  /** In no order, and up to a quarter more than are kept; `keptOf` has exactly those. */
  matches: KeptMatch[];
}

/** By the key of the rule. */
export type Kept = Map<string, KeptRule>;

/** Keeps a new event for each of its matches that correlations read. `about` is whom a finding about it would be about. */
export function addKept(kept: Kept, event: AuditEvent, hits: readonly Hit[], about: string): void {
  for (const { rule, seen } of hits) {
    if (seen.length === 0) continue;
    const held = keptRule(kept, rule);
    if (event.at === null) {
      held.undated++;
      continue;
    }
    const sights = seen.flatMap(({ correlation, grouped }) =>
      grouped === null ? [] : [{ correlation, grouped }],
    );
    held.ungrouped += seen.length - sights.length;
    if (sights.length === 0) continue;
    held.count++;
    held.matches.push({
      at: event.at,
      id: digest([identityOf(event)], 16),
      about,
      seen: sights.sort((a, b) => compareText(a.correlation, b.correlation)),
      sample: sampleOf(event, CLASS_INDEX.get(event.class) ?? 0),
    });
    cut(held);
  }
}

/** Adds all of `from` into `into`. Associative and commutative. */
export function mergeKept(into: Kept, from: Kept): void {
  for (const [rule, held] of from) mergeKeptRule(keptRule(into, rule), held);
}

export function mergeKeptRule(into: KeptRule, from: KeptRule): void {
  into.count += from.count;
  into.undated += from.undated;
  into.ungrouped += from.ungrouped;
  for (const match of from.matches) {
    into.matches.push(match);
    cut(into);
  }
}

/** The same, about those whom `nameOf` gives for the keys of those whom it was about. */
export function renamedKept(kept: Kept, nameOf: (about: string) => string): Kept {
  return new Map(
    [...kept].map(([rule, held]) => {
      const matches = held.matches.map((one) => ({ ...one, about: nameOf(one.about) }));
      return [rule, { ...held, matches }];
    }),
  );
}

/** A rule's matches that are kept, earliest first. */
export function keptOf({ matches }: KeptRule): KeptMatch[] {
  return [...matches].sort(byTime).slice(-KEPT_MAX);
}

function keptRule(kept: Kept, rule: string): KeptRule {
  let held = kept.get(rule);
  if (held === undefined) {
    held = { count: 0, undated: 0, ungrouped: 0, matches: [] };
    kept.set(rule, held);
  }
  return held;
}

/** Sorting is paid for by what came in since the last time. */
function cut(held: KeptRule): void {
  if (held.matches.length > KEPT_MAX * 1.25) held.matches = keptOf(held);
}

/** A total order, so that the same ones are let go whatever order they came in. */
function byTime(a: KeptMatch, b: KeptMatch): number {
  return a.at - b.at || compareText(a.id, b.id) || bySampleOrder(a.sample, b.sample);
}
