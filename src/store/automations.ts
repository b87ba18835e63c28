/** Automations and their grants: what the last assessment says of them, and what the organization says. */

import { type Selectable, type SelectQueryBuilder, sql } from "kysely";
import type { Tx } from "./db.ts";
import {
  keyAfter,
  keyText,
  type Page,
  type PageQuery,
  pageOf,
  plainText,
  rowsWanted,
} from "./page.ts";
import type { AutomationState, Tables } from "./tables.ts";

export type AutomationRow = Selectable<Tables["automations"]>;
export type GrantRow = Selectable<Tables["grants"]>;

const ROWS_MAX = 1_000;

/** What an assessment says of one automation. Times are epoch milliseconds. */
export interface AssessedRow {
  readonly id: string;
  readonly platform: string;
  readonly kind: string;
  readonly nativeId: string;
  readonly name: string | null;
  readonly vendor: string | null;
  readonly ai: string | null;
  readonly owner: string | null;
  readonly risk: number;
  readonly level: string;
  readonly classification: string;
  readonly firstSeenAt: number | null;
  readonly lastSeenAt: number | null;
  readonly eventCount: number;
  /** The assessment as JSON. */
  readonly body: string;
  readonly grants: readonly AssessedGrant[];
}

export interface AssessedGrant {
  readonly principal: string | null;
  readonly consent: string;
  readonly scopes: readonly string[];
  readonly grantedBy: string | null;
  readonly at: number | null;
}

/**
 * Stores an assessment. What the organization said of an automation (state, assignee, tags) stays; rows that are the same
 * are not written, nor are their grants, which stand in the body, too. Gives the ids that are new and changed.
 */
export async function upsert(
  tx: Tx,
  orgId: string,
  rows: readonly AssessedRow[],
  now: number,
): Promise<{ readonly made: string[]; readonly changed: string[] }> {
  const made: string[] = [];
  const changed: string[] = [];
  const sorted = [...rows].sort((a, b) => Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)));
  for (let from = 0; from < sorted.length; from += ROWS_MAX) {
    const part = sorted.slice(from, from + ROWS_MAX);
    const column = <Value>(read: (row: AssessedRow) => Value) => part.map(read);
    const { rows: written } = await sql<{ id: string; is_new: boolean }>`
      insert into automations (org_id, id, platform, kind, native_id, name, vendor, ai, owner, risk, level, classification,
        first_seen_at, last_seen_at, event_count, body, created_at, updated_at)
      select ${orgId}, g.*, ${now}, ${now} from unnest(
        ${column(({ id }) => id)}::text[], ${column(({ platform }) => platform)}::text[], ${column(({ kind }) => kind)}::text[],
        ${column(({ nativeId }) => keyText(nativeId))}::text[], ${column(({ name }) => name && plainText(name))}::text[],
        ${column(({ vendor }) => vendor && plainText(vendor))}::text[], ${column(({ ai }) => ai && plainText(ai))}::text[],
        ${column(({ owner }) => owner && plainText(owner))}::text[], ${column(({ risk }) => Math.round(risk))}::smallint[],
        ${column(({ level }) => level)}::text[], ${column(({ classification }) => classification)}::text[],
        ${column(({ firstSeenAt }) => firstSeenAt)}::bigint[], ${column(({ lastSeenAt }) => lastSeenAt)}::bigint[],
        ${column(({ eventCount }) => eventCount)}::bigint[], ${column(({ body }) => plainText(body))}::text[]) as g
      on conflict (org_id, id) do update set
        platform = excluded.platform, kind = excluded.kind, native_id = excluded.native_id, name = excluded.name,
        vendor = excluded.vendor, ai = excluded.ai, owner = excluded.owner, risk = excluded.risk, level = excluded.level,
        classification = excluded.classification, first_seen_at = excluded.first_seen_at, last_seen_at = excluded.last_seen_at,
        event_count = excluded.event_count, body = excluded.body, updated_at = excluded.updated_at
      where (automations.body, automations.risk, automations.level, automations.classification, automations.owner, automations.last_seen_at)
        is distinct from (excluded.body, excluded.risk, excluded.level, excluded.classification, excluded.owner, excluded.last_seen_at)
      returning id, (xmax = 0) as is_new`.execute(tx);
    for (const { id, is_new } of written) (is_new ? made : changed).push(id);
    const isWritten = new Set(written.map(({ id }) => id));
    const rewritten = part.filter(({ id }) => isWritten.has(id));
    if (rewritten.length > 0) await replaceGrants(tx, orgId, rewritten);
  }
  return { made, changed };
}

