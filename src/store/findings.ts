/** Findings: what detectors claim, as of the last assessment, and what analysts make of it. */

import { type Selectable, sql } from "kysely";
import type { Tx } from "./db.ts";
import { keyAfter, type Page, type PageQuery, pageOf, plainText, rowsWanted } from "./page.ts";
import type { FindingStatus, Tables } from "./tables.ts";

export type FindingRow = Selectable<Tables["findings"]>;

const ROWS_MAX = 1_000;

/** What an assessment claims. Times are epoch milliseconds. */
export interface ClaimedRow {
  readonly id: string;
  readonly detector: string;
  readonly techniques: readonly string[];
  readonly attackType: string;
  /** 0 info to 4 critical. */
  readonly severity: number;
  readonly confidence: number;
  readonly platform: string;
  readonly automationId: string | null;
  readonly principal: string | null;
  readonly window: { readonly from: number; readonly to: number } | null;
  readonly title: string;
  /** The finding as JSON. */
  readonly body: string;
}

/**
 * Stores the claims of an assessment of everything: what is new is made, what changed is changed, and what is no longer
 * claimed is superseded, never deleted. Status, assignee and verdicts stay. Gives the ids that are new, changed and
 * superseded, for alerts and live updates.
 */
export async function store(
  tx: Tx,
  orgId: string,
  rows: readonly ClaimedRow[],
  now: number,
): Promise<{ readonly made: string[]; readonly changed: string[]; readonly superseded: string[] }> {
  const made: string[] = [];
  const changed: string[] = [];
  const sorted = [...rows].sort((a, b) => Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)));
  for (let from = 0; from < sorted.length; from += ROWS_MAX) {
    const part = sorted.slice(from, from + ROWS_MAX);
    const column = <Value>(read: (row: ClaimedRow) => Value) => part.map(read);
    const { rows: written } = await sql<{ id: string; is_new: boolean }>`
      insert into findings (org_id, id, detector, techniques, attack_type, severity, confidence, platform, automation_id,
        principal, from_at, to_at, title, body, created_at, updated_at)
      select ${orgId}, id, detector, array(select json_array_elements_text(techniques)), attack_type, severity, confidence, platform,
        automation_id, principal, from_at, to_at, title, body, ${now}, ${now}
      from unnest(${column(({ id }) => id)}::text[], ${column(({ detector }) => detector)}::text[],
        ${column(({ techniques }) => JSON.stringify(techniques))}::json[], ${column(({ attackType }) => attackType)}::text[],
        ${column(({ severity }) => severity)}::smallint[], ${column(({ confidence }) => confidence)}::real[],
        ${column(({ platform }) => platform)}::text[], ${column(({ automationId }) => automationId)}::text[],
        ${column(({ principal }) => principal && plainText(principal))}::text[], ${column(({ window }) => window?.from ?? null)}::bigint[],
        ${column(({ window }) => window?.to ?? null)}::bigint[], ${column(({ title }) => plainText(title))}::text[],
        ${column(({ body }) => plainText(body))}::text[])
        as g (id, detector, techniques, attack_type, severity, confidence, platform, automation_id, principal, from_at, to_at, title, body)
      on conflict (org_id, id) do update set
        techniques = excluded.techniques, attack_type = excluded.attack_type, severity = excluded.severity,
        confidence = excluded.confidence, title = excluded.title, body = excluded.body, automation_id = excluded.automation_id,
        principal = excluded.principal, updated_at = excluded.updated_at, superseded_at = null
      where findings.superseded_at is not null
        or (findings.body, findings.severity, findings.confidence) is distinct from (excluded.body, excluded.severity, excluded.confidence)
      returning id, (xmax = 0) as is_new`.execute(tx);
    for (const { id, is_new } of written) (is_new ? made : changed).push(id);
  }
  const { rows: gone } = await sql<{ id: string }>`
    update findings set superseded_at = ${now}, updated_at = ${now}
    where org_id = ${orgId} and superseded_at is null and not (id = any(${rows.map(({ id }) => id)}::text[]))
    returning id`.execute(tx);
  return { made, changed, superseded: gone.map(({ id }) => id) };
}

export async function get(tx: Tx, orgId: string, id: string): Promise<FindingRow | undefined> {
  return tx
    .selectFrom("findings")
    .selectAll()
    .where("org_id", "=", orgId)
    .where("id", "=", id)
    .executeTakeFirst();
}

export interface FindingQuery extends PageQuery {
  /** worst: by severity, then newest. newest: by when it was made. Ties by id. */
  readonly sort?: "worst" | "newest" | undefined;
  readonly severityMin?: number | undefined;
  readonly confidenceMin?: number | undefined;
  readonly status?: FindingStatus | undefined;
  readonly platform?: string | undefined;
  readonly attackType?: string | undefined;
  readonly detector?: string | undefined;
  readonly automationId?: string | undefined;
  readonly assignee?: string | undefined;
  /** Also what is no longer claimed. */
  readonly withSuperseded?: boolean | undefined;
}

/** Served by findings_worst_idx, _created_idx, _status_idx, _high_idx or _automation_idx. */
export async function list(tx: Tx, orgId: string, query: FindingQuery): Promise<Page<FindingRow>> {
  const isNewest = query.sort === "newest";
  const after = keyAfter(query, isNewest ? 2 : 3);
  let rows = tx.selectFrom("findings").selectAll().where("org_id", "=", orgId);
  if (query.withSuperseded !== true) rows = rows.where("superseded_at", "is", null);
  if (query.severityMin !== undefined) rows = rows.where("severity", ">=", query.severityMin);
  if (query.confidenceMin !== undefined)
    rows = rows.where(sql<boolean>`confidence >= ${query.confidenceMin}::real`);
  for (const [column, value] of [
    ["status", query.status],
    ["platform", query.platform],
    ["attack_type", query.attackType],
    ["detector", query.detector],
    ["automation_id", query.automationId],
    ["assignee", query.assignee],
  ] as const) {
    if (value !== undefined) rows = rows.where(column, "=", value);
  }
  if (after !== null && isNewest) {
    rows = rows.where(
      sql<boolean>`created_at <= ${after[0]} and (created_at < ${after[0]} or id > ${after[1]})`,
    );
  }
  if (after !== null && !isNewest) {
    const [severity, at, id] = after;
    rows = rows.where(
      sql<boolean>`severity <= ${severity} and (severity < ${severity} or created_at < ${at} or (created_at = ${at} and id > ${id}))`,
    );
  }
  const ordered = isNewest ? rows : rows.orderBy("severity", "desc");
  const found = await ordered
    .orderBy("created_at", "desc")
    .orderBy("id")
    .limit(rowsWanted(query))
    .execute();
  return pageOf(found, query, ({ severity, created_at, id }) =>
    isNewest ? [created_at, id] : [severity, created_at, id],
  );
}

/** What an analyst says; fields that are absent stay. Gives the row, or undefined where there is none. */
export async function patch(
  tx: Tx,
  orgId: string,
  id: string,
  said: { readonly status?: FindingStatus; readonly assignee?: string | null },
  now: number,
): Promise<FindingRow | undefined> {
  return tx
    .updateTable("findings")
    .set({
      updated_at: now,
      ...(said.status !== undefined && { status: said.status }),
      ...(said.assignee !== undefined && { assignee: said.assignee && plainText(said.assignee) }),
    })
    .where("org_id", "=", orgId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirst();
}
