/** The fields of the record under test: each is read at most once a record, and its texts are folded at most once. */

import { isObject, type Raw } from "#base/raw.ts";
import { fold } from "#engine/sigma/atom.ts";
import type { Accessor } from "#engine/sigma/pipelines/path.ts";
import type { Scalar } from "./value-test.ts";

/** One field. Its values are valid for the record whose number `record` is. */
export interface Slot {
  /** Null for keywords, which are looked for in every value of the record. */
  readonly read: Accessor | null;
  record: number;
  isThere: boolean;
  /** Not there, null, or a list of nothing. */
  isNull: boolean;
  values: Scalar[];
  /** The values as texts; made when first asked for. */
  texts: string[] | null;
  folded: string[] | null;
}

export function newSlot(read: Accessor | null): Slot {
  return {
    read,
    record: -1,
    isThere: false,
    isNull: true,
    values: [],
    texts: null,
    folded: null,
  };
}

/** Reads the field of this record, unless it has been read. */
export function load(slot: Slot, record: Raw, number: number): Slot {
  if (slot.record === number) return slot;
  slot.record = number;
  slot.texts = null;
  slot.folded = null;
  const { read } = slot;
  if (read === null) {
    slot.isThere = true;
    slot.isNull = false;
    slot.values = [];
    leaves(record, slot.values, 0);
    return slot;
  }
  const value = read(record);
  slot.isThere = value !== undefined;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    slot.isNull = false;
    slot.values = [value];
  } else if (value === undefined || value === null) {
    slot.isNull = true;
    slot.values = NONE;
  } else {
    slot.isNull = Array.isArray(value) && value.length === 0;
    slot.values = [];
    scalars(value, slot.values, 0);
  }
  return slot;
}

const NONE: never[] = [];

export function textsOf(slot: Slot): readonly string[] {
  slot.texts ??= slot.values.map(String);
  return slot.texts;
}

export function foldedOf(slot: Slot): readonly string[] {
  slot.folded ??= textsOf(slot).map(fold);
  return slot.folded;
}

/** Vendors nest a dozen levels; a hostile record may nest any number. */
const DEPTH_MAX = 512;

function scalars(value: unknown, into: Scalar[], depth: number): void {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    into.push(value);
  } else if (Array.isArray(value) && depth < DEPTH_MAX) {
    for (const one of value) scalars(one, into, depth + 1);
  }
}

function leaves(value: unknown, into: Scalar[], depth: number): void {
  if (depth >= DEPTH_MAX) return;
  if (Array.isArray(value)) for (const one of value) leaves(one, into, depth + 1);
  else if (isObject(value)) {
    for (const one of Object.values(value)) leaves(one, into, depth + 1);
  } else scalars(value, into, depth);
}
