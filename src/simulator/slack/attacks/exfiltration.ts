/** Attacks that carry files and conversations out of Slack: in one haul, drop by drop, by export, by public link. */

import { personActor } from "#simulator/slack/records.ts";
import {
  about,
  atWork,
  audit,
  dial,
  does,
  everywhere,
  haul,
  homeOf,
  intruder,
  minutes,
  placesFor,
  scriptOf,
  spreadDays,
  stretch,
  takeSlack,
  thief,
  usualOf,
  work,
} from "#simulator/slack/scene.ts";
import type { Scenario, Setting } from "#simulator/stage.ts";

/** How much is taken on a day: enough to be worth it, and measured against what the victim does anyway. */
function dailyHaul(setting: Setting, usual: number): number {
  return about(setting, Math.max(dial(setting, 420, 22), usual * dial(setting, 30, 1.4)));
}

export const hijackedBotDownloads: Scenario = {
  id: "hijacked-bot-downloads",
  title: "A bot's token is stolen and downloads every file that it can reach",
  platform: "slack",
  attackType: "data_exfiltration",
  techniques: ["T28", "T24"],
  stage(setting) {
    const victim = takeSlack(
      setting,
      (traits) => does(traits, "download") && traits.trade.breadth !== null,
    );
    if (victim === null) return null;
    const { traits } = victim;
    const script = scriptOf(setting);
    const from = intruder(setting, traits);
    const usual = usualOf(traits, "download");
    for (const day of spreadDays(setting)) {
      const moments = haul(setting, traits.rhythm.office, day, dailyHaul(setting, usual));
      script.wave(moments, work(everywhere(traits), "download", from));
    }
    return script.play({ automations: [victim] });
  },
};

/** Nothing of it is large: from the day on which the token leaked, each working day has some files more than before. */
export const slowDrip: Scenario = {
  id: "slow-drip",
  title: "A small app carries files out for weeks, a few a day",
  platform: "slack",
  attackType: "data_exfiltration",
  techniques: ["T70", "T28"],
  stage(setting) {
    const victim = takeSlack(
      setting,
      (traits) =>
        traits.app.scopes.includes("files:read") &&
        traits.trade.breadth !== null &&
        usualOf(traits, "download") < 8,
    );
    if (victim === null) return null;
    const { traits } = victim;
    const script = scriptOf(setting);
    const from = setting.stealth > 0.5 ? homeOf(traits) : intruder(setting, traits);
    const least = usualOf(traits, "download") * dial(setting, 8, 1.2);
    for (const day of stretch(setting, Math.round(setting.days.length / 2), 0.35)) {
      const count = about(setting, Math.max(dial(setting, 70, 7), least));
      const moments = haul(setting, traits.rhythm.office, day, count);
      script.wave(moments, work(everywhere(traits), "download", from));
    }
    return script.play({ automations: [victim] });
  },
};

export const stolenAdminExport: Scenario = {
  id: "stolen-admin-export",
  title: "With an administrator's session all conversations are exported and downloaded",
  platform: "slack",
  attackType: "data_exfiltration",
  techniques: ["T37", "T50"],
  stage(setting) {
    const { rng } = setting;
    const places = placesFor(setting);
    const admin = setting.takePerson(({ isAdmin }) => isAdmin);
    const [day] = stretch(setting, 2);
    if (day === undefined) return null;
    const script = scriptOf(setting);
    const by = personActor(admin, places);
    const mine = { by, from: thief(setting, admin) };
    const [at = day.start] = haul(setting, admin.office, day, 1);
    const kind = rng.pick(["channels_export", "manual_export"]);
    const details = { export_type: kind.replace("_export", "") };
    const exported = (action: string) =>
      audit(places, { ...mine, action, entity: places.workspace, details });
    script.once(at - minutes(6), audit(places, { ...mine, action: "user_login", entity: by }));
    script.once(at, exported(`${kind}_started`));
    script.once(at + minutes(rng.int(20, 140)), exported(`${kind}_completed`));
    const downloads = Array.from(
      { length: Math.round(dial(setting, 4, 1)) },
      (_, n) => 150 + 7 * n,
    );
    script.wave(
      downloads.map((minute) => at + minutes(minute)),
      exported(`${kind}_downloaded`),
    );
    // Slack itself notices the foreign client of a careless thief.
    if (rng.chance(0.8 - setting.stealth)) {
      const noticed = {
        action_timestamp: at * 1_000,
        location: "",
        previous_ip_address: admin.ip,
        previous_ua: admin.userAgent,
        reason: ["asn", "ip_address", "user_agent"],
      };
      script.once(
        at - minutes(5),
        audit(places, { ...mine, action: "anomaly", entity: by, details: noticed }),
      );
    }
    return script.play({ people: [admin] });
  },
};

export const publicLinkSpree: Scenario = {
  id: "public-link-spree",
  title: "A hijacked bot opens files to the whole internet by public links",
  platform: "slack",
  attackType: "data_exfiltration",
  techniques: ["T65"],
  stage(setting) {
    const victim = takeSlack(setting, ({ app }) => app.scopes.includes("files:write"));
    if (victim === null) return null;
    const { traits } = victim;
    const script = scriptOf(setting);
    const from = intruder(setting, traits);
    const least = usualOf(traits, "link") * dial(setting, 15, 2);
    for (const day of spreadDays(setting, 8)) {
      const count = about(setting, Math.max(dial(setting, 120, 5), least));
      const moments = haul(setting, traits.rhythm.office, day, count);
      script.wave(moments, work(everywhere(traits), "link", from));
    }
    return script.play({ automations: [victim] });
  },
};

/** Whoever reads the audit log knows what the defenders see; a token with `auditlogs:read` takes it whole. */
export const auditLogTaken: Scenario = {
  id: "audit-log-taken",
  title: "An app's token searches and exports the audit log itself, over and over",
  platform: "slack",
  attackType: "data_exfiltration",
  techniques: ["T75"],
  stage(setting) {
    const victim = takeSlack(setting, ({ trade, app }) => trade.kind === "bot" && app.isInternal);
    if (victim === null) return null;
    const { places, app, rhythm } = victim.traits;
    const script = scriptOf(setting);
    const from = intruder(setting, victim.traits);
    const touched = (action: string) =>
      audit(places, { action, by: app.actor, entity: places.workspace, from, via: app });
    for (const day of spreadDays(setting, 6)) {
      const [start = atWork(day, rhythm.office, setting.rng)] = haul(
        setting,
        rhythm.office,
        day,
        1,
      );
      const searches = Array.from(
        { length: about(setting, dial(setting, 40, 2)) },
        (_, n) => n + 1,
      );
      script.wave(
        searches.map((n) => start - minutes(3 * n)),
        touched("audit_logs_records_searched"),
      );
      script.once(start, touched("audit_logs_export_csv_started"));
    }
    return script.play({ automations: [victim] });
  },
};
