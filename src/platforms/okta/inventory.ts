/** Okta lists to facts: apps, who is assigned to them, API tokens, OAuth grants, roles, hooks and people. */

import { hostsOf, mailDomain } from "#base/host.ts";
import { isObject, list, object, type Raw, text } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import {
  automationFact,
  automationRef,
  type OwnerClaim,
  otherFact,
  type StateFact,
} from "#contract/automation.ts";

/** Which list of the management API a row comes from, by its own keys; null when none. */
export function stateService(raw: Raw, _key: string | null): string | null {
  if (typeof raw.id !== "string") return null;
  if (typeof raw.signOnMode === "string" && "label" in raw) {
    const uris = object(object(raw.settings).oauthClient).redirect_uris;
    return Array.isArray(uris) && uris.length > 0
      ? "okta:application_with_reditect_uris"
      : "okta:applications";
  }
  if (typeof raw.assignmentType === "string" && typeof raw.type === "string" && "label" in raw) {
    return raw.assignmentType === "GROUP"
      ? "okta:list_assigned_group_role_response"
      : "okta:list_assigned_user_role_response";
  }
  if ("syncState" in raw && "statusChanged" in raw && isObject(raw.profile))
    return "okta:list_application_user_assigned_response";
  if (typeof raw.priority === "number" && "lastUpdated" in raw && raw.id.startsWith("00g"))
    return "okta:list_application_group_assigned_response";
  if ("scopeId" in raw && "clientId" in raw && "issuer" in raw) return "okta:app_grants";
  if ("tokenWindow" in raw && "name" in raw) return "okta:api_tokens";
  if (isObject(raw.channel) && "verificationStatus" in raw) return "okta:event_hooks";
  if (isObject(raw.channel) && "version" in raw && "type" in raw && "lastUpdated" in raw)
    return "okta:inline_hooks";
  if (
    typeof raw.status === "string" &&
    isObject(raw.profile) &&
    typeof raw.profile.login === "string"
  )
    return "okta:users";
  if (isObject(raw.profile) && "objectClass" in raw && "lastMembershipUpdated" in raw)
    return "okta:groups";
  return null;
}

export function inventory(raw: Raw, service: string): StateFact[] {
  switch (service) {
    case "okta:applications":
    case "okta:application_with_reditect_uris":
      return application(raw, service);
    case "okta:list_application_user_assigned_response":
      return appUser(raw, service);
    case "okta:list_assigned_user_role_response":
      return roleHolder(raw, service);
    case "okta:app_grants":
      return appGrant(raw, service);
    case "okta:api_tokens":
      return apiToken(raw, service);
    case "okta:event_hooks":
    case "okta:inline_hooks":
      return hook(raw, service);
    case "okta:users":
      return user(raw, service);
    default:
      return otherFact("okta", service);
  }
}

/** Every integration, from SAML sign-on to service apps; what it may do in Okta itself stands in its grants. */
function application(raw: Raw, service: string): StateFact[] {
  const id = text(raw.id, 128);
  if (id === null) return otherFact("okta", service);
  const client = object(object(raw.credentials).oauthClient);
  const oauth = object(object(raw.settings).oauthClient);
  const clientId = text(client.client_id, 128);
  const name = text(raw.name, 256);
  const status = text(raw.status, 32);
  const urls = [
    ...list(oauth.redirect_uris).slice(0, 24),
    oauth.client_uri,
    oauth.initiate_login_uri,
    oauth.jwks_uri,
  ];
  return [
    automationFact(
      "okta",
      service,
      automationRef("oauth_app", id, {
        name: text(raw.label, 512) ?? name,
        aliases: clientId === null || clientId === id ? [] : [clientId],
        // "oidc_client" is an integration made by hand; other names stand for entries of Okta's catalogue.
        isInternal: name === "oidc_client" ? true : null,
        domains: hostsOf(urls).slice(0, 32),
      }),
      {
        createdAt: parseTime(raw.created),
        isEnabled: status === null ? null : status === "ACTIVE",
      },
    ),
  ];
}

/** A person's assignment to an app: the person, and the app that this person may use (the link names it). */
function appUser(raw: Raw, service: string): StateFact[] {
  const profile = object(raw.profile);
  const id = text(raw.id, 128);
  const mail = text(profile.email, 320) ?? text(object(raw.credentials).userName, 320);
  const email = mailDomain(mail) === null ? null : (mail?.toLowerCase() ?? null);
  const principal = email ?? id;
  if (principal === null) return otherFact("okta", service);
  const facts: StateFact[] = [
    {
      type: "person",
      platform: "okta",
      service,
      id: principal,
      aliases: id === null || id === principal ? [] : [id],
      name: fullName(profile),
      isAdmin: null,
      isGuest: null,
      isActive: null,
    },
  ];
  const app = linkedId(raw, "app");
  if (app !== null) {
    facts.push(
      automationFact("okta", service, automationRef("oauth_app", app), {
        grants: [
          {
            principal,
            scopes: [],
            consent: "unknown",
            grantedBy: null,
            at: parseTime(raw.created),
          },
        ],
      }),
    );
  }
  return facts;
}

