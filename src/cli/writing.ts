/** Writes a rendered report to standard output or, whole or not at all, to a file. */

import { open, rename, rm } from "node:fs/promises";
import type { Report } from "#contract/report.ts";
import { EXIT, UserError } from "#kit/error.ts";
import { renderers } from "#report/index.ts";
import type { RenderOptions } from "#report/renderer.ts";
import type { Deps } from "./app.ts";

export interface WritingOptions {
  out?: string;
  color?: boolean;
  verbose?: boolean;
  of?: "findings" | "automations";
}

/** Renders by the renderer's id. Throws UserError (73) when the file cannot be written. */
export async function writeReport(
  report: Report,
  format: string,
  options: WritingOptions,
  deps: Deps,
): Promise<void> {
  const renderer = renderers.find(({ id }) => id === format);
  if (renderer === undefined) throw new UserError("usage.format", `There is no format ${format}.`);
  await writeChunks(renderer.render(report, renderOptions(options, deps)), options, deps);
}

/** Writes text to standard output or to the file of --out. Throws UserError (73) when the file cannot be written. */
export async function writeChunks(
  chunks: Iterable<string>,
  options: Pick<WritingOptions, "out">,
  deps: Deps,
): Promise<void> {
  if (options.out === undefined) {
    for (const chunk of chunks) await deps.out(chunk);
    return;
  }
  await writeFile(options.out, chunks);
  deps.err(`Wrote ${options.out}\n`);
}

/** Colours on a terminal unless NO_COLOR (no-color.org) or --no-color forbid them, or --color asks for them. */
export function renderOptions(options: WritingOptions, deps: Deps): RenderOptions {
  const isTerminal = deps.isOutTty && options.out === undefined;
  return {
    color: options.color ?? (isTerminal && (deps.env.NO_COLOR ?? "") === ""),
    width: isTerminal ? deps.columns : 120,
    verbose: options.verbose ?? false,
    of: options.of ?? "findings",
    version: deps.version,
  };
}

async function writeFile(path: string, chunks: Iterable<string>): Promise<void> {
  const unfinished = `${path}.part`;
  try {
    const file = await open(unfinished, "w", 0o600);
    try {
      for (const chunk of chunks) await file.write(chunk);
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => {});
    if (!(cause instanceof Error && "code" in cause)) throw cause;
    const why = String(cause.code);
    throw new UserError(
      "output.unwritable",
      `Cannot write ${path} (${why}): check that the folder exists and that you may write there.`,
      EXIT.cannotCreate,
    );
  }
}
