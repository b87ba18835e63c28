/** Checks the reading against a folder of real records with known platform and service: `node scripts/corpus-check.ts FOLDER`. */

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { pageLists } from "#base/page.ts";
import { prng } from "#base/prng.ts";
import { isObject, object, type Raw, text } from "#base/raw.ts";
import type { AuditEvent } from "#contract/event.ts";
import type { Report } from "#contract/report.ts";
import { scan } from "#jobs/scan.ts";
import { listSources } from "#kit/reading/sources.ts";
import { type Recognised, recognise } from "#platforms/index.ts";

/** One line of the corpus: the record and what is known about it. */
interface Row {
  id: string;
  platform: string;
  service: string;
  action: string | null;
  raw: Raw;
}

/** Objects in which vendors put the event itself; times elsewhere are those of an organization, a user, a device. */
const EVENT_PARTS = /^(id|properties|data|payload|protoPayload)$/;

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write(
    "Use: node scripts/corpus-check.ts FOLDER (with events/*.jsonl and inventory/*.jsonl)\n",
  );
  process.exit(64);
}

const failures: string[] = [];
const events = await rowsIn(join(folder, "events"));
const inventory = await rowsIn(join(folder, "inventory"));
checkEvents(events);
checkInventory(inventory);
await checkScan([...events, ...inventory]);
for (const failure of failures) say(`FAIL ${failure}`);
say(
  failures.length === 0
    ? "Corpus check passed."
    : `Corpus check failed: ${failures.length} problems.`,
);
process.exitCode = failures.length === 0 ? 0 : 1;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function rowsIn(path: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const name of (await readdir(path)).sort()) {
    if (!name.endsWith(".jsonl")) continue;
    for (const line of (await readFile(join(path, name), "utf8")).split("\n")) {
      if (line.trim() === "") continue;
      const value: unknown = JSON.parse(line);
      const row = object(value);
      rows.push({
        id: text(row.id) ?? "",
        platform: text(row.platform) ?? "",
        service: text(row.service) ?? "",
        action: text(row.action),
        raw: object(row.raw),
      });
    }
  }
  return rows;
}

function checkEvents(rows: readonly Row[]): void {
  const count = { right: 0, service: 0, time: [0, 0], action: [0, 0], actor: [0, 0] };
  for (const row of rows) {
    const found = recognise(row.raw, null);
    if (found === null || found.holds !== "events") {
      failures.push(`${row.platform} ${row.service} ${row.id}: not recognised as an event`);
      continue;
    }
    if (found.platform.id === row.platform) count.right++;
    else failures.push(`${row.id}: ${row.platform} taken for ${found.platform.id}`);
    if (found.service === row.service) count.service++;
    else failures.push(`${row.id}: service ${row.service} taken for ${found.service}`);
    const read = found.platform.normalize(row.raw, found.service);
    tally(
      count.time,
      hasTime(row.raw),
      read.some(({ at }) => at !== null),
      `${row.service} ${row.id}: no time`,
    );
    tally(
      count.action,
      row.action !== null,
      read.some(({ action }) => action !== "unknown" && action !== ""),
      `${row.service} ${row.id}: no action`,
    );
    tally(
      count.actor,
      hasActor(row.raw),
      read.some(knowsActor),
      `${row.service} ${row.id}: no actor`,
    );
  }
  say(`Event records: ${rows.length}`);
  say(`  right platform: ${share(count.right, rows.length)}`);
  say(`  right service:  ${share(count.service, rows.length)}`);
  say(`  time filled, where the record has one:   ${share(...pair(count.time))}`);
  say(`  action filled, where the record has one: ${share(...pair(count.action))}`);
  say(`  actor filled, where the record has one:  ${share(...pair(count.actor))}`);
}

function tally(counter: number[], isThere: boolean, isFilled: boolean, complaint: string): void {
  if (!isThere) return;
  counter[1] = (counter[1] ?? 0) + 1;
  if (isFilled) counter[0] = (counter[0] ?? 0) + 1;
  else failures.push(complaint);
}

function pair(counter: readonly number[]): [number, number] {
  return [counter[0] ?? 0, counter[1] ?? 0];
}

function share(part: number, whole: number): string {
  return `${part}/${whole} (${whole === 0 ? 100 : ((100 * part) / whole).toFixed(2)} %)`;
}

function knowsActor({ actor, automation }: AuditEvent): boolean {
  return actor.id !== "" || automation !== null;
}

/** A generous yardstick that knows nothing of our code: any value under a name that vendors use for the time. */
function hasTime(raw: Raw): boolean {
  return some(
    raw,
    /^(date_create|time|created_at|@timestamp|published|effective_at|CreationTime|createdDateTime|activityDateTime|TimeGenerated|Timestamp|EventDate|EVENT_DATE|TIMESTAMP_DERIVED|sfdc_created_date|ActivityDate|timestamp)$/,
    2,
    (value) => /\d{4}/.test(text(value) ?? ""),
    EVENT_PARTS,
  );
}

