/** Paths into vendors' records, as pipelines write them: compiled once, walked for every record. */

import { isObject, nested, type Raw } from "#base/raw.ts";

/** Reads one field. Undefined: the field does not exist. Null: it exists and is empty. An array: several values. */
export type Accessor = (record: Raw) => unknown;

/** Names for values, by what the vendor writes in lower case; `*` stands for every other value, `$` in it for the value itself. */
export type ValueTable = ReadonlyMap<string, string>;

/**
 * One way to a value. `a.b.c` goes through objects and, at every step, through all entries of lists. `list[name]` takes the
 * entries of a list of names and values that have this name, whatever the case, and without a further step their values.
 * `a.@b` steps into the key that the record's own field `b` names. `a.?b` finds the key `b` in any case. `=text` is a constant.
 * After `|` follow transforms: `json` (the text of an object or list), `entries` (each object of a list as text without
 * braces), `unquoted` (JSON in a text, beside the text), `undotted` (without a full stop at the end), `head` (what stands before the first
 * slash), `afterLogs` (what follows "/logs/"), or the name of a table of values.
 */
export function compilePath(path: string, tables: ReadonlyMap<string, ValueTable>): Accessor {
  const [way = "", ...names] = path.split("|");
  const transforms = names.map((name) => transformOf(name, path, tables));
  const read = way.startsWith("=") ? constant(way.slice(1)) : walker(way);
  if (transforms.length === 0) return read;
  return (record) => transforms.reduce((value, transform) => transform(value), read(record));
}

/** The first of several ways that leads to anything. */
export function firstOf(ways: readonly Accessor[]): Accessor {
  const [only] = ways;
  if (only !== undefined && ways.length === 1) return only;
  return (record) => {
    for (const way of ways) {
      const value = way(record);
      if (value !== undefined) return value;
    }
    return undefined;
  };
}

/** What all of several ways lead to. */
export function everyOf(ways: readonly Accessor[]): Accessor {
  return (record) => {
    let found: unknown;
    for (const way of ways) found = both(found, way(record));
    return found;
  };
}

/** A field read as it stands: the key that is spelled like it, else through objects and lists by its dots. */
export function plainAccessor(field: string): Accessor {
  const steps = field
    .split(".")
    .slice(0, STEPS_MAX)
    .map((key): Step => ({ is: "key", spellings: [key] }));
  return (record) =>
    Object.hasOwn(record, field) ? record[field] : walk(record, steps, 0, record, 0);
}

type Step =
  | { readonly is: "key"; readonly spellings: readonly string[] }
  | { readonly is: "loose"; readonly key: string; readonly lower: string }
  | { readonly is: "named"; readonly lower: string; readonly isLast: boolean }
  | { readonly is: "by"; readonly key: string };

/** Deeper than any vendor nests; a path of a rule may be anything. */
const STEPS_MAX = 32;

function walker(way: string): Accessor {
  const parts = [...way.matchAll(/([^.[\]]+)|\[([^\]]*)\]/g)].slice(0, STEPS_MAX);
  const steps = parts.map(([, key, name], index): Step => {
    if (name !== undefined) {
      return { is: "named", lower: name.toLowerCase(), isLast: index === parts.length - 1 };
    }
    // Splunk writes `a{}.b` for all entries of a list.
    const text = (key ?? "").replace(/\{\}$/, "");
    if (text.startsWith("@")) return { is: "by", key: text.slice(1) };
    if (text.startsWith("?")) {
      return { is: "loose", key: text.slice(1), lower: text.slice(1).toLowerCase() };
    }
    return { is: "key", spellings: spellingsOf(text) };
  });
  return (record) => walk(record, steps, 0, record, 0);
}

/** Lists in lists are gone through so deep and no deeper. */
const LISTS_MAX = 16;

/** Vendors export one table with `userId` here and `UserId` there. */
function spellingsOf(key: string): string[] {
  const rest = key.slice(1);
  const first = key.slice(0, 1);
  return [...new Set([key, first.toUpperCase() + rest, first.toLowerCase() + rest])];
}

function walk(
  value: unknown,
  steps: readonly Step[],
  index: number,
  record: Raw,
  lists: number,
): unknown {
  const step = steps[index];
  if (step === undefined) return value;
  if (Array.isArray(value)) {
    if (lists > LISTS_MAX) return undefined;
    if (step.is === "named") return namedIn(value, step, steps, index, record);
    let found: unknown;
    for (const one of value) found = both(found, walk(one, steps, index, record, lists + 1));
    return found;
  }
  if (typeof value === "string") {
    const inner = isJsonText(value) ? nested(value) : null;
    return isObject(inner) || Array.isArray(inner)
      ? walk(inner, steps, index, record, lists)
      : undefined;
  }
  if (!isObject(value)) return undefined;
  if (step.is === "named") return namedIn([value], step, steps, index, record);
  const next = child(value, step, record);
  return next === undefined ? undefined : walk(next, steps, index + 1, record, lists);
}

