/** The token log: which person let which OAuth client in, and what the client called. Also the log of access decisions. */

import { bool, number, object } from "#base/raw.ts";
import { change } from "#contract/event.ts";
import { classifyMethod, mailSettingOf } from "./actions.ts";
import type { Entry } from "./activity.ts";
import { all, type Params, param, paramsOf, scopesOf } from "./params.ts";
import type { Reader, Reading } from "./reading.ts";
import { targetOf } from "./reading.ts";
import { clientRef, grantedRef, serviceAccountRef } from "./refs.ts";

export const tokenLog: Reader = (entry, _activity, actor) => {
  const { name, params } = entry;
  if (name === "activity") return apiCall(entry);
  const scopes = grantedScopes(params);
  const client = grantedRef(param(params, "client_id"), param(params, "app_name"), scopes);
  const shared = {
    subject: client,
    target: client === null ? null : targetOf("app", client.nativeId, client.name),
    bytes: bytesOf(params),
  };
  if (name === "revoke") {
    const revoked = change("revoked", { scopes, principal: actor.id || null });
    return { ...shared, class: "revoke", change: revoked };
  }
  if (name === "deny" || name === "request") {
    const kind = name === "request" ? "requested" : "restricted";
    return {
      ...shared,
      class: "consent",
      outcome: name === "deny" ? "denied" : "unknown",
      change: change(kind, { scopes, principal: actor.id || null }),
    };
  }
  // A service account in this log was not let in by the person: it took her identity by domain-wide delegation.
  const isDelegated = client?.kind === "service_account";
  return {
    ...shared,
    class: "consent",
    ...(isDelegated ? { automation: client } : {}),
    traits: {
      on_behalf: isDelegated,
      // Clients of devices without a keyboard are let in by a code that the person types elsewhere.
      device_code: /DEVICE$/.test(param(params, "client_type") ?? ""),
    },
    change: change("granted", {
      scopes,
      consent: isDelegated ? "admin" : "user",
      principal: actor.id || null,
      detail: isDelegated ? "domain-wide delegation" : param(params, "client_type"),
    }),
  };
};

/** `scope` lists them; `scope_data` repeats them with their product, and sometimes stands alone. */
function grantedScopes(params: Params): string[] {
  const listed = scopesOf(params.get("scope"));
  if (listed.length > 0) return listed;
  const found: string[] = [];
  const data = params.get("scope_data");
  for (const item of Array.isArray(data) ? data : []) {
    const inner = item !== null && typeof item === "object" ? item.parameter : null;
    const scope = param(paramsOf(inner ?? item), "scope_name");
    if (scope !== null && found.length < 2_048) found.push(scope);
  }
  return found;
}

/** One API call of a client. Its method tells what it did; there is no word about what it touched. */
function apiCall({ params }: Entry): Reading {
  const method = param(params, "method_name");
  const api = param(params, "api_name");
  const setting = mailSettingOf(method);
  return {
    class: classifyMethod(api, method),
    automation: clientRef(param(params, "client_id"), param(params, "app_name")),
    target: targetOf("api", method ?? api, api),
    bytes: bytesOf(params),
    ...(setting === null ? {} : { change: change(setting, { detail: method }) }),
  };
}

function bytesOf(params: Params): number {
  return Math.max(0, number(param(params, "num_response_bytes")) ?? 0);
}

/** The access evaluation log: which client or service account got a token for whom, and by which setting. */
export const accessEvaluation: Reader = ({ name, params }, activity, actor) => {
  const app = object(activity.actor.applicationInfo);
  const account = serviceAccountRef(param(params, "service_account"), null, [
    bool(app.impersonation) === true ? app.oauthClientId : null,
  ]);
  const client = clientRef(param(params, "client_id", "app_id"), param(params, "app_name"));
  const scopes = all(params, "scopes_requested", 2_048);
  return {
    class: "sign_in",
    ...(account === null && client === null ? {} : { automation: account ?? client }),
    target: targetOf("user", actor.id || null, scopes[0] ?? null),
    traits: { on_behalf: account !== null && actor.kind === "person" },
    outcome: name.startsWith("deny") ? "denied" : "success",
  };
};
