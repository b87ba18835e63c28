/** The small pure helpers: times, hashes, sketches, statistics, hosts and canonical JSON hold what their words promise. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonical } from "./canonical.ts";
import { digest, Hash64 } from "./hash.ts";
import { hostOf, mailDomain } from "./host.ts";
import { prng } from "./prng.ts";
import { bool, clip, list, number, text, texts } from "./raw.ts";
import { add, distinct, merge, newSketch } from "./sketch.ts";
import { mad, median, quantile } from "./stats.ts";
import { dayOf, iso, parseTime, UNDATED } from "./time.ts";

describe("parseTime", () => {
  const JUNE = Date.UTC(2026, 5, 1, 9, 0, 0, 123);
  it.each([
    ["2026-06-01T09:00:00.123Z", JUNE],
    ["2026-06-01T09:00:00.1234567Z", JUNE],
    ["2026-06-01T11:00:00.123+02:00", JUNE],
    ["2026-06-01T11:00:00.123+0200", JUNE],
    ["2026-06-01 09:00:00.123000000", JUNE],
    ["2026-06-01T09:00:00", JUNE - 123],
    ["2026-06-01", Date.UTC(2026, 5, 1)],
    [JUNE, JUNE],
    [JUNE / 1_000, JUNE],
    [String(JUNE), JUNE],
    [JUNE * 1_000, JUNE],
    [JUNE * 1_000_000, JUNE],
  ])("reads %s", (written, at) => {
    expect(parseTime(written)).toBe(at);
  });
  it.each([
    "",
    "yesterday",
    "2026-02-30",
    "2026-13-01",
    "2026-06-01T25:00:00Z",
    0,
    -5,
    null,
    {},
    "12",
    1e30,
  ])("a wrong time is none: %s", (written) => {
    expect(parseTime(written)).toBeNull();
  });
  it("reads back every time that iso writes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 946_684_800_000, max: 4_102_444_799_999 }), (at) => {
        expect(parseTime(iso(at))).toBe(at);
      }),
    );
  });
  it("days are UTC days, and no time is no day", () => {
    expect(dayOf(Date.UTC(1970, 0, 2))).toBe(1);
    expect(dayOf(Date.UTC(2026, 5, 1, 23, 59, 59, 999))).toBe(dayOf(Date.UTC(2026, 5, 1)));
    expect(dayOf(null)).toBe(UNDATED);
  });
});

describe("raw", () => {
  it("never throws and keeps its bounds on anything", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect((text(value, 10) ?? "").length).toBeLessThanOrEqual(10);
        expect(texts(value, 5).length).toBeLessThanOrEqual(5);
        expect(Number.isNaN(number(value) ?? 0)).toBe(false);
        expect([true, false, null]).toContain(bool(value));
        expect(Array.isArray(list(value))).toBe(true);
      }),
    );
  });
  it("clips no character in half", () => {
    expect(clip("ab😀", 3)).toBe("ab");
    expect(clip("ab😀", 4)).toBe("ab😀");
  });
});

describe("hashes", () => {
  it("spread a million similar texts without one collision of 64 bits", () => {
    const out = new Uint32Array(2);
    const seen = new Set<bigint>();
    const hash = new Hash64(42);
    for (let i = 0; i < 1_000_000; i++) {
      hash.start().text("slack:audit").text(`event-${i}`).write(out, 0);
      seen.add((BigInt(out[0] ?? 0) << 32n) | BigInt(out[1] ?? 0));
    }
    expect(seen.size).toBe(1_000_000);
  });
  it("digest tells apart lists that join to the same text", () => {
    expect(digest(["ab", "c"])).not.toBe(digest(["a", "bc"]));
  });
});

describe("sketch", () => {
  it("any order, repetition and split gives the same sketch", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 0xffffffff }), { maxLength: 300 }),
        fc.nat(),
        (hashes, seed) => {
          const whole = newSketch();
          for (const hash of hashes) add(whole, hash);
          const random = prng(seed);
          const parts = [newSketch(), newSketch(), newSketch()];
          for (const hash of [...hashes, ...hashes].sort(() => random.next() - 0.5)) {
            add(random.pick(parts), hash);
          }
          // Every hash of both copies landed in one of the parts.
          const joined = newSketch();
          for (const part of parts) merge(joined, part);
          expect(distinct(joined)).toBe(distinct(whole));
          expect(joined.registers).toEqual(whole.registers);
          expect([...(joined.exact ?? [])].sort()).toEqual([...(whole.exact ?? [])].sort());
        },
      ),
    );
  });
  it("counts exactly while few and within 20 % when many", () => {
    const random = prng(3);
    const sketch = newSketch();
    const truth = new Set<number>();
    for (let i = 0; i < 50_000; i++) {
      const hash = random.int(0, 0xffffffff);
      add(sketch, hash);
      truth.add(hash);
      if (i === 40) expect(distinct(sketch)).toBe(truth.size);
    }
    expect(Math.abs(distinct(sketch) / truth.size - 1)).toBeLessThan(0.2);
  });
});

describe("statistics", () => {
  it("median, MAD and quantiles of known samples", () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(mad([1, 1, 2, 2, 4, 6, 9])).toBe(1);
    expect(quantile([1, 2, 3, 4], 0.25)).toBe(1.75);
    expect(median([])).toBeNaN();
  });
});

describe("hosts and canonical JSON", () => {
  it("reads hosts and mail domains, and nothing out of nonsense", () => {
    expect(hostOf("https://Login.Example.com:8443/cb?x=1")).toBe("login.example.com");
    expect(hostOf("not a url")).toBeNull();
    expect(mailDomain("Dana@Sub.Example.com")).toBe("sub.example.com");
    expect(mailDomain("no-address")).toBeNull();
  });
  it("equal JSON has one spelling whatever the order of its keys", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const written = canonical(value);
        expect(written).not.toBeNull();
        expect(canonical(reversed(value))).toBe(written);
        expect(JSON.parse(written ?? "")).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
  it("gives up on bottomless nesting instead of overflowing", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 10_000; i++) deep = [deep];
    expect(canonical(deep)).toBeNull();
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}
