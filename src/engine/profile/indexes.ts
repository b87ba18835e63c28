/** The places of action classes and traits among the counters of a profile. */

import { ACTION_CLASSES, type ActionClass, TRAITS, type Trait } from "#contract/event.ts";

export const CLASS_INDEX: ReadonlyMap<ActionClass, number> = new Map(
  ACTION_CLASSES.map((name, index) => [name, index]),
);

export const TRAIT_INDEX: ReadonlyMap<Trait, number> = new Map(
  TRAITS.map((name, index) => [name, index]),
);
