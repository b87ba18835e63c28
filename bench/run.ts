/** Runs one scan in a child process and gives what it measured of itself. */

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";

const Measured = z.object({
  records: z.number(),
  events: z.number(),
  duplicates: z.number(),
  quarantined: z.number(),
  automations: z.number(),
  findings: z.number(),
  service: z.string(),
  seconds: z.number(),
  cpuSeconds: z.number(),
  rssBytesMax: z.number(),
});
export type Measured = z.infer<typeof Measured>;

const SCRIPT = fileURLToPath(new URL("./one-scan.ts", import.meta.url));

export async function measured(threads: number, paths: readonly string[]): Promise<Measured> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [SCRIPT, String(threads), ...paths],
    { timeout: 20 * 60_000 },
  );
  return Measured.parse(JSON.parse(stdout));
}
