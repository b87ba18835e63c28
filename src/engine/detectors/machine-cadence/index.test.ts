/** A timer under a person's name is told from people, from what logs batch, and from tokens that renew themselves. */

import { prng } from "#base/prng.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "#base/time.ts";
import type { AuditEvent } from "#contract/event.ts";
import { app, at, event, repeat, testDetector } from "#engine/testing.ts";
import { machineCadence } from "./index.ts";

const read = (day: number, hour = 9, known: Partial<AuditEvent> = {}) =>
  event("google", "view", { at: at(day, hour), class: "read", ...known });

/** On the beat, give or take a share of it. */
function jittered(times: number, everyMs: number, jitter: number, build: () => AuditEvent) {
  const random = prng(7);
  return repeat(times, everyMs, build).map((one) => ({
    ...one,
    at: (one.at ?? 0) + Math.round((random.next() * 2 - 1) * jitter * everyMs),
  }));
}

/** By chance, as people are. */
function atRandom(times: number, day: number, hours: number) {
  const random = prng(day + 1);
  return repeat(times, 0, () => read(day)).map((one, index) => ({
    ...one,
    id: `r-${day}-${index}`,
    at: at(day, 9) + Math.floor(random.next() * hours * HOUR_MS),
  }));
}

testDetector(machineCadence, {
  fires: {
    "every 60 seconds": {
      events: repeat(400, 60 * SECOND_MS, () => read(1)),
      severityMin: "low",
      says: ["every 60 seconds", "400 times"],
    },
    "every hour, for two days": {
      events: [0, 1].flatMap((day) => repeat(24, HOUR_MS, () => read(day, 0))),
      severityMin: "medium",
      says: ["every 60 minutes", "24 hours"],
    },
    "every 60 seconds with 10 % jitter": {
      events: jittered(400, 60 * SECOND_MS, 0.1, () => read(1)),
    },
    "a job of five records, every ten minutes around the clock": {
      events: Array.from({ length: 5 }, (_, index) =>
        repeat(143, 10 * MINUTE_MS, () => ({
          ...read(1, 0, { class: "download" }),
          at: at(1, 0, 0, index * 2),
        })),
      ).flat(),
      severityMin: "medium",
      says: ["every 10 minutes"],
    },
  },
  quiet: {
    "a busy person": { events: [0, 1, 2, 3].flatMap((day) => atRandom(400, day, 8)) },
    "five records that a log batched onto one time stamp, again and again": {
      events: [0, 1, 2].flatMap((day) =>
        atRandom(30, day, 8).flatMap((one) =>
          Array.from({ length: 5 }, (_, index) => ({ ...one, id: `${one.id}-${index}` })),
        ),
      ),
    },
    "150,000 records of one account, which is no beat and overflows nothing": {
      events: repeat(150_000, 500, () => read(1, 0)),
    },
    "a token that renews itself every hour": {
      events: [0, 1, 2].flatMap((day) =>
        repeat(24, HOUR_MS, () => read(day, 0, { class: "sign_in", action: "login" })),
      ),
    },
    "an app that polls keeps time by nature": {
      events: repeat(900, 60 * SECOND_MS, () => read(1, 0, { automation: app("A-poll") })),
    },
    "a few clicks in a steady rhythm": { events: repeat(12, 60 * SECOND_MS, () => read(1)) },
  },
  evasions: {
    "a script that waits for a random time": {
      events: atRandom(400, 1, 14),
      isCaught: false,
    },
    "a script that skips a beat now and then": {
      events: repeat(400, 60 * SECOND_MS, () => read(1)).filter((_, index) => index % 9 !== 4),
      isCaught: true,
    },
  },
});
