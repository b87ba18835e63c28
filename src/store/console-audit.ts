/** The console audit log: what people did in Singura, each entry chained to the one before by its hash. */

import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { Tx } from "./db.ts";
import { keyAfter, type Page, type PageQuery, pageOf, plainText, rowsWanted } from "./page.ts";

export interface AuditEntry {
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  /** JSON. */
  readonly detail: string;
}

export interface ChainedEntry extends AuditEntry {
  readonly seq: number;
}

/** Before the first entry. */
const START = Buffer.alloc(32);
const ROWS_MAX = 1_000;

/** Appends an entry. One at a time for an organization: others wait until the transaction ends, so append last. */
export async function append(tx: Tx, orgId: string, entry: AuditEntry): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`console_audit/${orgId}`}, 0))`.execute(
    tx,
  );
  const last = await tx
    .selectFrom("console_audit")
    .select(["seq", "hash"])
    .where("org_id", "=", orgId)
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  const seq = (last?.seq ?? 0) + 1;
  const previous = last?.hash ?? START;
  const { at, actor, action, target, detail } = entry;
  const kept = {
    at,
    actor: plainText(actor),
    action,
    target: plainText(target),
    detail: plainText(detail),
  };
  await tx
    .insertInto("console_audit")
    .values({ org_id: orgId, seq, ...kept, previous, hash: hashOf(orgId, seq, previous, kept) })
    .execute();
  return seq;
}

/**
 * Walks the whole chain. Gives the number of the first entry that is not as it was appended (changed, gone or in another
 * place), or null; and the last hash, which kept elsewhere shows that the end is not cut off either.
 */
export async function verify(
  tx: Tx,
  orgId: string,
): Promise<{ readonly brokenAt: number | null; readonly entries: number; readonly head: string }> {
  let previous: Buffer = START;
  let seq = 0;
  for (;;) {
    const rows = await tx
      .selectFrom("console_audit")
      .selectAll()
      .where("org_id", "=", orgId)
      .where("seq", ">", seq)
      .orderBy("seq")
      .limit(ROWS_MAX)
      .execute();
    for (const row of rows) {
      const isNext = row.seq === seq + 1 && row.previous.equals(previous);
      if (!isNext || !row.hash.equals(hashOf(orgId, row.seq, previous, row))) {
        return { brokenAt: seq + 1, entries: seq, head: previous.toString("hex") };
      }
      seq = row.seq;
      previous = row.hash;
    }
    if (rows.length < ROWS_MAX)
      return { brokenAt: null, entries: seq, head: previous.toString("hex") };
  }
}

/** Newest first. */
export async function list(tx: Tx, orgId: string, query: PageQuery): Promise<Page<ChainedEntry>> {
  const after = keyAfter(query, 1);
  let rows = tx
    .selectFrom("console_audit")
    .select(["seq", "at", "actor", "action", "target", "detail"])
    .where("org_id", "=", orgId);
  if (after !== null) rows = rows.where("seq", "<", Number(after[0]));
  const found = await rows.orderBy("seq", "desc").limit(rowsWanted(query)).execute();
  return pageOf(found, query, ({ seq }) => [seq]);
}

/** Over each part with its length before it, so that no two entries read alike. */
function hashOf(orgId: string, seq: number, previous: Buffer, entry: AuditEntry): Buffer {
  const sha = createHash("sha256").update(previous);
  const { at, actor, action, target, detail } = entry;
  for (const part of [orgId, String(seq), String(at), actor, action, target, detail]) {
    sha.update(`${Buffer.byteLength(part)}:`).update(part);
  }
  return sha.digest();
}
