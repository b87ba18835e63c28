/** The cutters for lines and for JSON documents: state machines over bytes that find where each record starts and ends. */

import type { Reject } from "./batch.ts";

/** Whole records found in the bytes given, and from where on the bytes are wanted again. */
export interface Cut {
  /** Start and end of each record, in turn. */
  spans: number[];
  lines: number[];
  rejects: Reject[];
  /** The page list that the records stood in, if any. */
  key: string | null;
  /** What stands from here on belongs to a record that goes on: it comes first in the bytes of the next cut. */
  rest: number;
}

export interface Cutter {
  /** Where the cutter is: line or record number, for the place of a break. */
  readonly line: number;
  readonly header: readonly string[] | null;
  readonly separator: string;
  /** `bytes` is what the last cut left over and then what comes next. */
  cut(bytes: Uint8Array<ArrayBuffer>): Cut;
  /** The input is over; `bytes` is what the last cut left over. */
  end(bytes: Uint8Array<ArrayBuffer>): Cut;
}

const NEWLINE = 10;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const SPACE = 32;

export function tooLong(bytesMax: number): string {
  return `longer than ${bytesMax >> 20} MiB: no audit record is; the rest of the file was read`;
}

export function emptyCut(rest: number): Cut {
  return { spans: [], lines: [], rejects: [], key: null, rest };
}