function hasActor(raw: Raw): boolean {
  return (
    some(raw, /^(actor|actor_id|initiatedBy|sender)$/, 2, isNamed) ||
    some(
      raw,
      /^(UserId|UserKey|userPrincipalName|servicePrincipalId|USER_ID|Username|sfdc_created_by_id|servicePrincipalName)$/,
      2,
      (value) => text(value) !== null,
    )
  );
}

function isNamed(value: unknown): boolean {
  if (!isObject(value)) return text(value) !== null;
  return some(
    value,
    /^(id|email|profileId|key|userPrincipalName|servicePrincipalId|appId|login|user_id|email_address|alternateId|displayName)$/,
    3,
    (inner) => text(inner) !== null,
  );
}

function some(
  raw: Raw,
  name: RegExp,
  depth: number,
  test: (value: unknown) => boolean,
  inside = /./,
): boolean {
  return Object.entries(raw).some(
    ([key, value]) =>
      (name.test(key) && test(value)) ||
      (depth > 0 &&
        isObject(value) &&
        inside.test(key) &&
        some(value, name, depth - 1, test, inside)),
  );
}

function checkInventory(rows: readonly Row[]): void {
  let understood = 0;
  let right = 0;
  let automations = 0;
  for (const row of rows) {
    const found = recognisedRows(row.raw);
    if (found.length === 0 || found.some((one) => one.found === null)) {
      failures.push(`inventory ${row.service} ${row.id}: not recognised`);
      continue;
    }
    understood++;
    if (found.every((one) => one.found?.platform.id === row.platform)) right++;
    else failures.push(`inventory ${row.service} ${row.id}: wrong platform`);
    for (const one of found) {
      if (one.found?.holds !== "state") continue;
      const facts = one.found.platform.inventory(one.row, one.found.service);
      automations += facts.filter(({ type }) => type === "automation").length;
    }
  }
  say(
    `State records: ${rows.length}, understood ${share(understood, rows.length)}, right platform ${share(right, rows.length)}, ${automations} automations in them`,
  );
}

function recognisedRows(raw: Raw): { row: Raw; found: Recognised | null }[] {
  const whole = recognise(raw, null);
  if (whole !== null) return [{ row: raw, found: whole }];
  const lists = pageLists(raw);
  if (lists.length === 0) return [{ row: raw, found: null }];
  return lists.flatMap(({ key, rows }) =>
    rows.filter(isObject).map((row) => ({ row, found: recognise(row, key) })),
  );
}

/** The same records plain, and then shuffled, doubled, gzipped and cut in three, must tell the same. */
async function checkScan(rows: readonly Row[]): Promise<void> {
  const place = await mkdtemp(join(tmpdir(), "singura-corpus-"));
  try {
    const lines = rows.map(({ raw }) => JSON.stringify(raw));
    const plain = await write(place, "plain.ndjson", `${lines.join("\n")}\n`);
    const random = prng(20_260_601);
    const doubled = [...lines, ...lines]
      .map((line) => ({ line, order: random.next() }))
      .sort((a, b) => a.order - b.order)
      .map(({ line }) => line);
    const third = Math.ceil(doubled.length / 3);
    const parts = await Promise.all(
      [0, 1, 2].map((n) =>
        write(
          place,
          `part-${n}.gz`,
          gzipSync(doubled.slice(n * third, (n + 1) * third).join("\n")),
        ),
      ),
    );
    const once = await report([plain], 1);
    const again = await report(parts, 2);
    const {
      records,
      events: read,
      inventory: state,
      quarantined,
      automations,
      findings,
    } = once.summary;
    say(
      `Scan: ${records} records, ${read} events, ${state} state rows, ${quarantined} quarantined, ${automations} automations, ${findings} findings`,
    );
    for (const { line, reason } of once.quarantine)
      failures.push(`quarantined line ${line}: ${reason}`);
    const isSame = JSON.stringify(told(once)) === JSON.stringify(told(again));
    say(
      `Shuffled, doubled, gzipped and cut in three: ${isSame ? "the same automations and findings" : "DIFFERENT"}`,
    );
    if (!isSame) failures.push("a shuffled, doubled, gzipped and cut corpus tells something else");
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function write(place: string, name: string, content: string | Uint8Array): Promise<string> {
  const path = join(place, name);
  await writeFile(path, content);
  return path;
}

async function report(paths: readonly string[], threads: number): Promise<Report> {
  return await scan.run(
    { clock: () => 0, onProgress: () => {}, onQuarantine: () => {} },
    {
      sources: await listSources(paths),
      filter: { since: null, until: null, platforms: null },
      threads,
      seed: 1,
      orgId: "corpus",
      timeZone: "UTC",
    },
  );
}

function told({ automations, findings }: Report): unknown {
  return {
    automations,
    findings: findings.map((finding) => ({
      ...finding,
      evidence: finding.evidence.map(({ path: _path, line: _line, ...rest }) => rest),
    })),
  };
}
