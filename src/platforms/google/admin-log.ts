/** The admin log: delegation, Marketplace, app access control, roles, mail routing, exports and settings. */

import type { AutomationRef } from "#contract/automation.ts";
import { type ActionClass, type Change, change } from "#contract/event.ts";
import { classify } from "./actions.ts";
import type { Entry } from "./activity.ts";
import { all, lower, type Params, param, scopesOf } from "./params.ts";
import { anyTarget, type Reader, targetOf } from "./reading.ts";
import { clientRef, serviceAccountRef } from "./refs.ts";
import { settingChange } from "./settings.ts";

export const adminLog: Reader = (entry) => {
  const { name, params } = entry;
  const subject = subjectOf(name, params);
  return {
    class: CLASSES[name] ?? mailClass(name, params) ?? classify(name),
    subject,
    target:
      subject === null ? adminTarget(params) : targetOf("app", subject.nativeId, subject.name),
    change: changeOf(entry, subject),
  };
};

/** Names whose pattern would mislead. */
const CLASSES: Readonly<Record<string, ActionClass>> = {
  AUTHORIZE_API_CLIENT_ACCESS: "consent",
  REMOVE_API_CLIENT_ACCESS: "revoke",
  ADD_APPLICATION: "install",
  REMOVE_APPLICATION: "uninstall",
  ADD_APPLICATION_TO_WHITELIST: "policy",
  REMOVE_APPLICATION_FROM_WHITELIST: "policy",
  ADD_GROUP_MEMBER: "member",
  UPDATE_GROUP_MEMBER: "member",
  REMOVE_GROUP_MEMBER: "member",
  CREATE_DATA_TRANSFER_REQUEST: "transfer",
  TRANSFER_DOCUMENT_OWNERSHIP: "transfer",
  EMAIL_LOG_SEARCH: "search",
  REVOKE_3LO_TOKEN: "revoke",
  REVOKE_3LO_DEVICE_TOKENS: "revoke",
  SIGN_IN_ONLY_THIRD_PARTY_API_ACCESS: "policy",
  ALERT_CENTER_VIEW: "read",
  TURN_OFF_2_STEP_VERIFICATION: "credential",
  MAIL_ROUTING_DESTINATION_REMOVED: "edit",
  DELETE_EMAIL_MONITOR: "edit",
  ENFORCE_STRONG_AUTHENTICATION: "policy",
  ALLOW_STRONG_AUTHENTICATION: "policy",
  CHANGE_ALLOWED_TWO_STEP_VERIFICATION_METHODS: "policy",
  CHANGE_TWO_STEP_VERIFICATION_FREQUENCY: "policy",
  CHANGE_TWO_STEP_VERIFICATION_START_DATE: "policy",
  CHANGE_TWO_STEP_VERIFICATION_GRACE_PERIOD_DURATION: "policy",
  CHANGE_TWO_STEP_VERIFICATION_ENROLLMENT_PERIOD_DURATION: "policy",
  CHANGE_PASSWORD_MIN_LENGTH: "policy",
  CHANGE_PASSWORD_MAX_LENGTH: "policy",
  CHANGE_SSO_SETTINGS: "policy",
  TURN_OFF_BIGQUERY_EXPORT: "policy",
  TURN_ON_BIGQUERY_EXPORT: "policy",
  UPDATE_BIGQUERY_EXPORT: "policy",
  DELETE_BIGQUERY_EXPORT_CONFIGURATION: "policy",
  DELETE_MAILBOX_DUMP: "delete",
  DELETE_ACCOUNT_INFO_DUMP: "delete",
  MOVE_USER_TO_ORG_UNIT: "member",
  ENABLE_USER_IP_WHITELIST: "policy",
  SECURITY_INVESTIGATION_CONTENT_ACCESS: "read",
};

/** Rules of the Gmail settings that can send mail elsewhere. Google names routing rules MESSAGE_SECURITY_RULE too. */
const MAIL_ROUTE = /ROUT|FORWARD|GATEWAY|RELAY|CATCH_?ALL|MESSAGE_SECURITY_RULE|JOURNAL/;

function mailClass(name: string, params: Params): ActionClass | null {
  if (!MAIL_SETTING_EVENTS.has(name)) return null;
  const setting = param(params, "setting_name") ?? "";
  return MAIL_ROUTE.test(setting.toUpperCase()) ? "forward" : "policy";
}

const MAIL_SETTING_EVENTS: ReadonlySet<string> = new Set([
  "CREATE_GMAIL_SETTING",
  "CHANGE_GMAIL_SETTING",
  "DELETE_GMAIL_SETTING",
  "CHANGE_EMAIL_SETTING",
]);

