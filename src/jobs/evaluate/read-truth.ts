/** Reads labels and rosters. Without the truth there is nothing to measure, so whatever is wrong with it stops the run. */

import { readFile } from "node:fs/promises";
import type { z } from "zod";
import { Label, RosterEntry } from "#contract/label.ts";
import { QualityBaseline } from "#contract/quality.ts";
import { EXIT, UserError } from "#kit/error.ts";

export interface Truth {
  readonly labels: readonly Label[];
  readonly roster: readonly RosterEntry[];
}

/** Both files are NDJSON as `singura simulate` writes them; the roster may be left out. */
export async function readTruth(labels: string, roster: string | undefined): Promise<Truth> {
  return {
    labels: await readLines(labels, Label, "labels"),
    roster: roster === undefined ? [] : await readLines(roster, RosterEntry, "roster"),
  };
}

/** The checked-in floors. A baseline that is missing or misspelt fails; it never passes. */
export async function readBaseline(path: string): Promise<QualityBaseline> {
  const text = await readText(path, "baseline");
  const found = QualityBaseline.safeParse(parsed(text));
  if (found.success) return found.data;
  throw new UserError(
    "input.baseline",
    `${path} is no baseline: ${firstIssue(found.error)}. docs/evaluation.md shows one.`,
    EXIT.noInput,
  );
}

async function readLines<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  what: string,
): Promise<z.infer<Schema>[]> {
  const lines = (await readText(path, what)).split("\n");
  return lines.flatMap((line, index) => {
    if (line.trim() === "") return [];
    const found = schema.safeParse(parsed(line));
    if (found.success) return [found.data];
    throw new UserError(
      `input.${what}`,
      `${path}:${index + 1} is no line of a ${what} file: ${firstIssue(found.error)}. docs/evaluation.md says what it holds.`,
      EXIT.noInput,
    );
  });
}

async function readText(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const why = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new UserError(
      `input.${what}`,
      `Cannot read the ${what} file ${path} (${why}): nothing was measured. Name the file that holds it.`,
      EXIT.noInput,
    );
  }
}

/** Null where it is not JSON, which no schema takes. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return "not understood";
  const place = issue.path.join(".");
  return place === "" ? issue.message : `${place}: ${issue.message}`;
}
