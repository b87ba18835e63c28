/** All look-alikes of the Microsoft side: honest days that careless detectors take for attacks. */

import type { Scenario } from "#simulator/stage.ts";
import { plannedChanges } from "./changes.ts";
import { operations } from "./operations.ts";
import { honestPeople } from "./people.ts";

export const lookalikes: readonly Scenario[] = [...operations, ...honestPeople, ...plannedChanges];
