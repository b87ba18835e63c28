/** Slack's side of the simulation: its automations and people, what attacks them, and what only looks so. */

import type { SimulatedPlatform } from "#simulator/stage.ts";
import { attacks } from "./attacks/index.ts";
import { castOf } from "./cast.ts";
import { lookalikes } from "./lookalikes/index.ts";
import { peopleOf } from "./people.ts";
import { stateOf } from "./state.ts";

export const slack: SimulatedPlatform = {
  platform: "slack",
  cast: castOf,
  people: peopleOf,
  state: stateOf,
  attacks,
  lookalikes,
};
