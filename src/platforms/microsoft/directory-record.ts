/** One change in the directory as all three shapes of its record tell it, and how to read its properties. */

import { isObject, list, nested, type Raw, text } from "#base/raw.ts";
import type { AutomationRef } from "#contract/automation.ts";
import type { Actor, Client, Outcome } from "#contract/event.ts";

export interface DirectoryTarget {
  /** User, ServicePrincipal, Application, Group, Role, Policy … as the vendor writes it. */
  type: string;
  id: string | null;
  name: string | null;
  upn: string | null;
  appId: string | null;
}

/** Old and new value as written: plain text, or JSON in text, or both null where the record only names the property. */
export interface DirectoryProperty {
  before: unknown;
  after: unknown;
}

export interface DirectoryRecord {
  service: string;
  id: string;
  at: number | null;
  action: string;
  actor: Actor;
  automation: AutomationRef | null;
  client: Client;
  outcome: Outcome;
  targets: readonly DirectoryTarget[];
  properties: ReadonlyMap<string, DirectoryProperty>;
  /** `AppId` of the additional details: the app that is the first target. */
  appId: string | null;
}

/** Modified properties are a list of objects (two spellings), a list of names, or either as JSON in text. */
export function readProperties(value: unknown, into: Map<string, DirectoryProperty>): void {
  for (const item of list(typeof value === "string" ? nested(value) : value)) {
    if (into.size >= 512) return;
    if (typeof item === "string") {
      if (!into.has(item)) into.set(item.slice(0, 256), { before: null, after: null });
      continue;
    }
    if (!isObject(item)) continue;
    const name = text(item.displayName ?? item.Name ?? item.DisplayName ?? item.name, 256);
    if (name === null || into.has(name)) continue;
    into.set(name, {
      before: item.oldValue ?? item.OldValue ?? null,
      after: item.newValue ?? item.NewValue ?? null,
    });
  }
}

/** The new value of a property as one text, unwrapped from JSON in text and from lists of one. */
export function after(record: DirectoryRecord, name: string): string | null {
  return single(record.properties.get(name)?.after);
}

export function before(record: DirectoryRecord, name: string): string | null {
  return single(record.properties.get(name)?.before);
}

export function single(value: unknown): string | null {
  const items = unwrap(value);
  const first = Array.isArray(items) && items.length === 1 ? items[0] : items;
  return Array.isArray(first) || isObject(first) ? null : text(first, 65_536);
}

/** The items of a property that holds a list; one item is a list of one. */
export function items(value: unknown): readonly unknown[] {
  const found = unwrap(value);
  return found === "" ? [] : list(found);
}

/** Peels JSON out of text, up to three layers: `"\"[{…}]\""` is seen in the wild. */
export function unwrap(value: unknown): unknown {
  let found = value;
  for (let layer = 0; layer < 3 && typeof found === "string"; layer++) {
    const start = found.trimStart()[0];
    if (start !== '"' && start !== "[" && start !== "{") break;
    const inner = nested(found);
    if (inner === null) break;
    found = inner;
  }
  return found;
}

/** An object out of a field that tables write as JSON in text. */
export function asObject(value: unknown): Raw {
  const found = typeof value === "string" ? nested(value) : value;
  return isObject(found) ? found : {};
}

/** Names with the dash, the dot and the spaces that only some shapes have, brought to one key. */
export function keyOf(action: string): string {
  return action
    .toLowerCase()
    .replace(/[\u2010-\u2015]/g, "-")
    .replace(/[.\s]+$/, "")
    .replace(/\s+/g, " ");
}

/** The action's name without the final dot that the unified audit log adds. */
export function actionOf(value: unknown): string {
  const written = text(value, 256);
  if (written === null) return "unknown";
  return written.endsWith(".") && written.length > 1 ? written.slice(0, -1).trimEnd() : written;
}
