/** Every way in which a report can be written. */

import { csv } from "./csv.ts";
import { html } from "./html.ts";
import { json } from "./json.ts";
import { ocsf } from "./ocsf.ts";
import type { Renderer } from "./renderer.ts";
import { sarif } from "./sarif.ts";
import { table } from "./table.ts";

/** In the order in which help texts list them; the first is the default. */
export const renderers: readonly Renderer[] = [table, json, html, csv, ocsf, sarif];

/** The renderer with this id; null for a format that there is not. */
export function rendererFor(id: string): Renderer | null {
  return renderers.find((renderer) => renderer.id === id) ?? null;
}
