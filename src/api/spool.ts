/** Bodies of any size on their way into the store: cut into chunks, bounded, and never waiting for a sender who has gone silent. */

import { createHash } from "node:crypto";
import { ApiError } from "./problem.ts";
import type { Limits } from "./route.ts";

/** All chunks but the last have exactly this length, so that the same body sent again is cut the same. */
export const CHUNK_BYTES = 1_048_576;

export interface Sent {
  readonly bytes: number;
  readonly chunks: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/**
 * Hands a body to `keep` chunk by chunk, the next one only when the last is kept. Throws ApiError 413 beyond
 * `uploadBytes`, and 408 after a pause of `uploadPauseMs`; a broken connection throws what the stream throws, and
 * then the last, partial chunk is not kept.
 */
export async function spool(
  stream: AsyncIterable<Uint8Array>,
  limits: Pick<Limits, "uploadBytes" | "uploadPauseMs">,
  keep: (seq: number, chunk: Buffer) => Promise<void>,
): Promise<Sent> {
  // Not `for await`: leaving such a loop destroys the request, and the refusal could not be told any more.
  const parts = stream[Symbol.asyncIterator]();
  const hash = createHash("sha256");
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let bytes = 0;
  let chunks = 0;
  for (;;) {
    const part = await within(limits.uploadPauseMs, parts.next());
    if (part.done === true) break;
    bytes += part.value.byteLength;
    if (bytes > limits.uploadBytes) throw tooLarge(limits.uploadBytes);
    hash.update(part.value);
    held.push(part.value);
    heldBytes += part.value.byteLength;
    if (heldBytes < CHUNK_BYTES) continue;
    const all = Buffer.concat(held, heldBytes);
    let from = 0;
    for (; heldBytes - from >= CHUNK_BYTES; from += CHUNK_BYTES) {
      await keep(chunks++, all.subarray(from, from + CHUNK_BYTES));
    }
    held = [all.subarray(from)];
    heldBytes -= from;
  }
  if (heldBytes > 0) await keep(chunks++, Buffer.concat(held, heldBytes));
  return { bytes, chunks, sha256: hash.digest("hex") };
}

function tooLarge(bytesMax: number): ApiError {
  return new ApiError(
    413,
    "upload.too_large",
    `An upload has at most ${bytesMax} bytes: send it in parts, or packed as gzip or Zstandard.`,
  );
}

async function within<T>(pauseMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new ApiError(
          408,
          "upload.stalled",
          `Nothing came for ${Math.ceil(pauseMs / 1_000)} s: send it again, with the same Idempotency-Key to go on.`,
        ),
      );
    }, pauseMs);
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
  }
}
