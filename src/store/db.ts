/** The way to the database: pools, transactions in one organization's name, read replicas, and slow queries noticed. */

import { setTimeout as sleep } from "node:timers/promises";
import { Kysely, PostgresDialect, sql, type Transaction } from "kysely";
import pg from "pg";
import type { DatabaseConfig } from "#kit/config.ts";
import { UserError } from "#kit/error.ts";
import type { Log } from "#kit/log.ts";
import type { Secret } from "#kit/secret.ts";
import { applicationRole, migrate, pendingMigrations } from "./migrate.ts";
import { codeOf, isAway, reaching } from "./problems.ts";
import type { Tables } from "./tables.ts";

/** A transaction, in which queries run. Nothing else belongs into it: no network, no waiting, no enqueueing. */
export type Tx = Transaction<Tables>;

/** Deadlocks and serialization failures are over when tried again; more often than this something else is wrong. */
const TRIES_MAX = 5;
const LAG_EVERY_MS = 1_000;
/** Moments at which the primary's position is remembered: ten minutes of them. */
const MOMENTS_MAX = 600;

export interface SlowQuery {
  /** With $1, $2 … where the values were. */
  readonly sql: string;
  readonly durationMs: number;
}

export interface StoreOptions extends Omit<DatabaseConfig, "url" | "ownerUrl"> {
  readonly url: Secret;
  readonly ownerUrl?: Secret;
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Whether to bring the tables up to date; else one that is behind is refused. */
  readonly shouldMigrate: boolean;
  /** Counts them; they are logged besides. */
  readonly onSlow?: (query: SlowQuery) => void;
}

export interface ReplicaHealth {
  /** Null while it cannot be reached or is further behind than is remembered. */
  readonly lagMs: number | null;
  readonly isUsed: boolean;
}

/** The one way to rows. */
export interface Store {
  /**
   * A transaction in the name of one organization: rows of all others do not exist in it. Run again from its start after
   * a deadlock, so that it must do nothing but queries.
   */
  inOrg<T>(orgId: string, run: (tx: Tx) => Promise<T>): Promise<T>;
  /** The same for reading alone, where some seconds behind are fine: from a replica that is near enough, else from the primary. */
  readInOrg<T>(orgId: string, run: (tx: Tx) => Promise<T>): Promise<T>;
  /** Over all organizations, for the few tables that allow it: organizations, members, api_keys, runs, uploads. */
  acrossOrgs<T>(run: (tx: Tx) => Promise<T>): Promise<T>;
  /** Throws where the primary does not answer. */
  health(): Promise<{ readonly latencyMs: number; readonly replicas: readonly ReplicaHealth[] }>;
  /** Connections in use and waited for, for metrics. */
  pool(): { readonly total: number; readonly idle: number; readonly waiting: number };
  close(): Promise<void>;
}

/** Opens the store. Throws UserError with the cure where the database is away, behind, or would let row-level security be passed by. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const ownerUrl = options.ownerUrl ?? options.url;
  if (options.shouldMigrate) await migrate(ownerUrl);
  else await refuseOldTables(ownerUrl);
  const primary = new Database(options.url, options);
  try {
    await reaching(options.url, () => primary.checkRole());
    await primary.warmUp(options.poolMin);
  } catch (cause) {
    await primary.close();
    throw cause;
  }
  const replicas = options.readUrls.map(
    (url) => new Replica(new Database(url, options), primary, options),
  );
  return {
    inOrg: (orgId, run) => primary.transact({ orgId }, run),
    async readInOrg(orgId, run) {
      for (const replica of replicas) {
        if (!(await replica.isNear())) continue;
        try {
          return await replica.database.transact({ orgId, isReadOnly: true }, run);
        } catch (cause) {
          if (!isAway(cause)) throw cause;
          replica.forget();
          options.log.warn({ err: cause }, "a read replica is away; reading from the primary");
        }
      }
      return primary.transact({ orgId, isReadOnly: true }, run);
    },
    acrossOrgs: (run) => primary.transact({ orgId: null }, run),
    async health() {
      const from = options.clock();
      await primary.position();
      const latencyMs = options.clock() - from;
      const near = await Promise.all(replicas.map((replica) => replica.isNear()));
      return {
        latencyMs,
        replicas: replicas.map((replica, i) => ({
          lagMs: replica.lagMs,
          isUsed: near[i] === true,
        })),
      };
    },
    pool: () => primary.usage(),
    async close() {
      await Promise.all(
        [primary, ...replicas.map(({ database }) => database)].map((one) => one.close()),
      );
    },
  };
}

interface Whose {
  /** Null: over all organizations. */
  readonly orgId: string | null;
  readonly isReadOnly?: boolean;
}

