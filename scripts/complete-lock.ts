/**
 * Completes package-lock.json where a registry mirror lacks the builds of a tool for other machines.
 *
 * npm leaves such a package out of the lock file without a word, and `npm ci` then refuses the file. The entry
 * written here names the version and the machine; npm on that machine fetches it, npm on any other skips it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

interface Entry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

interface Lock {
  packages: Record<string, Entry>;
}

const systems = "aix android darwin freebsd linux netbsd openbsd openharmony sunos win32".split(
  " ",
);
const processors = "arm arm64 ia32 loong64 mips64el ppc64 riscv64 s390x wasm32 x64".split(" ");

const file = path.resolve(import.meta.dirname, "..", "package-lock.json");
const lock: Lock = JSON.parse(readFileSync(file, "utf8"));
const added: string[] = [];

for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`;
    const isElsewhere = Object.keys(lock.packages).some((key) => key.endsWith(place));
    if (isElsewhere || !/^\d+\.\d+\.\d+/.test(version)) continue;
    const machine = machineOf(name);
    if (machine === undefined) throw new Error(`${name} names no machine; is the registry whole?`);
    const addition = { ...machine, ...(entry.dev === true && { dev: true }), optional: true };
    // npm writes the keys in this order, and its next run must find nothing to rewrite.
    lock.packages[place] = { version, ...sorted(addition) };
    added.push(place);
  }
}

if (added.length > 0) {
  lock.packages = sorted(lock.packages);
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
process.stdout.write(`${added.length} entries added to package-lock.json\n`);

/** "@scope/tool-linux-arm-gnueabihf" -> os linux, cpu arm, libc glibc. */
function machineOf(name: string): Pick<Entry, "os" | "cpu" | "libc"> | undefined {
  const parts = name.split(/[/-]/);
  const os = systems.find((system) => parts.includes(system));
  const cpu = processors.find((processor) => parts.includes(processor));
  if (cpu === undefined || (os === undefined && cpu !== "wasm32")) return undefined;
  const libc = parts.some((part) => part.startsWith("musl"))
    ? "musl"
    : parts.some((part) => part.startsWith("gnu"))
      ? "glibc"
      : undefined;
  return {
    cpu: [cpu],
    ...(os !== undefined && { os: [os] }),
    ...(libc !== undefined && { libc: [libc] }),
  };
}

function sorted<T extends object>(record: T): T {
  const entries = Object.entries(record).sort(([a], [b]) => a.localeCompare(b, "en"));
  return Object.fromEntries(entries) as T;
}
