/**
 * Compact bytes: whole numbers in as few bytes as they need (LEB128), texts in UTF-8, lists with their length before them.
 * Every value that can be written is read back as it was, halves of surrogate pairs (JSON may hold them) included.
 */

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

  /** Its length is doubled, and one more where it is no Unicode and goes in UTF-16 units. */
  text(value: string): this {
    if (!value.isWellFormed()) {
      this.count(value.length * 2 + 1);
      for (let i = 0; i < value.length; i++) this.count(value.charCodeAt(i));
      return this;
    }
    const encoded = ENCODER.encode(value);
    return this.count(encoded.length * 2).raw(encoded);
  }

  /** Any safe integer, or null. */
  whole(value: number | null): this {
    if (value === null) return this.count(0);
    return value < 0 ? this.count(2).count(-value) : this.count(1).count(value);
  }

  maybeText(value: string | null): this {
    return value === null ? this.count(0) : this.count(1).text(value);
  }

  flag(value: boolean | null): this {
    return this.count(value === null ? 0 : value ? 1 : 2);
  }

  /** Any number, in eight bytes. */
  float(value: number): this {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value);
    return this.raw(bytes);
  }

  /** The length, then each element as `write` puts it. */
  list<Element>(values: readonly Element[], write: (value: Element) => void): this {
    this.count(values.length);
    for (const value of values) write(value);
    return this;
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
    const length = this.count();
    if (length % 2 === 1) return this.#units((length - 1) / 2);
    const bytes = this.raw(length / 2);
    try {
      return DECODER.decode(bytes);
    } catch {
      throw new DamagedBytes("a text is no UTF-8");
    }
  }

  #units(length: number): string {
    let text = "";
    for (let i = 0; i < length; i++) {
      const unit = this.count();
      if (unit > 0xffff) throw new DamagedBytes("a letter is none");
      text += String.fromCharCode(unit);
    }
    return text;
  }

  /** All that is left. */
  rest(): Uint8Array {
    return this.raw(this.#bytes.length - this.#at);
  }

  whole(): number | null {
    const kind = this.count();
    if (kind === 0) return null;
    if (kind > 2) throw new DamagedBytes("a number of no kind");
    const size = this.count();
    return kind === 2 ? -size : size;
  }

  maybeText(): string | null {
    const kind = this.count();
    if (kind > 1) throw new DamagedBytes("a text of no kind");
    return kind === 0 ? null : this.text();
  }

  flag(): boolean | null {
    const kind = this.count();
    if (kind > 2) throw new DamagedBytes("neither yes nor no");
    return kind === 0 ? null : kind === 1;
  }

  float(): number {
    const bytes = this.raw(8);
    return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0);
  }

  list<Element>(read: () => Element): Element[] {
    const found: Element[] = [];
    for (let left = this.count(); left > 0; left--) found.push(read());
    return found;
  }

  /** One of the words by its place among them. */
  oneOf<Word>(words: readonly Word[]): Word {
    const word = words[this.count()];
    if (word === undefined) throw new DamagedBytes("a word that does not exist");
    return word;
  }

  raw(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new DamagedBytes("the bytes end too early");
    const bytes = this.#bytes.slice(this.#at, end);
    this.#at = end;
    return bytes;
  }
}
