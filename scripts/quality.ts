/**
 * Writes docs/quality.md and its pictures out of the evaluations in bench/quality: `node scripts/quality.ts`. With --measure
 * it measures them first, all or those named with --only: `node scripts/quality.ts --measure --only peace`. --draft measures
 * a small part of it, for a first look. --check writes nothing and fails where the page is not what the evaluations give.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { Evaluation } from "#contract/quality.ts";
import { detectors } from "#engine/detectors/index.ts";
import { threadedSeeds } from "#jobs/evaluate/seeds.ts";
import { evaluate } from "#jobs/evaluate.ts";
import {
  curvePicture,
  type MeasuredQuality,
  qualityPage,
  stealthPicture,
} from "#report/quality-page.ts";

const root = path.resolve(import.meta.dirname, "..");
const store = path.join(root, "bench", "quality");

/** Nobody tunes on these. */
const SEEDS = [101, 102, 103, 104, 105, 106, 107, 108, 109, 110] as const;

const { values } = parseArgs({
  options: {
    measure: { type: "boolean", default: false },
    only: { type: "string", multiple: true, default: [] },
    draft: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
    threads: { type: "string", default: String(availableParallelism()) },
  },
});

interface World {
  readonly seeds: readonly number[];
  readonly automations: number;
  readonly days: number;
  readonly attacks: number;
  readonly isAblated: boolean;
}
const WORLD: World = {
  seeds: values.draft ? SEEDS.slice(0, 2) : SEEDS,
  automations: values.draft ? 300 : 2_000,
  days: 30,
  attacks: 0.04,
  isAblated: false,
};

interface Part {
  readonly name: string;
  readonly world: World & { readonly stealth: number };
}

/** The stealths that have targets are measured at full size; the others only show how the figures fall. */
const FEWER: Partial<World> = values.draft ? {} : { seeds: SEEDS.slice(0, 4), automations: 1_000 };
const byStealth: readonly Part[] = [0, 0.3, 0.5, 0.7, 0.9].map((stealth) => ({
  name: `stealth-${stealth}`,
  world: { ...WORLD, ...(stealth === 0.3 || stealth === 0.7 ? {} : FEWER), stealth },
}));
const peace: Part = { name: "peace", world: { ...WORLD, stealth: 0.3, attacks: 0 } };
/** Everything is judged once for each detector that spoke, so the worlds are fewer and smaller, and the attacks denser. */
const ablation: Part = {
  name: "ablation",
  world: {
    seeds: SEEDS.slice(0, values.draft ? 1 : 3),
    automations: values.draft ? 300 : 500,
    days: 30,
    attacks: 0.12,
    stealth: 0.3,
    isAblated: true,
  },
};

if (values.measure) {
  await mkdir(store, { recursive: true });
  for (const part of [...byStealth, peace, ablation]) {
    if (values.only.length === 0 || values.only.includes(part.name)) await measure(part);
  }
}
const measured: MeasuredQuality = {
  byStealth: await Promise.all(byStealth.map(stored)),
  peace: await stored(peace),
  ablation: await stored(ablation),
  // Written by hand where a target is missed.
  notes: await readFile(path.join(store, "notes.md"), "utf8").catch(() => ""),
};
const pages = new Map([
  ["docs/quality.md", qualityPage(measured)],
  ["docs/images/quality-curve.svg", curvePicture(measured.byStealth)],
  ["docs/images/quality-stealth.svg", stealthPicture(measured.byStealth)],
]);
for (const [file, content] of pages) {
  if (!values.check) await writeFile(path.join(root, file), content);
  else if ((await readFile(path.join(root, file), "utf8")) !== content) {
    process.stderr.write(
      `${file} is not what bench/quality gives: node scripts/quality.ts writes it\n`,
    );
    process.exitCode = 1;
  }
}
if (!values.check) process.stdout.write(`Wrote ${[...pages.keys()].join(", ")}\n`);

/** The single runs are left out of what is stored: a seed gives them again. */
async function measure({ name, world }: Part): Promise<void> {
  const startedMs = performance.now();
  const { isAblated, ...from } = world;
  const evaluation = await evaluate.run(
    {
      seeds: threadedSeeds(Number(values.threads)),
      detectors,
      onSeed: () => {},
      onRead: () => {},
    },
    { isAblated, from: { kind: "simulation", start: Date.UTC(2026, 4, 4), ...from } },
  );
  const file = path.join(store, `${name}.json`);
  await writeFile(file, `${JSON.stringify({ ...evaluation, runs: [] }, null, 1)}\n`);
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  process.stdout.write(`Measured ${name} in ${seconds} s\n`);
}

async function stored({ name }: Part): Promise<Evaluation> {
  return Evaluation.parse(JSON.parse(await readFile(path.join(store, `${name}.json`), "utf8")));
}
