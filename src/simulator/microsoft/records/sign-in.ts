/** Records of Entra's four sign-in logs in Graph's shape. */

import type { Prng } from "#base/prng.ts";
import { type Company, freshGuid, type Person } from "#simulator/company.ts";
import type { Emission } from "#simulator/stage.ts";
import {
  type App,
  emission,
  GRAPH,
  isoTime,
  type Place,
  type Resource,
  resourceObject,
  tokenAt,
} from "./common.ts";

export interface SignIn {
  readonly app: App;
  readonly place: Place;
  readonly resource?: Resource;
  /** 0 is success. */
  readonly error?: number;
  readonly reason?: string;
  /** deviceCode, none … */
  readonly protocol?: string;
  readonly transfer?: string;
  readonly sessionId?: string;
  /** The device is not the company's. */
  readonly isUnmanaged?: boolean;
  /** What Identity Protection saw in it. */
  readonly risk?: string;
  readonly credential?: string;
  readonly keyId?: string;
}

/** A person signs in, by hand or through a client that renews its token. */
export function userSignIn(
  company: Company,
  rng: Prng,
  at: number,
  person: Person,
  isInteractive: boolean,
  what: SignIn,
): Emission {
  const service = isInteractive ? "entra:SignInLogs" : "entra:NonInteractiveUserSignInLogs";
  return emission(at, service, {
    ...common(company, rng, at, what),
    userDisplayName: person.name,
    userPrincipalName: person.email,
    userId: person.entraId,
    userType: person.isGuest ? "guest" : "member",
    isInteractive,
    clientAppUsed: what.place.userAgent.startsWith("Mozilla")
      ? "Browser"
      : "Mobile Apps and Desktop clients",
    signInEventTypes: [isInteractive ? "interactiveUser" : "nonInteractiveUser"],
    incomingTokenType: isInteractive ? "none" : "refreshToken",
    authenticationRequirement: isInteractive
      ? "multiFactorAuthentication"
      : "singleFactorAuthentication",
    authenticationProtocol: what.protocol ?? "none",
    originalTransferMethod: what.transfer ?? "none",
    sessionId: what.sessionId ?? freshGuid(rng),
    servicePrincipalId: "",
    servicePrincipalName: null,
    servicePrincipalCredentialKeyId: null,
    clientCredentialType: "none",
    deviceDetail: {
      deviceId: "",
      displayName: null,
      operatingSystem: what.place.userAgent.includes("Windows") ? "Windows" : "MacOs",
      browser: what.place.userAgent.includes("Chrome") ? "Chrome 138.0.0" : "Safari 18.5",
      isCompliant: what.isUnmanaged !== true,
      isManaged: what.isUnmanaged !== true,
      trustType: what.isUnmanaged === true ? null : "Azure AD joined",
    },
  });
}

/** An app, or a managed identity, signs in as itself. */
export function appSignIn(company: Company, rng: Prng, at: number, what: SignIn): Emission {
  const { app } = what;
  const type = app.isManaged ? "managedIdentity" : "servicePrincipal";
  const service = app.isManaged
    ? "entra:ManagedIdentitySignInLogs"
    : "entra:ServicePrincipalSignInLogs";
  return emission(at, service, {
    ...common(company, rng, at, what),
    userId: null,
    userPrincipalName: null,
    isInteractive: false,
    signInEventTypes: [type],
    servicePrincipalId: app.objectId,
    servicePrincipalName: app.name,
    servicePrincipalCredentialKeyId: what.keyId ?? app.keyId,
    servicePrincipalCredentialThumbprint: "",
    clientCredentialType: app.isManaged ? "managedIdentity" : (what.credential ?? "clientSecret"),
    incomingTokenType: "none",
    authenticationProtocol: "none",
    // Microsoft gives managed identities no address of their own.
    ...(app.isManaged ? { ipAddress: "", autonomousSystemNumber: null, location: null } : {}),
  });
}

function common(company: Company, rng: Prng, at: number, what: SignIn): Record<string, unknown> {
  const { app, place } = what;
  const resource = what.resource ?? GRAPH;
  const error = what.error ?? 0;
  const id = freshGuid(rng);
  return {
    id,
    createdDateTime: isoTime(at),
    appId: app.appId,
    appDisplayName: app.name,
    appOwnerTenantId: app.ownerTenant,
    ipAddress: place.ip,
    userAgent: place.userAgent,
    autonomousSystemNumber: Number(place.asn),
    correlationId: id,
    originalRequestId: id,
    uniqueTokenIdentifier: tokenAt(app, place, at),
    conditionalAccessStatus: error === 53_003 ? "failure" : error === 0 ? "success" : "notApplied",
    resourceDisplayName: resource.name,
    resourceId: resource.appId,
    resourceServicePrincipalId: resourceObject(company, resource),
    resourceTenantId: company.entraTenantId,
    homeTenantId: company.entraTenantId,
    crossTenantAccessType: "none",
    tokenIssuerType: "AzureAD",
    processingTimeInMilliseconds: rng.int(40, 420),
    riskDetail: "none",
    riskLevelAggregated: what.risk === undefined ? "none" : "medium",
    riskLevelDuringSignIn: what.risk === undefined ? "none" : "medium",
    riskState: what.risk === undefined ? "none" : "atRisk",
    riskEventTypes_v2: what.risk === undefined ? [] : [what.risk],
    flaggedForReview: false,
    status: {
      errorCode: error,
      failureReason: error === 0 ? "Other." : (what.reason ?? "The request was refused."),
      additionalDetails: null,
    },
    location: {
      city: null,
      state: null,
      countryOrRegion: place.country,
      geoCoordinates: { altitude: null, latitude: null, longitude: null },
    },
  };
}
