/** Chains: findings of several platforms that belong together, step by step. */

import { type Selectable, sql } from "kysely";
import type { Tx } from "./db.ts";
import { keyAfter, type Page, type PageQuery, pageOf, plainText, rowsWanted } from "./page.ts";
import type { Tables } from "./tables.ts";

/** `steps` and `shares` are JSON. */
export type ChainRow = Selectable<Tables["chains"]>;

/** Stores the chains of an assessment, whose findings are stored already; others go. */
export async function replace(
  tx: Tx,
  orgId: string,
  rows: readonly Omit<ChainRow, "org_id">[],
): Promise<void> {
  await sql`delete from chains where org_id = ${orgId} and not (id = any(${rows.map(({ id }) => id)}::text[]))`.execute(
    tx,
  );
  await sql`
    insert into chains (org_id, id, from_at, to_at, steps, shares)
    select ${orgId}, g.* from unnest(${rows.map(({ id }) => id)}::text[], ${rows.map(({ from_at }) => from_at)}::bigint[],
      ${rows.map(({ to_at }) => to_at)}::bigint[], ${rows.map(({ steps }) => plainText(steps))}::text[],
      ${rows.map(({ shares }) => plainText(shares))}::text[]) as g
    on conflict (org_id, id) do update set from_at = excluded.from_at, to_at = excluded.to_at, steps = excluded.steps, shares = excluded.shares
      where (chains.from_at, chains.to_at, chains.steps, chains.shares)
        is distinct from (excluded.from_at, excluded.to_at, excluded.steps, excluded.shares)`.execute(
    tx,
  );
}

export async function get(tx: Tx, orgId: string, id: string): Promise<ChainRow | undefined> {
  return tx
    .selectFrom("chains")
    .selectAll()
    .where("org_id", "=", orgId)
    .where("id", "=", id)
    .executeTakeFirst();
}

/** Latest first. Served by chains_to_idx. */
export async function list(tx: Tx, orgId: string, query: PageQuery): Promise<Page<ChainRow>> {
  const after = keyAfter(query, 2);
  let rows = tx.selectFrom("chains").selectAll().where("org_id", "=", orgId);
  if (after !== null)
    rows = rows.where(
      sql<boolean>`to_at <= ${after[0]} and (to_at < ${after[0]} or id > ${after[1]})`,
    );
  const found = await rows
    .orderBy("to_at", "desc")
    .orderBy("id")
    .limit(rowsWanted(query))
    .execute();
  return pageOf(found, query, ({ to_at, id }) => [to_at, id]);
}
