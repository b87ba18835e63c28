/** Through the database as through a scan: the same records, in any split, order and number of workers, give the same; and nobody else's. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import yazl from "yazl";
import { prng } from "#base/prng.ts";
import { type Report, ReportAutomation, ReportFinding } from "#contract/report.ts";
import { parseSigma } from "#engine/sigma/parse.ts";
import type { SigmaDocument } from "#engine/sigma/rule.ts";
import { listSources } from "#kit/reading/sources.ts";
import { sampleWorkspace } from "#simulator/sample/sample.ts";
import * as automations from "#store/automations.ts";
import * as chains from "#store/chains.ts";
import type { Store } from "#store/db.ts";
import * as findings from "#store/findings.ts";
import * as ledger from "#store/ledger.ts";
import * as organizations from "#store/organizations.ts";
import type { Page, PageQuery } from "#store/page.ts";
import * as quarantine from "#store/quarantine.ts";
import * as uploads from "#store/uploads.ts";
import { type TestDatabase, testDatabase } from "#test/postgres.ts";
import { assess } from "./assess.ts";
import { UploadCounts } from "./collect/count.ts";
import { receive } from "./collect/receive.ts";
import { collect } from "./collect.ts";
import { scan } from "./scan.ts";

const NOW = Date.UTC(2026, 5, 22);
const SEED = 2_026;
const clock = () => NOW;

let database: TestDatabase;
let store: Store;
let folder = "";
beforeAll(async () => {
  database = await testDatabase();
  store = await database.open();
  folder = await mkdtemp(join(tmpdir(), "singura-collect-"));
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** One file of an export. */
interface File {
  readonly name: string;
  readonly text: string;
}

/** The sample workspace: seven platforms, logs and lists. */
function sampleFiles(): File[] {
  return [...sampleWorkspace({ seed: 7, now: NOW })].map((file) => ({
    name: file.path,
    text: [...file.text()].join(""),
  }));
}

async function organization(id: string): Promise<string> {
  await store.acrossOrgs((tx) =>
    organizations.create(tx, { id, name: id, slug: id.toLowerCase(), now: NOW }),
  );
  return id;
}

async function received(orgId: string, name: string, bytes: Uint8Array): Promise<string> {
  async function* stream() {
    // As a network gives them: in pieces of any size.
    for (let at = 0; at < bytes.byteLength; at += 70_001) yield bytes.subarray(at, at + 70_001);
  }
  const sent = { name, key: null, bytes: stream() };
  return (await receive({ store, clock }, orgId, sent)).uploadId;
}

/** As another process would collect: with connections of its own. */
async function collectAll(
  orgId: string,
  ids: readonly string[],
  rules: readonly SigmaDocument[] = [],
): Promise<void> {
  const own = await database.open({ shouldMigrate: false });
  try {
    for (const uploadId of ids)
      await collect.run({ store: own, clock, rules }, { orgId, uploadId });
  } finally {
    await own.close();
  }
}

async function scanned(
  files: readonly File[],
  orgId: string,
  rules: readonly SigmaDocument[] = [],
): Promise<Report> {
  const paths = files.map((_, index) => join(folder, `${orgId}-${index}`));
  for (const [index, { text }] of files.entries()) await writeFile(paths[index] ?? "", text);
  return scan.run(
    { clock, onProgress: () => {}, onQuarantine: () => {} },
    {
      sources: await listSources(paths),
      filter: { since: null, until: null, platforms: null },
      threads: 1,
      seed: 1,
      orgId,
      timeZone: "UTC",
      rules,
    },
  );
}

/** All rows of a list. */
async function* pages<Row>(list: (query: PageQuery) => Promise<Page<Row>>): AsyncGenerator<Row> {
  let after: string | null = null;
  do {
    const page: Page<Row> = await list({ after, limit: 500 });
    yield* page.rows;
    after = page.next;
  } while (after !== null);
}

/** All that is stored as found of an organization. */
async function stored(orgId: string) {
  const found = new Map<string, ReportAutomation>();
  const claimed = new Map<string, ReportFinding>();
  for await (const { id, body } of pages((query) =>
    store.inOrg(orgId, (tx) => automations.list(tx, orgId, query)),
  )) {
    found.set(id, ReportAutomation.parse(JSON.parse(body)));
  }
  for await (const { id, body } of pages((query) =>
    store.inOrg(orgId, (tx) => findings.list(tx, orgId, query)),
  )) {
    claimed.set(id, ReportFinding.parse(JSON.parse(body)));
  }
  return { automations: found, findings: claimed };
}

