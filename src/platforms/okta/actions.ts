/** What each Okta event type does: its class and the change that it stands for. */

import type { ActionClass, Change } from "#contract/event.ts";

/** What kind of automation the event is about, to be found among its targets. */
export type About = "app" | "token" | "agent" | "ai_agent" | "hook" | "flow" | null;

/** Everything that the name of an event type alone says. */
export interface Verb {
  class: ActionClass;
  change: Change["kind"] | null;
  about: About;
  /** The event itself says that a rate limit was hit, whatever its outcome. */
  isThrottle: boolean;
}

type Known = readonly [ActionClass, Change["kind"] | null];

/** Exact names first; everything else by the pattern of its name: Okta's catalogue has some 1,100 and grows monthly. */
const EXACT: Readonly<Record<string, Known>> = {
  "system.api_token.create": ["credential", "credential_added"],
  "system.api_token.revoke": ["credential", "credential_removed"],
  "system.api_token.enable": ["credential", "enabled"],
  "system.api_token.disable": ["credential", "disabled"],
  "system.api_token.update": ["credential", "updated"],
  "application.lifecycle.create": ["create", "created"],
  "application.lifecycle.update": ["edit", "updated"],
  "application.lifecycle.delete": ["delete", "deleted"],
  "application.lifecycle.activate": ["policy", "enabled"],
  "application.lifecycle.deactivate": ["policy", "disabled"],
  "application.user_membership.add": ["member", null],
  "application.user_membership.remove": ["member", null],
  "application.user_membership.show_password": ["read", null],
  "app.oauth2.client.lifecycle.create": ["create", "created"],
  "app.oauth2.client.lifecycle.update": ["edit", "updated"],
  "app.oauth2.client.lifecycle.delete": ["delete", "deleted"],
  "app.oauth2.client.lifecycle.activate": ["policy", "enabled"],
  "app.oauth2.client.lifecycle.deactivate": ["policy", "disabled"],
  "app.oauth2.client.privilege.grant": ["role", "role_assigned"],
  "app.oauth2.client.privilege.revoke": ["role", "role_removed"],
  "app.oauth2.client.read_client_secret": ["credential", null],
  "app.oauth2.credentials.lifecycle.create": ["credential", "credential_added"],
  "app.oauth2.credentials.lifecycle.activate": ["credential", "credential_added"],
  "app.oauth2.credentials.lifecycle.deactivate": ["credential", "credential_removed"],
  "app.oauth2.credentials.lifecycle.delete": ["credential", "credential_removed"],
  "app.oauth2.consent.grant": ["consent", "granted"],
  "app.oauth2.as.consent.grant": ["consent", "granted"],
  "app.oauth2.admin.consent.grant": ["consent", "granted"],
  "app.oauth2.admin.consent.revoke": ["revoke", "revoked"],
  "app.oauth2.token.detect_reuse": ["sign_in", "flagged_by_vendor"],
  "app.oauth2.as.token.detect_reuse": ["sign_in", "flagged_by_vendor"],
  "app.oauth2.client_id_rate_limit_warning": ["other", "flagged_by_vendor"],
  "app.oauth2.token.grant.vaulted_secret": ["credential", null],
  "app.oauth2.token.grant.service_account": ["credential", null],
  "app.oauth2.trusted_server.add": ["policy", "federation_added"],
  "app.keys.generate": ["credential", "credential_added"],
  "app.keys.clone": ["credential", "credential_added"],
  "app.cross_app_access.connection.create": ["consent", "delegation_granted"],
  "app.cross_app_access.connection.delete": ["revoke", "delegation_removed"],
  "app.cross_app_access.connection.update": ["policy", "updated"],
  "app.interclient_mapping.create": ["consent", "delegation_granted"],
  "app.interclient_mapping.delete": ["revoke", "delegation_removed"],
  "app.interclient_mapping.delete_all": ["revoke", "delegation_removed"],
  "app.access_request.request": ["other", "requested"],
  "app.access_request.grant": ["member", null],
  "app.generic.unauth_app_access_attempt": ["sign_in", null],
  "user.account.privilege.grant": ["role", "role_assigned"],
  "user.account.privilege.revoke": ["role", "role_removed"],
  "group.privilege.grant": ["role", "role_assigned"],
  "group.privilege.revoke": ["role", "role_removed"],
  "iam.resourceset.bindings.add": ["role", "role_assigned"],
  "iam.resourceset.bindings.delete": ["role", "role_removed"],
  "iam.role.create": ["role", "created"],
  "iam.role.permissions.add": ["role", "updated"],
  "iam.role.permissions.delete": ["role", "updated"],
  "user.session.impersonation.grant": ["role", "delegation_granted"],
  "user.session.impersonation.initiate": ["sign_in", "delegation_granted"],
  "user.session.impersonation.revoke": ["role", "delegation_removed"],
  "user.session.impersonation.end": ["sign_in", "delegation_removed"],
  "user.account.report_suspicious_activity_by_enduser": ["other", "flagged_by_vendor"],
  "user.risk.detect": ["other", "flagged_by_vendor"],
  "user.session.context.change": ["sign_in", "flagged_by_vendor"],
  "security.threat.detected": ["other", "flagged_by_vendor"],
  "security.breached_credential.detected": ["other", "flagged_by_vendor"],
  "security.session.detect_client_roaming": ["other", "flagged_by_vendor"],
  "policy.auth_reevaluate.fail": ["sign_in", "flagged_by_vendor"],
  "system.oauth2.token.request_outside_allowed_range": ["sign_in", "flagged_by_vendor"],
  "system.log_stream.lifecycle.create": ["policy", "created"],
  "system.log_stream.lifecycle.activate": ["policy", "policy_tightened"],
  "system.log_stream.lifecycle.update": ["policy", "logging_impaired"],
  "system.log_stream.lifecycle.deactivate": ["policy", "logging_impaired"],
  "system.log_stream.lifecycle.delete": ["policy", "logging_impaired"],
  "system.idp.lifecycle.create": ["policy", "federation_added"],
  "system.idp.lifecycle.activate": ["policy", "federation_added"],
  "system.idp.key.create": ["credential", "federation_added"],
  "system.idp.lifecycle.read_client_secret": ["credential", null],
  "system.mfa.factor.deactivate": ["policy", "policy_relaxed"],
  "system.mfa.factor.activate": ["policy", "policy_tightened"],
  "policy.lifecycle.create": ["policy", "policy_tightened"],
  "policy.lifecycle.activate": ["policy", "policy_tightened"],
  "policy.lifecycle.deactivate": ["policy", "policy_relaxed"],
  "policy.lifecycle.delete": ["policy", "policy_relaxed"],
  "policy.lifecycle.update": ["policy", "updated"],
  "policy.rule.add": ["policy", "updated"],
  "policy.rule.activate": ["policy", "policy_tightened"],
  "policy.rule.deactivate": ["policy", "policy_relaxed"],
  "policy.rule.delete": ["policy", "policy_relaxed"],
  "policy.rule.update": ["policy", "updated"],
  "policy.evaluate_sign_on": ["sign_in", null],
  "zone.create": ["policy", "updated"],
  "zone.update": ["policy", "updated"],
  "zone.deactivate": ["policy", "policy_relaxed"],
  "zone.delete": ["policy", "policy_relaxed"],
  "zone.make_blacklist": ["policy", "policy_tightened"],
  "zone.remove_blacklist": ["policy", "policy_relaxed"],
  "workload_principal.register": ["create", "created"],
  "workload_principal.activate": ["policy", "enabled"],
  "workload_principal.deactivate": ["policy", "disabled"],
  "workload_principal.delete": ["delete", "deleted"],
  "workload_principal.update": ["edit", "agent_changed"],
  "workload_principal.ai_agent.credential.create": ["credential", "credential_added"],
  "workload_principal.ai_agent.credential.activate": ["credential", "credential_added"],
  "workload_principal.ai_agent.credential.deactivate": ["credential", "credential_removed"],
  "workload_principal.ai_agent.credential.delete": ["credential", "credential_removed"],
  "analytics.reports.export.request": ["export", "export_started"],
  "analytics.reports.export.generate": ["export", "export_completed"],
  "analytics.reports.export.download": ["export", "export_downloaded"],
  "user.credential.enroll": ["credential", null],
};

