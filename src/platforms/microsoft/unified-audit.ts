/** Records of the unified audit log, from the Management Activity API, Sentinel's OfficeActivity or Purview. */

import { type Raw, text } from "#base/raw.ts";
import type { AuditEvent } from "#contract/event.ts";
import { compliance } from "./compliance.ts";
import { agentAdmin, copilot } from "./copilot.ts";
import { exchange } from "./exchange.ts";
import { powerPlatform } from "./power-platform.ts";
import { sharepoint } from "./sharepoint.ts";
import { teams } from "./teams.ts";
import { unifiedBase } from "./unified-base.ts";
import { unifiedDirectory } from "./unified-directory.ts";

/** `o365:<Workload>`, or null where the record is none of the unified audit log. */
export function unifiedService(raw: Raw): string | null {
  if (typeof raw.Operation !== "string") return null;
  const workload = text(raw.Workload ?? raw.OfficeWorkload, 64);
  if (workload !== null) {
    const isRecord =
      "CreationTime" in raw ||
      "RecordType" in raw ||
      "OrganizationId" in raw ||
      "OfficeWorkload" in raw ||
      "UserId" in raw;
    return isRecord ? `o365:${workload}` : null;
  }
  if ("RecordType" in raw && ("CreationTime" in raw || "OrganizationId" in raw)) {
    return `o365:${workloadOf(raw.RecordType)}`;
  }
  return null;
}

const BY_TYPE: ReadonlyMap<string, string> = new Map([
  ...[
    "1",
    "2",
    "3",
    "50",
    "ExchangeAdmin",
    "ExchangeItem",
    "ExchangeItemGroup",
    "ExchangeItemAggregated",
  ].map((type) => [type, "Exchange"] as const),
  ...[
    "4",
    "6",
    "7",
    "14",
    "36",
    "SharePoint",
    "SharePointFileOperation",
    "SharePointSharingOperation",
  ].map((type) => [type, "SharePoint"] as const),
  ...["8", "9", "15", "AzureActiveDirectory", "AzureActiveDirectoryStsLogon"].map(
    (type) => [type, "AzureActiveDirectory"] as const,
  ),
  ...[
    "18",
    "24",
    "28",
    "40",
    "SecurityComplianceCenterEOPCmdlet",
    "Discovery",
    "SecurityComplianceAlerts",
  ].map((type) => [type, "SecurityComplianceCenter"] as const),
  ...["25", "MicrosoftTeams", "MicrosoftTeamsAdmin"].map(
    (type) => [type, "MicrosoftTeams"] as const,
  ),
  ...["30", "MicrosoftFlow"].map((type) => [type, "MicrosoftFlow"] as const),
  ...["45", "79", "PowerAppsApp", "PowerAppsResource"].map((type) => [type, "PowerApps"] as const),
  ...["187", "256", "PowerPlatformAdminDlp", "PowerPlatformAdministratorActivity"].map(
    (type) => [type, "PowerPlatform"] as const,
  ),
  ...[
    "261",
    "284",
    "328",
    "334",
    "363",
    "373",
    "384",
    "CopilotInteraction",
    "AIAppInteraction",
    "ConnectedAIAppInteraction",
  ].map((type) => [type, "Copilot"] as const),
]);

/** The workload of a record type that comes without one (OfficeActivity and Purview leave it out at times). */
export function workloadOf(type: unknown): string {
  const written = text(type, 64) ?? "";
  return BY_TYPE.get(written) ?? (/^[A-Za-z]+$/.test(written) ? written : "General");
}

/** Copilot plugins, workspaces and prompt books; agents and apps under administration. */
const AGENT_TYPES: ReadonlySet<string> = new Set([
  ...Array.from({ length: 16 }, (_, i) => String(310 + i)),
  "363",
  "373",
  "375",
  "376",
  "384",
  "CopilotAgentManagement",
  "AgentAdminActivity",
]);

export function unifiedAudit(raw: Raw, service: string): AuditEvent[] {
  const workload = service.slice(service.indexOf(":") + 1);
  if (workload === "AzureActiveDirectory") return unifiedDirectory(raw, service);
  const event = unifiedBase(raw, service);
  if ("CopilotEventData" in raw || /Interaction$/.test(event.action)) return copilot(event, raw);
  if ("AgentID" in raw || AGENT_TYPES.has(text(raw.RecordType, 64) ?? "")) {
    agentAdmin(event, raw);
    return [event];
  }
  switch (workload) {
    case "Exchange":
      exchange(event, raw);
      break;
    case "SharePoint":
    case "OneDrive":
      sharepoint(event, raw);
      break;
    case "MicrosoftTeams":
      teams(event, raw);
      break;
    case "PowerPlatform":
    case "MicrosoftFlow":
    case "PowerApps":
    case "PowerAutomate":
    case "MicrosoftCopilotStudio":
    case "Dynamics365":
      powerPlatform(event, raw);
      break;
    default:
      other(event, raw);
  }
  return [event];
}

/** Every further workload: cmdlets are read as Exchange's, the rest as compliance and security records. */
function other(event: AuditEvent, raw: Raw): void {
  compliance(event, raw);
  const isCmdlet = /^[A-Z][a-z]+-/.test(event.action);
  if (isCmdlet && event.change === null && event.class !== "export" && event.class !== "delete") {
    exchange(event, raw);
  }
  if (event.target !== null) return;
  const id = text(raw.ObjectId ?? raw.OfficeObjectId, 512);
  if (id !== null) event.target = { type: "object", id, name: null };
}
