/** What Salesforce events, API methods and setup actions do, as our action classes. */

import type { ActionClass, Change } from "#contract/event.ts";

/** Event types of log files and streams whose class needs no second look. Names are lower-case without Event/Store/Stream. */
const EVENTS: ReadonlyMap<string, ActionClass> = new Map<string, ActionClass>([
  ["login", "sign_in"],
  ["loginas", "sign_in"],
  ["logout", "sign_in"],
  ["identityverification", "sign_in"],
  ["identityprovider", "sign_in"],
  ["sitesuccessful", "sign_in"],
  ["report", "read"],
  ["reportexport", "export"],
  ["asyncreportrun", "read"],
  ["dashboard", "read"],
  ["listview", "read"],
  ["uri", "read"],
  ["lightninguri", "read"],
  ["aurarequest", "read"],
  ["lightningpageview", "read"],
  ["lightninginteraction", "read"],
  ["visualforcerequest", "read"],
  ["knowledgearticleview", "read"],
  ["search", "search"],
  ["searchclick", "read"],
  ["documentattachmentdownloads", "download"],
  ["contentdistribution", "publish"],
  ["contentdocumentlink", "share"],
  ["packageinstall", "install"],
  ["metadataapioperation", "edit"],
  ["changesetoperation", "edit"],
  ["apexexecution", "run"],
  ["apextrigger", "run"],
  ["apexcallout", "run"],
  ["apexrestapi", "run"],
  ["apexsoap", "run"],
  ["externalcustomapexcallout", "run"],
  ["externalodatacallout", "run"],
  ["externalcrossorgcallout", "run"],
  ["flowexecution", "run"],
  ["queuedexecution", "run"],
  ["timebasedworkflow", "run"],
  ["bulkapiresult", "export"],
  ["mobileemail", "send"],
  ["permissionset", "role"],
  ["groupmembership", "member"],
  ["transactionsecurity", "other"],
  ["insecureexternalassets", "other"],
]);

/** The bare name of an event type: `BulkApiResultEventStore` and `BulkApiResultEvent` are both `bulkapiresult`. */
export function bareName(type: string): string {
  return type.toLowerCase().replace(/event(?:store|stream)?$|(?:store|stream)$/, "");
}

/** The class of an event by its type alone; null where its operation decides. */
export function eventClass(bare: string): ActionClass | null {
  return EVENTS.get(bare) ?? null;
}

/** First match wins. Covers SOAP methods, bulk operations, UI operations and file actions. */
const OPERATIONS: readonly (readonly [RegExp, ActionClass])[] = [
  [/export/, "export"],
  [/download/, "download"],
  [/^describe|^getuserinfo|^getservertimestamp|^list|^getdeleted|^getupdated/, "enumerate"],
  [/^search|^find/, "search"],
  [/^query|^retrieve|^read|^view|^get|preview|^run|reportrun|reportpreview/, "read"],
  [/^(insert|create|upload|clone)/, "create"],
  [/^(update|upsert|merge|convert|edit|undelete|patch|put)/, "edit"],
  [/delete|^emptyrecyclebin/, "delete"],
  [/^log(in|out)|session/, "sign_in"],
  [/password/, "credential"],
  [/^send/, "send"],
  [/^share/, "share"],
];

/** The class of an operation word; null for one that says nothing. */
export function operationClass(operation: string | null): ActionClass | null {
  if (operation === null) return null;
  const lower = operation.toLowerCase();
  for (const [pattern, found] of OPERATIONS) if (pattern.test(lower)) return found;
  return null;
}

interface SetupAction {
  class: ActionClass;
  kind: Change["kind"] | null;
}

function entry(found: ActionClass, kind: Change["kind"] | null = null): SetupAction {
  return { class: found, kind };
}

