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

/** The rows of a page and the key they stood under; null when the object is no page of objects. */
export function pageRows(raw: Raw): { key: string; rows: readonly unknown[] } | null {
  for (const key of Object.keys(raw)) {
    const rows = raw[key];
    if (PAGE_KEYS.has(key) && Array.isArray(rows) && (rows.length === 0 || isObject(rows[0]))) {
      return { key, rows };
    }
  }
  return null;
}
