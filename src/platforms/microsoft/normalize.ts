/** Recognises Microsoft's records and hands each to the file that reads its source. */

import { isObject, object, type Raw, text } from "#base/raw.ts";
import { type AuditEvent, auditEvent } from "#contract/event.ts";
import { azure } from "./azure.ts";
import { hunting, isHuntingRow, securityAlert } from "./defender.ts";
import { directoryAudit } from "./directory-audit.ts";
import { graphActivity } from "./graph-activity.ts";
import { intune } from "./intune.ts";
import { stateService } from "./inventory.ts";
import { purview, purviewService } from "./purview.ts";
import { risk, riskService } from "./risk.ts";
import { signIn, signInService } from "./sign-in.ts";
import { unifiedAudit, unifiedService } from "./unified-audit.ts";

const ENTRA_LOGS: ReadonlySet<string> = new Set([
  "SignInLogs",
  "NonInteractiveUserSignInLogs",
  "ServicePrincipalSignInLogs",
  "ManagedIdentitySignInLogs",
  "MicrosoftGraphActivityLogs",
  "UserRiskEvents",
  "ServicePrincipalRiskEvents",
  "RiskyUsers",
  "RiskyServicePrincipals",
]);

/** Tables of a Log Analytics workspace, by the name that `Type` gives. */
const TABLES: ReadonlyMap<string, string> = new Map([
  ["AuditLogs", "entra:AuditLogs"],
  ["SigninLogs", "entra:SignInLogs"],
  ["AADNonInteractiveUserSignInLogs", "entra:NonInteractiveUserSignInLogs"],
  ["AADServicePrincipalSignInLogs", "entra:ServicePrincipalSignInLogs"],
  ["AADManagedIdentitySignInLogs", "entra:ManagedIdentitySignInLogs"],
  ["MicrosoftGraphActivityLogs", "entra:MicrosoftGraphActivityLogs"],
  ["AADUserRiskEvents", "entra:UserRiskEvents"],
  ["AADServicePrincipalRiskEvents", "entra:ServicePrincipalRiskEvents"],
  ["AADRiskyUsers", "entra:RiskyUsers"],
  ["AADRiskyServicePrincipals", "entra:RiskyServicePrincipals"],
  ["IntuneAuditLogs", "intune:auditEvents"],
  ["AzureActivity", "azure:Administrative"],
]);

/** Unified audit records first (most of a tenant's log), then diagnostic records, tables, Graph's rows and state. */
export function detect(raw: Raw, key: string | null): string | null {
  if ("AuditData" in raw || "auditData" in raw) {
    const wrapped = purviewService(raw);
    if (wrapped !== null) return wrapped;
  }
  return (
    unifiedService(raw) ??
    diagnosticService(raw) ??
    tableService(raw) ??
    graphService(raw) ??
    (isHuntingRow(raw) ? "defender:advancedHunting" : null) ??
    stateService(raw, key)
  );
}

/** Diagnostic settings wrap every log alike: time, category, operationName, resourceId and properties. */
function diagnosticService(raw: Raw): string | null {
  const category = raw.category;
  if (typeof category !== "string" || !("operationName" in raw)) {
    // Graph and the management API give the activity log with objects for names.
    const isActivity =
      isObject(raw.operationName) && "resourceId" in raw && "eventTimestamp" in raw;
    return isActivity ? `azure:${text(object(raw.category).value, 64) ?? "Administrative"}` : null;
  }
  if (!("time" in raw || "resourceId" in raw || "tenantId" in raw)) return null;
  const properties = raw.properties;
  if (isObject(properties)) {
    if ("AuditEventId" in properties || "ActivityResultStatus" in properties)
      return "intune:auditEvents";
    if ("activityDisplayName" in properties) return "entra:AuditLogs";
  }
  if (ENTRA_LOGS.has(category)) return `entra:${category}`;
  if (category === "AuditLogs") return "entra:AuditLogs";
  if (category.startsWith("AdvancedHunting-")) return "defender:advancedHunting";
  const isStorage =
    category === "StorageRead" || category === "StorageWrite" || category === "StorageDelete";
  if (isStorage && ("uri" in raw || isObject(properties))) return `azure:${category}`;
  const resource = text(raw.resourceId, 32)?.toLowerCase() ?? "";
  const isAzure =
    resource.startsWith("/subscriptions/") ||
    resource.startsWith("/tenants/") ||
    resource.startsWith("/providers/");
  return isAzure ? `azure:${text(category, 100) ?? "Administrative"}` : null;
}

/** Rows of a Log Analytics workspace; their table's name may have been lost on export. */
function tableService(raw: Raw): string | null {
  if (!("TimeGenerated" in raw)) return null;
  const named = typeof raw.Type === "string" ? TABLES.get(raw.Type) : undefined;
  if (named !== undefined) return named;
  if ("RequestUri" in raw && "ResponseStatusCode" in raw) return "entra:MicrosoftGraphActivityLogs";
  if ("TargetResources" in raw && "OperationName" in raw) return "entra:AuditLogs";
  if ("OperationNameValue" in raw) return "azure:Administrative";
  const category = text(raw.Category, 64);
  if (category !== null && /^Storage(Read|Write|Delete)$/.test(category))
    return `azure:${category}`;
  if (category !== null && ENTRA_LOGS.has(category)) return `entra:${category}`;
  if ("ResultType" in raw && "AppId" in raw && "ResourceDisplayName" in raw)
    return signInService(raw);
  return null;
}

/** Rows of Graph's list calls, which carry no name of their log. */
function graphService(raw: Raw): string | null {
  if (
    typeof raw.activityDisplayName === "string" &&
    ("targetResources" in raw || "initiatedBy" in raw)
  ) {
    return "entra:AuditLogs";
  }
  if ("componentName" in raw && "activityOperationType" in raw) return "intune:auditEvents";
  if ("providerAlertId" in raw && "severity" in raw) return "defender:alerts";
  const risky = riskService(raw);
  if (risky !== null) return risky;
  if ("createdDateTime" in raw && "appId" in raw && isSignIn(raw)) return signInService(raw);
  return null;
}

function isSignIn(raw: Raw): boolean {
  return (
    "signInEventTypes" in raw ||
    "isInteractive" in raw ||
    "conditionalAccessStatus" in raw ||
    ("resourceDisplayName" in raw && ("ipAddress" in raw || isObject(raw.status)))
  );
}

export function normalize(raw: Raw, service: string): AuditEvent[] {
  if ("AuditData" in raw || "auditData" in raw) return purview(raw, service);
  if (service.startsWith("o365:")) return unifiedAudit(raw, service);
  if (service.startsWith("azure:")) return azure(raw, service);
  switch (service) {
    case "entra:AuditLogs":
      return directoryAudit(raw, service);
    case "entra:SignInLogs":
    case "entra:NonInteractiveUserSignInLogs":
    case "entra:ServicePrincipalSignInLogs":
    case "entra:ManagedIdentitySignInLogs":
      return signIn(raw, service);
    case "entra:MicrosoftGraphActivityLogs":
      return graphActivity(raw, service);
    case "entra:UserRiskEvents":
    case "entra:ServicePrincipalRiskEvents":
    case "entra:RiskyUsers":
    case "entra:RiskyServicePrincipals":
      return risk(raw, service);
    case "intune:auditEvents":
      return intune(raw, service);
    case "defender:advancedHunting":
      return hunting(raw, service);
    case "defender:alerts":
      return securityAlert(raw, service);
    default:
      return [
        auditEvent(
          "microsoft",
          service,
          text(raw.operationName ?? raw.Operation, 256) ?? "unknown",
        ),
      ];
  }
}
