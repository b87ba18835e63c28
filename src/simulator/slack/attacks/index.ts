/** Every attack on Slack, one line each. */

import type { Scenario } from "#simulator/stage.ts";
import {
  agentActionsUpdated,
  assistantOverrun,
  assistantTurned,
  connectorLetLoose,
  toolCallBurst,
} from "./ai.ts";
import {
  appTakenOver,
  bridgeOutside,
  dormantAppRevived,
  lookalikeName,
  workflowLeaks,
} from "./backdoors.ts";
import { secretsHunt, tokenReplayed, tokenSold, vendorCompromised } from "./credentials.ts";
import { clientsInTurn, evenScraper, limitHugging } from "./evasion.ts";
import {
  auditLogTaken,
  hijackedBotDownloads,
  publicLinkSpree,
  slowDrip,
  stolenAdminExport,
} from "./exfiltration.ts";
import {
  allowlistRelaxed,
  botMakesAdmins,
  guestInstallsReader,
  scopesGrowAfterApproval,
} from "./privilege.ts";

export const attacks: readonly Scenario[] = [
  hijackedBotDownloads,
  slowDrip,
  stolenAdminExport,
  publicLinkSpree,
  auditLogTaken,
  guestInstallsReader,
  scopesGrowAfterApproval,
  allowlistRelaxed,
  botMakesAdmins,
  tokenReplayed,
  vendorCompromised,
  secretsHunt,
  tokenSold,
  dormantAppRevived,
  bridgeOutside,
  lookalikeName,
  workflowLeaks,
  appTakenOver,
  evenScraper,
  limitHugging,
  clientsInTurn,
  toolCallBurst,
  connectorLetLoose,
  agentActionsUpdated,
  assistantTurned,
  assistantOverrun,
];
