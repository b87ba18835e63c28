/** From what an organization says about itself to what judging asks for: its zone, its calendar, its detectors. */

import { z } from "zod";
import { Settings, WEEKDAYS } from "#contract/settings.ts";
import { type Calendar, usualCalendar } from "#engine/calendar.ts";
import { configured, UnfitSetting } from "#engine/detectors/configure.ts";
import type { Detector } from "#engine/detectors/detector.ts";
import { detectors } from "#engine/detectors/index.ts";
import { UserError } from "#kit/error.ts";

export interface JudgedBy {
  readonly timeZone: string;
  readonly calendar: Calendar;
  readonly detectors: readonly Detector[];
}

/** Throws UnfitSetting, which names the setting and the cure. */
export function judgedBy(settings: Settings): JudgedBy {
  const timeZone = settings.timeZone ?? "UTC";
  return {
    timeZone,
    calendar: calendarOf(settings, timeZone),
    detectors: configured(detectors, settings.detectors),
  };
}

function calendarOf({ calendar = {} }: Settings, timeZone: string): Calendar {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
  } catch {
    throw new UnfitSetting(
      "timeZone",
      `${timeZone} is no zone; write an IANA name such as Europe/Berlin`,
    );
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
    throw new UnfitSetting("calendar", "fromHour must be before toHour, both from 0 to 24");
  }
  return found;
}

/** The settings that are stored with an organization. Throws UserError where this version cannot follow them. */
export function storedSettings({
  name,
  settings,
}: {
  readonly name: string;
  readonly settings: string;
}): JudgedBy {
  try {
    return judgedBy(Settings.parse(JSON.parse(settings)));
  } catch (cause) {
    if (!(cause instanceof UnfitSetting || cause instanceof z.ZodError)) throw cause;
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : cause.message;
    throw new UserError(
      "settings.unfit",
      `The settings of ${name} cannot be used: ${why}. Correct them.`,
    );
  }
}
