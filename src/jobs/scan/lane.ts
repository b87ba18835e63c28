/** A lane reads batches and folds their new events: in this thread, or in a worker of its own. */

import { Worker } from "node:worker_threads";
import { newObservations, type Observations, observe, observeState } from "#engine/observe.ts";
import { recordMatcher } from "#engine/sigma/matcher.ts";
import type { SigmaDocument } from "#engine/sigma/rule.ts";
import type { Batch, Reject } from "#kit/reading/batch.ts";
import { type BatchContent, type Filter, readBatch } from "./read-batch.ts";

/** What the conductor learns of a batch; the events themselves stay in the lane. */
export interface BatchSummary {
  /** Of the events, then of the facts. */
  readonly keys: Uint32Array<ArrayBuffer>;
  readonly events: number;
  readonly rejects: readonly Reject[];
  readonly records: number;
  readonly inventoryRecords: number;
  readonly outside: number;
  readonly services: ReadonlyMap<string, number>;
  readonly from: number | null;
  readonly to: number | null;
}

/** Reads batches and settles them, both in the order in which they were given. */
export interface Lane {
  /** Batches that are still being read. */
  readonly busy: number;
  /**
   * Reads a batch. The answer names the keys of its events, and `settle` must follow. The batch's buffer goes to the
   * lane; it comes back by `onFree`.
   */
  read(batch: Batch): Promise<BatchSummary>;
  /** Folds what is new in the first unsettled batch: `isNew[i]` is 1 for the i-th key. */
  settle(isNew: Uint8Array<ArrayBuffer>): void;
  /** Everything folded, after the last settle. */
  finish(): Promise<Observations>;
  close(): Promise<void>;
}

export interface LaneOptions {
  readonly filter: Filter;
  /** Secret seed of the duplicate filter's hash. */
  readonly seed: number;
  /** What every record is held against; parsed already, so that they can go to a thread as they are. */
  readonly rules: readonly SigmaDocument[];
}

/** Takes a buffer that a lane has done with. */
export type OnFree = (buffer: ArrayBuffer) => void;

/** The work of a lane itself; a plain object so that thread and worker run the same. */
export function laneWork({ filter, seed, rules }: LaneOptions) {
  const seen = newObservations();
  const matcher = rules.length === 0 ? null : recordMatcher(rules);
  // A list, for batches settle in their order. A Map would be no help and much harm: the tables that it outgrows keep each
  // other and all their batches alive until the whole heap is searched.
  const open: BatchContent[] = [];
  return {
    seen,
    read(batch: Batch): BatchSummary {
      const content = readBatch(batch, { filter, seed, matcher });
      open.push(content);
      const { keys, rejects, records, inventoryRecords, outside, services, from, to } = content;
      const events = content.events.length;
      return { keys, events, rejects, records, inventoryRecords, outside, services, from, to };
    },
    settle(isNew: Uint8Array): void {
      const content = open.shift();
      if (content === undefined) return;
      const { events, facts, matched } = content;
      for (const [index, event] of events.entries()) {
        if (isNew[index] === 1) observe(seen, event, matched.get(index));
      }
      for (const [index, fact] of facts.entries()) {
        if (isNew[events.length + index] === 1) observeState(seen, fact);
      }
    },
  };
}

/** A lane in the calling thread. */
export function inlineLane(options: LaneOptions, onFree: OnFree): Lane {
  const work = laneWork(options);
  return {
    busy: 0,
    read: async (batch) => {
      const summary = work.read(batch);
      onFree(batch.bytes.buffer);
      return summary;
    },
    settle: work.settle,
    finish: async () => work.seen,
    close: async () => {},
  };
}

/** To the worker. */
export type LaneRequest =
  | { readonly do: "read"; readonly batch: Batch }
  | { readonly do: "settle"; readonly isNew: Uint8Array<ArrayBuffer> }
  | { readonly do: "finish" };

/** From the worker: one answer to each `read` and to `finish`, in their order. */
export type LaneAnswer =
  | { readonly is: "read"; readonly summary: BatchSummary; readonly buffer: ArrayBuffer }
  | { readonly is: "finished"; readonly seen: Observations };

const SCRIPT = new URL("./lane-worker.ts", import.meta.url);

/**
 * A worker's heap for what is new, in MiB: enough that the batches under way die there, and no more, because it is
 * always full of garbage. How much may grow old depends on the input and is not limited here.
 */
const YOUNG_MIB = 8;

/** A lane in a worker thread. A worker that dies fails every promise that waits for it, and every later one. */
export function workerLane(options: LaneOptions, onFree: OnFree, script: URL = SCRIPT): Lane {
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MIB };
  const worker = new Worker(script, { workerData: options, resourceLimits });
  // A list, as in `laneWork`.
  const waiting: PromiseWithResolvers<LaneAnswer>[] = [];
  let death: Error | null = null;
  let busy = 0;
  worker.on("message", (answer: LaneAnswer) => {
    if (answer.is === "read") {
      busy--;
      onFree(answer.buffer);
    }
    waiting.shift()?.resolve(answer);
  });
  function die(cause: Error): void {
    death ??= cause;
    for (const { reject } of waiting.splice(0)) reject(death);
  }
  worker.on("error", die);
  worker.on("messageerror", die);
  worker.on("exit", (code) => die(new Error(`a reading thread ended by itself (code ${code})`)));
  async function ask(request: LaneRequest, transfer: ArrayBuffer[]): Promise<LaneAnswer> {
    if (death !== null) throw death;
    const answer = Promise.withResolvers<LaneAnswer>();
    waiting.push(answer);
    worker.postMessage(request, transfer);
    return await answer.promise;
  }
  return {
    get busy() {
      return busy;
    },
    async read(batch) {
      busy++;
      const { bytes, spans, lines } = batch;
      const answer = await ask({ do: "read", batch }, [bytes.buffer, spans.buffer, lines.buffer]);
      if (answer.is !== "read") throw new Error("a reading thread answered out of turn");
      return answer.summary;
    },
    settle: (isNew) => {
      const request: LaneRequest = { do: "settle", isNew };
      worker.postMessage(request, [isNew.buffer]);
    },
    async finish() {
      const answer = await ask({ do: "finish" }, []);
      if (answer.is !== "finished") throw new Error("a reading thread answered out of turn");
      return answer.seen;
    },
    close: async () => {
      await worker.terminate();
    },
  };
}
