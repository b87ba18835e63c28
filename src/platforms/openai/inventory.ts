/** OpenAI administration lists to facts: admin keys, project keys, service accounts, projects, members. */

import { bool, object, type Raw, text } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import {
  automationFact,
  automationRef,
  type OwnerClaim,
  otherFact,
  type StateFact,
} from "#contract/automation.ts";

/** The API writes what an object is into `object`. */
const SERVICES: ReadonlyMap<string, string> = new Map([
  ["organization.admin_api_key", "openai:openai_adminapikeys"],
  ["organization.project.api_key", "openai:openai_apikeys"],
  ["organization.project.service_account", "openai:openai_serviceaccounts"],
  ["organization.service_account", "openai:openai_serviceaccounts"],
  ["organization.project", "openai:openai_projects"],
  ["organization.user", "openai:openai_users"],
  ["organization.project.user", "openai:openai_projectusers"],
  ["organization.invite", "openai:openai_invites"],
]);

/** Which list a row comes from; null when none. */
export function stateService(raw: Raw): string | null {
  const { object: type } = raw;
  return typeof type === "string" ? (SERVICES.get(type) ?? null) : null;
}

export function inventory(raw: Raw, service: string): StateFact[] {
  switch (service) {
    case "openai:openai_adminapikeys":
    case "openai:openai_apikeys":
      return apiKey(raw, service);
    case "openai:openai_serviceaccounts":
      return serviceAccount(raw, service);
    case "openai:openai_users":
    case "openai:openai_projectusers":
      return member(raw, service);
    default:
      return otherFact("openai", service);
  }
}

/**
 * Admin keys carry their owner flat, project keys one level down under the owner's type. A key that a service account
 * owns is that account's credential: its id is an alias. The secret in `value` is never read.
 */
function apiKey(raw: Raw, service: string): StateFact[] {
  const id = text(raw.id, 512);
  if (id === null) return otherFact("openai", service);
  const owner = object(raw.owner);
  const type = text(owner.type, 64);
  const who = type === "service_account" ? object(owner.service_account) : object(owner.user);
  const ownerId = text(owner.id, 512) ?? text(who.id, 512);
  const email = text(owner.email, 256) ?? text(who.email, 256);
  const isService = type === "service_account";
  const principal = email?.toLowerCase() ?? ownerId;
  const owners: OwnerClaim[] =
    isService || principal === null
      ? []
      : [{ principal, evidence: "owner of the key in OpenAI", confidence: 0.9 }];
  return [
    automationFact(
      "openai",
      service,
      automationRef("api_key", id, {
        name: text(raw.name, 512),
        aliases: isService && ownerId !== null && ownerId !== id ? [ownerId] : [],
        isInternal: true,
      }),
      {
        owners,
        credentials: [
          {
            id,
            kind: service === "openai:openai_adminapikeys" ? "admin key" : "API key",
            createdAt: parseTime(raw.created_at),
            expiresAt: parseTime(raw.expires_at),
            lastUsedAt: parseTime(raw.last_used_at),
          },
        ],
        createdAt: parseTime(raw.created_at),
        lastUsedAt: parseTime(raw.last_used_at),
      },
    ),
  ];
}

function serviceAccount(raw: Raw, service: string): StateFact[] {
  const id = text(raw.id, 512);
  if (id === null) return otherFact("openai", service);
  const role = text(raw.role, 512);
  return [
    automationFact(
      "openai",
      service,
      automationRef("service_account", id, { name: text(raw.name, 512), isInternal: true }),
      {
        grants:
          role === null
            ? []
            : [
                {
                  principal: null,
                  scopes: [`role:${role.slice(0, 256)}`],
                  consent: "admin",
                  grantedBy: null,
                  at: null,
                },
              ],
        createdAt: parseTime(raw.created_at),
      },
    ),
  ];
}

function member(raw: Raw, service: string): StateFact[] {
  const id = text(raw.id, 512);
  const email = text(raw.email, 256)?.toLowerCase() ?? null;
  const principal = email ?? id;
  if (principal === null) return otherFact("openai", service);
  const role = text(raw.role, 64);
  const isDisabled = bool(raw.disabled);
  return [
    {
      type: "person",
      platform: "openai",
      service,
      id: principal,
      aliases: email === null || id === null ? [] : [id],
      name: text(raw.name, 512),
      isAdmin: role === null ? null : role === "owner",
      isGuest: null,
      isActive: isDisabled === null ? null : !isDisabled,
    },
  ];
}
