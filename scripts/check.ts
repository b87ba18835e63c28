/** The guard rails that `npm run check` runs side by side: format, lint, types, dead code and house rules. */
import { spawn } from "node:child_process";
import path from "node:path";

interface Step {
  name: string;
  args: string[];
}

interface Outcome {
  name: string;
  isPassed: boolean;
  output: string;
}

const modules = path.resolve(import.meta.dirname, "..", "node_modules");
const biome = path.join(modules, "@biomejs", "biome", "bin", "biome");
const strict = ["--error-on-warnings", "--max-diagnostics=50"];

const steps: Step[] = [
  { name: "format", args: [biome, "format", ...strict] },
  { name: "lint", args: [biome, "check", "--formatter-enabled=false", ...strict] },
  { name: "types", args: [path.join(modules, "typescript", "bin", "tsc")] },
  { name: "coverage", args: [path.resolve(import.meta.dirname, "coverage.ts"), "--check"] },
  { name: "dead code", args: [path.join(modules, "knip", "bin", "knip.js"), "--no-progress"] },
  {
    name: "house rules",
    args: [path.join(modules, "vitest", "vitest.mjs"), "run", "test/house", "--reporter=dot"],
  },
];

const startedMs = performance.now();
const outcomes = await Promise.all(steps.map(runStep));
const failed = outcomes.filter((outcome) => !outcome.isPassed);
for (const { name, output } of failed) say(`\n== ${name}\n${output.trimEnd()}`);
const verdict =
  failed.length === 0
    ? `all ${steps.length} steps passed`
    : `FAILED: ${failed.map(({ name }) => name).join(", ")}`;
say(`\ncheck: ${verdict} in ${secondsSince(startedMs)}`);
process.exitCode = failed.length === 0 ? 0 : 1;

function runStep({ name, args }: Step): Promise<Outcome> {
  const stepStartedMs = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", (error) => collect(Buffer.from(error.message)));
    child.on("close", (code) => {
      const isPassed = code === 0;
      say(`${isPassed ? "ok    " : "FAILED"}  ${name.padEnd(12)} ${secondsSince(stepStartedMs)}`);
      resolve({ name, isPassed, output });
    });
  });
}

function secondsSince(fromMs: number): string {
  return `${((performance.now() - fromMs) / 1000).toFixed(1)} s`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
