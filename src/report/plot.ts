/** Draws a curve in the unit square with Braille dots: two by four of them a character. */

/** Where a curve goes; both in 0..1, `x` ascending. */
export interface PlotPoint {
  readonly x: number;
  readonly y: number;
}

/** Bits of a Braille character by row, left then right. */
const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/**
 * Rows of characters, top first. Between two points the curve keeps the height of the next one, as a precision-recall curve
 * does, and jumps are drawn through. Right of the last point there is nothing.
 */
export function plotCurve(
  points: readonly PlotPoint[],
  size: { columns: number; rows: number },
): string[] {
  const width = size.columns * 2;
  const height = size.rows * 4;
  const grid = Array.from({ length: size.rows }, () => new Array<number>(size.columns).fill(0));
  function mark(column: number, row: number): void {
    const line = grid[Math.floor(row / 4)];
    const at = Math.floor(column / 2);
    if (line !== undefined) line[at] = (line[at] ?? 0) | (DOTS[row % 4]?.[column % 2] ?? 0);
  }
  let before: number | null = null;
  for (let column = 0; column < width; column++) {
    const x = column / (width - 1);
    const y = points.find((point) => point.x >= x - 1e-9)?.y;
    if (y === undefined) break;
    const row = Math.round((1 - Math.min(1, Math.max(0, y))) * (height - 1));
    const from = before ?? row;
    for (let at = Math.min(from, row); at <= Math.max(from, row); at++) mark(column, at);
    before = row;
  }
  return grid.map((line) => line.map((bits) => String.fromCodePoint(0x2800 + bits)).join(""));
}