function child(holder: Raw, step: Exclude<Step, { is: "named" }>, record: Raw): unknown {
  if (step.is === "key") {
    for (const key of step.spellings) {
      if (Object.hasOwn(holder, key)) return holder[key];
    }
    return undefined;
  }
  if (step.is === "by") {
    const key = record[step.key];
    return typeof key === "string" && Object.hasOwn(holder, key) ? holder[key] : undefined;
  }
  if (Object.hasOwn(holder, step.key)) return holder[step.key];
  for (const key of Object.keys(holder)) {
    if (key.toLowerCase() === step.lower) return holder[key];
  }
  return undefined;
}

/** How vendors call the name of an entry in a list of names and values. */
const NAME_KEYS = ["name", "Name", "key", "Key", "displayName", "DisplayName"];

/** How they call its value. Google has one key a type, and uses one of them. */
const VALUE_KEYS = [
  "value",
  "Value",
  "multiValue",
  "intValue",
  "boolValue",
  "multiStrValue",
  "multiIntValue",
  "multiBoolValue",
  "messageValue",
  "multiMessageValue",
  "NewValue",
  "newValue",
];

function namedIn(
  entries: readonly unknown[],
  step: Extract<Step, { is: "named" }>,
  steps: readonly Step[],
  index: number,
  record: Raw,
): unknown {
  let found: unknown;
  for (const entry of entries) {
    if (!isObject(entry) || nameOf(entry)?.toLowerCase() !== step.lower) continue;
    found = both(found, step.isLast ? valueIn(entry) : walk(entry, steps, index + 1, record, 0));
  }
  return found;
}

function nameOf(entry: Raw): string | null {
  for (const key of NAME_KEYS) {
    const name = entry[key];
    if (typeof name === "string") return name;
  }
  return null;
}

function valueIn(entry: Raw): unknown {
  for (const key of VALUE_KEYS) {
    if (Object.hasOwn(entry, key)) return entry[key];
  }
  return undefined;
}

/** Two answers as one. */
function both(a: unknown, b: unknown): unknown {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return [...(Array.isArray(a) ? a : [a]), ...(Array.isArray(b) ? b : [b])];
}

function isJsonText(value: string): boolean {
  return value.startsWith("{") || value.startsWith("[");
}

function constant(text: string): Accessor {
  return () => text;
}

type Transform = (value: unknown) => unknown;

function transformOf(
  name: string,
  path: string,
  tables: ReadonlyMap<string, ValueTable>,
): Transform {
  const table = tables.get(name);
  if (table !== undefined) return (value) => each(value, (one) => looked(table, one));
  const transform = TRANSFORMS.get(name);
  // A path is data of ours, and a test reads all of them.
  if (transform === undefined) throw new Error(`no transform ${name} in the path ${path}`);
  return transform;
}

const TRANSFORMS: ReadonlyMap<string, Transform> = new Map<string, Transform>([
  ["json", jsonText],
  ["entries", (value) => each(value, (one) => (isObject(one) ? textOf(one)?.slice(1, -1) : one))],
  ["unquoted", (value) => each(value, unquoted)],
  ["undotted", (value) => each(value, undotted)],
  [
    "afterLogs",
    (value) => each(value, (one) => (typeof one === "string" ? one.split("/logs/").at(-1) : one)),
  ],
  ["head", (value) => each(value, (one) => (typeof one === "string" ? one.split("/", 1)[0] : one))],
]);

function jsonText(value: unknown): unknown {
  return typeof value === "object" && value !== null ? textOf(value) : value;
}

/** Undefined for what is nested too deep to be written. */
function textOf(value: object): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function undotted(value: unknown): unknown {
  return typeof value === "string" ? value.trim().replace(/\.$/, "") : value;
}

/** `"\"Guest\""` and `["Guest"]` are the value Guest, and stay what they are besides. */
function unquoted(value: unknown): unknown {
  if (typeof value !== "string" || !/^["[]/.test(value)) return value;
  const inner = nested(value);
  if (typeof inner === "string") return [value, inner];
  return Array.isArray(inner) ? [value, ...inner.filter((one) => typeof one === "string")] : value;
}

function looked(table: ValueTable, value: unknown): unknown {
  if (typeof value === "object" || value === undefined) return undefined;
  const text = String(value);
  const found = table.get(text.toLowerCase());
  return found ?? table.get("*")?.replace("$", () => text);
}

function each(value: unknown, change: Transform): unknown {
  if (!Array.isArray(value)) return value === undefined ? undefined : change(value);
  const changed = value.flatMap((one) => change(one) ?? []);
  return value.length > 0 && changed.length === 0 ? undefined : changed;
}
