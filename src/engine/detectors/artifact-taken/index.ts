/** Notes build jobs that fetch what other runs left behind, where poisoned builds travel and secrets leak. */

import { actsIn, evidenceFor } from "#engine/detectors/acts.ts";
import { defineDetector } from "#engine/detectors/detector.ts";
import { nameOf, succeeded } from "#engine/detectors/trust.ts";
import { listing, onDay } from "#engine/detectors/window.ts";

const options = {
  /** Builds that hand things from job to job do so every day. */
  routineDaysMin: 2,
  /** Downloading what a build made is everyday work; it is kept for chains, and for who looks for it. */
  severities: { info: 1 },
  /** By itself it says next to nothing. */
  confidence: 0.1,
};

export const artifactTaken = defineDetector({
  id: "artifact-taken",
  title: "A build job fetched artifacts",
  techniques: ["T28"],
  attackType: "data_exfiltration",
  severity: "info",
  platforms: ["github"],
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    const { automation } = view;
    if (automation === null) return [];
    const entries = view.timeline.filter(
      (entry) => entry.change.kind === "artifact_taken" && succeeded(entry),
    );
    return actsIn(entries, () => "artifacts").flatMap((acts) => {
      const steps = [...new Set(acts.entries.map(({ change }) => change.detail ?? ""))].sort();
      return evidenceFor(
        acts,
        {
          reasons: [
            { points: 1, words: "artifacts hold what an earlier run built, secrets and all" },
          ],
          explain: (because) =>
            `The job ${nameOf(automation)} fetched artifacts of another run ${onDay(acts.day)} (${listing(steps)}).${because} ` +
            "Builds that pass things on do so in every run; one that starts to is worth a glance, since an artifact of somebody else's pull request may be made to harm.",
        },
        limits,
      );
    });
  },
});
