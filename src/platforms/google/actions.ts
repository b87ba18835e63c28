/** What each Google event and each API method does, as one of our action classes. */

import type { ActionClass } from "#contract/event.ts";

/** Events of the logs that people and apps fill most, by exact name. */
const EXACT: ReadonlyMap<string, ActionClass> = new Map<string, ActionClass>([
  ...classed("read", [
    "view",
    "preview",
    "access_item_content",
    "prefetch_item_content",
    "sheets_import_range",
    "connected_sheets_query",
    "livestream_watched",
  ]),
  ...classed("download", [
    "download",
    "print",
    "sync_item_content",
    "download_forms_response",
    "download_video_caption",
    "download_report",
    "attachment_downloaded",
    "content_transfer",
    "sensitive_data_transfer",
  ]),
  ...classed("share", [
    "change_user_access",
    "change_acl_editors",
    "change_document_access_scope",
    "change_document_visibility",
    "shared_drive_membership_change",
    "team_drive_membership_change",
    "sheets_import_range_access_change",
    "modified_acl",
    "change_calendar_acls",
  ]),
  ...classed("copy", ["copy", "source_copy"]),
  ...classed("transfer", ["change_owner", "transfer_event_completed"]),
  ...classed("publish", ["publish_change"]),
  ...classed("run", ["access_url"]),
  ...classed("send", [
    "email_as_attachment",
    "email_collaborators",
    "add_report_email_delivery",
    "message_posted",
  ]),
  ...classed("forward", ["email_forwarding_out_of_domain"]),
  ...classed("delete", ["trash", "delete", "empty_trash"]),
  ...classed("edit", [
    "untrash",
    "move",
    "rename",
    "edit",
    "add_to_folder",
    "remove_from_folder",
    "create_comment",
    "edit_comment",
    "delete_comment",
    "label_added",
    "label_removed",
    "add_lock",
    "remove_lock",
    "apply_security_update",
    "remove_security_update",
    "delete_script_trigger",
    "publish_new_version",
    "disable_inherited_permissions",
    "enable_inherited_permissions",
  ]),
  ...classed("create", ["create", "upload"]),
  ...classed("search", ["search"]),
  ...classed("consent", ["authorize", "request", "deny"]),
  ...classed("revoke", ["revoke"]),
  ...classed("other", ["storage_usage_update", "delivery"]),
  ...classed("credential", [
    "2sv_disable",
    "2sv_enroll",
    "password_edit",
    "recovery_email_edit",
    "recovery_phone_edit",
    "recovery_secret_qa_edit",
    "titanium_enroll",
    "titanium_unenroll",
    "passkey_enrolled",
    "passkey_removed",
  ]),
  ...classed("sign_in", ["logout", "gov_attack_warning"]),
]);

function classed(found: ActionClass, names: readonly string[]): [string, ActionClass][] {
  return names.map((name) => [name, found]);
}

/** Everything else by the pattern of its name in lower case, since Google adds and renames events every month. */
const PATTERNS: readonly (readonly [RegExp, ActionClass])[] = [
  // A change in a parent folder repeats itself for every file below; none of these was somebody's own action.
  [/_hierarchy_reconciled$/, "other"],
  [/takeout|_dump$|export|download_|_download$|^request_account_info/, "export"],
  [/login|logout|sign_?in|suspicious|access_deny|token_(request|impersonation)/, "sign_in"],
  [/mail_routing|email_monitor|forwarding|_delegate/, "forward"],
  [/api_client_access|_grant_|consent/, "consent"],
  [/^revoke_3lo/, "revoke"],
  [/^(add|create)_application$|app(lication)?_install|extension_(install|request)/, "install"],
  [/^remove_application$|app(lication)?_uninstall/, "uninstall"],
  [/role|privilege/, "role"],
  [
    /password|2sv|two_step|strong_auth|_asp$|scratch_codes|certificate|secret|ssh_public|_key_|credential|security_key/,
    "credential",
  ],
  [
    /setting|policy|oauth2_|api_access|app_access|third_party|^toggle_|^(enable|disable|allow|disallow|block|unblock|trust|untrust)_|whitelist|allowlist|trusted_domain|rule|sso|_caa_|alert|acl_permission|access_level|bigquery_export/,
    "policy",
  ],
  [/transfer_document_ownership|data_transfer|transfer_/, "transfer"],
  [/link_sharing|visibility|publish/, "publish"],
  [/share|access_type|user_access|_acl/, "share"],
  [
    /member|invite|invitation|_guest|join|subscri|moderation|ban_user|_user$|add_user|remove_user|suspend|archive_user|license/,
    "member",
  ],
  [/search|_query$|investigation/, "search"],
  [/message_(sent|posted)|^email_|notification|send_/, "send"],
  [/^view|_view(ed)?$|opened|preview|content_access|^access$/, "read"],
  [/copy|copied|duplicate/, "copy"],
  [/^delete|_deleted?$|^remove|_removed$|trash/, "delete"],
  [/^create|_created?$|^add|upload|insert/, "create"],
  [/^change|^update|^edit|_edited$|^rename|^move|_changed?$|^set|restore|modif/, "edit"],
];

/** The class of an event by its name; `other` for names that match nothing. */
export function classify(name: string): ActionClass {
  const exact = EXACT.get(name);
  if (exact !== undefined) return exact;
  const lowered = name.toLowerCase();
  const known = EXACT.get(lowered);
  if (known !== undefined) return known;
  for (const [pattern, found] of PATTERNS) if (pattern.test(lowered)) return found;
  return "other";
}

