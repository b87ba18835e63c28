/** Attacks that get an app, or somebody through an app, more power than was ever approved. */

import { guestOf } from "#simulator/slack/guests.ts";
import {
  installed,
  integrationLog,
  originOf,
  personActor,
  scopesExpanded,
} from "#simulator/slack/records.ts";
import {
  about,
  atWork,
  audit,
  dial,
  everywhere,
  HISTORIES,
  haul,
  hours,
  intruder,
  minutes,
  newApp,
  placesFor,
  scriptOf,
  spreadDays,
  stretch,
  takeSlack,
  thief,
  traitsFor,
  workAtHome,
} from "#simulator/slack/scene.ts";
import { stateOfApp, stateOfGuest } from "#simulator/slack/state.ts";
import type { Scenario } from "#simulator/stage.ts";

/** The approval was for two harmless scopes. The vendor's next release asks for more, and somebody clicks Allow. */
export const scopesGrowAfterApproval: Scenario = {
  id: "scopes-grow-after-approval",
  title: "An approved app quietly takes scopes that read everything, and uses them",
  platform: "slack",
  attackType: "privilege_escalation",
  techniques: ["T15", "T28"],
  stage(setting) {
    const victim = takeSlack(
      setting,
      ({ app, trade, growth }) =>
        growth === null &&
        !app.isInternal &&
        trade.kind === "bot" &&
        !app.scopes.includes("files:read"),
    );
    const [day, ...later] = stretch(setting, 3 + Math.round(6 * setting.stealth));
    if (victim === null || day === undefined) return null;
    const { traits } = victim;
    const { app, owner, places } = traits;
    const script = scriptOf(setting);
    const at = atWork(day, owner.office, setting.rng);
    // A careful one takes what it needs and no more; a careless one takes it all.
    const added = [
      "files:read",
      "groups:history",
      "im:history",
      "search:read",
      "users:read.email",
      "admin.users:read",
    ].slice(0, Math.round(dial(setting, 6, 2)));
    const grown = { ...app, scopes: [...app.scopes, ...added] };
    script.once(at, (when, rng, emit) => {
      emit(scopesExpanded(places, rng, when, owner, app, added));
      emit(integrationLog(when, owner, grown, "updated", { reason: "user" }));
    });
    for (const next of later) {
      const moments = haul(setting, owner.office, next, about(setting, dial(setting, 250, 12)));
      script.wave(moments, workAtHome(everywhere(traits), "download"));
    }
    return script.play({ automations: [victim] });
  },
};

export const guestInstallsReader: Scenario = {
  id: "guest-installs-reader",
  title: "A guest installs an app that reads all conversations as the user, and it reads on",
  platform: "slack",
  attackType: "data_exfiltration",
  techniques: ["T48", "T09"],
  stage(setting) {
    const { rng, company } = setting;
    const places = placesFor(setting);
    const guest = guestOf(company, setting.id);
    const host = setting.takePerson();
    const [day, ...later] = stretch(setting, 3 + Math.round(6 * setting.stealth));
    if (day === undefined) return null;
    const script = scriptOf(setting);
    const app = newApp(setting, {
      name: `${rng.pick(["Channel Stats", "Thread Saver", "Message Insights", "Team Recap"])} ${rng.pick(["Pro", "Plus", "Hub", "Go"])}`,
      scopes: [...HISTORIES.slice(0, Math.round(dial(setting, 4, 2))), "files:read", "users:read"],
      owner: guest,
      isVerified: false,
    });
    const traits = traitsFor(setting, app, guest, "analytics");
    const at = atWork(day, guest.office, rng);
    const invitation = { by: personActor(host, places), from: originOf(host) };
    script.once(
      at - hours(5),
      audit(places, { ...invitation, action: "guest_created", entity: personActor(guest, places) }),
    );
    script.once(at, (when, draws, emit) => {
      emit(installed(places, draws, when, guest, app));
      emit(integrationLog(when, guest, app, "added"));
    });
    for (const next of later) {
      const count = about(setting, dial(setting, 180, 10));
      const loot = everywhere(traits);
      script.wave(haul(setting, guest.office, next, count), workAtHome(loot, "download"));
      script.wave(
        haul(setting, guest.office, next, Math.ceil(count / 2)),
        workAtHome(loot, "preview"),
      );
    }
    return script.play({
      newcomers: [app],
      state: [...stateOfApp(app, company, at, false), ...stateOfGuest(guest, company, at)],
    });
  },
};

