/** Members: which users belong to an organization, in which role. */

import type { Selectable } from "kysely";
import type { Tx } from "./db.ts";
import { keyAfter, type Page, type PageQuery, pageOf, rowsWanted } from "./page.ts";
import type { Tables } from "./tables.ts";

export type Member = Selectable<Tables["members"]>;

/** Adds a user, or changes the role of one who belongs already. */
export async function put(tx: Tx, member: Member): Promise<void> {
  await tx
    .insertInto("members")
    .values(member)
    .onConflict((conflict) =>
      conflict
        .columns(["org_id", "user_id"])
        .doUpdateSet({ role: member.role, email: member.email }),
    )
    .execute();
}

export async function remove(tx: Tx, orgId: string, userId: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("members")
    .where("org_id", "=", orgId)
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** By user id. */
export async function list(tx: Tx, orgId: string, query: PageQuery): Promise<Page<Member>> {
  const after = keyAfter(query, 1);
  let rows = tx.selectFrom("members").selectAll().where("org_id", "=", orgId);
  if (after !== null) rows = rows.where("user_id", ">", String(after[0]));
  const found = await rows.orderBy("user_id").limit(rowsWanted(query)).execute();
  return pageOf(found, query, ({ user_id }) => [user_id]);
}

/** Over all organizations: where a user belongs, at most 1,000. Served by members_user_idx. */
export async function ofUser(tx: Tx, userId: string): Promise<Member[]> {
  return tx
    .selectFrom("members")
    .selectAll()
    .where("user_id", "=", userId)
    .orderBy("org_id")
    .limit(1_000)
    .execute();
}
