/** Which data an action of a log touched, and what the log that holds it would have shown. */

import type { Platform } from "#contract/platform.ts";

export type Verb = "read" | "write";

/** What one action touched. Areas are those of scopes (catalog/scopes.ts); "any" where the log does not say. */
export interface Call {
  readonly areas: readonly string[] | "any";
  readonly verb: Verb;
}

/** What a log shows whenever it happens: its name, and areas with their verbs. */
interface Log {
  readonly platform: Platform;
  readonly action: RegExp;
  /** Areas of scopes whose every use leaves a record in it. */
  readonly shows: (action: string) => readonly string[];
  readonly call: (action: string) => Call;
}

const both = (...areas: string[]): string[] =>
  areas.flatMap((area) => [`${area}:read`, `${area}:write`]);

/** Everything behind Microsoft Graph: its activity log has every call. */
const GRAPH = both(
  "mail",
  "calendar",
  "contacts",
  "files",
  "chat",
  "meetings",
  "directory",
  "admin",
  "identity",
  "audit",
  "security",
  "devices",
  "tasks",
);

/** Collections of Graph. The same word may stand for two kinds of data, which then both count as touched. */
const COLLECTIONS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(messages|replies|attachments)$/, ["mail", "chat"]],
  [/^(mailfolders|messagerules|mailboxsettings)$/, ["mail"]],
  [/^(events|calendar|calendars|calendarview|places)$/, ["calendar"]],
  [/^(contacts|people)$/, ["contacts", "directory"]],
  [
    /^(items|root|children|listitem|lists|drive|drives|sites|pages|onenote|notebooks|sections|permissions|versions)$/,
    ["files"],
  ],
  [/^(chats|channels|teams|installedapps|teamsapps)$/, ["chat", "directory"]],
  [/^(onlinemeetings|transcripts|recordings)$/, ["meetings", "chat"]],
  [/^(tasks|todo|planner)$/, ["tasks", "directory"]],
  [/^(auditlogs|signins|directoryaudits|reports)$/, ["audit"]],
  [/^(alerts|identityprotection)$/, ["security", "identity"]],
  [/^(devices|manageddevices|devicemanagement|deviceappmanagement)$/, ["devices", "directory"]],
  [
    /^(users|groups|members|memberof|transitive\w+|manager|directreports|photo|photos|presence|licensedetails|deleteditems|guests|invitations)$/,
    ["directory", "identity", "admin"],
  ],
  [
    /^(applications|serviceprincipals|\w+credentials|oauth2permissiongrants|approleassign\w+|permissiongrants|policies|conditionalaccess|namedlocations|settings|\w+policy|\w+policies|directoryroles|role\w+|owners|organization|domains|directory|administrativeunits|contracts|identity|subscribedskus)$/,
    ["admin", "identity", "directory"],
  ],
];

const GOOGLE_APIS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^gmail$/, ["mail"]],
  [/^(drive|sheets|docs|slides|forms|documents|spreadsheets|presentations|keep)$/, ["files"]],
  [/^calendar$/, ["calendar"]],
  [/^(people|contacts)$/, ["contacts", "directory"]],
  [/^chat$/, ["chat"]],
  [/^(tasks)$/, ["tasks"]],
  [/^(oauth2|userinfo)$/, ["identity"]],
  [
    /^(directory|admin|reports|groupssettings|licensing|cloudidentity|datatransfer)$/,
    ["directory", "admin", "identity"],
  ],
];

