/** Fast seeded hashes for in-memory sets, and a cryptographic digest where an id must hold across machines. */

import { createHash } from "node:crypto";

/**
 * 64 bits of a row of texts, as two unsigned 32-bit halves. Two independent multiply-xor lanes with murmur3's
 * finaliser; each part is followed by its length, so that no two rows run into one. Not cryptographic: give it a secret
 * seed wherever somebody could choose the texts.
 */
export class Hash64 {
  readonly #seed: number;
  #a = 0;
  #b = 0;

  constructor(seed: number) {
    this.#seed = seed;
    this.start();
  }

  /** Begins the next row. */
  start(): this {
    this.#a = 0xdeadbeef ^ this.#seed;
    this.#b = 0x41c6ce57 ^ Math.imul(this.#seed, 0x9e3779b1);
    return this;
  }

  text(value: string): this {
    let a = this.#a;
    let b = this.#b;
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i);
      a = Math.imul(a ^ unit, 2_654_435_761);
      b = Math.imul(b ^ unit, 1_597_334_677);
      a = (a << 13) | (a >>> 19);
      b = (b << 15) | (b >>> 17);
    }
    // Lengths are told apart from characters by standing above them.
    this.#a = Math.imul(a ^ (value.length + 0x10000), 2_654_435_761);
    this.#b = Math.imul(b ^ (value.length + 0x10000), 0x27d4eb2f);
    return this;
  }

  /** Writes the two halves to `out[at]` and `out[at + 1]`. */
  write(out: Uint32Array, at: number): void {
    const a = this.#a;
    const b = this.#b;
    out[at] = mix(a ^ (b >>> 16));
    out[at + 1] = mix(b ^ Math.imul(a, 0x85ebca6b));
  }
}

/** 32 bits of a text; for sketches, where a collision costs a count and not a record. */
export function hash32(value: string, seed = 0): number {
  let h = 0x811c9dc5 ^ seed;
  for (let i = 0; i < value.length; i++) {
    h = Math.imul(h ^ value.charCodeAt(i), 0x01000193);
    h = (h << 13) | (h >>> 19);
  }
  return mix(h ^ value.length);
}

function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** First `chars` hex characters of SHA-256 over the parts, each length-prefixed so that no two lists collide. */
export function digest(parts: readonly string[], chars = 32): string {
  const sha = createHash("sha256");
  for (const part of parts) sha.update(`${part.length}:`).update(part);
  return sha.digest("hex").slice(0, chars);
}
