/** Every detector that the engine runs, one line each. */

import type { Detector } from "./detector.ts";
import { velocity } from "./velocity/index.ts";

export const detectors: readonly Detector[] = [velocity];
