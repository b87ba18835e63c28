/** Graph and Power Platform state to facts: apps, grants, agents, people, roles, Teams apps and flows. */

import { hostsOf } from "#base/host.ts";
import {
  bool,
  firstText,
  isObject,
  list,
  nested,
  object,
  type Raw,
  text,
  texts,
} from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import { entraRoles } from "#catalog/roles.ts";
import {
  type AutomationFact,
  type AutomationKind,
  automationFact,
  automationRef,
  type Consent,
  CREDENTIALS_MAX,
  type Credential,
  type Grant,
  type OwnerClaim,
  otherFact,
  type StateFact,
} from "#contract/automation.ts";
import { appRef, firstId, idOf } from "./ids.ts";
import { permissionName } from "./permissions.ts";

/** Tenants in which Microsoft registers its own apps. */
const MICROSOFT_TENANTS: ReadonlySet<string> = new Set([
  "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
  "72f988bf-86f1-41af-91ab-2d7cd011db47",
]);

const roleNames = new Map(entraRoles().map(({ id, name }) => [id, name]));

/** Which list call a row comes from, by the row's own keys; null when none. */
export function stateService(raw: Raw, key: string | null): string | null {
  const type = typeof raw["@odata.type"] === "string" ? raw["@odata.type"] : "";
  if ("agentIdentityBlueprintId" in raw || type === "#microsoft.graph.agentIdentity") {
    return "graph:agentIdentities";
  }
  if ("appId" in raw) {
    if ("lastSignInActivity" in raw || "applicationAuthenticationClientSignInActivity" in raw) {
      return "graph:servicePrincipalSignInActivities";
    }
    if (
      "servicePrincipalType" in raw ||
      "servicePrincipalNames" in raw ||
      "appOwnerOrganizationId" in raw
    ) {
      return "graph:servicePrincipals";
    }
    if ("requiredResourceAccess" in raw || "publisherDomain" in raw || "signInAudience" in raw) {
      return "graph:applications";
    }
  }
  if ("consentType" in raw && "clientId" in raw && "scope" in raw && "resourceId" in raw) {
    return "graph:oauth2PermissionGrants";
  }
  if ("appRoleId" in raw && "principalId" in raw) return "graph:appRoleAssignments";
  if ("roleDefinitionId" in raw && "principalId" in raw) return "graph:roleAssignments";
  if ("roleTemplateId" in raw && "displayName" in raw) return "graph:directoryRoles";
  if ("elementTypes" in raw || ("manifestId" in raw && "isBlocked" in raw)) {
    return "graph:copilotPackages";
  }
  if ("distributionMethod" in raw && "displayName" in raw) return "graph:teamsApps";
  if (typeof raw.userPrincipalName === "string" && "id" in raw) return "graph:users";
  return tableState(raw) ?? flowState(raw) ?? otherState(raw, key);
}

function tableState(raw: Raw): string | null {
  if ("AIAgentId" in raw) return "defender:AIAgentsInfo";
  if ("OAuthAppId" in raw && "AppName" in raw) return "defender:OAuthAppInfo";
  return null;
}

function flowState(raw: Raw): string | null {
  const type = typeof raw.type === "string" ? raw.type : "";
  if (isObject(raw.properties) && /^Microsoft\.ProcessSimple\/.*flows$/i.test(type)) {
    return "powerplatform:flows";
  }
  if ("workflowId" in raw && "stateCode" in raw) return "powerplatform:cloudFlows";
  return null;
}

/** Rows that name neither automation nor person; they are counted as understood. */
function otherState(raw: Raw, key: string | null): string | null {
  if (key !== null && key !== "value") return null;
  if ("verifiedDomains" in raw && "displayName" in raw) return "graph:organization";
  if ("defaultUserRolePermissions" in raw) return "graph:authorizationPolicy";
  if ("securityEnabled" in raw && "mailEnabled" in raw) return "graph:groups";
  return null;
}

