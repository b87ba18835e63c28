/** Audit events: each once, however often and by however many it comes in. */

import { sql } from "kysely";
import type { Store, Tx } from "./db.ts";
import {
  keyAfter,
  keyText,
  type Page,
  type PageQuery,
  pageOf,
  plainText,
  rowsWanted,
} from "./page.ts";

const ROWS_MAX = 2_000;

export interface EventRow {
  /** 16 bytes that make it this event and no other, the same on every machine. */
  readonly eventKey: Uint8Array;
  /** UTC days since 1970, -1 without a time. */
  readonly day: number;
  readonly at: number | null;
  readonly platform: string;
  readonly service: string;
  readonly action: string;
  readonly actor: string;
  readonly automationKey: string | null;
  readonly subjectKey: string | null;
  /** The upload or connection, and the record within. */
  readonly source: string;
  readonly line: number;
  /** The event as JSON. */
  readonly body: string;
}

export interface StoredEvent {
  readonly day: number;
  readonly event_key: Buffer;
  readonly at: number | null;
  readonly platform: string;
  readonly service: string;
  readonly action: string;
  readonly actor: string;
  readonly source: string;
  readonly line: number;
  readonly body: string;
}

/**
 * Makes the partitions of these days; in a transaction of its own, before the one that inserts, so that nobody waits for a
 * long one. Doing it again is one short query.
 */
export async function ensureDays(
  store: Store,
  orgId: string,
  days: Iterable<number>,
  now: number,
): Promise<void> {
  const wanted = [...new Set(days)];
  if (wanted.length === 0) return;
  await store.inOrg(orgId, (tx) =>
    sql`select ensure_event_days(${wanted}::int[], ${Math.floor(now / 86_400_000)}::int)`.execute(
      tx,
    ),
  );
}

/**
 * Inserts those that are new and gives their indexes, ascending: of two alike in one call the first. An event that
 * another transaction is just inserting is waited for, and is new only if that one fails.
 */
export async function insertNew(
  tx: Tx,
  orgId: string,
  events: readonly EventRow[],
): Promise<number[]> {
  const sorted = events.map((event, index) => ({ event, index, hex: hexOf(event) }));
  sorted.sort(
    (a, b) =>
      a.event.day - b.event.day || (a.hex < b.hex ? -1 : a.hex > b.hex ? 1 : a.index - b.index),
  );
  const fresh: number[] = [];
  for (let from = 0; from < sorted.length; from += ROWS_MAX) {
    const part = sorted.slice(from, from + ROWS_MAX);
    const column = <Value>(read: (event: EventRow) => Value) =>
      part.map(({ event }) => read(event));
    const { rows } = await sql<{ day: number; hex: string }>`
      insert into audit_events (org_id, day, event_key, at, platform, service, action, actor, automation_key, subject_key, source, line, body)
      select ${orgId}, e.* from unnest(
        ${column(({ day }) => day)}::int[],
        ${column(({ eventKey }) => Buffer.from(eventKey))}::bytea[],
        ${column(({ at }) => at)}::bigint[],
        ${column(({ platform }) => platform)}::text[],
        ${column(({ service }) => plainText(service))}::text[],
        ${column(({ action }) => plainText(action))}::text[],
        ${column(({ actor }) => plainText(actor))}::text[],
        ${column(({ automationKey }) => automationKey && keyText(automationKey))}::text[],
        ${column(({ subjectKey }) => subjectKey && keyText(subjectKey))}::text[],
        ${column(({ source }) => source)}::text[],
        ${column(({ line }) => line)}::bigint[],
        ${column(({ body }) => plainText(body))}::text[]) as e
      on conflict do nothing
      returning day, encode(event_key, 'hex') as hex`.execute(tx);
    const made = new Set(rows.map(({ day, hex }) => `${day} ${hex}`));
    for (const { event, index, hex } of part) {
      if (made.delete(`${event.day} ${hex}`)) fresh.push(index);
    }
  }
  return fresh.sort((a, b) => a - b);
}

/** The time of the latest event; null where none has a time. Served by audit_events_at_idx. */
export async function latestAt(tx: Tx, orgId: string): Promise<number | null> {
  const row = await tx
    .selectFrom("audit_events")
    .select("at")
    .where("org_id", "=", orgId)
    .where("at", "is not", null)
    .orderBy("day", "desc")
    .orderBy(sql`coalesce(at, -1)`, "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.at ?? null;
}

export interface EventQuery extends PageQuery {
  /** The key of the automation that acted, or that it is about. */
  readonly actedBy?: string;
  readonly about?: string;
  readonly fromDay?: number;
  readonly toDay?: number;
}

/** Newest first, undated last; ties by key. Served by audit_events_at_idx, _automation_idx or _subject_idx. */
export async function list(tx: Tx, orgId: string, query: EventQuery): Promise<Page<StoredEvent>> {
  const after = keyAfter(query, 3);
  let rows = tx
    .selectFrom("audit_events")
    .select([
      "day",
      "event_key",
      "at",
      "platform",
      "service",
      "action",
      "actor",
      "source",
      "line",
      "body",
    ])
    .where("org_id", "=", orgId);
  if (query.actedBy !== undefined) rows = rows.where("automation_key", "=", keyText(query.actedBy));
  if (query.about !== undefined) rows = rows.where("subject_key", "=", keyText(query.about));
  if (query.fromDay !== undefined) rows = rows.where("day", ">=", query.fromDay);
  if (query.toDay !== undefined) rows = rows.where("day", "<=", query.toDay);
  if (after !== null) {
    const [day, at, hex] = after;
    rows = rows.where(
      sql<boolean>`day <= ${day} and (day, coalesce(at, -1), event_key) < (${day}, ${at ?? -1}, decode(${hex}, 'hex'))`,
    );
  }
  const found = await rows
    .orderBy("day", "desc")
    .orderBy(sql`coalesce(at, -1)`, "desc")
    .orderBy("event_key", "desc")
    .limit(rowsWanted(query))
    .execute();
  return pageOf(found, query, ({ day, at, event_key }) => [day, at, event_key.toString("hex")]);
}

/** Forgets up to `limit` events before a day; gives how many it were. Undated ones stay. */
export async function forgetBefore(
  tx: Tx,
  orgId: string,
  day: number,
  limit = 10_000,
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from audit_events where org_id = ${orgId} and day >= 0 and day < ${day} and (day, event_key) in (
      select day, event_key from audit_events where org_id = ${orgId} and day >= 0 and day < ${day} order by day, event_key limit ${limit})`.execute(
    tx,
  );
  return Number(numAffectedRows ?? 0);
}

function hexOf({ eventKey }: EventRow): string {
  return Buffer.from(eventKey.buffer, eventKey.byteOffset, eventKey.byteLength).toString("hex");
}