/** What must not depend on how the records came: everything but where they stand. */
function told({ automations: found, findings: claimed }: Awaited<ReturnType<typeof stored>>) {
  const places = (finding: ReportFinding) => ({
    ...finding,
    evidence: finding.evidence.map(({ path: _path, line: _line, ...rest }) => rest),
  });
  return {
    automations: Object.fromEntries([...found].sort()),
    findings: Object.fromEntries([...claimed].sort().map(([id, finding]) => [id, places(finding)])),
  };
}

function toldBy(report: Report) {
  return told({
    automations: new Map(report.automations.map((one) => [one.id, one])),
    findings: new Map(report.findings.map((one) => [one.id, one])),
  });
}

/** Lines of logs dealt out to some parts; anything else stays whole. Some parts come twice, in any order and packing. */
function fiftyUploads(files: readonly File[]): { name: string; bytes: Uint8Array }[] {
  const random = prng(SEED);
  const whole = files.filter(({ name }) => !name.endsWith(".ndjson"));
  const logs = files.filter(({ name }) => name.endsWith(".ndjson"));
  const partsOfLogs = 40 - whole.length;
  const parts = Array.from({ length: partsOfLogs }, (): string[] => []);
  for (const { text } of logs) {
    for (const line of text.split("\n")) {
      if (line !== "") parts[random.int(0, partsOfLogs - 1)]?.push(line);
    }
  }
  const packs = [gzipSync, zstdCompressSync, (text: string) => Buffer.from(text)] as const;
  const forty = [
    ...whole.map(({ name, text }) => ({ name, bytes: random.pick(packs)(text) })),
    ...parts.map((lines, n) => ({
      name: `part-${n}`,
      bytes: random.pick(packs)(lines.sort(() => random.next() - 0.5).join("\n")),
    })),
  ];
  const again = Array.from({ length: 10 }, () => random.pick(forty));
  return [...forty, ...again].sort(() => random.next() - 0.5);
}

it(`fifty uploads, shuffled, some twice, by two workers at once: what one scan says (seed ${SEED})`, async () => {
  const files = sampleFiles();
  const orgId = await organization("fifty");
  const ids: string[] = [];
  for (const { name, bytes } of fiftyUploads(files)) ids.push(await received(orgId, name, bytes));
  expect(ids).toHaveLength(50);
  // The second worker takes its own half, and then everything again, in the other order.
  await Promise.all([
    collectAll(orgId, ids.slice(0, 25)),
    collectAll(orgId, [...ids.slice(25), ...ids.toReversed()]),
  ]);
  const changes = await assess.run({ store, clock }, { orgId });

  const report = await scanned(files, orgId);
  expect(report.findings.length).toBeGreaterThan(30);
  expect(told(await stored(orgId))).toEqual(toldBy(report));
  expect(changes.findings.made.toSorted()).toEqual(report.findings.map(({ id }) => id).sort());
  const linked = await store.inOrg(orgId, (tx) => chains.list(tx, orgId, { limit: 500 }));
  expect(linked.rows.map(({ id }) => id).sort()).toEqual(
    report.findings.flatMap(({ id, steps }) => (steps === undefined ? [] : [id])).sort(),
  );

  const counts = await store.inOrg(orgId, async (tx) =>
    (await uploads.list(tx, orgId, { limit: 500 })).rows.map((row) =>
      UploadCounts.parse(JSON.parse(row.counts)),
    ),
  );
  expect(counts.reduce((sum, { events }) => sum + events, 0)).toBe(report.summary.events);
  const inLedger = { new: 0, fetched: 0, duplicate: 0, quarantined: 0 };
  for await (const row of pages((query) =>
    store.inOrg(orgId, (tx) => ledger.list(tx, orgId, { fromHour: 0, toHour: 1e9, ...query })),
  )) {
    inLedger.new += row.new;
    inLedger.fetched += row.fetched;
    inLedger.duplicate += row.duplicate;
    inLedger.quarantined += row.quarantined;
  }
  expect(inLedger.new).toBe(report.summary.events);
  expect(inLedger.fetched).toBe(inLedger.new + inLedger.duplicate);

  // Judged again nothing changes, so nothing is written.
  const version = (await store.inOrg(orgId, (tx) => organizations.get(tx, orgId)))?.version;
  const again = await assess.run({ store, clock: () => NOW + 1 }, { orgId });
  expect([again.automations, again.findings].flatMap((kind) => Object.values(kind).flat())).toEqual(
    [],
  );
  const now = await store.inOrg(orgId, (tx) => organizations.get(tx, orgId));
  expect(now?.version).toBe(version);
}, 300_000);

