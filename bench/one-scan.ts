/** One scan in a process of its own, so that its peak memory can be told: prints what it counted and used as JSON. */

import { scan } from "#jobs/scan.ts";
import { listSources } from "#kit/reading/sources.ts";

const [threads = "1", ...paths] = process.argv.slice(2);
const startedAt = performance.now();
const report = await scan.run(
  { clock: Date.now, onProgress: () => {}, onQuarantine: () => {} },
  {
    sources: await listSources(paths),
    filter: { since: null, until: null, platforms: null },
    threads: Number(threads),
    seed: 1,
    orgId: "bench",
    timeZone: "UTC",
  },
);
const seconds = (performance.now() - startedAt) / 1_000;
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
const [source] = report.sources;
process.stdout.write(
  `${JSON.stringify({
    ...report.summary,
    service: source?.service,
    seconds,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    // Peak of the whole process, all its threads.
    rssBytesMax: maxRSS * 1_024,
  })}\n`,
);
