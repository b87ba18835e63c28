/** The cutters for lines and for JSON documents: state machines over bytes that find where each record starts and ends. */

import type { Reject } from "./batch.ts";

/** Whole records found in `bytes`; what follows the last one is kept by the cutter for the next push. */
export interface Cut {
  bytes: Uint8Array<ArrayBuffer>;
  /** Start and end of each record, in turn. */
  spans: number[];
  lines: number[];
  rejects: Reject[];
  /** The page list that the records stood in, if any. */
  key: string | null;
}

export interface Cutter {
  /** Where the cutter is: line or record number, for the place of a break. */
  readonly line: number;
  readonly header: readonly string[] | null;
  readonly separator: string;
  push(chunk: Uint8Array<ArrayBuffer>): Cut;
  end(): Cut;
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

const NO_BYTES = new Uint8Array(0);

export function tooLong(bytesMax: number): string {
  return `longer than ${bytesMax >> 20} MiB: no audit record is; the rest of the file was read`;
}

/** Joins what was left over with what comes next. */
export function append(
  left: Uint8Array<ArrayBuffer>,
  chunk: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  if (left.byteLength === 0) return chunk;
  const whole = new Uint8Array(left.byteLength + chunk.byteLength);
  whole.set(left);
  whole.set(chunk, left.byteLength);
  return whole;
}

export function emptyCut(bytes: Uint8Array<ArrayBuffer>): Cut {
  return { bytes, spans: [], lines: [], rejects: [], key: null };
}

/** One record a line. */
export class LineCutter implements Cutter {
  readonly header = null;
  readonly separator = "";
  line = 1;
  #left: Uint8Array<ArrayBuffer> = NO_BYTES;
  #isSkipping = false;
  readonly #bytesMax: number;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  push(chunk: Uint8Array<ArrayBuffer>): Cut {
    let from = 0;
    const rejects: Reject[] = [];
    if (this.#isSkipping) {
      const end = chunk.indexOf(NEWLINE);
      if (end < 0) return { ...emptyCut(NO_BYTES), rejects };
      this.#isSkipping = false;
      this.line++;
      from = end + 1;
    }
    // The left-over holds no newline, so the search goes on behind it.
    const searched = this.#left.byteLength;
    const bytes = append(this.#left, from === 0 ? chunk : chunk.slice(from));
    return this.#cut(bytes, searched, rejects);
  }

