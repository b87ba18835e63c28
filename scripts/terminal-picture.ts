/**
 * Draws coloured terminal text from standard input as one self-contained SVG picture on standard output; what it is
 * called with for the README stands in CONTRIBUTING.md.
 */
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { cells } from "#report/cells.ts";
import { plain } from "#report/safe.ts";

interface Look {
  color: string | null;
  ground: string | null;
  isBold: boolean;
  isFaint: boolean;
  isItalic: boolean;
  isUnderlined: boolean;
}

interface Run {
  column: number;
  width: number;
  text: string;
  look: Look;
}

const PLAIN: Look = {
  color: null,
  ground: null,
  isBold: false,
  isFaint: false,
  isItalic: false,
  isUnderlined: false,
};
const INK = "#d7dae0";
const GROUND = "#15181e";
const FRAME = "#2b303b";
const FAINT = "#8a919e";
/** The sixteen named colours, picked to be read on the dark ground; the rest of the 256 is computed. */
const NAMED =
  "#3b4252 #e06c75 #8cc265 #d9a343 #61afef #c678dd #56b6c2 #d7dae0 #7f8794 #f0838b #a5d684 #edc06a #82c4ff #d89bea #7fd1db #ffffff".split(
    " ",
  );

const FONT_SIZE = 14;
const CELL_WIDTH = 8.4;
const LINE_HEIGHT = 20;
const MARGIN = 20;
const BAR_HEIGHT = 36;
const ROWS_MAX = 500;

const { values } = parseArgs({
  options: {
    title: { type: "string", default: "Singura" },
    /** What the picture shows, for readers who do not see it. */
    description: { type: "string", default: "Output of Singura in a terminal." },
    /** Shown as typed above the output. */
    command: { type: "string" },
    /** Which rows of the output are shown, such as `1-40,80-90`; where rows are left out, a sign says so. */
    rows: { type: "string", default: `1-${ROWS_MAX}` },
  },
});

const lines = trimmed((await text(process.stdin)).split(/\r?\n/));
const shown = chosen(lines, values.rows);
if (values.command !== undefined) shown.unshift(prompt(values.command), []);
process.stdout.write(picture(shown));

/** The rows of each range, and an ellipsis for each gap between them and after them. */
function chosen(all: readonly string[], ranges: string): Run[][] {
  const kept: Run[][] = [];
  let next = 1;
  for (const range of ranges.split(",")) {
    const [from = 1, to = from] = range.split("-").map(Number);
    if (from > next) kept.push(typed("…", FAINT));
    kept.push(...all.slice(from - 1, to).map(runsOf));
    next = to + 1;
  }
  if (next <= all.length) kept.push(typed("…", FAINT));
  return kept.slice(0, ROWS_MAX);
}

/** Without blank lines at both ends. */
function trimmed(all: string[]): string[] {
  const first = all.findIndex((line) => line.trim() !== "");
  const last = all.findLastIndex((line) => line.trim() !== "");
  return first < 0 ? [] : all.slice(first, last + 1);
}

/** One line cut into runs of one look, each without blanks at its ends so that it stands at its own column. */
function runsOf(line: string): Run[] {
  const runs: Run[] = [];
  let look = PLAIN;
  let column = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character.
  for (const part of line.split(/(\u001b\[[0-9;]*[A-Za-z])/)) {
    if (part.startsWith("\u001b")) {
      if (part.endsWith("m")) look = restyled(look, part.slice(2, -1));
      continue;
    }
    // Two blanks part columns, and what follows must stand at its own place whatever the font.
    for (const piece of plain(part).split(/( {2,})/)) {
      const width = cells(piece);
      if (piece.trim() !== "" || look.ground !== null) {
        runs.push({ column, width, text: piece, look });
      }
      column += width;
    }
  }
  return runs;
}

function restyled(look: Look, written: string): Look {
  let next = look;
  const codes = written.split(";").map(Number);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    if (code === 38 || code === 48) {
      const { color, used } = extended(codes.slice(i + 1));
      next = code === 38 ? { ...next, color } : { ...next, ground: color };
      i += used;
    } else next = styledBy(next, code);
  }
  return next;
}

