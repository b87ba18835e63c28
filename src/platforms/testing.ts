/** What every platform's test file runs: its examples are recognised, and no input at all breaks its functions. */

import fc from "fast-check";
import { expect } from "vitest";
import { pageLists } from "#base/page.ts";
import { isObject, type Raw } from "#base/raw.ts";
import { AutomationFact, OtherFact, PersonFact } from "#contract/automation.ts";
import { AuditEvent } from "#contract/event.ts";
import type { PlatformAdapter } from "./platform.ts";

/** The cases of a fuzz run, overridable for a long one: FUZZ_CASES=100000 npm test. */
export const FUZZ_CASES = Number(process.env.FUZZ_CASES ?? 10_000);

/** A record, or the rows of the page that it is, each with the key that it stood under. */
export function rowsOf(raw: Raw, adapter: PlatformAdapter): { row: Raw; key: string | null }[] {
  if (adapter.detect(raw, null) !== null) return [{ row: raw, key: null }];
  const lists = pageLists(raw);
  if (lists.length === 0) return [{ row: raw, key: null }];
  return lists.flatMap(({ key, rows }) => rows.filter(isObject).map((row) => ({ row, key })));
}

/** Every documented service recognises its own example, and the example gives events or facts of the right shape. */
export function checkExamples(adapter: PlatformAdapter): void {
  for (const service of adapter.services) {
    const rows = rowsOf(service.example, adapter);
    expect(rows.length, `${service.id}: the example has a record`).toBeGreaterThan(0);
    for (const { row, key } of rows) {
      const found = adapter.detect(row, key);
      if (service.id.endsWith("*")) expect(found).toContain(service.id.slice(0, -1));
      else expect(found).toBe(service.id);
      if (found === null) continue;
      if (service.holds === "events") checkEvents(adapter, row, found);
      else checkFacts(adapter, row, found);
    }
  }
}

/** At least one event, each within the contract's bounds and with an action. */
export function checkEvents(adapter: PlatformAdapter, raw: Raw, service: string): AuditEvent[] {
  const events = adapter.normalize(raw, service);
  expect(events.length).toBeGreaterThan(0);
  for (const event of events) {
    // The reader gives an id to events that come without one.
    const shape = AuditEvent.safeParse({ ...event, id: event.id || "none" });
    expect(shape.error?.issues ?? []).toEqual([]);
    expect(event.platform).toBe(adapter.id);
  }
  return events;
}

export function checkFacts(adapter: PlatformAdapter, raw: Raw, service: string): void {
  const facts = adapter.inventory(raw, service);
  expect(facts.length).toBeGreaterThan(0);
  for (const fact of facts) {
    const schema =
      fact.type === "automation" ? AutomationFact : fact.type === "person" ? PersonFact : OtherFact;
    expect(schema.safeParse(fact).error?.issues ?? []).toEqual([]);
    expect(fact.platform).toBe(adapter.id);
  }
}

/**
 * Feeds the adapter with anything: arbitrary JSON, its own examples with parts swapped for arbitrary JSON, and its own
 * examples cut short. Whatever it recognises must give events or facts within the contract; nothing may throw.
 */
export function fuzz(adapter: PlatformAdapter, seeds: readonly Raw[]): void {
  const services = adapter.services.map(({ id }) => id);
  const anything = fc.jsonValue({ maxDepth: 4 });
  const mutated = fc
    .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(), anything), { maxLength: 4 }))
    .map(([seed, edits]) => {
      const copy: unknown = structuredClone(seed);
      for (const [where, value] of edits) mutate(copy, where, value);
      return copy;
    });
  fc.assert(
    fc.property(
      fc.oneof({ weight: 1, arbitrary: anything }, { weight: 6, arbitrary: mutated }),
      fc.constantFrom(...services),
      (value, forced) => {
        if (!isObject(value)) return;
        for (const { row, key } of rowsOf(value, adapter)) {
          const service = adapter.detect(row, key) ?? forced;
          const isState = adapter.services.some(
            ({ id, holds }) => id === service && holds === "state",
          );
          if (isState) checkFacts(adapter, row, service);
          else checkEvents(adapter, row, service);
        }
      },
    ),
    { numRuns: FUZZ_CASES },
  );
}

/** Replaces, removes or nests one value somewhere in a copy of a record; `where` picks the place. */
function mutate(copy: unknown, where: number, value: unknown): void {
  let holder: unknown = copy;
  let rest = where;
  for (let depth = 0; depth < 8; depth++) {
    if (typeof holder !== "object" || holder === null) return;
    const keys = Object.keys(holder);
    if (keys.length === 0) return;
    const key = keys[rest % keys.length] ?? "";
    rest = Math.floor(rest / keys.length);
    const inner: unknown = Reflect.get(holder, key);
    const isLeaf = typeof inner !== "object" || inner === null;
    if (isLeaf || rest % 3 === 0) {
      if (rest % 5 === 1) Reflect.deleteProperty(holder, key);
      else Reflect.set(holder, key, value);
      return;
    }
    holder = inner;
  }
}
