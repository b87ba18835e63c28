/** The garbage collector's manners while a scan runs: much garbage is made, little is kept, and the process stays small. */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

export interface Heap {
  /** Once the scan is under way. */
  settle(): void;
  /** Frees what has just died in this thread: buffers of an unpacker, above all, which V8 does not count as its own. */
  sweep(): void;
  release(): void;
}

/**
 * For the whole process, so to be called before worker threads start.
 *
 * V8 puts objects among the old ones at birth where most of their kind outlived a collection, which the events of the
 * batches under way do by accident. All later events would then wait for the rare search of the whole heap, and the heap
 * would be several times as large. And V8 lets a small heap grow to four times what is alive before that search.
 */
export function tameHeap(): Heap {
  setFlagsFromString("--no-allocation-site-pretenuring");
  setFlagsFromString("--heap-growing-percent=30");
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  setFlagsFromString("--no-expose-gc");
  function collectNow(type: "major" | "minor"): void {
    if (typeof collect === "function") collect({ type });
  }
  return {
    settle() {
      // The limit that V8 set while it loaded the program, with the habits of before, is set anew.
      collectNow("major");
      // The heap of what is new is now as large as it needs to be; V8 would double it all the same, over some hundred
      // megabytes of input.
      setFlagsFromString("--semi-space-growth-factor=1");
    },
    sweep: () => collectNow("minor"),
    release() {
      setFlagsFromString("--allocation-site-pretenuring");
      setFlagsFromString("--heap-growing-percent=0");
      setFlagsFromString("--semi-space-growth-factor=2");
    },
  };
}
