/** Slack state exports to facts: app lists, members, bots, workflows, functions, MCP servers. */

import { hostsOf } from "#base/host.ts";
import { bool, firstText, isObject, list, object, type Raw, text, texts } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import {
  automationFact,
  automationRef,
  type OwnerClaim,
  otherFact,
  type StateFact,
} from "#contract/automation.ts";

/** Which Slack list call a row comes from, by the list's name and the row's own keys; null when none. */
export function stateService(raw: Raw, key: string | null): string | null {
  if (isObject(raw.app) && Array.isArray(raw.scopes)) {
    if (key === "restricted_apps") return "slack:api:admin.apps.restricted.list";
    if ("previous_resolution" in raw || key === "app_requests") {
      return "slack:api:admin.apps.requests.list";
    }
    if ("last_resolved_by" in raw || key === "approved_apps") {
      return "slack:api:admin.apps.approved.list";
    }
  }
  if (isObject(raw.profile) && "team_id" in raw && "is_bot" in raw) return "slack:api:users.list";
  if ("is_workflow_app" in raw || (isObject(raw.bot) && "app_id" in raw.bot)) {
    return "slack:api:bots.info";
  }
  if ("trigger_ids" in raw && "steps" in raw && "collaborators" in raw) {
    return "slack:api:admin.workflows.search";
  }
  if ("callback_id" in raw && "input_parameters" in raw) return "slack:api:admin.functions.list";
  if ("server_id" in raw && "auth_type" in raw) return "slack:api:admin.apps.mcp.servers.list";
  if ("domain_restrictions" in raw && "app_id" in raw) return "slack:api:admin.apps.config.lookup";
  return otherService(raw, key);
}

/** Rows and answers that name neither automation nor person; they are counted as understood. */
function otherService(raw: Raw, key: string | null): string | null {
  if ("is_channel" in raw && "is_im" in raw) return "slack:slack_channels";
  const team = object(raw.team);
  if ("ok" in raw && "domain" in team && "id" in team) return "slack:api:team.info";
  if ("ok" in raw && "team_id" in raw && "user_id" in raw) return "slack:api:auth.test";
  if ("ok" in raw && isObject(raw.permissions)) {
    const first = object(Object.values(raw.permissions)[0]);
    return "who_can_run" in first
      ? "slack:api:admin.workflows.permissions.lookup"
      : "slack:api:admin.functions.permissions.lookup";
  }
  if (isObject(raw.actions) && Array.isArray(object(raw.actions).workspace_or_org)) {
    return "slack:audit-api:actions";
  }
  if (key === "schemas" && "type" in raw && "workspace" in raw) return "slack:audit-api:schemas";
  if (Array.isArray(raw.members) && typeof raw.members[0] === "string") {
    return "slack:slack_channels_memberships";
  }
  return null;
}

export function inventory(raw: Raw, service: string): StateFact[] {
  switch (service) {
    case "slack:api:admin.apps.approved.list":
    case "slack:api:admin.apps.restricted.list":
    case "slack:api:admin.apps.requests.list":
      return listedApp(raw, service);
    case "slack:api:users.list":
      return member(raw, service);
    case "slack:api:bots.info":
      return bot(isObject(raw.bot) ? raw.bot : raw, service);
    case "slack:api:admin.workflows.search":
      return workflow(raw, service);
    case "slack:api:admin.functions.list":
      return customFunction(raw, service);
    case "slack:api:admin.apps.mcp.servers.list":
      return mcpServer(raw, service);
    default:
      return otherFact("slack", service);
  }
}

/** Approved and requested apps: scopes are what the admin approved, which is not yet what somebody installed. */
function listedApp(raw: Raw, service: string): StateFact[] {
  const app = object(raw.app);
  const id = text(app.id, 128);
  if (id === null) return otherFact("slack", service);
  const isRequest = service.endsWith("requests.list");
  const isRestricted = service.endsWith("restricted.list");
  const scopes = list(raw.scopes)
    .map((scope) => text(isObject(scope) ? scope.name : scope, 256))
    .filter((scope) => scope !== null);
  const requester = object(raw.user);
  const principal = firstText(requester.email, requester.id)?.toLowerCase() ?? null;
  const resolver = object(raw.last_resolved_by);
  return [
    automationFact(
      "slack",
      service,
      automationRef("oauth_app", id, {
        name: text(app.name, 256),
        publisher: text(app.developer_type) === "slack" ? "Slack" : null,
        isVerified: bool(app.is_app_directory_approved),
        isInternal: bool(app.is_internal),
        domains: hostsOf([app.app_homepage_url, app.privacy_policy_url]),
      }),
      {
        isEnabled: isRestricted ? false : null,
        owners:
          principal === null
            ? []
            : [{ principal, evidence: "asked for the app in Slack", confidence: 0.6 }],
        grants:
          isRequest || isRestricted || scopes.length === 0
            ? []
            : [
                {
                  principal: null,
                  scopes,
                  consent: "admin",
                  grantedBy: text(resolver.actor_id, 128),
                  at: parseTime(raw.date_updated),
                },
              ],
      },
    ),
  ];
}