const LOGS: readonly Log[] = [
  {
    platform: "microsoft",
    action: /^(GET|POST|PATCH|PUT|DELETE) /,
    shows: () => GRAPH,
    call: graphCall,
  },
  {
    platform: "microsoft",
    action: /^(MailItemsAccessed|MessageBind|FolderBind)$/,
    shows: () => ["mail:read"],
    call: () => ({ areas: ["mail"], verb: "read" }),
  },
  {
    platform: "microsoft",
    action: /^(Send|SendAs|SendOnBehalf|HardDelete|SoftDelete|MoveToDeletedItems)$/,
    shows: () => ["mail:write"],
    call: () => ({ areas: ["mail"], verb: "write" }),
  },
  {
    platform: "microsoft",
    action: /^(File|Folder|Page|List|Sharing|AnonymousLink|SecureLink|CompanyLink)[A-Z]/,
    shows: (action) => [`files:${fileVerb(action)}`],
    call: (action) => ({ areas: ["files"], verb: fileVerb(action) }),
  },
  {
    platform: "microsoft",
    action: /^(ChatRetrieved|MessagesListed|MessageRead)$/,
    shows: () => ["chat:read"],
    call: () => ({ areas: ["chat"], verb: "read" }),
  },
  {
    platform: "google",
    // Calls of clients, by method: drive.files.get. The log has every API of Workspace.
    action: /^[a-z0-9_]+(\.[A-Za-z0-9_]+){2,}$/,
    shows: () => both("mail", "files", "calendar", "contacts", "directory", "chat", "tasks"),
    call: googleCall,
  },
  {
    platform: "slack",
    action: /^file_(downloaded|uploaded|shared|public_link_created|deleted)/,
    shows: (action) => [`files:${slackVerb(action)}`],
    call: (action) => ({ areas: ["files"], verb: slackVerb(action) }),
  },
  {
    platform: "github",
    action: /^(git\.(clone|fetch|push)|repo\.download_zip)$/,
    shows: (action) => [`code:${gitVerb(action)}`],
    call: (action) => ({ areas: ["code"], verb: gitVerb(action) }),
  },
];

/** What an action touched; null where it says nothing about data. */
export function callOf(platform: Platform, action: string): Call | null {
  return logOf(platform, action)?.call(action) ?? null;
}

/** `area:verb` of all uses that leave a record in the log from which the action is. */
export function shownBy(platform: Platform, action: string): readonly string[] {
  return logOf(platform, action)?.shows(action) ?? [];
}

/** Scopes whose use leaves no record in the logs above, or none by which it could be told. */
const ELSEWHERE: Readonly<Partial<Record<Platform, RegExp>>> = {
  // Protocols beside Graph show in the mailbox log only, and administration by PowerShell in none of these.
  microsoft: /^(ews|eas|imap|pop|smtp|full_access_as_app|exchange\.|offline_access|openid)/i,
  google: /(cloud-platform|cloudplatform|devstorage|iam|pubsub|script\.|ediscovery|chrome\.)/,
  slack: /^(?!files:|remote_files:)/,
  github: /^(?!repo$|contents)/i,
};

/** Whether use of the scope is told by these logs at all. */
export function isTold(platform: Platform, name: string): boolean {
  const elsewhere = ELSEWHERE[platform];
  return elsewhere !== undefined && !elsewhere.test(name);
}

function logOf(platform: Platform, action: string): Log | undefined {
  return LOGS.find((log) => log.platform === platform && log.action.test(action));
}

function graphCall(action: string): Call {
  const [method, collection = ""] = action.split(" ", 2);
  const areas = COLLECTIONS.find(([name]) => name.test(collection))?.[1] ?? "any";
  return { areas, verb: method === "GET" ? "read" : "write" };
}

function googleCall(action: string): Call {
  const api = action.slice(0, action.indexOf("."));
  const method = action.slice(action.lastIndexOf(".") + 1);
  const areas = GOOGLE_APIS.find(([name]) => name.test(api))?.[1] ?? "any";
  return {
    areas,
    verb: /^(get|list|watch|export|query|search|download|batchGet)/i.test(method)
      ? "read"
      : "write",
  };
}

function fileVerb(action: string): Verb {
  return /Accessed|Downloaded|Previewed|Viewed|Used$/.test(action) ? "read" : "write";
}

function slackVerb(action: string): Verb {
  return action.startsWith("file_downloaded") ? "read" : "write";
}

function gitVerb(action: string): Verb {
  return action === "git.push" ? "write" : "read";
}
