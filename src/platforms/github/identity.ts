/** Who is who in GitHub records: apps by client id, app id or bot login, tokens, keys, hooks, workflows and people. */

import { hostsOf } from "#base/host.ts";
import { clip, isObject, object, type Raw, text, texts } from "#base/raw.ts";
import { type AutomationRef, automationRef } from "#contract/automation.ts";
import { type Actor, machine, person, UNKNOWN_ACTOR } from "#contract/event.ts";
import { isAgentBot, isGitHubBot } from "./actions.ts";

const ID_MAX = 512;

/** The first of several values that is text, cut to what an id or a name may be. */
export function short(...values: readonly unknown[]): string | null {
  for (const value of values) {
    const found = text(value, ID_MAX);
    if (found !== null) return found;
  }
  return null;
}

/** Bot login of a GitHub App; one app's login is its slug with this suffix. */
export function isBotLogin(login: string): boolean {
  return login.endsWith("[bot]");
}

/**
 * Bot login that GitHub gives an app of this name. GitHub makes the slug out of the name and keeps slugs unique. Names
 * beyond ASCII have no login here: a look-alike letter must not turn a stranger into a known app.
 */
export function botLoginOf(name: string): string | null {
  if (name.length > 128) return null;
  let slug = "";
  for (const letter of name.toLowerCase()) {
    const isWord = (letter >= "a" && letter <= "z") || (letter >= "0" && letter <= "9");
    if (isWord || letter === "_") slug += letter;
    else if (letter > "~") return null;
    else if (slug !== "" && !slug.endsWith("-")) slug += "-";
  }
  if (slug.endsWith("-")) slug = slug.slice(0, -1);
  return slug === "" ? null : `${slug}[bot]`;
}

/** A GitHub App out of whichever of its ids a record has; null when it has none. */
export function appRef(known: {
  clientId?: unknown;
  appId?: unknown;
  slug?: unknown;
  name?: unknown;
  urls?: readonly unknown[];
  isInternal?: boolean | null;
  publisher?: string | null;
}): AutomationRef | null {
  const name = text(known.name, ID_MAX);
  const slug = text(known.slug, 256);
  const login = slug === null ? (name === null ? null : botLoginOf(name)) : botLogin(slug);
  const ids = [text(known.clientId, 128), text(known.appId, 128), login];
  const native = firstOf(ids) ?? name;
  if (native === null) return null;
  const isOwn = login !== null && isGitHubBot(login);
  return automationRef(login !== null && isAgentBot(login) ? "ai_agent" : "oauth_app", native, {
    name: name ?? slug,
    aliases: others(ids, native),
    publisher: known.publisher ?? (slug !== null && isOwn ? "GitHub" : null),
    isInternal: known.isInternal ?? null,
    domains: hostsOf(known.urls ?? []),
  });
}

function botLogin(slug: string): string {
  return isBotLogin(slug) ? slug : `${slug}[bot]`;
}

/** The GitHub App behind a bot login; a bot without the suffix (Copilot) keeps its login. */
export function botRef(login: string, clientId: string | null = null): AutomationRef {
  const lower = login.toLowerCase();
  const slug = isBotLogin(lower) ? lower : null;
  const isOwn = isGitHubBot(lower);
  return automationRef(
    isAgentBot(lower) || lower === "copilot" ? "ai_agent" : "oauth_app",
    clientId ?? login,
    {
      name: login,
      aliases: clientId === null ? (slug === null || slug === login ? [] : [slug]) : [login],
      publisher: isOwn ? "GitHub" : null,
      isVerified: isOwn ? true : null,
    },
  );
}

/** An OAuth app by its number, else by its name. */
export function oauthAppRef(id: unknown, name: unknown, url: unknown = null): AutomationRef | null {
  const named = text(name, ID_MAX);
  const native = text(id, 128) ?? named;
  if (native === null) return null;
  return automationRef("oauth_app", native, { name: named, domains: hostsOf([url]) });
}

/** A token or key by the first of its ids; the others become aliases. */
export function keyRef(ids: readonly unknown[], name: string | null): AutomationRef | null {
  const written = ids.map((id) => text(id, 256));
  const native = firstOf(written);
  if (native === null) return null;
  return automationRef("api_key", native, { name, aliases: others(written, native) });
}

/** Requests for tokens are counted apart from tokens: the prefix keeps the two kinds of number apart. */
export function requestId(id: unknown): string | null {
  const number = text(id, 128);
  return number === null ? null : `request:${number}`;
}

function firstOf(ids: readonly (string | null)[]): string | null {
  for (const id of ids) if (id !== null) return id;
  return null;
}

function others(ids: readonly (string | null)[], native: string): string[] {
  const found: string[] = [];
  for (const id of ids) if (id !== null && id !== native && !found.includes(id)) found.push(id);
  return found;
}

/** A webhook by its number; its host is where the organization's events go. */
export function hookRef(id: unknown, name: unknown, url: unknown): AutomationRef | null {
  const native = text(id, 128) ?? text(url, ID_MAX);
  if (native === null) return null;
  const domains = hostsOf([url]);
  return automationRef("webhook", native, { name: domains[0] ?? text(name, 256), domains });
}

/** An Actions workflow by number; its file's path in the repository ties runs and lists together. */
export function workflowRef(id: unknown, name: unknown, file: string | null): AutomationRef | null {
  const native = text(id, 128) ?? file;
  if (native === null) return null;
  return automationRef("workflow", native, {
    name: text(name, 256) ?? file,
    aliases: file === null || file === native ? [] : [file],
    isInternal: true,
  });
}

/** `owner/repo/.github/workflows/x.yml` without the ref behind it. */
export function workflowFile(written: unknown): string | null {
  const path = text(written, ID_MAX);
  if (path === null) return null;
  const at = path.indexOf("@");
  return at < 0 ? path : path.slice(0, at) || null;
}

/** Permissions of an app or fine-grained token as scopes: `contents:write`. Tokens nest them by kind of resource. */
export function permissionScopes(value: unknown): string[] {
  if (Array.isArray(value) || typeof value === "string") return scopeTexts(value);
  const found: string[] = [];
  addScopes(object(value), found, 0);
  return found;
}

/** Scopes of a list or of one string, bounded as the contract wants them. */
export function scopeTexts(value: unknown): string[] {
  return texts(value).map((scope) => clip(scope, ID_MAX));
}

function addScopes(permissions: Raw, found: string[], depth: number): void {
  for (const name of Object.keys(permissions)) {
    if (found.length >= 512) return;
    const level = permissions[name];
    if (isObject(level)) {
      if (depth < 2) addScopes(level, found, depth + 1);
      continue;
    }
    const granted = text(level, 32);
    if (granted !== null) found.push(clip(`${name}:${granted}`, ID_MAX));
  }
}

/** A user object of the REST API or of a webhook. */
export function userActor(user: Raw): Actor {
  const login = text(user.login, 256);
  const id = text(user.id, 128);
  if (login === null) return id === null ? UNKNOWN_ACTOR : person(null, id);
  if (text(user.type, 32) === "Bot" || isBotLogin(login)) return machine(login, login);
  const email = text(user.email, 320);
  const who = person(email, login, { name: text(user.name, ID_MAX), isAdmin: siteAdmin(user) });
  if (id !== null) who.aliases.push(id);
  return who;
}

function siteAdmin(user: Raw): boolean | null {
  return user.site_admin === true ? true : null;
}

/** Principal of a person in grants and changes: the login, by which all lists and logs name people. */
export function loginOf(user: unknown): string | null {
  return isObject(user) ? short(user.login, user.email, user.id) : text(user, 320);
}