const PATTERNS: readonly (readonly [RegExp, ActionClass, Change["kind"] | null])[] = [
  [/rate_limit|concurrency_limit/, "other", null],
  [/^app\.oauth2\.(as\.)?consent\.revoke/, "revoke", "revoked"],
  [/^app\.oauth2\.(as\.)?token\.revoke/, "revoke", null],
  [
    /^app\.oauth2\.(as\.)?(token|authorize|signon|interact|evaluate|invalid_client)/,
    "sign_in",
    null,
  ],
  [
    /^(user\.authentication|user\.session)\.|^system\.iwa|^system\.ldapi\.bind|\.auth(_|$)/,
    "sign_in",
    null,
  ],
  [/^system\.ldapi\.search/, "search", null],
  [
    /^user\.mfa\.|^system\.hook\.key|\.keys?\.|password|csr|credential|client_secret|totp/,
    "credential",
    null,
  ],
  [/^(app|workload_principal)\..*ai_agent.*(create|register)$/, "create", "created"],
  [/^workload_principal\.(resource_connection|sign_on_provider)/, "policy", "agent_changed"],
  [/^app\.ai_agent/, "edit", "agent_changed"],
  [/^(event_hook|inline_hook)\..*creat|^(event_hook|inline_hook)\.create/, "create", "created"],
  [/^(event_hook|inline_hook)\..*delet/, "delete", "deleted"],
  [/^(event_hook|inline_hook)\..*deactivat/, "policy", "disabled"],
  [/^(event_hook|inline_hook)\..*activat/, "policy", "enabled"],
  [/^(event_hook|inline_hook)\..*updat/, "edit", "updated"],
  [/^workflows\.user\..*\.export$/, "export", "export_downloaded"],
  [/^workflows\.user\.role\..*\.add$/, "role", "role_assigned"],
  [/^workflows\.user\.role\..*\.remove$/, "role", "role_removed"],
  [/^workflows\.user\.(delegatedflow|flow)\.(run|execute|invoke)/, "run", null],
  [/^workflows\.user\.flow\.(create|import|duplicate)/, "create", "created"],
  [/^workflows\.user\.flow\.delete/, "delete", "deleted"],
  [/^workflows\.user\.flow\.(deactivate|disable)/, "policy", "disabled"],
  [/^workflows\.user\.flow\.(activate|enable)/, "policy", "enabled"],
  [/^workflows\.user\.flow\./, "edit", "updated"],
  [/^workflows\.user\.connection\.(create|authorize|reauthorize)/, "consent", "updated"],
  [/^system\.agent\..*\.(create|register|add)/, "install", "created"],
  [/^system\.agent\..*\.(delete|remove)/, "uninstall", "deleted"],
  [/^system\.agent\..*\.deactivate/, "policy", "disabled"],
  [/^system\.agent\..*\.reactivate|^system\.agent\..*\.activate/, "policy", "enabled"],
  [/^system\.agent\./, "other", null],
  [
    /^system\.import\.(user|group)(\.|_membership)?.*(create|delete|update|suspend)/,
    "member",
    null,
  ],
  [/^system\.import\.|^app\.app_instance\.provision/, "run", null],
  [
    /^(system\.idp|policy|zone|oauth2|app\.oauth2\.as|application\.policy|security\.|system\.org|system\.feature|device_assurance|iam\.policy|network)/,
    "policy",
    null,
  ],
  [/(privilege|iam\.|role|admin)/, "role", null],
  [
    /membership|^user\.lifecycle|^app\.user_management|^group\.(lifecycle|user)|invit|^realm/,
    "member",
    null,
  ],
  [/transfer/, "transfer", null],
  [/\.(export|download)$/, "export", null],
  [/(send|sent)$|\.send_|_message|^system\.(email|sms|voice|push)/, "send", null],
  [/\.(view|viewed|read)$/, "read", null],
  [/\.(update|change|edit|rename)_\w+$/, "edit", null],
  [/(create|add|register|generate|enroll)(d|ed)?$/, "create", null],
  [/(delete|remove|revoke|purge)d?$/, "delete", null],
  [
    /(update|change|edit|rename|move|assign|reset|activate|deactivate|suspend|unlock|lock)d?$/,
    "edit",
    null,
  ],
];

