/** What lists of automations and people say: each fact once, however often the list is sent. */

import { sql } from "kysely";
import type { Tx } from "./db.ts";

const ROWS_MAX = 5_000;

/**
 * Notes the facts by their keys of 16 bytes and gives the indexes of those that are new, ascending: of two alike in one
 * call the first.
 */
export async function insertNew(
  tx: Tx,
  orgId: string,
  keys: readonly Uint8Array[],
): Promise<number[]> {
  const first = new Map<string, number>();
  for (const [index, key] of keys.entries()) {
    const hex = Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString("hex");
    if (!first.has(hex)) first.set(hex, index);
  }
  // In one order, so that writers of the same list wait for each other and never in a circle.
  const sorted = [...first.keys()].sort();
  const fresh: number[] = [];
  for (let from = 0; from < sorted.length; from += ROWS_MAX) {
    const part = sorted.slice(from, from + ROWS_MAX).map((hex) => Buffer.from(hex, "hex"));
    const { rows } = await sql<{ hex: string }>`
      insert into state_facts (org_id, fact_key)
      select ${orgId}, key from unnest(${part}::bytea[]) as g (key)
      on conflict do nothing
      returning encode(fact_key, 'hex') as hex`.execute(tx);
    for (const { hex } of rows) fresh.push(first.get(hex) ?? -1);
  }
  return fresh.sort((a, b) => a - b);
}
