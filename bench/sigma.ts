/**
 * How fast Sigma rules run, on one core: `node bench/sigma.ts [--rules FOLDER] [--events FILE.jsonl]`. Prints events a second of
 * processor time, so that a busy machine tells much the same as an idle one. With --rules it takes these instead of the shipped.
 */

import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Prng, prng } from "#base/prng.ts";
import type { Raw } from "#base/raw.ts";
import type { Platform } from "#contract/platform.ts";
import { CORRELATOR_DEFAULTS, correlator } from "#engine/sigma/correlate/correlator.ts";
import type { CorrelationPlan, Measure } from "#engine/sigma/correlate/plan.ts";
import { matcherOf } from "#engine/sigma/matcher.ts";
import { parseSigma } from "#engine/sigma/parse.ts";
import { opened } from "#engine/sigma/pipelines/pipelines.ts";
import type { SigmaRule } from "#engine/sigma/rule.ts";
import { recognise } from "#platforms/index.ts";
import { simulate } from "#simulator/simulate.ts";

const { values } = parseArgs({
  options: {
    rules: { type: "string" },
    runs: { type: "string", default: "5" },
    events: { type: "string", default: "100000" },
  },
});
const RUNS = Number(values.runs);
const EVENTS = Number(values.events);
const SEED = 42;

/** Logsource, the field that says what happened, and one that says more, as rules in use have them. */
const KINDS = [
  ["{product: azure, service: auditlogs}", "operationName", "properties.message"],
  ["{product: azure, service: signinlogs}", "ResultType", "AppDisplayName"],
  ["{product: m365, service: audit}", "Operation", "ObjectId"],
  ["{product: m365, service: exchange}", "Operation", "Parameters.Name"],
  ["{product: gcp, service: google_workspace.drive}", "eventName", "doc_title"],
  ["{product: gcp, service: google_workspace.token}", "eventName", "app_name"],
  ["{product: slack, service: audit}", "action", "entity.app.name"],
] as const;

const WORDS = ["admin", "export", "token", "share", "consent", "delete", "policy", "forward"];

interface Event {
  readonly record: Raw;
  readonly platform: Platform;
  readonly service: string;
}

const events = simulated();
const texts = events.map(({ record }) => JSON.stringify(record));
const parsing = median(RUNS, () => {
  for (const text of texts) JSON.parse(text);
});
print(`${events.length} records of a simulated company, ${Math.round(bytes() / 1e6)} MB as JSON`);
print(`JSON.parse of the same: ${perSecond(parsing)} events/s\n`);
print(
  "rules                       load     events/s   ns/event   × JSON.parse   matches   questions",
);

const folder = resolve(values.rules ?? join(import.meta.dirname, "..", "rules"));
const own = await rulesIn(folder);
run(
  `${own.rules.length} of ${values.rules === undefined ? "ours" : "the folder"}`,
  own.rules,
  own.ms,
);
for (const count of [300, 3_000]) {
  const text = generated(count);
  const started = performance.now();
  const rules = parsed(text);
  run(`${count} generated`, rules, performance.now() - started);
}
print(`\nmemory of the process: ${Math.round(process.memoryUsage().rss / 1e6)} MB`);

print("\ncorrelation                 events/s   open groups   alerts");
const SOURCES = ["a", "b"].map((id) => ({ kind: "rule" as const, id }));
const MEASURES: readonly Measure[] = [
  { is: "event_count", bounds: { gte: 30 } },
  { is: "value_count", bounds: { gte: 5 } },
  { is: "temporal_ordered", bounds: null, together: null },
];
for (const measure of MEASURES) correlate(measure);

function run(name: string, rules: readonly SigmaRule[], loadMs: number): void {
  const started = performance.now();
  const matcher = matcherOf(rules);
  let matches = 0;
  function all(): void {
    matches = 0;
    for (const { record, platform, service } of events) {
      matches += matcher(record, platform, service).length;
    }
  }
  all();
  const first = matches;
  const ready = performance.now() - started;
  const ms = median(RUNS, all);
  if (matches !== first) throw new Error("two runs over the same events matched differently");
  print(
    `${name.padEnd(22)} ${String(Math.round(loadMs)).padStart(6)} ms ${perSecond(ms).padStart(12)} ${String(Math.round((ms * 1e6) / events.length)).padStart(10)} ${(ms / parsing).toFixed(2).padStart(14)} ${String(matches).padStart(9)}   ready in ${Math.round(ready)} ms`,
  );
}