function subjectOf(name: string, params: Params): AutomationRef | null {
  if (name.endsWith("_API_CLIENT_ACCESS")) {
    return serviceAccountRef(param(params, "api_client_name"), null, [
      param(params, "api_client_id"),
    ]);
  }
  const clientId = param(params, "oauth2_app_id", "oauth2_client_id");
  const clientName = param(params, "oauth2_app_name");
  if (clientId !== null || clientName !== null) return clientRef(clientId, clientName);
  if (APP_EVENTS.has(name)) {
    return clientRef(param(params, "app_id"), param(params, "application_name"));
  }
  const whom = param(params, "user_email");
  return whom?.toLowerCase().endsWith("gserviceaccount.com") ? serviceAccountRef(whom) : null;
}

const APP_EVENTS: ReadonlySet<string> = new Set([
  "ADD_APPLICATION",
  "REMOVE_APPLICATION",
  "ADD_APPLICATION_TO_WHITELIST",
  "REMOVE_APPLICATION_FROM_WHITELIST",
  "REVOKE_3LO_TOKEN",
]);

function adminTarget(params: Params): ReturnType<typeof targetOf> {
  const role = param(params, "role_name");
  const user = param(params, "user_email");
  if (user !== null) return targetOf("user", user.toLowerCase().slice(0, 512), role);
  if (role !== null) return targetOf("role", param(params, "role_id") ?? role, role);
  return anyTarget(params);
}

/** Events that mean one thing whatever their parameters say. */
const CHANGES: Readonly<Record<string, Change["kind"]>> = {
  REMOVE_API_CLIENT_ACCESS: "delegation_removed",
  REMOVE_APPLICATION: "uninstalled",
  ADD_APPLICATION_TO_WHITELIST: "policy_relaxed",
  REMOVE_APPLICATION_FROM_WHITELIST: "policy_tightened",
  ADD_TO_TRUSTED_OAUTH2_APPS: "approved",
  ADD_TO_TRUSTED_BY_OAUTH_SCOPE_OAUTH2_APPS: "approved",
  REMOVE_FROM_TRUSTED_OAUTH2_APPS: "restricted",
  REMOVE_FROM_TRUSTED_BY_OAUTH_SCOPE_OAUTH2_APPS: "restricted",
  ADD_TO_LIMITED_OAUTH2_APPS: "restricted",
  REMOVE_FROM_LIMITED_OAUTH2_APPS: "policy_relaxed",
  ADD_TO_BLOCKED_OAUTH2_APPS: "restricted",
  REMOVE_FROM_BLOCKED_OAUTH2_APPS: "policy_relaxed",
  ADD_TO_CAA_EXEMPT_OAUTH2_APPS: "policy_relaxed",
  REMOVE_FROM_CAA_EXEMPT_OAUTH2_APPS: "policy_tightened",
  ALLOW_SERVICE_FOR_OAUTH2_ACCESS: "policy_relaxed",
  DISALLOW_SERVICE_FOR_OAUTH2_ACCESS: "policy_tightened",
  TRUST_DOMAIN_OWNED_OAUTH2_APPS: "policy_relaxed",
  UNTRUST_DOMAIN_OWNED_OAUTH2_APPS: "policy_tightened",
  UNBLOCK_ALL_THIRD_PARTY_API_ACCESS: "policy_relaxed",
  BLOCK_ALL_THIRD_PARTY_API_ACCESS: "policy_tightened",
  SIGN_IN_ONLY_THIRD_PARTY_API_ACCESS: "policy_tightened",
  ADD_TRUSTED_DOMAINS: "policy_relaxed",
  REMOVE_TRUSTED_DOMAINS: "policy_tightened",
  UNBLOCK_ON_DEVICE_ACCESS: "policy_relaxed",
  BLOCK_ON_DEVICE_ACCESS: "policy_tightened",
  GRANT_ADMIN_PRIVILEGE: "role_assigned",
  GRANT_DELEGATED_ADMIN_PRIVILEGES: "role_assigned",
  ASSIGN_ROLE: "role_assigned",
  REVOKE_ADMIN_PRIVILEGE: "role_removed",
  UNASSIGN_ROLE: "role_removed",
  CREATE_ROLE: "created",
  DELETE_ROLE: "deleted",
  ADD_PRIVILEGE: "updated",
  REMOVE_PRIVILEGE: "updated",
  CUSTOMER_TAKEOUT_CREATED: "export_started",
  CUSTOMER_TAKEOUT_SUCCEEDED: "export_completed",
  CUSTOMER_TAKEOUT_COMPLETED: "export_completed",
  REQUEST_MAILBOX_DUMP: "export_started",
  REQUEST_ACCOUNT_INFO: "export_started",
  CREATE_DATA_TRANSFER_REQUEST: "export_started",
  CREATE_EMAIL_MONITOR: "forwarding_added",
  MAIL_ROUTING_DESTINATION_ADDED: "forwarding_added",
  REVOKE_3LO_TOKEN: "revoked",
  REVOKE_ASP: "credential_removed",
  REGENERATE_OAUTH_CONSUMER_SECRET: "credential_added",
  UPLOAD_OAUTH_CERTIFICATE: "credential_added",
  INBOUND_SSO_PROFILE_CREATED: "federation_added",
  SSO_PROFILE_CREATED: "federation_added",
  TURN_OFF_BIGQUERY_EXPORT: "logging_impaired",
  DELETE_BIGQUERY_EXPORT_CONFIGURATION: "logging_impaired",
  SECURITY_CENTER_RULE_DELETION: "policy_relaxed",
  DELETE_DLP_DETECTOR: "policy_relaxed",
  ALERT_CENTER_DELETE_ALERT: "logging_impaired",
  ALERT_CENTER_BATCH_DELETE_ALERTS: "logging_impaired",
};

