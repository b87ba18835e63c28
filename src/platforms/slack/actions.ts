/** What each Slack audit action does, as one of our action classes. */

import type { ActionClass } from "#contract/event.ts";

/** Exact names first; everything else by the pattern of its name, since Slack adds actions every month. */
const EXACT: ReadonlyMap<string, ActionClass> = new Map(
  Object.entries({
    anomaly: "other",
    file_public_link_created: "publish",
    file_public_link_revoked: "edit",
    file_shared: "share",
    external_shared_channel_connected: "share",
    external_shared_channel_invite_sent: "share",
    canvas_linksharing_enabled: "publish",
    list_linksharing_enabled: "publish",
    app_installed: "install",
    org_app_installed: "install",
    child_app_auto_installed: "install",
    cli_app_install: "install",
    app_approved: "policy",
    app_restricted: "policy",
    app_uninstalled: "uninstall",
    org_app_uninstalled: "uninstall",
    app_scopes_expanded: "consent",
    app_resources_added: "consent",
    app_resources_granted: "consent",
    bot_token_upgraded: "consent",
    bot_token_downgraded: "revoke",
    app_token_preserved: "credential",
    external_auth_oauth2_token_fetched: "credential",
    external_auth_oauth2_token_refreshed: "credential",
    private_message_forwarded: "send",
    slack_ai_mcp_message_sent: "send",
    slack_ai_mcp_resource_read: "tool_call",
    app_agentforce_execute_slack_action: "tool_call",
    app_flows_execute_slack_action: "run",
    audit_logs_records_searched: "search",
    workflow_responses_csv_download: "download",
    message_activity_viewed: "read",
    public_channel_preview: "read",
  } satisfies Record<string, ActionClass>),
);

const PATTERNS: readonly (readonly [RegExp, ActionClass])[] = [
  [/_tool_called$/, "tool_call"],
  [
    /_export_(started|completed|downloaded|created)|_export_csv|_export_json|^corporate_exports/,
    "export",
  ],
  [/_downloaded$|_download$/, "download"],
  [
    /^user_(login|logout|session|sessions|password|passkey)|_login$|_logout$|session_reset|^cli_log/,
    "sign_in",
  ],
  [
    /^(role_|user_role)|^permissions_(assigned|removed)|^org_owner_created|^owner_transferred/,
    "role",
  ],
  [
    /^pref\.|_pref_|^auth_policy|allowlist|^native_dlp|^ekm_|^barrier|^idp_|_retention|authorized_ip/,
    "policy",
  ],
  [
    /_joined_workspace$|_channel_(join|leave)$|^(user|guest)_(created|deactivated|reactivated|added|removed)|_members_/,
    "member",
  ],
  [/_transferred/, "transfer"],
  [
    /_(shared|access_added|access_upgraded|invite_sent|invite_accepted|invite_approved|invite_generated)$/,
    "share",
  ],
  [/_(deleted|tombstoned|removed|archive|uninstalled)$/, "delete"],
  [/_(opened|viewed|previewed)$/, "read"],
  [/_(cloned|copied|copy_\w+)$/, "copy"],
  [/^slack_ai_/, "prompt"],
  [/_(created|uploaded|added|published|deployed)$/, "create"],
  [/_(updated|edited|changed|modified|renamed|restored|converted\w*|set|merged)$/, "edit"],
];

/** The class of a Slack action; `other` for names that match nothing. */
export function classify(action: string): ActionClass {
  const exact = EXACT.get(action);
  if (exact !== undefined) return exact;
  for (const [pattern, found] of PATTERNS) if (pattern.test(action)) return found;
  return "other";
}
