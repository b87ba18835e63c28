/** What a change in the directory means: consents, credentials, owners, roles, reply URLs, audience and policy. */

import { hostsOf } from "#base/host.ts";
import { bool, firstText, isObject, text } from "#base/raw.ts";
import type { AutomationRef } from "#contract/automation.ts";
import {
  type ActionClass,
  type AuditEvent,
  auditEvent,
  type Change,
  change,
  type Target,
} from "#contract/event.ts";
import { appRole, consented, delegated, delegatedRemoved } from "./consent.ts";
import {
  after,
  before,
  type DirectoryRecord,
  type DirectoryTarget,
  items,
  keyOf,
  unwrap,
} from "./directory-record.ts";
import { appRef, firstId, idOf, isGuid } from "./ids.ts";
import { permissionName } from "./permissions.ts";
import { policyChange } from "./policy.ts";

interface Meaning {
  class: ActionClass;
  subject: AutomationRef | null;
  changes: readonly Change[];
}

/** The events of one directory change: one for each thing that it changed, the first under the record's own id. */
export function directoryEvents(record: DirectoryRecord): AuditEvent[] {
  const meaning = meaningOf(record, keyOf(record.action));
  const changes = record.outcome === "failure" ? [] : meaning.changes;
  const found: AuditEvent[] = [];
  for (let i = 0; i < Math.max(1, changes.length); i++) {
    found.push(
      auditEvent("microsoft", record.service, record.action, {
        id: i === 0 || record.id === "" ? record.id : `${record.id}/${i + 1}`,
        at: record.at,
        class: meaning.class,
        actor: record.actor,
        automation: record.automation,
        subject: meaning.subject,
        target: targetOf(record),
        client: record.client,
        outcome: record.outcome,
        change: changes[i] ?? null,
      }),
    );
  }
  return found;
}

function meaningOf(record: DirectoryRecord, key: string): Meaning {
  switch (key) {
    case "consent to application":
      return { class: "consent", subject: targetApp(record), changes: [consented(record)] };
    case "add delegated permission grant":
    case "update delegated permission grant":
    case "add oauth2permissiongrant":
    case "update oauth2permissiongrant":
      return { class: "consent", subject: grantedApp(record), changes: [delegated(record)] };
    case "remove delegated permission grant":
    case "remove oauth2permissiongrant":
      return { class: "revoke", subject: grantedApp(record), changes: [delegatedRemoved(record)] };
    case "revoke consent":
      return { class: "revoke", subject: targetApp(record), changes: [change("revoked")] };
    case "add app role assignment to service principal":
    case "add app role assignment grant to service principal":
      return {
        class: "consent",
        subject: grantedApp(record),
        changes: [appRole(record, "granted")],
      };
    case "remove app role assignment from service principal":
      return {
        class: "revoke",
        subject: grantedApp(record),
        changes: [appRole(record, "revoked")],
      };
    case "add service principal":
    case "add application":
      return { class: "create", subject: targetApp(record), changes: [created(record)] };
    case "disable strong authentication":
    case "disable security defaults":
      return policy(change("policy_relaxed", { detail: record.action }));
    case "invite external user":
      return { class: "member", subject: null, changes: [invited(record)] };
    case "add partner to company":
      return policy(
        change("delegation_granted", { destination: firstName(record), detail: record.action }),
      );
    case "set federation settings on domain":
    case "set domain authentication":
    case "add-federateddomain":
      return { class: "policy", subject: null, changes: federatedDomain(record, key) };
    default:
      return byName(record, key);
  }
}

function invited(record: DirectoryRecord): Change {
  const target = record.targets[0];
  return change("guest_invited", {
    principal:
      firstText(target?.upn, target?.name, target?.id)?.toLowerCase().slice(0, 512) ?? null,
  });
}

/** Names come in families; their verbs and nouns decide. */
function byName(record: DirectoryRecord, key: string): Meaning {
  if (/owner (to|from) (application|service principal|agent)/.test(key)) return owner(record, key);
  if (/app role assignment/.test(key)) {
    // Who may open an app, not what the app may do.
    return { class: "member", subject: targetApp(record), changes: [] };
  }
  if (/\brole\b/.test(key) && /member|assignment|eligible|activation/.test(key)) {
    return role(record, key);
  }
  if (/federated identity credential/.test(key)) {
    const kind = /^(remove|delete)/.test(key) ? "credential_removed" : "federation_added";
    return {
      class: "credential",
      subject: targetApp(record),
      changes: [federations(record)[0] ?? change(kind, { detail: "federated credential" })],
    };
  }
  if (/application|service principal|agent identity|managed identity/.test(key)) {
    return application(record, key);
  }
  if (/policy|policies|named location|company settings|authorization|settings/.test(key)) {
    return policy(policyChange(record, key));
  }
  if (/^(disable|enable) account/.test(key) && isAppTarget(record.targets[0])) {
    const kind = key.startsWith("disable") ? "disabled" : "enabled";
    return { class: "edit", subject: targetApp(record), changes: [change(kind)] };
  }
  return { class: classOf(key), subject: null, changes: [] };
}

