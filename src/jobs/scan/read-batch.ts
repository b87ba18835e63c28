/** From a batch of bytes to audit events and facts: what a worker does all day, without I/O and without a clock. */

import { canonical } from "#base/canonical.ts";
import { digest, Hash64 } from "#base/hash.ts";
import { type PageList, pageLists } from "#base/page.ts";
import { isObject, type Raw } from "#base/raw.ts";
import { factIdentityOf, type StateFact } from "#contract/automation.ts";
import { type AuditEvent, identityOf } from "#contract/event.ts";
import type { Platform } from "#contract/platform.ts";
import type { RecordMatcher } from "#engine/sigma/matcher.ts";
import type { Hit } from "#engine/sigma/matches.ts";
import type { Batch, Reject } from "#kit/reading/batch.ts";
import { rowObject } from "#kit/reading/cut-csv.ts";
import { textsOf } from "#kit/reading/texts.ts";
import { messageOf } from "#kit/reading/unreadable.ts";
import { recognise } from "#platforms/index.ts";

/** What the user wants to see. Times are epoch milliseconds, half open. */
export interface Filter {
  readonly since: number | null;
  readonly until: number | null;
  readonly platforms: readonly Platform[] | null;
}

/** What is asked of the records. */
export interface Reading {
  readonly filter: Filter;
  /** Secret seed of the duplicate filter's hash. */
  readonly seed: number;
  /** Tells which rules each event of a record matches; null where there are no rules. */
  readonly matcher: RecordMatcher | null;
}

/** What one batch held. Every record is in exactly one of `rejects`, `inventoryRecords` or `eventRecords`. */
export interface BatchContent {
  readonly events: AuditEvent[];
  readonly facts: StateFact[];
  /** Two unsigned halves of the key of each event, then of each fact, for the duplicate filter. */
  readonly keys: Uint32Array<ArrayBuffer>;
  /** The rules that an event matched, by its index; only of events that matched any. */
  readonly matched: Map<number, readonly Hit[]>;
  readonly rejects: Reject[];
  records: number;
  inventoryRecords: number;
  eventRecords: number;
  /** Events that were read but lie outside the filter. */
  outside: number;
  /** Records by `platform service`. */
  readonly services: Map<string, number>;
  from: number | null;
  to: number | null;
}

/** Reads all records of a batch. Nothing throws: what cannot be read is in `rejects` with its reason. */
export function readBatch(batch: Batch, { filter, seed, matcher }: Reading): BatchContent {
  const content = newContent(batch.rejects);
  const asked: Asked = { filter, matcher };
  const texts = textsOf(batch);
  for (let i = 0; i < batch.lines.length; i++) {
    const line = batch.lines[i] ?? 0;
    const text = texts(i);
    if (text === null) reject(content, line, NOT_UTF8);
    else readText(text, line, batch, content, asked);
  }
  return { ...content, keys: keysOf(content, seed) };
}

type Asked = Pick<Reading, "filter" | "matcher">;

/** Where records come from, as far as their reading depends on it. */
type Place = Pick<Batch, "source" | "shape" | "key">;

/** Reads records that are objects already, `key` being the list that they stood in, the same way as those of a batch. */
export function readRecords(
  records: readonly Raw[],
  { key, filter, seed, matcher }: Reading & { readonly key: string | null },
): BatchContent {
  const content = newContent([]);
  const place: Place = { source: 0, shape: "ndjson", key };
  for (const [index, record] of records.entries()) {
    readValue(record, index + 1, place, content, { filter, matcher });
  }
  return { ...content, keys: keysOf(content, seed) };
}

function newContent(rejects: readonly Reject[]): BatchContent {
  return {
    events: [],
    facts: [],
    keys: new Uint32Array(0),
    matched: new Map(),
    rejects: [...rejects],
    records: rejects.length,
    inventoryRecords: 0,
    eventRecords: 0,
    outside: 0,
    services: new Map(),
    from: null,
    to: null,
  };
}

