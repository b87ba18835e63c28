/** The Google logs and lists that are understood, each with where to get it and an invented example. */

import type { Service } from "#platforms/platform.ts";

const REPORTS = "GET admin/reports/v1/activity/users/all/applications";
const OR_LOGGING = "or Cloud Logging (Admin console > Account settings > Sharing options)";

/** One activity as the Reports API sends it. */
function activity(
  app: string,
  type: string,
  name: string,
  parameters: unknown[],
): Service["example"] {
  return {
    kind: "admin#reports#activity",
    id: {
      time: "2026-06-01T09:00:00.123Z",
      uniqueQualifier: "-3860587827412345678",
      applicationName: app,
      customerId: "C0example",
    },
    actor: { callerType: "USER", email: "dana@example.com", profileId: "100000000000000000001" },
    ipAddress: "192.0.2.10",
    events: [{ type, name, parameters }],
  };
}

function log(
  app: string,
  title: string,
  type: string,
  name: string,
  parameters: unknown[],
): Service {
  return {
    id: `google:${app}`,
    title,
    holds: "events",
    from: `${REPORTS}/${app}`,
    example: activity(app, type, name, parameters),
  };
}

export const services: readonly Service[] = [
  {
    ...log("token", "OAuth: consents, revocations, API calls of apps", "auth", "authorize", [
      { name: "client_id", value: "415926535897-scribe.apps.googleusercontent.com" },
      { name: "app_name", value: "MeetScribe" },
      { name: "client_type", value: "WEB" },
      { name: "scope", multiValue: ["https://www.googleapis.com/auth/drive.readonly"] },
    ]),
    from: `${REPORTS}/token, ${OR_LOGGING}`,
  },
  {
    id: "google:admin",
    title: "Admin console: delegation, app control, Marketplace, roles, settings",
    holds: "events",
    from: `${REPORTS}/admin, ${OR_LOGGING}`,
    example: {
      logName: "organizations/123456789012/logs/cloudaudit.googleapis.com%2Factivity",
      insertId: "2f8qexample",
      timestamp: "2026-06-01T09:00:00.123Z",
      resource: { type: "audited_resource", labels: { service: "admin.googleapis.com" } },
      protoPayload: {
        "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
        serviceName: "admin.googleapis.com",
        methodName: "google.admin.AdminService.authorizeApiClientAccess",
        authenticationInfo: { principalEmail: "admin@example.com" },
        requestMetadata: { callerIp: "192.0.2.11" },
        metadata: {
          "@type": "type.googleapis.com/ccc_hosted_reporting.ActivityProto",
          activityId: { timeUsec: "1780304400123000", uniqQualifier: "-3860587827412345678" },
          event: [
            {
              eventName: "AUTHORIZE_API_CLIENT_ACCESS",
              eventType: "DOMAIN_SETTINGS",
              parameter: [
                { name: "API_CLIENT_NAME", type: "TYPE_STRING", value: "100200300400500600700" },
                {
                  name: "API_SCOPES",
                  type: "TYPE_STRING",
                  multiStrValue: ["https://www.googleapis.com/auth/gmail.readonly"],
                },
              ],
            },
          ],
        },
      },
    },
  },
  log("drive", "Drive: views, downloads, copies, sharing", "acl_change", "change_user_access", [
    { name: "primary_event", boolValue: true },
    { name: "doc_id", value: "1aExampleDocument" },
    { name: "doc_title", value: "Plan" },
    { name: "doc_type", value: "document" },
    { name: "visibility", value: "shared_externally" },
    { name: "visibility_change", value: "external" },
    { name: "target_user", value: "someone@partner.example" },
    { name: "new_value", multiValue: ["can_edit"] },
    { name: "originating_app_id", value: "415926535897" },
  ]),
  {
    ...log("login", "Sign-ins and account warnings", "account_warning", "suspicious_login", [
      { name: "affected_email_address", value: "dana@example.com" },
      { name: "login_timestamp", intValue: "1780304400123000" },
    ]),
    from: `${REPORTS}/login, ${OR_LOGGING}`,
  },
  log("logout", "Sign-outs", "login", "logout", [{ name: "login_type", value: "saml" }]),
  log("saml", "Sign-ins by SAML to other apps", "login", "login_success", [
    { name: "application_name", value: "Tickets" },
    { name: "saml_status_code", value: "SUCCESS_URI" },
  ]),
  log(
    "user_accounts",
    "Changes that people make to their own account",
    "email_forwarding_change",
    "email_forwarding_out_of_domain",
    [{ name: "email_forwarding_destination_address", value: "dana@elsewhere.example" }],
  ),
  log("gmail", "Gmail: what happened to messages", "delivery_type", "delivery", [
    {
      name: "event_info",
      messageValue: { parameter: [{ name: "mail_event_type", intValue: "17" }] },
    },
    {
      name: "message_info",
      messageValue: {
        parameter: [
          { name: "rfc2822_message_id", value: "<1@mail.example.com>" },
          { name: "payload_size", intValue: "2048" },
        ],
      },
    },
  ]),
  log("calendar", "Calendar: events and sharing", "calendar_change", "change_calendar_acls", [
    { name: "calendar_id", value: "dana@example.com" },
    { name: "grantee_email", value: "__public_principal__@public.calendar.google.com" },
    { name: "access_level", value: "read" },
    { name: "user_agent", value: "Mozilla/5.0" },
  ]),
  log("groups", "Groups: settings and members", "acl_change", "change_acl_permission", [
    { name: "group_email", value: "team@example.com" },
    { name: "acl_permission", value: "can_join" },
    { name: "new_value_repeated", multiValue: ["anyone"] },
  ]),
  {
    ...log("groups_enterprise", "Groups: members and roles", "moderator_action", "add_member", [
      { name: "group_id", value: "team@example.com" },
      { name: "member_id", value: "lee@example.com" },
    ]),
    from: `${REPORTS}/groups_enterprise, ${OR_LOGGING}`,
  },
  log("rules", "Rules and data loss prevention", "rule_match_type", "rule_match", [
    { name: "rule_name", value: "Card numbers" },
    { name: "severity", value: "HIGH" },
    { name: "resource_id", value: "1aExampleDocument" },
  ]),
  log("mobile", "Devices", "suspicious_activity", "SUSPICIOUS_ACTIVITY_EVENT", [
    { name: "USER_EMAIL", value: "dana@example.com" },
    { name: "DEVICE_ID", value: "device-1" },
  ]),
  log(
    "gemini_in_workspace_apps",
    "Gemini in Workspace apps",
    "ai_usage_event",
    "feature_utilization",
    [
      { name: "app_name", value: "docs" },
      { name: "action", value: "summarize" },
      { name: "event_category", value: "active_generate" },
    ],
  ),
  log("takeout", "Takeout by people", "user_takeout", "STARTED_USER_TAKEOUT", [
    { name: "TAKEOUT_DESTINATION", value: "DROPBOX" },
    { name: "PRODUCTS_REQUESTED", multiValue: ["Drive", "Gmail"] },
  ]),
  log("vault", "Vault: searches and exports", "user_action", "create_export", [
    { name: "matter_id", value: "matter-1" },
  ]),
  log(
    "access_evaluation",
    "Access decisions on tokens",
    "access_token_evaluation",
    "allow_token_impersonation",
    [
      { name: "service_account", value: "sync@example-project.iam.gserviceaccount.com" },
      { name: "configuration_source", value: "DOMAIN_WIDE_DELEGATION" },
      { name: "scopes_requested", multiValue: ["Gmail"] },
    ],
  ),
  log("data_studio", "Looker Studio", "ACL_CHANGE", "CHANGE_ASSET_LINK_SHARING_VISIBILITY", [
    { name: "ASSET_ID", value: "asset-1" },
    { name: "VISIBILITY", value: "PEOPLE_WITH_LINK" },
  ]),
  log("chrome", "Chrome browsers and devices", "CONTENT_TRANSFER_TYPE", "CONTENT_TRANSFER", [
    { name: "DEVICE_ID", value: "device-1" },
  ]),
  log("chat", "Chat", "user_action", "message_posted", [{ name: "room_id", value: "AAAAexample" }]),
  {
    id: "google:*",
    title: "Every other log of the Reports API, also out of the BigQuery export",
    holds: "events",
    from: `${REPORTS}/NAME, or Admin console > Reporting > Data integrations > BigQuery`,
    example: {
      time_usec: 1_780_304_400_123_000,
      email: "dana@example.com",
      event_type: "call",
      event_name: "call_ended",
      ip_address: "192.0.2.10",
      unique_identifier: "-3860587827412345678",
      record_type: "meet",
      meet: { conference_id: "conference-1", meeting_code: "ABCDEFGHIJ" },
    },
  },
  {
    id: "google:alerts",
    title: "Alert Center",
    holds: "events",
    from: "GET alertcenter.googleapis.com/v1beta1/alerts",
    example: {
      customerId: "0example",
      alertId: "8d647731-0000-4000-8000-000000000001",
      createTime: "2026-06-01T09:00:00Z",
      startTime: "2026-06-01T08:59:00Z",
      type: "Suspicious login",
      source: "Google identity",
      data: {
        "@type": "type.googleapis.com/google.apps.alertcenter.type.AccountWarning",
        email: "dana@example.com",
      },
      metadata: { severity: "LOW", status: "NOT_STARTED" },
    },
  },
  {
    id: "google:script:processes",
    title: "Runs of Apps Script",
    holds: "events",
    from: "GET script.googleapis.com/v1/processes (rows of `processes`)",
    example: {
      projectName: "Nightly sync",
      functionName: "sync",
      processType: "TIME_DRIVEN",
      processStatus: "COMPLETED",
      startTime: "2026-06-01T02:00:00Z",
      duration: "1.2s",
      userAccessLevel: "OWNER",
    },
  },
  {
    id: "google:cloud_audit",
    title: "Audit log of the Cloud projects that hold service accounts",
    holds: "events",
    from: "Cloud Logging: logName:cloudaudit.googleapis.com",
    example: {
      logName: "projects/example-project/logs/cloudaudit.googleapis.com%2Factivity",
      insertId: "1exampleinsert",
      timestamp: "2026-06-01T09:00:00Z",
      protoPayload: {
        "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
        serviceName: "iam.googleapis.com",
        methodName: "google.iam.admin.v1.CreateServiceAccountKey",
        resourceName:
          "projects/example-project/serviceAccounts/sync@example-project.iam.gserviceaccount.com",
        authenticationInfo: { principalEmail: "dana@example.com" },
        requestMetadata: { callerIp: "192.0.2.10", callerSuppliedUserAgent: "gcloud" },
      },
    },
  },
  {
    id: "google:directory:tokens",
    title: "OAuth tokens that people gave to apps",
    holds: "state",
    from: "GET admin/directory/v1/users/USER/tokens, one call a user; also an object of lists by user",
    example: {
      kind: "admin#directory#token",
      etag: "e-1",
      clientId: "415926535897-scribe.apps.googleusercontent.com",
      displayText: "MeetScribe",
      anonymous: false,
      nativeApp: false,
      userKey: "100000000000000000001",
      scopes: ["https://www.googleapis.com/auth/drive.readonly"],
    },
  },
  {
    id: "google:directory:users",
    title: "People",
    holds: "state",
    from: "GET admin/directory/v1/users?customer=my_customer&projection=full",
    example: {
      users: [
        {
          kind: "admin#directory#user",
          id: "100000000000000000001",
          primaryEmail: "dana@example.com",
          name: { givenName: "Dana", familyName: "Reyes", fullName: "Dana Reyes" },
          isAdmin: true,
          isDelegatedAdmin: false,
          suspended: false,
          archived: false,
        },
      ],
    },
  },
  {
    id: "google:directory:groups",
    title: "Groups",
    holds: "state",
    from: "GET cloudidentity.googleapis.com/v1/groups, or admin/directory/v1/groups",
    example: {
      name: "groups/00example",
      groupKey: { id: "team@example.com" },
      displayName: "Team",
      createTime: "2026-01-01T00:00:00Z",
    },
  },
  {
    id: "google:directory:members",
    title: "Members of groups",
    holds: "state",
    from: "GET cloudidentity.googleapis.com/v1/groups/GROUP/memberships, by group",
    example: {
      "groups/00example": [
        {
          name: "groups/00example/memberships/1",
          preferredMemberKey: { id: "dana@example.com" },
          roles: [{ name: "MEMBER" }],
          type: "USER",
        },
      ],
    },
  },
  {
    id: "google:directory:asps",
    title: "App passwords",
    holds: "state",
    from: "GET admin/directory/v1/users/USER/asps",
    example: {
      kind: "admin#directory#asp",
      codeId: 1,
      name: "Mail",
      creationTime: "1780300800",
      lastTimeUsed: "1780304400",
      userKey: "100000000000000000001",
    },
  },
  {
    id: "google:directory:roleAssignments",
    title: "Who holds an admin role",
    holds: "state",
    from: "GET admin/directory/v1/customer/my_customer/roleassignments",
    example: {
      kind: "admin#directory#roleAssignment",
      roleAssignmentId: "1",
      roleId: "2",
      assignedTo: "100000000000000000001",
      assigneeType: "user",
      scopeType: "CUSTOMER",
    },
  },
  {
    id: "google:directory",
    title: "Other rows of the Directory API: roles, domains, units, devices",
    holds: "state",
    from: "GET admin/directory/v1/…",
    example: { kind: "admin#directory#role", roleId: "2", roleName: "Helpdesk", name: "Helpdesk" },
  },
  {
    id: "google:script:projects",
    title: "Apps Script projects",
    holds: "state",
    from: "GET script.googleapis.com/v1/projects/ID",
    example: {
      scriptId: "1aExampleScript",
      title: "Nightly sync",
      createTime: "2026-05-01T09:00:00Z",
      creator: { email: "dana@example.com" },
    },
  },
  {
    id: "google:script:deployments",
    title: "Deployments of Apps Script projects",
    holds: "state",
    from: "GET script.googleapis.com/v1/projects/ID/deployments",
    example: {
      deploymentId: "AKexample",
      deploymentConfig: { scriptId: "1aExampleScript", versionNumber: 1 },
      entryPoints: [{ entryPointType: "WEB_APP" }],
    },
  },
  {
    id: "google:drive:files",
    title: "Scripts in Drive",
    holds: "state",
    from: "GET drive/v3/files?q=mimeType='application/vnd.google-apps.script'",
    example: {
      kind: "drive#file",
      id: "1aExampleScript",
      name: "Nightly sync",
      mimeType: "application/vnd.google-apps.script",
      owners: [{ emailAddress: "dana@example.com" }],
      createdTime: "2026-05-01T09:00:00Z",
    },
  },
  {
    id: "google:iam:serviceAccounts",
    title: "Service accounts, with the number that delegation names them by",
    holds: "state",
    from: "gcloud iam service-accounts list --format=json",
    example: {
      name: "projects/example-project/serviceAccounts/sync@example-project.iam.gserviceaccount.com",
      email: "sync@example-project.iam.gserviceaccount.com",
      uniqueId: "100200300400500600700",
      oauth2ClientId: "100200300400500600700",
      displayName: "Sync",
    },
  },
  {
    id: "google:iam:serviceAccountKeys",
    title: "Keys of service accounts",
    holds: "state",
    from: "gcloud iam service-accounts keys list --iam-account=ACCOUNT --format=json",
    example: {
      name: "projects/example-project/serviceAccounts/sync@example-project.iam.gserviceaccount.com/keys/0a1b",
      keyType: "USER_MANAGED",
      validAfterTime: "2026-05-01T09:00:00Z",
      validBeforeTime: "9999-12-31T23:59:59Z",
    },
  },
  {
    id: "google:cloudidentity:policies",
    title: "Policies on API controls",
    holds: "state",
    from: "GET cloudidentity.googleapis.com/v1/policies",
    example: {
      name: "policies/aexample",
      customer: "customers/C0example",
      setting: {
        type: "settings/api_controls.unconfigured_third_party_apps",
        value: { accessLevel: "BLOCK" },
      },
    },
  },
  {
    id: "google:empty",
    title: "An empty answer of a list call",
    holds: "state",
    from: "Any list call of the Admin SDK that found nothing",
    example: { kind: "admin#directory#tokenList", etag: "e-1" },
  },
];
