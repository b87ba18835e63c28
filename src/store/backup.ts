/** Backup and restore, of embedded and other databases alike: one compressed file, one snapshot, all of it or nothing. */

import { createHash, type Hash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdCompress, createZstdDecompress } from "node:zlib";
import type pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { z } from "zod";
import { EXIT, UserError } from "#kit/error.ts";
import type { Secret } from "#kit/secret.ts";
import { applyMigrations, type Migration, migrate, readMigrations, withOwner } from "./migrate.ts";

/** Raised when a file means something else. */
const VERSION = 1;
/** A frame is a piece of a table, or a line about it; Postgres gives far smaller pieces. */
const FRAME_BYTES_MAX = 512 * 1024 * 1024;

/** Made anew by restoring: what was applied, where events lie, and counts that follow from the rows. */
const NOT_COPIED = ["migrations", "event_days", "stats"];

const Header = z.object({
  format: z.literal("singura-backup"),
  version: z.number().int(),
  createdAt: z.string().max(64),
  migrations: z
    .array(z.object({ number: z.number().int(), name: z.string(), checksum: z.string() }))
    .max(10_000),
  /** The partitions of events: from a day to before another. */
  days: z.array(z.tuple([z.number().int(), z.number().int()])).max(100_000),
});
const TableStart = z.object({
  table: z.string().max(63),
  columns: z.array(z.string().max(63)).min(1).max(1_600),
});
const Trailer = z.object({ tables: z.number().int(), rows: z.number().int(), sha256: z.string() });

export interface BackupSummary {
  readonly tables: number;
  readonly rows: number;
}

/**
 * Writes everything as of one moment, while others go on working. The file appears under its name when it is whole. Sealed
 * secrets are in it sealed: the master keys are not.
 */
export async function backup(ownerUrl: Secret, file: string, now: number): Promise<BackupSummary> {
  const part = `${file}.part`;
  let summary: BackupSummary = { tables: 0, rows: 0 };
  try {
    await withOwner(ownerUrl, async (client) => {
      await client.query("begin isolation level repeatable read read only");
      await client.query("set local app.keeper = 'on'; set local statement_timeout = 0");
      const frames = framesOf(client, now, (found) => {
        summary = found;
      });
      await pipeline(
        Readable.from(frames, { objectMode: false }),
        createZstdCompress(),
        createWriteStream(part, { mode: 0o600 }),
      );
      await client.query("commit");
    });
    await rename(part, file);
  } catch (cause) {
    await rm(part, { force: true });
    throw fileProblem(cause, file, "written", EXIT.cannotCreate);
  }
  return summary;
}

/**
 * Puts everything back, in one transaction, and brings it up to this version. Throws UserError where the file is damaged or
 * of a newer version, or where organizations are there already and `isForced` does not say to replace them.
 */
export async function restore(
  ownerUrl: Secret,
  file: string,
  { isForced }: { readonly isForced: boolean },
): Promise<BackupSummary> {
  const known = readMigrations();
  try {
    await verifyFile(file);
    const summary = await withOwner(ownerUrl, async (client) => {
      await client.query("begin; set local statement_timeout = 0; set local app.keeper = 'on'");
      const reader = readFrames(file);
      const first = await reader.next();
      if (first.done === true || first.value.type !== "H") throw damaged(file);
      const header = parsed(Header, first.value.payload, file);
      if (header.version !== VERSION) throw newer(file);
      await refuseOverwriting(client, isForced);
      await dropEverything(client);
      await applyMigrations(client, migrationsOf(header, known, file));
      for (const [from, to] of header.days)
        await client.query("select add_event_days($1, $2)", [from, to]);
      await setForced(client, false);
      const restored = await restoreTables(client, reader, file);
      await setForced(client, true);
      await client.query("commit");
      return restored;
    });
    await migrate(ownerUrl, known);
    return summary;
  } catch (cause) {
    throw fileProblem(cause, file, "read", EXIT.noInput);
  }
}