/** Last words of API methods. What a `list` or `get` reads depends on what it stands behind. */
const VERBS: ReadonlyMap<string, ActionClass> = new Map<string, ActionClass>([
  ...classed("download", ["export", "exportlinks", "download", "getmedia", "media"]),
  ...classed("read", ["get", "batchget", "getprofile", "getcontent", "imap", "pop"]),
  ...classed("search", ["search", "query", "searchcontacts", "searchdirectorypeople"]),
  ...classed("create", ["insert", "create", "import", "append", "batchcreate", "quickadd"]),
  ...classed("edit", [
    "update",
    "patch",
    "modify",
    "batchmodify",
    "batchupdate",
    "move",
    "untrash",
    "clear",
    "batchclear",
    "values_update",
  ]),
  ...classed("delete", ["delete", "trash", "batchdelete", "emptytrash", "remove"]),
  ...classed("copy", ["copy", "copyto"]),
  ...classed("send", ["send", "smtp"]),
  ...classed("run", ["run"]),
  ...classed("transfer", ["acceptproposal", "transfer"]),
]);

/** Collections whose lists are directories of people, rights or things, not content. */
const DIRECTORY =
  /users?|groups?|members?|permissions?|roles?|roleassignments?|tokens?|orgunits?|contacts?|connections|people|drives|domains|devices|calendarlist|acl|labels|delegates|sendas|forwardingaddresses|asps/;

/**
 * The class of an API call out of the token log: `drive.files.list`, `gmail.users.messages.get`,
 * `directory.users.list`, also with the version in front or slashes between the words.
 */
export function classifyMethod(api: string | null, method: string | null): ActionClass {
  if (method === null) return "other";
  const words = method.toLowerCase();
  const cut = Math.max(words.lastIndexOf("."), words.lastIndexOf("/"));
  const verb = words.slice(cut + 1);
  const before = words.slice(0, Math.max(cut, 0));
  const noun = before.slice(Math.max(before.lastIndexOf("."), before.lastIndexOf("/")) + 1);
  const setting = MAIL_SETTINGS.get(noun);
  if (setting?.isSet(verb)) return "forward";
  if (verb === "updateautoforwarding") return "forward";
  if (noun === "permissions" || noun === "acl") {
    if (verb === "insert" || verb === "create" || verb === "update" || verb === "patch") {
      return "share";
    }
  }
  if (noun === "roleassignments" && verb !== "list" && verb !== "get") return "role";
  if (noun === "members" && verb !== "list" && verb !== "get") return "member";
  if (noun === "attachments" && verb === "get") return "download";
  if (verb === "create") {
    const made = CREATED.get(noun);
    if (made !== undefined) return made;
  }
  if (verb === "list" || verb === "aggregatedlist") {
    if (api === "admin" || DIRECTORY.test(noun)) return "enumerate";
    return noun === "files" || noun === "messages" || noun === "threads" ? "search" : "read";
  }
  const known = VERBS.get(verb);
  if (known !== undefined) return known;
  for (const [word, found] of VERB_HEADS) if (verb.startsWith(word)) return found;
  return "other";
}

/** What is made says more than that it is made. */
const CREATED: ReadonlyMap<string, ActionClass> = new Map<string, ActionClass>([
  ["messages", "send"],
  ["exports", "export"],
  ["keys", "credential"],
]);

const VERB_HEADS: readonly (readonly [string, ActionClass])[] = [
  ["download", "download"],
  ["export", "download"],
  ["list", "enumerate"],
  ["search", "search"],
  ["get", "read"],
  ["create", "create"],
  ["insert", "create"],
  ["add", "create"],
  ["update", "edit"],
  ["set", "edit"],
  ["modify", "edit"],
  ["delete", "delete"],
  ["remove", "delete"],
  ["send", "send"],
  ["copy", "copy"],
];

interface MailSetting {
  change: "forwarding_added" | "mailbox_delegated" | "mail_rule_added";
  isSet(verb: string): boolean;
}

const isCreate = (verb: string): boolean => verb === "create" || verb === "insert";

/** Gmail API collections whose new entries send mail on, let somebody in, or hide mail. */
const MAIL_SETTINGS: ReadonlyMap<string, MailSetting> = new Map<string, MailSetting>([
  ["forwardingaddresses", { change: "forwarding_added", isSet: isCreate }],
  ["delegates", { change: "mailbox_delegated", isSet: isCreate }],
  ["filters", { change: "mail_rule_added", isSet: isCreate }],
]);

/** What an API call set up in a mailbox; null for every other call. */
export function mailSettingOf(method: string | null): MailSetting["change"] | null {
  if (method === null) return null;
  const words = method.toLowerCase().split(/[./]/, 16);
  const verb = words.at(-1) ?? "";
  if (verb === "updateautoforwarding") return "forwarding_added";
  const setting = MAIL_SETTINGS.get(words.at(-2) ?? "");
  return setting?.isSet(verb) ? setting.change : null;
}

/** `event_info.mail_event_type` of the Gmail log, whose events are all named `delivery`. */
export const MAIL_EVENTS: ReadonlyMap<string, ActionClass> = new Map<string, ActionClass>([
  ["1", "send"],
  ["7", "read"],
  ["9", "send"],
  ["10", "send"],
  ["11", "send"],
  ["12", "edit"],
  ["13", "delete"],
  ["14", "edit"],
  ["15", "read"],
  ["16", "read"],
  ["17", "download"],
  ["18", "copy"],
  ["19", "copy"],
]);
