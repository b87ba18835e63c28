/** The sample's GitHub, Okta, OpenAI and Anthropic: mostly everyday work. */

import type { Prng } from "#base/prng.ts";
import { DAY_MS, HOUR_MS, SECOND_MS } from "#base/time.ts";
import { type SampleFile, sampleFile } from "./container.ts";
import {
  days,
  type Fields,
  freshGuid,
  freshId,
  isoTime,
  isWorkday,
  local,
  type Moment,
  named,
  newestFirst,
  officeMoments,
  oldestFirst,
  type Person,
  spread,
  stableId,
  team,
  type World,
  withLateRecords,
  workdayBack,
} from "./world.ts";

const ORG = "northwind-robotics";
const REPOS = [
  "arm-controller",
  "vision",
  "fleet-api",
  "console",
  "firmware",
  "infra",
  "docs",
  "simulation",
] as const;

interface Machine {
  login: string;
  id: number;
  ip: string;
  userAgent: string;
  access: string;
}

const actions: Machine = {
  login: "github-actions[bot]",
  id: 41_898_282,
  ip: "192.0.2.80",
  userAgent: "git/2.49.0",
  access: "GitHub App server-to-server token",
};
const updates: Machine = {
  login: "dependabot[bot]",
  id: 49_699_333,
  ip: "192.0.2.81",
  userAgent: "dependabot-core",
  access: "GitHub App server-to-server token",
};
const renovate: Machine = {
  login: "renovate[bot]",
  id: 29_139_614,
  ip: "192.0.2.82",
  userAgent: "RenovateBot/41",
  access: "GitHub App server-to-server token",
};
const release: Machine = {
  login: "northwind-release",
  id: 70_004_411,
  ip: "192.0.2.83",
  userAgent: "git/2.47.1",
  access: "Fine-grained personal access token",
};

interface GitHubEvent {
  action: string;
  repo: string;
  more?: Fields;
}

function github(
  rng: Prng,
  at: number,
  who: Machine | Person,
  { action, repo, more = {} }: GitHubEvent,
): Moment {
  const isMachine = "access" in who;
  return {
    at,
    record: {
      "@timestamp": at,
      _document_id: freshId(rng, 22),
      action,
      actor: who.login,
      actor_id: isMachine ? who.id : Number.parseInt(stableId(who.login, 6), 36) % 90_000_000,
      actor_ip: who.ip,
      actor_is_bot: isMachine && who.login.endsWith("[bot]"),
      actor_location: { country_code: isMachine ? "US" : who.country },
      business: ORG,
      created_at: at,
      operation_type: action.startsWith("git.") ? "access" : "create",
      org: ORG,
      org_id: 9_041_177,
      repo: `${ORG}/${repo}`,
      repository: `${ORG}/${repo}`,
      user_agent: who.userAgent,
      ...(isMachine ? { programmatic_access_type: who.access } : {}),
      ...more,
    },
  };
}

