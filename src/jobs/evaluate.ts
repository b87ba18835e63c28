/** Measures quality: simulated or recorded records go the way of every scan, and what is found is held against labels. */

import type { Evaluation } from "#contract/quality.ts";
import type { Detector } from "#engine/detectors/detector.ts";
import type { ScanProgress } from "#jobs/scan.ts";
import { judgeRun } from "./evaluate/judge-run.ts";
import { type FilesInput, observeFiles } from "./evaluate/observe-files.ts";
import type { OnSeed, SeedRunner, WorldOptions } from "./evaluate/seeds.ts";
import { sumUp } from "./evaluate/sum-up.ts";
import type { Job } from "./job.ts";

export interface EvaluateDeps {
  readonly seeds: SeedRunner;
  readonly detectors: readonly Detector[];
  readonly onSeed: OnSeed;
  readonly onRead: (progress: ScanProgress) => void;
}

export interface EvaluateInput {
  readonly isAblated: boolean;
  readonly from:
    | ({ readonly kind: "simulation"; readonly seeds: readonly number[] } & Omit<
        WorldOptions,
        "seed"
      >)
    | ({ readonly kind: "files" } & FilesInput);
}

/** The same input gives the same figures, whatever the number of threads. */
export const evaluate: Job<EvaluateDeps, EvaluateInput, Evaluation> = {
  name: "evaluate",
  async run({ seeds: runner, detectors, onSeed, onRead }, { from, isAblated }) {
    if (from.kind === "files") {
      const observed = await observeFiles(from, onRead);
      const judged = judgeRun(observed, { detectors, isAblated });
      const settings: Evaluation["settings"] = {
        source: "files",
        seeds: [],
        automations: null,
        days: observed.days,
        stealth: null,
        attacks: null,
        detectors: detectors.length,
      };
      return sumUp([judged], settings, detectors);
    }
    const { seeds, automations, days, start, stealth, attacks } = from;
    const judged = await Promise.all(
      seeds.map((seed) =>
        runner.run({ seed, automations, days, start, stealth, attacks, isAblated }, onSeed),
      ),
    );
    const settings: Evaluation["settings"] = {
      source: "simulation",
      seeds: [...seeds],
      automations,
      days,
      stealth,
      attacks,
      detectors: detectors.length,
    };
    return sumUp(judged, settings, detectors);
  },
};
