/** What `singura doctor` examines: settings, machine, folder, keys, database, replicas and Redis. */

import { accessSync, constants, existsSync, mkdirSync, statfsSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import tls from "node:tls";
import { type Config, describeUrl, keyringOf, readConfig } from "#kit/config.ts";
import { UserError } from "#kit/error.ts";
import { createLog } from "#kit/log.ts";
import type { Secret } from "#kit/secret.ts";
import { openStore } from "#store/db.ts";
import { examineDatabase, pendingMigrations } from "#store/migrate.ts";
import { type OpenedDatabase, openDatabase } from "#store/open.ts";
import type { Deps } from "./app.ts";

export interface Check {
  readonly name: string;
  readonly isWell: boolean;
  readonly finding: string;
  /** What to do about it; null where all is well. */
  readonly cure: string | null;
}

const NODE_MIN = 24;
const FREE_BYTES_MIN = 1024 ** 3;
/** Sessions, leases and findings are dated by our clock. */
const CLOCK_OFF_MAX_MS = 5_000;
const REDIS_WAIT_MS = 3_000;

/** Never throws for what is wrong with the surroundings: that is what it tells. */
export async function examine(deps: Pick<Deps, "env" | "clock">): Promise<Check[]> {
  const checks: Check[] = [checkNode()];
  let config: Config;
  try {
    config = readConfig(deps.env);
    checks.push(well("settings", "every variable is fine"));
  } catch (cause) {
    return [...checks, failed("settings", "a variable is wrong", cause)];
  }
  checks.push(checkHome(config.home), checkKey(config));
  checks.push(...(await checkDatabase(config, deps)));
  checks.push(await checkRedis(config));
  return checks;
}

function checkNode(): Check {
  const major = Number(process.versions.node.split(".")[0]);
  const finding = `Node ${process.versions.node}`;
  if (major >= NODE_MIN) return well("node", finding);
  return ill(
    "node",
    finding,
    `Singura needs Node ${NODE_MIN} or newer: start it by ./singura, which brings its own.`,
  );
}

function checkHome(home: string): Check {
  try {
    mkdirSync(home, { recursive: true });
    accessSync(home, constants.W_OK);
    const { bavail, bsize } = statfsSync(home);
    const free = bavail * bsize;
    const finding = `${home}, ${(free / 1024 ** 3).toFixed(1)} GiB free`;
    if (free >= FREE_BYTES_MIN) return well("folder", finding);
    return ill(
      "folder",
      finding,
      "Make room for at least 1 GiB, or set SINGURA_HOME to a folder on a larger disk.",
    );
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unusable";
    return ill(
      "folder",
      `${home} (${code})`,
      "Set SINGURA_HOME to a folder that you may write to.",
    );
  }
}

function checkKey(config: Config): Check {
  const { keyFile } = config;
  if (keyFile !== undefined && !existsSync(keyFile)) {
    return well("master key", `${path.basename(keyFile)} is made with the first secret`);
  }
  try {
    return well("master key", `key ${keyringOf(config).keyIds.join(", ")}`);
  } catch (cause) {
    return failed("master key", "it cannot be used", cause);
  }
}

async function checkDatabase(config: Config, deps: Pick<Deps, "clock">): Promise<Check[]> {
  let database: OpenedDatabase;
  try {
    database = await openDatabase(config);
  } catch (cause) {
    return [failed("database", "it cannot be opened", cause)];
  }
  const checks: Check[] = [];
  try {
    const pending = await pendingMigrations(database.ownerUrl);
    const { version, offMs, sealedUnder } = await examineDatabase(database.ownerUrl, deps.clock);
    const where = database.place ?? describeUrl(database.url);
    checks.push(well("database", `${database.kind} PostgreSQL ${version}, ${where}`));
    checks.push(
      pending.length === 0
        ? well("tables", "they are up to date")
        : ill("tables", `${pending.join(", ")} missing`, "Type  singura migrate"),
      Math.abs(offMs) <= CLOCK_OFF_MAX_MS
        ? well("clocks", `ours and the database's are ${Math.abs(Math.round(offMs))} ms apart`)
        : ill(
            "clocks",
            `ours and the database's are ${Math.round(Math.abs(offMs) / 1_000)} s apart`,
            "Let both machines set their clocks by NTP.",
          ),
    );
    checks.push(...checkSealed(config, sealedUnder));
    if (pending.length === 0) checks.push(...(await checkStore(config, database, deps)));
  } catch (cause) {
    checks.push(failed("database", "it does not work", cause));
  } finally {
    await database.stop();
  }
  return checks;
}

/** Secrets in the database are of no use without the key that they are under. */
function checkSealed(config: Config, sealedUnder: readonly string[]): Check[] {
  if (sealedUnder.length === 0) return [];
  const has = config.keyFile === undefined || existsSync(config.keyFile);
  const ids = has ? keyringOf(config).keyIds : [];
  const missing = sealedUnder.filter((id) => !ids.includes(id));
  if (missing.length === 0) return [well("secrets", "all stored secrets can be opened")];
  return [
    ill(
      "secrets",
      `stored secrets are under master key ${missing.join(", ")}, which is not here`,
      "Put that key after the current one, with a comma between in SINGURA_MASTER_KEY or on a line of its own in the key file.",
    ),
  ];
}

async function checkStore(
  config: Config,
  { url, ownerUrl }: OpenedDatabase,
  { clock }: Pick<Deps, "clock">,
): Promise<Check[]> {
  const store = await openStore({
    ...config.database,
    poolMin: 0,
    url,
    ownerUrl,
    clock,
    log: createLog({ logLevel: "silent" }),
    shouldMigrate: false,
  });
  try {
    const { latencyMs, replicas } = await store.health();
    return [
      well("tenants", "row-level security holds for the application"),
      well("latency", `the database answers in ${latencyMs} ms`),
      ...replicas.map(({ lagMs, isUsed }, i) => {
        const place = describeUrl(config.database.readUrls[i] ?? url);
        const finding =
          lagMs === null ? `${place} does not answer` : `${place} is ${lagMs} ms behind`;
        return isUsed
          ? well("replica", finding)
          : ill(
              "replica",
              finding,
              "It is not used until it is nearer: mend its replication, or take it out of DATABASE_READ_URLS.",
            );
      }),
    ];
  } finally {
    await store.close();
  }
}

async function checkRedis({ redisUrl }: Config): Promise<Check> {
  if (redisUrl === undefined)
    return well("redis", "none: queue, cache and live updates stay in the process");
  const place = describeUrl(redisUrl);
  const answer = await pingRedis(redisUrl);
  if (answer === "+PONG") return well("redis", place);
  if (answer.startsWith("-")) {
    return ill("redis", `${place} refuses us`, "Correct the user and password in REDIS_URL.");
  }
  return ill("redis", `${place} does not answer (${answer})`, "Start it, or correct REDIS_URL.");
}

/** The last line of what Redis answers to AUTH and PING, or why it does not. */
function pingRedis(redisUrl: Secret): Promise<string> {
  const { protocol, hostname, port, username, password } = new URL(redisUrl.reveal());
  const address = { host: hostname || "127.0.0.1", port: Number(port || 6379) };
  const words = [username, password].filter(Boolean).map(decodeURIComponent);
  const commands = [...(words.length > 0 ? [["AUTH", ...words]] : []), ["PING"]];
  return new Promise((resolve) => {
    const socket =
      protocol === "rediss:"
        ? tls.connect({ ...address, servername: address.host })
        : net.connect(address);
    let said = "";
    const end = (answer: string) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(REDIS_WAIT_MS, () => end("timeout"));
    socket.on("error", (cause) => end("code" in cause ? String(cause.code) : cause.message));
    socket.on("data", (chunk) => {
      said += chunk.toString("latin1");
      const lines = said.split("\r\n").filter(Boolean);
      const refusal = lines.find((line) => line.startsWith("-"));
      if (refusal !== undefined) end(refusal);
      else if (lines.length >= commands.length) end(lines.at(-1) ?? "");
    });
    for (const parts of commands) {
      const texts = parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
      socket.write(`*${parts.length}\r\n${texts.join("")}`);
    }
  });
}

function well(name: string, finding: string): Check {
  return { name, isWell: true, finding, cure: null };
}

function ill(name: string, finding: string, cure: string): Check {
  return { name, isWell: false, finding, cure };
}

function failed(name: string, finding: string, cause: unknown): Check {
  if (cause instanceof UserError) return ill(name, finding, cause.message);
  // The text of an unknown error may hold anything; its kind tells enough to look it up.
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return ill(
    name,
    finding,
    `${cause instanceof Error ? cause.name : "error"} ${code}: see the log of the database.`,
  );
}
