/** Attacks that leave a door: apps, webhooks, bridges and workflows through which somebody can come back. */

import { createMember } from "#simulator/slack/member.ts";
import {
  activity,
  entry,
  installed,
  integrationLog,
  originOf,
  personActor,
} from "#simulator/slack/records.ts";
import {
  about,
  anAdmin,
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
  stretch,
  takeSlack,
  thief,
  traitsFor,
  work,
  workAtHome,
} from "#simulator/slack/scene.ts";
import { stateOfApp } from "#simulator/slack/state.ts";
import type { Scenario } from "#simulator/stage.ts";

/** An app of a hack day two years ago, with rights that nobody remembers. */
export const dormantAppRevived: Scenario = {
  id: "dormant-app-revived",
  title: "An app that had been silent for weeks wakes up and reads",
  platform: "slack",
  attackType: "backdoor",
  techniques: ["T18", "T24"],
  stage(setting) {
    const victim = takeSlack(
      setting,
      ({ trade, app, arrival, rhythm }) =>
        trade.id === "dormant" &&
        arrival === null &&
        rhythm.asleepFrom !== null &&
        /files|history/.test(app.scopes.join()),
    );
    if (victim === null) return null;
    const { traits } = victim;
    const script = scriptOf(setting);
    const from = intruder(setting, traits);
    const loot = everywhere(traits);
    for (const day of stretch(setting, 2 + Math.round(8 * setting.stealth ** 2), 0.6)) {
      const count = about(setting, dial(setting, 150, 8));
      const step = traits.app.scopes.includes("files:read") ? "download" : "preview";
      script.wave(haul(setting, traits.rhythm.office, day, count), work(loot, step, from));
      script.wave(
        haul(setting, traits.rhythm.office, day, Math.ceil(count / 6)),
        work(loot, "join", from),
      );
    }
    return script.play({ automations: [victim] });
  },
};

/** An incoming webhook posts what it is sent, and a shared channel carries what is said in it out of the company. */
export const bridgeOutside: Scenario = {
  id: "bridge-outside",
  title:
    "A webhook comes in, a channel is shared with a foreign workspace, and a bot pulls private channels into it",
  platform: "slack",
  attackType: "backdoor",
  techniques: ["T51"],
  stage(setting) {
    const { rng, company } = setting;
    const places = placesFor(setting);
    const person = setting.takePerson();
    const victim = takeSlack(
      setting,
      ({ trade, app }) => trade.kind === "bot" && app.scopes.includes("channels:manage"),
    );
    const [day, ...later] = stretch(setting, 2 + Math.round(4 * setting.stealth));
    if (victim === null || day === undefined) return null;
    const { traits } = victim;
    const script = scriptOf(setting);
    const hook = newApp(setting, {
      name: rng.pick(["Status Relay", "Form Relay", "Build Relay", "Feed Relay"]),
      scopes: ["incoming-webhook"],
      owner: person,
      isVerified: false,
      isInternal: true,
    });
    const channel = rng.pick(places.channels);
    const at = atWork(day, person.office, rng);
    const mine = { by: personActor(person, places), from: thief(setting, person), entity: channel };
    const share = (action: string) =>
      audit(places, {
        ...mine,
        action,
        details: {
          external_organization_name: "Velora",
          external_organization_id: `E0${hook.id.slice(2)}`,
        },
      });
    script.once(at, (when, draws, emit) => {
      emit(installed(places, draws, when, person, hook, mine.from));
      emit(integrationLog(when, person, hook, "added"));
    });
    script.once(at + minutes(12), share("external_shared_channel_invite_sent"));
    script.once(at + minutes(40), share("external_shared_channel_invite_accepted"));
    script.once(at + minutes(41), share("external_shared_channel_connected"));
    const from = intruder(setting, traits);
    for (const next of later.length > 0 ? later : [day]) {
      const moments = haul(
        setting,
        traits.rhythm.office,
        next,
        about(setting, dial(setting, 60, 5)),
      );
      const after = moments.filter((moment) => moment > at + hours(1));
      script.wave(after, work(everywhere(traits), "join", from));
      script.wave(
        after.filter((_, n) => n % 2 === 0).map((moment) => moment + 2_000),
        audit(places, {
          action: "file_shared",
          by: traits.app.actor,
          entity: rng.pick(places.files),
          from,
          via: traits.app,
        }),
      );
    }
    return script.play({
      automations: [victim],
      tools: [hook],
      state: stateOfApp(hook, company, at, true),
    });
  },
};

/** An evil twin of an app that everybody trusts: its name but for one letter, and scopes that the real one never had. */
export const lookalikeName: Scenario = {
  id: "name-but-for-one-letter",
  title: "An app with the name of a well-known product, but for one letter, is let in and reads",
  platform: "slack",
  attackType: "backdoor",
  techniques: ["T08", "T74"],
  stage(setting) {
    const { rng, company } = setting;
    const owner = setting.takePerson();
    const [day] = stretch(setting, 6);
    if (day === undefined) return null;
    const script = scriptOf(setting);
    const app = newApp(setting, {
      name: rng.pick(TWINS),
      scopes: ["files:read", ...HISTORIES.slice(0, Math.round(dial(setting, 3, 1)))],
      owner,
      isVerified: false,
    });
    const at = atWork(day, owner.office, rng);
    const traits = traitsFor(setting, app, owner, "crm-sync");
    // By day it does what it claims to do; what it is for happens beside that.
    const everyday = createMember(`slack scene app ${setting.id}`, {
      ...traits,
      arrival: { at, by: anAdmin(setting) },
    });
    for (const later of stretch(setting, 2 + Math.round(5 * setting.stealth), 0.65)) {
      const moments = haul(setting, owner.office, later, about(setting, dial(setting, 180, 10)));
      script.wave(
        moments.filter((moment) => moment > at),
        workAtHome(everywhere(traits), "download"),
      );
    }
    return script.play({
      newcomers: [app],
      state: stateOfApp(app, company, at, true),
      settler: everyday,
    });
  },
};

