/** Every benign look-alike in Slack, one line each. */

import type { Scenario } from "#simulator/stage.ts";
import { assistantIntroduced, backupStarts, dlpRollout, notetakerSpreads } from "./arrivals.ts";
import { approvedUpgrade, exportForLegal, handover, providerMoves, traveller } from "./changes.ts";
import {
  ciBurst,
  holidayOnCall,
  launchDay,
  massCleanUp,
  migrationWeek,
  monthEndFinance,
} from "./surges.ts";

export const lookalikes: readonly Scenario[] = [
  backupStarts,
  dlpRollout,
  notetakerSpreads,
  assistantIntroduced,
  migrationWeek,
  ciBurst,
  monthEndFinance,
  massCleanUp,
  launchDay,
  holidayOnCall,
  approvedUpgrade,
  providerMoves,
  traveller,
  exportForLegal,
  handover,
];
