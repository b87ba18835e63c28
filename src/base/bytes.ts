/** Compact bytes: whole numbers in as few bytes as they need (LEB128), texts in UTF-8, lists with their length before them. */

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { fatal: true });

/** Writes values one after the other into a buffer that grows. */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #size = 0;

  /** A whole number from 0 to 2^53 - 1. */
  count(value: number): this {
    this.#need(8);
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#size++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#size++] = rest;
    return this;
  }

  text(value: string): this {
    const encoded = ENCODER.encode(value);
    return this.count(encoded.length).raw(encoded);
  }

  /** As they are, without their length. */
  raw(bytes: Uint8Array): this {
    this.#need(bytes.length);
    this.#bytes.set(bytes, this.#size);
    this.#size += bytes.length;
    return this;
  }

  take(): Uint8Array {
    return this.#bytes.slice(0, this.#size);
  }

  #need(more: number): void {
    if (this.#size + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#size + more));
    larger.set(this.#bytes.subarray(0, this.#size));
    this.#bytes = larger;
  }
}

/** Bytes that are not what they should be. */
export class DamagedBytes extends Error {}

/** Reads what a ByteWriter wrote. Throws DamagedBytes instead of reading past the end or making up values. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  count(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 8; i++) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new DamagedBytes("the bytes end within a number");
      value += (byte & 127) * scale;
      if (byte < 128) {
        if (value > Number.MAX_SAFE_INTEGER) break;
        return value;
      }
      scale *= 128;
    }
    throw new DamagedBytes("a number is too large");
  }

  text(): string {
    const bytes = this.raw(this.count());
    try {
      return DECODER.decode(bytes);
    } catch {
      throw new DamagedBytes("a text is no UTF-8");
    }
  }

  raw(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new DamagedBytes("the bytes end too early");
    const bytes = this.#bytes.slice(this.#at, end);
    this.#at = end;
    return bytes;
  }
}
