/** Regular expressions of rules, run in time linear in the text, whoever wrote them. */

import { RE2JS } from "re2js";
import type { RegexFlags } from "./atom.ts";

/** Longer ones are no detection logic, and their programs would eat memory. */
const SOURCE_MAX = 4_096;
/** The counts of all repetitions such as {1000} together: each step of them is a step of the program. */
const REPEATS_MAX = 10_000;

/**
 * Longer texts are met by no regular expression: linear time is still up to some 50 microseconds a character for the worst
 * ones, and to cut a text would move its end. Twice what the longest field in use holds, a mail rule of 32 KB.
 */
export const TEXT_MAX = 65_536;

export type Finder = (text: string) => boolean;

export type RegexResult =
  | { readonly find: Finder }
  /** Both are sentences without a full stop. */
  | { readonly find: null; readonly reason: string; readonly cure: string };

/** Compiles a regular expression; what cannot be run in linear time is refused with its reason. Never throws. */
export function compileRegex(source: string, flags: RegexFlags): RegexResult {
  if (source.length > SOURCE_MAX) {
    return {
      find: null,
      reason: `the regular expression has ${source.length} characters`,
      cure: `write at most ${SOURCE_MAX}, for instance as a list of several`,
    };
  }
  const repeats = [...source.matchAll(/\{(\d+)(?:,(\d+))?/g)];
  const steps = repeats.reduce((sum, [, least, most]) => sum + Number(most ?? least), 0);
  if (steps > REPEATS_MAX) {
    return {
      find: null,
      reason: `the regular expression repeats ${steps} times`,
      cure: `let its repetitions in braces come to at most ${REPEATS_MAX}, or use + and *`,
    };
  }
  try {
    const bits =
      (flags.i ? RE2JS.CASE_INSENSITIVE : 0) |
      (flags.m ? RE2JS.MULTILINE : 0) |
      (flags.s ? RE2JS.DOTALL : 0);
    const compiled = RE2JS.compile(source, bits);
    return { find: (text) => text.length <= TEXT_MAX && compiled.test(text) };
  } catch (cause) {
    return { find: null, ...refusal(source, cause) };
  }
}

/** What PCRE knows and no linear-time engine does, by how it is written. */
const BEYOND: readonly (readonly [RegExp, string])[] = [
  [/\(\?=|\(\?!/, "a lookahead"],
  [/\(\?<=|\(\?<!/, "a lookbehind"],
  [/\(\?>/, "an atomic group"],
  [/\\[1-9]|\\k[<{']|\(\?P=/, "a reference back to a group"],
  [/[*+?}]\+/, "a possessive quantifier"],
  [/\(\?(?:R|&|\d|P>)/, "a recursion"],
  [/\(\?\(/, "a conditional group"],
];

function refusal(source: string, cause: unknown): { reason: string; cure: string } {
  // Plain characters that look like it, such as an escaped bracket, say nothing.
  const bare = source.replace(/\\[^1-9k]/g, "  ").replace(/\[\^?\]?[^\]]*\]/g, " ");
  for (const [pattern, name] of BEYOND) {
    if (pattern.test(bare)) {
      return {
        reason: `the regular expression has ${name}, which cannot be run in linear time`,
        cure: "say it by two searches that the condition joins with `and` or `and not`",
      };
    }
  }
  const message = cause instanceof Error ? cause.message : "it cannot be read";
  return {
    reason: `the regular expression is not valid: ${message.slice(0, 200)}`,
    cure: "write it in PCRE's basic syntax, with a backslash before plain metacharacters",
  };
}