  #cut(bytes: Uint8Array<ArrayBuffer>, searched: number, rejects: Reject[]): Cut {
    const spans: number[] = [];
    const lines: number[] = [];
    let start = 0;
    let end = bytes.indexOf(NEWLINE, searched);
    while (end >= 0) {
      this.#keep(bytes, start, end, spans, lines, rejects);
      this.line++;
      start = end + 1;
      end = bytes.indexOf(NEWLINE, start);
    }
    this.#left = start === 0 ? bytes : bytes.slice(start);
    if (this.#left.byteLength > this.#bytesMax) {
      rejects.push({ line: this.line, reason: tooLong(this.#bytesMax) });
      this.#left = NO_BYTES;
      this.#isSkipping = true;
    }
    return { bytes, spans, lines, rejects, key: null };
  }

  #keep(
    bytes: Uint8Array,
    start: number,
    end: number,
    spans: number[],
    lines: number[],
    rejects: Reject[],
  ): void {
    let [from, to] = [start, end];
    while (from < to && (bytes[from] ?? 0) <= SPACE) from++;
    while (to > from && (bytes[to - 1] ?? 0) <= SPACE) to--;
    if (from === to) return;
    if (to - from > this.#bytesMax) {
      rejects.push({ line: this.line, reason: tooLong(this.#bytesMax) });
      return;
    }
    spans.push(from, to);
    lines.push(this.line);
  }

  end(): Cut {
    const bytes = this.#left;
    const cut = emptyCut(bytes);
    this.#left = NO_BYTES;
    if (!this.#isSkipping) {
      this.#keep(bytes, 0, bytes.byteLength, cut.spans, cut.lines, cut.rejects);
    }
    return cut;
  }
}

/** An object longer than this is read as a page, row by row, where it holds a list under a known key. */
const PAGE_BYTES_MIN = 1 << 20;

/** Where the scan stands in the document. */
interface State {
  /** The brackets that are open, outermost first. */
  open: number[];
  isInString: boolean;
  isEscaped: boolean;
}

/** Depth of records behind a page's list: none is looked for until the page's object ends. */
const NOWHERE = -1;

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
  #left: Uint8Array<ArrayBuffer> = NO_BYTES;
  /** How far `#left` was scanned already. */
  #scanned = 0;
  #state: State = { open: [], isInString: false, isEscaped: false };
  /** Depth at which records stand: 0 for objects one after another, 1 inside a list, 2 inside a page's list. */
  #recordDepth = 0;
  /** Where the current record starts in `#left`; -1 between records. */
  #start = -1;
  /** The current record grew too long: it was rejected and its end is being looked for. */
  #isTooLong = false;
  readonly #bytesMax: number;
  readonly #pageKeys: ReadonlySet<string>;

  constructor(bytesMax: number, pageKeys: ReadonlySet<string>) {
    this.#bytesMax = bytesMax;
    this.#pageKeys = pageKeys;
  }

  push(chunk: Uint8Array<ArrayBuffer>): Cut {
    const cut: Cut = { ...emptyCut(append(this.#left, chunk)), key: this.#key };
    this.#scan(cut);
    this.#keepRest(cut);
    return cut;
  }

  #scan(cut: Cut): void {
    const { bytes } = cut;
    const state = this.#state;
    const size = bytes.byteLength;
    for (let at = this.#scanned; at < size; at++) {
      const byte = bytes[at] ?? 0;
      if (state.isInString) {
        if (state.isEscaped) state.isEscaped = false;
        else if (byte === BACKSLASH) state.isEscaped = true;
        else if (byte === QUOTE) state.isInString = false;
      } else if (byte === QUOTE) {
        this.#begin(at);
        state.isInString = true;
      } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        this.#open(byte, at);
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        this.#close(cut, byte, at);
      } else if (byte === COMMA) {
        if (state.open.length === this.#recordDepth) this.#finish(cut, at);
      } else if (byte > SPACE && byte !== COLON) {
        this.#begin(at);
      }
    }
    this.#scanned = size;
  }

  /** A value starts here, unless one is under way. */
  #begin(at: number): void {
    if (this.#start < 0 && this.#state.open.length === this.#recordDepth) this.#start = at;
  }

  #open(byte: number, at: number): void {
    const { open } = this.#state;
    if (open.length === 0 && byte === OPEN_LIST && this.#start < 0) this.#recordDepth = 1;
    else this.#begin(at);
    open.push(byte);
  }

  #close(cut: Cut, byte: number, at: number): void {
    const { open } = this.#state;
    const opened = byte === CLOSE_LIST ? OPEN_LIST : OPEN_OBJECT;
    if (open.at(-1) !== opened) {
      this.#mismatch(cut, at);
      return;
    }
    open.pop();
    if (open.length === this.#recordDepth) {
      this.#finish(cut, at + 1);
    } else if (open.length < this.#recordDepth) {
      this.#finish(cut, at);
      this.#recordDepth = NOWHERE;
    }
    if (open.length === 0) this.#recordDepth = 0;
  }

  /** A bracket closes what was not opened: a record is broken. Whole lines in it are kept, and reading starts afresh behind it. */
  #mismatch(cut: Cut, at: number): void {
    if (this.#start >= 0 && !this.#isTooLong) this.#salvage(cut, this.#start, at + 1, BRACKETS);
    else if (!this.#isTooLong) cut.rejects.push({ line: this.line++, reason: BRACKETS });
    this.#restart();
  }

  /** Back to where records begin, in the list or between documents. */
  #restart(): void {
    const depth = Math.max(this.#recordDepth, 0);
    this.#state = {
      open: this.#state.open.slice(0, depth),
      isInString: false,
      isEscaped: false,
    };
    this.#start = -1;
    this.#isTooLong = false;
  }

  #finish(cut: Cut, end: number): void {
    const start = this.#start;
    this.#start = -1;
    if (start < 0) return;
    if (this.#isTooLong) {
      this.#isTooLong = false;
    } else if (end - start > this.#bytesMax) {
      cut.rejects.push({ line: this.line++, reason: tooLong(this.#bytesMax) });
    } else {
      cut.spans.push(start, end);
      cut.lines.push(this.line++);
    }
  }

  /** Keeps the unfinished record; turns a long object into a page; gives up on a record that grows too long. */
  #keepRest(cut: Cut): void {
    if (this.#start < 0 || this.#isTooLong) {
      this.#forget();
      return;
    }
    this.#left = cut.bytes.slice(this.#start);
    this.#scanned = this.#left.byteLength;
    this.#start = 0;
    if (this.#recordDepth === 0 && this.#left.byteLength > PAGE_BYTES_MIN && this.#enterPage(cut)) {
      return;
    }
    if (this.#left.byteLength > this.#bytesMax) this.#giveUp(cut);
  }

  /** A record grew too long. Where it has swallowed whole records line by line, a bracket is missing in the first of them. */
  #giveUp(cut: Cut): void {
    const swallowed = { ...emptyCut(this.#left), key: this.#key };
    const lineBefore = this.line;
    this.#salvage(swallowed, 0, this.#left.lastIndexOf(NEWLINE) + 1, BRACKETS);
    if (swallowed.lines.length > 0 && cut.lines.length === 0) {
      Object.assign(cut, { ...swallowed, rejects: [...cut.rejects, ...swallowed.rejects] });
      const rest = this.#left.slice(this.#left.lastIndexOf(NEWLINE) + 1);
      this.#restart();
      this.#left = rest;
      this.#scanned = 0;
      return;
    }
    this.line = lineBefore;
    cut.rejects.push({ line: this.line++, reason: tooLong(this.#bytesMax) });
    this.#isTooLong = true;
    this.#forget();
  }

  #forget(): void {
    this.#left = NO_BYTES;
    this.#scanned = 0;
    this.#start = this.#isTooLong ? 0 : -1;
  }

  /** Looks for a list of objects under a page key in the unfinished object and goes on inside it. */
  #enterPage(cut: Cut): boolean {
    const found = findPageList(this.#left, this.#pageKeys);
    if (found === null) return false;
    this.#left = this.#left.slice(found.at);
    this.#key = found.key;
    this.#recordDepth = 2;
    this.#state = { open: [OPEN_OBJECT, OPEN_LIST], isInString: false, isEscaped: false };
    this.#start = -1;
    this.#scanned = 0;
    // Records of documents before the page go out first; the page's own are cut with the next bytes.
    if (cut.lines.length > 0) return true;
    cut.bytes = this.#left;
    cut.key = found.key;
    this.#scan(cut);
    this.#keepRest(cut);
    return true;
  }

  end(): Cut {
    const cut: Cut = { ...emptyCut(this.#left), key: this.#key };
    if (this.#scanned < this.#left.byteLength) this.#scan(cut);
    if (this.#start >= 0 && !this.#isTooLong) {
      this.#salvage(cut, this.#start, cut.bytes.byteLength, CUT_OFF);
    } else if (this.#state.open.length > 0) {
      cut.rejects.push({ line: this.line++, reason: CUT_OFF });
    }
    this.#left = NO_BYTES;
    return cut;
  }

  /** Whole lines in a broken stretch are still records; all the rest of it is one record that cannot be read. */
  #salvage(cut: Cut, start: number, end: number, reason: string): void {
    const { bytes } = cut;
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
