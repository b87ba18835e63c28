/** The actions that Slack's audit log knows, and the group that each belongs to. */

import actionsFile from "./slack-actions.json" with { type: "json" };

const groups = new Map<string, string>(Object.entries(actionsFile.actions));

/** The group of a Slack audit action ("app_installed" is "app"), or null for an action that is not in the list. */
export function slackAction(action: string): string | null {
  return groups.get(action) ?? null;
}
