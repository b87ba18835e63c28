/** Baselines stay put when a few days are extreme, leave out what is judged, and do not depend on order. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DAY_MS, UNDATED } from "#base/time.ts";
import { auditEvent, machine } from "#contract/event.ts";
import { plain } from "#engine/arbitrary.ts";
import { countEvent, newProfile, type Profile } from "#engine/profile/profile.ts";
import {
  hourOfWeek,
  learnBaseline,
  learnBaselines,
  normalOf,
  ownNormal,
  peerNormal,
  robustZ,
} from "./baseline.ts";

/** A day with so many downloads at one hour. */
function dayWith(day: number, downloads: number, hour = 9): Profile {
  const profile = newProfile(day);
  for (let index = 0; index < downloads; index++) {
    countEvent(
      profile,
      auditEvent("slack", "slack:audit", "download", {
        id: `${day}-${index}`,
        at: day === UNDATED ? null : day * DAY_MS + hour * 3_600_000,
        actor: machine("B1", null),
        class: "download",
        outcome: "success",
      }),
    );
  }
  return profile;
}

const anyDays = fc.uniqueArray(
  fc.record({ day: fc.integer({ min: 20_000, max: 20_030 }), downloads: fc.nat({ max: 20 }) }),
  { selector: ({ day }) => day, maxLength: 20 },
);

describe("own normal", () => {
  it("does not depend on the order of the days", () => {
    fc.assert(
      fc.property(
        anyDays.chain((days) =>
          fc.tuple(fc.constant(days), fc.shuffledSubarray(days, { minLength: days.length })),
        ),
        ([days, other]) => {
          const learn = (some: typeof days) =>
            plain(learnBaseline(some.map(({ day, downloads }) => dayWith(day, downloads))));
          expect(learn(other)).toEqual(learn(days));
        },
      ),
    );
  });

  it("leaves out the day that is judged", () => {
    const baseline = learnBaseline([dayWith(1, 5), dayWith(2, 5), dayWith(3, 900)]);
    expect(ownNormal(baseline, "download", 3)).toMatchObject({ days: 2, median: 5, max: 5 });
  });

  it("leaves out undated records and counts the idle days of the span", () => {
    const baseline = learnBaseline([dayWith(UNDATED, 50), dayWith(10, 1), dayWith(14, 1)]);
    expect(baseline.days.map(({ day }) => day)).toEqual([10, 14]);
    expect(baseline.spanDays).toBe(5);
    expect(learnBaseline([]).spanDays).toBe(0);
  });

  it("is nothing, and says so, without other days", () => {
    const normal = ownNormal(learnBaseline([dayWith(1, 5)]), "download", 1);
    expect(normal.days).toBe(0);
    expect(normal.median).toBeNaN();
    expect(robustZ(normal, 100)).toBeNaN();
  });

  it("one day in ten, however wild, moves the median by no more than its neighbours", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (wild) => {
        expect(normalOf([5, 5, 5, 6, 6, 6, 7, 7, 7, wild]).median).toBeLessThanOrEqual(6.5);
      }),
    );
  });

  it("a steady history does not make one action more an infinity, and more is never less unusual", () => {
    const steady = normalOf([10, 10, 10, 10]);
    expect(robustZ(steady, 11)).toBeLessThan(1);
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 1_000 }), { minLength: 1 }),
        fc.nat({ max: 1_000 }),
        fc.nat({ max: 1_000 }),
        (values, value, more) => {
          const normal = normalOf(values);
          expect(robustZ(normal, value + more)).toBeGreaterThanOrEqual(robustZ(normal, value));
        },
      ),
    );
  });
});

describe("hours of the week", () => {
  it("begin on Monday at midnight UTC", () => {
    const monday = Date.UTC(2026, 5, 1) / DAY_MS;
    expect(hourOfWeek(monday, 0)).toBe(0);
    expect(hourOfWeek(monday + 6, 23)).toBe(167);
    expect(learnBaseline([dayWith(monday, 3, 9)]).hoursOfWeek[9]).toBe(3);
  });
});

describe("peers", () => {
  const members = (amounts: readonly number[]) =>
    amounts.map((amount, index) => ({
      key: `k${String(index).padStart(3, "0")}`,
      group: "g",
      profiles: [dayWith(1, amount), dayWith(2, amount)],
    }));

  it("leave the judged one out, so that the wildest does not vouch for itself", () => {
    const baselines = learnBaselines(members([3, 4, 900]));
    const of = (key: string) => peerNormal(baselines.get(key) ?? learnBaseline([]), "download");
    expect(of("k002")).toMatchObject({ days: 2, median: 3.5, max: 4 });
    expect(of("k000")).toMatchObject({ days: 2, max: 900 });
  });

  it("are none below three of a kind, and of what nobody does", () => {
    const [alone] = learnBaselines(members([3, 4])).values();
    expect(alone?.peers.size).toBe(0);
    const [three] = learnBaselines(members([3, 4, 5])).values();
    expect(three?.peers.has("export")).toBe(false);
  });

  it("are the same in whatever order the members come", () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.nat({ max: 6 }), { maxLength: 8 })
          .map(members)
          .chain((all) =>
            fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
          ),
        ([all, other]) => {
          expect(plain(learnBaselines(other))).toEqual(plain(learnBaselines(all)));
        },
      ),
      { numRuns: 40 },
    );
  });

  it("are as many as can be compared in linear time", () => {
    const many = members(Array.from({ length: 260 }, (_, index) => index % 5));
    const baselines = learnBaselines(many);
    expect(baselines.get("k000")?.peers.get("download")?.days).toBe(199);
    expect(baselines.get("k259")?.peers.get("download")?.days).toBe(200);
  });
});
