/** The check for what only our own bug can break. */

/** Throws when a claim that the code itself guarantees does not hold. */
export function assert(claim: boolean, message: string): asserts claim {
  if (!claim) throw new Error(`assertion failed: ${message}`);
}