function changeOf(entry: Entry, subject: AutomationRef | null): Change | null {
  const { name, params } = entry;
  const principal = lower(param(params, "user_email"));
  const kind = CHANGES[name];
  if (kind !== undefined) {
    return change(kind, {
      principal,
      destination: lower(
        param(params, "destination_user_email", "email_monitor_dest_email") ??
          (name === "MAIL_ROUTING_DESTINATION_ADDED" ? param(params, "new_value") : null),
      ),
      detail: detailOf(params) ?? name,
      consent: kind === "approved" ? "admin" : null,
    });
  }
  if (name === "AUTHORIZE_API_CLIENT_ACCESS") {
    return change("delegation_granted", {
      scopes: scopesOf(params.get("api_scopes")),
      consent: "tenant",
      detail: param(params, "domain_name"),
    });
  }
  if (name === "ADD_APPLICATION") {
    const isOn = param(params, "application_enabled");
    return change("installed", {
      consent: "tenant",
      detail: isOn === null ? null : isOn === "true" ? "enabled" : "not enabled",
    });
  }
  if (name === "CHANGE_APP_ACCESS") return appAccess(params, subject);
  if (MAIL_SETTING_EVENTS.has(name) && mailClass(name, params) === "forward") {
    return mailRoute(name, params);
  }
  return settingChange(name, params);
}

/** What was set: a role, a privilege, a setting, a service or the unit it holds for. */
function detailOf(params: Params): string | null {
  return param(
    params,
    "role_name",
    "privilege_name",
    "new_value",
    "setting_name",
    "application_name",
    "oauth2_service_name",
    "domain_name",
    "asp_id",
    "org_unit_name",
  );
}

/** The new name of all changes to what one app may reach. Which parameter holds the new level is not documented. */
function appAccess(params: Params, subject: AutomationRef | null): Change {
  for (const [name, value] of params) {
    if (APP_NAMES.has(name) || typeof value !== "string") continue;
    const level = value.toLowerCase();
    if (level.includes("block") || level.includes("limited") || level.includes("restrict")) {
      return change("restricted", { detail: value.slice(0, 512) });
    }
    if (level.includes("trusted") || level.includes("specific")) {
      return change("approved", { consent: "admin", detail: value.slice(0, 512) });
    }
  }
  return change("updated", { detail: detailOf(params) ?? subject?.name ?? null });
}

const APP_NAMES: ReadonlySet<string> = new Set([
  "oauth2_app_id",
  "oauth2_app_name",
  "oauth2_app_type",
  "old_value",
  "org_unit_name",
  "group_email",
]);

/** A rule that is set may send mail on; where to is in its value, if Google writes it. One that is gone guards no more. */
function mailRoute(name: string, params: Params): Change {
  const setting = param(params, "setting_name");
  if (name === "DELETE_GMAIL_SETTING") return change("policy_relaxed", { detail: setting });
  const address = [...all(params, "new_value"), ...all(params, "user_defined_setting_name")]
    .map((value) => ADDRESS.exec(value)?.[0])
    .find((found) => found !== undefined);
  return change("forwarding_added", { destination: lower(address), detail: setting });
}

const ADDRESS = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/;
