/** What package.json and the lock file promise: the same packages on every machine, from whatever registry it uses. */
import type { Rule, Violation } from "#test/house/tree.ts";

interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  engines?: { node?: string };
}

interface Lock {
  packages?: Record<string, LockEntry>;
}

interface LockEntry {
  version?: string;
  resolved?: string;
  integrity?: string;
  optional?: boolean;
  cpu?: string | string[];
  optionalDependencies?: Record<string, string>;
}

/** Versions are exact, and Node 18 is enough to begin with. */
export const manifestRule: Rule = (tree) => {
  const manifest: Manifest = JSON.parse(tree.get("package.json") ?? "{}");
  const violations: Violation[] = [];
  for (const kind of ["dependencies", "devDependencies", "optionalDependencies"] as const) {
    for (const [name, version] of Object.entries(manifest[kind] ?? {})) {
      if (!/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)) {
        violations.push(`package.json: ${name} is "${version}", not one exact version`);
      }
    }
  }
  if (manifest.engines?.node !== ">=18") {
    violations.push('package.json: engines.node must be ">=18", or npm refuses to begin');
  }
  return violations;
};

/** The lock file is there, names no registry, and agrees with package.json. */
export const lockRule: Rule = (tree) => {
  const text = tree.get("package-lock.json");
  if (text === undefined) return ["package-lock.json: missing"];
  const { packages = {} }: Lock = JSON.parse(text);
  const manifest: Manifest = JSON.parse(tree.get("package.json") ?? "{}");
  const places = Object.keys(packages);
  const violations: Violation[] = [];
  for (const [name, entry] of Object.entries(packages)) {
    if (entry.resolved !== undefined) violations.push(`package-lock.json: ${name} has "resolved"`);
    // scripts/complete-lock.ts writes builds for other machines without a hash when the mirror lacks them.
    const isForeignBuild = entry.optional === true && entry.cpu !== undefined;
    if (name !== "" && entry.integrity === undefined && !isForeignBuild) {
      violations.push(`package-lock.json: ${name} has no integrity hash`);
    }
    for (const build of Object.keys(entry.optionalDependencies ?? {})) {
      if (places.some((place) => place.endsWith(`node_modules/${build}`))) continue;
      violations.push(
        `package-lock.json: ${build} is missing and npm ci refuses that; run node_modules/.bin/node scripts/complete-lock.ts`,
      );
    }
  }
  const wanted = {
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
  };
  for (const [name, version] of Object.entries(wanted)) {
    const locked = packages[`node_modules/${name}`]?.version;
    if (locked !== version) {
      violations.push(`package-lock.json: ${name} is ${locked ?? "missing"}, not ${version}`);
    }
  }
  return violations;
};
