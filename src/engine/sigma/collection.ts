/** Rules, filters and correlations of several files put together: references looked up, filters applied. */

import { quoted, suggestion } from "./problems.ts";
import type {
  Condition,
  Detection,
  Logsource,
  Position,
  Problem,
  Search,
  SigmaCorrelation,
  SigmaDocument,
  SigmaFile,
  SigmaFilter,
  SigmaRule,
} from "./rule.ts";

/** Correlations of correlations of correlations … */
const CHAIN_MAX = 50;

export interface NamedFile {
  readonly path: string;
  readonly file: SigmaFile;
}

export interface PlacedProblem extends Problem {
  readonly path: string;
}

export interface Placed<T> {
  readonly path: string;
  readonly document: T;
}

export interface Collection {
  /** With their filters applied. */
  readonly rules: readonly Placed<SigmaRule>[];
  readonly filters: readonly Placed<SigmaFilter>[];
  /** Every rule that one refers to is in this collection. */
  readonly correlations: readonly Placed<SigmaCorrelation>[];
  /** Of the files, and of what refers to nothing. */
  readonly problems: readonly PlacedProblem[];
}

/** Puts files together. Never throws; a document that cannot be used is left out, with a problem. */
export function collect(files: readonly NamedFile[]): Collection {
  const problems: PlacedProblem[] = files.flatMap(({ path, file }) =>
    file.problems.map((problem) => ({ ...problem, path })),
  );
  const all = files.flatMap(({ path, file }) =>
    file.documents.map((document) => ({ path, document })),
  );
  const known = withoutDoubles(all, problems);
  const rules = known.flatMap(({ path, document }) =>
    document.kind === "rule" ? [{ path, document }] : [],
  );
  const filters = known.flatMap(({ path, document }) =>
    document.kind === "filter" ? [{ path, document }] : [],
  );
  const correlations = known.flatMap(({ path, document }) =>
    document.kind === "correlation" ? [{ path, document }] : [],
  );
  checkFilters(filters, rules, problems);
  return {
    rules: rules.map(({ path, document }) => ({
      path,
      document: filtered(
        document,
        filters.map((filter) => filter.document),
      ),
    })),
    filters,
    correlations: sound(correlations, rules, problems),
    problems,
  };
}

function problemOf(
  path: string,
  { title, position }: { readonly title: string; readonly position: Position },
  reason: string,
  cure: string,
): PlacedProblem {
  return { path, ...position, rule: title, reason, cure };
}

/** Ids and names are references, so nothing may share one; the first keeps it. */
function withoutDoubles(
  all: readonly Placed<SigmaDocument>[],
  problems: PlacedProblem[],
): Placed<SigmaDocument>[] {
  const owners = new Map<string, string>();
  return all.filter(({ path, document }) => {
    const taken = referencesOf(document).find((reference) => owners.has(reference));
    if (taken !== undefined) {
      problems.push(
        problemOf(
          path,
          document,
          `${quoted(taken)} is the id or name of a document in ${owners.get(taken)} already`,
          "give one of them another",
        ),
      );
      return false;
    }
    for (const reference of referencesOf(document)) owners.set(reference, path);
    return true;
  });
}

/** What others may call it by. */
function referencesOf({ id, name }: SigmaDocument): string[] {
  return [...new Set([id, name].filter((one) => one !== null))];
}

function checkFilters(
  filters: readonly Placed<SigmaFilter>[],
  rules: readonly Placed<SigmaRule>[],
  problems: PlacedProblem[],
): void {
  const byReference = new Map(
    rules.flatMap(({ document }) => referencesOf(document).map((one) => [one, document] as const)),
  );
  for (const { path, document } of filters) {
    for (const reference of document.rules === "any" ? [] : document.rules) {
      const rule = byReference.get(reference);
      if (rule === undefined) {
        problems.push(
          problemOf(
            path,
            document,
            `the filter names ${quoted(reference)}, and no rule here has that id or name${suggestion(reference, byReference.keys())}`,
            "name the rule's file too, or mend the reference",
          ),
        );
      } else if (!covers(document.logsource, rule.logsource)) {
        problems.push(
          problemOf(
            path,
            document,
            `the filter's logsource is not that of ${quoted(rule.title)}, so it does not apply to it`,
            "copy the rule's logsource, or leave out its narrower parts",
          ),
        );
      }
    }
  }
}

