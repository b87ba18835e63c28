/** Sigma's strings: wildcards and their escaping, read into parts and written as tests. */

import { fold, type PatternPart, type Test } from "./atom.ts";

const MANY: PatternPart = { is: "many" };
const ONE: PatternPart = { is: "one" };

/**
 * Reads a value: `*` and `?` are wildcards, a backslash makes them and itself plain. A backslash before anything else is
 * just a backslash, so `\\` and `\` are the same unless a wildcard follows.
 */
export function parsePattern(written: string): PatternPart[] {
  const parts: PatternPart[] = [];
  let text = "";
  const flush = () => {
    if (text !== "") parts.push({ is: "text", text });
    text = "";
  };
  for (let at = 0; at < written.length; at++) {
    const character = written[at] ?? "";
    const next = written[at + 1];
    if (character === "\\" && (next === "*" || next === "?" || next === "\\")) {
      text += next;
      at++;
    } else if (character === "*" || character === "?") {
      flush();
      parts.push(character === "*" ? MANY : ONE);
    } else {
      text += character;
    }
  }
  flush();
  return joined(parts);
}

/** Neighbouring texts become one, and so do neighbouring `*`. */
export function joined(parts: readonly PatternPart[]): PatternPart[] {
  const out: PatternPart[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (part.is === "text" && last?.is === "text") {
      out[out.length - 1] = { is: "text", text: last.text + part.text };
    } else if (part.is !== "many" || last?.is !== "many") {
      out.push(part);
    }
  }
  return out;
}

/** Finds `%name%` in the texts; `\%` is a plain percent sign. */
export function withPlaceholderParts(parts: readonly PatternPart[]): PatternPart[] {
  const out: PatternPart[] = [];
  for (const part of parts) {
    if (part.is !== "text") {
      out.push(part);
      continue;
    }
    let from = 0;
    for (const found of part.text.matchAll(/(?<!\\)%([\p{L}\p{N}_]+)%/gu)) {
      out.push({ is: "text", text: unescaped(part.text.slice(from, found.index)) });
      out.push({ is: "placeholder", name: found[1] ?? "" });
      from = found.index + found[0].length;
    }
    out.push({ is: "text", text: unescaped(part.text.slice(from)) });
  }
  return joined(out.filter((part) => part.is !== "text" || part.text !== ""));
}

function unescaped(text: string): string {
  return text.replaceAll("\\%", "%");
}

export function anywhere(parts: readonly PatternPart[]): PatternPart[] {
  return joined([MANY, ...parts, MANY]);
}

export function atStart(parts: readonly PatternPart[]): PatternPart[] {
  return joined([...parts, MANY]);
}

export function atEnd(parts: readonly PatternPart[]): PatternPart[] {
  return joined([MANY, ...parts]);
}

/** The text, where there is no wildcard and no placeholder in it. */
export function plainText(parts: readonly PatternPart[]): string | null {
  let text = "";
  for (const part of parts) {
    if (part.is !== "text") return null;
    text += part.text;
  }
  return text;
}

/** The test for these parts, folded unless case matters. */
export function patternTest(parts: readonly PatternPart[], isCased: boolean): Test {
  const text = plainText(parts);
  if (text !== null) return { op: "equals", text: isCased ? text : fold(text), isCased };
  const folded = isCased
    ? [...parts]
    : parts.map((part) =>
        part.is === "text" ? { is: "text" as const, text: fold(part.text) } : part,
      );
  return { op: "pattern", parts: folded, isCased };
}