export function inventory(raw: Raw, service: string): StateFact[] {
  switch (service) {
    case "graph:servicePrincipals":
    case "graph:agentIdentities":
      return servicePrincipal(raw, service);
    case "graph:applications":
      return application(raw, service);
    case "graph:servicePrincipalSignInActivities":
      return signInActivity(raw, service);
    case "graph:oauth2PermissionGrants":
      return delegatedGrant(raw, service);
    case "graph:appRoleAssignments":
      return appRoleAssignment(raw, service);
    case "graph:roleAssignments":
      return roleAssignment(raw, service);
    case "graph:directoryRoles":
      return directoryRole(raw, service);
    case "graph:copilotPackages":
      return copilotPackage(raw, service);
    case "graph:teamsApps":
      return teamsApp(raw, service);
    case "graph:users":
      return user(raw, service);
    case "powerplatform:flows":
      return flow(raw, service);
    case "powerplatform:cloudFlows":
      return cloudFlow(raw, service);
    case "defender:AIAgentsInfo":
      return studioAgent(raw, service);
    case "defender:OAuthAppInfo":
      return oauthApp(raw, service);
    default:
      return otherFact("microsoft", service);
  }
}

function servicePrincipal(raw: Raw, service: string): StateFact[] {
  const kind = principalKind(raw, service);
  const owner = idOf(raw.appOwnerOrganizationId);
  const publisher = object(raw.verifiedPublisher);
  const ref = appRef(kind, idOf(raw.appId), idOf(raw.id), {
    name: text(raw.displayName ?? raw.appDisplayName, 512),
    publisher:
      firstText(publisher.displayName, raw.publisherName)?.slice(0, 512) ?? publisherOf(owner),
    isVerified: isVerified(raw),
    isInternal: kind === "service_account" ? true : null,
    domains: domainsOf([raw.homepage, raw.loginUrl, ...list(raw.replyUrls).slice(0, 256)]),
    ownerTenantId: owner?.slice(0, 128) ?? null,
  });
  if (ref === null) return otherFact("microsoft", service);
  return [
    automationFact("microsoft", service, ref, {
      owners: [
        ...ownersOf(raw.owners, "owner of the service principal in Entra", 0.8),
        ...ownersOf(raw.sponsors, "sponsor of the agent in Entra", 0.9),
      ].slice(0, 64),
      grants: [
        ...expanded(raw.oauth2PermissionGrants, oauthGrant),
        ...expanded(raw.appRoleAssignments, roleGrant),
      ].slice(0, 2_048),
      credentials: credentialsOf(raw),
      createdAt: parseTime(raw.createdDateTime),
      isEnabled:
        raw.accountEnabled === undefined ? negated(bool(raw.isDisabled)) : bool(raw.accountEnabled),
    }),
  ];
}

function principalKind(raw: Raw, service: string): AutomationKind {
  const type = text(raw.servicePrincipalType, 64) ?? "";
  if (service === "graph:agentIdentities" || /agent|ServiceIdentity/i.test(type)) return "ai_agent";
  return /ManagedIdentity/i.test(type) ? "service_account" : "oauth_app";
}

function publisherOf(tenant: string | null): string | null {
  return tenant !== null && MICROSOFT_TENANTS.has(tenant) ? "Microsoft" : null;
}

/** Only a row that has the field says that nobody verified the publisher. */
function isVerified(raw: Raw): boolean | null {
  if (!("verifiedPublisher" in raw)) return null;
  return text(object(raw.verifiedPublisher).verifiedPublisherId) !== null;
}

function negated(value: boolean | null): boolean | null {
  return value === null ? null : !value;
}

function domainsOf(urls: readonly unknown[]): string[] {
  return hostsOf(urls)
    .filter((host) => host.length <= 256)
    .slice(0, 32);
}

function ownersOf(value: unknown, evidence: string, confidence: number): OwnerClaim[] {
  const found: OwnerClaim[] = [];
  for (const item of list(value).slice(0, 64)) {
    const owner = object(item);
    const principal = firstText(owner.userPrincipalName, owner.mail, owner.id)
      ?.toLowerCase()
      .slice(0, 512);
    if (principal !== undefined) found.push({ principal, evidence, confidence });
  }
  return found;
}

/** A certificate stands once for each of its uses, under one id of its own each. */
function credentialsOf(raw: Raw): Credential[] {
  return [
    ...list(raw.passwordCredentials).map((row) => credential(object(row), "client secret")),
    ...list(raw.keyCredentials).map((row) => credential(object(row), "certificate")),
  ]
    .filter((one) => one !== null)
    .slice(0, CREDENTIALS_MAX);
}

