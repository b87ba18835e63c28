/** Organizations: the tenants. Listing and making them runs over all organizations; everything else in one's own name. */

import { sql } from "kysely";
import type { Tx } from "./db.ts";
import { keyAfter, type Page, type PageQuery, pageOf, plainText, rowsWanted } from "./page.ts";

export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  /** JSON as of contract/settings.ts. */
  readonly settings: string;
  readonly created_at: number;
  /** Raised by every change that its pages show. */
  readonly version: number;
}

/** Makes one; undefined where its id or slug is taken. */
export async function create(
  tx: Tx,
  { id, name, slug, now }: { id: string; name: string; slug: string; now: number },
): Promise<Organization | undefined> {
  return tx
    .insertInto("organizations")
    .values({ id, name: plainText(name), slug, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
}

export async function get(tx: Tx, id: string): Promise<Organization | undefined> {
  return tx.selectFrom("organizations").selectAll().where("id", "=", id).executeTakeFirst();
}

/** By id, slug or name; undefined where none or more than one is meant. Over all organizations. */
export async function find(tx: Tx, written: string): Promise<Organization | undefined> {
  const found = await tx
    .selectFrom("organizations")
    .selectAll()
    .where((is) =>
      is.or([is("id", "=", written), is("slug", "=", written), is("name", "=", written)]),
    )
    .limit(100)
    .execute();
  const exact = found.find(({ id, slug }) => id === written || slug === written);
  return exact ?? (found.length === 1 ? found[0] : undefined);
}

/** By id. Over all organizations. */
export async function list(tx: Tx, query: PageQuery): Promise<Page<Organization>> {
  const after = keyAfter(query, 1);
  let rows = tx.selectFrom("organizations").selectAll();
  if (after !== null) rows = rows.where("id", ">", String(after[0]));
  const found = await rows.orderBy("id").limit(rowsWanted(query)).execute();
  return pageOf(found, query, ({ id }) => [id]);
}

/**
 * Waits until no other transaction does this to the organization, and keeps others waiting until this one ends. For work
 * that computes between its queries: it may take as long as `limitMs`, longer than queries otherwise may.
 */
export async function alone(tx: Tx, orgId: string, what: string, limitMs: number): Promise<void> {
  const limit = String(Math.ceil(limitMs));
  await sql`select set_config('statement_timeout', ${limit}, true), set_config('idle_in_transaction_session_timeout', ${limit}, true)`.execute(
    tx,
  );
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${what} ${orgId}`}, 0))`.execute(tx);
}

/** Says that something which pages show has changed, and gives the new version. */
export async function touch(tx: Tx, id: string): Promise<number> {
  const { version } = await tx
    .updateTable("organizations")
    .set({ version: sql`version + 1` })
    .where("id", "=", id)
    .returning("version")
    .executeTakeFirstOrThrow();
  return version;
}

export async function saveSettings(tx: Tx, id: string, settings: string): Promise<void> {
  await tx
    .updateTable("organizations")
    .set({ settings, version: sql`version + 1` })
    .where("id", "=", id)
    .execute();
}

/** Removes an organization with everything of it, its console audit log included. In its own name. */
export async function remove(tx: Tx, id: string): Promise<void> {
  // Counted tables go first, while the counts that follow them are still there.
  for (const table of ["audit_events", "findings", "automations"] as const) {
    await tx.deleteFrom(table).where("org_id", "=", id).execute();
  }
  await tx.deleteFrom("organizations").where("id", "=", id).execute();
}
