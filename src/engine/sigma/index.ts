/** Sigma as a library: read rules, put files together, ask whether a record matches and why. */

export type { Atom, Test } from "./atom.ts";
export { type Collection, collect, filtered } from "./collection.ts";
export { parseSigma } from "./parse.ts";
export { fillPlaceholders, type PlaceholderValues } from "./placeholders.ts";
export { type Explanation, explain, type FieldReader, matches } from "./reference.ts";
export type {
  Problem,
  SigmaCorrelation,
  SigmaDocument,
  SigmaFile,
  SigmaFilter,
  SigmaRule,
} from "./rule.ts";
