/** The sample's Slack: audit log with everyday work and what hides in it, approved apps, members. */

import type { Prng } from "#base/prng.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "#base/time.ts";
import { type SampleFile, sampleFile } from "./container.ts";
import {
  COMPANY,
  days,
  type Fields,
  freshGuid,
  freshId,
  isWorkday,
  local,
  type Moment,
  named,
  officeMoments,
  oldestFirst,
  type Person,
  spread,
  stableId,
  team,
  type World,
  workdayBack,
} from "./world.ts";

const TEAM = "T0NORTHWIND";

interface App {
  id: string;
  name: string;
  isVerified: boolean;
  isInternal: boolean;
  homepage: string;
  scopes: readonly string[];
}

function app(name: string, scopes: readonly string[], known: Partial<App> = {}): App {
  return {
    id: known.id ?? `A0${stableId(`slack app ${name}`, 9)}`,
    name,
    isVerified: known.isVerified ?? true,
    isInternal: known.isInternal ?? false,
    homepage: known.homepage ?? `https://${name.toLowerCase().replace(/[^a-z]+/g, "-")}.example`,
    scopes,
  };
}

const CHAT = ["chat:write", "channels:read"] as const;
const inHouse = { isInternal: true, isVerified: false, homepage: "https://tools.example.com" };
const deployBot = app("Deploy Bot", ["chat:write", "files:write", "users:read"], inHouse);
const ticketBot = app(
  "Ticket Triage",
  ["chat:write", "channels:history", "reactions:write", "files:read"],
  inHouse,
);
const pressKit = app("Press Kit Bot", ["files:read", "files:write", "chat:write"], inHouse);
const pager = app("Night Pager", [...CHAT, "users:read"]);
const claude = app("Claude", ["search:read", "channels:history", "users:read"], {
  id: "A08SF47R6P4",
  homepage: "https://claude.ai",
});
const zapier = app("Zapier", [...CHAT, "files:read", "users:read"], {
  id: "A024R9PQM",
  homepage: "https://zapier.com",
});
const insights = app(
  "Channel Insights Pro",
  [
    "channels:history",
    "groups:history",
    "im:history",
    "mpim:history",
    "channels:read",
    "users:read",
  ],
  { isVerified: false },
);
const atlas = app(
  "Atlas Assistant",
  ["search:read", "channels:history", "groups:history", "files:read"],
  {
    isVerified: false,
  },
);
const everyday = [
  deployBot,
  ticketBot,
  pressKit,
  pager,
  claude,
  zapier,
  app("Standup Buddy", [...CHAT, "im:write"]),
  app("Quick Poll", CHAT),
  app("CRM Alerts", [...CHAT, "incoming-webhook"]),
  app("Meeting Recorder", [...CHAT, "calls:read"]),
] as const;

const CHANNELS = Array.from({ length: 70 }, (_, index) => ({
  id: `C0${stableId(`channel ${index}`, 8)}`,
  name: `${["proj", "team", "ops", "deal", "help"][index % 5] ?? "proj"}-${stableId(`word ${index}`, 5).toLowerCase()}`,
}));

interface Context {
  ip?: string;
  userAgent?: string;
  app?: App;
}

function entry(
  rng: Prng,
  at: number,
  action: string,
  by: Person,
  entity: Fields,
  details: Fields | null = null,
  { ip = by.ip, userAgent = by.userAgent, app: via }: Context = {},
): Moment {
  return {
    at,
    record: {
      id: freshGuid(rng),
      date_create: Math.floor(at / SECOND_MS),
      action,
      actor: {
        type: "user",
        user: { id: by.slackId, name: by.name, email: by.email, team: TEAM },
      },
      entity,
      context: {
        location: { type: "workspace", id: TEAM, name: COMPANY, domain: "northwind-robotics" },
        ua: userAgent,
        ip_address: ip,
        session_id: rng.int(4_000_000_000, 4_100_000_000),
        ...(via === undefined ? {} : { app: appEntity(via) }),
      },
      details,
    },
  };
}

