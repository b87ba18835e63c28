/** One real Postgres for a whole run: started by the first test that asks for it, stopped and forgotten when the run ends. */
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { openEmbedded } from "#store/embedded.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Home folder of the run's Postgres. */
    postgresHome: string;
  }
}

export function setup(project: TestProject): () => Promise<void> {
  const home = mkdtempSync(path.join(tmpdir(), "singura-test-"));
  // The user that Postgres runs as when the tests run as root must be able to enter.
  chmodSync(home, 0o755);
  project.provide("postgresHome", home);
  return async () => {
    if (existsSync(path.join(home, "postgres"))) await (await openEmbedded({ home })).stop();
    rmSync(home, { recursive: true, force: true });
  };
}