async function replaceGrants(tx: Tx, orgId: string, rows: readonly AssessedRow[]): Promise<void> {
  const grants = new Map<
    string,
    { readonly automation: string; readonly key: string; readonly grant: AssessedGrant }
  >();
  for (const { id, grants: own } of rows) {
    for (const grant of own) {
      const key = keyText(`${grant.consent}|${grant.principal ?? "*"}`);
      grants.set(`${id}\n${key}`, { automation: id, key, grant });
    }
  }
  const all = [...grants.values()];
  const column = <Value>(read: (grant: AssessedGrant) => Value) =>
    all.map(({ grant }) => read(grant));
  await tx
    .deleteFrom("grants")
    .where("org_id", "=", orgId)
    .where(
      "automation_id",
      "in",
      rows.map(({ id }) => id),
    )
    .execute();
  await sql`
    insert into grants (org_id, automation_id, key, principal, consent, scopes, granted_by, at)
    select ${orgId}, automation_id, key, principal, consent, array(select json_array_elements_text(scopes)), granted_by, at
    from unnest(${all.map(({ automation }) => automation)}::text[], ${all.map(({ key }) => key)}::text[],
      ${column(({ principal }) => principal && plainText(principal))}::text[], ${column(({ consent }) => consent)}::text[],
      ${column(({ scopes }) => JSON.stringify(scopes.map(plainText)))}::json[],
      ${column(({ grantedBy }) => grantedBy && plainText(grantedBy))}::text[], ${column(({ at }) => at)}::bigint[])
      as g (automation_id, key, principal, consent, scopes, granted_by, at)`.execute(tx);
}