function policy(what: Change | null): Meaning {
  return { class: "policy", subject: null, changes: what === null ? [] : [what] };
}

function classOf(key: string): ActionClass {
  if (/credential|password|security info|authentication method|strong auth/.test(key)) {
    return "credential";
  }
  if (/\b(user|member|group|guest|invite|account|device)\b/.test(key)) return "member";
  if (/domain|directory|company|tenant/.test(key)) return "policy";
  if (/\brole\b/.test(key)) return "role";
  if (/^(add|create)/.test(key)) return "create";
  if (/^(delete|remove|hard delete)/.test(key)) return "delete";
  if (/^(update|set|restore)/.test(key)) return "edit";
  if (/sign-?in|logged in|login/.test(key)) return "sign_in";
  return "other";
}

/** The app that the record's first app-like target is. */
function targetApp(record: DirectoryRecord): AutomationRef | null {
  const target = record.targets.find(isAppTarget);
  const names = after(record, "TargetId.ServicePrincipalNames")?.split(/[;,\s]+/, 32) ?? [];
  const appId = firstId(
    target?.appId,
    record.appId,
    after(record, "AppId"),
    before(record, "AppId"),
    names.find(isGuid),
  );
  const type = target?.type ?? "ServicePrincipal";
  const principalType = after(record, "ServicePrincipalType") ?? "";
  const kind = /agent/i.test(type)
    ? "ai_agent"
    : /managedidentity/i.test(principalType)
      ? "service_account"
      : "oauth_app";
  const isRegistration = type === "Application";
  return appRef(kind, appId, idOf(target?.id), {
    name: firstText(target?.name, after(record, "DisplayName")),
    isInternal: isRegistration ? true : null,
    domains: hostsOf([...addresses(record, "after"), after(record, "WwwHomepage")]).slice(0, 32),
  });
}

/**
 * The app that a grant or an ownership is for. Such records target the API (or the owner) and name the app in
 * properties; `AppId` of their additional details is the API's.
 */
function grantedApp(record: DirectoryRecord): AutomationRef | null {
  for (const noun of ["ServicePrincipal", "Application"]) {
    const objectId = firstId(
      after(record, `${noun}.ObjectID`),
      before(record, `${noun}.ObjectID`),
      after(record, `${noun}.ObjectId`),
      before(record, `${noun}.ObjectId`),
    );
    const appId = firstId(
      after(record, `${noun}.AppId`),
      before(record, `${noun}.AppId`),
      guidOf(after(record, `${noun}.Name`) ?? before(record, `${noun}.Name`)),
    );
    const ref = appRef("oauth_app", appId, objectId, {
      name:
        firstText(
          after(record, `${noun}.DisplayName`),
          before(record, `${noun}.DisplayName`),
        )?.slice(0, 512) ?? null,
      isInternal: noun === "Application" ? true : null,
    });
    if (ref !== null) return ref;
  }
  return null;
}

function guidOf(value: string | null): string | null {
  return value !== null && isGuid(value) ? value : null;
}

function isAppTarget(target: DirectoryTarget | undefined): boolean {
  return /^(ServicePrincipal|Application|Agent|ManagedIdentity)/i.test(target?.type ?? "");
}

function created(record: DirectoryRecord): Change {
  const isOpen = bool(after(record, "AvailableToOtherTenants")) === true;
  return change("created", {
    destination: text(addresses(record, "after")[0], 1_024),
    detail: isOpen ? "available to other tenants" : null,
  });
}

function owner(record: DirectoryRecord, key: string): Meaning {
  const named = grantedApp(record);
  const person = record.targets.find((target) => !isAppTarget(target));
  // An app may own an app; then the owner is the first target and the owned one is in the properties.
  const holder = person ?? (named === null ? undefined : record.targets[0]);
  const isRemoval = key.startsWith("remove");
  return {
    class: "role",
    subject: named ?? targetApp(record),
    changes: [
      change(isRemoval ? "owner_removed" : "owner_added", {
        principal:
          firstText(holder?.upn, holder?.id, holder?.name)?.toLowerCase().slice(0, 512) ?? null,
      }),
    ],
  };
}

