/** Benign: automations that do far more than usual for a day or a week, for reasons that the company knows. */

import { local } from "#simulator/company.ts";
import { evenly, isMonthEnd } from "#simulator/slack/rhythm.ts";
import {
  about,
  atWork,
  does,
  everywhere,
  hours,
  minutes,
  scriptOf,
  stretch,
  takeSlack,
  usualOf,
  workAtHome,
} from "#simulator/slack/scene.ts";
import type { Scenario } from "#simulator/stage.ts";

export const migrationWeek: Scenario = {
  id: "migration-week",
  title: "A sync moves a whole department's files for a week",
  platform: "slack",
  attackType: null,
  techniques: ["T28", "T29"],
  stage(setting) {
    const victim = takeSlack(
      setting,
      ({ trade, app }) => trade.id === "crm-sync" || (trade.id === "converter" && app.isInternal),
    );
    if (victim === null) return null;
    const { traits } = victim;
    const script = scriptOf(setting);
    for (const day of stretch(setting, 5)) {
      const start = local(day.start, traits.rhythm.office, 8);
      const count = about(setting, Math.min(500, 60 + traits.rhythm.level * 8));
      script.wave(
        evenly(start, hours(9), count, setting.rng),
        workAtHome(everywhere(traits), "download"),
      );
      script.wave(
        evenly(start + minutes(1), hours(9), count, setting.rng),
        workAtHome(traits, "upload"),
      );
    }
    return script.play({ automations: [victim] });
  },
};

export const ciBurst: Scenario = {
  id: "ci-burst",
  title: "Before a release the build bot runs through the evening",
  platform: "slack",
  attackType: null,
  techniques: ["T72", "T73"],
  stage(setting) {
    const { rng } = setting;
    const victim = takeSlack(setting, ({ trade }) => trade.id === "deploy-bot");
    if (victim === null) return null;
    const { traits } = victim;
    const script = scriptOf(setting);
    for (const day of stretch(setting, 2)) {
      for (let build = about(setting, 9); build > 0; build--) {
        const start = local(day.start, traits.rhythm.office, rng.int(10, 22), rng.int(0, 59));
        script.wave(evenly(start, minutes(2), rng.int(8, 30), rng), workAtHome(traits, "upload"));
      }
    }
    return script.play({ automations: [victim] });
  },
};

export const monthEndFinance: Scenario = {
  id: "month-end-finance",
  title: "At the end of the month the finance script collects every invoice, late into the night",
  platform: "slack",
  attackType: null,
  techniques: ["T28", "T72"],
  stage(setting) {
    const { rng, days } = setting;
    const victim = takeSlack(setting, ({ trade }) => trade.id === "finance-report");
    const ends = days.filter((day) => isMonthEnd(day.start));
    if (victim === null || ends.length === 0) return null;
    const { traits } = victim;
    const script = scriptOf(setting);
    for (const day of ends.slice(-3)) {
      const start = local(day.start, traits.rhythm.office, rng.int(18, 22));
      script.wave(
        evenly(start, hours(3), about(setting, 180), rng),
        workAtHome(everywhere(traits), "download"),
      );
      script.wave(evenly(start, hours(3), about(setting, 40), rng), workAtHome(traits, "upload"));
    }
    return script.play({ automations: [victim] });
  },
};

export const massCleanUp: Scenario = {
  id: "mass-clean-up",
  title: "An administrators' tool deletes old files and closes old channels by the hundred",
  platform: "slack",
  attackType: null,
  techniques: ["T69"],
  stage(setting) {
    const { rng } = setting;
    const victim = takeSlack(setting, ({ trade }) => trade.id === "janitor");
    const [day] = stretch(setting, 2);
    if (victim === null || day === undefined) return null;
    const { traits } = victim;
    const script = scriptOf(setting);
    const start = atWork(day, traits.owner.office, rng);
    script.wave(evenly(start, hours(1.5), about(setting, 240), rng), workAtHome(traits, "delete"));
    script.wave(evenly(start, hours(1.5), about(setting, 90), rng), workAtHome(traits, "close"));
    return script.play({ automations: [victim] });
  },
};

export const launchDay: Scenario = {
  id: "launch-day",
  title: "On the day of a launch the press desk's bot publishes its whole kit by public links",
  platform: "slack",
  attackType: null,
  techniques: ["T65"],
  stage(setting) {
    const { rng } = setting;
    const victim = takeSlack(setting, (traits) => does(traits, "link"));
    const [day] = stretch(setting, 2);
    if (victim === null || day === undefined) return null;
    const { traits } = victim;
    const script = scriptOf(setting);
    const start = atWork(day, traits.owner.office, rng);
    const count = about(setting, 12 + 4 * usualOf(traits, "link"));
    script.wave(evenly(start, hours(2), count, rng), workAtHome(traits, "link"));
    return script.play({ automations: [victim] });
  },
};

/** A pager rings on holidays and weekends, and whoever is on call answers through it. */
export const holidayOnCall: Scenario = {
  id: "holiday-on-call",
  title: "On a day of rest an outage keeps the on-call bot busy all night",
  platform: "slack",
  attackType: null,
  techniques: ["T72"],
  stage(setting) {
    const { rng, days, company } = setting;
    const victim = takeSlack(setting, ({ trade }) => trade.id === "pager");
    const rest = days.filter(
      ({ start, index }) =>
        index > days.length / 2 &&
        (company.holidays.has(start) || [0, 6].includes(new Date(start).getUTCDay())),
    );
    const [day] = rest.length > 0 ? [rng.pick(rest)] : [];
    if (victim === null || day === undefined) return null;
    const { traits } = victim;
    const script = scriptOf(setting);
    const start = local(day.start, traits.rhythm.office, rng.int(0, 5));
    script.wave(evenly(start, hours(6), about(setting, 50), rng), workAtHome(traits, "join"));
    script.wave(evenly(start, hours(6), about(setting, 40), rng), workAtHome(traits, "upload"));
    script.wave(evenly(start, hours(6), about(setting, 6), rng), workAtHome(traits, "room"));
    return script.play({ automations: [victim] });
  },
};