/** users.list holds people and bot users; USLACKBOT says is_bot false. */
function member(raw: Raw, service: string): StateFact[] {
  const id = text(raw.id, 128);
  if (id === null) return otherFact("slack", service);
  const profile = object(raw.profile);
  const name = firstText(raw.real_name, profile.real_name, raw.name);
  const isBot = bool(raw.is_bot) === true || id === "USLACKBOT";
  const isActive = bool(raw.deleted) === null ? null : bool(raw.deleted) === false;
  if (isBot) {
    const appId = text(profile.api_app_id, 128);
    const botId = text(profile.bot_id, 128);
    const native = appId ?? id;
    return [
      automationFact(
        "slack",
        service,
        automationRef(bool(raw.is_workflow_bot) === true ? "workflow" : "bot", native, {
          name,
          aliases: [id, botId].filter((alias) => alias !== null && alias !== native).map(String),
        }),
        { isEnabled: isActive },
      ),
    ];
  }
  const email = text(profile.email, 320)?.toLowerCase() ?? null;
  const isRestricted = bool(raw.is_restricted) === true || bool(raw.is_ultra_restricted) === true;
  return [
    {
      type: "person",
      platform: "slack",
      service,
      id: email ?? id,
      aliases: email === null ? [] : [id],
      name,
      isAdmin: bool(raw.is_admin) === true || bool(raw.is_owner) === true,
      isGuest: isRestricted,
      isActive,
    },
  ];
}

function bot(raw: Raw, service: string): StateFact[] {
  const botId = text(raw.id, 128);
  const native = firstText(raw.app_id, botId);
  if (native === null) return otherFact("slack", service);
  const aliases = [botId, text(raw.user_id, 128)];
  const isDeleted = bool(raw.deleted);
  return [
    automationFact(
      "slack",
      service,
      automationRef("bot", native, {
        name: text(raw.name, 256),
        aliases: aliases.filter((alias) => alias !== null && alias !== native).map(String),
      }),
      { isEnabled: isDeleted === null ? null : !isDeleted },
    ),
  ];
}

function workflow(raw: Raw, service: string): StateFact[] {
  const own = text(raw.id, 128);
  // Run logs and installations name the app behind a workflow, changes the workflow itself.
  const native = firstText(raw.app_id, own);
  if (native === null) return otherFact("slack", service);
  return [
    automationFact(
      "slack",
      service,
      automationRef("workflow", native, {
        name: text(raw.title, 256),
        aliases: own === null || own === native ? [] : [own],
        isInternal: true,
      }),
      { owners: collaborators(raw.collaborators), isEnabled: bool(raw.is_published) },
    ),
  ];
}

function collaborators(value: unknown): OwnerClaim[] {
  return texts(value, 64).map((principal, index) => ({
    principal,
    evidence: "collaborator of the workflow in Slack",
    confidence: index === 0 ? 0.8 : 0.6,
  }));
}

function customFunction(raw: Raw, service: string): StateFact[] {
  const native = firstText(raw.app_id, raw.id);
  if (native === null) return otherFact("slack", service);
  const own = text(raw.id, 128);
  return [
    automationFact(
      "slack",
      service,
      automationRef("workflow", native, {
        name: text(raw.title, 256),
        aliases: own === null || own === native ? [] : [own],
      }),
      { createdAt: parseTime(raw.date_created) },
    ),
  ];
}

function mcpServer(raw: Raw, service: string): StateFact[] {
  const id = text(raw.server_id, 128);
  if (id === null) return otherFact("slack", service);
  return [
    automationFact(
      "slack",
      service,
      automationRef("mcp_connector", id, {
        name: firstText(raw.server_name, raw.app_name),
        domains: hostsOf([raw.url]),
      }),
    ),
  ];
}
