/** Every platform that the simulated company uses, one line each. */

import { slack } from "./slack/index.ts";
import type { SimulatedPlatform } from "./stage.ts";

export const platforms: readonly SimulatedPlatform[] = [slack];
