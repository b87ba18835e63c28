/** The order of texts, the same on every machine and in every language. */

/** By code units, as `<` does; 0 for equal ones, so that a sort by it is total and stable. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