async function* framesOf(
  client: pg.Client,
  now: number,
  done: (summary: BackupSummary) => void,
): AsyncGenerator<Buffer> {
  const sha = createHash("sha256");
  const counted = (frame: Buffer): Buffer => {
    sha.update(frame);
    return frame;
  };
  yield counted(await headerFrame(client, now));
  let rows = 0;
  const tables = await tablesInOrder(client);
  for (const { name, columns } of tables) {
    yield counted(frameOf("T", JSON.stringify({ table: name, columns })));
    const list = columns.map((column) => client.escapeIdentifier(column)).join(", ");
    const stream = client.query(
      copyTo(`copy (select ${list} from ${client.escapeIdentifier(name)}) to stdout`),
    );
    for await (const chunk of stream) yield counted(frameOf("D", chunk));
    rows += stream.rowCount;
  }
  done({ tables: tables.length, rows });
  yield frameOf("Z", JSON.stringify({ tables: tables.length, rows, sha256: sha.digest("hex") }));
}

async function headerFrame(client: pg.Client, now: number): Promise<Buffer> {
  const { rows: migrations } = await client.query(
    "select number, name, checksum from migrations order by number",
  );
  const { rows: days } = await client.query(
    "select from_day, to_day from event_days order by from_day",
  );
  return frameOf(
    "H",
    JSON.stringify({
      format: "singura-backup",
      version: VERSION,
      createdAt: new Date(now).toISOString(),
      migrations,
      days: days.map(({ from_day, to_day }) => [from_day, to_day]),
    }),
  );
}

interface TableShape {
  readonly name: string;
  readonly columns: readonly string[];
}

/** Every table of ours with its columns, after those that it refers to. */
async function tablesInOrder(client: pg.Client): Promise<TableShape[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; needs: string[] }>(
    `select c.relname as name,
       array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
       array(select r.relname::text from pg_constraint f join pg_class r on r.oid = f.confrelid where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as needs
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and pg_get_userbyid(c.relowner) = current_user and c.relname <> all($1) order by c.relname`,
    [NOT_COPIED],
  );
  const left = new Map(rows.map((row) => [row.name, row]));
  const ordered: TableShape[] = [];
  while (left.size > 0) {
    const ready = [...left.values()].filter(({ needs }) => !needs.some((name) => left.has(name)));
    if (ready.length === 0) throw new Error("tables refer to each other in a circle");
    for (const { name, columns } of ready) {
      ordered.push({ name, columns });
      left.delete(name);
    }
  }
  return ordered;
}

async function refuseOverwriting(client: pg.Client, isForced: boolean): Promise<void> {
  const { rows } = await client.query("select to_regclass('organizations') is not null as has");
  if (rows[0]?.has !== true || isForced) return;
  const { rows: some } = await client.query("select id from organizations limit 1");
  if (some.length === 0) return;
  throw new UserError(
    "restore.not_empty",
    "There are organizations in the database already. To replace everything in it by the backup add  --force",
  );
}

async function dropEverything(client: pg.Client): Promise<void> {
  await client.query(`do $$
    declare what text;
    begin
      for what in select format('drop table if exists %s cascade', c.oid::regclass) from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
          and pg_get_userbyid(c.relowner) = current_user
      loop execute what; end loop;
      for what in select format('drop routine if exists %s cascade', p.oid::regprocedure) from pg_proc p
        where p.pronamespace = 'public'::regnamespace and pg_get_userbyid(p.proowner) = current_user
          and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
      loop execute what; end loop;
    end $$`);
}

/** COPY into a table takes no policy: for its time, which nobody else sees, row-level security holds for all but us. */
async function setForced(client: pg.Client, isForced: boolean): Promise<void> {
  await client.query(`do $$
    declare name text;
    begin
      for name in select c.oid::regclass from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity
          and pg_get_userbyid(c.relowner) = current_user
      loop execute format('alter table %s ${isForced ? "force" : "no force"} row level security', name); end loop;
    end $$`);
}

/** The files that made the tables of the backup. */
function migrationsOf(
  header: z.infer<typeof Header>,
  known: readonly Migration[],
  file: string,
): Migration[] {
  return header.migrations.map(({ number, checksum }) => {
    const own = known.find((migration) => migration.number === number);
    if (own === undefined || own.checksum !== checksum) throw newer(file);
    return own;
  });
}

/** Reads the whole file before anything is touched: the trailer tells what all before it was. */
async function verifyFile(file: string): Promise<void> {
  let isWhole = false;
  for await (const { type, payload, sha256 } of readFrames(file)) {
    if (isWhole) throw damaged(file);
    if (type === "Z") isWhole = parsed(Trailer, payload, file).sha256 === sha256;
  }
  if (!isWhole) throw damaged(file);
}

