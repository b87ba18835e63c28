/** New places are told from moves, from clouds that change all the time, and from what is too little known. */

import { describe, expect, it } from "vitest";
import { DAY_MS } from "#base/time.ts";
import { auditEvent, machine } from "#contract/event.ts";
import { countEvent, newProfile, type Profile } from "#engine/profile/profile.ts";
import { besidePlace, isUsualPlace, strangePlace } from "./places.ts";

const FIRST_DAY = 20_000;

/** One day of an automation at these addresses, of a provider that the records leave out. */
function dayAt(day: number, ...ips: readonly string[]): Profile {
  return dayOf(day, ips, null);
}

/** The same where the records name one provider for all. */
function cloudDayAt(day: number, ...ips: readonly string[]): Profile {
  return dayOf(day, ips, "64500");
}

function dayOf(day: number, ips: readonly string[], asn: string | null): Profile {
  const profile = newProfile(FIRST_DAY + day);
  for (const ip of ips) {
    const event = auditEvent("slack", "slack:audit", "read", {
      id: `${day}-${ip}`,
      at: (FIRST_DAY + day) * DAY_MS,
      actor: machine("B1", null),
      client: { ip, asn, country: null, userAgent: null },
      outcome: "success",
    });
    countEvent(profile, event);
  }
  return profile;
}

const HOME = "192.0.2.1";
const AWAY = "203.0.113.1";
const atHome = (days: number) => Array.from({ length: days }, (_, day) => dayAt(day, HOME));
const strange = (profiles: readonly Profile[], day: number) =>
  strangePlace(profiles, FIRST_DAY + day);

describe("places", () => {
  it("a network that it never used is strange, for a week", () => {
    const days = [...atHome(10), dayAt(10, HOME, AWAY), dayAt(12, HOME, AWAY), dayAt(13, HOME)];
    expect(strange(days, 10)).toContain("203.0.113.0/24");
    expect(strange(days, 12)).toContain("203.0.113.0/24");
    expect(strange(days, 13)).toBeNull();
    expect(isUsualPlace(days, FIRST_DAY + 13)).toBe(true);
  });
  it("after a week it is known", () => {
    const days = [...atHome(10), ...[10, 14, 18].map((day) => dayAt(day, HOME, AWAY))];
    expect(strange(days, 18)).toBeNull();
  });
  it("who never comes back home has moved", () => {
    const days = [...atHome(10), ...[10, 11, 12, 13].map((day) => dayAt(day, AWAY))];
    expect(strange(days, 10)).toBeNull();
  });
  it("little is known of the first days", () => {
    const days = [...atHome(3), dayAt(3, AWAY)];
    expect(strange(days, 3)).toBeNull();
    expect(isUsualPlace(days, FIRST_DAY + 3)).toBe(false);
  });
  it("what acts once a week is known after two weeks", () => {
    const days = [dayAt(0, HOME), dayAt(7, HOME), dayAt(14, AWAY)];
    expect(strange(days, 14)).toContain("203.0.113.0/24");
  });
  it("whoever comes from somewhere else every day is at home nowhere", () => {
    const days = Array.from({ length: 12 }, (_, day) =>
      dayAt(day, `198.51.${100}.1`, `198.18.${day}.1`),
    );
    expect(strange(days, 11)).toBeNull();
  });
  it("another network of the same provider is told apart from a strange place, and is not the usual one", () => {
    const days = Array.from({ length: 10 }, (_, day) => cloudDayAt(day, HOME));
    days.push(cloudDayAt(10, HOME, AWAY));
    expect(strange(days, 10)).toBeNull();
    expect(besidePlace(days, FIRST_DAY + 10)).toContain("203.0.113.0/24");
    expect(isUsualPlace(days, FIRST_DAY + 10)).toBe(false);
    expect(isUsualPlace(days, FIRST_DAY + 9)).toBe(true);
  });
  it("a cloud that scales has no network next door", () => {
    const days = Array.from({ length: 12 }, (_, day) =>
      cloudDayAt(day, HOME, `198.18.${Math.floor(day / 2)}.1`),
    );
    days.push(cloudDayAt(12, HOME, AWAY));
    expect(besidePlace(days, FIRST_DAY + 12)).toBeNull();
  });
});
