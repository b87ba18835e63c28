/** Runs seeds: in the calling thread, or several side by side in threads of their own. */

import { Worker } from "node:worker_threads";
import type { Detector } from "#engine/detectors/detector.ts";
import { type JudgedRun, judgeRun } from "./judge-run.ts";
import { observeWorld, type World } from "./observe-world.ts";

/** The size and the kind of a simulated world. */
export interface WorldOptions {
  readonly seed: number;
  readonly automations: number;
  readonly days: number;
  /** First midnight, epoch milliseconds UTC. */
  readonly start: number;
  /** 0 blatant .. 1 stealthy. */
  readonly stealth: number;
  /** Attacks as a share of the automations. */
  readonly attacks: number;
}

export interface SeedTask extends WorldOptions {
  readonly isAblated: boolean;
}

export interface SeedProgress {
  readonly seed: number;
  readonly step: "reading" | "judging" | "leaving detectors out";
  readonly done: number;
  readonly of: number;
}

export type OnSeed = (progress: SeedProgress) => void;

/** Runs one seed after the other or side by side; the answers are the same. */
export interface SeedRunner {
  run(task: SeedTask, onProgress: OnSeed): Promise<JudgedRun>;
}

/** The work on one seed. */
export function runSeed(
  task: SeedTask,
  simulate: (options: WorldOptions) => World,
  detectors: readonly Detector[],
  onProgress: OnSeed,
): JudgedRun {
  const { seed, days, isAblated } = task;
  const observed = observeWorld(simulate(task), seed, (done) =>
    onProgress({ seed, step: "reading", done: Math.min(done, days), of: days }),
  );
  onProgress({ seed, step: "judging", done: 0, of: 1 });
  return judgeRun(observed, {
    detectors,
    isAblated,
    onAblated: (done, of) => onProgress({ seed, step: "leaving detectors out", done, of }),
  });
}

/** Everything in the calling thread. */
export function inlineSeeds(
  simulate: (options: WorldOptions) => World,
  detectors: readonly Detector[],
): SeedRunner {
  return {
    run: async (task, onProgress) => runSeed(task, simulate, detectors, onProgress),
  };
}

/** From the worker: any number of the first kind, then one of the second. */
export type SeedAnswer =
  | { readonly is: "progress"; readonly progress: SeedProgress }
  | { readonly is: "done"; readonly judged: JudgedRun };

const SCRIPT = new URL("./seed-worker.ts", import.meta.url);

/** A thread for each seed, at most `threads` at a time. */
export function threadedSeeds(threads: number, script: URL = SCRIPT): SeedRunner {
  let free = threads;
  const waiting: (() => void)[] = [];
  return {
    async run(task, onProgress) {
      if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      else free--;
      try {
        return await inWorker(task, script, onProgress);
      } finally {
        const next = waiting.shift();
        if (next === undefined) free++;
        else next();
      }
    },
  };
}

/** A worker that dies without an answer fails the seed. */
async function inWorker(task: SeedTask, script: URL, onProgress: OnSeed): Promise<JudgedRun> {
  const worker = new Worker(script, { workerData: task });
  try {
    return await new Promise<JudgedRun>((resolve, reject) => {
      worker.on("message", (answer: SeedAnswer) => {
        if (answer.is === "progress") onProgress(answer.progress);
        else resolve(answer.judged);
      });
      worker.on("error", reject);
      worker.on("exit", (code) =>
        reject(new Error(`the thread of seed ${task.seed} ended by itself (code ${code})`)),
      );
    });
  } finally {
    await worker.terminate();
  }
}
