/** Slack's lists as they are at the end of the run: approved apps, members and bot users. */

import { DAY_MS, SECOND_MS } from "#base/time.ts";
import type { Company, Person } from "#simulator/company.ts";
import type { CastMember, Day, Fields, StateFile } from "#simulator/stage.ts";
import type { App } from "./apps.ts";
import { guestsOf } from "./guests.ts";
import { isSlackMember } from "./member.ts";

export function stateOf(
  company: Company,
  cast: readonly CastMember[],
  days: readonly Day[],
): StateFile[] {
  const start = days[0]?.start ?? 0;
  const end = start + days.length * DAY_MS;
  const members = cast.filter(isSlackMember);
  const present = members.filter(({ traits: { arrival, removal } }) => {
    const hasCome = arrival === null || arrival.at < end;
    return hasCome && (removal === null || removal.at >= end);
  });
  const admin = company.people.find(({ isAdmin }) => isAdmin) ?? company.people[0];
  const rows = present.map(({ traits: { app, arrival, growth } }, index) => {
    const at = arrival?.at ?? start - (20 + ((index * 37) % 700)) * DAY_MS;
    const scopes = growth === null || growth.at >= end ? app.scopes : [...app.scopes, growth.added];
    return approvedApp(app, scopes, at, admin?.slackId ?? "");
  });
  const robots = present.filter(({ traits: { trade } }) => trade.kind !== "webhook");
  return [
    list("slack:api:admin.apps.approved.list", "approved_apps", rows),
    list("slack:api:users.list", "members", [
      ...[...company.people, ...guestsOf(company)].map((person) =>
        human(person, company, start, end),
      ),
      ...robots.map(({ traits: { app } }) => robot(app, company, start)),
    ]),
  ];
}

function list(service: string, key: string, rows: readonly Fields[]): StateFile {
  return { platform: "slack", service, key, rows };
}

/** Rows for apps that are there only because of a scenario. */
export function stateOfApp(
  app: App,
  company: Company,
  at: number,
  isApproved: boolean,
): StateFile[] {
  const admin = company.people.find(({ isAdmin }) => isAdmin);
  const files = [list("slack:api:users.list", "members", [robot(app, company, at)])];
  if (!isApproved) return files;
  const row = approvedApp(app, app.scopes, at, admin?.slackId ?? "");
  return [list("slack:api:admin.apps.approved.list", "approved_apps", [row]), ...files];
}

function approvedApp(app: App, scopes: readonly string[], at: number, resolver: string): Fields {
  return {
    app: {
      id: app.id,
      name: app.name,
      description: "",
      app_homepage_url: app.homepage,
      app_directory_url: `https://slack.com/marketplace/${app.id}`,
      is_app_directory_approved: app.isVerified,
      is_internal: app.isInternal,
      is_granular_bot_app: true,
      developer_type: app.isInternal ? "internal" : "third_party",
    },
    scopes: scopes.map((name) => ({
      name,
      description: "",
      is_sensitive: /history|files|search|admin/.test(name),
      token_type: name.startsWith("search") || name.startsWith("admin") ? "user" : "bot",
    })),
    date_updated: Math.floor(at / SECOND_MS),
    last_resolved_by: { actor_id: resolver, actor_type: "user" },
  };
}

/** A guest's row, for those who are not on the company's list of people. */
export function stateOfGuest(guest: Person, company: Company, at: number): StateFile[] {
  return [list("slack:api:users.list", "members", [human(guest, company, at, at)])];
}

function human(person: Person, company: Company, start: number, end: number): Fields {
  return {
    id: person.slackId,
    team_id: company.slackTeamId,
    name: person.email.slice(0, person.email.indexOf("@")),
    deleted: person.leftAt !== null && person.leftAt < end,
    real_name: person.name,
    is_bot: false,
    is_app_user: false,
    is_admin: person.isAdmin,
    is_owner: person.isAdmin && person.index < 3,
    is_restricted: person.isGuest,
    is_ultra_restricted: false,
    has_2fa: true,
    updated: Math.floor(start / SECOND_MS),
    profile: { email: person.email, real_name: person.name },
  };
}

function robot(app: App, company: Company, at: number): Fields {
  return {
    id: app.botUserId,
    team_id: company.slackTeamId,
    name: app.name.toLowerCase().replace(/[^a-z0-9]+/g, "_"),
    deleted: false,
    real_name: app.name,
    is_bot: true,
    is_app_user: false,
    is_workflow_bot: app.isWorkflow,
    is_admin: false,
    is_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
    updated: Math.floor(at / SECOND_MS),
    profile: { api_app_id: app.id, bot_id: app.botId, always_active: true, real_name: app.name },
  };
}
