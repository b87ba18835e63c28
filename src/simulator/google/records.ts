/** Records of the Reports API's `activities.list`, log by log, as Google writes them. */

import type { Prng } from "#base/prng.ts";
import type { Company, Person } from "#simulator/company.ts";
import type { Emission, Fields } from "#simulator/stage.ts";
import { type App, desk, type Place } from "./apps.ts";
import type { Doc } from "./documents.ts";

/** When, who, from where, and through which application. */
export interface Scene {
  readonly company: Company;
  readonly at: number;
  readonly who: Person;
  /** The person's own desk unless another place is given. */
  readonly place?: Place;
  readonly via?: App | null;
  readonly rng: Prng;
}

/** One event of an activity. */
interface Happening {
  type: string;
  name: string;
  parameters: Fields[];
  status?: Fields;
}

const text = (name: string, value: string): Fields => ({ name, value });
const flag = (name: string, boolValue: boolean): Fields => ({ name, boolValue });
const many = (name: string, multiValue: readonly string[]): Fields => ({ name, multiValue });
const whole = (name: string, value: number): Fields => ({ name, intValue: String(value) });

/** The token log names the application among its parameters, all others beside the actor. */
function activity(scene: Scene, log: string, events: readonly Happening[]): Emission {
  const { company, at, who, via = null, rng } = scene;
  const { ip, asn, country } = scene.place ?? desk(who);
  return {
    at,
    platform: "google",
    service: `google:${log}`,
    record: {
      kind: "admin#reports#activity",
      etag: `"${company.googleCustomerId}/${rng.int(0, 0x7fff_ffff).toString(36)}"`,
      id: {
        time: new Date(at).toISOString(),
        uniqueQualifier: qualifier(rng),
        applicationName: log,
        customerId: company.googleCustomerId,
      },
      actor: actorOf(who, log === "token" ? null : via),
      ownerDomain: company.domain,
      ipAddress: ip,
      networkInfo: { ipAsn: [asn], regionCode: country },
      isAgenticAction: via?.isAgent === true,
      events,
    },
  };
}

/** A signed number of 64 bits, written as text. */
function qualifier(rng: Prng): string {
  const sign = rng.chance(0.5) ? "-" : "";
  return `${sign}${rng.int(1_000_000_000, 8_999_999_999)}${rng.int(100_000_000, 999_999_999)}`;
}

function actorOf(who: Person, via: App | null): Fields {
  const person = { callerType: "USER", email: who.email, profileId: who.googleId };
  if (via === null) return person;
  return {
    ...person,
    applicationInfo: {
      oauthClientId: via.clientId,
      applicationName: via.name,
      impersonation: via.kind === "service_account",
    },
  };
}

// The token log

/** A person lets an application in, or takes the leave back. */
export function authorized(
  scene: Scene & { via: App },
  scopes: readonly string[] = scene.via.scopes,
  name: "authorize" | "revoke" | "request" | "deny" = "authorize",
): Emission {
  const { via } = scene;
  const parameters = [
    text("client_id", via.clientId),
    text("app_name", via.name),
    text("client_type", via.clientType),
    many("scope", scopes),
    {
      name: "scope_data",
      multiMessageValue: scopes.map((scope) => ({
        parameter: [text("scope_name", scope), many("product_bucket", bucketsOf(scope))],
      })),
    },
  ];
  return activity({ ...scene, via: null }, "token", [{ type: "auth", name, parameters }]);
}

function bucketsOf(scope: string): string[] {
  if (/drive|spreadsheets|documents|presentations/.test(scope)) return ["DRIVE"];
  if (/mail/.test(scope) && !scope.endsWith("userinfo.email")) return ["GMAIL"];
  if (scope.includes("calendar")) return ["CALENDAR"];
  if (scope.includes("/script.")) return ["APPS_SCRIPT_RUNTIME"];
  if (scope.includes("admin.")) return ["GSUITE_ADMIN"];
  if (scope.includes("contacts") || scope.includes("directory")) return ["CONTACTS"];
  return scope === "openid" || scope.includes("userinfo") ? ["IDENTITY", "OTHER"] : ["OTHER"];
}

const BUCKETS: Readonly<Record<string, string>> = {
  drive: "DRIVE",
  sheets: "DRIVE",
  docs: "DRIVE",
  gmail: "GMAIL",
  calendar: "CALENDAR",
  admin: "GSUITE_ADMIN",
  people: "CONTACTS",
  tasks: "TASKS",
  oauth2: "IDENTITY",
};

