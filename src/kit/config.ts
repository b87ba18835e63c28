/** The settings of a server or worker, parsed once from the environment; every error names the variable and the cure. */

import path from "node:path";
import { z } from "zod";
import { UserError } from "./error.ts";
import { Keyring, readKeyFile, Secret } from "./secret.ts";

/** An address with a password in it: hidden whole, and described without the password. */
const SecretUrl = (schemes: readonly string[]) =>
  z
    .string()
    .trim()
    .refine((text) => schemes.includes(schemeOf(text)), {
      error: `is no address that begins with ${schemes.map((scheme) => `${scheme}//`).join(" or ")}`,
    })
    .transform((text) => new Secret(text));

const PostgresUrl = SecretUrl(["postgres:", "postgresql:"]);

const whole = (min: number, max: number, fallback: number) =>
  z
    .string()
    .trim()
    .regex(/^\d{1,9}$/, `is no whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.number().min(min, `is below ${min}`).max(max, `is above ${max}`))
    .default(fallback);

/** Every variable that is read, with its default. Times are milliseconds. */
const Environment = z.object({
  /** The database; absent: an embedded one under SINGURA_HOME. */
  DATABASE_URL: PostgresUrl.optional(),
  /** Who owns the tables, where DATABASE_URL is the application's own user; absent: DATABASE_URL does both. */
  DATABASE_OWNER_URL: PostgresUrl.optional(),
  /** Read replicas, with commas between. */
  DATABASE_READ_URLS: z
    .string()
    .transform((text) =>
      text
        .split(",")
        .map((url) => url.trim())
        .filter(Boolean),
    )
    .pipe(z.array(PostgresUrl).max(16, "names more than 16 replicas"))
    .default([]),
  DATABASE_POOL_MAX: whole(1, 1_000, 20),
  DATABASE_POOL_MIN: whole(0, 1_000, 5),
  DATABASE_IDLE_MS: whole(1_000, 3_600_000, 30_000),
  DATABASE_CONNECT_MS: whole(100, 60_000, 2_000),
  DATABASE_STATEMENT_MS: whole(1_000, 600_000, 30_000),
  DATABASE_SLOW_MS: whole(1, 600_000, 100),
  /** How far behind a replica may be and still be asked. */
  DATABASE_LAG_MAX_MS: whole(100, 600_000, 5_000),
  REDIS_URL: SecretUrl(["redis:", "rediss:"]).optional(),
  SINGURA_HOME: z.string().trim().min(1, "is empty").default("./.singura"),
  /** One or more keys of 32 bytes, the current one first, with commas between. */
  SINGURA_MASTER_KEY: z
    .string()
    .transform((text) => new Secret(text))
    .optional(),
  SINGURA_MASTER_KEY_FILE: z.string().trim().min(1, "is empty").optional(),
  HOST: z.string().trim().min(1, "is empty").max(255, "is too long").default("127.0.0.1"),
  PORT: whole(0, 65_535, 4_200),
  LOG_LEVEL: z
    .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"], {
      error: "is none of trace, debug, info, warn, error, fatal and silent",
    })
    .default("info"),
});

/** Examples for those whose spelling is not obvious. */
const CURES: Readonly<Record<string, string>> = {
  DATABASE_URL: "postgres://user:password@host:5432/singura",
  DATABASE_OWNER_URL: "postgres://owner:password@host:5432/singura",
  DATABASE_READ_URLS: "postgres://user:password@replica-1/singura,postgres://…",
  REDIS_URL: "redis://:password@host:6379",
  SINGURA_HOME: "./.singura",
  HOST: "0.0.0.0",
  LOG_LEVEL: "info",
};

export interface DatabaseConfig {
  /** Absent: embedded. */
  readonly url?: Secret;
  readonly ownerUrl?: Secret;
  readonly readUrls: readonly Secret[];
  readonly poolMax: number;
  readonly poolMin: number;
  readonly idleMs: number;
  readonly connectMs: number;
  readonly statementMs: number;
  readonly slowMs: number;
  readonly lagMaxMs: number;
}

export interface Config {
  readonly database: DatabaseConfig;
  readonly redisUrl?: Secret;
  /** Absolute. */
  readonly home: string;
  /** Absent where keys come from the environment. */
  readonly keyFile?: string;
  readonly masterKey?: Secret;
  readonly host: string;
  readonly port: number;
  readonly logLevel: z.infer<typeof Environment>["LOG_LEVEL"];
}

/** Throws one UserError that names every variable that is wrong. An empty variable counts as absent. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.entries(env).filter(([, value]) => value !== undefined && value !== "");
  const parsed = Environment.safeParse(Object.fromEntries(given));
  if (!parsed.success) throw wrong(parsed.error.issues);
  const known = parsed.data;
  if (known.DATABASE_POOL_MIN > known.DATABASE_POOL_MAX) {
    throw new UserError(
      "config.invalid",
      `DATABASE_POOL_MIN (${known.DATABASE_POOL_MIN}) is above DATABASE_POOL_MAX (${known.DATABASE_POOL_MAX}): lower the one or raise the other.`,
    );
  }
  const home = path.resolve(known.SINGURA_HOME);
  return {
    database: {
      ...(known.DATABASE_URL && { url: known.DATABASE_URL }),
      ...(known.DATABASE_OWNER_URL && { ownerUrl: known.DATABASE_OWNER_URL }),
      readUrls: known.DATABASE_READ_URLS,
      poolMax: known.DATABASE_POOL_MAX,
      poolMin: known.DATABASE_POOL_MIN,
      idleMs: known.DATABASE_IDLE_MS,
      connectMs: known.DATABASE_CONNECT_MS,
      statementMs: known.DATABASE_STATEMENT_MS,
      slowMs: known.DATABASE_SLOW_MS,
      lagMaxMs: known.DATABASE_LAG_MAX_MS,
    },
    ...(known.REDIS_URL && { redisUrl: known.REDIS_URL }),
    home,
    ...(known.SINGURA_MASTER_KEY
      ? { masterKey: known.SINGURA_MASTER_KEY }
      : { keyFile: path.resolve(known.SINGURA_MASTER_KEY_FILE ?? path.join(home, "master.key")) }),
    host: known.HOST,
    port: known.PORT,
    logLevel: known.LOG_LEVEL,
  };
}

/** The master keys; makes the key file where there is none and the environment names no key. */
export function keyringOf(config: Pick<Config, "masterKey" | "keyFile">): Keyring {
  if (config.masterKey !== undefined) {
    const keys = config.masterKey
      .reveal()
      .split(",")
      .map((key) => key.trim())
      .filter(Boolean);
    return new Keyring(keys);
  }
  const file = config.keyFile ?? "";
  return new Keyring(readKeyFile(file), file);
}

/** `host:port/database` of an address, for people to read: neither user nor password. */
export function describeUrl(url: Secret): string {
  const parsed = URL.parse(url.reveal());
  return parsed === null ? "an unreadable address" : `${parsed.host}${parsed.pathname}`;
}

/** No message holds the value: it may be a secret in the wrong variable. */
function wrong(issues: readonly z.core.$ZodIssue[]): UserError {
  const lines = issues.map((issue) => {
    const name = String(issue.path[0] ?? "the environment");
    const cure = CURES[name];
    return `${name} ${issue.message}${cure === undefined ? "." : `: write it like ${cure}`}`;
  });
  return new UserError("config.invalid", lines.join("\n"));
}

function schemeOf(text: string): string {
  return URL.parse(text)?.protocol ?? "";
}
