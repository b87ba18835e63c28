/** A small set of terminal colours that read well on dark and on light grounds. */

import type { Severity } from "#contract/finding.ts";

export type Paint = (text: string) => string;

export interface Palette {
  strong: Paint;
  faint: Paint;
  accent: Paint;
  good: Paint;
  warn: Paint;
  /** Text in the colour of a severity. */
  severity(severity: Severity): Paint;
  /** Filled label in the colour of a severity. */
  badge(severity: Severity): Paint;
}

/** SGR codes by severity: text, then filled. */
const SEVERITY_CODES: Readonly<Record<Severity, readonly [string, string]>> = {
  critical: ["1;38;5;160", "1;38;5;231;48;5;160"],
  high: ["38;5;166", "1;38;5;231;48;5;166"],
  medium: ["38;5;136", "1;38;5;232;48;5;178"],
  low: ["38;5;67", "1;38;5;231;48;5;67"],
  info: ["38;5;102", "1;38;5;231;48;5;102"],
};

export function palette(isColored: boolean): Palette {
  const paint =
    (code: string): Paint =>
    (text) =>
      isColored && text !== "" ? `\u001b[${code}m${text}\u001b[0m` : text;
  return {
    strong: paint("1"),
    faint: paint("38;5;245"),
    accent: paint("38;5;37"),
    good: paint("38;5;71"),
    warn: paint("38;5;136"),
    severity: (severity) => paint(SEVERITY_CODES[severity][0]),
    badge: (severity) => paint(SEVERITY_CODES[severity][1]),
  };
}
