/** Records of Entra's audit log in Graph's shape: consents, credentials, owners, roles, policies, people. */

import type { Prng } from "#base/prng.ts";
import { type Company, freshGuid, type Person } from "#simulator/company.ts";
import type { Emission, Fields } from "#simulator/stage.ts";
import {
  type App,
  emission,
  GRAPH,
  hex,
  isoTime,
  type Place,
  type Resource,
  resourceObject,
} from "./common.ts";
import { unifiedTwin } from "./unified.ts";

/** Who changes the directory: a person at some place, or an app by itself. */
export type Author =
  | { readonly person: Person; readonly place: Place }
  | { readonly app: App; readonly place: Place };

export interface Change {
  readonly activity: string;
  readonly category: string;
  readonly operation: string;
  readonly targets: readonly Fields[];
  /** Client id of the app that is the target. */
  readonly appId?: string;
  readonly result?: "success" | "failure";
  readonly reason?: string;
  readonly loggedBy?: string;
}

export function directoryAudit(
  company: Company,
  rng: Prng,
  at: number,
  by: Author,
  change: Change,
): Emission {
  const correlationId = freshGuid(rng);
  const details: Fields[] = [{ key: "User-Agent", value: by.place.userAgent }];
  if (change.appId !== undefined) details.push({ key: "AppId", value: change.appId });
  return emission(at, "entra:AuditLogs", {
    id: `Directory_${correlationId}_${hex(rng, 5).toUpperCase()}_${rng.int(10_000_000, 99_999_999)}`,
    category: change.category,
    correlationId,
    result: change.result ?? "success",
    resultReason: change.reason ?? "",
    activityDisplayName: change.activity,
    activityDateTime: isoTime(at),
    loggedByService: change.loggedBy ?? "Core Directory",
    operationType: change.operation,
    initiatedBy: initiator(by),
    targetResources: change.targets,
    additionalDetails: details,
    tenantId: company.entraTenantId,
  });
}

function initiator(by: Author): Fields {
  if ("app" in by) {
    return {
      user: null,
      app: {
        appId: by.app.appId,
        displayName: by.app.name,
        servicePrincipalId: by.app.objectId,
        servicePrincipalName: null,
      },
    };
  }
  return {
    user: {
      id: by.person.entraId,
      displayName: by.person.name,
      userPrincipalName: by.person.email,
      ipAddress: by.place.ip,
      userType: null,
      homeTenantId: null,
      homeTenantName: null,
    },
    app: null,
  };
}

export function target(type: string, id: string, name: string, properties: Fields[]): Fields {
  return {
    id,
    displayName: name,
    type,
    userPrincipalName: null,
    groupType: null,
    modifiedProperties: properties,
  };
}

export function userTarget(person: Person, properties: Fields[] = []): Fields {
  return {
    ...target("User", person.entraId, person.name, properties),
    userPrincipalName: person.email,
  };
}

export function property(displayName: string, oldValue: unknown, newValue: unknown): Fields {
  return {
    displayName,
    oldValue: oldValue === null ? null : JSON.stringify(oldValue),
    newValue: newValue === null ? null : JSON.stringify(newValue),
  };
}

export interface Consent {
  readonly scopes: readonly string[];
  /** Null for the whole tenant. */
  readonly person: Person | null;
  readonly isAdmin: boolean;
  readonly resource?: Resource;
  /** The app is already in the directory. */
  readonly isKnown?: boolean;
}

