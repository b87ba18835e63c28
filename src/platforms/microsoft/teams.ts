/** Teams: apps, bots, connectors and tabs put into teams, messages, and settings that let them in. */

import { bool, firstText, list, object, type Raw, text } from "#base/raw.ts";
import type { AutomationKind } from "#contract/automation.ts";
import { type AuditEvent, type Change, change, isOutward, withTraits } from "#contract/event.ts";
import { appRef, entry, firstId, idOf } from "./ids.ts";
import { setting } from "./policy.ts";

const CHANGES: ReadonlyMap<string, Change["kind"]> = new Map(
  Object.entries({
    AppInstalled: "installed",
    AppUpgraded: "updated",
    AppUninstalled: "uninstalled",
    AppPublishedToCatalog: "published",
    AppUpdatedInCatalog: "updated",
    AppDeletedFromCatalog: "deleted",
    BotAddedToTeam: "installed",
    BotRemovedFromTeam: "uninstalled",
    ConnectorAdded: "installed",
    ConnectorUpdated: "updated",
    ConnectorRemoved: "uninstalled",
    TabAdded: "installed",
    TabRemoved: "uninstalled",
    WebhookAdded: "installed",
    MessagesExported: "export_completed",
    RecordingExported: "export_completed",
    TranscriptsExported: "export_completed",
  } satisfies Record<string, Change["kind"]>),
);

export function teams(event: AuditEvent, raw: Raw): void {
  const region = text(entry(raw.ExtraProperties, "Country"), 64);
  if (region !== null) event.client = { ...event.client, country: region.toUpperCase() };
  event.target = targetOf(raw);
  const kind = CHANGES.get(event.action);
  if (kind !== undefined) {
    event.subject = appRef(
      kindOf(event.action, raw),
      firstId(raw.AzureADAppId, raw.AddOnGuid, raw.AppId),
      idOf(raw.AzureADAppId) === null ? null : idOf(raw.AddOnGuid),
      {
        name: firstText(raw.AddOnName, raw.AddonName, raw.AppName)?.slice(0, 512) ?? null,
        isInternal: isInternal(text(raw.AppDistributionMode, 64)),
      },
    );
    event.change = change(kind, {
      consent: kind === "installed" ? "user" : null,
      principal: kind === "installed" ? event.actor.id || null : null,
      destination: text(raw.AddOnUrl ?? raw.AddonUrl ?? raw.ConnectorUrl ?? raw.TabURL, 1_024),
      detail: text(
        [raw.TeamName ?? raw.ChatName, raw.AppDistributionMode]
          .filter((part) => typeof part === "string")
          .join("; "),
        1_024,
      ),
    });
    return;
  }
  if (event.action === "MemberAdded") outsiders(event, raw);
  event.traits = withTraits(event, {
    outside: isOutward(event.change),
    // A chat or channel in which another tenant takes part.
    external_content: bool(object(raw.ParticipantInfo).HasForeignTenantUsers) === true,
  });
  if (/SettingChanged$/.test(event.action)) settingChanged(event, raw);
}

function kindOf(action: string, raw: Raw): AutomationKind {
  const type = `${action} ${text(raw.AddOnType, 64) ?? ""} ${text(raw.AddOnName, 128) ?? ""}`;
  if (/webhook|connector/i.test(type)) return "webhook";
  if (/agent|copilot/i.test(type)) return "ai_agent";
  return /bot/i.test(type) ? "bot" : "oauth_app";
}

function isInternal(mode: string | null): boolean | null {
  if (mode === null) return null;
  return /organization|sideload|private/i.test(mode);
}

function targetOf(raw: Raw): AuditEvent["target"] {
  const team = text(raw.TeamGuid, 512);
  const chat = firstText(raw.ChatThreadId, object(raw.Message).ThreadId)?.slice(0, 512) ?? null;
  const id = team ?? chat ?? text(raw.ItemName, 512);
  if (id === null) return null;
  return {
    type: team === null ? "chat" : "team",
    id,
    name: text(raw.TeamName ?? raw.ChatName, 512),
  };
}

/** A guest among the members that a record names. */
function outsiders(event: AuditEvent, raw: Raw): void {
  for (const member of list(raw.Members).slice(0, 64)) {
    const upn = text(object(member).UPN, 320)?.toLowerCase() ?? "";
    if (upn.includes("#ext#")) event.change = change("shared_externally", { destination: upn });
  }
}

function settingChanged(event: AuditEvent, raw: Raw): void {
  event.class = "policy";
  const name = text(raw.Name ?? raw.SettingName, 128) ?? "";
  const judged = setting(name, text(raw.OldValue, 256), text(raw.NewValue, 256));
  if (judged === null) return;
  const isOn = bool(raw.NewValue);
  event.change = change(judged.loosens ? "policy_relaxed" : "policy_tightened", {
    detail: `${name} is now ${isOn === null ? text(raw.NewValue, 256) : isOn}`,
  });
}
