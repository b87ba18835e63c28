/** API keys: only their fingerprints are kept, and one look-up tells whose a key is and what it may do. */

import { createHash, randomBytes } from "node:crypto";
import type { Selectable } from "kysely";
import type { Tx } from "./db.ts";
import { keyAfter, type Page, type PageQuery, pageOf, plainText, rowsWanted } from "./page.ts";
import type { Tables } from "./tables.ts";

/** All but the fingerprint. */
export type ApiKey = Omit<Selectable<Tables["api_keys"]>, "fingerprint">;

const SHOWN = [
  "org_id",
  "id",
  "name",
  "scopes",
  "created_by",
  "created_at",
  "expires_at",
  "last_used_at",
  "revoked_at",
] as const;

/** Its use is written down at most this often. */
const USE_EVERY_MS = 60_000;

/** Makes a key and gives it: this once, since only its fingerprint is kept. Logs know the prefix and hide what follows. */
export async function create(
  tx: Tx,
  orgId: string,
  made: {
    id: string;
    name: string;
    scopes: string[];
    createdBy: string | null;
    expiresAt: number | null;
    now: number;
  },
): Promise<string> {
  const key = `sgr_${randomBytes(32).toString("base64url")}`;
  await tx
    .insertInto("api_keys")
    .values({
      org_id: orgId,
      id: made.id,
      name: plainText(made.name),
      fingerprint: fingerprint(key),
      scopes: made.scopes,
      created_by: made.createdBy,
      created_at: made.now,
      expires_at: made.expiresAt,
    })
    .execute();
  return key;
}

/** Over all organizations: the key in force, or undefined where it is unknown, revoked or expired. Served by api_keys_fingerprint_idx. */
export async function find(tx: Tx, key: string, now: number): Promise<ApiKey | undefined> {
  const found = await tx
    .selectFrom("api_keys")
    .select(SHOWN)
    .where("fingerprint", "=", fingerprint(key))
    .where("revoked_at", "is", null)
    .where((is) => is.or([is("expires_at", "is", null), is("expires_at", ">", now)]))
    .executeTakeFirst();
  if (found !== undefined && (found.last_used_at ?? 0) < now - USE_EVERY_MS) {
    await tx
      .updateTable("api_keys")
      .set({ last_used_at: now })
      .where("org_id", "=", found.org_id)
      .where("id", "=", found.id)
      .execute();
  }
  return found;
}

export async function revoke(tx: Tx, orgId: string, id: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("api_keys")
    .set({ revoked_at: now })
    .where("org_id", "=", orgId)
    .where("id", "=", id)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** By id. */
export async function list(tx: Tx, orgId: string, query: PageQuery): Promise<Page<ApiKey>> {
  const after = keyAfter(query, 1);
  let rows = tx.selectFrom("api_keys").select(SHOWN).where("org_id", "=", orgId);
  if (after !== null) rows = rows.where("id", ">", String(after[0]));
  const found = await rows.orderBy("id").limit(rowsWanted(query)).execute();
  return pageOf(found, query, ({ id }) => [id]);
}

/** Keys are 256 random bits, so that nothing slower than SHA-256 is needed. */
function fingerprint(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
