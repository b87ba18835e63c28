/** Counts distinct things: exact while few, then a HyperLogLog of 256 bytes; a pure function of the set of hashes seen. */

import { type ByteReader, type ByteWriter, DamagedBytes } from "./bytes.ts";

/** Up to this many distinct hashes are kept exactly. */
const EXACT_MAX = 64;
/** 2^8 registers: standard error 1.04 / sqrt(256) = 6.5 % (Flajolet et al. 2007). */
const REGISTERS = 256;

/** A mergeable distinct counter: `exact` holds sorted-on-export hashes until it overflows into `registers`. */
export interface Sketch {
  exact: Set<number> | null;
  registers: Uint8Array | null;
}

export function newSketch(): Sketch {
  return { exact: null, registers: null };
}

/** Adds one 32-bit hash. Adding the same hash again changes nothing. */
export function add(sketch: Sketch, hash: number): void {
  if (sketch.registers !== null) {
    raise(sketch.registers, hash);
    return;
  }
  sketch.exact ??= new Set();
  sketch.exact.add(hash);
  if (sketch.exact.size > EXACT_MAX) overflow(sketch);
}

/** Adds all of `from` into `into`. Associative and commutative. */
export function merge(into: Sketch, from: Sketch): void {
  for (const hash of from.exact ?? []) add(into, hash);
  if (from.registers === null) return;
  if (into.registers === null) overflow(into);
  const registers = into.registers;
  if (registers === null) return;
  for (let i = 0; i < REGISTERS; i++) {
    registers[i] = Math.max(registers[i] ?? 0, from.registers[i] ?? 0);
  }
}

/** How many distinct hashes: exact up to 64, else the HyperLogLog estimate with its small-range correction. */
export function distinct(sketch: Sketch): number {
  if (sketch.registers === null) return sketch.exact?.size ?? 0;
  let sum = 0;
  let zeros = 0;
  for (const register of sketch.registers) {
    sum += 2 ** -register;
    if (register === 0) zeros++;
  }
  const estimate = ((0.7213 / (1 + 1.079 / REGISTERS)) * REGISTERS * REGISTERS) / sum;
  if (estimate <= 2.5 * REGISTERS && zeros > 0) {
    return Math.round(REGISTERS * Math.log(REGISTERS / zeros));
  }
  return Math.round(estimate);
}

/** Exact hashes in ascending order, as steps from the one before; or the registers. */
export function writeSketch(out: ByteWriter, sketch: Sketch): void {
  if (sketch.registers !== null) {
    out.count(EXACT_MAX + 1).raw(sketch.registers);
    return;
  }
  const sorted = [...(sketch.exact ?? [])].sort((a, b) => a - b);
  out.count(sorted.length);
  let before = 0;
  for (const hash of sorted) {
    out.count(hash - before);
    before = hash;
  }
}

/** Fills an empty sketch with what writeSketch wrote. Throws DamagedBytes. */
export function parseSketch(from: ByteReader, into: Sketch): void {
  const size = from.count();
  if (size > EXACT_MAX + 1) throw new DamagedBytes("a sketch that is too large");
  if (size === EXACT_MAX + 1) {
    into.registers = from.raw(REGISTERS);
    return;
  }
  let hash = 0;
  for (let i = 0; i < size; i++) {
    hash += from.count();
    add(into, hash);
  }
}

function overflow(sketch: Sketch): void {
  const registers = new Uint8Array(REGISTERS);
  for (const hash of sketch.exact ?? []) raise(registers, hash);
  sketch.registers = registers;
  sketch.exact = null;
}

function raise(registers: Uint8Array, hash: number): void {
  const index = hash >>> 24;
  const rank = Math.clz32(((hash << 8) | 0x80) >>> 0) + 1;
  if ((registers[index] ?? 0) < rank) registers[index] = rank;
}
