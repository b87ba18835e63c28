/** Cuts a stream of bytes into records, whatever container it turns out to be, without ever holding more than one record. */

import { isUtf8 } from "node:buffer";
import type { Batch, Reject, Shape } from "./batch.ts";
import { type Cut, type Cutter, emptyCut, JsonCutter, LineCutter } from "./cut.ts";
import { CsvCutter } from "./cut-csv.ts";
import { sniffShape, toUtf8 } from "./sniff.ts";

/** A longer record is no audit record; it is counted, named in the quarantine and passed over. */
export const RECORD_BYTES_MAX = 16 << 20;
/** How much is looked at to tell the container. */
const SNIFF_BYTES = 1 << 16;
/** Bytes handed to a worker at once. */
const BATCH_BYTES = 1 << 19;

/** What became of a source as a container. */
export interface SplitResult {
  shape: Shape;
}

/**
 * Batches of one source in order. `result.shape` is set once the head was read. A stream that breaks (truncated gzip,
 * disk error) ends in a reject instead of an exception: what was read before it stays.
 */
export async function* split(
  stream: AsyncIterable<Uint8Array>,
  source: number,
  pageKeys: ReadonlySet<string>,
  result: SplitResult,
): AsyncGenerator<Batch> {
  const gathered = gather(toUtf8(stream), BATCH_BYTES);
  let cutter: Cutter | null = null;
  let head = new Uint8Array(0);
  const broken: Reject[] = [];
  for (;;) {
    const chunk = await nextOrReject(gathered, broken, cutter);
    if (chunk === null) break;
    if (cutter === null) {
      head = head.byteLength === 0 ? chunk : concat(head, chunk);
      if (head.byteLength < SNIFF_BYTES) continue;
      cutter = cutterFor(head, result, pageKeys);
      yield* batches(cutter.push(head), source, result.shape, cutter);
      continue;
    }
    yield* batches(cutter.push(chunk), source, result.shape, cutter);
  }
  if (cutter === null) {
    cutter = cutterFor(head, result, pageKeys);
    yield* batches(cutter.push(head), source, result.shape, cutter);
  }
  const last = cutter.end();
  yield* batches({ ...last, rejects: [...last.rejects, ...broken] }, source, result.shape, cutter);
}

async function nextOrReject(
  stream: AsyncGenerator<Uint8Array<ArrayBuffer>>,
  broken: Reject[],
  cutter: Cutter | null,
): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const next = await stream.next();
    return next.done === true ? null : next.value;
  } catch (cause) {
    if (cause instanceof Error && cause.name === "UserError") throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    broken.push({
      line: cutter?.line ?? 1,
      reason: `the file breaks off here (${why}): export or copy it again`,
    });
    return null;
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
  push(): Cut {
    return emptyCut(new Uint8Array(0));
  }
  end(): Cut {
    const reason =
      "binary data, not a text export: give JSON, NDJSON or CSV, plain or packed as .gz, .zst or .zip";
    return { ...this.push(), rejects: [{ line: 1, reason }] };
  }
}

function* batches(cut: Cut, source: number, shape: Shape, cutter: Cutter): Generator<Batch> {
  if (cut.lines.length === 0 && cut.rejects.length === 0) return;
  yield {
    source,
    shape,
    key: cut.key,
    header: cutter.header,
    separator: cutter.separator,
    bytes: cut.bytes,
    spans: Uint32Array.from(cut.spans),
    lines: Float64Array.from(cut.lines),
    rejects: cut.rejects,
  };
}

/** Joins small chunks, since zlib gives 16 KiB at a time. */
async function* gather(
  stream: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      held.push(chunk);
      bytes += chunk.byteLength;
      if (bytes < size) continue;
      yield joined(held, bytes);
      held = [];
      bytes = 0;
    }
  } catch (cause) {
    // What came before the break is whole and must not be lost with it.
    if (bytes > 0) yield joined(held, bytes);
    throw cause;
  }
  if (bytes > 0) yield joined(held, bytes);
}

function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  return joined([a, b], a.byteLength + b.byteLength);
}

/** Text of one record, or null where its bytes are not UTF-8. */
export function textOf(bytes: Uint8Array<ArrayBuffer>, start: number, end: number): string | null {
  const slice = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  return isUtf8(slice) ? slice.toString("utf8") : null;
}
