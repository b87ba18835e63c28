/** What each Anthropic activity type does, as one of our action classes, and what it changes. */

import type { ActionClass, Change } from "#contract/event.ts";

/** Names whose pattern would say something else than what they do. */
const EXACT: ReadonlyMap<string, ActionClass> = new Map<string, ActionClass>([
  ["integration_user_connected", "consent"],
  ["integration_user_disconnected", "revoke"],
  ["ghe_user_connected", "consent"],
  ["ghe_user_disconnected", "revoke"],
  ["github_token_import", "credential"],
  ["mcp_server_managed_auth_token_exchanged", "credential"],
  ["mcp_server_created", "install"],
  ["mcp_server_deleted", "uninstall"],
  ["mcp_server_updated", "policy"],
  ["mcp_server_managed_auth_updated", "policy"],
  ["mcp_directory_server_published", "publish"],
  ["desktop_extension_allowlisted", "policy"],
  ["desktop_extension_removed_from_allowlist", "policy"],
  ["desktop_extension_blocklisted", "policy"],
  ["desktop_extension_unblocked", "policy"],
  ["desktop_extension_uploaded", "install"],
  ["desktop_extension_version_uploaded", "install"],
  ["primary_owner_transferred", "role"],
  ["claude_user_role_updated", "role"],
  ["claude_chat_created", "prompt"],
  ["claude_chat_snapshot_created", "publish"],
  ["claude_artifact_published", "publish"],
  ["design_project_artifact_published", "publish"],
  ["design_project_published", "publish"],
  ["session_share_created", "share"],
  ["session_share_accessed", "read"],
  ["session_share_revoked", "edit"],
  ["claude_artifact_duplicated", "copy"],
  ["platform_file_content_downloaded", "download"],
  ["claude_code_runner_pool_secret_minted", "credential"],
  ["claude_code_security_webhook_secret_updated", "credential"],
  ["inference_hooks_signing_secret_generated", "credential"],
  ["claude_code_credential_revoked", "credential"],
  ["ccr_session_created", "run"],
  ["claude_code_security_scan_created", "run"],
  ["ccr_slack_channel_joined", "member"],
  ["org_capability_grant_added", "role"],
  ["org_capability_grant_removed", "role"],
  ["end_user_invite_requested", "member"],
  ["owned_projects_access_restored", "share"],
]);

/** First match wins; Anthropic adds activity types every month. */
const PATTERNS: readonly (readonly [RegExp, ActionClass])[] = [
  [/_login_|^user_logged_out|^session_revoked|^phone_code|^age_verified|^lti_launch/, "sign_in"],
  [/_exported$|_data_export_/, "export"],
  [/_downloaded$/, "download"],
  [/api_key_|service_key_|_credential_|^service_(created|deleted)|external_key_/, "credential"],
  [/^role_assignment|^rbac_role|_role_updated$|^ccr_role_/, "role"],
  [
    /_spend_limit_|_rate_limit_|auto_re(load|charge)|_billing_|^billing|^subscription|seat/,
    "policy",
  ],
  [
    /^(mcp|cli_plugin)_.*policy|^inference_hooks|_sso_|_directory_(re)?sync|_ip_restriction/,
    "policy",
  ],
  [/_settings_updated$|_toggled$|_(enabled|disabled)$|_retention_|_domain_|_guard_/, "policy"],
  [
    /_integration_created$|_sync_source_created$|_binding_created$|_webhook_(created|provisioned)$/,
    "install",
  ],
  [/^marketplace_created$|^claude_(plugin|skill|command)_created$|_webhook_created$/, "install"],
  [/_integration_deleted$|_sync_source_deleted$|_binding_deleted$|_webhook_deleted$/, "uninstall"],
  [/^claude_(plugin|skill|command)_deleted$|^marketplace_deleted$/, "uninstall"],
  [/_sharing_updated$|_visibility_updated$|_access_scope_created$/, "share"],
  [/_member_|_members_|_invite|_join_|^scim_user|_user_deleted$|^group_/, "member"],
  [/_listed$|_list_viewed$|_report_.*viewed$|_users?_viewed$|_search_performed$/, "enumerate"],
  [/_viewed$|_accessed$|_access_failed$/, "read"],
  [/_(deleted|archived|unpublished)$|_deletion_failed$|_deletion_requested$/, "delete"],
  [/_(created|uploaded|added)$/, "create"],
  [/_(updated|replaced|removed|restored|commented|revoked)$/, "edit"],
];

