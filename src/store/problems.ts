/** What goes wrong on the way to a database, in words that name the place and the cure, and never a password. */

import { UserError } from "#kit/error.ts";
import type { Secret } from "#kit/secret.ts";

/** Errors of connecting in words, with the place and without the password. */
export async function reaching<T>(url: Secret, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    const code = codeOf(cause);
    const place = `${new URL(url.reveal()).host}${new URL(url.reveal()).pathname}`;
    if (isAway(cause)) {
      throw new UserError(
        "database.away",
        `The database at ${place} does not answer (${code || "timeout"}): start it, or correct DATABASE_URL.`,
      );
    }
    if (code === "28P01" || code === "28000") {
      throw new UserError(
        "database.refused",
        `The database at ${place} refuses the user or password: correct DATABASE_URL.`,
      );
    }
    if (code === "3D000") {
      throw new UserError(
        "database.none",
        `There is no database at ${place}: make it with  createdb  or correct DATABASE_URL.`,
      );
    }
    if (code === "42501" && /set role|permission denied to set/i.test(String(cause))) {
      throw new UserError(
        "database.no_role",
        `The user of DATABASE_URL may not act as the application's role: type  singura migrate  with the owner's address, and give that user the role.`,
      );
    }
    throw cause;
  }
}

/** Whether the other side went away or was never there. */
export function isAway(cause: unknown): boolean {
  const message = cause instanceof Error ? cause.message : "";
  return (
    /^(?:08|57P)/.test(codeOf(cause)) ||
    [
      "ECONNREFUSED",
      "ECONNRESET",
      "EPIPE",
      "ENOENT",
      "ENOTFOUND",
      "ETIMEDOUT",
      "EAI_AGAIN",
    ].includes(codeOf(cause)) ||
    /Connection terminated|timeout exceeded when trying to connect|not queryable/.test(message)
  );
}

/** The code of an error of Postgres or of the system, or nothing. */
export function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}
