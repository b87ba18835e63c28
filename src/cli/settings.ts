/** The settings file: read, checked, and turned into what a scan needs; every mistake is named with its place and its cure. */

import { readFile } from "node:fs/promises";
import { z } from "zod";
import { Settings } from "#contract/settings.ts";
import { UnfitSetting } from "#engine/detectors/configure.ts";
import { type JudgedBy, judgedBy } from "#jobs/assess/settings.ts";
import { EXIT, UserError } from "#kit/error.ts";

/** `timeZone` is what the command line says; it wins over the file. Throws UserError. */
export async function readSettings(
  path: string | undefined,
  timeZone: string | undefined,
): Promise<JudgedBy> {
  const settings = path === undefined ? {} : await parsed(path);
  try {
    return judgedBy(timeZone === undefined ? settings : { ...settings, timeZone });
  } catch (cause) {
    if (cause instanceof UnfitSetting) throw unfit(path ?? "", cause.message);
    throw cause;
  }
}

async function parsed(path: string): Promise<Settings> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch {
    throw unfit(path, "the file cannot be read", EXIT.noInput);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unfit(path, `it is no JSON (${cause instanceof Error ? cause.message : String(cause)})`);
  }
  const found = Settings.safeParse(value);
  if (!found.success) throw unfit(path, z.prettifyError(found.error));
  return found.data;
}

function unfit(path: string, why: string, exit: number = EXIT.usage): UserError {
  return new UserError("settings.unfit", `The settings in ${path} cannot be used: ${why}`, exit);
}