/** Whether everything that the filter's logsource says holds for the rule's. */
function covers(filter: Logsource, rule: Logsource): boolean {
  const fits = (own: string | null, other: string | null) => own === null || own === other;
  return (
    fits(filter.category, rule.category) &&
    fits(filter.product, rule.product) &&
    fits(filter.service, rule.service)
  );
}

export function applies(filter: SigmaFilter, rule: SigmaRule): boolean {
  if (!covers(filter.logsource, rule.logsource)) return false;
  const { rules } = filter;
  return rules === "any" || referencesOf(rule).some((reference) => rules.includes(reference));
}

/** The rule with the conditions of all filters that apply to it joined by `and`. */
export function filtered(rule: SigmaRule, filters: readonly SigmaFilter[]): SigmaRule {
  let { detection } = rule;
  for (const filter of filters) {
    if (applies(filter, rule)) detection = joinedWith(detection, filter);
  }
  return detection === rule.detection ? rule : { ...rule, detection };
}

function joinedWith(detection: Detection, filter: SigmaFilter): Detection {
  const searches = new Map<string, Search>(detection.searches);
  const renamed = new Map<string, string>();
  for (const [name, search] of filter.detection.searches) {
    let own = `${filter.title}: ${name}`;
    while (searches.has(own)) own += "'";
    renamed.set(name, own);
    searches.set(own, search);
  }
  const own = filter.detection.conditions.map((condition) => renamedIn(condition, renamed));
  const [only] = own;
  const joined: Condition =
    own.length === 1 && only !== undefined ? only : { is: "or", parts: own };
  return {
    searches,
    conditions: detection.conditions.map((condition) => ({
      is: "and",
      parts: [condition, joined],
    })),
  };
}

function renamedIn(condition: Condition, names: ReadonlyMap<string, string>): Condition {
  switch (condition.is) {
    case "name":
      return { ...condition, name: names.get(condition.name) ?? condition.name };
    case "count":
      return { ...condition, names: condition.names.map((name) => names.get(name) ?? name) };
    case "not":
      return { ...condition, part: renamedIn(condition.part, names) };
    default:
      return { ...condition, parts: condition.parts.map((part) => renamedIn(part, names)) };
  }
}

/** The correlations whose rules are all there and that never lead back to themselves. */
function sound(
  correlations: readonly Placed<SigmaCorrelation>[],
  rules: readonly Placed<SigmaRule>[],
  problems: PlacedProblem[],
): Placed<SigmaCorrelation>[] {
  const ruleNames = new Set(rules.flatMap(({ document }) => referencesOf(document)));
  const states = new Map<SigmaCorrelation, "open" | "sound" | "broken">();
  const byReference = new Map(
    correlations.flatMap((placed) =>
      referencesOf(placed.document).map((one) => [one, placed] as const),
    ),
  );

  function isSound({ path, document }: Placed<SigmaCorrelation>, depth: number): boolean {
    const state = states.get(document);
    if (state !== undefined) return state === "sound";
    states.set(document, "open");
    const reasons = document.rules.flatMap((reference) => {
      if (ruleNames.has(reference)) return [];
      const inner = byReference.get(reference);
      if (inner === undefined) {
        const names = [...ruleNames, ...byReference.keys()];
        return [
          `it refers to ${quoted(reference)}, and nothing here has that id or name${suggestion(reference, names)}`,
        ];
      }
      if (states.get(inner.document) === "open") {
        return [`it refers to ${quoted(reference)}, which leads back to it`];
      }
      if (depth > CHAIN_MAX) return [`it is the end of a chain of more than ${CHAIN_MAX}`];
      return isSound(inner, depth + 1)
        ? []
        : [`it refers to ${quoted(reference)}, which cannot be used`];
    });
    states.set(document, reasons.length === 0 ? "sound" : "broken");
    for (const reason of reasons) {
      problems.push(
        problemOf(path, document, reason, "name the rule's file too, or mend the reference"),
      );
    }
    return reasons.length === 0;
  }

  return correlations.filter((one) => isSound(one, 1));
}
