/** What each GitHub audit action does: its class, the change that it stands for, and how it ended. */

import type { ActionClass, Change, Outcome } from "#contract/event.ts";

/** Everything that the name of an action alone says. */
export interface Verb {
  class: ActionClass;
  change: Change["kind"] | null;
  outcome: Outcome;
  /** The part before the dot: repo, org, integration_installation … */
  category: string;
}

type Known = readonly [ActionClass, Change["kind"] | null];

/** Exact names first; everything else by the pattern of its name, since GitHub documents about a thousand of them. */
const EXACT: Readonly<Record<string, Known>> = {
  "git.clone": ["download", null],
  "git.fetch": ["download", null],
  "git.push": ["edit", null],
  "repo.download_zip": ["download", null],
  "integration_installation.create": ["install", "installed"],
  "integration_installation.destroy": ["uninstall", "uninstalled"],
  "integration_installation.suspend": ["uninstall", "disabled"],
  "integration_installation.unsuspend": ["install", "enabled"],
  "integration_installation.version_updated": ["consent", "scopes_added"],
  "integration_installation.repositories_added": ["consent", "updated"],
  "integration_installation.repositories_removed": ["revoke", "updated"],
  "integration_installation_request.create": ["other", "requested"],
  "integration.create": ["create", "created"],
  "integration.destroy": ["delete", "deleted"],
  "integration.suspend": ["policy", "disabled"],
  "integration.unsuspend": ["policy", "enabled"],
  "integration.transfer": ["transfer", "owner_added"],
  "integration.manager_added": ["role", "owner_added"],
  "integration.manager_removed": ["role", "owner_removed"],
  "org.integration_manager_added": ["role", "role_assigned"],
  "org.integration_manager_removed": ["role", "role_removed"],
  "integration.generate_client_secret": ["credential", "credential_added"],
  "integration.remove_client_secret": ["credential", "credential_removed"],
  "integration.revoke_all_tokens": ["revoke", "revoked"],
  "integration.revoke_tokens": ["revoke", "revoked"],
  "oauth_application.create": ["create", "created"],
  "oauth_application.destroy": ["delete", "deleted"],
  "oauth_application.transfer": ["transfer", "owner_added"],
  "oauth_application.generate_client_secret": ["credential", "credential_added"],
  "oauth_application.reset_secret": ["credential", "credential_added"],
  "oauth_application.remove_client_secret": ["credential", "credential_removed"],
  "oauth_application.revoke_all_tokens": ["revoke", "revoked"],
  "oauth_application.revoke_tokens": ["revoke", "revoked"],
  "oauth_authorization.create": ["consent", "granted"],
  "oauth_authorization.destroy": ["revoke", "revoked"],
  "oauth_access.create": ["credential", "credential_added"],
  "oauth_access.regenerate": ["credential", "credential_added"],
  "oauth_access.destroy": ["credential", "credential_removed"],
  "org.oauth_app_access_approved": ["consent", "approved"],
  "org.oauth_app_access_unblocked": ["consent", "approved"],
  "org.oauth_app_access_denied": ["policy", "restricted"],
  "org.oauth_app_access_blocked": ["policy", "restricted"],
  "org.oauth_app_access_requested": ["other", "requested"],
  "personal_access_token.access_granted": ["consent", "granted"],
  "personal_access_token.access_revoked": ["revoke", "revoked"],
  "personal_access_token.create": ["credential", "credential_added"],
  "personal_access_token.credential_regenerated": ["credential", "credential_added"],
  "personal_access_token.credential_revoked": ["credential", "credential_removed"],
  "personal_access_token.destroy": ["credential", "credential_removed"],
  "personal_access_token.request_created": ["other", "requested"],
  "personal_access_token.request_denied": ["policy", "restricted"],
  "personal_access_token.update": ["credential", "updated"],
  "personal_access_token.auto_approve_grant_requests_enabled": ["policy", "policy_relaxed"],
  "personal_access_token.auto_approve_grant_requests_disabled": ["policy", "policy_tightened"],
  "auto_approve_personal_access_token_requests.enable": ["policy", "policy_relaxed"],
  "auto_approve_personal_access_token_requests.disable": ["policy", "policy_tightened"],
  "org_credential_authorization.grant": ["consent", "granted"],
  "org_credential_authorization.revoke": ["revoke", "revoked"],
  "org_credential_authorization.deauthorize": ["revoke", "revoked"],
  "hook.create": ["create", "created"],
  "hook.destroy": ["delete", "deleted"],
  "hook.config_changed": ["edit", "updated"],
  "hook.events_changed": ["edit", "updated"],
  "hook.active_changed": ["edit", "updated"],
  "public_key.create": ["credential", "credential_added"],
  "public_key.verify": ["credential", null],
  "public_key.update": ["credential", "updated"],
  "public_key.delete": ["credential", "credential_removed"],
  "deploy_key.create": ["credential", "credential_added"],
  "deploy_key.destroy": ["credential", "credential_removed"],
  "deploy_key.delete": ["credential", "credential_removed"],
  "repo.access": ["edit", "updated"],
  "repo.create": ["create", null],
  "repo.destroy": ["delete", null],
  "repo.pages_public": ["publish", "made_public"],
  "repo.transfer": ["transfer", "shared_externally"],
  "repo.transfer_start": ["transfer", "shared_externally"],
  "repo.transfer_outgoing": ["transfer", "shared_externally"],
  "org.transfer": ["transfer", "shared_externally"],
  "repo.add_member": ["share", "role_assigned"],
  "repo.update_member": ["role", "role_assigned"],
  "repo.remove_member": ["role", "role_removed"],
  "repo.fork": ["copy", null],
  "org.add_outside_collaborator": ["share", "shared_externally"],
  "org.update_member": ["role", "role_assigned"],
  "org.update_default_repository_permission": ["policy", "updated"],
  "org.enable_oauth_app_restrictions": ["policy", "policy_tightened"],
  "org.disable_oauth_app_restrictions": ["policy", "policy_relaxed"],
  "private_repository_forking.enable": ["policy", "policy_relaxed"],
  "private_repository_forking.disable": ["policy", "policy_tightened"],
  "team.add_repository": ["share", null],
  "team.remove_repository": ["role", null],
  "team.update_repository_permission": ["role", "role_assigned"],
  "organization_moderators.add_user": ["role", "role_assigned"],
  "organization_moderators.remove_user": ["role", "role_removed"],
  "organization_role.assign": ["role", "role_assigned"],
  "organization_role.revoke": ["role", "role_removed"],
  "business.add_admin": ["role", "role_assigned"],
  "business.invite_admin": ["role", null],
  "business.remove_admin": ["role", "role_removed"],
  "protected_branch.create": ["policy", "policy_tightened"],
  "protected_branch.destroy": ["policy", "policy_relaxed"],
  "repository_ruleset.create": ["policy", "policy_tightened"],
  "repository_ruleset.destroy": ["policy", "policy_relaxed"],
  "ip_allow_list_entry.create": ["policy", "policy_relaxed"],
  "ip_allow_list_entry.destroy": ["policy", "policy_tightened"],
  "audit_log_streaming.create": ["policy", "policy_tightened"],
  "audit_log_streaming.update": ["policy", "logging_impaired"],
  "audit_log_streaming.destroy": ["policy", "logging_impaired"],
  "secret_scanning_alert.create": ["other", "flagged_by_vendor"],
  "secret_scanning_alert.public_leak": ["other", "flagged_by_vendor"],
  "secret_scanning_push_protection.bypass": ["other", "flagged_by_vendor"],
  "copilot.swe_agent_mcp_config_updated": ["policy", "mcp_changed"],
  "copilot.swe_agent_firewall_allowlist_updated": ["policy", "agent_changed"],
  "copilot.swe_agent_repo_enabled": ["policy", "agent_changed"],
  "copilot.swe_agent_repo_disabled": ["policy", "agent_changed"],
  "copilot.swe_agent_repo_enablement_updated": ["policy", "agent_changed"],
  "copilot.custom_instructions_created": ["policy", "agent_changed"],
  "copilot.custom_instructions_updated": ["policy", "agent_changed"],
  "workflows.enable_workflow": ["policy", "enabled"],
  "workflows.disable_workflow": ["policy", "disabled"],
  "workflows.delete_workflow_run": ["delete", null],
  "codespaces.allow_permissions": ["consent", null],
  "codespaces.export_environment": ["copy", null],
  "user.login": ["sign_in", null],
  "user.failed_login": ["sign_in", null],
};

