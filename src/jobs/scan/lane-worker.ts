/** The worker thread of a lane: takes requests, does the lane's work, answers. */

import { parentPort, workerData } from "node:worker_threads";
import { type LaneAnswer, type LaneRequest, laneWork } from "./lane.ts";

const work = laneWork(workerData);

function answer(message: LaneAnswer, transfer: ArrayBuffer[]): void {
  parentPort?.postMessage(message, transfer);
}

parentPort?.on("message", (request: LaneRequest) => {
  if (request.do === "read") {
    const summary = work.read(request.batch);
    const { buffer } = request.batch.bytes;
    answer({ is: "read", summary, buffer }, [summary.keys.buffer, buffer]);
  } else if (request.do === "settle") {
    work.settle(request.isNew);
  } else {
    answer({ is: "finished", seen: work.seen }, []);
  }
});
