/** The settings file: read, checked, and turned into what a scan needs; every mistake is named with its place and its cure. */

import { readFile } from "node:fs/promises";
import { z } from "zod";
import { Settings, WEEKDAYS } from "#contract/settings.ts";
import { type Calendar, usualCalendar } from "#engine/calendar.ts";
import { configured, UnfitSetting } from "#engine/detectors/configure.ts";
import type { Detector } from "#engine/detectors/detector.ts";
import { detectors } from "#engine/detectors/index.ts";
import { EXIT, UserError } from "#kit/error.ts";

export interface ScanSettings {
  readonly timeZone: string;
  readonly calendar: Calendar;
  readonly detectors: readonly Detector[];
}

/** `timeZone` is what the command line says; it wins over the file. Throws UserError. */
export async function readSettings(
  path: string | undefined,
  timeZone: string | undefined,
): Promise<ScanSettings> {
  const settings = path === undefined ? {} : await parsed(path);
  const zone = timeZone ?? settings.timeZone ?? "UTC";
  return {
    timeZone: zone,
    calendar: calendarOf(settings, zone, path ?? ""),
    detectors: detectorsOf(settings, path ?? ""),
  };
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

function calendarOf({ calendar = {} }: Settings, timeZone: string, path: string): Calendar {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
  } catch {
    throw unfit(path, `timeZone: ${timeZone} is no zone; write an IANA name such as Europe/Berlin`);
  }
  const usual = usualCalendar(timeZone);
  const found = {
    timeZone,
    workdays: calendar.workdays?.map((day) => WEEKDAYS.indexOf(day)) ?? usual.workdays,
    fromHour: calendar.fromHour ?? usual.fromHour,
    toHour: calendar.toHour ?? usual.toHour,
    holidays: calendar.holidays ?? usual.holidays,
  };
  if (found.fromHour >= found.toHour) {
    throw unfit(path, "calendar: fromHour must be before toHour, both from 0 to 24");
  }
  return found;
}

function detectorsOf(settings: Settings, path: string): Detector[] {
  try {
    return configured(detectors, settings.detectors);
  } catch (cause) {
    if (cause instanceof UnfitSetting) throw unfit(path, cause.message);
    throw cause;
  }
}

function unfit(path: string, why: string, exit: number = EXIT.usage): UserError {
  return new UserError("settings.unfit", `The settings in ${path} cannot be used: ${why}`, exit);
}
