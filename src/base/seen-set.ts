/** The duplicate filter: a growing set of 64-bit keys in at most 16 bytes a key. */

/** Keys are spread over segments that grow one at a time, so that growth never doubles the memory at once. */
const SEGMENTS = 256;
/** A segment grows by half when four fifths full: between 0.533 and 0.8 full, so 10 to 15 bytes a key. */
const LOAD_MAX = 0.8;

/** Slots of a page; a slot is two words. */
const PAGE_SLOTS = 128;
const PAGE_WORDS = PAGE_SLOTS * 2;
const SLAB_PAGES = 32;
const SLAB_WORDS = SLAB_PAGES * PAGE_WORDS;

/**
 * Remembers keys. Two different records share a 64-bit key with a chance of n² / 2⁶⁵ over n records (0.0003 for a
 * hundred million); callers hash with a secret seed so that nobody can make that happen.
 */
export class SeenSet {
  readonly #pages = new Pages();
  readonly #segments: Segment[];
  #size = 0;

  constructor() {
    this.#segments = Array.from({ length: SEGMENTS }, () => ({
      pages: Uint32Array.of(this.#pages.take()),
      size: 0,
    }));
  }

  /** True when the key was not there before. */
  add(high: number, low: number): boolean {
    // An empty slot is (0, 0); that one key borrows its neighbour.
    const lo = high === 0 && low === 0 ? 1 : low;
    const segment = this.#segments[high >>> 24];
    if (segment === undefined || !this.#insert(segment, high, lo)) return false;
    this.#size++;
    segment.size++;
    if (segment.size > segment.pages.length * PAGE_SLOTS * LOAD_MAX) this.#grow(segment);
    return true;
  }

  /** Looks from the key's own slot on, page after page and around, until the key or an empty slot is met. */
  #insert({ pages }: Segment, high: number, low: number): boolean {
    const first = Math.floor((low / 4_294_967_296) * pages.length * PAGE_SLOTS);
    let index = Math.floor(first / PAGE_SLOTS);
    let slot = first % PAGE_SLOTS;
    for (;;) {
      const page = pages[index] ?? 0;
      const words = this.#pages.slabOf(page);
      const start = (page % SLAB_PAGES) * PAGE_WORDS;
      for (let at = start + slot * 2; at < start + PAGE_WORDS; at += 2) {
        const heldHigh = words[at] ?? 0;
        const heldLow = words[at + 1] ?? 0;
        if (heldHigh === 0 && heldLow === 0) {
          words[at] = high;
          words[at + 1] = low;
          return true;
        }
        if (heldHigh === high && heldLow === low) return false;
      }
      slot = 0;
      index = index + 1 === pages.length ? 0 : index + 1;
    }
  }

  #grow(segment: Segment): void {
    const old = segment.pages;
    const pages = Math.max(old.length + 1, Math.floor(old.length * 1.5));
    segment.pages = Uint32Array.from({ length: pages }, () => this.#pages.take());
    for (const page of old) {
      const words = this.#pages.slabOf(page);
      const start = (page % SLAB_PAGES) * PAGE_WORDS;
      for (let at = start; at < start + PAGE_WORDS; at += 2) {
        const high = words[at] ?? 0;
        const low = words[at + 1] ?? 0;
        if (high !== 0 || low !== 0) this.#insert(segment, high, low);
      }
      this.#pages.give(page);
    }
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#pages.bytes;
  }
}

interface Segment {
  /** Where its slots are, page after page. */
  pages: Uint32Array<ArrayBuffer>;
  size: number;
}

/**
 * Pages out of slabs that are never let go. A segment of its own memory would leave a hole too small for the next one each
 * time it grows, and the holes added up to twice the filter.
 */
class Pages {
  readonly #slabs: Uint32Array[] = [];
  readonly #free: number[] = [];
  #next = 0;

  take(): number {
    const used = this.#free.pop();
    if (used !== undefined) {
      const start = (used % SLAB_PAGES) * PAGE_WORDS;
      this.slabOf(used).fill(0, start, start + PAGE_WORDS);
      return used;
    }
    if (this.#next === this.#slabs.length * SLAB_PAGES) {
      this.#slabs.push(new Uint32Array(SLAB_WORDS));
    }
    return this.#next++;
  }

  give(page: number): void {
    this.#free.push(page);
  }

  slabOf(page: number): Uint32Array {
    const slab = this.#slabs[Math.floor(page / SLAB_PAGES)];
    if (slab === undefined) throw new Error("a page of no slab");
    return slab;
  }

  get bytes(): number {
    return this.#slabs.length * SLAB_WORDS * Uint32Array.BYTES_PER_ELEMENT;
  }
}
