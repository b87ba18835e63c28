/** Verdicts: what analysts found out about findings, the ground truth for precision and recall. */

import { type Selectable, sql } from "kysely";
import type { Tx } from "./db.ts";
import { keyAfter, type Page, type PageQuery, pageOf, plainText, rowsWanted } from "./page.ts";
import type { Tables } from "./tables.ts";

export type Verdict = Selectable<Tables["verdicts"]>;

/** Adds a verdict and settles the finding by it; false where there is no such finding. The last one holds. */
export async function add(tx: Tx, verdict: Verdict): Promise<boolean> {
  const { org_id, finding_id, at } = verdict;
  const { numUpdatedRows } = await tx
    .updateTable("findings")
    .set({
      status: verdict.verdict === "true_positive" ? "confirmed" : "dismissed",
      updated_at: at,
    })
    .where("org_id", "=", org_id)
    .where("id", "=", finding_id)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await tx
    .insertInto("verdicts")
    .values({ ...verdict, note: plainText(verdict.note) })
    .execute();
  return true;
}

/** Latest first; of one finding where one is asked for. Served by verdicts_at_idx, or the key. */
export async function list(
  tx: Tx,
  orgId: string,
  query: PageQuery & { readonly findingId?: string },
): Promise<Page<Verdict>> {
  const after = keyAfter(query, 3);
  let rows = tx.selectFrom("verdicts").selectAll().where("org_id", "=", orgId);
  if (query.findingId !== undefined) rows = rows.where("finding_id", "=", query.findingId);
  if (after !== null) {
    const [at, finding, id] = after;
    rows = rows.where(
      sql<boolean>`at <= ${at} and (at < ${at} or (finding_id, id) > (${finding}, ${id}))`,
    );
  }
  const found = await rows
    .orderBy("at", "desc")
    .orderBy("finding_id")
    .orderBy("id")
    .limit(rowsWanted(query))
    .execute();
  return pageOf(found, query, ({ at, finding_id, id }) => [at, finding_id, id]);
}
