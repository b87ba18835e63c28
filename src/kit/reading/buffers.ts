/** Buffers that are used again and again, so that reading a long file leaves no trail of used-up memory behind it. */

/** More spare buffers than this are let go. */
const SPARE_MAX = 64;

/** Lends buffers of one size; longer ones are made on demand and not kept. */
export class Buffers {
  readonly size: number;
  readonly #spare: ArrayBuffer[] = [];

  constructor(size: number) {
    this.size = size;
  }

  /** A buffer of at least so many bytes, with whatever was in it before. */
  take(bytes: number): Uint8Array<ArrayBuffer> {
    if (bytes > this.size) return new Uint8Array(bytes);
    return new Uint8Array(this.#spare.pop() ?? new ArrayBuffer(this.size));
  }

  /** Takes a buffer back. Nobody may look at it any more. */
  give(buffer: ArrayBuffer): void {
    if (buffer.byteLength === this.size && this.#spare.length < SPARE_MAX) this.#spare.push(buffer);
  }
}