/** Methods of the Admin SDK are named by their part of it, not by its API. */
const API_OF: Readonly<Record<string, string>> = { directory: "admin", reports: "admin" };

/** How a call that failed says so. */
export type Failure = 401 | 403 | 404 | 429 | 500 | 503;

const REASONS: Readonly<Record<Failure, string>> = {
  401: "authError",
  403: "insufficientPermissions",
  404: "notFound",
  429: "rateLimitExceeded",
  500: "backendError",
  503: "backendError",
};

/** One API call of an application for a person. */
export function called(
  scene: Scene & { via: App },
  method: string,
  bytes: number,
  failure: Failure | null = null,
): Emission {
  const { via } = scene;
  const head = method.slice(0, method.indexOf("."));
  const api = API_OF[head] ?? head;
  const parameters = [
    text("api_name", api),
    text("method_name", method),
    text("client_id", via.clientId),
    text("app_name", via.name),
    text("client_type", via.clientType),
    whole("num_response_bytes", failure === null ? bytes : 312),
    text("product_bucket", BUCKETS[api] ?? "OTHER"),
  ];
  const event: Happening = { type: "auth", name: "activity", parameters };
  if (failure !== null) {
    event.status = {
      eventStatus: "FAILED",
      errorCode: REASONS[failure],
      httpStatusCode: failure,
    };
  }
  return activity(scene, "token", [event]);
}

// The Drive log

export type Access =
  | "view"
  | "edit"
  | "download"
  | "create"
  | "upload"
  | "copy"
  | "print"
  | "rename"
  | "trash"
  | "delete"
  | "add_to_folder"
  | "create_comment";

/** Cloud projects of Drive's own pages and editors, which the log names when a person works in the browser. */
const BROWSER = ["691301496089", "211604355607"] as const;

function about(scene: Scene, doc: Doc, visibility: string): Fields[] {
  const { via, rng } = scene;
  const app = via === undefined || via === null ? rng.pick(BROWSER) : via.project;
  const parameters = [
    flag("primary_event", true),
    flag("billable", true),
    text("doc_id", doc.id),
    text("doc_title", doc.title),
    text("doc_type", doc.type),
    text("owner", doc.owner),
    flag("owner_is_shared_drive", doc.isShared),
    flag("owner_is_team_drive", doc.isShared),
    text("visibility", visibility),
    text("originating_app_id", app),
    flag("actor_is_collaborator_account", false),
  ];
  if (doc.isShared) parameters.push(text("shared_drive_id", `0A${doc.id.slice(2, 19)}`));
  return parameters;
}

/** Somebody, or an application for her, opens, changes or takes a file. */
export function accessed(scene: Scene, name: Access, doc: Doc, extra: Fields[] = []): Emission {
  const parameters = about(scene, doc, doc.visibility);
  parameters.push(...extra);
  return activity(scene, "drive", [{ type: "access", name, parameters }]);
}

/** A copy that leaves the organization, in the log of the organization that it leaves. */
export function copiedOut(scene: Scene, doc: Doc, to: string): Emission {
  return accessedAs(scene, "source_copy", doc, [
    text("copy_type", "external"),
    text("new_doc_id", `1${doc.id.slice(1).split("").reverse().join("")}`),
    text("target_user", to),
  ]);
}

/** A copy of somebody else's file into the organization. */
export function copiedIn(scene: Scene, doc: Doc): Emission {
  return accessedAs(scene, "copy", doc, [text("copy_type", "external")]);
}

function accessedAs(scene: Scene, name: string, doc: Doc, extra: Fields[]): Emission {
  const parameters = about(scene, doc, doc.visibility);
  parameters.push(...extra);
  return activity(scene, "drive", [{ type: "access", name, parameters }]);
}

/** A person is given rights on a file. */
export function sharedWith(scene: Scene, doc: Doc, to: string, right = "can_view"): Emission {
  const isOutside = !to.endsWith(`@${scene.company.domain}`);
  const after = isOutside ? "shared_externally" : "shared_internally";
  const parameters = about(scene, doc, after);
  parameters.push(
    text("visibility_change", isOutside ? "external" : "internal"),
    text("old_visibility", doc.visibility),
    text("target_user", to),
    many("old_value", ["none"]),
    many("new_value", [right]),
  );
  return activity(scene, "drive", [{ type: "acl_change", name: "change_user_access", parameters }]);
}