function correlate(measure: Measure): void {
  const groups = 100_000;
  const total = 1_000_000;
  const plan: CorrelationPlan = {
    id: "c",
    measure,
    sources: SOURCES,
    timespanMs: 3_600_000,
  };
  const random = prng(SEED);
  const names = Array.from({ length: groups }, (_, index) => [`user${index}@example.com`]);
  const picks = Int32Array.from({ length: total }, () => random.int(0, groups - 1));
  const running = correlator<number>([plan], { ...CORRELATOR_DEFAULTS, latenessMs: 60_000 });
  let alerts = 0;
  const before = process.cpuUsage();
  for (let index = 0; index < total; index++) {
    const pick = picks[index] ?? 0;
    running.add({
      // Alerts are rare in life; here some hundreds of a million matches raise one.
      rule: index % 1_000 === 0 ? "b" : "a",
      at: index * 2,
      id: `e${index}`,
      of: () => ({ group: names[pick] ?? [], value: `v${index % 4}` }),
      tag: index,
    });
    if (index % 10_000 === 9_999) alerts += running.changes().length;
  }
  const ms = cpuMs(before);
  const open = running.state().groups;
  print(
    `${measure.is.padEnd(22)} ${String(Math.round((total / ms) * 1000)).padStart(13)} ${String(open).padStart(13)} ${String(alerts).padStart(8)}`,
  );
}

function simulated(): Event[] {
  const world = simulate({
    seed: SEED,
    automations: 300,
    days: 7,
    start: Date.UTC(2026, 4, 4),
    stealth: 0.3,
    attacks: 0.04,
  });
  const found: Event[] = [];
  for (const batch of world.emissions()) {
    for (const { record } of batch) {
      const known = recognise(record, null);
      if (known === null || known.holds !== "events") continue;
      for (const event of opened(known.service, record)) {
        found.push({ record: event, platform: known.platform.id, service: known.service });
      }
      if (found.length >= EVENTS) return found;
    }
  }
  return found;
}

async function rulesIn(path: string): Promise<{ rules: SigmaRule[]; ms: number }> {
  const names = (await readdir(path, { recursive: true })).filter(
    (name) => name.endsWith(".yml") && !name.endsWith(".test.yml"),
  );
  const files = await Promise.all(names.sort().map((name) => readFile(join(path, name), "utf8")));
  const started = performance.now();
  const rules = files.flatMap(parsed);
  return { rules, ms: performance.now() - started };
}

function parsed(text: string): SigmaRule[] {
  return parseSigma(text).documents.filter((one) => one.kind === "rule");
}

/** Rules of the usual shape: what happened, by whom or with what, and not what is known to be harmless. */
function generated(count: number): string {
  const random = prng(SEED);
  const actions = namesIn();
  return Array.from({ length: count }, (_, index) => {
    const [logsource, action, more] = random.pick(KINDS);
    const happened = Array.from({ length: random.int(1, 4) }, () =>
      // One in ten is a thing that really happens here; the rest are as rare as most rules are.
      random.int(0, 9) === 0
        ? random.pick(actions)
        : `${random.pick(WORDS)} number ${random.int(0, 99_999)}`,
    );
    const detail = `${random.pick(WORDS)}${random.int(0, 999)}`;
    return [
      `title: Generated ${index}`,
      `logsource: ${logsource}`,
      "detection:",
      `  selection: {${action}: ${JSON.stringify(happened)}}`,
      `  detail: {${more}|contains: ${JSON.stringify([detail, random.pick(WORDS)])}}`,
      `  filter: {${more}|startswith: ${JSON.stringify(`known ${random.int(0, 99)}`)}}`,
      `  condition: ${shape(random)}`,
    ].join("\n");
  }).join("\n---\n");
}

function shape(random: Prng): string {
  return random.pick([
    "selection",
    "selection and not filter",
    "selection and detail",
    "selection and detail and not filter",
  ]);
}

/** What happens in the simulated company, in the vendors' words. */
function namesIn(): string[] {
  const names = new Set<string>();
  for (const { record } of events) {
    for (const key of ["action", "Operation", "activityDisplayName"]) {
      const value = record[key];
      if (typeof value === "string") names.add(value);
    }
  }
  return [...names].sort();
}

/** Milliseconds of processor time, the median of several runs. */
function median(runs: number, work: () => void): number {
  const all = Array.from({ length: runs }, () => {
    const before = process.cpuUsage();
    work();
    return cpuMs(before);
  }).sort((a, b) => a - b);
  return all[Math.floor(all.length / 2)] ?? 0;
}

function cpuMs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

function perSecond(ms: number): string {
  return String(Math.round((events.length / ms) * 1_000));
}

function bytes(): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
