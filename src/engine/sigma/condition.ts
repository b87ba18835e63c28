/** The grammar of conditions: `selection and not 1 of filter_*`, with every name looked up. */

import { type Problems, quoted, suggestion } from "./problems.ts";
import type { Condition, Position, RuleExpression } from "./rule.ts";

/** Published conditions have a handful of words; the longest generated ones some hundred. */
const WORDS_MAX = 2_000;
/** Brackets and `not` inside each other. */
const DEPTH_MAX = 50;

interface Word {
  readonly text: string;
  /** Where it begins in the condition, in UTF-16 units. */
  readonly at: number;
}

/** Says where in the document a place of the condition is. */
export type Place = (at: number) => Position;

/** Reads a condition over these search identifiers; null where a problem was added. */
export function parseCondition(
  text: string,
  names: readonly string[],
  place: Place,
  problems: Problems,
): Condition | null {
  return parseTree(text, place, problems, (words) => primary(words, names));
}

/** The same grammar without counting, over the rules of a temporal correlation. */
export function parseRuleExpression(
  text: string,
  rules: readonly string[],
  place: Place,
  problems: Problems,
): RuleExpression | null {
  return parseTree(text, place, problems, (words) => {
    const word = words.next();
    if (!rules.includes(word.text)) {
      words.refuse(
        word,
        `${quoted(word.text)} is none of the correlation's rules${suggestion(word.text, rules)}`,
        "name it under rules too",
      );
    }
    return { is: "rule", rule: word.text } as const;
  });
}

interface Words {
  peek(): string | undefined;
  /** The next word; refuses where there is none. */
  next(): Word;
  refuse(word: Word, reason: string, cure: string): never;
}

type Leaf = Extract<Condition, { is: "name" | "count" }>;

function primary(words: Words, names: readonly string[]): Leaf {
  const word = words.next();
  if (words.peek()?.toLowerCase() !== "of") return named(words, word, names);
  const of = words.next();
  const least = quantity(word.text);
  if (least === null) {
    words.refuse(word, `${quoted(word.text)} is no quantity`, "write 1 of, all of or a number");
  }
  const pattern = words.next();
  const found = matching(pattern.text, names);
  const written = `${word.text} ${of.text} ${pattern.text}`;
  if (found.length === 0) {
    words.refuse(
      pattern,
      `${quoted(pattern.text)} stands for no search identifier`,
      `there are ${names.map(quoted).join(", ") || "none"}`,
    );
  }
  if (least !== "all" && least > found.length) {
    words.refuse(
      word,
      `${quoted(written)} can never be met: there are only ${found.length}`,
      "ask for fewer, or for all of them",
    );
  }
  return {
    is: "count",
    written,
    atLeast: least === "all" ? found.length : least,
    names: found,
  };
}

function named(words: Words, word: Word, names: readonly string[]): Leaf {
  if (!names.includes(word.text)) {
    const isPattern = word.text.includes("*");
    words.refuse(
      word,
      `there is no search identifier ${quoted(word.text)}${suggestion(word.text, names)}`,
      isPattern
        ? `write "1 of ${word.text}" or "all of ${word.text}"`
        : "define it under detection",
    );
  }
  return { is: "name", name: word.text };
}

function quantity(text: string): number | "all" | null {
  const lower = text.toLowerCase();
  if (lower === "all") return "all";
  if (lower === "any") return 1;
  return /^[1-9]\d{0,4}$/.test(text) ? Number(text) : null;
}

/** `them` is every name without a leading underscore; `*` in a pattern is any number of characters. */
function matching(pattern: string, names: readonly string[]): string[] {
  if (pattern.toLowerCase() === "them") return names.filter((name) => !name.startsWith("_"));
  const texts = pattern.split("*");
  return names.filter((name) => isLike(name, texts));
}

