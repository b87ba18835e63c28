/** What automations in Slack do for a living: their scopes, their hours, and the records that their work leaves. */

import type { RhythmKind } from "./rhythm.ts";

/** One kind of work, as the logs show it. Messages leave no entry in Slack's audit log, so talkers are quiet there. */
export type StepKind =
  | "upload"
  | "download"
  | "share"
  | "delete"
  | "link"
  | "canvas"
  | "join"
  | "room"
  | "close"
  | "preview"
  | "group"
  | "run"
  | "read"
  | "search"
  | "write"
  | "summary";

export interface Step {
  readonly weight: number;
  readonly does: StepKind;
}

/** A product that everybody knows, and where its maker answers. */
export interface Brand {
  readonly name: string;
  readonly domain: string;
}

export interface Trade {
  readonly id: string;
  /** How many of the automations have it, against the other trades. */
  readonly weight: number;
  /** Words that its names are made of, and products that everybody knows. */
  readonly words: readonly [string, ...string[]];
  readonly brands?: readonly Brand[];
  readonly kind: "bot" | "workflow" | "webhook" | "ai";
  /** Share that the company built itself. */
  readonly internalShare: number;
  readonly scopes: readonly [readonly string[], ...(readonly string[])[]];
  readonly agents: readonly [string, ...string[]];
  readonly rhythm: readonly [RhythmKind, ...RhythmKind[]];
  /** Records on a middling day of a middling one. */
  readonly level: number;
  readonly steps: readonly [Step, ...Step[]];
  /** Channels and files that it moves among; null is all of them. */
  readonly breadth: number | null;
  /** Share of the company's people who use it, for those that act for people. */
  readonly reach?: number;
}

const NODE = "@slack:web-api/7.9.1 node/20.19.0 linux/5.15.0";
const NODE_OLD = "@slack:web-api/6.12.0 node/18.20.4 linux/5.10.0";
const PYTHON = "Python/3.12.4 slackclient/3.31.0 Linux/5.15.0";
const REQUESTS = "python-requests/2.32.3";
const GO = "Go-http-client/2.0";
const JAVA = "okhttp/4.12.0";
const RUBY = "Slack Ruby Client/2.5.2";
const AXIOS = "axios/1.7.9";
const CURL = "curl/8.7.1";

const brand = (name: string, domain: string): Brand => ({ name, domain });
const does = (weight: number, kind: StepKind): Step => ({ weight, does: kind });

