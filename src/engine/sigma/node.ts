/** YAML with positions: one plain tree for each document, bounded in size and depth, aliases already resolved. */

import { type Alias, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { type Problems, quoted } from "./problems.ts";
import type { Position } from "./rule.ts";

export interface ScalarNode {
  readonly is: "scalar";
  readonly value: string | number | boolean | null;
  /** As written, without quotes; differs from the value's own spelling for numbers such as 1.0 or 0x1f. */
  readonly source: string;
  /** Characters before the text (a quote), or null where it is not written as it reads: folded, escaped, over several lines. */
  readonly indent: number | null;
  readonly position: Position;
}

export interface ListNode {
  readonly is: "list";
  readonly items: readonly Node[];
  readonly position: Position;
}

export interface MapEntry {
  readonly key: string;
  readonly position: Position;
  readonly value: Node;
}

export interface MapNode {
  readonly is: "map";
  readonly entries: readonly MapEntry[];
  readonly position: Position;
}

export type Node = ScalarNode | ListNode | MapNode;

export const NODE_LIMITS = {
  /** UTF-16 units of one document: room for thousands of hashes, and seconds at most for whatever is hostile. */
  documentChars: 262_144,
  /** Rules nest five levels deep. */
  depth: 32,
  /** Keys and values of one document, each alias counted in full. */
  nodes: 50_000,
} as const;

/** So many openings in a row are nothing that anybody wrote; the YAML reader would need seconds to find that out. */
const NESTED = /(?:[[{]\s{0,9}){100}|(?:[-?:]\s{1,9}){100}|(?:\{\s?\w{1,9}:\s){100}/;

/** Cuts a stream at its document markers, which no string can contain: they stand at the very beginning of a line. */
export function splitDocuments(text: string): { text: string; line: number }[] {
  const documents: { text: string; line: number }[] = [];
  let lines: string[] = [];
  let start = 1;
  let line = 0;
  for (const one of text.split(/\r\n|\n|\r/)) {
    line++;
    if (/^(?:---|\.\.\.)(?:\s|$)/.test(one)) {
      documents.push({ text: lines.join("\n"), line: start });
      // What stands behind the marker belongs to the document and keeps its column.
      lines = [`   ${one.slice(3)}`];
      start = line;
    } else {
      lines.push(one);
    }
  }
  documents.push({ text: lines.join("\n"), line: start });
  return documents.filter((document) => /^\s*[^\s#]/m.test(document.text));
}

/** The tree of one document, or null where it is empty or a problem was added. Never throws. */
export function readDocument(text: string, firstLine: number, problems: Problems): Node | null {
  const start: Position = { line: firstLine, column: 1 };
  if (text.length > NODE_LIMITS.documentChars) {
    problems.add(
      start,
      `the document has ${text.length} characters`,
      `split it: a document may have ${NODE_LIMITS.documentChars}`,
    );
    return null;
  }
  if (NESTED.test(text)) {
    problems.add(
      start,
      "the document is nested too deeply",
      `use at most ${NODE_LIMITS.depth} levels`,
    );
    return null;
  }
  const counter = new LineCounter();
  const at = (offset: number | undefined): Position => {
    if (offset === undefined) return start;
    const { line, col } = counter.linePos(offset);
    return { line: firstLine + Math.max(line, 1) - 1, column: Math.max(col, 1) };
  };
  try {
    // Its own check of keys compares every key with every other one.
    const document = parseDocument(text, {
      lineCounter: counter,
      prettyErrors: false,
      uniqueKeys: false,
      version: "1.2",
      schema: "core",
      logLevel: "silent",
    });
    const [error] = document.errors;
    if (error !== undefined) {
      problems.add(
        at(error.pos[0]),
        `this is not valid YAML: ${oneLine(error.message)}`,
        "look at quotes, colons and indentation here",
      );
      return null;
    }
    return new Reader(at, problems).read(document.contents, 1);
  } catch (cause) {
    if (!(cause instanceof Refused)) {
      // The YAML reader recurses, and answers absurd nesting with a stack overflow.
      problems.add(start, "the document cannot be read", "nest it less deeply");
    }
    return null;
  }
}

/** A problem was added; there is nothing more to read. */
class Refused extends Error {}

class Reader {
  readonly #at: (offset: number | undefined) => Position;
  readonly #problems: Problems;
  readonly #anchors = new Map<string, unknown>();
  #count = 0;

  constructor(at: (offset: number | undefined) => Position, problems: Problems) {
    this.#at = at;
    this.#problems = problems;
  }

  read(node: unknown, depth: number): Node {
    const position = this.#at(startOf(node));
    if (depth > NODE_LIMITS.depth) {
      this.#refuse(
        position,
        "the document is nested too deeply",
        `use at most ${NODE_LIMITS.depth} levels`,
      );
    }
    this.#count++;
    if (this.#count > NODE_LIMITS.nodes) {
      this.#refuse(
        position,
        "the document has too many values",
        `split it: ${NODE_LIMITS.nodes} keys and values are allowed, aliases counted in full`,
      );
    }
    if (isAlias(node)) return this.#readAlias(node, depth, position);
    this.#keepAnchor(node);
    if (isMap(node)) return this.#readMap(node.items, depth, position);
    if (isSeq(node)) {
      return {
        is: "list",
        items: node.items.map((item) => this.read(item, depth + 1)),
        position,
      };
    }
    return this.#scalar(node, position);
  }

  #keepAnchor(node: unknown): void {
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined) {
      this.#anchors.set(node.anchor, node);
    }
  }

  #readAlias(alias: Alias, depth: number, position: Position): Node {
    const target = this.#anchors.get(alias.source);
    if (target === undefined) {
      this.#refuse(
        position,
        `the alias ${quoted(`*${alias.source}`)} names no anchor`,
        `put &${alias.source} before the value that it stands for, or quote the text`,
      );
    }
    return this.read(target, depth + 1);
  }

  #readMap(
    items: readonly { key: unknown; value: unknown }[],
    depth: number,
    position: Position,
  ): MapNode {
    const seen = new Set<string>();
    const entries: MapEntry[] = [];
    for (const { key, value } of items) {
      const place = this.#at(startOf(key));
      if (!isScalar(key) || key.value === null) {
        this.#refuse(place, "a key is not a text", "write a name before the colon");
      }
      const name = this.#scalar(key, place).source;
      if (name === "<<") {
        this.#refuse(place, "merge keys are no part of YAML 1.2", "write the merged keys out");
      }
      if (seen.has(name)) {
        this.#refuse(
          place,
          `the key ${quoted(name)} stands here twice`,
          "join the two, or rename one of them",
        );
      }
      seen.add(name);
      entries.push({ key: name, position: place, value: this.read(value, depth + 1) });
    }
    return { is: "map", entries, position };
  }

  #scalar(node: unknown, position: Position): ScalarNode {
    if (!isScalar(node)) return { is: "scalar", value: null, source: "", indent: null, position };
    const { value } = node;
    const isPlain =
      value === null ||
      typeof value === "string" ||
      typeof value === "number" ||
      typeof value === "boolean";
    if (!isPlain) {
      this.#refuse(position, "this is no text, number or boolean", "quote it");
    }
    const source = typeof value === "string" ? value : (node.source ?? String(value));
    const [from, to] = node.range ?? [0, 0];
    // Only the difference of quotes tells that nothing was folded or escaped.
    const quotes = node.type === "QUOTE_SINGLE" || node.type === "QUOTE_DOUBLE" ? 1 : 0;
    const isAsWritten = to - from === source.length + 2 * quotes;
    return { is: "scalar", value, source, indent: isAsWritten ? quotes : null, position };
  }

  #refuse(position: Position, reason: string, cure: string): never {
    this.#problems.add(position, reason, cure);
    throw new Refused();
  }
}

function startOf(node: unknown): number | undefined {
  if (isAlias(node) || isMap(node) || isSeq(node) || isScalar(node)) return node.range?.[0];
  return undefined;
}

function oneLine(message: string): string {
  return message.replace(/\s+/g, " ").trim().slice(0, 200);
}

export function entryOf(map: MapNode, key: string): MapEntry | undefined {
  return map.entries.find((entry) => entry.key === key);
}
