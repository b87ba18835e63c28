/** From what the user named (files, folders, archives, stdin) to a list of byte streams, each decompressed by its content. */

import { open, readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { EXIT, UserError } from "#kit/error.ts";
import { sniffPacking, unwrap } from "./unpack.ts";
import { UnreadableSource, whyUnreadable } from "./unreadable.ts";
import { zipSources } from "./zip.ts";

/** One stream of bytes with the name that evidence will carry. */
export interface Source {
  /** The file as given; a member of an archive is `archive.zip!member`; stdin is `-`. */
  readonly path: string;
  /** Size on disk in bytes; 0 for stdin. For progress only. */
  readonly size: number;
  /** `""`, `.gz`, `.zst`, `.zip`, `.gz.zip` …: how it was packed, outermost last. Known once opened. */
  packing: string;
  /**
   * The unpacked bytes. A chunk is valid until the next one is asked for. `onRead` is told of bytes as they leave the
   * disk. Throws UnreadableSource where nothing can be read, and whatever the file throws where it breaks off.
   */
  open(onRead: (bytes: number) => void): AsyncIterable<Uint8Array>;
}

/** How many bytes are read from disk at once. */
const READ_BYTES = 1 << 18;
/** A folder deeper than this is a loop or a mistake. */
const DEPTH_MAX = 32;
const HEAD_BYTES = 4;

/**
 * All sources under the given names, in the order of the names and by path within a folder, so that the same input
 * always reads in the same order. Throws UserError (exit 66) for a name that cannot be read; what cannot be read inside
 * a folder becomes a source that says so when it is opened, and the rest is read.
 */
export async function listSources(names: readonly string[]): Promise<Source[]> {
  return sourcesUnder(names, addFile, stdinSource);
}

/** The same, but each file as it is on disk, for sending it on: nothing is unpacked, and an archive is one source. */
export async function listFiles(names: readonly string[]): Promise<Source[]> {
  return sourcesUnder(names, addAsItIs, () => asItIs("-", 0, stdinBytes));
}

/** What becomes of a file that was found. */
type Add = (path: string, size: number, isFile: boolean, found: Source[]) => Promise<void>;

async function sourcesUnder(
  names: readonly string[],
  add: Add,
  stdin: () => Source,
): Promise<Source[]> {
  const found: Source[] = [];
  for (const name of names) {
    if (name === "-") found.push(stdin());
    else await named(name, found, add);
  }
  return found;
}

async function named(path: string, found: Source[], add: Add): Promise<void> {
  try {
    await under(path, 0, [], found, add);
  } catch (cause) {
    // It is there and is broken, which is one row of the quarantine; what else was named is read.
    if (cause instanceof UnreadableSource) {
      found.push(refusedSource(path, cause));
      return;
    }
    throw new UserError(
      "input.unreadable",
      `Cannot read ${path}: ${whyUnreadable(cause)}.`,
      EXIT.noInput,
    );
  }
}

/** `above` holds the real paths of the folders that lead here, for a link may lead back to one of them. */
async function under(
  path: string,
  depth: number,
  above: readonly string[],
  found: Source[],
  add: Add,
): Promise<void> {
  const info = await stat(path);
  if (!info.isDirectory()) {
    await add(path, info.size, info.isFile(), found);
    return;
  }
  const real = await realpath(path);
  if (depth >= DEPTH_MAX || above.includes(real)) return;
  for (const name of (await readdir(path)).sort()) {
    // Hidden files are the system's and the editor's, never an export.
    if (name.startsWith(".")) continue;
    const inside = join(path, name);
    try {
      await under(inside, depth + 1, [...above, real], found, add);
    } catch (cause) {
      found.push(refusedSource(inside, cause));
    }
  }
}

/** Pipes and devices give their bytes but once: they are opened when their turn comes, not before. */
async function addFile(
  path: string,
  size: number,
  isFile: boolean,
  found: Source[],
): Promise<void> {
  const packing = isFile ? await packingOf(path) : "";
  if (packing === ".zip") for (const member of await zipSources(path)) found.push(member);
  else found.push(fileSource(path, isFile ? size : 0));
}

async function addAsItIs(
  path: string,
  size: number,
  isFile: boolean,
  found: Source[],
): Promise<void> {
  found.push(asItIs(path, isFile ? size : 0, (onRead) => fileBytes(path, onRead)));
}

function asItIs(path: string, size: number, open: Source["open"]): Source {
  return { path, size, packing: "", open };
}

async function packingOf(path: string): Promise<string> {
  const handle = await open(path, "r");
  try {
    const head = new Uint8Array(HEAD_BYTES);
    const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0);
    return sniffPacking(head.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

function fileSource(path: string, size: number): Source {
  const source: Source = {
    path,
    size,
    packing: "",
    open: (onRead) => unwrap(fileBytes(path, onRead), source),
  };
  return source;
}

/** The bytes of a file, all of them through one buffer. */
async function* fileBytes(
  path: string,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const handle = await open(path, "r").catch(refuse);
  try {
    const buffer = new Uint8Array(READ_BYTES);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, READ_BYTES, null);
      if (bytesRead === 0) return;
      onRead(bytesRead);
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

function refuse(cause: unknown): never {
  const why = cause instanceof UnreadableSource ? cause.message : whyUnreadable(cause);
  throw new UnreadableSource(`cannot be read: ${why}`);
}

function stdinSource(): Source {
  const source: Source = {
    path: "-",
    size: 0,
    packing: "",
    open: (onRead) => unwrap(stdinBytes(onRead), source),
  };
  return source;
}

async function* stdinBytes(onRead: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of process.stdin) {
    onRead(chunk.byteLength);
    yield chunk;
  }
}

/** Stands for what could not be listed, and says why when its turn comes. */
function refusedSource(path: string, cause: unknown): Source {
  return {
    path,
    size: 0,
    packing: "",
    // biome-ignore lint/correctness/useYield: it has nothing to give.
    async *open() {
      refuse(cause);
    },
  };
}
