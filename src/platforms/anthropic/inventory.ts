/** Anthropic Admin API lists to facts: API keys, members, workspaces, invites. */

import { object, type Raw, text } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import { automationFact, automationRef, otherFact, type StateFact } from "#contract/automation.ts";

/** Which Admin API list a row comes from, by the type that the API writes into every object; null when none. */
export function stateService(raw: Raw): string | null {
  const { type, id } = raw;
  if (typeof type !== "string" || typeof id !== "string") return null;
  if (type === "api_key" && ("partial_key_hint" in raw || id.startsWith("apikey_"))) {
    return "anthropic:anthropic_apikeys";
  }
  if (type === "user" && id.startsWith("user_") && "added_at" in raw) {
    return "anthropic:anthropic_users";
  }
  if (type === "workspace" && id.startsWith("wrkspc_")) return "anthropic:anthropic_workspaces";
  if (type === "invite" && "invited_at" in raw) return "anthropic:anthropic_invites";
  return null;
}

export function inventory(raw: Raw, service: string): StateFact[] {
  if (service === "anthropic:anthropic_apikeys") return apiKey(raw, service);
  if (service === "anthropic:anthropic_users") return member(raw, service);
  return otherFact("anthropic", service);
}

/** A key belongs to a workspace and to the person who made it; the list names neither its scopes nor its last use. */
function apiKey(raw: Raw, service: string): StateFact[] {
  const id = text(raw.id, 512);
  if (id === null) return otherFact("anthropic", service);
  const by = object(raw.created_by);
  const principal = text(by.email, 256)?.toLowerCase() ?? text(by.id, 512);
  const status = text(raw.status, 64);
  return [
    automationFact(
      "anthropic",
      service,
      automationRef("api_key", id, { name: text(raw.name, 512), isInternal: true }),
      {
        owners:
          principal === null
            ? []
            : [{ principal, evidence: "created the key in Anthropic", confidence: 0.8 }],
        credentials: [
          {
            id,
            kind: "API key",
            createdAt: parseTime(raw.created_at),
            expiresAt: parseTime(raw.expires_at),
            lastUsedAt: null,
          },
        ],
        createdAt: parseTime(raw.created_at),
        isEnabled: status === null ? null : status === "active",
      },
    ),
  ];
}

function member(raw: Raw, service: string): StateFact[] {
  const id = text(raw.id, 512);
  const email = text(raw.email, 256)?.toLowerCase() ?? null;
  const principal = email ?? id;
  if (principal === null) return otherFact("anthropic", service);
  const role = text(raw.role, 64);
  return [
    {
      type: "person",
      platform: "anthropic",
      service,
      id: principal,
      aliases: email === null || id === null ? [] : [id],
      name: text(raw.name, 512),
      isAdmin: role === null ? null : /admin|owner/.test(role),
      isGuest: null,
      isActive: true,
    },
  ];
}
