/** The stages of an intrusion, and which technique and which change belongs to which. */

import type { Change } from "#contract/event.ts";

/** In the order in which intruders go through them; steps may be left out. */
export const STAGES = ["entry", "foothold", "use", "collection", "exit"] as const;
export type Stage = (typeof STAGES)[number];

/** For readers. */
export const STAGE_WORDS: Readonly<Record<Stage, string>> = {
  entry: "getting in",
  foothold: "gaining reach or staying in",
  use: "using access from a strange place",
  collection: "collecting data",
  exit: "taking data out or doing damage",
};

/** By technique; the numbers are those of the catalogue's list. */
const BY_TECHNIQUE: readonly (readonly [Stage, string])[] = [
  ["entry", "T01 T02 T03 T04 T05 T06 T07 T08 T09 T42 T44 T48 T74"],
  ["foothold", "T10 T11 T12 T14 T15 T16 T17 T34 T39 T41 T43 T54 T56 T60 T62 T67 T75"],
  ["use", "T18 T21 T22 T23 T24 T25 T26 T27 T50 T55 T57 T61 T72 T73"],
  ["collection", "T13 T28 T29 T30 T31 T40 T49 T52 T53 T59 T68 T70 T71"],
  ["exit", "T32 T33 T35 T36 T37 T38 T45 T46 T47 T51 T58 T65 T66 T69"],
];

const STAGE_OF: ReadonlyMap<string, Stage> = new Map(
  BY_TECHNIQUE.flatMap(([stage, ids]) => ids.split(" ").map((id) => [id, stage] as const)),
);

/** The furthest stage of several techniques; null for what is a state and no step, as unused rights and old keys. */
export function stageOf(techniques: readonly string[]): Stage | null {
  let furthest: Stage | null = null;
  for (const technique of techniques) {
    const stage = STAGE_OF.get(technique);
    if (stage === undefined) continue;
    if (furthest === null || STAGES.indexOf(stage) > STAGES.indexOf(furthest)) furthest = stage;
  }
  return furthest;
}

/** How somebody came to have an automation, to be shown as the first step of a chain. */
export const ENTRY_CHANGES: ReadonlySet<Change["kind"]> = new Set([
  "granted",
  "installed",
  "created",
  "delegation_granted",
]);
