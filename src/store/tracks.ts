/** What the engine folded: actors' days, their changes, and what is known of automations and people, as the engine's own bytes. */

import { type RawBuilder, sql } from "kysely";
import type { Tx } from "./db.ts";
import { fromKeyText, keyText } from "./page.ts";

/** Rows of one statement; more would only make the statement larger. */
const ROWS_MAX = 1_000;

export interface Folded {
  readonly key: string;
  readonly bytes: Uint8Array;
}

export interface FoldedDay extends Folded {
  readonly day: number;
}

/** Joins what is stored with what comes in, by the key: associative and commutative, as the engine's merges are. */
export type Merge = (held: Uint8Array, incoming: Uint8Array, key: string) => Uint8Array;

type FoldTable = "timelines" | "records" | "matches" | "kept" | "baselines";

/**
 * Adds an upload's part to what is stored of actors' days. Rows are locked in the order of their keys, and new ones made
 * in that order, too: any number of writers end with the bytes of one, and never wait for each other in a circle.
 */
export async function mergeDays(
  tx: Tx,
  orgId: string,
  rows: readonly FoldedDay[],
  merge: Merge,
  now: number,
): Promise<void> {
  for (const part of parts(
    rows,
    ({ key, day }) => `${keyText(key)}\n${String(day + 2).padStart(9, "0")}`,
  )) {
    const keys = part.map(({ key }) => keyText(key));
    const days = part.map(({ day }) => day);
    const made = await sql<{ nth: number }>`
      with given as (select * from unnest(${keys}::text[], ${days}::int[], ${bytesOf(part)}::bytea[]) with ordinality as g (key, day, bytes, nth)),
      made as (
        insert into tracks (org_id, key, day, bytes, updated_at)
        select ${orgId}, key, day, bytes, ${now} from given order by key collate "C", day
        on conflict do nothing returning key, day)
      select nth::int from given join made on made.key = given.key collate "C" and made.day = given.day`.execute(
      tx,
    );
    const isMade = new Set(made.rows.map(({ nth }) => nth - 1));
    const rest = part.filter((_, i) => !isMade.has(i));
    if (rest.length === 0) continue;
    const restKeys = rest.map(({ key }) => keyText(key));
    const restDays = rest.map(({ day }) => day);
    const held = await sql<{ nth: number; bytes: Buffer }>`
      select g.nth::int, t.bytes
      from unnest(${restKeys}::text[], ${restDays}::int[]) with ordinality as g (key, day, nth)
      join tracks t on t.org_id = ${orgId} and t.key = g.key collate "C" and t.day = g.day
      order by t.key, t.day for update of t`.execute(tx);
    const merged = mergedOf(rest, held.rows, merge);
    await sql`
      update tracks t set bytes = g.bytes, updated_at = ${now}
      from unnest(${restKeys}::text[], ${restDays}::int[], ${merged}::bytea[]) as g (key, day, bytes)
      where t.org_id = ${orgId} and t.key = g.key collate "C" and t.day = g.day`.execute(tx);
  }
}

/** The same for changes in the timelines. */
export async function mergeTimelines(
  tx: Tx,
  orgId: string,
  rows: readonly Folded[],
  merge: Merge,
  now: number,
): Promise<void> {
  await mergeInto(tx, "timelines", orgId, rows, merge, now);
}

/** The same for what rules matched, by the automation or person that it is about. */
export async function mergeMatches(
  tx: Tx,
  orgId: string,
  rows: readonly Folded[],
  merge: Merge,
  now: number,
): Promise<void> {
  await mergeInto(tx, "matches", orgId, rows, merge, now);
}

/** The same for what correlations wait for, by rule. */
export async function mergeKept(
  tx: Tx,
  orgId: string,
  rows: readonly Folded[],
  merge: Merge,
  now: number,
): Promise<void> {
  await mergeInto(tx, "kept", orgId, rows, merge, now);
}

/** The same for what is known of automations and people. */
export async function mergeRecords(
  tx: Tx,
  orgId: string,
  rows: readonly Folded[],
  merge: Merge,
  now: number,
): Promise<void> {
  await mergeInto(tx, "records", orgId, rows, merge, now);
}

/** The same for what is usual, kept where the days that it was learnt from are forgotten. */
export async function mergeBaselines(
  tx: Tx,
  orgId: string,
  rows: readonly Folded[],
  merge: Merge,
  now: number,
): Promise<void> {
  await mergeInto(tx, "baselines", orgId, rows, merge, now);
}

async function mergeInto(
  tx: Tx,
  name: FoldTable,
  orgId: string,
  rows: readonly Folded[],
  merge: Merge,
  now: number,
): Promise<void> {
  const table = sql.table(name);
  for (const part of parts(rows, ({ key }) => keyText(key))) {
    const keys = part.map(({ key }) => keyText(key));
    const made = await sql<{ nth: number }>`
      with given as (select * from unnest(${keys}::text[], ${bytesOf(part)}::bytea[]) with ordinality as g (key, bytes, nth)),
      made as (
        insert into ${table} (org_id, key, bytes, updated_at)
        select ${orgId}, key, bytes, ${now} from given order by key collate "C"
        on conflict do nothing returning key)
      select nth::int from given join made on made.key = given.key collate "C"`.execute(tx);
    const isMade = new Set(made.rows.map(({ nth }) => nth - 1));
    const rest = part.filter((_, i) => !isMade.has(i));
    if (rest.length === 0) continue;
    const restKeys = rest.map(({ key }) => keyText(key));
    const held = await sql<{ nth: number; bytes: Buffer }>`
      select g.nth::int, t.bytes
      from unnest(${restKeys}::text[]) with ordinality as g (key, nth)
      join ${table} t on t.org_id = ${orgId} and t.key = g.key collate "C"
      order by t.key for update of t`.execute(tx);
    const merged = mergedOf(rest, held.rows, merge);
    await sql`
      update ${table} t set bytes = g.bytes, updated_at = ${now}
      from unnest(${restKeys}::text[], ${merged}::bytea[]) as g (key, bytes)
      where t.org_id = ${orgId} and t.key = g.key collate "C"`.execute(tx);
  }
}

