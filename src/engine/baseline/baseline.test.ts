/** Baselines stay put when a few days are extreme, leave out what is judged, and do not depend on order. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DAY_MS, UNDATED } from "#base/time.ts";
import { auditEvent, machine } from "#contract/event.ts";
import { countEvent, newProfile, type Profile } from "#engine/profile/profile.ts";
import { exportBaseline, hourOfWeek, learnBaseline, ownNormal, pastNormal } from "./baseline.ts";
import { normalOf, robustZ } from "./normal.ts";
import { type Member, NO_PEERS, peersOf } from "./peers.ts";

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
            exportBaseline(
              learnBaseline(some.map(({ day, downloads }) => dayWith(day, downloads))),
              20_040,
            );
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
    expect(baseline.days).toEqual([10, 14]);
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
    expect(learnBaseline([dayWith(monday, 3, 9)]).hoursOfWeek()[9]).toBe(3);
  });
});

describe("past normal", () => {
  const DAY = 20_000;
  const past = (amounts: readonly number[], day = amounts.length) =>
    pastNormal(
      learnBaseline(amounts.map((amount, index) => dayWith(DAY + index, amount))),
      "download",
      DAY + day,
    );

  it("knows nothing of the day itself and of later days", () => {
    expect(past([5, 5, 900, 900], 2)).toMatchObject({ days: 2, max: 5 });
    expect(past([5, 5], 0).days).toBe(0);
  });

  it("an attack of a week does not teach that it is normal", () => {
    const quiet = [8, 9, 7, 8, 9, 8, 7];
    const raid = [400, 420, 410, 430, 400, 415, 405];
    expect(past([...quiet, ...raid])).toMatchObject({ days: 7, max: 9 });
  });

  it("a job that stays becomes normal after two weeks", () => {
    const quiet = [8, 9, 7, 8, 9, 8, 7];
    const grown = new Array<number>(15).fill(400);
    expect(past([...quiet, ...grown.slice(0, 13)]).max).toBe(9);
    expect(past([...quiet, ...grown]).max).toBe(400);
  });

  it("newer days weigh more", () => {
    const slow = Array.from({ length: 90 }, (_, index) => 10 + Math.floor(index / 3));
    expect(past(slow).median).toBeGreaterThan(past(slow, 45).median);
    expect(past(slow).median).toBeGreaterThan(
      ownNormal(learnBaseline(slow.map((n, i) => dayWith(DAY + i, n))), "download", 0).median,
    );
  });

  it("what was learnt by a day is never changed by later days", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 25 }),
        fc.nat(),
        (all, cut) => {
          const day = cut % all.length;
          expect(past(all, day)).toEqual(past(all.slice(0, day + 1), day));
        },
      ),
    );
  });
});

describe("peers", () => {
  const members = (amounts: readonly number[], groups: readonly string[] = ["g"]): Member[] =>
    amounts.map((amount, index) => ({
      key: `k${String(index).padStart(3, "0")}`,
      groups,
      profiles: [dayWith(1, amount), dayWith(2, amount)],
    }));
  const of = (all: readonly Member[], key: string) => peersOf(all).get(key) ?? NO_PEERS;

  it("leave the judged one out, so that the wildest does not vouch for itself", () => {
    const all = members([3, 4, 900]);
    expect(of(all, "k002").normal("download")).toMatchObject({ days: 2, median: 3.5, max: 4 });
    expect(of(all, "k000").normal("download")).toMatchObject({ days: 2, max: 900 });
  });

  it("are none below three of a kind", () => {
    expect(of(members([3, 4]), "k000").group).toBeNull();
    expect(of(members([3, 4, 5]), "k000").group).toBe("g");
  });

  it("say nothing about what none of them does", () => {
    expect(of(members([3, 4, 5]), "k000").normal("export").days).toBe(0);
  });

  it("are those of the same vendor where there are enough, else of the same kind", () => {
    const vendor = members([1, 2], ["acme bots", "bots"]);
    const others = members([50, 60], ["bots"]).map((one) => ({ ...one, key: `o${one.key}` }));
    expect(of([...vendor, ...others], "k000").group).toBe("bots");
    const many = members([1, 2, 3], ["acme bots", "bots"]);
    expect(of([...many, ...others], "k000").normal("download").max).toBe(3);
  });

  it("are the same in whatever order the members come", () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.nat({ max: 6 }), { maxLength: 8 })
          .map((amounts) => members(amounts))
          .chain((all) =>
            fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
          ),
        ([all, other]) => {
          for (const { key } of all) {
            expect(of(other, key).normal("download")).toEqual(of(all, key).normal("download"));
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("are as many as can be compared in linear time", () => {
    const many = members(Array.from({ length: 260 }, (_, index) => index % 5));
    expect(of(many, "k000").normal("download").days).toBe(199);
    expect(of(many, "k259").normal("download").days).toBe(200);
  });
});
