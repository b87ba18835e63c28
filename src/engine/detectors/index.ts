/** Every detector that the engine runs, one line each. */

import { agentDrift } from "./agent-drift/index.ts";
import { agentExfiltration } from "./agent-exfiltration/index.ts";
import { agentFlagged } from "./agent-flagged/index.ts";
import { aiDrain } from "./ai-drain/index.ts";
import { aiKey } from "./ai-key/index.ts";
import { apiVolume } from "./api-volume/index.ts";
import { appChanged } from "./app-changed/index.ts";
import { appLetIn } from "./app-let-in/index.ts";
import { artifactTaken } from "./artifact-taken/index.ts";
import { automationScheduled } from "./automation-scheduled/index.ts";
import { batchOperations } from "./batch-operations/index.ts";
import { bulkDataApi } from "./bulk-data-api/index.ts";
import { chatSecrets } from "./chat-secrets/index.ts";
import { consentCampaign } from "./consent-campaign/index.ts";
import { copiedScript } from "./copied-script/index.ts";
import { credentialAdded } from "./credential-added/index.ts";
import { credentialThenAccess } from "./credential-then-access/index.ts";
import type { Detector } from "./detector.ts";
import { deviceCodeSignIn } from "./device-code-sign-in/index.ts";
import { directoryEnumeration } from "./directory-enumeration/index.ts";
import { domainWideDelegation } from "./domain-wide-delegation/index.ts";
import { dormantRevived } from "./dormant-revived/index.ts";
import { eventHook } from "./event-hook/index.ts";
import { evilTwin } from "./evil-twin/index.ts";
import { externalShare } from "./external-share/index.ts";
import { flaggedToken } from "./flagged-token/index.ts";
import { guardrailWeakened } from "./guardrail-weakened/index.ts";
import { guestOrRoleChange } from "./guest-or-role-change/index.ts";
import { humanOnMachine } from "./human-on-machine/index.ts";
import { illicitConsent } from "./illicit-consent/index.ts";
import { impersonationSpree } from "./impersonation-spree/index.ts";
import { knownAbusedApp } from "./known-abused-app/index.ts";
import { loggingImpaired } from "./logging-impaired/index.ts";
import { lookalikeApp } from "./lookalike-app/index.ts";
import { machineCadence } from "./machine-cadence/index.ts";
import { mailForwarding } from "./mail-forwarding/index.ts";
import { mailReading } from "./mail-reading/index.ts";
import { massDeletion } from "./mass-deletion/index.ts";
import { massDownload } from "./mass-download/index.ts";
import { mcpConnectorChanged } from "./mcp-connector-changed/index.ts";
import { mcpToolBurst } from "./mcp-tool-burst/index.ts";
import { messageFlood } from "./message-flood/index.ts";
import { newBehaviour } from "./new-behaviour/index.ts";
import { newInfrastructure } from "./new-infrastructure/index.ts";
import { offHours } from "./off-hours/index.ts";
import { orphanActing } from "./orphan-acting/index.ts";
import { outboundFlow } from "./outbound-flow/index.ts";
import { outsideBridge } from "./outside-bridge/index.ts";
import { ownershipTransfer } from "./ownership-transfer/index.ts";
import { publicLinkSpree } from "./public-link-spree/index.ts";
import { rateLimitEvasion } from "./rate-limit-evasion/index.ts";
import { scopeEscalation } from "./scope-escalation/index.ts";
import { searchThenRead } from "./search-then-read/index.ts";
import { serviceKey } from "./service-key/index.ts";
import { shadowAi } from "./shadow-ai/index.ts";
import { slackBroadHistory } from "./slack-broad-history/index.ts";
import { slackExport } from "./slack-export/index.ts";
import { slackScrape } from "./slack-scrape/index.ts";
import { slowExfiltration } from "./slow-exfiltration/index.ts";
import { staleCredential } from "./stale-credential/index.ts";
import { stolenSession } from "./stolen-session/index.ts";
import { tenantConsent } from "./tenant-consent/index.ts";
import { unusedPrivilege } from "./unused-privilege/index.ts";
import { unverifiedHighReach } from "./unverified-high-reach/index.ts";
import { velocity } from "./velocity/index.ts";
import { wormRepository } from "./worm-repository/index.ts";

export const detectors: readonly Detector[] = [
  agentDrift,
  agentExfiltration,
  agentFlagged,
  aiDrain,
  aiKey,
  apiVolume,
  appChanged,
  appLetIn,
  artifactTaken,
  automationScheduled,
  batchOperations,
  bulkDataApi,
  consentCampaign,
  chatSecrets,
  copiedScript,
  credentialAdded,
  credentialThenAccess,
  deviceCodeSignIn,
  directoryEnumeration,
  domainWideDelegation,
  dormantRevived,
  eventHook,
  evilTwin,
  externalShare,
  flaggedToken,
  guardrailWeakened,
  guestOrRoleChange,
  humanOnMachine,
  illicitConsent,
  impersonationSpree,
  knownAbusedApp,
  loggingImpaired,
  lookalikeApp,
  machineCadence,
  mailForwarding,
  mailReading,
  massDeletion,
  massDownload,
  mcpConnectorChanged,
  mcpToolBurst,
  messageFlood,
  newBehaviour,
  newInfrastructure,
  offHours,
  orphanActing,
  outboundFlow,
  outsideBridge,
  ownershipTransfer,
  publicLinkSpree,
  rateLimitEvasion,
  scopeEscalation,
  searchThenRead,
  serviceKey,
  shadowAi,
  slackBroadHistory,
  slackExport,
  slackScrape,
  slowExfiltration,
  staleCredential,
  stolenSession,
  tenantConsent,
  unusedPrivilege,
  unverifiedHighReach,
  velocity,
  wormRepository,
];