/** What the directory writes when somebody consents: the principal appears, then the grant, then the consent itself. */
export function consent(
  company: Company,
  rng: Prng,
  at: number,
  by: Author,
  app: App,
  given: Consent,
): Emission[] {
  const type = given.person === null ? "AllPrincipals" : "Principal";
  const scopes = given.scopes.join(" ");
  const resource = given.resource ?? GRAPH;
  const api = resourceObject(company, resource);
  const written = `[] => [[Id: ${hex(rng, 22)}, ClientId: ${app.objectId}, PrincipalId: ${given.person?.entraId ?? ""}, ResourceId: ${api}, ConsentType: ${type}, Scope: ${scopes}, CreatedDateTime: , LastModifiedDateTime ]]`;
  const category = "ApplicationManagement";
  const properties = [
    property("ConsentContext.IsAdminConsent", null, given.isAdmin ? "True" : "False"),
    property("ConsentContext.IsAppOnly", null, "False"),
    property("ConsentContext.OnBehalfOfAll", null, given.person === null ? "True" : "False"),
    property("ConsentContext.Tags", null, "WindowsAzureActiveDirectoryIntegratedApp"),
    property("ConsentAction.Permissions", null, written),
    property("TargetId.ServicePrincipalNames", null, app.appId),
  ];
  const records = given.isKnown === true ? [] : [principalAdded(company, rng, at, by, app)];
  records.push(
    directoryAudit(company, rng, at + 400, by, {
      activity: "Add delegated permission grant",
      category,
      operation: "Assign",
      targets: [
        target("ServicePrincipal", api, resource.name, [
          property("DelegatedPermissionGrant.Scope", null, ` ${scopes}`),
          property("DelegatedPermissionGrant.ConsentType", null, type),
          property("ServicePrincipal.ObjectID", null, app.objectId),
          property("ServicePrincipal.DisplayName", null, app.name),
          property("ServicePrincipal.AppId", null, app.appId),
          property("ServicePrincipal.Name", null, app.appId),
        ]),
        target("ServicePrincipal", app.objectId, app.name, []),
      ],
      appId: app.appId,
    }),
    directoryAudit(company, rng, at + 700, by, {
      activity: "Consent to application",
      category,
      operation: "Assign",
      targets: [target("ServicePrincipal", app.objectId, app.name, properties)],
      appId: app.appId,
    }),
  );
  if ("person" in by) {
    records.push(
      unifiedTwin(company, rng, at + 700, by.person, by.place, {
        operation: "Consent to application.",
        category,
        app,
        properties,
      }),
    );
  }
  return records;
}

/** A registration made in this tenant. */
export function applicationAdded(
  company: Company,
  rng: Prng,
  at: number,
  by: Author,
  app: App,
): Emission {
  return directoryAudit(company, rng, at, by, {
    activity: "Add application",
    category: "ApplicationManagement",
    operation: "Add",
    targets: [
      target("Application", registrationId(app), app.name, [
        property("AppId", [], [app.appId]),
        property("AvailableToOtherTenants", [], [false]),
        property("DisplayName", [], [app.name]),
        property(
          "Included Updated Properties",
          null,
          "AppId, AvailableToOtherTenants, DisplayName",
        ),
      ]),
    ],
    appId: app.appId,
  });
}

export function principalAdded(
  company: Company,
  rng: Prng,
  at: number,
  by: Author,
  app: App,
): Emission {
  return directoryAudit(company, rng, at, by, {
    activity: "Add service principal",
    category: "ApplicationManagement",
    operation: "Add",
    targets: [
      target("ServicePrincipal", app.objectId, app.name, [
        property("AccountEnabled", [], [true]),
        property(
          "AppAddress",
          [],
          [{ AddressType: 0, Address: `https://${app.host}/auth`, ReplyAddressClientType: 1 }],
        ),
        property("AppPrincipalId", [], [app.appId]),
        property("DisplayName", [], [app.name]),
        property("ServicePrincipalName", [], [app.appId]),
        property("TargetId.ServicePrincipalNames", null, app.appId),
      ]),
    ],
    appId: app.appId,
  });
}

/** An application permission given to an app. */
export function roleGranted(
  company: Company,
  rng: Prng,
  at: number,
  by: Author,
  app: App,
  role: string,
  resource = GRAPH,
): Emission {
  return directoryAudit(company, rng, at, by, {
    activity: "Add app role assignment to service principal",
    category: "ApplicationManagement",
    operation: "Assign",
    targets: [
      target("ServicePrincipal", resourceObject(company, resource), resource.name, [
        property("AppRole.Id", null, hex(rng, 32)),
        property("AppRole.Value", null, role),
        property("AppRole.DisplayName", null, role),
        property("AppRoleAssignment.CreatedDateTime", null, isoTime(at)),
        property("ServicePrincipal.ObjectID", null, app.objectId),
        property("ServicePrincipal.DisplayName", null, app.name),
        property("ServicePrincipal.AppId", null, app.appId),
        property("ServicePrincipal.Name", null, app.appId),
        property("TargetId.ServicePrincipalNames", null, resource.appId),
      ]),
      target("ServicePrincipal", app.objectId, app.name, []),
    ],
    appId: resource.appId,
  });
}

