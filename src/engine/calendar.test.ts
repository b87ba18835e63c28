/** Office hours are those of the organization's own clocks. */

import { describe, expect, it } from "vitest";
import { HOUR_MS } from "#base/time.ts";
import { newProfile } from "#engine/profile/profile.ts";
import { isOfficeTime, localTime, offHoursShare, usualCalendar } from "./calendar.ts";

const MONDAY = Date.UTC(2026, 5, 1);

describe("office time", () => {
  it.each([
    ["America/Los_Angeles", 17, true],
    ["America/Los_Angeles", 8, false],
    ["Australia/Sydney", 1, true],
    ["Australia/Sydney", 12, false],
    ["Asia/Kolkata", 4, true],
    ["UTC", 3, false],
  ])("in %s at %i:00 UTC on a Monday: %s", (zone, hour, isAtWork) => {
    expect(isOfficeTime(usualCalendar(zone), MONDAY + hour * HOUR_MS)).toBe(isAtWork);
  });

  it("follows daylight saving", () => {
    expect(localTime("Europe/Berlin", Date.UTC(2026, 0, 5, 6)).hour).toBe(7);
    expect(localTime("Europe/Berlin", Date.UTC(2026, 6, 6, 6)).hour).toBe(8);
  });

  it("rests at weekends and on holidays", () => {
    const calendar = { ...usualCalendar("UTC"), holidays: ["2026-06-01"] };
    expect(isOfficeTime(calendar, MONDAY + 10 * HOUR_MS)).toBe(false);
    expect(isOfficeTime(usualCalendar("UTC"), MONDAY - 24 * HOUR_MS + 10 * HOUR_MS)).toBe(false);
  });
});

describe("offHoursShare", () => {
  it("is the share of records outside of office time", () => {
    const profile = newProfile(MONDAY / 86_400_000);
    profile.hours[3] = 1;
    profile.hours[10] = 3;
    expect(offHoursShare(profile, usualCalendar("UTC"))).toBe(0.25);
    expect(offHoursShare(newProfile(-1), usualCalendar("UTC"))).toBeNaN();
  });
});
