/** Every platform that the simulated company uses, one line each. */

import { google } from "./google/index.ts";
import { microsoft } from "./microsoft/index.ts";
import { slack } from "./slack/index.ts";
import type { SimulatedPlatform } from "./stage.ts";

export const platforms: readonly SimulatedPlatform[] = [slack, google, microsoft];