function gitHubAudit(world: World): Fields[] {
  const rng = world.draws("github/audit");
  const moments: Moment[] = [];
  const work = [
    "git.fetch",
    "git.fetch",
    "git.push",
    "git.clone",
    "pull_request.create",
    "pull_request.merge",
  ] as const;
  for (const day of days(world)) {
    const isBusy = isWorkday(day);
    for (const person of team(world, "engineering")) {
      for (const at of officeMoments(rng, person, day, 8)) {
        moments.push(
          github(rng, at, person, {
            action: rng.pick(work),
            repo: rng.pick(REPOS),
            more: { transport_protocol_name: "ssh" },
          }),
        );
      }
    }
    for (const at of spread(
      rng,
      day + 5 * HOUR_MS,
      15 * HOUR_MS,
      isBusy ? 110 + rng.int(-9, 9) : 20,
    )) {
      moments.push(
        github(rng, at, actions, {
          action: "git.fetch",
          repo: rng.pick(REPOS),
          more: { transport_protocol_name: "http" },
        }),
      );
    }
    for (const at of spread(
      rng,
      day + 5 * HOUR_MS,
      15 * HOUR_MS,
      isBusy ? 40 + rng.int(-5, 5) : 8,
    )) {
      moments.push(
        github(rng, at, actions, {
          action: "workflows.completed_workflow_run",
          repo: rng.pick(REPOS),
          more: {
            name: "build",
            workflow_run_id: rng.int(1_000_000, 9_000_000),
            conclusion: rng.chance(0.9) ? "success" : "failure",
            event: "push",
          },
        }),
      );
    }
    for (const at of spread(rng, day + 4 * HOUR_MS, HOUR_MS, 5)) {
      moments.push(
        github(rng, at, updates, { action: "pull_request.create", repo: rng.pick(REPOS) }),
      );
    }
    for (const at of spread(rng, day + 3 * HOUR_MS, HOUR_MS, 8)) {
      moments.push(
        github(rng, at, renovate, {
          action: "git.push",
          repo: rng.pick(REPOS),
          more: { transport_protocol_name: "http" },
        }),
      );
    }
    if (isBusy) {
      for (const at of spread(rng, day + 14 * HOUR_MS, HOUR_MS, 3)) {
        moments.push(
          github(rng, at, release, {
            action: "git.push",
            repo: "fleet-api",
            more: { token_id: 881_204, token_scopes: "contents:write" },
          }),
        );
      }
    }
  }
  const lead = named(world, "Tindra");
  moments.push(
    github(rng, local(workdayBack(world, 10), 2, 11, 2), lead, {
      action: "integration_installation.create",
      repo: "docs",
      more: { integration: "Renovate", name: "Renovate", installation_id: 5_500_121 },
    }),
  );
  return oldestFirst(moments);
}

function installations(world: World): Fields[] {
  return [
    [
      "Renovate",
      "renovate",
      2_740,
      { contents: "write", pull_requests: "write", metadata: "read" },
    ],
    [
      "Northwind Deploy",
      "northwind-deploy",
      301_884,
      { contents: "read", deployments: "write", metadata: "read" },
    ],
    [
      "Coverage Lens",
      "coverage-lens",
      188_020,
      { contents: "read", statuses: "write", metadata: "read" },
    ],
  ].map(([name, slug, appId, permissions], index) => ({
    id: 5_500_121 + index,
    account: { login: ORG, id: 9_041_177, type: "Organization" },
    app_id: appId,
    app_slug: slug,
    target_type: "Organization",
    repository_selection: index === 0 ? "all" : "selected",
    permissions,
    events: ["push", "pull_request"],
    created_at: isoTime(world.start - 120 * DAY_MS),
    updated_at: isoTime(world.start - 20 * DAY_MS),
    suspended_at: null,
    html_url: `https://github.com/organizations/${ORG}/settings/installations/${5_500_121 + index}`,
    client_id: `Iv1.${stableId(`${name}`, 16).toLowerCase()}`,
  }));
}

interface OktaEvent {
  type: string;
  message: string;
  target?: Fields[];
  more?: Fields;
}

function okta(
  rng: Prng,
  at: number,
  actor: Fields,
  ip: string,
  agent: string,
  { type, message, target = [], more = {} }: OktaEvent,
): Moment {
  return {
    at,
    record: {
      uuid: freshGuid(rng),
      published: isoTime(at),
      eventType: type,
      version: "0",
      severity: "INFO",
      displayMessage: message,
      legacyEventType: null,
      actor,
      client: {
        userAgent: { rawUserAgent: agent, os: "Unknown", browser: "UNKNOWN" },
        zone: "null",
        device: "Computer",
        id: null,
        ipAddress: ip,
        geographicalContext: null,
      },
      authenticationContext: {
        authenticationProvider: null,
        authenticationStep: 0,
        externalSessionId: freshId(rng, 24),
      },
      outcome: { result: "SUCCESS", reason: null },
      securityContext: {
        asNumber: 64_500,
        asOrg: "example network",
        isp: "example network",
        domain: "example.com",
        isProxy: false,
      },
      transaction: { type: "WEB", id: freshId(rng, 26), detail: {} },
      debugContext: { debugData: { requestUri: "/api/v1/authn", requestId: freshId(rng, 26) } },
      target,
      ...more,
    },
  };
}

const OKTA_APPS = [
  "Google Workspace",
  "Microsoft Office 365",
  "Slack",
  "GitHub Enterprise",
  "Expense Desk",
  "Travel Desk",
] as const;

