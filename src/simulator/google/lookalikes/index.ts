/** Every benign look-alike of Google Workspace. */

import type { Scenario } from "#simulator/stage.ts";
import { byHand } from "./people.ts";
import { rollouts } from "./rollouts.ts";
import { seasons } from "./seasons.ts";

export const lookalikes: readonly Scenario[] = [...rollouts, ...seasons, ...byHand];