function role(record: DirectoryRecord, key: string): Meaning {
  const member = record.targets.find((target) => target.type === "User" || isAppTarget(target));
  const isApp = isAppTarget(member);
  const isRemoval = /remove|expire|deactivat/.test(key);
  const isOnlyAsked = /requested|approved|denied|canceled|timed out/.test(key);
  const name = firstText(
    after(record, "Role.DisplayName"),
    before(record, "Role.DisplayName"),
    record.targets.find(({ type }) => /^role/i.test(type))?.name,
    after(record, "Role.TemplateId"),
    before(record, "Role.TemplateId"),
  );
  const subject = isApp ? targetApp(record) : null;
  const what = change(isRemoval ? "role_removed" : "role_assigned", {
    scopes: name === null ? [] : [name.slice(0, 512)],
    principal: isApp
      ? null
      : (firstText(member?.upn, member?.id, member?.name)?.toLowerCase().slice(0, 512) ?? null),
    detail: name,
  });
  return { class: "role", subject, changes: isOnlyAsked ? [] : [what] };
}

/** Anything done to an application or service principal: what its properties say that changed. */
function application(record: DirectoryRecord, key: string): Meaning {
  const subject = targetApp(record);
  if (/^(delete|remove|hard delete) [^-]*(application|service principal|identity)$/.test(key)) {
    return { class: "delete", subject, changes: [change("deleted")] };
  }
  if (/^(disable|enable) /.test(key)) {
    const kind = key.startsWith("disable") ? "disabled" : "enabled";
    return { class: "edit", subject, changes: [change(kind)] };
  }
  const changes = [
    ...credentials(record, key),
    ...federations(record),
    ...redirects(record),
    ...audience(record),
    ...enabled(record),
    ...requested(record),
  ];
  const isSecret = /credential|certificates and secrets/.test(key);
  if (changes.length === 0) {
    const kind = /^(add|create) /.test(key) ? "created" : "updated";
    const names = [...record.properties.keys()].filter(
      (name) => !/^(included updated|targetid)/i.test(name),
    );
    changes.push(change(kind, { detail: text(names.slice(0, 16).join(", "), 1_024) }));
  }
  const verb = /^(add|create) /.test(key) ? "create" : "edit";
  const hasSecret = changes.some(({ kind }) => /^(credential|federation)/.test(kind));
  return { class: isSecret || hasSecret ? "credential" : verb, subject, changes };
}

/** `[KeyIdentifier=…,KeyType=Password,KeyUsage=Verify,DisplayName=…]`, before and after. */
function credentials(record: DirectoryRecord, key: string): Change[] {
  const found: Change[] = [];
  for (const [name, property] of record.properties) {
    if (!/^(KeyDescription|PasswordCredentials|KeyCredentials)$/i.test(name)) continue;
    const old = keysOf(property.before);
    const now = keysOf(property.after);
    for (const [id, detail] of now)
      if (!old.has(id)) found.push(change("credential_added", { detail }));
    for (const [id, detail] of old) {
      if (!now.has(id)) found.push(change("credential_removed", { detail }));
    }
  }
  if (found.length > 0) return found.slice(0, 16);
  if (/^add .*credentials/.test(key)) return [change("credential_added")];
  if (/^(remove|delete) .*credentials/.test(key)) return [change("credential_removed")];
  const isSilent = [...record.properties.values()].every(
    ({ before: old, after: now }) => old === null && now === null,
  );
  if (/certificates and secrets/.test(key) && isSilent) {
    return [change("credential_added", { detail: "added or removed: the record names no values" })];
  }
  return [];
}