/** The registration's object: another id than its service principal's. */
export function registrationId(app: App): string {
  return `${app.objectId.slice(0, 24)}${app.appId.slice(24)}`;
}

export interface NewKey {
  readonly keyId: string;
  readonly type: "Password" | "AsymmetricX509Cert";
  readonly label: string;
  /** False where the old one is replaced by it. */
  readonly isBeside: boolean;
}

/** A secret or certificate put on the registration. */
export function keyAdded(
  company: Company,
  rng: Prng,
  at: number,
  by: Author,
  app: App,
  key: NewKey,
): Emission[] {
  const old = `[KeyIdentifier=${app.keyId},KeyType=Password,KeyUsage=Verify,DisplayName=main]`;
  const added = `[KeyIdentifier=${key.keyId},KeyType=${key.type},KeyUsage=Verify,DisplayName=${key.label}]`;
  const now = key.isBeside ? [old, added] : [added];
  return [
    directoryAudit(company, rng, at, by, {
      activity: "Update application \u2013 Certificates and secrets management",
      category: "ApplicationManagement",
      operation: "Update",
      targets: [
        target("Application", registrationId(app), app.name, [
          property("KeyDescription", [old], now),
          property("Included Updated Properties", null, "KeyDescription"),
        ]),
      ],
      appId: app.appId,
    }),
  ];
}

export function keyRemoved(
  company: Company,
  rng: Prng,
  at: number,
  by: Author,
  app: App,
  keyId: string,
): Emission {
  const kept = `[KeyIdentifier=${keyId},KeyType=Password,KeyUsage=Verify,DisplayName=main]`;
  const old = `[KeyIdentifier=${app.keyId},KeyType=Password,KeyUsage=Verify,DisplayName=main]`;
  return directoryAudit(company, rng, at, by, {
    activity: "Update application \u2013 Certificates and secrets management",
    category: "ApplicationManagement",
    operation: "Update",
    targets: [
      target("Application", registrationId(app), app.name, [
        property("KeyDescription", [old, kept], [kept]),
        property("Included Updated Properties", null, "KeyDescription"),
      ]),
    ],
    appId: app.appId,
  });
}

/** A credential put on the service principal itself, which the registration's owner never sees. */
export function principalKeyAdded(
  company: Company,
  rng: Prng,
  at: number,
  by: Author,
  app: App,
  key: NewKey,
): Emission {
  const added = `[KeyIdentifier=${key.keyId},KeyType=${key.type},KeyUsage=Verify,DisplayName=${key.label}]`;
  return directoryAudit(company, rng, at, by, {
    activity: "Add service principal credentials",
    category: "ApplicationManagement",
    operation: "Update",
    targets: [
      target("ServicePrincipal", app.objectId, app.name, [
        property("KeyDescription", [], [added]),
        property("Included Updated Properties", null, "KeyDescription"),
        property("TargetId.ServicePrincipalNames", null, app.appId),
      ]),
    ],
    appId: app.appId,
  });
}

export function federationAdded(
  company: Company,
  rng: Prng,
  at: number,
  by: Author,
  app: App,
  issuer: string,
  subject: string,
): Emission {
  const credential = {
    Name: `fic-${hex(rng, 6)}`,
    Issuer: issuer,
    Subject: subject,
    Id: freshGuid(rng),
    Audiences: ["api://AzureADTokenExchange"],
  };
  return directoryAudit(company, rng, at, by, {
    activity: "Update application",
    category: "ApplicationManagement",
    operation: "Update",
    targets: [
      target("Application", registrationId(app), app.name, [
        property("FederatedIdentityCredentials", [], [JSON.stringify(credential)]),
        property("Included Updated Properties", null, "FederatedIdentityCredentials"),
      ]),
    ],
    appId: app.appId,
  });
}

export function ownerAdded(
  company: Company,
  rng: Prng,
  at: number,
  by: Author,
  app: App,
  owner: Person,
): Emission {
  return directoryAudit(company, rng, at, by, {
    activity: "Add owner to application",
    category: "ApplicationManagement",
    operation: "Assign",
    targets: [
      userTarget(owner, [
        property("Application.ObjectID", null, registrationId(app)),
        property("Application.DisplayName", null, app.name),
        property("Application.AppId", null, app.appId),
      ]),
      target("Application", registrationId(app), app.name, []),
    ],
  });
}

