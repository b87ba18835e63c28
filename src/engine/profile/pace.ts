/** When one actor acted in a day: records by second, coarser where those are many, whatever the order of the records. */

/** Seconds of a slot, finest first. Each divides the next and the last is a minute, so that minutes are always exact. */
export const WIDTHS: readonly number[] = [1, 5, 15, 60];
/** As many slots as a day has minutes; with more, slots become wider. */
export const SLOTS_MAX = 1_440;

/**
 * Sorted slots and the records in each; the first `size` places are in use. The width is the smallest that needs no more
 * than SLOTS_MAX slots. It is a function of the set of seconds, so that merging is associative and commutative.
 */
export interface Pace {
  /** Seconds of a slot. */
  width: number;
  size: number;
  slots: Uint32Array;
  counts: Uint32Array;
}

const NONE = new Uint32Array(0);

export function newPace(): Pace {
  return { width: 1, size: 0, slots: NONE, counts: NONE };
}

/** Adds records at a second of the day. */
export function addAt(pace: Pace, second: number, records: number): void {
  const slot = Math.floor(second / pace.width);
  const index = placeOf(pace, slot);
  if (index < pace.size && pace.slots[index] === slot) {
    pace.counts[index] = (pace.counts[index] ?? 0) + records;
    return;
  }
  insert(pace, index, slot, records);
  while (pace.size > SLOTS_MAX && pace.width < 60) widen(pace, nextWidth(pace.width));
}

/** Adds all of `from` into `into`. */
export function mergePace(into: Pace, from: Pace): void {
  if (into.width < from.width) widen(into, from.width);
  for (let i = 0; i < from.size; i++) {
    addAt(into, (from.slots[i] ?? 0) * from.width, from.counts[i] ?? 0);
  }
}

/** The place of a slot, or where it would stand. Records mostly come in order, so the search begins at the end. */
function placeOf({ slots, size }: Pace, slot: number): number {
  const last = slots[size - 1] ?? -1;
  if (size === 0 || slot > last) return size;
  if (slot === last) return size - 1;
  let low = 0;
  let high = size - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((slots[middle] ?? 0) < slot) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insert(pace: Pace, index: number, slot: number, records: number): void {
  if (pace.size === pace.slots.length) {
    const room = Math.min(Math.max(4, pace.size * 2), SLOTS_MAX + 1);
    pace.slots = grown(pace.slots, room);
    pace.counts = grown(pace.counts, room);
  }
  pace.slots.copyWithin(index + 1, index, pace.size);
  pace.counts.copyWithin(index + 1, index, pace.size);
  pace.slots[index] = slot;
  pace.counts[index] = records;
  pace.size++;
}

function grown(words: Uint32Array, room: number): Uint32Array {
  const larger = new Uint32Array(room);
  larger.set(words);
  return larger;
}

function nextWidth(width: number): number {
  return WIDTHS.find((wider) => wider > width) ?? 60;
}

/** Joins neighbouring slots; slots stay sorted, so one pass does. */
function widen(pace: Pace, width: number): void {
  const factor = width / pace.width;
  let size = 0;
  for (let i = 0; i < pace.size; i++) {
    const slot = Math.floor((pace.slots[i] ?? 0) / factor);
    if (size > 0 && pace.slots[size - 1] === slot) {
      pace.counts[size - 1] = (pace.counts[size - 1] ?? 0) + (pace.counts[i] ?? 0);
    } else {
      pace.slots[size] = slot;
      pace.counts[size] = pace.counts[i] ?? 0;
      size++;
    }
  }
  pace.size = size;
  pace.width = width;
}

/** Records by minute of the day, ascending; only minutes with any. */
export function minutesOf({
  width,
  size,
  slots,
  counts,
}: Pace): { minute: number; records: number }[] {
  const found: { minute: number; records: number }[] = [];
  for (let i = 0; i < size; i++) {
    const minute = Math.floor(((slots[i] ?? 0) * width) / 60);
    const last = found.at(-1);
    if (last?.minute === minute) last.records += counts[i] ?? 0;
    else found.push({ minute, records: counts[i] ?? 0 });
  }
  return found;
}

/** Records in the busiest second: exact while slots are seconds, else the mean of the busiest slot, which is no more than that. */
export function busiestSecond({ width, size, counts }: Pace): number {
  let most = 0;
  for (let i = 0; i < size; i++) most = Math.max(most, counts[i] ?? 0);
  return Math.ceil(most / width);
}

/**
 * Seconds between one active slot and the next. Records in one slot are one: logs batch what belongs together onto one
 * time stamp, and that is no rhythm.
 */
export function gapsOf({ width, size, slots }: Pace): number[] {
  const gaps: number[] = [];
  for (let i = 1; i < size; i++) gaps.push(((slots[i] ?? 0) - (slots[i - 1] ?? 0)) * width);
  return gaps;
}