const PATTERNS: readonly (readonly [RegExp, ActionClass, Change["kind"] | null])[] = [
  [
    /audit_log_(git_event_)?export|^migration\.create|_export$|\.export$/,
    "export",
    "export_started",
  ],
  [/mcp/, "policy", "mcp_changed"],
  [
    /(create|update)_(actions|integration|codespaces|dependabot)_secret$/,
    "credential",
    "credential_added",
  ],
  [
    /remove_(actions|integration|codespaces|dependabot)_secret$/,
    "credential",
    "credential_removed",
  ],
  [/(register|configure)_self_hosted(_jit)?_runner$/, "create", "created"],
  [/remove_self_hosted_runner$/, "delete", "deleted"],
  [/runner_group/, "policy", null],
  [/^workflows\.|workflow_run$|workflow_job$/, "run", null],
  [
    /(generate|create|add|reset)_(client_)?(secret|private_key|key)/,
    "credential",
    "credential_added",
  ],
  [
    /(^|_)(gpg|signing_ssh_public|security)_key\.|^passkey\.|two_factor_authentication\./,
    "credential",
    null,
  ],
  [
    /(secret_scanning|advanced_security|push_protection|dependabot|dependency_graph|vulnerability|code_scanning|codeql|ip_allow_list|two_factor|saml|_sso|oidc|security_).*disable|disable.*(saml|two_factor|security)/,
    "policy",
    "policy_relaxed",
  ],
  [
    /(secret_scanning|advanced_security|push_protection|dependabot|dependency_graph|vulnerability|code_scanning|codeql|ip_allow_list|two_factor|saml|_sso|oidc|security_).*enable|enable.*(saml|two_factor|security)/,
    "policy",
    "policy_tightened",
  ],
  [/failed_login|sso_response|^sso|_login$|external_identity|sign_in/, "sign_in", null],
  [
    /(add|remove|invite|restore|block|cancel)_?(member|user|invitation|collaborator)|outside_collaborator|invitation|seat_/,
    "member",
    null,
  ],
  [/^role\.|_role\.|admin_added|add_security_manager|billing_manager|_admin$/, "role", null],
  [
    /^(protected_branch|repository_ruleset|enterprise\.config|org\.config|members_can|business_|ip_allow_list|copilot)|\.set_|_policy|settings|permission|\.(enable|disable)_|(enable|disable)d?$/,
    "policy",
    null,
  ],
  [/transfer/, "transfer", null],
  [/\.(destroy|delete|remove)|_(destroyed|deleted|removed|destroy|delete)$/, "delete", null],
  [/\.(create|add|submit|open|register)|_(created|added|published|create)$/, "create", null],
  [
    /\.(update|edit|rename|merge|close|reopen|dismiss|resolve|archived|unarchived)|_(updated|edited|changed|renamed)$/,
    "edit",
    null,
  ],
  [/\.(view|viewed|read)|_viewed$/, "read", null],
];

