/** Brings a database to the tables of this version: numbered SQL files, each once, in order, under a lock, never changed after. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { UserError } from "#kit/error.ts";
import type { Secret } from "#kit/secret.ts";
import { reaching } from "./problems.ts";

/** Two processes that start at once migrate one after the other. Any number will do that no other program takes. */
const LOCK = 7_305_116;
/** Row-level security for owners, generated keys and all else that we use are in from 15 on. */
const POSTGRES_MIN = 15;

const FOLDER = path.join(import.meta.dirname, "migrations");

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** The files of this version. Tests give a folder of their own. */
export function readMigrations(folder = FOLDER): Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}_\w+\.sql$/.test(name))
    .sort()
    .map((name) => {
      const sql = readFileSync(path.join(folder, name), "utf8").replaceAll("\r\n", "\n");
      const checksum = createHash("sha256").update(sql).digest("hex");
      return { number: Number(name.slice(0, 4)), name, sql, checksum };
    });
}

/**
 * Applies what is missing, all of it or nothing, and gives the names of what it applied. Makes the application's role and
 * its rights. Throws UserError where a file that was applied has changed, or the database is of a newer version.
 */
export async function migrate(
  ownerUrl: Secret,
  migrations: readonly Migration[] = readMigrations(),
): Promise<string[]> {
  return withOwner(ownerUrl, async (client) => {
    await checkServer(client);
    await client.query("select pg_advisory_lock($1)", [LOCK]);
    await client.query("begin");
    const pending = await applyMigrations(client, migrations);
    await client.query("commit");
    return pending;
  });
}

/** The same within the caller's transaction, of which nothing is seen before it ends. */
export async function applyMigrations(
  client: pg.Client,
  migrations: readonly Migration[],
): Promise<string[]> {
  await client.query(
    "create table if not exists migrations (number integer primary key, name text not null, checksum text not null, applied_at bigint not null)",
  );
  const pending = pendingOf(migrations, await applied(client));
  for (const { number, name, sql, checksum } of pending) {
    await client.query(sql);
    await client.query(
      "insert into migrations values ($1, $2, $3, (extract(epoch from now()) * 1000)::bigint)",
      [number, name, checksum],
    );
  }
  await allowApplication(client);
  return pending.map(({ name }) => name);
}

/** What is missing, without applying it. The same checks as `migrate`. */
export async function pendingMigrations(
  ownerUrl: Secret,
  migrations: readonly Migration[] = readMigrations(),
): Promise<string[]> {
  return withOwner(ownerUrl, async (client) => {
    await checkServer(client);
    const { rows } = await client.query("select to_regclass('migrations') is not null as has");
    const known = rows[0]?.has === true ? await applied(client) : [];
    return pendingOf(migrations, known).map(({ name }) => name);
  });
}

/** The role as which everything but migrations, backup and restore runs. */
export function applicationRole(database: string): string {
  return `${database}_app`;
}

/** One connection as the owner of the tables. Its errors name no password: pg's own do not. */
export async function withOwner<T>(
  ownerUrl: Secret,
  run: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: ownerUrl.reveal(),
    connectionTimeoutMillis: 10_000,
    application_name: "singura owner",
  });
  client.on("error", () => undefined);
  await reaching(ownerUrl, () => client.connect());
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

async function applied(client: pg.Client): Promise<Applied[]> {
  const { rows } = await client.query<Applied>(
    "select number, name, checksum from migrations order by number",
  );
  return rows;
}

function pendingOf(migrations: readonly Migration[], known: readonly Applied[]): Migration[] {
  for (const { number, name, checksum } of known) {
    const file = migrations.find((migration) => migration.number === number);
    if (file === undefined) {
      throw new UserError(
        "database.newer",
        `The database has migration ${name}, which this version does not know: start the newer Singura, or restore a backup from before it.`,
      );
    }
    if (file.checksum !== checksum) {
      throw new UserError(
        "database.migration_changed",
        `The file of migration ${name} is not the one that was applied: install Singura again, and put changes into a new migration.`,
      );
    }
  }
  const last = known.at(-1)?.number ?? 0;
  const pending = migrations.filter(({ number }) => !known.some((one) => one.number === number));
  const late = pending.find(({ number }) => number < last);
  if (late === undefined) return pending;
  throw new UserError(
    "database.migration_late",
    `Migration ${late.name} has a number below ${last}, which was applied already: give it the next number.`,
  );
}