/** A small log of an invented workspace. */
function smallLog(app: string, lines: number): string {
  const rows = Array.from({ length: lines }, (_, n) =>
    JSON.stringify({
      id: `${app}-${n}`,
      date_create: 1_780_300_800 + n * 60,
      action: n % 50 === 0 ? "app_installed" : "file_downloaded",
      actor: { type: "user", user: { id: "W1", name: "dana", email: "dana@example.com" } },
      entity: { type: "app", app: { id: app, name: app, scopes: ["channels:history"] } },
      context: {
        ip_address: "192.0.2.1",
        ua: "UA",
        location: { type: "workspace", id: "T1" },
        app: { id: app, name: app },
      },
    }),
  );
  return `${rows.join("\n")}\n`;
}

it("two organizations never meet: the same events are new to each, and each sees its own", async () => {
  const [one, two] = [await organization("one"), await organization("two")];
  const both = Buffer.from(smallLog("A1", 100));
  const idOfOne = await received(one, "both", both);
  await collectAll(one, [idOfOne]);
  await collectAll(two, [await received(two, "both", both)]);
  await collectAll(two, [await received(two, "more", Buffer.from(smallLog("A2", 100)))]);
  await assess.run({ store, clock }, { orgId: one });
  await assess.run({ store, clock }, { orgId: two });
  expect([...(await stored(one)).automations.keys()]).toEqual(["slack:A1"]);
  expect([...(await stored(two)).automations.keys()].sort()).toEqual(["slack:A1", "slack:A2"]);
  expect((await stored(one)).automations.get("slack:A1")?.eventCount).toBe(
    (await stored(two)).automations.get("slack:A1")?.eventCount,
  );
  await expect(collect.run({ store, clock }, { orgId: two, uploadId: idOfOne })).rejects.toThrow(
    "no upload",
  );
});

it("what cannot be read is in the quarantine with its upload, line and reason, also in an archive", async () => {
  const orgId = await organization("broken");
  const lines = smallLog("A1", 5_000).split("\n");
  lines[3_210] = "{broken";
  const plain = await received(orgId, "exports/audit.ndjson", Buffer.from(lines.join("\n")));
  const zip = new yazl.ZipFile();
  zip.addBuffer(Buffer.from(smallLog("A1", 10)), "a.ndjson");
  zip.addBuffer(Buffer.from(`${smallLog("A1", 2)}[]\n`), "b/c.ndjson");
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream) parts.push(Buffer.from(part));
  const packed = await received(orgId, "all.zip", Buffer.concat(parts));
  const cut = gzipSync(smallLog("A1", 3_000));
  const short = await received(orgId, "cut.gz", cut.subarray(0, cut.byteLength / 2));
  await collectAll(orgId, [plain, packed, short]);
  const of = async (id: string) =>
    (await store.inOrg(orgId, (tx) => quarantine.list(tx, orgId, id, {}))).rows;
  expect(await of(plain)).toMatchObject([
    { line: 3_211, reason: expect.stringContaining("not JSON") },
  ]);
  expect(await of(packed)).toMatchObject([
    { line: 3, reason: expect.stringMatching(/^in b\/c.ndjson: an empty list/) },
  ]);
  expect((await of(short))[0]?.reason).toContain("breaks off");
  const upload = await store.inOrg(orgId, (tx) => uploads.get(tx, orgId, plain));
  expect(upload).toMatchObject({ name: "exports/audit.ndjson", state: "collected" });
  expect(JSON.parse(upload?.counts ?? "")).toEqual({
    records: 5_000,
    events: 4_999,
    duplicates: 0,
    inventory: 0,
    quarantined: 1,
  });
  // What was received is let go.
  expect(await store.inOrg(orgId, (tx) => uploads.chunk(tx, orgId, plain, 0))).toBeUndefined();
});

