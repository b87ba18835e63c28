/** Patterns with wildcards as functions on texts: the usual shapes by the engine's own string search, the rest by segments. */

import type { PatternPart } from "#engine/sigma/atom.ts";

type Segment = readonly PatternPart[];

/** Whether the parts stand for the whole text. Never slower than the product of both lengths. */
export function wildcard(parts: readonly PatternPart[]): (text: string) => boolean {
  if (parts.some(({ is }) => is === "placeholder")) return () => false;
  const segments = split(parts);
  const first = segments[0] ?? [];
  const last = segments.at(-1) ?? [];
  const middle = segments.slice(1, -1);
  const [only] = middle;
  const word = only === undefined ? null : plain(only);
  if (segments.length === 3 && first.length === 0 && last.length === 0 && word !== null) {
    return (text) => text.includes(word);
  }
  const start = plain(first);
  const end = plain(last);
  if (segments.length === 2 && start !== null && end !== null) {
    const least = start.length + end.length;
    return (text) => text.length >= least && text.startsWith(start) && text.endsWith(end);
  }
  if (segments.length === 1) return (text) => fits(first, text, 0) === text.length;
  return (text) => {
    let at = fits(first, text, 0);
    if (at < 0) return false;
    for (const segment of middle) {
      at = after(segment, text, at);
      if (at < 0) return false;
    }
    return endsWith(last, text, at);
  };
}

/** What stands between the `*`. */
function split(parts: readonly PatternPart[]): Segment[] {
  const segments: PatternPart[][] = [[]];
  for (const part of parts) {
    if (part.is === "many") segments.push([]);
    else segments.at(-1)?.push(part);
  }
  return segments;
}

function plain(segment: Segment): string | null {
  if (segment.length === 0) return "";
  const [only] = segment;
  return segment.length === 1 && only?.is === "text" ? only.text : null;
}

/** Where the segment ends that begins here; -1 where it does not fit. */
function fits(segment: Segment, text: string, from: number): number {
  let at = from;
  for (const part of segment) {
    if (part.is === "text") {
      if (!text.startsWith(part.text, at)) return -1;
      at += part.text.length;
    } else {
      if (at >= text.length) return -1;
      at += step(text, at);
    }
  }
  return at;
}

/** Where the first occurrence from here on ends; -1 where there is none. The first leaves most for what follows. */
function after(segment: Segment, text: string, from: number): number {
  const word = plain(segment);
  if (word !== null) {
    const at = text.indexOf(word, from);
    return at < 0 ? -1 : at + word.length;
  }
  for (let at = from; at <= text.length; at += Math.max(step(text, at), 1)) {
    const end = fits(segment, text, at);
    if (end >= 0) return end;
  }
  return -1;
}

/** Whether the text ends with the segment, which begins nowhere before `from`. */
function endsWith(segment: Segment, text: string, from: number): boolean {
  const word = plain(segment);
  if (word !== null) return text.length - word.length >= from && text.endsWith(word);
  // Of characters of one or two units only trying tells where the segment begins.
  for (let at = from; at <= text.length; at += Math.max(step(text, at), 1)) {
    if (fits(segment, text, at) === text.length) return true;
  }
  return false;
}

/** Units of the character at this place. */
function step(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
