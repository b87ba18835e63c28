/** Records of MicrosoftGraphActivityLogs as diagnostic settings write them. */

import type { Prng } from "#base/prng.ts";
import { type Company, freshGuid, type Person } from "#simulator/company.ts";
import type { Emission } from "#simulator/stage.ts";
import { type App, emission, isoTime, type Place, tokenAt } from "./common.ts";

export interface Call {
  readonly app: App;
  readonly place: Place;
  readonly uri: string;
  readonly bytes: number;
  readonly method?: string;
  readonly status?: number;
  /** The person in whose name the app calls; absent where it calls for itself. */
  readonly person?: Person;
  readonly sessionId?: string;
}

export function graphCall(company: Company, rng: Prng, at: number, call: Call): Emission {
  const { app, place, person } = call;
  const id = freshGuid(rng);
  const time = isoTime(at);
  const status = call.status ?? 200;
  const bytes = status < 400 ? call.bytes : 260;
  const durationMs = rng.int(20_000, 900_000);
  return emission(at, "entra:MicrosoftGraphActivityLogs", {
    time,
    resourceId: `/tenants/${company.entraTenantId}/providers/Microsoft.aadiam`,
    operationName: "Microsoft Graph Activity",
    operationVersion: "v1.0",
    category: "MicrosoftGraphActivityLogs",
    resultSignature: String(status),
    durationMs,
    callerIpAddress: place.ip,
    correlationId: id,
    level: "Informational",
    tenantId: company.entraTenantId,
    properties: {
      timeGenerated: time,
      requestId: id,
      operationId: id,
      clientRequestId: id,
      apiVersion: "v1.0",
      requestMethod: call.method ?? "GET",
      requestUri: `https://graph.microsoft.com/v1.0${call.uri}`,
      responseStatusCode: status,
      responseSizeBytes: bytes,
      durationMs,
      appId: app.appId,
      servicePrincipalId: person === undefined ? app.objectId : null,
      userId: person?.entraId ?? null,
      C_Idtyp: person === undefined ? "app" : "user",
      clientAuthMethod: person === undefined ? "1" : "0",
      roles: person === undefined ? app.roles.join(" ") : null,
      scopes: person === undefined ? null : app.scopes.join(" "),
      wids: "",
      signInActivityId: tokenAt(app, place, at),
      ...(call.sessionId === undefined ? {} : { sessionId: call.sessionId }),
      identityProvider: person === undefined ? null : "https://sts.windows.net/",
      ipAddress: place.ip,
      location: "West Europe",
      userAgent: place.userAgent,
      tenantId: company.entraTenantId,
    },
  });
}