/** The class of an activity type; `other` for names that match nothing. */
export function classify(type: string): ActionClass {
  const exact = EXACT.get(type);
  if (exact !== undefined) return exact;
  for (const [pattern, found] of PATTERNS) if (pattern.test(type)) return found;
  return "other";
}

/** Settings that loosen or tighten what Claude may do, with the word that the change shows. */
const SETTINGS: ReadonlyMap<string, Change["kind"]> = new Map<string, Change["kind"]>([
  ["platform_spend_limit_created", "policy_tightened"],
  ["platform_spend_limit_deleted", "policy_relaxed"],
  ["platform_spend_limit_updated", "updated"],
  ["extra_usage_spend_limit_created", "policy_tightened"],
  ["extra_usage_spend_limit_deleted", "policy_relaxed"],
  ["extra_usage_spend_limit_updated", "updated"],
  ["extra_usage_spend_limit_increase_request_approved", "policy_relaxed"],
  ["platform_workspace_rate_limit_deleted", "policy_relaxed"],
  ["platform_workspace_rate_limit_updated", "updated"],
  ["org_ip_restriction_created", "policy_tightened"],
  ["org_ip_restriction_deleted", "policy_relaxed"],
  ["org_ip_restriction_updated", "updated"],
  ["org_sso_connection_activated", "federation_added"],
  ["org_sso_connection_deactivated", "policy_relaxed"],
  ["org_sso_connection_deleted", "policy_relaxed"],
  ["org_directory_sync_deleted", "policy_relaxed"],
  ["org_domain_verified", "federation_added"],
  ["org_member_invites_enabled", "policy_relaxed"],
  ["org_member_invites_disabled", "policy_tightened"],
  ["org_discoverability_enabled", "policy_relaxed"],
  ["org_discoverability_disabled", "policy_tightened"],
  ["org_invite_link_generated", "policy_relaxed"],
  ["org_invite_link_disabled", "policy_tightened"],
  ["org_claude_code_data_sharing_enabled", "policy_relaxed"],
  ["org_claude_code_data_sharing_disabled", "policy_tightened"],
  ["org_cowork_agent_enabled", "agent_changed"],
  ["org_cowork_agent_disabled", "agent_changed"],
  ["org_cowork_enabled", "agent_changed"],
  ["org_cowork_disabled", "agent_changed"],
  ["org_cowork_remote_enabled", "agent_changed"],
  ["org_cowork_act_without_asking_mode_enabled", "policy_relaxed"],
  ["org_cowork_act_without_asking_mode_disabled", "policy_tightened"],
  ["org_cowork_auto_mode_enabled", "policy_relaxed"],
  ["org_cowork_auto_mode_disabled", "policy_tightened"],
  ["org_cowork_mcp_always_allow_enabled", "policy_relaxed"],
  ["org_cowork_mcp_always_allow_disabled", "policy_tightened"],
  ["org_work_across_apps_enabled", "policy_relaxed"],
  ["org_work_across_apps_disabled", "policy_tightened"],
  ["desktop_extension_allowlisted", "policy_relaxed"],
  ["desktop_extension_removed_from_allowlist", "policy_tightened"],
  ["desktop_extension_blocklisted", "policy_tightened"],
  ["desktop_extension_unblocked", "policy_relaxed"],
  ["inference_hooks_config_deleted", "policy_relaxed"],
  ["inference_hooks_config_updated", "updated"],
  ["inference_hooks_circuit_breaker_tripped", "flagged_by_vendor"],
  ["inference_hooks_request_denied", "flagged_by_vendor"],
  ["inference_hooks_request_failed_open", "flagged_by_vendor"],
  ["cli_plugin_exec_policy_updated", "updated"],
  ["claude_organization_settings_updated", "updated"],
  ["org_connector_domain_guard_updated", "updated"],
  ["org_external_key_deleted", "policy_relaxed"],
]);

/** The kind of change that a settings activity is by its name alone; null when the name does not say. */
export function settingChange(type: string): Change["kind"] | null {
  return SETTINGS.get(type) ?? null;
}