function credential(row: Raw, kind: string): Credential | null {
  const id = text(row.keyId, 128);
  if (id === null) return null;
  return {
    id,
    kind,
    createdAt: parseTime(row.startDateTime),
    expiresAt: parseTime(row.endDateTime),
    lastUsedAt: null,
  };
}

function expanded(value: unknown, read: (row: Raw) => Grant): Grant[] {
  return list(value).filter(isObject).slice(0, 1_024).map(read);
}

function oauthGrant(raw: Raw): Grant {
  const isForAll = text(raw.consentType, 64)?.toLowerCase() === "allprincipals";
  return {
    principal: isForAll ? null : idOf(raw.principalId),
    scopes: texts(raw.scope, 2_048).map((scope) => scope.slice(0, 512)),
    consent: isForAll ? "tenant" : "user",
    grantedBy: null,
    at: null,
  };
}

function roleGrant(raw: Raw): Grant {
  const role = text(raw.appRoleId, 128);
  return {
    principal: null,
    // The nil id is plain access without any permission.
    scopes: role === null || idOf(role) === null ? [] : [permissionName(role)],
    consent: "tenant",
    grantedBy: null,
    at: parseTime(raw.createdDateTime),
  };
}

/** Registrations of the tenant itself; the id is the registration's, the service principal has its own. */
function application(raw: Raw, service: string): StateFact[] {
  const web = object(raw.web);
  const spa = object(raw.spa);
  const publicClient = object(raw.publicClient);
  const urls = [
    web.homePageUrl,
    ...list(web.redirectUris),
    ...list(spa.redirectUris),
    ...list(publicClient.redirectUris),
  ];
  const isAgent = /agentIdentityBlueprint/i.test(text(raw["@odata.type"], 128) ?? "");
  const ref = appRef(isAgent ? "ai_agent" : "oauth_app", idOf(raw.appId), idOf(raw.id), {
    name: text(raw.displayName, 512),
    publisher:
      firstText(object(raw.verifiedPublisher).displayName, raw.publisherDomain)?.slice(0, 512) ??
      null,
    isVerified: isVerified(raw),
    isInternal: true,
    domains: domainsOf(urls.slice(0, 256)),
  });
  if (ref === null) return otherFact("microsoft", service);
  return [
    automationFact("microsoft", service, ref, {
      owners: ownersOf(raw.owners, "owner of the app registration in Entra", 0.8),
      credentials: credentialsOf(raw),
      createdAt: parseTime(raw.createdDateTime),
      isEnabled: negated(bool(raw.isDisabled)),
    }),
  ];
}

function signInActivity(raw: Raw, service: string): StateFact[] {
  const ref = appRef("oauth_app", idOf(raw.appId), null);
  if (ref === null) return otherFact("microsoft", service);
  let lastUsedAt: number | null = null;
  for (const name of Object.keys(raw)) {
    if (!/SignInActivity$/.test(name)) continue;
    const at = parseTime(object(raw[name]).lastSignInDateTime);
    if (at !== null && (lastUsedAt === null || at > lastUsedAt)) lastUsedAt = at;
  }
  return [automationFact("microsoft", service, ref, { lastUsedAt })];
}

/** `clientId` is the object id of the client's service principal, not its app id. */
function delegatedGrant(raw: Raw, service: string): StateFact[] {
  const ref = appRef("oauth_app", null, idOf(raw.clientId));
  if (ref === null) return otherFact("microsoft", service);
  return [automationFact("microsoft", service, ref, { grants: [oauthGrant(raw)] })];
}

/** Users and groups are assigned to an app to open it; only an app gets a permission by it. */
function appRoleAssignment(raw: Raw, service: string): StateFact[] {
  const type = text(raw.principalType, 64)?.toLowerCase() ?? "serviceprincipal";
  const ref = appRef("oauth_app", null, idOf(raw.principalId), {
    name: text(raw.principalDisplayName, 512),
  });
  if (type !== "serviceprincipal" || ref === null) return otherFact("microsoft", service);
  return [automationFact("microsoft", service, ref, { grants: [roleGrant(raw)] })];
}

