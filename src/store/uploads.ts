/** Uploads: what was sent, as it was received, until it is collected. The spool that all instances share. */

import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { Tx } from "./db.ts";
import { keyAfter, type Page, type PageQuery, pageOf, plainText, rowsWanted } from "./page.ts";
import type { Tables } from "./tables.ts";

type Row = Tables["uploads"];
export interface Upload
  extends Omit<
    Row,
    "state" | "bytes" | "chunks" | "sha256" | "cursor" | "counts" | "error" | "number"
  > {
  /** By which evidence names it. */
  readonly number: number;
  readonly state: "receiving" | "received" | "collecting" | "collected" | "failed";
  readonly bytes: number;
  readonly chunks: number;
  readonly sha256: string | null;
  /** Batches that are folded and committed. */
  readonly cursor: number;
  readonly counts: string;
  readonly error: string | null;
}

/** Begins an upload, or gives the one that was sent under the same key before. */
export async function begin(
  tx: Tx,
  orgId: string,
  {
    id,
    idempotencyKey,
    name,
    now,
  }: { id: string; idempotencyKey: string | null; name: string; now: number },
): Promise<{ readonly upload: Upload; readonly isNew: boolean }> {
  const made = await tx
    .insertInto("uploads")
    .values({
      org_id: orgId,
      id,
      idempotency_key: idempotencyKey,
      number: numberOf(id),
      name: plainText(name),
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  if (made !== undefined) return { upload: made, isNew: true };
  const upload = await tx
    .selectFrom("uploads")
    .selectAll()
    .where("org_id", "=", orgId)
    .where((is) => is.or([is("id", "=", id), is("idempotency_key", "=", idempotencyKey)]))
    .executeTakeFirstOrThrow();
  return { upload, isNew: false };
}

/** Appends a chunk, so that a broken connection can go on where it was; false, and nothing changes, where one has its place. */
export async function addChunk(
  tx: Tx,
  orgId: string,
  uploadId: string,
  seq: number,
  bytes: Uint8Array,
  now: number,
): Promise<boolean> {
  const made = await tx
    .insertInto("upload_chunks")
    .values({ org_id: orgId, upload_id: uploadId, seq, bytes: Buffer.from(bytes) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (made.numInsertedOrUpdatedRows !== 1n) return false;
  await tx
    .updateTable("uploads")
    .set({ bytes: sql`bytes + ${bytes.length}`, chunks: sql`chunks + 1`, updated_at: now })
    .where("org_id", "=", orgId)
    .where("id", "=", uploadId)
    .execute();
  return true;
}

/** All is there: from now on it is collected. */
export async function complete(
  tx: Tx,
  orgId: string,
  id: string,
  sha256: string,
  now: number,
): Promise<void> {
  await tx
    .updateTable("uploads")
    .set({ state: "received", sha256, updated_at: now })
    .where("org_id", "=", orgId)
    .where("id", "=", id)
    .where("state", "=", "receiving")
    .execute();
}

/** One upload; with `lock` until the transaction ends, so that one collector at a time moves its cursor. */
export async function get(
  tx: Tx,
  orgId: string,
  id: string,
  lock = false,
): Promise<Upload | undefined> {
  const query = tx
    .selectFrom("uploads")
    .selectAll()
    .where("org_id", "=", orgId)
    .where("id", "=", id);
  return (lock ? query.forUpdate() : query).executeTakeFirst();
}

/** Moves the cursor, last in the transaction that stored what was read. `counts` is JSON. */
export async function advance(
  tx: Tx,
  orgId: string,
  id: string,
  to: {
    readonly cursor: number;
    readonly counts: string;
    readonly state: Upload["state"];
    readonly error?: string | null;
  },
  now: number,
): Promise<void> {
  await tx
    .updateTable("uploads")
    .set({ ...to, updated_at: now })
    .where("org_id", "=", orgId)
    .where("id", "=", id)
    .execute();
}

/** One chunk, or undefined past the last. */
export async function chunk(
  tx: Tx,
  orgId: string,
  uploadId: string,
  seq: number,
): Promise<Buffer | undefined> {
  const row = await tx
    .selectFrom("upload_chunks")
    .select("bytes")
    .where("org_id", "=", orgId)
    .where("upload_id", "=", uploadId)
    .where("seq", "=", seq)
    .executeTakeFirst();
  return row?.bytes;
}

/** Lets go of what was received; the upload itself stays, with its counts. */
export async function dropChunks(tx: Tx, orgId: string, uploadId: string): Promise<void> {
  await tx
    .deleteFrom("upload_chunks")
    .where("org_id", "=", orgId)
    .where("upload_id", "=", uploadId)
    .execute();
}

/** Those that are there in whole and not collected yet, oldest first, at most 1,000. Served by uploads_open_idx. */
export async function waiting(tx: Tx, orgId: string): Promise<Upload[]> {
  return tx
    .selectFrom("uploads")
    .selectAll()
    .where("org_id", "=", orgId)
    .where("state", "in", ["received", "collecting"])
    .orderBy("updated_at")
    .orderBy("id")
    .limit(1_000)
    .execute();
}

/** The names of uploads by their numbers; those that are no longer known are not in it. Served by uploads_number_idx. */
export async function namesOf(
  tx: Tx,
  orgId: string,
  numbers: readonly number[],
): Promise<Map<number, string>> {
  const { rows } = await sql<{ number: number; name: string }>`
    select number, name from uploads where org_id = ${orgId} and number = any(${[...numbers]}::bigint[])`.execute(
    tx,
  );
  return new Map(rows.map(({ number, name }) => [number, name]));
}

/** 48 bits of a digest of the id: the same everywhere, and small enough for what is folded. */
function numberOf(id: string): number {
  return createHash("sha256").update(id).digest().readUIntBE(0, 6);
}

/** Newest first. Served by uploads_created_idx. */
export async function list(tx: Tx, orgId: string, query: PageQuery): Promise<Page<Upload>> {
  const after = keyAfter(query, 2);
  let rows = tx.selectFrom("uploads").selectAll().where("org_id", "=", orgId);
  if (after !== null) {
    rows = rows.where(
      sql<boolean>`created_at <= ${after[0]} and (created_at < ${after[0]} or id > ${after[1]})`,
    );
  }
  const found = await rows
    .orderBy("created_at", "desc")
    .orderBy("id")
    .limit(rowsWanted(query))
    .execute();
  return pageOf(found, query, ({ created_at, id }) => [created_at, id]);
}

/** Over all organizations: uploads that nobody has touched since. Served by uploads_open_idx. */
export async function stale(
  tx: Tx,
  before: number,
  limit = 1_000,
): Promise<Pick<Upload, "org_id" | "id" | "state">[]> {
  return tx
    .selectFrom("uploads")
    .select(["org_id", "id", "state"])
    .where("state", "in", ["receiving", "received", "collecting"])
    .where("updated_at", "<", before)
    .orderBy("updated_at")
    .limit(limit)
    .execute();
}
