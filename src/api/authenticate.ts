/** Who asks: from an Authorization header to an organization and a key that is in force and may do this. */

import type { Scope } from "#contract/api/common.ts";
import * as apiKeys from "#store/api-keys.ts";
import type { Store } from "#store/db.ts";
import { ApiError } from "./problem.ts";
import type { Caller } from "./route.ts";

/** Throws ApiError 401 where there is no key in force, and 403 where it may not do this. */
export async function authenticate(
  store: Store,
  authorization: string | undefined,
  scope: Scope,
  now: number,
): Promise<Caller & { readonly orgId: string }> {
  // Anything longer is no key of ours and is not looked up.
  const key = /^Bearer +(sgr_[\w-]{43})$/i.exec(authorization ?? "")?.[1];
  const found =
    key === undefined ? undefined : await store.acrossOrgs((tx) => apiKeys.find(tx, key, now));
  if (found === undefined) {
    throw new ApiError(
      401,
      "key.refused",
      "Send an API key that is in force as  Authorization: Bearer sgr_…  (singura keys create makes one).",
      { headers: { "www-authenticate": 'Bearer realm="singura"' } },
    );
  }
  if (!found.scopes.includes(scope)) {
    const challenge = `Bearer realm="singura", error="insufficient_scope", scope="${scope}"`;
    throw new ApiError(403, "key.scope", `This key lacks the scope ${scope}.`, {
      headers: { "www-authenticate": challenge },
    });
  }
  return { orgId: found.org_id, keyId: found.id, name: `api-key:${found.id}` };
}
