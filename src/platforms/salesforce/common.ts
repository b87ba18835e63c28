/** What all Salesforce shapes share: ids of 15 and 18 characters, people, connected apps, addresses. */

import { firstText, number, text } from "#base/raw.ts";
import { type AutomationRef, automationRef } from "#contract/automation.ts";
import { type Actor, person } from "#contract/event.ts";

/** A Salesforce id is 15 characters, or the same 15 and a checksum of 3; logs mix both. */
export function idAliases(id: string): string[] {
  return /^[a-zA-Z0-9]{18}$/.test(id) ? [id.slice(0, 15)] : [];
}

/** The person of a record: the user name, which has the form of an e-mail address, or else the id. */
export function user(name: unknown, longId: unknown, shortId: unknown): Actor {
  const login = text(name, 256);
  const isLogin = login?.includes("@") === true;
  const long = text(longId, 64);
  const native = long ?? text(shortId, 64);
  const actor = person(isLogin ? login : null, native, { name: isLogin ? null : login });
  const short = long === null ? null : text(shortId, 64);
  if (short === null || short === actor.id || actor.aliases.includes(short)) return actor;
  return { ...actor, aliases: [...actor.aliases, short] };
}

/** Words that logs write where there is no client. */
const NO_CLIENT = /^(n\/?a|null|none|unknown|browser|-)$/i;

/** The connected app or named API client that made a call; null where the record names none. */
export function client(appId: unknown, ...names: readonly unknown[]): AutomationRef | null {
  const id = word(appId);
  let name: string | null = null;
  for (const candidate of names) {
    name = word(candidate);
    if (name !== null) break;
  }
  if (id !== null) return automationRef("oauth_app", id, { name, aliases: idAliases(id) });
  return name === null ? null : automationRef("oauth_app", name, { name });
}

function word(value: unknown): string | null {
  const found = text(value, 512);
  return found === null || NO_CLIENT.test(found) ? null : found;
}

/** An IP address; Salesforce writes "Salesforce.com IP" for its own, and IPv6 without colons in some streams. */
export function address(...values: readonly unknown[]): string | null {
  const found = firstText(...values);
  if (found === null || found.length > 64) return null;
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(found)) return found;
  if (found.includes(":") && /^[0-9a-f:.]+$/i.test(found)) return found.toLowerCase();
  if (/^[0-9a-f]{32}$/i.test(found)) {
    return (found.toLowerCase().match(/.{4}/g) ?? []).join(":");
  }
  return null;
}

/** A user agent; log files hold a number code in its place. */
export function agent(...values: readonly unknown[]): string | null {
  for (const value of values) {
    const found = text(value, 512);
    if (found !== null && !NO_CLIENT.test(found) && !/^\d+$/.test(found)) return found;
  }
  return null;
}

/** A size in bytes; -1 and everything else that is no size is 0. */
export function size(value: unknown): number {
  const found = number(value);
  return found !== null && found > 0 ? found : 0;
}
