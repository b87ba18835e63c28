/** The duplicate filter: a growing set of 64-bit keys in at most 16 bytes a key. */

/** Keys are spread over segments that grow one at a time, so that growth never doubles the memory at once. */
const SEGMENTS = 256;
const FIRST_CAPACITY = 64;
/** A segment grows by half when four fifths full: between 0.533 and 0.8 full, so 10 to 15 bytes a key. */
const LOAD_MAX = 0.8;
const GROWTH = 1.5;

/**
 * Remembers keys. Two different records share a 64-bit key with a chance of n² / 2⁶⁵ over n records (0.0003 for a
 * hundred million); callers hash with a secret seed so that nobody can make that happen.
 */
export class SeenSet {
  readonly #segments: Uint32Array[];
  readonly #sizes = new Uint32Array(SEGMENTS);

  constructor() {
    this.#segments = Array.from({ length: SEGMENTS }, () => new Uint32Array(FIRST_CAPACITY * 2));
  }

  /** True when the key was not there before. */
  add(high: number, low: number): boolean {
    // An empty slot is (0, 0); that one key borrows its neighbour.
    const lo = high === 0 && low === 0 ? 1 : low;
    const index = high >>> 24;
    const segment = this.#segments[index];
    if (segment === undefined || !insert(segment, high, lo)) return false;
    const size = (this.#sizes[index] ?? 0) + 1;
    this.#sizes[index] = size;
    if (size > (segment.length / 2) * LOAD_MAX) this.#segments[index] = grown(segment);
    return true;
  }

  get size(): number {
    return this.#sizes.reduce((sum, size) => sum + size, 0);
  }

  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.byteLength, 0);
  }
}

function insert(segment: Uint32Array, high: number, low: number): boolean {
  const capacity = segment.length / 2;
  let slot = Math.floor((low / 4_294_967_296) * capacity);
  for (;;) {
    const heldHigh = segment[slot * 2] ?? 0;
    const heldLow = segment[slot * 2 + 1] ?? 0;
    if (heldHigh === 0 && heldLow === 0) {
      segment[slot * 2] = high;
      segment[slot * 2 + 1] = low;
      return true;
    }
    if (heldHigh === high && heldLow === low) return false;
    slot = slot + 1 === capacity ? 0 : slot + 1;
  }
}

function grown(segment: Uint32Array): Uint32Array {
  const next = new Uint32Array(Math.ceil((segment.length / 2) * GROWTH) * 2);
  for (let i = 0; i < segment.length; i += 2) {
    const high = segment[i] ?? 0;
    const low = segment[i + 1] ?? 0;
    if (high !== 0 || low !== 0) insert(next, high, low);
  }
  return next;
}
