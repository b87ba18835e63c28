/** `singura sample DIR`: writes the sample workspace, an invented company's exports, to try everything on. */

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import type { CliCommand } from "#cli/app.ts";
import { EXIT, UserError } from "#kit/error.ts";
import { type SampleFile, sampleWorkspace } from "#simulator/sample/sample.ts";

/** The end of the sample's three weeks: fixed, so that the sample is the same everywhere. 2026-06-22 00:00 UTC. */
const SAMPLE_END = Date.UTC(2026, 5, 22);
const SAMPLE_SEED = 20_260_622;

export const sampleCommand: CliCommand = {
  name: "sample",
  declare(program, deps, done) {
    program
      .command("sample")
      .description("write the exports of an invented company to a folder, to try everything on")
      .argument("<folder>", "where to; it is made if it does not exist")
      .addHelpText(
        "after",
        `
Examples:
  singura sample ./sample && singura scan ./sample`,
      )
      .action((folder: string) =>
        done(
          (async () => {
            let files = 0;
            for (const file of sampleWorkspace({ seed: SAMPLE_SEED, now: SAMPLE_END })) {
              const path = join(folder, packedName(file.path));
              await write(path, pack(path, fileText(file)));
              files++;
            }
            deps.err(`Wrote ${files} exports of the sample workspace to ${folder}\n`);
            return EXIT.ok;
          })(),
        ),
      );
  },
};

/** The sample shows that packing does not matter: every third file is packed, one way or the other. */
function packedName(path: string): string {
  const sum = [...path].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return path + (["", ".gz", "", ".zst", ""][sum % 5] ?? "");
}

function pack(path: string, text: string): Uint8Array | string {
  if (path.endsWith(".gz")) return gzipSync(text);
  if (path.endsWith(".zst")) return zstdCompressSync(text);
  return text;
}

async function write(path: string, content: Uint8Array | string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  } catch (cause) {
    const why = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new UserError(
      "output.unwritable",
      `Cannot write ${path} (${why}): choose a folder that you may write to.`,
      EXIT.cannotCreate,
    );
  }
}

function fileText(file: SampleFile): string {
  return [...file.text()].join("");
}
