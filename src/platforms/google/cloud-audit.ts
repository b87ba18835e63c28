/** Google Cloud's own audit log: keys and roles of the service accounts that reach into Workspace. */

import { isObject, list, object, type Raw, text } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import type { AutomationRef } from "#contract/automation.ts";
import {
  type ActionClass,
  type AuditEvent,
  auditEvent,
  type Change,
  change,
  traitsWhere,
} from "#contract/event.ts";
import { classifyMethod } from "./actions.ts";
import { auditLog, outcomeOfCode } from "./activity.ts";
import { lower } from "./params.ts";
import { targetOf } from "./reading.ts";
import { actingRef, actorOf, serviceAccountRef } from "./refs.ts";

export function cloudAudit(raw: Raw, service: string): AuditEvent {
  const payload = auditLog(raw) ?? object(raw.protoPayload);
  const identity = object(payload.authenticationInfo);
  const request = object(payload.requestMetadata);
  const block = {
    email: identity.principalEmail,
    applicationInfo: { oauthClientId: object(identity.oauthInfo).oauthClientId },
  };
  const actor = actorOf(block);
  const method = text(payload.methodName, 256) ?? "unknown";
  const verb = method.slice(method.lastIndexOf(".") + 1);
  const resource = text(payload.resourceName, 512);
  const subject = subjectOf(payload, resource);
  const at = parseTime(raw.timestamp);
  const insertId = text(raw.insertId, 128);
  return auditEvent("google", service, method, {
    id: insertId === null ? "" : `${at ?? "-"}/${insertId}`,
    at,
    class: METHODS[verb]?.[0] ?? classifyMethod(null, method),
    actor,
    automation: actingRef(block, actor),
    subject,
    target: targetOf(text(payload.serviceName, 64) ?? "resource", resource),
    client: {
      ip: text(request.callerIp ?? request.callerIP, 64),
      asn: null,
      country: null,
      userAgent: text(request.callerSuppliedUserAgent, 512),
    },
    // The key by which a service account came in; several may be in use at once.
    session: text(identity.serviceAccountKeyName, 256),
    traits: traitsWhere({ on_behalf: list(identity.serviceAccountDelegationInfo).length > 0 }),
    outcome: outcomeOfCode(object(payload.status).code) ?? "success",
    change: changeOf(verb, method, payload),
  });
}

/** Methods whose name alone says what changed. */
const METHODS: Readonly<Record<string, readonly [ActionClass, Change["kind"] | null]>> = {
  CreateServiceAccountKey: ["credential", "credential_added"],
  UploadServiceAccountKey: ["credential", "credential_added"],
  DeleteServiceAccountKey: ["credential", "credential_removed"],
  CreateServiceAccount: ["create", "created"],
  DeleteServiceAccount: ["delete", "deleted"],
  EnableServiceAccount: ["policy", "enabled"],
  DisableServiceAccount: ["policy", "disabled"],
  CreateKey: ["credential", "credential_added"],
  GenerateAccessToken: ["credential", null],
  SignJwt: ["credential", null],
  SignBlob: ["credential", null],
  SetIamPolicy: ["role", null],
  setIamPermissions: ["role", null],
  DeleteSink: ["policy", "logging_impaired"],
  DeleteBucket: ["delete", null],
};

function changeOf(verb: string, method: string, payload: Raw): Change | null {
  if (verb === "SetIamPolicy" || verb === "setIamPermissions") return bindingChange(payload);
  if (method.includes("hmacKeys.create")) {
    return change("credential_added", { detail: "HMAC key" });
  }
  const kind = METHODS[verb]?.[1] ?? null;
  if (kind === null) return null;
  return change(kind, { detail: text(object(payload.response).name, 512) ?? verb });
}

/** The roles that a policy change gave, with whom it gave them to. */
function bindingChange(payload: Raw): Change | null {
  const data = isObject(payload.serviceData) ? payload.serviceData : object(payload.metadata);
  const deltas = list(object(data.policyDelta).bindingDeltas).map(object);
  const added = deltas.filter((delta) => delta.action !== "REMOVE").slice(0, 256);
  const picked = added.length > 0 ? added : deltas.slice(0, 256);
  const first = picked[0];
  if (first === undefined) return null;
  const roles = picked.map((delta) => text(delta.role, 512)).filter((role) => role !== null);
  const member = lower(first.member);
  return change(added.length > 0 ? "role_assigned" : "role_removed", {
    scopes: [...new Set(roles)],
    principal: member === null ? null : member.slice(member.indexOf(":") + 1),
    detail: roles[0] ?? null,
  });
}

/** The service account in the resource's name: projects/p/serviceAccounts/NAME[/keys/KEY]. */
function subjectOf(payload: Raw, resource: string | null): AutomationRef | null {
  const answer = object(payload.response);
  if (text(answer.email) !== null) {
    return serviceAccountRef(answer.email, answer.displayName ?? answer.display_name, [
      answer.uniqueId ?? answer.unique_id,
      answer.oauth2ClientId ?? answer.oauth2_client_id,
    ]);
  }
  const parts = (resource ?? "").split("/");
  const at = parts.indexOf("serviceAccounts");
  return at < 0 ? null : serviceAccountRef(parts[at + 1]);
}
