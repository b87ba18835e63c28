/** A profile is a function of the set of events that it counted, however they were split and ordered. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DamagedBytes } from "#base/bytes.ts";
import { prng } from "#base/prng.ts";
import { DAY_MS, dayOf, UNDATED } from "#base/time.ts";
import { type AuditEvent, auditEvent, machine } from "#contract/event.ts";
import { anyEvents, plain } from "#engine/arbitrary.ts";
import { encodeProfile, parseProfile } from "./codec.ts";
import { minutesOf, SLOTS_MAX } from "./pace.ts";
import {
  breadth,
  busiestMinute,
  countEvent,
  countOf,
  mergeProfile,
  newProfile,
  type Profile,
  samplesOf,
} from "./profile.ts";

const DAY = dayOf(Date.UTC(2026, 5, 1));

/** All moved into one day, since a profile is of one day. */
const eventsOfOneDay = anyEvents(80).map((events) =>
  events.map((event) => ({
    ...event,
    at: event.at === null ? DAY * DAY_MS : DAY * DAY_MS + (event.at % DAY_MS),
  })),
);

function profileOf(events: readonly AuditEvent[], day = DAY): Profile {
  const profile = newProfile(day);
  for (const event of events) countEvent(profile, event);
  return profile;
}

function acted(at: number | null, known: Partial<AuditEvent> = {}): AuditEvent {
  return auditEvent("slack", "slack:audit", "acted", {
    id: `e${at}`,
    at,
    actor: machine("B1", null),
    class: "read",
    outcome: "success",
    ...known,
  });
}

describe("profile", () => {
  it("is the same in any order and split, merged in any order", () => {
    fc.assert(
      fc.property(
        eventsOfOneDay.chain((events) =>
          fc.tuple(
            fc.constant(events),
            fc.shuffledSubarray(events, { minLength: events.length }),
            fc.nat({ max: events.length }),
          ),
        ),
        ([events, other, cut]) => {
          const profile = profileOf(events);
          const whole = encodeProfile(profile);
          const samples = plain(profile.samples);
          expect(encodeProfile(profileOf(other))).toEqual(whole);
          const [a, b] = [profileOf(other.slice(0, cut)), profileOf(other.slice(cut))];
          const ab = newProfile(DAY);
          mergeProfile(ab, a);
          mergeProfile(ab, b);
          const ba = newProfile(DAY);
          mergeProfile(ba, b);
          mergeProfile(ba, a);
          for (const merged of [ab, ba]) {
            expect(encodeProfile(merged)).toEqual(whole);
            expect(plain(merged.samples)).toEqual(samples);
          }
        },
      ),
    );
  });

  it("comes back from its bytes as it was, and damaged bytes are refused", () => {
    fc.assert(
      fc.property(eventsOfOneDay, fc.nat(), (events, cut) => {
        const bytes = encodeProfile(profileOf(events));
        expect(encodeProfile(parseProfile(bytes))).toEqual(bytes);
        expect(() => parseProfile(bytes.slice(0, cut % bytes.length))).toThrow(DamagedBytes);
      }),
    );
  });

  it("ten thousand actors for thirty days take tens of megabytes", () => {
    const random = prng(11);
    let bytes = 0;
    const some = 1_000;
    for (let actor = 0; actor < some; actor++) {
      // Most automations are quiet, some are busy: 1 to 2,000 records a day, 12 in the middle.
      const events = Math.round(
        Math.min(2_000, 12 * Math.exp(1.5 * (random.next() + random.next() - 1) * 2)),
      );
      const profile = newProfile(DAY);
      for (let i = 0; i < events; i++) {
        const at = DAY * DAY_MS + random.int(0, DAY_MS - 1);
        const target = { type: "file", id: `f${random.int(0, 400)}`, name: null };
        const client = {
          ip: `192.0.2.${random.int(0, 3)}`,
          asn: "64500",
          country: "DE",
          userAgent: "sync/1.2",
        };
        countEvent(
          profile,
          acted(at, { target, client, session: `s${random.int(0, 2)}`, bytes: 2_000 }),
        );
      }
      bytes += encodeProfile(profile).length;
    }
    expect((bytes / some) * 10_000 * 30).toBeLessThan(100e6);
  });

  it("a late event opens its own day only, and gives the bytes that it would have given in time", () => {
    fc.assert(
      fc.property(eventsOfOneDay, fc.nat(), (events, which) => {
        const late = events[which % Math.max(events.length, 1)];
        if (late === undefined) return;
        const profile = profileOf(events.filter((event) => event !== late));
        countEvent(profile, late);
        expect(encodeProfile(profile)).toEqual(encodeProfile(profileOf(events)));
      }),
    );
  });

  it("counts every record once: as done, failed or throttled, and in one hour and minute", () => {
    fc.assert(
      fc.property(eventsOfOneDay, (events) => {
        const profile = profileOf(events);
        const done = events
          .filter(({ outcome }) => outcome === "success" || outcome === "unknown")
          .reduce((sum, { count }) => sum + count, 0);
        expect(profile.classes.reduce((sum, times) => sum + times, 0)).toBe(done);
        expect(profile.events).toBe(events.length);
        expect(profile.hours.reduce((sum, n) => sum + n, 0)).toBe(events.length);
        expect(minutesOf(profile.pace).reduce((sum, { records }) => sum + records, 0)).toBe(
          events.length,
        );
      }),
    );
  });

  it("grows with the day's clock, not with its events", () => {
    const events = Array.from({ length: 20_000 }, (_, index) =>
      acted(DAY * DAY_MS + ((index * 4_321) % DAY_MS), {
        id: `e${index}`,
        target: { type: "file", id: `f${index}`, name: null },
      }),
    );
    const profile = profileOf(events);
    expect(profile.samples.size).toBeLessThanOrEqual(24);
    expect(profile.pace.slots.length).toBeLessThanOrEqual(SLOTS_MAX + 1);
    // 6.5 % standard error; four of them.
    expect(Math.abs(breadth(profile).targets - 20_000)).toBeLessThan(20_000 * 0.26);
  });

  it("undated records have neither hour nor minute, but count", () => {
    const profile = profileOf([acted(null)], UNDATED);
    expect(countOf(profile, "read")).toBe(1);
    expect(busiestMinute(profile)).toEqual({ count: 0, minute: 0 });
    expect(samplesOf(profile, "read")).toHaveLength(1);
  });

  it("counts more records in a minute than sixteen bits hold, in any split", () => {
    const half = () => {
      const profile = profileOf([]);
      for (let i = 0; i < 40_000; i++) countEvent(profile, acted(DAY * DAY_MS));
      return profile;
    };
    const [one, other] = [half(), half()];
    mergeProfile(one, other);
    expect(busiestMinute(one)).toEqual({ count: 80_000, minute: 0 });
  });

  it("of equally busy minutes the earliest is named", () => {
    const at = DAY * DAY_MS;
    const profile = profileOf([acted(at + 600_000), acted(at + 60_000)]);
    expect(busiestMinute(profile)).toEqual({ count: 1, minute: 1 });
  });

  it("evidence is the earliest of each class and hour", () => {
    const at = DAY * DAY_MS;
    const profile = profileOf([acted(at + 5), acted(at + 1), acted(at + 3_600_000), acted(at + 9)]);
    expect(samplesOf(profile, "read").map(({ eventId }) => eventId)).toEqual([
      `e${at + 1}`,
      `e${at + 3_600_000}`,
    ]);
  });
});
