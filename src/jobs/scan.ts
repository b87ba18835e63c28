/** The scan without a server: files to records, records to new events, events to profiles, profiles to findings, all to one report. */

import { PAGE_KEYS } from "#base/page.ts";
import { SeenSet } from "#base/seen-set.ts";
import type { Report, ReportQuarantine } from "#contract/report.ts";
import { assess } from "#engine/assess.ts";
import type { Calendar } from "#engine/calendar.ts";
import type { Detector } from "#engine/detectors/detector.ts";
import type { Observations } from "#engine/observe.ts";
import type { LeftOut } from "#engine/sigma/correlate/alerts.ts";
import { correlationsIn } from "#engine/sigma/correlate/correlations.ts";
import { factsOf, speakingDocuments } from "#engine/sigma/documents.ts";
import type { SigmaDocument } from "#engine/sigma/rule.ts";
import { Buffers } from "#kit/reading/buffers.ts";
import type { Source } from "#kit/reading/sources.ts";
import { BATCH_BYTES, type SplitResult, split } from "#kit/reading/split.ts";
import type { Job } from "./job.ts";
import { type Lanes, openLanes, type Reading } from "./scan/lanes.ts";
import type { Filter } from "./scan/read-batch.ts";
import { buildReport } from "./scan/report.ts";
import { book, newTally, type Tally } from "./scan/tally.ts";

export interface ScanProgress {
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly events: number;
  readonly path: string;
}

/** The world, as a scan needs it. */
export interface ScanDeps {
  /** Epoch milliseconds, for `generatedAt` and `durationMs` alone. */
  readonly clock: () => number;
  readonly onProgress: (progress: ScanProgress) => void;
  /** All quarantined records, in file order, as they are met. */
  readonly onQuarantine: (rows: readonly ReportQuarantine[]) => void;
  /** Matches that correlations of rules could not take into account; told once, where there are correlations. */
  readonly onLeftOut?: (counts: LeftOut) => void;
}

export interface ScanInput {
  readonly sources: readonly Source[];
  readonly filter: Filter;
  /** 1 reads in the calling thread; more are worker threads. */
  readonly threads: number;
  /** Secret seed of the duplicate filter's hash. It has no effect on the report. */
  readonly seed: number;
  readonly orgId: string;
  readonly timeZone: string;
  /** Where working days are not the usual ones. */
  readonly calendar?: Calendar;
  /** Where not all run with their defaults. */
  readonly detectors?: readonly Detector[];
  /** Sigma rules that every record is held against; their matches become findings. */
  readonly rules?: readonly SigmaDocument[];
}

/** Scans all sources and gives the report. Same input, same report, whatever the number of threads. */
export const scan: Job<ScanDeps, ScanInput, Report> = {
  name: "scan",
  async run(deps, input) {
    const startedAt = deps.clock();
    const { orgId, timeZone, calendar, detectors, rules = [], sources } = input;
    const { seen, tally, shapes, lastAt } = await observeSources(deps, input);
    const correlations = correlationsIn(rules);
    const assessment = assess(seen, {
      orgId,
      timeZone,
      now: lastAt,
      ...(calendar === undefined ? {} : { calendar }),
      ...(detectors === undefined ? {} : { detectors }),
      rules: speakingDocuments(rules).map(factsOf),
      correlations,
    });
    if (correlations.plans.length > 0) deps.onLeftOut?.(assessment.leftOut);
    return buildReport({
      sources,
      shapes,
      tally,
      assessment,
      generatedAt: deps.clock(),
      startedAt,
    });
  },
};

/** All that the sources say, before it is judged. */
export async function observeSources(
  deps: Pick<ScanDeps, "onProgress" | "onQuarantine">,
  input: Pick<ScanInput, "sources" | "filter" | "threads" | "seed" | "rules">,
): Promise<{ seen: Observations; tally: Tally; shapes: string[]; lastAt: number }> {
  const buffers = new Buffers(BATCH_BYTES);
  const lanes = openLanes({ ...input, rules: input.rules ?? [] }, (buffer) => buffers.give(buffer));
  try {
    const { tally, shapes } = await readAll(deps, input.sources, lanes, buffers);
    const seen = await lanes.finish();
    const lastAt = tally.sources.reduce((last, { to }) => Math.max(last, to ?? 0), 0);
    return { seen, tally, shapes, lastAt };
  } finally {
    await lanes.close();
  }
}

/**
 * Reads every source. Lanes read batches side by side, but what is new is decided here, batch after batch in the order
 * of the input: the first of two equal records counts, on every run and with any number of lanes.
 */
async function readAll(
  deps: Pick<ScanDeps, "onProgress" | "onQuarantine">,
  sources: readonly Source[],
  lanes: Lanes,
  buffers: Buffers,
): Promise<{ tally: Tally; shapes: string[] }> {
  const tally = newTally(sources);
  const filter = new SeenSet();
  const pending: Reading[] = [];
  const progress = { bytesRead: 0, events: 0 };
  const bytesTotal = sources.reduce((sum, { size }) => sum + size, 0);
  const shapes: string[] = [];

  async function settleFirst(): Promise<void> {
    const first = pending.shift();
    if (first === undefined) return;
    const summary = await first.summary;
    const isNew = newOnes(filter, summary.keys);
    const newEvents = isNew.subarray(0, summary.events).reduce((sum, one) => sum + one, 0);
    first.lane.settle(isNew);
    const path = sources[first.source]?.path ?? "";
    const rows = book(tally, first.source, path, summary, newEvents);
    if (rows.length > 0) deps.onQuarantine(rows);
    progress.events += newEvents;
    deps.onProgress({ ...progress, bytesTotal, path });
  }

  for (const [index, source] of sources.entries()) {
    const result: SplitResult = { shape: "empty" };
    const stream = source.open((bytes) => {
      progress.bytesRead += bytes;
    });
    for await (const batch of split(stream, index, PAGE_KEYS, result, buffers)) {
      pending.push(lanes.read(batch));
      while (pending.length >= lanes.batchesMax) await settleFirst();
    }
    shapes.push(result.shape);
  }
  while (pending.length > 0) await settleFirst();
  return { tally, shapes };
}

function newOnes(filter: SeenSet, keys: Uint32Array): Uint8Array<ArrayBuffer> {
  const isNew = new Uint8Array(keys.length / 2);
  for (let i = 0; i < isNew.length; i++) {
    isNew[i] = filter.add(keys[i * 2] ?? 0, keys[i * 2 + 1] ?? 0) ? 1 : 0;
  }
  return isNew;
}