function appEntity(what: App): Fields {
  return {
    id: what.id,
    name: what.name,
    is_distributed: !what.isInternal,
    is_directory_approved: what.isVerified,
    is_workflow_app: false,
    scopes: what.scopes,
  };
}

function file(rng: Prng): Fields {
  const id = `F0${freshId(rng, 8)}`;
  const kind = rng.pick(["pdf", "png", "xlsx", "docx"]);
  const title = `${rng.pick(["plan", "quote", "drawing", "report", "notes"])}-${rng.int(1, 900)}.${kind}`;
  return { type: "file", file: { id, name: title, title, filetype: kind } };
}

function channel(rng: Prng): Fields {
  const { id, name } = rng.pick(CHANNELS);
  return { type: "channel", channel: { id, name, privacy: "public", is_shared: false } };
}

function userEntity(person: Person): Fields {
  return {
    type: "user",
    user: { id: person.slackId, name: person.name, email: person.email, team: TEAM },
  };
}

const WORK = [
  "file_downloaded",
  "file_downloaded",
  "file_uploaded",
  "file_uploaded",
  "file_shared",
  "user_channel_join",
  "user_channel_leave",
  "canvas_edited",
] as const;

/** People at work, bots that post files and answer, a few installs that nobody needs to look at. */
function ordinary(world: World, rng: Prng): Moment[] {
  const moments: Moment[] = [];
  for (const day of days(world)) {
    for (const person of world.people) {
      const times = officeMoments(rng, person, day, 9);
      const first = Math.min(...times);
      if (times.length > 0)
        moments.push(entry(rng, first - MINUTE_MS, "user_login", person, userEntity(person)));
      for (const at of times) {
        const action = rng.pick(WORK);
        moments.push(
          entry(rng, at, action, person, action.includes("channel") ? channel(rng) : file(rng)),
        );
      }
    }
    moments.push(...bots(world, rng, day), ...assistants(world, rng, day));
  }
  const installer = named(world, "Nessa");
  for (const [index, what] of everyday.slice(6, 9).entries()) {
    const at = local(workdayBack(world, 12 - 2 * index), installer.zone, 10, 20 + index);
    moments.push(installed(rng, at, installer, what));
  }
  return moments;
}

function installed(rng: Prng, at: number, by: Person, what: App, context: Context = {}): Moment {
  const details = {
    is_internal_integration: what.isInternal,
    is_token_rotation_enabled_app: false,
    approval_type: what.isVerified ? "approved" : "none",
  };
  return entry(
    rng,
    at,
    "app_installed",
    by,
    { type: "app", app: appEntity(what) },
    details,
    context,
  );
}

/** Bot users act as users in the audit log; the app stands in the context. */
function botUser(world: World, what: App): Person {
  return {
    ...named(world, "Nessa"),
    name: what.name,
    email: "",
    slackId: `U0${stableId(`bot ${what.id}`, 8)}`,
    ip: "203.0.113.20",
    userAgent: "okhttp/4.12",
  };
}

function bots(world: World, rng: Prng, day: number): Moment[] {
  const loads: readonly (readonly [App, number, number])[] = [
    [deployBot, 14, 3],
    [ticketBot, 22, 6],
    [pager, 4, 4],
    [zapier, 12, 8],
    [pressKit, 2, 0],
  ];
  return loads.flatMap(([what, workday, weekend]) => {
    const count = isWorkday(day) ? workday + rng.int(-2, 2) : weekend;
    const from = isWorkday(day) ? day + 6 * HOUR_MS : day;
    const length = isWorkday(day) ? 14 * HOUR_MS : DAY_MS;
    return spread(rng, from, length, Math.max(0, count)).map((at) =>
      entry(
        rng,
        at,
        rng.chance(0.7) ? "file_uploaded" : "file_shared",
        botUser(world, what),
        file(rng),
        null,
        {
          app: what,
        },
      ),
    );
  });
}

