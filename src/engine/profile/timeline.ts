/** The state-changing events of one automation or person in event time: few, kept whole, bounded per kind, actor and day. */

import { dayOf } from "#base/time.ts";
import type { Actor, AuditEvent, Change, Client, Target } from "#contract/event.ts";
import { CLASS_INDEX } from "./indexes.ts";
import { bySampleOrder, type Sample, sampleOf } from "./sample.ts";

/**
 * How many entries of one kind, consent and actor on one day are kept; the count goes on. Bounded per actor and per kind
 * of consent, so that nobody's change can be pushed out by what others did that day, nor a grant for the whole tenant by
 * small ones.
 */
export const KEPT_MAX = 32;

export interface TimelineEntry {
  readonly at: number | null;
  readonly day: number;
  readonly service: string;
  readonly action: string;
  readonly actor: Actor;
  readonly change: Change;
  readonly target: Target | null;
  readonly client: Client;
  readonly session: string | null;
  /** The native id of the automation that did it, where one did. */
  readonly acting: string | null;
  readonly outcome: AuditEvent["outcome"];
  readonly sample: Sample;
}

/** The entries of one kind, consent and actor on one day: how many there were, and the first few. */
interface Bucket {
  readonly kind: Change["kind"];
  readonly day: number;
  count: number;
  entries: TimelineEntry[];
}

/** By change kind, consent, actor and day. */
export type Timeline = Map<string, Bucket>;

/** Adds a state-changing event; events without a change are not for the timeline. */
export function addToTimeline(timeline: Timeline, event: AuditEvent): void {
  if (event.change === null) return;
  const day = dayOf(event.at);
  const { kind, consent } = event.change;
  keep(timeline, `${kind}|${consent ?? ""}|${event.actor.id}|${day}`, {
    kind,
    day,
    count: 1,
    entries: [
      {
        at: event.at,
        day,
        service: event.service,
        action: event.action,
        actor: event.actor,
        change: event.change,
        target: event.target,
        client: event.client,
        session: event.session,
        acting: event.automation?.nativeId ?? null,
        outcome: event.outcome,
        sample: sampleOf(event, CLASS_INDEX.get(event.class) ?? 0),
      },
    ],
  });
}

export function mergeTimeline(into: Timeline, from: Timeline): void {
  for (const [key, bucket] of from) keep(into, key, bucket);
}

function keep(timeline: Timeline, key: string, { kind, day, count, entries }: Bucket): void {
  const bucket = timeline.get(key) ?? { kind, day, count: 0, entries: [] };
  bucket.count += count;
  const latest = bucket.entries[KEPT_MAX - 1];
  const earlier =
    latest === undefined ? entries : entries.filter((entry) => byTime(entry, latest) < 0);
  if (earlier.length > 0) {
    bucket.entries = [...bucket.entries, ...earlier].sort(byTime).slice(0, KEPT_MAX);
  }
  timeline.set(key, bucket);
}

/** Replaces the ids of people, as actors and as those for whom a grant holds, by the ids that stand for them. */
export function renamePeople(timeline: Timeline, rename: (id: string) => string): void {
  for (const bucket of timeline.values()) {
    bucket.entries = bucket.entries.map((entry) => {
      const { actor, change } = entry;
      const id = actor.kind === "person" ? rename(actor.id) : actor.id;
      const principal = change.principal === null ? null : rename(change.principal);
      if (id === actor.id && principal === change.principal) return entry;
      return { ...entry, actor: { ...actor, id }, change: { ...change, principal } };
    });
  }
}

/** All entries in event time; undated ones first. */
export function inOrder(timeline: Timeline): TimelineEntry[] {
  return [...timeline.values()].flatMap(({ entries }) => entries).sort(byTime);
}

/** How many changes of a kind there were on a day, kept or not. */
export function countOn(timeline: Timeline, kind: Change["kind"], day: number): number {
  let count = 0;
  for (const bucket of timeline.values()) {
    if (bucket.kind === kind && bucket.day === day) count += bucket.count;
  }
  return count;
}

function byTime(a: TimelineEntry, b: TimelineEntry): number {
  return bySampleOrder(a.sample, b.sample);
}
