/** Calls to Microsoft Graph: who asked what of which collection, and how much came back. */

import { firstText, isObject, number, type Raw, text } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import { isSensitiveSearch } from "#catalog/terms.ts";
import {
  type ActionClass,
  type AuditEvent,
  auditEvent,
  type Outcome,
  type Target,
  traitsWhere,
} from "#contract/event.ts";
import { appActor, appRef, bytesOf, idOf, ipOf, recordId, userActor } from "./ids.ts";

export function graphActivity(raw: Raw, service: string): AuditEvent[] {
  const inner = isObject(raw.properties) ? raw.properties : raw;
  const automation = appRef(
    "oauth_app",
    idOf(inner.appId ?? inner.AppId),
    idOf(inner.servicePrincipalId ?? inner.ServicePrincipalId),
  );
  const userId = idOf(inner.userId ?? inner.UserId);
  const method = text(inner.requestMethod ?? inner.RequestMethod, 16)?.toUpperCase() ?? "GET";
  const uri = text(inner.requestUri ?? inner.RequestUri, 2_048) ?? "";
  const request = requestOf(method, uri);
  const status = number(
    inner.responseStatusCode ?? inner.ResponseStatusCode ?? raw.resultSignature,
  );
  return [
    auditEvent("microsoft", service, `${method} ${request.target?.type ?? "request"}`, {
      id: recordId(inner.requestId ?? inner.RequestId ?? inner.operationId),
      at: parseTime(inner.timeGenerated ?? raw.time ?? raw.TimeGenerated),
      class: request.class,
      actor: userId === null ? appActor(automation, null) : userActor(null, userId, null),
      automation,
      target: request.target,
      client: {
        ip: ipOf(inner.ipAddress ?? inner.IPAddress ?? raw.callerIpAddress),
        asn: null,
        country: null,
        userAgent: text(inner.userAgent ?? inner.UserAgent, 512),
      },
      session:
        firstText(
          inner.sessionId ?? inner.SessionId,
          inner.signInActivityId ?? inner.SignInActivityId,
        )?.slice(0, 256) ?? null,
      traits: traitsWhere({ sensitive_terms: isSensitiveSearch(searchedFor(uri)) }),
      outcome: outcomeOf(status),
      bytes: bytesOf(number(inner.responseSizeBytes ?? inner.ResponseSizeBytes)),
    }),
  ];
}

/** `$search="payroll"`, or a filter by what a name or subject contains. */
function searchedFor(uri: string): string | null {
  const asked = /[?&](?:\$|%24)?(?:search|filter|q)=([^&]{1,512})/i.exec(uri)?.[1];
  if (asked === undefined) return null;
  try {
    return decodeURIComponent(asked.replaceAll("+", " "));
  } catch {
    return asked;
  }
}

function outcomeOf(status: number | null): Outcome {
  if (status === null) return "unknown";
  if (status < 400) return "success";
  if (status === 429) return "throttled";
  return status === 401 || status === 403 ? "denied" : "failure";
}

interface Noun {
  read: ActionClass;
  post: ActionClass;
  change: ActionClass;
  remove: ActionClass;
}

const noun = (
  read: ActionClass,
  post: ActionClass,
  change: ActionClass,
  remove: ActionClass,
): Noun => ({
  read,
  post,
  change,
  remove,
});
const CONTENT = noun("read", "create", "edit", "delete");
const DIRECTORY = noun("enumerate", "create", "edit", "delete");
const PEOPLE = noun("enumerate", "member", "member", "member");
const GRANT = noun("enumerate", "consent", "consent", "revoke");
const POLICY = noun("enumerate", "policy", "policy", "policy");
const ROLE = noun("enumerate", "role", "role", "role");
const SECRET = noun("enumerate", "credential", "credential", "credential");

