/** The cutter and the field reader for CSV (RFC 4180, with the separators that spreadsheets use). */

import { type Cut, type Cutter, emptyCut, tooLong } from "./cut.ts";

const NEWLINE = 10;
const QUOTE = 34;
const SPACE = 32;
/** More columns than this is no export of records. */
const COLUMNS_MAX = 4_096;

/** One record a row; a quoted field may hold line breaks. The first row names the columns. */
export class CsvCutter implements Cutter {
  line = 1;
  header: readonly string[] | null = null;
  readonly separator: string;
  /** How many bytes were left over: they were looked at already. */
  #left = 0;
  /** Where the first row of the next cut begins, when it is not the first byte. */
  #from = 0;
  #recoveries = 0;
  #isQuoted = false;
  /** Line breaks inside the current row so far. */
  #breaks = 0;
  #isTooLong = false;
  readonly #bytesMax: number;

  constructor(bytesMax: number, separator: string) {
    this.#bytesMax = bytesMax;
    this.separator = separator;
  }

  cut(bytes: Uint8Array<ArrayBuffer>): Cut {
    const cut = emptyCut(bytes.byteLength);
    let start = this.#from;
    this.#from = 0;
    let isQuoted = this.#isQuoted;
    const separator = this.separator.charCodeAt(0);
    for (let at = this.#left; at < bytes.byteLength; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        // A quote opens only where a field begins, or where one closed just before (a doubled quote); elsewhere it is a
        // character. A row that was given up ends at the next line break, whatever its quotes say.
        const before = at === start ? separator : (bytes[at - 1] ?? separator);
        const isOpening = before === separator || before === QUOTE;
        isQuoted = !isQuoted && isOpening && !this.#isTooLong;
      } else if (byte === NEWLINE) {
        if (isQuoted) {
          this.#breaks++;
          continue;
        }
        this.#row(cut, bytes, start, at);
        start = at + 1;
      }
    }
    this.#isQuoted = isQuoted;
    cut.rest = start;
    this.#left = bytes.byteLength - start;
    if (this.#left > this.#bytesMax) this.#giveUp(cut, bytes);
    return cut;
  }

  /** A quote never closes and has swallowed other rows: its line is rejected, and the next line starts afresh. */
  #giveUp(cut: Cut, bytes: Uint8Array<ArrayBuffer>): void {
    const start = cut.rest;
    const newline = this.#isTooLong ? -1 : bytes.indexOf(NEWLINE, start);
    if (newline >= 0 && this.#recoveries < RECOVERIES_MAX) {
      this.#leaveLine(cut, newline);
      const rest = this.cut(bytes);
      cut.rest = rest.rest;
      for (const place of rest.spans) cut.spans.push(place);
      for (const line of rest.lines) cut.lines.push(line);
      for (const one of rest.rejects) cut.rejects.push(one);
      return;
    }
    if (!this.#isTooLong) cut.rejects.push({ line: this.line, reason: tooLong(this.#bytesMax) });
    cut.rest = bytes.byteLength;
    this.#left = 0;
    this.#isQuoted = false;
    this.#isTooLong = true;
  }

  /** Rejects the line up to `newline`, inside whose quotes we were, and sets the next `cut` to go on behind it. */
  #leaveLine(cut: Cut, newline: number): void {
    this.#recoveries++;
    cut.rejects.push({ line: this.line, reason: UNCLOSED });
    this.line++;
    this.#breaks = 0;
    this.#isQuoted = false;
    this.#left = newline + 1;
    this.#from = newline + 1;
  }

  #row(cut: Cut, bytes: Uint8Array<ArrayBuffer>, start: number, end: number): void {
    const { line } = this;
    this.line += this.#breaks + 1;
    this.#breaks = 0;
    if (this.#isTooLong) {
      this.#isTooLong = false;
      return;
    }
    let [from, to] = [start, end];
    while (from < to && (bytes[from] ?? 0) <= SPACE) from++;
    while (to > from && (bytes[to - 1] ?? 0) <= SPACE) to--;
    if (from === to) return;
    if (this.header === null) {
      this.header = fields(new TextDecoder().decode(bytes.subarray(from, to)), this.separator).map(
        (name) => name.trim(),
      );
      return;
    }
    cut.spans.push(from, to);
    cut.lines.push(line);
  }

  end(bytes: Uint8Array<ArrayBuffer>): Cut {
    const cut = emptyCut(bytes.byteLength);
    let start = 0;
    while (this.#isQuoted && start < bytes.byteLength && !this.#isTooLong) {
      const newline = bytes.indexOf(NEWLINE, start);
      if (newline < 0 || this.#recoveries >= RECOVERIES_MAX) {
        cut.rejects.push({ line: this.line, reason: UNCLOSED });
        return cut;
      }
      this.#leaveLine(cut, newline);
      const rest = this.cut(bytes);
      for (const place of rest.spans) cut.spans.push(place);
      for (const line of rest.lines) cut.lines.push(line);
      for (const one of rest.rejects) cut.rejects.push(one);
      start = rest.rest;
    }
    if (!this.#isTooLong && start < bytes.byteLength)
      this.#row(cut, bytes, start, bytes.byteLength);
    return cut;
  }
}

/** So many unclosed quotes of a file are left one by one; each costs a look at what follows it. */
const RECOVERIES_MAX = 64;
const UNCLOSED = "a quoted field never ends: a quote is missing, or the file was cut off";

/** The fields of one row; quotes doubled inside quotes are one. Text after a closing quote is kept as it is. */
export function fields(row: string, separator: string): string[] {
  const found: string[] = [];
  let at = 0;
  while (found.length < COLUMNS_MAX) {
    if (row[at] === '"') {
      const { value, next } = quoted(row, at + 1);
      const end = row.indexOf(separator, next);
      found.push(end < 0 ? value + row.slice(next) : value + row.slice(next, end));
      if (end < 0) return found;
      at = end + 1;
    } else {
      const end = row.indexOf(separator, at);
      found.push(end < 0 ? row.slice(at) : row.slice(at, end));
      if (end < 0) return found;
      at = end + 1;
    }
  }
  return found;
}

function quoted(row: string, start: number): { value: string; next: number } {
  let end = row.indexOf('"', start);
  while (end >= 0 && row[end + 1] === '"') end = row.indexOf('"', end + 2);
  const stop = end < 0 ? row.length : end;
  return {
    value: row.slice(start, stop).replaceAll('""', '"'),
    next: Math.min(stop + 1, row.length),
  };
}

/** A row as an object of its columns; fields beyond the header are dropped, missing ones absent. */
export function rowObject(
  header: readonly string[],
  row: string,
  separator: string,
): Record<string, string> {
  const values = fields(row, separator);
  const entries: [string, string][] = [];
  for (const [index, name] of header.entries()) {
    const value = values[index];
    if (value !== undefined && name !== "") entries.push([name, value]);
  }
  return Object.fromEntries(entries);
}
