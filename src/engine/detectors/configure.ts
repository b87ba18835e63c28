/** Detectors with an organization's own thresholds bound in; a threshold that does not exist or does not fit is refused. */

import type { Settings } from "#contract/settings.ts";
import type { Detector } from "./detector.ts";

/** A setting that cannot be meant; `path` is where it stands in the settings. */
export class UnfitSetting extends Error {
  readonly path: string;

  constructor(path: string, why: string) {
    super(`${path}: ${why}`);
    this.path = path;
  }
}

/** The detectors that run, each with its options. Throws UnfitSetting. */
export function configured(
  detectors: readonly Detector[],
  settings: Settings["detectors"] = {},
): Detector[] {
  const known = new Map(detectors.map((detector) => [detector.id, detector]));
  for (const id of Object.keys(settings)) {
    if (known.has(id)) continue;
    throw new UnfitSetting(
      `detectors.${id}`,
      `there is no such detector; there are ${[...known.keys()].sort().join(", ")}`,
    );
  }
  return detectors.flatMap((detector) => {
    const own = settings[detector.id];
    if (own?.isEnabled === false) return [];
    if (own?.options === undefined) return [detector];
    const options = fitted(detector.options, own.options, `detectors.${detector.id}.options`);
    return [detector.withOptions(options)];
  });
}

/** The defaults with the overrides in their places; each override must be of the kind of its default. */
function fitted(
  defaults: Readonly<Record<string, unknown>>,
  overrides: Readonly<Record<string, unknown>>,
  path: string,
): Record<string, unknown> {
  const found: Record<string, unknown> = { ...defaults };
  for (const [name, value] of Object.entries(overrides)) {
    const here = `${path}.${name}`;
    if (!Object.hasOwn(defaults, name)) {
      const names = Object.keys(defaults).sort().join(", ") || "none";
      throw new UnfitSetting(here, `there is no such option; there are: ${names}`);
    }
    found[name] = fit(defaults[name], value, here);
  }
  return found;
}

function fit(standard: unknown, value: unknown, path: string): unknown {
  if (typeof standard === "number") {
    if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
    throw new UnfitSetting(path, `a number from 0 on is wanted, as ${standard}, the default`);
  }
  if (isRecord(standard) && isRecord(value)) return fitted(standard, value, path);
  if (Array.isArray(standard) && Array.isArray(value)) return value;
  if (typeof standard === typeof value && !isRecord(standard) && !Array.isArray(standard)) {
    return value;
  }
  throw new UnfitSetting(path, `write it as the default is written: ${JSON.stringify(standard)}`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
