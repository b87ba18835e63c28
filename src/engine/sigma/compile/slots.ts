/** The fields of the record under test: each is read at most once a record, and its texts are folded at most once. */

import type { Raw } from "#base/raw.ts";
import { fold } from "#engine/sigma/atom.ts";
import type { Accessor } from "#engine/sigma/pipelines/path.ts";
import { everyText, isNull, textsOf as textsIn } from "#engine/sigma/values.ts";

/** One field. Its values are valid for the record whose number `record` is. */
export interface Slot {
  /** Null for keywords, which are looked for in every value of the record. */
  readonly read: Accessor | null;
  record: number;
  isThere: boolean;
  /** Not there, null, or a list of nothing else. */
  isNull: boolean;
  texts: readonly string[];
  /** Made when first asked for. */
  folded: readonly string[] | null;
}

export function newSlot(read: Accessor | null): Slot {
  return {
    read,
    record: -1,
    isThere: false,
    isNull: true,
    texts: NONE,
    folded: null,
  };
}

/** Reads the field of this record, unless it has been read. */
export function load(slot: Slot, record: Raw, number: number): Slot {
  if (slot.record === number) return slot;
  slot.record = number;
  slot.folded = null;
  const { read } = slot;
  if (read === null) {
    slot.isThere = true;
    slot.isNull = false;
    slot.texts = everyText(record);
    return slot;
  }
  const value = read(record);
  slot.isThere = value !== undefined;
  if (typeof value === "string") {
    slot.isNull = false;
    slot.texts = [value];
  } else if (value === undefined || value === null) {
    slot.isNull = true;
    slot.texts = NONE;
  } else {
    slot.isNull = isNull(value);
    slot.texts = textsIn(value);
  }
  return slot;
}

const NONE: readonly string[] = [];

export function textsOf(slot: Slot): readonly string[] {
  return slot.texts;
}

export function foldedOf(slot: Slot): readonly string[] {
  slot.folded ??= slot.texts.map(fold);
  return slot.folded;
}
