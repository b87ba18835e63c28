/** A lane reads batches and folds their new events: in this thread, or in a worker of its own. */

import { Worker } from "node:worker_threads";
import { newObservations, type Observations, observe, observeState } from "#engine/observe.ts";
import type { Batch, Reject } from "#kit/reading/batch.ts";
import { type BatchContent, type Filter, readBatch } from "./read-batch.ts";

/** What the conductor learns of a batch; the events themselves stay in the lane. */
export interface BatchSummary {
  readonly keys: Uint32Array<ArrayBuffer>;
  readonly rejects: readonly Reject[];
  readonly records: number;
  readonly inventoryRecords: number;
  readonly outside: number;
  readonly services: ReadonlyMap<string, number>;
  readonly from: number | null;
  readonly to: number | null;
}

export interface Lane {
  /** Reads a batch. The answer names the keys of its events, and `settle` must follow. */
  read(ticket: number, batch: Batch): Promise<BatchSummary>;
  /** Folds the events of a batch that are new: `isNew[i]` is 1 for the i-th key. */
  settle(ticket: number, isNew: Uint8Array<ArrayBuffer>): void;
  /** Everything folded, after the last settle. */
  finish(): Promise<Observations>;
  close(): Promise<void>;
}

export interface LaneOptions {
  readonly filter: Filter;
  /** Secret seed of the duplicate filter's hash. */
  readonly seed: number;
}

/** The work of a lane itself; a plain object so that thread and worker run the same. */
export function laneWork({ filter, seed }: LaneOptions) {
  const seen = newObservations();
  const open = new Map<number, BatchContent>();
  return {
    seen,
    read(ticket: number, batch: Batch): BatchSummary {
      const content = readBatch(batch, filter, seed);
      open.set(ticket, content);
      const { keys, rejects, records, inventoryRecords, outside, services, from, to } = content;
      return { keys, rejects, records, inventoryRecords, outside, services, from, to };
    },
    settle(ticket: number, isNew: Uint8Array): void {
      const content = open.get(ticket);
      open.delete(ticket);
      if (content === undefined) return;
      for (const [index, event] of content.events.entries()) {
        if (isNew[index] === 1) observe(seen, event);
      }
      for (const fact of content.facts) observeState(seen, fact);
    },
  };
}

/** A lane in the calling thread. */
export function inlineLane(options: LaneOptions): Lane {
  const work = laneWork(options);
  return {
    read: async (ticket, batch) => work.read(ticket, batch),
    settle: (ticket, isNew) => work.settle(ticket, isNew),
    finish: async () => work.seen,
    close: async () => {},
  };
}

/** To the worker. */
export type LaneRequest =
  | { readonly do: "read"; readonly ticket: number; readonly batch: Batch }
  | { readonly do: "settle"; readonly ticket: number; readonly isNew: Uint8Array<ArrayBuffer> }
  | { readonly do: "finish" };

/** From the worker. */
export type LaneAnswer =
  | { readonly is: "read"; readonly ticket: number; readonly summary: BatchSummary }
  | { readonly is: "finished"; readonly seen: Observations };

/** A lane in a worker thread. A worker that dies fails every promise that waits for it. */
export function workerLane(options: LaneOptions): Lane {
  const worker = new Worker(new URL("./lane-worker.ts", import.meta.url), { workerData: options });
  const waiting = new Map<number | "finish", PromiseWithResolvers<LaneAnswer>>();
  worker.on("message", (answer: LaneAnswer) => {
    const key = answer.is === "finished" ? "finish" : answer.ticket;
    waiting.get(key)?.resolve(answer);
    waiting.delete(key);
  });
  worker.on("error", (cause) => {
    for (const { reject } of waiting.values()) reject(cause);
    waiting.clear();
  });
  function ask(key: number | "finish", request: LaneRequest, transfer: ArrayBuffer[]) {
    const answer = Promise.withResolvers<LaneAnswer>();
    waiting.set(key, answer);
    worker.postMessage(request, transfer);
    return answer.promise;
  }
  return {
    async read(ticket, batch) {
      const { buffer } = batch.bytes;
      const answer = await ask(ticket, { do: "read", ticket, batch }, [
        buffer,
        batch.spans.buffer,
        batch.lines.buffer,
      ]);
      if (answer.is !== "read") throw new Error("worker answered out of turn");
      return answer.summary;
    },
    settle: (ticket, isNew) => {
      const request: LaneRequest = { do: "settle", ticket, isNew };
      worker.postMessage(request, [isNew.buffer]);
    },
    async finish() {
      const answer = await ask("finish", { do: "finish" }, []);
      if (answer.is !== "finished") throw new Error("worker answered out of turn");
      return answer.seen;
    },
    close: async () => {
      await worker.terminate();
    },
  };
}