const NOT_UTF8 =
  "not UTF-8 text: save the export as UTF-8 (or UTF-16 with its byte order mark) and scan again";

function reject(content: BatchContent, line: number, reason: string): void {
  content.records++;
  content.rejects.push({ line, reason });
}

function readText(
  text: string,
  line: number,
  batch: Batch,
  content: BatchContent,
  asked: Asked,
): void {
  if (batch.header !== null) {
    readValue(rowObject(batch.header, text, batch.separator), line, batch, content, asked);
    return;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    reject(content, line, `not JSON: ${cause instanceof Error ? cause.message.slice(0, 120) : ""}`);
    return;
  }
  // A line may hold a whole list (content blobs of Microsoft's Management API).
  if (Array.isArray(value)) {
    for (const element of value) readValue(element, line, batch, content, asked);
    if (value.length === 0) reject(content, line, "an empty list: it holds no record");
  } else {
    readValue(value, line, batch, content, asked);
  }
}

function readValue(
  value: unknown,
  line: number,
  from: Place,
  content: BatchContent,
  asked: Asked,
): void {
  if (!isObject(value)) {
    reject(
      content,
      line,
      `a JSON ${value === null ? "null" : typeof value}, not an object: no record`,
    );
    return;
  }
  if (readRecord(value, from.key, line, from, content, asked)) return;
  const lists = listsOf(value);
  if (lists.length === 0) {
    reject(content, line, unknown(value));
    return;
  }
  if (lists.every(({ rows }) => rows.length === 0)) {
    // An empty answer of a list call is a record that was understood.
    content.records++;
    content.inventoryRecords++;
  }
  let place = line;
  for (const { key, rows } of lists) {
    for (const row of rows) {
      if (!isObject(row)) reject(content, place, "a row that is no object: no record");
      else readRow(row, key, place, from, content, asked);
      // In a document the rows are numbered; on a line they all stand on that line.
      if (from.shape === "json" && isObject(row)) place++;
    }
  }
}

/** The lists of a page, or the record that a shipper wrapped. */
function listsOf(value: Raw): readonly PageList[] {
  const lists = pageLists(value);
  if (lists.length > 0) return lists;
  const inner = wrapped(value);
  return inner === null ? [] : [inner];
}

function readRow(
  row: Raw,
  key: string,
  place: number,
  from: Place,
  content: BatchContent,
  asked: Asked,
): void {
  if (readRecord(row, key, place, from, content, asked)) return;
  const inner = wrapped(row)?.rows[0];
  if (isObject(inner)) readRecord(inner, null, place, from, content, asked);
  else reject(content, place, unknown(row));
}

/** Shippers put the vendor's record one level down, as an object or as JSON text. */
const WRAPPERS = [
  "_source",
  "result",
  "_raw",
  "raw",
  "event",
  "original",
  "message",
  "log",
] as const;

function wrapped(value: Raw): PageList | null {
  let inner: unknown = value;
  for (let depth = 0; depth < 4 && isObject(inner); depth++) {
    const holder: Raw = inner;
    const key = WRAPPERS.find((name) => isObject(holder[name]) || isJsonText(holder[name]));
    if (key === undefined) return null;
    inner = isObject(holder[key]) ? holder[key] : parsed(holder[key]);
    if (isObject(inner) && recognise(inner, null) !== null) return { key, rows: [inner] };
  }
  return null;
}

function isJsonText(value: unknown): boolean {
  return typeof value === "string" && value.startsWith("{") && value.endsWith("}");
}

function parsed(value: unknown): unknown {
  try {
    return typeof value === "string" ? JSON.parse(value) : null;
  } catch {
    return null;
  }
}

function unknown(value: Raw): string {
  const keys = Object.keys(value)
    .slice(0, 6)
    .map((key) => key.slice(0, 40))
    .join(", ");
  return `no platform knows a record with the fields ${keys || "(none)"}: see \`singura formats\``;
}

