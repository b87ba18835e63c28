/** Vendors wrap lists of records in an object ("page"): which keys hold the list, and the rows inside. */

import { isObject, type Raw } from "./raw.ts";

/** Keys under which vendors' list calls, exports and collectors put their records. */
export const PAGE_KEYS: ReadonlySet<string> = new Set([
  "entries",
  "items",
  "value",
  "logs",
  "records",
  "Records",
  "Resources",
  "data",
  "results",
  "Results",
  "hits",
  "members",
  "activities",
  "approved_apps",
  "restricted_apps",
  "app_requests",
  "workflows",
  "functions",
  "mcp_servers",
  "servers",
  "configs",
  "channels",
  "schemas",
  "bots",
  "apps",
  "users",
  "tokens",
  "groups",
  "installations",
  "secrets",
  "variables",
  "environments",
  "repositories",
  "alerts",
  "processes",
  "files",
  "policies",
  "memberships",
  "accounts",
  "keys",
  "deployments",
  "asps",
  "runners",
]);

/** One list of a page: the key it stood under, and its rows. */
export interface PageList {
  readonly key: string;
  readonly rows: readonly unknown[];
}

/** The lists of records that an object holds, in its order; empty ones only where all are empty. None: it is no page. */
export function pageLists(raw: Raw): PageList[] {
  const lists: PageList[] = [];
  for (const key of Object.keys(raw)) {
    const rows = raw[key];
    if (PAGE_KEYS.has(key) && Array.isArray(rows) && (rows.length === 0 || isObject(rows[0]))) {
      lists.push({ key, rows });
    }
  }
  const filled = lists.filter(({ rows }) => rows.length > 0);
  return filled.length > 0 ? filled : lists.slice(0, 1);
}