/** The second letter of each pair is Cyrillic, or a digit, or two letters that look like one. */
const TWINS = [
  "G\u043eogle Drive",
  "Goog1e Drive",
  "Micros\u043eft Teams",
  "Microsoft Tearns",
  "Dr\u043epbox",
  "Dropb0x",
  "Salesf\u043erce",
  "Sa1esforce",
] as const;

/** A form that anybody may fill in, and a step that sends every answer to an address outside. */
export const workflowLeaks: Scenario = {
  id: "workflow-leaks",
  title:
    "A workflow gets an external trigger and a step that sends its answers to a webhook outside",
  platform: "slack",
  attackType: "backdoor",
  techniques: ["T47"],
  stage(setting) {
    const { rng } = setting;
    const victim = takeSlack(setting, ({ trade }) => trade.kind === "workflow");
    const [day, ...later] = stretch(setting, 3 + Math.round(5 * setting.stealth));
    if (victim === null || day === undefined) return null;
    const { traits } = victim;
    const { places, app, owner, users } = traits;
    const script = scriptOf(setting);
    const at = atWork(day, owner.office, rng);
    const from = setting.stealth > 0.6 ? originOf(owner) : thief(setting, owner);
    const edit = (action: string, details: Record<string, unknown>) =>
      audit(places, {
        action,
        by: personActor(owner, places),
        entity: app.entity,
        from,
        via: app,
        details: { workflow_id: app.workflowId, ...details },
      });
    const isFlagged = rng.chance(0.7 - setting.stealth);
    script.once(at, edit("workflow_modified", { steps: ["collect", "http_request"] }));
    script.once(
      at + minutes(2),
      edit("workflow_trigger_permission_set", {
        permission_type: "everyone",
        trigger_type: "webhook",
      }),
    );
    script.once(at + minutes(3), edit("workflow_published", {}));
    if (isFlagged) {
      script.once(
        at + minutes(9),
        edit("workflow_trigger_suspicious_keyword", { suspicious_keywords: ["password"] }),
      );
    }
    for (const next of later) {
      const count = about(
        setting,
        Math.max(dial(setting, 120, 8), traits.rhythm.level * dial(setting, 10, 1.5)),
      );
      script.wave(haul(setting, owner.office, next, count), (when, draws, emit) => {
        const actor = draws.pick(users).slackId;
        const payload = { function_name: "http_request", url: "https://collect.velora.example/in" };
        emit(
          activity(places, draws, { at: when, app, event: "workflow_execution_started", actor }),
        );
        emit(
          activity(places, draws, {
            at: when + 900,
            app,
            event: "function_execution_result",
            actor,
            payload,
          }),
        );
      });
    }
    return script.play({ automations: [victim] });
  },
};

/** A collaborator is added to an internal app, and a new version is deployed from a stranger's machine. */
export const appTakenOver: Scenario = {
  id: "app-taken-over",
  title: "A stranger becomes collaborator of an internal app, changes its manifest and deploys it",
  platform: "slack",
  attackType: "backdoor",
  techniques: ["T14", "T15", "T25"],
  stage(setting) {
    const { rng } = setting;
    const victim = takeSlack(setting, ({ app, trade }) => app.isInternal && trade.kind === "bot");
    const [day, ...later] = stretch(setting, 3 + Math.round(4 * setting.stealth));
    if (victim === null || day === undefined) return null;
    const stranger = setting.takePerson();
    const { traits } = victim;
    const { places, app, owner } = traits;
    const script = scriptOf(setting);
    const at = haul(setting, owner.office, day, 1)[0] ?? day.start;
    const from = thief(setting, owner);
    const change = (action: string, details: Record<string, unknown> = {}) =>
      audit(places, { action, by: personActor(owner, places), entity: app.entity, from, details });
    script.once(at, change("app_collaborator_added", { collaborator: stranger.slackId }));
    const added = HISTORIES.slice(0, Math.round(dial(setting, 4, 1)));
    script.once(at + minutes(rng.int(4, 50)), (when, draws, emit) => {
      const by = personActor(stranger, places);
      const mine = { by, entity: app.entity, from: originOf(stranger) };
      emit(
        entry(places, draws, {
          ...mine,
          at: when,
          action: "app_manifest_updated",
          details: {
            app_id: app.id,
            previous_scopes: app.scopes,
            new_scopes: [...app.scopes, ...added],
          },
        }),
      );
      emit(entry(places, draws, { ...mine, at: when + 60_000, action: "app_deployed" }));
    });
    const away = intruder(setting, traits);
    for (const next of later) {
      const count = about(setting, dial(setting, 120, 9));
      script.wave(
        haul(setting, owner.office, next, count),
        work(everywhere(traits), "preview", away),
      );
      script.wave(
        haul(setting, owner.office, next, Math.ceil(count / 3)),
        work(everywhere(traits), "download", away),
      );
    }
    return script.play({ automations: [victim] });
  },
};
