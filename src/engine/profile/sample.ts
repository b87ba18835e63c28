/** The few events of a day that are kept whole enough to be shown as evidence: the first of each class in each hour. */

import { compareText } from "#base/order.ts";
import { clip } from "#base/raw.ts";
import { dayOf, HOUR_MS } from "#base/time.ts";
import type { AuditEvent, RecordRef } from "#contract/event.ts";
import { CLASS_INDEX } from "./indexes.ts";

/** One event as evidence: enough for a reader to see what happened and to open the raw record. */
export interface Sample {
  readonly eventId: string;
  readonly at: number | null;
  readonly classIndex: number;
  readonly action: string;
  /** One plain line: who did what to what, from where. */
  readonly summary: string;
  readonly ref: RecordRef;
}

/** By group × 32 + hour of the day (31 for undated). At most one each, so the size is bounded by the day. */
export type Samples = Map<number, Sample>;

/** Groups from here on are traits, those below are action classes. */
export const TRAIT_SAMPLES = 64;

/** Keeps the event where it is the earliest of its group (class index, or TRAIT_SAMPLES + trait index) in its hour. */
export function addSample(samples: Samples, group: number, event: AuditEvent): void {
  const hour =
    event.at === null ? 31 : Math.floor((event.at - dayOf(event.at) * 24 * HOUR_MS) / HOUR_MS);
  const key = group * 32 + hour;
  const held = samples.get(key);
  // Most events are later than the one held: they need no sample made to be told apart.
  if (held !== undefined && (event.at ?? 0) > (held.at ?? 0)) return;
  keep(samples, key, sampleOf(event, CLASS_INDEX.get(event.class) ?? 0));
}

/** The samples of the groups that are wanted, in no order. */
export function samplesUnder(samples: Samples, isWanted: (group: number) => boolean): Sample[] {
  const found: Sample[] = [];
  for (const [key, sample] of samples) if (isWanted(Math.floor(key / 32))) found.push(sample);
  return found;
}

export function mergeSamples(into: Samples, from: Samples): void {
  for (const [key, sample] of from) keep(into, key, sample);
}

function keep(samples: Samples, key: number, sample: Sample): void {
  const held = samples.get(key);
  if (held === undefined || bySampleOrder(sample, held) < 0) samples.set(key, sample);
}

/** Earlier first, then by what it is: the same order on every machine, whatever ids the vendor gave twice. */
export function bySampleOrder(a: Sample, b: Sample): number {
  return (
    (a.at ?? 0) - (b.at ?? 0) ||
    compareText(a.eventId, b.eventId) ||
    compareText(a.action, b.action) ||
    compareText(a.summary, b.summary)
  );
}

export function sampleOf(event: AuditEvent, classIndex: number): Sample {
  return {
    eventId: event.id,
    at: event.at,
    classIndex,
    action: event.action,
    summary: summarize(event),
    ref: event.ref,
  };
}

/** `dana@example.com · file_downloaded · plan.pdf · by Sync · from 192.0.2.1`, leaving out what is unknown. */
export function summarize(event: AuditEvent): string {
  const parts = [event.actor.name ?? event.actor.id, event.action];
  const about = event.subject ?? null;
  if (about !== null) parts.push(about.name ?? about.nativeId);
  if (event.target !== null && event.target.id !== about?.nativeId) {
    parts.push(event.target.name ?? event.target.id);
  }
  const { automation } = event;
  if (automation !== null && automation.nativeId !== event.actor.id) {
    parts.push(`by ${automation.name ?? automation.nativeId}`);
  }
  if (event.change?.destination) parts.push(`to ${event.change.destination}`);
  if (event.client.ip !== null) parts.push(`from ${event.client.ip}`);
  return clip(
    parts
      .filter((part) => part !== "")
      .map((part) => clip(part, 80))
      .join(" · "),
    280,
  );
}
