/** What each operation of the unified audit log does, as one of our action classes. */

import type { ActionClass } from "#contract/event.ts";

/** Exact names first; everything else by the pattern of its name, since workloads add operations every month. */
const EXACT: ReadonlyMap<string, ActionClass> = new Map(
  Object.entries({
    FileAccessed: "read",
    FileAccessedExtended: "read",
    FilePreviewed: "read",
    PageViewed: "read",
    PageViewedExtended: "read",
    ListViewed: "read",
    AnonymousLinkUsed: "read",
    SecureLinkUsed: "read",
    CompanyLinkUsed: "read",
    MailItemsAccessed: "read",
    FolderBind: "read",
    MessageBind: "read",
    MessageRead: "read",
    ChatRetrieved: "read",
    MessagesListed: "read",
    FileDownloaded: "download",
    FileSyncDownloadedFull: "download",
    FileSyncDownloadedPartial: "download",
    FileUploaded: "create",
    FileSyncUploadedFull: "create",
    FileSyncUploadedPartial: "edit",
    FileModified: "edit",
    FileModifiedExtended: "edit",
    FileRenamed: "edit",
    FileMoved: "edit",
    FileCopied: "copy",
    FolderCopied: "copy",
    FileRecycled: "delete",
    FolderRecycled: "delete",
    SharingSet: "share",
    SharingInheritanceBroken: "share",
    AddedToSecureLink: "share",
    SecureLinkCreated: "share",
    SecureLinkUpdated: "share",
    CompanyLinkCreated: "share",
    AddedToSharingLink: "share",
    SharingLinkCreated: "share",
    AnonymousLinkCreated: "publish",
    AnonymousLinkUpdated: "publish",
    SiteCollectionAdminAdded: "role",
    SiteCollectionAdminRemoved: "role",
    Send: "send",
    SendAs: "send",
    SendOnBehalf: "send",
    MessageSent: "send",
    MessageCreatedHasLink: "send",
    MessageCreatedNotification: "send",
    ChatCreated: "create",
    Create: "create",
    Update: "edit",
    Move: "edit",
    Copy: "copy",
    MoveToDeletedItems: "delete",
    SoftDelete: "delete",
    HardDelete: "delete",
    MailboxLogin: "sign_in",
    UserLoggedIn: "sign_in",
    UserLoginFailed: "sign_in",
    TeamsSessionStarted: "sign_in",
    UpdateInboxRules: "forward",
    AddFolderPermissions: "forward",
    ModifyFolderPermissions: "forward",
    UpdateFolderPermissions: "forward",
    UpdateCalendarDelegation: "forward",
    AppInstalled: "install",
    AppUpgraded: "install",
    AppPublishedToCatalog: "install",
    AppUpdatedInCatalog: "install",
    BotAddedToTeam: "install",
    ConnectorAdded: "install",
    ConnectorUpdated: "install",
    TabAdded: "install",
    AppUninstalled: "uninstall",
    AppDeletedFromCatalog: "uninstall",
    BotRemovedFromTeam: "uninstall",
    ConnectorRemoved: "uninstall",
    TabRemoved: "uninstall",
    MessagesExported: "export",
    RecordingExported: "export",
    TranscriptsExported: "export",
    CopilotInteraction: "prompt",
    AIAppInteraction: "prompt",
    ConnectedAIAppInteraction: "prompt",
    TeamCopilotInteraction: "prompt",
    AIInteractionCreatedNotification: "prompt",
    CreateFlow: "create",
    EditFlow: "edit",
    DeleteFlow: "delete",
    PutPermissions: "share",
    DeletePermissions: "share",
    LaunchPowerApp: "run",
    DLPRuleMatch: "other",
    AlertTriggered: "other",
    AlertEntityGenerated: "other",
    SearchExported: "export",
    SearchExportDownloaded: "export",
    ViewedSearchExported: "export",
    SearchCreated: "export",
    SearchStarted: "export",
    SearchUpdated: "export",
  } satisfies Record<string, ActionClass>),
);

const PATTERNS: readonly (readonly [RegExp, ActionClass])[] = [
  [/^(New|Set|Remove|Enable|Disable|Add|Install|Start|Get|Search|Export|Update)-/, "other"],
  [/Export/, "export"],
  [/Download/, "download"],
  [/^SearchQuery|Search/, "search"],
  [/Copilot.*Interaction|AIInteraction|Prompt/, "prompt"],
  [/Login|LoggedIn|SignIn/, "sign_in"],
  [/Shar(e|ing)|LinkCreated|Invitation/, "share"],
  [/Policy|Setting|Dlp|Retention|Configuration/i, "policy"],
  [/Member|User(Added|Removed)|Group/, "member"],
  [/Role|Admin(Added|Removed)|Owner/, "role"],
  [/Credential|Secret|Token|Password/, "credential"],
  [/^(Install|Deploy)|Installed|Deployed/, "install"],
  [/^Uninstall|Uninstalled/, "uninstall"],
  [/Delete|Remove|Recycle/, "delete"],
  [/Viewed|Accessed|Previewed|Read|Opened|^Get|^View/, "read"],
  [/Copied|Copy/, "copy"],
  [/^(Create|Add|New|Publish)|Created|Added|Uploaded|Published/, "create"],
  [/^(Edit|Update|Set|Change|Modify|Put)|Updated|Changed|Modified|Renamed|Moved|Restored/, "edit"],
  [/Run|Launch|Execut|Invok|Trigger/, "run"],
];

/** Cmdlets by noun; the verb only matters where the noun is plain. */
const CMDLET_NOUNS: readonly (readonly [RegExp, ActionClass])[] = [
  [/ComplianceSearch|ExportRequest|eDiscovery|ComplianceCase/i, "export"],
  [
    /InboxRule|TransportRule|JournalRule|MailboxPermission|RecipientPermission|FolderPermission/,
    "forward",
  ],
  [/RoleAssignment|RoleGroup|ManagementRole/, "role"],
  [
    /Policy|Config|Rule|Connector|Domain|AuditBypass|Settings|Label|CASMailbox|Federation/,
    "policy",
  ],
  [/^App$|Add-?In/, "install"],
  [/^ServicePrincipal/, "create"],
];

/** The class of an operation; `other` for names that match nothing. */
export function classifyUnified(operation: string): ActionClass {
  const exact = EXACT.get(operation);
  if (exact !== undefined) return exact;
  const dash = operation.indexOf("-");
  if (dash > 0 && /^[A-Z][a-z]+$/.test(operation.slice(0, dash))) return cmdlet(operation, dash);
  for (const [pattern, found] of PATTERNS) if (pattern.test(operation)) return found;
  return "other";
}

function cmdlet(operation: string, dash: number): ActionClass {
  const verb = operation.slice(0, dash);
  const noun = operation.slice(dash + 1);
  if (verb === "Get") return "enumerate";
  if (verb === "Search") return "search";
  if (verb === "Export") return "export";
  for (const [pattern, found] of CMDLET_NOUNS) {
    if (!pattern.test(noun)) continue;
    const isUndone = verb === "Remove" || verb === "Disable";
    return found === "install" && isUndone ? "uninstall" : found;
  }
  if (verb === "New" || verb === "Add") return "create";
  if (verb === "Remove") return "delete";
  if (verb === "Set" || verb === "Update" || verb === "Enable" || verb === "Disable") return "edit";
  return "other";
}
