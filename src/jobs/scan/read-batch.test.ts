/** Whatever the bytes are, reading ends, nothing throws, and every record is an event record, an inventory row or a reject. */

import fc from "fast-check";
import { expect, it } from "vitest";
import { PAGE_KEYS } from "#base/page.ts";
import { split } from "#kit/reading/split.ts";
import { platforms } from "#platforms/index.ts";
import { FUZZ_CASES } from "#platforms/testing.ts";
import { readBatch } from "./read-batch.ts";

const FILTER = { since: null, until: null, platforms: null };
const examples = platforms.flatMap(({ services }) => services.map(({ example }) => example));

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.slice(at, at + size);
}

/** Some records of any platforms in any container. */
const intact = fc
  .tuple(
    fc.array(fc.constantFrom(...examples), { minLength: 1, maxLength: 6 }),
    fc.constantFrom("lines", "list", "pretty", "page", "pages"),
  )
  .map(([records, container]) => {
    const lines = records.map((record) => JSON.stringify(record));
    if (container === "lines") return lines.join("\n");
    if (container === "list") return `[${lines.join(",")}]`;
    if (container === "pretty") return JSON.stringify(records, null, 2);
    const page = JSON.stringify({ ok: true, entries: records, next: "" });
    return container === "page" ? page : `${page}\n${page}`;
  })
  .map((written) => Buffer.from(written));

type Wound = readonly ["cut" | "flip" | "double" | "nul" | "long" | "deep", number];
const wound: fc.Arbitrary<Wound> = fc.tuple(
  fc.constantFrom("cut", "flip", "double", "nul", "long", "deep"),
  fc.nat({ max: 1_000_000 }),
);

function wounded(bytes: Buffer, [kind, where]: Wound): Buffer {
  const at = bytes.byteLength === 0 ? 0 : where % bytes.byteLength;
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (kind) {
    case "cut":
      return Buffer.from(head);
    case "flip":
      return Buffer.concat([head, Buffer.from([where & 0xff]), tail.subarray(1)]);
    case "double":
      return Buffer.concat([head, bytes, tail]);
    case "nul":
      return Buffer.concat([head, Buffer.alloc(3), tail]);
    case "long":
      return Buffer.concat([head, Buffer.alloc(5_000, "x"), tail]);
    default:
      return Buffer.concat([head, Buffer.alloc(10_000, where % 2 === 0 ? "[" : '{"a":'), tail]);
  }
}

it(`accounts for every record of ${FUZZ_CASES} wounded files`, async () => {
  await fc.assert(
    fc.asyncProperty(
      intact,
      fc.array(wound, { maxLength: 3 }),
      fc.integer({ min: 64, max: 4_096 }),
      async (whole, wounds, size) => {
        const bytes = wounds.reduce(wounded, whole);
        for await (const batch of split(chunks(bytes, size), 0, PAGE_KEYS, { shape: "empty" })) {
          const { records, inventoryRecords, eventRecords, rejects, events, facts, keys } =
            readBatch(batch, { filter: FILTER, seed: 1, matcher: null });
          expect(records).toBe(inventoryRecords + eventRecords + rejects.length);
          expect(keys.length).toBe((events.length + facts.length) * 2);
          expect(events.length).toBeGreaterThanOrEqual(eventRecords);
          for (const { line, reason } of rejects) expect(line > 0 && reason.length > 0).toBe(true);
        }
      },
    ),
    { numRuns: FUZZ_CASES },
  );
}, 240_000);