/** A file is opened to everybody who has its link. Google logs the audience and the rights as two events. */
export function opened(scene: Scene, doc: Doc, right = "can_view"): Emission {
  const shared = about(scene, doc, "people_with_link");
  shared.push(
    text("visibility_change", "external"),
    text("old_visibility", doc.visibility),
    text("target_domain", "all"),
  );
  return activity(scene, "drive", [
    {
      type: "acl_change",
      name: "change_document_access_scope",
      parameters: [...shared, many("old_value", ["none"]), many("new_value", [right])],
    },
    {
      type: "acl_change",
      name: "change_document_visibility",
      parameters: [
        ...shared,
        many("old_value", [doc.visibility]),
        many("new_value", ["people_with_link"]),
      ],
    },
  ]);
}

export function givenAway(scene: Scene, doc: Doc, newOwner: string): Emission {
  const parameters = about(scene, doc, doc.visibility);
  parameters.push(text("new_owner", newOwner));
  return activity(scene, "drive", [{ type: "acl_change", name: "change_owner", parameters }]);
}

/** A script that is bound to a file asks for a page of the web. */
export function fetched(scene: Scene, sheet: Doc, url: string): Emission {
  return accessedAs(scene, "access_url", sheet, [
    text("accessed_url", url),
    text("script_id", scriptId(sheet)),
  ]);
}

/** A script sets itself a clock. */
export function triggerMade(scene: Scene, sheet: Doc): Emission {
  return accessedAs(scene, "create_script_trigger", sheet, [
    text("trigger_type", "TIME_DRIVEN"),
    text("script_id", scriptId(sheet)),
  ]);
}

function scriptId(sheet: Doc): string {
  return `1S${sheet.id.slice(2)}`;
}

// Sign-ins and people's own settings

export function signedIn(scene: Scene, isGood = true): Emission {
  const { rng, who } = scene;
  return activity(scene, "login", [
    {
      type: "login",
      name: isGood ? "login_success" : "login_failure",
      parameters: [
        text("login_type", rng.chance(0.8) ? "saml" : "google_password"),
        many("login_challenge_method", [rng.chance(0.7) ? "none" : "security_key"]),
        flag("is_suspicious", false),
        flag("is_second_factor", false),
        text("affected_email_address", who.email),
        text("user_agent", who.userAgent),
      ],
    },
  ]);
}

/** A person's mail is sent on to an address outside. */
export function mailForwarded(scene: Scene, to: string): Emission {
  return activity(scene, "user_accounts", [
    {
      type: "email_forwarding_change",
      name: "email_forwarding_out_of_domain",
      parameters: [text("email_forwarding_destination_address", to)],
    },
  ]);
}

// The admin log

/** One change in the Admin console; the names of its parameters are in capitals. */
export function administered(
  scene: Scene,
  type: string,
  name: string,
  values: Readonly<Record<string, string | readonly string[]>>,
): Emission {
  const parameters = Object.entries(values).map(([key, value]) =>
    typeof value === "string" ? text(key, value) : many(key, value),
  );
  return activity(scene, "admin", [{ type, name, parameters }]);
}

/** Domain-wide delegation: the service account may act as anybody, within these scopes. */
export function delegated(scene: Scene, app: App, scopes: readonly string[]): Emission {
  return administered(scene, "DOMAIN_SETTINGS", "AUTHORIZE_API_CLIENT_ACCESS", {
    DOMAIN_NAME: scene.company.domain,
    API_CLIENT_NAME: app.clientId,
    API_SCOPES: scopes,
  });
}

/** An application is put on the domain from the Marketplace. */
export function installed(scene: Scene, app: App): Emission {
  return administered(scene, "DOMAIN_SETTINGS", "ADD_APPLICATION", {
    APP_ID: app.project,
    APPLICATION_NAME: app.name,
    APPLICATION_ENABLED: "true",
  });
}

/** An application is trusted with every scope in API controls. */
export function trusted(scene: Scene, app: App): Emission {
  return administered(scene, "SECURITY_SETTINGS", "ADD_TO_TRUSTED_OAUTH2_APPS", {
    OAUTH2_APP_ID: app.clientId,
    OAUTH2_APP_NAME: app.name,
    OAUTH2_APP_TYPE: "WEB",
    ORG_UNIT_NAME: scene.company.name,
  });
}

// Google Cloud's own log

