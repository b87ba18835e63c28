/** What the everyday automations of a Workspace tenant are for, when they work, and what their work leaves in the logs. */

import type { AppKind } from "./apps.ts";
import type { Access } from "./records.ts";

/** One thing that an automation does over and over. */
export interface Step {
  /** How often, compared with the other steps of the trade. */
  readonly weight: number;
  readonly does: "call" | "file" | "share" | "calendar" | "directory" | "mail" | "fetch" | "chat";
  /** API method; a file access leaves both the call and the Drive record. */
  readonly method: string;
  readonly bytes?: readonly [min: number, max: number];
  readonly access?: Access;
  /** Share of sharing that goes to somebody outside. */
  readonly outside?: number;
}

/**
 * When it works: in one run by night or in the morning, every so many minutes around the clock, when its people work, in
 * bursts when something happens, once a week, around the end of the month, or hardly ever.
 */
export type Rhythm =
  | "night"
  | "morning"
  | "poll"
  | "office"
  | "burst"
  | "weekly"
  | "month"
  | "idle";

/**
 * How many people let it in: one, a few, a team, many; or it acts for everybody by delegation, or for the one
 * administrator whom its directory calls need; or as itself.
 */
export type Reach = "one" | "few" | "team" | "many" | "delegated" | "admin" | "self";

export interface Trade {
  readonly id: string;
  /** Share of the cast. */
  readonly weight: number;
  readonly kind: AppKind;
  readonly clientType?: string;
  /** Whether Google's logs call what it does agentic. */
  readonly isAgent?: boolean;
  /** Products that everybody knows, each at most once in a tenant; then invented names. */
  readonly brands?: readonly string[];
  readonly words: readonly string[];
  /** Alternatives, one of which an automation of this trade has. */
  readonly scopes: readonly (readonly string[])[];
  readonly reach: readonly Reach[];
  readonly rhythm: readonly Rhythm[];
  /** Hours of the office's clock between which a run begins. */
  readonly hours?: readonly [from: number, to: number];
  /** Records a day, compared with a middling automation. */
  readonly volume: number;
  readonly steps: readonly Step[];
}

const call = (weight: number, method: string, min: number, max: number): Step => ({
  weight,
  does: "call",
  method,
  bytes: [min, max],
});

const file = (
  weight: number,
  access: Access,
  method: string,
  min = 20_000,
  max = 4_000_000,
): Step => ({ weight, does: "file", access, method, bytes: [min, max] });

const other = (weight: number, does: Step["does"], method: string, outside = 0): Step => ({
  weight,
  does,
  method,
  bytes: [400, 4_000],
  outside,
});