type Timing = Pick<
  StoreOptions,
  "poolMax" | "poolMin" | "idleMs" | "connectMs" | "statementMs" | "slowMs" | "log" | "onSlow"
>;

/** One pool as the application's role. */
class Database {
  readonly #pool: pg.Pool;
  readonly #kysely: Kysely<Tables>;

  constructor(url: Secret, timing: Timing) {
    const { log } = timing;
    this.#pool = new pg.Pool({
      connectionString: url.reveal(),
      application_name: "singura",
      max: timing.poolMax,
      min: timing.poolMin,
      idleTimeoutMillis: timing.idleMs,
      connectionTimeoutMillis: timing.connectMs,
      statement_timeout: timing.statementMs,
      idle_in_transaction_session_timeout: timing.statementMs * 2,
      keepAlive: true,
      options: roleOption(url),
      types: { getTypeParser },
    });
    this.#pool.on("error", (cause) => log.warn({ err: cause }, "an idle connection was lost"));
    this.#kysely = new Kysely<Tables>({
      dialect: new PostgresDialect({ pool: this.#pool }),
      log: ({ query, queryDurationMillis: durationMs }) => {
        if (durationMs < timing.slowMs) return;
        log.warn({ durationMs: Math.round(durationMs), sql: query.sql }, "slow query");
        timing.onSlow?.({ sql: query.sql, durationMs });
      },
    });
  }

  /** Begins in somebody's name, so that there is no moment in which it could be forgotten. */
  async transact<T>({ orgId, isReadOnly }: Whose, run: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      let hasBegun = false;
      try {
        const begin = this.#kysely.transaction();
        return await (isReadOnly ? begin.setAccessMode("read only") : begin).execute(async (tx) => {
          await sql`select set_config('app.org_id', ${orgId ?? ""}, true), set_config('app.across', ${orgId === null ? "on" : ""}, true)`.execute(
            tx,
          );
          hasBegun = true;
          return await run(tx);
        });
      } catch (cause) {
        // A connection that died while idle is noticed here first; the next one is fresh.
        const isWorthIt = isCollision(cause) || (!hasBegun && isAway(cause) && attempt === 1);
        if (!isWorthIt || attempt >= TRIES_MAX) throw cause;
        await sleep(10 * 2 ** attempt * Math.random());
      }
    }
  }

  /** Who we are to the database must be held by row-level security. */
  async checkRole(): Promise<void> {
    const { rows } = await sql<{ name: string; passes: boolean; owns: boolean }>`
      select current_user as name, r.rolsuper or r.rolbypassrls as passes,
        exists (select from pg_class c where c.relname = 'organizations' and c.relnamespace = 'public'::regnamespace
          and pg_has_role(current_user, c.relowner, 'USAGE')) as owns
      from pg_roles r where r.rolname = current_user`.execute(this.#kysely);
    const [role] = rows;
    if (role !== undefined && !role.passes && !role.owns) return;
    throw new UserError(
      "database.role_too_strong",
      `The application would run as ${role?.name ?? "an unknown role"}, which row-level security does not hold: give DATABASE_URL a user that owns no table, and the owner's address in DATABASE_OWNER_URL.`,
    );
  }

  async warmUp(connections: number): Promise<void> {
    const clients = await Promise.all(
      Array.from({ length: connections }, () => this.#pool.connect()),
    );
    for (const client of clients) client.release();
  }

  /** How far its log is written, as the primary, or replayed, as a replica. */
  async position(): Promise<{ readonly isReplica: boolean; readonly lsn: bigint }> {
    const { rows } = await sql<{ replica: boolean; lsn: string | null }>`
      select pg_is_in_recovery() as replica,
        case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end::text as lsn`.execute(
      this.#kysely,
    );
    const [high = "0", low = "0"] = (rows[0]?.lsn ?? "0/0").split("/");
    return {
      isReplica: rows[0]?.replica === true,
      lsn: (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`),
    };
  }

  usage(): { total: number; idle: number; waiting: number } {
    const { totalCount, idleCount, waitingCount } = this.#pool;
    return { total: totalCount, idle: idleCount, waiting: waitingCount };
  }

  /** Ends the pool itself, which Kysely would leave open where it was never asked anything. */
  async close(): Promise<void> {
    await this.#pool.end();
  }
}

/**
 * A replica and how far it is behind. The primary's position is noted together with our own clock; the latest note that
 * the replica has passed tells as of when it is complete, whatever the other machines' clocks say.
 */
class Replica {
  readonly database: Database;
  lagMs: number | null = null;
  readonly #primary: Database;
  readonly #options: Pick<StoreOptions, "clock" | "lagMaxMs" | "log">;
  #moments: { readonly at: number; readonly lsn: bigint }[] = [];
  #measuredAt = Number.NEGATIVE_INFINITY;
  #measuring: Promise<void> | null = null;

  constructor(
    database: Database,
    primary: Database,
    options: Pick<StoreOptions, "clock" | "lagMaxMs" | "log">,
  ) {
    this.database = database;
    this.#primary = primary;
    this.#options = options;
  }

  /** Whether it is at most lagMaxMs behind, by a measurement that is at most a second old. */
  async isNear(): Promise<boolean> {
    if (this.#options.clock() - this.#measuredAt >= LAG_EVERY_MS) {
      this.#measuring ??= this.#measure().finally(() => {
        this.#measuring = null;
      });
      await this.#measuring;
    }
    return this.lagMs !== null && this.lagMs <= this.#options.lagMaxMs;
  }

  forget(): void {
    this.lagMs = null;
    this.#measuredAt = this.#options.clock();
  }

  async #measure(): Promise<void> {
    const at = this.#options.clock();
    try {
      this.#moments.push({ at, lsn: (await this.#primary.position()).lsn });
      const { isReplica, lsn } = await this.database.position();
      const passed = this.#moments.findLastIndex((moment) => !isReplica || moment.lsn <= lsn);
      const moment = this.#moments[passed];
      this.lagMs = moment === undefined ? null : at - moment.at;
      this.#moments = this.#moments.slice(Math.max(passed, 0)).slice(-MOMENTS_MAX);
    } catch (cause) {
      this.lagMs = null;
      this.#options.log.warn({ err: cause }, "the lag of a read replica cannot be measured");
    }
    this.#measuredAt = this.#options.clock();
  }
}

/** Sessions begin as the application's role, whoever logs in, unless it logs in itself. */
function roleOption(url: Secret): string {
  const { username, pathname } = new URL(url.reveal());
  const role = applicationRole(
    decodeURIComponent(pathname.slice(1)) || decodeURIComponent(username),
  );
  // Backslashes escape spaces in this protocol field.
  return decodeURIComponent(username) === role ? "" : `-c role=${role.replace(/[\\ ]/g, "\\$&")}`;
}

/** 64-bit numbers as numbers: ours are times, counts and sizes, far below 2^53. */
function getTypeParser(oid: number, format?: "text" | "binary") {
  return oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format ?? "text");
}

function isCollision(cause: unknown): boolean {
  return ["40001", "40P01"].includes(codeOf(cause));
}

async function refuseOldTables(ownerUrl: Secret): Promise<void> {
  const pending = await pendingMigrations(ownerUrl);
  if (pending.length === 0) return;
  throw new UserError(
    "database.behind",
    `The database lacks ${pending.join(", ")}: type  singura migrate`,
  );
}
