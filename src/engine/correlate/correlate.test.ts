/** Chains join what belongs together in event time, and leave alone what merely happened on the same day. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { prng } from "#base/prng.ts";
import { HOUR_MS, SECOND_MS } from "#base/time.ts";
import { type AuditEvent, type Change, change } from "#contract/event.ts";
import { type Assessment, assess, type Finding } from "#engine/assess.ts";
import { newObservations, observe } from "#engine/observe.ts";
import { app, at, dana, event, repeat } from "#engine/testing.ts";

const UNVERIFIED = { isVerified: false };
const googleApp = app("C-1.apps.example", { name: "Deck Polisher", ...UNVERIFIED });
const slackApp = app("A-77", { name: "Deck Polisher", ...UNVERIFIED });

function consent(
  platform: "google" | "microsoft" | "slack",
  by: ReturnType<typeof app>,
  when: number,
  scopes: readonly string[],
  who = dana(),
): AuditEvent {
  return event(platform, platform === "slack" ? "app_installed" : "authorize", {
    at: when,
    class: platform === "slack" ? "install" : "consent",
    actor: who,
    subject: by,
    change: change(platform === "slack" ? "installed" : "granted", {
      scopes: [...scopes],
      consent: "user",
      principal: who.id,
    } satisfies Partial<Change>),
  });
}

function downloads(by: ReturnType<typeof app>, when: number, times: number): AuditEvent[] {
  return repeat(times, SECOND_MS, (index) =>
    event("google", "download", {
      at: when,
      class: "download",
      actor: dana(),
      automation: by,
      target: { type: "file", id: `f${when}-${index}`, name: null },
    }),
  );
}

/** Consent on Google, a Slack install by the same person, and the drive taken, within a day. */
const raid = [
  consent("google", googleApp, at(3, 9), [
    "https://www.googleapis.com/auth/drive",
    "https://mail.google.com/",
  ]),
  consent("slack", slackApp, at(3, 11), [
    "channels:history",
    "groups:history",
    "im:history",
    "mpim:history",
    "files:read",
  ]),
  ...downloads(googleApp, at(3, 15), 900),
];

function assessed(events: readonly AuditEvent[]): Assessment {
  const seen = newObservations();
  for (const one of events) {
    const about = one.target?.id ?? one.subject?.nativeId ?? "";
    observe(seen, { ...one, id: `${one.at}-${about}` });
  }
  return assess(seen, { orgId: "o", now: at(20), timeZone: "UTC" });
}

function chainsIn(events: readonly AuditEvent[]): Finding[] {
  return assessed(events).findings.filter(({ detector }) => detector === "attack-chain");
}

describe("chains", () => {
  it("consent, install and raid of one person on two platforms are one finding with its steps in event time", () => {
    const [chain, ...others] = chainsIn(raid);
    expect(others).toEqual([]);
    expect(chain?.techniques).toEqual(["T76"]);
    expect(chain?.severity).toBe("critical");
    expect(new Set(chain?.steps.map(({ platform }) => platform))).toEqual(
      new Set(["google", "slack"]),
    );
    const times = chain?.steps.map((step) => step.at) ?? [];
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(chain?.explanation).toContain("integrations of Deck Polisher");
    expect(chain?.samples.length).toBeGreaterThan(1);
  });

  it("tell the same in any order of the records", () => {
    const whole = chainsIn(raid);
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = prng(seed);
        const other = raid
          .map((one) => ({ one, place: random.next() }))
          .sort((a, b) => a.place - b.place)
          .map(({ one }) => one);
        expect(chainsIn(other)).toEqual(whole);
      }),
      { numRuns: 10 },
    );
  });

  it("count for every automation that takes a step", () => {
    const { automations } = assessed(raid);
    for (const { nativeId, risk } of automations) {
      expect([nativeId, risk.reasons.some(({ code }) => code === "attack-chain")]).toEqual([
        nativeId,
        true,
      ]);
    }
  });

  it("steps days apart are no chain", () => {
    const late = raid.map((one) =>
      one.platform === "slack" ? one : { ...one, at: (one.at ?? 0) + 72 * HOUR_MS },
    );
    expect(chainsIn(late)).toEqual([]);
  });

  it("two strangers on the same day are no chain", () => {
    const lee = dana("lee@example.com");
    const apart = [
      consent(
        "slack",
        slackApp,
        at(3, 11),
        ["channels:history", "groups:history", "im:history"],
        lee,
      ),
      ...downloads(app("C-2.apps.example", UNVERIFIED), at(3, 15), 900),
    ];
    expect(chainsIn(apart)).toEqual([]);
  });

  it("a raid before the consent is not explained by it", () => {
    const backward = [
      ...downloads(googleApp, at(3, 7), 900),
      consent("slack", slackApp, at(3, 20), [
        "channels:history",
        "groups:history",
        "im:history",
        "mpim:history",
      ]),
    ];
    expect(chainsIn(backward)).toEqual([]);
  });
});
