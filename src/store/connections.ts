/** Connections: the workspaces and tenants that an organization has connected. Credentials come and go sealed. */

import { type Selectable, sql } from "kysely";
import type { Keyring } from "#kit/secret.ts";
import type { Tx } from "./db.ts";
import { keyAfter, type Page, type PageQuery, pageOf, plainText, rowsWanted } from "./page.ts";
import type { Tables } from "./tables.ts";

/** All but the credential. */
export type Connection = Omit<Selectable<Tables["connections"]>, "credential">;

const SHOWN = [
  "org_id",
  "id",
  "platform",
  "name",
  "state",
  "cursors",
  "last_error",
  "created_at",
  "updated_at",
] as const;

export async function create(
  tx: Tx,
  orgId: string,
  made: { id: string; platform: string; name: string; credential: string | null; now: number },
  keys: Keyring,
): Promise<void> {
  const { id, platform, now } = made;
  await tx
    .insertInto("connections")
    .values({
      org_id: orgId,
      id,
      platform,
      name: plainText(made.name),
      credential: made.credential === null ? null : keys.seal(made.credential, placeOf(orgId, id)),
      created_at: now,
      updated_at: now,
    })
    .execute();
}

export async function get(tx: Tx, orgId: string, id: string): Promise<Connection | undefined> {
  return tx
    .selectFrom("connections")
    .select(SHOWN)
    .where("org_id", "=", orgId)
    .where("id", "=", id)
    .executeTakeFirst();
}

/** The opened credential, for the moment of a call; null where it has none. */
export async function credential(
  tx: Tx,
  orgId: string,
  id: string,
  keys: Keyring,
): Promise<string | null> {
  const row = await tx
    .selectFrom("connections")
    .select("credential")
    .where("org_id", "=", orgId)
    .where("id", "=", id)
    .executeTakeFirst();
  return row?.credential ? keys.open(row.credential, placeOf(orgId, id)) : null;
}

/** Moves the cursors, last in the transaction that stored what was read. `cursors` is JSON. */
export async function saveCursors(
  tx: Tx,
  orgId: string,
  id: string,
  cursors: string,
  now: number,
): Promise<void> {
  await tx
    .updateTable("connections")
    .set({ cursors, last_error: null, state: "active", updated_at: now })
    .where("org_id", "=", orgId)
    .where("id", "=", id)
    .execute();
}

export async function setState(
  tx: Tx,
  orgId: string,
  id: string,
  { state, error, now }: { state: Connection["state"]; error: string | null; now: number },
): Promise<void> {
  await tx
    .updateTable("connections")
    .set({
      state,
      last_error: error === null ? null : plainText(error),
      updated_at: now,
      // What is removed keeps its history and loses its credential.
      ...(state === "removed" && { credential: null }),
    })
    .where("org_id", "=", orgId)
    .where("id", "=", id)
    .execute();
}

/** By platform and id. Served by connections_platform_idx. */
export async function list(tx: Tx, orgId: string, query: PageQuery): Promise<Page<Connection>> {
  const after = keyAfter(query, 2);
  let rows = tx.selectFrom("connections").select(SHOWN).where("org_id", "=", orgId);
  if (after !== null) rows = rows.where(sql<boolean>`(platform, id) > (${after[0]}, ${after[1]})`);
  const found = await rows.orderBy("platform").orderBy("id").limit(rowsWanted(query)).execute();
  return pageOf(found, query, ({ platform, id }) => [platform, id]);
}

/** Puts the organization's sealed credentials under the current master key; gives how many it were. */
export async function rewrap(tx: Tx, orgId: string, keys: Keyring): Promise<number> {
  const rows = await tx
    .selectFrom("connections")
    .select(["id", "credential"])
    .where("org_id", "=", orgId)
    .where("credential", "is not", null)
    .orderBy("id")
    .forUpdate()
    .execute();
  let moved = 0;
  for (const { id, credential: sealed } of rows) {
    const next = sealed === null ? null : keys.rewrap(sealed, placeOf(orgId, id));
    if (next === null) continue;
    await tx
      .updateTable("connections")
      .set({ credential: next })
      .where("org_id", "=", orgId)
      .where("id", "=", id)
      .execute();
    moved++;
  }
  return moved;
}

function placeOf(orgId: string, id: string): string {
  return `connections/${orgId}/${id}`;
}