async function checkServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query(
    "select current_setting('server_version_num')::int as version",
  );
  const version = Math.floor(Number(rows[0]?.version) / 10_000);
  if (version >= POSTGRES_MIN) return;
  throw new UserError(
    "database.too_old",
    `The database is PostgreSQL ${version}; Singura needs ${POSTGRES_MIN} or newer: upgrade it, or point DATABASE_URL to another.`,
  );
}

/** The application may read and write rows, and nothing else: it owns nothing, and what is chained it can only add to. */
async function allowApplication(client: pg.Client): Promise<void> {
  const { rows } = await client.query("select current_database() as name");
  const role = applicationRole(String(rows[0]?.name));
  const app = client.escapeIdentifier(role);
  await makeRole(client, role);
  const { rows: tables } = await client.query(
    `select c.oid::regclass::text as name from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and pg_get_userbyid(c.relowner) = current_user`,
  );
  const readOnly = new Set(["migrations", "event_days"]);
  const appendOnly = new Set(["console_audit"]);
  await client.query(`grant usage on schema public to ${app}`);
  for (const { name } of tables) {
    const rights = readOnly.has(name)
      ? "select"
      : appendOnly.has(name)
        ? "select, insert"
        : "select, insert, update, delete";
    await client.query(
      `revoke all on ${name} from public, ${app}; grant ${rights} on ${name} to ${app}`,
    );
  }
  const { rows: functions } = await client.query(
    `select p.oid::regprocedure::text as name, p.prokind as kind from pg_proc p
     where p.pronamespace = 'public'::regnamespace and pg_get_userbyid(p.proowner) = current_user`,
  );
  for (const { name, kind } of functions) {
    await client.query(`revoke all on routine ${name} from public`);
    if (kind === "f") await client.query(`grant execute on function ${name} to ${app}`);
  }
}

/** A role without any privilege of its own, that the owner may become. */
async function makeRole(client: pg.Client, role: string): Promise<void> {
  const app = client.escapeIdentifier(role);
  const { rows } = await client.query(
    "select rolsuper or rolbypassrls as may from pg_roles where rolname = $1",
    [role],
  );
  if (rows[0]?.may === true) {
    throw new UserError(
      "database.role_too_strong",
      `The role ${role} may pass by row-level security: type in the database  ALTER ROLE ${app} NOSUPERUSER NOBYPASSRLS`,
    );
  }
  if (rows.length > 0) return;
  try {
    await client.query(`create role ${app} nologin; grant ${app} to current_user`);
  } catch (cause) {
    if (!(cause instanceof pg.DatabaseError) || cause.code !== "42501") throw cause;
    const { rows: who } = await client.query("select quote_ident(current_user) as name");
    throw new UserError(
      "database.no_role",
      `The owner may not make the role ${role}: type as an administrator of the database  CREATE ROLE ${app}; GRANT ${app} TO ${who[0]?.name}  and try again.`,
    );
  }
}

/** What a look at a database tells: its version, how far its clock is off ours, and under which master keys its secrets are. */
export async function examineDatabase(
  ownerUrl: Secret,
  clock: () => number,
): Promise<{
  readonly version: string;
  readonly offMs: number;
  readonly sealedUnder: readonly string[];
}> {
  return withOwner(ownerUrl, async (client) => {
    const { rows } = await client.query(
      "select split_part(current_setting('server_version'), ' ', 1) as version, extract(epoch from clock_timestamp()) * 1000 as now, to_regclass('connections') is not null as has",
    );
    const offMs = Number(rows[0]?.now) - clock();
    if (rows[0]?.has !== true) return { version: rows[0]?.version, offMs, sealedUnder: [] };
    await client.query("set app.keeper = 'on'");
    const { rows: sealed } = await client.query(
      "select distinct split_part(s, '.', 2) as id from (select credential as s from connections union all select secret from alert_routes) as all_of_them where s is not null order by 1",
    );
    return { version: rows[0]?.version, offMs, sealedUnder: sealed.map(({ id }) => String(id)) };
  });
}
