/** Makes untrusted text harmless to look at: names in a report were chosen by strangers. */

/** Letters and symbols that show as nothing, and so can hide text or make two names look alike. */
const INVISIBLE =
  /[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0e\u{e0100}-\u{e01ef}]/u;
/** Controls, format characters (bidi overrides, zero-width …), line separators and lone surrogates. */
const HOSTILE = new RegExp(`[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]|${INVISIBLE.source}`, "gu");
/** Joiners are honest inside emoji and in scripts that need them. */
const JOINER = /[\u200c\u200d]/;
const JOINED =
  /[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f\p{sc=Arabic}\p{sc=Devanagari}\p{sc=Bengali}\p{sc=Malayalam}]$/u;
/** More marks than any language stacks on one letter ("zalgo"). */
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;
/** Printable ASCII needs no look. */
const HARMLESS = /^[\x20-\x7e]*$/;

/** One line of text in which everything that could steer a terminal, a page or the reading order is visible instead. */
export function plain(text: string): string {
  if (HARMLESS.test(text)) return text;
  return text
    .replace(HOSTILE, shown)
    .replace(STACKED_MARKS, "$1")
    .replace(/^(?=\p{M})/u, "◌");
}

function shown(found: string, offset: number, whole: string): string {
  const code = found.codePointAt(0) ?? 0;
  if (code >= 0x09 && code <= 0x0d) return " ";
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  if (code >= 0xd800 && code <= 0xdfff) return "\ufffd";
  if (JOINER.test(found) && JOINED.test(whole.slice(Math.max(0, offset - 2), offset))) return found;
  return `‹U+${code.toString(16).toUpperCase().padStart(4, "0")}›`;
}

const JSON_HOSTILE = new RegExp(`[\\x7f-\\x9f\\p{Cf}\\p{Zl}\\p{Zp}]|${INVISIBLE.source}`, "gu");

/** JSON that loses nothing and is safe to print: what could steer a terminal is written as \u escapes. */
export function safeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(JSON_HOSTILE, escapeUnits);
}

function escapeUnits(found: string): string {
  let escaped = "";
  for (let i = 0; i < found.length; i++) {
    escaped += `\\u${found.charCodeAt(i).toString(16).padStart(4, "0")}`;
  }
  return escaped;
}