function styledBy(look: Look, code: number): Look {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...look, isBold: true };
  if (code === 2) return { ...look, isFaint: true };
  if (code === 3) return { ...look, isItalic: true };
  if (code === 4) return { ...look, isUnderlined: true };
  if (code === 22) return { ...look, isBold: false, isFaint: false };
  if (code === 23) return { ...look, isItalic: false };
  if (code === 24) return { ...look, isUnderlined: false };
  if (code === 39) return { ...look, color: null };
  if (code === 49) return { ...look, ground: null };
  if (code >= 30 && code <= 37) return { ...look, color: indexed(code - 30) };
  if (code >= 90 && code <= 97) return { ...look, color: indexed(code - 82) };
  if (code >= 40 && code <= 47) return { ...look, ground: indexed(code - 40) };
  if (code >= 100 && code <= 107) return { ...look, ground: indexed(code - 92) };
  return look;
}

/** `5;n` is one of 256 colours, `2;r;g;b` any colour. */
function extended([kind, ...rest]: readonly number[]): { color: string | null; used: number } {
  if (kind === 5) return { color: indexed(rest[0] ?? 0), used: 2 };
  if (kind === 2) return { color: hex(rest.slice(0, 3)), used: 4 };
  return { color: null, used: 0 };
}

function indexed(index: number): string {
  if (index < 16) return NAMED[index] ?? INK;
  if (index >= 232) return hex(new Array<number>(3).fill(8 + (index - 232) * 10));
  const cube = index - 16;
  const levels = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6];
  return hex(levels.map((level) => (level === 0 ? 0 : 55 + level * 40)));
}

function hex(parts: readonly number[]): string {
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

function typed(written: string, color: string): Run[] {
  return [{ column: 1, width: cells(written), text: written, look: { ...PLAIN, color } }];
}

function prompt(command: string): Run[] {
  const look = { ...PLAIN, isBold: true };
  return [...typed("$", FAINT), { column: 3, width: cells(command), text: plain(command), look }];
}

function picture(rows: readonly Run[][]): string {
  const columns = Math.max(60, ...rows.flat().map(({ column, width }) => column + width));
  const width = Math.ceil(columns * CELL_WIDTH + 2 * MARGIN);
  const height = BAR_HEIGHT + rows.length * LINE_HEIGHT + MARGIN;
  const dots = ["#e06c75", "#d9a343", "#8cc265"].map(
    (color, index) => `<circle cx="${MARGIN + index * 18}" cy="18" r="5.5" fill="${color}"/>`,
  );
  const fonts = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">
<title id="title">${escaped(values.title)}</title>
<desc id="description">${escaped(values.description)}</desc>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="9" fill="${GROUND}" stroke="${FRAME}"/>
<path d="M1 ${BAR_HEIGHT - 6}H${width - 1}" stroke="${FRAME}"/>
${dots.join("")}
<text x="${width / 2}" y="23" fill="${FAINT}" font-family="${fonts}" font-size="13" text-anchor="middle">${escaped(values.title)}</text>
<g font-family="${fonts}" font-size="${FONT_SIZE}" fill="${INK}" xml:space="preserve">
${rows.flatMap((runs, row) => runs.map((run) => drawn(run, row))).join("\n")}
</g>
</svg>
`;
}

function drawn({ column, width, text: written, look }: Run, row: number): string {
  const x = round(MARGIN + column * CELL_WIDTH);
  const y = BAR_HEIGHT + row * LINE_HEIGHT;
  const size = round(width * CELL_WIDTH);
  const ground =
    look.ground === null
      ? ""
      : `<rect x="${x}" y="${y + 2}" width="${size}" height="${LINE_HEIGHT - 3}" rx="3" fill="${look.ground}"/>`;
  const start = written.length - written.trimStart().length;
  const word = written.trim();
  if (word === "") return ground;
  const style = [
    look.color === null ? "" : ` fill="${look.color}"`,
    look.isBold ? ' font-weight="700"' : "",
    look.isFaint ? ' opacity="0.65"' : "",
    look.isItalic ? ' font-style="italic"' : "",
    look.isUnderlined ? ' text-decoration="underline"' : "",
  ].join("");
  // The length is stated, so that columns line up in whatever font a viewer has.
  const place = `x="${round(x + start * CELL_WIDTH)}" y="${y + 15}"`;
  const length = `textLength="${round(cells(word) * CELL_WIDTH)}" lengthAdjust="spacingAndGlyphs"`;
  return `${ground}<text ${place} ${length}${style}>${escaped(word)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(written: string): string {
  return written
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
