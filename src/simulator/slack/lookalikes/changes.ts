/** Benign: what an app is, where it runs or where a person is changes, and everything else stays as it was. */

import { machines } from "#simulator/slack/apps.ts";
import { toolCall } from "#simulator/slack/member.ts";
import { approved, integrationLog, personActor, scopesExpanded } from "#simulator/slack/records.ts";
import { evenly, inOfficeHours } from "#simulator/slack/rhythm.ts";
import {
  about,
  anAdmin,
  atWork,
  audit,
  homeOf,
  hours,
  minutes,
  placesFor,
  scriptOf,
  stretch,
  takeSlack,
  work,
  workAtHome,
} from "#simulator/slack/scene.ts";
import type { Scenario } from "#simulator/stage.ts";

export const approvedUpgrade: Scenario = {
  id: "approved-upgrade",
  title: "A new version of an app asks for more, IT approves it first, and it goes on as before",
  platform: "slack",
  attackType: null,
  techniques: ["T15"],
  stage(setting) {
    const { rng } = setting;
    const victim = takeSlack(
      setting,
      ({ trade, app, growth }) =>
        trade.kind === "bot" && !app.isInternal && app.isVerified && growth === null,
    );
    const [day] = stretch(setting, 3);
    if (victim === null || day === undefined) return null;
    const { app, places, userAgent } = victim.traits;
    const admin = anAdmin(setting);
    const script = scriptOf(setting);
    const added = [
      "files:read",
      "files:write",
      "reactions:write",
      "channels:join",
      "users:read",
    ].filter((scope) => !app.scopes.includes(scope));
    const at = atWork(day, admin.office, rng);
    script.once(at - hours(2), (when, draws, emit) =>
      emit(approved(places, draws, when, admin, app)),
    );
    script.once(at, (when, draws, emit) => {
      emit(scopesExpanded(places, draws, when, admin, app, added.slice(0, rng.int(1, 2))));
      emit(integrationLog(when, admin, app, "updated", { reason: "user" }));
    });
    script.once(
      at + hours(3),
      work(victim.traits, "upload", { ...homeOf(victim.traits), userAgent }),
    );
    return script.play({ automations: [victim] });
  },
};

/** The vendor moves house: the same work, at the same hours, from addresses that nobody has seen before. */
export const providerMoves: Scenario = {
  id: "provider-moves",
  title:
    "A vendor moves to another cloud, and its app comes from new addresses and with a new client",
  platform: "slack",
  attackType: null,
  techniques: ["T24", "T25"],
  stage(setting) {
    const { rng } = setting;
    const victim = takeSlack(
      setting,
      ({ trade, rhythm, move }) =>
        trade.kind === "bot" && move === null && rhythm.level > 2 && rhythm.level < 40,
    );
    if (victim === null) return null;
    const { traits } = victim;
    const script = scriptOf(setting);
    const addresses = machines(`moved ${setting.id}`, 3);
    const from = { ...homeOf(traits), userAgent: traits.userAgent.replace(/\d+/, "9") };
    for (const day of stretch(setting, 8)) {
      // Both clouds share the work until the old one is switched off.
      const moments = inOfficeHours(
        traits.rhythm.office,
        day.start,
        about(setting, traits.rhythm.level),
        rng,
      );
      for (const at of moments) {
        const step = rng.pick(traits.trade.steps).does;
        script.once(at, work(traits, step, { ...from, ip: rng.pick(addresses) }));
      }
    }
    return script.play({ automations: [victim] });
  },
};

/** She works as ever, by the clock of another continent, and so does the assistant that works for her. */
export const traveller: Scenario = {
  id: "traveller",
  title: "A person works for a week from another time zone, with her assistant",
  platform: "slack",
  attackType: null,
  techniques: ["T72", "T24"],
  stage(setting) {
    const { rng, company } = setting;
    const places = placesFor(setting);
    const person = setting.takePerson();
    const away = company.offices.find(({ zone }) => zone !== person.office.zone) ?? person.office;
    const helper = takeSlack(setting, ({ trade }) => trade.kind === "ai");
    const script = scriptOf(setting);
    const from = {
      ip: `${away.network}.${rng.int(210, 250)}`,
      userAgent: person.userAgent,
      session: 4_100_000_000 + person.index * 64 + 40,
    };
    const by = personActor(person, places);
    for (const day of stretch(setting, 5)) {
      const moments = inOfficeHours(away, day.start, about(setting, 12), rng).sort((a, b) => a - b);
      const [first] = moments;
      if (first === undefined) continue;
      script.once(
        first - minutes(2),
        audit(places, { action: "user_login", by, entity: by, from }),
      );
      for (const at of moments) {
        const action = rng.pick(["file_downloaded", "file_uploaded", "file_shared"]);
        script.once(at, audit(places, { action, by, entity: rng.pick(places.files), from }));
      }
      if (helper === null) continue;
      script.wave(inOfficeHours(away, day.start, about(setting, 4), rng), (at, draws, emit) =>
        toolCall(
          helper.traits,
          draws.chance(0.5) ? "search" : "read",
          at,
          homeOf(helper.traits),
          person,
          draws,
          emit,
        ),
      );
    }
    return script.play({ people: [person], automations: helper === null ? [] : [helper] });
  },
};

/** Legal needs one person's conversations for a case. The administrator who always does it exports and hands them over. */
export const exportForLegal: Scenario = {
  id: "export-for-legal",
  title: "IT exports one person's conversations for a legal case, at the desk, in office hours",
  platform: "slack",
  attackType: null,
  techniques: ["T37"],
  stage(setting) {
    const { rng, company } = setting;
    const places = placesFor(setting);
    const admin = setting.takePerson(({ isAdmin }) => isAdmin);
    const [day] = stretch(setting, 1);
    if (day === undefined) return null;
    const script = scriptOf(setting);
    const at = atWork(day, admin.office, rng);
    const details = { export_type: "manual_user_export", user: rng.pick(company.people).slackId };
    const from = {
      ip: admin.ip,
      userAgent: admin.userAgent,
      session: 4_100_000_000 + admin.index * 64,
    };
    const exported = (action: string) =>
      audit(places, {
        action,
        by: personActor(admin, places),
        entity: places.workspace,
        from,
        details,
      });
    script.once(at, exported("manual_user_export_started"));
    script.once(at + minutes(rng.int(20, 60)), exported("manual_user_export_completed"));
    script.once(at + minutes(rng.int(70, 120)), exported("manual_user_export_downloaded"));
    return script.play({ people: [admin] });
  },
};

/** A project ends: a bot that its team owns is asked for everything once more, by day, from where it always runs. */
export const handover: Scenario = {
  id: "handover",
  title: "A team's bot collects the files of a finished project for the archive, in one afternoon",
  platform: "slack",
  attackType: null,
  techniques: ["T28"],
  stage(setting) {
    const { rng } = setting;
    const victim = takeSlack(
      setting,
      ({ trade, app }) =>
        trade.id === "ticket-bot" && app.isInternal && app.scopes.includes("files:read"),
    );
    const [day] = stretch(setting, 2);
    if (victim === null || day === undefined) return null;
    const { traits } = victim;
    const script = scriptOf(setting);
    const start = atWork(day, traits.owner.office, rng);
    script.wave(evenly(start, hours(2), about(setting, 70), rng), workAtHome(traits, "download"));
    return script.play({ automations: [victim] });
  },
};
