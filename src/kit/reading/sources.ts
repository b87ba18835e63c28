/** From what the user named (files, folders, archives, stdin) to a list of byte streams, each decompressed by its content. */

import { createReadStream } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import yauzl from "yauzl";
import { EXIT, UserError } from "#kit/error.ts";

/** One stream of bytes with the name that evidence will carry. */
export interface Source {
  /** The file as given; a member of an archive is `archive.zip!member`; stdin is `-`. */
  readonly path: string;
  /** Size on disk in bytes; 0 for stdin. For progress only. */
  readonly size: number;
  /** `""`, `.gz`, `.zst`, `.zip`, `.gz.zip` …: how it was packed, outermost last. Known once opened. */
  packing: string;
  /** The unpacked bytes. `onRead` is told of bytes as they leave the disk. */
  open(onRead: (bytes: number) => void): AsyncIterable<Uint8Array>;
}

/** How many bytes are read from disk at once. */
const READ_BYTES = 1 << 20;
/** A folder deeper than this is a loop or a mistake. */
const DEPTH_MAX = 32;
const HEAD_BYTES = 4;

/**
 * All sources under the given names, in the order of the names and by path within a folder, so that the same input
 * always reads in the same order. Throws UserError (exit 66) for a name that cannot be read.
 */
export async function listSources(names: readonly string[]): Promise<Source[]> {
  const found: Source[] = [];
  for (const name of names) {
    if (name === "-") found.push(stdinSource());
    else found.push(...(await under(name, 0)));
  }
  return found;
}

async function under(path: string, depth: number): Promise<Source[]> {
  const info = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  if (!info.isDirectory()) return await fileSources(path, info.size);
  if (depth >= DEPTH_MAX) return [];
  const entries = await readdir(path, { withFileTypes: true }).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  const found: Source[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    // Hidden files are the system's and the editor's, never an export.
    if (entry.name.startsWith(".")) continue;
    if (entry.isDirectory() || entry.isFile()) {
      found.push(...(await under(join(path, entry.name), depth + 1)));
    }
  }
  return found;
}

function unreadable(path: string, cause: unknown): UserError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
  const why: Readonly<Record<string, string>> = {
    ENOENT: "there is no such file or folder: check the spelling",
    EACCES: "you may not read it: check its permissions",
    EPERM: "you may not read it: check its permissions",
    ELOOP: "it is a link that leads back to itself",
  };
  return new UserError(
    "input.unreadable",
    `Cannot read ${path}: ${why[code] ?? code}.`,
    EXIT.noInput,
  );
}

async function fileSources(path: string, size: number): Promise<Source[]> {
  if ((await packingOf(path)) === ".zip") return await zipSources(path);
  return [fileSource(path, size)];
}

async function packingOf(path: string): Promise<Packing> {
  const handle = await open(path, "r").catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  try {
    const head = new Uint8Array(HEAD_BYTES);
    const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0);
    return sniffPacking(head.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

type Packing = "" | ".gz" | ".zst" | ".zip";

/** By magic number: RFC 1952, RFC 8878, PKWARE APPNOTE 4.3.7. */
export function sniffPacking(head: Uint8Array): Packing {
  const [a, b, c, d] = head;
  if (a === 0x1f && b === 0x8b) return ".gz";
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return ".zst";
  if (a === 0x50 && b === 0x4b && (c === 0x03 || c === 0x05) && (d === 0x04 || d === 0x06)) {
    return ".zip";
  }
  return "";
}

function fileSource(path: string, size: number): Source {
  const source: Source = {
    path,
    size,
    packing: "",
    open: (onRead) =>
      unpacked(createReadStream(path, { highWaterMark: READ_BYTES }), source, onRead),
  };
  return source;
}

function stdinSource(): Source {
  const source: Source = {
    path: "-",
    size: 0,
    packing: "",
    open: (onRead) => unpacked(process.stdin, source, onRead),
  };
  return source;
}

/** Unpacks as often as the head of what comes out says so: a `.gz` in a `.zip` is two layers. */
async function* unpacked(
  raw: Readable,
  source: Source,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const counted = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      onRead(chunk.byteLength);
      done(null, chunk);
    },
  });
  raw.on("error", (cause) => counted.destroy(cause));
  yield* unwrap(raw.pipe(counted), source, 0);
}

const LAYERS_MAX = 3;

async function* unwrap(
  stream: AsyncIterable<Uint8Array>,
  source: Source,
  layer: number,
): AsyncGenerator<Uint8Array> {
  const { head, rest } = await peek(stream);
  const packing = layer < LAYERS_MAX ? sniffPacking(head) : "";
  if (packing === "") {
    yield* rest;
    return;
  }
  if (packing === ".zip") {
    throw new UserError(
      "input.nested_zip",
      `${source.path} is a zip archive inside another stream: save it to a file of its own and name that file.`,
      EXIT.noInput,
    );
  }
  source.packing = packing + source.packing;
  const unzip = packing === ".gz" ? createGunzip() : createZstdDecompress();
  const packed = Readable.from(rest, { objectMode: false });
  packed.on("error", (cause) => unzip.destroy(cause));
  yield* unwrap(packed.pipe(unzip), source, layer + 1);
}

/** The first bytes of a stream, and the whole stream again. */
async function peek(
  stream: AsyncIterable<Uint8Array>,
): Promise<{ head: Uint8Array; rest: AsyncGenerator<Uint8Array> }> {
  const iterator = stream[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let size = 0;
  while (size < HEAD_BYTES) {
    const next = await iterator.next();
    if (next.done === true) break;
    held.push(next.value);
    size += next.value.byteLength;
  }
  async function* rest(): AsyncGenerator<Uint8Array> {
    yield* held;
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) return;
      yield next.value;
    }
  }
  return { head: new Uint8Array(Buffer.concat(held)).subarray(0, HEAD_BYTES), rest: rest() };
}

/** One source a member, in the order of names. The archive is opened once and closed when its last member was read. */
async function zipSources(path: string): Promise<Source[]> {
  const zip = await yauzl.openPromise(path, { autoClose: false }).catch((cause: unknown) => {
    throw new UserError(
      "input.bad_zip",
      `${path} begins like a zip archive but cannot be opened (${messageOf(cause)}): export it again, or unzip it yourself.`,
      EXIT.noInput,
    );
  });
  const members: yauzl.Entry[] = [];
  for await (const entry of zip.eachEntry()) {
    const isFile = !entry.fileName.endsWith("/");
    if (isFile && !/(^|\/)(\.|__MACOSX\/)/.test(entry.fileName)) members.push(entry);
  }
  let left = members.length;
  if (left === 0) zip.close();
  members.sort((a, b) => (a.fileName < b.fileName ? -1 : 1));
  return members.map((entry) => {
    const source: Source = {
      path: `${path}!${entry.fileName}`,
      size: entry.compressedSize,
      packing: ".zip",
      async *open(onRead) {
        try {
          onRead(entry.compressedSize);
          yield* unwrap(await zip.openReadStreamPromise(entry), source, 0);
        } finally {
          left--;
          if (left === 0) zip.close();
        }
      },
    };
    return source;
  });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