function oktaLog(world: World): Fields[] {
  const rng = world.draws("okta/system");
  const moments: Moment[] = [];
  for (const day of days(world)) {
    for (const person of world.people) {
      const actor = {
        id: person.oktaId,
        type: "User",
        alternateId: person.email,
        displayName: person.name,
        detailEntry: null,
      };
      for (const at of officeMoments(rng, person, day, 1)) {
        moments.push(
          okta(rng, at, actor, person.ip, person.userAgent, {
            type: "user.session.start",
            message: "User login to Okta",
          }),
        );
      }
      for (const at of officeMoments(rng, person, day, 4)) {
        const name = rng.pick(OKTA_APPS);
        const target = [
          {
            id: `0oa${stableId(name, 17)}`,
            type: "AppInstance",
            alternateId: name,
            displayName: name,
            detailEntry: null,
          },
        ];
        moments.push(
          okta(rng, at, actor, person.ip, person.userAgent, {
            type: "user.authentication.sso",
            message: "User single sign on to app",
            target,
          }),
        );
      }
    }
    const client = {
      id: `0oa${stableId("SIEM Export", 17)}`,
      type: "PublicClientApp",
      alternateId: `0oa${stableId("SIEM Export", 17)}`,
      displayName: "SIEM Export",
      detailEntry: null,
    };
    for (const at of spread(rng, day, DAY_MS, 24)) {
      const target = [
        {
          id: freshId(rng, 20),
          type: "access_token",
          alternateId: null,
          displayName: "Access Token",
          detailEntry: null,
        },
      ];
      moments.push(
        okta(rng, at, client, "203.0.113.61", "siem-export/3.2", {
          type: "app.oauth2.as.token.grant.access_token",
          message: "OAuth2 access token is granted",
          target,
        }),
      );
    }
  }
  return newestFirst(moments);
}

function openAiAudit(world: World): Fields[] {
  const rng = world.draws("openai/audit");
  const moments: Moment[] = [];
  const owner = named(world, "Corwin");
  const add = (at: number, person: Person, type: string, details: Fields) =>
    moments.push({
      at,
      record: {
        object: "organization.audit_log",
        id: `audit_log-${freshId(rng, 24)}`,
        type,
        effective_at: Math.floor(at / SECOND_MS),
        actor: {
          type: "session",
          session: {
            user: { id: `user-${stableId(person.email, 24)}`, email: person.email },
            ip_address: person.ip,
            user_agent: person.userAgent,
            ip_address_details: { country: person.country, asn: "64500" },
          },
        },
        [type]: details,
      },
    });
  for (const day of days(world)) {
    for (const person of team(world, "engineering").slice(0, 7)) {
      for (const at of officeMoments(rng, person, day, 0.8)) add(at, person, "login.succeeded", {});
    }
  }
  add(local(workdayBack(world, 12), -5, 10, 8), owner, "project.created", {
    id: `proj_${stableId("support", 20)}`,
    data: { name: "support-summaries", title: "Support summaries" },
  });
  add(local(workdayBack(world, 12), -5, 10, 15), owner, "service_account.created", {
    id: `user-${stableId("tickets svc", 20)}`,
    data: { role: "member" },
  });
  add(local(workdayBack(world, 12), -5, 10, 16), owner, "api_key.created", {
    id: `key_${stableId("tickets key", 16)}`,
    data: { scopes: ["api.model.request"] },
  });
  return newestFirst(moments);
}

function openAiKeys(world: World): Fields[] {
  const owner = named(world, "Corwin");
  return [
    {
      object: "organization.admin_api_key",
      id: `key_${stableId("usage export", 16)}`,
      name: "Usage export",
      redacted_value: "sk-admin...9kQ",
      created_at: (world.start - 90 * DAY_MS) / SECOND_MS,
      last_used_at: (world.end - 5 * HOUR_MS) / SECOND_MS,
      owner: {
        type: "user",
        object: "organization.user",
        id: `user-${stableId(owner.email, 24)}`,
        name: owner.name,
        created_at: (world.start - 300 * DAY_MS) / SECOND_MS,
        role: "owner",
      },
    },
  ];
}

const DIRECTORY = "directory_01NORTHWIND";
const SIEM_KEY = `apikey_01${stableId("siem key", 22)}`;

