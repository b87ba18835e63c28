/** Alert routes: which findings go to which channel. Secrets of channels come and go sealed. */

import type { Selectable } from "kysely";
import type { Keyring } from "#kit/secret.ts";
import type { Tx } from "./db.ts";
import type { Tables } from "./tables.ts";

/** All but the secret. */
export type AlertRoute = Omit<Selectable<Tables["alert_routes"]>, "secret">;

/** More than anybody looks after. */
const ROUTES_MAX = 200;

/** Makes or changes a route. A secret of undefined stays as it is, null takes it away. */
export async function put(
  tx: Tx,
  orgId: string,
  route: Omit<AlertRoute, "org_id">,
  secret: string | null | undefined,
  keys: Keyring,
): Promise<void> {
  const { id, created_at, ...rest } = route;
  const sealed =
    secret === undefined
      ? {}
      : { secret: secret === null ? null : keys.seal(secret, placeOf(orgId, id)) };
  await tx
    .insertInto("alert_routes")
    .values({ org_id: orgId, id, created_at, ...rest, secret: null, ...sealed })
    .onConflict((conflict) =>
      conflict.columns(["org_id", "id"]).doUpdateSet({ ...rest, ...sealed }),
    )
    .execute();
}

/** All routes, by id. */
export async function list(tx: Tx, orgId: string): Promise<AlertRoute[]> {
  return tx
    .selectFrom("alert_routes")
    .select(["org_id", "id", "channel", "severity_min", "is_enabled", "options", "created_at"])
    .where("org_id", "=", orgId)
    .orderBy("id")
    .limit(ROUTES_MAX)
    .execute();
}

/** The opened secret, for the moment of a call; null where it has none. */
export async function secretOf(
  tx: Tx,
  orgId: string,
  id: string,
  keys: Keyring,
): Promise<string | null> {
  const row = await tx
    .selectFrom("alert_routes")
    .select("secret")
    .where("org_id", "=", orgId)
    .where("id", "=", id)
    .executeTakeFirst();
  return row?.secret ? keys.open(row.secret, placeOf(orgId, id)) : null;
}

export async function remove(tx: Tx, orgId: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("alert_routes")
    .where("org_id", "=", orgId)
    .where("id", "=", id)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Puts the organization's sealed secrets under the current master key; gives how many it were. */
export async function rewrap(tx: Tx, orgId: string, keys: Keyring): Promise<number> {
  const rows = await tx
    .selectFrom("alert_routes")
    .select(["id", "secret"])
    .where("org_id", "=", orgId)
    .where("secret", "is not", null)
    .orderBy("id")
    .forUpdate()
    .execute();
  let moved = 0;
  for (const { id, secret } of rows) {
    const next = secret === null ? null : keys.rewrap(secret, placeOf(orgId, id));
    if (next === null) continue;
    await tx
      .updateTable("alert_routes")
      .set({ secret: next })
      .where("org_id", "=", orgId)
      .where("id", "=", id)
      .execute();
    moved++;
  }
  return moved;
}

function placeOf(orgId: string, id: string): string {
  return `alert_routes/${orgId}/${id}`;
}