/** A key is made, or an old one taken away, for a service account of the company: an entry of Cloud Logging. */
export function keyChanged(
  scene: Scene,
  account: App,
  method: "CreateServiceAccountKey" | "DeleteServiceAccountKey",
  agent = "google-cloud-sdk gcloud/486.0.0 command/gcloud.iam.service-accounts.keys",
): Emission {
  const { at, who, rng } = scene;
  const email = account.email ?? account.clientId;
  const project = projectOfAccount(email);
  const key = `${rng.int(0x1000_0000, 0xffff_ffff).toString(16)}${rng.int(0x1000_0000, 0xffff_ffff).toString(16)}`;
  const resource = `projects/${project}/serviceAccounts/${email}`;
  const isMade = method === "CreateServiceAccountKey";
  return {
    at,
    platform: "google",
    service: "google:cloud_audit",
    record: {
      logName: `projects/${project}/logs/cloudaudit.googleapis.com%2Factivity`,
      insertId: key.slice(0, 14),
      timestamp: new Date(at).toISOString(),
      receiveTimestamp: new Date(at + 900).toISOString(),
      severity: "NOTICE",
      resource: {
        type: "service_account",
        labels: { email_id: email, project_id: project, unique_id: account.clientId },
      },
      protoPayload: {
        "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
        serviceName: "iam.googleapis.com",
        methodName: `google.iam.admin.v1.${method}`,
        resourceName: isMade ? resource : `${resource}/keys/${key}`,
        authenticationInfo: { principalEmail: who.email },
        requestMetadata: {
          callerIp: (scene.place ?? desk(who)).ip,
          callerSuppliedUserAgent: agent,
        },
        request: { name: resource },
        ...(isMade ? { response: { name: `${resource}/keys/${key}`, key_type: 1 } } : {}),
      },
    },
  };
}

/** The project in the address of a service account. */
export function projectOfAccount(email: string): string {
  return email.slice(email.indexOf("@") + 1, email.indexOf(".iam."));
}

// The other logs

export function planned(
  scene: Scene,
  name: "create_event" | "change_event" | "change_event_guest_response",
  title: string,
): Emission {
  const { rng, who, via } = scene;
  return activity(scene, "calendar", [
    {
      type: "calendar_change",
      name,
      parameters: [
        text(
          "event_id",
          `${rng.int(1, 0x7fff_ffff).toString(36)}${rng.int(1, 0x7fff_ffff).toString(36)}`,
        ),
        text("organizer_calendar_id", who.email),
        text("calendar_id", who.email),
        text("event_title", title),
        text("api_kind", via === undefined || via === null ? "web" : "api"),
        text("user_agent", via === undefined || via === null ? who.userAgent : via.name),
      ],
    },
  ]);
}

/** A mail went out, seen by the Gmail log. */
export function mailed(scene: Scene, to: string, subject: string, bytes: number): Emission {
  const { rng, who, at } = scene;
  return activity(scene, "gmail", [
    {
      type: "delivery_type",
      name: "delivery",
      parameters: [
        {
          name: "event_info",
          messageValue: {
            parameter: [
              whole("mail_event_type", 1),
              flag("success", true),
              whole("timestamp_usec", at * 1_000),
              whole("elapsed_time_usec", rng.int(20_000, 900_000)),
            ],
          },
        },
        {
          name: "message_info",
          messageValue: {
            parameter: [
              whole("action_type", 10),
              text(
                "rfc2822_message_id",
                `<${rng.int(1, 0x7fff_ffff).toString(36)}.${at}@${scene.company.domain}>`,
              ),
              text("subject", subject),
              whole("payload_size", bytes),
              text("flattened_destinations", `smtp-outbound:remote:${to}`),
              { name: "source", messageValue: { parameter: [text("address", who.email)] } },
              { name: "destination", messageValue: { parameter: [text("address", to)] } },
            ],
          },
        },
      ],
    },
  ]);
}

/** Gemini was asked something in a Workspace app. */
export function prompted(scene: Scene, app: string, action: string): Emission {
  return activity(scene, "gemini_in_workspace_apps", [
    {
      type: "ai_usage_event",
      name: "feature_utilization",
      parameters: [
        text("app_name", app),
        text("action", action),
        text("event_category", "active_generate"),
        text("feature_source", "side_panel"),
      ],
    },
  ]);
}

export function chatted(scene: Scene, room: string): Emission {
  return activity(scene, "chat", [
    {
      type: "user_action",
      name: "message_posted",
      parameters: [
        text("room_id", room),
        text("actor", scene.who.email),
        text("message_type", "MESSAGE"),
      ],
    },
  ]);
}

/** A group changes: somebody is let in, or who may read it. */
export function groupChanged(
  scene: Scene,
  name: "add_member" | "remove_member",
  group: string,
  member: string,
): Emission {
  return activity(scene, "groups_enterprise", [
    {
      type: "moderator_action",
      name,
      parameters: [text("group_id", group), text("member_id", member), text("member_type", "user")],
    },
  ]);
}