function anthropicActivities(world: World): Fields[] {
  const rng = world.draws("anthropic/activities");
  const moments: Moment[] = [];
  const add = (at: number, type: string, actor: Fields, more: Fields) =>
    moments.push({
      at,
      record: {
        id: `activity_01${freshId(rng, 22)}`,
        created_at: isoTime(at),
        organization_id: `org_01${stableId("claude org", 22)}`,
        organization_uuid: "5b1c0000-0000-4000-8000-00000000a11c",
        type,
        actor,
        ...more,
      },
    });
  const as = (person: Person): Fields => ({
    type: "user_actor",
    email_address: person.email,
    user_id: person.claudeId,
    ip_address: person.ip,
    user_agent: person.userAgent,
  });
  const siem = {
    type: "api_actor",
    api_key_id: SIEM_KEY,
    ip_address: "203.0.113.61",
    user_agent: "siem-export/3.2",
  };
  for (const day of days(world)) {
    for (const person of team(world, "engineering", "marketing").slice(0, 13)) {
      for (const at of officeMoments(rng, person, day, 6)) {
        const chat = `claude_chat_01${freshId(rng, 22)}`;
        const type = rng.pick([
          "claude_chat_created",
          "claude_chat_created",
          "claude_chat_viewed",
          "claude_file_uploaded",
        ]);
        add(at, type, as(person), { claude_chat_id: chat, claude_project_id: null });
      }
    }
    for (const at of spread(rng, day, DAY_MS, 24)) {
      add(at, "compliance_api_accessed", siem, {
        request_id: `req_01${freshId(rng, 20)}`,
        api_key_id: SIEM_KEY,
        url: "https://api.anthropic.com/v1/compliance/activities?limit=1000",
        request_method: "GET",
        request_body: null,
        status_code: 200,
      });
    }
  }
  const admin = named(world, "Nessa");
  add(local(workdayBack(world, 9), 2, 9, 50), "mcp_server_created", as(admin), {
    mcp_server_id: `mcpsrv_01${stableId("tickets mcp", 20)}`,
    mcp_server_name: "Service desk tickets",
  });
  add(
    local(workdayBack(world, 13), 2, 7, 5),
    "scim_user_created",
    {
      type: "scim_directory_sync_actor",
      workos_event_id: `event_01${freshId(rng, 20)}`,
      directory_id: DIRECTORY,
      idp_connection_type: "OktaSCIMV2",
    },
    { user_id: named(world, "Ysolde").claudeId },
  );
  return withLateRecords(rng, moments, 0.01, HOUR_MS);
}

function anthropicKeys(world: World): Fields[] {
  const maker = named(world, "Tindra");
  return ["Ticket summaries", "Release notes", "Test data"].map((name, index) => ({
    id: `apikey_01${stableId(name, 22)}`,
    type: "api_key",
    name,
    workspace_id: `wrkspc_01${stableId("claude workspace", 20)}`,
    created_at: isoTime(world.start - (40 + 15 * index) * DAY_MS),
    created_by: { id: maker.claudeId, type: "user" },
    partial_key_hint: `sk-ant-api03-${stableId(name, 3)}...${stableId(name, 4)}`,
    status: index === 2 ? "inactive" : "active",
  }));
}

export function otherFiles(world: World): SampleFile[] {
  return [
    sampleFile("github/audit.ndjson", "ndjson", () => gitHubAudit(world), { isCut: true }),
    sampleFile("github/installations.json", "json", () => installations(world), {
      page: { key: "installations", beside: { total_count: 3 } },
    }),
    sampleFile("okta/system-log.json", "json", () => oktaLog(world)),
    sampleFile("openai/audit-logs.json", "json", () => openAiAudit(world), {
      page: { key: "data", beside: { object: "list", has_more: false } },
    }),
    sampleFile("openai/admin-api-keys.json", "json", () => openAiKeys(world), {
      page: { key: "data", beside: { object: "list", has_more: false } },
    }),
    sampleFile("anthropic/activities.ndjson", "ndjson", () => anthropicActivities(world)),
    sampleFile("anthropic/api-keys.json", "json", () => anthropicKeys(world), {
      page: { key: "data", beside: { has_more: false } },
    }),
  ];
}
