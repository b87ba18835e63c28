/** What automations of a Microsoft tenant do for a living: permissions, habits, and the records of one piece of work. */

import type { Prng } from "#base/prng.ts";
import type { Company, Person } from "#simulator/company.ts";
import type { Emission } from "#simulator/stage.ts";
import {
  type App,
  AZURE,
  GRAPH,
  MANAGEMENT,
  type Place,
  type Resource,
  SHAREPOINT,
  STORAGE,
  VAULT,
} from "./records/common.ts";
import { memberAdded, userChanged } from "./records/directory.ts";
import { graphCall } from "./records/graph.ts";
import {
  type Agent,
  fileWork,
  interaction,
  mailRead,
  mailSent,
  resource,
} from "./records/unified.ts";
import type { RhythmKind } from "./rhythm.ts";

/** One automation at work at one moment. */
export interface Turn {
  readonly company: Company;
  readonly rng: Prng;
  readonly app: App;
  readonly place: Place;
  readonly agent: Agent | null;
  /** Whose data it works on, or in whose name it acts. */
  readonly users: readonly Person[];
  /** Shares of calls that are throttled, and that fail. */
  readonly throttled: number;
  readonly failing: number;
  readonly emit: (emission: Emission) => void;
}

/** Through what it acts: as an app by itself, for people, as a managed identity, as a flow, as an agent. */
export type Means = "app" | "delegated" | "managed" | "flow" | "agent";

export interface Trade {
  readonly behaviour: string;
  /** How common it is. */
  readonly share: number;
  readonly means: Means;
  /** How often a vendor makes it and not the company itself. */
  readonly bought: number;
  readonly rhythms: readonly RhythmKind[];
  readonly products: readonly string[];
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  /** Which API its tokens are for. */
  readonly resource: Resource;
  /** How much busier than the usual automation. */
  readonly busy: number;
  readonly work: (turn: Turn, at: number) => void;
}

const base = {
  means: "app",
  bought: 0.5,
  roles: [],
  scopes: [],
  resource: GRAPH,
  busy: 1,
} as const;