async function restoreTables(
  client: pg.Client,
  reader: AsyncGenerator<Frame>,
  file: string,
): Promise<BackupSummary> {
  const summary = { tables: 0, rows: 0 };
  let copy: Copy | null = null;
  for await (const { type, payload } of reader) {
    if (type === "D" && copy !== null) {
      await copy.write(payload);
      continue;
    }
    if (copy !== null) summary.rows += await copy.end();
    copy = null;
    if (type === "T") {
      const { table, columns } = parsed(TableStart, payload, file);
      const list = columns.map((column) => client.escapeIdentifier(column)).join(", ");
      copy = new Copy(client, `copy ${client.escapeIdentifier(table)} (${list}) from stdin`);
      summary.tables++;
    } else if (type === "Z") {
      const told = parsed(Trailer, payload, file);
      if (told.tables !== summary.tables || told.rows !== summary.rows) throw damaged(file);
      return summary;
    } else {
      throw damaged(file);
    }
  }
  throw damaged(file);
}

/** One COPY into a table. What Postgres has against it is thrown by the call during or after which it says so. */
class Copy {
  readonly #stream: Writable & { rowCount: number };
  #failure: Error | null = null;

  constructor(client: pg.Client, statement: string) {
    this.#stream = client.query(copyFrom(statement));
    this.#stream.on("error", (cause: Error) => {
      this.#failure ??= cause;
    });
  }

  /** Waits while Postgres is behind. */
  write(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      // After an error of Postgres the stream has no connection left to write to.
      if (this.#failure !== null) return reject(this.#failure);
      this.#stream.write(bytes, (cause) => (cause ? reject(this.#failure ?? cause) : resolve()));
    });
  }

  /** Gives the number of rows. */
  end(): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) return reject(this.#failure);
      this.#stream.once("error", reject);
      this.#stream.once("finish", () => resolve(this.#stream.rowCount));
      this.#stream.end();
    });
  }
}

interface Frame {
  readonly type: string;
  readonly payload: Buffer;
  /** Of all frames before this one. */
  readonly sha256: string;
}

/** A letter, the length of what follows in four bytes, and that. */
function frameOf(type: "H" | "T" | "D" | "Z", payload: string | Uint8Array): Buffer {
  const bytes = Buffer.from(payload);
  const head = Buffer.alloc(5);
  head.write(type, 0, "latin1");
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

async function* readFrames(file: string): AsyncGenerator<Frame> {
  const unpacked = createZstdDecompress();
  const source = createReadStream(file);
  source.on("error", (cause) => unpacked.destroy(cause));
  source.pipe(unpacked);
  const sha = createHash("sha256");
  let held: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of unpacked) {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      let at = 0;
      while (held.length - at >= 5) {
        const length = held.readUInt32BE(at + 1);
        if (length > FRAME_BYTES_MAX) throw damaged(file);
        if (held.length - at < 5 + length) break;
        const whole = held.subarray(at, at + 5 + length);
        const type = String.fromCharCode(whole[0] ?? 0);
        yield { type, payload: whole.subarray(5), sha256: type === "Z" ? digestOf(sha) : "" };
        sha.update(whole);
        at += whole.length;
      }
      held = held.subarray(at);
    }
  } finally {
    source.destroy();
    unpacked.destroy();
  }
  if (held.length > 0) throw damaged(file);
}

function digestOf(sha: Hash): string {
  return sha.copy().digest("hex");
}

function parsed<Shape>(schema: z.ZodType<Shape>, payload: Buffer, file: string): Shape {
  try {
    return schema.parse(JSON.parse(payload.toString("utf8")));
  } catch {
    throw damaged(file);
  }
}

function damaged(file: string): UserError {
  return new UserError(
    "restore.damaged",
    `${file} is no backup of Singura, or is damaged or cut off: take another one. Nothing was changed.`,
    EXIT.noInput,
  );
}

function newer(file: string): UserError {
  return new UserError(
    "restore.newer",
    `${file} was made by a newer Singura: restore it with that one. Nothing was changed.`,
    EXIT.noInput,
  );
}

/** Problems of the file in words; everything else as it is. */
function fileProblem(
  cause: unknown,
  file: string,
  what: "read" | "written",
  exitCode: number,
): unknown {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (/^(?:ZSTD_|Z_)/.test(code)) return damaged(file);
  if (!["ENOENT", "EACCES", "EISDIR", "ENOSPC", "EROFS", "ENOTDIR"].includes(code)) return cause;
  return new UserError(
    "backup.file",
    `${file} cannot be ${what} (${code}): choose another place.`,
    exitCode,
  );
}
