/** Ids, people and addresses as Microsoft writes them in its logs, brought to one spelling. */

import { isObject, list, text } from "#base/raw.ts";
import { type AutomationKind, type AutomationRef, automationRef } from "#contract/automation.ts";
import { type Actor, machine, person, UNKNOWN_ACTOR } from "#contract/event.ts";

/** Stands for "none" wherever Microsoft's schema wants a GUID. */
export const NIL = "00000000-0000-0000-0000-000000000000";

/** 36 units with hyphens in the four places; good enough to tell an id from a name, and cheap. */
export function isGuid(value: string): boolean {
  return (
    value.length === 36 &&
    value.charCodeAt(8) === 45 &&
    value.charCodeAt(13) === 45 &&
    value.charCodeAt(18) === 45 &&
    value.charCodeAt(23) === 45
  );
}

/** An id in lower case; null for nothing, the nil GUID and the words that Microsoft writes instead of nothing. */
export function idOf(value: unknown): string | null {
  const id = text(value, 256)?.toLowerCase() ?? null;
  if (id === null || id === NIL || id === "unknown" || id === "not available") return null;
  return id;
}

/** The first of several values that is an id. */
export function firstId(...values: readonly unknown[]): string | null {
  for (const value of values) {
    const id = idOf(value);
    if (id !== null) return id;
  }
  return null;
}

/**
 * The record's own id. Every real one holds a GUID; a shorter one is a placeholder of an anonymised export that many
 * records share, so the record's content has to tell them apart.
 */
export function recordId(value: unknown): string {
  const id = text(value, 480);
  return id === null || id.length < 32 ? "" : id;
}

/** An app by its client id or, where a record lacks it, by the object id of its service principal. */
export function appRef(
  kind: AutomationKind,
  appId: string | null,
  objectId: string | null,
  known: Partial<Omit<AutomationRef, "kind" | "nativeId" | "aliases">> = {},
): AutomationRef | null {
  const nativeId = appId ?? objectId;
  if (nativeId === null) return null;
  return automationRef(kind, nativeId, {
    ...known,
    aliases: objectId === null || objectId === nativeId ? [] : [objectId],
  });
}

/** A user principal name as a person; guests carry #EXT# in it. */
export function userActor(upn: string | null, objectId: string | null, name: string | null): Actor {
  const isUpn = upn?.includes("@") === true;
  if (upn === null && objectId === null) return UNKNOWN_ACTOR;
  return person(isUpn ? upn : null, isUpn ? objectId : (objectId ?? upn), {
    name,
    isGuest: upn === null ? null : upn.includes("#EXT#") || upn.includes("#ext#") ? true : null,
  });
}

/** The acting app as actor, for what no person did. */
export function appActor(app: AutomationRef | null, fallback: string | null): Actor {
  if (app !== null) return { ...machine(app.nativeId, app.name), aliases: app.aliases.slice(0, 8) };
  return fallback === null ? UNKNOWN_ACTOR : machine(fallback, null);
}

/** An address without the port and brackets that Exchange and Azure Storage append. */
export function ipOf(value: unknown): string | null {
  const written = text(value, 128);
  if (written === null || written === "<null>") return null;
  if (written.startsWith("[")) {
    const end = written.indexOf("]");
    return end > 1 ? written.slice(1, Math.min(end, 65)) : null;
  }
  const colon = written.indexOf(":");
  const isV4WithPort = colon > 0 && written.indexOf(":", colon + 1) < 0 && written.includes(".");
  return (isV4WithPort ? written.slice(0, colon) : written).slice(0, 64);
}

/** The value of one entry in a list of {Name, Value}, {Key, Value} or {key, value}. */
export function entry(pairs: unknown, name: string): unknown {
  for (const pair of list(pairs)) {
    if (!isObject(pair)) continue;
    if (pair.Name === name || pair.Key === name || pair.key === name || pair.name === name) {
      return pair.Value ?? pair.value;
    }
  }
  return undefined;
}

/** A bounded whole number of at least one, for counts that a record claims. */
export function countOf(value: number | null): number {
  if (value === null || !(value >= 1)) return 1;
  return Math.min(Math.floor(value), 1_000_000_000);
}

/** A number of bytes; what is negative or missing is none. */
export function bytesOf(value: number | null): number {
  return value === null || value < 0 ? 0 : value;
}

/** `True`, `$true`: how cmdlets write it. */
export function isTrueText(value: string | null): boolean {
  return value !== null && /^\$?true$/i.test(value);
}
