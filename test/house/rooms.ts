/** Who may import whom: the floors of the house as one table, and the rule that reads it. */
import { builtinModules } from "node:module";
import path from "node:path";
import { type Import, moduleOf } from "#test/house/module.ts";
import { isSource, isTest, type Rule, type Tree, type Violation } from "#test/house/tree.ts";

interface Room {
  floor: number;
  /** Rooms it may import besides itself. */
  may: readonly string[];
  /** No I/O, no clock, no randomness: time and seed are arguments. */
  isPure?: true;
  /** Built-in modules that a pure room may use although they reach the machine. */
  builtins?: readonly string[];
  /** May not use any package from npm. */
  isBare?: true;
  /** Each folder inside is a house of its own and never meets its neighbours. */
  hasSeparateFolders?: true;
}

const engineering = ["base", "contract", "catalog", "kit"];
const working = ["engine", "platforms", "store", "notify", "report", "simulator"];

/** A new room is one row here. */
export const rooms: Readonly<Record<string, Room>> = {
  base: { floor: 1, may: [], isPure: true, isBare: true, builtins: ["crypto"] },
  contract: { floor: 2, may: ["base"], isPure: true },
  catalog: { floor: 2, may: ["base", "contract"], isPure: true },
  kit: { floor: 2, may: ["base"] },
  engine: { floor: 3, may: ["base", "contract", "catalog"], isPure: true },
  platforms: { floor: 3, may: engineering, hasSeparateFolders: true },
  store: { floor: 3, may: ["base", "contract", "kit"] },
  notify: { floor: 3, may: ["base", "contract", "kit"] },
  report: { floor: 3, may: ["base", "contract", "catalog"], isPure: true },
  simulator: { floor: 3, may: ["base", "contract"], isPure: true },
  jobs: { floor: 4, may: [...engineering, ...working] },
  api: { floor: 5, may: [...engineering, ...working, "jobs"] },
  cli: { floor: 6, may: [...engineering, ...working, "jobs", "api"] },
};

/** package.json, for the version. */
const MANIFEST = "#manifest";

/** The page meets the rest over HTTP and shares only the words. */
const webMay = ["contract"];

/** Packages with one home, so that replacing one touches one place. */
const homes: Readonly<Record<string, readonly string[]>> = {
  fastify: ["src/api/"],
  bullmq: ["src/jobs/queue.ts", "src/jobs/worker.ts"],
  kysely: ["src/store/"],
  pg: ["src/store/"],
  "pg-copy-streams": ["src/store/backup.ts"],
  pino: ["src/kit/log.ts"],
  commander: ["src/cli/"],
  react: ["web/"],
};

const worldly = new Set(
  "child_process cluster crypto dgram dns fs http http2 https inspector net os perf_hooks process readline repl sqlite timers tls tty worker_threads".split(
    " ",
  ),
);

/** Imports go down only, rooms of one floor never meet, and pure rooms never touch the world. */
export const roomRule: Rule = (tree) => {
  const violations: Violation[] = [];
  for (const [file, text] of tree) {
    if (!isSource(file) || !(file.startsWith("src/") || file.startsWith("web/"))) continue;
    const room = roomOf(file);
    if (room !== "web" && rooms[room] === undefined) {
      violations.push(`${file}: "${room}" is no room of the house; every file lives in one`);
      continue;
    }
    for (const found of moduleOf(file, text).imports) {
      const why = objection(tree, file, room, found);
      if (why !== undefined) violations.push(`${file}:${found.line}: ${found.specifier}: ${why}`);
    }
  }
  return violations;
};

function objection(tree: Tree, file: string, room: string, { specifier }: Import) {
  const target = resolve(file, specifier);
  if (specifier === MANIFEST) return room === "cli" ? undefined : "only cli reads package.json";
  if (target === undefined) return outsideObjection(file, room, specifier);
  if (specifier.startsWith("../")) return "leave your folder by #room/..., never by ../";
  if (!tree.has(target)) return `there is no ${target}`;
  if (target.startsWith("test/")) return isTest(file) ? undefined : "only tests import test/";

  const targetRoom = roomOf(target);
  if (targetRoom === room) return neighbourObjection(file, room, target);
  const may = room === "web" ? webMay : (rooms[room]?.may ?? []);
  if (may.includes(targetRoom)) return undefined;
  return `${room} may import ${may.join(", ") || "nothing"}`;
}

function neighbourObjection(file: string, room: string, target: string) {
  if (rooms[room]?.hasSeparateFolders !== true) return undefined;
  const from = folderInRoom(file);
  const to = folderInRoom(target);
  if (from === undefined || to === undefined || from === to) return undefined;
  return `${room}/${from} and ${room}/${to} never meet`;
}

function outsideObjection(file: string, room: string, specifier: string) {
  const builtin = builtinOf(specifier);
  const rules = rooms[room];
  if (builtin !== undefined) {
    if (room === "web") return "the page runs in a browser";
    if (rules?.isPure !== true || isTest(file) || !worldly.has(builtin)) return undefined;
    if (rules.builtins?.includes(builtin)) return undefined;
    return `${room} is pure: no I/O, no clock, no randomness`;
  }
  if (rules?.isBare === true && !isTest(file)) return `${room} imports nothing`;
  const home = homes[packageOf(specifier)];
  if (home === undefined || home.some((place) => file.startsWith(place))) return undefined;
  return `only ${home.join(" and ")} may import it`;
}

/** The file that a specifier names, or undefined when it is a package. */
export function resolve(file: string, specifier: string): string | undefined {
  if (specifier.startsWith("./") || specifier.startsWith("../")) {
    return path.posix.join(path.posix.dirname(file), specifier);
  }
  if (/^#(?:web|test)\//.test(specifier)) return specifier.slice(1);
  return specifier.startsWith("#") ? `src/${specifier.slice(1)}` : undefined;
}

/** "src/engine/score.ts" -> "engine"; "web/main.tsx" -> "web". */
function roomOf(file: string): string {
  const [top = "", second = ""] = file.split("/");
  return top === "src" ? second : top;
}

/** "src/platforms/slack/index.ts" -> "slack"; a file directly in the room has none. */
function folderInRoom(file: string): string | undefined {
  const parts = file.split("/");
  return parts.length > 3 ? parts[2] : undefined;
}

function builtinOf(specifier: string): string | undefined {
  const name = specifier.replace(/^node:/, "").split("/")[0] ?? "";
  return specifier.startsWith("node:") || builtinModules.includes(specifier) ? name : undefined;
}

function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}
