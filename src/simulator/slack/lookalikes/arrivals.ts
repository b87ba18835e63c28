/** Benign: new automations that read much from their first day on, because somebody decided that they should. */

import type { App } from "#simulator/slack/apps.ts";
import { createMember, type Traits } from "#simulator/slack/member.ts";
import { installed, integrationLog, personActor } from "#simulator/slack/records.ts";
import {
  about,
  anAdmin,
  atWork,
  audit,
  homeOf,
  hours,
  newApp,
  placesFor,
  scriptOf,
  stretch,
  traitsFor,
} from "#simulator/slack/scene.ts";
import { stateOfApp } from "#simulator/slack/state.ts";
import type { Play, Scenario, Setting } from "#simulator/stage.ts";

/** IT approves and installs it on some day; from then on it works every day as its trade does. */
function arrives(
  setting: Setting,
  app: App,
  trade: string,
  change: (traits: Traits) => Partial<Traits> = () => ({}),
): Play | null {
  const admin = anAdmin(setting);
  const [day] = stretch(setting, 6);
  if (day === undefined) return null;
  const at = atWork(day, admin.office, setting.rng);
  const traits = traitsFor(setting, app, admin, trade, { arrival: { at, by: admin } });
  const member = createMember(`slack scene app ${setting.id}`, { ...traits, ...change(traits) });
  const script = scriptOf(setting);
  // IT makes a channel for its reports; this marks the beginning.
  script.once(
    at + hours(1),
    audit(traits.places, {
      action: "user_channel_join",
      by: app.actor,
      entity: setting.rng.pick(traits.places.channels),
      from: homeOf(traits),
      via: app,
    }),
  );
  return script.play({
    newcomers: [app],
    settler: member,
    state: stateOfApp(app, setting.company, at, true),
  });
}

export const backupStarts: Scenario = {
  id: "backup-starts",
  title: "IT switches on a nightly backup that downloads files by the hundred",
  platform: "slack",
  attackType: null,
  techniques: ["T28"],
  stage(setting) {
    const app = newApp(setting, {
      name: `${setting.rng.pick(["Vault", "Strong", "Cold", "Safe"])} ${setting.rng.pick(["Backup", "Archive", "Keeper"])} ${setting.rng.int(2, 99)}`,
      scopes: ["files:read", "channels:history", "channels:read", "groups:history", "users:read"],
      owner: anAdmin(setting),
    });
    return arrives(setting, app, "backup", ({ rhythm }) => ({
      rhythm: {
        ...rhythm,
        kind: "nightly",
        hour: 1 + 3 * setting.rng.next(),
        level: about(setting, 260),
        restShare: 1,
      },
    }));
  },
};

export const dlpRollout: Scenario = {
  id: "dlp-rollout",
  title: "A scanner against data leaks is rolled out and reads files around the clock",
  platform: "slack",
  attackType: null,
  techniques: ["T28", "T48"],
  stage(setting) {
    const app = newApp(setting, {
      name: `${setting.rng.pick(["Leak", "Data", "Content"])} ${setting.rng.pick(["Sentinel", "Shield", "Warden"])} ${setting.rng.int(2, 99)}`,
      scopes: [
        "files:read",
        "files:write",
        "channels:history",
        "groups:history",
        "im:history",
        "users:read",
      ],
      owner: anAdmin(setting),
    });
    return arrives(setting, app, "dlp", ({ rhythm }) => ({
      rhythm: { ...rhythm, kind: "always", level: about(setting, 180), growth: 1 },
    }));
  },
};

/** Approved by IT on Monday; by Friday half of the company has it, each by an installation of her own. */
export const notetakerSpreads: Scenario = {
  id: "notetaker-spreads",
  title: "A new notetaker approved by IT is adopted by many people within days",
  platform: "slack",
  attackType: null,
  techniques: ["T64", "T04"],
  stage(setting) {
    const { rng, company } = setting;
    const places = placesFor(setting);
    const admin = anAdmin(setting);
    const days = stretch(setting, 5);
    const [day] = days;
    if (day === undefined) return null;
    const app = newApp(setting, {
      name: `${rng.pick(["Minute", "Recap", "Jot", "Scribble"])}${rng.pick(["Mate", "ly", "Pal"])} AI Notetaker`,
      scopes: ["chat:write", "files:write", "calls:read", "users:read.email"],
      owner: admin,
    });
    const at = atWork(day, admin.office, rng);
    const users = company.people
      .filter(({ leftAt }) => leftAt === null && rng.chance(0.15))
      .slice(0, 60);
    const traits = traitsFor(setting, app, admin, "notetaker", { arrival: { at, by: admin } });
    const member = createMember(`slack scene app ${setting.id}`, {
      ...traits,
      rhythm: { ...traits.rhythm, level: 4 + users.length / 2, growth: 1.03 },
    });
    const script = scriptOf(setting);
    for (const person of users) {
      const moment = atWork(rng.pick(days), person.office, rng);
      script.once(Math.max(moment, at + hours(1)), (when, draws, emit) => {
        emit(installed(places, draws, when, person, app));
        emit(integrationLog(when, person, app, "added"));
      });
    }
    return script.play({
      newcomers: [app],
      settler: member,
      state: stateOfApp(app, company, at, true),
    });
  },
};

/** An AI assistant is approved, with its server on the list of allowed ones, and people try what it can do. */
export const assistantIntroduced: Scenario = {
  id: "assistant-introduced",
  title: "An AI assistant is approved by IT with its MCP server, and a team tries it out at length",
  platform: "slack",
  attackType: null,
  techniques: ["T54", "T63", "T53"],
  stage(setting) {
    const { rng, company } = setting;
    const places = placesFor(setting);
    const admin = anAdmin(setting);
    const [day] = stretch(setting, 6);
    if (day === undefined) return null;
    const app = newApp(setting, {
      name: `${rng.pick(["Alder", "Birch", "Cypress", "Rowan"])} ${rng.pick(["Assistant", "AI", "Copilot"])}`,
      scopes: ["search:read", "channels:history", "users:read"],
      owner: admin,
    });
    const at = atWork(day, admin.office, rng);
    const team = rng.pick(["sales", "support", "marketing", "engineering"] as const);
    const [first = admin, ...others] = company.people
      .filter((person) => person.team === team)
      .slice(0, 12);
    const traits = traitsFor(setting, app, admin, "ai-assistant", { arrival: { at, by: admin } });
    const member = createMember(`slack scene app ${setting.id}`, {
      ...traits,
      users: [first, ...others],
      rhythm: { ...traits.rhythm, level: 6 * (1 + others.length) },
    });
    const script = scriptOf(setting);
    const mine = {
      by: personActor(admin, places),
      from: { ip: admin.ip, userAgent: admin.userAgent, session: 4_100_000_000 + admin.index * 64 },
      entity: app.entity,
      details: {
        mcp_server_id: app.id,
        mcp_server_name: app.name,
        mcp_server_url: `https://mcp.${app.name.toLowerCase().replace(" ", "-")}.example/mcp`,
        auth_type: "oauth2",
      },
    };
    script.once(at + hours(0.2), audit(places, { ...mine, action: "app_mcp_server_added" }));
    return script.play({
      newcomers: [app],
      settler: member,
      state: stateOfApp(app, company, at, true),
    });
  },
};
