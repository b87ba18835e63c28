/** GitHub lists to facts: app installations, tokens, keys, hooks, authorisations, workflows, runners and members. */

import { bool, isObject, object, type Raw, text } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import {
  automationFact,
  automationRef,
  type Grant,
  type OwnerClaim,
  otherFact,
  type StateFact,
} from "#contract/automation.ts";
import {
  appRef,
  botRef,
  hookRef,
  isBotLogin,
  keyRef,
  loginOf,
  oauthAppRef,
  permissionScopes,
  scopeTexts,
  short,
  workflowRef,
} from "./identity.ts";

/** Which list of the REST API a row comes from, by its own keys; null when none. */
export function stateService(raw: Raw, key: string | null): string | null {
  if ("token_id" in raw && "access_granted_at" in raw)
    return "github:fine_grained_personal_access_tokens";
  if ("credential_id" in raw && "credential_type" in raw)
    return "github:saml_credential_authorizations";
  if ("app_slug" in raw && "permissions" in raw) return "github:get_org_installations";
  if (typeof raw.path === "string" && "state" in raw && raw.path.includes(".github/"))
    return "github:get_repo_workflows";
  if ("slug" in raw && "permissions" in raw && "events" in raw && isObject(raw.owner))
    return "github:get_app";
  if (isObject(raw.config) && "events" in raw && "active" in raw && isHookUrl(raw))
    return "github:get_hooks";
  if ("read_only" in raw && "key" in raw && "title" in raw) return "github:get_repo_keys";
  if (isObject(raw.app) && "scopes" in raw && "client_id" in raw.app)
    return "github:get_oauth_authorizations";
  if ("os" in raw && "labels" in raw && "busy" in raw) return "github:get_runners";
  if (isMember(raw)) return "github:get_org_members";
  if (typeof raw.full_name === "string" && "private" in raw && isObject(raw.owner))
    return "github:get_repos";
  if (isEnvironment(raw)) return "github:get_repo_environments";
  return valueService(raw, key) ?? patRepositories(raw);
}

function isHookUrl(raw: Raw): boolean {
  return (
    typeof object(raw.config).url === "string" &&
    ("ping_url" in raw || "test_url" in raw || "content_type" in object(raw.config))
  );
}

function isMember(raw: Raw): boolean {
  return typeof raw.login === "string" && "node_id" in raw && "type" in raw && "site_admin" in raw;
}

function isEnvironment(raw: Raw): boolean {
  if (typeof raw.name !== "string" || !("created_at" in raw)) return false;
  if ("protection_rules" in raw || "deployment_branch_policy" in raw) return true;
  return typeof raw.html_url === "string" && raw.html_url.includes("/settings/environments/");
}

const VALUE_KEYS: ReadonlySet<string> = new Set([
  "name",
  "value",
  "created_at",
  "updated_at",
  "visibility",
  "selected_repositories_url",
]);

/**
 * Secrets and variables. Organization ones say who sees them; those of a repository and of an environment look the
 * same in GitHub's answers, so that both are called by the repository's name.
 */
function valueService(raw: Raw, key: string | null): string | null {
  if (typeof raw.name !== "string" || !("created_at" in raw) || !("updated_at" in raw)) return null;
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,255}$/.test(raw.name)) return null;
  for (const name of Object.keys(raw)) if (!VALUE_KEYS.has(name)) return null;
  if (key !== null && key !== "secrets" && key !== "variables") return null;
  const owner = "visibility" in raw ? "org" : "repo";
  return "value" in raw ? `github:get_${owner}_variables` : `github:get_${owner}_secrets`;
}

/** Repositories a fine-grained token may use, in a map by the number of its grant. */
function patRepositories(raw: Raw): string | null {
  const keys = Object.keys(raw);
  if (keys.length === 0) return null;
  for (const key of keys.slice(0, 8)) {
    const rows = raw[key];
    if (!/^\d{1,20}$/.test(key) || !Array.isArray(rows)) return null;
    if (rows.length > 0 && typeof object(rows[0]).full_name !== "string") return null;
  }
  return "github:fine_grained_pat_repositories";
}

