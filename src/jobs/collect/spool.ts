/** An upload as batches of records: its chunks out of the database, unpacked and cut, whatever container they make up. */

import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { assert } from "#base/assert.ts";
import { PAGE_KEYS } from "#base/page.ts";
import type { Batch, Reject } from "#kit/reading/batch.ts";
import { Buffers } from "#kit/reading/buffers.ts";
import { listSources } from "#kit/reading/sources.ts";
import { split } from "#kit/reading/split.ts";
import { sniffPacking, unwrap } from "#kit/reading/unpack.ts";
import type { Store } from "#store/db.ts";
import * as uploads from "#store/uploads.ts";

/**
 * Bytes of one batch, which is one transaction: enough that its cost hardly counts, few enough that others do not wait long.
 * Cursors count batches of this size, so that another size must begin the uploads under way anew.
 */
const BATCH_BYTES = 1 << 20;

/** A batch of an upload, and what else there is to say of what cannot be read in it. */
export interface UploadedBatch extends Batch {
  explained(rejects: readonly Reject[]): readonly Reject[];
}

export interface Spool {
  readonly bytesRead: number;
  /** The same batches in the same order each time. Throws what the database throws, and then gives no further batch. */
  batches(): AsyncGenerator<UploadedBatch>;
}

export function openSpool(store: Store, upload: uploads.Upload): Spool {
  const { org_id: orgId, id, number } = upload;
  let bytesRead = 0;
  let failure: { readonly cause: unknown } | null = null;

  async function* chunks(): AsyncGenerator<Buffer> {
    try {
      for (let seq = 0; seq < upload.chunks; seq++) {
        const bytes = await store.inOrg(orgId, (tx) => uploads.chunk(tx, orgId, id, seq));
        assert(bytes !== undefined, "a chunk of the upload is missing");
        bytesRead += bytes.byteLength;
        yield bytes;
      }
    } catch (cause) {
      failure = { cause };
      throw cause;
    }
  }

  return {
    get bytesRead() {
      return bytesRead;
    },
    async *batches() {
      const first = await store.inOrg(orgId, (tx) => uploads.chunk(tx, orgId, id, 0));
      const isZip = sniffPacking(first ?? new Uint8Array(0)) === ".zip";
      const parts = isZip ? membersOf(chunks()) : [{ name: "", bytes: unwrapped(chunks()) }];
      for await (const { name, bytes } of parts) {
        const buffers = new Buffers(BATCH_BYTES);
        for await (const batch of split(bytes, number, PAGE_KEYS, { shape: "empty" }, buffers)) {
          // A file that breaks off is a reject; a database that does is none, and what follows is not to be stored.
          if (failure !== null) throw failure.cause;
          yield { ...batch, explained: (rejects) => inMember(rejects, name) };
        }
        if (failure !== null) throw failure.cause;
      }
    },
  };
}

function unwrapped(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return unwrap(bytes, { packing: "" });
}

interface Part {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** An archive's list of members is at its end, so that it has to be a file for as long as it is read. */
async function* membersOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Part> {
  const folder = await mkdtemp(join(tmpdir(), "singura-upload-"));
  try {
    const path = join(folder, "upload.zip");
    await pipeline(bytes, createWriteStream(path, { mode: 0o600 }));
    for (const member of await listSources([path])) {
      const name = member.path.slice(path.length).replace(/^!/, "");
      yield { name, bytes: member.open(() => {}) };
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function inMember(rejects: readonly Reject[], name: string): readonly Reject[] {
  if (name === "") return rejects;
  return rejects.map(({ line, reason }) => ({ line, reason: `in ${name}: ${reason}` }));
}