export const TRADES: readonly Trade[] = [
  {
    id: "drive-backup",
    weight: 3,
    kind: "oauth_app",
    brands: ["Spanning Backup", "Afi Backup", "Backupify"],
    words: ["Backup", "Vault", "Cloud Backup", "SafeKeep", "Snapshot"],
    scopes: [["drive.readonly"], ["drive"]],
    reach: ["one", "few", "team"],
    rhythm: ["night"],
    hours: [0, 4],
    volume: 5,
    steps: [call(1, "drive.changes.list", 2_000, 60_000), file(6, "download", "drive.files.get")],
  },
  {
    id: "tenant-backup",
    weight: 1,
    kind: "service_account",
    words: ["Workspace Backup", "Tenant Vault", "Archive Sync"],
    scopes: [["drive.readonly", "gmail.readonly", "calendar.readonly"]],
    reach: ["delegated"],
    rhythm: ["night"],
    hours: [21, 26],
    volume: 10,
    steps: [
      file(5, "download", "drive.files.get"),
      call(3, "gmail.users.messages.get", 4_000, 300_000),
      call(1, "calendar.events.list", 2_000, 40_000),
      call(1, "drive.files.list", 4_000, 90_000),
    ],
  },
  {
    id: "dlp-scanner",
    weight: 1.5,
    kind: "service_account",
    words: ["DLP Scanner", "Data Guard", "Content Compliance", "Posture Scan"],
    scopes: [
      ["drive.readonly", "admin.directory.user.readonly"],
      ["drive", "gmail.readonly"],
    ],
    reach: ["delegated"],
    rhythm: ["poll", "night"],
    hours: [19, 24],
    volume: 7,
    steps: [
      file(5, "view", "drive.files.get", 2_000, 400_000),
      call(2, "drive.files.list", 8_000, 200_000),
      call(2, "drive.permissions.list", 600, 9_000),
    ],
  },
  {
    id: "crm-sync",
    weight: 9,
    kind: "oauth_app",
    brands: ["HubSpot", "Salesforce Inbox", "Pipedrive", "Copper"],
    words: ["CRM Sync", "Pipeline", "Contact Sync", "Deal Desk", "Leads"],
    scopes: [
      ["gmail.readonly", "calendar.readonly", "contacts.readonly"],
      ["gmail.metadata", "calendar.events"],
      ["contacts", "calendar"],
    ],
    reach: ["one", "few", "few", "team"],
    rhythm: ["poll"],
    volume: 1.4,
    steps: [
      call(4, "gmail.users.history.list", 300, 8_000),
      call(3, "gmail.users.messages.get", 3_000, 90_000),
      call(2, "calendar.events.list", 900, 20_000),
      call(1, "people.people.connections.list", 900, 30_000),
    ],
  },
  {
    id: "scheduler",
    weight: 9,
    kind: "oauth_app",
    brands: ["Calendly", "Zoom", "Doodle", "Webex Meetings"],
    words: ["Scheduler", "CalBridge", "Booking", "Meet Link", "Rooms"],
    scopes: [["calendar.events"], ["calendar"], ["calendar.readonly", "calendar.events"]],
    reach: ["one", "one", "few", "many"],
    rhythm: ["office", "office", "poll"],
    volume: 0.9,
    steps: [
      call(5, "calendar.events.list", 900, 20_000),
      call(1, "calendar.freebusy.query", 300, 2_000),
      other(2, "calendar", "calendar.events.insert"),
    ],
  },
  {
    id: "e-signature",
    weight: 6,
    kind: "oauth_app",
    brands: ["DocuSign", "Dropbox Sign", "PandaDoc"],
    words: ["Sign", "PaperSign", "Contract Flow", "eSign"],
    scopes: [["drive.file"], ["drive.file", "gmail.send"], ["drive.readonly"]],
    reach: ["one", "few", "few"],
    rhythm: ["burst"],
    volume: 0.6,
    steps: [
      file(3, "download", "drive.files.get", 40_000, 900_000),
      file(3, "create", "drive.files.create", 600, 2_000),
      other(1, "share", "drive.permissions.create", 0.7),
    ],
  },
  {
    id: "notetaker",
    weight: 4,
    kind: "oauth_app",
    brands: ["Otter.ai", "Fireflies.ai", "Fathom"],
    words: ["Meeting Notes AI", "MeetScribe", "AI Recap", "Call Notes"],
    scopes: [
      ["calendar.events.readonly", "contacts.other.readonly"],
      ["calendar.readonly", "drive.file"],
    ],
    reach: ["one", "few", "few", "team"],
    rhythm: ["burst", "office"],
    volume: 1,
    steps: [
      call(6, "calendar.events.list", 2_000, 30_000),
      call(1, "calendar.calendarList.list", 500, 4_000),
      file(1, "create", "drive.files.create", 600, 2_000),
    ],
  },
  {
    id: "ai-assistant",
    weight: 4,
    kind: "oauth_app",
    brands: ["ChatGPT", "Claude for Google Drive", "Perplexity", "Glean"],
    words: ["AI Assistant", "Copywriter AI", "DocChat", "GPT for Sheets"],
    scopes: [["drive.readonly"], ["drive.readonly", "gmail.readonly"], ["drive.file"]],
    reach: ["one", "one", "few", "team"],
    rhythm: ["office"],
    volume: 1.2,
    steps: [
      call(3, "drive.files.list", 3_000, 40_000),
      file(5, "view", "drive.files.get", 8_000, 700_000),
      call(1, "drive.files.export", 6_000, 400_000),
    ],
  },
  {
    id: "ai-agent",
    weight: 2,
    kind: "oauth_app",
    isAgent: true,
    words: ["Inbox Agent", "Research Agent", "Ops Agent", "Sales Agent"],
    scopes: [
      ["gmail.modify", "drive"],
      ["drive", "gmail.send", "calendar.events"],
      ["drive.readonly", "gmail.readonly"],
    ],
    reach: ["one", "one", "few"],
    rhythm: ["burst", "office"],
    volume: 1.4,
    steps: [
      call(3, "gmail.users.messages.get", 3_000, 90_000),
      call(1, "gmail.users.messages.list", 2_000, 20_000),
      file(3, "view", "drive.files.get", 8_000, 700_000),
      other(1, "calendar", "calendar.events.insert"),
      other(1, "mail", "gmail.users.messages.send"),
    ],
  },
  {
    id: "mail-merge",
    weight: 6,
    kind: "script",
    words: ["Mail merge", "Copy of Mail merge", "Newsletter sender", "Reminder mails", "Invites"],
    scopes: [
      ["spreadsheets", "gmail.send", "script.send_mail"],
      ["spreadsheets", "script.send_mail", "script.container.ui"],
    ],
    reach: ["one"],
    rhythm: ["weekly", "burst", "weekly"],
    hours: [9, 16],
    volume: 0.9,
    steps: [
      call(1, "sheets.spreadsheets.values.get", 2_000, 60_000),
      other(6, "mail", "gmail.users.messages.send"),
      call(1, "sheets.spreadsheets.values.update", 200, 900),
    ],
  },
  {
    id: "finance-script",
    weight: 5,
    kind: "script",
    words: [
      "Month-end close",
      "Cost centre report",
      "Invoices to ledger",
      "VAT export",
      "Payroll prep",
    ],
    scopes: [
      ["spreadsheets", "drive", "script.scriptapp"],
      ["spreadsheets", "drive.file", "script.external_request"],
    ],
    reach: ["one"],
    rhythm: ["month"],
    hours: [7, 20],
    volume: 2,
    steps: [
      call(5, "sheets.spreadsheets.values.get", 3_000, 120_000),
      call(3, "sheets.spreadsheets.values.append", 300, 2_000),
      file(2, "create", "drive.files.create", 600, 2_000),
      file(1, "copy", "drive.files.copy", 600, 2_000),
      other(1, "share", "drive.permissions.create"),
    ],
  },
  {
    id: "hr-sync",
    weight: 2,
    kind: "service_account",
    brands: ["Workday Provisioning", "BambooHR Sync"],
    words: ["HR Sync", "People Provisioning", "Joiner Leaver"],
    scopes: [["admin.directory.user", "admin.directory.group", "admin.directory.group.member"]],
    reach: ["admin"],
    rhythm: ["morning", "poll"],
    hours: [5, 8],
    volume: 0.9,
    steps: [
      call(5, "directory.users.list", 20_000, 200_000),
      call(3, "directory.users.get", 900, 3_000),
      call(2, "directory.members.list", 900, 20_000),
      other(1, "directory", "directory.users.update"),
    ],
  },
  {
    id: "ci-account",
    weight: 3,
    kind: "service_account",
    words: ["ci-artifacts", "release-bot", "terraform-plan", "docs-publisher", "build-cache"],
    scopes: [["drive.file"], ["drive"]],
    reach: ["self"],
    rhythm: ["burst"],
    volume: 1.6,
    steps: [
      file(3, "upload", "drive.files.create", 600, 2_000),
      file(3, "view", "drive.files.get", 900, 60_000),
      file(2, "download", "drive.files.get", 40_000, 9_000_000),
      file(1, "edit", "drive.files.update", 600, 2_000),
    ],
  },
  {
    id: "dashboard",
    weight: 8,
    kind: "oauth_app",
    brands: ["Tableau", "Supermetrics", "Geckoboard"],
    words: ["Dashboard", "KPI Board", "Metrics", "Wallboard", "Sheet Sync"],
    scopes: [
      ["spreadsheets.readonly"],
      ["spreadsheets"],
      ["spreadsheets.readonly", "drive.metadata.readonly"],
    ],
    reach: ["one", "one", "few"],
    rhythm: ["poll"],
    volume: 1.8,
    steps: [
      call(8, "sheets.spreadsheets.values.get", 1_500, 30_000),
      call(1, "sheets.spreadsheets.get", 900, 9_000),
    ],
  },
  {
    id: "project-tool",
    weight: 9,
    kind: "oauth_app",
    brands: ["Asana", "Notion", "Trello", "Monday", "ClickUp", "Airtable", "Slack"],
    words: ["Projects", "Taskboard", "Planner", "Sprint", "Roadmaps"],
    scopes: [["drive.file"], ["drive.file", "calendar.readonly"], ["drive.readonly"]],
    reach: ["one", "few", "team", "many"],
    rhythm: ["office"],
    volume: 0.7,
    steps: [
      file(4, "view", "drive.files.get", 900, 60_000),
      call(3, "drive.files.list", 900, 30_000),
      file(1, "create", "drive.files.create", 600, 2_000),
      other(1, "share", "drive.permissions.create", 0.05),
    ],
  },
  {
    id: "sign-in",
    weight: 10,
    kind: "oauth_app",
    brands: ["Figma", "Miro", "Grammarly", "Canva", "Loom", "1Password"],
    words: ["Portal", "Travel", "Learning", "Benefits", "Parking", "Lunch", "Surveys"],
    scopes: [[]],
    reach: ["one", "few", "team", "many"],
    rhythm: ["idle"],
    volume: 0.05,
    steps: [call(1, "oauth2.userinfo.get", 200, 700)],
  },
  {
    id: "dormant",
    weight: 6,
    kind: "oauth_app",
    words: ["Importer", "PDF Tools", "Mail Tracker", "Photo Print", "Old Sync", "Whiteboard"],
    scopes: [
      ["drive"],
      ["gmail.readonly"],
      ["https://mail.google.com/"],
      ["drive.readonly", "contacts.readonly"],
    ],
    reach: ["one", "few"],
    rhythm: ["idle"],
    volume: 0.02,
    steps: [
      call(1, "drive.files.list", 900, 9_000),
      call(1, "gmail.users.messages.list", 900, 9_000),
    ],
  },
  {
    id: "migration-tool",
    weight: 0.7,
    kind: "service_account",
    words: ["Migrator", "Mailbox Mover", "Drive Mover"],
    scopes: [["drive", "gmail.insert", "calendar"]],
    reach: ["delegated"],
    rhythm: ["weekly"],
    hours: [18, 23],
    volume: 4,
    steps: [
      file(3, "create", "drive.files.create", 600, 2_000),
      call(4, "gmail.users.messages.insert", 300, 900),
      file(1, "copy", "drive.files.copy", 600, 2_000),
    ],
  },
  {
    id: "form-script",
    weight: 6,
    kind: "script",
    words: [
      "Form responses",
      "Ticket export",
      "Untitled project",
      "Stock update",
      "Holiday planner",
    ],
    scopes: [
      ["spreadsheets", "script.external_request", "script.scriptapp"],
      ["spreadsheets", "script.external_request"],
    ],
    reach: ["one"],
    rhythm: ["poll", "office"],
    volume: 0.8,
    steps: [
      call(4, "sheets.spreadsheets.values.get", 900, 30_000),
      call(4, "sheets.spreadsheets.values.append", 200, 900),
      other(2, "fetch", "script.urlfetch"),
    ],
  },
  {
    id: "marketing-mail",
    weight: 3,
    kind: "oauth_app",
    brands: ["Mailchimp", "Yesware", "GMass"],
    words: ["Outreach", "Mail Campaigns", "Sequences"],
    scopes: [
      ["gmail.send", "contacts.readonly"],
      ["gmail.compose", "spreadsheets.readonly"],
    ],
    reach: ["one", "few"],
    rhythm: ["morning", "burst"],
    hours: [8, 11],
    volume: 1,
    steps: [
      other(5, "mail", "gmail.users.messages.send"),
      call(2, "people.people.connections.list", 900, 30_000),
    ],
  },
  {
    id: "converter",
    weight: 6,
    kind: "oauth_app",
    brands: ["Lucidchart", "draw.io", "Adobe Acrobat"],
    words: ["PDF Converter", "Diagrams", "Slides Import", "OCR", "Zip Extractor"],
    scopes: [["drive.file"], ["drive"], ["drive.readonly", "drive.file"]],
    reach: ["one", "few"],
    rhythm: ["office"],
    volume: 0.4,
    steps: [
      file(3, "download", "drive.files.get", 20_000, 2_000_000),
      file(2, "create", "drive.files.create", 600, 2_000),
    ],
  },
  {
    id: "directory-sync",
    weight: 2,
    kind: "service_account",
    brands: ["Okta Directory", "JumpCloud"],
    words: ["Directory Sync", "Phone Book", "Group Mirror"],
    scopes: [["admin.directory.user.readonly", "admin.directory.group.readonly"]],
    reach: ["admin"],
    rhythm: ["poll", "night"],
    hours: [1, 5],
    volume: 0.9,
    steps: [
      call(4, "directory.users.list", 20_000, 200_000),
      call(3, "directory.groups.list", 8_000, 60_000),
      call(3, "directory.members.list", 900, 20_000),
    ],
  },
  {
    id: "mail-archive",
    weight: 1,
    kind: "service_account",
    words: ["Mail Archive", "Journal Export", "Records Retention"],
    scopes: [["gmail.readonly"]],
    reach: ["delegated"],
    rhythm: ["weekly", "night"],
    hours: [20, 26],
    volume: 6,
    steps: [
      call(1, "gmail.users.messages.list", 2_000, 40_000),
      call(8, "gmail.users.messages.get", 4_000, 400_000),
    ],
  },
  {
    id: "chat-bot",
    weight: 2,
    kind: "service_account",
    words: ["standup-bot", "deploy-notifier", "oncall-bot"],
    scopes: [["chat.bot"]],
    reach: ["self"],
    rhythm: ["burst", "morning"],
    hours: [8, 10],
    volume: 0.7,
    steps: [other(1, "chat", "chat.spaces.messages.create")],
  },
  {
    id: "mail-client",
    weight: 4,
    kind: "oauth_app",
    clientType: "NATIVE_IOS",
    brands: ["iOS Account Manager", "Spark Mail", "Superhuman", "Microsoft Outlook"],
    words: ["Mail", "Inbox", "Postbox"],
    scopes: [
      ["https://mail.google.com/", "contacts", "calendar"],
      ["https://mail.google.com/", "gmail.settings.basic", "gmail.settings.sharing", "contacts"],
      ["gmail.modify"],
    ],
    reach: ["one", "few", "team"],
    rhythm: ["office", "poll"],
    volume: 1.6,
    steps: [
      call(5, "gmail.users.history.list", 300, 8_000),
      call(4, "gmail.users.messages.get", 3_000, 90_000),
      call(1, "gmail.users.messages.modify", 300, 900),
    ],
  },
  {
    id: "integration-platform",
    weight: 5,
    kind: "oauth_app",
    brands: ["Zapier", "Make", "Workato", "n8n"],
    words: ["Automations", "Connect", "Flows"],
    scopes: [
      ["spreadsheets", "drive.file"],
      ["gmail.send", "spreadsheets"],
      ["drive", "calendar.events"],
    ],
    reach: ["one", "few"],
    rhythm: ["burst", "poll"],
    volume: 1.5,
    steps: [
      call(4, "sheets.spreadsheets.values.append", 200, 900),
      call(3, "drive.files.list", 900, 30_000),
      file(1, "create", "drive.files.create", 600, 2_000),
      other(1, "calendar", "calendar.events.insert"),
    ],
  },
];
