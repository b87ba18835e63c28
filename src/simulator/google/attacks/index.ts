/** Every attack script of Google Workspace. */

import type { Scenario } from "#simulator/stage.ts";
import { aiAbuse } from "./ai.ts";
import { consents } from "./consent.ts";
import { delegation } from "./delegation.ts";
import { doors } from "./doors.ts";
import { giving } from "./giving.ts";
import { scripts } from "./scripts.ts";
import { stolen } from "./stolen.ts";

export const attacks: readonly Scenario[] = [
  ...consents,
  ...stolen,
  ...delegation,
  ...scripts,
  ...giving,
  ...doors,
  ...aiAbuse,
];
