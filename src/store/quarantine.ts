/** Quarantine: the records that could not be read, each with its place and reason. */

import { sql } from "kysely";
import type { Tx } from "./db.ts";
import { keyAfter, type Page, type PageQuery, pageOf, plainText, rowsWanted } from "./page.ts";

export interface Quarantined {
  readonly line: number;
  readonly reason: string;
}

/** Notes what a batch of a source held; the same batch again changes nothing. */
export async function add(
  tx: Tx,
  orgId: string,
  source: string,
  batch: number,
  rows: readonly Quarantined[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into quarantine (org_id, source, batch, line, nth, reason)
    select ${orgId}, ${source}, ${batch}, line, nth, reason
    from unnest(${rows.map(({ line }) => line)}::bigint[], ${rows.map(({ reason }) => plainText(reason))}::text[])
      with ordinality as g (line, reason, nth)
    on conflict do nothing`.execute(tx);
}

/** In the order of the source. */
export async function list(
  tx: Tx,
  orgId: string,
  source: string,
  query: PageQuery,
): Promise<Page<Quarantined & { readonly batch: number; readonly nth: number }>> {
  const after = keyAfter(query, 3);
  let rows = tx
    .selectFrom("quarantine")
    .select(["batch", "line", "nth", "reason"])
    .where("org_id", "=", orgId)
    .where("source", "=", source);
  if (after !== null)
    rows = rows.where(sql<boolean>`(batch, line, nth) > (${after[0]}, ${after[1]}, ${after[2]})`);
  const found = await rows
    .orderBy("batch")
    .orderBy("line")
    .orderBy("nth")
    .limit(rowsWanted(query))
    .execute();
  return pageOf(found, query, ({ batch, line, nth }) => [batch, line, nth]);
}