/** Setup actions about connected apps, credentials, egress, roles and logging; everything else goes by pattern. */
const SETUP: ReadonlyMap<string, SetupAction> = new Map([
  ["insertapplication", entry("create", "created")],
  ["deleteapplication", entry("delete", "deleted")],
  ["insertconnectedapplication", entry("install", "installed")],
  ["updateconnectedapplication", entry("edit", "updated")],
  ["deleteconnectedapplication", entry("uninstall", "uninstalled")],
  ["blockconnectedapplication", entry("policy", "restricted")],
  ["unblockconnectedapplication", entry("policy", "approved")],
  ["changeoauthdefaultscope", entry("consent", "scopes_added")],
  ["changeapplicationcallbackurl", entry("edit", "redirect_changed")],
  ["insertapplicationcertificate", entry("credential", "credential_added")],
  ["changeapplicationcertificate", entry("credential", "credential_added")],
  ["generateoauthstagedcredential", entry("credential", "credential_added")],
  ["dynamicinitialtokengeneration", entry("credential", "credential_added")],
  ["addoauthclientcredentialuser", entry("role", "delegation_granted")],
  ["removeoauthclientcredentialuser", entry("role", "delegation_removed")],
  ["enableoauth", entry("policy", "enabled")],
  ["connectedappoauthpolicychange", entry("policy", "updated")],
  ["installedpackagingapp", entry("install", "installed")],
  ["nonsecurityreviewedmanagedpackageinstalled", entry("install", "installed")],
  ["upgradedpackagingapp", entry("install", "updated")],
  ["uninstalledpackagingapp", entry("uninstall", "uninstalled")],
  ["permsetassign", entry("role", "role_assigned")],
  ["permsetgroupassign", entry("role", "role_assigned")],
  ["permsetlicenseassign", entry("role", "role_assigned")],
  ["permsetunassign", entry("role", "role_removed")],
  ["permsetgroupunassign", entry("role", "role_removed")],
  ["changedprofileforuser", entry("role", "role_assigned")],
  ["changedroleforuser", entry("role", "role_assigned")],
  ["insertserviceprovider", entry("policy", "federation_added")],
  ["insertsamlconfig", entry("policy", "federation_added")],
  ["insertauthprovider", entry("policy", "federation_added")],
  ["passwordexpiry", entry("policy", "updated")],
  ["remoteproxy", entry("policy", "policy_relaxed")],
  ["loginasgrantedtopartnerbt", entry("role", "delegation_granted")],
  ["suorgadminlogin", entry("sign_in")],
  ["suorgadminlogout", entry("sign_in")],
  ["createduser", entry("member")],
  ["deactivateduser", entry("member")],
  ["activateduser", entry("member")],
  ["frozeuser", entry("member")],
  ["unfrozeuser", entry("member")],
  ["groupmembership", entry("member")],
  ["queuemembership", entry("member")],
]);

const SETUP_PATTERNS: readonly (readonly [RegExp, SetupAction])[] = [
  [/remotesite|trustedsite|corsallow|cspallow|csptrusted/, entry("policy", "policy_relaxed")],
  [/^(named|external)credential.*(insert|created)$/, entry("credential", "credential_added")],
  [/^(named|external)credential.*(delete|deleted)$/, entry("credential", "credential_removed")],
  [/^(named|external)credential/, entry("credential", "updated")],
  [/permset.*userperm|permset.*enable|profile.*perm/, entry("role", "updated")],
  [/permset|profile/, entry("role")],
  [/certificate|tenantsecret|keyrotation|dkim/, entry("credential")],
  [/dataexport|weeklyexport|exportscheduled|_export$/, entry("export", "export_started")],
  [
    /iprange|loginhours|sessiontimeout|sessionsetting|password|mfa|twofactor|orgdomain/,
    entry("policy"),
  ],
  [/policy|setting|enabled|disabled|offon$|onoff$/, entry("policy")],
  [/sharing/, entry("share")],
  [/user$|membership/, entry("member")],
  [/^(created|insert|add)|created$|insert$/, entry("create")],
  [/^deleted?|deleted$|delete$|^remove/, entry("delete")],
  [/^changed?|changed$|^update|^modified|change$/, entry("edit")],
];

/** What a setup action does; `other` without a change for names that match nothing. */
export function setupAction(action: string): SetupAction {
  const lower = action.toLowerCase();
  const exact = SETUP.get(lower);
  if (exact !== undefined) return exact;
  for (const [pattern, found] of SETUP_PATTERNS) if (pattern.test(lower)) return found;
  return OTHER;
}

const OTHER: SetupAction = entry("other");