export const TRADES: readonly Trade[] = [
  {
    ...base,
    behaviour: "backup",
    share: 5,
    bought: 0.85,
    rhythms: ["nightly"],
    products: ["Cloud Backup", "Mail Archive", "Tenant Vault"],
    roles: ["Mail.Read", "Files.Read.All", "Sites.Read.All", "User.Read.All"],
    busy: 3,
    work: (turn, at) => {
      const { rng } = turn;
      const person = rng.pick(turn.users);
      if (rng.chance(0.4)) {
        turn.emit(
          fileWork(turn.company, rng, at, turn.app, {
            operation: "FileDownloaded",
            place: turn.place,
          }),
        );
      } else {
        call(turn, at, `/users/${person.entraId}/messages/delta`, [20_000, 600_000]);
      }
    },
  },
  {
    ...base,
    behaviour: "siem",
    share: 4,
    rhythms: ["poll"],
    products: ["SIEM Collector", "Log Forwarder", "Security Data Lake"],
    roles: ["AuditLog.Read.All", "SecurityAlert.Read.All", "Directory.Read.All"],
    resource: MANAGEMENT,
    busy: 3,
    work: (turn, at) => {
      const path = turn.rng.pick([
        "/auditLogs/directoryAudits",
        "/auditLogs/signIns",
        "/security/alerts_v2",
      ]);
      call(turn, at, `${path}?$top=500`, [1_000, 900_000]);
    },
  },
  {
    ...base,
    behaviour: "hr-sync",
    share: 4,
    bought: 0.4,
    rhythms: ["nightly", "poll"],
    products: ["HR Sync", "People Connector", "Joiner Mover Leaver"],
    roles: ["User.ReadWrite.All"],
    work: (turn, at) => {
      const { rng } = turn;
      if (rng.chance(0.12)) {
        const whom = rng.pick(turn.users);
        const what = rng.pick(["Department", "Manager", "JobTitle", "OfficeLocation"]);
        turn.emit(
          userChanged(turn.company, rng, at, { app: turn.app, place: turn.place }, whom, what),
        );
      } else call(turn, at, "/users?$select=id,employeeId,department&$top=100", [8_000, 60_000]);
    },
  },
  {
    ...base,
    behaviour: "provisioning",
    share: 5,
    rhythms: ["office", "poll"],
    products: ["Provisioning", "Identity Lifecycle", "Access Requests"],
    roles: ["User.Read.All", "Group.ReadWrite.All"],
    work: (turn, at) => {
      const { rng } = turn;
      if (rng.chance(0.3)) {
        const group = rng.pick([
          "All staff",
          "VPN users",
          "Project Aurora",
          "Sales EMEA",
          "Licences E5",
        ]);
        turn.emit(
          memberAdded(
            turn.company,
            rng,
            at,
            { app: turn.app, place: turn.place },
            rng.pick(turn.users),
            group,
          ),
        );
      } else call(turn, at, `/groups/${rng.pick(turn.users).entraId}/members`, [1_000, 20_000]);
    },
  },
  {
    ...base,
    behaviour: "e-signature",
    share: 7,
    means: "delegated",
    bought: 0.95,
    rhythms: ["office"],
    products: ["eSign", "Signing Desk", "Contract Sign"],
    scopes: ["openid", "profile", "offline_access", "User.Read", "Files.ReadWrite"],
    work: (turn, at) => {
      const { rng } = turn;
      const operation = rng.pick(["FileAccessed", "FileDownloaded", "FileUploaded"]);
      turn.emit(
        fileWork(turn.company, rng, at, rng.pick(turn.users), {
          operation,
          place: turn.place,
          via: turn.app,
          isPersonal: rng.chance(0.5),
        }),
      );
    },
  },
  {
    ...base,
    behaviour: "crm-mail-sync",
    share: 7,
    bought: 0.9,
    means: "delegated",
    rhythms: ["office", "poll", "always"],
    products: ["CRM Sync", "Sales Inbox", "Contact Link"],
    scopes: ["offline_access", "User.Read", "Mail.Read", "Calendars.ReadWrite", "Contacts.Read"],
    busy: 1.4,
    work: (turn, at) => {
      const { rng } = turn;
      const person = rng.pick(turn.users);
      if (rng.chance(0.35)) {
        turn.emit(
          mailRead(turn.company, rng, at, person, {
            place: turn.place,
            via: turn.app,
            items: rng.int(1, 9),
          }),
        );
      } else {
        const path = rng.pick([
          "messages?$filter=isRead eq false",
          "calendarView",
          "contacts/delta",
        ]);
        call(turn, at, `/me/${path}`, [1_500, 60_000], person);
      }
    },
  },
  {
    ...base,
    behaviour: "teams-bot",
    share: 7,
    rhythms: ["office", "always", "bursts"],
    products: ["Standup Bot", "Kudos Bot", "Alert Relay", "Poll Bot"],
    roles: ["TeamsActivity.Send", "Team.ReadBasic.All"],
    work: (turn, at) => {
      const person = turn.rng.pick(turn.users);
      const uri = `/users/${person.entraId}/teamwork/sendActivityNotification`;
      call(turn, at, uri, [0, 300], undefined, "POST");
    },
  },
  {
    ...base,
    behaviour: "pipeline",
    share: 7,
    bought: 0,
    rhythms: ["bursts"],
    products: ["deploy", "terraform", "release", "build-agent"],
    roles: ["Group.Read.All", "Application.Read.All"],
    resource: AZURE,
    busy: 1.5,
    work: (turn, at) => {
      const path = turn.rng.pick([
        "/groups?$filter=displayName",
        "/applications",
        "/servicePrincipals",
      ]);
      call(turn, at, path, [900, 30_000]);
    },
  },
  {
    ...base,
    behaviour: "managed-identity",
    share: 8,
    means: "managed",
    bought: 0,
    rhythms: ["poll", "always", "nightly"],
    products: ["fn-orders", "vm-batch", "aks-ingress", "logic-invoice"],
    roles: ["User.Read.All"],
    resource: STORAGE,
    busy: 0.6,
    work: (turn, at) => {
      if (turn.rng.chance(0.3)) call(turn, at, "/users/$count", [40, 80]);
    },
  },
  {
    ...base,
    behaviour: "vault-reader",
    share: 4,
    means: "managed",
    bought: 0,
    rhythms: ["poll", "always"],
    products: ["app-settings", "web-portal", "job-runner"],
    resource: VAULT,
    busy: 0.6,
    work: () => {},
  },
  {
    ...base,
    behaviour: "month-end",
    share: 4,
    bought: 0.3,
    rhythms: ["month-end"],
    products: ["Finance Close", "Ledger Export", "Month-End Report"],
    roles: ["Sites.ReadWrite.All"],
    resource: SHAREPOINT,
    busy: 2,
    work: (turn, at) => {
      const operation = turn.rng.pick([
        "FileDownloaded",
        "FileUploaded",
        "FileModified",
        "FileAccessed",
      ]);
      turn.emit(
        fileWork(turn.company, turn.rng, at, turn.app, {
          operation,
          place: turn.place,
          site: "Finance",
        }),
      );
    },
  },
  {
    ...base,
    behaviour: "document-builder",
    share: 4,
    rhythms: ["office", "always", "bursts"],
    products: ["Template Engine", "Quote Builder", "Form Filler"],
    roles: ["Sites.ReadWrite.All", "Files.ReadWrite.All"],
    resource: SHAREPOINT,
    busy: 1.3,
    work: (turn, at) => {
      const operation = turn.rng.pick([
        "FileUploaded",
        "FileModified",
        "FileModified",
        "FileRenamed",
      ]);
      turn.emit(
        fileWork(turn.company, turn.rng, at, turn.app, {
          operation,
          place: turn.place,
          site: "Sales",
        }),
      );
    },
  },
  {
    ...base,
    behaviour: "mail-merge",
    share: 4,
    means: "delegated",
    rhythms: ["weekly", "bursts"],
    products: ["Mail Merge", "Newsletter Sender", "Campaign Mailer"],
    scopes: ["offline_access", "User.Read", "Mail.Send"],
    busy: 1.5,
    work: (turn, at) => {
      const { rng } = turn;
      const person = turn.users[0] ?? rng.pick(turn.users);
      call(turn, at, "/me/sendMail", [0, 300], person, "POST");
      if (rng.chance(0.5)) {
        turn.emit(
          mailSent(turn.company, rng, at + 900, person, {
            place: turn.place,
            via: turn.app,
            subject: `Monthly update ${rng.int(1, 12)}`,
          }),
        );
      }
    },
  },
  {
    ...base,
    behaviour: "dlp",
    share: 3,
    bought: 0.8,
    rhythms: ["always", "nightly"],
    products: ["DLP Scanner", "Data Classifier", "Content Guard"],
    roles: ["Sites.Read.All", "Files.Read.All"],
    resource: SHAREPOINT,
    busy: 4,
    work: (turn, at) => {
      turn.emit(
        fileWork(turn.company, turn.rng, at, turn.app, {
          operation: turn.rng.chance(0.85) ? "FileAccessed" : "FileDownloaded",
          place: turn.place,
        }),
      );
    },
  },
  {
    ...base,
    behaviour: "notetaker",
    share: 4,
    means: "delegated",
    bought: 1,
    rhythms: ["office"],
    products: ["AI Notetaker", "AI Meeting Notes", "Meeting Scribe AI"],
    scopes: ["offline_access", "User.Read", "Calendars.Read", "OnlineMeetings.Read"],
    work: (turn, at) => {
      const person = turn.rng.pick(turn.users);
      const path = turn.rng.pick(["calendarView", "onlineMeetings", "events"]);
      call(turn, at, `/me/${path}`, [1_500, 40_000], person);
    },
  },
  {
    ...base,
    behaviour: "agent",
    share: 5,
    means: "agent",
    bought: 0,
    rhythms: ["office"],
    products: ["HR Helper", "Policy Finder", "Sales Coach", "IT Answers"],
    work: (turn, at) => {
      const { company, rng, agent } = turn;
      const person = rng.pick(turn.users);
      turn.emit(
        interaction(company, rng, at, person, agent, {
          place: { ...turn.place, ip: person.ip, userAgent: person.userAgent },
          resources: Array.from({ length: rng.int(0, 3) }, () => resource(company, rng)),
          plugins: rng.chance(0.25) ? ["SharePointSearch"] : [],
        }),
      );
    },
  },
  {
    ...base,
    behaviour: "tool-agent",
    share: 3,
    means: "agent",
    bought: 0,
    rhythms: ["office", "always"],
    products: ["Ticket Agent", "Order Agent", "Travel Agent"],
    work: (turn, at) => {
      const { company, rng, agent } = turn;
      const person = rng.pick(turn.users);
      turn.emit(
        interaction(company, rng, at, person, agent, {
          place: { ...turn.place, ip: person.ip, userAgent: person.userAgent },
          identity: `Copilot.Studio.${turn.app.appId}`,
          resources: rng.chance(0.4) ? [resource(company, rng)] : [],
          plugins: rng.pick([["Dataverse"], ["ServiceNow"], ["Dataverse", "Outlook"]]),
        }),
      );
    },
  },
  {
    ...base,
    behaviour: "in-house-ai",
    share: 2,
    means: "agent",
    bought: 0,
    rhythms: ["office", "always"],
    products: ["Contract Summaries", "Support Drafts", "Code Reviewer"],
    work: (turn, at) => {
      const { company, rng, agent } = turn;
      const person = rng.pick(turn.users);
      turn.emit(
        interaction(company, rng, at, person, agent, {
          place: { ...turn.place, userAgent: person.userAgent },
          operation: "AIAppInteraction",
          recordType: 284,
          identity: `AIApp.${turn.app.appId}`,
          resources: rng.chance(0.5) ? [resource(company, rng)] : [],
          plugins: [],
        }),
      );
    },
  },
  {
    ...base,
    behaviour: "dashboard",
    share: 6,
    bought: 0.4,
    rhythms: ["poll"],
    products: ["Usage Dashboard", "Licence Monitor", "Status Board"],
    roles: ["Reports.Read.All", "User.Read.All"],
    busy: 2,
    work: (turn, at) => {
      const path = turn.rng.pick([
        "/reports/getOffice365ActiveUserCounts(period='D7')",
        "/reports/getTeamsUserActivityCounts(period='D30')",
        "/users/$count",
      ]);
      call(turn, at, path, [200, 12_000]);
    },
  },
  {
    ...base,
    behaviour: "service-desk",
    share: 5,
    bought: 0.7,
    rhythms: ["office", "always"],
    products: ["Service Desk", "Ticket Link", "Asset Desk"],
    roles: ["User.Read.All", "Group.Read.All"],
    work: (turn, at) => {
      call(turn, at, `/users/${turn.rng.pick(turn.users).entraId}`, [700, 4_000]);
    },
  },
  {
    ...base,
    behaviour: "room-display",
    share: 3,
    bought: 0.6,
    rhythms: ["poll"],
    products: ["Room Display", "Desk Booking", "Visitor Kiosk"],
    roles: ["Calendars.Read"],
    busy: 2,
    work: (turn, at) => {
      call(turn, at, `/users/${turn.rng.pick(turn.users).entraId}/calendarView`, [800, 15_000]);
    },
  },
  {
    ...base,
    behaviour: "weekly-archive",
    share: 3,
    rhythms: ["weekly"],
    products: ["Records Archive", "Retention Export", "Project Archive"],
    roles: ["Sites.Read.All", "Files.Read.All"],
    resource: SHAREPOINT,
    busy: 2.5,
    work: (turn, at) => {
      turn.emit(
        fileWork(turn.company, turn.rng, at, turn.app, {
          operation: "FileDownloaded",
          place: turn.place,
          site: "Projects",
        }),
      );
    },
  },
  {
    ...base,
    behaviour: "device-sync",
    share: 3,
    bought: 0.7,
    rhythms: ["poll"],
    products: ["Device Sync", "Patch Manager", "Endpoint Inventory"],
    roles: ["DeviceManagementManagedDevices.Read.All", "Device.Read.All"],
    work: (turn, at) => {
      call(turn, at, "/deviceManagement/managedDevices?$top=200", [10_000, 250_000]);
    },
  },
  {
    ...base,
    behaviour: "single-sign-on",
    share: 12,
    means: "delegated",
    bought: 0.9,
    rhythms: ["office"],
    products: [
      "Expenses",
      "Learning Portal",
      "Travel Booking",
      "Wiki",
      "Survey Tool",
      "Time Sheets",
    ],
    scopes: ["openid", "profile", "email", "User.Read"],
    busy: 0.7,
    work: () => {},
  },
  {
    ...base,
    behaviour: "signature-tool",
    share: 3,
    bought: 0.9,
    rhythms: ["nightly"],
    products: ["Mail Signatures", "Brand Footer"],
    roles: ["User.Read.All", "MailboxSettings.Read"],
    work: (turn, at) => {
      call(turn, at, `/users/${turn.rng.pick(turn.users).entraId}/mailboxSettings`, [400, 2_000]);
    },
  },
  {
    ...base,
    behaviour: "mailbox-listener",
    share: 4,
    bought: 0.2,
    rhythms: ["always", "office"],
    products: ["invoice-inbox", "support-intake", "order-inbox"],
    roles: ["Mail.ReadWrite"],
    work: (turn, at) => {
      const { rng } = turn;
      const box = turn.users[0] ?? rng.pick(turn.users);
      if (rng.chance(0.4)) {
        turn.emit(
          mailRead(turn.company, rng, at, turn.app, {
            place: turn.place,
            via: null,
            items: 1,
            box,
          }),
        );
      } else call(turn, at, `/users/${box.entraId}/messages/${idText(rng)}`, [4_000, 120_000]);
    },
  },
  {
    ...base,
    behaviour: "flow",
    share: 12,
    means: "flow",
    bought: 0,
    rhythms: ["office"],
    products: [
      "Save attachments",
      "Approve leave",
      "Remind team",
      "Copy form answers",
      "Weekly digest",
    ],
    busy: 0.05,
    work: () => {},
  },
  {
    ...base,
    behaviour: "dormant",
    share: 9,
    rhythms: ["weekly"],
    products: ["Pilot Connector", "Old Migration", "Legacy Portal", "Trial Tool"],
    roles: ["Mail.Read", "Files.Read.All", "Directory.Read.All"],
    busy: 0,
    work: () => {},
  },
];

/** One call of Graph by the automation, sometimes throttled or failing. */
function call(
  turn: Turn,
  at: number,
  uri: string,
  [least, most]: readonly [number, number],
  person?: Person,
  method = "GET",
): void {
  const { company, rng, app, place } = turn;
  const draw = rng.next();
  const status =
    draw < turn.throttled
      ? 429
      : draw < turn.throttled + turn.failing
        ? rng.pick([403, 404, 500, 503])
        : 200;
  const bytes = Math.floor(least + (most - least) * rng.next() * rng.next());
  const request = { app, place, uri, bytes, method, status };
  turn.emit(graphCall(company, rng, at, person === undefined ? request : { ...request, person }));
  // Clients try again after the pause that a 429 asks for.
  if (status !== 429) return;
  const again = { ...request, status: 200 };
  turn.emit(
    graphCall(
      company,
      rng,
      at + rng.int(2_000, 30_000),
      person === undefined ? again : { ...again, person },
    ),
  );
}

function idText(rng: Prng): string {
  return rng.int(0x1000_0000, 0xffff_ffff).toString(16);
}