/** A piece of what is folded, and what it is a piece of. `day` is of days alone. */
export interface StoredPiece extends FoldedDay {
  readonly of: "record" | "day" | "timeline" | "matches" | "kept";
}

/**
 * Everything that is folded of an organization, in no order, as of the moment when the first piece is asked for: what is
 * merged meanwhile is in all of it or in none. One transaction reads it once at a time.
 */
export async function* everything(tx: Tx, orgId: string): AsyncGenerator<StoredPiece> {
  await sql`
    declare folded no scroll cursor for
    select 'record' as of, key, 0 as day, bytes from records where org_id = ${orgId}
    union all select 'day', key, day, bytes from tracks where org_id = ${orgId}
    union all select 'timeline', key, 0, bytes from timelines where org_id = ${orgId}
    union all select 'matches', key, 0, bytes from matches where org_id = ${orgId}
    union all select 'kept', key, 0, bytes from kept where org_id = ${orgId}`.execute(tx);
  for (;;) {
    const { rows } = await sql<StoredPiece>`fetch ${sql.lit(ROWS_MAX)} from folded`.execute(tx);
    for (const row of rows) yield { ...row, key: fromKeyText(row.key) };
    if (rows.length < ROWS_MAX) break;
  }
  await sql`close folded`.execute(tx);
}

/** All days of all actors, in the order of keys and days, a page at a time: for an assessment, which reads everything. */
export async function* days(tx: Tx, orgId: string, fromDay = -1): AsyncGenerator<FoldedDay> {
  let after: readonly [string, number] = ["", -2];
  for (;;) {
    const { rows } = await sql<{ key: string; day: number; bytes: Buffer }>`
      select key, day, bytes from tracks
      where org_id = ${orgId} and (key, day) > (${after[0]}, ${after[1]}) and (day >= ${fromDay} or day = -1)
      order by key, day limit ${ROWS_MAX}`.execute(tx);
    for (const row of rows) yield { ...row, key: fromKeyText(row.key) };
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_MAX) return;
    after = [last.key, last.day];
  }
}

export function timelines(tx: Tx, orgId: string): AsyncGenerator<Folded> {
  return all(tx, "timelines", orgId);
}

export function records(tx: Tx, orgId: string): AsyncGenerator<Folded> {
  return all(tx, "records", orgId);
}

export function baselines(tx: Tx, orgId: string): AsyncGenerator<Folded> {
  return all(tx, "baselines", orgId);
}

async function* all(tx: Tx, name: FoldTable, orgId: string): AsyncGenerator<Folded> {
  let after: string | null = null;
  for (;;) {
    const further: RawBuilder<unknown> = after === null ? sql`true` : sql`key > ${after}`;
    const page: RawBuilder<{ key: string; bytes: Buffer }> = sql`
      select key, bytes from ${sql.table(name)} where org_id = ${orgId} and ${further} order by key limit ${ROWS_MAX}`;
    const { rows } = await page.execute(tx);
    for (const row of rows) yield { ...row, key: fromKeyText(row.key) };
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_MAX) return;
    after = last.key;
  }
}

/** The days of one actor, oldest first, undated before them. */
export async function daysOf(tx: Tx, orgId: string, key: string): Promise<FoldedDay[]> {
  const { rows } = await sql<{ day: number; bytes: Buffer }>`
    select day, bytes from tracks where org_id = ${orgId} and key = ${keyText(key)} order by day`.execute(
    tx,
  );
  return rows.map((row) => ({ ...row, key }));
}

/** Forgets up to `limit` days before one; gives how many it were. Undated ones stay. */
export async function forgetDaysBefore(
  tx: Tx,
  orgId: string,
  day: number,
  limit = 10_000,
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from tracks where org_id = ${orgId} and (key, day) in (
      select key, day from tracks where org_id = ${orgId} and day >= 0 and day < ${day} order by day, key limit ${limit})`.execute(
    tx,
  );
  return Number(numAffectedRows ?? 0);
}

/** Rows in the order of their keys, cut to statements. A key comes once: whoever folds has one fold for each. */
function* parts<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Generator<Row[]> {
  const sorted = rows.map((row) => ({ row, key: Buffer.from(keyOf(row), "utf8") }));
  sorted.sort((a, b) => Buffer.compare(a.key, b.key));
  for (let at = 0; at < sorted.length; at += ROWS_MAX) {
    yield sorted.slice(at, at + ROWS_MAX).map(({ row }) => row);
  }
}

function bytesOf(rows: readonly Folded[]): Buffer[] {
  return rows.map(({ bytes }) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

function mergedOf(
  rows: readonly Folded[],
  held: readonly { readonly nth: number; readonly bytes: Buffer }[],
  merge: Merge,
): Buffer[] {
  const byNth = new Map(held.map(({ nth, bytes }) => [nth - 1, bytes]));
  return rows.map(({ key, bytes }, i) => {
    const before = byNth.get(i);
    return Buffer.from(before === undefined ? bytes : merge(before, bytes, key));
  });
}