/** Collections of Graph by name; in a path the last known one decides. */
const NOUNS: ReadonlyMap<string, Noun> = new Map([
  ...[
    "messages",
    "mailfolders",
    "events",
    "calendarview",
    "calendar",
    "calendars",
    "contacts",
    "items",
    "root",
    "children",
    "listitem",
    "pages",
    "onenote",
    "notebooks",
    "sections",
    "attachments",
    "replies",
    "transcripts",
    "recordings",
    "tasks",
    "todo",
    "planner",
    "photo",
    "photos",
    "mailboxsettings",
    "lists",
    "drive",
    "interactionhistory",
    "insights",
    "onlinemeetings",
    "me",
    "presence",
    "versions",
  ].map((name) => [name, CONTENT] as const),
  ...[
    "chats",
    "channels",
    "teams",
    "groups",
    "applications",
    "serviceprincipals",
    "organization",
    "domains",
    "devices",
    "sites",
    "drives",
    "auditlogs",
    "signins",
    "directoryaudits",
    "reports",
    "identity",
    "identityprotection",
    "subscribedskus",
    "administrativeunits",
    "directory",
    "appcatalogs",
    "teamsapps",
    "installedapps",
    "schemaextensions",
    "manageddevices",
    "devicemanagement",
    "deviceappmanagement",
    "contracts",
    "places",
    "people",
    "manager",
    "directreports",
    "licensedetails",
    "copilot",
    "agentregistry",
    "subscriptions",
  ].map((name) => [name, DIRECTORY] as const),
  ...[
    "users",
    "members",
    "memberof",
    "transitivememberof",
    "transitivemembers",
    "invitations",
    "deleteditems",
    "guests",
  ].map((name) => [name, PEOPLE] as const),
  ...["oauth2permissiongrants", "approleassignments", "approleassignedto", "permissiongrants"].map(
    (name) => [name, GRANT] as const,
  ),
  ...[
    "policies",
    "conditionalaccess",
    "namedlocations",
    "settings",
    "authenticationmethodspolicy",
    "rolemanagementpolicies",
  ].map((name) => [name, POLICY] as const),
  ...[
    "directoryroles",
    "roleassignments",
    "roledefinitions",
    "rolemanagement",
    "roleassignmentschedulerequests",
    "roleeligibilityschedulerequests",
    "owners",
  ].map((name) => [name, ROLE] as const),
  ...[
    "federatedidentitycredentials",
    "passwordcredentials",
    "keycredentials",
    "tokensigningcertificates",
  ].map((name) => [name, SECRET] as const),
  ["messagerules", noun("enumerate", "forward", "forward", "edit")],
  ["permissions", noun("enumerate", "share", "share", "edit")],
  ["alerts", noun("read", "create", "edit", "delete")],
]);

/** Last segments that are a verb of their own. */
const VERBS: ReadonlyMap<string, ActionClass> = new Map([
  ...["sendmail", "send", "reply", "replyall", "forward", "sendactivitynotification"].map(
    (name) => [name, "send"] as const,
  ),
  ...["$value", "content", "contentstream"].map((name) => [name, "download"] as const),
  ...["addpassword", "removepassword", "addkey", "removekey", "addtokensigningcertificate"].map(
    (name) => [name, "credential"] as const,
  ),
  ...[
    "getallmessages",
    "getallretainedmessages",
    "export",
    "exportpersonaldata",
    "getallenterpriseinteractions",
    "exportitems",
  ].map((name) => [name, "export"] as const),
  ...[
    "getmembergroups",
    "getmemberobjects",
    "checkmembergroups",
    "checkmemberobjects",
    "getbyids",
  ].map((name) => [name, "enumerate"] as const),
  ["createlink", "share"],
  ["invite", "share"],
  ["copy", "copy"],
  ["revokesigninsessions", "policy"],
]);

interface Request {
  class: ActionClass;
  target: Target | null;
}

/** The class of a call by its method and the last collection of its path; the path is the target. */
export function requestOf(method: string, uri: string): Request {
  const scheme = uri.indexOf("://");
  const start = scheme < 0 ? 0 : uri.indexOf("/", scheme + 3);
  const query = uri.indexOf("?");
  const path = start < 0 ? "" : uri.slice(start, query < 0 ? undefined : query);
  const parts = path.split("/", 64);
  let last = parts.length - 1;
  while (last > 0 && parts[last] === "") last--;
  const ending = bare(parts[last]);
  let type: string | null = null;
  let known: Noun | null = null;
  for (let at = last; at >= 0; at--) {
    const name = bare(parts[at]);
    const found = NOUNS.get(name);
    if (found !== undefined) {
      known = found;
      type = name;
      break;
    }
  }
  const target =
    path === "" ? null : { type: type ?? "request", id: path.slice(0, 512), name: null };
  return { class: classOf(method, ending, { known, type, uri, path }), target };
}

interface Parsed {
  known: Noun | null;
  type: string | null;
  uri: string;
  path: string;
}

function classOf(method: string, ending: string, { known, type, uri, path }: Parsed): ActionClass {
  const verb = VERBS.get(ending);
  if (verb !== undefined) {
    // A portrait is no download worth counting.
    return verb === "download" && (method !== "GET" || type === "photo" || type === "photos")
      ? method === "GET"
        ? "read"
        : "edit"
      : verb;
  }
  if (ending === "query" || ending === "search" || (method === "GET" && uri.includes("$search=")))
    return "search";
  if (known === null) return method === "GET" ? "read" : method === "DELETE" ? "delete" : "other";
  if (method === "GET") return known.read;
  if (method === "DELETE") return known.remove;
  if (method !== "POST") return known.change;
  const isChat = type === "messages" || type === "replies";
  return isChat && /\/(chats|channels)/i.test(path) ? "send" : known.post;
}

/** `users('dana')` and `microsoft.graph.delta()` without what follows the bracket, in lower case. */
function bare(part: string | undefined): string {
  if (part === undefined) return "";
  const bracket = part.indexOf("(");
  return (bracket < 0 ? part : part.slice(0, bracket)).toLowerCase();
}
