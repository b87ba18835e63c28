/** The log of servers and workers: one JSON object a line, and nothing secret in any of them. */

import { type DestinationStream, type Logger, pino } from "pino";
import type { Config } from "./config.ts";

export type Log = Logger;

/** Fields whose value is never printed, at the top and up to three levels down. */
const SECRET_FIELDS = [
  "password",
  "secret",
  "token",
  "accessToken",
  "refreshToken",
  "access_token",
  "refresh_token",
  "apiKey",
  "api_key",
  "authorization",
  "cookie",
  "credential",
  "credentials",
  "masterKey",
  "privateKey",
  "connectionString",
  "parameters",
] as const;

/** What looks like a secret inside any text: the password of an address, a bearer token, our own API keys. */
const SECRET_TEXTS: readonly [RegExp, string][] = [
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/"\\]*:)[^\s@"\\]+@/gi, "$1[secret]@"],
  [/\b(bearer|basic)(\s+)[\w.~+/-]+=*/gi, "$1$2[secret]"],
  [/\bsgr_[\w-]{8,}/g, "[secret]"],
];

/** A line without what looks like a secret. */
export function withoutSecrets(line: string): string {
  return SECRET_TEXTS.reduce((text, [pattern, instead]) => text.replace(pattern, instead), line);
}

/** Logs to `to`, standard error where it is absent, so that standard output stays the command's own. */
export function createLog(
  { logLevel }: Pick<Config, "logLevel">,
  to: Pick<DestinationStream, "write"> = process.stderr,
): Log {
  return pino(
    {
      level: logLevel,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: SECRET_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`]),
        censor: "[secret]",
      },
    },
    { write: (line) => void to.write(withoutSecrets(line)) },
  );
}
