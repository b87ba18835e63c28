/** A scan accounts for every record, and tells the same whatever the order, the packing and the number of threads. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import yazl from "yazl";
import { PAGE_KEYS } from "#base/page.ts";
import { prng } from "#base/prng.ts";
import { Report, type ReportQuarantine } from "#contract/report.ts";
import { parseSigma } from "#engine/sigma/parse.ts";
import { listSources } from "#kit/reading/sources.ts";
import { split } from "#kit/reading/split.ts";
import { inlineLane, workerLane } from "./scan/lane.ts";
import { type ScanDeps, type ScanInput, scan } from "./scan.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "singura-scan-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

type Row = Record<string, unknown>;

/** A week of an invented workspace: installs, downloads by an app, exports, and people at work. */
function workspace(seed: number, size: number): Row[] {
  const random = prng(seed);
  const actions = [
    "file_downloaded",
    "app_installed",
    "manual_export_started",
    "user_login",
    "file_public_link_created",
  ];
  return Array.from({ length: size }, (_, index) => {
    const user = random.int(1, 6);
    const app = random.int(1, 4);
    return {
      id: `event-${index}`,
      date_create: 1_780_300_800 + random.int(0, 7 * 86_400),
      action: random.pick(actions),
      actor: {
        type: "user",
        user: { id: `W${user}`, name: `user${user}`, email: `user${user}@example.com` },
      },
      entity: {
        type: "app",
        app: { id: `A${app}`, name: `App ${app}`, scopes: ["channels:history"] },
      },
      context: {
        ip_address: `192.0.2.${user}`,
        ua: "Mozilla/5.0",
        location: { type: "workspace", id: "T1" },
        ...(random.chance(0.3) ? { app: { id: `A${app}`, name: `App ${app}` } } : {}),
      },
      details: null,
    };
  });
}

let files = 0;
async function file(content: string | Uint8Array, name = "log.txt"): Promise<string> {
  const path = join(folder, `${files++}-${name}`);
  await writeFile(path, content);
  return path;
}

const lines = (rows: readonly Row[]) => `${rows.map((row) => JSON.stringify(row)).join("\n")}\n`;

async function scanned(
  paths: readonly string[],
  known: Partial<ScanInput> = {},
  deps: Partial<ScanDeps> = {},
): Promise<{ report: Report; quarantined: ReportQuarantine[] }> {
  const quarantined: ReportQuarantine[] = [];
  const report = await scan.run(
    {
      clock: () => 1_780_000_000_000,
      onProgress: () => {},
      onQuarantine: (rows) => quarantined.push(...rows),
      ...deps,
    },
    {
      sources: await listSources(paths),
      filter: { since: null, until: null, platforms: null },
      threads: 1,
      seed: 1,
      orgId: "test",
      timeZone: "UTC",
      ...known,
    },
  );
  expect(Report.safeParse(report).error?.issues ?? []).toEqual([]);
  return { report, quarantined };
}

/** What must not depend on how the records were stored: everything but where they stand. */
function told({ automations, findings }: Report): unknown {
  return {
    automations,
    findings: findings.map((finding) => ({
      ...finding,
      evidence: finding.evidence.map(({ path: _path, line: _line, ...rest }) => rest),
    })),
  };
}

