/** Slack's records as its interfaces give them: audit log entries, integration log rows, run logs of workflow apps. */

import type { Prng } from "#base/prng.ts";
import { SECOND_MS } from "#base/time.ts";
import { freshGuid, freshId, type Person } from "#simulator/company.ts";
import type { Emission, Fields } from "#simulator/stage.ts";
import type { App } from "./apps.ts";
import type { Places } from "./places.ts";

/** Where a client sits and what it calls itself; the session stands for a sign-in or a token. */
export interface Origin {
  readonly ip: string;
  readonly userAgent: string;
  readonly session: number;
}

/** One thing that was done. */
export interface Deed {
  readonly at: number;
  readonly action: string;
  /** The actor as records hold it. */
  readonly by: Fields;
  readonly entity: Fields;
  readonly from: Origin;
  /** The app through which it was done. */
  readonly via?: App;
  readonly details?: Fields;
}

/** An entry of the Audit Logs API, with whole seconds as the API has them. */
export function entry(places: Places, rng: Prng, deed: Deed): Emission {
  const { at, action, by, entity, from, via, details = null } = deed;
  const context: Fields = {
    location: places.location,
    ua: from.userAgent,
    ip_address: from.ip,
    session_id: from.session,
  };
  if (via !== undefined) context.app = via.entity.app;
  return {
    at,
    platform: "slack",
    service: "slack:audit",
    record: {
      id: freshGuid(rng),
      date_create: Math.floor(at / SECOND_MS),
      action,
      actor: by,
      entity,
      context,
      details,
    },
  };
}

export function personActor({ slackId, name, email }: Person, places: Places): Fields {
  return {
    type: "user",
    user: { id: slackId, name, email, team: places.company.slackTeamId },
  };
}

export function originOf(person: Person): Origin {
  return { ip: person.ip, userAgent: person.userAgent, session: 4_100_000_000 + person.index };
}

/** `app_installed`: who let the app in, and how it had been approved. */
export function installed(
  places: Places,
  rng: Prng,
  at: number,
  by: Person,
  app: App,
  from: Origin = originOf(by),
): Emission {
  return entry(places, rng, {
    at,
    action: "app_installed",
    by: personActor(by, places),
    entity: app.entity,
    from,
    details: {
      is_internal_integration: app.isInternal,
      is_token_rotation_enabled_app: app.hasRotation,
      approval_type: app.isVerified || app.isInternal ? "approved" : "none",
    },
  });
}

export function approved(places: Places, rng: Prng, at: number, by: Person, app: App): Emission {
  return entry(places, rng, {
    at,
    action: "app_approved",
    by: personActor(by, places),
    entity: app.entity,
    from: originOf(by),
    details: { app_owner_id: app.ownerId, is_internal_integration: app.isInternal },
  });
}

/** `app_scopes_expanded` names the workspace as entity; the app stands in the context and the details. */
export function scopesExpanded(
  places: Places,
  rng: Prng,
  at: number,
  by: Person,
  app: App,
  added: readonly string[],
  from: Origin = originOf(by),
): Emission {
  return entry(places, rng, {
    at,
    action: "app_scopes_expanded",
    by: personActor(by, places),
    entity: places.workspace,
    from,
    via: app,
    details: {
      app_id: app.id,
      app_name: app.name,
      granular_bot_token: true,
      is_internal_integration: app.isInternal,
      is_token_rotation_enabled_app: app.hasRotation,
      previous_scopes: app.scopes,
      new_scopes: [...app.scopes, ...added],
    },
  });
}

/** A row of `team.integrationLogs`, which any paid workspace has: seconds as text. */
export function integrationLog(
  at: number,
  by: Person,
  app: App,
  change: "added" | "removed" | "enabled" | "disabled" | "updated",
  known: Fields = {},
): Emission {
  return {
    at,
    platform: "slack",
    service: "slack:api:team.integrationLogs",
    record: {
      app_id: app.id,
      app_type: app.name,
      user_id: by.slackId,
      user_name: by.email.slice(0, by.email.indexOf("@")),
      date: String(Math.floor(at / SECOND_MS)),
      change_type: change,
      scope: app.scopes.join(","),
      ...known,
    },
  };
}

/** What a run of a workflow or function came to. */
export interface Run {
  readonly at: number;
  readonly app: App;
  readonly event: string;
  /** Slack id of the person or bot user for whom it ran. */
  readonly actor: string;
  readonly payload?: Fields;
  readonly level?: "info" | "error";
}

/** A row of `admin.apps.activities.list`: `created` has decimals there. */
export function activity(places: Places, rng: Prng, run: Run): Emission {
  const { at, app, event, actor, payload = {}, level = "info" } = run;
  return {
    at,
    platform: "slack",
    service: "slack:api:admin.apps.activities.list",
    record: {
      app_id: app.id,
      level,
      event_type: event,
      source: "slack",
      component_type: "workflows",
      component_id: app.workflowId,
      team_id: places.company.slackTeamId,
      payload: { workflow_name: app.name, actor, ...payload },
      created: at / SECOND_MS,
      trace_id: `Tr0${freshId(rng, 8)}`,
    },
  };
}
