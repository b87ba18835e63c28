/** What each OpenAI audit event type does, as one of our action classes. */

import type { ActionClass } from "#contract/event.ts";

const EXACT: ReadonlyMap<string, ActionClass> = new Map<string, ActionClass>([
  ["checkpoint.permission.created", "share"],
  ["checkpoint.permission.deleted", "edit"],
  ["role.bound_to_resource", "role"],
  ["role.unbound_from_resource", "role"],
  ["tunnel.created", "install"],
  ["tunnel.updated", "policy"],
  ["tunnel.deleted", "uninstall"],
  ["service_account.created", "create"],
  ["service_account.updated", "role"],
  ["service_account.deleted", "delete"],
  ["user.updated", "role"],
]);

/** First match wins; the types are `<noun>.<verb>`, and OpenAI adds nouns every quarter. */
const PATTERNS: readonly (readonly [RegExp, ActionClass])[] = [
  [/^(login|logout|session)\./, "sign_in"],
  [/export|\.downloaded$/, "export"],
  [/^(api_key|admin_api_key|certificates?|external_key)\./, "credential"],
  [/workload_identity/, "credential"],
  [/^role\./, "role"],
  [/^(user|invite|group)\./, "member"],
  [/^(ip_allowlist|rate_limit|scim|organization|tenant)\.|spend|retention|\.config\./, "policy"],
  [/connector|mcp|plugin|\bapp\./, "policy"],
  [/shared|share\./, "share"],
  [/\.(deleted|archived|removed)$/, "delete"],
  [/\.(created|added|registered)$/, "create"],
  [/\.(updated|upserted|changed)$/, "edit"],
];

/** The class of an event type; `other` for names that match nothing. */
export function classify(type: string): ActionClass {
  const exact = EXACT.get(type);
  if (exact !== undefined) return exact;
  for (const [pattern, found] of PATTERNS) if (pattern.test(type)) return found;
  return "other";
}