function keysOf(value: unknown): Map<string, string> {
  const found = new Map<string, string>();
  for (const item of items(value).slice(0, 256)) {
    const written = typeof item === "string" ? item : JSON.stringify(item);
    const id = /KeyId(?:entifier)?"?\s*[=:]\s*"?([\w-]+)/i.exec(written)?.[1] ?? written;
    const type = /KeyType"?\s*[=:]\s*"?(\w+)/i.exec(written)?.[1] ?? "credential";
    const name = /DisplayName"?\s*[=:]\s*"?([^,\]"]*)/i.exec(written)?.[1] ?? "";
    found.set(id, `${type}${name === "" ? "" : ` "${name}"`}`.slice(0, 1_024));
  }
  return found;
}

function federations(record: DirectoryRecord): Change[] {
  const found: Change[] = [];
  for (const [name, property] of record.properties) {
    if (!/FederatedIdentityCredential/i.test(name)) continue;
    const old = new Set(items(property.before).map((item) => JSON.stringify(item)));
    for (const item of items(property.after).slice(0, 64)) {
      if (old.has(JSON.stringify(item))) continue;
      const credential = unwrap(item);
      if (!isObject(credential)) continue;
      const issuer = text(credential.Issuer ?? credential.issuer, 1_024);
      const subject = text(credential.Subject ?? credential.subject, 512);
      found.push(
        change("federation_added", {
          destination: issuer,
          detail: text(
            [credential.Name ?? credential.name, subject].filter(Boolean).join(": "),
            1_024,
          ),
        }),
      );
    }
  }
  return found.slice(0, 16);
}

function addresses(record: DirectoryRecord, side: "before" | "after"): string[] {
  const found: string[] = [];
  for (const name of ["AppAddress", "ReplyUrls", "WebReplyUrls"]) {
    for (const item of items(record.properties.get(name)?.[side]).slice(0, 256)) {
      const url = text(isObject(item) ? (item.Address ?? item.address) : item, 1_024);
      if (url !== null) found.push(url);
    }
  }
  return found;
}

function redirects(record: DirectoryRecord): Change[] {
  const old = new Set(addresses(record, "before"));
  return addresses(record, "after")
    .filter((url) => !old.has(url))
    .slice(0, 8)
    .map((url) => change("redirect_changed", { destination: url }));
}

function audience(record: DirectoryRecord): Change[] {
  const wasOpen = bool(before(record, "AvailableToOtherTenants")) === true;
  const isOpen = bool(after(record, "AvailableToOtherTenants")) === true;
  if (isOpen && !wasOpen) {
    return [change("audience_widened", { detail: "available to other tenants" })];
  }
  const now = after(record, "SignInAudience");
  const isWide = now !== null && /multiple|personal/i.test(now);
  if (isWide && now !== before(record, "SignInAudience")) {
    return [change("audience_widened", { detail: now.slice(0, 1_024) })];
  }
  return [];
}

function enabled(record: DirectoryRecord): Change[] {
  const old = bool(before(record, "AccountEnabled"));
  const now = bool(after(record, "AccountEnabled"));
  if (now === null || now === old) return [];
  return [change(now ? "enabled" : "disabled")];
}

/** Permissions that a registration now asks for; nobody has granted them yet. */
function requested(record: DirectoryRecord): Change[] {
  const property = record.properties.get("RequiredResourceAccess");
  if (property === undefined) return [];
  const old = new Set(requiredPermissions(property.before));
  const now = requiredPermissions(property.after);
  const added = now.filter((name) => !old.has(name));
  if (added.length === 0) return [];
  return [change("requested", { scopes: now, addedScopes: added })];
}

function requiredPermissions(value: unknown): string[] {
  const found = new Set<string>();
  for (const api of items(value).slice(0, 256)) {
    if (!isObject(api)) continue;
    const wanted = api.RequiredAppPermissions ?? api.resourceAccess ?? api.ResourceAccess;
    for (const permission of items(wanted).slice(0, 512)) {
      if (!isObject(permission)) continue;
      const id = text(permission.EntitlementId ?? permission.id ?? permission.Id, 128);
      if (id !== null && found.size < 2_048) found.add(permissionName(id));
    }
  }
  return [...found];
}

/** A domain whose sign-ins another identity provider now vouches for. */
function federatedDomain(record: DirectoryRecord, key: string): Change[] {
  const issuer = firstText(
    after(record, "IssuerUri"),
    after(record, "Issuer"),
    after(record, "FederationSettings.IssuerUri"),
  );
  const type = firstText(after(record, "LiveType"), after(record, "AuthenticationType"));
  const isFederation = key !== "set domain authentication" || /federated/i.test(type ?? "");
  if (!isFederation && issuer === null) {
    return [
      change("updated", { detail: text([record.action, firstName(record)].join(": "), 1_024) }),
    ];
  }
  return [
    change("federation_added", {
      destination: issuer?.slice(0, 1_024) ?? null,
      detail: text(["domain", firstName(record) ?? ""].join(" "), 1_024),
    }),
  ];
}

function firstName(record: DirectoryRecord): string | null {
  const target = record.targets[0];
  return firstText(target?.name, target?.upn, target?.id);
}

function targetOf(record: DirectoryRecord): Target | null {
  const target = record.targets[0];
  if (target === undefined) return null;
  const id = firstText(target.id, target.upn, target.appId, target.name)?.slice(0, 512) ?? null;
  if (id === null) return null;
  return {
    type: target.type.slice(0, 64) || "object",
    id,
    name: firstText(target.name, target.upn)?.slice(0, 512) ?? null,
  };
}
