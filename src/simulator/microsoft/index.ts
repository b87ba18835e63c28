/** The Microsoft 365 and Entra side of the simulation. */

import type { SimulatedPlatform } from "#simulator/stage.ts";
import { attacks } from "./attacks/index.ts";
import { cast } from "./cast.ts";
import { lookalikes } from "./lookalikes/index.ts";
import { people } from "./people.ts";
import { state } from "./state.ts";

export const microsoft: SimulatedPlatform = {
  platform: "microsoft",
  cast,
  people,
  state,
  attacks,
  lookalikes,
};