/** Whether the texts stand in the name one after another, the first at its start and the last at its end. */
function isLike(name: string, texts: readonly string[]): boolean {
  const [first = "", ...rest] = texts;
  if (rest.length === 0) return name === first;
  const last = rest.pop() ?? "";
  if (!name.startsWith(first) || name.length < first.length + last.length) return false;
  const end = name.length - last.length;
  let at = first.length;
  for (const text of rest) {
    const found = name.indexOf(text, at);
    if (found === -1 || found + text.length > end) return false;
    at = found + text.length;
  }
  return name.endsWith(last);
}

/** A problem was added; there is nothing more to read. */
class Refused extends Error {}

type Tree<Leaf> =
  | Leaf
  | { readonly is: "and" | "or"; readonly parts: readonly Tree<Leaf>[] }
  | { readonly is: "not"; readonly part: Tree<Leaf> };

/** From least to most binding: or, and, not, brackets. */
function parseTree<Leaf>(
  text: string,
  place: Place,
  problems: Problems,
  leaf: (words: Words) => Leaf,
): Tree<Leaf> | null {
  const list: Word[] = [...text.matchAll(/[()|]|[^\s()|]+/g)].map((found) => ({
    text: found[0],
    at: found.index,
  }));
  let index = 0;
  let depth = 0;
  const words: Words = {
    peek: () => list[index]?.text,
    next() {
      const word = list[index];
      index++;
      if (word !== undefined) return word;
      return words.refuse(
        { text: "", at: text.length },
        "the condition ends too early",
        "complete it",
      );
    },
    refuse(word, reason, cure) {
      problems.add(place(word.at), reason, cure);
      throw new Refused();
    },
  };

  function joinedBy(is: "and" | "or", inner: () => Tree<Leaf>): Tree<Leaf> {
    const first = inner();
    const parts = [first];
    while (words.peek()?.toLowerCase() === is) {
      words.next();
      parts.push(inner());
    }
    return parts.length === 1 ? first : { is, parts };
  }

  function or(): Tree<Leaf> {
    return joinedBy("or", () => joinedBy("and", not));
  }

  function not(): Tree<Leaf> {
    const lower = words.peek()?.toLowerCase();
    if (lower !== "not" && lower !== "(") return operand();
    const word = words.next();
    depth++;
    if (depth > DEPTH_MAX) {
      words.refuse(word, "the condition is nested too deeply", `use at most ${DEPTH_MAX} levels`);
    }
    const inner: Tree<Leaf> = lower === "not" ? { is: "not", part: not() } : bracketed(word);
    depth--;
    return inner;
  }

  function bracketed(opening: Word): Tree<Leaf> {
    const inner = or();
    if (words.peek() !== ")") {
      words.refuse(opening, "this bracket is never closed", "write ) where it ends");
    }
    words.next();
    return inner;
  }

  function operand(): Leaf {
    const lower = words.peek()?.toLowerCase();
    if (lower === ")" || lower === "and" || lower === "or" || lower === "|") {
      const word = words.next();
      words.refuse(word, `${quoted(word.text)} has nothing before it`, "write a search identifier");
    }
    return leaf(words);
  }

  try {
    if (list.length === 0) {
      words.refuse({ text: "", at: 0 }, "the condition is empty", "name a search identifier");
    }
    if (list.length > WORDS_MAX) {
      words.refuse(
        { text: "", at: 0 },
        `the condition has ${list.length} words`,
        `use at most ${WORDS_MAX}; 1 of and all of are shorter`,
      );
    }
    const tree = or();
    const rest = list[index];
    if (rest?.text === "|") {
      words.refuse(
        rest,
        "aggregations behind | are no part of Sigma any more",
        "write a correlation: a second document with type event_count or value_count",
      );
    }
    if (rest !== undefined) {
      words.refuse(
        rest,
        `${quoted(rest.text)} stands where and, or or the end is expected`,
        "join the two with and or or",
      );
    }
    return tree;
  } catch (cause) {
    if (cause instanceof Refused) return null;
    throw cause;
  }
}
