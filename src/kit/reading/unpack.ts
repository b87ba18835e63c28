/** Unpacks streams by what their first bytes say, however often they were packed, and loses nothing where one breaks off. */

import type { Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { UnreadableSource } from "./unreadable.ts";

const LAYERS_MAX = 3;
const HEAD_BYTES = 4;
/** Bytes that an unpacker gives at once. */
const UNPACKED_BYTES = 1 << 16;

type Packing = "" | ".gz" | ".zst" | ".zip";

/** By magic number: RFC 1952, RFC 8878, PKWARE APPNOTE 4.3.7. */
export function sniffPacking(head: Uint8Array): Packing {
  const [a, b, c, d] = head;
  if (a === 0x1f && b === 0x8b) return ".gz";
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return ".zst";
  // A skippable frame, with which parallel compressors begin.
  if (a !== undefined && a >= 0x50 && a <= 0x5f && b === 0x2a && c === 0x4d && d === 0x18)
    return ".zst";
  if (a === 0x50 && b === 0x4b && (c === 0x03 || c === 0x05) && (d === 0x04 || d === 0x06)) {
    return ".zip";
  }
  return "";
}

/** Unpacks as often as the head of what comes out says so: a `.gz` in a `.zip` is two layers. */
export async function* unwrap(
  stream: AsyncIterable<Uint8Array>,
  source: { packing: string },
  layer = 0,
): AsyncGenerator<Uint8Array> {
  const chunks = stream[Symbol.asyncIterator]();
  try {
    const head = await headOf(chunks);
    const rest = continued(head, chunks);
    const packing = layer < LAYERS_MAX ? sniffPacking(head) : "";
    if (packing === "") {
      yield* rest;
    } else if (packing === ".zip") {
      throw new UnreadableSource(
        "a zip archive inside a stream or another archive: save it to a file of its own and scan that file",
      );
    } else {
      source.packing = packing + source.packing;
      const unpacker =
        packing === ".gz"
          ? createGunzip({ chunkSize: UNPACKED_BYTES })
          : createZstdDecompress({ chunkSize: UNPACKED_BYTES });
      yield* unwrap(through(unpacker, rest), source, layer + 1);
    }
  } finally {
    await chunks.return?.();
  }
}

/** At least the four bytes that tell the packing, if there are as many. */
async function headOf(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0);
  while (head.byteLength < HEAD_BYTES) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = head.byteLength === 0 ? next.value : Buffer.concat([head, next.value]);
    if (head.byteLength < HEAD_BYTES) head = head.slice();
  }
  return head;
}

async function* continued(
  head: Uint8Array,
  chunks: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (head.byteLength > 0) yield head;
  for (;;) {
    const next = await chunks.next();
    if (next.done === true) return;
    yield next.value;
  }
}

/** What comes out of an unpacker. Where it breaks off, all that was whole comes out first. */
async function* through(
  unpacker: Transform,
  packed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const given = { bytes: 0 };
  const fed = feed(unpacker, packed, given);
  try {
    yield* unpacker;
    // Node's zstd ends with its first frame, whatever follows it (Node 24; gzip goes on with the next member).
    if ("bytesWritten" in unpacker && given.bytes > Number(unpacker.bytesWritten)) {
      throw new Error(
        "more packed data follows: unpack the file with its own tool and scan the result",
      );
    }
  } catch (cause) {
    for (let chunk = unpacker.read(); chunk !== null; chunk = unpacker.read()) yield chunk;
    throw cause;
  } finally {
    unpacker.destroy();
    await fed;
  }
}

/**
 * Writes chunk after chunk, each when the one before was used up. The end is told apart from the last chunk: Node drops
 * what a chunk gave when the input turns out to be cut off at that chunk's end.
 */
async function feed(
  unpacker: Transform,
  packed: AsyncIterable<Uint8Array>,
  given: { bytes: number },
): Promise<void> {
  let goOn = () => {};
  unpacker.once("close", () => goOn());
  try {
    for await (const chunk of packed) {
      given.bytes += chunk.byteLength;
      await new Promise<void>((resolve) => {
        goOn = resolve;
        unpacker.write(chunk, () => resolve());
      });
      if (unpacker.destroyed) return;
    }
    unpacker.end();
  } catch (cause) {
    unpacker.destroy(cause instanceof Error ? cause : new Error(String(cause)));
  }
}