/** First the fence goes down, then the app comes through; a careful intruder puts the fence up again. */
export const allowlistRelaxed: Scenario = {
  id: "allowlist-relaxed",
  title: "App approval is switched off with a stolen session, and an app with wide scopes comes in",
  platform: "slack",
  attackType: "privilege_escalation",
  techniques: ["T42", "T48"],
  stage(setting) {
    const { rng, company } = setting;
    const places = placesFor(setting);
    const admin = setting.takePerson(({ isAdmin }) => isAdmin);
    const [day, next] = stretch(setting, 2);
    if (day === undefined || next === undefined) return null;
    const script = scriptOf(setting);
    const from = thief(setting, admin);
    const app = newApp(setting, {
      name: rng.pick(["Workspace Toolkit", "Org Manager", "Admin Helper", "Tenant Tools"]),
      scopes: ["files:read", "admin.users:write", ...HISTORIES, "admin.conversations:write"].slice(
        0,
        Math.round(dial(setting, 7, 4)),
      ),
      owner: admin,
      isVerified: false,
    });
    const changed = (action: string, details: Record<string, unknown>) =>
      audit(places, {
        action,
        by: personActor(admin, places),
        entity: places.workspace,
        from,
        details,
      });
    const [at = day.start] = haul(setting, admin.office, day, 1);
    const gap = Math.round(dial(setting, 4, 240));
    const was = { new_value: "false", previous_value: "true" };
    script.once(at, changed("pref.app_whitelist_enabled", was));
    script.once(at + minutes(1), changed("app_allowlist_rule_created", { rule: "allow_all" }));
    script.once(at + minutes(gap), (when, draws, emit) => {
      emit(installed(places, draws, when, admin, app, from));
      emit(integrationLog(when, admin, app, "added"));
    });
    if (rng.chance(setting.stealth)) {
      script.once(at + minutes(gap + 30), changed("app_allowlist_rule_deleted", {}));
    }
    const traits = traitsFor(setting, app, admin, "analytics");
    const reads = haul(setting, admin.office, next, about(setting, dial(setting, 150, 15)));
    script.wave(
      reads.map((moment) => moment + hours(8)),
      workAtHome(everywhere(traits), "download"),
    );
    return script.play({
      newcomers: [app],
      people: [admin],
      state: stateOfApp(app, company, at, false),
    });
  },
};

export const botMakesAdmins: Scenario = {
  id: "bot-makes-admins",
  title:
    "A bot that sorts people into groups invites guests and makes one of them an administrator",
  platform: "slack",
  attackType: "privilege_escalation",
  techniques: ["T67"],
  stage(setting) {
    const { company, rng } = setting;
    const victim = takeSlack(setting, ({ app }) => app.scopes.includes("usergroups:write"));
    if (victim === null) return null;
    const { places, app, rhythm } = victim.traits;
    const script = scriptOf(setting);
    const from = intruder(setting, victim.traits);
    const days = spreadDays(setting, 5);
    const guests = Array.from({ length: about(setting, dial(setting, 12, 1)) }, (_, n) =>
      guestOf(company, `${setting.id} ${n}`),
    );
    for (const [n, guest] of guests.entries()) {
      const day = days[n % days.length];
      if (day === undefined) continue;
      const change = (action: string) =>
        audit(places, {
          action,
          by: app.actor,
          entity: personActor(guest, places),
          from,
          via: app,
        });
      const [at = day.start] = haul(setting, rhythm.office, day, 1);
      script.once(at, change("guest_created"));
      if (n === 0) script.once(at + minutes(rng.int(5, 90)), change("role_change_to_admin"));
    }
    const since = days[0]?.start ?? 0;
    return script.play({
      automations: [victim],
      state: guests.flatMap((guest) => stateOfGuest(guest, company, since)),
    });
  },
};
