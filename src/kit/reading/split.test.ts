/** Every container gives the same records however its bytes are cut, and what is broken is rejected, never lost or fatal. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PAGE_KEYS } from "#base/page.ts";
import { rowObject } from "./cut-csv.ts";
import { RECORD_BYTES_MAX, type SplitResult, split } from "./split.ts";
import { textsOf } from "./texts.ts";

interface Outcome {
  shape: string;
  records: { line: number; key: string | null; value: unknown }[];
  rejects: { line: number; reason: string }[];
}

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.slice(at, at + size);
}

async function run(input: string | Uint8Array, chunkBytes = 1 << 16): Promise<Outcome> {
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  const result: SplitResult = { shape: "empty" };
  const found: Outcome = { shape: "", records: [], rejects: [] };
  for await (const batch of split(chunks(bytes, chunkBytes), 0, PAGE_KEYS, result)) {
    found.rejects.push(...batch.rejects);
    const texts = textsOf(batch);
    for (let i = 0; i < batch.lines.length; i++) {
      const written = texts(i);
      const value =
        batch.header === null
          ? parse(written ?? "")
          : rowObject(batch.header, written ?? "", batch.separator);
      found.records.push({ line: batch.lines[i] ?? 0, key: batch.key, value });
    }
  }
  return { ...found, shape: result.shape };
}

function parse(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return `broken: ${written.slice(0, 40)}`;
  }
}

const values = (found: Outcome) => found.records.map(({ value }) => value);

describe("containers", () => {
  it.each([
    ["ndjson", '{"a":1}\n{"a":2}\n'],
    ["ndjson without a last newline", '{"a":1}\n{"a":2}'],
    ["ndjson with CRLF and blank lines", '{"a":1}\r\n\r\n{"a":2}\r\n'],
    ["a list on one line", '[{"a":1},{"a":2}]'],
    ["a pretty list", '[\n  {\n    "a": 1\n  },\n  {\n    "a": 2\n  }\n]\n'],
    ["pretty objects one after another", '{\n  "a": 1\n}\n{\n  "a": 2\n}\n'],
    ["a list with a byte order mark", '\ufeff[{"a":1},{"a":2}]'],
  ])("%s", async (_name, written) => {
    expect(values(await run(written))).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it("CSV with quotes, doubled quotes, line breaks and separators in fields", async () => {
    const found = await run('id,note,data\n1,"a ""b"", c","line\nbreak"\n2,plain,"{""x"":1}"\n');
    expect(found.shape).toBe("csv");
    expect(values(found)).toEqual([
      { id: "1", note: 'a "b", c', data: "line\nbreak" },
      { id: "2", note: "plain", data: '{"x":1}' },
    ]);
    expect(found.records.map(({ line }) => line)).toEqual([2, 4]);
  });

  it.each([";", "\t"])("CSV separated by %j", async (separator) => {
    const found = await run(`a${separator}b\n1${separator}2\n`);
    expect(values(found)).toEqual([{ a: "1", b: "2" }]);
  });

  it.each(["utf16le", "utf16be"])(
    "CSV in %s, with and without a byte order mark",
    async (encoding) => {
      const written = "name,team\nDäna,Zürich\n";
      for (const mark of ["\ufeff", ""]) {
        const bytes = Buffer.from(mark + written, "utf16le");
        if (encoding === "utf16be") bytes.swap16();
        expect(values(await run(bytes, 7))).toEqual([{ name: "Däna", team: "Zürich" }]);
      }
    },
  );

  it("a page of several MiB is read row by row, with the name of its list", async () => {
    const rows = Array.from({ length: 40_000 }, (_, id) => ({
      id,
      text: "x".repeat(60),
      list: [{ id }],
    }));
    const page = JSON.stringify(
      { ok: true, meta: { entries: "no" }, entries: rows, next: "c" },
      null,
      1,
    );
    const found = await run(page);
    expect(values(found)).toEqual(rows);
    expect(found.records[7]).toMatchObject({ key: "entries", line: 8 });
    expect(found.rejects).toEqual([]);
  });

  it("a small page stays whole, for the platform may know it as one record", async () => {
    expect(values(await run('{"ok":true,"members":["U1"]}'))).toEqual([
      { ok: true, members: ["U1"] },
    ]);
  });

  it("a page with a row a line is a page, not lines", async () => {
    const found = await run('{"object":"list","data":[\n{"a":1}\n]}\n');
    expect(values(found)).toEqual([{ object: "list", data: [{ a: 1 }] }]);
    expect(found.shape).toBe("json");
  });

  it("an empty file and a blank one hold nothing", async () => {
    expect(await run("")).toMatchObject({ shape: "empty", records: [], rejects: [] });
    expect(await run(" \n\n")).toMatchObject({ records: [], rejects: [] });
  });
});

describe("broken input", () => {
  it("a broken line costs that line", async () => {
    const found = await run('{"a":1}\n{"a":\nnoise\n{"a":2}\n');
    expect(found.records.map(({ line }) => line)).toEqual([1, 2, 3, 4]);
    expect(values(found).filter((value) => typeof value === "object")).toEqual([
      { a: 1 },
      { a: 2 },
    ]);
  });

  it("a broken first line does not turn lines into a document", async () => {
    expect(values(await run('{"a":\n{"a":1}\n{"a":2}\n')).slice(1)).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it("a list that breaks off keeps what came before and says so", async () => {
    const found = await run('[{"a":1},{"a":2},{"a":');
    expect(values(found)).toEqual([{ a: 1 }, { a: 2 }]);
    expect(found.rejects).toEqual([{ line: 3, reason: expect.stringContaining("cut off") }]);
  });

  it("a missing bracket in a pretty list loses one record, not the rest of the file", async () => {
    const found = await run('[\n{"a":1},\n{"b":[1,2},\n{"a":2},\n{"a":3}\n]\n');
    expect(values(found)).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
    expect(found.rejects).toHaveLength(1);
  });

  it("noise between the elements of a list is a record that cannot be read", async () => {
    const found = await run('[{"a":1}, oops, {"a":2}]');
    expect(values(found)).toEqual([{ a: 1 }, "broken: oops", { a: 2 }]);
  });

  it.each(["ndjson", "list", "csv"])(
    "a record of 40 MB in %s is rejected and the rest is read",
    async (kind) => {
      const long = "x".repeat(40_000_000);
      const input =
        kind === "ndjson"
          ? `{"a":1}\n{"a":"${long}"}\n{"a":2}\n`
          : kind === "list"
            ? `[{"a":1},{"a":"${long}"},{"a":2}]`
            : `a,b\n1,1\n"${long}",1\n2,1\n`;
      const found = await run(input, 1 << 20);
      const expected =
        kind === "csv"
          ? [
              { a: "1", b: "1" },
              { a: "2", b: "1" },
            ]
          : [{ a: 1 }, { a: 2 }];
      expect(values(found).slice(0, 1)).toEqual(expected.slice(0, 1));
      expect(values(found).at(-1)).toEqual(expected.at(-1));
      expect(found.rejects).toEqual([
        {
          line: kind === "csv" ? 3 : 2,
          reason: expect.stringContaining(`longer than ${RECORD_BYTES_MAX >> 20} MiB`),
        },
      ]);
    },
  );

  it("binary data is one rejected record", async () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7_919) % 251);
    expect((await run(bytes)).rejects).toEqual([
      { line: 1, reason: expect.stringContaining("binary data") },
    ]);
  });

  it("NUL bytes and bytes that are not UTF-8 cost the line that holds them", async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"a":1}\n{"b":"'),
      Buffer.from([0xff, 0xfe, 0]),
      Buffer.from('"}\n{"a":2}\n'),
    ]);
    const found = await run(bytes);
    expect(found.records).toHaveLength(3);
    expect(values(found)[0]).toEqual({ a: 1 });
    expect(values(found)[2]).toEqual({ a: 2 });
  });

  it("a stream that fails keeps what it gave and says where it broke", async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode('{"a":1}\n{"a":2}\n');
      throw new Error("unexpected end of file");
    }
    const rejects = [];
    let records = 0;
    for await (const batch of split(failing(), 0, PAGE_KEYS, { shape: "empty" })) {
      rejects.push(...batch.rejects);
      records += batch.lines.length;
    }
    expect(records).toBe(2);
    expect(rejects).toEqual([
      { line: expect.any(Number), reason: expect.stringContaining("breaks off") },
    ]);
  });
});

describe("one broken record costs one record", () => {
  const items = Array.from({ length: 8_000 }, (_, id) => ({
    id,
    text: "x".repeat(60),
    list: [{ id }],
  }));
  const whole = items.map((item) => JSON.stringify(item));
  const wounds: Record<string, (record: string) => string> = {
    "a bracket too many": (record) => `${record}}`,
    "a bracket missing": (record) => record.slice(0, -1),
    "a quote missing": (record) => record.replace('"text":"', '"text":'),
    "an inner bracket missing": (record) => record.replace("]}", "}"),
  };

  it.each(
    Object.entries(wounds).flatMap(([name, wound]) =>
      [0, 500, 7_999].map((at) => [name, at, wound] as const),
    ),
  )("%s in element %i of a list on one line", async (_name, at, wound) => {
    const broken = whole.map((record, index) => (index === at ? wound(record) : record));
    const found = await run(`[${broken.join(",")}]`, 1 << 18);
    const ids = new Set(found.records.map(({ value }) => JSON.stringify(value)));
    const lost = whole.filter((record, index) => index !== at && !ids.has(record));
    expect(lost).toEqual([]);
    expect(found.rejects.length + found.records.length).toBeLessThanOrEqual(8_003);
    expect(found.rejects.length + found.records.length).toBeGreaterThanOrEqual(8_000);
  });

  it("in a pretty list too", async () => {
    const pretty = items.map((item) => JSON.stringify(item, null, 2));
    pretty[500] = (pretty[500] ?? "").slice(0, -1);
    const found = await run(`[\n${pretty.join(",\n")}\n]`, 1 << 16);
    expect(found.records.length).toBe(7_999);
    expect(found.rejects).toHaveLength(1);
  });

  it("a stray quote in a CSV row costs that row", async () => {
    const rows = Array.from({ length: 2_000 }, (_, id) => `${id},plain,"a, b"`);
    rows[700] = '700,has a " in it,c';
    rows[900] = '900,"never closed,c';
    const found = await run(`id,note,tags\n${rows.join("\n")}\n`, 1 << 12);
    const ids = new Set(found.records.map(({ value }) => String(Reflect.get(Object(value), "id"))));
    // Where the next row has a quoted field, its first quote may be the one that closes: those two rows become one.
    const lost = rows.filter((_, id) => id !== 900 && id !== 901 && !ids.has(String(id)));
    expect(lost).toEqual([]);
  });
});

describe("pages with more than one list", () => {
  it.each([10, 30_000])(
    "%i rows in each of three lists, an empty one and other fields between",
    async (size) => {
      const rows = (name: string) =>
        Array.from({ length: size }, (_, id) => ({ name, id, pad: "x".repeat(40) }));
      const page = {
        ok: true,
        users: [],
        entries: rows("a"),
        total: 3,
        items: rows("b"),
        meta: { entries: 1 },
        logs: rows("c"),
        next: "cursor",
      };
      const found = await run(JSON.stringify(page), 1 << 16);
      const read = found.records.flatMap(({ value, line }) => {
        const held = Object(value);
        const lists = ["entries", "items", "logs"].flatMap((key) => held[key] ?? []);
        return lists.length > 0
          ? lists.map((row: unknown, index: number) => ({ row, line: line + index }))
          : [{ row: value, line }];
      });
      expect(read.map(({ row }) => row)).toEqual([...page.entries, ...page.items, ...page.logs]);
      expect(new Set(read.map(({ line }) => line)).size).toBe(read.length);
      expect(found.rejects).toEqual([]);
    },
  );

  it("two pages in one file number their rows one after another", async () => {
    const page = (from: number) =>
      JSON.stringify({ entries: [{ id: from }, { id: from + 1 }], next: "" }, null, 1);
    const found = await run(`${page(0)}\n${page(2)}\n`);
    expect(found.records.map(({ line }) => line)).toEqual([1, 3]);
  });
});

describe("properties", () => {
  const record = fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), {
    maxKeys: 4,
  });
  const records = fc.array(record, { minLength: 1, maxLength: 12 });

  it("lines, lists, pretty lists and pages give the same records for any cut of the bytes", async () => {
    await fc.assert(
      fc.asyncProperty(records, fc.integer({ min: 1, max: 40 }), async (items, size) => {
        const plain = JSON.parse(JSON.stringify(items));
        const lines = `${items.map((item) => JSON.stringify(item)).join("\n")}\n`;
        for (const written of [lines, JSON.stringify(items), JSON.stringify(items, null, 2)]) {
          const found = await run(written, size);
          expect(found.rejects).toEqual([]);
          expect(values(found)).toEqual(plain);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("no bytes at all make it throw or hang, and nothing but white space vanishes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 400 }),
        fc.integer({ min: 1, max: 64 }),
        async (bytes, size) => {
          const found = await run(bytes, size);
          const isBlank = bytes.every((byte) => byte <= 32);
          if (isBlank) expect(found.records).toEqual([]);
          else if (found.shape !== "csv")
            expect(found.records.length + found.rejects.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
