/** From what happens to what a collector receives: batches by day, then late, doubled and shuffled on request. */

import { hash32 } from "#base/hash.ts";
import { type Prng, prng } from "#base/prng.ts";
import { DAY_MS, HOUR_MS } from "#base/time.ts";
import type { Day, Emission } from "./stage.ts";

/** How untidily records arrive. Nothing is ever lost. */
export interface Delivery {
  /** Share of records that arrive late, and the longest delay. */
  readonly lateShare: number;
  readonly lateMsMax: number;
  /** Share of records that arrive twice, byte for byte the same. */
  readonly duplicateShare: number;
  /** Whether the records of a batch come in no order at all. */
  readonly isShuffled: boolean;
}

export const TIDY: Delivery = {
  lateShare: 0,
  lateMsMax: 6 * HOUR_MS,
  duplicateShare: 0,
  isShuffled: false,
};

/**
 * One batch a day, in order of event time. By the clocks of their offices people also act on the UTC day before or
 * after the one that they were asked about, so a day goes out when the next one is over. What lies before the first day
 * or after the last one goes out with it.
 */
export function* byEventTime(
  days: readonly Day[],
  act: (day: Day, emit: (emission: Emission) => void) => void,
): Generator<Emission[]> {
  const start = days[0]?.start ?? 0;
  const last = days.length - 1;
  const open = new Map<number, Emission[]>();
  let next = 0;
  function emit(emission: Emission): void {
    const index = Math.min(last, Math.max(next, Math.floor((emission.at - start) / DAY_MS)));
    const batch = open.get(index);
    if (batch === undefined) open.set(index, [emission]);
    else batch.push(emission);
  }
  function close(): Emission[] {
    const batch = open.get(next) ?? [];
    open.delete(next++);
    // Equal times keep the order of the performers, so that leaving some out moves no other.
    return batch.sort((a, b) => a.at - b.at);
  }
  for (const day of days) {
    act(day, emit);
    if (day.index > 0) yield close();
  }
  if (days.length > 0) yield close();
}

interface Arrival {
  readonly due: number;
  readonly emission: Emission;
}

/** The same records in the order of their arrival; late ones are held until they are due, after the last day too. */
export function* delivered(
  batches: Iterable<Emission[]>,
  delivery: Delivery,
  { start, seed }: { start: number; seed: number },
): Generator<Emission[]> {
  const held = new Map<number, Arrival[]>();
  let index = 0;
  function hold(emission: Emission, due: number): void {
    const day = Math.max(index, Math.floor((due - start) / DAY_MS));
    const arrivals = held.get(day);
    if (arrivals === undefined) held.set(day, [{ due, emission }]);
    else arrivals.push({ due, emission });
  }
  function arrived(rng: Prng): Emission[] {
    const arrivals = held.get(index) ?? [];
    held.delete(index++);
    if (delivery.isShuffled) shuffle(arrivals, rng);
    else arrivals.sort((a, b) => a.due - b.due);
    return arrivals.map(({ emission }) => emission);
  }
  const drawsOf = (day: number) => prng(hash32(`delivery|${day}`, seed));
  for (const batch of batches) {
    const rng = drawsOf(index);
    for (const emission of batch) {
      const due =
        emission.at + (rng.chance(delivery.lateShare) ? rng.next() * delivery.lateMsMax : 0);
      hold(emission, due);
      if (rng.chance(delivery.duplicateShare)) {
        hold(emission, due + rng.next() * Math.max(HOUR_MS, delivery.lateMsMax));
      }
    }
    yield arrived(rng);
  }
  while (held.size > 0) yield arrived(drawsOf(index));
}

function shuffle(arrivals: Arrival[], rng: Prng): void {
  for (let at = arrivals.length - 1; at > 0; at--) {
    const other = rng.int(0, at);
    const [a, b] = [arrivals[at], arrivals[other]];
    if (a === undefined || b === undefined) continue;
    arrivals[at] = b;
    arrivals[other] = a;
  }
}
