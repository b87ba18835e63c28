/** Cuts a stream of bytes into records, whatever container it turns out to be, without ever holding more than one record. */

import { UserError } from "#kit/error.ts";
import type { Batch, Reject, Shape } from "./batch.ts";
import { Buffers } from "./buffers.ts";
import { type Cut, type Cutter, emptyCut, JsonCutter, LineCutter } from "./cut.ts";
import { CsvCutter } from "./cut-csv.ts";
import { sniffShape, toUtf8 } from "./sniff.ts";
import { messageOf, UnreadableSource } from "./unreadable.ts";

/** A longer record is no audit record; it is counted, named in the quarantine and passed over. */
export const RECORD_BYTES_MAX = 16 << 20;
/** Bytes handed to a worker at once: few enough that the records of a batch die young, enough that handing it over costs little. */
export const BATCH_BYTES = 1 << 17;

/** What became of a source as a container. */
export interface SplitResult {
  shape: Shape;
}

/**
 * Batches of one source in order. `result.shape` is set once the head was read. A stream that breaks (truncated gzip,
 * disk error) ends in a reject instead of an exception: what was read before it stays.
 * Whoever has done with a batch may give its buffer back to `buffers`.
 */
export async function* split(
  stream: AsyncIterable<Uint8Array>,
  source: number,
  pageKeys: ReadonlySet<string>,
  result: SplitResult,
  buffers: Buffers = new Buffers(BATCH_BYTES),
): AsyncGenerator<Batch> {
  const broken: Reject[] = [];
  let cutter: Cutter | null = null;
  const where = () => cutter?.line ?? 1;
  let bytes = buffers.take(buffers.size);
  let filled = 0;
  for await (const chunk of unbroken(toUtf8(stream), broken, where)) {
    let taken = 0;
    while (taken < chunk.byteLength) {
      const part = chunk.subarray(taken, taken + bytes.byteLength - filled);
      bytes.set(part, filled);
      filled += part.byteLength;
      taken += part.byteLength;
      if (filled < bytes.byteLength) continue;
      cutter ??= cutterFor(bytes, result, pageKeys);
      const cut = cutter.cut(bytes);
      const next = leftOver(bytes, cut.rest, buffers);
      filled -= cut.rest;
      yield* batches(cut, bytes, source, result.shape, cutter, buffers);
      bytes = next;
    }
  }
  const last = bytes.subarray(0, filled);
  cutter ??= cutterFor(last, result, pageKeys);
  const cut = cutter.cut(last);
  const next = leftOver(last, cut.rest, buffers);
  const rest = next.subarray(0, filled - cut.rest);
  yield* batches(cut, last, source, result.shape, cutter, buffers);
  const end = cutter.end(rest);
  for (const one of broken) end.rejects.push(one);
  yield* batches(end, rest, source, result.shape, cutter, buffers);
}

/** A buffer that begins with what stands from `rest` on, with at least as much room behind it. */
function leftOver(
  bytes: Uint8Array<ArrayBuffer>,
  rest: number,
  buffers: Buffers,
): Uint8Array<ArrayBuffer> {
  const held = bytes.byteLength - rest;
  const next = buffers.take(Math.max(held * 2, buffers.size));
  next.set(bytes.subarray(rest));
  return next;
}

/** The stream up to where it breaks; the break itself becomes a reject. */
async function* unbroken(
  stream: AsyncIterable<Uint8Array>,
  broken: Reject[],
  where: () => number,
): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const reason =
      cause instanceof UnreadableSource
        ? cause.message
        : `the file breaks off here (${messageOf(cause)}): export or copy it again`;
    broken.push({ line: where(), reason });
  }
}

function cutterFor(head: Uint8Array, result: SplitResult, pageKeys: ReadonlySet<string>): Cutter {
  const found = sniffShape(head);
  result.shape = found.shape;
  switch (found.shape) {
    case "json":
      return new JsonCutter(RECORD_BYTES_MAX, pageKeys);
    case "csv":
      return new CsvCutter(RECORD_BYTES_MAX, found.separator);
    case "binary":
      return new BinaryCutter();
    default:
      return new LineCutter(RECORD_BYTES_MAX);
  }
}

/** Binary data is one record that cannot be read, however long it is. */
class BinaryCutter implements Cutter {
  readonly line = 1;
  readonly header = null;
  readonly separator = "";
  cut(bytes: Uint8Array): Cut {
    return emptyCut(bytes.byteLength);
  }
  end(bytes: Uint8Array): Cut {
    const reason =
      "binary data, not a text export: give JSON, NDJSON or CSV, plain or packed as .gz, .zst or .zip";
    return { ...emptyCut(bytes.byteLength), rejects: [{ line: 1, reason }] };
  }
}

function* batches(
  cut: Cut,
  bytes: Uint8Array<ArrayBuffer>,
  source: number,
  shape: Shape,
  cutter: Cutter,
  buffers: Buffers,
): Generator<Batch> {
  // Without a record in it the buffer is free again.
  if (cut.lines.length === 0) buffers.give(bytes.buffer);
  if (cut.lines.length === 0 && cut.rejects.length === 0) return;
  yield {
    source,
    shape,
    key: cut.key,
    header: cutter.header,
    separator: cutter.separator,
    bytes: cut.lines.length === 0 ? new Uint8Array(0) : bytes,
    spans: Uint32Array.from(cut.spans),
    lines: Float64Array.from(cut.lines),
    rejects: cut.rejects,
  };
}