export interface Role {
  readonly name: string;
  readonly template: string;
}

export const ROLES = {
  global: { name: "Global Administrator", template: "62e90394-69f5-4237-9190-012177145e10" },
  application: {
    name: "Application Administrator",
    template: "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
  },
  helpdesk: { name: "Helpdesk Administrator", template: "729827e3-9c14-49f7-bb1b-9608f156bbb8" },
  reader: { name: "Global Reader", template: "f2ef992c-3afb-46b9-b7cf-a126ee74c451" },
  privileged: {
    name: "Privileged Role Administrator",
    template: "e8611ab8-c189-46e8-94e1-60213ab1f814",
  },
} as const satisfies Record<string, Role>;

/** A directory role for a person or for an app. */
export function roleAssigned(
  company: Company,
  rng: Prng,
  at: number,
  by: Author,
  holder: Person | App,
  role: Role,
): Emission {
  const properties = [
    property("Role.ObjectID", null, freshGuid(rng)),
    property("Role.DisplayName", null, role.name),
    property("Role.TemplateId", null, role.template),
    property("Role.WellKnownObjectName", null, role.name.replaceAll(" ", "")),
  ];
  const isApp = "appId" in holder;
  return directoryAudit(company, rng, at, by, {
    activity: "Add member to role",
    category: "RoleManagement",
    operation: "Assign",
    targets: [
      isApp
        ? target("ServicePrincipal", holder.objectId, holder.name, properties)
        : userTarget(holder, properties),
      target("Role", freshGuid(rng), role.name, []),
    ],
    ...(isApp ? { appId: holder.appId } : {}),
  });
}

export function replyAdded(
  company: Company,
  rng: Prng,
  at: number,
  by: Author,
  app: App,
  url: string,
): Emission {
  const old = [{ AddressType: 0, Address: `https://${app.host}/auth`, ReplyAddressClientType: 1 }];
  return directoryAudit(company, rng, at, by, {
    activity: "Update application",
    category: "ApplicationManagement",
    operation: "Update",
    targets: [
      target("Application", registrationId(app), app.name, [
        property("AppAddress", old, [
          ...old,
          { AddressType: 0, Address: url, ReplyAddressClientType: 1 },
        ]),
        property("Included Updated Properties", null, "AppAddress"),
      ]),
    ],
    appId: app.appId,
  });
}

export function madeMultiTenant(
  company: Company,
  rng: Prng,
  at: number,
  by: Author,
  app: App,
): Emission {
  return directoryAudit(company, rng, at, by, {
    activity: "Update application",
    category: "ApplicationManagement",
    operation: "Update",
    targets: [
      target("Application", registrationId(app), app.name, [
        property("AvailableToOtherTenants", [false], [true]),
        property("Included Updated Properties", null, "AvailableToOtherTenants"),
      ]),
    ],
    appId: app.appId,
  });
}

export function policyUpdated(
  company: Company,
  rng: Prng,
  at: number,
  by: Author,
  activity: string,
  name: string,
  properties: Fields[],
): Emission {
  return directoryAudit(company, rng, at, by, {
    activity,
    category: activity.includes("authorization") ? "AuthorizationPolicy" : "Policy",
    operation: "Update",
    targets: [target("Policy", freshGuid(rng), name, properties)],
  });
}

export function userChanged(
  company: Company,
  rng: Prng,
  at: number,
  by: Author,
  whom: Person,
  what: string,
): Emission {
  return directoryAudit(company, rng, at, by, {
    activity: "Update user",
    category: "UserManagement",
    operation: "Update",
    targets: [userTarget(whom, [property("Included Updated Properties", null, what)])],
  });
}

export function memberAdded(
  company: Company,
  rng: Prng,
  at: number,
  by: Author,
  whom: Person,
  group: string,
): Emission {
  return directoryAudit(company, rng, at, by, {
    activity: "Add member to group",
    category: "GroupManagement",
    operation: "Assign",
    targets: [
      userTarget(whom, [
        property("Group.ObjectID", null, freshGuid(rng)),
        property("Group.DisplayName", null, group),
      ]),
      target("Group", freshGuid(rng), group, []),
    ],
  });
}
