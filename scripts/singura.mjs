#!/usr/bin/env node
/** The `singura` command of a clone: sets up what is missing, then runs the program under a Node that can. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { prepare, root, run, stop } from "./prepare.mjs";

const main = path.join(root, "src", "cli", "main.ts");

start().catch((error) => stop(`Singura: ${error instanceof Error ? error.message : error}`));

async function start() {
  const node = await prepare({ withDevelopmentPackages: false });
  if (node === process.execPath) {
    // The same process goes on, so that a start costs one Node and not two.
    process.argv[1] = main;
    await import(pathToFileURL(main).href);
    return;
  }
  process.exitCode = await run(node, [main, ...process.argv.slice(2)]);
}
