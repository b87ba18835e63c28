/** Attacks that take as much as the limits allow: evenly spaced, just under the threshold, by many clients in turn. */

import { activity } from "#simulator/slack/records.ts";
import {
  about,
  atWork,
  dial,
  does,
  everywhere,
  haul,
  intruder,
  minutes,
  scriptOf,
  spreadDays,
  takeSlack,
  work,
} from "#simulator/slack/scene.ts";
import type { Scenario } from "#simulator/stage.ts";

/** A program that knows Slack's limit of a call a second or so and keeps to it for hours, to the millisecond. */
export const evenScraper: Scenario = {
  id: "even-scraper",
  title: "A hijacked reader scrapes channels at an even pace, just under the limit, for hours",
  platform: "slack",
  attackType: "rate_limit_evasion",
  techniques: ["T71", "T49"],
  stage(setting) {
    const { rng } = setting;
    const victim = takeSlack(
      setting,
      (traits) =>
        does(traits, "preview", "download") &&
        traits.rhythm.kind !== "poll" &&
        traits.rhythm.level < 60,
    );
    if (victim === null) return null;
    const { traits } = victim;
    const script = scriptOf(setting);
    const from = intruder(setting, traits);
    const loot = everywhere(traits);
    const stepMs = dial(setting, 1_300, 45_000);
    // A careful one shakes its clock a little.
    const jitter = dial(setting, 0.004, 0.12);
    for (const day of spreadDays(setting, 5)) {
      const start =
        haul(setting, traits.rhythm.office, day, 1)[0] ?? atWork(day, traits.rhythm.office, rng);
      const count = about(setting, dial(setting, 900, 140));
      script.wave(
        Array.from({ length: count }, (_, n) =>
          Math.floor(start + stepMs * (n + jitter * (rng.next() - 0.5))),
        ),
        work(loot, "preview", from),
      );
    }
    return script.play({ automations: [victim] });
  },
};

/** It runs into the limit, waits as long as it is told, and goes on at once: no error ever makes it slow down. */
export const limitHugging: Scenario = {
  id: "limit-hugging",
  title: "A workflow app calls on and on at the limit: every few calls one is refused",
  platform: "slack",
  attackType: "rate_limit_evasion",
  techniques: ["T71"],
  stage(setting) {
    const victim = takeSlack(
      setting,
      ({ trade, failing }) => trade.kind === "workflow" && failing < 0.05,
    );
    if (victim === null) return null;
    const { places, app, owner, users, rhythm } = victim.traits;
    const script = scriptOf(setting);
    const actor = owner.slackId;
    const refusedEvery = Math.round(dial(setting, 4, 14));
    for (const day of spreadDays(setting, 6)) {
      const [start = day.start] = haul(setting, owner.office, day, 1);
      const count = about(
        setting,
        Math.max(dial(setting, 700, 60), rhythm.level * dial(setting, 40, 3)),
      );
      const stepMs = dial(setting, 1_200, 20_000);
      script.wave(
        Array.from({ length: count }, (_, n) => Math.floor(start + n * stepMs)),
        (at, rng, emit) => {
          const isRefused = rng.int(1, refusedEvery) === 1;
          const payload = isRefused
            ? { function_name: "list_channels", error: "rate_limited", http_status_code: "429" }
            : { function_name: "list_channels", http_status_code: "200" };
          emit(
            activity(places, rng, {
              at,
              app,
              event: "function_execution_result",
              actor: rng.chance(0.9) ? actor : rng.pick(users).slackId,
              payload,
              level: isRefused ? "error" : "info",
            }),
          );
        },
      );
    }
    return script.play({ automations: [victim] });
  },
};

/** Limits count by client, so the work is dealt out to several in turn; together they are one reader. */
export const clientsInTurn: Scenario = {
  id: "clients-in-turn",
  title: "One token is used by a row of machines in turn, each below every threshold",
  platform: "slack",
  attackType: "rate_limit_evasion",
  techniques: ["T71", "T23"],
  stage(setting) {
    const victim = takeSlack(
      setting,
      (traits) => traits.app.scopes.includes("files:read") && traits.rhythm.level < 40,
    );
    if (victim === null) return null;
    const { traits } = victim;
    const script = scriptOf(setting);
    const loot = everywhere(traits);
    const machines = Math.round(dial(setting, 16, 4));
    const turns = Array.from({ length: machines }, (_, n) =>
      intruder({ ...setting, id: `${setting.id} machine ${n}` }, traits),
    );
    for (const day of spreadDays(setting, 6)) {
      const [start = day.start] = haul(setting, traits.rhythm.office, day, 1);
      const each = about(setting, dial(setting, 30, 6));
      for (const [n, from] of turns.entries()) {
        // Machines hand over to each other without a gap.
        const spanMs = minutes(dial(setting, 3, 25));
        script.wave(
          Array.from({ length: each }, (_, k) =>
            Math.floor(start + n * spanMs + (k * spanMs) / each),
          ),
          work(loot, "download", from),
        );
      }
    }
    return script.play({ automations: [victim] });
  },
};
