/** Reads a file of Sigma: rules, filters and correlations, one document or many, with what is wrong in each. */

import { readCorrelation } from "./correlation.ts";
import { readDetection } from "./detection.ts";
import { readLogsource, readMetadata, textAt, textsAt } from "./metadata.ts";
import { entryOf, type MapNode, type Node, readDocument, splitDocuments } from "./node.ts";
import { type Problems, problemList, quoted } from "./problems.ts";
import type { Problem, SigmaDocument, SigmaFile } from "./rule.ts";

/** UTF-16 units of a file: room for a few thousand rules. */
const FILE_CHARS_MAX = 8_388_608;
const DOCUMENTS_MAX = 10_000;
const ACTIONS = ["global", "reset", "repeat"];

/**
 * Parses a file. Never throws: whatever is wrong becomes a problem with its place, reason and cure, costs that document and
 * leaves the others.
 */
export function parseSigma(text: string): SigmaFile {
  const start = { line: 1, column: 1 };
  if (text.length > FILE_CHARS_MAX) {
    const problems = problemList();
    problems.add(
      start,
      `the file has ${text.length} characters`,
      `split it: ${FILE_CHARS_MAX} are read`,
    );
    return { documents: [], read: 1, problems: problems.found };
  }
  const pieces = splitDocuments(text.replace(/^\uFEFF/, ""));
  if (pieces.length === 0 || pieces.length > DOCUMENTS_MAX) {
    const problems = problemList();
    if (pieces.length === 0) problems.add(start, "the file is empty", "write a rule into it");
    else
      problems.add(start, "the file has too many documents", `split it: ${DOCUMENTS_MAX} are read`);
    return { documents: [], read: 1, problems: problems.found };
  }
  const documents: SigmaDocument[] = [];
  const problems: Problem[] = [];
  const collection = new Collection();
  let broken = 0;
  for (const piece of pieces) {
    const own = problemList();
    const node = readDocument(piece.text, piece.line, own);
    const map = node === null ? null : collection.complete(node, own);
    const document = map === null ? null : readSigma(map, own);
    if (document !== null && own.found.length === 0) documents.push(document);
    if (own.found.length > 0) broken++;
    problems.push(...own.found);
  }
  return { documents, read: documents.length + broken, problems };
}

/** Rule collections: documents with an `action` add to those behind them. */
class Collection {
  #global: MapNode | null = null;
  #previous: MapNode | null = null;

  /** The document with what it inherits; null where it is only an action, or a problem was added. */
  complete(node: Node, problems: Problems): MapNode | null {
    if (node.is === "scalar" && node.value === null) return null;
    if (node.is !== "map") {
      problems.add(
        node.position,
        "the document is not a map",
        "begin it with a line such as title: …",
      );
      return null;
    }
    const action = textAt(node, "action", 64, problems);
    const own: MapNode = { ...node, entries: node.entries.filter(({ key }) => key !== "action") };
    if (action === null) return this.#remember(merged(this.#global, own));
    if (action === "global") {
      this.#global = merged(this.#global, own);
      return null;
    }
    if (action === "reset") {
      this.#global = null;
      return own.entries.length === 0 ? null : this.#remember(own);
    }
    if (action === "repeat") {
      if (this.#previous !== null) return this.#remember(merged(this.#previous, own));
      problems.add(node.position, "there is no rule to repeat", "put one before this document");
      return null;
    }
    problems.add(
      entryOf(node, "action")?.value.position ?? node.position,
      `there is no action ${quoted(action)}`,
      `choose from ${ACTIONS.join(", ")}`,
    );
    return null;
  }

  #remember(map: MapNode): MapNode {
    this.#previous = map;
    return map;
  }
}

/** Maps are merged key by key, everything else is replaced. */
function merged(base: MapNode | null, over: MapNode): MapNode {
  if (base === null) return over;
  const entries = base.entries.map((entry) => {
    const found = entryOf(over, entry.key);
    if (found === undefined) return entry;
    if (entry.value.is !== "map" || found.value.is !== "map") return found;
    return { ...found, value: merged(entry.value, found.value) };
  });
  const added = over.entries.filter(({ key }) => entryOf(base, key) === undefined);
  return { ...over, entries: [...entries, ...added] };
}

function readSigma(map: MapNode, problems: Problems): SigmaDocument | null {
  const rule = textAt(map, "title", 256, problemList()) ?? textAt(map, "id", 256, problemList());
  if (rule !== null) problems.name(rule);
  const kinds = ["detection", "filter", "correlation"].filter(
    (key) => entryOf(map, key) !== undefined,
  );
  const [kind] = kinds;
  if (kinds.length !== 1) {
    problems.add(
      map.position,
      kind === undefined
        ? "the document is neither a rule nor a filter nor a correlation"
        : `the document has ${kinds.join(" and ")}`,
      "give it one of detection, filter and correlation, and put others behind a line ---",
    );
    return null;
  }
  const section = entryOf(map, kind ?? "");
  if (section === undefined) return null;
  if (section.value.is !== "map") {
    problems.add(section.position, `${kind} is not a map`, "indent its keys below it");
    return null;
  }
  if (kind === "correlation") return readCorrelationRule(map, section.value, problems);
  if (kind === "filter") return readFilter(map, section.value, problems);
  const metadata = readMetadata(map, problems);
  const logsource = readLogsource(map, problems);
  const detection = readDetection(section.value, [], problems);
  if (logsource === null || detection === null) return null;
  return { kind: "rule", ...metadata, logsource, detection };
}

function readFilter(map: MapNode, section: MapNode, problems: Problems): SigmaDocument | null {
  const metadata = readMetadata(map, problems);
  const logsource = readLogsource(map, problems);
  const detection = readDetection(section, ["rules"], problems);
  const rules = textsAt(section, "rules", problems);
  if (rules.length === 0) {
    problems.add(
      entryOf(section, "rules")?.position ?? section.position,
      "the filter names no rules",
      "list ids or names of rules under rules, or write rules: any",
    );
  }
  if (logsource === null || detection === null) return null;
  const isAny = rules.length === 1 && rules[0]?.toLowerCase() === "any";
  return { kind: "filter", ...metadata, logsource, rules: isAny ? "any" : rules, detection };
}

function readCorrelationRule(
  map: MapNode,
  section: MapNode,
  problems: Problems,
): SigmaDocument | null {
  const metadata = readMetadata(map, problems);
  const correlation = readCorrelation(section, map, problems);
  return correlation === null ? null : { kind: "correlation", ...metadata, ...correlation };
}
