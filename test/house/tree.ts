/** The repository as the house rules see it: a map from path to text, real or invented. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** Path with forward slashes from the root of the repository -> text. */
export type Tree = ReadonlyMap<string, string>;

/** One broken rule, told to the person who has to mend it. */
export type Violation = string;

export type Rule = (tree: Tree) => Violation[];

/** Every text file that git keeps or would keep. */
export function readTree(root: string): Tree {
  const list = execFileSync("git", ["ls-files", "-z", "-co", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const tree = new Map<string, string>();
  for (const file of list.split("\0")) {
    const full = path.join(root, file);
    if (file === "" || !existsSync(full)) continue;
    const text = readFileSync(full, "utf8");
    // A zero byte is the mark of a binary file.
    if (!text.includes("\0")) tree.set(file, text);
  }
  return tree;
}

export function treeOf(files: Record<string, string>): Tree {
  return new Map(Object.entries(files));
}

export function isSource(file: string): boolean {
  return /\.(?:ts|tsx|mts|mjs|js)$/.test(file);
}

export function isTest(file: string): boolean {
  return /\.test\.tsx?$/.test(file) || file.startsWith("test/");
}

/** Names of the folders directly under a folder, in order. */
export function foldersIn(tree: Tree, folder: string): string[] {
  const names = new Set<string>();
  for (const file of tree.keys()) {
    if (!file.startsWith(`${folder}/`)) continue;
    const [name, ...rest] = file.slice(folder.length + 1).split("/");
    if (name !== undefined && rest.length > 0) names.add(name);
  }
  return [...names].sort();
}
