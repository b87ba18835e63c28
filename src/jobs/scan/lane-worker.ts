/** The worker thread of a lane: takes requests, does the lane's work, answers. */

import { parentPort, workerData } from "node:worker_threads";
import { type LaneAnswer, type LaneRequest, laneWork } from "./lane.ts";

const work = laneWork(workerData);

function answer(message: LaneAnswer, transfer: ArrayBuffer[]): void {
  parentPort?.postMessage(message, transfer);
}

parentPort?.on("message", (request: LaneRequest) => {
  if (request.do === "read") {
    const summary = work.read(request.ticket, request.batch);
    answer({ is: "read", ticket: request.ticket, summary }, [summary.keys.buffer]);
  } else if (request.do === "settle") {
    work.settle(request.ticket, request.isNew);
  } else {
    answer({ is: "finished", seen: work.seen }, []);
  }
});