const TOOLS = [
  "mcp_slack_search_public_tool_called",
  "mcp_slack_read_channel_tool_called",
  "mcp_slack_read_thread_tool_called",
  "mcp_slack_read_user_profile_tool_called",
] as const;

/** A handful of people ask an assistant that searches Slack for them. */
function assistants(world: World, rng: Prng, day: number): Moment[] {
  const askers = team(world, "engineering").slice(0, 6);
  return askers.flatMap((person) =>
    officeMoments(rng, person, day, 3).map((at) =>
      toolCall(rng, at, rng.pick(TOOLS), person, claude),
    ),
  );
}

function toolCall(
  rng: Prng,
  at: number,
  action: string,
  person: Person,
  via: App,
  context: Context = {},
): Moment {
  return entry(
    rng,
    at,
    action,
    person,
    channel(rng),
    { client_app_id: via.id, client_name: via.name },
    {
      ...context,
      app: via,
    },
  );
}

/** A guest installs an app that reads everything; a day later it reads files too; then channels are exported. */
function guestApp(world: World, rng: Prng): Moment[] {
  const { guest } = world;
  const admin = named(world, "Rowena");
  const day = workdayBack(world, 5);
  const next = workdayBack(world, 4);
  const away = { ip: guest.ip, userAgent: "python-requests/2.32.3" };
  const workspace = {
    type: "workspace",
    workspace: { id: TEAM, name: COMPANY, domain: "northwind-robotics" },
  };
  const added = ["files:read", "search:read", "users:read.email"];
  const scopes = {
    app_id: insights.id,
    app_name: insights.name,
    is_internal_integration: false,
    granular_bot_token: true,
    previous_scopes: insights.scopes,
    new_scopes: [...insights.scopes, ...added],
  };
  const exported = { export_type: "channels", channel_count: 64 };
  const reads = spread(rng, local(next, guest.zone, 22, 15), 70 * MINUTE_MS, 170);
  return [
    installed(rng, local(day, guest.zone, 16, 41), guest, insights, { ip: guest.ip }),
    entry(rng, local(next, guest.zone, 11, 3), "app_scopes_expanded", guest, workspace, scopes, {
      app: insights,
    }),
    ...reads.map((at) =>
      entry(rng, at, "file_downloaded", guest, file(rng), null, { ...away, app: insights }),
    ),
    entry(
      rng,
      local(next, admin.zone, 19, 4),
      "channels_export_started",
      admin,
      workspace,
      exported,
      away,
    ),
    entry(
      rng,
      local(next, admin.zone, 19, 47),
      "channels_export_completed",
      admin,
      workspace,
      exported,
      away,
    ),
    entry(
      rng,
      local(next, admin.zone, 19, 52),
      "channels_export_downloaded",
      admin,
      workspace,
      exported,
      away,
    ),
  ];
}

/** A connected assistant goes through sixty channels in twelve minutes. */
function toolBurst(world: World, rng: Prng): Moment[] {
  const person = named(world, "Otis");
  const from = local(workdayBack(world, 3), person.zone, 17, 20);
  const install = installed(rng, from - 26 * HOUR_MS, person, atlas);
  const tools = [
    "mcp_slack_search_public_and_private_tool_called",
    "mcp_slack_read_channel_tool_called",
    "mcp_slack_read_channel_tool_called",
    "mcp_slack_read_thread_tool_called",
    "mcp_slack_read_file_tool_called",
  ] as const;
  const warmUp = spread(rng, from - 26 * HOUR_MS, 5 * HOUR_MS, 7);
  const burst = spread(rng, from, 12 * MINUTE_MS, 460);
  const away = { ip: "203.0.113.171", userAgent: "node" };
  return [
    install,
    ...warmUp.map((at) => toolCall(rng, at, "mcp_slack_search_public_tool_called", person, atlas)),
    ...burst.map((at) => toolCall(rng, at, rng.pick(tools), person, atlas, away)),
  ];
}