/** An administrator role: of a person, or of a client, which then may do in Okta what that role may. */
function roleHolder(raw: Raw, service: string): StateFact[] {
  const id = linkedId(raw, "assignee");
  if (id === null) return otherFact("okta", service);
  const role = text(raw.type, 128) ?? text(raw.label, 128);
  if (text(raw.assignmentType, 32) === "CLIENT") {
    return [
      automationFact("okta", service, automationRef("oauth_app", id), {
        grants: [
          {
            principal: null,
            scopes: role === null ? [] : [role],
            consent: "admin",
            grantedBy: null,
            at: parseTime(raw.created),
          },
        ],
      }),
    ];
  }
  const status = text(raw.status, 32);
  return [
    {
      type: "person",
      platform: "okta",
      service,
      id,
      aliases: [],
      name: null,
      isAdmin: status === null || status === "ACTIVE" ? true : null,
      isGuest: null,
      isActive: null,
    },
  ];
}

/** One scope of Okta's own API that a client holds, from an administrator or from one user. */
function appGrant(raw: Raw, service: string): StateFact[] {
  const client = text(raw.clientId, 256);
  if (client === null) return otherFact("okta", service);
  const scope = text(raw.scopeId, 256);
  const user = text(raw.userId, 256);
  const by = object(raw.createdBy);
  const isUsers = text(raw.source, 32) === "END_USER" || user !== null;
  const status = text(raw.status, 32);
  return [
    automationFact("okta", service, automationRef("oauth_app", client), {
      grants:
        status !== null && status !== "ACTIVE"
          ? []
          : [
              {
                principal: user,
                scopes: scope === null ? [] : [scope],
                consent: isUsers ? "user" : "tenant",
                grantedBy: text(by.id, 256) ?? user,
                at: parseTime(raw.created),
              },
            ],
    }),
  ];
}

function apiToken(raw: Raw, service: string): StateFact[] {
  const id = text(raw.id, 256);
  if (id === null) return otherFact("okta", service);
  const owner = text(raw.userId, 256);
  const owners: OwnerClaim[] =
    owner === null
      ? []
      : [
          {
            principal: owner,
            evidence: "made the API token in Okta and lends it all rights",
            confidence: 0.95,
          },
        ];
  return [
    automationFact("okta", service, automationRef("api_key", id, { name: text(raw.name, 512) }), {
      owners,
      grants: [
        {
          principal: owner,
          scopes: [],
          consent: "user",
          grantedBy: owner,
          at: parseTime(raw.created),
        },
      ],
      createdAt: parseTime(raw.created),
    }),
  ];
}

function hook(raw: Raw, service: string): StateFact[] {
  const id = text(raw.id, 256);
  if (id === null) return otherFact("okta", service);
  const status = text(raw.status, 32);
  const by = text(raw.createdBy, 256);
  return [
    automationFact(
      "okta",
      service,
      automationRef("webhook", id, {
        name: text(raw.name, 512),
        domains: hostsOf([object(object(raw.channel).config).uri]),
      }),
      {
        owners:
          by === null
            ? []
            : [{ principal: by, evidence: "made the hook in Okta", confidence: 0.8 }],
        createdAt: parseTime(raw.created),
        isEnabled: status === null ? null : status === "ACTIVE",
      },
    ),
  ];
}

/** States in which nobody can sign in. */
const GONE: ReadonlySet<string> = new Set(["DEPROVISIONED", "SUSPENDED"]);

function user(raw: Raw, service: string): StateFact[] {
  const profile = object(raw.profile);
  const id = text(raw.id, 128);
  const login = text(profile.login, 320) ?? text(profile.email, 320);
  const principal = login?.toLowerCase() ?? id;
  if (principal === null) return otherFact("okta", service);
  const status = text(raw.status, 32);
  const aliases = [id, text(profile.email, 320)?.toLowerCase() ?? null];
  return [
    {
      type: "person",
      platform: "okta",
      service,
      id: principal,
      aliases: aliases.filter((alias) => alias !== null && alias !== principal).map(String),
      name: fullName(profile),
      isAdmin: null,
      isGuest: null,
      isActive: status === null ? null : !GONE.has(status),
    },
  ];
}

function fullName(profile: Raw): string | null {
  const shown = text(profile.displayName, 256);
  if (shown !== null) return shown;
  const parts = [text(profile.firstName, 128), text(profile.lastName, 128)].filter(
    (part) => part !== null,
  );
  return parts.length === 0 ? null : parts.join(" ");
}

/** Last part of a link's path: the id of what it leads to. */
function linkedId(raw: Raw, name: string): string | null {
  const href = text(object(object(raw._links)[name]).href, 1_024);
  if (href === null) return null;
  return text(href.slice(href.lastIndexOf("/") + 1), 256);
}
