/** Keys that rule, keys that grow and limits that go are told; keys for one purpose are not. */

import { type AuditEvent, change, person } from "#contract/event.ts";
import { app, at, dana, event, testDetector } from "#engine/testing.ts";
import { aiKey } from "./index.ts";

function made(scopes: string[], known: Partial<AuditEvent> = {}): AuditEvent {
  return event("openai", "api_key.created", {
    at: at(1),
    class: "credential",
    subject: app("key-1", { kind: "api_key", name: "Batch" }),
    change: change("credential_added", { scopes, detail: "API key" }),
    ...known,
  });
}

const claude = (action: string, detail: string) =>
  event("anthropic", action, {
    at: at(1),
    class: "credential",
    change: change("credential_added", { detail }),
  });

testDetector(aiKey, {
  fires: {
    "an administrator's key": {
      events: [claude("admin_api_key_created", "admin_api_key")],
      says: ["administrator's rights"],
    },
    "a key of no person": { events: [claude("service_key_created", "service_key")] },
    "a key that may do everything, made by a script of an outsider": {
      events: [
        made(["all"]),
        made(["all"], {
          subject: app("key-2", { kind: "api_key" }),
          actor: person("eve@elsewhere.example", null, { isGuest: true }),
          client: { ip: null, asn: null, country: null, userAgent: "curl/8.5.0" },
        }),
      ],
      findings: 2,
      says: ["all", "by a script"],
    },
    "a key in use gets the right to make keys": {
      events: [
        made(["model.request"]),
        made(["api_keys:write"], {
          action: "api_key.updated",
          at: at(3),
          change: change("scopes_added", { scopes: ["api_keys:write"], detail: "API key" }),
        }),
      ],
      says: ["api_keys:write", "more than it was made with"],
    },
    "the spend limit goes": {
      events: [
        event("anthropic", "platform_spend_limit_deleted", {
          at: at(1),
          class: "policy",
          change: change("policy_relaxed", { detail: "platform_spend_limit_deleted" }),
        }),
      ],
      says: ["nothing bounds the costs"],
    },
  },
  quiet: {
    "a key that only reads": { events: [made(["models:read"])] },
    "a key that may only ask a model": { events: [made(["model.request"])] },
    "a key is given back": {
      events: [
        event("openai", "api_key.deleted", {
          at: at(1),
          class: "credential",
          subject: app("key-1", { kind: "api_key" }),
          change: change("credential_removed", { detail: "API key" }),
        }),
      ],
    },
    "a spend limit is set": {
      events: [
        event("anthropic", "platform_spend_limit_created", {
          at: at(1),
          class: "policy",
          change: change("policy_tightened"),
        }),
      ],
    },
    "a key is renamed": {
      events: [
        event("anthropic", "admin_api_key_updated", {
          at: at(1),
          class: "credential",
          change: change("updated"),
        }),
      ],
    },
  },
  evasions: {
    "a narrow key is used by a thief": {
      events: [made(["model.request"], { actor: dana() })],
      isCaught: false,
    },
    "first narrow, then raised": {
      events: [
        made(["models:read"]),
        made(["models:read"], {
          action: "api_key.updated",
          at: at(9),
          change: change("scopes_added", { scopes: ["models:read", "organization:write"] }),
        }),
      ],
      isCaught: true,
    },
  },
});