/** The press kit bot, which shares a file or two a day, opens dozens to the whole internet. */
function linkSpree(world: World, rng: Prng): Moment[] {
  const from = local(workdayBack(world, 2), 2, 21, 10);
  return spread(rng, from, 50 * MINUTE_MS, 58).map((at) =>
    entry(rng, at, "file_public_link_created", botUser(world, pressKit), file(rng), null, {
      app: pressKit,
    }),
  );
}

function auditLog(world: World): Fields[] {
  const rng = world.draws("slack/audit");
  return oldestFirst([
    ...ordinary(world, rng),
    ...guestApp(world, rng),
    ...toolBurst(world, rng),
    ...linkSpree(world, rng),
  ]);
}

/** How many records of the first export the second one repeats. */
const OVERLAP = 45;

/** Two exports of one log: the second was made two days later and repeats the end of the first. */
function firstExport(world: World): Fields[] {
  const log = auditLog(world);
  return log.slice(0, lateStart(world, log));
}

function secondExport(world: World): Fields[] {
  const log = auditLog(world);
  return log.slice(Math.max(0, lateStart(world, log) - OVERLAP));
}

function lateStart(world: World, log: readonly Fields[]): number {
  const from = (world.end - 2 * DAY_MS) / SECOND_MS;
  const index = log.findIndex(({ date_create: at }) => typeof at === "number" && at >= from);
  return index < 0 ? log.length : index;
}

function approvedApps(world: World): Fields[] {
  const approver = named(world, "Nessa");
  return everyday.map((what, index) => ({
    app: {
      id: what.id,
      name: what.name,
      description: "",
      app_homepage_url: what.homepage,
      is_app_directory_approved: what.isVerified,
      is_internal: what.isInternal,
      is_granular_bot_app: true,
      developer_type: what.isInternal ? "internal" : "third_party",
    },
    scopes: what.scopes.map((name) => ({
      name,
      description: "",
      is_sensitive: /history|files|search/.test(name),
      token_type: "bot",
    })),
    date_updated: (world.start - (30 + 9 * index) * DAY_MS) / SECOND_MS,
    last_resolved_by: { actor_id: approver.slackId, actor_type: "user" },
  }));
}

function members(world: World): Fields[] {
  const people = [...world.people, world.guest].map((person) => ({
    id: person.slackId,
    team_id: TEAM,
    name: person.login,
    deleted: false,
    real_name: person.name,
    is_bot: false,
    is_app_user: false,
    is_admin: person.isAdmin,
    is_owner: person.name.startsWith("Nessa"),
    is_restricted: person.isGuest,
    is_ultra_restricted: false,
    has_2fa: !person.isGuest,
    updated: world.start / SECOND_MS,
    profile: { email: person.email, real_name: person.name },
  }));
  const users = [...everyday, insights, atlas].map((what) => ({
    id: `U0${stableId(`bot ${what.id}`, 8)}`,
    team_id: TEAM,
    name: what.name.toLowerCase().replaceAll(" ", "_"),
    deleted: false,
    real_name: what.name,
    is_bot: true,
    is_app_user: false,
    is_admin: false,
    is_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
    updated: world.start / SECOND_MS,
    profile: {
      api_app_id: what.id,
      bot_id: `B0${stableId(`bot id ${what.id}`, 8)}`,
      real_name: what.name,
    },
  }));
  return [...people, ...users];
}

export function slackFiles(world: World): SampleFile[] {
  return [
    sampleFile("slack/audit.ndjson", "ndjson", () => firstExport(world), {
      noise: [{ after: 1_200, line: "# collector restarted, resuming from the last cursor" }],
    }),
    sampleFile("slack/audit-recent.ndjson", "ndjson", () => secondExport(world)),
    sampleFile("slack/approved-apps.json", "json", () => approvedApps(world), {
      page: { key: "approved_apps", beside: { ok: true } },
    }),
    sampleFile("slack/users.json", "json", () => members(world), {
      page: { key: "members", beside: { ok: true } },
    }),
  ];
}
