/** The worker thread of a seed: simulates its world, judges it, and answers with what was measured. */

import { parentPort, workerData } from "node:worker_threads";
import { detectors } from "#engine/detectors/index.ts";
import { simulate } from "#simulator/simulate.ts";
import { runSeed, type SeedAnswer } from "./seeds.ts";

function answer(message: SeedAnswer): void {
  parentPort?.postMessage(message);
}

const judged = runSeed(workerData, simulate, detectors, (progress) =>
  answer({ is: "progress", progress }),
);
answer({ is: "done", judged });
