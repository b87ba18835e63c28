/** Tells from the first bytes how a stream is encoded and how records stand in it; never from a file's name. */

import { TextDecoder, TextEncoder } from "node:util";
import type { Shape } from "./batch.ts";

const NEWLINE = 10;
const RETURN = 13;
const OPEN_LIST = 91;
const OPEN_OBJECT = 123;

/** What the head of a stream shows. */
export interface Sniffed {
  shape: Shape;
  separator: string;
}

/**
 * UTF-16 (with byte order mark, or recognisable by its zero bytes) as UTF-8, a UTF-8 mark dropped, and everything else
 * as it is. Windows tools write UTF-16 for CSV and PowerShell output.
 */
export async function* toUtf8(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let decoder: TextDecoder | null = null;
  let head: Uint8Array | null = new Uint8Array(0);
  const encoder = new TextEncoder();
  try {
    for await (const chunk of stream) {
      let bytes = chunk;
      if (head !== null) {
        head = Buffer.concat([head, chunk]);
        if (head.byteLength < ENCODING_BYTES) continue;
        decoder = decoderFor(head);
        bytes = head;
        head = null;
      }
      yield decoder === null
        ? withoutMark(bytes)
        : encoder.encode(decoder.decode(bytes, { stream: true }));
    }
  } finally {
    // Also when the stream breaks: what came before is whole and must not be lost with it.
    if (head !== null) {
      decoder = decoderFor(head);
      yield decoder === null ? withoutMark(head) : encoder.encode(decoder.decode(head));
    } else if (decoder !== null) {
      yield encoder.encode(decoder.decode());
    }
  }
}

/** Bytes looked at to tell the encoding. */
const ENCODING_BYTES = 64;

function decoderFor(head: Uint8Array): TextDecoder | null {
  const encoding = utf16Of(head);
  return encoding === null ? null : new TextDecoder(encoding);
}

/** Without the UTF-8 byte order mark. Elsewhere than at the start of a file the three bytes are as meaningless. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

function utf16Of(head: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  // Without a mark: the first character of any export is ASCII, so one byte of the pair is zero, pair after pair.
  const pairs = Math.min(head.byteLength >> 1, 32);
  if (pairs < 4) return null;
  let little = 0;
  let big = 0;
  for (let i = 0; i < pairs; i++) {
    if (head[i * 2] !== 0 && head[i * 2 + 1] === 0) little++;
    if (head[i * 2] === 0 && head[i * 2 + 1] !== 0) big++;
  }
  if (little >= pairs - 1) return "utf-16le";
  if (big >= pairs - 1) return "utf-16be";
  return null;
}

/** So much of a stream tells its container. */
const SNIFF_BYTES = 1 << 16;

/** The container of a stream that starts with `head` (UTF-8, at least 64 KiB of it or all there is). */
export function sniffShape(head: Uint8Array): Sniffed {
  const start = firstNonBlank(head);
  if (start === head.byteLength) return { shape: "empty", separator: "" };
  const lines = someLines(head);
  if (head[start] === OPEN_LIST)
    return { shape: isLinePerList(lines) ? "ndjson" : "json", separator: "" };
  if (head[start] === OPEN_OBJECT) return { shape: objectShape(lines), separator: "" };
  if (lines.some(isWholeJson)) return { shape: "ndjson", separator: "" };
  const separator = csvSeparator(lines[0] ?? "");
  if (separator !== null) return { shape: "csv", separator };
  return { shape: isBinary(head) ? "binary" : "ndjson", separator: "" };
}

/** One whole list a line (content blobs of Microsoft's Management API, concatenated): lines, so that one bad line costs one line. */
function isLinePerList(lines: readonly string[]): boolean {
  return lines.length > 1 && isWholeJson(lines[0] ?? "") && isWholeJson(lines[1] ?? "");
}

/**
 * A first line that is whole JSON makes lines; one that ends in an open bracket or a comma goes on below, so it is a
 * document. Else the first line is broken, and whole lines after it tell that lines are meant.
 */
function objectShape(lines: readonly string[]): Shape {
  const first = lines[0] ?? "";
  if (lines.length === 1) return "json";
  if (isWholeJson(first)) return "ndjson";
  if (/[[{,]\s*$/.test(first)) return "json";
  const later = lines.slice(1).filter((line) => line.startsWith("{"));
  const whole = later.filter(isWholeJson).length;
  return whole > later.length / 2 ? "ndjson" : "json";
}

/** Lines in the head, the last one only if the head ends with it or it is the only one. At most 64. */
function someLines(head: Uint8Array): string[] {
  const text = new TextDecoder().decode(head);
  const isCut = head.byteLength >= SNIFF_BYTES && !text.endsWith("\n");
  const lines = text.split(/\r?\n/, 65).filter((line) => line.trim() !== "");
  if (lines.length > 64 || (isCut && lines.length > 1)) lines.pop();
  return lines;
}

function isWholeJson(line: string): boolean {
  const first = line.trimStart()[0];
  if (first !== "{" && first !== "[") return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** The separator of a header line: names only, at least two of them. */
function csvSeparator(line: string): string | null {
  for (const separator of [",", ";", "\t"]) {
    const names = line.split(separator);
    if (
      names.length >= 2 &&
      names.every((name) => /^\s*"?[\p{L}\p{N} _.:@()/#-]{1,128}"?\s*$/u.test(name))
    ) {
      return separator;
    }
  }
  return null;
}

/** Text has hardly any control characters; a binary file has many, whatever it is. */
function isBinary(head: Uint8Array): boolean {
  const size = Math.min(head.byteLength, 4_096);
  let controls = 0;
  for (let i = 0; i < size; i++) {
    const byte = head[i] ?? 0;
    if (byte < 32 && byte !== 9 && byte !== NEWLINE && byte !== RETURN) controls++;
  }
  return controls > size / 20;
}

function firstNonBlank(head: Uint8Array): number {
  let at = 0;
  while (at < head.byteLength && (head[at] ?? 0) <= 32) at++;
  return at;
}
