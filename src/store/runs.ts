/** Runs: the truth about jobs. Queues only carry their ids, and can be filled again from here. */

import { type Selectable, sql } from "kysely";
import type { Tx } from "./db.ts";
import { keyAfter, type Page, type PageQuery, pageOf, plainText, rowsWanted } from "./page.ts";
import type { RunState, Tables } from "./tables.ts";

export type Run = Selectable<Tables["runs"]>;

/** Priorities, most urgent first, as their numbers in the table. */
export const PRIORITIES = ["critical", "standard", "background"] as const;

export interface NewRun {
  readonly id: string;
  readonly kind: string;
  /** Index into PRIORITIES. */
  readonly priority: number;
  /** JSON of ids and settings. */
  readonly input: string;
  /** Of runs that are not over, at most one of a kind has this key; null: any number. */
  readonly onceKey: string | null;
  readonly attemptsMax: number;
  /** Not to be taken earlier. */
  readonly notBefore: number;
  readonly now: number;
}

/** Makes a run, or gives the one that is waiting or at work under the same key already. */
export async function create(
  tx: Tx,
  orgId: string,
  made: NewRun,
): Promise<{ readonly run: Run; readonly isNew: boolean }> {
  for (;;) {
    const run = await tx
      .insertInto("runs")
      .values({
        org_id: orgId,
        id: made.id,
        kind: made.kind,
        priority: made.priority,
        input: made.input,
        once_key: made.onceKey,
        attempts_max: made.attemptsMax,
        not_before: made.notBefore,
        created_at: made.now,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst();
    if (run !== undefined) return { run, isNew: true };
    const held = await tx
      .selectFrom("runs")
      .selectAll()
      .where("org_id", "=", orgId)
      .where((is) =>
        is.or([
          is("id", "=", made.id),
          is.and([
            is("kind", "=", made.kind),
            is("once_key", "=", made.onceKey),
            is("state", "in", ["queued", "running"]),
          ]),
        ]),
      )
      .limit(1)
      .executeTakeFirst();
    // It may have ended between the two queries: then there is room for a new one.
    if (held !== undefined) return { run: held, isNew: false };
  }
}

/**
 * Takes a run for a worker until `leaseUntil`; undefined where it is over, cancelled, not yet due, or another worker holds
 * it. Whoever holds the same id of a queue twice gets it once.
 */
export async function claim(
  tx: Tx,
  orgId: string,
  id: string,
  { worker, leaseUntil, now }: { worker: string; leaseUntil: number; now: number },
): Promise<Run | undefined> {
  return tx
    .updateTable("runs")
    .set({
      state: "running",
      lease_owner: worker,
      lease_until: leaseUntil,
      attempts: sql`attempts + 1`,
      started_at: sql`coalesce(started_at, ${now})`,
    })
    .where("org_id", "=", orgId)
    .where("id", "=", id)
    .where((is) =>
      is.or([
        is.and([is("state", "=", "queued"), is("not_before", "<=", now)]),
        is.and([is("state", "=", "running"), is("lease_until", "<", now)]),
      ]),
    )
    .returningAll()
    .executeTakeFirst();
}

/** Says that its worker is alive; false: it is no longer the worker's, and the work must stop. */
export async function heartbeat(
  tx: Tx,
  orgId: string,
  id: string,
  worker: string,
  leaseUntil: number,
): Promise<boolean> {
  const { numUpdatedRows } = await held(tx, orgId, id, worker)
    .set({ lease_until: leaseUntil })
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** `progress` is JSON. */
export async function saveProgress(
  tx: Tx,
  orgId: string,
  id: string,
  progress: string,
): Promise<void> {
  await tx
    .updateTable("runs")
    .set({ progress })
    .where("org_id", "=", orgId)
    .where("id", "=", id)
    .execute();
}

/** Ends a run that the worker holds; false: it was no longer the worker's. */
export async function finish(
  tx: Tx,
  orgId: string,
  id: string,
  worker: string,
  {
    state,
    error,
    now,
  }: { state: "done" | "failed" | "dead" | "cancelled"; error: string | null; now: number },
): Promise<boolean> {
  const { numUpdatedRows } = await held(tx, orgId, id, worker)
    .set({
      state,
      error: error && plainText(error),
      finished_at: now,
      lease_owner: null,
      lease_until: null,
    })
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Lets a run that the worker holds wait for another try; false: it was no longer the worker's. */
export async function retryLater(
  tx: Tx,
  orgId: string,
  id: string,
  worker: string,
  { error, notBefore }: { error: string; notBefore: number },
): Promise<boolean> {
  const { numUpdatedRows } = await held(tx, orgId, id, worker)
    .set({
      state: "queued",
      error: plainText(error),
      not_before: notBefore,
      lease_owner: null,
      lease_until: null,
    })
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Cancels what is not over; a worker that holds it learns so by its next heartbeat. */
export async function cancel(tx: Tx, orgId: string, id: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("runs")
    .set({ state: "cancelled", finished_at: now, lease_owner: null, lease_until: null })
    .where("org_id", "=", orgId)
    .where("id", "=", id)
    .where("state", "in", ["queued", "running"])
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Gives a dead or failed run all its attempts again. */
export async function revive(tx: Tx, orgId: string, id: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("runs")
    .set({ state: "queued", attempts: 0, not_before: now, error: null, finished_at: null })
    .where("org_id", "=", orgId)
    .where("id", "=", id)
    .where("state", "in", ["dead", "failed"])
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Throws a dead run away. */
export async function discard(tx: Tx, orgId: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("runs")
    .where("org_id", "=", orgId)
    .where("id", "=", id)
    .where("state", "=", "dead")
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

export async function get(tx: Tx, orgId: string, id: string): Promise<Run | undefined> {
  return tx
    .selectFrom("runs")
    .selectAll()
    .where("org_id", "=", orgId)
    .where("id", "=", id)
    .executeTakeFirst();
}

/** Newest first, of one state where one is asked for. Served by runs_created_idx. */
export async function list(
  tx: Tx,
  orgId: string,
  query: PageQuery & { readonly state?: RunState | undefined },
): Promise<Page<Run>> {
  const after = keyAfter(query, 2);
  let rows = tx.selectFrom("runs").selectAll().where("org_id", "=", orgId);
  if (query.state !== undefined) rows = rows.where("state", "=", query.state);
  if (after !== null) {
    rows = rows.where(
      sql<boolean>`created_at <= ${after[0]} and (created_at < ${after[0]} or id > ${after[1]})`,
    );
  }
  const found = await rows
    .orderBy("created_at", "desc")
    .orderBy("id")
    .limit(rowsWanted(query))
    .execute();
  return pageOf(found, query, ({ created_at, id }) => [created_at, id]);
}

/**
 * Over all organizations: what is due and waits, or whose worker is gone, most urgent and oldest first. A queue that was
 * emptied is filled from this. Served by runs_due_idx and runs_lease_idx.
 */
export async function due(
  tx: Tx,
  now: number,
  limit = 1_000,
): Promise<Pick<Run, "org_id" | "id" | "kind" | "priority">[]> {
  const { rows } = await sql<Pick<Run, "org_id" | "id" | "kind" | "priority">>`
    select org_id, id, kind, priority from (
      (select * from runs where state = 'queued' and not_before <= ${now} order by not_before, priority, created_at limit ${limit})
      union all
      (select * from runs where state = 'running' and lease_until < ${now} order by lease_until limit ${limit})) as found
    order by priority, created_at, org_id, id limit ${limit}`.execute(tx);
  return rows;
}

/** How many runs of an organization wait or are at work: for the limit at the door. */
export async function countOpen(tx: Tx, orgId: string): Promise<number> {
  const { count } = await tx
    .selectFrom("runs")
    .select((is) => is.fn.countAll<number>().as("count"))
    .where("org_id", "=", orgId)
    .where("state", "in", ["queued", "running"])
    .executeTakeFirstOrThrow();
  return count;
}

function held(tx: Tx, orgId: string, id: string, worker: string) {
  return tx
    .updateTable("runs")
    .where("org_id", "=", orgId)
    .where("id", "=", id)
    .where("state", "=", "running")
    .where("lease_owner", "=", worker);
}