async function zipped(members: Record<string, string>): Promise<Uint8Array> {
  const zip = new yazl.ZipFile();
  for (const [name, content] of Object.entries(members)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  const parts: Uint8Array[] = [];
  for await (const part of zip.outputStream) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

describe("the same records tell the same", () => {
  it("in every container and packing", async () => {
    const rows = workspace(1, 400);
    const { report: plain } = await scanned([await file(lines(rows))]);
    expect(plain.summary).toMatchObject({
      records: 400,
      events: 400,
      duplicates: 0,
      quarantined: 0,
    });
    expect(plain.automations.length).toBeGreaterThan(3);
    const stored = [
      await file(JSON.stringify(rows)),
      await file(
        JSON.stringify({ entries: rows, response_metadata: { next_cursor: "" } }, null, 2),
      ),
      await file(gzipSync(lines(rows))),
      await file(zstdCompressSync(JSON.stringify(rows))),
      await file(await zipped({ "a/log.json": JSON.stringify(rows) })),
    ];
    for (const path of stored) expect(told((await scanned([path])).report)).toEqual(told(plain));
  });

  it("shuffled, doubled, split in three, packed, and read by any number of threads", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 3 }), async (seed, threads) => {
        const rows = workspace(seed, 150);
        const { report: plain } = await scanned([await file(lines(rows))]);
        const random = prng(seed + 1);
        const shuffled = [...rows, ...rows].sort(() => random.next() - 0.5);
        const third = Math.ceil(shuffled.length / 3);
        const paths = [
          await file(gzipSync(lines(shuffled.slice(0, third)))),
          await file(JSON.stringify(shuffled.slice(third, 2 * third))),
          await file(zstdCompressSync(lines(shuffled.slice(2 * third)))),
        ];
        const { report } = await scanned(paths, { threads, seed });
        expect(told(report)).toEqual(told(plain));
        expect(report.summary).toMatchObject({ records: 300, events: 150, duplicates: 150 });
      }),
      { numRuns: 12 },
    );
  }, 120_000);

  it("byte for byte on a second run, with one thread or four, whatever the secret seed", async () => {
    const paths = await Promise.all(
      [1, 2, 3].map(async (seed) => await file(lines(workspace(seed, 900)))),
    );
    const { report: once } = await scanned(paths);
    const { report: again } = await scanned(paths, { threads: 4, seed: 99 });
    expect(JSON.stringify(again)).toBe(JSON.stringify(once));
  });

  it("records without an id are one when their content is one, whatever the spelling", async () => {
    const [row] = workspace(5, 1);
    const { id: _id, ...anonymous } = row ?? {};
    const reversed = Object.fromEntries(Object.entries(anonymous).reverse());
    const { report } = await scanned([
      await file(`${JSON.stringify(anonymous)}\n${JSON.stringify(reversed, null, 0)}\n`),
    ]);
    expect(report.summary).toMatchObject({ events: 1, duplicates: 1 });
    expect(
      report.findings
        .flatMap(({ evidence }) => evidence)
        .every(({ eventId }) => eventId.startsWith("sha256:")),
    ).toBe(true);
  });
});

describe("every record is accounted for", () => {
  it("broken, unknown, deep, empty and cut-off ones stand in the quarantine with file, line and reason", async () => {
    const [row] = workspace(2, 1);
    const deep = `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`;
    const path = await file(
      [
        JSON.stringify(row),
        "{broken",
        '{"neither":"slack","nor":"google"}',
        "[]",
        "42",
        deep,
        "",
      ].join("\n"),
    );
    const { report, quarantined } = await scanned([path]);
    expect(report.summary).toMatchObject({ records: 6, events: 1, quarantined: 5 });
    expect(quarantined).toEqual(report.quarantine);
    expect(quarantined.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6]);
    expect(quarantined.every((entry) => entry.path === path && entry.reason.length > 10)).toBe(
      true,
    );
  });

  it("a truncated gzip keeps what could be unpacked and says where it broke", async () => {
    const packed = gzipSync(lines(workspace(3, 3_000)));
    const { report } = await scanned([await file(packed.subarray(0, packed.byteLength / 2))]);
    expect(report.summary.events).toBeGreaterThan(500);
    expect(report.quarantine.map(({ reason }) => reason).join()).toContain("breaks off");
  });

  it("two zstd frames in one file are never taken for one without a word", async () => {
    const rows = workspace(8, 400);
    const frames = [rows.slice(0, 200), rows.slice(200)].map((part) =>
      zstdCompressSync(lines(part)),
    );
    const { report } = await scanned([await file(Buffer.concat(frames))]);
    expect(report.summary.events).toBeGreaterThanOrEqual(200);
    expect(report.summary.events === 400 || report.summary.quarantined > 0).toBe(true);
  });

  it("what the filter leaves out is counted as outside, and undated events are never left out", async () => {
    const rows = workspace(4, 100);
    const [first, ...rest] = rows;
    const undated = { ...first, date_create: null };
    const middle = (1_780_300_800 + 3 * 86_400) * 1_000;
    const { report } = await scanned([await file(lines([undated, ...rest]))], {
      filter: { since: middle, until: null, platforms: null },
    });
    expect(report.summary.events + report.summary.outside).toBe(100);
    expect(report.summary.outside).toBeGreaterThan(10);
    expect(
      report.sources[0]?.from?.localeCompare(new Date(middle).toISOString()),
    ).toBeGreaterThanOrEqual(0);
    const { report: others } = await scanned([await file(lines(rows))], {
      filter: { since: null, until: null, platforms: ["okta"] },
    });
    expect(others.summary).toMatchObject({ events: 0, outside: 100, automations: 0 });
  });

  it("evidence leads to the raw record by its number, over several pages with several lists", async () => {
    const rows = workspace(7, 60);
    const page = (some: readonly Row[]) =>
      JSON.stringify(
        { users: [], entries: some.slice(0, 10), items: some.slice(10), next: "" },
        null,
        1,
      );
    const path = await file(
      `${page(rows.slice(0, 25))}\n${page(rows.slice(25, 40))}\n${JSON.stringify(rows.slice(40))}`,
    );
    const { report } = await scanned([path]);
    expect(report.summary).toMatchObject({ records: 60, events: 60, quarantined: 0 });
    const evidence = report.findings.flatMap((finding) => finding.evidence);
    expect(evidence.length).toBeGreaterThan(5);
    for (const { eventId, line } of evidence) expect(rows[line - 1]?.id).toBe(eventId);
  });

  it("evidence leads to the raw record by file and line", async () => {
    const rows = workspace(6, 200);
    const path = await file(lines(rows));
    const { report } = await scanned([path]);
    const evidence = report.findings.flatMap((finding) => finding.evidence);
    for (const { eventId, line } of evidence) expect(rows[line - 1]?.id).toBe(eventId);
  });
});

