/** The garbage collector's manners while a scan runs. */

import { setFlagsFromString } from "node:v8";

/**
 * Keeps V8 from putting events among the old objects at birth. It does so where most objects of a kind outlive a
 * collection, which the events of the batches under way do by accident: then all later events wait for the rare search
 * of the whole heap, and the heap is several times as large. To be called before worker threads start.
 */
export function letEventsDieYoung(): void {
  setFlagsFromString("--no-allocation-site-pretenuring");
}
