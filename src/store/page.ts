/** Lists by key: a page begins after the last row of the one before, so that rows that come or go never shift it. */

import { UserError } from "#kit/error.ts";

export const PAGE_DEFAULT = 50;
export const PAGE_MAX = 500;

export interface PageQuery {
  /** `next` of the page before. */
  readonly after?: string | null | undefined;
  /** At most PAGE_MAX; PAGE_DEFAULT where absent. */
  readonly limit?: number | undefined;
}

export interface Page<Row> {
  readonly rows: Row[];
  /** Null on the last page. */
  readonly next: string | null;
}

export type Key = readonly (string | number | null)[];

/** How many rows to ask for: one more than wanted tells whether there is another page. */
export function rowsWanted({ limit }: PageQuery): number {
  return Math.min(Math.max(Math.trunc(limit ?? PAGE_DEFAULT), 1), PAGE_MAX) + 1;
}

/** The page out of what was found with `rowsWanted`. */
export function pageOf<Row>(found: Row[], query: PageQuery, keyOf: (row: Row) => Key): Page<Row> {
  const limit = rowsWanted(query) - 1;
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const hasMore = found.length > limit && last !== undefined;
  return { rows, next: hasMore ? writeKey(keyOf(last)) : null };
}

/** The key after which a page begins; null for the first. Throws UserError where it is none of this list's. */
export function keyAfter({ after }: PageQuery, length: number): Key | null {
  if (after === undefined || after === null || after === "") return null;
  try {
    const key: unknown = JSON.parse(Buffer.from(after, "base64url").toString("utf8"));
    if (Array.isArray(key) && key.length === length && key.every(isPart)) return key;
  } catch {
    // Refused below, as any other.
  }
  throw new UserError("page.bad_cursor", "This is no place in the list: begin again without it.");
}

function writeKey(key: Key): string {
  return Buffer.from(JSON.stringify(key), "utf8").toString("base64url");
}

function isPart(part: unknown): boolean {
  return (
    part === null || typeof part === "string" || (typeof part === "number" && Number.isFinite(part))
  );
}

/** A text that Postgres takes, which knows no NUL and no halves of letters. Reversible: different texts stay different. */
export function keyText(text: string): string {
  return text.replace(UNFIT, (unit) => `\ue000${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** What `keyText` was made from. */
export function fromKeyText(text: string): string {
  return text.replace(ESCAPED, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** A text for reading alone, made fit for Postgres. */
export function plainText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\ufffd");
}

const UNFIT = /[\0\ue000\ud800-\udfff]/gu;
const ESCAPED = /\ue000([0-9a-f]{4})/g;
