/** Exchange: cmdlets that forward, delegate or blind, mailbox rules, and the reading and sending of mail. */

import {
  bool,
  firstText,
  isObject,
  list,
  nested,
  number,
  object,
  type Raw,
  text,
} from "#base/raw.ts";
import { type AuditEvent, type Change, change, withTraits } from "#contract/event.ts";
import { appRef, bytesOf, countOf, entry, firstId, isGuid, isTrueText } from "./ids.ts";
import { setting } from "./policy.ts";

/** Fills in what an Exchange record says beyond the common fields. */
export function exchange(event: AuditEvent, raw: Raw): void {
  if (!/^[A-Z][a-z]+-/.test(event.action)) {
    mailbox(event, raw);
    return;
  }
  cmdlet(event, raw);
  const kind = event.change?.kind;
  if (kind === "forwarding_added" || kind === "mailbox_delegated") event.class = "forward";
}

/** Owner, delegate and app actions inside a mailbox. */
function mailbox(event: AuditEvent, raw: Raw): void {
  const item = object(raw.Item);
  const box = firstText(raw.MailboxOwnerUPN, raw.MailboxGuid, raw.ObjectId)?.toLowerCase() ?? null;
  if (box !== null) event.target = { type: "mailbox", id: box.slice(0, 512), name: null };
  event.bytes = bytesOf(number(item.SizeInBytes));
  switch (event.action) {
    case "MailItemsAccessed":
      mailRead(event, raw);
      return;
    case "UpdateInboxRules":
      event.change = mailboxRule(raw, box);
      return;
    case "AddFolderPermissions":
    case "ModifyFolderPermissions":
    case "UpdateFolderPermissions":
      event.change = folderPermission(item, box);
      return;
    case "UpdateCalendarDelegation":
      event.change = change("mailbox_delegated", { principal: box, detail: "calendar" });
      return;
    default:
      event.count = Math.max(
        countOf(number(raw.OperationCount)),
        list(raw.AffectedItems).length,
        1,
      );
  }
}

/** One record stands for up to thousands of messages: bound ones are listed, synchronised folders are not. */
function mailRead(event: AuditEvent, raw: Raw): void {
  let items = 0;
  let bytes = 0;
  for (const folder of list(raw.Folders)) {
    const inside = list(object(folder).FolderItems);
    items += inside.length;
    for (const one of inside) bytes += bytesOf(number(object(one).SizeInBytes));
  }
  event.count = Math.max(countOf(number(raw.OperationCount)), items, 1);
  event.bytes = bytes;
  if (text(entry(raw.OperationProperties, "MailAccessType"), 32) === "Sync")
    event.class = "download";
  if (bool(entry(raw.OperationProperties, "IsThrottled")) === true) {
    event.traits = withTraits(event, { bulk: true });
    // Exchange stops logging a mailbox for a day after 1,000 records: the true count is higher.
    event.change = change("flagged_by_vendor", {
      detail: "IsThrottled: more mail was read than Exchange logs",
    });
  }
}

/** `RuleActions` is JSON in text: [{"ActionType":"Forward","Recipients":["a@example.com"]}]. */
function mailboxRule(raw: Raw, box: string | null): Change | null {
  const properties = raw.OperationProperties;
  const operation = text(entry(properties, "RuleOperation"), 64) ?? "";
  if (/remove|delete/i.test(operation)) return null;
  const to: string[] = [];
  const does: string[] = [];
  for (const action of list(nested(entry(properties, "RuleActions"))).slice(0, 64)) {
    if (!isObject(action)) continue;
    const type = text(action.ActionType, 64) ?? "";
    if (/forward|redirect|delegate/i.test(type)) {
      for (const recipient of list(action.Recipients).slice(0, 64)) addressesOf(recipient, to);
    } else if (/delete/i.test(type)) does.push("deletes messages");
    else if (/move|copy/i.test(type))
      does.push(`moves to ${text(action.FolderName ?? action.Folder, 128) ?? "a folder"}`);
    else if (/markasread|read/i.test(type)) does.push("marks as read");
    else if (type !== "") does.push(type);
  }
  const name = text(entry(properties, "RuleName"), 256);
  const when = text(entry(properties, "RuleCondition"), 256);
  return rule(to, name, does, when === null ? [] : [when], box);
}

