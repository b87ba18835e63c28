/** The action log: what Singura did, or would have done, in the customer's own systems. */

import { type Selectable, sql } from "kysely";
import type { Tx } from "./db.ts";
import { keyAfter, type Page, type PageQuery, pageOf, plainText, rowsWanted } from "./page.ts";
import type { Tables } from "./tables.ts";

export type Action = Selectable<Tables["action_log"]>;

export async function add(tx: Tx, action: Action): Promise<void> {
  await tx
    .insertInto("action_log")
    .values({ ...action, target: plainText(action.target), detail: plainText(action.detail) })
    .execute();
}

/** What came of it. */
export async function setOutcome(
  tx: Tx,
  orgId: string,
  id: string,
  outcome: Action["outcome"],
  detail: string,
): Promise<void> {
  await tx
    .updateTable("action_log")
    .set({ outcome, detail: plainText(detail) })
    .where("org_id", "=", orgId)
    .where("id", "=", id)
    .execute();
}

/** Newest first. Served by action_log_at_idx. */
export async function list(tx: Tx, orgId: string, query: PageQuery): Promise<Page<Action>> {
  const after = keyAfter(query, 2);
  let rows = tx.selectFrom("action_log").selectAll().where("org_id", "=", orgId);
  if (after !== null)
    rows = rows.where(sql<boolean>`at <= ${after[0]} and (at < ${after[0]} or id > ${after[1]})`);
  const found = await rows.orderBy("at", "desc").orderBy("id").limit(rowsWanted(query)).execute();
  return pageOf(found, query, ({ at, id }) => [at, id]);
}
