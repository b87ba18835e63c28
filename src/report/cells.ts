/** Measures, cuts, pads and wraps text by terminal cells: CJK and emoji take two, marks take none. */

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
const WIDE =
  /^[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]/u;
const EMOJI =
  /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3)/u;
const ZERO = /^[\p{M}\u200b-\u200d]/u;
/** Longer text is no prose; wrapping it would cost more than anybody reads. */
const WRAPPED_MAX = 8_000;
const ASCII = /^[\x20-\x7e]*$/;

/** Cells that the text takes. The text must be `plain`. */
export function cells(text: string): number {
  if (ASCII.test(text)) return text.length;
  let total = 0;
  for (const { segment } of graphemes.segment(text)) total += graphemeCells(segment);
  return total;
}

function graphemeCells(grapheme: string): number {
  if (ZERO.test(grapheme)) return 0;
  return WIDE.test(grapheme) || EMOJI.test(grapheme) ? 2 : 1;
}

/** The text in at most `width` cells, with an ellipsis where it was cut. */
export function shorten(text: string, width: number): string {
  if (cells(text) <= width) return text;
  if (width < 1) return "";
  return `${take(text, width - 1).trimEnd()}…`;
}

/** Like `shorten`, but keeps the end: the file name of a path says more than its folders. */
export function shortenFront(text: string, width: number): string {
  if (cells(text) <= width) return text;
  if (width < 1) return "";
  const parts = [...graphemes.segment(text)].map(({ segment }) => segment);
  let kept = "";
  for (let i = parts.length - 1, used = 1; i >= 0; i--) {
    const part = parts[i] ?? "";
    used += graphemeCells(part);
    if (used > width) break;
    kept = part + kept;
  }
  return `…${kept}`;
}

/** The text followed by blanks up to `width` cells. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - cells(text)));
}

/** The text preceded by blanks up to `width` cells. */
export function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - cells(text))) + text;
}

/** As many whole graphemes from the start as fit. */
function take(text: string, width: number): string {
  let kept = "";
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += graphemeCells(segment);
    if (used > width) break;
    kept += segment;
  }
  return kept;
}

/** Lines of at most `width` cells, broken at blanks; a word longer than a line is broken inside. */
export function wrap(text: string, width: number, linesMax = Number.POSITIVE_INFINITY): string[] {
  const room = Math.max(1, width);
  const bounded = text.length > WRAPPED_MAX ? `${text.slice(0, WRAPPED_MAX)}…` : text;
  const lines: string[] = [];
  let line = "";
  for (const word of bounded.split(" ")) {
    if (word === "") continue;
    const joined = line === "" ? word : `${line} ${word}`;
    if (cells(joined) <= room) {
      line = joined;
      continue;
    }
    if (line !== "") lines.push(line);
    line = breakWord(word, room, lines);
    if (lines.length > linesMax) break;
  }
  if (line !== "") lines.push(line);
  if (lines.length <= linesMax) return lines;
  const kept = lines.slice(0, linesMax);
  kept[linesMax - 1] = shorten(`${kept[linesMax - 1] ?? ""} …`, room);
  return kept;
}

/** Pushes full lines of a word that is longer than a line and gives back its rest. */
function breakWord(word: string, width: number, lines: string[]): string {
  let rest = word;
  while (cells(rest) > width) {
    const head = take(rest, width) || ([...graphemes.segment(rest)][0]?.segment ?? rest);
    lines.push(head);
    rest = rest.slice(head.length);
  }
  return rest;
}
