/** Takes in an upload: its bytes as they come, in chunks, into the spool that all instances share. */

import { createHash, randomUUID } from "node:crypto";
import type { Store } from "#store/db.ts";
import * as uploads from "#store/uploads.ts";

const CHUNK_BYTES = 1 << 20;

export interface Received {
  readonly uploadId: string;
  /** False where the same upload had come in whole before, by its key. */
  readonly isNew: boolean;
}

/**
 * Spools what comes, and gives the id to collect. A broken stream leaves an upload that is never collected; sent again
 * under the same key it goes on where it was.
 */
export async function receive(
  { store, clock }: { readonly store: Store; readonly clock: () => number },
  orgId: string,
  sent: {
    readonly name: string;
    /** The sender's own: what comes twice under one key is one upload. */
    readonly key: string | null;
    readonly bytes: AsyncIterable<Uint8Array>;
  },
): Promise<Received> {
  const { upload } = await store.inOrg(orgId, (tx) =>
    uploads.begin(tx, orgId, {
      id: randomUUID(),
      idempotencyKey: sent.key,
      name: sent.name,
      now: clock(),
    }),
  );
  if (upload.state !== "receiving") return { uploadId: upload.id, isNew: false };
  const hash = createHash("sha256");
  let seq = 0;
  for await (const chunk of inChunks(sent.bytes)) {
    hash.update(chunk);
    const nth = seq++;
    await store.inOrg(orgId, (tx) => uploads.addChunk(tx, orgId, upload.id, nth, chunk, clock()));
  }
  await store.inOrg(orgId, (tx) =>
    uploads.complete(tx, orgId, upload.id, hash.digest("hex"), clock()),
  );
  return { uploadId: upload.id, isNew: true };
}

/** Chunks of one size, the last one shorter, however the bytes come. Each is a copy of its own. */
async function* inChunks(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held = new Uint8Array(CHUNK_BYTES);
  let filled = 0;
  for await (const given of bytes) {
    for (let taken = 0; taken < given.byteLength; ) {
      const part = given.subarray(taken, taken + CHUNK_BYTES - filled);
      held.set(part, filled);
      filled += part.byteLength;
      taken += part.byteLength;
      if (filled < CHUNK_BYTES) continue;
      yield held;
      held = new Uint8Array(CHUNK_BYTES);
      filled = 0;
    }
  }
  if (filled > 0) yield held.subarray(0, filled);
}
