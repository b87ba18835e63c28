/** What a consent record grants: scopes before and after, for whom, and what of it is new. */

import { bool, text } from "#base/raw.ts";
import { type Change, change } from "#contract/event.ts";
import { after, before, type DirectoryRecord } from "./directory-record.ts";

interface Permission {
  id: string;
  principal: string | null;
  isForAll: boolean;
  scopes: string[];
}

/**
 * `[[Id: …, ClientId: …, PrincipalId: …, ConsentType: Principal, Scope: Mail.Read offline_access, CreatedDateTime: ]]`
 * before and after, either in the two values or both in the new one with `=>` between. Both list every grant of the
 * app, so what is new is what the same grant did not have before.
 */
export function consented(record: DirectoryRecord): Change {
  const written = after(record, "ConsentAction.Permissions") ?? "";
  const arrow = written.indexOf("=>");
  const old =
    arrow < 0
      ? permissions(before(record, "ConsentAction.Permissions") ?? "")
      : permissions(written.slice(0, arrow));
  const now = permissions(arrow < 0 ? written : written.slice(arrow + 2));
  const oldById = new Map(old.map((permission) => [permission.id, permission]));
  const scopes = new Set<string>();
  const added = new Set<string>();
  let principal: string | null = null;
  let isForAll = bool(after(record, "ConsentContext.OnBehalfOfAll")) === true;
  for (const permission of now) {
    const had = new Set(oldById.get(permission.id)?.scopes);
    const fresh = permission.scopes.filter((scope) => !had.has(scope));
    if (fresh.length === 0 && oldById.has(permission.id)) continue;
    for (const scope of permission.scopes) scopes.add(scope);
    for (const scope of fresh) added.add(scope);
    if (permission.isForAll) isForAll = true;
    else principal = permission.principal;
  }
  // A repeated consent changes nothing; then the record still says what the app has.
  if (scopes.size === 0)
    for (const { scopes: has } of now) for (const scope of has) scopes.add(scope);
  const isAdmin = bool(after(record, "ConsentContext.IsAdminConsent")) === true;
  const isOwn = !isAdmin || principal === null || record.actor.aliases.includes(principal);
  return change("granted", {
    scopes: [...scopes].slice(0, 2_048),
    addedScopes: now.length === 0 ? null : [...added].slice(0, 2_048),
    consent: isForAll ? "tenant" : isAdmin ? "admin" : "user",
    principal: isForAll ? null : isOwn ? record.actor.id || principal : principal,
    detail:
      bool(after(record, "ConsentContext.IsAppOnly")) === true ? "application permissions" : null,
  });
}

/** Add or update of a delegated grant: old and new scope strings stand in one property. */
export function delegated(record: DirectoryRecord): Change {
  const now = scopeList(after(record, "DelegatedPermissionGrant.Scope"));
  const old = scopeList(before(record, "DelegatedPermissionGrant.Scope"));
  const had = new Set(old);
  const isForAll = /allprincipals/i.test(
    after(record, "DelegatedPermissionGrant.ConsentType") ??
      before(record, "DelegatedPermissionGrant.ConsentType") ??
      "",
  );
  const user = record.targets.find(({ type }) => type === "User");
  const principal =
    after(record, "User.UPN") ??
    user?.upn ??
    after(record, "DelegatedPermissionGrant.PrincipalId") ??
    after(record, "User.ObjectID") ??
    user?.id ??
    (record.actor.kind === "person" ? record.actor.id : null);
  return change(old.length === 0 ? "granted" : "scopes_added", {
    scopes: now,
    addedScopes: now.filter((scope) => !had.has(scope)),
    consent: isForAll ? "tenant" : "user",
    principal: isForAll ? null : text(principal?.toLowerCase(), 512),
  });
}

/** Removal of a delegated grant: what it held stands in the old value, sometimes in the new one. */
export function delegatedRemoved(record: DirectoryRecord): Change {
  const old = scopeList(before(record, "DelegatedPermissionGrant.Scope"));
  return change("revoked", {
    scopes: old.length > 0 ? old : scopeList(after(record, "DelegatedPermissionGrant.Scope")),
    consent: /allprincipals/i.test(
      before(record, "DelegatedPermissionGrant.ConsentType") ??
        after(record, "DelegatedPermissionGrant.ConsentType") ??
        "",
    )
      ? "tenant"
      : "user",
  });
}

/** An application permission: it holds for the whole tenant, without any user. */
export function appRole(record: DirectoryRecord, kind: "granted" | "revoked"): Change {
  const name = "AppRole.Value";
  const first = kind === "granted" ? after(record, name) : before(record, name);
  const scopes = scopeList(first ?? after(record, name) ?? before(record, name));
  return change(kind, {
    scopes,
    addedScopes: kind === "granted" ? scopes : null,
    consent: "tenant",
    detail: "application permission",
  });
}

function scopeList(value: string | null): string[] {
  if (value === null) return [];
  return [...new Set(value.split(/[\s,]+/, 2_048))]
    .filter((scope) => scope !== "")
    .map((scope) => scope.slice(0, 512));
}

function permissions(written: string): Permission[] {
  const found: Permission[] = [];
  for (const part of written.split("[", 4_096)) {
    const scopes = field(part, "Scope");
    if (scopes === null && field(part, "ClientId") === null) continue;
    found.push({
      id: field(part, "Id") ?? part,
      principal: field(part, "PrincipalId")?.toLowerCase() ?? null,
      isForAll: field(part, "ConsentType")?.toLowerCase() === "allprincipals",
      scopes: scopeList(scopes),
    });
  }
  return found;
}

/** The value of `name: value` up to the next comma or bracket; the name must not be the tail of a longer one. */
function field(part: string, name: string): string | null {
  let at = part.indexOf(`${name}:`);
  while (at > 0 && /\w/.test(part[at - 1] ?? "")) at = part.indexOf(`${name}:`, at + 1);
  if (at < 0) return null;
  const value = part.slice(at + name.length + 1);
  const end = value.search(/[,\]]/);
  return text(end < 0 ? value : value.slice(0, end), 65_536);
}