/** Verbs already worked out. Attackers do not choose action names, but files may hold anything: hence the bound. */
const verbs = new Map<string, Verb>();
const VERBS_MAX = 4_096;

/** What an action's name says; worked out once a name. */
export function verbOf(action: string): Verb {
  const known = verbs.get(action);
  if (known !== undefined) return known;
  const [cls, kind] = read(action);
  const dot = action.indexOf(".");
  const verb: Verb = {
    class: cls,
    change: kind,
    outcome: outcomeOf(action),
    category: dot < 0 ? action : action.slice(0, dot),
  };
  if (verbs.size < VERBS_MAX) verbs.set(action, verb);
  return verb;
}

function read(action: string): Known {
  const exact = Object.hasOwn(EXACT, action) ? EXACT[action] : undefined;
  if (exact !== undefined) return exact;
  for (const [pattern, cls, kind] of PATTERNS) if (pattern.test(action)) return [cls, kind];
  return ["other", null];
}

/** The log tells what happened, so that all is success but what its name calls failed or rejected. */
function outcomeOf(action: string): Outcome {
  if (/failed|failure/.test(action)) return "failure";
  if (/rejected_ref_update/.test(action)) return "denied";
  return "success";
}

/** GitHub's own apps and coding agents by bot login, as GitHub documents them. */
const GITHUB_BOTS: ReadonlySet<string> = new Set([
  "dependabot[bot]",
  "dependabot-preview[bot]",
  "github-actions[bot]",
  "github-advanced-security[bot]",
  "github-code-scanning[bot]",
  "github-merge-queue[bot]",
  "github-pages[bot]",
  "github-project-automation[bot]",
  "secret-scanning[bot]",
  "copilot[bot]",
  "copilot-swe-agent[bot]",
  "copilot-pull-request-reviewer[bot]",
]);
const AGENT_BOTS: ReadonlySet<string> = new Set([
  "copilot[bot]",
  "copilot-swe-agent[bot]",
  "copilot-pull-request-reviewer[bot]",
  "anthropic-code-agent[bot]",
  "openai-code-agent[bot]",
  "claude[bot]",
  "cursor[bot]",
  "devin-ai-integration[bot]",
  "gemini-code-assist[bot]",
  "google-labs-jules[bot]",
]);

export function isGitHubBot(login: string): boolean {
  return GITHUB_BOTS.has(login);
}

export function isAgentBot(login: string): boolean {
  return AGENT_BOTS.has(login);
}

/** What one REST request does, by method and route; the body of a GraphQL call is not in the log. */
export function requestClass(method: string, route: string): ActionClass {
  if (method === "DELETE") return "delete";
  if (method === "PATCH" || method === "PUT") return "edit";
  if (method === "POST") return route.includes("graphql") ? "other" : "create";
  if (method !== "GET" && method !== "HEAD") return "other";
  if (route.startsWith("/search")) return "search";
  if (
    /\/(zipball|tarball|contents|archive|logs|artifacts)\b|\/git\/(blobs|trees)|\/readme/.test(
      route,
    )
  ) {
    return "download";
  }
  if (
    /\/(members|users|teams|collaborators|repos|repositories|installations|secrets)$/.test(route)
  ) {
    return "enumerate";
  }
  return "read";
}
