/** The lanes of a scan: one in the calling thread for what is soon read, worker threads once there is more. */

import { mergeObservations, type Observations } from "#engine/observe.ts";
import type { Batch } from "#kit/reading/batch.ts";
import { tameHeap } from "./heap.ts";
import {
  type BatchSummary,
  inlineLane,
  type Lane,
  type LaneOptions,
  type OnFree,
  workerLane,
} from "./lane.ts";

/** Batches under way for each lane: one being read, one waiting, one settling. */
const BATCHES_PER_LANE = 3;
/** A thread takes as long to start as another needs for so many batches, so it must be worth it. */
const BATCHES_BEFORE_WORKERS = 16;
/** By then every heap has the size that it needs. */
const BATCHES_TO_SETTLE = 256;
/** A thread that only hands out batches makes too little garbage of its own for V8 to look for any. */
const BATCHES_TO_SWEEP = 128;

/** A batch that a lane is reading. */
export interface Reading {
  readonly lane: Lane;
  readonly source: number;
  readonly summary: Promise<BatchSummary>;
}

export interface Lanes {
  /** How many batches may be under way. */
  readonly batchesMax: number;
  read(batch: Batch): Reading;
  /** Everything that all lanes have folded. */
  finish(): Promise<Observations>;
  close(): Promise<void>;
}

/** Up to `threads` workers, started one by one as the input turns out to be long; with one thread none. */
export function openLanes(options: LaneOptions & { readonly threads: number }, onFree: OnFree) {
  const { filter, seed, rules, threads } = options;
  const heap = tameHeap();
  const inline = inlineLane({ filter, seed, rules }, onFree);
  const workers: Lane[] = [];
  let batches = 0;
  function nextLane(): Lane {
    if (threads > 1 && workers.length < threads) {
      if (batches >= BATCHES_BEFORE_WORKERS * (workers.length + 1)) {
        workers.push(workerLane({ filter, seed, rules }, onFree));
      }
    }
    return workers.reduce(
      (best, lane) => (lane.busy < best.busy ? lane : best),
      workers[0] ?? inline,
    );
  }
  return {
    get batchesMax() {
      return workers.length === 0 ? 1 : workers.length * BATCHES_PER_LANE;
    },
    read(batch: Batch): Reading {
      const lane = nextLane();
      batches++;
      const isAlone = workers.length === 0;
      if (batches === BATCHES_TO_SETTLE) heap.settle();
      else if (!isAlone && batches % BATCHES_TO_SWEEP === 0) heap.sweep();
      const { source } = batch;
      const summary = lane.read(batch);
      // The failure is met when the batch's turn comes; until then it must not count as unhandled.
      summary.catch(() => {});
      return { lane, source, summary };
    },
    async finish(): Promise<Observations> {
      const seen = await inline.finish();
      // One after another, so that no more than one lane's observations are there twice.
      for (const lane of workers) {
        mergeObservations(seen, await lane.finish());
        await lane.close();
      }
      return seen;
    },
    async close(): Promise<void> {
      await Promise.all(workers.map((lane) => lane.close()));
      heap.release();
    },
  } satisfies Lanes;
}
