/** Encodings of Sigma's values: Base64 in its three shifts, UTF-16, and the dashes of Windows' command lines. */

import type { PatternPart } from "./atom.ts";
import { joined, plainText } from "./pattern.ts";

/**
 * A text whose characters stand for themselves, or for one byte each once an encoding made bytes of it. Wildcards are kept, for
 * UTF-16 allows them.
 */
export interface Encoded {
  readonly parts: readonly PatternPart[];
  readonly isBytes: boolean;
}

export type Utf16 = "le" | "be" | "bom";

/** Each character as two bytes (four outside the basic plane); `bom` is little-endian behind FF FE. */
export function utf16(value: Encoded, order: Utf16): Encoded {
  const parts = value.parts.map((part): PatternPart => {
    if (part.is !== "text") return part;
    let text = "";
    for (let at = 0; at < part.text.length; at++) {
      const unit = part.text.charCodeAt(at);
      const low = String.fromCharCode(unit & 0xff);
      const high = String.fromCharCode(unit >> 8);
      text += order === "be" ? high + low : low + high;
    }
    return { is: "text", text };
  });
  const mark: PatternPart[] = order === "bom" ? [{ is: "text", text: "\u00ff\u00fe" }] : [];
  return { parts: joined([...mark, ...parts]), isBytes: true };
}

/** Null where there is a wildcard or placeholder: nobody knows its Base64. */
export function base64(value: Encoded): Encoded | null {
  const bytes = bytesOf(value);
  return bytes === null ? null : encoded(toBase64(bytes));
}

/** The part of the Base64 that is the same whatever stands before and behind, for each of the three shifts. */
export function base64Offsets(value: Encoded): Encoded[] | null {
  const bytes = bytesOf(value);
  if (bytes === null) return null;
  return [0, 1, 2].map((shift) => {
    const shifted = [...new Array<number>(shift).fill(0x20), ...bytes];
    const whole = toBase64(shifted);
    // The first characters mix with bytes before, the last ones with bytes behind (or are padding).
    const from = [0, 2, 3][shift] ?? 0;
    const cut = [0, 3, 2][shifted.length % 3] ?? 0;
    return encoded(whole.slice(from, whole.length - cut));
  });
}

function encoded(text: string): Encoded {
  return { parts: text === "" ? [] : [{ is: "text", text }], isBytes: false };
}

function bytesOf({ parts, isBytes }: Encoded): number[] | null {
  const text = plainText(parts);
  if (text === null) return null;
  if (isBytes) return Array.from(text, (character) => character.charCodeAt(0));
  return [...new TextEncoder().encode(text)];
}

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function toBase64(bytes: readonly number[]): string {
  let out = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = bytes.slice(at, at + 3);
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    out += BASE64[bits >> 18] ?? "";
    out += BASE64[(bits >> 12) & 63] ?? "";
    out += b === undefined ? "=" : (BASE64[(bits >> 6) & 63] ?? "");
    out += c === undefined ? "=" : (BASE64[bits & 63] ?? "");
  }
  return out;
}

/** Hyphen, slash, en dash, em dash and horizontal bar: Windows takes each for the start of a parameter. */
const DASHES = ["-", "/", "\u2013", "\u2014", "\u2015"];

/** A dash begins a parameter where a word follows and none precedes: the second one of `-param-name` does not. */
const DASH = /(?<![\p{L}\p{N}_])[-/\u2013\u2014\u2015](?=[\p{L}\p{N}_])/gu;

/** Every way to write the parameters' dashes, or null where there are more than `max`. */
export function windash(parts: readonly PatternPart[], max: number): PatternPart[][] | null {
  let ways: PatternPart[][] = [[]];
  for (const part of parts) {
    if (part.is !== "text") {
      ways = ways.map((way) => [...way, part]);
      continue;
    }
    const texts = part.text.split(DASH);
    const count = ways.length * DASHES.length ** (texts.length - 1);
    if (count > max) return null;
    let written = [texts[0] ?? ""];
    for (const text of texts.slice(1)) {
      written = written.flatMap((before) => DASHES.map((dash) => before + dash + text));
    }
    ways = ways.flatMap((way) =>
      written.map((text): PatternPart[] => [...way, { is: "text", text }]),
    );
  }
  return ways.map(joined);
}