function folderPermission(item: Raw, box: string | null): Change {
  const folder = object(item.ParentFolder);
  return change("mailbox_delegated", {
    principal: box,
    destination:
      firstText(folder.MemberUpn, folder.MemberSid, folder.MemberId)?.toLowerCase() ?? null,
    detail: text([folder.Path, folder.MemberRights].filter(Boolean).join(": "), 1_024),
  });
}

function rule(
  to: readonly string[],
  name: string | null,
  does: readonly string[],
  when: readonly string[],
  box: string | null,
): Change {
  const parts = [
    ...(name === null ? [] : [`rule "${name}"`]),
    ...does,
    ...(when.length === 0 ? [] : [`when ${when.join(", ")}`]),
  ];
  return change(to.length > 0 ? "forwarding_added" : "mail_rule_added", {
    principal: box?.slice(0, 512) ?? null,
    destination: text(to.join(", "), 1_024),
    detail: text(parts.join("; "), 1_024),
  });
}

type Parameters = ReadonlyMap<string, string>;

/** Parameters are a list of {Name, Value}, that list as JSON in text, or a command line (compliance centre). */
export function parametersOf(raw: Raw): Parameters {
  const found = new Map<string, string>();
  const written = raw.Parameters ?? raw.NonPIIParameters ?? raw.CmdletParameters;
  const parsed = typeof written === "string" ? nested(written) : written;
  if (parsed === null && typeof written === "string") {
    for (const [, name = "", quoted, plain] of written
      .slice(0, 16_384)
      .matchAll(/-(\w+)(?:[ :]+(?:"([^"]*)"|([^\s"-][^\s"]*)))?/g)) {
      found.set(name.toLowerCase(), quoted ?? plain ?? "True");
    }
    return found;
  }
  for (const pair of list(parsed).slice(0, 512)) {
    if (!isObject(pair)) continue;
    const name = text(pair.Name ?? pair.Key, 128)?.toLowerCase();
    if (name !== undefined) found.set(name, text(pair.Value, 4_096) ?? "");
  }
  return found;
}

function cmdlet(event: AuditEvent, raw: Raw): void {
  const given = parametersOf(raw);
  const get = (name: string): string | null => given.get(name) || null;
  const object = text(raw.ObjectId, 512);
  const identity = get("identity");
  const box =
    (get("mailbox") ?? (identity?.includes("@") ? identity : object) ?? identity)?.toLowerCase() ??
    null;
  const id = firstText(object, identity, get("name"))?.slice(0, 512) ?? null;
  if (id !== null)
    event.target = {
      type: nounOf(event.action),
      id,
      name: (get("name") ?? identity)?.slice(0, 512) ?? null,
    };
  if (event.outcome === "failure") return;
  switch (event.action) {
    case "New-InboxRule":
    case "Set-InboxRule":
    case "Enable-InboxRule": {
      const owner = get("mailbox") ?? (event.actor.kind === "person" ? event.actor.id : box);
      if (event.target !== null) event.target.type = "mail_rule";
      event.change = inboxRule(get, owner?.toLowerCase() ?? null);
      return;
    }
    case "New-TransportRule":
    case "Set-TransportRule":
    case "New-JournalRule":
    case "Set-JournalRule":
      if (event.target !== null) event.target.type = "mail_rule";
      event.change = inboxRule(get, null);
      return;
    case "Set-Mailbox":
    case "Set-MailUser":
      event.change = setMailbox(get, box);
      return;
    case "Add-MailboxPermission":
    case "Add-RecipientPermission":
    case "Add-MailboxFolderPermission":
    case "Set-MailboxFolderPermission":
      event.change = change("mailbox_delegated", {
        principal: box?.slice(0, 512) ?? null,
        destination: text((get("user") ?? get("trustee"))?.toLowerCase(), 1_024),
        detail: text(get("accessrights") ?? event.action, 1_024),
      });
      return;
    case "Remove-MailboxPermission":
    case "Remove-RecipientPermission":
      event.change = change("delegation_removed", {
        principal: box?.slice(0, 512) ?? null,
        destination: text((get("user") ?? get("trustee"))?.toLowerCase(), 1_024),
        detail: get("accessrights")?.slice(0, 1_024) ?? null,
      });
      return;
    case "New-ManagementRoleAssignment":
      roleAssignment(event, get);
      return;
    case "Add-RoleGroupMember":
      event.change = change("role_assigned", {
        principal: text(get("member")?.toLowerCase(), 512),
        detail: text(identity ?? object, 1_024),
      });
      return;
    case "New-ServicePrincipal":
      event.subject = appRef(
        "oauth_app",
        firstId(get("appid")),
        firstId(get("objectid"), get("serviceid")),
        {
          name: get("displayname")?.slice(0, 512) ?? null,
        },
      );
      event.change = change("created", { detail: "known to Exchange" });
      return;
    case "New-App":
    case "Enable-App":
    case "Remove-App":
    case "Disable-App":
      addIn(event, object ?? identity, get);
      return;
    default:
      event.change = guard(event.action, get);
  }
}

function nounOf(action: string): string {
  const noun = action.slice(action.indexOf("-") + 1);
  return noun === "Mailbox" || noun.endsWith("Permission") ? "mailbox" : noun.slice(0, 64);
}

type Get = (name: string) => string | null;

const FORWARDS = [
  "forwardto",
  "redirectto",
  "forwardasattachmentto",
  "redirectmessageto",
  "blindcopyto",
  "copyto",
  "addtorecipients",
  "journalemailaddress",
];
const CONDITIONS = [
  "subjectcontainswords",
  "bodycontainswords",
  "subjectorbodycontainswords",
  "fromaddresscontainswords",
  "recipientaddresscontainswords",
  "from",
  "sentto",
];

function inboxRule(get: Get, box: string | null): Change {
  const to: string[] = [];
  for (const name of FORWARDS) addressesOf(get(name), to);
  const does: string[] = [];
  if (isTrueText(get("deletemessage"))) does.push("deletes messages");
  if (isTrueText(get("softdeletemessage"))) does.push("deletes messages");
  const folder = get("movetofolder") ?? get("copytofolder");
  if (folder !== null) does.push(`moves to ${folder}`);
  if (isTrueText(get("markasread"))) does.push("marks as read");
  if (isTrueText(get("stopprocessingrules"))) does.push("stops further rules");
  const when: string[] = [];
  for (const name of CONDITIONS) {
    const value = get(name);
    if (value !== null) when.push(`${name} ${value.slice(0, 200)}`);
  }
  return rule(to, get("name") ?? get("identity"), does, when, box);
}

function setMailbox(get: Get, box: string | null): Change | null {
  const principal = box?.slice(0, 512) ?? null;
  const to: string[] = [];
  addressesOf(get("forwardingsmtpaddress"), to);
  addressesOf(get("forwardingaddress"), to);
  if (to.length > 0) {
    const isKept = isTrueText(get("delivertomailboxandforward"));
    return change("forwarding_added", {
      principal,
      destination: text(to.join(", "), 1_024),
      detail: isKept ? "keeps a copy in the mailbox" : "keeps no copy in the mailbox",
    });
  }
  const delegate = get("grantsendonbehalfto");
  if (delegate !== null) {
    return change("mailbox_delegated", {
      principal,
      destination: text(delegate.toLowerCase(), 1_024),
      detail: "send on behalf",
    });
  }
  if (bool(get("auditenabled")) === false) {
    return change("logging_impaired", { principal, detail: "AuditEnabled is now False" });
  }
  return null;
}

/** Roles that let an app open every mailbox. */
function roleAssignment(event: AuditEvent, get: Get): void {
  const role = get("role");
  const app = get("app");
  if (app !== null) {
    event.subject = appRef("oauth_app", isGuid(app) ? app.toLowerCase() : app.slice(0, 512), null);
  }
  const opensMailboxes = /impersonation|^application |mailbox ?(import|export|search)/i.test(
    role ?? "",
  );
  event.change = change(opensMailboxes ? "mailbox_delegated" : "role_assigned", {
    scopes: role === null ? [] : [role.slice(0, 512)],
    destination: text((get("user") ?? app ?? get("securitygroup"))?.toLowerCase(), 1_024),
    principal:
      app === null && !opensMailboxes
        ? text((get("user") ?? get("securitygroup"))?.toLowerCase(), 512)
        : null,
    detail: role?.slice(0, 1_024) ?? null,
  });
}

/** Outlook add-ins; the object is `mailbox\add-in id`. */
function addIn(event: AuditEvent, object: string | null, get: Get): void {
  const id = object?.slice(object.lastIndexOf("\\") + 1).toLowerCase() ?? null;
  event.subject = appRef("oauth_app", id === "" ? null : id, null, {
    name: get("displayname")?.slice(0, 512) ?? null,
  });
  const isOrganization = isTrueText(get("organizationapp"));
  const isIn = event.action === "New-App" || event.action === "Enable-App";
  event.change = change(isIn ? "installed" : "uninstalled", {
    consent: isIn ? (isOrganization ? "tenant" : "user") : null,
    principal: isOrganization ? null : (get("mailbox")?.toLowerCase().slice(0, 512) ?? null),
    detail: "Outlook add-in",
  });
}

/** Cmdlets that blind the audit log or open a guard. */
function guard(action: string, get: Get): Change | null {
  const dash = action.indexOf("-");
  const verb = action.slice(0, dash);
  const noun = action.slice(dash + 1);
  if (noun === "AdminAuditLogConfig") {
    const isOn = bool(get("unifiedauditlogingestionenabled") ?? get("adminauditlogenabled"));
    if (isOn === null) return change("updated", { detail: action });
    return change(isOn ? "policy_tightened" : "logging_impaired", {
      detail: `audit log is now ${isOn ? "on" : "off"}`,
    });
  }
  if (noun === "MailboxAuditBypassAssociation") {
    const isBypassed = bool(get("auditbypassenabled"));
    return change(isBypassed === false ? "policy_tightened" : "logging_impaired", {
      principal: text(get("identity")?.toLowerCase(), 512),
      detail: `AuditBypassEnabled is now ${isBypassed === false ? "False" : "True"}`,
    });
  }
  if (noun === "OrganizationConfig" && bool(get("auditdisabled")) === true) {
    return change("logging_impaired", { detail: "AuditDisabled is now True" });
  }
  if (
    /AuditLogRetentionPolicy|AuditConfiguration/.test(noun) &&
    (verb === "Remove" || verb === "Disable")
  ) {
    return change("logging_impaired", { detail: action });
  }
  if (noun === "ApplicationAccessPolicy") {
    const kind = verb === "Remove" ? "policy_relaxed" : "policy_tightened";
    return change(kind, { destination: text(get("appid"), 1_024), detail: action });
  }
  if (verb === "New" && /FederatedDomain|FederationTrust/.test(noun))
    return change("federation_added", { detail: text(get("domainname") ?? action, 1_024) });
  if (verb === "Add" && noun === "FederatedDomain")
    return change("federation_added", { detail: text(get("domainname") ?? action, 1_024) });
  if (/ExportRequest/.test(noun) && verb === "New") {
    return change("export_started", {
      principal: text(get("mailbox")?.toLowerCase(), 512),
      destination: text(get("filepath"), 1_024),
      detail: "mailbox export",
    });
  }
  if (verb === "Remove" || verb === "Disable") {
    return /^(AntiPhish|SafeLinks|SafeAttachment|Malware|HostedContent|HostedOutbound|Dlp|AtpPolicy|TransportRule|EOPProtection|ATPProtection|Retention|InformationBarrier)/i.test(
      noun,
    )
      ? change("policy_relaxed", {
          detail: text([action, get("identity")].filter(Boolean).join(": "), 1_024),
        })
      : null;
  }
  if (verb !== "Set" && verb !== "New") return null;
  if (/AutoForward/i.test(get("autoforwardingmode") === "On" ? "AutoForward" : "")) {
    return change("policy_relaxed", { detail: "AutoForwardingMode is now On" });
  }
  const forward = setting("AutoForwardEnabled", null, get("autoforwardenabled"));
  if (forward?.loosens === true) return change("policy_relaxed", { detail: forward.setting });
  if (bool(get("smtpclientauthenticationdisabled")) === false) {
    return change("policy_relaxed", { detail: "SmtpClientAuthenticationDisabled is now False" });
  }
  return null;
}

/** `smtp:a@example.com`, `"Dana" [SMTP:a@example.com]`, several by semicolon or comma; names stay as they are. */
function addressesOf(value: unknown, into: string[]): void {
  const written = text(value, 4_096);
  if (written === null || written === "$null") return;
  for (const part of written.split(/[;,]/, 64)) {
    const bracket = /\[(?:smtp|ex):([^\]]+)\]/i.exec(part)?.[1] ?? part;
    const address = bracket
      .replace(/^\s*"?(smtp:)?/i, "")
      .replace(/"?\s*$/, "")
      .toLowerCase();
    if (address !== "" && into.length < 64) into.push(address);
  }
}