/** Event types already worked out; bounded, because files may hold anything. */
const verbs = new Map<string, Verb>();
const VERBS_MAX = 4_096;

/** What an event type's name says; worked out once a name. */
export function verbOf(type: string): Verb {
  const known = verbs.get(type);
  if (known !== undefined) return known;
  const [cls, kind] = read(type);
  const verb: Verb = {
    class: cls,
    change: kind,
    about: aboutOf(type),
    isThrottle: /(rate_limit|concurrency_limit)(\.violation|_exceeded|_violation)/.test(type),
  };
  if (verbs.size < VERBS_MAX) verbs.set(type, verb);
  return verb;
}

function read(type: string): Known {
  const exact = Object.hasOwn(EXACT, type) ? EXACT[type] : undefined;
  if (exact !== undefined) return exact;
  for (const [pattern, cls, kind] of PATTERNS) if (pattern.test(type)) return [cls, kind];
  return ["other", null];
}

function aboutOf(type: string): About {
  if (type.startsWith("system.api_token.")) return "token";
  if (type.startsWith("workload_principal.") || type.startsWith("app.ai_agent")) return "ai_agent";
  if (type.startsWith("system.agent.")) return "agent";
  if (type.startsWith("event_hook.") || type.startsWith("inline_hook.")) return "hook";
  if (type.startsWith("workflows.")) return "flow";
  if (type.startsWith("application.") || type.startsWith("app.")) return "app";
  return type === "user.authentication.sso" ? "app" : null;
}
