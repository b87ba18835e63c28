/** The completeness ledger: per source, service and hour, how much was fetched, new, seen before, unreadable or late. */

import { type Selectable, sql } from "kysely";
import type { Tx } from "./db.ts";
import { keyAfter, type Page, type PageQuery, pageOf, rowsWanted } from "./page.ts";
import type { Tables } from "./tables.ts";

export type LedgerRow = Selectable<Tables["ledger"]>;

/** Adds counts, in the transaction that stored what they count. */
export async function add(
  tx: Tx,
  orgId: string,
  rows: readonly Omit<LedgerRow, "org_id">[],
): Promise<void> {
  if (rows.length === 0) return;
  const column = <Value>(read: (row: Omit<LedgerRow, "org_id">) => Value) => rows.map(read);
  await sql`
    insert into ledger (org_id, source, service, hour, fetched, new, duplicate, quarantined, late)
    select ${orgId}, source, service, hour, sum(fetched), sum(new), sum(duplicate), sum(quarantined), sum(late)
    from unnest(${column(({ source }) => source)}::text[], ${column(({ service }) => service)}::text[],
      ${column(({ hour }) => hour)}::bigint[], ${column(({ fetched }) => fetched)}::bigint[],
      ${column((row) => row.new)}::bigint[], ${column(({ duplicate }) => duplicate)}::bigint[],
      ${column(({ quarantined }) => quarantined)}::bigint[], ${column(({ late }) => late)}::bigint[])
      as g (source, service, hour, fetched, new, duplicate, quarantined, late)
    group by source, service, hour order by source collate "C", service collate "C", hour
    on conflict (org_id, source, service, hour) do update set
      fetched = ledger.fetched + excluded.fetched, new = ledger.new + excluded.new,
      duplicate = ledger.duplicate + excluded.duplicate, quarantined = ledger.quarantined + excluded.quarantined,
      late = ledger.late + excluded.late`.execute(tx);
}

/** The latest hour that is known of each service, over all sources. Served by ledger_service_idx. */
export async function latestHours(
  tx: Tx,
  orgId: string,
  services: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await sql<{ service: string; hour: number }>`
    select g.service, l.hour from unnest(${[...services]}::text[]) as g (service)
    join lateral (
      select hour from ledger where org_id = ${orgId} and service = g.service collate "C" order by hour desc limit 1) l on true`.execute(
    tx,
  );
  return new Map(rows.map(({ service, hour }) => [service, hour]));
}

/** By hour, source and service, over a span of hours since 1970 (both ends in). Served by ledger_hour_idx. */
export async function list(
  tx: Tx,
  orgId: string,
  query: PageQuery & { readonly fromHour: number; readonly toHour: number },
): Promise<Page<LedgerRow>> {
  const after = keyAfter(query, 3);
  let rows = tx
    .selectFrom("ledger")
    .selectAll()
    .where("org_id", "=", orgId)
    .where("hour", ">=", query.fromHour)
    .where("hour", "<=", query.toHour);
  if (after !== null) {
    rows = rows.where(
      sql<boolean>`(hour, source, service) > (${after[0]}, ${after[1]}, ${after[2]})`,
    );
  }
  const found = await rows
    .orderBy("hour")
    .orderBy("source")
    .orderBy("service")
    .limit(rowsWanted(query))
    .execute();
  return pageOf(found, query, ({ hour, source, service }) => [hour, source, service]);
}