it("a database that goes away is no end of the file: what follows is stored by the next run", async () => {
  const orgId = await organization("away");
  const text = smallLog("A1", 12_000);
  const id = await received(orgId, "long.ndjson", Buffer.from(text));
  let chunks = 0;
  const failing: Store = {
    ...store,
    inOrg: (org, run) =>
      store.inOrg(org, (tx) => {
        // Everything fails for a moment, once the third batch is asked for.
        if (++chunks === 11) throw new Error("the connection was lost");
        return run(tx);
      }),
  };
  await expect(collect.run({ store: failing, clock }, { orgId, uploadId: id })).rejects.toThrow(
    "connection was lost",
  );
  const held = await store.inOrg(orgId, (tx) => uploads.get(tx, orgId, id));
  expect(held?.state).toBe("collecting");
  expect(held?.cursor).toBeGreaterThan(0);
  const counts = await collect.run({ store, clock }, { orgId, uploadId: id });
  expect(counts).toMatchObject({ records: 12_000, events: 12_000, quarantined: 0 });
  expect(await collect.run({ store, clock }, { orgId, uploadId: id })).toEqual(counts);
});

it("what is no longer claimed is superseded, and what people said of it stays", async () => {
  const orgId = await organization("analyst");
  const files = sampleFiles().filter(({ name }) => name.startsWith("slack/"));
  for (const { name, text } of files) {
    await collectAll(orgId, [await received(orgId, name, Buffer.from(text))]);
  }
  const first = await assess.run({ store, clock }, { orgId });
  const [finding = ""] = first.findings.made;
  const detector = (await stored(orgId)).findings.get(finding)?.detector ?? "";
  await store.inOrg(orgId, (tx) =>
    findings.patch(tx, orgId, finding, { status: "confirmed", assignee: "lee" }, NOW),
  );
  const settings = (isEnabled: boolean) =>
    JSON.stringify({ detectors: { [detector]: { isEnabled } } });
  await store.inOrg(orgId, (tx) => organizations.saveSettings(tx, orgId, settings(false)));
  const second = await assess.run({ store, clock }, { orgId });
  expect(second.findings.superseded).toContain(finding);
  expect(second.findings.made).toEqual([]);
  await store.inOrg(orgId, (tx) => organizations.saveSettings(tx, orgId, settings(true)));
  const third = await assess.run({ store, clock }, { orgId });
  expect(third.findings.changed).toContain(finding);
  expect(await store.inOrg(orgId, (tx) => findings.get(tx, orgId, finding))).toMatchObject({
    status: "confirmed",
    assignee: "lee",
    superseded_at: null,
  });
  // Evidence names the file.
  const paths = [...(await stored(orgId)).findings.values()].flatMap(({ evidence }) =>
    evidence.map((sample) => sample.path),
  );
  expect(paths.length).toBeGreaterThan(0);
  expect(paths.every((path) => path.startsWith("slack/"))).toBe(true);
}, 120_000);

it("rules and their correlations say the same as in a scan", async () => {
  const RULE = `title: Installed
name: installed
id: 11111111-1111-4111-8111-111111111111
logsource: { product: slack, service: audit }
detection: { selection: { action: app_installed }, condition: selection }
level: medium
---
title: Taken
name: taken
id: 33333333-1111-4111-8111-111111111111
logsource: { product: slack, service: audit }
detection: { selection: { action: file_downloaded }, condition: selection }
level: low
---
title: Many
id: 22222222-1111-4111-8111-111111111111
correlation: { type: event_count, rules: [installed], group-by: [actor.user.email], timespan: 2h, condition: { gte: 2 } }
level: high
`;
  const { documents: rules } = parseSigma(RULE);
  const text = smallLog("A1", 200);
  const orgId = await organization("rules");
  const half = Math.ceil(text.length / 2);
  const at = text.indexOf("\n", half) + 1;
  const ids = [
    await received(orgId, "2", Buffer.from(text.slice(at))),
    await received(orgId, "1", Buffer.from(text.slice(0, at))),
  ];
  await collectAll(orgId, ids, rules);
  await assess.run({ store, clock, rules }, { orgId });
  const report = await scanned([{ name: "all", text }], orgId, rules);
  expect(report.findings.map(({ title }) => title)).toEqual(
    expect.arrayContaining(["Taken", "Many"]),
  );
  expect(told(await stored(orgId))).toEqual(toldBy(report));
});