/** One record a line. */
export class LineCutter implements Cutter {
  readonly header = null;
  readonly separator = "";
  line = 1;
  /** How many bytes were left over: they hold no newline. */
  #left = 0;
  #isSkipping = false;
  readonly #bytesMax: number;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  cut(bytes: Uint8Array<ArrayBuffer>): Cut {
    const cut = emptyCut(bytes.byteLength);
    let start = 0;
    let end = bytes.indexOf(NEWLINE, this.#left);
    while (end >= 0) {
      if (this.#isSkipping) this.#isSkipping = false;
      else this.#keep(cut, bytes, start, end);
      this.line++;
      start = end + 1;
      end = bytes.indexOf(NEWLINE, start);
    }
    if (!this.#isSkipping && bytes.byteLength - start > this.#bytesMax) {
      cut.rejects.push({ line: this.line, reason: tooLong(this.#bytesMax) });
      this.#isSkipping = true;
    }
    if (!this.#isSkipping) cut.rest = start;
    this.#left = bytes.byteLength - cut.rest;
    return cut;
  }

  #keep(cut: Cut, bytes: Uint8Array, start: number, end: number): void {
    let [from, to] = [start, end];
    while (from < to && (bytes[from] ?? 0) <= SPACE) from++;
    while (to > from && (bytes[to - 1] ?? 0) <= SPACE) to--;
    if (from === to) return;
    if (to - from > this.#bytesMax) {
      cut.rejects.push({ line: this.line, reason: tooLong(this.#bytesMax) });
      return;
    }
    cut.spans.push(from, to);
    cut.lines.push(this.line);
  }

  end(bytes: Uint8Array<ArrayBuffer>): Cut {
    const cut = emptyCut(bytes.byteLength);
    if (!this.#isSkipping) this.#keep(cut, bytes, 0, bytes.byteLength);
    return cut;
  }
}

/** An object longer than this is read as a page, row by row, where it holds a list under a known key. */
const PAGE_BYTES_MIN = 1 << 20;

/** Brackets deeper than this are counted but not told apart, so that a file of brackets costs no memory. */
const DEPTH_KEPT = 4_096;

/** Depth of records behind a page's list: none is looked for until the page's object ends. */
const NOWHERE = -1;

/** What a byte can do outside strings. */
const NOTHING = 0;
const BEGINS = 1;
const ENDS = 2;
const BRACKETS_OR_QUOTE = 3;

/** What each byte does outside strings: white space and colons nothing, commas end a value, other signs begin one. */
const ROLES = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === COMMA) return ENDS;
  if ([QUOTE, OPEN_LIST, OPEN_OBJECT, CLOSE_LIST, CLOSE_OBJECT].includes(byte)) {
    return BRACKETS_OR_QUOTE;
  }
  return byte <= SPACE || byte === COLON ? NOTHING : BEGINS;
});

/** A string longer than this is worth a search for its end. */
const SHORT_STRING = 48;

/**
 * JSON documents one after another: lists give their elements, objects themselves. An object that grows past 1 MiB is
 * taken for a page: the elements of its first list under a page key become the records, the rest of it is passed over.
 */
export class JsonCutter implements Cutter {
  readonly header = null;
  readonly separator = "";
  /** Number of the next record, from 1. */
  line = 1;
  #key: string | null = null;
  /** How many of the bytes left over were scanned already. */
  #scanned = 0;
  /** The brackets that are open, outermost first, as far as they are kept. */
  #open: number[] = [];
  /** How many brackets are open. */
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  /** Depth at which records stand: 0 for objects one after another, 1 inside a list, 2 inside a page's list. */
  #recordDepth = 0;
  /** Where the current record starts; -1 between records. */
  #start = -1;
  /** The current record grew too long: it was rejected and its end is being looked for. */
  #isTooLong = false;
  /** The current record is what a page's object holds behind its list. */
  #isTail = false;
  /** How records of the list begin: their bracket and first key, as they stand in the first whole one. */
  #opening: Buffer | null = null;
  #recoveries = 0;
  /** An object is searched for a page's list when it has grown to this. */
  #pageBytes = PAGE_BYTES_MIN;
  readonly #bytesMax: number;
  readonly #pageKeys: ReadonlySet<string>;

  constructor(bytesMax: number, pageKeys: ReadonlySet<string>) {
    this.#bytesMax = bytesMax;
    this.#pageKeys = pageKeys;
  }

  cut(bytes: Uint8Array<ArrayBuffer>): Cut {
    const cut = { ...emptyCut(bytes.byteLength), key: this.#key };
    this.#scan(cut, bytes, this.#scanned);
    this.#keepRest(cut, bytes);
    // The next cut counts from where this one ended.
    this.#scanned = Math.max(this.#scanned - cut.rest, 0);
    if (this.#start >= 0) this.#start -= cut.rest;
    return cut;
  }

  #scan(cut: Cut, bytes: Uint8Array<ArrayBuffer>, from: number): void {
    const size = bytes.byteLength;
    let at = from;
    while (at < size) {
      if (this.#isInString) {
        at = this.#inString(bytes, at);
        continue;
      }
      const byte = bytes[at] ?? 0;
      const role = ROLES[byte] ?? NOTHING;
      if (role === BRACKETS_OR_QUOTE) {
        if (byte === QUOTE) {
          this.#begin(at);
          this.#isInString = true;
        } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.#opened(byte, at);
        else {
          at = this.#close(cut, bytes, byte, at);
          continue;
        }
      } else if (role === ENDS) {
        if (this.#depth === this.#recordDepth) this.#finish(cut, bytes, at);
        else if (this.#recordDepth === NOWHERE && this.#depth === 1) this.#beginTail(bytes, at);
      } else if (role === BEGINS) this.#begin(at);
      at++;
    }
    this.#scanned = size;
  }

  /** Where the string ends (behind its quote), or the end of the bytes when it goes on. */
  #inString(bytes: Uint8Array<ArrayBuffer>, from: number): number {
    const size = bytes.byteLength;
    let at = from;
    if (this.#isEscaped) {
      this.#isEscaped = false;
      at++;
    }
    const near = Math.min(at + SHORT_STRING, size);
    while (at < near) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        this.#isInString = false;
        return at + 1;
      }
      at += byte === BACKSLASH ? 2 : 1;
    }
    if (at > size) this.#isEscaped = true;
    if (at >= size) return size;
    return this.#inLongString(bytes, at);
  }

  /** As `#inString`, for the far end: by searching for quotes and looking whether they are escaped. */
  #inLongString(bytes: Uint8Array<ArrayBuffer>, from: number): number {
    const size = bytes.byteLength;
    let quote = bytes.indexOf(QUOTE, from);
    while (quote >= 0) {
      if (backslashesBefore(bytes, from, quote) % 2 === 0) {
        this.#isInString = false;
        return quote + 1;
      }
      quote = bytes.indexOf(QUOTE, quote + 1);
    }
    this.#isEscaped = backslashesBefore(bytes, from, size) % 2 === 1;
    return size;
  }

  /** A value starts here, unless one is under way. */
  #begin(at: number): void {
    if (this.#start < 0 && this.#depth === this.#recordDepth) this.#start = at;
  }

  #opened(byte: number, at: number): void {
    if (this.#depth === 0 && byte === OPEN_LIST && this.#start < 0) this.#recordDepth = 1;
    else this.#begin(at);
    if (this.#depth < DEPTH_KEPT) this.#open.push(byte);
    this.#depth++;
  }

  /** Gives the place from which to go on: behind the bracket, or further back where a broken record has to be left. */
  #close(cut: Cut, bytes: Uint8Array<ArrayBuffer>, byte: number, at: number): number {
    if (this.#depth > DEPTH_KEPT) {
      this.#depth--;
      return at + 1;
    }
    const opened = byte === CLOSE_LIST ? OPEN_LIST : OPEN_OBJECT;
    if (this.#open.at(-1) !== opened) return this.#recover(cut, bytes, at + 1, BRACKETS);
    this.#open.pop();
    this.#depth--;
    if (this.#depth === this.#recordDepth) {
      this.#finish(cut, bytes, at + 1);
    } else if (this.#depth < this.#recordDepth) {
      this.#finish(cut, bytes, at);
      this.#recordDepth = NOWHERE;
    }
    if (this.#depth === 0) this.#recordDepth = 0;
    return at + 1;
  }

  /**
   * A page's list is over and its object goes on: what is left of the object is read as an object of its own, for it may
   * hold another list. The comma before it becomes its bracket.
   */
  #beginTail(bytes: Uint8Array<ArrayBuffer>, at: number): void {
    bytes[at] = OPEN_OBJECT;
    this.#start = at;
    this.#isTail = true;
    this.#recordDepth = 0;
    this.#open = [OPEN_OBJECT];
  }

  /**
   * A record is broken: a bracket or quote is missing or too many. Where a later record of the list can be told by its
   * first key, the broken one is rejected and reading goes on there; else whole lines up to `end` are kept, and reading
   * starts afresh behind them. Gives the place from which to go on.
   */
  #recover(cut: Cut, bytes: Uint8Array<ArrayBuffer>, end: number, reason: string): number {
    if (this.#start < 0 || this.#isTooLong) {
      if (!this.#isTooLong) cut.rejects.push({ line: this.line++, reason });
      this.#restart();
      return end;
    }
    const next = this.#recoveries < RECOVERIES_MAX ? this.#nextRecord(bytes, end) : -1;
    if (next < 0) {
      this.#salvage(cut, bytes, this.#start, end, reason);
      this.#restart();
      return end;
    }
    this.#recoveries++;
    cut.rejects.push({ line: this.line++, reason });
    this.#restart();
    return next;
  }

  /** Where the next record after the current one begins, by how records of this list begin; -1 where none does. */
  #nextRecord(bytes: Uint8Array<ArrayBuffer>, end: number): number {
    if (this.#recordDepth < 1) return -1;
    const opening = this.#opening ?? openingOf(bytes, this.#start);
    if (opening === null) return -1;
    const next = Buffer.from(bytes.buffer, bytes.byteOffset, end).indexOf(opening, this.#start + 1);
    return next;
  }

  /** Back to where records begin, in the list or between documents. */
  #restart(): void {
    this.#open.length = Math.min(this.#open.length, Math.max(this.#recordDepth, 0));
    this.#depth = this.#open.length;
    this.#isInString = false;
    this.#isEscaped = false;
    this.#start = -1;
    this.#isTooLong = false;
    this.#isTail = false;
    this.#pageBytes = PAGE_BYTES_MIN;
  }

  #finish(cut: Cut, bytes: Uint8Array<ArrayBuffer>, end: number): void {
    const start = this.#start;
    const isTail = this.#isTail;
    this.#start = -1;
    this.#isTail = false;
    this.#pageBytes = PAGE_BYTES_MIN;
    if (start < 0) return;
    const rows =
      this.#recordDepth === 0 ? rowsOfPage(bytes.subarray(start, end), this.#pageKeys) : 0;
    if (this.#isTooLong) {
      this.#isTooLong = false;
    } else if (isTail && rows === 0) {
      // The rest of a page's object: cursors and counts, no record.
    } else if (end - start > this.#bytesMax) {
      cut.rejects.push({ line: this.line++, reason: tooLong(this.#bytesMax) });
    } else {
      this.#opening ??= this.#recordDepth > 0 ? openingOf(bytes, start) : null;
      cut.spans.push(start, end);
      cut.lines.push(this.line);
      // A page's rows are records: the next one is numbered behind them.
      this.line += Math.max(rows, 1);
    }
  }

  /** Keeps the unfinished record; turns a long object into a page; gives up on a record that grows too long. */
  #keepRest(cut: Cut, bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#start < 0 || this.#isTooLong) {
      this.#forget(cut, bytes);
      return;
    }
    cut.rest = this.#start;
    const held = bytes.byteLength - this.#start;
    if (this.#recordDepth === 0 && held > this.#pageBytes) {
      // Looked for again when twice as much is there, so that the search stays in proportion.
      this.#pageBytes = held * 2;
      if (this.#enterPage(cut, bytes)) return;
    }
    if (held > this.#bytesMax) this.#giveUp(cut, bytes);
  }

  /** A record grew too long. Where it has swallowed other records, a bracket or quote is missing in it. */
  #giveUp(cut: Cut, bytes: Uint8Array<ArrayBuffer>): void {
    const next = this.#nextRecord(bytes, bytes.byteLength);
    if (next >= 0 && this.#recoveries < RECOVERIES_MAX) {
      this.#recoveries++;
      cut.rejects.push({ line: this.line++, reason: BRACKETS });
      this.#restart();
      this.#scan(cut, bytes, next);
      this.#keepRest(cut, bytes);
      return;
    }
    cut.rejects.push({ line: this.line++, reason: tooLong(this.#bytesMax) });
    this.#isTooLong = true;
    this.#forget(cut, bytes);
  }

  #forget(cut: Cut, bytes: Uint8Array<ArrayBuffer>): void {
    cut.rest = bytes.byteLength;
    this.#start = this.#isTooLong ? bytes.byteLength : -1;
  }

  /** Looks for a list of objects under a page key in the unfinished object and goes on inside it. */
  #enterPage(cut: Cut, bytes: Uint8Array<ArrayBuffer>): boolean {
    const found = findPageList(bytes.subarray(this.#start), this.#pageKeys);
    if (found === null) return false;
    const at = this.#start + found.at;
    this.#key = found.key;
    this.#isTail = false;
    this.#recordDepth = 2;
    this.#open = [OPEN_OBJECT, OPEN_LIST];
    this.#depth = 2;
    this.#isInString = false;
    this.#isEscaped = false;
    this.#start = -1;
    this.#scanned = at;
    cut.rest = at;
    // Records of documents before the page go out first; the page's own are cut with the next bytes.
    if (cut.lines.length > 0) return true;
    cut.key = found.key;
    this.#scan(cut, bytes, at);
    this.#keepRest(cut, bytes);
    return true;
  }

  end(bytes: Uint8Array<ArrayBuffer>): Cut {
    const cut = { ...emptyCut(bytes.byteLength), key: this.#key };
    this.#scan(cut, bytes, this.#scanned);
    while (this.#start >= 0 && !this.#isTooLong) {
      const next = this.#recover(cut, bytes, bytes.byteLength, CUT_OFF);
      if (next === bytes.byteLength) return cut;
      this.#scan(cut, bytes, next);
    }
    if (this.#depth > 0) cut.rejects.push({ line: this.line++, reason: CUT_OFF });
    return cut;
  }

  /** Whole lines in a broken stretch are still records; all the rest of it is one record that cannot be read. */
  #salvage(
    cut: Cut,
    bytes: Uint8Array<ArrayBuffer>,
    start: number,
    end: number,
    reason: string,
  ): void {
    let from = start;
    let lost = 0;
    while (from < end) {
      const newline = bytes.indexOf(NEWLINE, from);
      const stop = newline < 0 || newline > end ? end : newline;
      let to = stop;
      while (to > from && ((bytes[to - 1] ?? 0) <= SPACE || bytes[to - 1] === COMMA)) to--;
      let first = from;
      while (first < to && (bytes[first] ?? 0) <= SPACE) first++;
      const isBracket = to - first === 1 && bytes[first] === CLOSE_LIST;
      if (isWholeObject(bytes, first, to)) {
        if (lost > 0) cut.rejects.push({ line: this.line++, reason });
        lost = 0;
        cut.spans.push(first, to);
        cut.lines.push(this.line++);
      } else if (first < to && !isBracket) lost++;
      from = stop + 1;
    }
    if (lost > 0) cut.rejects.push({ line: this.line++, reason });
  }
}

/** So many broken records of a list are left one by one; each costs a search through what follows it. */
const RECOVERIES_MAX = 64;

const BRACKETS = "brackets do not match: one is missing or too many in this record";
const CUT_OFF =
  "the file ends inside a record or list: it was cut off, or a bracket or quote is missing";

function isWholeObject(bytes: Uint8Array<ArrayBuffer>, start: number, end: number): boolean {
  if (bytes[start] !== OPEN_OBJECT || bytes[end - 1] !== CLOSE_OBJECT) return false;
  try {
    JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8"));
    return true;
  } catch {
    return false;
  }
}

/** An object's bracket and first key as they stand (`{"id"`, with whatever white space), or null for anything else. */
function openingOf(bytes: Uint8Array<ArrayBuffer>, start: number): Buffer | null {
  if (bytes[start] !== OPEN_OBJECT) return null;
  let quote = start + 1;
  while ((bytes[quote] ?? QUOTE) <= SPACE) quote++;
  if (bytes[quote] !== QUOTE) return null;
  const end = stringEnd(bytes, quote);
  return end < 0 || end - start > 256 ? null : Buffer.from(bytes.slice(start, end + 1));
}

/** How many objects stand in an object's lists under page keys. */
function rowsOfPage(bytes: Uint8Array, pageKeys: ReadonlySet<string>): number {
  let depth = 0;
  let key: string | null = null;
  let isKey = true;
  let isPageList = false;
  let rows = 0;
  for (let at = 0; at < bytes.byteLength; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      const end = stringEnd(bytes, at);
      if (end < 0) return rows;
      if (depth === 1 && isKey) key = new TextDecoder().decode(bytes.subarray(at + 1, end));
      isKey = false;
      at = end;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      if (depth === 1) isPageList = byte === OPEN_LIST && key !== null && pageKeys.has(key);
      else if (depth === 2 && isPageList && byte === OPEN_OBJECT) rows++;
      depth++;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      depth--;
    } else if (byte === COMMA && depth === 1) {
      isKey = true;
    }
  }
  return rows;
}

/** Where, in an unfinished object, the first list of objects under a page key begins (behind its bracket). */
function findPageList(
  bytes: Uint8Array,
  pageKeys: ReadonlySet<string>,
): { key: string; at: number } | null {
  let depth = 0;
  let keyStart = -1;
  let key: string | null = null;
  for (let at = 0; at < bytes.byteLength; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      const end = stringEnd(bytes, at);
      if (end < 0) return null;
      if (depth === 1 && keyStart < 0) {
        keyStart = at;
        key = new TextDecoder().decode(bytes.subarray(at + 1, end));
      }
      at = end;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      if (depth === 1 && byte === OPEN_LIST && key !== null && pageKeys.has(key)) {
        let next = at + 1;
        while ((bytes[next] ?? 0) <= SPACE && next < bytes.byteLength) next++;
        if (bytes[next] === OPEN_OBJECT) return { key, at: at + 1 };
      }
      depth++;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      depth--;
    } else if (byte === COMMA && depth === 1) {
      keyStart = -1;
      key = null;
    }
  }
  return null;
}

function stringEnd(bytes: Uint8Array, quote: number): number {
  for (let at = quote + 1; at < bytes.byteLength; at++) {
    if (bytes[at] === BACKSLASH) at++;
    else if (bytes[at] === QUOTE) return at;
  }
  return -1;
}

function backslashesBefore(bytes: Uint8Array, from: number, end: number): number {
  let at = end;
  while (at > from && bytes[at - 1] === BACKSLASH) at--;
  return end - at;
}