export function inventory(raw: Raw, service: string): StateFact[] {
  switch (service) {
    case "github:get_org_installations":
      return installation(raw, service);
    case "github:get_app":
      return app(raw, service);
    case "github:fine_grained_personal_access_tokens":
      return fineGrainedToken(raw, service);
    case "github:saml_credential_authorizations":
      return credential(raw, service);
    case "github:get_oauth_authorizations":
      return authorization(raw, service);
    case "github:get_hooks":
      return hook(raw, service);
    case "github:get_repo_keys":
      return deployKey(raw, service);
    case "github:get_repo_workflows":
      return workflow(raw, service);
    case "github:get_runners":
      return runner(raw, service);
    case "github:get_org_members":
      return member(raw, service);
    default:
      return otherFact("github", service);
  }
}

function installation(raw: Raw, service: string): StateFact[] {
  const ref = appRef({
    clientId: raw.client_id,
    appId: raw.app_id,
    slug: raw.app_slug,
    name: raw.app_name,
  });
  if (ref === null) return otherFact("github", service);
  const account = object(raw.account);
  const isPerson = text(account.type, 32) === "User";
  const suspended = raw.suspended_at;
  return [
    automationFact("github", service, ref, {
      grants: [
        {
          principal: isPerson ? loginOf(account) : null,
          scopes: permissionScopes(raw.permissions),
          consent: isPerson ? "user" : "tenant",
          grantedBy: null,
          at: parseTime(raw.created_at),
        },
      ],
      createdAt: parseTime(raw.created_at),
      isEnabled: suspended === undefined ? null : suspended === null,
    }),
  ];
}

/** An app's registration: what it asks for, which says nothing yet about where it is installed. */
function app(raw: Raw, service: string): StateFact[] {
  const owner = object(raw.owner);
  const ref = appRef({
    clientId: raw.client_id,
    appId: raw.id,
    slug: raw.slug,
    name: raw.name,
    urls: [raw.external_url],
    publisher: loginOf(owner),
  });
  if (ref === null) return otherFact("github", service);
  return [automationFact("github", service, ref, { createdAt: parseTime(raw.created_at) })];
}

function fineGrainedToken(raw: Raw, service: string): StateFact[] {
  const ref = keyRef([raw.token_id], short(raw.token_name, "Fine-grained personal access token"));
  if (ref === null) return otherFact("github", service);
  const principal = loginOf(raw.owner);
  const isExpired = bool(raw.token_expired);
  return [
    automationFact("github", service, ref, {
      owners: ownedBy(principal, "made the token in GitHub"),
      grants: [grant(principal, permissionScopes(raw.permissions), raw.access_granted_at)],
      credentials: [
        {
          id: ref.nativeId,
          kind: "personal access token",
          createdAt: parseTime(raw.access_granted_at),
          expiresAt: parseTime(raw.token_expires_at),
          lastUsedAt: parseTime(raw.token_last_used_at),
        },
      ],
      createdAt: parseTime(raw.access_granted_at),
      lastUsedAt: parseTime(raw.token_last_used_at),
      isEnabled: isExpired === null ? null : !isExpired,
    }),
  ];
}

/** Tokens and SSH keys that somebody authorised for single sign-on: the only list of classic tokens that GitHub gives. */
function credential(raw: Raw, service: string): StateFact[] {
  const kind = text(raw.credential_type, 128);
  // The authorisation and the token that it is for have numbers of their own; logs name the token's.
  const token = text(raw.authorized_credential_id, 128);
  const own = text(raw.credential_id, 128);
  const ref = keyRef(
    [token ?? own, token === null || own === null ? null : `authorization:${own}`, raw.fingerprint],
    short(raw.authorized_credential_note, raw.authorized_credential_title, kind),
  );
  if (ref === null) return otherFact("github", service);
  const principal = loginOf(raw.login);
  return [
    automationFact("github", service, ref, {
      owners: ownedBy(principal, "authorised the credential for single sign-on in GitHub"),
      grants: [grant(principal, scopeTexts(raw.scopes), raw.credential_authorized_at)],
      credentials: [
        {
          id: ref.nativeId,
          kind: kind?.slice(0, 64) ?? "token",
          createdAt: parseTime(raw.credential_authorized_at),
          expiresAt: parseTime(raw.authorized_credential_expires_at),
          lastUsedAt: parseTime(raw.credential_accessed_at),
        },
      ],
      createdAt: parseTime(raw.credential_authorized_at),
      lastUsedAt: parseTime(raw.credential_accessed_at),
    }),
  ];
}