function roleAssignment(raw: Raw, service: string): StateFact[] {
  const definition = text(raw.roleDefinitionId, 128)?.toLowerCase() ?? null;
  const role = firstText(
    object(raw.roleDefinition).displayName,
    definition === null ? null : (roleNames.get(definition) ?? definition),
  );
  const principal = object(raw.principal);
  return holder({ ...principal, id: principal.id ?? raw.principalId }, role, service);
}

function directoryRole(raw: Raw, service: string): StateFact[] {
  const role = text(raw.displayName, 512);
  const facts: StateFact[] = [];
  for (const member of list(raw.members).slice(0, 4_096)) {
    if (isObject(member)) facts.push(...holder(member, role, service));
  }
  return facts.length === 0 ? otherFact("microsoft", service) : facts;
}

/** The one who has a role, where the row says whether it is a person or an app (it was expanded). */
function holder(principal: Raw, role: string | null, service: string): StateFact[] {
  const type = text(principal["@odata.type"], 128) ?? "";
  const id = idOf(principal.id);
  if (id === null) return otherFact("microsoft", service);
  if (/user$/i.test(type) || text(principal.userPrincipalName) !== null) {
    return user({ ...principal, id }, service).map((fact) =>
      fact.type === "person" ? { ...fact, isAdmin: true } : fact,
    );
  }
  const ref = appRef("oauth_app", idOf(principal.appId), id, {
    name: text(principal.displayName, 512),
  });
  if (!/servicePrincipal$|agentIdentity$/i.test(type) || ref === null || role === null) {
    return otherFact("microsoft", service);
  }
  const grant: Grant = {
    principal: null,
    scopes: [role.slice(0, 512)],
    consent: "admin",
    grantedBy: null,
    at: null,
  };
  return [automationFact("microsoft", service, ref, { grants: [grant] })];
}

function user(raw: Raw, service: string): StateFact[] {
  const upn = text(raw.userPrincipalName, 320)?.toLowerCase() ?? null;
  const objectId = idOf(raw.id);
  const id = upn ?? objectId;
  if (id === null) return otherFact("microsoft", service);
  const mail = text(raw.mail, 320)?.toLowerCase() ?? null;
  const type = text(raw.userType, 32)?.toLowerCase() ?? null;
  return [
    {
      type: "person",
      platform: "microsoft",
      service,
      id,
      aliases: [objectId, mail].filter((alias) => alias !== null && alias !== id).map(String),
      name: text(raw.displayName, 512),
      isAdmin: null,
      isGuest: type === null ? (upn?.includes("#ext#") === true ? true : null) : type === "guest",
      isActive: bool(raw.accountEnabled),
    },
  ];
}

/** Agents and apps in the Copilot catalogue; ids stand in audit records as they are. */
function copilotPackage(raw: Raw, service: string): StateFact[] {
  const id = text(raw.id, 256);
  if (id === null) return otherFact("microsoft", service);
  const elements = texts(raw.elementTypes, 32).join(" ");
  const kind: AutomationKind =
    elements === "" || /copilot|agent/i.test(elements)
      ? "ai_agent"
      : /bot/i.test(elements)
        ? "bot"
        : "oauth_app";
  const type = text(raw.type, 64)?.toLowerCase() ?? "";
  const aliases = [idOf(raw.appId), idOf(raw.manifestId), idOf(raw.assetId)];
  const owner = idOf(raw.ownerId);
  const reach = text(raw.deployedTo ?? raw.availableTo, 32)?.toLowerCase() ?? "none";
  return [
    automationFact(
      "microsoft",
      service,
      automationRef(kind, id, {
        name: text(raw.displayName, 512),
        aliases: [...new Set(aliases)]
          .filter((alias) => alias !== null && alias !== id)
          .map(String),
        publisher: text(raw.publisher, 512),
        isInternal: type === "" ? null : type === "shared" || type === "custom",
      }),
      {
        owners:
          owner === null
            ? []
            : [
                {
                  principal: owner,
                  evidence: "owner of the agent in the Copilot catalogue",
                  confidence: 0.9,
                },
              ],
        grants: reach === "none" ? [] : [wide(reach === "all" ? "tenant" : "admin")],
        createdAt: parseTime(raw.createdDateTime),
        isEnabled: negated(bool(raw.isBlocked)),
      },
    ),
  ];
}

