/** The rules and their side-cars of tests that a user names by files and folders. */

import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { correlationSet } from "#engine/sigma/correlate/from-rule.ts";
import { ruleKey, type Speaker } from "#engine/sigma/documents.ts";
import { parseSigma } from "#engine/sigma/parse.ts";
import type { Problem, SigmaDocument, SigmaRule } from "#engine/sigma/rule.ts";
import { EXIT, UserError } from "#kit/error.ts";

export interface LoadedRule {
  readonly path: string;
  readonly rule: SigmaRule;
}

/** A rule or correlation, and where it stands. */
export interface LoadedSpeaker {
  readonly path: string;
  readonly document: Speaker;
}

export interface LoadedRules {
  readonly rules: readonly LoadedRule[];
  /** Them and the correlations, in the order of the files. */
  readonly speakers: readonly LoadedSpeaker[];
  /** The rules, and the filters and correlations beside them. */
  readonly documents: readonly SigmaDocument[];
}

/** A rule is a few kilobytes; whatever is larger than this is no rule. */
const FILE_BYTES_MAX = 1_048_576;

/** Stands for the rules that come with the program. */
export const SHIPPED = "shipped";
const SHIPPED_FOLDER = fileURLToPath(new URL("../../../../rules", import.meta.url));

/** All files of rules under the paths, in the order of their names. Throws UserError (66) for what is not there. */
export async function ruleFiles(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const named of paths) {
    const path = named === SHIPPED ? SHIPPED_FOLDER : named;
    const info = await stat(path).catch(() => null);
    if (info === null) {
      throw new UserError(
        "rules.missing",
        `There is nothing at ${path}: name a rule (.yml), a folder of rules, or \`${SHIPPED}\` for those that come with Singura.`,
        EXIT.noInput,
      );
    }
    if (!info.isDirectory()) found.push(path);
    else {
      const names = await readdir(path, { recursive: true });
      found.push(
        ...names
          .filter(isRuleFile)
          .sort()
          .map((name) => join(path, name)),
      );
    }
  }
  return [...new Set(found)];
}

function isRuleFile(name: string): boolean {
  return /\.ya?ml$/i.test(name) && !/\.test\.ya?ml$/i.test(name);
}

/** The text of a file. Throws UserError (66) where it cannot be read or is no rule by its size. */
export async function readRuleText(path: string): Promise<string> {
  const info = await stat(path).catch(() => null);
  if (info !== null && info.size > FILE_BYTES_MAX) {
    throw new UserError(
      "rules.too_large",
      `${path} is larger than a megabyte: it is no rule.`,
      EXIT.noInput,
    );
  }
  return await readFile(path, "utf8").catch((cause: unknown) => {
    const why = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    throw new UserError(
      "rules.unreadable",
      `Cannot read ${path} (${why}): check its permissions.`,
      EXIT.noInput,
    );
  });
}

/**
 * Everything under the paths. Throws UserError: 64 for a document with a mistake, a rule with another's id or a correlation that
 * cannot be run, 66 where there is no rule at all.
 */
export async function loadRules(paths: readonly string[]): Promise<LoadedRules> {
  const speakers: LoadedSpeaker[] = [];
  const documents: SigmaDocument[] = [];
  const byKey = new Map<string, string>();
  for (const path of await ruleFiles(paths)) {
    for (const document of parsed(path, await readRuleText(path))) {
      documents.push(document);
      if (document.kind === "filter") continue;
      const key = ruleKey(document);
      const other = byKey.get(key);
      if (other !== undefined) {
        throw new UserError(
          "rules.same_id",
          `${path} has the id of ${other} (${key}): give each an id of its own.`,
        );
      }
      byKey.set(key, path);
      speakers.push({ path, document });
    }
  }
  const rules = speakers.flatMap(({ path, document }) =>
    document.kind === "rule" ? [{ path, rule: document }] : [],
  );
  if (rules.length === 0) {
    throw new UserError(
      "rules.none",
      `There is no rule in ${paths.join(", ")}: rules are files that end in .yml or .yaml.`,
      EXIT.noInput,
    );
  }
  const [problem] = correlationSet(documents, ruleKey).problems;
  if (problem !== undefined) throw mistake(pathOf(problem, speakers), problem, "");
  return { rules, speakers, documents };
}

/** The file of a problem with a correlation. */
function pathOf({ rule, line }: Problem, speakers: readonly LoadedSpeaker[]): string {
  const found = speakers.find(
    ({ document }) => document.title === rule && document.position.line === line,
  );
  return found?.path ?? "";
}

function mistake(path: string, { line, column, reason, cure }: Problem, more: string): UserError {
  return new UserError(
    "rules.mistake",
    `${path}:${line}:${column}: ${reason}: ${cure}${more}. \`singura rules check\` shows all.`,
  );
}

function parsed(path: string, text: string): readonly SigmaDocument[] {
  const { documents, problems } = parseSigma(text);
  const [first] = problems;
  if (first === undefined) return documents;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  throw mistake(path, first, more);
}