/** Removes the automations that an assessment of everything no longer has (two became one); gives their ids. */
export async function removeOthers(
  tx: Tx,
  orgId: string,
  ids: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    delete from automations where org_id = ${orgId} and not (id = any(${[...ids]}::text[])) returning id`.execute(
    tx,
  );
  return rows.map(({ id }) => id);
}

export async function get(tx: Tx, orgId: string, id: string): Promise<AutomationRow | undefined> {
  return tx
    .selectFrom("automations")
    .selectAll()
    .where("org_id", "=", orgId)
    .where("id", "=", id)
    .executeTakeFirst();
}

export interface AutomationFilter {
  readonly platform?: string | undefined;
  readonly kind?: string | undefined;
  readonly level?: string | undefined;
  readonly classification?: string | undefined;
  readonly state?: AutomationState | undefined;
  readonly vendor?: string | undefined;
  readonly owner?: string | undefined;
  /** A provider, or any. */
  readonly ai?: string | true | undefined;
  /** Part of its name, in any case. */
  readonly q?: string | undefined;
}

export interface AutomationQuery extends PageQuery, AutomationFilter {
  /** risk: riskiest first. name: by name, nameless ones last. Ties by id. */
  readonly sort?: "risk" | "name" | undefined;
}

/** Served by automations_risk_idx, _platform_idx, _classification_idx, _ai_idx or _name_idx. */
export async function list(
  tx: Tx,
  orgId: string,
  query: AutomationQuery,
): Promise<Page<AutomationRow>> {
  const isByName = query.sort === "name";
  const after = keyAfter(query, isByName ? 2 : 2);
  let rows = filtered(tx.selectFrom("automations").where("org_id", "=", orgId), query).selectAll();
  if (after !== null && !isByName) {
    rows = rows.where(
      sql<boolean>`risk <= ${after[0]} and (risk < ${after[0]} or id > ${after[1]})`,
    );
  }
  if (after !== null && isByName) {
    rows =
      after[0] === null
        ? rows.where(sql<boolean>`name is null and id > ${after[1]}`)
        : rows.where(
            sql<boolean>`(name > ${after[0]} or (name = ${after[0]} and id > ${after[1]}) or name is null)`,
          );
  }
  const ordered = isByName ? rows.orderBy("name") : rows.orderBy("risk", "desc");
  const found = await ordered.orderBy("id").limit(rowsWanted(query)).execute();
  return pageOf(found, query, ({ risk, name, id }) => [isByName ? name : risk, id]);
}

/** Of those that a filter lets through, how many there are of each value, most first, at most 100 a facet. */
export async function facets(
  tx: Tx,
  orgId: string,
  filter: AutomationFilter,
): Promise<
  Record<
    "platform" | "kind" | "level" | "classification" | "vendor" | "state",
    { value: string | null; count: number }[]
  >
> {
  const of = async (
    column: "platform" | "kind" | "level" | "classification" | "vendor" | "state",
  ) =>
    filtered(tx.selectFrom("automations").where("org_id", "=", orgId), filter)
      .select((is) => [
        sql<string | null>`${sql.ref(column)}`.as("value"),
        is.fn.countAll<number>().as("count"),
      ])
      .groupBy(column)
      .orderBy("count", "desc")
      .orderBy("value")
      .limit(100)
      .execute();
  return {
    platform: await of("platform"),
    kind: await of("kind"),
    level: await of("level"),
    classification: await of("classification"),
    vendor: await of("vendor"),
    state: await of("state"),
  };
}

/** What the organization says of an automation; fields that are absent stay. Gives the row, or undefined where there is none. */
export async function patch(
  tx: Tx,
  orgId: string,
  id: string,
  said: {
    readonly state?: AutomationState;
    readonly assignedTo?: string | null;
    readonly tags?: readonly string[];
  },
  now: number,
): Promise<AutomationRow | undefined> {
  return tx
    .updateTable("automations")
    .set({
      updated_at: now,
      ...(said.state !== undefined && { state: said.state }),
      ...(said.assignedTo !== undefined && {
        assigned_to: said.assignedTo && plainText(said.assignedTo),
      }),
      ...(said.tags !== undefined && { tags: said.tags.map(plainText) }),
    })
    .where("org_id", "=", orgId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirst();
}

/** The grants of an automation, by their key. */
export async function grantsOf(
  tx: Tx,
  orgId: string,
  id: string,
  query: PageQuery,
): Promise<Page<GrantRow>> {
  const after = keyAfter(query, 1);
  let rows = tx
    .selectFrom("grants")
    .selectAll()
    .where("org_id", "=", orgId)
    .where("automation_id", "=", id);
  if (after !== null) rows = rows.where("key", ">", String(after[0]));
  const found = await rows.orderBy("key").limit(rowsWanted(query)).execute();
  return pageOf(found, query, ({ key }) => [key]);
}

function filtered<Output>(
  rows: SelectQueryBuilder<Tables, "automations", Output>,
  filter: AutomationFilter,
): SelectQueryBuilder<Tables, "automations", Output> {
  let found = rows;
  for (const column of [
    "platform",
    "kind",
    "level",
    "classification",
    "state",
    "vendor",
    "owner",
  ] as const) {
    const value = filter[column];
    if (value !== undefined) found = found.where(column, "=", value);
  }
  if (filter.ai === true) found = found.where("ai", "is not", null);
  else if (filter.ai !== undefined) found = found.where("ai", "=", filter.ai);
  if (filter.q !== undefined) {
    found = found.where(
      sql<boolean>`strpos(lower(coalesce(name, native_id)), lower(${plainText(filter.q)})) > 0`,
    );
  }
  return found;
}
