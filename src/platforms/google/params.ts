/** Google's event parameters, whatever union member or container they come in, as one map with lower-case names. */

import { isObject, list, type Raw, text } from "#base/raw.ts";

/** Parameter values by lower-case name: scalars, lists and messages as they came. Admin events write names in capitals. */
export type Params = ReadonlyMap<string, unknown>;

/** No documented event has a tenth of this. */
const PARAMS_MAX = 512;

/** Where a parameter keeps its value: the Reports API's union, then what Cloud Logging calls the same members. */
const VALUE_KEYS: ReadonlySet<string> = new Set([
  "value",
  "intValue",
  "boolValue",
  "multiValue",
  "multiIntValue",
  "messageValue",
  "multiMessageValue",
  "multiStrValue",
  "multiBoolValue",
  "msgValue",
  "multiMsgValue",
]);

/** Parameters out of the API's list of {name, value…}, or out of a plain object (BigQuery, SIEM exports). */
export function paramsOf(raw: unknown): Params {
  const found = new Map<string, unknown>();
  if (Array.isArray(raw)) {
    for (const item of raw) if (isObject(item) && found.size < PARAMS_MAX) addParam(found, item);
  } else if (isObject(raw)) {
    if (typeof raw.name === "string" && Object.keys(raw).some((key) => VALUE_KEYS.has(key)))
      addParam(found, raw);
    else addFields(found, raw);
  }
  return found;
}

function addParam(found: Map<string, unknown>, item: Raw): void {
  if (typeof item.name !== "string") return;
  // An item has two or three keys; walking them is cheaper than asking it for each of the union's members.
  for (const key in item) {
    if (!VALUE_KEYS.has(key)) continue;
    const value = item[key];
    if (value === undefined || value === null) continue;
    found.set(item.name.toLowerCase(), value);
    return;
  }
}

function addFields(found: Map<string, unknown>, fields: Raw): void {
  for (const key of Object.keys(fields)) {
    if (found.size >= PARAMS_MAX) return;
    const value = fields[key];
    if (value !== undefined && value !== null) found.set(key.toLowerCase(), value);
  }
}

/** The parameters inside a message parameter; a list of messages gives those of the first. */
export function message(params: Params, name: string): Params {
  const value = params.get(name);
  const first = Array.isArray(value) ? value[0] : value;
  if (!isObject(first)) return NO_PARAMS;
  return paramsOf(first.parameter ?? first.parameters ?? first);
}

/** The first of several parameters that holds text; of a list its first element. */
export function param(params: Params, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = params.get(name);
    if (value === undefined) continue;
    const found = text(Array.isArray(value) ? value[0] : value, 512);
    if (found !== null) return found;
  }
  return null;
}

/** All elements of a list parameter, or the one value, as texts. */
export function all(params: Params, name: string, max = 64): string[] {
  const found: string[] = [];
  for (const item of list(params.get(name))) {
    if (found.length >= max) break;
    const value = text(item, 512);
    if (value !== null) found.push(value);
  }
  return found;
}

/** Scopes without repeats: a list, or one text with spaces or commas between them, or a list of such texts. */
export function scopesOf(value: unknown): string[] {
  const found = new Set<string>();
  for (const item of list(value)) {
    if (typeof item !== "string") continue;
    const isOne = !item.includes(" ") && !item.includes(",") && !item.includes("\n");
    for (const scope of isOne ? [item] : item.split(/[\s,]+/, 2_048)) {
      const bounded = text(scope, 512);
      if (bounded !== null && found.size < 2_048) found.add(bounded);
    }
  }
  return [...found];
}

/** An e-mail address or other id that Google compares without regard to case. */
export function lower(value: unknown): string | null {
  // Half the contract's bound: a few capital letters become two units in lower case.
  return text(value, 256)?.toLowerCase() ?? null;
}

const NO_PARAMS: Params = new Map();
