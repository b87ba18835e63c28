/** What every report renderer offers: a report in, chunks of text out. */

import type { Report } from "#contract/report.ts";

/** All options of all renderers; each reads those that concern it. */
export interface RenderOptions {
  /** Terminal views: paint with ANSI colours. Default false. */
  color?: boolean;
  /** Terminal views: columns, bounded to 40..400. Default 100. */
  width?: number;
  /** Terminal views: show more rows and more evidence. Default false. */
  verbose?: boolean;
  /** csv: which list, default findings. table: automations leaves the findings out. */
  of?: "findings" | "automations";
  /** json: one line without white space. Default false. */
  compact?: boolean;
  /** ocsf, sarif, html: our own version, as the output names it. */
  version?: string;
}

/** One output format. `render` yields chunks of any size that make the output when joined. */
export interface Renderer {
  id: string;
  title: string;
  mediaType: string;
  extension: string;
  render(report: Report, options?: RenderOptions): Iterable<string>;
}

/** The whole output as one string, for reports known to be small. */
export function renderText(
  renderer: Renderer,
  report: Report,
  options: RenderOptions = {},
): string {
  return [...renderer.render(report, options)].join("");
}