/** False where no platform knows the record. */
function readRecord(
  raw: Raw,
  key: string | null,
  line: number,
  from: Place,
  content: BatchContent,
  asked: Asked,
): boolean {
  const found = recognise(raw, key);
  if (found === null) return false;
  const { platform, service, holds } = found;
  const { filter, matcher } = asked;
  const isWanted = filter.platforms === null || filter.platforms.includes(platform.id);
  let facts: readonly StateFact[] = [];
  let events: readonly AuditEvent[] = [];
  let matched: Matched = NO_MATCHES;
  try {
    if (holds === "events") {
      events = platform.normalize(raw, service);
      const isAsked = isWanted && events.some(({ at }) => isInside(at, filter));
      if (matcher !== null && isAsked) matched = matcher(raw, platform.id, service);
    } else if (isWanted) facts = platform.inventory(raw, service);
  } catch (cause) {
    // Our bug, and still no reason to lose all the other records.
    reject(content, line, `${FAULT} (${service}: ${messageOf(cause).slice(0, 120)})`);
    return true;
  }
  content.records++;
  const name = `${platform.id} ${service}`;
  content.services.set(name, (content.services.get(name) ?? 0) + 1);
  if (holds === "state") {
    content.inventoryRecords++;
    for (const fact of facts) content.facts.push(fact);
    return true;
  }
  content.eventRecords++;
  for (const [index, event] of events.entries()) {
    if (!isWanted || !isInside(event.at, filter)) {
      content.outside++;
      continue;
    }
    event.ref = { source: from.source, line };
    if (event.id === "") event.id = contentId(raw, index);
    if (event.at !== null) {
      content.from = Math.min(content.from ?? event.at, event.at);
      content.to = Math.max(content.to ?? event.at, event.at);
    }
    const hits = hitsOf(matched, index, events.length);
    if (hits.length > 0) content.matched.set(content.events.length, hits);
    content.events.push(event);
  }
  return true;
}

type Matched = readonly (readonly Hit[])[];
const NO_MATCHES: Matched = [];
const NO_HITS: readonly Hit[] = [];

/** What rules say of a whole record counts once, for the first of the events that we make of it. */
function hitsOf(matched: Matched, index: number, events: number): readonly Hit[] {
  if (matched.length === events) return matched[index] ?? NO_HITS;
  if (index > 0) return NO_HITS;
  const first = new Map<string, Hit>();
  for (const hit of matched.flat()) if (!first.has(hit.rule)) first.set(hit.rule, hit);
  return [...first.values()];
}

/** How the reason of a record begins that met a mistake of ours. */
export const FAULT = "Singura failed on this record: please report it with the record";

/** Undated events are always shown: a filter on time must not hide what has no time. */
function isInside(at: number | null, { since, until }: Filter): boolean {
  if (at === null) return true;
  return (since === null || at >= since) && (until === null || at < until);
}

/** The id of a record that has none: a digest of its canonical content, so that equal records are one. */
function contentId(raw: Raw, index: number): string {
  const content = canonical(raw) ?? safeText(raw);
  return `sha256:${digest([content])}${index === 0 ? "" : `#${index}`}`;
}

/** Records too deep to canonicalise are told apart by their outermost fields. */
function safeText(raw: Raw): string {
  const flat = Object.entries(raw).map(([key, value]) => [
    key,
    typeof value === "object" ? "…" : value,
  ]);
  return JSON.stringify(flat);
}

/** One key of 64 bits an event or fact, from all that makes it this one and no other. */
function keysOf(
  { events, facts }: Pick<BatchContent, "events" | "facts">,
  seed: number,
): Uint32Array<ArrayBuffer> {
  const keys = new Uint32Array((events.length + facts.length) * 2);
  const hash = new Hash64(seed);
  for (const [index, event] of events.entries()) {
    hash
      .start()
      .text(identityOf(event))
      .write(keys, index * 2);
  }
  for (const [index, fact] of facts.entries()) {
    hash
      .start()
      .text("fact")
      .text(factIdentityOf(fact))
      .write(keys, (events.length + index) * 2);
  }
  return keys;
}
