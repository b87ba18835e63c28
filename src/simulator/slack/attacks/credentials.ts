/** Attacks with stolen tokens: used elsewhere, used by many at once, used for all customers of a vendor, used to find more. */

import { sessionOf, toolCall } from "#simulator/slack/member.ts";
import { personActor } from "#simulator/slack/records.ts";
import {
  about,
  audit,
  dial,
  does,
  everywhere,
  haul,
  intruder,
  minutes,
  neighbour,
  scriptOf,
  spreadDays,
  takeSlack,
  usualOf,
  work,
} from "#simulator/slack/scene.ts";
import type { Scenario } from "#simulator/stage.ts";

/** The token leaked in a repository. Whoever found it looks round first; the bot goes on as ever at home. */
export const tokenReplayed: Scenario = {
  id: "token-replayed",
  title: "A leaked bot token is used from elsewhere while the bot goes on at home",
  platform: "slack",
  attackType: "credential_theft",
  techniques: ["T24", "T25", "T50"],
  stage(setting) {
    const victim = takeSlack(
      setting,
      (traits) => traits.trade.kind === "bot" && traits.rhythm.level > 1.5 && traits.move === null,
    );
    if (victim === null) return null;
    const { traits } = victim;
    const script = scriptOf(setting);
    // The token is the same, so the session is; the place is not.
    const away = { ...intruder(setting, traits), session: sessionOf(traits.app) };
    const loot = everywhere(traits);
    for (const day of spreadDays(setting, 6)) {
      const count = about(setting, dial(setting, 90, 6));
      script.wave(
        haul(setting, traits.rhythm.office, day, Math.ceil(count * 0.6)),
        work(loot, "preview", away),
      );
      script.wave(
        haul(setting, traits.rhythm.office, day, Math.ceil(count * 0.4)),
        work(loot, traits.app.scopes.includes("files:read") ? "download" : "join", away),
      );
    }
    return script.play({ automations: [victim] });
  },
};

/** A vendor's key store was emptied: its app acts for all who connected it, from machines that are not the vendor's. */
export const vendorCompromised: Scenario = {
  id: "vendor-compromised",
  title: "An AI vendor is breached: its app reads on behalf of every user who connected it",
  platform: "slack",
  attackType: "credential_theft",
  techniques: ["T27", "T24"],
  stage(setting) {
    const victim = takeSlack(
      setting,
      ({ trade, app, users }) => trade.kind === "ai" && !app.isInternal && users.length > 2,
    );
    if (victim === null) return null;
    const { traits } = victim;
    const script = scriptOf(setting);
    const from = intruder(setting, traits);
    const loot = everywhere(traits);
    const usual = traits.rhythm.level / traits.users.length;
    for (const day of spreadDays(setting, 5)) {
      for (const user of traits.users) {
        const count = about(
          setting,
          Math.max(dial(setting, 40, 3), usual * dial(setting, 12, 1.5)),
        );
        const moments = haul(setting, traits.rhythm.office, day, count);
        script.wave(moments, (at, rng, emit) =>
          toolCall(loot, rng.chance(0.3) ? "search" : "read", at, from, user, rng, emit),
        );
      }
    }
    return script.play({ automations: [victim] });
  },
};

/** Chats hold passwords. A stolen session of one user of the search assistant is enough to look for them. */
export const secretsHunt: Scenario = {
  id: "secrets-hunt",
  title:
    "A stolen user token of a search assistant goes through channels and direct messages for secrets",
  platform: "slack",
  attackType: "credential_theft",
  techniques: ["T31", "T52", "T53"],
  stage(setting) {
    const victim = takeSlack(
      setting,
      (traits) => traits.trade.kind === "ai" && does(traits, "search"),
    );
    if (victim === null) return null;
    const { traits } = victim;
    const { places, app, users, rhythm } = traits;
    const [user] = users;
    const script = scriptOf(setting);
    const from = { ...intruder(setting, traits), session: 4_300_000_000 + user.index };
    const search = audit(places, {
      action: "mcp_slack_search_public_and_private_tool_called",
      by: personActor(user, places),
      entity: places.workspace,
      from,
      via: app,
      details: { client_app_id: app.id, client_name: app.name },
    });
    for (const day of spreadDays(setting, 8)) {
      const searches = about(
        setting,
        Math.max(dial(setting, 120, 10), usualOf(traits, "search") * dial(setting, 10, 1.3)),
      );
      const moments = haul(setting, rhythm.office, day, searches);
      script.wave(moments, search);
      // What a search found is opened at once.
      script.wave(
        moments.filter((_, n) => n % 3 === 0).map((at) => at + 4_000),
        (at, rng, emit) => toolCall(everywhere(traits), "read", at, from, user, rng, emit),
      );
    }
    return script.play({ automations: [victim] });
  },
};

/** One token, many hands: it was sold, and each buyer tries it from somewhere else within hours. */
export const tokenSold: Scenario = {
  id: "token-sold",
  title: "A bot token is sold, and several strangers use it from different networks in one week",
  platform: "slack",
  attackType: "credential_theft",
  techniques: ["T23", "T26"],
  stage(setting) {
    const { rng } = setting;
    const victim = takeSlack(
      setting,
      ({ trade, rhythm }) => trade.kind === "bot" && rhythm.level > 0.8,
    );
    if (victim === null) return null;
    const { traits } = victim;
    const script = scriptOf(setting);
    const loot = everywhere(traits);
    const days = spreadDays(setting, 6);
    const buyers = Math.round(dial(setting, 9, 3));
    for (let buyer = 0; buyer < buyers; buyer++) {
      const day = days[buyer % days.length];
      if (day === undefined) continue;
      const own = intruder({ ...setting, id: `${setting.id} buyer ${buyer}` }, traits);
      const ip = rng.chance(0.5) ? neighbour(own.ip, rng) : own.ip;
      const from = { ...own, ip, session: sessionOf(traits.app) };
      const moments = haul(
        setting,
        traits.rhythm.office,
        day,
        about(setting, dial(setting, 30, 5)),
      );
      script.wave(moments, work(loot, rng.pick(["preview", "upload", "join"]), from));
      script.once((moments[0] ?? day.start) + minutes(2), work(loot, "preview", from));
    }
    return script.play({ automations: [victim] });
  },
};
