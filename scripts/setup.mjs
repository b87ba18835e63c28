/** Behind `npm start`, `npm test`, `npm run check` and `npm run fix`: sets up what is missing, then runs the wanted thing. */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { prepare, root, run, stop, whileLocked } from "./prepare.mjs";

const main = path.join(root, "src", "cli", "main.ts");
const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
const biome = path.join(root, "node_modules", "@biomejs", "biome", "bin", "biome");

/** @type {Record<string, (node: string, args: string[]) => Promise<number>>} */
const commands = {
  start,
  test: (node, args) => run(node, [vitest, "run", ...args]),
  check: (node, args) => run(node, [path.join(root, "scripts", "check.ts"), ...args]),
  fix: (node, args) => run(node, [biome, "check", "--write", ...args]),
};

setUp(process.argv[2] ?? "", process.argv.slice(3)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => stop(`Singura: ${error instanceof Error ? error.message : error}`),
);

/**
 * @param {string} name
 * @param {string[]} args
 */
async function setUp(name, args) {
  const command = commands[name];
  if (command === undefined) {
    return stop(`Use: node scripts/setup.mjs ${Object.keys(commands).join("|")}`);
  }
  process.chdir(root);
  const node = await prepare({ withDevelopmentPackages: name !== "start" });
  return command(node, args);
}

/**
 * Makes the sample workspace when there is none of this version, and scans it.
 *
 * @param {string} node
 * @param {string[]} args
 */
async function start(node, args) {
  const sample = path.join(".singura", "sample");
  const stampFile = path.join(".singura", "sample.stamp");
  const stamp = stampOf(["package.json", path.join("src", "simulator"), path.join("src", "cli")]);
  let code = 0;
  await whileLocked(async () => {
    if (fs.existsSync(sample) && readText(stampFile) === stamp) return;
    fs.rmSync(sample, { recursive: true, force: true });
    code = await run(node, [main, "sample", sample]);
    if (code === 0) fs.writeFileSync(stampFile, stamp);
  });
  return code === 0 ? run(node, [main, "scan", sample, ...args]) : code;
}

/**
 * One hash over files and folders, so that a newer program makes a newer sample.
 *
 * @param {string[]} places
 */
function stampOf(places) {
  const hash = createHash("sha256");
  for (const file of places.flatMap(filesUnder)) hash.update(file).update(fs.readFileSync(file));
  return hash.digest("hex");
}

/**
 * @param {string} place
 * @returns {string[]}
 */
function filesUnder(place) {
  if (!fs.existsSync(place)) return [];
  if (!fs.statSync(place).isDirectory()) return [place];
  return fs
    .readdirSync(place)
    .sort()
    .flatMap((name) => filesUnder(path.join(place, name)));
}

/** @param {string} file */
function readText(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
}
