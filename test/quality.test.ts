/** Detection stays as good as it was: one small company of a seed that nobody tunes on, held against a checked-in baseline. */
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { Evaluation } from "#contract/quality.ts";
import { detectors } from "#engine/detectors/index.ts";
import { belowBaseline } from "#engine/quality/floors.ts";
import { readBaseline } from "#jobs/evaluate/read-truth.ts";
import { inlineSeeds } from "#jobs/evaluate/seeds.ts";
import { evaluate } from "#jobs/evaluate.ts";
import { simulate } from "#simulator/simulate.ts";

/** The floors: raised when detection gets better, never lowered to let a change pass. */
const BASELINE = path.resolve(import.meta.dirname, "quality", "baseline.json");

let evaluation: Evaluation;
beforeAll(async () => {
  evaluation = await evaluate.run(
    { seeds: inlineSeeds(simulate, detectors), detectors, onSeed: () => {}, onRead: () => {} },
    {
      isAblated: false,
      from: {
        kind: "simulation",
        // Seeds 1 to 20 are for tuning, 101 to 110 for reporting.
        seeds: [901],
        automations: 300,
        days: 14,
        start: Date.UTC(2026, 4, 4),
        stealth: 0.3,
        attacks: 0.08,
      },
    },
  );
});

describe("quality", () => {
  it("is told in the shape that the contract describes", () => {
    expect(Evaluation.parse(evaluation)).toEqual(evaluation);
  });
  it("reaches every floor of the baseline", async () => {
    expect(belowBaseline(evaluation.summary, await readBaseline(BASELINE))).toEqual([]);
  });
});

describe("docs/quality.md", () => {
  it("is what the stored evaluations give, with its pictures", async () => {
    const script = path.resolve(import.meta.dirname, "..", "scripts", "quality.ts");
    const { stderr } = await promisify(execFile)(process.execPath, [script, "--check"]);
    expect(stderr).toBe("");
  });
});

describe("a metric is honest", () => {
  it("true and false positives and negatives add up to all subjects, in every group", () => {
    for (const { figures } of evaluation.runs) {
      const { total, automations, people, byPlatform, byAttackType } = figures;
      const groups = [total, automations, people, ...Object.values(byPlatform)];
      for (const { subjects, tp, fp, fn, tn } of [...groups, ...Object.values(byAttackType)]) {
        expect((tp ?? 0) + (fp ?? 0) + (fn ?? 0) + (tn ?? 0)).toBe(subjects);
      }
      expect((automations.subjects ?? 0) + (people.subjects ?? 0)).toBe(total.subjects);
    }
  });
  it("every platform and every kind of attack is in the world that is measured", () => {
    const { byPlatform, byAttackType } = evaluation.summary;
    expect(Object.keys(byPlatform).sort()).toEqual(["google", "microsoft", "slack"]);
    expect(Object.keys(byAttackType)).toHaveLength(6);
  });
  it("every simulated record is one that Singura reads", () => {
    expect(evaluation.runs.map(({ records }) => records.unread)).toEqual([0]);
  });
  it("a missing baseline fails the check instead of skipping it", async () => {
    await expect(readBaseline(`${BASELINE}.missing`)).rejects.toThrow(/Cannot read the baseline/);
  });
});