const { documents: RULES } = parseSigma(`
title: Export begun
id: 11111111-1111-4111-8111-111111111111
logsource: { product: slack, service: audit }
detection:
    selection: { action: manual_export_started }
    condition: selection
level: high
---
title: Reads history
id: 22222222-2222-4222-8222-222222222222
logsource: { product: slack }
detection:
    selection: { entity.app.scopes|endswith: ':history' }
    filter: { action: user_login }
    condition: selection and not filter
level: informational
---
title: Nothing of this
id: 33333333-3333-4333-8333-333333333333
logsource: { product: okta, service: okta }
detection:
    selection: { action: manual_export_started }
    condition: selection
`);

const { documents: CORRELATED } = parseSigma(`
title: Downloaded by an app
name: downloaded
logsource: { product: slack, service: audit }
detection: { selection: { action: file_downloaded }, condition: selection }
---
title: Linked for everybody
name: linked
logsource: { product: slack, service: audit }
detection: { selection: { action: file_public_link_created }, condition: selection }
---
title: Downloads of many
id: 44444444-4444-4444-8444-444444444444
level: high
correlation:
    type: value_count
    rules: [downloaded]
    group-by: [entity.app.id]
    timespan: 1d
    condition: { field: actor.user.id, gte: 3 }
---
title: Downloaded, then linked
id: 55555555-5555-4555-8555-555555555555
correlation:
    type: temporal_ordered
    rules: [downloaded, linked]
    group-by: [actor.user.id]
    timespan: 6h
---
title: Downloads without a link
id: 66666666-6666-4666-8666-666666666666
correlation:
    type: temporal
    rules: [downloaded, linked]
    group-by: [context.ip_address]
    timespan: 12h
    condition: downloaded and not linked
`);