function wide(consent: Consent): Grant {
  return { principal: null, scopes: [], consent, grantedBy: null, at: null };
}

function teamsApp(raw: Raw, service: string): StateFact[] {
  const definition = object(list(raw.appDefinitions).at(-1));
  const botId = idOf(object(definition.bot).id);
  const ids = [idOf(definition.azureADAppId), idOf(raw.externalId), idOf(raw.id), botId].filter(
    (id) => id !== null,
  );
  const [native, ...aliases] = [...new Set(ids)];
  if (native === undefined) return otherFact("microsoft", service);
  const mode = text(raw.distributionMethod, 64)?.toLowerCase() ?? "";
  const isInternal = mode === "organization" || mode === "sideloaded";
  return [
    automationFact(
      "microsoft",
      service,
      automationRef(botId === null ? "oauth_app" : "bot", native, {
        name: text(raw.displayName, 512),
        aliases,
        isVerified: mode === "store" ? true : null,
        isInternal,
      }),
      {
        owners: ownersOf(
          object(definition.createdBy).user,
          "published the app to the Teams catalogue",
          0.7,
        ),
        grants: rscGrants(definition),
      },
    ),
  ];
}

/** Resource-specific permissions that a Teams app asks for in its manifest hold wherever it is installed. */
function rscGrants(definition: Raw): Grant[] {
  const permissions = object(
    object(definition.authorization).requiredPermissionSet,
  ).resourceSpecificPermissions;
  const scopes: string[] = [];
  for (const permission of list(permissions).slice(0, 256)) {
    const name = text(object(permission).permissionValue, 512);
    if (name !== null) scopes.push(name);
  }
  return scopes.length === 0 ? [] : [{ ...wide("unknown"), scopes }];
}

/** A flow of the admin call: its connections are what it can reach. */
function flow(raw: Raw, service: string): StateFact[] {
  const inner = object(raw.properties);
  const id = firstText(raw.name, inner.name)?.toLowerCase().slice(0, 512) ?? null;
  if (id === null) return otherFact("microsoft", service);
  const creator = object(inner.creator);
  const owner = firstId(creator.userPrincipalName, creator.objectId, creator.userId);
  return [
    flowFact(service, id, {
      name: text(inner.displayName, 512),
      owner,
      connectors: connectorsOf(inner),
      createdAt: parseTime(inner.createdTime),
      isEnabled: stateOf(text(inner.state, 32)),
    }),
  ];
}

function cloudFlow(raw: Raw, service: string): StateFact[] {
  const id = idOf(raw.resourceId ?? raw.workflowId);
  if (id === null) return otherFact("microsoft", service);
  const fact = flowFact(service, id, {
    name: text(raw.name, 512),
    owner: firstId(raw.ownerId, raw.createdBy),
    connectors: [],
    createdAt: parseTime(raw.createdOn),
    isEnabled: stateOf(text(raw.stateCode, 32)),
  });
  const other = idOf(raw.workflowId);
  if (other !== null && other !== id) fact.automation.aliases.push(other);
  return [fact];
}

interface Flow {
  name: string | null;
  owner: string | null;
  connectors: string[];
  createdAt: number | null;
  isEnabled: boolean | null;
}

function flowFact(service: string, id: string, flow: Flow): AutomationFact {
  return automationFact(
    "microsoft",
    service,
    automationRef("workflow", id, { name: flow.name, isInternal: true }),
    {
      owners:
        flow.owner === null
          ? []
          : [
              {
                principal: flow.owner,
                evidence: "made the flow in Power Automate",
                confidence: 0.8,
              },
            ],
      grants:
        flow.connectors.length === 0
          ? []
          : [
              {
                principal: flow.owner,
                scopes: flow.connectors,
                consent: "user",
                grantedBy: flow.owner,
                at: null,
              },
            ],
      createdAt: flow.createdAt,
      isEnabled: flow.isEnabled,
    },
  );
}