export const TRADES: readonly [Trade, ...Trade[]] = [
  {
    id: "notifier",
    weight: 16,
    words: ["Alerts", "Notifier", "Updates", "Digest"],
    brands: [
      brand("Jira Cloud", "atlassian.com"),
      brand("GitHub", "github.com"),
      brand("Google Calendar", "google.com"),
      brand("Datadog", "datadoghq.com"),
      brand("Sentry", "sentry.io"),
    ],
    kind: "bot",
    internalShare: 0.35,
    scopes: [
      ["chat:write", "channels:read"],
      ["chat:write", "chat:write.public", "files:write"],
    ],
    agents: [NODE, PYTHON, GO, JAVA],
    rhythm: ["office", "always", "office"],
    level: 1.4,
    steps: [does(7, "upload"), does(2, "share"), does(1, "join")],
    breadth: 6,
  },
  {
    id: "deploy-bot",
    weight: 7,
    words: ["Deploy Bot", "Release Bot", "Build Bot", "CI"],
    brands: [brand("CircleCI", "circleci.com"), brand("Buildkite", "buildkite.com")],
    kind: "bot",
    internalShare: 0.7,
    scopes: [
      ["chat:write", "files:write", "users:read"],
      ["chat:write", "files:write", "channels:join"],
    ],
    agents: [GO, NODE, CURL, REQUESTS],
    rhythm: ["bursts"],
    level: 7,
    steps: [does(7, "upload"), does(2, "share"), does(1, "canvas"), does(0.3, "join")],
    breadth: 8,
  },
  {
    id: "stand-up",
    weight: 5,
    words: ["Stand-up", "Check-in", "Retro Buddy"],
    brands: [brand("Geekbot", "geekbot.com")],
    kind: "bot",
    internalShare: 0.2,
    scopes: [["chat:write", "im:write", "users:read"]],
    agents: [NODE, RUBY, AXIOS],
    rhythm: ["morning"],
    level: 4,
    steps: [does(5, "canvas"), does(3, "upload"), does(1, "join")],
    breadth: 5,
  },
  {
    id: "ticket-bot",
    weight: 7,
    words: ["Ticket Bot", "Helpdesk", "Triage", "Intake"],
    brands: [brand("Zendesk", "zendesk.com"), brand("ServiceNow", "servicenow.com")],
    kind: "bot",
    internalShare: 0.4,
    scopes: [
      ["chat:write", "channels:history", "reactions:write", "files:read"],
      ["chat:write", "channels:history", "files:read", "files:write", "groups:write"],
    ],
    agents: [JAVA, NODE, AXIOS],
    rhythm: ["office"],
    level: 6,
    steps: [
      does(4, "download"),
      does(4, "upload"),
      does(2, "share"),
      does(0.5, "room"),
      does(0.5, "join"),
    ],
    breadth: 40,
  },
  {
    id: "backup",
    weight: 2.2,
    words: ["Archiver", "Backup", "Vault", "Records Keeper"],
    kind: "bot",
    internalShare: 0.5,
    scopes: [
      ["files:read", "channels:history", "channels:read", "groups:history", "users:read"],
      ["files:read", "channels:read"],
    ],
    agents: [PYTHON, GO, REQUESTS, JAVA],
    rhythm: ["nightly"],
    level: 55,
    steps: [does(19, "download"), does(1, "preview")],
    breadth: null,
  },
  {
    id: "dlp",
    weight: 0.6,
    words: ["DLP", "Content Guard", "Leak Watch"],
    brands: [brand("Nightfall", "nightfall.ai")],
    kind: "bot",
    internalShare: 0.1,
    scopes: [["files:read", "files:write", "channels:history", "groups:history", "users:read"]],
    agents: [JAVA, GO],
    rhythm: ["always", "office"],
    level: 90,
    steps: [does(30, "download"), does(1, "delete"), does(1, "preview")],
    breadth: null,
  },
  {
    id: "analytics",
    weight: 4,
    words: ["Insights", "Metrics", "Pulse", "Engagement"],
    kind: "bot",
    internalShare: 0.35,
    scopes: [
      ["channels:read", "channels:history", "users:read"],
      ["channels:read", "users:read", "usergroups:read"],
    ],
    agents: [PYTHON, REQUESTS, NODE],
    rhythm: ["nightly", "weekly", "morning"],
    level: 9,
    steps: [does(6, "preview"), does(3, "download"), does(2, "canvas"), does(1, "upload")],
    breadth: 60,
  },
  {
    id: "workflow",
    weight: 15,
    words: ["Request", "Onboarding Form", "Feedback", "Kudos", "Access Request", "Weekly Report"],
    kind: "workflow",
    internalShare: 1,
    scopes: [["workflow.steps:execute", "chat:write"]],
    agents: ["Slack Workflow Builder"],
    rhythm: ["office", "office", "morning", "weekly"],
    level: 2.5,
    steps: [does(1, "run")],
    breadth: 3,
    reach: 0.05,
  },
  {
    id: "webhook",
    weight: 9,
    words: ["Hook", "Status Hook", "Form Hook", "Monitor Hook"],
    kind: "webhook",
    internalShare: 0.6,
    scopes: [["incoming-webhook"]],
    agents: [CURL, GO, REQUESTS],
    rhythm: ["rare"],
    level: 0.04,
    steps: [does(1, "join")],
    breadth: 1,
  },
  {
    id: "ai-assistant",
    weight: 3,
    words: ["Copilot", "Assistant", "Answers"],
    brands: [
      brand("Claude", "claude.ai"),
      brand("ChatGPT", "chatgpt.com"),
      brand("Perplexity", "perplexity.ai"),
      brand("Notion AI", "notion.so"),
    ],
    kind: "ai",
    internalShare: 0.15,
    scopes: [
      ["search:read", "channels:history", "users:read"],
      ["search:read", "channels:history", "groups:history", "files:read", "canvases:write"],
    ],
    agents: ["mcp-client/1.4 (node)", "Claude-User/1.0", AXIOS],
    rhythm: ["office"],
    level: 10,
    steps: [does(5, "search"), does(5, "read"), does(1, "write"), does(1, "summary")],
    breadth: 70,
    reach: 0.08,
  },
  {
    id: "notetaker",
    weight: 3,
    words: ["Notetaker", "Meeting Notes", "Scribe"],
    brands: [
      brand("Otter.ai", "otter.ai"),
      brand("Fireflies.ai", "fireflies.ai"),
      brand("Fathom", "fathom.video"),
    ],
    kind: "bot",
    internalShare: 0.05,
    scopes: [["chat:write", "files:write", "calls:read", "users:read.email"]],
    agents: [NODE, PYTHON],
    rhythm: ["office"],
    level: 5,
    steps: [does(5, "upload"), does(3, "canvas"), does(2, "share")],
    breadth: 15,
  },
  {
    id: "search-assistant",
    weight: 1.5,
    words: ["Search", "Finder", "Knowledge"],
    brands: [brand("Glean", "glean.com"), brand("Guru", "getguru.com")],
    kind: "ai",
    internalShare: 0.2,
    scopes: [["search:read", "channels:read", "files:read", "users:read"]],
    agents: [JAVA, "mcp-client/1.2 (python)"],
    rhythm: ["office"],
    level: 16,
    steps: [does(7, "search"), does(3, "read")],
    breadth: 120,
    reach: 0.15,
  },
  {
    id: "crm-sync",
    weight: 5,
    words: ["CRM Sync", "Deal Desk", "Account Sync"],
    brands: [brand("Salesforce", "salesforce.com"), brand("HubSpot", "hubspot.com")],
    kind: "bot",
    internalShare: 0.25,
    scopes: [["chat:write", "channels:manage", "files:read", "users:read.email"]],
    agents: [JAVA, AXIOS, NODE_OLD],
    rhythm: ["office", "always"],
    level: 7,
    steps: [
      does(4, "upload"),
      does(2, "download"),
      does(2, "canvas"),
      does(1, "room"),
      does(2, "join"),
    ],
    breadth: 50,
  },
  {
    id: "pager",
    weight: 3.5,
    words: ["Pager", "On-call", "Incident Bot"],
    brands: [brand("PagerDuty", "pagerduty.com"), brand("Opsgenie", "atlassian.com")],
    kind: "bot",
    internalShare: 0.3,
    scopes: [["chat:write", "channels:manage", "users:read", "usergroups:write"]],
    agents: [GO, JAVA, RUBY],
    rhythm: ["always"],
    level: 4,
    steps: [
      does(3, "join"),
      does(2, "upload"),
      does(1, "room"),
      does(1, "group"),
      does(0.5, "close"),
    ],
    breadth: 12,
  },
  {
    id: "poller",
    weight: 0.9,
    words: ["Watcher", "Poller", "Mirror"],
    kind: "bot",
    internalShare: 0.8,
    scopes: [
      ["channels:read", "channels:history"],
      ["files:read", "channels:read"],
    ],
    agents: [PYTHON, REQUESTS, CURL],
    rhythm: ["poll"],
    level: 40,
    steps: [does(8, "preview"), does(2, "download")],
    breadth: 10,
  },
  {
    id: "dormant",
    weight: 11,
    words: ["Pilot", "Hack Day", "Old Import", "Trial"],
    brands: [brand("Trello", "trello.com"), brand("Asana", "asana.com"), brand("Miro", "miro.com")],
    kind: "bot",
    internalShare: 0.5,
    scopes: [["chat:write", "files:read"], ["channels:history", "users:read"], ["chat:write"]],
    agents: [NODE_OLD, PYTHON, RUBY],
    rhythm: ["rare"],
    level: 0.12,
    steps: [does(3, "upload"), does(2, "download"), does(1, "join")],
    breadth: 3,
  },
  {
    id: "onboarding",
    weight: 2,
    words: ["Welcome", "Onboarding", "Directory Sync"],
    kind: "bot",
    internalShare: 0.6,
    scopes: [["users:read", "usergroups:write", "channels:manage", "chat:write"]],
    agents: [PYTHON, NODE],
    rhythm: ["morning", "office"],
    level: 3,
    steps: [does(4, "group"), does(3, "join"), does(1, "upload")],
    breadth: 10,
  },
  {
    id: "finance-report",
    weight: 1.5,
    words: ["Month-end", "Invoice Report", "Expense Report"],
    kind: "bot",
    internalShare: 0.8,
    scopes: [["files:read", "files:write", "chat:write"]],
    agents: [REQUESTS, PYTHON],
    rhythm: ["month_end", "weekly"],
    level: 14,
    steps: [does(5, "download"), does(4, "upload"), does(1, "share")],
    breadth: 60,
  },
  {
    id: "janitor",
    weight: 1,
    words: ["Janitor", "Channel Sweeper", "Cleaner"],
    kind: "bot",
    internalShare: 0.7,
    scopes: [["channels:read", "channels:manage", "chat:write", "files:write"]],
    agents: [NODE, PYTHON],
    rhythm: ["weekly"],
    level: 5,
    steps: [does(4, "close"), does(3, "delete"), does(4, "preview")],
    breadth: null,
  },
  {
    id: "converter",
    weight: 2,
    words: ["PDF Converter", "Translator", "OCR"],
    kind: "bot",
    internalShare: 0.3,
    scopes: [["files:read", "files:write", "chat:write"]],
    agents: [NODE, JAVA, AXIOS],
    rhythm: ["office"],
    level: 8,
    steps: [does(1, "download"), does(1, "upload")],
    breadth: 80,
  },
  {
    id: "publisher",
    weight: 1.5,
    words: ["Press Kit", "Share Desk", "Showcase"],
    kind: "bot",
    internalShare: 0.5,
    scopes: [["files:read", "files:write", "chat:write"]],
    agents: [NODE, RUBY],
    rhythm: ["office", "weekly"],
    level: 2,
    steps: [does(3, "upload"), does(2, "share"), does(1, "link")],
    breadth: 12,
  },
  {
    id: "survey",
    weight: 6,
    words: ["Polls", "Survey", "Quiz", "Donut"],
    brands: [brand("Polly", "polly.ai"), brand("Simple Poll", "simplepoll.rocks")],
    kind: "bot",
    internalShare: 0.1,
    scopes: [
      ["chat:write", "commands"],
      ["chat:write", "users:read"],
    ],
    agents: [RUBY, NODE, AXIOS],
    rhythm: ["office", "weekly"],
    level: 0.7,
    steps: [does(2, "upload"), does(2, "canvas"), does(1, "join")],
    breadth: 20,
  },
];
