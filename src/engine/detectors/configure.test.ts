/** An organization's own thresholds take the place of the defaults; a slip of the pen is refused with its place. */

import { describe, expect, it } from "vitest";
import { SECOND_MS } from "#base/time.ts";
import { app, at, event, findingsOf, repeat } from "#engine/testing.ts";
import { configured, UnfitSetting } from "./configure.ts";
import { detectors } from "./index.ts";

function only(id: string, settings: Parameters<typeof configured>[1]) {
  const found = configured(detectors, settings).find((detector) => detector.id === id);
  if (found === undefined) throw new Error(`${id} does not run`);
  return found;
}

const helper = app("C-1", { name: "File Helper" });
const take = (day: number, times: number) =>
  repeat(times, SECOND_MS, () =>
    event("google", "download", { at: at(day, 2), class: "download", automation: helper }),
  );
const story = {
  events: [...Array.from({ length: 12 }, (_, day) => take(day, 4)).flat(), ...take(13, 30)],
};

describe("settings of detectors", () => {
  it("a lower floor makes a detector speak where it was silent", () => {
    expect(findingsOf(only("mass-download", {}), story)).toEqual([]);
    const strict = only("mass-download", { "mass-download": { options: { filesMin: 20 } } });
    expect(findingsOf(strict, story)).toHaveLength(1);
  });

  it("one detector's settings leave the others and the list as they were", () => {
    const all = configured(detectors, { "mass-download": { options: { filesMin: 20 } } });
    expect(all.map(({ id }) => id)).toEqual(detectors.map(({ id }) => id));
    expect(only("mass-download", {}).options.filesMin).toBe(40);
  });

  it("a detector that is switched off does not run", () => {
    const ids = configured(detectors, { velocity: { isEnabled: false } }).map(({ id }) => id);
    expect(ids).not.toContain("velocity");
  });

  it.each<[string, Parameters<typeof configured>[1], string]>([
    ["an unknown detector", { "mass-downlaod": {} }, "detectors.mass-downlaod"],
    [
      "an unknown option",
      { velocity: { options: { speed: 1 } } },
      "detectors.velocity.options.speed",
    ],
    [
      "a text for a number",
      { "mass-download": { options: { filesMin: "many" } } },
      "detectors.mass-download.options.filesMin",
    ],
    [
      "a number below zero, deep inside",
      { "mass-download": { options: { severities: { high: -1 } } } },
      "detectors.mass-download.options.severities.high",
    ],
  ])("%s is refused, with its place", (_what, settings, path) => {
    expect(() => configured(detectors, settings)).toThrow(UnfitSetting);
    expect(() => configured(detectors, settings)).toThrow(path);
  });

  it("every detector takes its own defaults as settings", () => {
    for (const { id, options } of detectors) {
      expect(only(id, { [id]: { options } }).options).toEqual(options);
    }
  });
});