describe("rules", () => {
  const ofRules = ({ findings }: Report) =>
    findings.filter(({ detector }) => detector.startsWith("sigma:"));

  it("shuffled, doubled, split and packed records make the same findings of them", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 3 }), async (seed, threads) => {
        const rows = workspace(seed, 120);
        const { report: plain } = await scanned([await file(lines(rows))], { rules: RULES });
        const random = prng(seed + 1);
        const shuffled = [...rows, ...rows].sort(() => random.next() - 0.5);
        const paths = [
          await file(gzipSync(lines(shuffled.slice(0, 100)))),
          await file(JSON.stringify(shuffled.slice(100))),
        ];
        const { report } = await scanned(paths, { rules: RULES, threads, seed });
        expect(told(report)).toEqual(told(plain));
        const exports = rows.filter(({ action }) => action === "manual_export_started").length;
        const counted = ofRules(plain)
          .filter(({ title }) => title === "Export begun")
          .map(({ explanation }) => Number(/matched (\d+) rec/.exec(explanation)?.[1] ?? 1));
        expect(counted.reduce((sum, one) => sum + one, 0)).toBe(exports);
        expect(ofRules(plain).map(({ title }) => title)).not.toContain("Nothing of this");
      }),
      { numRuns: 8 },
    );
  }, 120_000);

  it("correlations find the same in any order, packing and number of threads, in event time", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 3 }), async (seed, threads) => {
        // Enough bytes that the reading is split over several threads.
        const rows = workspace(seed, 150).map((row) => ({ ...row, padding: "x".repeat(40_000) }));
        const leftOut: unknown[] = [];
        const { report: plain } = await scanned([await file(lines(rows))], { rules: CORRELATED });
        const random = prng(seed + 1);
        const shuffled = [...rows, ...rows].sort(() => random.next() - 0.5);
        const paths = [
          await file(gzipSync(lines(shuffled.slice(0, 100)))),
          await file(lines(shuffled.slice(100))),
        ];
        const { report } = await scanned(
          paths,
          { rules: CORRELATED, threads, seed },
          { onLeftOut: (counts) => leftOut.push(counts) },
        );
        expect(told(report)).toEqual(told(plain));
        expect(leftOut).toEqual([{ cut: 0, undated: 0, ungrouped: 0, turnedAway: 0 }]);
        const titles = new Set(ofRules(plain).map(({ title }) => title));
        expect([...titles].sort()).toEqual([
          "Downloaded, then linked",
          "Downloads of many",
          "Downloads without a link",
        ]);
        for (const { automationId, principal, window, evidence } of ofRules(plain)) {
          expect(automationId ?? principal).not.toBeNull();
          for (const { at } of evidence) {
            expect(at !== null && window.from !== null && at >= window.from).toBe(true);
          }
        }
      }),
      { numRuns: 3 },
    );
  }, 120_000);

  it("evidence leads to the record, and the finding weighs in the risk", async () => {
    const rows = workspace(9, 80);
    const path = await file(lines(rows));
    const { report } = await scanned([path], { rules: RULES });
    const { report: without } = await scanned([path]);
    for (const { title, evidence } of ofRules(report)) {
      for (const { eventId, line } of evidence) {
        expect(rows[line - 1]?.id).toBe(eventId);
        if (title === "Export begun") expect(rows[line - 1]?.action).toBe("manual_export_started");
      }
    }
    const others = report.findings.filter((one) => !ofRules(report).includes(one));
    expect(others.map(({ id }) => id)).toEqual(without.findings.map(({ id }) => id));
    const score = ({ automations }: Report) =>
      automations.reduce((sum, { risk }) => sum + risk.score, 0);
    expect(score(report)).toBeGreaterThanOrEqual(score(without));
  });

  it("a thread is given them and tells the same as the calling one", async () => {
    const options = {
      filter: { since: null, until: null, platforms: null },
      seed: 1,
      rules: RULES,
    };
    const bytes = Buffer.from(lines(workspace(3, 60)));
    async function observed(open: typeof inlineLane) {
      const lane = open(options, () => {});
      try {
        for await (const batch of split(Readable.from([bytes]), 0, PAGE_KEYS, { shape: "empty" })) {
          const { keys } = await lane.read(batch);
          lane.settle(new Uint8Array(keys.length / 2).fill(1));
        }
        return [...(await lane.finish()).tracks].map(([key, { matches }]) => [key, matches]);
      } finally {
        await lane.close();
      }
    }
    const here = await observed(inlineLane);
    expect(here.some(([, matches]) => matches !== undefined)).toBe(true);
    expect(await observed(workerLane)).toEqual(here);
  });
});

it("names that cannot be read are refused before anything is scanned", async () => {
  await expect(listSources([join(folder, "missing")])).rejects.toMatchObject({ exitCode: 66 });
});