function authorization(raw: Raw, service: string): StateFact[] {
  const named = object(raw.app);
  const ref = oauthAppRef(named.client_id, named.name, named.url);
  if (ref === null) return otherFact("github", service);
  return [
    automationFact("github", service, ref, {
      grants: [grant(loginOf(raw.user), scopeTexts(raw.scopes), raw.created_at)],
      createdAt: parseTime(raw.created_at),
    }),
  ];
}

function grant(principal: string | null, scopes: string[], at: unknown): Grant {
  return { principal, scopes, consent: "user", grantedBy: principal, at: parseTime(at) };
}

function ownedBy(principal: string | null, evidence: string): OwnerClaim[] {
  return principal === null ? [] : [{ principal, evidence, confidence: 0.9 }];
}

function hook(raw: Raw, service: string): StateFact[] {
  const ref = hookRef(raw.id, raw.name, object(raw.config).url);
  if (ref === null) return otherFact("github", service);
  return [
    automationFact("github", service, ref, {
      grants: [
        {
          principal: null,
          scopes: scopeTexts(raw.events),
          consent: "unknown",
          grantedBy: null,
          at: parseTime(raw.created_at),
        },
      ],
      createdAt: parseTime(raw.created_at),
      isEnabled: bool(raw.active),
    }),
  ];
}

function deployKey(raw: Raw, service: string): StateFact[] {
  const ref = keyRef([raw.id], short(raw.title, "deploy key"));
  if (ref === null) return otherFact("github", service);
  const by = text(raw.added_by, 256);
  const isReadOnly = bool(raw.read_only);
  return [
    automationFact("github", service, ref, {
      owners: ownedBy(by, "added the deploy key in GitHub"),
      grants: [
        {
          principal: null,
          scopes: isReadOnly === null ? [] : [isReadOnly ? "contents:read" : "contents:write"],
          consent: "admin",
          grantedBy: by,
          at: parseTime(raw.created_at),
        },
      ],
      credentials: [
        {
          id: ref.nativeId,
          kind: "deploy key",
          createdAt: parseTime(raw.created_at),
          expiresAt: null,
          lastUsedAt: parseTime(raw.last_used),
        },
      ],
      createdAt: parseTime(raw.created_at),
      lastUsedAt: parseTime(raw.last_used),
      isEnabled: bool(raw.enabled),
    }),
  ];
}

function workflow(raw: Raw, service: string): StateFact[] {
  const ref = workflowRef(raw.id, raw.name, fileOf(raw));
  if (ref === null) return otherFact("github", service);
  const state = text(raw.state, 64);
  return [
    automationFact("github", service, ref, {
      createdAt: parseTime(raw.created_at),
      isEnabled: state === null ? null : state === "active",
    }),
  ];
}

/** `owner/repo/.github/workflows/x.yml`: the path alone says nothing about the repository, the web address does. */
function fileOf(raw: Raw): string | null {
  const path = text(raw.path, 256);
  const url = text(raw.html_url, 1_024);
  const parts =
    url === null ? null : /^https:\/\/[^/]{1,253}\/([^/]{1,100}\/[^/]{1,100})\/blob\//.exec(url);
  return path === null || parts === null ? null : `${parts[1]}/${path}`;
}

function runner(raw: Raw, service: string): StateFact[] {
  const id = short(raw.id, raw.name);
  if (id === null) return otherFact("github", service);
  const status = text(raw.status, 32);
  const ref = automationRef("script", `runner:${id.slice(0, 256)}`, {
    name: text(raw.name, 256),
    isInternal: true,
  });
  return [
    automationFact("github", service, ref, {
      isEnabled: status === null ? null : status === "online",
    }),
  ];
}

function member(raw: Raw, service: string): StateFact[] {
  const login = text(raw.login, 256);
  if (login === null) return otherFact("github", service);
  if (text(raw.type, 32) === "Bot" || isBotLogin(login)) {
    return [automationFact("github", service, botRef(login))];
  }
  const id = text(raw.id, 128);
  const role = short(raw.role_name, raw.role);
  return [
    {
      type: "person",
      platform: "github",
      service,
      id: login,
      aliases: id === null || id === login ? [] : [id],
      name: text(raw.name, 512),
      isAdmin: role === null ? (raw.site_admin === true ? true : null) : role === "admin",
      isGuest: null,
      isActive: null,
    },
  ];
}
