/** The Google Workspace side of the simulation. */

import type { SimulatedPlatform } from "#simulator/stage.ts";
import { attacks } from "./attacks/index.ts";
import { castOf } from "./cast.ts";
import { lookalikes } from "./lookalikes/index.ts";
import { peopleOf } from "./people.ts";
import { stateOf } from "./state.ts";

export const google: SimulatedPlatform = {
  platform: "google",
  cast: castOf,
  people: peopleOf,
  state: stateOf,
  attacks,
  lookalikes,
};
