/** Finds whole tables that leave or change through a bulk interface, made for moving data in one go. */

import {
  type Acts,
  actorReasons,
  actsIn,
  doer,
  evidenceFor,
  isOwnAct,
} from "#engine/detectors/acts.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { nameOf, type Reason, succeeded } from "#engine/detectors/trust.ts";
import { count, listing, onDay } from "#engine/detectors/window.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** Integrations move data every night: after so many earlier days it is one of them. */
  routineDaysMin: 3,
  /** Rows in a day from which it is a whole table, and from which it is most of the company's. */
  rowsMany: 50_000,
  /** Half a million rows are a whole table of customers in most organizations. */
  rowsMost: 500_000,
  /** One job is a note; many rows of people's data, by an unlikely hand, are more. */
  severities: { info: 1, low: 2, medium: 4, high: 6 },
  /** How likely it is an intruder before anything else speaks for or against it: most such acts have an honest reason. */
  confidence: 0.3,
};
type Options = typeof options;

export const bulkDataApi = defineDetector({
  id: "bulk-data-api",
  title: "Data left through the bulk interface",
  techniques: ["T28"],
  alsoTechniques: ["T69"],
  attackType: "data_exfiltration",
  severity: "low",
  platforms: ["salesforce"],
  judges: ["automation", "person"],
  options,
  detect: (view, limits) => {
    if (view.automation?.isFirstParty === true) return [];
    const entries = view.timeline.filter((entry) => sortOf(entry) !== null && succeeded(entry));
    return actsIn(entries, (entry) => sortOf(entry) ?? "").flatMap((acts) =>
      judge(view, acts, limits),
    );
  },
});

type Sort = "taken" | "changed" | "deleted";

function sortOf({ change }: TimelineEntry): Sort | null {
  if (change.kind === "export_downloaded" || change.kind === "export_completed") return "taken";
  if (change.kind !== "bulk_changed") return null;
  return /delete/i.test(change.detail ?? "") ? "deleted" : "changed";
}

/** Objects that hold people and deals, and the secrets that people put into support cases. */
const VALUABLE = /\b(contact|account|lead|opportunity|case|user|contract|quote|order)s?\b/i;

function judge(view: View, acts: Acts, limits: Options): Evidence[] {
  const sort = sortOf(acts.first);
  if (sort === null) return [];
  const details = [...new Set(acts.entries.map(({ change }) => change.detail ?? "records"))].sort();
  const rows = acts.entries.reduce((sum, { change }) => sum + rowsIn(change.detail), 0);
  const reasons: Reason[] = [
    sort === "deleted"
      ? { points: 3, words: "it deletes" }
      : { points: 1, words: "it moves in one go what pages show bit by bit" },
    ...amount(rows, limits),
    ...actorReasons(view, acts),
  ];
  if (sort === "taken" && details.some((detail) => VALUABLE.test(detail))) {
    reasons.push({ points: 1, words: "the records are about people and deals" });
  }
  if (acts.earlierDays > 0) reasons.push({ points: -1, words: "it did so before" });
  const by =
    view.automation === null || isOwnAct(view, acts.first)
      ? ""
      : ` through ${nameOf(view.automation)}`;
  return evidenceFor(
    acts,
    {
      reasons,
      title: TITLES[sort],
      ...(sort === "deleted" ? { techniques: ["T69"] } : {}),
      explain: (because) =>
        `${doer(acts.actor)}${by} ${DONE[sort]} records through the bulk interface ${onDay(acts.day)} (${listing(details)}).${because} ` +
        "The interface is for integrations that run by a timetable. In other hands it empties a table in minutes.",
    },
    limits,
  );
}

const TITLES = {
  taken: "Data left through the bulk interface",
  changed: "Data was changed through the bulk interface",
  deleted: "Data was deleted through the bulk interface",
} as const satisfies Record<Sort, string>;

const DONE = { taken: "took", changed: "changed", deleted: "deleted" } as const;

function amount(rows: number, { rowsMany, rowsMost }: Options): Reason[] {
  if (rows < rowsMany) return [];
  return [{ points: rows >= rowsMost ? 2 : 1, words: `it was ${count(rows)} rows` }];
}

function rowsIn(detail: string | null): number {
  return Number(/(\d{1,12}) rows$/.exec(detail ?? "")?.[1] ?? 0);
}
