/** Google's automations as records name them: OAuth clients, service accounts, scripts, AI agents. */

import { isObject, object, type Raw, text } from "#base/raw.ts";
import { type AutomationKind, type AutomationRef, automationRef } from "#contract/automation.ts";
import { type Actor, machine, person, UNKNOWN_ACTOR } from "#contract/event.ts";
import { lower } from "./params.ts";

const CLIENT_SUFFIX = ".apps.googleusercontent.com";

/** Scopes that only code running in Apps Script can hold; their client is a script's default project. */
const SCRIPT_SCOPES: ReadonlySet<string> = new Set([
  "https://www.googleapis.com/auth/script.external_request",
  "https://www.googleapis.com/auth/script.scriptapp",
  "https://www.googleapis.com/auth/script.storage",
  "https://www.googleapis.com/auth/script.send_mail",
  "https://www.googleapis.com/auth/script.container.ui",
  "https://www.googleapis.com/auth/script.locale",
]);

/** Google writes this number where an actor has no profile. */
const NO_PROFILE = "105250506097979753968";

/**
 * An OAuth client by its client id. Numbers of 18 digits and more are service accounts (domain-wide delegation names
 * them so); shorter ones are Cloud projects, as Drive's originating_app_id and the Marketplace write an application.
 * The project number is the head of every client id, so it ties the three together as an alias.
 */
export function clientRef(id: unknown, name: unknown = null): AutomationRef | null {
  const shown = text(name, 256);
  const nativeId = lower(id) ?? shown;
  if (nativeId === null) return null;
  if (isServiceAccount(nativeId)) {
    return automationRef("service_account", nativeId, { name: shown });
  }
  const project = projectOf(nativeId);
  return automationRef("oauth_app", nativeId, {
    name: shown,
    aliases: project === null ? [] : [project],
  });
}

/** An application by the number of its Cloud project, which is all that Drive says of it. */
export function projectRef(id: unknown): AutomationRef | null {
  const nativeId = lower(id);
  return nativeId === null ? null : automationRef("oauth_app", nativeId);
}

/** A client with the scopes that it was given; they tell whether it is a script. */
export function grantedRef(
  id: unknown,
  name: unknown,
  scopes: readonly string[],
): AutomationRef | null {
  const ref = clientRef(id, name);
  if (ref?.kind === "oauth_app" && scopes.some((scope) => SCRIPT_SCOPES.has(scope))) {
    ref.kind = "script";
  }
  return ref;
}

/** The Cloud project number in front of a client id; null where there is none that could tell apps apart. */
function projectOf(clientId: string): string | null {
  if (!clientId.endsWith(CLIENT_SUFFIX)) return null;
  let end = 0;
  while (end < clientId.length && isDigit(clientId.charCodeAt(end))) end++;
  const next = clientId[end];
  return end >= 8 && (next === "-" || next === ".") ? clientId.slice(0, end) : null;
}

function isServiceAccount(id: string): boolean {
  if (id.endsWith("gserviceaccount.com")) return true;
  if (id.length < 18 || id.length > 24) return false;
  for (let at = 0; at < id.length; at++) if (!isDigit(id.charCodeAt(at))) return false;
  return true;
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

export function serviceAccountRef(
  id: unknown,
  name: unknown = null,
  aliases: readonly unknown[] = [],
): AutomationRef | null {
  const nativeId = lower(id);
  if (nativeId === null) return null;
  const others = aliases.map(lower).filter((alias) => alias !== null && alias !== nativeId);
  return automationRef("service_account", nativeId, {
    name: text(name, 256),
    aliases: others.slice(0, 16).map(String),
  });
}

/** A script by its Drive file or script id, else by its name. Ids of Drive are case-sensitive. */
export function scriptRef(id: unknown, name: unknown = null): AutomationRef | null {
  const nativeId = text(id, 512) ?? text(name, 256);
  return nativeId === null
    ? null
    : automationRef("script", nativeId, { name: text(name, 256), isInternal: null });
}

/** Who acted. Service accounts and API keys are no persons, also where Google gives them an e-mail address. */
export function actorOf(raw: Raw): Actor {
  const email = lower(raw.email);
  const profile = text(raw.profileId, 128);
  const nativeId = profile === NO_PROFILE ? null : profile;
  if (email?.endsWith("gserviceaccount.com")) {
    return { ...machine(email, null), aliases: nativeId === null ? [] : [nativeId] };
  }
  if (email !== null || (nativeId !== null && raw.callerType !== "KEY")) {
    return person(email, nativeId);
  }
  const key = lower(raw.key);
  if (key === "system") return machine("google", "Google", "system");
  return key === null ? UNKNOWN_ACTOR : machine(key, null);
}

/** The automation that the actor block names: an AI agent, a service account, or the OAuth client that was used. */
export function actingRef(raw: Raw, actor: Actor): AutomationRef | null {
  const agent = object(raw.agentAttributionInfo);
  const agentId = text(agent.agentId, 512) ?? text(agent.agentName, 256);
  if (agentId !== null) {
    return automationRef("ai_agent", agentId, { name: text(agent.agentName, 256) });
  }
  if (actor.kind === "automation") {
    return automationRef("service_account", actor.id, { name: actor.name, aliases: actor.aliases });
  }
  if (!isObject(raw.applicationInfo)) return null;
  return clientRef(raw.applicationInfo.oauthClientId, raw.applicationInfo.applicationName);
}

/** What the record calls an agent's action is one, whichever client carried it. */
export function agentic(ref: AutomationRef | null): AutomationRef {
  if (ref === null) {
    return automationRef("ai_agent", "unnamed-agent", { name: "Unnamed AI agent" });
  }
  const kind: AutomationKind = "ai_agent";
  return ref.kind === kind ? ref : { ...ref, kind };
}

/** Gemini in Workspace: one agent, whatever app it is asked in. */
export function geminiRef(): AutomationRef {
  return automationRef("ai_agent", "gemini", { name: "Gemini", publisher: "Google" });
}