/** `connectionReferences` is an object or a list; triggers and actions name their APIs as well. */
function connectorsOf(inner: Raw): string[] {
  const found = new Set<string>();
  const references = inner.connectionReferences;
  const values = isObject(references) ? Object.values(references) : list(references);
  for (const reference of values.slice(0, 256)) {
    const given = object(reference);
    const id = firstText(
      given.id,
      object(given.api).name,
      given.apiName,
      object(given.apiDefinition).name,
    );
    if (id !== null) found.add(`connector:${id.slice(id.lastIndexOf("/") + 1)}`.slice(0, 512));
  }
  const summary = object(inner.definitionSummary);
  for (const step of [...list(summary.triggers), ...list(summary.actions)].slice(0, 512)) {
    const type = text(object(step).type, 64);
    if (type !== null && /^(Http|HttpWebhook|Request)$/i.test(type))
      found.add(`connector:${type.toLowerCase()}`);
  }
  return [...found];
}

function stateOf(state: string | null): boolean | null {
  if (state === null) return null;
  if (/^(started|activated|1)$/i.test(state)) return true;
  return /^(stopped|suspended|draft|0|2)$/i.test(state) ? false : null;
}

/** Copilot Studio agents as advanced hunting lists them. */
function studioAgent(raw: Raw, service: string): StateFact[] {
  const id = idOf(raw.AIAgentId);
  if (id === null) return otherFact("microsoft", service);
  const owners = texts(
    typeof raw.OwnerAccountUpns === "string"
      ? raw.OwnerAccountUpns.replace(/[[\]";]/g, " ")
      : raw.OwnerAccountUpns,
    32,
  );
  const claims: OwnerClaim[] = owners.map((owner) => ({
    principal: owner.toLowerCase().slice(0, 512),
    evidence: "owner of the agent in Copilot Studio",
    confidence: 0.9,
  }));
  const creator = text(raw.CreatorAccountUpn, 320)?.toLowerCase() ?? null;
  if (creator !== null && !owners.includes(creator)) {
    claims.push({
      principal: creator,
      evidence: "made the agent in Copilot Studio",
      confidence: 0.7,
    });
  }
  const status = text(raw.AgentStatus, 64)?.toLowerCase() ?? null;
  return [
    automationFact(
      "microsoft",
      service,
      automationRef("ai_agent", id, { name: text(raw.AIAgentName, 512), isInternal: true }),
      {
        owners: claims,
        createdAt: parseTime(raw.AgentCreationTime),
        isEnabled: status === null ? null : !/deleted|blocked|disabled/.test(status),
      },
    ),
  ];
}

/** OAuth apps as Defender for Cloud Apps lists them, with permissions as JSON in text. */
function oauthApp(raw: Raw, service: string): StateFact[] {
  const tenant = idOf(raw.AppOwnerTenantId);
  const publisher = isObject(raw.VerifiedPublisher)
    ? raw.VerifiedPublisher
    : object(nested(raw.VerifiedPublisher));
  const ref = appRef("oauth_app", idOf(raw.OAuthAppId), idOf(raw.ServicePrincipalId), {
    name: text(raw.AppName, 512),
    publisher: text(publisher.displayName, 512) ?? publisherOf(tenant),
    isVerified: "VerifiedPublisher" in raw ? text(publisher.verifiedPublisherId) !== null : null,
    isInternal: /internal/i.test(text(raw.AppOrigin, 32) ?? "")
      ? true
      : text(raw.AppOrigin) === null
        ? null
        : false,
    ownerTenantId: tenant?.slice(0, 128) ?? null,
  });
  if (ref === null) return otherFact("microsoft", service);
  const scopes: string[] = [];
  for (const permission of list(
    typeof raw.Permissions === "string" ? nested(raw.Permissions) : raw.Permissions,
  ).slice(0, 2_048)) {
    const name = text(isObject(permission) ? permission.PermissionValue : permission, 512);
    if (name !== null) scopes.push(name);
  }
  const isAdmin = bool(raw.IsAdminConsented);
  return [
    automationFact("microsoft", service, ref, {
      grants:
        scopes.length === 0
          ? []
          : [
              {
                ...wide(isAdmin === true ? "tenant" : isAdmin === false ? "user" : "unknown"),
                scopes,
              },
            ],
      createdAt: parseTime(raw.AddedOnTime),
      lastUsedAt: parseTime(raw.LastUsedTime),
      isEnabled: /enabled/i.test(text(raw.AppStatus, 32) ?? "")
        ? true
        : /disabled|deleted/i.test(text(raw.AppStatus, 32) ?? "")
          ? false
          : null,
    }),
  ];
}
