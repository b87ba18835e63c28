/** Lays terminal views out: headings, wrapped paragraphs, columns and bars of a given width. */

import type { Severity } from "#contract/finding.ts";
import { cells, pad, padStart, shorten, wrap } from "./cells.ts";
import { type Paint, type Palette, palette } from "./palette.ts";
import type { RenderOptions } from "./renderer.ts";
import { plain } from "./safe.ts";

export interface Screen {
  width: number;
  isVerbose: boolean;
  paint: Palette;
}

export const WIDTH_DEFAULT = 100;
const WIDTH_MIN = 40;
const WIDTH_MAX = 400;
/** Prose in longer lines is hard to read. */
const PROSE_MAX = 110;

export function screenOf(options: RenderOptions): Screen {
  const asked = options.width ?? WIDTH_DEFAULT;
  const width = Number.isFinite(asked) ? Math.floor(asked) : WIDTH_DEFAULT;
  return {
    width: Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, width)),
    isVerbose: options.verbose === true,
    paint: palette(options.color === true),
  };
}

/** A blank line, then the title with its count and a rule to the end of the line. */
export function heading(screen: Screen, title: string, note = ""): string {
  const { paint, width } = screen;
  const shownNote = note === "" ? "" : ` ${note}`;
  const rule = "─".repeat(Math.max(0, width - cells(title) - cells(shownNote) - 2));
  return `\n${paint.strong(title)}${paint.faint(`${shownNote} ${rule}`)}\n`;
}

export interface Paragraph {
  indent: number;
  /** Written in the margin of the first line, inside the indent. */
  mark?: string;
  paint?: Paint;
  linesMax?: number;
}

/** Untrusted or own text, wrapped and indented. */
export function paragraph(screen: Screen, text: string, style: Paragraph): string {
  const room = Math.min(PROSE_MAX, screen.width - style.indent - 1);
  let out = "";
  let mark = pad(style.mark ?? "", style.indent);
  for (const line of wrap(plain(text), room, style.linesMax)) {
    out += `${mark}${style.paint?.(line) ?? line}\n`;
    mark = " ".repeat(style.indent);
  }
  return out;
}

/** Pieces joined by a dot, broken between pieces where the line is full; a piece is cut only when alone too long. */
export function pieces(screen: Screen, items: readonly (Piece | null)[], indent: number): string {
  const room = screen.width - indent - 1;
  const margin = " ".repeat(indent);
  const dot = screen.paint.faint(" · ");
  let out = "";
  let used = 0;
  for (const item of items) {
    if (item === null) continue;
    const text = shorten(plain(item.text).trim(), Math.min(room, item.max ?? room));
    if (text === "") continue;
    const size = cells(text);
    const painted = item.paint?.(text) ?? text;
    if (out !== "" && used + 3 + size <= room) {
      out += `${dot}${painted}`;
      used += 3 + size;
    } else {
      out += out === "" ? `${margin}${painted}` : `\n${margin}${painted}`;
      used = size;
    }
  }
  return out === "" ? "" : `${out}\n`;
}

export interface Piece {
  text: string;
  paint?: Paint;
  /** Cells at most, where that is less than the line. */
  max?: number;
}

export interface Column<Row> {
  title: string;
  /** Cells it needs at least and would like; what is left over goes to columns in their order. */
  min: number;
  ideal: number;
  isRight?: boolean;
  /** How a text too long is cut; `shorten` unless given. */
  cut?: (text: string, width: number) => string;
  text(row: Row): string;
  paint?(row: Row): Paint;
}

const GAP = 2;

/** Header and rows of a table without lines; columns grow from `min` to `ideal` while there is room. */
export function columns<Row>(
  screen: Screen,
  shape: readonly Column<Row>[],
  rows: readonly Row[],
): string[] {
  const widths = columnWidths(shape, rows, screen.width - 2);
  const header = shape.map((column, i) => aligned(column, column.title, widths[i] ?? 0));
  const lines = [` ${screen.paint.faint(header.join(" ".repeat(GAP)).trimEnd())}\n`];
  for (const row of rows) {
    const painted = shape.map((column, i) => {
      const text = aligned(column, plain(column.text(row)).trim(), widths[i] ?? 0);
      return column.paint?.(row)(text) ?? text;
    });
    lines.push(` ${painted.join(" ".repeat(GAP)).trimEnd()}\n`);
  }
  return lines;
}

function aligned<Row>(column: Column<Row>, text: string, width: number): string {
  const cutText = (column.cut ?? shorten)(text, width);
  return column.isRight === true ? padStart(cutText, width) : pad(cutText, width);
}

function columnWidths<Row>(
  shape: readonly Column<Row>[],
  rows: readonly Row[],
  room: number,
): number[] {
  const wanted = shape.map((column) => {
    let widest = cells(column.title);
    for (const row of rows) widest = Math.max(widest, cells(plain(column.text(row)).trim()));
    return Math.min(widest, column.ideal);
  });
  const widths = shape.map((column, i) => Math.min(column.min, wanted[i] ?? 0));
  let left = room - GAP * (shape.length - 1) - widths.reduce((sum, width) => sum + width, 0);
  for (let i = 0; i < widths.length && left > 0; i++) {
    const more = Math.min(left, (wanted[i] ?? 0) - (widths[i] ?? 0));
    widths[i] = (widths[i] ?? 0) + more;
    left -= more;
  }
  return widths;
}

/** A line of a score from 0 to 100, heavy in the colour of its level, then light. */
export function bar(screen: Screen, score: number, level: Severity, width: number): string {
  const halves = Math.round((Math.min(100, Math.max(0, score)) / 100) * width * 2);
  const filled = "━".repeat(Math.floor(halves / 2)) + (halves % 2 === 1 ? "╸" : "");
  const track = "─".repeat(Math.max(0, width - cells(filled)));
  return screen.paint.severity(level)(filled) + screen.paint.faint(track);
}
